"""A country's published calendar as classes of days: the names that the ``holidays`` package gives are taken
apart into own days, substitutes and exchanges, and joined into blocks of days off.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import holidays

from centre.calendar import DayClass, country_calendar
from centre.instants import day_number, day_of, weekday_of

FESTIVALS = {
    "CN": {
        "Chinese New Year (Spring Festival)": ("Spring Festival", 0),
        "Chinese New Year's Eve": ("Spring Festival", -1),
        "Chinese New Year Extended Holiday": ("Spring Festival", 0),
    },
    "TW": {"Chinese New Year's Eve": ("Chinese New Year", -1)},
    "IL": {"Seventh day of Pesach": ("Pesach", 6)},
}
"""By country: the package's name -> the festival it is part of, and how many days after its first day it is."""
EXTENSIONS = ("Chinese New Year Extended Holiday",)
UNNAMED = ("Substitute Holiday", "Bridge Public Holiday")
ONE_FESTIVAL_DAYS = 15
"""Days of one name within so many days of one another are one festival; a substitute is no further away."""
_MARK = re.compile(r" \((observed|in lieu|substitute day|estimated|observed, estimated)\)$")
_SWAP = re.compile(r"Day off \(substituted from (\d\d/\d\d/\d{4})\)")


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """What makes a day special.

    Parameters
    ----------
    festival : whose holiday it belongs to, under one name in every year. A day that is the legal holiday of
        two festivals, and every other day of a block that joins two, belongs to the longer festival: Mid-Autumn
        inside the National Day week keeps its own day only
    offset : days from the festival's first day (lunar new year's day, 1 October): 0 on it, negative before
    name : what the calendar calls the day, for people to read
    """

    day_class: DayClass
    festival: str
    offset: int
    name: str


@dataclass(frozen=True)
class CountryDays:
    """The special days of some years by day number, and the first day of each festival with its name."""

    days: dict[int, SpecialDay]
    anchors: dict[int, str]


@lru_cache(maxsize=64)
def country_days(country: str, first_year: int, last_year: int) -> CountryDays:
    """The special days of a country in these years; days at the ends may lack a block or festival that lies
    beyond, so ask for a year more where that matters. Raises `ValueError` where the country is not known.
    """
    calendar = country_calendar(country, first_year, last_year)
    draft = _Draft(calendar)
    days = draft.special_days()
    if "half_day" in calendar.supported_categories and calendar.country != "CN":
        # China's half days are for women, the young, children and soldiers only
        half = country_calendar(country, first_year, last_year, "half_day")
        for day, name in half.items():
            days.setdefault(day_number(day), SpecialDay("half_day", _MARK.sub("", name), 0, name))
    return CountryDays(days, draft.anchors)


def noticed_years(country: str) -> list[int]:
    """Years for which the package holds a notice of exchanged days; none in countries without such notices.
    Raises `ValueError` where the country is not known.
    """
    calendar = country_calendar(country, 2024, 2024)
    return list(calendar.special_public_holidays) if hasattr(calendar, "substituted_label") else []


