"""The baseline that anything must beat: the same weekday of the last week known."""

from typing import Self

import numpy as np

from forecasts.grid import Days, Floats, QueueHistory
from forecasts.models.weekday_mean import WeekdayMean


class SeasonalNaive:
    """Each weekday as it was last, special days and outliers included only where nothing else is known."""

    name = "seasonal_naive"

    def __init__(self) -> None:
        self._last = WeekdayMean(weeks=1)

    def fit(self, history: QueueHistory) -> Self:
        """Keep the last ordinary day of each weekday."""
        self._last.fit(history)
        return self

    def predict(self, days: Days) -> Floats:
        """The last such weekday, shape (len(days), slots)."""
        return np.asarray(self._last.predict(days))
