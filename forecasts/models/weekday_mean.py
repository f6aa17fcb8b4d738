"""The planner's average: the mean of the last few same weekdays, special days and outliers left out."""

from typing import Self

import numpy as np

from forecasts.day_totals import last_ordinary_days
from forecasts.grid import Bools, Days, Floats, QueueHistory, weekdays_of


class WeekdayMean:
    """Mean of each slot over the last ``weeks`` (8 at most) ordinary days of the same weekday.

    A weekday without any such day gets the mean of all others that have contacts.
    """

    def __init__(self, weeks: int = 8) -> None:
        self.weeks = weeks
        self.name = f"weekday_mean_{weeks}"
        self._means: Floats = np.zeros((7, 0))

    def fit(self, history: QueueHistory) -> Self:
        """Average the last weeks, slot by slot; a slot never known on a weekday counts as 0."""
        last, count = last_ordinary_days(history)
        self._means = self._average(last[:, -self.weeks :])
        self._fill_weekdays(count > 0)
        return self

    def predict(self, days: Days) -> Floats:
        """The mean of each day's weekday, shape (len(days), slots)."""
        return np.asarray(self._means[weekdays_of(days)])

    def _average(self, last: Floats) -> Floats:
        known = ~np.isnan(last)
        return np.asarray(np.where(known, last, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1))

    def _fill_weekdays(self, found: Bools) -> None:
        others = found & (self._means.sum(axis=1) > 0)
        if others.any():
            self._means[~found] = self._means[others].mean(axis=0)
