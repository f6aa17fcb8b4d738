"""The days that were: what was worked on them, rolled into the ledger."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from centre.activities import LEAD, OFF_QUEUE
from centre.instants import Grid, day_number, day_of
from centre.model import Activity, Settings
from centre.people import Agent
from scheduler.fairness import (
    ACCOUNTS,
    WISHES_ASKED,
    WISHES_GRANTED,
    Kinds,
    counts_in_ledger,
    kinds_of,
)
from scheduler.ledger import AWAY, ENTRY, Entry, Ledger
from scheduler.quotas import DONE, OWED, owing, periods_touching, quota_minutes
from scheduler.rota import Rota
from scheduler.rules.backup_call_outs import ACCOUNT as CALL_OUTS
from scheduler.rules.backup_call_outs import calls_had
from scheduler.rules.facts import Facts, Person
from scheduler.rules.shared.call_outs import call_outs
from scheduler.rules.shared.day_counts import spans_of
from scheduler.shifts import candidate_shifts

DONE_KINDS = frozenset(OFF_QUEUE) - {LEAD}


def rolled(
    ledger: Ledger,
    rota: Rota,
    facts: Facts,
    settings: Settings,
    agents: Sequence[Agent],
    requests: pd.DataFrame | None = None,
) -> Ledger:
    """The ledger after the horizon of ``facts``, in which ``rota`` was worked; ``ledger`` itself stays as it is.

    Amounts stand at the end of the horizon's last day. Rolled are shifts of fairness and call-outs by month, requests asked and granted by
    month, and time off the queue (``done:``, ``owed:``) by the period of each activity. Sums of hours that rules look at are not: the rota
    before the horizon carries them.

    Parameters
    ----------
    rota : what was worked; rows outside the horizon are left out
    agents : everybody employed by the centre, nobody of a backup pool from outside
    requests : columns ``agent_id, date, kind, shift``
    """
    after = Ledger(dict(ledger.entries))
    rota = rota.narrowed((rota.day >= facts.first_day) & (rota.day < facts.end_day))
    _newcomers(after, facts, settings, agents)
    _shifts(after, rota, facts, settings, agents)
    _call_outs(after, rota, facts)
    _wishes(after, rota, facts, requests)
    _activities(after, rota, facts, settings, agents)
    return after


def fair_shares(
    facts: Facts, settings: Settings, agents: Sequence[Agent]
) -> list[tuple[str, dict[str, float]]]:
    """Account of fairness, and the shares of the people of each group who share with one another; who has none is left out."""
    grid = Grid(facts.zone, facts.first_day, facts.days, settings.centre.interval_minutes)
    shifts = list(candidate_shifts(settings.shift, grid, facts.makeup_days, facts.peak_days))
    kinds = Kinds(
        settings.objective, [agent for agent in agents if _is_employed(agent, facts)], facts, shifts
    )
    return [
        (account, {who: share for who, share in shares.items() if share > 0})
        for term, account in ACCOUNTS.items()
        for shares in kinds.shares(term)
    ]


def _newcomers(ledger: Ledger, facts: Facts, settings: Settings, agents: Sequence[Agent]) -> None:
    """Whoever the ledger does not know enters at the average of those whom it knows."""
    for account, shares in fair_shares(facts, settings, agents):
        had = counts_in_ledger(facts, account)
        known = [who for who in shares if who in had]
        per_share = sum(had[who] for who in known) / sum(shares[who] for who in known) if known else 0.0
        for who in shares.keys() - had.keys() if known else ():
            ledger.add(who, account, ENTRY, shares[who] * per_share, "shifts", facts.first_day - 1)


def _shifts(ledger: Ledger, rota: Rota, facts: Facts, settings: Settings, agents: Sequence[Agent]) -> None:
    """Nights, weekends, holidays and late shifts; somebody on leave for all of the horizon is taken to have had the average."""
    last, counted = facts.end_day - 1, counted_shifts(rota, facts, settings, agents)
    for (who, account, month), count in counted.items():
        ledger.add(who, account, month, count, "shifts", last)
    away = {agent.agent_id for agent in agents if _is_away(agent, facts)}
    for account, shares in fair_shares(facts, settings, agents) if away else ():
        there = [who for who in shares if who not in away]
        worked = sum(n for (who, name, _), n in counted.items() if name == account and who in there)
        per_share = worked / sum(shares[who] for who in there) if there else 0.0
        for who in sorted(away.intersection(shares)) if per_share else ():
            ledger.add(who, account, AWAY, shares[who] * per_share, "shifts", last)


def counted_shifts(
    rota: Rota, facts: Facts, settings: Settings, agents: Sequence[Agent]
) -> dict[tuple[str, str, str], int]:
    """Shifts of each kind that everybody worked, by person, account and month; 0 in the first month for who worked none."""
    employed, people = {agent.agent_id for agent in agents if _is_employed(agent, facts)}, facts.people or {}
    duties, counted = rota.duties, dict[tuple[str, str, str], int]()
    month = f"{day_of(facts.first_day):%Y-%m}"
    for who in sorted(employed):
        counted |= {(who, account, month): 0 for account in ACCOUNTS.values()}
    for zone in {people[who].zone or facts.zone for who in employed}:
        at = [
            (people[name].zone or facts.zone) == zone if name in employed else False
            for name in rota.agent_ids
        ]
        rows = np.flatnonzero(np.array(at, dtype=bool)[duties.agent])
        marks = kinds_of(
            settings.objective, duties.start[rows], duties.end[rows], zone, facts.holidays, facts.makeup_days
        )
        for term, account in ACCOUNTS.items():
            for k in rows[marks[term]].tolist():
                key = rota.agent_ids[duties.agent[k]], account, f"{day_of(int(duties.day[k])):%Y-%m}"
                counted[key] = counted.get(key, 0) + 1
    return counted


def _call_outs(ledger: Ledger, rota: Rota, facts: Facts) -> None:
    """Call-outs by month; of the months that the horizon touches, those worked before it and not yet in the ledger too."""
    calls, own = call_outs(rota), dict[tuple[str, str], int]()
    for agent, day in zip(calls.agent.tolist(), calls.day.tolist(), strict=True):
        key = rota.agent_ids[agent], f"{day_of(day):%Y-%m}"
        own[key] = own.get(key, 0) + 1
    months = {f"{day_of(first):%Y-%m}": (first, last) for first, last in spans_of(facts, "month", 1)}
    for (who, month), count in sorted(own.items()):
        had = calls_had((facts.people or {}).get(who, Person(who)), months[month], facts)
        ledger.entries[who, CALL_OUTS, month] = Entry(had + count, "calls", facts.end_day - 1)


def _wishes(ledger: Ledger, rota: Rota, facts: Facts, requests: pd.DataFrame | None) -> None:
    """Requests of the horizon's days, and those of them that what was worked grants."""
    duties, worked = rota.duties, set[tuple[str, int, str]]()
    for agent, day, shift in zip(
        duties.agent.tolist(), duties.day.tolist(), duties.shift.tolist(), strict=True
    ):
        who = rota.agent_ids[agent]
        worked |= {(who, day, ""), (who, day, rota.shift_names[shift])}
    names = ("agent_id", "date", "kind", "shift")
    for who, at, kind, shift in (
        zip(*(requests[n].tolist() for n in names), strict=True) if requests is not None else ()
    ):
        day = day_number(at)
        if facts.first_day <= day < facts.end_day:
            month, granted = f"{day_of(day):%Y-%m}", ((who, day, shift) in worked) == (kind == "on")
            ledger.add(who, WISHES_ASKED, month, 1, "requests", facts.end_day - 1)
            ledger.add(who, WISHES_GRANTED, month, int(granted), "requests", facts.end_day - 1)


