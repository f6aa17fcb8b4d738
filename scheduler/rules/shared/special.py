"""Which days are Sundays or public holidays in the sense of a rule."""

from typing import Literal

import numpy as np

from centre.instants import Minutes, weekday_of
from scheduler.rota import Flags
from scheduler.rules.facts import Facts

SUNDAY = 6
Special = Literal["sundays", "holidays", "holidays-and-rest", "sundays-and-holidays"]
"""Which days a rule is about.

sundays : the weekday
holidays : days of class statutory, on whatever weekday
holidays-and-rest : those and days of class rest: substitute days off, weekends joined to a holiday
sundays-and-holidays : sundays and days of class statutory
"""
WORDS = {
    "sundays": "Sundays",
    "holidays": "public holidays",
    "holidays-and-rest": "public holidays and their rest days",
    "sundays-and-holidays": "Sundays and public holidays",
}
NO_CALENDAR = "no calendar of public holidays is known."


def special_days(which: Special, facts: Facts, first: int, last: int) -> Minutes:
    """Those of the days ``first..last``, both counted, in order; of unknown holidays none."""
    classes = ("statutory", "rest") if which == "holidays-and-rest" else ("statutory",)
    days = set[int]()
    if which != "sundays":
        days |= {day for day, name in (facts.special_days or {}).items() if name in classes}
    if which in ("sundays", "sundays-and-holidays"):
        days.update(day for day in range(first, last + 1) if weekday_of(day) == SUNDAY)
    return np.array(sorted(day for day in days if first <= day <= last), dtype=np.int64)


def needs_calendar(which: Special, facts: Facts) -> bool:
    """Whether a rule asks about public holidays and none are known."""
    return which != "sundays" and facts.special_days is None


def among(days: Minutes, special: Minutes) -> Flags:
    """Which of ``days`` are one of ``special``, sorted; shape of ``days``."""
    if not len(special):
        return np.zeros(len(days), dtype=bool)
    place = np.minimum(np.searchsorted(special, days), len(special) - 1)
    return np.asarray(special[place] == days)
