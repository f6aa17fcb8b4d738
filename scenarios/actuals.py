"""What came, beside what was forecast: on intervals of one length, outages known, and how far off "as a week ago" was."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.instants import MINUTES_A_DAY
from forecasts.day_calendar import DayCalendar
from forecasts.day_traits import CLASSES, day_classes, totals_by_weekday, week_shape
from forecasts.grid import Bools, Days, Floats, local_positions
from forecasts.outages import find_outages

QUANTILES = ("p10", "p50", "p90")


def alike(
    rows: pd.DataFrame, actual: "pd.Series[float]", minutes: int
) -> tuple[pd.DataFrame, "pd.Series[float]", int]:
    """Forecasts and actuals on intervals of one length, in minutes: the longer of theirs; none where neither
    is a whole number of the other.
    """
    known = usual_length(actual.index.to_numpy())
    longer, shorter = max(known, minutes, 1), min(known, minutes)
    if longer == shorter or shorter < 1:
        return rows, actual, longer
    if longer % shorter:
        return rows.iloc[:0], actual, longer
    if known < minutes:
        first = int(rows["instant"].iloc[0])
        parts = actual.groupby(_floor(actual.index.to_numpy(), first, longer))
        return rows, parts.sum()[parts.size() == longer // shorter], longer
    bucket = _floor(rows["instant"].to_numpy(), int(actual.index[0]), longer)
    keys = ["queue", "origin", "as_of", "instant"]
    sums = rows.assign(instant=bucket).groupby(keys, as_index=False)[["expected", "before"]].sum()
    return sums.assign(**dict.fromkeys(QUANTILES, np.nan)), actual, longer


def _floor(instants: Days, phase: int, minutes: int) -> Days:
    return (instants - phase) // minutes * minutes + phase


def usual_length(instants: Days) -> int:
    """The usual step between instants, at most an hour; 0 where there is none."""
    steps = np.diff(np.unique(instants))
    counts = np.bincount(steps[steps <= 60].astype(np.int64), minlength=1)
    return int(counts.argmax())


@dataclass(frozen=True)
class Laid:
    """A queue's contacts laid on local days x slots, from day number ``first`` on."""

    zone: ZoneInfo
    minutes: int
    first: int
    offered: Floats
    outages: Bools

    @classmethod
    def of(cls, actual: "pd.Series[float]", zone: ZoneInfo, minutes: int, calendar: DayCalendar) -> "Laid":
        """What came, with what came in outages taken out."""
        days, slots = local_positions(actual.index.to_numpy(dtype=np.int64), zone, minutes)
        every = np.arange(days.min(), days.max() + 1, dtype=np.int64)
        offered = np.full((len(every), MINUTES_A_DAY // minutes), np.nan)
        offered[days - every[0], slots] = actual.to_numpy()
        flags = np.zeros(offered.shape, dtype=bool)
        ordinary = ~np.isin(every, list(calendar.special))
        for one in find_outages(offered, every, ordinary, ~np.isnan(offered)):
            flags[one.row, one.begin : one.end] = True
        return cls(zone, minutes, int(every[0]), np.where(flags, np.nan, offered), flags)

    def classes(self, days: Days, calendar: DayCalendar) -> NDArray[np.str_]:
        """Name of each day's class, one of `forecasts.day_traits.CLASSES`."""
        every = np.arange(self.first, self.first + len(self.offered), dtype=np.int64)
        ordinary = ~np.isin(every, list(calendar.special))
        totals = totals_by_weekday(every[ordinary], np.nansum(self.offered[ordinary], axis=1))
        asked, place = np.unique(days, return_inverse=True)
        return np.array(CLASSES)[day_classes(asked, calendar, week_shape(totals).working)[0]][place]

    def at(self, flags: Bools, instants: Days) -> Bools:
        """What a matrix of these days and slots says at some instants."""
        days, slots = local_positions(instants, self.zone, self.minutes)
        return np.asarray(flags[days - self.first, slots])

    def naive_errors(self, as_of: Days) -> Floats:
        """Mean absolute error of "as a week ago" in what came before each ``as_of``; NaN where nothing did."""
        steps = np.abs(self.offered[7:] - self.offered[:-7])
        known = ~np.isnan(steps)
        ends = np.clip(as_of - self.first - 7, 0, len(steps))
        sums, counts = (
            np.append(0, np.cumsum(part.sum(axis=1)))[ends] for part in (np.nan_to_num(steps), known)
        )
        return np.asarray(np.divide(sums, counts, out=np.full(len(as_of), np.nan), where=counts > 0))
