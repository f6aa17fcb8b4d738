"""The planner's cautious average: the median of the last few same weekdays, which no single day can move."""

import numpy as np

from forecasts.day_totals import medians_of
from forecasts.grid import Floats
from forecasts.models.weekday_mean import WeekdayMean


class WeekdayMedian(WeekdayMean):
    """Median of each slot over the last ``weeks`` ordinary days of the same weekday."""

    def __init__(self, weeks: int = 8) -> None:
        super().__init__(weeks)
        self.name = f"weekday_median_{weeks}"

    def _average(self, rows: Floats) -> Floats:
        return np.nan_to_num(medians_of(rows, axis=0)) if len(rows) else np.zeros(rows.shape[1])
