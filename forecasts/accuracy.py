"""How far off a forecast was: WAPE, MASE, bias, pinball loss, coverage.

Unknown actuals (NaN) are left out everywhere.
"""

import numpy as np

from forecasts.grid import Floats


def wape(actual: Floats, expected: Floats) -> float:
    """Sum of absolute errors over the sum of actuals, a share; NaN without contacts.

    Examples
    --------
    >>> wape(np.array([10.0, 0.0, np.nan]), np.array([8.0, 1.0, 5.0]))
    0.3
    """
    known = ~np.isnan(actual)
    total = float(actual[known].sum())
    return float(np.abs(actual - expected)[known].sum()) / total if total > 0 else float("nan")


def bias(actual: Floats, expected: Floats) -> float:
    """Forecast less actual over actual, a share: above 0 if too much was forecast; NaN without contacts."""
    known = ~np.isnan(actual)
    total = float(actual[known].sum())
    return float((expected - actual)[known].sum()) / total if total > 0 else float("nan")


def mase(actual: Floats, expected: Floats, past: Floats) -> float:
    """Mean absolute error against that of "as a week ago" within the past; NaN where that made none.

    Parameters
    ----------
    actual, expected : contacts, shape (days, slots)
    past : contacts known at the origin, shape (days, slots)

    **Source:** Hyndman and Koehler, *Another look at measures of forecast accuracy*, 2006, with a season of
    seven days.
    """
    known, scale = ~np.isnan(actual), naive_error(past)
    return (
        float(np.abs(actual - expected)[known].mean()) / scale if known.any() and scale > 0 else float("nan")
    )


def naive_error(past: Floats) -> float:
    """Mean absolute error of "as a week ago" within a past of shape (days, slots); NaN where unknown."""
    steps = np.abs(past[7:] - past[:-7])
    return float(np.nanmean(steps)) if (~np.isnan(steps)).any() else float("nan")


def pinball(actual: Floats, quantile: Floats, level: float) -> float:
    """Mean pinball loss, in contacts, of one quantile's forecasts; least where they are the true quantile."""
    known = ~np.isnan(actual)
    off = (actual - quantile)[known]
    return float(np.maximum(level * off, (level - 1) * off).mean()) if known.any() else float("nan")


def coverage(actual: Floats, low: Floats, high: Floats) -> float:
    """Share of actuals from ``low`` to ``high``, both included, where ``high`` is over 0."""
    known = ~np.isnan(actual) & (high > 0)
    inside = (actual >= low) & (actual <= high)
    return float(inside[known].mean()) if known.any() else float("nan")


def poisson_floor(expected: Floats) -> float:
    """WAPE that even the true mean would have, were contacts Poisson: nothing is to be won below it.

    **Source:** mean absolute deviation of a Poisson number with mean m, about sqrt(2 m / pi) (Ding and
    Koole, 2022).
    """
    total = float(expected.sum())
    return float(np.sqrt(2 * expected / np.pi).sum()) / total if total > 0 else float("nan")
