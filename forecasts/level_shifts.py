"""Level shifts: days from which on a queue's totals stay higher or lower for good, as after a new client, a
changed menu or a moved number.

Weekly medians of log totals, weekdays taken out, are compared as a slowly wandering level with noise, once
with a step at each week and once without. A step counts where the likelihood ratio is far beyond what chance
gives, the step is worth speaking of, and the two months before and after it stay on their sides.

**Source:** likelihood ratio for a step in a local level model (Harvey & Koopman 1992, *Diagnostic checking of
unobserved-components time series models*); the thresholds are calibrated by simulation (see the tests).
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from forecasts.day_totals import medians_of
from forecasts.grid import Days, Floats, weekdays_of

WEEKS = 2  # that a level must have lasted on either side
SIDE_WEEKS = 4  # weeks on either side that tell the size of a step
WEEK_ROWS = 2  # days that make a week
SMALLEST_STEP = 0.14  # of the log: 15 %
LIKELIHOOD_RATIO = 19.5  # twice the log; a step that lasted but two weeks needs more
SHORT_RATIO = 8.0  # how much more
WANDERING = (0.0, 0.03, 0.1, 0.3, 1.0)  # variance of a week's step of the level, in those of a week's noise
LEAST_NOISE_SD = 0.01  # of a week's level: what any queue has
LASTING_WEEKS = 10  # for which neither side may cross the middle of the step
MOST = 6  # steps told of


@dataclass(frozen=True, slots=True)
class LevelShift:
    """The first day of a new level, and how many times the old one it is."""

    day: int
    factor: float


def level_shifts(days: Days, totals: Floats) -> list[int]:
    """Day numbers from which on the level differs for good, in order; see `find_level_shifts`."""
    return [shift.day for shift in find_level_shifts(days, totals)]


def find_level_shifts(days: Days, totals: Floats) -> list[LevelShift]:
    """Lasting jumps of the level of ordinary day totals, in order of time.

    Parameters
    ----------
    days : day numbers of ordinary days, increasing, shape (days,)
    totals : their contacts, shape (days,); days without contacts are passed over

    Examples
    --------
    >>> days = np.arange(19_723, 19_723 + 112)
    >>> totals = np.where(days < 19_723 + 56, 1000.0, 1500.0) * (1 + 0.01 * np.sin(days * 1.7))
    >>> [(shift.day - 19_723, round(shift.factor, 1)) for shift in find_level_shifts(days, totals)]
    [(56, 1.5)]
    """
    came = totals > 0
    days, logs = days[came], np.log(totals[came])
    if not len(days) or days[-1] - days[0] < 14 * WEEKS - 1:
        return []
    weeks = (days - days[-1] - 1) // 7  # whole weeks back from the last day
    logs = _without_weekdays(days, weeks, logs)
    numbers, medians = _weekly_medians(weeks, logs)
    if not len(medians) or np.ptp(medians) < SMALLEST_STEP:
        return []  # no two weeks are so far apart
    steps: list[int] = []
    while len(steps) < MOST and (step := _next_step(medians, steps)) is not None:
        steps = sorted([*steps, step])
    found = [_placed(days, logs, weeks, numbers, steps, step) for step in steps]
    return [shift for shift in found if abs(np.log(shift.factor)) >= SMALLEST_STEP]


def _without_weekdays(days: Days, weeks: Days, logs: Floats) -> Floats:
    """Logs less what is usual of each weekday against its week."""
    table = np.full((int(weeks[-1] - weeks[0]) + 1, 7), np.nan)
    cells = weeks - weeks[0], weekdays_of(days)
    table[cells] = logs
    effects = medians_of(table - medians_of(table, axis=1)[:, None], axis=0)
    return np.asarray(logs - effects[cells[1]])


def _weekly_medians(weeks: Days, logs: Floats) -> tuple[Days, Floats]:
    """Number and median of every week that has enough days."""
    table = np.full((int(weeks[-1] - weeks[0]) + 1, 7), np.nan)
    first = np.searchsorted(weeks, weeks)
    table[weeks - weeks[0], np.arange(len(weeks)) - first] = logs
    enough = (~np.isnan(table)).sum(axis=1) >= WEEK_ROWS
    return np.flatnonzero(enough) + weeks[0], medians_of(table, axis=1)[enough]


def _next_step(medians: Floats, steps: list[int]) -> int | None:
    """Position of the week before which the likeliest further step lies, or None where none is likely enough."""
    n = len(medians)
    free: list[int] = [
        k for k in range(WEEKS, n - WEEKS + 1) if all(abs(k - step) >= WEEKS for step in steps)
    ]
    if not free:
        return None
    weeks = np.arange(n)[:, None]
    known = np.hstack([np.ones((n, 1)), (weeks >= np.array(steps, dtype=np.int64)).astype(np.float64)])
    candidates = (weeks >= np.array(free)).astype(np.float64)
    without, best = -np.inf, np.full(len(free), -np.inf)
    for ratio in WANDERING:
        whiten, log_det = _whitening(n, ratio)
        basis = np.linalg.qr(whiten @ known)[0]
        y, z = whiten @ medians, whiten @ candidates
        y, z = y - basis @ (basis.T @ y), z - basis @ (basis.T @ z)
        rest = y @ y
        gained = (y @ z) ** 2 / np.maximum((z * z).sum(axis=0), 1e-12)
        without = max(without, float(_log_likelihood(rest, n, log_det)))
        best = np.maximum(best, _log_likelihood(rest - gained, n, log_det))
    ratios = 2 * (best - without)
    for k in np.argsort(-ratios, kind="stable").tolist():
        at = int(free[k])
        lasted = min(at, n - at, *(abs(at - step) for step in steps))
        if ratios[k] < LIKELIHOOD_RATIO:
            return None
        if ratios[k] >= LIKELIHOOD_RATIO + SHORT_RATIO * (lasted <= WEEKS) and _lasts(medians, at, steps):
            return at
    return None


@lru_cache(maxsize=256)
def _whitening(n: int, ratio: float) -> tuple[Floats, float]:
    """What makes ``n`` weeks of a wandering level with noise of variance 1 independent, shape (n, n); the log
    of the root of their covariance's determinant.
    """
    weeks = np.arange(1.0, n + 1)
    root = np.linalg.cholesky(np.eye(n) + ratio * np.minimum(weeks[:, None], weeks[None, :]))
    return np.linalg.inv(root), float(np.log(np.diag(root)).sum())


def _log_likelihood(rest: Floats, n: int, log_det: float) -> Floats:
    """Concentrated over the size of the noise, which is no less than what any queue has."""
    return np.asarray(-n / 2 * np.log(np.maximum(rest, 0) + n * LEAST_NOISE_SD**2) - log_det)


def _lasts(medians: Floats, at: int, steps: list[int]) -> bool:
    """Whether the months before and after a step keep to their sides of it, as far as other steps allow."""
    begin, end = _around(steps, at, len(medians))
    before, after = medians[max(begin, at - LASTING_WEEKS) : at], medians[at : min(end, at + LASTING_WEEKS)]
    old, new = float(np.median(before[-SIDE_WEEKS:])), float(np.median(after[:SIDE_WEEKS]))
    middle, up = (old + new) / 2, np.sign(new - old)
    sides = min(up * (_stretches(after) - middle)), min(up * (middle - _stretches(before)))
    return abs(new - old) >= SMALLEST_STEP and min(sides) > 0


def _stretches(medians: Floats) -> Floats:
    """Medians of every three weeks in a row, or of all where there are fewer."""
    return np.array([np.median(medians[k : k + 3]) for k in range(max(len(medians) - 2, 1))])


def _around(steps: list[int], at: int, weeks: int) -> tuple[int, int]:
    """The weeks between the step before and the step after one, half-open."""
    return max([0, *(s for s in steps if s < at)]), min([weeks, *(s for s in steps if s > at)])


def _placed(days: Days, logs: Floats, weeks: Days, numbers: Days, steps: list[int], step: int) -> LevelShift:
    """The step's very day, which splits the days around it best, and its factor."""
    begin, end = _around(steps, step, len(numbers))
    first, last = numbers[max(begin, step - SIDE_WEEKS)], numbers[min(end, step + SIDE_WEEKS) - 1]
    rows = np.flatnonzero((weeks >= first) & (weeks <= last))
    middle = rows[np.searchsorted(weeks[rows], numbers[step])]
    cuts = [cut for cut in range(1, len(rows)) if abs(days[rows[cut]] - days[middle]) <= 7]
    costs = [_spread(logs[rows[:cut]]) + _spread(logs[rows[cut:]]) for cut in cuts]
    cut = cuts[int(np.argmin(costs))]
    factor = float(np.exp(np.median(logs[rows[cut:]]) - np.median(logs[rows[:cut]])))
    return LevelShift(int(days[rows[cut]]), factor)


def _spread(logs: Floats) -> float:
    """Sum of distances from the median."""
    return float(np.abs(logs - np.median(logs)).sum())
