"""Breaks of real shifts matched with those of their template."""

from collections import Counter
from collections.abc import Iterator
from itertools import permutations

import numpy as np

from centre.instants import Minutes
from centre.model import Break, ShiftTemplate
from scheduler.rota import PAUSES, Rota, activity_kind

Pause = tuple[int, int, str, bool]  # minutes after the shift's start, length, kind, paid
Verdict = tuple[float, float, str]


def break_faults(
    rota: Rota, which: Minutes, template: ShiftTemplate
) -> Iterator[tuple[int, float, float, str]]:
    """(shift, found, limit, sentence) for all that is wrong with the breaks of shifts of one template.

    Shifts whose breaks lie alike are judged once, so that a year of shifts costs a handful of judgements.
    """
    pattern, examples = _patterns(rota, which)
    for code, example in enumerate(examples):
        verdicts = list(judge(pauses_of(rota, int(which[example])), template))
        for k in which[pattern == code] if verdicts else ():
            for verdict in verdicts:
                yield int(k), *verdict


def pauses_of(rota: Rota, shift: int) -> list[Pause]:
    """The breaks and meals of one shift in order."""
    shifts = rota.duties
    rows = [row for row in range(shifts.first[shift], shifts.last[shift]) if rota.duty[row] == shift]
    start, kinds = (
        int(shifts.start[shift]),
        {row: activity_kind(rota.activities[rota.activity[row]]) for row in rows},
    )
    return [
        (int(rota.start[row]) - start, int(rota.end[row] - rota.start[row]), kinds[row], bool(rota.paid[row]))
        for row in rows
        if kinds[row] in PAUSES
    ]


def judge(pauses: list[Pause], template: ShiftTemplate) -> Iterator[Verdict]:
    """(found, limit, sentence) for each way in which breaks depart from their template."""
    wanted: Counter[tuple[int, str, bool]] = Counter(
        (rest.minutes, rest.kind, rest.paid) for rest in template.breaks
    )
    had = Counter(pause[1:] for pause in pauses)
    found, limit = sum(pause[1] for pause in pauses), sum(rest.minutes for rest in template.breaks)
    totals = f"{found} min of breaks found, {limit} min required."
    for minutes, kind, paid in sorted((wanted - had).elements()):
        yield found, limit, f"{_pay(paid)} {kind} of {minutes} min is missing: {totals}"
    for minutes, kind, paid in sorted((had - wanted).elements()):
        yield found, limit, f"{_pay(paid)} {kind} of {minutes} min is not in the template: {totals}"
    if wanted == had:
        yield from _misplaced(pauses, template)


def _misplaced(pauses: list[Pause], template: ShiftTemplate) -> Iterator[Verdict]:
    """Breaks outside their windows, matched so that the fewest minutes are outside."""
    rests = sorted(template.breaks, key=lambda rest: (rest.earliest_minutes, rest.latest_minutes))
    alike = (
        order
        for order in permutations(rests)
        if all(_alike(p, r) for p, r in zip(pauses, order, strict=True))
    )
    best = min(alike, key=lambda order: sum(_outside(p, r) for p, r in zip(pauses, order, strict=True)))
    for pause, rest in zip(pauses, best, strict=True):
        if away := _outside(pause, rest):
            nearest = min(max(pause[0], rest.earliest_minutes), rest.latest_minutes)
            words = (
                f"a {rest.kind} of {rest.minutes} min starts {pause[0]} min into the shift, "
                f"{away} min outside its window of {rest.earliest_minutes} to {rest.latest_minutes} min."
            )
            yield pause[0], nearest, words


def _alike(pause: Pause, rest: Break) -> bool:
    return pause[1:] == (rest.minutes, rest.kind, rest.paid)


def _outside(pause: Pause, rest: Break) -> int:
    """Minutes by which a break starts outside the window of ``rest``."""
    return max(0, rest.earliest_minutes - pause[0], pause[0] - rest.latest_minutes)


def _pay(paid: bool) -> str:
    return "a paid" if paid else "an unpaid"


def _patterns(rota: Rota, which: Minutes) -> tuple[Minutes, Minutes]:
    """A code for each shift, equal where breaks lie alike, and one example of each code."""
    place = np.full(len(rota.duties), -1, dtype=np.int64)
    place[which] = np.arange(len(which))
    rows = np.flatnonzero(rota.is_kind(*PAUSES))
    rows = rows[place[rota.duty[rows]] >= 0]
    owner = rota.duty[rows]
    order = np.arange(len(rows)) - np.maximum.accumulate(
        np.where(np.diff(owner, prepend=-1) != 0, np.arange(len(rows)), 0)
    )
    pause = (rota.start[rows] - rota.duties.start[owner]) << 32 | (rota.end - rota.start)[rows] << 3
    pause |= rota.is_kind("split")[rows].astype(np.int64) << 2
    pause |= rota.is_kind("meal")[rows].astype(np.int64) << 1 | rota.paid[rows]
    _, kind = np.unique(pause, return_inverse=True)
    pattern = np.zeros(len(which), dtype=np.int64)
    for k in range(int(order.max(initial=-1)) + 1):
        column = np.zeros(len(which), dtype=np.int64)
        column[place[owner[order == k]]] = kind[order == k] + 1
        _, pattern = np.unique(pattern * (len(rows) + 2) + column, return_inverse=True)
    _, examples = np.unique(pattern, return_index=True)
    return pattern, examples
