"""Cheapest lawful lines for the people of a benchmark instance, over the whole horizon or a span of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduler.nrp.instance import OFF, Ints, NrpInstance
from scheduler.problem import Floats
from scheduler.solve.nrp_span import Span, whole_span
from scheduler.solve.nrp_sweep import UNREACHED, sweep

LARGEST_TABLE = 1 << 24
"""Most numbers of a table of states: 128 MiB for each thread."""
LARGEST_COUNTED = 1 << 25
"""The same where shifts are counted, which costs more time than prices on them do."""
MOST_COUNTS = 64


@dataclass(frozen=True, eq=False)
class Priced:
    """The cheapest line of a span.

    Parameters
    ----------
    bound : no lawful line costs less; infinite where there is none
    cost : of the line
    line : shift numbers of the days of the span; None where none was found
    """

    bound: float
    cost: float
    line: Ints | None


@dataclass(frozen=True, eq=False)
class Layout:
    """How shifts lead from state to state for one person: see `nrp_sweep.sweep`."""

    kind_class: Ints
    classes: int
    follows: Ints
    group: Ints
    kind_group: Ints
    radix: Ints
    counts: int


class Pricer:
    """Cheapest lines for the people of an instance.

    Limits on how often a shift may be worked are left out first. Those that the line breaks are counted in the state
    as far as the table stays small; the others are met by raising the shift's price until the line keeps them, so that
    such a line is lawful but perhaps not the cheapest.

    One pricer serves one thread: it keeps the table of states.
    """

    def __init__(self, instance: NrpInstance) -> None:
        self.instance = instance
        self.unit = int(np.gcd.reduce(instance.minutes))
        self._levels = instance.minutes // self.unit
        self._table = np.zeros(0)
        self._layouts: dict[tuple[int, tuple[tuple[int, int], ...]], Layout] = {}
        self._raised = np.zeros(instance.max_shifts.shape)

    def states(self, person: int, span: Span) -> int:
        """Size of the table of states, no shift counted."""
        return self._fit(person, span, self._layout(person, ()))[1]

    def layouts(self) -> list[Layout]:
        """How shifts lead from state to state for everybody, none counted."""
        return [self._layout(person, ()) for person in range(len(self.instance.staff))]

    def cheapest(self, person: int, cost: Floats, span: Span) -> Priced:
        """The cheapest line of a person; ``cost`` is that of each shift on each day of the span, (days, shifts)."""
        counted: dict[int, int] = {}
        while True:
            layout = self._layout(person, tuple(sorted(counted.items())))
            value, line = self._sweep(person, cost, span, layout)
            if line is None:
                return Priced(np.inf, np.inf, None)
            over = np.bincount(line[line != OFF], minlength=len(span.most)) - span.most
            if (over <= 0).all():
                return Priced(value, value, line)
            for kind in np.flatnonzero(over > 0).tolist():
                counted[kind] = int(span.most[kind])
            counts = int(np.prod([most + 1 for most in counted.values()]))
            if counts > MOST_COUNTS or counts * self.states(person, span) > LARGEST_COUNTED:
                return self._raise(person, cost, span, value)

    def _raise(self, person: int, cost: Floats, span: Span, bound: float) -> Priced:
        """A line that keeps the limits on shifts by prices on those shifts."""
        layout, raised = self._layout(person, ()), self._raised[person].copy()
        pace = max(1.0, float(np.ptp(cost)) / 50)
        for attempt in range(12):
            value, line = self._sweep(person, cost + raised, span, layout)
            assert line is not None
            bound = max(bound, value - float(raised @ span.most))
            over = np.bincount(line[line != OFF], minlength=len(span.most)) - span.most
            if (over <= 0).all():
                self._raised[person] = raised * 0.7
                worked = np.flatnonzero(line != OFF)
                return Priced(bound, float(cost[worked, line[worked]].sum()), line)
            raised += np.maximum(over, 0) * pace * 1.5**attempt
        return Priced(bound, np.inf, None)

    def _sweep(self, person: int, cost: Floats, span: Span, layout: Layout) -> tuple[float, Ints | None]:
        if span.high < 0 or span.weekends < 0:
            return np.inf, None
        shape, size, lows = self._fit(person, span, layout)
        if size > len(self._table):
            self._table = np.zeros(size)
        out = np.empty(len(span.must), dtype=np.int64)
        value = sweep(
            shape, span.must, span.paid, lows, layout.group, np.where(span.most > 0, layout.kind_group, -1),
            layout.follows, layout.radix, cost, self._table, out,
        )  # fmt: skip
        return (value, out) if value < UNREACHED else (np.inf, None)

    def _fit(self, person: int, span: Span, layout: Layout) -> tuple[tuple[int, ...], int, Ints]:
        """The shape of the table for a span, how many numbers it holds, and the minutes that each day may end with."""
        one, days = self.instance, len(span.must)
        longest, rest = int(one.max_run[person]), int(one.min_off[person])
        low, high = -(-span.low // self.unit), span.high // self.unit
        widest = int(self._levels[one.max_shifts[person] > 0].max(initial=0))
        number = np.arange(days + 1)
        most = widest * (
            number // (longest + rest) * longest + np.minimum(number % (longest + rest), longest)
        )
        lows = np.empty((days + 1, 2), dtype=np.int64)
        lows[:, 0], lows[:, 1] = np.maximum(0, low - most[::-1]), np.minimum(high, most)
        lows[0, 0] = 0
        band = max(1, int((lows[:, 1] - lows[:, 0]).max()) + 1)
        kind, length = span.state
        place = (
            min(length, rest) - 1 if kind == OFF else rest + layout.kind_class[kind] * longest + length - 1
        )
        shape = (
            span.first, longest, int(one.min_run[person]), rest, span.weekends, layout.classes, layout.counts, band,
            widest, int(place), low,
        )  # fmt: skip
        places = rest + layout.classes * longest
        block = layout.counts * (span.weekends + 1) * (band + 2 * widest)
        return shape, (days + 1) * places * block + block, lows

    def _layout(self, person: int, counted: tuple[tuple[int, int], ...]) -> Layout:
        """Shifts sorted by what may follow them, what they add and whether they are counted."""
        key = person, counted
        if key not in self._layouts:
            self._layouts[key] = self._laid_out(person, dict(counted))
        return self._layouts[key]

    def _laid_out(self, person: int, counted: dict[int, int]) -> Layout:
        one = self.instance
        works = np.flatnonzero(one.max_shifts[person] > 0).tolist()
        rows: dict[bytes, int] = {}
        kinds = len(one.shifts)
        kind_class, kind_group = np.zeros(kinds, dtype=np.int64), np.full(kinds, -1)
        groups: dict[tuple[int, int, int], int] = {}
        steps, counts = dict.fromkeys(works, 0), 1
        for kind, most in counted.items():
            steps[kind], counts = counts, counts * (most + 1)
        for kind in works:
            kind_class[kind] = rows.setdefault(one.cannot_follow[kind, works].tobytes(), len(rows))
            group = int(kind_class[kind]), int(self._levels[kind]), steps[kind]
            kind_group[kind] = groups.setdefault(group, len(groups))
        follows = np.ones((len(rows) + 1, kinds), dtype=np.int64)
        for kind in works:
            follows[kind_class[kind], works] = ~one.cannot_follow[kind, works]
        by_step = {step: counted[kind] for kind, step in steps.items() if step}
        return Layout(
            kind_class, len(rows), follows, np.array(list(groups), dtype=np.int64).reshape(-1, 3), kind_group,
            np.array([by_step.get(step, 0) for _, _, step in groups], dtype=np.int64), counts,
        )  # fmt: skip


def spans_of(instance: NrpInstance) -> list[Span]:
    """The whole horizon of everybody."""
    return [whole_span(instance, person) for person in range(len(instance.staff))]


def cover_of(lines: Ints, days: int, shifts: int) -> NDArray[np.int64]:
    """How many of the lines, shape (people, days), have each shift on each day, shape (days, shifts)."""
    cover = np.zeros((days, shifts), dtype=np.int64)
    person, day = np.nonzero(lines != OFF)
    np.add.at(cover, (day, lines[person, day]), 1)
    return cover
