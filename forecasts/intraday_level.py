"""How much busier than forecast a day is that is under way: contacts so far against the forecast's own doubt.

Contacts of an interval are Poisson around its forecast times a factor of the day, its drift through the hours and the interval's own
noise. How far factor, drift and noise usually stray is what the forecast's bands say of the day, split in fixed shares. What came so
far then moves the factor as far as it is more than such noise and Poisson's: a quiet first half hour hardly, a busy morning nearly
wholly. A wild interval counts less the wilder it is.

**Source:** Weinberg, Brown and Stroud (2007), *Bayesian forecasting of an inhomogeneous Poisson process with applications to call center
data*; Shen and Huang (2008), *Interday forecasting and intraday updating of call center arrivals*. Estimated by iteratively reweighted
least squares with a log link, its quasi-likelihood variance m + v m^2, weights of Student's t against wild intervals (Lange, Little and
Taylor, 1989).
"""

from dataclasses import dataclass

import numpy as np

from forecasts.grid import Bools, Floats
from forecasts.outages import CHANCE, NEAR_ZERO, chance_of_so_few
from forecasts.uncertainty import NORMAL_P90

ROUNDS, CLOSE = 50, 1e-8
FARTHEST = 5.0  # of a logarithm: 150 times as many
SHAPES = np.exp(np.linspace(np.log(0.05), np.log(1e7), 2000))


@dataclass(frozen=True, slots=True)
class Shares:
    """How the doubt that a forecast's bands show is split, and how the day drifts.

    Parameters
    ----------
    level : of the variance: the whole day above or below its forecast
    drift : of the variance: hours that stray together and come back, over about ``drift_hours``
    degrees : of freedom of Student's t around an interval; the fewer, the less a wild one counts

    The rest of the variance is each interval's own.
    """

    level: float = 0.4
    drift: float = 0.4
    drift_hours: float = 10.0
    degrees: float = 3.0


SHARES = Shares()


@dataclass(frozen=True, slots=True)
class Level:
    """What the day's level is held to be at some times: a normal logarithm, shapes (times,) and (times, times).

    ``around`` is the relative variance of an interval around it, beyond Poisson's; ``trust`` what each interval seen counts, 1 and a
    little above where it came as it should, towards 0 the wilder it was, shape (intervals,).
    """

    log_mean: Floats
    log_covariance: Floats
    around: float
    trust: Floats

    @property
    def factor(self) -> Floats:
        """Expected factor at each time."""
        return np.asarray(np.exp(self.log_mean + self.log_variance / 2))

    @property
    def log_variance(self) -> Floats:
        """Variance of the logarithm at each time."""
        return np.asarray(np.maximum(np.diag(self.log_covariance), 0.0))

    @property
    def variance(self) -> Floats:
        """Relative variance of contacts around their mean at each time, beyond Poisson's."""
        return np.asarray(np.expm1(self.log_variance) + self.around)


def band_variance(expected: Floats, p10: Floats, p90: Floats) -> Floats:
    """Relative variance beyond Poisson's that bands of a mean show (the reverse of `forecasts.uncertainty.bands`), shape as given.

    NaN where they show none: nothing expected, or too little.

    Examples
    --------
    >>> from forecasts.uncertainty import Spread, bands
    >>> mean = np.array([[20.0, 500.0]])
    >>> low, _, high = bands(mean, Spread(0.01, 0.02, 0.02, 0.01), np.zeros(1, dtype=bool))
    >>> band_variance(mean, low, high).round(3).tolist()
    [[0.04, 0.04]]
    """
    middle, step = 1 - 1 / (9 * SHAPES), NORMAL_P90 / (3 * np.sqrt(SHAPES))
    width = np.maximum(middle + step, 0) ** 3 - np.maximum(middle - step, 0) ** 3
    falling = slice(int(np.argmax(width)), None)
    known = (expected >= 1) & (p10 > 0) & (p90 > p10)
    found = np.full(np.shape(expected), np.nan)
    seen = (p90 - p10)[known] / expected[known]
    shape = np.exp(np.interp(-seen, -width[falling], np.log(SHAPES[falling])))
    found[known] = np.maximum(1 / shape - 1 / expected[known], 0.0)
    return found


def day_level(
    expected: Floats, actual: Floats, hours: Floats, asked: Floats, variance: float, shares: Shares = SHARES
) -> Level:
    """The level at the times ``asked``, from what came at the times ``hours``.

    Parameters
    ----------
    expected, actual : contacts forecast for what has passed of each interval, above 0, and those that came, shape (intervals,)
    hours, asked : middles of intervals in hours, shapes (intervals,) and (times,)
    variance : relative variance of what comes around this day's forecast, beyond Poisson's

    Examples
    --------
    >>> morning, evening = np.arange(8.0, 12.0), np.array([18.0])
    >>> busy = day_level(np.full(4, 100.0), np.full(4, 130.0), morning, evening, variance=0.04)
    >>> bool(1.1 < busy.factor[0] < 1.3)
    True
    """
    whole, drift = (float(np.log1p(part * variance)) for part in (shares.level, shares.drift))
    around = variance * max(1 - shares.level - shares.drift, 0.0)

    def covariance(one: Floats, other: Floats) -> Floats:
        apart = np.abs(one[:, None] - other[None, :])
        return np.asarray(whole + drift * np.exp(-apart / shares.drift_hours))

    prior = -(whole + drift) / 2
    if not len(expected):
        return Level(np.full(len(asked), prior), covariance(asked, asked), around, expected)
    own, between = covariance(hours, hours), covariance(asked, hours)
    usual = np.log((actual.sum() + 1) / (expected.sum() + 1))
    log_level, weight = np.full(len(expected), np.clip(usual, -FARTHEST, FARTHEST)), np.ones(len(expected))
    for _ in range(ROUNDS):
        mean = expected * np.exp(log_level)
        noise = 1 / mean + around
        worked = log_level + (actual - mean) / mean
        solved = np.linalg.solve(own + np.diag(noise / weight), worked - prior)
        found = np.clip(prior + own @ solved, -FARTHEST, FARTHEST)
        moved, log_level = float(np.abs(found - log_level).max()), found
        mean = expected * np.exp(log_level)
        off = (actual - mean) ** 2 / (mean + around * mean**2)
        weight = (shares.degrees + 1) / (shares.degrees + off)
        if moved < CLOSE:
            break
    gain = np.linalg.solve(own + np.diag(noise / weight), between.T).T
    covariant = covariance(asked, asked) - gain @ between.T
    return Level(prior + gain @ (worked - prior), covariant, around, weight)


def silent(expected: Floats, actual: Floats) -> Bools:
    """Intervals of probable outages: stretches in which next to nothing came where dozens were due, shape (intervals,).

    What is due is the forecast, or less where the other intervals say that the day is quiet.
    """
    low = (actual <= NEAR_ZERO * expected) & (expected > 0)
    others = float(actual[~low].sum()), float(expected[~low].sum())
    share = min(others[0] / others[1], 1.0) if others[1] > 0 else 1.0
    found = np.zeros(len(expected), dtype=bool)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], low.astype(np.int8), [0])))).reshape(-1, 2)
    for begin, end in edges.tolist():
        due = share * float(expected[begin:end].sum())
        found[begin:end] = chance_of_so_few(float(actual[begin:end].sum()), due) < CHANCE
    return found
