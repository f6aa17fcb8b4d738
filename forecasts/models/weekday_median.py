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

    def _average(self, last: Floats) -> Floats:
        by_slot = last.transpose(0, 2, 1).reshape(-1, last.shape[1])
        return np.nan_to_num(medians_of(by_slot, axis=1)).reshape(7, -1)
