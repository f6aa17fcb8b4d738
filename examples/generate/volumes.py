"""Invented contacts: Poisson counts about a day's shape, some days busier as a whole, handle times with noise."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas import Timestamp

from centre.instants import weekday_of


def level_of(
    day: int, factors: tuple[float, ...], holidays: dict[int, str], quiet: float, rng: np.random.Generator
) -> float:
    """How busy a day is as a whole: by weekday, ``quiet`` on a holiday, busier before one, gamma noise."""
    level = factors[weekday_of(day)] * rng.gamma(300, 1 / 300)
    return float(level * (quiet if day in holidays else 1.12 if day + 1 in holidays else 1.0))


def peak(minutes: NDArray[np.int64], at: float, width: float) -> NDArray[np.float64]:
    """A bell about a minute of the day."""
    return np.exp(-(((minutes - at) / width) ** 2))


def intervals(
    queue: str,
    midnight: Timestamp,
    minutes: NDArray[np.int64],
    expected: NDArray[np.float64],
    aht: float,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """One queue's day of history: counts about what is ``expected`` of each interval, handle times about ``aht``."""
    offered = rng.poisson(expected)
    noise = rng.normal(0, 0.55, len(offered)) / np.sqrt(np.maximum(offered, 1))
    return pd.DataFrame(
        {
            "interval_start": midnight + pd.to_timedelta(minutes, unit="m"),
            "queue": queue,
            "offered": offered,
            "aht_seconds": np.where(offered > 0, (aht * np.exp(noise)).round(1), np.nan),
        }
    )
