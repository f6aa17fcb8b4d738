"""Wall-clock times of a zone as instants and back, for whole columns: what clocks skip and what they show twice."""

from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from centre.instants import MINUTES_A_DAY, Minutes, from_minutes

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Readings:
    """What wall-clock times mean, arrays of shape (times,).

    ``first`` and ``second`` are UTC minutes; they differ where clocks show the time twice. Where clocks skip
    it both are the first instant after it and ``skipped`` is true.
    """

    first: Minutes
    second: Minutes
    skipped: Flags

    @property
    def twice(self) -> Flags:
        """Whether clocks show a time twice, shape (times,)."""
        return np.asarray(self.first != self.second)


def readings(wall: Minutes, zone: ZoneInfo) -> Readings:
    """The instants of wall-clock minutes since 1970-01-01T00:00 of that clock, shape (times,).

    Examples
    --------
    >>> from datetime import datetime
    >>> wall = np.array([(datetime(2024, 10, 27, 2, 30) - datetime(1970, 1, 1)).total_seconds() // 60])
    >>> told = readings(wall.astype(np.int64), ZoneInfo("Europe/Berlin"))
    >>> int(told.second[0] - told.first[0])
    60
    """
    if not len(wall):
        return Readings(wall, wall, np.zeros(0, dtype=bool))
    changes, offsets = clock_changes(
        zone, int(wall.min()) // MINUTES_A_DAY - 2, int(wall.max()) // MINUTES_A_DAY + 3
    )
    if not len(changes):
        instants = wall - offsets[0]
        return Readings(instants, instants, np.zeros(len(wall), dtype=bool))
    before, after = changes + offsets[:-1], changes + offsets[1:]
    low = np.searchsorted(np.minimum(before, after), wall, side="right")
    high = np.searchsorted(np.maximum(before, after), wall, side="right")
    skipped = (low != high) & (offsets[low] > offsets[high])
    first, second = wall - offsets[high], wall - offsets[low]
    moved = changes[np.maximum(low - 1, 0)]
    return Readings(np.where(skipped, moved, first), np.where(skipped, moved, second), skipped)


def local_days(instants: Minutes, zone: ZoneInfo) -> Minutes:
    """Day numbers that a zone's clocks show at UTC minutes, shape (instants,)."""
    if not len(instants):
        return instants
    changes, offsets = clock_changes(
        zone, int(instants.min()) // MINUTES_A_DAY - 2, int(instants.max()) // MINUTES_A_DAY + 3
    )
    return np.asarray((instants + offsets[np.searchsorted(changes, instants, side="right")]) // MINUTES_A_DAY)


@lru_cache(maxsize=256)
def clock_changes(zone: ZoneInfo, first_day: int, end_day: int) -> tuple[Minutes, Minutes]:
    """UTC minutes at which clocks change between two days, and the offsets before, between and after in minutes.

    A zone changes its clocks at most once from one noon in UTC to the next.
    """
    noons = [MINUTES_A_DAY * day + 720 for day in range(first_day - 1, end_day + 1)]
    offsets = [_offset(zone, noon) for noon in noons]
    changes, kept = [], offsets[:1]
    for low, high, old, new in zip(noons, noons[1:], offsets, offsets[1:], strict=False):
        if old == new:
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if _offset(zone, middle) == old else (low, middle)
        changes.append(high)
        kept.append(new)
    return np.array(changes, dtype=np.int64), np.array(kept, dtype=np.int64)


def _offset(zone: ZoneInfo, instant: int) -> int:
    offset = from_minutes(instant, zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds() // 60)
