"""One judge for every forecaster of the benchmark: errors pooled over origins, ratios with an interval, coverage."""

from dataclasses import dataclass

import numpy as np
from _forecast_series import Trial

from forecasts.accuracy import poisson_floor

DRAWS, SEED = 2000, 1


@dataclass(frozen=True)
class Forecasts:
    """What one method said at every origin of a trial.

    expected : mean contacts, shape (origins, days, slots) on the local clock
    low, high : the p10 and p90 of each interval, same shape, where the method says them
    day_low, day_high : the p10 and p90 of day totals, shape (origins, days), likewise
    path_low, path_high : the same from sums of sampled paths
    seconds : of each origin
    """

    expected: np.ndarray
    seconds: np.ndarray
    low: np.ndarray | None = None
    high: np.ndarray | None = None
    day_low: np.ndarray | None = None
    day_high: np.ndarray | None = None
    path_low: np.ndarray | None = None
    path_high: np.ndarray | None = None


@dataclass(frozen=True)
class Scores:
    """Shares, not percent; see `judge`."""

    wape: float
    day_wape: float
    special_wape: float  # on public holidays, their eves and the days after
    season_wape: float  # on these and up to seven days after a holiday
    bias: float
    floor: float
    covered: float
    covered_days: float
    covered_paths: float
    seconds: float


def actuals(trial: Trial) -> np.ndarray:
    """Contacts of every horizon, shape (origins, days, slots); NaN where nobody knows."""
    return np.stack([trial.series.counts[o : o + trial.horizon] for o in trial.origins])


def errors(trial: Trial, said: Forecasts) -> tuple[np.ndarray, np.ndarray]:
    """Sum of absolute interval errors and of contacts, by origin."""
    actual = actuals(trial)
    return np.nansum(np.abs(said.expected - actual), axis=(1, 2)), np.nansum(actual, axis=(1, 2))


def judge(trial: Trial, said: Forecasts) -> Scores:
    """Scores pooled over origins: sum of absolute errors over sum of contacts, closed intervals counted with their 0.

    Days are summed over the slots that are known; a day that is not known at all is left out. Bands are judged where
    the method expects contacts.
    """
    actual = actuals(trial)
    known = ~np.isnan(actual)
    miss, contacts = np.abs(said.expected - actual), np.nansum(actual)
    days = np.nansum(actual, axis=2)
    known_days = np.where(known.any(axis=2), days, np.nan)
    said_days = np.where(known, said.expected, 0).sum(axis=2)
    return Scores(
        wape=float(np.nansum(miss) / contacts),
        day_wape=float(np.abs(days - said_days).sum() / contacts),
        special_wape=_special_wape(trial, miss, actual, days_after=1),
        season_wape=_special_wape(trial, miss, actual, days_after=7),
        bias=float((said_days - days).sum() / contacts),
        floor=poisson_floor(said.expected[known]),
        covered=_covered(actual, said.low, said.high),
        covered_days=_covered(known_days, said.day_low, said.day_high),
        covered_paths=_covered(known_days, said.path_low, said.path_high),
        seconds=float(said.seconds.mean()),
    )


def ratios(
    trials: list[Trial], ours: list[Forecasts], theirs: list[Forecasts]
) -> tuple[list[float], np.ndarray]:
    """WAPE of ours over theirs by series, and (geometric mean over series, its p5, its p95).

    The interval draws origins anew, in blocks long enough that horizons of different blocks hardly share days.

    **Source:** circular block bootstrap, Politis and Romano, 1992.
    """
    rng = np.random.default_rng(SEED)
    whole, logs = [], np.zeros(DRAWS)
    for trial, our, their in zip(trials, ours, theirs, strict=True):
        parts = np.stack([errors(trial, our)[0], errors(trial, their)[0]])
        whole.append(float(parts[0].sum() / parts[1].sum()))
        drawn = parts[:, _blocks(trial, rng)].sum(axis=2)
        logs += np.log(drawn[0] / drawn[1]) / len(trials)
    middle = np.exp(np.mean(np.log(whole)))
    return whole, np.array([middle, *np.exp(np.quantile(logs, [0.05, 0.95]))])


def _blocks(trial: Trial, rng: np.random.Generator) -> np.ndarray:
    """Positions of origins drawn in circular blocks, shape (draws, origins)."""
    count = len(trial.origins)
    step = trial.origins[1] - trial.origins[0] if count > 1 else trial.horizon
    length = min(count, -(-trial.horizon // step))
    starts = rng.integers(count, size=(DRAWS, -(-count // length)))
    return ((starts[:, :, None] + np.arange(length)) % count).reshape(DRAWS, -1)[:, :count]


def _covered(actual: np.ndarray, low: np.ndarray | None, high: np.ndarray | None) -> float:
    if low is None or high is None:
        return float("nan")
    judged = ~np.isnan(actual) & (high > 0)
    return float(((actual >= low) & (actual <= high))[judged].mean())


def _special_wape(trial: Trial, miss: np.ndarray, actual: np.ndarray, days_after: int) -> float:
    days = trial.series.special(days_after)
    special = np.stack([days[o : o + trial.horizon] for o in trial.origins])
    return _share(np.nansum(miss[special]), np.nansum(actual[special]))


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")
