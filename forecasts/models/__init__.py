"""One forecaster a file, one contract: settings in ``__init__``, ``fit`` on a queue's history, ``predict``.

A model learns from usable days and forecasts ordinary ones; special days and opening hours are put on
afterwards (`forecasts.expected`), so that no model needs to know of them.
"""

from typing import Protocol, Self

from forecasts.grid import Days, Floats, QueueHistory
from forecasts.models.day_profile import DayProfile
from forecasts.models.seasonal_naive import SeasonalNaive
from forecasts.models.weekday_mean import WeekdayMean


class Model(Protocol):
    """What every forecaster offers."""

    name: str

    def fit(self, history: QueueHistory) -> Self:
        """Learn from one queue's history; returns itself."""
        ...

    def predict(self, days: Days) -> Floats:
        """Mean contacts of each slot were the days ordinary, shape (len(days), slots): finite, 0 or more."""
        ...


def default_models() -> tuple[Model, ...]:
    """The models to choose among, simplest first: one that knows more must have forecast better."""
    return WeekdayMean(weeks=8), DayProfile()


def baselines() -> tuple[Model, ...]:
    """What is shown beside the models and never chosen."""
    return (SeasonalNaive(),)


__all__ = ["DayProfile", "Model", "SeasonalNaive", "WeekdayMean", "baselines", "default_models"]
