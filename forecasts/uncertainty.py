"""How sure a forecast is: p10, p50, p90 of each interval from the errors made at earlier origins.

Errors are standardised for volume: an interval of mean m spreads by sqrt(m + v² m²), the Poisson part and
the part that grows with volume. Quantiles of the standardised errors then hold for quiet and busy intervals
alike. The band is never narrower than Poisson's.

**Source:** split conformal prediction with normalised scores (Lei et al., 2018), here over rolling origins.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecasts.grid import Floats

LEVELS = (0.1, 0.5, 0.9)
NORMAL = (-1.2816, 0.0, 1.2816)  # standard normal quantiles of LEVELS


@dataclass(frozen=True, slots=True)
class Spread:
    """Spread of a queue's contacts around their forecast.

    Parameters
    ----------
    variation : standard deviation, as a share of the mean, of what is not Poisson
    quantiles : standardised errors at `LEVELS`
    """

    variation: float
    quantiles: tuple[float, ...]


UNTRIED = Spread(variation=0.2, quantiles=NORMAL)  # where no origin could be tried: wide, and reported


def learn_spread(expected: Sequence[Floats], actual: Sequence[Floats]) -> Spread:
    """Spread from forecasts at earlier origins and what then came, pair by pair; NaN where not known.

    Examples
    --------
    >>> contacts = np.random.default_rng(1).poisson(100, (50, 48)).astype(float)
    >>> learn_spread([np.full((50, 48), 100.0)], [contacts]).variation < 0.03
    True
    """
    mean, came = (
        np.concatenate([np.ravel(part) for part in parts] or [np.zeros(0)]) for parts in (expected, actual)
    )
    used = (mean > 0) & ~np.isnan(came)
    if not used.any():
        return UNTRIED
    mean, came = mean[used], came[used]
    variation = float(np.sqrt(max(0.0, ((came - mean) ** 2 - mean).sum() / (mean**2).sum())))
    errors = (came - mean) / _deviation(mean, variation)
    return Spread(variation, tuple(float(q) for q in np.quantile(errors, LEVELS)))


def bands(expected: Floats, spread: Spread) -> tuple[Floats, Floats, Floats]:
    """p10, p50 and p90 around expected contacts, 0 or more and in order; 0 where nothing is expected."""
    deviation = _deviation(expected, spread.variation)
    low, middle, high = (expected + quantile * deviation for quantile in spread.quantiles)
    low = np.clip(np.minimum(low, _poisson(expected, NORMAL[0])), 0, None)
    high = np.maximum(high, _poisson(expected, NORMAL[2])) * (expected > 0)
    return low, np.clip(middle, low, high), high


def _deviation(mean: Floats, variation: float) -> Floats:
    return np.asarray(np.sqrt(mean + (variation * mean) ** 2))


def _poisson(mean: Floats, z: float) -> Floats:
    """Poisson quantile at the normal quantile ``z``, to second order (Cornish and Fisher)."""
    return np.asarray(mean + z * np.sqrt(mean) + (z**2 - 1) / 6)
