"""Backup pools of a floor, checked: who is in them, what calls them, when each may come."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from centre.peaks import Trigger
from scheduler.staffing.checks import NOT_NEGATIVE, POSITIVE, Expected, Floats
from scheduler.staffing.floor import BY_TIME, TRIGGERS, BackupPool, Floor, Windows
from scheduler.staffing.floor_reading import NUMBER, Reading, whole

Spans = list[tuple[float, float]]
TIME = Expected("a time, inf and -inf allowed", lambda x: ~np.isnan(x))
FOREVER = Expected("seconds above 0, inf for no end", lambda x: x > 0)
COUNT = whole(0, 2**53, "a whole number of at least 0")


@dataclass(frozen=True, eq=False, slots=True)
class CheckedPool:
    """What a pool tells, in full shape: (agents,), (agents, queues), windows of each agent in order."""

    agents: list[int]
    calls_before: Floats
    speed: Floats
    windows: dict[int, Spans]


def checked_pools(
    reading: Reading, floor: Floor, speed: Floats, stretches: dict[str, Floats]
) -> list[CheckedPool]:
    """The pools, whose agents are in one only, have skills for their queues and windows beside their stretches."""
    taken: set[int] = set()
    work: dict[int, Spans] = {}
    for a, start, end in zip(stretches["agent"], stretches["start_s"], stretches["end_s"], strict=True):
        work.setdefault(int(a), []).append((float(start), float(end)))
    found = []
    for b, pool in enumerate(floor.backup):
        name = f"backup[{b}]"
        _check_numbers(reading, pool, name)
        for i, trigger in enumerate(pool.triggers):
            _check_trigger(reading, trigger, name if not i else f"{name}.also[{i - 1}]", pool.check_seconds)
        agents = reading.codes(f"{name}.agents", pool.agents, speed.shape[0], "an agent")
        queues = reading.codes(f"{name}.queues", pool.queues, speed.shape[1], "a queue")
        shape = (len(agents), speed.shape[1])
        extra = reading.array(f"{name}.speed", 0 if pool.speed is None else pool.speed, NOT_NEGATIVE, shape)
        before = reading.array(f"{name}.calls_before", pool.calls_before, NOT_NEGATIVE, shape[:1])
        windows = _windows(reading, pool.windows, name, speed.shape[0])
        for i, a in enumerate(agents):
            own = work.get(a, [])
            free = a not in taken and (pool.support or not own or pool.windows is not None)
            words = "agents without stretches, or with windows beside them, in one pool only"
            reading.need(free, f"{name}.agents", words, a)
            taken.add(a)
            able = not queues or speed[a, queues].any() or extra[i, queues].any()
            reading.need(able, f"{name}.agents", "agents with a skill for its queues", a)
            if pool.support:
                reading.need(own, f"{name}.agents", "agents with stretches: support is at work anyway", a)
            elif _overlap(own, windows.get(a, [])):
                reading.need(
                    False, f"{name}.windows", "windows apart from the agent's stretches", f"agent {a}"
                )
        found.append(CheckedPool(agents, before, extra, windows))
    return found


def _check_numbers(reading: Reading, pool: BackupPool, name: str) -> None:
    """Times and limits."""
    for one in ("lead", "minimum", "check", "sustained", "hold", "cool_down", "rest"):
        reading.array(f"{name}.{one}_seconds", getattr(pool, f"{one}_seconds"), NOT_NEGATIVE, ())
    longest = reading.array(f"{name}.maximum_seconds", pool.maximum_seconds, FOREVER, ())
    words = "minimum_seconds or more"
    reading.need(not longest < pool.minimum_seconds, f"{name}.maximum_seconds", words, pool.maximum_seconds)
    reading.array(f"{name}.batch", pool.batch, COUNT, ())
    for limit in ("calls_a_day", "calls_at_most"):
        told = getattr(pool, limit)
        reading.array(f"{name}.{limit}", 0 if told is None else told, COUNT, ())


def _check_trigger(reading: Reading, trigger: Trigger, name: str, check_seconds: float) -> None:
    """A kind that is known, a threshold, a release on its other side; what time changes needs somebody who looks."""
    if trigger.when not in TRIGGERS:
        reading.need(False, f"{name}.trigger", "one of " + ", ".join(TRIGGERS), trigger.when)
        return
    threshold = reading.array(f"{name}.threshold", trigger.threshold, POSITIVE, ())
    release = reading.array(f"{name}.release", trigger.release, NUMBER, ())
    low = trigger.when == "service_level"
    beyond = release < threshold if low else release > threshold
    words = f"{'no less' if low else 'no more'} than the threshold, {trigger.threshold:g}"
    reading.need(not beyond, f"{name}.release", words, trigger.release)
    looks = trigger.when not in BY_TIME or check_seconds > 0
    reading.need(looks, f"{name}.check_seconds", f"above 0 for {trigger.when}", check_seconds)


def _windows(reading: Reading, given: Windows | None, name: str, agents: int) -> dict[int, Spans]:
    """The windows of each agent in order; those of one do not overlap."""
    if given is None:
        return {}
    shape = np.shape(given.agent)
    code = whole(0, agents, f"the code of an agent below {agents}")
    who = reading.array(f"{name}.windows.agent", given.agent, code, shape).ravel()
    opens = reading.array(f"{name}.windows.from_s", given.from_s, TIME, shape).ravel()
    closes = reading.array(f"{name}.windows.to_s", given.to_s, TIME, shape).ravel()
    reading.need_each(closes <= opens, f"{name}.windows.to_s", "a time after from_s", closes)
    found: dict[int, Spans] = {}
    for a, start, end in sorted(zip(who.tolist(), opens.tolist(), closes.tolist(), strict=True)):
        own = found.setdefault(int(a), [])
        apart = not own or start >= own[-1][1]
        words = "a window after the end of the agent's window before"
        reading.need(apart, f"{name}.windows.from_s", words, f"{start:g} of agent {a:g}")
        own.append((start, end))
    return found


def _overlap(some: Sequence[tuple[float, float]], others: Sequence[tuple[float, float]]) -> bool:
    """Whether two lists of spans have a moment in common."""
    return any(start < last and first < end for start, end in some for first, last in others)
