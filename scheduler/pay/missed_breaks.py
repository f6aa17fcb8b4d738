"""An hour's pay for a meal or a rest that a shift does not show, as California asks."""

from collections.abc import Iterator, Mapping

import numpy as np

from centre.instants import Minutes
from scheduler.pay.law import HOUR, AddedPay, Asked
from scheduler.rota import Flags, Rota
from scheduler.rules.shared.worked import in_horizon

MEAL_MINUTES, REST_MINUTES = 30, 10
FIRST_MEAL_BY, SECOND_MEAL_FROM, SECOND_MEAL_BY = 300, 600, 600
RESTS_FROM = (209, 360, 600, 840)
"""Paid minutes beyond which one more rest is due: three and a half hours, then each major part of four."""
NOT_TAKEN = 1 << 40
NO_RESTS = "Not checked: the rota shows no paid break of anybody, so whether rests of 10 minutes were given is not known."


def missed_breaks(
    asked: Asked, sources: Mapping[str, str], meal_from: int
) -> tuple[tuple[AddedPay, ...], tuple[str, ...]]:
    """The hours of pay due, at most one for meals and one for rests a person and day, and what is not known."""
    rota = asked.rota
    kept = in_horizon(rota, asked.facts)
    if not kept.any():
        return (), ()
    first, second = _meals(rota)
    paid = rota.duties.paid
    meal = (paid > meal_from) & (first > FIRST_MEAL_BY)
    meal |= (paid > SECOND_MEAL_FROM) & (second > SECOND_MEAL_BY)
    added = list(_added(rota, kept & meal, "missed_meal", sources["missed_meal"]))
    rests = rota.is_kind("break") & rota.paid & (rota.end - rota.start >= REST_MINUTES)
    if not rests.any():
        return tuple(added), (NO_RESTS,)
    taken = np.bincount(rota.duty[rests], minlength=len(paid))
    due = np.searchsorted(np.array(RESTS_FROM), paid, side="left")
    added += _added(rota, kept & (taken < due), "missed_rest", sources["missed_rest"])
    return tuple(added), ()


def _meals(rota: Rota) -> tuple[Minutes, Minutes]:
    """Minutes from the start of each shift to its first and its second meal, shape (shifts,)."""
    shifts, owner = rota.duties, rota.duty
    length = rota.end - rota.start
    off_duty = (rota.is_kind("meal", "split") | (rota.is_kind("break") & ~rota.paid)) & (
        length >= MEAL_MINUTES
    )
    rows = np.flatnonzero(off_duty & (owner >= 0))
    gaps = np.flatnonzero(
        (owner[1:] == owner[:-1]) & (owner[1:] >= 0) & (rota.start[1:] - rota.end[:-1] >= MEAL_MINUTES)
    )
    of = np.concatenate([owner[rows], owner[gaps]])
    at = np.concatenate([rota.start[rows], rota.end[gaps]]) - shifts.start[of]
    order = np.lexsort((at, of))
    of, at = of[order], at[order]
    heads = np.flatnonzero(np.diff(of, prepend=-1))
    first, second = (np.full(len(shifts), NOT_TAKEN, dtype=np.int64) for _ in range(2))
    first[of[heads]] = at[heads]
    more = heads[heads + 1 < len(of)]
    more = more[of[more + 1] == of[more]]
    second[of[more]] = at[more + 1]
    return first, second


def _added(rota: Rota, shifts: Flags, name: str, source: str) -> Iterator[AddedPay]:
    """One hour for the first such shift of each person's day."""
    seen: set[tuple[int, int]] = set()
    duties = rota.duties
    for k in np.flatnonzero(shifts):
        key = int(duties.agent[k]), int(duties.day[k])
        if key not in seen:
            seen.add(key)
            words = f"{source}: {duties.paid[k]:,} paid min in the shift"
            span = int(duties.start[k]), int(duties.end[k])
            yield AddedPay(rota.agent_ids[key[0]], key[1], *span, name, HOUR, words)
