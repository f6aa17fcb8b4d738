"""A rota as a wide workbook: people down, days across, a code a shift, and a sheet that says what codes mean.

rows of rota.csv -> .xlsx from which `centre.wide.rota` reads the same rows
"""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import xlsxwriter
from numpy.typing import NDArray

from centre.instants import day_number, day_of, from_timestamps, to_timestamps, weekday_of
from centre.shift_legend import Legend, LegendCode, plain
from centre.shift_times import SPAN, clock_text, stretch_text
from centre.wide.codes import Codes
from centre.wide.layout import ID_HEADERS, is_remark, is_total
from centre.wide.shifts import wall_instant
from centre.writing import write_bytes

Numbers = NDArray[np.int64]
_HEADINGS = (
    "代码 code",
    "开始 start",
    "结束 end",
    "休息(分钟) break_minutes",
    "带薪 paid",
    "shift",
    "明细 stretches",
)
_SPAN = re.compile(SPAN)
_LATEST = 2880
_MADE = datetime(2000, 1, 1)


def write_wide_rota(
    path: Path, rota: pd.DataFrame, zone: ZoneInfo, *, legend: Legend | None = None, first_day: int | None = None,
    days: int | None = None, people: Sequence[str] = (), zones: Mapping[str, ZoneInfo] | None = None,
    title: str = "排班表",
) -> list[str]:  # fmt: skip
    """Write a rota as a wide workbook and say what such a sheet cannot tell of it; nothing to say: it reads back whole.

    Parameters
    ----------
    rota : the columns of ``rota.csv`` with aware ``start`` and ``end``
    zone : the clock of people who are not in ``zones``; the sheet has a column of zones where that is given
    legend : codes to use where they mean a shift of the rota; further ones are named after its shifts
    first_day, days : day numbers across (default: those of the rota)
    people : rows to begin with, also of people who are not in the rota
    """
    clocks = dict(zones or {})
    told = day_numbers(rota)
    first = int(told.min()) if first_day is None else first_day
    span = int(told.max()) + 1 - first if days is None else days
    doubts: list[str] = []
    shifts = _shifts(rota, told, zone, clocks, doubts)
    codes = Codes(dict(legend or {}))
    cells_: dict[tuple[str, int], list[str]] = {}
    for (agent_id, day, name), rows in shifts.items():
        stretches, steady = tuple(sorted(row[:4] for row in rows)), all(row[4] for row in rows)
        cells_.setdefault((agent_id, day), []).append(codes.code_of(name, stretches, steady))
    outside = sum(not first <= day < first + span for _, day in cells_)
    if outside:
        doubts.append(f"{outside} day(s) with shifts lie outside the days written.")
    ids = list(dict.fromkeys([*people, *sorted({agent_id for agent_id, _ in cells_})]))
    doubts += [f"{agent_id!r} would not be read as a person." for agent_id in ids if not _readable(agent_id)]
    sheet = _Sheet(title, first, span, ids, {one: "/".join(many) for one, many in cells_.items()})
    write_bytes(path, _workbook(sheet, codes, clocks, zone if zones is not None else None))
    return doubts + codes.doubts


def day_numbers(rota: pd.DataFrame) -> Numbers:
    """The column ``day`` as day numbers, shape (rows,)."""
    which, told = pd.factorize(rota["day"])
    dates = pd.to_datetime(pd.Series(told)).dt.date
    return np.array([day_number(day) for day in dates], dtype=np.int64)[which]


def _shifts(
    rota: pd.DataFrame, days: Numbers, zone: ZoneInfo, zones: Mapping[str, ZoneInfo], doubts: list[str]
) -> dict[tuple[str, int, str], list[tuple[int, int, str, bool, bool]]]:
    """Wall-clock stretches by person, day and shift, each with whether clocks stay as they are in it; what wall
    clocks cannot tell is said.
    """
    agents, activities, names = (
        rota[name].astype(str).tolist() for name in ("agent_id", "activity", "shift")
    )
    clocks = [zone, *dict.fromkeys(zones.values())]
    which = np.array([clocks.index(zones.get(agent_id, zone)) for agent_id in agents], dtype=np.int64)
    instants = [from_timestamps(pd.to_datetime(rota[name], utc=True)) for name in ("start", "end")]
    start, end = (_wall_minutes(minutes, days, which, clocks) for minutes in instants)
    tellable = (start >= 0) & (start < end) & (end <= _LATEST)
    twice = tellable & ~_reads_back(start, instants[0], days, which, clocks, tellable)
    twice |= tellable & ~_reads_back(end, instants[1], days, which, clocks, tellable)
    steady = end - start == instants[1] - instants[0]
    shifts: dict[tuple[str, int, str], list[tuple[int, int, str, bool, bool]]] = {}
    rows = zip(
        agents, days.tolist(), names, start.tolist(), end.tolist(), activities, rota["paid"].astype(bool).tolist(),
        tellable.tolist(), twice.tolist(), steady.tolist(), strict=True,
    )  # fmt: skip
    for agent_id, day, name, first, last, activity, paid, good, again, same in rows:
        if not good or ";" in activity or activity != activity.strip():
            where = f"{agent_id}, {day_of(day)}, {name or activity}"
            doubts.append(f"{where}: a stretch that a legend cannot tell was left out.")
            continue
        if again:
            where = f"{agent_id}, {day_of(day)}, {name or activity}"
            doubts.append(f"{where}: clocks show its time twice that day; it will be read as the first.")
        shifts.setdefault((agent_id, day, name), []).append((first, last, activity, paid, same))
    return shifts


