"""When a queue is open: asked of whoever knows, else learned from when its contacts came.

A slot of a weekday counts as open when contacts came in it on at least one in twenty of the last half
year's such days; shorter holes than two hours are filled. A public holiday counts as closed when its last
occurrence was; one never seen counts as open, so that nobody is left without staff by a guess.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from centre.instants import Grid
from forecasts.grid import Bools, Days, Floats, mask_matrix, rows_by_weekday, weekdays_of

OpenMask = Callable[[Grid], Bools]
LEARNED_WEEKS = 26
SEEN_SHARE = 0.05
LONGEST_HOLE_MINUTES = 120


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours of one queue as days x slots.

    Parameters
    ----------
    zone : the centre's clock
    holidays : day number -> name
    known : opening hours over any grid, shape (intervals,); None: learn them from history
    """

    zone: ZoneInfo
    holidays: Mapping[int, str]
    known: OpenMask | None = None

    def matrix(self, offered: Floats, offered_first_day: int, first_day: int, days: int) -> Bools:
        """Open slots on ``days`` days from ``first_day``, shape (days, slots), given the contacts seen."""
        minutes = 1440 // offered.shape[1]
        if self.known is not None:
            grid = Grid(self.zone, first_day, days, minutes)
            return mask_matrix(self.known(grid), grid)
        asked = np.arange(first_day, first_day + days, dtype=np.int64)
        seen = np.arange(offered_first_day, offered_first_day + len(offered), dtype=np.int64)
        weekly = weekly_hours(offered, seen, minutes)
        is_open = weekly[weekdays_of(asked)]
        off = [row for row, day in enumerate(asked.tolist()) if day in self.holidays]
        closed = self._closed_holidays(offered, seen, weekly) if off else {}
        for row in off:
            is_open[row] &= not closed.get(_plain(self.holidays[int(asked[row])]), False)
        return is_open

    def doubtful_holidays(self, offered: Floats, offered_first_day: int, asked: Days) -> list[int]:
        """Holidays among the days asked for that were never seen, where others were closed."""
        if self.known is not None:
            return []
        seen = np.arange(offered_first_day, offered_first_day + len(offered), dtype=np.int64)
        weekly = weekly_hours(offered, seen, 1440 // offered.shape[1])
        closed = self._closed_holidays(offered, seen, weekly)
        holidays = asked[np.isin(asked, list(self.holidays)) & open_weekdays(weekly)[weekdays_of(asked)]]
        doubtful = [int(day) for day in holidays if _plain(self.holidays[int(day)]) not in closed]
        return doubtful if any(closed.values()) else []

    def _closed_holidays(self, offered: Floats, seen: Days, weekly: Bools) -> dict[str, bool]:
        """Whether each holiday was closed when last on a weekday of opening."""
        came = np.nansum(offered, axis=1) > 0
        ours = open_weekdays(weekly)[weekdays_of(seen)] & np.isin(seen, list(self.holidays))
        return {_plain(self.holidays[int(seen[row])]): not came[row] for row in np.flatnonzero(ours)}


def weekly_hours(offered: Floats, days: Days, interval_minutes: int) -> Bools:
    """Slots with contacts on each weekday, shape (7, slots), Monday first; all where none ever came."""
    hours = np.zeros((7, offered.shape[1]), dtype=bool)
    if not np.nansum(offered):
        return ~hours
    came = offered > 0  # NaN is not
    rows = rows_by_weekday(days, np.asarray(came.any(axis=1)))
    for weekday, mine in enumerate(rows):
        last = mine[mine >= 0][-LEARNED_WEEKS:]
        if len(last):
            seen = came[last].sum(axis=0) >= SEEN_SHARE * len(last)
            hours[weekday] = _without_holes(seen, interval_minutes)
    return hours


def _plain(name: str) -> str:
    return name.removesuffix(" (observed)")


def open_weekdays(weekly: Bools) -> Bools:
    """Weekdays with any open slot, shape (7,)."""
    return np.asarray(weekly.any(axis=1))


def _without_holes(is_open: Bools, interval_minutes: int) -> Bools:
    """Short closed stretches between open slots filled."""
    filled, slots = is_open.copy(), np.flatnonzero(is_open)
    steps = np.diff(slots)
    short = (steps > 1) & ((steps - 1) * interval_minutes < LONGEST_HOLE_MINUTES)
    for before, after in zip(slots[:-1][short], slots[1:][short], strict=True):
        filled[before:after] = True
    return filled
