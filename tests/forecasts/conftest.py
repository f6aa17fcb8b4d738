"""Invented histories whose truth is known."""

from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from centre.instants import Grid, day_number, to_timestamps, weekday_of

MONDAY = date(2024, 1, 1)
BERLIN = ZoneInfo("Europe/Berlin")
WEEKDAY_FACTORS = (1.3, 1.1, 1.0, 0.9, 0.9, 0.4, 0.0)


@pytest.fixture
def berlin() -> ZoneInfo:
    return BERLIN


@pytest.fixture
def truth() -> Callable[..., pd.DataFrame]:
    """Mean contacts of every interval: weekday x a hump from 08:00 to 20:00, none on Sundays and at night."""

    def build(
        days: int, *, first: date = MONDAY, zone: ZoneInfo = BERLIN, minutes: int = 30, peak: float = 40.0
    ) -> pd.DataFrame:
        grid = Grid(zone, day_number(first), days, minutes)
        factor = np.array([WEEKDAY_FACTORS[weekday_of(day)] for day in grid.local_days()])
        hour = grid.local_minutes() / 60
        hump = np.where((hour >= 8) & (hour < 20), 0.2 + np.sin(np.pi * (hour - 8) / 12), 0.0)
        stamps = to_timestamps(grid.starts)
        return pd.DataFrame({"interval_start": stamps, "queue": "客服", "offered": peak * factor * hump})

    return build


@pytest.fixture
def contacts(truth: Callable[..., pd.DataFrame]) -> Callable[..., pd.DataFrame]:
    """Poisson contacts around `truth`, open intervals only, AHT 200 s."""

    def build(days: int, *, seed: int = 1, **where: object) -> pd.DataFrame:
        table = truth(days, **where)
        table = table[table["offered"] > 0].reset_index(drop=True)
        table["offered"] = np.random.default_rng(seed).poisson(table["offered"]).astype(float)
        return table.assign(aht_seconds=200.0)

    return build
