"""Every change of today that might help: of whom, which, what it adds and takes away and when. Rules are asked later."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from centre.activities import OFF_QUEUE
from centre.instants import Grid
from centre.model import Break, ShiftTemplate
from scheduler.alone import Alone
from scheduler.intraday.drawn import cut, stretched
from scheduler.intraday.rows import Row, rows_of
from scheduler.intraday.window import Window
from scheduler.mend_edits import Edit, applied
from scheduler.mend_edits import Kind as EditKind
from scheduler.rota import activity_kind
from scheduler.rules.facts import Facts, Person
from scheduler.shifts import CandidateShift, break_starts, candidate_shifts

Kind = Literal["break", "end_later", "start_earlier", "move", "call_in", "backup", "end_earlier"]
KINDS: tuple[Kind, ...] = ("break", "end_later", "start_earlier", "move", "call_in", "backup", "end_earlier")
"""What can be changed, the smallest first: a pause moved, a shift longer at its end or start, moved, somebody called in who is
off, backup called, a shift shortened.
"""
EDITS: dict[Kind, EditKind] = {
    "end_later": "end_later", "start_earlier": "start_earlier", "move": "move", "end_earlier": "end_earlier",
}  # fmt: skip
ADDED: tuple[Kind, ...] = ("call_in", "backup")
"""Those that bring a shift that was not there."""
Span = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Reach:
    """How far changes may go.

    Parameters
    ----------
    longest_minutes : by which a shift may become longer or shorter
    lead_minutes : from now until somebody can be there who is not: starts earlier than now plus these are not asked for
    people : who may be changed; None: everybody
    """

    longest_minutes: int = 240
    lead_minutes: int = 60
    people: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One change of one person's day.

    Parameters
    ----------
    shift : start of the shift that is changed, UTC minutes; of one that is added, its own
    minutes : by how much it becomes longer, shorter or is moved; of a shift that is added, its length
    name : of the shift afterwards
    pauses : of each pause that is moved, when it starts before and afterwards, UTC minutes
    spans : (start, end, 1 or -1): when one more or one fewer is at work
    paid : minutes that are paid more, below 0 fewer
    template : of the shift afterwards, where it is a template that the centre has not; of one that is added, its own
    """

    agent_id: str
    kind: Kind
    shift: int
    minutes: int
    name: str
    spans: tuple[Span, ...]
    paid: int = 0
    pauses: tuple[tuple[int, int], ...] = ()
    template: ShiftTemplate | None = None


def options_of(
    alone: Alone, person: Person | None, window: Window, kinds: Collection[Kind], reach: Reach
) -> Iterator[Option]:
    """Every change of somebody's shifts of today, running and to come; of somebody with none, shifts that could be added."""
    duties, facts, today = alone.rota.duties, alone.facts, list[int]()
    for k in range(len(duties)):
        if duties.end[k] > window.now and duties.day[k] <= window.day:
            today.append(k)
    for k in today:
        template = (facts.templates or {}).get(alone.rota.shift_names[duties.shift[k]])
        if template is not None:
            yield from _of_shift(alone, person, k, template, window, kinds, reach)
    if not (duties.day == window.day).any() and person is not None and person.contract is not None:
        yield from _added(alone, person, window, kinds, reach)


def _of_shift(
    alone: Alone, person: Person | None, k: int, template: ShiftTemplate, window: Window,
    kinds: Collection[Kind], reach: Reach,
) -> Iterator[Option]:  # fmt: skip
    rows = rows_of(alone.rota, k)
    start, end = rows[0].start, rows[-1].end
    if "break" in kinds:
        yield from pauses_moved(alone.agent_id, rows, template, window)
    step, soonest = window.interval_minutes, window.now + reach.lead_minutes
    overtime = (
        person is not None and person.contract is not None and person.contract.overtime.weekly_minutes > 0
    )
    by = range(step, reach.longest_minutes + 1, step)
    if "end_later" in kinds and overtime and not rows[-1].pause:
        for minutes in by:
            longer = stretched(template, 0, minutes)
            span = (end, end + minutes, 1)
            yield Option(
                alone.agent_id, "end_later", start, minutes, longer.name, (span,), minutes, template=longer
            )
    if "start_earlier" in kinds and overtime and not rows[0].pause:
        for minutes in by:
            if start - minutes >= soonest and template.earliest_start >= minutes:
                longer = stretched(template, minutes, 0)
                span = (start - minutes, start, 1)
                yield Option(
                    alone.agent_id,
                    "start_earlier",
                    start,
                    minutes,
                    longer.name,
                    (span,),
                    minutes,
                    template=longer,
                )
    if "move" in kinds and start >= soonest and not any(_off_queue(row) for row in rows):
        yield from _moves(alone, rows, template, window, soonest)
    if "end_earlier" in kinds:
        yield from _shortened(alone, k, rows, template, window, reach)


def _off_queue(row: Row) -> bool:
    """Whether a stretch is a session, which others may be in and which has its own place."""
    return activity_kind(row.activity) in OFF_QUEUE


def _work(rows: list[Row], sign: int) -> Iterator[Span]:
    return ((row.start, row.end, sign) for row in rows if activity_kind(row.activity) == "work")


def pauses_moved(agent_id: str, rows: list[Row], template: ShiftTemplate, window: Window) -> Iterator[Option]:
    """Pauses that have not begun, at every other start that their template allows."""
    begins = rows[0].start
    for place, row in enumerate(rows):
        rest = _rest_of(row, begins, template) if row.pause and row.start >= window.now else None
        if rest is None or not 0 < place < len(rows) - 1 or "work" not in rows[place - 1].activity:
            continue
        for at in range(begins + rest.earliest_minutes, begins + rest.latest_minutes + 1, rest.step_minutes):
            if at >= window.now and at != row.start and moved_pause(rows, row.start, at) is not None:
                length = row.end - row.start
                spans = (row.start, row.end, 1), (at, at + length, -1)
                yield Option(
                    agent_id,
                    "break",
                    begins,
                    abs(at - row.start),
                    template.name,
                    spans,
                    pauses=((row.start, at),),
                )


