"""What the columns of a file are taken for: proposed from headings and values with how sure that is, and changed by hand."""

import difflib
import re
from collections.abc import Mapping as Words
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from centre.errors import Faults
from centre.foreign import lengths, times
from centre.foreign.sheet import Sheet
from centre.foreign.words import (
    CALABRIO,
    DURATIONS,
    FORMAT_NAMES,
    FORMATS,
    HEADINGS,
    HISTORY_ROLES,
    IGNORED,
    ORDERS,
    PARTS_OF_DURATIONS,
    SUMMED,
    UNITS,
    plain_heading,
    unit_in,
)  # fmt: skip

SEARCHED_ROWS = 40
MOST_EXAMPLES = 3
_CLOSE = 0.86
_NICE_FILES = re.compile(r"(history-\d{6,10}|ctresults_.*)\.(txt|csv)", re.IGNORECASE)


@dataclass(frozen=True)
class Column:
    """One column of a file and what it is taken for.

    Parameters
    ----------
    place : from 0
    role : one of `centre.foreign.words.HISTORY_ROLES`, empty for a column that is left out
    confidence : 0 to 1; below 0.8 a person should look
    unit : of a handle time, see `centre.foreign.words.UNITS`
    examples : its first few distinct values
    """

    place: int
    heading: str
    role: str = ""
    confidence: float = 1.0
    unit: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mapping:
    """How a file is read.

    Parameters
    ----------
    header_row : line of the headings; 0 where the file has none
    date_order : one of `centre.foreign.words.ORDERS`; None where it is not known
    timezone : of times without an offset; empty for the centre's
    queues : the file's names of queues and the centre's; an empty name leaves a queue out
    """

    format: str
    header_row: int
    columns: tuple[Column, ...]
    date_order: str | None = None
    date_order_sure: bool = True
    timezone: str = ""
    queues: Words[str, str] = field(default_factory=dict)

    def places(self, role: str) -> list[int]:
        """The columns that have a role."""
        return [column.place for column in self.columns if column.role == role]


def proposed(sheet: Sheet, format_: str | None = None) -> Mapping:
    """What a file seems to say.

    Parameters
    ----------
    format_ : one of `centre.foreign.words.FORMAT_NAMES` where the user names it
    """
    if format_ == "calabrio" or (format_ is None and _is_calabrio(sheet)):
        header_row, names = 0, list(CALABRIO)
        format_ = "calabrio"
    else:
        header_row, names = _header(sheet)
    found = format_ or _format_of(sheet.file, [plain_heading(name) for name in names])
    below = [cells for row, cells in sheet.rows if row > header_row]
    columns = [_column(place, name, _texts(below, place)) for place, name in enumerate(names)]
    columns = _settled(columns)
    if found in FORMATS:  # whose makers say that handle times are seconds
        columns = [replace(one, confidence=0.95) if one.unit == "seconds" else one for one in columns]
    order, doubtful = _order(columns, below)
    zone = (
        "UTC"
        if any("utc" in column.heading.lower() for column in columns if column.role == "interval_start")
        else ""
    )
    return Mapping(found, header_row, tuple(columns), order, not doubtful, zone)


def changed(sheet: Sheet, mapping: Mapping, change: Words[str, Any], faults: Faults) -> Mapping:
    """A mapping with what somebody chose in place of what was proposed.

    Parameters
    ----------
    change : ``roles`` and ``units`` by heading or place (from 1), ``date_order``, ``timezone``, ``queues``
    """
    columns = list(mapping.columns)
    for what in ("roles", "units"):
        known = ("", *HISTORY_ROLES) if what == "roles" else tuple(UNITS)
        for name, value in change.get(what, {}).items():
            place = _place(columns, name)
            if place is None:
                faults.add(
                    "mapping", "a heading of the file, or the number of a column", found=name, column=what
                )
            elif value not in known:
                faults.add(
                    "mapping",
                    "one of " + ", ".join(word or "(nothing)" for word in known),
                    found=value,
                    column=name,
                )
            else:
                columns[place] = replace(columns[place], confidence=1.0, **{what[:-1]: value})
    columns = [_with_unit(column) for column in columns]
    found, by_sequence = _order(columns, [cells for row, cells in sheet.rows if row > mapping.header_row])
    order = change.get("date_order") or found
    if order is not None and order not in ORDERS:
        faults.add("mapping", "one of " + ", ".join(ORDERS), found=order, column="date_order")
    return replace(
        mapping, columns=tuple(columns), date_order=order, date_order_sure=not by_sequence or bool(change.get("date_order")),
        timezone=change.get("timezone") or mapping.timezone, queues={**mapping.queues, **change.get("queues", {})},
    )  # fmt: skip


def check(mapping: Mapping, file: str, faults: Faults) -> None:
    """Note what a history lacks: when, which queue, how many; and roles given twice."""
    has = {column.role for column in mapping.columns}
    told = ", ".join(column.heading for column in mapping.columns)
    if not ("interval_start" in has or {"date", "time"} <= has):
        faults.add(
            file,
            "a column with the start of the interval, or one with the date and one with the time",
            found=told,
            column="interval_start",
        )
    for role in ("queue", "offered"):
        if role not in has:
            faults.add(file, f"a column for {role}", found=told, column=role)
    for role in sorted(has - {*SUMMED, "part", ""}):
        if len(mapping.places(role)) > 1:
            names = ", ".join(mapping.columns[place].heading for place in mapping.places(role))
            faults.add(file, "one column", found=names, column=role)