def _wall_minutes(minutes: Numbers, days: Numbers, which: Numbers, clocks: list[ZoneInfo]) -> Numbers:
    """Wall-clock minutes of UTC minutes after the midnight that their days begin with, shape (rows,)."""
    wall = np.zeros(len(minutes), dtype=np.int64)
    for k, clock in enumerate(clocks):
        local = to_timestamps(minutes[which == k]).tz_convert(clock).tz_localize(None)
        wall[which == k] = local.values.astype("datetime64[m]").astype(np.int64)
    return wall - days * 1440


def _reads_back(
    wall: Numbers, minutes: Numbers, days: Numbers, which: Numbers, clocks: list[ZoneInfo], rows: NDArray[np.bool_]
) -> NDArray[np.bool_]:  # fmt: skip
    """Whether the reader makes the same instants of wall-clock minutes; every distinct one is tried once."""
    same = np.ones(len(wall), dtype=bool)
    first = int(days.min()) if len(days) else 0
    key = ((days - first) * len(clocks) + which) * (_LATEST + 1) + wall
    distinct, inverse = np.unique(key[rows], return_inverse=True)
    read = []
    for number in distinct.tolist():
        rest, minute = divmod(number, _LATEST + 1)
        day, clock = divmod(rest, len(clocks))
        read.append(wall_instant(clocks[clock], first + day, minute)[0])
    same[rows] = np.array(read, dtype=np.int64)[inverse] == minutes[rows]
    return same


def _readable(agent_id: str) -> bool:
    other = is_total(agent_id) or is_remark(agent_id) or agent_id.lower() in ID_HEADERS
    return bool(agent_id) and plain(agent_id) == agent_id and not other and not _SPAN.search(agent_id)


@dataclass(frozen=True)
class _Sheet:
    """What stands in the sheet: people, days and the text of every cell that is no day off."""

    title: str
    first: int
    days: int
    people: list[str]
    cells: dict[tuple[str, int], str]


def _workbook(sheet: _Sheet, codes: Codes, zones: Mapping[str, ZoneInfo], zone: ZoneInfo | None) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"created": _MADE})
    styles = {
        "title": book.add_format({"bold": True, "font_size": 14, "quote_prefix": True}),
        "head": book.add_format({"bold": True, "align": "center", "bottom": 1}),
        "date": book.add_format({"bold": True, "align": "center", "num_format": 'm"月"d"日"'}),
        "text": book.add_format({"quote_prefix": True}),
        "code": book.add_format({"align": "center", "quote_prefix": True}),
    }
    off = codes.off()
    _fill_days(book.add_worksheet("排班"), styles, sheet, off, zones, zone)
    _fill_legend(book.add_worksheet("图例"), styles, codes.legend.items())
    book.close()
    return stream.getvalue()


def _fill_days(
    page: Any, styles: dict[str, Any], sheet: _Sheet, off: str, zones: Mapping[str, ZoneInfo], zone: ZoneInfo | None
) -> None:  # fmt: skip
    left = 1 if zone is None else 2
    last = sheet.first + sheet.days - 1
    title = f"{sheet.title} {day_of(sheet.first)} – {day_of(last)}"
    page.merge_range(0, 0, 0, left + sheet.days - 1, "", styles["title"])
    page.write_string(0, 0, title, styles["title"])
    for place, heading in enumerate(("工号", "时区")[:left]):
        page.write_string(1, place, heading, styles["head"])
    for k in range(sheet.days):
        page.write_datetime(
            1, left + k, datetime.combine(day_of(sheet.first + k), datetime.min.time()), styles["date"]
        )
        page.write_string(2, left + k, "一二三四五六日"[weekday_of(sheet.first + k)], styles["head"])
    for row, agent_id in enumerate(sheet.people, start=3):
        page.write_string(row, 0, agent_id, styles["text"])
        if zone is not None:
            page.write_string(row, 1, zones.get(agent_id, zone).key, styles["text"])
        for k in range(sheet.days):
            page.write_string(
                row, left + k, sheet.cells.get((agent_id, sheet.first + k), off), styles["code"]
            )
    page.freeze_panes(3, left)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, 2)
    page.set_column(0, left - 1, 14)
    page.set_column(left, left + sheet.days - 1, 7)


def _fill_legend(page: Any, styles: dict[str, Any], codes: Iterable[tuple[str, LegendCode]]) -> None:
    for place, heading in enumerate(_HEADINGS):
        page.write_string(0, place, heading, styles["head"])
    for row, (code, told) in enumerate(codes, start=1):
        texts = [code]
        if told.start is not None and told.end is not None:
            pause = "" if told.break_minutes is None or told.stretches else str(told.break_minutes)
            paid = "" if told.stretches else "true" if told.paid else "false"
            parts = "; ".join(stretch_text(*part) for part in told.stretches)
            texts += [clock_text(told.start), clock_text(told.end), pause, paid, _shift_text(told), parts]
        for place, text in enumerate(texts):
            page.write_string(row, place, text, styles["text"])
    page.freeze_panes(1, 1)
    page.set_column(0, len(_HEADINGS) - 2, 12)
    page.set_column(
        _HEADINGS.index("休息(分钟) break_minutes"), _HEADINGS.index("休息(分钟) break_minutes"), 24
    )
    page.fit_to_pages(1, 0)
    page.set_column(len(_HEADINGS) - 1, len(_HEADINGS) - 1, 60)


def _shift_text(told: LegendCode) -> str:
    return "" if told.shift is None else told.shift or "-"