def _rest_of(row: Row, begins: int, template: ShiftTemplate) -> Break | None:
    """The break of the template that a pause is: one like it in whose window it lies."""
    kind = activity_kind(row.activity)
    for rest in template.breaks:
        alike = (rest.minutes, rest.kind, rest.paid) == (
            row.end - row.start,
            kind,
            row.paid,
        ) and kind != "split"
        if alike and rest.earliest_minutes <= row.start - begins <= rest.latest_minutes:
            return rest
    return None


def moved_pause(rows: list[Row], start: int, at: int) -> list[Row] | None:
    """The rows with the pause that starts at ``start`` moved to ``at``; None where there is no work to pause from.

    Examples
    --------
    >>> shift = [Row(0, 60, "work:*", True), Row(60, 90, "meal", False), Row(90, 200, "work:*", True)]
    >>> [row[:2] for row in moved_pause(shift, 60, 120)]
    [(0, 120), (120, 150), (150, 200)]
    """
    place = next(k for k, row in enumerate(rows) if row.start == start and row.pause)
    pause, filled = rows[place], rows[:place]
    filled[-1] = filled[-1]._replace(end=pause.end)
    following = rows[place + 1]
    if following.activity == filled[-1].activity and following.paid == filled[-1].paid:
        filled[-1] = filled[-1]._replace(end=following.end)
    else:
        filled.append(following)
    filled += rows[place + 2 :]
    end = at + pause.end - pause.start
    for k, row in enumerate(filled):
        if row.start < at and end < row.end and activity_kind(row.activity) == "work":
            new = pause._replace(start=at, end=end)
            return [*filled[:k], row._replace(end=at), new, row._replace(start=end), *filled[k + 1 :]]
    return None


def _moves(
    alone: Alone, rows: list[Row], template: ShiftTemplate, window: Window, soonest: int
) -> Iterator[Option]:
    """A shift that has not begun, at every other start of its template on that day."""
    start = rows[0].start
    day = int(alone.rota.duties.day[[int(at) for at in alone.rota.duties.start].index(start)])
    for shift in _shifts_of([template], alone.facts, day):
        by = shift.start - start
        if by and shift.start >= soonest:
            later = [row._replace(start=row.start + by, end=row.end + by) for row in rows]
            spans = (*_work(rows, -1), *_work(later, 1))
            yield Option(alone.agent_id, "move", start, by, template.name, spans)


def _shortened(
    alone: Alone, k: int, rows: list[Row], template: ShiftTemplate, window: Window, reach: Reach
) -> Iterator[Option]:
    """A shift that ends earlier, by no more than leaves it some work after now."""
    start, end, step = rows[0].start, rows[-1].end, window.interval_minutes
    for minutes in range(step, reach.longest_minutes + 1, step):
        to = end - minutes
        if to < max(window.now, start + step):
            return
        gone = [row._replace(start=max(row.start, to)) for row in rows if row.end > to]
        last = next(row for row in rows if row.start < to <= row.end)
        if last.pause or any(_off_queue(row) for row in (*gone, last)):
            continue
        paid = sum(row.end - row.start for row in gone if row.paid)
        edit = Edit(k, "end_earlier", minutes)
        left = applied(edit, alone.rota, alone.facts)
        if left is not None:
            own = cut(template, left, k, 0, -minutes)
            yield Option(
                alone.agent_id,
                "end_earlier",
                start,
                minutes,
                own.name,
                tuple(_work(gone, -1)),
                -paid,
                template=own,
            )


def _added(
    alone: Alone, person: Person, window: Window, kinds: Collection[Kind], reach: Reach
) -> Iterator[Option]:
    """Shifts that the contract of somebody off today allows; of people from outside, call-outs of their pool."""
    kind: Kind = "backup" if person.outside else "call_in"
    lead = person.backup.lead_minutes if person.outside and person.backup else reach.lead_minutes
    if kind not in kinds or person.contract is None:
        return
    known = alone.facts.templates or {}
    templates = [known[name] for name in person.contract.shifts if name in known]
    for shift in _shifts_of(templates, alone.facts, window.day):
        if shift.start >= window.now + lead:
            rows = rows_added(shift, kind)
            yield Option(
                person.agent_id, kind, shift.start, shift.end - shift.start, shift.template.name,
                tuple((row.start, row.end, 1) for row in rows if not row.pause), shift.paid_minutes,
                template=shift.template,
            )  # fmt: skip


def _shifts_of(templates: Sequence[ShiftTemplate], facts: Facts, day: int) -> Iterator[CandidateShift]:
    """Every shift of a day that the templates allow, by the person's clock."""
    yield from candidate_shifts(templates, Grid(facts.zone, day, 1, 60), facts.makeup_days, facts.peak_days)


def rows_added(shift: CandidateShift, kind: Kind) -> list[Row]:
    """The rows of a shift that is added, each break in the middle of its window."""
    activity = "backup" if kind == "backup" else "work:*"
    rows, at = list[Row](), shift.start
    for number, rest in sorted(enumerate(shift.template.breaks), key=lambda pair: pair[1].earliest_minutes):
        starts = break_starts(shift, number)
        begin = max(at, starts[len(starts) // 2])
        rows += [Row(at, begin, activity, True), Row(begin, begin + rest.minutes, rest.kind, rest.paid)]
        at = begin + rest.minutes
    return [row for row in (*rows, Row(at, shift.end, activity, True)) if row.end > row.start]
