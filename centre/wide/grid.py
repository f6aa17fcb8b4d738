"""The cells of all tables of a workbook as columns: person, day, text, and where each stands."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.cells import zone_name
from centre.shift_legend import Legend, plain
from centre.wide.dates import is_weekday
from centre.wide.layout import NOTHING, Layout, at, is_remark, is_sum, is_total
from centre.wide.notes import COLUMNS, EMPTY, ROWS, Notes, cell_place, column_name

Codes = NDArray[np.int32]
_OFFSET = re.compile(r"(?:UTC|GMT)\s*([+-])\s*(\d{1,2})(?::?00)?", re.IGNORECASE)
_ZONES = {"北京时间": "Asia/Shanghai", "东八区": "Asia/Shanghai"}


@dataclass
class Grid:
    """The cells that are not blank, arrays of shape (cells,), table by table, row by row.

    Parameters
    ----------
    tables : what ``table`` counts; ``agents`` and ``texts`` are the code books of ``agent`` and ``text``
    day : day number; ``row`` is the line in the sheet, ``column`` the column from 0
    repeated : whether a person stands in more than one row, shape (agents,)
    stands_in : whether a person stands in a table, shape (agents, tables)
    zones : the clocks of people whose row tells one
    """

    tables: list[Layout]
    agents: list[str]
    texts: list[str]
    agent: Codes
    day: NDArray[np.int64]
    text: Codes
    table: Codes
    row: Codes
    column: Codes
    repeated: NDArray[np.bool_]
    stands_in: NDArray[np.bool_]
    zones: dict[str, ZoneInfo]

    def place(self, cell: int) -> str:
        """How a cell is named in a note."""
        sheet = self.tables[self.table[cell]].sheet.name
        return cell_place(sheet, int(self.row[cell]), int(self.column[cell]), int(self.day[cell]))

    def key(self, cell: int) -> tuple[int, ...]:
        """Where a note on a cell stands among the notes."""
        return int(self.table[cell]), ROWS, int(self.row[cell]), int(self.column[cell])


def grid_of(
    tables: list[Layout], own_rows: dict[str, set[int]], legend: Legend, listed: Collection[str] | None,
    notes: Notes,
) -> Grid:  # fmt: skip
    """The cells of all tables; rows and columns that are left out are noted."""
    people = _People(listed, notes)
    rows = [_rows_of_people(number, table, own_rows, legend, people) for number, table in enumerate(tables)]
    parts = [_cells_of(number, table, rows[number], notes) for number, table in enumerate(tables)]
    texts: dict[str, int] = {}
    columns: list[list[NDArray[np.int64]]] = []
    for own_texts, *arrays in parts:
        code = np.array([texts.setdefault(plain(text), len(texts)) for text in own_texts], dtype=np.int64)
        columns.append([arrays[0], arrays[1], code[arrays[2]], *arrays[3:]])
    agent, day, text, table, row, column = (np.concatenate(arrays) for arrays in zip(*columns, strict=True))
    text, table, row, column = (array.astype(np.int32) for array in (text, table, row, column))
    repeated = np.array(list(people.rows.values()), dtype=np.int64) > 1
    stands_in = np.zeros((len(repeated), len(tables)), dtype=bool)
    for number, found in enumerate(rows):
        stands_in[[code for _, code in found], number] = True
    return Grid(
        tables, list(people.rows), list(texts), agent.astype(np.int32), day, text, table, row, column, repeated,
        stands_in, people.zones,
    )  # fmt: skip


class _People:
    """The people met so far, with the number of their rows and their clocks."""

    def __init__(self, listed: Collection[str] | None, notes: Notes) -> None:
        self.listed, self.notes = listed, notes
        self.rows: dict[str, int] = {}
        self.codes: dict[str, int] = {}
        self.zones: dict[str, ZoneInfo] = {}

    def meet(self, agent_id: str, earlier: int | None, place: str, key: tuple[int, ...]) -> int:
        """The code of a person in one more row; ``earlier`` is their row in the same table."""
        if earlier is not None:
            words = f"{agent_id} stands in row {earlier} already; the two were read as one person."
            self.notes.add(key, f"{place}: {words}", agent_id, kind="people who stand twice")
        elif self.listed is not None and agent_id not in self.rows and agent_id not in self.listed:
            words = f"{agent_id} is not on the list of people; judged without what the list would tell."
            self.notes.add(key, f"{place}: {words}", agent_id, kind="people who are not on the list")
        self.rows[agent_id] = self.rows.get(agent_id, 0) + 1
        return self.codes.setdefault(agent_id, len(self.codes))

    def tell_zone(self, agent_id: str, text: str, must: bool, place: str, key: tuple[int, ...]) -> None:
        """Note the clock of a person's row; ``must``: its column holds zones, not sites."""
        if not text:
            return
        zone = zone_of(text)
        if zone is None:
            if must:
                words = f"{text[:30]!r} is no time zone; {agent_id} was read in the clock of the whole rota."
                self.notes.add(key, f"{place}: {words}", agent_id)
        elif self.zones.setdefault(agent_id, zone) != zone:
            words = (
                f"{agent_id} has the time zone {self.zones[agent_id].key} already; {zone.key} was left out."
            )
            self.notes.add(key, f"{place}: {words}", agent_id)


