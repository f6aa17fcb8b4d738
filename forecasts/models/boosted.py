"""Optional companion: boosted trees (LightGBM) reshape the structural model's day where one profile a weekday is too
simple: a day that is busy at other hours in summer, at the end of a month, on the eve of a festival.

Day totals stay the structural model's: slots of one day share its error, and trees, which take them for independent,
would learn it. Each slot's factor is learned from what can be known of any day to come: where it lies in week, month
and year, what is special about it, how busy the structural model expects it to be. Contacts are divided by their mean
before, and the noise around the structural model says how strongly leaves are shrunk to "no effect". Under a year of
history the forecast is the structural model's own.

**Source:** Ke and others, "LightGBM: a highly efficient gradient boosting decision tree" (2017).
"""

from importlib import import_module
from typing import Any, Self

import numpy as np

from centre.errors import BadInput, Fault
from forecasts.day_totals import ordinary_days
from forecasts.day_traits import DayTraits, day_traits
from forecasts.grid import Days, Floats, QueueHistory, weekdays_of
from forecasts.models.effects import month_positions
from forecasts.models.structural import LONGEST_DAYS, Structural

LEAST_DAYS = 365  # of history
ROUNDS = 60
LEAF_SHARE = 1 / 80  # of all intervals that a leaf holds at least
EFFECT_SD = 0.05  # of the logarithm of a leaf's factor, before anything is seen
LARGEST_EFFECT = 0.7  # of the logarithm of the factor
WAVES = 2  # of the year
DECIMALS = 6  # of what the trees see: the last bits of a sum decide nothing
SETTINGS = {
    "objective": "poisson", "boost_from_average": False, "learning_rate": 0.05, "num_leaves": 15,
    "num_threads": 1, "deterministic": True, "force_row_wise": True, "seed": 1, "verbosity": -1,
}  # fmt: skip


class Boosted(Structural):
    """The structural model whose profiles are multiplied by factors of boosted trees; deterministic.

    Raises
    ------
    BadInput
        where LightGBM is not installed or cannot be loaded.
    """

    name = "lightgbm"

    def __init__(self) -> None:
        _lightgbm()
        super().__init__()
        self._trees: Any = None

    def fit(self, history: QueueHistory) -> Self:
        """Fit the structural model, then trees to what it leaves on the ordinary days of up to two years."""
        super().fit(history)
        self._trees = None
        rows = ordinary_days(history) & (history.days >= history.end_day - LONGEST_DAYS)
        if len(history.offered) >= LEAST_DAYS and rows.any():
            self._learn(history.days[rows], history.offered[rows])
        return self

    def predict(self, days: Days) -> Floats:
        """The structural model's totals spread over the slots, shape (len(days), slots)."""
        return self._reshaped(days, super().predict(days))

    def profile(self, days: Days) -> Floats:
        """Share of the day's contacts in each slot, shape (len(days), slots)."""
        return self._reshaped(days, super().profile(days))

    def _reshaped(self, days: Days, spread: Floats) -> Floats:
        if self._trees is None or not len(days):
            return spread
        seen = self._features(days, super().predict(days))
        effect = self._trees.predict(seen.reshape(spread.size, -1), raw_score=True).reshape(spread.shape)
        shaped = spread * np.exp(np.clip(effect, -LARGEST_EFFECT, LARGEST_EFFECT))
        return np.asarray(shaped * _ratio(spread, shaped))

    def _learn(self, days: Days, offered: Floats) -> None:
        base = super().predict(days)
        self._usual = float(base.mean())
        known = ~np.isnan(offered) & (base > 0)
        if not known.any() or not offered[known].any():
            return
        level = _ratio(np.where(known, base, 0.0), np.where(known, offered, 0.0))
        came, expected = (offered * level)[known] / self._usual, base[known] / self._usual
        noise = float(((came - expected) ** 2).sum() / expected.sum())
        settings = SETTINGS | {
            "min_data_in_leaf": max(int(LEAF_SHARE * known.sum()), 1),
            "lambda_l2": round(noise / EFFECT_SD**2, DECIMALS),
        }
        lightgbm = _lightgbm()
        table = lightgbm.Dataset(
            self._features(days, base)[known],
            label=np.round(came, DECIMALS),
            init_score=np.round(np.log(expected), DECIMALS),
        )
        self._trees = lightgbm.train(settings, table, num_boost_round=ROUNDS)

    def _features(self, days: Days, base: Floats) -> Floats:
        """What the trees see of each slot, shape (days, slots, features)."""
        traits, slots = day_traits(days, self._calendar, self._shape), base.shape[1]
        of_days = np.column_stack([_of_days(days, traits), base.sum(axis=1) / (slots * self._usual)])
        by_slot = np.stack([np.broadcast_to(np.arange(slots), base.shape), base / self._usual], axis=2)
        repeated = np.repeat(of_days[:, None], slots, axis=1)
        return np.round(np.concatenate([repeated, by_slot], axis=2), DECIMALS)


def _ratio(wanted: Floats, found: Floats) -> Floats:
    """What each day's slots are multiplied by to add up to those wanted, shape (days, 1); 0 where there are none."""
    total = found.sum(axis=1, keepdims=True)
    return np.asarray(wanted.sum(axis=1, keepdims=True) / np.where(total > 0, total, np.inf))


def _of_days(days: Days, traits: DayTraits) -> Floats:
    """Weekday, weekday it is most like, place in month and year, class, days from a festival's first."""
    angle = 2 * np.pi * np.outer(days / 365.2425, np.arange(1.0, WAVES + 1))
    week = [weekdays_of(days), traits.like.argmax(axis=1), month_positions(days)]
    from_festival = np.where(traits.near != "", traits.offsets, 0)
    return np.column_stack([*week, np.cos(angle), np.sin(angle), traits.classes, from_festival])


def _lightgbm() -> Any:
    """The package, loaded where it is asked for; raises `BadInput` where that fails."""
    expected = "LightGBM, an optional part of Paiban: pip install 'paiban[ml]'"
    try:
        return import_module("lightgbm")
    except ImportError:
        raise BadInput([Fault("--companion", expected, "no such package")]) from None
    except OSError as error:  # a library that the package needs of the system
        raise BadInput([Fault("--companion", "LightGBM that can be loaded", str(error))]) from None
