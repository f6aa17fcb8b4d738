"""Who is on a floor by the rota and when, checked; and the contacts of a trace."""

import numpy as np
from numpy.typing import ArrayLike

from scheduler.staffing.checks import NOT_NEGATIVE, SHARE, Expected, Flags, Floats
from scheduler.staffing.floor import ELSEWHERE, SHIFT_GAP_SECONDS, Floor, Stretches, Trace
from scheduler.staffing.floor_reading import NUMBER, Reading, whole


def stretches(reading: Reading, floor: Floor, speed: Floats) -> dict[str, Floats]:
    """The stretches sorted by agent and start, with a code of their shift."""
    (agents, queues), work = speed.shape, floor.work
    shape = np.shape(work.agent)
    if len(shape) != 1:
        reading.need(False, "work.agent", "an array of one dimension", f"shape {shape}")
        shape, work = (0,), Stretches([], [], [], [])
    given: dict[str, tuple[ArrayLike, Expected]] = {
        "agent": (work.agent, whole(0, agents, f"the code of an agent below {agents}")),
        "start_s": (work.start_s, NUMBER),
        "end_s": (work.end_s, NUMBER),
        "queue": (
            work.queue,
            whole(ELSEWHERE, queues, f"a queue below {queues}, -1 for any, or another kind"),
        ),
        "shift": (0 if work.shift is None else work.shift, whole(-(2**53), 2**53, "a whole number")),
    }
    before = len(reading.faults.found)
    found = {name: reading.array(f"work.{name}", *about, shape) for name, about in given.items()}
    found["absence_share"] = reading.array("absence_share", floor.absence_share, SHARE, shape)
    if len(reading.faults.found) > before:
        return found  # what follows looks up codes and compares times
    _check_stretches(reading, found, speed)
    order = np.lexsort((found["start_s"], found["agent"]))
    found = {name: values[order] for name, values in found.items()}
    if work.shift is None:
        gap = found["start_s"][1:] - found["end_s"][:-1]
        begins = (np.diff(found["agent"]) != 0) | (gap >= SHIFT_GAP_SECONDS)
        found["shift"] = np.concatenate([[0.0], np.cumsum(begins)])[: len(order)]
    return found


def _check_stretches(reading: Reading, found: dict[str, Floats], speed: Floats) -> None:
    """Stretches have a length, a skill for their queue, and do not overlap."""
    agent, start, end, queue = (found[name] for name in ("agent", "start_s", "end_s", "queue"))
    reading.need_each(end <= start, "work.end_s", "a time after start_s", end)
    skilled = speed[agent.astype(int), np.maximum(queue, 0).astype(int)] > 0
    reading.need_each((queue >= 0) & ~skilled, "work.queue", "a queue that the agent has a skill for", queue)
    order = np.lexsort((start, agent))
    meets = (agent[order][1:] == agent[order][:-1]) & (start[order][1:] < end[order][:-1])
    overlaps: Flags = np.zeros(len(order), dtype=bool)
    overlaps[order[1:][meets]] = True
    reading.need_each(overlaps, "work.start_s", "a start after the end of the agent's stretch before", start)


def trace(reading: Reading, given: Trace | None, queues: int, end: float) -> dict[str, Floats]:
    """The contacts of a trace sorted by arrival; nothing where there is none."""
    if given is None:
        return {}
    shape = np.shape(given.queue)
    reading.need(len(shape) == 1, "trace.queue", "an array of one dimension", f"shape {shape}")
    kinds = {
        "queue": whole(0, queues, f"the code of a queue below {queues}"),
        "arrival_s": Expected(
            f"seconds from 0 to below {end:g}, the floor's end", lambda x: (x >= 0) & (x < end)
        ),
        "work_s": NOT_NEGATIVE,
        "patience_s": Expected("seconds of at least 0, inf for never", lambda x: x >= 0),
    }
    shape = shape if len(shape) == 1 else (0,)
    found = {
        name: reading.array(f"trace.{name}", getattr(given, name), kind, shape)
        for name, kind in kinds.items()
    }
    order = np.argsort(found["arrival_s"], kind="stable")
    return {name: values[order] for name, values in found.items()}
