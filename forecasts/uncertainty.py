"""How sure a forecast is: p10, p50, p90 of each interval and day from the errors made at earlier origins.

What comes differs from its forecast m for four reasons: the level was wrong for the whole time ahead, the day
was unlike its kind, the interval unlike its day, and contacts come at random (Poisson). Each adds its variance,
the first three as shares of m. The shares are chosen so that bands of 80 % would have held 80 % of what came at
earlier origins, recent ones counting more; that the level was tried a few times only widens them.

**Source:** split conformal prediction with normalised scores (Lei et al., 2018), over rolling origins and with
weights for age (Barber, Candès, Ramdas and Tibshirani, 2023); Student's quantiles for few origins.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from forecasts.grid import Bools, Floats
from forecasts.models.effects import LEVEL_STEP_SD

LEVELS = (0.1, 0.5, 0.9)
SMALLEST_MEAN, SMALLEST_VARIANCE = 1e-9, 1e-9
NORMAL_P90 = 1.2815515655446004
STUDENT_P90 = (
    3.0777,
    1.8856,
    1.6377,
    1.5332,
    1.4759,
    1.4398,
    1.4149,
    1.3968,
    1.3830,
    1.3722,
)  # 1 to 10 degrees
TRIAL_HALF_LIFE_DAYS = 56.0
SPECIAL_SD = 0.3  # of special days, as far as nothing is known of them
SPECIAL_DAYS_ASSUMED = 4.0  # what that assumption weighs, in days seen


@dataclass(frozen=True, slots=True)
class Errors:
    """What was expected at one earlier origin and what came, shapes (days, slots); NaN where not known.

    Parameters
    ----------
    special : days that are not ordinary, shape (days,)
    age_days : days from this origin to the one that the spread is for
    """

    expected: Floats
    actual: Floats
    special: Bools
    age_days: int


@dataclass(frozen=True, slots=True)
class Spread:
    """Relative variances of what comes around its forecast, beyond Poisson's.

    Parameters
    ----------
    level : of the level of all days ahead
    day, special : of an ordinary and of a special day around the level
    interval : of an interval around its day
    tried_days : days ahead that the level was tried over; it wanders further beyond
    """

    level: float
    day: float
    special: float
    interval: float
    tried_days: int = 28

    def widened(self, level_sd: float) -> "Spread":
        """The same with so much more doubt about the level."""
        return replace(self, level=self.level + level_sd**2)

    def day_variance(self, special: Bools, extra: Floats | float = 0.0) -> Floats:
        """Relative variance of the totals of days ahead, the first first, shape (days,).

        Parameters
        ----------
        special : days that are not ordinary, shape (days,)
        extra : relative variance from elsewhere, such as an event's, shape (days,)
        """
        own = np.where(special, np.maximum(self.special, self.day), self.day)
        return np.asarray(self.level_variance(len(special)) + own + extra)

    def level_variance(self, days: int) -> Floats:
        """Relative variance of the level on each of so many days ahead, shape (days,)."""
        beyond = np.maximum(np.arange(1, days + 1) - self.tried_days, 0)
        return np.asarray(self.level + LEVEL_STEP_SD**2 * beyond / 7)


UNTRIED = Spread(
    level=0.02, day=0.01, special=SPECIAL_SD**2, interval=0.01
)  # no origin tried: wide, reported


def learn_spread(errors: Sequence[Errors]) -> Spread:
    """Spread from the errors made at earlier origins.

    Examples
    --------
    >>> contacts = np.random.default_rng(1).poisson(100, (28, 48)).astype(float)
    >>> errors = Errors(np.full((28, 48), 100.0), contacts, np.zeros(28, dtype=bool), age_days=28)
    >>> learn_spread([errors]).interval < 0.001
    True
    """
    used = [each for each in errors if ((each.expected > 0) & ~np.isnan(each.actual)).any()]
    if not used:
        return UNTRIED
    days, intervals = _pooled(used, by_day=True), _pooled(used, by_day=False)
    if days.special.all():
        return UNTRIED
    of_days, of_intervals = days.ordinary().variance_that_holds(), intervals.ordinary().variance_that_holds()
    level = min(_level_variance(used), of_days)
    few = (_student_p90(_windows(used)) / NORMAL_P90) ** 2
    return Spread(
        level=level * few,
        day=of_days - level,
        special=max(days.assumed_beside(SPECIAL_SD).variance_that_holds() - level, 0.0),
        interval=max(of_intervals - of_days, 0.0),
        tried_days=max(len(each.expected) for each in used),
    )


def bands(
    expected: Floats, spread: Spread, special: Bools, extra: Floats | float = 0.0
) -> tuple[Floats, Floats, Floats]:
    """p10, p50 and p90 of the intervals of days ahead; 0 or more and in order, 0 where nothing is expected.

    Parameters
    ----------
    expected : mean contacts, shape (days, slots)
    special : days that are not ordinary, shape (days,)
    extra : relative variance from elsewhere, such as an event's, shape (days, slots)
    """
    variance = spread.day_variance(special)[:, None] + spread.interval + extra
    return _quantiles(expected, np.asarray(variance))


def day_bands(
    totals: Floats, spread: Spread, special: Bools, extra: Floats | float = 0.0
) -> tuple[Floats, Floats, Floats]:
    """p10, p50 and p90 of the totals of days ahead, each of shape (days,); parameters as for `bands`."""
    return _quantiles(totals, spread.day_variance(special, extra))


def _quantiles(mean: Floats, variance: Floats) -> tuple[Floats, Floats, Floats]:
    """Quantiles of contacts of this mean, which spread by Poisson's variance and a relative one on top.

    **Source:** Wilson and Hilferty's quantiles (1931) of a gamma number with the same mean and variance. Where
    none at all come with a greater probability than the quantile's, as for so small a negative binomial mean,
    the quantile is 0.
    """
    some = np.where(mean > SMALLEST_MEAN, mean, 1.0)
    shape = 1 / (1 / some + variance)
    beyond = np.maximum(variance, SMALLEST_VARIANCE)
    none = np.exp(-np.log1p(beyond * mean) / beyond)
    found = []
    for z, level in zip((-NORMAL_P90, 0.0, NORMAL_P90), LEVELS, strict=True):
        ratio = np.maximum(1 - 1 / (9 * shape) + z / (3 * np.sqrt(shape)), 0) ** 3
        found.append(np.where((none >= level) & (level < LEVELS[2]), 0.0, mean * ratio))
    return found[0], found[1], found[2]


@dataclass(frozen=True, slots=True)
class _Pool:
    """Errors of all origins together, each of shape (errors,)."""

    expected: Floats
    actual: Floats
    special: Bools
    weight: Floats

    def ordinary(self) -> "_Pool":
        return self.at(~self.special)

    def at(self, chosen: Bools) -> "_Pool":
        names = ("expected", "actual", "special", "weight")
        return _Pool(*(getattr(self, name)[chosen] for name in names))

    def assumed_beside(self, sd: float) -> "_Pool":
        """The special days, and a few whose errors are those of a normal number of such spread."""
        own, z = self.at(self.special), np.array([-1.2816, -0.5244, 0.0, 0.5244, 1.2816])
        mean = np.full(len(z), 1e6)
        weight = np.full(len(z), SPECIAL_DAYS_ASSUMED / len(z))
        parts = (mean, mean * (1 + sd * z), np.ones(len(z), dtype=bool), weight)
        mine = (own.expected, own.actual, own.special, own.weight)
        return _Pool(*(np.concatenate(pair) for pair in zip(mine, parts, strict=True)))

    def variance_that_holds(self) -> float:
        """Relative variance with which bands of 80 % hold 80 % of what came, by weight."""
        needed = (((self.actual - self.expected) / NORMAL_P90) ** 2 - self.expected) / self.expected**2
        return max(_weighted_quantile(needed, self.weight, 0.8), 0.0)


def _pooled(errors: Sequence[Errors], by_day: bool) -> _Pool:
    """Errors of days or of intervals, unknown ones left out."""
    parts = []
    for each in errors:
        known = ~np.isnan(each.actual)
        expected, actual = np.where(known, each.expected, 0), np.where(known, each.actual, 0)
        special = np.broadcast_to(each.special[:, None], expected.shape)
        if by_day:
            expected, actual, special = expected.sum(axis=1), actual.sum(axis=1), each.special
        used = expected > 0
        weight = np.full(int(used.sum()), 0.5 ** (each.age_days / TRIAL_HALF_LIFE_DAYS))
        parts.append((expected[used], actual[used], special[used], weight))
    return _Pool(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _level_variance(errors: Sequence[Errors]) -> float:
    """Relative variance of the sums over whole trials, ordinary days only, less what Poisson explains."""
    sums = np.array([_ordinary_sums(each) for each in errors])
    weight = np.array([0.5 ** (each.age_days / TRIAL_HALF_LIFE_DAYS) for each in errors]) * (sums[:, 0] > 0)
    expected = np.where(sums[:, 0] > 0, sums[:, 0], 1.0)
    beyond = ((sums[:, 1] - expected) ** 2 - expected) / expected**2
    return max(float((weight * beyond).sum() / weight.sum()), 0.0) if weight.any() else 0.0


def _ordinary_sums(each: Errors) -> tuple[float, float]:
    known = ~np.isnan(each.actual) & ~each.special[:, None] & (each.expected > 0)
    return float(each.expected[known].sum()), float(each.actual[known].sum())


def _windows(errors: Sequence[Errors]) -> float:
    """How many trials would stand side by side without overlap."""
    ends = [each.age_days for each in errors]
    longest = max(len(each.expected) for each in errors)
    return (max(ends) - min(ends) + longest) / longest


def _student_p90(degrees: float) -> float:
    """Student's 90 % quantile for so many degrees of freedom, between whole ones by interpolation."""
    return float(np.interp(degrees, np.arange(1, len(STUDENT_P90) + 1), STUDENT_P90))


def _weighted_quantile(values: Floats, weights: Floats, level: float) -> float:
    """The least value with at least ``level`` of all weight at or below it."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order])
    return float(values[order][min(np.searchsorted(below, level * below[-1]), len(values) - 1)])
