"""Estimates from independent replications, with intervals of confidence: means, and ratios of means."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from scheduler.staffing.checks import Floats

CONFIDENCE = 0.95


@dataclass(frozen=True, eq=False, slots=True)
class Estimate:
    """A value found over replications and half the width of its 95 % interval of confidence (NaN with one replication)."""

    mean: Floats
    half_width: Floats

    @property
    def low(self) -> Floats:
        """Lower end of the interval."""
        return np.asarray(self.mean - self.half_width)

    @property
    def high(self) -> Floats:
        """Upper end of the interval."""
        return np.asarray(self.mean + self.half_width)


def mean(values: Floats) -> Estimate:
    """Mean over the first axis, the replications."""
    n, centre = len(values), np.asarray(values.mean(axis=0))
    if n < 2:
        return Estimate(centre, np.full(values.shape[1:], np.nan))
    return Estimate(
        centre, np.asarray(values.std(axis=0, ddof=1) * (student_t(CONFIDENCE, n - 1) / math.sqrt(n)))
    )


def ratio(above: Floats, below: Floats) -> Estimate:
    """Mean of one over the mean of another, both over the first axis; NaN where there is nothing to divide by.

    The interval is that of the ratio's linear part (delta method).
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        level = below.mean(axis=0)
        value = np.where(level > 0, above.mean(axis=0) / level, np.nan)
        linear = mean((above - value * below) / level)
    return Estimate(value, linear.half_width)


@lru_cache(maxsize=256)
def student_t(confidence: float, degrees: int) -> float:
    """The number that a Student t variable stays within, on both sides, with this probability.

    **Source:** Abramowitz and Stegun 26.7.3-4, finite sums for whole degrees of freedom, inverted by halving.

    Examples
    --------
    >>> round(student_t(0.95, 10), 4), round(student_t(0.95, 99), 4)
    (2.2281, 1.9842)
    """
    low, high = 0.0, 1.0
    while _within(high, degrees) < confidence:
        high *= 2
    for _ in range(60):
        guess = 0.5 * (low + high)
        low, high = (guess, high) if _within(guess, degrees) < confidence else (low, guess)
    return 0.5 * (low + high)


def _within(t: float, degrees: int) -> float:
    """P(-t < T < t), a sum of degrees/2 terms, each the one before times cos² and a fraction."""
    angle = math.atan(t / math.sqrt(degrees))
    odd = degrees % 2
    k = np.arange(1, (degrees - odd) // 2)
    fractions = 2 * k / (2 * k + 1) if odd else (2 * k - 1) / (2 * k)
    series = 1.0 + float(np.cumprod(fractions * math.cos(angle) ** 2).sum())
    if not odd:
        return math.sin(angle) * series
    return 2 / math.pi * (angle + (math.sin(angle) * math.cos(angle) * series if degrees > 1 else 0.0))
