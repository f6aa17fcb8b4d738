"""What is to be placed off the queue in a horizon: what each person and team owes, and how much of it is for now."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from centre.activities import Activity
from centre.people import Agent
from scheduler.quotas import TEAM, Owed, owed_of, owing
from scheduler.rules.facts import Facts


@dataclass(frozen=True, slots=True)
class Ask:
    """Parts of one length that somebody owes, and what of it is for this horizon.

    Parameters
    ----------
    people : who may take them: the person, or everybody of the team who is meant
    part_minutes : length of a part
    must, early : parts to place, and parts that a later horizon has time for, both whole numbers
    first_day, last_day : days on which they may lie
    away : on leave through all of these days: nothing is placed
    """

    owed: Owed
    people: tuple[str, ...]
    part_minutes: int
    must: int
    early: int
    first_day: int
    last_day: int
    away: bool = False

    @property
    def activity(self) -> Activity:
        """What is owed."""
        return self.owed.activity


def asks_of(
    activities: Sequence[Activity],
    agents: Sequence[Agent],
    facts: Facts,
    worked: Sequence[int],
    first_day: int,
    last_day: int,
) -> list[Ask]:
    """What is to be placed from ``first_day`` to ``last_day``, in the order of `scheduler.quotas.owed_of`.

    Overdue and what falls due inside is all for now. Of a period that goes on after the horizon it is the pace: owed x days worked of
    the horizon in it / those left of it, where as many of the days after the horizon are worked as of those inside. Paces of people
    alike are rounded together (of 91 who owe one part each, 28 take it in 28 of 91 days), of a team that meets together as one.
    Whoever is on leave from the first to the last day of a period owes nothing of it.

    Parameters
    ----------
    worked : days of the horizon on which anybody works, day numbers
    """
    found = list[Ask]()
    carried: dict[tuple[str, str, bool], float] = defaultdict(lambda: 0.5)
    together: dict[tuple[str, str, str], int] = {}
    teams = {agent.agent_id: agent.team for agent in agents}
    members = {
        (activity.name, who): tuple(a.agent_id for a in own)
        for activity in activities
        for who, own in owing(activity, agents).items()
    }
    for owed in owed_of(activities, agents, facts.ledger, first_day, last_day, facts.week_start):
        activity, people = owed.activity, members[owed.activity.name, owed.who]
        if all(facts.is_away(who, owed.first_day, owed.due_day) for who in people):
            continue
        begin, end = max(first_day, owed.first_day), min(last_day, owed.due_day)
        if owed.overdue:
            begin, end = first_day, last_day
        part = activity.part_minutes or activity.minutes
        parts, must = -int(-owed.owed_minutes // part), 0
        if owed.overdue or owed.due_day <= last_day:
            must = parts
        elif parts:
            team = (activity.name, owed.period, teams.get(owed.who, ""))
            if not (activity.one_team and team in together):
                days = sum(begin <= day <= end for day in worked)
                after = (owed.due_day - end) * len(worked) / (last_day - first_day + 1)
                pace = parts * days / (days + after) if days else 0.0
                key = (activity.name, owed.period, owed.overdue)
                carried[key] += pace
                must = min(parts, int(carried[key]))
                carried[key] -= must
                together[team] = must
            must = min(parts, together[team]) if activity.one_team else must
        away = all(facts.is_away(who, begin, end) for who in people)
        found.append(Ask(owed, people, part, must, parts - must, begin, end, away))
    return found


def team_of(ask: Ask, teams: dict[str, str]) -> str:
    """The team that takes an ask together; empty where people of any team may."""
    if ask.owed.who.startswith(TEAM):
        return ask.owed.who
    return TEAM + teams.get(ask.owed.who, "") if ask.activity.one_team else ""
