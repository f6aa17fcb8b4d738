"""Dates and times as other tools write them, each distinct text once: order of day and month, clock of 12 hours, spans."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache

import numpy as np

from centre.foreign.words import ORDERS
from centre.instants import MINUTES_A_DAY, day_number, to_minutes
from centre.volumes import plainly

_YEARS = range(1970, 2101)
_PARTED = re.compile(r"(\d{1,4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,4})日?")
_CLOCK = re.compile(
    r"(上午|下午|am|pm|a\.m\.|p\.m\.)?\s*(\d{1,2})(?:[:：时点](\d{2})?)分?(?:[:：](\d{2})秒?(?:\.\d+)?)?"
    r"\s*(am|pm|a\.m\.|p\.m\.)?",
    re.IGNORECASE,
)
_SPAN = re.compile(r"\s*(?:-|–|—|~|～|至|到|to)\s*")
_ZONED = re.compile(
    r"\d{4}[-/]\d{2}[-/]\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z|T\d{2}:\d{2}[+-]\d{2}:?\d{2}"
    r"|[T ]\d{2}:\d{2}:\d{2}(?:\.\d+)?[+-]\d{2}:?\d{2})"
)
DATE_WORDS = "a date such as 2026-03-02"
TIME_WORDS = "a time of day such as 08:30"


def order_of(texts: Sequence[str]) -> tuple[str | None, bool]:
    """In which order day, month and year stand in the distinct texts of a column as they come, and whether only their sequence tells so.

    None where two orders are as likely.

    Examples
    --------
    >>> order_of(["02/03/2026", "14/03/2026"]), order_of(["02/03/2026"])
    (('dmy', False), (None, False))
    """
    possible = [order for order in ORDERS if all(_possible(text, order) for text in texts)]
    if len(possible) > 1 and not any(_year_first(text) for text in texts):
        possible = [order for order in possible if order != "ymd" or any(text.isdigit() for text in texts)]
    if len(possible) <= 1:
        return (possible[0] if possible else None), False
    if "ymd" in possible and all(_year_first(text) for text in texts):
        return "ymd", False
    rising = [order for order in possible if _rises(texts, order)]
    steady = [order for order in rising if _days_follow(texts, order)]
    return (steady[0], True) if len(steady) == 1 and len(texts) > 2 else (None, False)


@lru_cache(maxsize=200_000)
def day_in(text: str, order: str) -> int:
    """Day number of a date; raises ValueError with what was expected."""
    plain = plainly(text).strip()
    parts = _date_parts(plain, order)
    if parts is None:
        raise ValueError(DATE_WORDS)
    first = dict(zip(order, parts, strict=True))
    year = first["y"] if first["y"] >= 100 else 2000 + first["y"]
    try:
        day = date(year, first["m"], first["d"])
    except ValueError:
        raise ValueError(f"a date that exists, read as {_told(order)}") from None
    if year not in _YEARS:
        raise ValueError(f"a year from {_YEARS[0]} to {_YEARS[-1]}")
    return day_number(day)


@lru_cache(maxsize=200_000)
def minute_in(text: str) -> int:
    """Minutes after midnight of a time of day, or of the start of a span; raises ValueError."""
    start = _SPAN.split(plainly(text).strip())[0].strip()
    if re.fullmatch(r"\d{3,4}", start):
        start = f"{start[:-2]}:{start[-2:]}"
    if re.fullmatch(r"\d{1,2}", start):
        start += ":00"
    found = _CLOCK.fullmatch(start)
    if not found:
        raise ValueError(TIME_WORDS)
    hour, minute, second = int(found[2]), int(found[3] or 0), int(found[4] or 0)
    half = (found[1] or found[5] or "").lower().replace(".", "")
    if half:
        if not 1 <= hour <= 12:
            raise ValueError("an hour from 1 to 12 beside am or pm")
        hour = hour % 12 + (12 if half in ("pm", "下午") else 0)
    if hour > 23 or minute > 59:
        raise ValueError("a time from 00:00 to 23:59")
    if second:
        raise ValueError("a time on a whole minute")
    return hour * 60 + minute


def moment_in(text: str, order: str) -> tuple[int, bool]:
    """Minutes since 1970 of a date with a time, and whether they are UTC (the text has an offset) or wall-clock."""
    plain = plainly(text).strip()
    if _ZONED.fullmatch(plain):
        return _with_offset(plain), True
    day, time = _halves(plain)
    return day_in(day, order) * MINUTES_A_DAY + minute_in(time), False


def date_texts(texts: Iterable[str]) -> list[str]:
    """The dates of texts that may have times behind them, those without an offset, each once in the order in which they come."""
    plain = (plainly(text).strip() for text in texts)
    return list(dict.fromkeys(_halves(text)[0] for text in plain if text and not _ZONED.fullmatch(text)))


def begins_with_date(text: str) -> bool:
    """Whether a text begins with year, month and day, or day, month and year, with marks between."""
    return _PARTED.match(plainly(text).strip()) is not None


def is_date(text: str) -> bool:
    """Whether a text is a date in any order."""
    return _date_parts(text, "ymd") is not None


def _halves(text: str) -> tuple[str, str]:
    """The date and the time of a text; a midnight that a spreadsheet left out is added."""
    found = _PARTED.match(text)
    if found:
        rest = text[found.end() :].lstrip(" T,")
        return found[0], rest or "00:00"
    day, _, time = text.partition(" ")
    return day, time.strip() or "00:00"


def _with_offset(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        raise ValueError("an instant such as 2026-03-02T08:30:00Z") from None
    if moment.second:
        raise ValueError("an instant on a whole minute")
    return to_minutes(moment)


@lru_cache(maxsize=200_000)
def _date_parts(text: str, order: str) -> tuple[int, int, int] | None:
    found = _PARTED.fullmatch(text)
    if found:
        return int(found[1]), int(found[2]), int(found[3])
    if re.fullmatch(r"\d{8}|\d{6}", text):
        year = len(text) - 4
        cuts = {"ymd": (year, year + 2), "dmy": (2, 4), "mdy": (2, 4)}[order]
        return int(text[: cuts[0]]), int(text[cuts[0] : cuts[1]]), int(text[cuts[1] :])
    return None


def _possible(text: str, order: str) -> bool:
    parts = _date_parts(text, order)
    if parts is None:
        return True  # told where it is read
    first = dict(zip(order, parts, strict=True))
    year = first["y"]
    years = year in _YEARS or year < 100
    if not years or (year < 100 and any(len(part) == 4 for part in re.findall(r"\d+", text))):
        return False
    return 1 <= first["m"] <= 12 and 1 <= first["d"] <= 31


def _year_first(text: str) -> bool:
    found = _PARTED.fullmatch(text)
    return bool(found and len(found[1]) == 4)


def _rises(texts: Sequence[str], order: str) -> bool:
    days = _days(texts, order)
    return days is not None and bool((np.diff(days) >= 0).all())


def _days_follow(texts: Sequence[str], order: str) -> bool:
    """Whether most days come one after the other, within a week."""
    days = _days(texts, order)
    return days is not None and bool((np.diff(days) <= 7).all())


def _days(texts: Sequence[str], order: str) -> "np.ndarray[tuple[int], np.dtype[np.int64]] | None":
    try:
        return np.array([day_in(text, order) for text in texts if _date_parts(text, order)], dtype=np.int64)
    except ValueError:
        return None


def _told(order: str) -> str:
    return {"ymd": "year, month, day", "dmy": "day, month, year", "mdy": "month, day, year"}[order]
