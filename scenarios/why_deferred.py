"""Why work that may wait needs its agents in an interval: what came, what waits, whose idle time is used, which due time binds."""

from typing import Any

import numpy as np
import pandas as pd

from centre.model import Queue
from scenarios.why import Facts, Working, when
from scheduler.staffing.checks import Floats
from scheduler.staffing.deferred import Work, WorkedOff, due_of
from scheduler.staffing.levelling import DUST
from scheduler.staffing.service import spare, take
from scheduler.staffing.staffed import names_of, order
from scheduler.staffing.teams import Team
from scheduler.staffing.tightest import Owed


def facts(working: Working, name: str, interval: int, span: int) -> Facts:
    """Everything about one interval of a deferred queue as data."""
    queue, found = working.queue(name), working.staffed[name]
    work, done = _work(working, name)
    others, by_queue = _idle_time(working, queue)
    is_open = working.demand.workable(name)
    step, agents = working.settings.centre.interval_minutes, int(found.agents[interval])
    used, own = np.minimum(done.minutes, others), agents * step * (queue.max_occupancy or 1.0)
    came = float(found.offered[interval])
    minutes = float(work.minutes[work.release == interval].sum())
    owed = Owed.of(queue, work, is_open, others, step)
    told: Facts = {
        "kind": "deferred",
        "erlangs": minutes / step,
        "deferred": {
            "is_open": bool(is_open[interval]),
            "came_contacts": came,
            "came_minutes": minutes,
            "due": when(working, int(due_of(queue, working.grid, [interval])[0]) + 1),
            "fills_idle_of": list(queue.fills_idle_of),
            **_backlog(working, work, done, interval),
            "idle_to_be_had_minutes": float(others[interval]),
            "idle_used_minutes": float(used[interval]),
            "idle_used_of": {who: float(part[interval]) for who, part in by_queue.items()},
            "own_minutes_to_be_had": own,
            "own_minutes_used": float(done.minutes[interval] - used[interval]),
            "done_contacts": float(done.finished[interval]),
            "done_minutes": float(done.minutes[interval]),
            "left_minutes": float(
                work.minutes[work.release <= interval].sum() - done.minutes[: interval + 1].sum()
            ),
            "service_level": float(found.service.service_level[interval]),
            "seconds_until_done": float(found.service.asa_seconds[interval]),
        },
        "notes": _notes(queue),
    }
    if is_open[interval]:
        told["deferred"] |= _why(working, owed, interval)
        told["alternatives"] = _beside(owed, found.agents, interval, span)
    return told


def day_of_work(working: Working, name: str) -> dict[str, Floats]:
    """Minutes that come, are done by own agents and in others' idle time, and wait at the end of each interval."""
    queue = working.queue(name)
    work, done = _work(working, name)
    others, _ = _idle_time(working, queue)
    here = work.release >= 0
    came = np.bincount(work.release[here], work.minutes[here], minlength=len(others))
    used = np.minimum(done.minutes, others)
    waiting = work.minutes[~here].sum() + np.cumsum(came - done.minutes)
    return {"came": came, "own": done.minutes - used, "idle": used, "waiting": np.maximum(waiting, 0.0)}


def _work(working: Working, name: str) -> tuple[Work, WorkedOff]:
    found = working.staffed[name]
    assert found.work is not None
    assert found.done is not None
    return found.work, found.done


def _idle_time(working: Working, asked: Queue) -> tuple[Floats, dict[str, Floats]]:
    """Idle minutes that a queue may use of others, and those that it uses, by queue; as `scheduler.staffing.staffed` deals them out."""
    step, count = working.settings.centre.interval_minutes, len(working.grid.starts)
    idle: dict[str, Floats] = {}
    there: dict[str, Floats] = {}
    for unit in order(working.settings):
        if isinstance(unit, Team):
            for name in names_of(unit):
                found = working.staffed[name]
                idle[name], there[name] = found.service.idle_minutes, found.agents * step
            continue
        others = spare(unit, idle, there, count) * working.demand.workable(unit.name)
        before = dict(idle)
        take(unit, np.minimum(_work(working, unit.name)[1].minutes, others), idle, there)
        if unit.name == asked.name:
            return others, {name: before[name] - idle[name] for name in unit.fills_idle_of}
    raise AssertionError(f"{asked.name} is not staffed")


def _backlog(working: Working, work: Work, done: WorkedOff, interval: int) -> Facts:
    """What waits when an interval begins; earliest due first is done first, so that what is left is the latest due."""
    here = np.flatnonzero(work.release < interval)
    minutes = max(float(work.minutes[here].sum() - done.minutes[:interval].sum()), 0.0)
    contacts = max(float(work.contacts[here].sum() - done.finished[:interval].sum()), 0.0)
    waiting = here[done.finish[here] >= interval]
    first = int(work.due[waiting].min()) + 1 if len(waiting) and minutes > DUST else None
    return {
        "backlog_contacts": contacts,
        "backlog_minutes": minutes,
        "backlog_first_due": None if first is None else when(working, first),
    }


def _why(working: Working, owed: Owed, interval: int) -> Facts:
    """The flattest profile and the run of intervals that leaves no room."""
    level, run = owed.profile(), owed.tightest(interval)
    told: dict[str, Any] = {
        "profile_agents": float(level[int(np.searchsorted(owed.slots, interval))]),
        "run": None,
    }
    if run is not None:
        told["run"] = {
            "from": when(working, run.first),
            "to": when(working, run.last + 1),
            "open_intervals": run.intervals,
            "must_minutes": run.must_minutes,
            "idle_minutes": run.spare_minutes,
            "agent_minutes": owed.per_agent,
            "mean_agents": max(run.must_minutes - run.spare_minutes, 0.0) / (run.intervals * owed.per_agent),
        }
    return told


def _beside(owed: Owed, agents: Floats, interval: int, span: int) -> pd.DataFrame:
    """What would not be done by its due time with a few agents more and fewer in this interval alone."""
    at, own = int(np.searchsorted(owed.slots, interval)), int(agents[interval])
    rows = []
    for number in range(max(own - span, 0), own + span + 1):
        changed = agents[owed.slots].copy()
        changed[at] = number
        undone = owed.undone(changed)
        missing = ["due_time"] * (undone > 1e-6) + ["minimum_agents"] * (number < owed.minimum)
        rows.append({"agents": number, "minutes_too_late": undone, "misses": ", ".join(missing)})
    return pd.DataFrame(rows)


def _notes(queue: Queue) -> list[str]:
    notes = [
        "approximation: of work due after the last interval, the part is owed that falls to the open time before it"
    ]
    if queue.target_share < 1.0:
        notes.append(
            f"all work is planned to be done in time, not only the {queue.target_share:.0%} promised"
        )
    return notes
