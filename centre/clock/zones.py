"""The clock of each row of a file of records."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from centre import cells
from centre.clock.notes import NoteBook
from centre.clock.times import clock_texts, of_rows
from centre.instants import Minutes
from centre.tables import Table
from centre.wall_clock import Flags, local_days, readings


@dataclass(frozen=True)
class RowZones:
    """The zones of a file and which of them each row has, shape (rows,)."""

    zones: tuple[ZoneInfo, ...]
    codes: NDArray[np.int32]

    def people(self, agents: NDArray[np.object_]) -> dict[str, ZoneInfo]:
        """The zones of people whose rows all have one, where it is not the file's first."""
        told: dict[str, set[int]] = {}
        if len(self.zones) > 1:
            for agent_id, code in zip(agents.tolist(), self.codes.tolist(), strict=True):
                told.setdefault(agent_id, set()).add(code)
        return {
            a: self.zones[min(codes)] for a, codes in told.items() if a and len(codes) == 1 and codes != {0}
        }

    def days(self, positions: NDArray[np.intp], instants: Minutes) -> Minutes:
        """Day numbers that the clocks of these rows show at instants, shape (positions,)."""
        days, codes = np.zeros(len(instants), dtype=np.int64), self.codes[positions]
        for code, zone in enumerate(self.zones):
            mine = codes == code
            days[mine] = local_days(instants[mine], zone)
        return days


@dataclass(frozen=True)
class Times:
    """A column of times row by row, arrays of shape (rows,).

    ``first`` and ``second`` are the readings in UTC minutes, equal but where clocks show a time twice;
    ``known`` whether there is a time that can be read, ``blank`` whether there is none.
    """

    first: Minutes
    second: Minutes
    known: Flags
    blank: Flags

    @property
    def twice(self) -> Flags:
        """Whether clocks show the time twice."""
        return np.asarray(self.known & (self.first != self.second))


def row_zones(
    table: Table, agents: NDArray[np.object_], zone: ZoneInfo, told: Mapping[str, ZoneInfo],
    left: Flags, book: NoteBook,
) -> RowZones:  # fmt: skip
    """The zone of each row: its own column, that of its site or person, else the centre's.

    Rows with a zone that nobody knows are taken out of ``left``.
    """
    zones: dict[str, int] = {zone.key: 0}
    found = [zone]

    def code_of(one: ZoneInfo) -> int:
        if one.key not in zones:
            zones[one.key] = len(found)
            found.append(one)
        return zones[one.key]

    codes = np.zeros(len(table), dtype=np.int32)
    for name in ("agent_id", "site"):
        if name in table and told:
            column = table.columns[name]
            places = [code_of(told[text]) if text in told else -1 for text in column.texts]
            own = of_rows(np.array(places, dtype=np.int64), column.codes)
            codes = np.where(own >= 0, own, codes).astype(np.int32)
    if "timezone" in table:
        column = table.columns["timezone"]
        places = [_place(text, code_of) for text in column.texts]
        own = of_rows(np.array(places, dtype=np.int64), column.codes)
        for k in np.flatnonzero(own == -2):
            words = f"{table.cell('timezone', int(k))[:20]!r} is no time zone; the row was left out."
            book.row("no time zone", int(k), words)
        left[own == -2] = False
        codes = np.where(own >= 0, own, codes).astype(np.int32)
    return RowZones(tuple(found), codes)


def _place(text: str, code_of: Callable[[ZoneInfo], int]) -> int:
    if not text:
        return -1
    try:
        return code_of(ZoneInfo(cells.zone_name(text)))
    except ValueError:
        return -2


def times(
    table: Table, name: str, zone_of: RowZones, day: Minutes | None, left: Flags, book: NoteBook
) -> Times:
    """A column of times; what cannot be read, does not exist or has two zones is noted.

    Parameters
    ----------
    day : day numbers for times without a date, negative where not told; None where the file has no such column
    left : rows to look at; notes are of these alone
    """
    column = table.columns[name]
    texts = clock_texts(column.texts, day is not None)
    codes = column.codes
    minutes, zoned, alone = (of_rows(v, codes) for v in (texts.minutes, texts.zoned, texts.alone))
    blank, offset = of_rows(texts.blank, codes).astype(bool), of_rows(texts.offset, codes)
    zoned, alone = zoned.astype(bool), alone.astype(bool)
    known: Flags = np.asarray(~blank & ~np.isin(codes, list(texts.wrong)), dtype=bool)
    if day is not None:
        minutes = minutes + np.where(alone, day * 1440, 0)
        undated = alone & (day < 0) & left
        for k in np.flatnonzero(undated):
            book.row("times without a date", int(k), f"{name} has a time without a date; it was left out.")
        known = np.asarray(known & ~(alone & (day < 0)), dtype=bool)
    first, second = minutes.copy(), minutes.copy()
    for code, zone in enumerate(zone_of.zones):
        mine = known & ~zoned & (zone_of.codes == code)
        told = readings(minutes[mine], zone)
        first[mine], second[mine] = told.first, told.second
        for k in np.flatnonzero(mine)[told.skipped]:
            if left[k]:
                words = f"{name} {table.cell(name, int(k))}: clocks in {zone.key} skip this time; the first after it was taken."
                book.row("times that clocks skip", int(k), words)
        _two_zones(
            table,
            name,
            zone,
            np.flatnonzero(known & zoned & left & (zone_of.codes == code)),
            first,
            offset,
            book,
        )
    for k in np.flatnonzero(left & ~blank & np.isin(codes, list(texts.wrong))):
        found, expected = table.cell(name, int(k))[:30], texts.wrong[int(codes[k])]
        book.row(
            f"{name} cannot be read", int(k), f"{name} {found!r}: expected {expected}; the row was left out."
        )
    return Times(first, second, known, blank)


def _two_zones(
    table: Table, name: str, zone: ZoneInfo, positions: NDArray[np.intp], instants: Minutes,
    offset: Minutes, book: NoteBook,
) -> None:  # fmt: skip
    """Note times whose offset is another than that of the zone which their own row names."""
    if "timezone" not in table or not len(positions):
        return
    named = np.array([table.cell("timezone", int(k)) != "" for k in positions], dtype=bool)
    told = positions[named]
    if not len(told):
        return
    wall = instants[told] + offset[told]
    own = readings(wall, zone)
    wrong = (own.first != instants[told]) & (own.second != instants[told]) & (offset[told] != 0)
    for k in told[wrong]:
        words = (
            f"{name} {table.cell(name, int(k))} has another offset than {zone.key} in the same row; "
            "the offset was taken."
        )
        book.row("two zones for one time", int(k), words)
