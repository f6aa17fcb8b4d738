"""Where peaks hold: the intervals and local days of each ``[[peak]]`` over a horizon, and what the peaks that hold make of a queue."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.calendar import CalendarRow, is_holiday_named
from centre.calendar_days import SpecialDay, festival_anchors, special_days
from centre.cells import suggestion
from centre.errors import Faults
from centre.instants import Grid, day_number, existing_instant, from_minutes, from_timestamps
from centre.model import Peak, Queue
from centre.peak_checks import settings_of

DAYS_OFF = ("statutory", "rest", "bridged")
"""Classes of the days that a holiday is made of: the day itself, weekend days joined to it, days exchanged for make-up workdays."""
NAMED_DAYS = 731
"""How far about a day the names of holidays are looked for: a festival that moves with the moon has come by then."""
IMMEDIATE_ONLY = ("target_seconds", "callback_share", "callback_to")
"""Settings of customers who wait: a peak of all queues leaves work that may wait without them."""
FILE = "centre.toml"
Span = tuple[int, int]


@dataclass(frozen=True, eq=False, slots=True)
class PeakTimes:
    """Where one peak holds.

    Parameters
    ----------
    intervals : whether it holds in any part of each interval of the grid, shape (intervals,)
    days : day numbers of the grid on which it holds; hours past midnight belong to the day on which they began
    """

    peak: Peak
    intervals: NDArray[np.bool_]
    days: frozenset[int]


def peak_times(
    peaks: Sequence[Peak],
    grid: Grid,
    events: pd.DataFrame | None = None,
    country: str | None = None,
    calendar: Sequence[CalendarRow] = (),
) -> dict[str, PeakTimes]:
    """Where each peak holds, by name, in the order told; one that never does in the horizon is no fault.

    Its hours are those of the local clock: on a day on which clocks change they are longer or shorter by what clocks skip or repeat.
    While an event lasts, they are cut to it.

    Parameters
    ----------
    events : columns of `centre.planner_files.events_frame`
    country, calendar : as of `centre.calendar_days.special_days`; ``calendar`` is `centre.folder.Centre.calendar`

    Examples
    --------
    >>> from datetime import date
    >>> from centre.instants import day_of
    >>> from zoneinfo import ZoneInfo
    >>> week = Grid(ZoneInfo("Asia/Shanghai"), day_number(date(2025, 9, 22)), 7, 60)
    >>> peaks = Peak("补班", makeup_workdays=True, opens=540, closes=600), Peak("节前", days_before_holiday=3)
    >>> for name, times in peak_times(peaks, week, country="CN").items():
    ...     print(name, [str(day_of(day)) for day in sorted(times.days)], times.intervals.sum())
    补班 ['2025-09-28'] 1
    节前 ['2025-09-28'] 24
    """
    if not peaks:
        return {}
    days = _Days.about(grid, country, calendar)
    return {peak.name: _times(peak, days, events) for peak in peaks}


def check_peak_names(
    peaks: Sequence[Peak],
    events: Collection[str],
    country: str | None,
    calendar: Sequence[CalendarRow],
    first_day: int,
    last_day: int,
    faults: Faults,
) -> None:
    """Note events that ``events.csv`` does not have, holidays that are none about these days, and peaks that ask a calendar of a centre
    that has none.
    """
    asked = [peak for peak in peaks if peak.events or _asks_calendar(peak)]
    special = special_days(country, first_day - NAMED_DAYS, last_day + NAMED_DAYS, calendar) if asked else {}
    names = {
        each for day in special.values() if day.day_class in DAYS_OFF for each in (day.festival, day.name)
    }
    for peak in asked:
        path = f"peak.{peak.name}"
        for place, name in enumerate(peak.events, start=1):
            if name not in events:
                words = "an event of events.csv" + suggestion(name, sorted(events))
                faults.add(FILE, words, found=name, column=f"{path}.events.{place}")
        if _asks_calendar(peak) and country is None and not calendar:
            words = "the centre's country or a calendar.csv, which tell of such days"
            faults.add(FILE, words, found="neither", column=f"{path}.{_asks_calendar(peak)}")
        elif not isinstance(peak.holidays, str):
            for place, wanted in enumerate(peak.holidays, start=1):
                if not any(is_holiday_named(name, wanted) for name in names):
                    words = f"a public holiday of {country or 'calendar.csv'}" + suggestion(
                        wanted, sorted(names)
                    )
                    faults.add(FILE, words, found=wanted, column=f"{path}.holidays.{place}")


def changes_of(peak: Peak, queue: Queue) -> dict[str, object]:
    """What a peak tells of a queue while it holds, by setting; nothing where the queue is not among its own.

    Examples
    --------
    >>> mail = Queue("mail", channel="email", target_hours=24.0)
    >>> changes_of(Peak("rush", target_share=0.7, target_seconds=60.0), mail)
    {'target_share': 0.7}
    """
    if peak.queues and queue.name not in peak.queues:
        return {}
    left_out = IMMEDIATE_ONLY if queue.deferred else ()
    return {name: value for name, value in settings_of(peak).items() if name not in left_out}


def check_agree(
    times: Mapping[str, PeakTimes], queues: Sequence[Queue], grid: Grid, names: Collection[str]
) -> None:
    """That no two of the peaks of these ``names`` hold at a time and give a queue different values for one setting.

    Raises
    ------
    BadInput
        naming both, the queue, the setting and the first interval, for each two of them.
    """
    faults, told = Faults(), [times[name] for name in times if name in names]
    for one, other in combinations(told, 2):
        for queue, setting, value, wanted in contradictions(other, one, queues):
            first = from_minutes(int(grid.starts[np.argmax(one.intervals & other.intervals)]), grid.zone)
            words = (
                f"{wanted}, as [[peak]] {one.peak.name} tells of queue {queue} from {first:%Y-%m-%d %H:%M} on"
            )
            faults.add(FILE, words, found=value, column=f"peak.{other.peak.name}.{setting}")
    faults.raise_if_any()


def contradictions(
    one: PeakTimes, other: PeakTimes, queues: Collection[Queue]
) -> Iterator[tuple[str, str, object, object]]:
    """Queue, setting, the one's value and the other's, wherever two peaks hold together and do not tell the same."""
    if not (one.intervals & other.intervals).any():
        return
    for queue in queues:
        mine, theirs = changes_of(one.peak, queue), changes_of(other.peak, queue)
        for setting in (name for name in mine if name in theirs and mine[name] != theirs[name]):
            yield queue.name, setting, mine[setting], theirs[setting]


def _asks_calendar(peak: Peak) -> str:
    """The first setting of a peak for which days off must be known, or nothing."""
    asked = {
        "holidays": peak.holidays != "none",
        "days_before_holiday": peak.days_before_holiday > 0,
        "makeup_workdays": peak.makeup_workdays,
    }
    return next((name for name, told in asked.items() if told), "")


@dataclass(frozen=True, eq=False, slots=True)
class _Days:
    """The days about a horizon: those of its grid, and the one before for hours past midnight."""

    grid: Grid
    special: dict[int, SpecialDay]
    anchors: dict[int, str]

    @classmethod
    def about(cls, grid: Grid, country: str | None, calendar: Sequence[CalendarRow]) -> "_Days":
        first, last = grid.first_day - 1, grid.first_day + grid.days - 1
        ahead = festival_anchors(country, first, last + 30, calendar)  # the most days before a holiday
        return cls(grid, special_days(country, first, last, calendar), ahead)

    @property
    def all(self) -> range:
        return range(self.grid.first_day - 1, self.grid.first_day + self.grid.days)

    def of(self, peak: Peak) -> set[int]:
        """Days that a peak names, its events apart."""
        found = {day_number(day) for day in peak.dates}
        found |= {day for day, it in self.special.items() if _is_holiday_of(peak, it)}
        if peak.makeup_workdays:
            found |= {day for day, it in self.special.items() if it.day_class == "makeup"}
        before = range(1, peak.days_before_holiday + 1)
        return found | {festival - days for festival in self.anchors for days in before}


def _is_holiday_of(peak: Peak, day: SpecialDay) -> bool:
    if day.day_class not in DAYS_OFF or peak.holidays == "none":
        return False
    if peak.holidays == "all":
        return True
    return any(
        is_holiday_named(name, wanted) for wanted in peak.holidays for name in (day.name, day.festival)
    )


def _times(peak: Peak, days: _Days, events: pd.DataFrame | None) -> PeakTimes:
    """The intervals and days of one peak."""
    grid, named, windows = days.grid, days.of(peak), _windows(peak, events)
    starts = grid.starts
    holds, on = np.zeros(len(starts), dtype=bool), set[int]()
    for day in days.all:
        opens, closes = (existing_instant(grid.zone, day, minute) for minute in (peak.opens, peak.closes))
        spans = [(opens, closes)] if day in named else [
            (max(opens, start), min(closes, end)) for start, end in windows
        ]  # fmt: skip
        for first, last in spans:
            if first < last:
                holds |= (starts < last) & (starts + grid.interval_minutes > first)
                on.add(day)
    return PeakTimes(peak, holds, frozenset(day for day in on if day >= grid.first_day))


def _windows(peak: Peak, events: pd.DataFrame | None) -> list[Span]:
    """When the events of a peak are on, in UTC minutes."""
    if events is None or not len(events) or not peak.events:
        return []
    rows = events[events["name"].isin(peak.events)]
    starts, ends = (from_timestamps(rows[name]).tolist() for name in ("start", "end"))
    return list(zip(starts, ends, strict=True))
