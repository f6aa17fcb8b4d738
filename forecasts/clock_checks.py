"""Does history agree with the clock it is said to be in? At a change of clocks people keep their habits, so
that the day's shape stays where it is on the wall clock; a shape that moves by an hour tells of another clock.
"""

from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from centre.instants import MINUTES_A_DAY, day_of, day_start
from forecasts.grid import Bools, Days, Floats

REFERENCES = {
    "Europe": ZoneInfo("Europe/Berlin"),
    "North America": ZoneInfo("America/New_York"),
    "Australia": ZoneInfo("Australia/Sydney"),
}
WINDOW_DAYS = 14
FEWEST_DAYS = 6  # that count, on either side
FEWEST_CONTACTS = 300.0  # on either side
BEYOND_NOISE = 12.0  # times the difference that chance makes between two shapes
BETTER_BY = 0.25  # an hour's shift must leave less than this share of the difference
HOUR = 60


@dataclass(frozen=True, slots=True)
class Moved:
    """From ``day`` on the day's shape came ``minutes`` later (earlier where negative); ``where`` clocks
    changed that day, empty for the zone's own.
    """

    day: int
    minutes: int
    where: str


def moved_shapes(offered: Floats, days: Days, usable: Bools, zone: ZoneInfo) -> list[Moved]:
    """Changes of clocks at which the day's shape moved by an hour on the wall clock of ``zone``, in order.

    Parameters
    ----------
    offered : contacts, shape (days, slots), NaN where not known
    days : day numbers in a row, shape (days,)
    usable : days that count, shape (days,)
    """
    own = clock_changes(days, zone)
    changes = dict.fromkeys(own, "")
    for where, other in REFERENCES.items():
        changes = dict.fromkeys(clock_changes(days, other), where) | changes
    slots_an_hour = max(1, HOUR * offered.shape[1] // MINUTES_A_DAY)
    found = []
    for day, where in sorted(changes.items()):
        if shift := _shift_at(offered, days, usable, day, slots_an_hour):
            found.append(Moved(day, shift * HOUR, where))
    return found


def clock_changes(days: Days, zone: ZoneInfo) -> list[int]:
    """Days on which the zone's clocks change."""
    return list(_changes(int(days[0]), int(days[-1]) + 1, zone)) if len(days) else []


@lru_cache(maxsize=64)
def _changes(first_day: int, end_day: int, zone: ZoneInfo) -> tuple[int, ...]:
    edges = np.array([day_start(zone, day) for day in range(first_day, end_day + 1)])
    return tuple((np.flatnonzero(np.diff(edges) != MINUTES_A_DAY) + first_day).tolist())


def _shift_at(offered: Floats, days: Days, usable: Bools, day: int, slots_an_hour: int) -> int:
    """Hours by which the shape after ``day`` lies later than the one before: -1, 0 or 1."""
    before = usable & (days >= day - WINDOW_DAYS) & (days < day)
    after = usable & (days > day) & (days <= day + WINDOW_DAYS)
    old, new = (np.nan_to_num(offered[rows]).sum(axis=0) for rows in (before, after))
    contacts = old.sum(), new.sum()
    if min(before.sum(), after.sum()) < FEWEST_DAYS or min(contacts) < FEWEST_CONTACTS:
        return 0
    old, new = old / contacts[0], new / contacts[1]
    left = {hours: float(((np.roll(old, hours * slots_an_hour) - new) ** 2).sum()) for hours in (-1, 0, 1)}
    noise = 1 / contacts[0] + 1 / contacts[1]
    best = min(left, key=lambda hours: left[hours])
    return best if left[0] > BEYOND_NOISE * noise and left[best] < BETTER_BY * left[0] else 0


def told(moved: list[Moved], zone: ZoneInfo) -> str:
    """A sentence on the changes found, or nothing.

    Examples
    --------
    >>> told([Moved(19_813, -60, "")], ZoneInfo("Europe/Berlin"))[:58]
    'the daily pattern comes 60 minutes earlier from 2024-03-31'
    """
    if not moved:
        return ""
    times = "; ".join(
        f"{abs(one.minutes)} minutes {'later' if one.minutes > 0 else 'earlier'} from {day_of(one.day)}"
        for one in moved
    )
    if any(not one.where for one in moved):
        why = f"when clocks change in {zone.key}: it looks as if recorded in UTC or another zone without such changes"
    else:
        places = " and ".join(sorted({one.where for one in moved}))
        why = f"when clocks change in {places} and not in {zone.key}: it looks as if recorded on, or made by people on, a clock there"
    return f"the daily pattern comes {times}, {why}; check the time zone"
