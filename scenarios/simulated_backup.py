"""Backup pools of a centre as the simulation takes them, and what it tells of their call-outs: a table, a rota, cost."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from centre.backup_file import BackupMember
from centre.calendar_days import makeup_days
from centre.folder import Centre
from centre.instants import Grid, day_start, from_timestamps, to_timestamps
from centre.model import Backup, Settings
from centre.people import Agent
from scheduler.backup_windows import backup_windows
from scheduler.rota import COLUMNS, Rota
from scheduler.rules.backup_call_outs import ACCOUNT
from scheduler.rules.shared.periods import period_name
from scheduler.staffing.checks import Floats
from scheduler.staffing.floor import TRIGGERS, BackupPool, Windows
from scheduler.staffing.simulation_results import SimulationResult

CALLS = ("replication", "pool", "agent_id", "called", "arrived", "left", "trigger", "value")


@dataclass(frozen=True, eq=False, slots=True)
class BackupFacts:
    """What backup pools need to know beside the settings, as `Centre` and the requirement tell it."""

    members: Sequence[BackupMember] = ()
    agents: Sequence[Agent] = ()
    leave: pd.DataFrame | None = None
    before: Rota | None = None
    ledger: pd.DataFrame | None = None
    required: pd.DataFrame | None = field(default=None)
    """Columns ``interval_start``, ``queue``, ``agents_to_roster``, for the trigger ``agents_short``."""
    makeup_days: frozenset[int] = frozenset()


def backup_facts(centre: Centre, required: pd.DataFrame | None = None) -> BackupFacts:
    """The facts of a centre."""
    before = None if centre.rota_before is None else Rota.from_frame(centre.rota_before)
    worked = makeup_days(centre.calendar)
    return BackupFacts(centre.backup, centre.agents, centre.leave, before, centre.ledger, required, worked)


def names_on_floor(rota: Rota, facts: BackupFacts) -> tuple[str, ...]:
    """Everybody on the floor in its order: the rota's people, then the pools' who are not in it."""
    there = set(rota.agent_ids)
    return (*rota.agent_ids, *(m.agent_id for m in facts.members if m.agent_id not in there))


def pools_on_floor(
    rota: Rota,
    settings: Settings,
    grid: Grid,
    facts: BackupFacts,
    code: Mapping[str, int],
    at_work: Sequence[str],
) -> dict[str, BackupPool]:
    """The pools by name; without those of whom nobody can help anybody who waits.

    Parameters
    ----------
    code : the floor's queues
    at_work : who has stretches on the floor: nobody else can support
    """
    place = {name: a for a, name in enumerate(names_on_floor(rota, facts))}
    working, had = set(at_work), _had(rota, grid, facts)
    found = {}
    for pool in settings.backup:
        queues = [code[name] for name in pool.queues if name in code]
        members = [
            member
            for member in facts.members
            if member.pool == pool.name
            and any(name in pool.queues and name in code for name, _ in member.skills)
            and (pool.kind != "support" or member.agent_id in working)
        ]
        if queues and members:
            found[pool.name] = _pool(pool, queues, members, place, had, rota, grid, facts, code)
    return found


def _pool(
    pool: Backup, queues: list[int], members: Sequence[BackupMember], place: Mapping[str, int], had: Mapping[str, float],
    rota: Rota, grid: Grid, facts: BackupFacts, code: Mapping[str, int],
) -> BackupPool:  # fmt: skip
    """One pool, minutes as seconds from the floor's start."""
    who = [member.agent_id for member in members]
    open_to = backup_windows(
        pool, who, grid, rota, facts.before, facts.leave, facts.agents, facts.makeup_days
    )
    spans = [(place[name], start, end) for name in who for start, end in open_to[name]]
    agent, start, end = np.array(spans, dtype=np.int64).reshape(-1, 3).T
    first, *also = pool.triggers
    return BackupPool(
        agents=[place[name] for name in who],
        queues=queues,
        threshold=first.threshold,
        trigger=first.when,
        release=first.release,
        also=also,
        lead_seconds=60.0 * pool.lead_minutes,
        minimum_seconds=60.0 * pool.minimum_minutes,
        maximum_seconds=60.0 * pool.maximum_minutes,
        batch=pool.batch,
        check_seconds=60.0 * pool.check_minutes,
        sustained_seconds=60.0 * pool.sustained_minutes,
        hold_seconds=60.0 * pool.hold_minutes,
        cool_down_seconds=60.0 * pool.cool_down_minutes,
        calls_a_day=pool.calls_a_day,
        calls_at_most=pool.calls_a_month,
        calls_before=[had.get(name, 0.0) for name in who],
        rest_seconds=0.0 if pool.kind == "support" else 60.0 * pool.rest_minutes,
        windows=Windows(agent, 60.0 * (start - grid.start), 60.0 * (end - grid.start)),
        speed=speeds(members, code),
        support=pool.kind == "support",
    )


