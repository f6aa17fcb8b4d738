"""What each model would have said at earlier origins, how far off that was, and so which model to take.

A trial hides everything from its origin on, forecasts and keeps what then came. Bands and the choice of a
model at an origin rest on trials that had ended by then, so that the backtest sees no more than a planner
would have.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from centre.instants import day_of
from forecasts.accuracy import bias, coverage, mase, pinball, poisson_floor, wape
from forecasts.checks import typed_table
from forecasts.grid import Floats, QueueHistory, local_positions
from forecasts.history import clean_history
from forecasts.hours import Hours, OpenMask, open_weekdays, weekly_hours
from forecasts.models import Model, baselines, default_models
from forecasts.special_days import day_classes, effects
from forecasts.uncertainty import LEVELS, Spread, bands, learn_spread

STEP_DAYS = 7
TRIALS = 8
SHORTEST_PAST_DAYS, LONGEST_TRIAL_DAYS = 7, 28
BETTER_BY = 0.99  # a model that knows more must have made less than this share of a simpler one's error
CHOSEN = "chosen"
MEASURES = ("wape", "day_wape", "bias", "mase", "pinball", "coverage", "poisson_floor")
COLUMNS = ("queue", "model", "origin", "days", *MEASURES)


@dataclass(frozen=True, slots=True)
class Trial:
    """One origin: what came afterwards and what each model had expected, shapes (days, slots)."""

    origin: int
    past: QueueHistory
    actual: Floats
    expected: dict[str, Floats]

    @property
    def end(self) -> int:
        """Day number after the last day tried."""
        return self.origin + len(self.actual)


def expect(
    models: Sequence[Model], past: QueueHistory, hours: Hours, first_day: int, days: int
) -> dict[str, Floats]:
    """Contacts each model expects, shape (days, slots): ordinary days x special effects, 0 where closed."""
    asked = np.arange(first_day, first_day + days, dtype=np.int64)
    weekdays = open_weekdays(weekly_hours(past.offered, past.days, past.interval_minutes))
    ratio = effects(past)
    factor = np.array([ratio[int(code)] for code in day_classes(asked, hours.holidays, weekdays)])
    scale = factor[:, None] * hours.matrix(past.offered, past.first_day, first_day, days)
    return {model.name: model.fit(past).predict(asked) * scale for model in models}


def trials_before(
    history: QueueHistory,
    hours: Hours,
    models: Sequence[Model],
    *,
    days: int,
    count: int,
    shortest_past_days: int,
) -> list[Trial]:
    """Up to ``count`` trials of ``days`` days, a week apart, the last ending with the history; in order."""
    origins = [history.end_day - days - STEP_DAYS * k for k in range(count)]
    trials = []
    for origin in reversed([o for o in origins if o - history.first_day >= shortest_past_days]):
        past = history.until(origin)
        actual = history.rows_of(np.arange(origin, origin + days, dtype=np.int64))
        trials.append(Trial(origin, past, actual, expect(models, past, hours, origin, days)))
    return trials


def trial_lengths(history_days: int) -> tuple[int, int]:
    """Days that a trial forecasts and the fewest it learns from, for a history of so many days.

    Examples
    --------
    >>> trial_lengths(14), trial_lengths(56), trial_lengths(365)
    ((7, 7), (14, 18), (28, 28))
    """
    days, shortest = np.clip(
        (history_days // 28 * 7, history_days // 3), SHORTEST_PAST_DAYS, LONGEST_TRIAL_DAYS
    )
    return int(days), int(shortest)


def choose(trials: Sequence[Trial], models: Sequence[Model]) -> Model:
    """The model with the least error by interval and day; one that knows more must be clearly better."""
    if not trials:
        return models[-1]  # shrinks most, which little history asks for
    best = models[0]
    for model in models[1:]:
        if _error(trials, model.name) < BETTER_BY * _error(trials, best.name):
            best = model
    return best


def pooled_wape(trials: Sequence[Trial], name: str) -> float:
    """Interval WAPE of a model over all trials together; NaN without contacts."""
    if not trials:
        return float("nan")
    return wape(np.stack([t.actual for t in trials]), np.stack([t.expected[name] for t in trials]))


def spread_of(trials: Sequence[Trial], name: str) -> Spread:
    """Spread of contacts around what a model expected."""
    return learn_spread([t.expected[name] for t in trials], [t.actual for t in trials])


def backtest(
    history: pd.DataFrame,
    *,
    origins: int = 8,
    days: int = 28,
    timezone: ZoneInfo,
    holidays: Mapping[int, str] | None = None,
    opening: Mapping[str, OpenMask] | None = None,
    models: Sequence[Model] | None = None,
) -> pd.DataFrame:
    """Rolling origins a week apart, the last ``days`` days ending with each queue's history.

    Parameters
    ----------
    history, holidays, opening : as for `forecasts.forecast`; every row counts
    origins : how many at most; each needs four weeks of history before it (a week where history is short)
    days : days forecast at each

    Returns
    -------
    One row a queue, origin and model (``chosen`` is what `forecast` would have taken): ``queue, model,
    origin, days, wape, day_wape, bias, mase, pinball, coverage, poisson_floor``. Shares, not percent;
    ``coverage`` is that of p10 to p90.

    Raises
    ------
    BadInput
        as `forecasts.history.clean_history`.
    """
    candidates = tuple(models or default_models())
    tried = (*baselines(), *candidates)
    end = _day_after(history, timezone)
    cleaned = clean_history(history, end, timezone, holidays=holidays, opening=opening)
    rows = []
    for name, queue in cleaned.queues.items():
        needed = trial_lengths(len(queue.offered))[1]
        count = origins + TRIALS + -(-days // STEP_DAYS)
        hours = cleaned.hours[name]
        trials = trials_before(queue, hours, tried, days=days, count=count, shortest_past_days=needed)
        for trial in trials[-origins:]:
            rows += _rows(trial, [t for t in trials if t.end <= trial.origin][-TRIALS:], tried, candidates)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(
    trial: Trial, earlier: Sequence[Trial], tried: Sequence[Model], candidates: Sequence[Model]
) -> list[dict[str, object]]:
    """The measures of every model and of the chosen one at one origin."""
    names = {model.name: model.name for model in tried} | {CHOSEN: choose(earlier, candidates).name}
    head = {"queue": trial.past.queue, "origin": day_of(trial.origin).isoformat(), "days": len(trial.actual)}
    return [
        head | {"model": shown} | _measures(trial, name, spread_of(earlier, name))
        for shown, name in names.items()
    ]


def _measures(trial: Trial, name: str, spread: Spread) -> dict[str, float]:
    """Errors of a model at one origin, in the order of `MEASURES`."""
    actual, expected = trial.actual, trial.expected[name]
    quantiles = bands(expected, spread)
    losses = [pinball(actual, quantile, level) for quantile, level in zip(quantiles, LEVELS, strict=True)]
    return {
        "wape": wape(actual, expected),
        "day_wape": wape(*_by_day(actual, expected)),
        "bias": bias(actual, expected),
        "mase": mase(actual, expected, trial.past.offered),
        "pinball": float(np.mean(losses)),
        "coverage": coverage(actual, quantiles[0], quantiles[2]),
        "poisson_floor": poisson_floor(expected),
    }


def _by_day(actual: Floats, expected: Floats) -> tuple[Floats, Floats]:
    """Day sums over the intervals that are known."""
    known = ~np.isnan(actual)
    return np.where(known, actual, 0).sum(axis=1), np.where(known, expected, 0).sum(axis=1)


def _error(trials: Sequence[Trial], name: str) -> float:
    """Interval and day WAPE over all trials, averaged; 0 where nothing came."""
    days = [_by_day(trial.actual, trial.expected[name]) for trial in trials]
    by_day = wape(np.concatenate([d[0] for d in days]), np.concatenate([d[1] for d in days]))
    return float(np.nan_to_num((pooled_wape(trials, name) + by_day) / 2))


def _day_after(history: pd.DataFrame, zone: ZoneInfo) -> int:
    """Day number after the last row's local day."""
    days, _ = local_positions(typed_table(history)["instant"].to_numpy(), zone, 1)
    return int(days.max()) + 1 if len(days) else 0
