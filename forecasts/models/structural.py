"""The default model: day totals by a structural regression, spread over the day by pooled, decayed profiles.

A day's total is exp(level of the week + weekday + position in the month + season + what is special about the
day). Every effect is shrunk towards 0 by a fixed prior standard deviation, weighed against the noise that the
queue's own days show; nothing is tuned to a series. Of a short history, the total is averaged with the plain
mean of the last eight same weekdays.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from forecasts.day_totals import day_totals, known_share, ordinary_days
from forecasts.day_traits import (
    EVENT,
    NO_FESTIVAL,
    ORDINARY,
    DayTraits,
    WeekShape,
    day_traits,
    totals_by_weekday,
    week_shape,
)
from forecasts.grid import Days, Floats, QueueHistory, weekdays_of
from forecasts.level_shifts import level_shifts
from forecasts.models.effects import Effects, effects_for
from forecasts.models.profiles import Profiles, inside_share, open_share, weekday_profiles, with_classes
from forecasts.models.regression import regress
from forecasts.models.weekday_mean import WeekdayMean

HALF_LIFE_DAYS = 200.0  # how fast older days lose weight in the regression
LONGEST_DAYS = 2 * 366  # older history is not looked at
LEAST_OPEN = 0.3  # share of a special day's usual contacts that must be known and in open hours
AVERAGE_WEEKS = 8
AVERAGED_DAYS = 140  # history up to which the total is averaged with the eight-week mean
BORROWING_DAYS = 28  # history up to which the shape of another queue is borrowed, where one is told
BORROWED_SD = {"weekday": 0.1, "class": 0.15}
OFFSET_SD = 0.1  # of the logarithm of what such a day does
FELT_DAYS = 7.0  # days before or after a long festival in which half of that variance is lost
OFFSET_DAYS = 1.0  # weight of "no effect" of one day before or after a festival, in days seen
LARGEST_OFFSET_EFFECT = 0.7


@dataclass(frozen=True, slots=True)
class _Learned:
    """What a history taught: the regression, its bias correction, and what is left around festivals."""

    effects: Effects
    coefficients: Floats
    log_scale: float  # makes fitted days add up to what came: robust weights alone fall short
    means: Floats  # day totals of the eight-week mean, shape (7,), Monday first; empty where history is long
    offsets: dict[tuple[str, int], float]
    seen: dict[tuple[str, int], float]  # weight of the days that these rest on


class Structural:
    """Structural model of log day totals, times a pooled and decayed profile of the weekday."""

    name = "structural"

    def __init__(self, like: "Structural | None" = None) -> None:
        """A model that, of a short history, borrows the shape of week and day from another, fitted one."""
        self._like = like
        self._learned: _Learned | None = None
        self._shape = WeekShape(np.zeros(7))

    def fit(self, history: QueueHistory) -> Self:
        """Regress the totals of whole days and average their profiles."""
        days, totals, share = history.days, day_totals(history), known_share(history.offered, history.days)
        usual = totals_by_weekday(days[history.usable], totals[history.usable])
        self._calendar, self._shape, self._learned = history.calendar, week_shape(usual), None
        traits = day_traits(days, history.calendar, self._shape)
        like = self._like if len(days) < BORROWING_DAYS else None
        weekday = weekday_profiles(history, totals)
        wholly_open = open_share(history, traits.like @ weekday)
        share = share * wholly_open
        totals = totals * inside_share(history) / np.maximum(wholly_open, LEAST_OPEN)
        self._profiles: Profiles = with_classes(weekday, history, traits, self._shape, totals)
        if like is not None:
            self._profiles = self._profiles.beside(like._profiles, len(days))
        special = (traits.classes != ORDINARY) & (history.special != EVENT)
        used = ordinary_days(history) | (special & (share >= LEAST_OPEN) & (totals > 0))
        used &= (traits.like @ usual > 0) & (days >= history.end_day - LONGEST_DAYS)
        if used.any() and (totals[used] > 0).any():
            lent = like._learned if like is not None else None
            self._learned = _learn(
                history, np.flatnonzero(used), totals, share, traits, self._shape, usual, lent
            )
        return self

    def predict(self, days: Days) -> Floats:
        """Day totals spread over the slots, shape (len(days), slots)."""
        traits = day_traits(days, self._calendar, self._shape)
        factors = self._factors(days, traits)
        total = np.prod(list(factors.values()), axis=0) if factors else np.zeros(len(days))
        return np.asarray(total[:, None] * self._profiles.of(traits))

    def profile(self, days: Days) -> Floats:
        """Share of the day's contacts in each slot, shape (len(days), slots)."""
        return self._profiles.of(day_traits(days, self._calendar, self._shape))

    def doubt(self, days: Days) -> Floats:
        """Variance of the logarithm of what days around long festivals do, shape (days,)."""
        traits = day_traits(days, self._calendar, self._shape)
        seen = self._learned.seen if self._learned is not None else {}
        keys = zip(traits.near.tolist(), traits.offsets.tolist(), strict=True)
        told, prior = np.array([seen.get(key, 0.0) for key in keys]), felt(traits.offsets)
        doubt = OFFSET_SD**2 * prior * OFFSET_DAYS / (OFFSET_DAYS + told * prior)
        return np.asarray(np.where(traits.near != NO_FESTIVAL, doubt, 0.0))

    def factors(self, days: Days) -> dict[str, Floats]:
        """What makes up each day's total: contacts of a usual day, then factors, each of shape (days,).

        The product of all is the total; empty where nothing was learned.
        """
        return self._factors(days, day_traits(days, self._calendar, self._shape))

    def _factors(self, days: Days, traits: DayTraits) -> dict[str, Floats]:
        if self._learned is None:
            return {}
        parts = _log_parts(self._learned, self._shape, days, traits)
        return {name: np.exp(part) for name, part in parts.items()}


