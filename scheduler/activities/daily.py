"""What every day worked asks: who has it when, sitting by sitting."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from centre.activities import Activity
from centre.activity_checks import is_meant
from centre.instants import weekday_of
from centre.people import Agent
from scheduler.activities.desk import Desk

WAIT_MINUTES = 240
"""Those for whom the first sitting has no room have a later one within so many minutes, or none."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """One day of one team.

    Parameters
    ----------
    team : ``team:TEAM``, or empty for everybody together
    waiting : people of the desk, with the first and last slot at which theirs may begin
    times : slots at which sittings may begin, in order
    """

    team: str
    waiting: tuple[tuple[int, tuple[int, int]], ...]
    times: tuple[int, ...]


def sittings(desk: Desk, activity: Activity, agents: Sequence[Agent]) -> Iterator[Sitting]:
    """Day by day, team by team, everybody who works on the day and whose shift has the time in it.

    Without a time of its own (``at``), an activity has a sitting at any time of its window. Whoever starts after the time has theirs at
    their own start, or is excused, and so is whoever ended before it.
    """
    teams: dict[str, list[int]] = {}
    for agent in agents:
        if is_meant(activity, agent) and agent.agent_id in desk.place:
            team = f"team:{agent.team}" if activity.one_team else ""
            teams.setdefault(team, []).append(desk.place[agent.agent_id])
    duties = desk.rota.duties
    of_day: dict[int, dict[int, tuple[int, int]]] = {}
    for k in range(len(duties)):
        span = desk.at(int(duties.start[k])), desk.at(int(duties.end[k]))
        of_day.setdefault(int(duties.day[k]), {}).setdefault(int(duties.agent[k]), span)
    for day in range(desk.grid.first_day, desk.grid.first_day + desk.grid.days):
        if weekday_of(day) in activity.days:
            for team, people in sorted(teams.items()):
                worked = {p: of_day.get(day, {})[p] for p in people if p in of_day.get(day, {})}
                found = _sitting(desk, activity, team, day, worked)
                if found.waiting:
                    yield found


def _sitting(
    desk: Desk, activity: Activity, team: str, day: int, worked: dict[int, tuple[int, int]]
) -> Sitting:
    length, wait = desk.slots_of(activity.minutes), desk.slots_of(WAIT_MINUTES)
    earliest = activity.earliest if activity.at is None else activity.at
    slots = np.flatnonzero((desk.day == day) & (desk.minute >= earliest))
    if not len(slots):
        return Sitting(team, (), ())
    first = int(slots[0])
    if activity.at is None:
        wait = desk.slots_of(activity.latest - activity.earliest) - length
    waiting, times = dict[int, tuple[int, int]](), {first}
    for p, (start, end) in sorted(worked.items()):
        free = np.flatnonzero(desk.group[p, max(start, 0) : end] >= 0)
        if end < first + length or not len(free):
            continue
        begin = max(first, max(start, 0) + int(free[0]))
        if begin > first and activity.late_start == "excused" and activity.at is not None:
            continue
        waiting[p] = begin, min(begin + wait, end - length)
        times.add(begin)
    last = max((until for _, until in waiting.values()), default=first)
    times |= {at for begin in tuple(times) for at in range(begin, last + 1, length)}
    return Sitting(team, tuple(sorted(waiting.items())), tuple(sorted(times)))