def _activities(
    ledger: Ledger, rota: Rota, facts: Facts, settings: Settings, agents: Sequence[Agent]
) -> None:
    """Time off the queue: what was done makes up the oldest that is owed first; what a period that has ended leaves is owed."""
    done = minutes_done(rota, facts)
    for activity in settings.activity:
        whom = {a.agent_id: who for who, members in owing(activity, agents).items() for a in members}
        for (name, day), minutes in sorted(
            done.get(activity.text, {}).items(), key=lambda pair: pair[0][::-1]
        ):
            _do(ledger, activity, whom.get(name, name), day, minutes, facts)
        _owe(ledger, activity, facts, agents)
    known = {activity.text for activity in settings.activity}
    for text, by_person in done.items():
        for (name, day), minutes in by_person.items() if text not in known else ():
            account = DONE + text.partition(":")[2]
            ledger.add(name, account, f"{day_of(day):%Y-%m}", minutes, "minutes", facts.end_day - 1)


def minutes_done(rota: Rota, facts: Facts) -> dict[str, dict[tuple[str, int], int]]:
    """Minutes of each activity (``KIND:NAME``) by person and day; of leading none."""
    found: dict[str, dict[tuple[str, int], int]] = {}
    for k in np.flatnonzero(rota.is_kind(*DONE_KINDS)).tolist():
        text, key = rota.activities[rota.activity[k]], (rota.agent_ids[rota.agent[k]], int(rota.day[k]))
        own = found.setdefault(text, {})
        own[key] = own.get(key, 0) + int(rota.end[k] - rota.start[k])
    return found


