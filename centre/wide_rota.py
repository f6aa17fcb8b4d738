"""A wide rota, people down and days across, as the table of ``rota.csv``.

sheet of codes + legend -> rows of rota.csv, and a note of every cell, row and column that was left out
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from centre.errors import Faults
from centre.instants import day_of, existing_instant, from_minutes, local_instant, to_minutes, to_timestamps
from centre.records import Record, records_of
from centre.shift_legend import LegendCode, plain, read_legend
from centre.wide_dates import DayColumn, date_parts, day_columns, is_weekday

ID_HEADERS = ("agent_id", "工号", "员工编号", "员工号", "姓名", "name")
"""Headers of the column of people, the better one first."""
NOTHING = ("", "-", "–", "—")
_MOST_TOP_ROWS = 20


@dataclass(frozen=True, slots=True)
class Note:
    """Something about the file that was left out or assumed; person and day number where it is about one."""

    sentence: str
    agent_id: str = ""
    day: int | None = None


@dataclass
class WideRota:
    """The table of ``rota.csv``, the days that the sheet covers, and what is to be known about the file."""

    frame: pd.DataFrame
    first_day: int
    days: int
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A shift of the sheet and where it stands."""

    agent_id: str
    day: int
    place: str
    code: str
    shift: LegendCode
    start: int
    end: int


def read_wide_rota(
    path: Path, legend_path: Path, zone: ZoneInfo, listed: Collection[str] | None = None
) -> WideRota:
    """The rota of a wide sheet; ``listed`` are the people known, None where there is no list.

    Raises `BadInput` where the legend is faulty, or the sheet has no column of people or no date at all.
    """
    faults = Faults()
    legend = read_legend(legend_path, faults)
    records = [(row, [cell.strip() for cell in cells_]) for row, cells_ in records_of(path, faults)]
    top = _top(path.name, records, faults) if not faults else None
    faults.raise_if_any()
    assert top is not None
    columns, id_place, body = top
    notes = [Note(sentence) for sentence in _about_columns(path.name, columns, body)]
    known = [column for column in columns if column.day is not None]
    found = list(_cells(path.name, known, id_place, body, legend, zone, listed, notes))
    kept = _once(found, notes)
    days = [column.day for column in known if column.day is not None]
    return WideRota(
        _frame(kept), min(days), max(days) + 1 - min(days), notes + list(_assumed(path.name, kept))
    )


def column_name(place: int) -> str:
    """The letters that a spreadsheet shows over a column.

    Examples
    --------
    >>> column_name(0), column_name(27)
    ('A', 'AB')
    """
    letters = ""
    while place >= 0:
        place, letter = divmod(place, 26)
        letters, place = chr(65 + letter) + letters, place - 1
    return letters


def _top(
    file: str, records: Sequence[Record], faults: Faults
) -> tuple[list[DayColumn], int, list[tuple[int, list[str]]]] | None:
    """The day columns, the place of the people, and the rows below the headers."""
    rows = [list(record) for _, record in records]
    heads = [
        (ID_HEADERS.index(cell.lower()), k, place)
        for k, row in enumerate(rows[:_MOST_TOP_ROWS]) for place, cell in enumerate(row)
        if cell.lower() in ID_HEADERS
    ]  # fmt: skip
    if not heads:
        words = "a column of people headed " + ", ".join(ID_HEADERS)
        faults.add(file, words, found="none in the first rows", row=1)
        return None
    _, head, id_place = min(heads)
    last = head
    while last + 1 < len(rows) and not _at(rows[last + 1], id_place):
        last += 1
    counts = [sum(date_parts(cell) is not None for cell in row) for row in rows[: last + 1]]
    best = counts.index(max(counts))
    columns = day_columns(rows[:best], rows[best])
    if not any(column.day is not None for column in columns):
        words = "dates across: 2026-03-02, 3月2日 or 1, 2, 3 below a title such as 2026年3月"
        wrong = columns[0].wrong if columns else "no date in the header rows"
        faults.add(file, words, found=wrong, row=records[best][0])
        return None
    below = max(best, head) + 1
    return columns, id_place, [(records[k][0], rows[k]) for k in range(below, len(rows))]


def _at(row: Sequence[str], place: int) -> str:
    return row[place] if place < len(row) else ""


def _about_columns(file: str, columns: list[DayColumn], body: list[tuple[int, list[str]]]) -> Iterator[str]:
    """What is wrong with columns, and how many cells are left out with each."""
    for column in columns:
        if column.day is None:
            cells_ = sum(_at(row, column.place) not in NOTHING for _, row in body)
            where = f"{file}, column {column_name(column.place)}, headed {column.header!r}"
            yield f"{where}: {column.wrong}; the column was left out with {cells_} filled cell(s)."


