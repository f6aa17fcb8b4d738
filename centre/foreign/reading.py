"""The rows of a foreign file that hold data, read column by column with each fault told once."""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from centre.errors import Faults
from centre.foreign.mapping import Mapping
from centre.foreign.sheet import Sheet
from centre.foreign.words import plain_heading
from centre.records import Record

TOTALS = ("total", "totals", "grand total", "sum", "average", "合计", "总计", "小计", "汇总", "平均", "总和")
MOST_TOLD = 5
MOST_FAULTS = 1000


class Reading:
    """The rows of data by column; a cell's fault is noted once with its row, and its row is bad."""

    def __init__(self, file: str, mapping: Mapping, rows: list[Record], faults: Faults) -> None:
        self.file, self.mapping, self.rows, self.faults = file, mapping, rows, faults
        self.bad = np.zeros(len(rows), dtype=bool)
        self.told: Counter[int] = Counter()

    def texts(self, place: int) -> list[str]:
        """A column row by row."""
        return [cells[place] if place < len(cells) else "" for _, cells in self.rows]

    def blame(self, k: int, place: int, expected: str, found: str | None = None) -> None:
        """Note a fault of a row, the first thousand of a column one by one."""
        self.bad[k] = True
        self.told[place] += 1
        if self.told[place] <= MOST_FAULTS:
            row, cells = self.rows[k]
            shown = cells[place] if found is None and place < len(cells) else found or ""
            self.faults.add(
                self.file, expected, found=shown, row=row, column=self.mapping.columns[place].heading
            )
        elif self.told[place] == MOST_FAULTS + 1:
            heading = self.mapping.columns[place].heading
            self.faults.add(self.file, f"no further faults like the {MOST_FAULTS:,} listed", column=heading)

    def values(self, place: int, read: Callable[[str], float]) -> NDArray[np.float64]:
        """A column read text by distinct text; NaN where it is wrong."""
        texts = self.texts(place)
        known: dict[str, float | str] = {}
        for text in dict.fromkeys(texts):
            try:
                known[text] = read(text)
            except ValueError as error:
                known[text] = str(error)
        out = np.full(len(texts), np.nan)
        for k, text in enumerate(texts):
            value = known[text]
            if isinstance(value, str):
                self.blame(k, place, value)
            else:
                out[k] = value
        return out


def data_rows(sheet: Sheet, mapping: Mapping, told: list[str]) -> list[Record]:
    """The rows below the header without totals, repeated headers and words between them, which are told."""
    places = [place for role in ("interval_start", "date", "time", "queue") for place in mapping.places(role)]
    headings = {plain_heading(column.heading) for column in mapping.columns}
    data: list[Record] = []
    skipped: dict[str, list[int]] = {
        "before the header": [],
        "of totals": [],
        "of headings again": [],
        "without figures": [],
    }
    for row, cells in sheet.rows:
        keys = [cells[place] for place in places if place < len(cells)]
        if row < mapping.header_row:
            skipped["before the header"].append(row)
        elif row == mapping.header_row:
            continue
        elif any(_is_total(key) for key in (*keys, cells[0])):
            skipped["of totals"].append(row)
        elif mapping.header_row and len({plain_heading(key) for key in keys} & headings) == len(keys) > 0:
            skipped["of headings again"].append(row)
        elif sum(bool(cell) for cell in cells) <= 1 < len(mapping.columns):
            skipped["without figures"].append(row)
        else:
            data.append((row, cells))
    for what, rows in skipped.items():
        if rows:
            told.append(f"{len(rows):,} row{'s' if len(rows) > 1 else ''} {what} left out: {few(rows)}")
    return data


def _is_total(cell: str) -> bool:
    words = cell.strip().lower().rstrip(":：")
    return words in TOTALS or any(
        words.startswith(f"{total} ") or words.endswith(total) for total in TOTALS if not total.isascii()
    )


def few(rows: Sequence[int]) -> str:
    """The first few line numbers, as they are told."""
    return ", ".join(str(row) for row in rows[:MOST_TOLD]) + (", ..." if len(rows) > MOST_TOLD else "")
