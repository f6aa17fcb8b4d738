"""Which changes might mend a breach: those that give just what is missing, the smallest first."""

from collections.abc import Iterator
from itertools import product

import numpy as np

from centre.instants import MINUTES_A_DAY, day_number, from_minutes, week_of
from scheduler.evidence import evidence
from scheduler.mend_edits import NEW_PAUSE, Edit, Kind
from scheduler.rota import PAUSES, Rota
from scheduler.rules.facts import Facts
from scheduler.rules.rule import Violation
from scheduler.rules.shared.worked import in_horizon

MOST_SHIFTS = 14
"""Of a longer period the last shifts are looked at: what is too much of it can be taken from any."""
KINDS: tuple[Kind, ...] = (
    "start_later",
    "end_earlier",
    "move",
    "break",
    "start_earlier",
    "end_later",
    "drop",
)


def candidates(violation: Violation, rota: Rota, facts: Facts, step_minutes: int) -> list[Edit]:
    """Edits of the shifts concerned that might remove a breach, cheapest first; of equals, that of the later shift.

    ``rota`` and ``facts`` are of the one person. Starts and ends are moved to a full step of the clock, breaks grow
    by full steps.
    """
    shifts = _concerned(violation, rota, facts)
    edits = [edit for k in shifts for edit in _of_shift(k, violation, rota, facts, step_minutes)]
    return sorted(
        dict.fromkeys(edits),
        key=lambda e: (e.cost, KINDS.index(e.kind), -e.shift, e.row == NEW_PAUSE, -e.minutes),
    )


def weeks_around(edits: list[Edit], violation: Violation, rota: Rota, facts: Facts) -> tuple[int, int] | None:
    """First day and day after the last of the weeks that edits are first judged in; None for the whole horizon."""
    (told,) = evidence([violation], rota, facts)
    days = [int(rota.duties.day[edit.shift]) for edit in edits]
    days += [] if told.day is None else [told.day]
    first = max(facts.first_day, week_of(min(days), facts.week_start) - 7)
    end = min(facts.end_day, week_of(max(days), facts.week_start) + 14)
    return None if (first, end) == (facts.first_day, facts.end_day) else (first, end)


def _concerned(violation: Violation, rota: Rota, facts: Facts) -> list[int]:
    """Indices of the shifts that make a breach and are still to be worked, in the horizon."""
    (told,) = evidence([violation], rota, facts)
    wanted = {shift[:3] for shift in told.shifts}
    duties = rota.duties
    found = [
        int(k)
        for k in np.flatnonzero(in_horizon(rota, facts))
        if (int(duties.day[k]), int(duties.start[k]), int(duties.end[k])) in wanted
    ]
    return found[-MOST_SHIFTS:]


def _of_shift(k: int, violation: Violation, rota: Rota, facts: Facts, step: int) -> Iterator[Edit]:
    """The edits of one shift: breaks only where the shift itself, or a sum, is at fault; longer ones against too little."""
    start, end = int(rota.duties.start[k]), int(rota.duties.end[k])
    yield Edit(k, "drop", end - start)
    if violation.unit != "minutes" or violation.found is None or violation.limit is None:
        return
    too_little = violation.found < violation.limit
    for need in _needs(k, violation, rota):
        later, earlier = -(-(start + need) // step) * step - start, end - (end - need) // step * step
        yield Edit(k, "start_later", later)
        yield Edit(k, "end_earlier", earlier)
        back = start - (start - need) // step * step
        if too_little:
            yield Edit(k, "start_earlier", back)
            yield Edit(k, "end_later", -(-(end + need) // step) * step - end)
        for by in {later, _to_template(k, rota, facts, need, 1)} - {0}:
            yield Edit(k, "move", by)
        for by in {back, _to_template(k, rota, facts, need, -1)} - {0}:
            yield Edit(k, "move", -by)
    if not too_little or (start <= (violation.start or 0) and (violation.end or 0) <= end):
        yield from _breaks(k, violation, rota, step)


def _needs(k: int, violation: Violation, rota: Rota) -> set[int]:
    """Minutes that may be missing at a shift: those of the breach, and those of the gaps beside the shift."""
    duties, limit = rota.duties, int(violation.limit or 0)
    needs = {int(violation.short or 0)}
    if (violation.found or 0) < limit:
        needs |= {limit - int(duties.start[k] - duties.end[k - 1])} if k else set()
        needs |= {limit - int(duties.start[k + 1] - duties.end[k])} if k + 1 < len(duties) else set()
    return {need for need in needs if 0 < need < MINUTES_A_DAY}


def _to_template(k: int, rota: Rota, facts: Facts, need: int, way: int) -> int:
    """The least move of ``need`` or more that keeps a shift on its template's steps; 0 where it has none."""
    template = (facts.templates or {}).get(rota.shift_names[rota.duties.shift[k]])
    if template is None:
        return 0
    moment = from_minutes(int(rota.duties.start[k]) + way * need, facts.zone)
    minute = moment.hour * 60 + moment.minute
    minute += (day_number(moment.date()) - int(rota.duties.day[k])) * MINUTES_A_DAY
    off = (minute - template.earliest_start) * -way % template.start_step_minutes
    return need + off


def _breaks(k: int, violation: Violation, rota: Rota, step: int) -> Iterator[Edit]:
    """Longer pauses and new ones: of what is missing, and of all that is asked."""
    rows = np.flatnonzero(rota.duty == k)
    paused = rota.is_kind(*PAUSES)[rows]
    limit, short = int(violation.limit or 0), int(violation.short or 0)
    for row in rows[paused]:
        length = int(rota.end[row] - rota.start[row])
        for need in {short, limit - length}:
            if 0 < need < MINUTES_A_DAY:
                yield Edit(k, "break", -(-need // step) * step, int(row))
    if not len(rows):
        return
    edges = [int(rota.duties.start[k]), *np.ravel([(rota.start[r], rota.end[r]) for r in rows[paused]])]
    edges.append(int(rota.duties.end[k]))
    begin, end = max(zip(edges[::2], edges[1::2], strict=True), key=lambda span: span[1] - span[0])
    for need in dict.fromkeys((short, limit)):
        length = -(-need // step) * step
        if 0 < length < end - begin:
            middle, latest = begin + (end - begin - length) // 2, begin + min(limit, end - begin - length)
            for paid, at in product((False, True), (middle, latest)):
                yield Edit(k, "break", length, NEW_PAUSE, int(at) // step * step, paid)
