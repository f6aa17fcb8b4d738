"""The planner's cautious average: the median of the last few same weekdays, which no single day can move."""

import numpy as np

from forecasts.grid import Floats
from forecasts.models.weekday_mean import WeekdayMean


class WeekdayMedian(WeekdayMean):
    """Median of each slot over the last ``weeks`` ordinary days of the same weekday."""

    def __init__(self, weeks: int = 8) -> None:
        super().__init__(weeks)
        self.name = f"weekday_median_{weeks}"

    def _average(self, rows: Floats) -> Floats:
        known = ~np.isnan(rows)
        if not known.any():
            return np.zeros(rows.shape[1])
        filled = np.where(known.any(axis=0), rows, 0.0)
        return np.asarray(np.nanmedian(filled, axis=0))
