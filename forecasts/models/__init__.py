"""One forecaster a file, one contract: settings in ``__init__``, ``fit`` on a queue's history, ``predict``.

Opening hours are put on afterwards (`forecasts.trials.expect`), so that no model needs to know of them.
"""

from typing import Protocol, Self

from forecasts.grid import Days, Floats, QueueHistory
from forecasts.models.boosted import Boosted
from forecasts.models.seasonal_naive import SeasonalNaive
from forecasts.models.structural import Structural
from forecasts.models.weekday_mean import WeekdayMean
from forecasts.models.weekday_median import WeekdayMedian


class Model(Protocol):
    """What every forecaster offers."""

    @property
    def name(self) -> str:
        """What it is called in reports."""
        ...

    def fit(self, history: QueueHistory) -> Self:
        """Learn from one queue's history; returns itself."""
        ...

    def predict(self, days: Days) -> Floats:
        """Mean contacts of each slot were it open, shape (len(days), slots): finite, 0 or more."""
        ...


def default_models() -> tuple[Model, ...]:
    """The model that forecasts; any after it are companions, taken where they did clearly better."""
    return (Structural(),)


def companions() -> tuple[Model, ...]:
    """The model that forecasts and the companion that LightGBM brings; raises `BadInput` where that is not
    installed.
    """
    return Structural(), Boosted()


def baselines() -> tuple[Model, ...]:
    """What is shown beside the models and never chosen: planners' averages."""
    return SeasonalNaive(), WeekdayMean(4), WeekdayMean(8), WeekdayMedian(8)


__all__ = [
    "Boosted", "Model", "SeasonalNaive", "Structural", "WeekdayMean", "WeekdayMedian", "baselines", "companions",
    "default_models",
]  # fmt: skip