class _Draft:
    """The names of a calendar taken apart: whose own day it is, whose substitute, exchanged for which.

    ``own`` : day -> festivals; ``firsts`` : festival -> the first days that its own days speak for;
    ``substitutes`` : day -> festival, empty where none is named; ``swapped`` : make-up workday -> day off
    """

    def __init__(self, calendar: holidays.HolidayBase) -> None:
        self.names = {day_number(day): name for day, name in sorted(calendar.items())}
        self.own: dict[int, list[str]] = defaultdict(list)
        self.firsts: dict[str, list[int]] = defaultdict(list)
        self.substitutes: dict[int, str] = {}
        self.swapped: dict[int, int] = {}
        self.festivals = FESTIVALS.get(calendar.country, {})
        self.exchanges = hasattr(calendar, "substituted_label")
        self.weekend = [calendar.is_weekend(date(2024, 1, 1 + day)) for day in range(7)]
        for day, name in self.names.items():
            for part in name.split("; "):
                self._take(day, part)
        self._keep_moved()
        self.anchors = self._anchors()

    def _take(self, day: int, part: str) -> None:
        swap, mark, plain = _SWAP.fullmatch(part), _MARK.search(part), _MARK.sub("", part)
        festival, offset = self.festivals.get(plain, (plain, 0))
        if swap:
            self.substitutes.setdefault(day, "")
            worked = day_number(datetime.strptime(swap[1], "%m/%d/%Y").date())
            if worked not in self.names:
                self.swapped[worked] = day
        elif plain in UNNAMED:
            self.substitutes.setdefault(day, "")
        elif plain in EXTENSIONS or (mark and mark[1] != "estimated"):
            self.substitutes[day] = festival
        else:
            self.own[day].append(festival)
            self.firsts[festival].append(day - offset)

    def _keep_moved(self) -> None:
        """A substitute without the day it stands for is that holiday itself, moved for good."""
        for day, festival in list(self.substitutes.items()):
            if festival and all(abs(day - first) > ONE_FESTIVAL_DAYS for first in self.firsts[festival]):
                self.own[day].append(festival)
                self.firsts[festival].append(day)
                del self.substitutes[day]

    def _anchors(self) -> dict[int, str]:
        """First day -> festival; where two festivals begin on one day, the longer one."""
        found: dict[int, str] = {}
        for festival, days in self.firsts.items():
            last = None
            for day in sorted(days):
                if last is None or day - last > ONE_FESTIVAL_DAYS:
                    found[day] = self._longest((festival, found.get(day, festival)), day)
                    last = day
        return found

    def _longest(self, names: Iterable[str], day: int) -> str:
        """The festival with most own days around ``day``; among equals the last by name."""
        return max(names, key=lambda name: (self._length(name, day), name))

    def _length(self, festival: str, day: int) -> int:
        return sum(abs(first - day) <= ONE_FESTIVAL_DAYS for first in self.firsts[festival])

    def special_days(self) -> dict[int, SpecialDay]:
        """Every special day, in order."""
        found: dict[int, SpecialDay] = {}
        for block in self._blocks():
            for day in block:
                found[day] = self._day_off(day, block)
        for worked, day in self.swapped.items():
            festival = found[day].festival
            offset = found[day].offset + worked - day
            found[worked] = SpecialDay("makeup", festival, offset, f"Make-up workday for {festival}")
        return dict(sorted(found.items()))

    def _day_off(self, day: int, block: list[int]) -> SpecialDay:
        festival = self._festival(day, block)
        offset = day - self._first(festival, day)
        exchanged = [worked for worked, off in self.swapped.items() if off == day]
        if day in self.own:
            return SpecialDay("statutory", festival, offset, self.names[day])
        if exchanged:
            name = f"{festival}, in exchange for {day_of(exchanged[0])}"
            return SpecialDay("bridged", festival, offset, name)
        return SpecialDay("rest", festival, offset, self.names.get(day, f"{festival} (weekend)"))

    def _festival(self, day: int, block: list[int]) -> str:
        """Whose day it is: its own festival's; else, where days are exchanged, the longest festival's of the
        block; else the one its name tells, or the nearest in the block.
        """
        if day in self.own:
            return self._longest(self.own[day], day)
        own = [there for there in block if there in self.own]
        if self.exchanges and own:
            return self._longest((name for there in own for name in self.own[there]), day)
        near = min(own or list(self.own), key=lambda there: abs(there - day), default=None)
        return self.substitutes.get(day) or (self.own[near][0] if near is not None else self.names[day])

    def _first(self, festival: str, day: int) -> int:
        """First day of the festival nearest to ``day``."""
        groups = [
            min(first for first in self.firsts[festival] if abs(first - there) <= ONE_FESTIVAL_DAYS)
            for there in self.firsts[festival]
        ]
        return min(groups, key=lambda first: abs(first - day), default=day)

    def _blocks(self) -> list[list[int]]:
        """Runs of days off, weekends in them too: those inside a run and, in countries that exchange days,
        those that touch it, as the State Council's notices count them.
        """
        blocks: list[list[int]] = []
        for day in self.names:
            if blocks and self._joins(blocks[-1][-1] + 1, day):
                blocks[-1] += range(blocks[-1][-1] + 1, day + 1)
            else:
                blocks.append([day])
        return [self._with_weekends(block) if self.exchanges else block for block in blocks]

    def _joins(self, first: int, end: int) -> bool:
        return end - first <= 2 and all(self._is_free(day) for day in range(first, end))

    def _is_free(self, day: int) -> bool:
        return self.weekend[weekday_of(day)] and day not in self.swapped

    def _with_weekends(self, block: list[int]) -> list[int]:
        first, last = block[0], block[-1]
        while self._is_free(first - 1):
            first -= 1
        while self._is_free(last + 1):
            last += 1
        return list(range(first, last + 1))
