"""The time line of two rotas: every stretch in which neither the plan nor the work of a person changes.

planned and worked rows -> boundaries of both -> segments, each with what was planned, worked, and its part
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from centre.activities import OFF_QUEUE
from centre.instants import Minutes
from scheduler.rota import PAUSES, Codes, Flags, Rota, activity_kind

Detail = Literal["presence", "breaks", "activities"]
DETAILS: tuple[Detail, ...] = ("presence", "breaks", "activities")
PARTS = (
    "kept", "other", "late", "left_early", "away", "absent", "unknown", "early_start", "overrun", "unplanned", "none",
)  # fmt: skip
KEPT, OTHER, LATE, LEFT_EARLY, AWAY, ABSENT, UNKNOWN, EARLY_START, OVERRUN, UNPLANNED, NONE = range(
    len(PARTS)
)
"""What a segment counts as; the first seven divide the planned minutes, the next three the unplanned ones."""
KINDS = ("work", "break", "meal", *OFF_QUEUE, "backup", "call_out")
_SHIFT = 40  # bits for the minutes in a key of person and instant
_PAUSE = 1  # class of breaks where kinds of break are not told apart


@dataclass(frozen=True)
class Layer:
    """The stretches of one rota that belong to shifts, arrays of shape (stretches,), none over another.

    ``start`` and ``end`` are keys, person times 2**40 plus UTC minutes; ``kind`` the class that is compared,
    ``duty`` the shift in `Rota.duties`.
    """

    start: Minutes
    end: Minutes
    kind: Codes
    pause: Flags
    duty: Minutes


@dataclass(frozen=True)
class Segments:
    """Stretches with one state each, sorted by person and start, arrays of shape (segments,).

    ``planned`` and ``worked`` are shifts (-1: none); ``due`` and ``done`` whether the time counts as planned
    and as worked time for conformance; ``part`` one of `PARTS`, ``day`` the day of the shift it belongs to.
    """

    agent: Codes
    day: Minutes
    start: Minutes
    end: Minutes
    planned: Minutes
    worked: Minutes
    due: Flags
    done: Flags
    part: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.agent)

    @property
    def minutes(self) -> Minutes:
        """Length of every segment, shape (segments,)."""
        return self.end - self.start

    def at(self, which: Flags) -> "Segments":
        """Some of the segments."""
        return Segments(
            self.agent[which], self.day[which], self.start[which], self.end[which], self.planned[which],
            self.worked[which], self.due[which], self.done[which], self.part[which],
        )  # fmt: skip


def layer(rota: Rota, code: Codes, detail: NDArray[np.int8]) -> Layer:
    """The stretches of shifts of a rota, a minute told twice taken once.

    Parameters
    ----------
    code : the person's code in both rotas by the code in this one, shape (agents of the rota,)
    detail : place in `DETAILS` by person, shape (agents of both,)
    """
    rows = np.flatnonzero(rota.duty >= 0)
    agent, level = code[rota.agent[rows]], detail[code[rota.agent[rows]]]
    kinds = [activity_kind(name) for name in rota.activities]
    fine = np.array([_class(kind) for kind in kinds] or [0], dtype=np.int32)[rota.activity[rows]]
    pause = rota.is_kind(*PAUSES)[rows]
    kind = np.where(level == 0, 0, np.where(level == 1, np.where(pause, _PAUSE, 0), fine)).astype(np.int32)
    start, end = (
        (agent.astype(np.int64) << _SHIFT) + rota.start[rows],
        (agent.astype(np.int64) << _SHIFT) + rota.end[rows],
    )
    order = np.lexsort((kind, end, start))
    start, end = start[order], end[order]
    start[1:] = np.maximum(start[1:], np.maximum.accumulate(end)[:-1])
    kept = order[start < end]
    apart = start < end
    return Layer(start[apart], end[apart], kind[kept], pause[kept], rota.duty[rows][kept])


def _class(kind: str) -> int:
    """A number for a kind of activity that is the same in every rota."""
    return KINDS.index(kind) if kind in KINDS else len(KINDS)


def segments(
    plan: Layer, work: Layer, plan_rota: Rota, work_rota: Rota, detail: NDArray[np.int8], unclear: Flags, tolerance: int,
) -> Segments:  # fmt: skip
    """The segments of two layers with their parts; deviations no longer than ``tolerance`` minutes are forgiven.

    ``detail`` is the place in `DETAILS` by person; of planned shifts that are ``unclear`` nothing is missing,
    it is not known.
    """
    edges = np.sort(np.concatenate([plan.start, plan.end, work.start, work.end]), kind="stable")
    edges = edges[np.append(edges[1:] > edges[:-1], True)] if len(edges) else edges
    at, until = edges[:-1], edges[1:]
    p, w = _inside(plan, at), _inside(work, at)
    some = (p >= 0) | (w >= 0)
    at, until, p, w = at[some], until[some], p[some], w[some]
    agent = (at >> _SHIFT).astype(np.int32)
    start, end = at - (agent.astype(np.int64) << _SHIFT), until - (agent.astype(np.int64) << _SHIFT)
    planned, worked = _pick(plan.duty, p, -1), _pick(work.duty, w, -1)
    pause_due, pause_done = _pick(plan.pause, p, 0), _pick(work.pause, w, 0)
    by_presence = detail[agent] == 0
    same = _pick(plan.kind, p, -1) == _pick(work.kind, w, -2)
    match = matched(planned, worked, end - start, len(work_rota.duties))
    part = _parts(planned, worked, same, pause_due.astype(bool), by_presence, start, end, match, plan_rota)
    part[(planned < 0) & pause_done.astype(bool)] = NONE
    missing = (planned >= 0) & (worked < 0) & (part != KEPT)
    part[missing & np.append(unclear, False)[planned]] = UNKNOWN
    day = _days(planned, worked, match, plan_rota, work_rota)
    due = (planned >= 0) & (by_presence | ~pause_due.astype(bool)) & (part != UNKNOWN)
    done = (worked >= 0) & (by_presence | ~pause_done.astype(bool))
    found = Segments(agent, day, start, end, planned, worked, due, done, part)
    return _forgiven(found, tolerance)


def _inside(one: Layer, at: Minutes) -> Minutes:
    """The stretch that holds each key, -1 where none does."""
    if not len(one.start):
        return np.full(len(at), -1, dtype=np.int64)
    place = np.searchsorted(one.start, at, side="right") - 1
    return np.where((place >= 0) & (at < one.end[place]), place, -1)


def _pick(values: NDArray[Any], places: Minutes, missing: int) -> Minutes:
    """Values at places, ``missing`` where there is none."""
    if not len(values):
        return np.full(len(places), missing, dtype=np.int64)
    return np.where(places >= 0, values[places].astype(np.int64), missing)


def matched(planned: Minutes, worked: Minutes, minutes: Minutes, count: int) -> Minutes:
    """The planned shift that each of ``count`` worked ones shares most minutes with, -1: none, shape (count,)."""
    match = np.full(count, -1, dtype=np.int64)
    both = (planned >= 0) & (worked >= 0)
    keys, which = np.unique((worked[both] << 32) + planned[both], return_inverse=True)
    shared = np.bincount(which, weights=minutes[both], minlength=len(keys))
    order = np.lexsort((-keys, shared))  # the longest last, of equals the earlier planned one last
    match[keys[order] >> 32] = keys[order] & 0xFFFFFFFF
    return match


def _parts(
    planned: Minutes, worked: Minutes, same: Flags, pause_due: Flags, by_presence: Flags,
    start: Minutes, end: Minutes, match: Minutes, plan: Rota,
) -> NDArray[np.int8]:  # fmt: skip
    """What each segment counts as before anything is forgiven."""
    shifts = plan.duties
    first = np.full(len(shifts) + 1, np.iinfo(np.int64).max)
    last = np.full(len(shifts) + 1, np.iinfo(np.int64).min)
    both = (planned >= 0) & (worked >= 0)
    np.minimum.at(first, planned[both], start[both])
    np.maximum.at(last, planned[both], end[both])
    there = last[planned] > first[planned]
    free = pause_due & (by_presence | (worked < 0))  # nobody need be at work in a planned break
    missing = np.select(
        [~there, end <= first[planned], start >= last[planned], free], [ABSENT, LATE, LEFT_EARLY, KEPT], AWAY
    )
    present = np.where(same | free, KEPT, OTHER)
    own = match[worked] if len(match) else worked
    begins = np.append(shifts.start, 0)[own]
    extra = np.select([own < 0, end <= begins], [UNPLANNED, EARLY_START], OVERRUN)
    return np.where(planned < 0, extra, np.where(worked < 0, missing, present)).astype(np.int8)


def _days(planned: Minutes, worked: Minutes, match: Minutes, plan: Rota, work: Rota) -> Minutes:
    """The day of the planned shift, of the one that the worked shift stands for, or of the worked shift."""
    own = np.where(worked >= 0, match[worked], -1) if len(match) else np.full(len(worked), -1)
    shift = np.where(planned >= 0, planned, own)
    plan_day, work_day = np.append(plan.duties.day, 0), np.append(work.duties.day, 0)
    return np.where(shift >= 0, plan_day[shift], work_day[worked])


def _forgiven(found: Segments, tolerance: int) -> Segments:
    """Runs of one deviation no longer than the tolerance count as kept, or as nothing where nothing was planned."""
    if not len(found):
        return found
    new = np.ones(len(found), dtype=bool)
    new[1:] = (
        (found.agent[1:] != found.agent[:-1]) | (found.part[1:] != found.part[:-1])
        | (found.start[1:] != found.end[:-1]) | (found.day[1:] != found.day[:-1])
    )  # fmt: skip
    run = np.cumsum(new) - 1
    short = np.bincount(run, weights=found.minutes)[run] <= tolerance
    part = found.part.copy()
    part[short & np.isin(part, (OTHER, LATE, LEFT_EARLY, AWAY))] = KEPT
    part[short & np.isin(part, (EARLY_START, OVERRUN))] = NONE
    return Segments(
        found.agent,
        found.day,
        found.start,
        found.end,
        found.planned,
        found.worked,
        found.due,
        found.done,
        part,
    )