def _header(sheet: Sheet) -> tuple[int, list[str]]:
    """The row of the headings, the one with most that are known; the first where none is."""
    known = _known_headings()

    def recognised(cells: Sequence[str]) -> int:
        return sum(plain_heading(cell) in known for cell in cells)

    head = sheet.rows[:SEARCHED_ROWS]
    best = max(head, key=lambda one: recognised(one[1]), default=(0, ()))
    if not head or not recognised(best[1]):
        best = max(head, key=lambda one: sum(bool(cell) for cell in one[1]), default=(0, ()))
    names = [re.sub(r"^#fields:?\s*", "", cell) for cell in best[1]]
    while names and not names[-1]:
        names.pop()
    return best[0], names


def _known_headings() -> dict[str, tuple[str, float]]:
    """Heading -> role and how sure that is."""
    known: dict[str, tuple[str, float]] = dict.fromkeys(IGNORED, ("", 1.0))
    for role, headings in HEADINGS.items():
        known |= dict.fromkeys(headings, (role, 0.95))
    for role, headings in PARTS_OF_DURATIONS.items():
        known |= dict.fromkeys(headings, (role, 0.9))
    return known


def _is_calabrio(sheet: Sheet) -> bool:
    rows = [cells for _, cells in sheet.rows[:SEARCHED_ROWS]]
    return bool(rows) and all(
        len(cells) == len(CALABRIO)
        and cells[0].isdigit()
        and re.fullmatch(r"\d{8}", cells[1])
        and ":" in cells[2]
        for cells in rows
    )


def _format_of(file: str, headings: Sequence[str]) -> str:
    known = next((name for name, signs in FORMATS.items() if {*signs} <= {*headings}), None)
    if known is None and _NICE_FILES.fullmatch(file):
        known = "nice"
    return known or FORMAT_NAMES[-1]


def _column(place: int, name: str, texts: list[str]) -> Column:
    heading = plain_heading(name)
    known = _known_headings()
    role, confidence = known.get(heading, ("", 0.0))
    if heading not in known:
        near = difflib.get_close_matches(
            heading, [word for word in known if known[word][0]], n=1, cutoff=_CLOSE
        )
        role, confidence = (known[near[0]][0], 0.6) if near else ("", 0.5)
    if role == "time" and texts and all(times.begins_with_date(text) for text in texts):
        role = "interval_start"
    if (
        role == "interval_start"
        and texts
        and not any(times.begins_with_date(text) or len(text) > 12 for text in texts[:MOST_EXAMPLES])
    ):
        role = "time"
    if role == "date" and texts and any(":" in text for text in texts):
        role = "interval_start"
    return _with_unit(
        Column(place, name or f"({place + 1})", role, confidence, "", tuple(texts[:MOST_EXAMPLES])), texts
    )


def _with_unit(column: Column, texts: Sequence[str] = ()) -> Column:
    if column.role not in DURATIONS:
        return replace(column, unit="")
    if column.unit:
        return column
    unit, sure = lengths.unit_of(texts or column.examples, column.role == "aht")
    named = unit_in(column.heading)
    if named and (unit != "clock" or named == "clock"):
        return replace(column, unit=named)
    return replace(column, unit=unit, confidence=min(column.confidence, sure))


def _settled(columns: list[Column]) -> list[Column]:
    """Columns of which each role has what it may: of handle times one kind, the whole before its parts."""
    roles = {column.role for column in columns}
    both = {*DURATIONS} <= roles
    kept = ("handle_time" if "handled" in roles else "aht") if both else ""
    wholes = {
        role: any(
            column.role == role and plain_heading(column.heading) in HEADINGS[role] for column in columns
        )
        for role in DURATIONS
    }
    settled: list[Column] = []
    for column in columns:
        part = column.role in DURATIONS and plain_heading(column.heading) in PARTS_OF_DURATIONS[column.role]
        twice = column.role not in {*SUMMED, "part", ""} and any(one.role == column.role for one in settled)
        offered_again = column.role == "offered" and any(one.role == "offered" for one in settled)
        if (
            (both and column.role in DURATIONS and column.role != kept)
            or (part and wholes[column.role])
            or twice
            or offered_again
        ):
            column = replace(column, role="", unit="", confidence=0.7)
        settled.append(column)
    return settled


def _order(columns: Sequence[Column], below: Sequence[Sequence[str]]) -> tuple[str | None, bool]:
    place = next((column.place for column in columns if column.role in ("interval_start", "date")), None)
    if place is None:
        return None, False
    texts = times.date_texts(cells[place] for cells in below if place < len(cells))
    dates = [text for text in texts if times.is_date(text)]
    return times.order_of(dates) if dates else ("ymd", False)


def _texts(below: Sequence[Sequence[str]], place: int) -> list[str]:
    """The distinct values of a column as they come."""
    return list(dict.fromkeys(cells[place] for cells in below if place < len(cells) and cells[place]))


def _place(columns: Sequence[Column], name: str) -> int | None:
    wanted = plain_heading(str(name))
    for column in columns:
        if column.heading == name or plain_heading(column.heading) == wanted:
            return column.place
    number = str(name)
    return int(number) - 1 if number.isdigit() and 0 < int(number) <= len(columns) else None