def _cells(
    file: str, columns: list[DayColumn], id_place: int, body: list[tuple[int, list[str]]],
    legend: dict[str, LegendCode], zone: ZoneInfo, listed: Collection[str] | None, notes: list[Note],
) -> Iterator[_Cell]:  # fmt: skip
    """The shifts of the sheet, row by row; what is left out goes to ``notes``."""
    seen: dict[str, int] = {}
    empty = 0
    for number, row in body:
        codes = [(column, plain(_at(row, column.place))) for column in columns]
        agent_id = plain(_at(row, id_place))
        if not agent_id:
            filled = [code for _, code in codes if code not in NOTHING and not is_weekday(code)]
            if filled:
                notes.append(
                    Note(f"{file}, row {number}: names nobody; left out with {len(filled)} cell(s).")
                )
            continue
        if agent_id in seen:
            words = f"{agent_id} stands in row {seen[agent_id]} already; the two were read as one person."
            notes.append(Note(f"{file}, row {number}: {words}", agent_id))
        elif listed is not None and agent_id not in listed:
            words = f"{agent_id} is not on the list of people; judged without what the list would tell."
            notes.append(Note(f"{file}, row {number}: {words}", agent_id))
        seen.setdefault(agent_id, number)
        empty += sum(code == "" for _, code in codes)
        for column, code in codes:
            cell = _cell(file, number, column, agent_id, code, legend, zone, notes)
            if cell:
                yield cell
    if empty:
        notes.append(Note(f"{file}: {empty} empty cell(s) were taken as days off."))


def _cell(
    file: str, row: int, column: DayColumn, agent_id: str, code: str,
    legend: dict[str, LegendCode], zone: ZoneInfo, notes: list[Note],
) -> _Cell | None:  # fmt: skip
    """The shift of one cell, or None for a day off and what cannot be read."""
    assert column.day is not None
    place = f"row {row}, column {column_name(column.place)} ({day_of(column.day)})"
    shift = legend.get(code)
    if shift is None:
        if code not in NOTHING:
            words = f"code {code[:20]!r} is not in the legend; the cell of {agent_id} was left out."
            notes.append(Note(f"{file}, {place}: {words}", agent_id, column.day))
        return None
    if shift.start is None or shift.end is None:
        return None
    ends = [_instant(zone, column.day, minute) for minute in (shift.start, shift.end)]
    for _, wrong in ends:
        if wrong:
            notes.append(Note(f"{file}, {place}: {agent_id}, code {code!r}: {wrong}", agent_id, column.day))
    return _Cell(agent_id, column.day, f"{file}, {place}", code, shift, ends[0][0], ends[1][0])


@lru_cache(maxsize=4096)  # a year of a thousand people has few different times
def _instant(zone: ZoneInfo, day: int, minute: int) -> tuple[int, str]:
    """The instant of a wall-clock time, and words where clocks skip it or show it twice."""
    clock = f"{minute % 1440 // 60:02d}:{minute % 60:02d}"
    instant = local_instant(zone, day, minute)
    if instant is None:
        return existing_instant(zone, day, minute), f"clocks skip {clock}; the first time after it was taken."
    later = to_minutes(from_minutes(instant, zone).replace(fold=1))
    return instant, f"clocks show {clock} twice; the first was taken." if later != instant else ""


def _once(found: list[_Cell], notes: list[Note]) -> list[_Cell]:
    """One shift a person and day; shifts that overlap from one day to the next are noted and kept."""
    kept: list[_Cell] = []
    for cell in sorted(found, key=lambda c: (c.agent_id, c.day)):  # stable: the upper row first
        before = kept[-1] if kept and kept[-1].agent_id == cell.agent_id else None
        if before and before.day == cell.day:
            words = f"{cell.agent_id} has code {before.code!r} on this day already; the cell was left out."
            notes.append(Note(f"{cell.place}: {words}", cell.agent_id, cell.day))
            continue
        if before and before.end > cell.start:
            words = (
                f"code {cell.code!r} of {cell.agent_id} begins {before.end - cell.start} min before the end"
            )
            notes.append(
                Note(
                    f"{cell.place}: {words} of {before.code!r} the day before; both were judged.",
                    cell.agent_id,
                    cell.day,
                )
            )
        kept.append(cell)
    return kept


def _assumed(file: str, kept: list[_Cell]) -> Iterator[Note]:
    """What the legend does not tell about breaks, and how the shifts were judged for it."""
    laid = sum(bool(cell.shift.break_minutes) for cell in kept)
    untold = sum(cell.shift.break_minutes is None for cell in kept)
    if laid:
        words = "the legend tells how long breaks are, not when; each was laid in the middle of its shift."
        yield Note(f"{file}, {laid} shift(s): {words}")
    if untold:
        words = "the legend tells no break_minutes; they were judged as worked without a break."
        yield Note(f"{file}, {untold} shift(s): {words}")


def _frame(kept: list[_Cell]) -> pd.DataFrame:
    rows = [row for cell in kept for row in _stretches(cell)]
    columns = ("agent_id", "day", "start", "end", "activity", "shift", "paid")
    frame = pd.DataFrame(rows, columns=list(columns))
    for name in ("start", "end"):
        frame[name] = to_timestamps(frame[name].to_numpy(dtype="int64"))
    return frame


def _stretches(cell: _Cell) -> Iterator[tuple[object, ...]]:
    """The rows of one shift: work, an unpaid meal in its middle, work."""
    pause = cell.shift.break_minutes or 0
    pause = min(pause, max(0, cell.end - cell.start - 2))  # a night on which clocks go forward is shorter
    middle = cell.start + (cell.end - cell.start - pause) // 2
    work, paid = "work:*", cell.shift.paid
    parts = [(cell.start, middle, work, paid), (middle, middle + pause, "meal", False)] if pause else []
    parts.append((middle + pause if pause else cell.start, cell.end, work, paid))
    for start, end, activity, is_paid in parts:
        if end > start:
            yield cell.agent_id, day_of(cell.day), start, end, activity, cell.code, is_paid