def _learn(
    history: QueueHistory,
    rows: Days,
    totals: Floats,
    share: Floats,
    traits: DayTraits,
    shape: WeekShape,
    usual: Floats,
    like: _Learned | None,
) -> _Learned:
    """Fit the regression to the days of ``rows``."""
    days, totals, traits = history.days[rows], totals[rows], traits.at(rows)
    ordinary = traits.classes == ORDINARY
    shifts = level_shifts(days[ordinary], totals[ordinary])
    effects = effects_for(days, history.end_day, traits, shifts)
    decay = 0.5 ** ((history.end_day - days) / HALF_LIFE_DAYS)
    weights = share[rows] * np.where(ordinary, decay, 1.0)  # special days are few: each counts in full
    weekdays = weekdays_of(days)
    groups = np.where(shape.working[weekdays], 7, weekdays)  # days off are noisy in a way of their own
    design, start = effects.design(days, traits), traits.like @ usual
    penalty, prior = effects.penalty(), effects.prior()
    if like is not None:
        _borrow(effects, like, penalty, prior)
    coefficients = regress(totals, start, design, penalty, prior, weights, groups)
    fitted = np.exp(design.times(coefficients))
    counted = ordinary if ordinary.any() else ~ordinary
    scale = float((weights * totals)[counted].sum() / (weights * fitted)[counted].sum())
    short = history.end_day - int(days[0]) <= AVERAGED_DAYS and not any(
        history.end_day - day < AVERAGE_WEEKS * 7 for day in shifts
    )  # else the mean is of two levels
    means = (
        WeekdayMean(AVERAGE_WEEKS).fit(history).predict(np.arange(4, 11)).sum(axis=1)
        if short
        else np.zeros(0)
    )
    left = np.log(np.maximum(totals / (scale * fitted), 1e-9))
    return _Learned(effects, coefficients, float(np.log(scale)), means, *_offset_effects(left, traits))


def _borrow(effects: Effects, like: _Learned, penalty: Floats, prior: Floats) -> None:
    """Take another queue's effects of weekday and class of day for the mean of the prior, and trust them more."""
    theirs = like.effects.blocks
    for name, sd in BORROWED_SD.items():
        columns, values = effects.blocks[name], like.coefficients[theirs[name]]
        prior[columns] = values - (values.mean() if name == "weekday" else 0.0)
        penalty[columns, columns] = np.eye(len(values)) / sd**2


def _log_parts(learned: _Learned, shape: WeekShape, days: Days, traits: DayTraits) -> dict[str, Floats]:
    """The logarithm of each factor, in the order of explanation, each of shape (days,)."""
    design, blocks = learned.effects.design(days, traits), learned.effects.blocks

    def part(*names: str) -> Floats:
        only = np.zeros_like(learned.coefficients)
        for name in names:
            only[blocks[name]] = learned.coefficients[blocks[name]]
        return design.times(only)

    weekday = learned.coefficients[blocks["weekday"]]
    middle = float(weekday[shape.working].mean()) if shape.working.any() else float(weekday.mean())
    parts = {
        "level": part("level") + learned.log_scale + middle,
        "weekday": part("weekday") - middle,
        "position in month": part("month"),
        "season": part("season"),
    }
    if len(learned.means):
        mean = traits.like @ learned.means
        off = np.log(np.where(mean > 0, mean, 1.0)) - sum(parts.values())
        parts["eight-week mean"] = np.where(mean > 0, off / 2, 0.0)
    near = zip(traits.near.tolist(), traits.offsets.tolist(), strict=True)
    around = np.array([learned.offsets.get(key, 0.0) for key in near])
    return parts | {"special day": part("class", "festival"), "around festival": around}


def _offset_effects(
    left: Floats, traits: DayTraits
) -> tuple[dict[tuple[str, int], float], dict[tuple[str, int], float]]:
    """What is left on the days around each festival, shrunk, and the days it rests on; days next to one
    another share it.
    """
    sums: dict[tuple[str, int], list[float]] = {}
    left = np.clip(left, -LARGEST_OFFSET_EFFECT, LARGEST_OFFSET_EFFECT)
    for value, festival, offset in zip(left, traits.near.tolist(), traits.offsets.tolist(), strict=True):
        if festival:
            for step, weight in ((-1, 0.5), (0, 1.0), (1, 0.5)):
                sums.setdefault((festival, offset + step), []).extend((weight, weight * value))
    seen = {key: sum(found[::2]) for key, found in sums.items()}
    near = {key: float(felt(np.array(key[1]))) for key in sums}
    effects = {
        key: near[key] * sum(found[1::2]) / (near[key] * seen[key] + OFFSET_DAYS)
        for key, found in sums.items()
    }
    return effects, seen


def felt(offsets: Days) -> Floats:
    """How much of a long festival's variance is felt so many days from its first: less and less before it and
    after its week.

    Examples
    --------
    >>> felt(np.array([-14, -7, 0, 6, 13])).tolist()
    [0.25, 0.5, 1.0, 1.0, 0.5]
    """
    return np.asarray(0.5 ** (np.maximum(-offsets, np.maximum(offsets - 6, 0)) / FELT_DAYS))
