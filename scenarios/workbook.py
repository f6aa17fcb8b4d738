"""Excel workbooks as we hand them out: text is never a formula, headers are frozen and filtered, the same data give the same bytes."""

import math
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

LONGEST_NAME, LONGEST_TEXT, MOST_ROWS, MOST_LINES = 31, 32_767, 1_000_000, 8
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""What a text begins with that spreadsheet programs take for a formula."""
Cell = str | float | int | datetime | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: key of its heading, its width in characters, and the number format where it is not the usual one."""

    key: str
    width: float
    number: str = ""


@dataclass
class Book:
    """An open workbook with its formats and the names of its sheets.

    Parameters
    ----------
    w : words; ``x_KEY`` or ``KEY`` is the heading of a column
    wrapped : keys of columns whose text may take several lines
    """

    path: Path
    title: str
    w: dict[str, str]
    wrapped: Collection[str] = ()
    names: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.file = xlsxwriter.Workbook(str(self.path), {"constant_memory": True, "in_memory": False})
        self.file.set_properties({"title": self.title, "created": datetime(2000, 1, 1)})
        add = self.file.add_format
        self.plain = add({"valign": "top"})
        self.prose = add({"valign": "top", "text_wrap": True})
        self.sign = add({"valign": "top", "quote_prefix": True})
        self.moment = add({"valign": "top", "num_format": "yyyy-mm-dd hh:mm", "align": "left"})
        self.figure = add({"valign": "top", "num_format": "#,##0.##"})
        self.head = add(
            {"bold": True, "bg_color": "#E4E1D9", "bottom": 1, "valign": "top", "text_wrap": True}
        )
        self.heading = add({"bold": True, "font_size": 14})
        self.bold = add({"bold": True, "valign": "top"})
        self._numbers: dict[str, Format] = {}

    def number(self, pattern: str) -> Format:
        """The format of a number by its pattern; the usual one where that is empty."""
        if not pattern:
            return self.figure
        if pattern not in self._numbers:
            self._numbers[pattern] = self.file.add_format({"valign": "top", "num_format": pattern})
        return self._numbers[pattern]

    def close(self) -> None:
        """Write everything."""
        self.file.close()

    def sheet(self, name: str) -> Worksheet:
        """A new sheet under a name that Excel takes and no other sheet has."""
        sheet: Worksheet = self.file.add_worksheet(sheet_name(name, self.names))
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet

    def write(
        self, sheet: Worksheet, row: int, column: int, value: Cell, wrap: bool = False, number: str = ""
    ) -> None:
        """One cell by the kind of its value; text is never a formula, a number or a link; what is not known stays empty."""
        if value is None or value == "" or value != value:
            return
        if isinstance(value, datetime):
            sheet.write_datetime(row, column, value, self.moment)
        elif isinstance(value, str):
            text = value if len(value) <= LONGEST_TEXT else value[: LONGEST_TEXT - 1] + "…"
            shape = self.prose if wrap else self.plain
            sheet.write_string(row, column, text, self.sign if text.startswith(FORMULA_SIGNS) else shape)
        elif math.isinf(value):
            sheet.write_string(row, column, "∞" if value > 0 else "−∞", self.plain)
        else:
            sheet.write_number(row, column, value, self.number(number))

    def headings(self, sheet: Worksheet, columns: Sequence[Column], row: int = 0) -> None:
        """Headings and widths of columns."""
        for k, column in enumerate(columns):
            sheet.set_column(k, k, column.width)
            text = self.w.get(f"x_{column.key}", self.w.get(column.key, column.key))
            sheet.write_string(row, k, text, self.head)

    def grid(
        self,
        name: str,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Cell]],
        count: int,
        frozen: int = 0,
    ) -> None:
        """A sheet with a frozen header, a filter and ``count`` rows; further sheets where Excel has no more room.

        ``frozen`` columns on the left stay in sight too.
        """
        lines = iter(rows)
        for first in range(0, max(count, 1), MOST_ROWS):
            here = min(MOST_ROWS, count - first)
            sheet = self.sheet(name)
            sheet.set_row(0, 30)
            self.headings(sheet, columns)
            sheet.freeze_panes(1, frozen)
            sheet.repeat_rows(0)
            sheet.autofilter(0, 0, max(here, 1), len(columns) - 1)
            for row in range(1, here + 1):
                cells = next(lines)
                sheet.set_row(row, height(columns, cells, self.wrapped))
                for k, value in enumerate(cells):
                    self.write(sheet, row, k, value, columns[k].key in self.wrapped, columns[k].number)


def sheet_name(name: str, taken: set[str]) -> str:
    """A name that Excel takes: at most 31 characters, none of ``[]:*?/\\``, no apostrophe at an end, and unique
    whatever the case; it is added to ``taken``.

    Examples
    --------
    >>> taken = set()
    >>> sheet_name("a/b:c", taken), sheet_name("A b c", taken), sheet_name("x" * 40, taken)
    ('a b c', 'A b c (2)', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx')
    """
    clean = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).strip().strip("'") or "-"
    if clean.casefold() == "history":
        clean += "_"  # Excel keeps this name for itself
    tried, number = clean[:LONGEST_NAME].rstrip(), 1
    while tried.casefold() in taken:
        number += 1
        tail = f" ({number})"
        tried = clean[: LONGEST_NAME - len(tail)].rstrip() + tail
    taken.add(tried.casefold())
    return tried


def height(columns: Sequence[Column], cells: Sequence[Cell], wrapped: Collection[str]) -> float:
    """Height of a row in points that shows its wrapped text, up to `MOST_LINES` lines; Chinese is twice as wide.

    Examples
    --------
    >>> height([Column("mend", 10)], ["x" * 11], ["mend"]), height([Column("mend", 10)], ["班" * 11], ["mend"])
    (28.0, 41.0)
    """
    lines = 1
    for column, value in zip(columns, cells, strict=True):
        if column.key in wrapped and isinstance(value, str):
            lines = max(lines, -(-_wide(value) * 5 // int(4 * column.width)))
    return 2.0 + 13.0 * min(lines, MOST_LINES)


@lru_cache(maxsize=65_536)
def _wide(text: str) -> int:
    """Width in characters, Chinese ones counted twice."""
    return len(text) + (0 if text.isascii() else sum(sign > "\u2e7f" for sign in text))