def speeds(members: Sequence[BackupMember], code: Mapping[str, int]) -> Floats:
    """Speed of backup people on every queue of the floor, 0 without the skill; shape (people, queues)."""
    rows = [[dict(member.skills).get(name, 0.0) for name in code] for member in members]
    return np.array(rows, dtype=float).reshape(len(rows), len(code))


def _had(rota: Rota, grid: Grid, facts: BackupFacts) -> dict[str, float]:
    """Call-outs by person in the month of the first day: those of the ledger and those that the rota plans."""
    had: dict[str, float] = {}
    month, duties = period_name(grid.first_day, "month"), rota.duties
    planned = rota.is_kind("backup")[duties.first]
    for agent, day in zip(duties.agent[planned].tolist(), duties.day[planned].tolist(), strict=True):
        if period_name(day, "month") == month:
            had[rota.agent_ids[agent]] = had.get(rota.agent_ids[agent], 0.0) + 1.0
    if facts.ledger is not None and len(facts.ledger):
        rows = facts.ledger[(facts.ledger["account"] == ACCOUNT) & (facts.ledger["period"] == month)]
        for name, amount in zip(rows["agent_id"], rows["amount"], strict=True):
            had[name] = had.get(name, 0.0) + max(float(amount), 0.0)
    return had


def day_starts(grid: Grid) -> Floats:
    """When the local days of a floor begin, in seconds from its start."""
    days = range(grid.first_day, grid.first_day + grid.days)
    return np.array([60.0 * (day_start(grid.zone, day) - grid.start) for day in days])


def agents_required(facts: BackupFacts, grid: Grid, code: Mapping[str, int]) -> Floats:
    """Agents to roster, shape (queues, intervals); 0 where nothing is told."""
    found = np.zeros((len(code), len(grid.starts)))
    if facts.required is not None:
        rows = facts.required[facts.required["queue"].isin(list(code))]
        at = (from_timestamps(rows["interval_start"]) - grid.start) // grid.interval_minutes
        inside = (at >= 0) & (at < found.shape[1])
        queue = rows["queue"].map(dict(code)).to_numpy(dtype=np.int64)
        found[queue[inside], at[inside]] = rows["agents_to_roster"].to_numpy(dtype=float)[inside]
    return found


def pools_otherwise(settings: Settings, grid: Grid, pools: Mapping[str, BackupPool]) -> Iterator[str]:
    """What is simulated otherwise than the pools say, in sentences."""
    for pool in settings.backup:
        if pool.name not in pools:
            yield f"backup {pool.name}: nobody of it can come to a queue in which customers wait on these days"
        last = period_name(grid.first_day + grid.days - 1, "month")
        if pool.calls_a_month is not None and last != period_name(grid.first_day, "month"):
            yield (
                f"backup {pool.name}: calls_a_month is taken for all days together, of which the last are in {last}"
            )


