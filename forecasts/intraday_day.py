"""One queue's day under way: what was forecast of each interval, what came, and how much of it is known."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import numpy as np

from centre.actuals_file import Today
from centre.instants import from_minutes, from_timestamps
from forecasts.grid import Bools, Days, Floats
from forecasts.intraday_level import silent


@dataclass(frozen=True, slots=True)
class DaySoFar:
    """One queue's day, arrays of shape (intervals,), in order of time.

    Parameters
    ----------
    at : UTC minutes at which each interval begins
    expected : contacts forecast
    came : contacts so far; NaN where not known
    share : of the interval that they cover, 0 to 1
    minutes : length of an interval
    now : UTC minutes
    quiet : probable outages
    """

    queue: str
    zone: ZoneInfo
    at: Days
    expected: Floats
    came: Floats
    share: Floats
    minutes: int
    now: int
    quiet: Bools = field(init=False)

    def __post_init__(self) -> None:
        quiet = np.zeros(len(self.at), dtype=bool)
        quiet[self.seen] = silent(self.due[self.seen], self.came[self.seen])
        object.__setattr__(self, "quiet", quiet)

    @classmethod
    def of(
        cls, queue: str, at: Days, expected: Floats, today: Today, minutes: int, zone: ZoneInfo
    ) -> "DaySoFar":
        """A queue's forecast of these instants beside the day so far."""
        own = today.counts[today.counts["queue"] == queue]
        known = own.set_index(from_timestamps(own["interval_start"]))
        came = known["offered"].reindex(at).to_numpy(dtype=float)
        share = np.nan_to_num(known["passed_minutes"].reindex(at).to_numpy(dtype=float) / minutes)
        return cls(queue, zone, at, expected, came, share, minutes, today.now)

    @property
    def due(self) -> Floats:
        """Contacts forecast for what is known of each interval, taken to come evenly within it."""
        return self.expected * self.share

    @property
    def seen(self) -> Bools:
        """Intervals of which it is known what came where something was due."""
        return ~np.isnan(self.came) & (self.due > 0)

    @property
    def used(self) -> Bools:
        """Intervals that tell how busy the day is."""
        return self.seen & ~self.quiet

    @property
    def left(self) -> Bools:
        """Intervals that have not ended."""
        return self.at + self.minutes > self.now

    @property
    def hours(self) -> Floats:
        """Middle of each interval, in hours."""
        return np.asarray(self.at / 60 + self.minutes / 120)

    @property
    def begun(self) -> Floats:
        """Contacts that have come in intervals that have not ended; 0 where not known."""
        return np.where(self.left & self.seen, np.nan_to_num(self.came), 0.0)

    @property
    def ahead(self) -> Floats:
        """Contacts forecast for what of each interval has not ended and is not known."""
        return np.where(self.left, self.expected - np.where(self.seen, self.due, 0.0), 0.0)

    def told(self, flags: Bools) -> str:
        """Stretches of intervals on the local clock.

        Examples
        --------
        >>> none, hour = np.full(4, np.nan), np.arange(540, 660, 30)
        >>> day = DaySoFar("calls", ZoneInfo("UTC"), hour, none, none, none, 30, 0)
        >>> day.told(np.array([True, True, False, True]))
        '09:00 to 10:00, 10:30 to 11:00'
        """
        rows = np.flatnonzero(flags)
        breaks = np.flatnonzero(np.diff(self.at[rows]) != self.minutes) + 1
        parts = [part for part in np.split(rows, breaks) if len(part)]
        return ", ".join(
            f"{self._clock(self.at[part[0]])} to {self._clock(self.at[part[-1]] + self.minutes)}"
            for part in parts
        )

    def _clock(self, instant: int) -> str:
        return f"{from_minutes(instant, self.zone):%H:%M}"


def interval_length(at: Days) -> int:
    """Minutes of an interval: the least step between two starts; 30 where there is one alone."""
    steps = np.diff(np.unique(at))
    return int(steps.min()) if len(steps) else 30
