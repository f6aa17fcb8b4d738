"""Reading tables: a CSV file or spreadsheet becomes columns of text with row numbers, then typed arrays, with
every fault noted.

A column is kept as its distinct texts and one code a row, so that each text is parsed once however often it
stands in the file: a year of 15-minute rows for twenty queues reads in seconds without a second, vectorised
way of parsing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from centre import cells
from centre.errors import Faults
from centre.instants import Minutes
from centre.records import Record, records_of

MOST_FAULTS = 1000
"""Faults told one by one for a column of a file; the rest is told as a count."""
_ALL_WRONG = 20
_CHUNK = 50_000
_REQUIRED: Any = object()


@dataclass(frozen=True)
class Column:
    """The distinct texts of a column, stripped, and the code of each row's text, shape (rows,)."""

    texts: list[str]
    codes: NDArray[np.int32]


@dataclass
class Table:
    """A file as columns of text; its methods give typed arrays and note what is wrong in ``faults``.

    Parameters
    ----------
    file : name that faults are told under
    rows : line of each row as an editor or spreadsheet shows it, shape (rows,)
    bad : rows in which some fault was found, shape (rows,); their values mean nothing
    """

    file: str
    columns: dict[str, Column]
    rows: Minutes
    faults: Faults
    bad: NDArray[np.bool_]
    _zoned: dict[bool, tuple[int, str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def __contains__(self, name: str) -> bool:
        return name in self.columns

    def values(
        self,
        name: str,
        read: cells.Reader,
        dtype: Any = object,
        blank: Any = _REQUIRED,
        *,
        shown: Callable[[str], str] = str,
    ) -> NDArray[Any]:
        """The column parsed with ``read``, shape (rows,).

        Parameters
        ----------
        blank : value of an empty cell, and of every row where the file has no such column; without it a blank
            is a fault
        shown : what a fault may repeat of a wrong value
        """
        column = self.columns.get(name)
        if column is None:
            return _filled(len(self), blank, dtype)
        parsed = _filled(len(column.texts), None if dtype is object else 0, dtype)
        wrong: dict[int, str] = {}
        for code, text in enumerate(column.texts):
            try:
                parsed[code] = blank if not text and blank is not _REQUIRED else read(text)
            except ValueError as error:
                wrong[code] = str(error)
        if wrong:
            self._blame_values(name, column, wrong, shown)
        return parsed[column.codes]

    def numbers(self, name: str, low: float = -np.inf, *, optional: bool = False) -> NDArray[np.float64]:
        """A column of numbers of at least ``low``; NaN where an optional one is blank or absent."""
        return self.values(name, cells.number(low), float, np.nan if optional else _REQUIRED)

    def texts(self, name: str, *, optional: bool = False) -> NDArray[np.object_]:
        """A column of text; empty where an optional one is blank or absent."""
        return self.values(name, cells.text, object, "" if optional else _REQUIRED)

    def instants(self, name: str, zone: ZoneInfo) -> Minutes:
        """A column of instants as UTC minutes; a file in which only some carry an offset is a fault."""
        if name in self.columns and len(self):
            self._check_zones(name, self.columns[name])
        return self.values(name, cells.instant(zone), np.int64)

    def cell(self, name: str, position: int) -> str:
        """The text of one cell as it stands in the file, stripped."""
        column = self.columns[name]
        return column.texts[int(column.codes[position])]

    def blame(
        self,
        rows: Iterable[int],
        column: str,
        expected: str | Callable[[int], str],
        found: Callable[[int], object] | None = None,
    ) -> None:
        """Note a fault for each of ``rows`` (positions, not line numbers), the first thousand one by one."""
        positions = list(rows)
        self.bad[positions] = True
        for k in positions[:MOST_FAULTS]:
            words = expected if isinstance(expected, str) else expected(k)
            self.faults.add(
                self.file, words, found=found(k) if found else "", row=int(self.rows[k]), column=column
            )
        if len(positions) > MOST_FAULTS:
            more = f"no further faults like the {MOST_FAULTS:,} listed"
            self.faults.add(
                self.file, more, found=f"{len(positions) - MOST_FAULTS:,} more rows", column=column
            )

    def _blame_values(
        self, name: str, column: Column, wrong: dict[int, str], shown: Callable[[str], str]
    ) -> None:
        positions = np.flatnonzero(np.isin(column.codes, list(wrong)))

        def found(k: int) -> str:
            return shown(column.texts[int(column.codes[k])])

        def expected(k: int) -> str:
            return wrong[int(column.codes[k])]

        if _ALL_WRONG < len(positions) == len(self):
            self.bad[:] = True
            hint = f"{expected(0)}; no row of this column has one: is it the right column?"
            self.faults.add(self.file, hint, found=found(0), row=int(self.rows[0]), column=name)
        else:
            self.blame(positions, name, expected, found)

    def _check_zones(self, name: str, column: Column) -> None:
        zoned = np.array([cells.is_zoned(text) for text in column.texts], dtype=object)[column.codes]
        for kind in (True, False):
            if kind in zoned:
                row = int(self.rows[int(np.argmax(zoned == kind))])
                self._zoned[kind] = min(self._zoned.get(kind, (row, name)), (row, name))
        if len(self._zoned) == 2 and self._zoned[True] != self._zoned[False]:
            (first, _), (row, where) = sorted(self._zoned.values())
            words = (
                f"an offset or Z in every instant of the file or in none; row {first} is of the other kind"
            )
            self.faults.add(self.file, words, found="mixed zones", row=row, column=where)
            self._zoned.clear()  # told once; a later column is held to itself


def read_table(
    path: Path,
    required: Sequence[str],
    optional: Sequence[str],
    faults: Faults,
    other_names: Mapping[str, str] | None = None,
) -> Table | None:
    """The table in a ``.csv`` or ``.xlsx`` file, or None where it cannot be read as one; faults and warnings
    are noted.

    Parameters
    ----------
    required, optional : columns that must, and may, be there; others are left out with a warning
    other_names : lower-case headings by which a column may go too, such as a Chinese one, and its own name
    """
    records = records_of(path, faults)
    before = len(faults.found)
    top = next((record for record in records if any(record[1])), None)
    if top is None:
        if len(faults.found) == before:
            faults.add(path.name, "a header row with " + ", ".join(required), found="an empty file", row=1)
        return None
    if other_names:
        top = top[0], [other_names.get(name.strip().lower(), name) for name in top[1]]
    header = _header(path.name, top, required, optional, faults)
    return _encoded(path.name, header, records, faults) if header else None


def read_table_or_empty(
    path: Path | None, required: Sequence[str], optional: Sequence[str], faults: Faults
) -> Table:
    """`read_table`, or a table without rows where there is no file or no table in it."""
    table = read_table(path, required, optional, faults) if path else None
    if table is not None:
        return table
    none = Column([], np.zeros(0, dtype=np.int32))
    return Table(
        "", dict.fromkeys(required, none), np.zeros(0, dtype=np.int64), faults, np.zeros(0, dtype=bool)
    )


def _header(
    file: str, top: Record, required: Sequence[str], optional: Sequence[str], faults: Faults
) -> list[str] | None:
    row, found = top
    names = [name.strip() for name in found]
    while names and not names[-1]:
        names.pop()
    names = [name or f"(column {place})" for place, name in enumerate(names, start=1)]
    missing = [name for name in required if name not in names]
    for name in missing:
        words = f"a comma-separated header row with {', '.join(required)}"
        faults.add(file, words, found=_header_told(names, required, optional), row=row, column=name)
    for name in sorted({name for name in names if names.count(name) > 1}):
        faults.add(file, "each column once", found=name, row=row, column=name)
    unknown = [name for name in names if name not in required and name not in optional]
    if unknown and not missing:
        faults.warn(f"{file}: columns that are not known were left out: {', '.join(unknown)}")
    return names if not missing and len(set(names)) == len(names) else None


def _header_told(names: Sequence[str], required: Sequence[str], optional: Sequence[str]) -> str:
    """What a fault may repeat of a header: not a row of data, which may tell of people."""
    is_data = not set(names) & {*required, *optional} and any(c.isdigit() for name in names for c in name)
    return "a row of data" if is_data else ", ".join(names)


def _encoded(file: str, header: list[str], records: Iterator[Record], faults: Faults) -> Table:
    books: list[defaultdict[str, int]] = [defaultdict(count().__next__) for _ in header]
    codes: list[list[NDArray[np.int32]]] = [[] for _ in header]
    rows: list[int] = []
    ragged: list[tuple[int, int]] = []
    while chunk := list(islice(records, _CHUNK)):
        whole = [record for record in chunk if _fits(record[1], len(header))]
        ragged += [
            (row, len(record)) for row, record in chunk if any(record) and not _fits(record, len(header))
        ]
        rows += [row for row, _ in whole]
        by_column = zip(*(record for _, record in whole), strict=False)
        for book, parts, texts in zip(books, codes, by_column, strict=False):
            parts.append(np.fromiter(map(book.__getitem__, texts), np.int32, len(whole)))
    for row, width in ragged[:MOST_FAULTS]:
        faults.add(file, f"{len(header)} values, as the header has", found=f"{width} values", row=row)
    if len(ragged) > MOST_FAULTS:
        faults.add(
            file, f"{len(header)} values in every row", found=f"{len(ragged) - MOST_FAULTS:,} more rows"
        )
    none = np.zeros(0, dtype=np.int32)
    columns = {
        name: Column([text.strip() for text in book], np.concatenate([none, *parts]))
        for name, book, parts in zip(header, books, codes, strict=True)
    }
    return Table(file, columns, np.array(rows, dtype=np.int64), faults, np.zeros(len(rows), dtype=bool))


def _fits(record: Sequence[str], width: int) -> bool:
    """Whether a row has the header's width, not counting blanks beyond it, and is not blank."""
    if len(record) == width:
        return record[0] != "" or any(record)
    return len(record) > width and any(record) and not any(record[width:])


def _filled(length: int, value: Any, dtype: Any) -> NDArray[Any]:
    array = np.empty(length, dtype=dtype)
    array.fill(value) if dtype is not object else array.__setitem__(slice(None), [value] * length)
    return array
