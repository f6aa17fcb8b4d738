"""The dates above the columns of a wide rota: ISO, month and day, or day numbers below a title with a month."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from centre.instants import day_number

_WHOLE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?:[T ]00:00(?::00)?)?")
_MONTH_DAY = re.compile(r"()(\d{1,2})\s*[-/月]\s*(\d{1,2})\s*[日号]?")
_DAY = re.compile(r"()()(\d{1,2})\s*[日号]?")
_WEEKDAY = r"(?:(?:周|星期|礼拜)?[一二三四五六日天]|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)"
_AFTER = re.compile(rf"[\s(（]*{_WEEKDAY}[)）]?", re.IGNORECASE)
Title = tuple[int | None, int | None]
Parts = tuple[int | None, int | None, int]
"""Year and month where a cell has them, and day."""


@dataclass(frozen=True)
class DayColumn:
    """A column of a wide rota: its place from 0, its header as it stands, and its day number or what is wrong."""

    place: int
    header: str
    day: int | None
    wrong: str = ""


def date_parts(cell: str) -> Parts | None:
    """Year, month and day of a header cell, None where it is no date; a weekday may follow.

    Examples
    --------
    >>> date_parts("3月2日 周一"), date_parts("2026-03-02T00:00:00"), date_parts("31"), date_parts("工号")
    ((None, 3, 2), (2026, 3, 2), (None, None, 31), None)
    """
    for pattern in (_WHOLE, _MONTH_DAY, _DAY):
        match = pattern.match(cell)
        if match and (match.end() == len(cell) or _AFTER.fullmatch(cell[match.end() :])):
            year, month, day = match.groups()
            parts = int(year) if year else None, int(month) if month else None, int(day)
            return parts if parts[1] is not None or 1 <= parts[2] <= 31 else None
    return None


def is_weekday(cell: str) -> bool:
    """Whether a cell is but the name of a weekday, as stands below the dates of many sheets."""
    return bool(re.fullmatch(rf"[(（]?{_WEEKDAY}[)）]?", cell, re.IGNORECASE))


def title_month(cell: str) -> Title:
    """Year and month of a title, None where it has none.

    Examples
    --------
    >>> title_month("客服部 2026年3月排班表"), title_month("2026-03"), title_month("4月"), title_month("排班表")
    ((2026, 3), (2026, 3), (None, 4), (None, None))
    """
    if match := re.search(r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?!\d)", cell):
        return int(match[1]), int(match[2])
    year, month = re.search(r"(\d{4})\s*年", cell), re.search(r"(?<!\d)(\d{1,2})\s*月", cell)
    return int(year[1]) if year else None, int(month[1]) if month else None


def day_columns(above: Sequence[Sequence[str]], header: Sequence[str]) -> list[DayColumn]:
    """The day columns of a header row, in order; ``above`` are the rows above it.

    A year or month that a cell lacks is that of the nearest title above, at its column or to its left. A day
    that does not exist, stands twice or runs backwards below one title has no day number but words.
    """
    found: list[DayColumn] = []
    taken: set[int] = set()
    last: tuple[Title, int] | None = None
    before: tuple[int, int] | None = None
    for place, cell in enumerate(header):
        parts = date_parts(cell)
        if parts is None:
            continue
        title = _title(above, place)
        year, month, day = _year(parts, title, before), parts[1] or title[1], parts[2]
        wrong, number = "", None
        if parts[1] is None and last is not None and last[0] == title and day < last[1]:
            wrong = "day numbers run backwards below one month"
        else:
            number, wrong = _number(year, month, day)
            if number in taken:
                number, wrong = None, "this date stands in an earlier column"
        if number is not None and year and month:
            taken.add(number)
            before, last = (year, month), (title, day)
        found.append(DayColumn(place, cell, number, wrong))
    return found


def _number(year: int | None, month: int | None, day: int) -> tuple[int | None, str]:
    if year is None or month is None:
        return None, "no title above tells the " + (
            "year" if month else "year and month" if not year else "month"
        )
    try:
        return day_number(date(year, month, day)), ""
    except ValueError:
        return None, f"a date that does not exist ({year}-{month:02d}-{day:02d})"


def _year(parts: Parts, title: Title, before: tuple[int, int] | None) -> int | None:
    """The year of a header cell: its own, else the title's, a sheet running into or out of a year allowed for."""
    year, month = title[0], parts[1]
    if parts[0] or year is None or month is None:
        return parts[0] or year
    if title[1] is not None:
        return year + (title[1] == 12 and month == 1) - (title[1] == 1 and month == 12)
    if before is None:
        return year
    return before[0] + (before[1] == 12 and month == 1)


def _title(above: Sequence[Sequence[str]], place: int) -> Title:
    """Year and month told above a column, the nearest row and column first; cells with a whole date, such as
    when the sheet was made, count only where nothing else tells.
    """
    near = [cell for row in reversed(above) for cell in reversed(row[: place + 1])]
    year: int | None = None
    month: int | None = None
    for cell in sorted(near, key=lambda cell: bool(_WHOLE.search(cell))):
        told = title_month(cell)
        if month is None and (year is None or told[0] in (None, year)):
            month = told[1]
        year = year if year is not None else told[0]
    return year, month
