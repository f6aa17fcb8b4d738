"""Breaks that the plan gave and that were missed or cut short."""

from dataclasses import dataclass

import numpy as np

from centre.instants import Minutes
from scheduler.rota import PAUSES, Flags, Rota


@dataclass(frozen=True)
class Breaks:
    """Per planned shift, arrays of shape (planned shifts,): breaks missed, cut short, and minutes of them lost."""

    missed: Minutes
    shortened: Minutes
    lost: Minutes


def breaks(
    plan: Rota, work: Rota, match: Minutes, first: Minutes, last: Minutes, counts: Flags, tolerance: int
) -> Breaks:
    """Planned breaks beside those taken in the same shift, the longest with the longest.

    When a break was taken is a matter of adherence, how long of rest: so breaks are paired by length and not
    by time. A break planned for when the person had not come or had left is neither missed nor short.

    Parameters
    ----------
    match : planned shift of each worked one, -1 for none, shape (worked shifts,)
    first, last : first and last instant of presence in each planned shift, shape (planned shifts,)
    counts : planned shifts whose breaks can be judged, shape (planned shifts,)
    """
    shifts = len(plan.duties)
    due, due_start, due_end = _pauses(plan, np.arange(shifts))
    there = counts[due] & (due_start < last[due]) & (due_end > first[due])
    due, due_minutes = due[there], (due_end - due_start)[there]
    had, had_start, had_end = _pauses(work, match)
    rank_due, rank_had = _ranks(due, due_minutes), _ranks(had, had_end - had_start)
    got = _taken(_keys(due, rank_due), _keys(had, rank_had), had_end - had_start)
    short = np.maximum(due_minutes - got, 0)
    short = np.where(short > tolerance, short, 0)
    missed = got == 0

    def total(weights: Minutes) -> Minutes:
        return np.bincount(due, weights=weights, minlength=shifts).astype(np.int64)

    return Breaks(
        total(missed.astype(np.int64)), total(((short > 0) & ~missed).astype(np.int64)), total(short)
    )


def _keys(shift: Minutes, rank: Minutes) -> Minutes:
    return (shift << 16) + rank


def _taken(wanted: Minutes, keys: Minutes, minutes: Minutes) -> Minutes:
    """The minutes of each wanted key, 0 where there is none."""
    order = np.argsort(keys)
    place = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)
    if not len(keys):
        return np.zeros(len(wanted), dtype=np.int64)
    return np.where(keys[order][place] == wanted, minutes[order][place], 0)


def _pauses(rota: Rota, owner: Minutes) -> tuple[Minutes, Minutes, Minutes]:
    """Shift, start and end of every break, those that touch taken as one; shifts by ``owner``, -1 left out."""
    rows = np.flatnonzero(rota.is_kind(*PAUSES) & (rota.duty >= 0))
    shift = owner[rota.duty[rows]] if len(owner) else rota.duty[rows]
    rows, shift = rows[shift >= 0], shift[shift >= 0]
    start, end = rota.start[rows], rota.end[rows]
    order = np.lexsort((end, start, shift))
    shift, start, end = shift[order], start[order], end[order]
    if not len(rows):
        return shift, start, end
    apart = shift << 40
    until = np.maximum.accumulate(end + apart) - apart
    new = np.append(True, (shift[1:] != shift[:-1]) | (start[1:] > until[:-1]))
    heads = np.flatnonzero(new)
    return shift[heads], start[heads], np.maximum.reduceat(end, heads)


def _ranks(shift: Minutes, minutes: Minutes) -> Minutes:
    """Place of each break among those of its shift, the longest 0."""
    order = np.lexsort((np.arange(len(shift)), -minutes, shift))
    ranks = np.zeros(len(shift), dtype=np.int64)
    ordered = shift[order]
    heads = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])) if len(order) else order
    which = np.cumsum(np.append(True, ordered[1:] != ordered[:-1])) - 1 if len(order) else order
    ranks[order] = np.arange(len(order)) - heads[which]
    return ranks