def zone_of(text: str) -> ZoneInfo | None:
    """The time zone of a cell, None where it is none.

    Examples
    --------
    >>> zone_of("Asia/Manila").key, zone_of("北京时间").key, zone_of("UTC+8").key, zone_of("大连")
    ('Asia/Manila', 'Asia/Shanghai', 'Etc/GMT-8', None)
    """
    offset = _OFFSET.fullmatch(text)
    if offset:
        sign = "-" if offset[1] == "+" else "+"
        text = f"Etc/GMT{sign}{int(offset[2])}" if int(offset[2]) else "UTC"
    try:
        return ZoneInfo(zone_name(_ZONES.get(text, text)))
    except ValueError:
        return None


def _rows_of_people(
    number: int, table: Layout, own_rows: dict[str, set[int]], legend: Legend, people: _People
) -> list[tuple[int, int]]:
    """Position in the sheet and code of the person of every row of a person."""
    sheet, seen, sums, found = table.sheet, dict[str, int](), list[int](), []
    places = [column.place for column in table.days]
    headings = _fill_merged(table, min(places))
    for k in range(table.first, table.last):
        row, line = sheet.rows[k], sheet.numbers[k]
        name, key = plain(at(row, table.id_place)), (number, ROWS, line)
        left, place = row[: min(places)], f"{sheet.name}, row {line}"
        if (
            k in headings
            or k in own_rows.get(sheet.name, ())
            or _is_remark(name, row, places, place, key, people.notes)
        ):
            continue
        if is_total(name) or any(map(is_sum, left)) or _counts(name, row, places, legend):
            sums.append(line)
            continue
        if not name:
            codes = [plain(at(row, column)) for column in places]
            filled = sum(code not in NOTHING and not is_weekday(code) for code in codes)
            if filled:
                people.notes.add(key, f"{place}: names nobody; left out with {filled} cell(s).")
            continue
        found.append((k, people.meet(name, seen.get(name), place, key)))
        seen.setdefault(name, line)
        if table.zone_place is not None:
            text = plain(at(row, table.zone_place))
            people.tell_zone(name, text, table.holds_zones, place, key)
    if sums:
        words = ", ".join(map(str, sums[:20])) + (" ..." if len(sums) > 20 else "")
        people.notes.add((number, EMPTY), f"{sheet.name}, row(s) {words}: totals, not people; left out.")
    return found


