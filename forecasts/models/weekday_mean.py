"""The planner's average: the mean of the last few same weekdays, special days and outliers left out."""

from typing import Self

import numpy as np

from forecasts.day_totals import ordinary_days
from forecasts.grid import Bools, Days, Floats, QueueHistory, weekdays_of


class WeekdayMean:
    """Mean of each slot over the last ``weeks`` ordinary days of the same weekday.

    A weekday without any such day gets the mean of all others that have contacts.
    """

    def __init__(self, weeks: int = 8) -> None:
        self.weeks = weeks
        self.name = f"weekday_mean_{weeks}"
        self._means: Floats = np.zeros((7, 0))

    def fit(self, history: QueueHistory) -> Self:
        """Average the last weeks, slot by slot; a slot never known on a weekday counts as 0."""
        ordinary = ordinary_days(history)
        weekdays = weekdays_of(history.days)
        self._means = np.zeros((7, history.slots))
        found = np.zeros(7, dtype=bool)
        for weekday in range(7):
            rows = history.offered[ordinary & (weekdays == weekday)][-self.weeks :]
            self._means[weekday] = self._average(rows)
            found[weekday] = len(rows) > 0
        self._fill_weekdays(found)
        return self

    def predict(self, days: Days) -> Floats:
        """The mean of each day's weekday, shape (len(days), slots)."""
        return np.asarray(self._means[weekdays_of(days)])

    def _average(self, rows: Floats) -> Floats:
        known = (~np.isnan(rows)).sum(axis=0)
        return np.asarray(np.nansum(rows, axis=0) / np.maximum(known, 1))

    def _fill_weekdays(self, found: Bools) -> None:
        others = found & (self._means.sum(axis=1) > 0)
        if others.any():
            self._means[~found] = self._means[others].mean(axis=0)
