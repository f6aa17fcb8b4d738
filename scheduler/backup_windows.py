"""When each person of a backup pool may be at work in a call-out: the pool's hours, away from leave and from own shifts with their rest."""

from collections.abc import Collection, Iterable, Sequence

import pandas as pd

from centre.instants import Grid, day_start, from_timestamps
from centre.model import Backup
from centre.people import Agent
from scheduler.rota import Rota
from scheduler.rules.shared.call_outs import hours_of

Spans = list[tuple[int, int]]
"""Starts and ends in UTC minutes, in order, apart from one another."""


def backup_windows(
    pool: Backup,
    people: Iterable[str],
    grid: Grid,
    rota: Rota | None = None,
    before: Rota | None = None,
    leave: pd.DataFrame | None = None,
    agents: Sequence[Agent] = (),
    makeup_days: Collection[int] = (),
) -> dict[str, Spans]:
    """The windows of each of a pool's people over a horizon and the day after it.

    Parameters
    ----------
    people : their ``agent_id``
    grid : the horizon, on whose clock the pool's hours are
    rota, before : what they work otherwise, planned call-outs too: ``rest_minutes`` before and after it they do not come
    leave : columns ``agent_id``, ``start``, ``end``
    agents : those with a first or last day come only while employed
    makeup_days : weekend days that are worked, on which the pool's hours are a Friday's

    Notes
    -----
    ``support`` comes only while at work, so that neither shifts nor rest keep it away: its windows are the pool's hours.

    Examples
    --------
    >>> from datetime import date
    >>> from zoneinfo import ZoneInfo
    >>> from centre.instants import day_number
    >>> from centre.model import Opening
    >>> pool = Backup("agency", ("calls",), hours=(Opening((0,), 540, 1080),))  # Mondays from nine to six
    >>> grid = Grid(ZoneInfo("UTC"), day_number(date(2026, 3, 2)), 7, 30)
    >>> [(start - grid.start, end - grid.start) for start, end in backup_windows(pool, ["x"], grid)["x"]]
    [(540, 1080), (10620, 11160)]
    """
    hours, names = pool_hours(pool, grid, makeup_days), list(people)
    away: dict[str, Spans] = {name: [] for name in names}
    if pool.kind != "support":
        for worked in (rota, before):
            _add_duties(away, worked, pool.rest_minutes)
        _add_leave(away, leave)
        _add_not_employed(away, agents, grid)
    return {name: without(hours, away[name]) for name in names}


def pool_hours(pool: Backup, grid: Grid, makeup_days: Collection[int] = ()) -> Spans:
    """The hours of a pool from the day before a horizon to the day after it, those that touch as one."""
    found = hours_of(pool, grid.zone, grid.first_day, grid.first_day + grid.days, makeup_days)
    return [(max(start, grid.start), end) for start, end in found if end > grid.start]


def without(spans: Spans, blocked: Spans) -> Spans:
    """What is left of spans in order once others, in any order, are taken out.

    Examples
    --------
    >>> without([(0, 100)], [(90, 200), (20, 30), (25, 40)])
    [(0, 20), (40, 90)]
    """
    found, blocked = [], sorted(blocked)
    for start, end in spans:
        at = start
        for first, last in blocked:
            if first >= end:
                break
            if last > at:
                if first > at:
                    found.append((at, first))
                at = last
        if at < end:
            found.append((at, end))
    return found


def _add_duties(away: dict[str, Spans], rota: Rota | None, rest_minutes: int) -> None:
    """Each shift with the rest before and after it."""
    if rota is None:
        return
    duties = rota.duties
    for a, start, end in zip(duties.agent.tolist(), duties.start.tolist(), duties.end.tolist(), strict=True):
        if rota.agent_ids[a] in away:
            away[rota.agent_ids[a]].append((start - rest_minutes, end + rest_minutes))


def _add_leave(away: dict[str, Spans], leave: pd.DataFrame | None) -> None:
    if leave is None or not len(leave):
        return
    mine = leave[leave["agent_id"].isin(list(away))]
    starts, ends = (from_timestamps(pd.to_datetime(mine[name], utc=True)) for name in ("start", "end"))
    for name, start, end in zip(mine["agent_id"], starts.tolist(), ends.tolist(), strict=True):
        away[name].append((start, end))


def _add_not_employed(away: dict[str, Spans], agents: Sequence[Agent], grid: Grid) -> None:
    """The time before the first day and after the last."""
    for agent in agents:
        if agent.agent_id in away:
            if agent.starts_on is not None and agent.starts_on > grid.first_day:
                away[agent.agent_id].append((grid.start, day_start(grid.zone, agent.starts_on)))
            if agent.leaves_on is not None and agent.leaves_on <= grid.first_day + grid.days:
                last = max(agent.leaves_on + 1, grid.first_day)
                away[agent.agent_id].append(
                    (day_start(grid.zone, last), day_start(grid.zone, grid.first_day + grid.days + 9))
                )
