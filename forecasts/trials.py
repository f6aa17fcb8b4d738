"""What models would have said at earlier origins, how far off that was, and so how sure the forecast is.

A trial hides everything from its origin on, forecasts and keeps what then came. It shows how unsure a
forecast is, and whether a companion model is worth listening to.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecasts.accuracy import wape
from forecasts.day_traits import EVENT, ORDINARY
from forecasts.grid import Bools, Floats, QueueHistory
from forecasts.hours import Hours
from forecasts.inputs import classes_of
from forecasts.models import Model
from forecasts.uncertainty import Errors, Spread, learn_spread

STEP_DAYS = 7
TRIALS = 8
SHORTEST_PAST_DAYS, LONGEST_TRIAL_DAYS = 7, 28
BETTER_BY = 0.99  # a companion must have made less than this share of the default model's error


@dataclass(frozen=True, slots=True)
class Trial:
    """One origin: what came afterwards and what each model had expected, shapes (days, slots).

    Parameters
    ----------
    special : days that are not ordinary, shape (days,)
    """

    origin: int
    past: QueueHistory
    actual: Floats
    expected: dict[str, Floats]
    special: Bools

    @property
    def end(self) -> int:
        """Day number after the last day tried."""
        return self.origin + len(self.actual)


def expect(
    models: Sequence[Model], past: QueueHistory, hours: Hours, first_day: int, days: int
) -> dict[str, Floats]:
    """Contacts each model expects, shape (days, slots): 0 where closed."""
    asked = np.arange(first_day, first_day + days, dtype=np.int64)
    is_open = hours.matrix(past.offered, past.first_day, first_day, days)
    return {model.name: model.fit(past).predict(asked) * is_open for model in models}


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
        past, asked = history.until(origin), np.arange(origin, origin + days, dtype=np.int64)
        actual = history.rows_of(asked)
        rows = asked - history.first_day
        actual[history.special[rows] == EVENT] = np.nan  # no model knows of events
        if history.is_open is not None:
            actual[~history.is_open[rows]] = np.nan  # nor of contacts outside the hours told
        special = classes_of(past, asked) != ORDINARY
        trials.append(Trial(origin, past, actual, expect(models, past, hours, origin, days), special))
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
    """The first model, unless another's error by interval and day was clearly less."""
    best = models[0]
    for model in models[1:] if trials else ():
        if _error(trials, model.name) < BETTER_BY * _error(trials, best.name):
            best = model
    return best


def pooled_wape(trials: Sequence[Trial], name: str) -> float:
    """Interval WAPE of a model over all trials together; NaN without contacts."""
    if not trials:
        return float("nan")
    return wape(np.stack([t.actual for t in trials]), np.stack([t.expected[name] for t in trials]))


def spread_of(trials: Sequence[Trial], name: str, today: int) -> Spread:
    """Spread of contacts around what a model expected, for a forecast made at the start of day ``today``."""
    return learn_spread([Errors(t.expected[name], t.actual, t.special, today - t.end) for t in trials])


def day_errors(trials: Sequence[Trial], name: str) -> dict[int, float]:
    """Relative error of each day that was tried, by day number: what came over what was expected, less one,
    of the latest trial that tried it.
    """
    found: dict[int, float] = {}
    for trial in trials:
        came, said = by_day(trial.actual, trial.expected[name])
        for row in np.flatnonzero(said > 0).tolist():
            found[trial.origin + row] = float(came[row] / said[row] - 1)
    return found


def by_day(actual: Floats, expected: Floats) -> tuple[Floats, Floats]:
    """Day sums over the intervals that are known."""
    known = ~np.isnan(actual)
    return np.where(known, actual, 0).sum(axis=1), np.where(known, expected, 0).sum(axis=1)


def _error(trials: Sequence[Trial], name: str) -> float:
    """Interval and day WAPE over all trials, averaged; 0 where nothing came."""
    days = [by_day(trial.actual, trial.expected[name]) for trial in trials]
    of_days = wape(np.concatenate([d[0] for d in days]), np.concatenate([d[1] for d in days]))
    return float(np.nan_to_num((pooled_wape(trials, name) + of_days) / 2))
