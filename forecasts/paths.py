"""Sampled demand: many ways in which the days ahead may go, for sums, staffing quantiles and probabilities.

A path carries the error of the level through all its days, that of a day through all its intervals, and lets
contacts come at random. So sums over intervals, days and queues spread as they should, which adding up the
bands of intervals does not give.
"""

import zlib
from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from forecasts.grid import Bools, Floats
from forecasts.uncertainty import Spread

Counts = NDArray[np.int64]
FEWEST_DAYS = 3  # in common, to speak of a correlation


def sample_paths(
    expected: Floats,
    spread: Spread,
    special: Bools,
    samples: int,
    *,
    seed: int = 1,
    queue: str = "",
    shared: float = 0.0,
    extra: Floats | float = 0.0,
) -> Counts:
    """Contacts of each interval on each path, shape (samples, days, slots).

    Parameters
    ----------
    expected : mean contacts, shape (days, slots)
    special : days that are not ordinary, shape (days,)
    queue : queues of other names go other ways; the order in which they are sampled does not matter
    shared : correlation of the errors of level and day with those of other queues sampled with this seed,
        0 to 1
    extra : relative variance of days from elsewhere, such as an event's, shape (days,)

    Examples
    --------
    >>> flat = Spread(level=0.0, day=0.01, special=0.01, interval=0.0)
    >>> paths = sample_paths(np.full((1, 48), 100.0), flat, np.zeros(1, dtype=bool), 2000)
    >>> sums = paths.sum(axis=(1, 2))
    >>> bool(abs(sums.mean() - 4800) < 50), bool(450 < sums.std() < 530)  # 48 x 10 %, and a little by chance
    (True, True)
    """
    days = len(expected)
    own = np.random.default_rng([seed, zlib.crc32(queue.encode())])
    common = np.random.default_rng([seed, 0])
    level_sd = np.sqrt(np.log1p(spread.level_variance(days)))
    day_sd = np.sqrt(np.log1p(spread.day_variance(special, extra) - spread.level_variance(days)))

    def normal(shape: tuple[int, ...]) -> Floats:
        together, alone = common.standard_normal(shape), own.standard_normal(shape)
        return np.asarray(np.sqrt(shared) * together + np.sqrt(1 - shared) * alone)

    level, day = normal((samples, 1)), normal((samples, days))
    log_rate = level_sd * level - level_sd**2 / 2 + day_sd * day - day_sd**2 / 2
    interval_sd = np.sqrt(np.log1p(spread.interval))
    around = interval_sd * own.standard_normal((samples, *expected.shape)) - interval_sd**2 / 2
    return np.asarray(own.poisson(expected * np.exp(log_rate[:, :, None] + around)))


def day_correlation(errors: Sequence[Mapping[int, float]]) -> float:
    """Mean correlation of the queues' day errors, 0 to 1; 0 with fewer than two queues or three days in common.

    Parameters
    ----------
    errors : of each queue, by day number

    Examples
    --------
    >>> together = [{1: 0.1, 2: -0.1, 3: 0.05, 4: 0.0}] * 2
    >>> round(day_correlation(together), 6), day_correlation(together[:1])
    (1.0, 0.0)
    """
    days = sorted(set().union(*errors)) if errors else []
    table = np.array([[each.get(day, np.nan) for day in days] for each in errors])
    table = table.reshape(len(errors), len(days))
    pairs = []
    for first, second in combinations(table, 2):
        both = ~np.isnan(first) & ~np.isnan(second)
        if both.sum() >= FEWEST_DAYS and first[both].std() > 0 and second[both].std() > 0:
            pairs.append(float(np.corrcoef(first[both], second[both])[0, 1]))
    return float(np.clip(np.mean(pairs), 0, 1)) if pairs else 0.0
