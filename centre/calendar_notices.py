"""The State Council's notices of days off as year files of holiday-cn hold them, turned into rows of the calendar."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from centre import cells
from centre.calendar import CalendarRow, is_weekend
from centre.calendar_blocks import SpecialDay, country_days
from centre.errors import Faults
from centre.instants import day_number

ONE_BLOCK_DAYS = 25
YEARS = range(1950, 2101)  # that the package knows of China
_FORM = 'a year file of holiday-cn: {"year": 2027, "days": [{"name": ..., "date": ..., "isOffDay": true}]}'


@dataclass(frozen=True)
class _Entry:
    """One day of a holiday-cn file."""

    day: int
    name: str
    is_off: bool


def holiday_cn_rows(path: Path, faults: Faults) -> list[CalendarRow]:
    """The days of one year of the State Council's notices, from a file in holiday-cn's form.

    Days off are told apart into statutory days (by the Regulation on Public Holidays for National Annual
    Festivals and Memorial Days, as the ``holidays`` package has it), weekend days and substitutes for statutory days on
    weekends (rest), and weekdays off in exchange for a weekend day worked (bridged): as many as there are make-up
    workdays, the latest of a block first. What the package supposed of that year beyond this is withdrawn.

    **Source:** https://github.com/NateScarlet/holiday-cn (MIT) for the form of the file.
    """
    told = _entries(path, faults)
    if told is None:
        return []
    year, entries = told
    known = country_days("CN", year - 1, year + 1).days
    rows = [row for block in _blocks(entries) for row in _classified(block, known)]
    listed = {entry.day for entry in entries}
    withdrawn = [
        CalendarRow(day, special.name, "workday")
        for day, special in known.items()
        if day not in listed
        and day_number(date(year, 1, 1)) <= day <= day_number(date(year, 12, 31))
        and (special.day_class == "makeup" or _is_supposed(day, special))
    ]
    return sorted(rows + withdrawn, key=lambda row: row.day)


def _is_supposed(day: int, special: SpecialDay) -> bool:
    """Whether the package has it off by a notice or its own guess, not by the regulation or as a weekend."""
    return special.day_class in ("rest", "bridged") and not is_weekend("CN", day)


def _entries(path: Path, faults: Faults) -> tuple[int, list[_Entry]] | None:
    """Year and days of the file, or None where it is not of the form or holds no days."""
    try:
        told = json.loads(path.read_text(encoding="utf-8-sig"))
        year, days = YEARS.index(told["year"]) + YEARS.start, list(told["days"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        faults.add(path.name, _FORM)
        return None
    if not days:
        faults.add(path.name, "the days of a year that is published", found="no days", column="days")
        return None
    before = len(faults.found)
    entries = [_entry(path.name, year, place, item, faults) for place, item in enumerate(days, start=1)]
    good = {entry.day: entry for entry in entries if entry is not None}
    if len(faults.found) == before and len(good) < len(days):
        faults.add(path.name, "each date once", found=f"{len(days) - len(good)} again", column="days")
    return (year, list(good.values())) if len(faults.found) == before else None


def _entry(file: str, year: int, place: int, item: Any, faults: Faults) -> _Entry | None:
    try:
        name, day, is_off = item["name"], cells.day(item["date"]), item["isOffDay"]
    except (KeyError, TypeError, AttributeError, ValueError):
        name, day, is_off = None, None, None
    if not isinstance(name, str) or day is None or not isinstance(is_off, bool):
        words = "a day with name, date such as 2027-01-01 and isOffDay true or false"
        faults.add(file, words, found=json.dumps(item, ensure_ascii=False), column=f"days, {place}.")
        return None
    if abs(day.year - year) > 1:
        faults.add(file, f"a day of {year} or beside it", found=day, column=f"days, {place}.")
        return None
    return _Entry(day_number(day), name, is_off)


def _blocks(entries: Iterable[_Entry]) -> list[list[_Entry]]:
    """The entries by holiday: of one name and not far apart."""
    blocks: list[list[_Entry]] = []
    for entry in sorted(entries, key=lambda entry: (entry.name, entry.day)):
        last = blocks[-1][-1] if blocks else None
        if last and last.name == entry.name and entry.day - last.day <= ONE_BLOCK_DAYS:
            blocks[-1].append(entry)
        else:
            blocks.append([entry])
    return blocks


def _classified(block: list[_Entry], known: dict[int, SpecialDay]) -> list[CalendarRow]:
    statutory = {
        entry.day: known[entry.day]
        for entry in block
        if entry.is_off and entry.day in known and known[entry.day].day_class == "statutory"
    }
    names = [special.festival for special in statutory.values()]
    festival = max(names, key=lambda name: (names.count(name), name), default=block[0].name)
    worked = [entry.day for entry in block if not entry.is_off and is_weekend("CN", entry.day)]
    free = [e.day for e in block if e.is_off and e.day not in statutory and not is_weekend("CN", e.day)]
    start = min(statutory, default=block[0].day)
    free.sort(key=lambda day: (day < start, day))
    bridged = set(free[max(len(free) - len(worked), 0) :])
    rows = []
    for entry in block:
        day = entry.day
        if day in statutory:
            row = CalendarRow(day, statutory[day].name, "statutory", statutory[day].festival)
        elif not entry.is_off:
            made_up = day in worked
            row = CalendarRow(
                day, f"Make-up workday for {festival}", "makeup" if made_up else "workday", festival
            )
        elif day in bridged:
            row = CalendarRow(day, f"Day off ({festival})", "bridged", festival)
        else:
            kind = "weekend" if is_weekend("CN", day) else "observed"
            row = CalendarRow(day, f"{festival} ({kind})", "rest", festival)
        rows.append(row)
    return rows