# ---- what a simulation found ----


def call_outs(
    result: SimulationResult, pools: Sequence[str], names: Sequence[str], grid: Grid
) -> pd.DataFrame:
    """Every call-out of every replication: the rows of ``paiban simulate --calls``.

    ``replication`` counts from 1; ``arrived`` and ``left`` are blank where they lie beyond the days simulated; ``trigger`` is what called
    and ``value`` what was measured then.
    """
    log = result.call_outs
    start = to_timestamps(np.array([grid.start]))[0]
    told: dict[str, Any] = {
        "replication": result.called_in + 1,
        "pool": np.array([*pools, ""], dtype=object)[log["pool"]],
        "agent_id": np.array([*names, ""], dtype=object)[log["agent"]],
    }
    for name in ("called", "arrived", "left"):
        seconds = pd.Series(np.floor(log[f"{name}_s"]))
        told[name] = (start + pd.to_timedelta(seconds, unit="s")).astype("datetime64[s, UTC]")
    told |= {"trigger": np.array(TRIGGERS, dtype=object)[log["trigger"]], "value": log["value"].round(4)}
    return pd.DataFrame(told, columns=list(CALLS))


def call_out_rota(calls: pd.DataFrame, replication: int, zone: ZoneInfo) -> Rota:
    """The call-outs of one replication as a rota: activity ``backup``, shift ``backup:<pool>``, paid, seconds dropped.

    Who never arrived is left out.

    Examples
    --------
    >>> at = pd.to_datetime(["2026-03-02T09:00Z", "2026-03-02T09:15Z", "2026-03-02T10:15Z"], utc=True)
    >>> calls = pd.DataFrame([(1, "agency", "x", *at, "waiting", 12.0)], columns=list(CALLS))
    >>> call_out_rota(calls, 1, ZoneInfo("UTC")).to_frame()[["agent_id", "activity", "shift"]].to_numpy().tolist()
    [['x', 'backup', 'backup:agency']]
    """
    rows = calls[(calls["replication"] == replication) & calls["left"].notna()]
    start, end = (pd.DatetimeIndex(rows[name]).floor("min") for name in ("arrived", "left"))
    frame = pd.DataFrame(
        {
            "agent_id": rows["agent_id"].to_numpy(),
            "day": start.tz_convert(zone).date,
            "start": start,
            "end": end,
            "activity": "backup",
            "shift": ("backup:" + rows["pool"]).to_numpy(dtype=object),
            "paid": True,
        },
        columns=list(COLUMNS),
    )
    return Rota.from_frame(frame[frame["end"] > frame["start"]])


PAID = ("people_called", "hours", "cost")


def paid_for(
    result: SimulationResult,
    pools: Sequence[Backup],
    names: Sequence[str],
    on_floor: Sequence[str],
    facts: BackupFacts,
) -> dict[str, dict[str, Floats]]:
    """What each pool ``on_floor`` was called for: people called, their hours at work, and the cost of both; shape (replications,).

    An hour costs the person's ``hourly_cost``, a call ``call_out_cost`` of the pool.
    """
    log, replications = result.call_outs, len(result.counts)
    hourly = {member.agent_id: member.hourly_cost or 0.0 for member in facts.members}
    price = np.array([hourly.get(name, 0.0) for name in (*names, "")])
    hours = np.nan_to_num(log["left_s"] - log["arrived_s"]) / 3600.0
    by_name = {pool.name: pool for pool in pools}
    found: dict[str, dict[str, Floats]] = {}
    for b, name in enumerate(on_floor):
        mine = log["pool"] == b
        cost = hours * price[log["agent"]] + by_name[name].call_out_cost
        found[name] = {
            measure: np.bincount(result.called_in[mine], each[mine], minlength=replications).astype(float)
            for measure, each in zip(PAID, (np.ones(len(log)), hours, cost), strict=True)
        }
    return found
