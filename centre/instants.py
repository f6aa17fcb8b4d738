"""Instants and local time: minutes since 1970 in UTC, local days as ordinals since 1970, and the interval grid.

Every instant inside the product is an int64 count of UTC minutes; local times are turned into instants at the door and never
subtracted from one another, so that nights on which clocks change keep their true length.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Minutes = NDArray[np.int64]
EPOCH = date(1970, 1, 1)
MINUTES_A_DAY = 1440


def day_number(day: date) -> int:
    """Days from 1970-01-01 to ``day``."""
    return (day - EPOCH).days


def day_of(number: int) -> date:
    """The date that `day_number` counts to."""
    return EPOCH + timedelta(days=int(number))


def weekday_of(number: int) -> int:
    """Weekday of a day number, Monday 0 (1970-01-01 was a Thursday)."""
    return (int(number) + 3) % 7


def week_of(number: int, week_start: int) -> int:
    """Day number on which the week holding ``number`` begins; ``week_start`` is a weekday, Monday 0."""
    return number - (weekday_of(number) - week_start) % 7


def to_minutes(moment: datetime) -> int:
    """UTC minutes since 1970 of an aware datetime; seconds are dropped."""
    return int(moment.timestamp() // 60)


def from_minutes(minutes: int, zone: ZoneInfo | None = None) -> datetime:
    """The aware datetime of UTC minutes, in ``zone`` (default UTC)."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=int(minutes))
    return moment.astimezone(zone) if zone else moment


@lru_cache(maxsize=100_000)
def local_instant(zone: ZoneInfo, day: int, minute_of_day: int) -> int | None:
    """UTC minutes of a wall-clock time, or None where clocks skip it; of two, the first.

    Parameters
    ----------
    day : day number (see `day_number`)
    minute_of_day : wall-clock minutes after 00:00; 1440 and more reach into the following days

    Examples
    --------
    >>> berlin = ZoneInfo("Europe/Berlin")
    >>> local_instant(berlin, day_number(date(2024, 3, 31)), 150) is None  # 02:30 did not exist
    True
    """
    over, minute = divmod(minute_of_day, MINUTES_A_DAY)
    naive = datetime.combine(day_of(day + over), datetime.min.time()) + timedelta(minutes=minute)
    moment = naive.replace(tzinfo=zone)
    back = moment.astimezone(UTC).astimezone(zone)
    return to_minutes(moment) if back.replace(tzinfo=None) == naive else None


def existing_instant(zone: ZoneInfo, day: int, minute_of_day: int) -> int:
    """UTC minutes of a wall-clock time, or of the first one after it that clocks do not skip; see `local_instant`."""
    while (instant := local_instant(zone, day, minute_of_day)) is None:
        minute_of_day += 1
    return instant


def day_start(zone: ZoneInfo, day: int) -> int:
    """UTC minutes at which a local day begins (the first instant that carries its date)."""
    minute = 0
    while (instant := local_instant(zone, day, minute)) is None:
        minute += 15  # a few zones change their clocks at midnight
    return instant


def parse_instant(text: str, zone: ZoneInfo) -> int:
    """UTC minutes of an ISO 8601 instant; a naive one is read in ``zone``.

    Raises
    ------
    ValueError
        with what was expected, where the text is no instant, does not exist in ``zone`` or exists twice there.
    """
    try:
        moment = datetime.fromisoformat(text.strip().replace("/", "-"))
    except ValueError:
        raise ValueError("an instant such as 2003-10-06T07:30 or 2003-10-06T11:30Z") from None
    if not 2 <= moment.year <= 9998:  # in UTC it may lie in a year that no clock shows
        raise ValueError("an instant of the years 2 to 9998")
    if moment.tzinfo is not None:
        return to_minutes(moment)
    early, late = (moment.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if early == late:
        return to_minutes(early)
    if early.astimezone(zone).replace(tzinfo=None) != moment:
        raise ValueError(f"a time that exists in {zone.key}: clocks skipped this one")
    raise ValueError(f"an offset or Z: this time exists twice in {zone.key}, when clocks went back")


def format_instant(minutes: int) -> str:
    """ISO 8601 in UTC, as every file of ours is written.

    Examples
    --------
    >>> format_instant(0)
    '1970-01-01T00:00:00Z'
    """
    return f"{from_minutes(minutes):%Y-%m-%dT%H:%M:%SZ}"


def to_timestamps(minutes: Minutes) -> pd.DatetimeIndex:
    """UTC timestamps (seconds resolution) of UTC minutes."""
    return pd.DatetimeIndex((np.asarray(minutes, dtype=np.int64) * 60).astype("datetime64[s]"), tz="UTC")


def from_timestamps(stamps: "pd.Series[pd.Timestamp] | pd.DatetimeIndex") -> Minutes:
    """UTC minutes of aware timestamps."""
    index = pd.DatetimeIndex(stamps).tz_convert("UTC").tz_localize(None)
    return np.asarray(index.values.astype("datetime64[m]").astype(np.int64))


@dataclass(frozen=True, slots=True)
class Grid:
    """The intervals of a horizon: ``days`` local days from day number ``first_day``, midnight to midnight.

    A day on which clocks change simply has more or fewer intervals.
    """

    zone: ZoneInfo
    first_day: int
    days: int
    interval_minutes: int

    @property
    def start(self) -> int:
        """UTC minutes of the first interval's start."""
        return day_start(self.zone, self.first_day)

    @property
    def end(self) -> int:
        """UTC minutes of the last interval's end."""
        return day_start(self.zone, self.first_day + self.days)

    @property
    def starts(self) -> Minutes:
        """UTC minutes of every interval's start, shape (intervals,)."""
        return np.arange(self.start, self.end, self.interval_minutes, dtype=np.int64)

    def local_days(self) -> Minutes:
        """Day number of every interval, shape (intervals,)."""
        edges = [day_start(self.zone, self.first_day + k) for k in range(self.days + 1)]
        return self.first_day + np.searchsorted(np.array(edges), self.starts, side="right") - 1

    def local_minutes(self) -> Minutes:
        """Wall-clock minute of the day of every interval's start, shape (intervals,)."""
        local = to_timestamps(self.starts).tz_convert(self.zone)
        return np.asarray(local.hour * 60 + local.minute, dtype=np.int64)
