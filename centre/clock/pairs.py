"""Records with a clock-in and a clock-out in one row."""

from dataclasses import dataclass

import numpy as np

from centre import cells
from centre.clock.notes import NoteBook
from centre.clock.rows import Rows
from centre.clock.zones import RowZones, Times, times
from centre.instants import MINUTES_A_DAY, Minutes, day_number
from centre.tables import Table
from centre.wall_clock import Flags


def pair_stretches(table: Table, zone_of: RowZones, left: Flags, book: NoteBook) -> Rows:
    """The stretches of a table with ``clock_in`` and ``clock_out``; rows without both are noted and left out."""
    days = given_days(table)
    start = times(table, "clock_in", zone_of, days, left, book)
    end = times(table, "clock_out", zone_of, days, left, book)
    if days is not None:
        end = _next_day(table, start, end)
    told = _Told(zone_of, start, end, days)
    for k in np.flatnonzero(left & start.blank & ~end.blank):
        book.lost("no clock-in", int(k), "has no clock-in; the row was left out.", told.days(int(k)))
    for k in np.flatnonzero(left & end.blank & ~start.blank):
        book.lost("no clock-out", int(k), "has no clock-out; the row was left out.", told.days(int(k)))
    for k in np.flatnonzero(left & end.blank & start.blank):
        words = "has neither clock-in nor clock-out; the row was left out."
        book.lost("neither clock-in nor clock-out", int(k), words, told.days(int(k)))
    both = left & start.known & end.known
    for k in np.flatnonzero(left & ~both & ~start.blank & ~end.blank):
        book.unclear.update((str(book.agents[k]), day) for day in told.days(int(k)))
    begin, until = _chosen(start, end, both, book)
    wrong = both & (until <= begin)
    for k in np.flatnonzero(wrong):
        times_ = f"{table.cell('clock_in', int(k))} to {table.cell('clock_out', int(k))}"
        words = f"ends before or when it starts ({times_}); it was left out."
        book.lost("end before start", int(k), words, told.days(int(k)))
    long = both & (until - begin > MINUTES_A_DAY)
    for k in np.flatnonzero(long):
        words = f"lasts {int(until[k] - begin[k])} min, over 24 hours; it was left out."
        book.lost("over 24 hours", int(k), words, told.days(int(k)))
    kept = np.flatnonzero(both & ~wrong & ~long)
    none = np.zeros(len(kept), dtype=bool)
    return Rows(kept, begin[kept], until[kept], zone_of.days(kept, begin[kept]), none, none)


@dataclass(frozen=True)
class _Told:
    """What a record that is left out still tells of its day."""

    zone_of: RowZones
    start: Times
    end: Times
    given: Minutes | None

    def days(self, position: int) -> list[int]:
        """The local day of the clock-in, else those on which a shift with this clock-out may have begun."""
        if self.given is not None and self.given[position] >= 0:
            return [int(self.given[position])]
        place = np.array([position])
        if self.start.known[position]:
            return [int(self.zone_of.days(place, self.start.first[place])[0])]
        if self.end.known[position]:
            day = int(self.zone_of.days(place, self.end.first[place])[0])
            return [day, day - 1]
        return []


def given_days(table: Table) -> Minutes | None:
    """Day numbers of the column ``day``, -1 where it has no date; None where there is no such column."""
    if "day" not in table:
        return None

    def read(text: str) -> int:
        try:
            return day_number(cells.day(text))
        except ValueError:
            return -1

    return table.values("day", read, np.int64, -1)


def _next_day(table: Table, start: Times, end: Times) -> Times:
    """A clock-out without a date that is before the clock-in is on the next day."""
    column = table.columns["clock_out"]
    alone = np.array([len(text) <= 8 for text in column.texts] or [False], dtype=bool)[column.codes]
    move = np.where(alone & end.known & start.known & (end.second < start.first), MINUTES_A_DAY, 0)
    return Times(end.first + move, end.second + move, end.known, end.blank)


def _chosen(start: Times, end: Times, both: Flags, book: NoteBook) -> tuple[Minutes, Minutes]:
    """Of two readings of a time the one that the order of in and out demands, else the first; both are noted."""
    begin, until = start.first.copy(), end.first.copy()
    for k in np.flatnonzero(both & (start.twice | end.twice)):
        ins, outs = {int(start.first[k]), int(start.second[k])}, {int(end.first[k]), int(end.second[k])}
        fits = [(i, o) for i in sorted(ins) for o in sorted(outs) if i < o]
        if not fits:
            continue
        begin[k], until[k] = fits[0]
        which = "clock-in" if len(ins) > 1 else "clock-out"
        which = "clock-in and clock-out" if len(ins) > 1 and len(outs) > 1 else which
        how = "the only reading in which the clock-in comes first was taken"
        words = (
            f"clocks show the time of the {which} twice; {how if len(fits) == 1 else 'the first was taken'}."
        )
        book.row("times that clocks show twice", int(k), words)
    return begin, until
