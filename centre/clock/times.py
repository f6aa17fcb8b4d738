"""Texts of clock times in any of the usual spellings as wall-clock or UTC minutes, a whole column at once."""

import re
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.instants import Minutes
from centre.wall_clock import Flags

NOTHING = ("", "-", "–", "—", "--", "缺卡", "未打卡")
"""Texts for a time that was not recorded."""
_FIRST_YEAR, _LAST_YEAR = 1970, 2100
_ZONED = r":\d{2}.*(?:Z|[+-]\d{2}(?::?\d{2})?)$"
_SPELLED = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[ T]*(?:(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?"
)
_CLOCK = re.compile(r"(次日|\+1|第二天)?\s*(\d{1,2}):(\d{2})(?::\d{2})?")


@dataclass(frozen=True)
class ClockTexts:
    """The distinct texts of a column parsed, arrays of shape (texts,).

    ``minutes`` are UTC minutes where ``zoned``, minutes after midnight where ``alone`` (a time without a
    date), else wall-clock minutes since 1970; ``offset`` is that of a zoned text; ``wrong`` says what was
    expected, by position. Seconds are dropped.
    """

    minutes: Minutes
    zoned: Flags
    alone: Flags
    blank: Flags
    offset: Minutes
    wrong: dict[int, str]


def clock_texts(texts: list[str], with_day: bool) -> ClockTexts:
    """Parse distinct texts; ``with_day`` allows times without a date."""
    series = pd.Series(texts, dtype=object)
    blank = np.array([text in NOTHING for text in texts], dtype=bool)
    zoned = series.str.contains(_ZONED, regex=True).to_numpy(dtype=bool) if len(texts) else blank.copy()
    whole = np.array([":" in text and len(text) > 12 for text in texts], dtype=bool)
    minutes, offset = np.zeros(len(texts), dtype=np.int64), np.zeros(len(texts), dtype=np.int64)
    alone = np.zeros(len(texts), dtype=bool)
    stamps = pd.to_datetime(series.where(whole), format="ISO8601", errors="coerce", utc=True)
    known = stamps.dt.year.between(_FIRST_YEAR, _LAST_YEAR).to_numpy(dtype=bool)
    plain = stamps.dt.tz_localize(None).to_numpy().astype("datetime64[m]").astype(np.int64)
    minutes[known] = plain[known]
    wrong: dict[int, str] = {}
    for k in np.flatnonzero(zoned & known):
        offset[k] = _offset(texts[k])
    for k in np.flatnonzero(~known & ~blank):
        try:
            minutes[k], alone[k] = _spelled(texts[k], with_day)
        except ValueError as error:
            wrong[int(k)] = str(error)
    return ClockTexts(minutes, zoned & known, alone, blank, offset, wrong)


def _spelled(text: str, with_day: bool) -> tuple[int, bool]:
    """Minutes of a text that is no plain ISO 8601, and whether it is a time without a date."""
    clock = _CLOCK.fullmatch(text)
    if clock and with_day:
        hour, minute = int(clock[2]), int(clock[3])
        if hour > 47 or minute > 59:
            raise ValueError("a time of day such as 08:30")
        return hour * 60 + minute + (1440 if clock[1] else 0), True
    found = _SPELLED.fullmatch(text)
    if found is None:
        words = "a date and time such as 2026-03-02 08:30"
        raise ValueError(words + (" or a time such as 08:30" if with_day else ""))
    year, month, day = (int(part) for part in found.groups()[:3])
    if found[4] is None:
        raise ValueError("a time beside the date, such as 2026-03-02 08:30")
    try:
        midnight = datetime(year, month, day)
    except ValueError:
        raise ValueError(f"a date that exists: there is no {year:04d}-{month:02d}-{day:02d}") from None
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f"a year from {_FIRST_YEAR} to {_LAST_YEAR}")
    hour, minute = int(found[4]), int(found[5])
    if hour > 23 or minute > 59 or int(found[6] or 0) > 59:
        raise ValueError("a time from 00:00 to 23:59")
    return (midnight - datetime(1970, 1, 1)).days * 1440 + hour * 60 + minute, False


def _offset(text: str) -> int:
    """Minutes east of Greenwich that a text ends with."""
    if text[-1] == "Z":
        return 0
    found = re.search(r"([+-])(\d{2})(?::?(\d{2}))?$", text)
    assert found is not None
    return (-1 if found[1] == "-" else 1) * (int(found[2]) * 60 + int(found[3] or 0))


def of_rows(values: NDArray[np.int64] | Flags, codes: NDArray[np.int32]) -> NDArray[np.int64]:
    """The values of distinct texts row by row, shape (rows,); an empty column gives zeros."""
    return values[codes] if len(values) else np.zeros(len(codes), dtype=values.dtype)  # type: ignore[return-value]
