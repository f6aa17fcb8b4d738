"""The legend of a wide rota: what each shift code means, read from rows with headings in English or Chinese."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from centre import cells
from centre.errors import Faults
from centre.records import Record
from centre.shift_times import clock, stretch, time_span
from centre.wide.sheets import sheets_of

HEADINGS = {
    "code": ("code", "代码", "班次代码", "班次编码", "编码", "班次", "班别", "班种"),
    "start": ("start", "开始", "开始时间", "上班", "上班时间"),
    "end": ("end", "结束", "结束时间", "下班", "下班时间"),
    "span": ("时间", "时段", "班次时间", "工作时间", "time", "hours"),
    "break_minutes": (
        "break_minutes", "break", "休息", "休息分钟", "休息(分钟)", "休息(分)", "休息时间", "休息时长",
        "休息时间(分钟)", "休息时长(分钟)",
    ),
    "paid": ("paid", "带薪", "计薪", "有薪"),
    "shift": ("shift",),
    "stretches": ("stretches", "明细"),
}  # fmt: skip
"""Column -> its headings, the better one first."""
NO_TIME = ("", "-", "–", "—", "/", "无", "休", "休息")
_MAY_BE_HEADING = re.compile(r"code|[代编]码|班[次别种]", re.IGNORECASE)
_AS_WRITTEN = ("shift", "stretches")  # names of the rota, which stay as they are
_YES = {
    "是": "true",
    "有": "true",
    "y": "true",
    "√": "true",
    "✓": "true",
    "否": "false",
    "无": "false",
    "n": "false",
}
_PAUSE = re.compile(r"(\d+(?:\.\d+)?)\s*(分钟?|min\w*|m|小时|h\w*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LegendCode:
    """A code of the legend: minutes after midnight, None for a day off; ``break_minutes`` None if not told.

    ``shift`` is the name that a rota gives the shift, None where it is the code; ``stretches`` are its parts
    as (start, end, activity, paid), none where it is work with a break in the middle.
    """

    start: int | None
    end: int | None
    break_minutes: int | None
    paid: bool
    shift: str | None = None
    stretches: tuple[tuple[int, int, str, bool], ...] = ()


Legend = dict[str, LegendCode]


def read_legend(path: Path, faults: Faults) -> Legend:
    """The codes of a legend file; every fault is noted."""
    before = len(faults.found)
    sheets = sheets_of(path, faults)
    for sheet in sheets:
        for k, row in enumerate(sheet.rows):
            if is_heading(heading_places(row)):
                records = list(zip(sheet.numbers[k:], sheet.rows[k:], strict=True))
                return legend_of(sheet.name, records, faults)
    if len(faults.found) == before:
        words = "a header row with code, start, end (or 代码, 开始, 结束)"
        faults.add(path.name, words, found="an empty file" if not any(s.rows for s in sheets) else "", row=1)
    return {}


@lru_cache(maxsize=65536)
def plain(code: str) -> str:
    """A code without blanks around it, full-width letters as the usual ones."""
    return unicodedata.normalize("NFKC", code).strip()


def heading_places(row: Sequence[str]) -> dict[str, int]:
    """Column -> its place in a row of headings; a heading may hold words of two languages, such as ``代码 code``."""
    if not _MAY_BE_HEADING.search("\n".join(row)):
        return {}
    place_of: dict[str, int] = {}
    for place, cell in enumerate(row):
        text = plain(cell).lower()
        for word in (text, *text.split()):
            place_of.setdefault(word, place)
    found = (
        (name, next((place_of[one] for one in words if one in place_of), None))
        for name, words in HEADINGS.items()
    )
    return {name: place for name, place in found if place is not None}


def is_heading(places: dict[str, int]) -> bool:
    """Whether a row has the headings of a legend: a code and its times."""
    return "code" in places and (
        {"start", "end"} <= places.keys() or bool({"span", "stretches"} & places.keys())
    )


def legend_of(file: str, records: Sequence[Record], faults: Faults) -> Legend:
    """The codes of rows below their headings; every fault is noted under ``file``."""
    (_, header), *body = records
    places = heading_places(header)
    legend: Legend = {}
    for number, row in body:
        if not any(row):
            continue
        read = _RowReader(file, number, row, header, places, faults)
        code = read.text("code")
        before = len(faults.found)
        if not code:
            read.blame("code", "a code")
        found = read.code()
        if code in legend:
            read.blame("code", "each code once", code)
        if len(faults.found) == before:
            legend[code] = found
    return legend


@dataclass(frozen=True)
class _RowReader:
    """One row of a legend and where its faults are told."""

    file: str
    number: int
    row: Sequence[str]
    header: Sequence[str]
    places: dict[str, int]
    faults: Faults

    def text(self, name: str) -> str:
        place = self.places.get(name)
        cell = self.row[place].strip() if place is not None and place < len(self.row) else ""
        return cell if name in _AS_WRITTEN else plain(cell)

    def blame(self, name: str, expected: str, found: object = "") -> None:
        heading = self.header[self.places[name]] if name in self.places else name
        self.faults.add(self.file, expected, found=found, row=self.number, column=heading)

    def code(self) -> LegendCode:
        pause, paid, shift = (
            self._value("break_minutes", _pause, None),
            self._value("paid", _flag, True),
            None,
        )
        if "shift" in self.places and self.text("shift"):
            shift = "" if self.text("shift") == "-" else self.text("shift")
        parts = self._value("stretches", _stretches, ())
        if parts:
            ends = [minute for start, end, *_ in parts for minute in (start, end)]
            return LegendCode(min(ends), max(ends), 0, paid, shift, parts)
        start, end = self._ends()
        return LegendCode(start, end, self._checked(start, end, pause), paid, shift)

    def _ends(self) -> tuple[int | None, int | None]:
        if {"start", "end"} <= self.places.keys():
            start, end = (self._value(name, clock, None) for name in ("start", "end"))
            told = [self.text(name) not in NO_TIME for name in ("start", "end")]
            if told[0] != told[1]:
                self.blame("start" if told[1] else "end", "both a start and an end, or neither")
            return start, end + 1440 if start is not None and end is not None and end < start else end
        ends: tuple[int | None, int | None] = self._value("span", time_span, (None, None))
        return ends

    def _checked(self, start: int | None, end: int | None, pause: int | None) -> int | None:
        if start is not None and end is not None:
            name = "end" if "end" in self.places else "span"
            if end == start:
                self.blame(name, "an end apart from the start; 24 hours from 08:00 end at 32:00")
            elif pause is not None and pause >= end - start:
                self.blame("break_minutes", f"fewer minutes than the shift has ({end - start})", pause)
        return pause

    def _value(self, name: str, read: cells.Reader, blank: Any) -> Any:
        text = self.text(name)
        if text in NO_TIME:
            return blank
        try:
            return read(text)
        except ValueError as error:
            self.blame(name, str(error), text)
            return blank


def _pause(text: str) -> int:
    match = _PAUSE.fullmatch(text)
    minutes = float(match[1]) * (60 if match[2] and match[2][0] in "小hH" else 1) if match else -1
    if not 0 <= minutes <= 1440 or minutes != int(minutes):
        raise ValueError("a whole number of minutes from 0 to 1440")
    return int(minutes)


def _flag(text: str) -> bool:
    return cells.flag(_YES.get(text.lower(), text))


def _stretches(text: str) -> tuple[tuple[int, int, str, bool], ...]:
    return tuple(stretch(part.strip()) for part in text.split(";") if part.strip())
