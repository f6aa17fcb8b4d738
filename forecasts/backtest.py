"""What each model would have said at earlier dates, measured: rolling origins, a week apart.

Bands at an origin, and whether a companion model is taken there, rest on trials that had ended by then, so
that the backtest sees no more than a planner would have.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Unpack

import numpy as np
import pandas as pd

from centre.instants import day_of
from forecasts.accuracy import bias, coverage, mase, naive_error, pinball, poisson_floor, wape
from forecasts.breakdown import MEASURES as BREAKDOWN
from forecasts.breakdown import breakdown
from forecasts.checks import typed_table
from forecasts.day_traits import CLASSES
from forecasts.grid import Floats, local_positions, weekdays_of
from forecasts.inputs import Options, Past, classes_of, read_pasts, zone_of
from forecasts.models import Model, baselines, default_models
from forecasts.trials import (
    STEP_DAYS,
    TRIALS,
    Trial,
    by_day,
    choose,
    spread_of,
    trial_lengths,
    trials_before,
)
from forecasts.uncertainty import LEVELS, Spread, bands, day_bands

CHOSEN = "chosen"
MEASURES = (
    "wape", "day_wape", "bias", "mase", "pinball", "coverage", "day_coverage", "poisson_floor",
)  # fmt: skip
COLUMNS = ("queue", "model", "origin", "days", *MEASURES)


@dataclass(frozen=True, slots=True)
class Judged:
    """One model at one origin.

    Parameters
    ----------
    shown : its name in tables; ``chosen`` is what `forecasts.forecast` would have taken
    name : the model's own
    spread : as it was known at the origin
    """

    trial: Trial
    shown: str
    name: str
    spread: Spread

    @property
    def expected(self) -> Floats:
        """Contacts expected, shape (days, slots)."""
        return self.trial.expected[self.name]

    def bands(self) -> tuple[Floats, Floats, Floats]:
        """p10, p50 and p90 of intervals, each of shape (days, slots)."""
        return bands(self.expected, self.spread, self.trial.special)

    def measures(self) -> dict[str, object]:
        """Errors, in the order of `COLUMNS`."""
        actual, expected, past = self.trial.actual, self.expected, self.trial.past
        quantiles = self.bands()
        losses = [pinball(actual, quantile, level) for quantile, level in zip(quantiles, LEVELS, strict=True)]
        came, said = by_day(actual, expected)
        low, _, high = day_bands(said, self.spread, self.trial.special)
        values = (
            past.queue, self.shown, day_of(self.trial.origin).isoformat(), len(actual),
            wape(actual, expected), wape(came, said), bias(actual, expected),
            mase(actual, expected, past.offered), float(np.mean(losses)),
            coverage(actual, quantiles[0], quantiles[2]), coverage(came, low, high), poisson_floor(expected),
        )  # fmt: skip
        return dict(zip(COLUMNS, values, strict=True))

    def cells(self) -> pd.DataFrame:
        """One row an interval, for `forecasts.breakdown.breakdown`."""
        trial, (days, slots) = self.trial, self.expected.shape
        numbers = np.arange(trial.origin, trial.end, dtype=np.int64)
        low, middle, high = self.bands()
        by_days = {
            "day": numbers,
            "horizon_day": numbers - trial.origin + 1,
            "weekday": weekdays_of(numbers),
            "special": np.array(CLASSES)[classes_of(trial.past, numbers)],
        }
        by_slots = {"actual": trial.actual, "expected": self.expected, "p10": low, "p50": middle, "p90": high}
        return pd.DataFrame(
            {name: np.repeat(values, slots) for name, values in by_days.items()}
            | {"slot": np.tile(np.arange(slots), days)}
            | {name: values.ravel() for name, values in by_slots.items()}
        ).assign(
            queue=trial.past.queue,
            model=self.shown,
            origin=trial.origin,
            naive_error=naive_error(trial.past.offered),
        )


def backtest(
    history: pd.DataFrame, *, origins: int = 8, days: int = 28, **options: Unpack[Options]
) -> pd.DataFrame:
    """Rolling origins a week apart, the last ``days`` days ending with each queue's history.

    Parameters
    ----------
    history, options : as for `forecasts.forecast`; every row counts. What events did is left out
    origins : how many at most; each needs four weeks of history before it (a week where history is short)
    days : days forecast at each

    Returns
    -------
    One row a queue, origin and model (``chosen`` is what `forecast` would have taken), columns `COLUMNS`.
    Shares, not percent; ``coverage`` is that of p10 to p90 of intervals, ``day_coverage`` of day totals.

    Raises
    ------
    BadInput
        as `forecasts.history.clean_history`.
    """
    found = judged(history, origins=origins, days=days, **options)
    return pd.DataFrame([each.measures() for each in found], columns=list(COLUMNS))


def backtest_by(
    history: pd.DataFrame,
    by: Sequence[str],
    *,
    origins: int = 8,
    days: int = 28,
    **options: Unpack[Options],
) -> pd.DataFrame:
    """The measures over all origins, broken down: see `forecasts.breakdown.breakdown`; parameters as for
    `backtest`.

    Parameters
    ----------
    by : among ``queue, model, origin, weekday, special, horizon_day, week_ahead``
    """
    found = [each.cells() for each in judged(history, origins=origins, days=days, **options)]
    if not found:
        return pd.DataFrame(columns=[*by, *BREAKDOWN])
    return breakdown(pd.concat(found, ignore_index=True), by)


def judged(
    history: pd.DataFrame, *, origins: int = 8, days: int = 28, **options: Unpack[Options]
) -> list[Judged]:
    """Every model at every origin; parameters as for `backtest`."""
    zone = zone_of(history, options.get("timezone"))
    end = _day_after(history, options)
    candidates = tuple(options.get("models") or default_models())
    found: list[Judged] = []
    for past in read_pasts(history, end, zone, options)[0].values():
        found += _of_queue(past, candidates, origins, days)
    return found


def _of_queue(past: Past, candidates: Sequence[Model], origins: int, days: int) -> Iterator[Judged]:
    tried = (*baselines(), *candidates)
    shortest = trial_lengths(len(past.history.offered))[1]
    count = origins + TRIALS + -(-days // STEP_DAYS)
    trials = trials_before(
        past.history, past.hours, tried, days=days, count=count, shortest_past_days=shortest
    )
    for trial in trials[-origins:]:
        earlier = [each for each in trials if each.end <= trial.origin][-TRIALS:]
        names = {model.name: model.name for model in tried} | {CHOSEN: choose(earlier, candidates).name}
        for shown, name in names.items():
            yield Judged(trial, shown, name, spread_of(earlier, name, trial.origin))


def _day_after(history: pd.DataFrame, options: Options) -> int:
    """Day number after the last row's local day."""
    zone = zone_of(history, options.get("timezone"))
    days, _ = local_positions(typed_table(history)["instant"].to_numpy(), zone, 1)
    return int(days.max()) + 1 if len(days) else 0
