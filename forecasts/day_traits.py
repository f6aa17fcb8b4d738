"""What each day is, as a forecaster sees it: its class, the festival it belongs to, the weekday it is like.

The country's calendar knows days off and make-up workdays; eves and days after follow from them and from the
weekdays on which the queue is busy. A day off is like the queue's day of rest, a make-up workday like an
average working day; what is left is an effect, learned and shrunk (`forecasts.models.structural`).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasts.day_calendar import DayCalendar
from forecasts.day_totals import medians_of
from forecasts.grid import Bools, Days, Floats, weekdays_of

CLASSES = (
    "ordinary",
    "statutory",
    "rest",
    "bridged",
    "makeup",
    "eve",
    "after",
    "half_day",
    "closed",
    "event",
)
ORDINARY, STATUTORY, REST, BRIDGED, MAKEUP, EVE, AFTER, HALF_DAY, CLOSED, EVENT = range(len(CLASSES))
OFF = (STATUTORY, REST, BRIDGED, CLOSED)
WORKING_SHARE = 0.7  # of the busiest weekdays' total from which on a weekday is a working day
LONGEST_BLOCK_DAYS = 12
NEAR_DAYS = 15  # before and after a festival's first day in which days are aligned with it
LONG_FESTIVAL_DAYS = 3  # days off from which on a festival is felt before and after
NO_FESTIVAL = ""


@dataclass(frozen=True, slots=True)
class WeekShape:
    """How busy weekdays are: shares of the busiest ones' total, shape (7,), Monday first."""

    share: Floats

    @property
    def working(self) -> Bools:
        """Weekdays that are busy, shape (7,)."""
        return np.asarray(self.share >= WORKING_SHARE)

    @property
    def rest(self) -> int | None:
        """The weekday of rest: the least busy on which anything comes; None where all are busy alike."""
        quiet = (self.share > 0) & ~self.working
        return int(np.argmin(np.where(quiet, self.share, np.inf))) if quiet.any() else None


def week_shape(totals: Floats) -> WeekShape:
    """The shape of a week of such usual totals, shape (7,).

    Examples
    --------
    >>> shape = week_shape(np.array([100.0, 95, 90, 100, 90, 60, 40]))
    >>> shape.working.tolist(), shape.rest
    ([True, True, True, True, True, False, False], 6)
    """
    busiest = float(np.sort(totals)[-4:].mean())
    return WeekShape(totals / busiest if busiest > 0 else np.zeros(7))


@dataclass(frozen=True, slots=True)
class DayTraits:
    """Traits of days; arrays of shape (days,) but for ``like``.

    Parameters
    ----------
    classes : code of each day's class, an index into `CLASSES`
    festivals : the festival that a special day, an eve or a day after belongs to; "" for none
    like : weekday whose usual contacts the day is like as weights, shape (days, 7)
    near, offsets : the long festival whose first day is nearest within `NEAR_DAYS`, and how many days the day
        is after it
    """

    classes: NDArray[np.int8]
    festivals: NDArray[np.str_]
    like: Floats
    near: NDArray[np.str_]
    offsets: Days

    def at(self, rows: Days) -> "DayTraits":
        """The traits of some of the days."""
        names = ("classes", "festivals", "like", "near", "offsets")
        return DayTraits(*(getattr(self, name)[rows] for name in names))


def day_traits(days: Days, calendar: DayCalendar, shape: WeekShape) -> DayTraits:
    """Traits of some days."""
    classes, festivals = day_classes(days, calendar, shape.working)
    near, offsets = _nearest_festival(days, calendar)
    return DayTraits(classes, festivals, _likeness(days, classes, shape), near, offsets)


def day_classes(
    days: Days, calendar: DayCalendar, working: Bools
) -> tuple[NDArray[np.int8], NDArray[np.str_]]:
    """Class of each day and the festival it belongs to, each of shape (days,)."""
    classes, festivals = np.zeros(len(days), dtype=np.int8), np.full(len(days), NO_FESTIVAL, dtype=object)
    for k, day in enumerate(days.tolist() if calendar.special else ()):
        if (told := calendar.special.get(day)) is not None:
            classes[k], festivals[k] = CLASSES.index(told.day_class), told.festival
        elif working[(day + 3) % 7]:
            if _is_off(calendar, day + 1):
                classes[k], festivals[k] = EVE, calendar.special[day + 1].festival
            elif festival := _ended_before(calendar, day, working):
                classes[k], festivals[k] = AFTER, festival
    return classes, festivals.astype(np.str_)


def _is_off(calendar: DayCalendar, day: int) -> bool:
    told = calendar.special.get(day)
    return told is not None and CLASSES.index(told.day_class) in OFF


def _ended_before(calendar: DayCalendar, day: int, working: Bools) -> str:
    """The festival whose days off, a working weekday among them, ended right before this working day."""
    for back in range(day - 1, day - LONGEST_BLOCK_DAYS, -1):
        usually = bool(working[(back + 3) % 7])
        if _is_off(calendar, back) and usually:
            return calendar.special[back].festival
        if usually or (back in calendar.special and not _is_off(calendar, back)):
            break
    return NO_FESTIVAL


def _likeness(days: Days, classes: NDArray[np.int8], shape: WeekShape) -> Floats:
    """Weights of the weekdays that each day is like, shape (days, 7)."""
    weekdays = weekdays_of(days)
    like = np.eye(7)[weekdays]
    if not classes.any():
        return like
    busy = shape.working[weekdays]
    if shape.rest is not None:
        like[np.isin(classes, OFF) & busy] = np.eye(7)[shape.rest]
    if shape.working.any():
        like[(classes == MAKEUP) & ~busy] = shape.working / shape.working.sum()
    return like


def _nearest_festival(days: Days, calendar: DayCalendar) -> tuple[NDArray[np.str_], Days]:
    near, offsets = np.full(len(days), NO_FESTIVAL, dtype=object), np.zeros(len(days), dtype=np.int64)
    if not len(days) or not (long := _long_festivals(calendar)):
        return near.astype(np.str_), offsets
    firsts = np.array(sorted(long))
    apart = days[:, None] - firsts
    nearest = np.abs(apart).argmin(axis=1)
    offsets = apart[np.arange(len(days)), nearest]
    inside = np.abs(offsets) <= NEAR_DAYS
    near[inside] = [long[int(firsts[k])] for k in nearest[inside]]
    return near.astype(np.str_), np.where(inside, offsets, 0)


def _long_festivals(calendar: DayCalendar) -> dict[int, str]:
    """First days of festivals with days off enough to be felt before and after."""
    off: dict[str, list[int]] = {}
    for day in calendar.special:
        if _is_off(calendar, day):
            off.setdefault(calendar.special[day].festival, []).append(day)
    return {
        first: festival
        for first, festival in calendar.anchors.items()
        if sum(abs(day - first) <= NEAR_DAYS for day in off.get(festival, ())) >= LONG_FESTIVAL_DAYS
    }


def totals_by_weekday(days: Days, totals: Floats) -> Floats:
    """Median total of each weekday, or the mean where that is 0, shape (7,); 0 where nothing comes."""
    of_weekday = np.where(weekdays_of(days) == np.arange(7)[:, None], totals, np.nan)
    if not len(days):
        return np.zeros(7)
    count = (~np.isnan(of_weekday)).sum(axis=1)
    median, mean = medians_of(of_weekday, axis=1), np.nansum(of_weekday, axis=1) / np.maximum(count, 1)
    return np.asarray(np.where(count == 0, 0.0, np.where(median > 0, median, mean)))