def _fill_merged(table: Layout, first_day: int) -> set[int]:
    """Give every cell of a merged range its text; the rows that a heading over people and days covers."""
    headings: set[int] = set()
    for (top, left), (bottom, right) in table.sheet.merged:
        if not table.first <= top < table.last:
            continue
        if left <= table.id_place and right >= first_day:
            headings.update(range(top, bottom + 1))
            continue
        text = at(table.sheet.rows[top], left)
        for k in range(top, bottom + 1):
            row = table.sheet.rows[k]
            row += [""] * (right + 1 - len(row))
            row[left : right + 1] = [text] * (right + 1 - left)
    return headings


def _is_remark(
    name: str, row: list[str], places: list[int], place: str, key: tuple[int, ...], notes: Notes
) -> bool:
    """Whether a row holds remarks, not a person; what stands below days is noted."""
    if not is_remark(name):
        return False
    filled = sum(at(row, column) not in NOTHING for column in places)
    if filled:
        notes.add(key, f"{place}: {name[:10]!r} names no person; left out with {filled} cell(s).")
    return True


def _counts(name: str, row: list[str], places: list[int], legend: Legend) -> bool:
    """Whether a row counts how many have a code: the code in place of a person, numbers in place of codes."""
    if name not in legend and f"{name}班" not in legend and name.removesuffix("班") not in legend:
        return False
    filled = [text for text in (at(row, place) for place in places) if text not in NOTHING]
    return all(text.isdecimal() and text not in legend for text in filled)


def _cells_of(
    number: int, table: Layout, rows: list[tuple[int, int]], notes: Notes
) -> tuple[list[str], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64],
           NDArray[np.int64], NDArray[np.int64]]:  # fmt: skip
    """Distinct texts, then person, day, text, table, line and column of the cells that are not blank."""
    sheet = table.sheet
    for sentence in _about_columns(table):
        notes.add((number, COLUMNS), sentence)
    places = np.array([column.place for column in table.days], dtype=np.int64)
    days = np.array([column.day for column in table.days], dtype=np.int64)
    width = int(places.max()) + 1
    block = np.empty((len(rows), width), dtype=object)
    for k, (position, _) in enumerate(rows):
        row = sheet.rows[position]
        block[k] = row[:width] if len(row) >= width else row + [""] * (width - len(row))
    codes, texts = pd.factorize(block[:, places].ravel())
    blank = np.array([not text.strip() for text in texts], dtype=bool)
    kept = np.flatnonzero(~blank[codes]) if len(texts) else np.zeros(0, dtype=np.int64)
    empty = len(codes) - len(kept)
    if empty:
        notes.add((number, EMPTY), f"{sheet.name}: {empty} empty cell(s) were taken as days off.")
    line = np.array([sheet.numbers[position] for position, _ in rows], dtype=np.int64)
    agent = np.array([code for _, code in rows], dtype=np.int64)
    row_of, column_of = np.divmod(kept, len(places))
    return (
        list(texts), agent[row_of], days[column_of], codes[kept].astype(np.int64),
        np.full(len(kept), number, dtype=np.int64), line[row_of], places[column_of],
    )  # fmt: skip


def _about_columns(table: Layout) -> Iterator[str]:
    """What is wrong with columns, how many cells are left out with each, and which are sums."""
    sheet = table.sheet
    body = range(table.first, table.last)
    for column in table.columns:
        if column.day is None:
            cells_ = sum(at(sheet.rows[k], column.place) not in NOTHING for k in body)
            where = f"{sheet.name}, column {column_name(column.place)}, headed {column.header!r}"
            yield f"{where}: {column.wrong}; the column was left out with {cells_} filled cell(s)."
    for place in table.stray():
        cells_ = sum(at(sheet.rows[k], place) not in NOTHING for k in body)
        if cells_:
            where = f"{sheet.name}, column {column_name(place)}"
            yield f"{where}: no date stands above it; the column was left out with {cells_} filled cell(s)."
    for place, header in table.totals:
        yield f"{sheet.name}, column {column_name(place)}, headed {header!r}: totals, not a day; left out."
