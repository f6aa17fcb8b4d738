"""Reading ``calendar.csv``, the centre's own days, beside holiday-cn's year files (``calendar*.json``)."""

import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, get_args

import numpy as np

from centre import cells
from centre.calendar import CalendarRow, DayClass
from centre.calendar_notices import holiday_cn_rows
from centre.errors import Faults
from centre.instants import day_number
from centre.tables import Table, read_table

CALENDAR = ("date", "name")
CALENDAR_OPTIONAL = ("class", "festival", "queues", "opens", "closes")
CHINESE = {
    "元旦": "New Year's Day", "春节": "Spring Festival", "清明": "Tomb-Sweeping Day", "清明节": "Tomb-Sweeping Day",
    "劳动节": "Labor Day", "端午": "Dragon Boat Festival", "端午节": "Dragon Boat Festival", "中秋": "Mid-Autumn Festival",
    "中秋节": "Mid-Autumn Festival", "国庆": "National Day", "国庆节": "National Day",
}  # fmt: skip
"""What festivals may be called in the column ``festival`` -> what the country's calendar calls them."""
CLASSES = (*get_args(DayClass), "workday")


def calendar_rows(
    paths: Sequence[Path], queues: Collection[str] | None, faults: Faults
) -> tuple[CalendarRow, ...]:
    """The rows of these files, those of JSON files first, so that the centre's own table has the last word.

    Parameters
    ----------
    queues : names that the column ``queues`` may hold; None: any
    """
    own_last = sorted(paths, key=lambda path: (path.suffix.lower() != ".json", path.name))
    readers = (
        holiday_cn_rows(path, faults) if path.suffix.lower() == ".json" else table_rows(path, queues, faults)
        for path in own_last
    )
    return tuple(row for rows in readers for row in rows)


def table_rows(path: Path, queues: Collection[str] | None, faults: Faults) -> list[CalendarRow]:
    """The rows of a ``.csv`` or ``.xlsx`` table with ``date`` and ``name`` and, where it has them, ``class``,
    ``festival``, ``queues``, ``opens`` and ``closes``.

    A row without class is a public holiday (``statutory``); with hours, these are all that it changes.
    """
    table = read_table(path, CALENDAR, CALENDAR_OPTIONAL, faults)
    if table is None:
        return []
    columns: dict[str, Any] = {
        "day": table.values("date", lambda cell: day_number(cells.day(cell))),
        "name": table.texts("name"),
        "day_class": table.values("class", cells.choice(*CLASSES), blank=""),
        "festival": table.values("festival", lambda cell: CHINESE.get(cell, cell), blank=""),
        "queues": table.values("queues", _queues_reader(queues), blank=()),
        "opens": table.values("opens", _clock(1439), blank=None),
        "closes": table.values("closes", _clock(2880), blank=None),
    }
    _check_hours(table, columns)
    _check_once(table, columns)
    rows = []
    for k in np.flatnonzero(~table.bad).tolist():
        told = {name: values[k] for name, values in columns.items()}
        if not told["day_class"] and told["opens"] is None:
            told["day_class"] = "statutory"
        rows.append(CalendarRow(**told, row=int(table.rows[k])))
    return rows


def _queues_reader(known: Collection[str] | None) -> cells.Reader:
    def read(cell: str) -> tuple[str, ...]:
        names = cells.words(cell)
        wrong = [name for name in names if known is not None and name not in known]
        if wrong:
            hint = cells.suggestion(wrong[0], known or ())
            raise ValueError("queues of centre.toml, separated by semicolons" + hint)
        return names

    return read


def _clock(latest: int) -> cells.Reader:
    def read(cell: str) -> int:
        match = re.fullmatch(r"(\d\d?):([0-5]\d)(:00)?", cell)
        minutes = int(match[1]) * 60 + int(match[2]) if match else latest + 1
        if minutes > latest:
            raise ValueError(f"a clock time from 00:00 to {latest // 60:02d}:{latest % 60:02d}")
        return minutes

    return read


def _check_hours(table: Table, columns: dict[str, Any]) -> None:
    """Fault hours told by half, that end before they begin, or on a day that is closed."""
    spans = list(zip(columns["opens"], columns["closes"], columns["day_class"], strict=True))
    good = np.flatnonzero(~table.bad).tolist()
    half = [k for k in good if (spans[k][0] is None) != (spans[k][1] is None)]
    for column, place in (("opens", 0), ("closes", 1)):
        table.blame([k for k in half if spans[k][place] is None], column, "both opens and closes, or neither")
    full = [k for k in good if k not in half and spans[k][0] is not None]
    back = [k for k in full if spans[k][1] <= spans[k][0]]
    words = "a time after opens; past midnight counts on, 26:00 for two in the morning"
    table.blame(back, "closes", words, lambda k: table.cell("closes", k))
    closed = [k for k in full if spans[k][2] == "closed"]
    table.blame(closed, "class", "half_day, or no hours: a closed day has none", lambda k: "closed")


def _check_once(table: Table, columns: dict[str, Any]) -> None:
    """Fault a date that is told twice for one queue, or twice for all queues."""
    seen: dict[tuple[int, str], int] = {}
    repeated: dict[int, int] = {}
    for k in np.flatnonzero(~table.bad).tolist():
        for queue in columns["queues"][k] or ("",):
            first = seen.setdefault((columns["day"][k], queue), k)
            if first != k:
                repeated[k] = first
    words = "each date once for a queue; row {} has it too"
    table.blame(
        repeated, "date", lambda k: words.format(table.rows[repeated[k]]), lambda k: table.cell("date", k)
    )