def _do(ledger: Ledger, activity: Activity, who: str, day: int, minutes: float, facts: Facts) -> None:
    last, account = facts.end_day - 1, DONE + activity.name
    for period in _owed_periods(ledger, who, activity):
        made_up = min(minutes, ledger.minutes(who, OWED + activity.name, period))
        ledger.add(who, OWED + activity.name, period, -made_up, "minutes", last)
        ledger.add(who, account, period, made_up, "minutes", last)
        minutes -= made_up
    if minutes > 0:
        ledger.add(who, account, period_of(activity, day, facts.week_start), minutes, "minutes", last)


def _owed_periods(ledger: Ledger, who: str, activity: Activity) -> Iterator[str]:
    """Closed periods of which something is owed, the oldest first."""
    account = OWED + activity.name
    owed = [(key[2], e) for key, e in ledger.entries.items() if key[:2] == (who, account) and e.amount > 0]
    yield from sorted(period for period, _ in owed)


def period_of(activity: Activity, day: int, week_start: int) -> str:
    """Name of the period that a day lies in; what is owed each day is kept by month."""
    return next(periods_touching(activity, day, day, week_start))[0]


def _owe(ledger: Ledger, activity: Activity, facts: Facts, agents: Sequence[Agent]) -> None:
    """What is left of the periods that end in the horizon."""
    if activity.period == "day" or not activity.carries_over:
        return
    spans = periods_touching(activity, facts.first_day, facts.end_day - 1, facts.week_start)
    for period, begin, due in spans:
        if due >= facts.end_day:
            continue
        for who, members in owing(activity, agents).items():
            there = [
                agent
                for agent in members
                if not _is_gone(agent, facts) and not facts.is_away(agent.agent_id, begin, due)
            ]
            if not there:
                continue
            left = quota_minutes(activity, there, begin, due) - ledger.minutes(
                who, DONE + activity.name, period
            )
            if left > 0:
                ledger.add(who, OWED + activity.name, period, left, "minutes", facts.end_day - 1)


def _is_employed(agent: Agent, facts: Facts) -> bool:
    starts, leaves = agent.starts_on, agent.leaves_on
    return (starts is None or starts < facts.end_day) and (leaves is None or leaves >= facts.first_day)


def _is_gone(agent: Agent, facts: Facts) -> bool:
    return agent.leaves_on is not None and agent.leaves_on < facts.end_day


def _is_away(agent: Agent, facts: Facts) -> bool:
    """Whether somebody employed is on leave on every day of the horizon."""
    return _is_employed(agent, facts) and facts.is_away(agent.agent_id, facts.first_day, facts.end_day - 1)
