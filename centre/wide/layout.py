"""Where things stand in a wide sheet: the column of people, the days across, totals, zones, the rows of people."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from centre.errors import Fault
from centre.shift_legend import plain
from centre.wide.dates import DayColumn, date_parts, day_columns
from centre.wide.sheets import Sheet

ID_HEADERS = ("agent_id", "工号", "员工编号", "员工号", "姓名", "name")
"""Headers of the column of people, the better one first."""
ZONE_HEADERS = ("timezone", "time_zone", "time zone", "zone", "时区", "site", "站点", "职场", "地点")
"""Headers of the column of time zones, the better one first."""
ROTA_HEADERS = ({"start", "end"}, {"clock_in", "clock_out"})
"""Columns of files that have a row a shift, not a row a person."""
NOTHING = ("", "-", "–", "—")
_TOTAL = re.compile(
    r".*(?:合计|小计|总计|共计|汇总|人数)|(?:sub-?|grand )?totals?(?:[\s:].*)?", re.IGNORECASE
)
_SUMS = ("合计", "小计", "总计", "共计", "total", "totals", "subtotal", "grand total")
_REMARK = re.compile(
    r"(?:图例|班次|班别|班种|代码|编码|说明|备注|注|legend|codes?|notes?|remarks?)(?:$|[\s:(].*|说明.*)",
    re.IGNORECASE,
)
_MOST_TOP_ROWS = 20
_NO_PEOPLE, _NO_DATES = "none in the first rows", "no date in the header rows"


@dataclass(frozen=True)
class Layout:
    """A table of a sheet: a row a person, a column a day. Places are columns and positions in the sheet's rows.

    ``totals`` are columns of sums with their headers; ``top`` is the first row of headers, ``first`` the first
    row below them, ``last`` the row after the table.
    """

    sheet: Sheet
    id_place: int
    zone_place: int | None
    columns: list[DayColumn]
    totals: list[tuple[int, str]]
    top: int
    first: int
    last: int

    @property
    def holds_zones(self) -> bool:
        """Whether the column of zones is headed as one, not as sites, whose names need not be zones."""
        rows = self.sheet.rows[self.top : self.first]
        return self.zone_place is not None and any(
            at(row, self.zone_place).lower() in ZONE_HEADERS[:5] for row in rows
        )

    def stray(self) -> list[int]:
        """Columns among the days, or below a merged date, that no date stands over."""
        rows = range(self.top, self.first)
        last = self.after - 1
        for (top, left), (_, right) in self.sheet.merged:
            if top in rows and left == last:
                last = right
        taken = {column.place for column in self.columns} | {place for place, _ in self.totals}
        return [place for place in range(self.columns[0].place, last + 1) if place not in taken]

    @property
    def after(self) -> int:
        """The first column after those of days."""
        return self.columns[-1].place + 1

    @property
    def days(self) -> list[DayColumn]:
        """The columns that have a day."""
        return [column for column in self.columns if column.day is not None]


def layouts_of(sheet: Sheet) -> tuple[list[Layout], list[Fault]]:
    """The tables of a sheet, one below the other, and why others, or all of it, are none."""
    heads = [
        (ID_HEADERS.index(cell.lower()), k, place)
        for k, row in enumerate(sheet.rows[:_MOST_TOP_ROWS]) for place, cell in enumerate(row)
        if cell.lower() in ID_HEADERS
    ]  # fmt: skip
    if not heads:
        words = "a column of people headed " + ", ".join(ID_HEADERS)
        return [], [Fault(sheet.name, words, _NO_PEOPLE, 1)]
    _, head, id_place = min(heads)
    again = [k for k in range(head + 1, len(sheet.rows)) if _is_head(sheet.rows[k], id_place)]
    ends = [*again, len(sheet.rows)]
    found = [_layout(sheet, id_place, begin, end) for begin, end in zip([head, *again], ends, strict=True)]
    tables = [one for one in found if isinstance(one, Layout)]
    return tables, [one for one in found if isinstance(one, Fault)]


def is_wide(sheet: Sheet) -> bool:
    """Whether a sheet looks like one with people down and days across, be it that the days lack a month."""
    names = [{cell.lower() for cell in row} for row in sheet.rows[:_MOST_TOP_ROWS]]
    if any(headers <= row for headers in ROTA_HEADERS for row in names):
        return False
    tables, reasons = layouts_of(sheet)
    return bool(tables) or any(reason.found not in (_NO_PEOPLE, _NO_DATES) for reason in reasons)


def is_total(cell: str) -> bool:
    """Whether a cell is the name of a sum, such as 合计, 小计, 早班人数, total.

    Examples
    --------
    >>> [is_total(cell) for cell in ("合计", "早班人数", "Total hours", "Tony")]
    [True, True, True, False]
    """
    return bool(_TOTAL.fullmatch(plain(cell)))


def is_sum(cell: str) -> bool:
    """Whether a cell beside the column of people is the name of a sum and nothing more."""
    return plain(cell).lower() in _SUMS


def is_remark(cell: str) -> bool:
    """Whether a cell in the column of people begins a row of remarks, such as 图例 or 备注: ...

    Examples
    --------
    >>> [is_remark(cell) for cell in ("图例:", "备注", "Notes: x", "班长1", "noted")]
    [True, True, True, False, False]
    """
    return bool(_REMARK.fullmatch(plain(cell)))


def at(row: Sequence[str], place: int) -> str:
    """A cell of a row, blank where the row is shorter."""
    return row[place] if place < len(row) else ""


def _is_head(row: Sequence[str], id_place: int) -> bool:
    return at(row, id_place).lower() in ID_HEADERS


def _layout(sheet: Sheet, id_place: int, head: int, end: int) -> Layout | Fault:
    rows = sheet.rows
    last = head
    while last + 1 < end and not at(rows[last + 1], id_place):
        last += 1
    top = 0 if head < _MOST_TOP_ROWS and not _earlier(rows, head, id_place) else head
    counts = [sum(date_parts(cell) is not None for cell in row) for row in rows[top : last + 1]]
    best = top + counts.index(max(counts))
    columns = day_columns([[sheet.title], *rows[:best]], rows[best])
    if not any(column.day is not None for column in columns):
        words = "dates across: 2026-03-02, 3月2日 or 1, 2, 3 below a title such as 2026年3月"
        wrong = columns[0].wrong if columns else _NO_DATES
        return Fault(sheet.name, words, wrong, sheet.numbers[best])
    headers = {*range(min(best, head), max(best, head) + 1)}
    dated = {column.place for column in columns}
    totals = [
        (place, cell) for k in sorted(headers) for place, cell in enumerate(rows[k])
        if place not in dated and is_total(cell)
    ]  # fmt: skip
    below = max(best, head) + 1
    return Layout(sheet, id_place, _zone_place(rows, headers), columns, totals, min(best, head), below, end)


def _earlier(rows: Sequence[Sequence[str]], head: int, id_place: int) -> bool:
    return any(_is_head(row, id_place) for row in rows[:head])


def _zone_place(rows: Sequence[Sequence[str]], headers: set[int]) -> int | None:
    found: Iterator[tuple[int, int]] = (
        (ZONE_HEADERS.index(cell.lower()), place)
        for k in headers for place, cell in enumerate(rows[k]) if cell.lower() in ZONE_HEADERS
    )  # fmt: skip
    return min(found, default=(0, None))[1]
