"""One queue's forecast: fitted, tried at earlier origins, and laid out on the intervals asked for."""

import math
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from centre.instants import MINUTES_A_DAY, Grid, to_timestamps
from forecasts.accuracy import poisson_floor
from forecasts.day_traits import ORDINARY
from forecasts.grid import Bools, Days, Floats, local_positions
from forecasts.handle_time import HandleTimes, forecast_handle_times
from forecasts.inputs import Past
from forecasts.models import Model, Structural, baselines
from forecasts.paths import Counts, sample_paths
from forecasts.trials import (
    TRIALS,
    choose,
    day_errors,
    expect,
    pooled_wape,
    spread_of,
    trial_lengths,
    trials_before,
)
from forecasts.uncertainty import Spread, bands, day_bands

COLUMNS = (
    "interval_start", "queue", "offered", "aht_seconds", "offered_p10", "offered_p50", "offered_p90",
    "aht_p10", "aht_p90", "open", "aht_assumed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fit:
    """What was learned of one queue.

    Parameters
    ----------
    model : the one taken, fitted to the whole history
    expected : contacts without events on the days asked for, shape (days, slots of the history)
    in_sample : what the model says of the history's own days, shape (days of history, slots)
    spread : of what comes around what is expected
    tried, wape : earlier origins, and each model's interval WAPE over them, a share
    floor : the interval WAPE that chance alone makes of it
    doubt : variance of the logarithm of what days around long festivals do, shape (days asked for,)
    day_errors : relative error of each day tried, by day number
    """

    model: Model
    expected: Floats
    in_sample: Floats
    spread: Spread
    tried: int
    wape: dict[str, float]
    floor: float
    doubt: Floats
    day_errors: dict[int, float]


def fit_queue(past: Past, first_day: int, days: int, models: Sequence[Model]) -> Fit:
    """Try the models at earlier origins, take one and fit it to the whole history."""
    history, hours = past.history, past.hours
    length, shortest = trial_lengths(len(history.offered))
    models = deepcopy(tuple(models))  # each queue's own: others may be fitted at the same time
    tried = (*baselines(), *models)
    trials = trials_before(history, hours, tried, days=length, count=TRIALS, shortest_past_days=shortest)
    model = choose(trials, models)
    expected = expect([model], history, hours, first_day, days)[model.name]
    is_open = hours.matrix(history.offered, history.first_day, history.first_day, len(history.offered))
    return Fit(
        model,
        expected,
        model.predict(history.days) * is_open,
        spread_of(trials, model.name, history.end_day),
        len(trials),
        {each.name: pooled_wape(trials, each.name) for each in tried},
        poisson_floor(np.stack([t.expected[model.name] for t in trials])) if trials else float("nan"),
        model.doubt(np.arange(first_day, first_day + days, dtype=np.int64))
        if isinstance(model, Structural)
        else np.zeros(days),
        day_errors(trials, model.name),
    )


@dataclass(frozen=True, slots=True)
class QueueForecast:
    """Contacts of one queue on the intervals of a grid; arrays of shape (days, slots of the grid).

    Parameters
    ----------
    plain : contacts expected without events
    factor : what events do
    log_sd : how unsure the logarithm is of what events and days around long festivals do
    parts : title of each event -> its own factor
    agreed : factor of each day by which it was moved to agree with the queue's groups, shape (days,)
    special : days that are not ordinary, shape (days,)
    seconds : handle times; None where nobody knows any
    """

    past: Past
    fit: Fit
    grid: Grid
    plain: Floats
    factor: Floats
    log_sd: Floats
    special: Bools
    is_open: Bools
    seconds: HandleTimes | None
    parts: dict[str, Floats] = field(default_factory=dict)
    agreed: Floats | None = None

    @property
    def queue(self) -> str:
        """Its name."""
        return self.past.history.queue

    @property
    def offered(self) -> Floats:
        """Mean contacts of each slot."""
        moved = 1.0 if self.agreed is None else self.agreed[:, None]
        return np.asarray(self.plain * self.factor * moved)

    def plain_totals(self) -> Floats:
        """Contacts of each day's open intervals without events, before agreeing, shape (days,)."""
        return self._by_day(self.plain)

    def table(self) -> pd.DataFrame:
        """The queue's rows of the forecast: the grid's open intervals, columns of `COLUMNS`."""
        cells, offered = self._cells(), self.offered
        low, middle, high = bands(offered, self.fit.spread, self.special, np.expm1(self.log_sd**2))
        seconds = self.seconds or _unknown(offered.shape)
        columns = (
            to_timestamps(self.grid.starts), self.queue,
            *(part[cells] for part in (offered, seconds.seconds, low, middle, high, seconds.p10, seconds.p90)),
            self.is_open, seconds.assumed,
        )  # fmt: skip
        return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))[self.is_open]

    def day_table(self) -> pd.DataFrame:
        """Day totals with their bands: ``day, queue, offered, offered_p10, offered_p50, offered_p90``."""
        totals = self._by_day(self.offered)
        low, middle, high = day_bands(totals, self.fit.spread, self.special, self._day_extra())
        names = pd.DatetimeIndex(
            np.arange(self.grid.first_day, self.grid.first_day + self.grid.days).astype("datetime64[D]")
        )
        columns = {"offered": totals, "offered_p10": low, "offered_p50": middle, "offered_p90": high}
        return pd.DataFrame({"day": names.strftime("%Y-%m-%d"), "queue": self.queue} | columns)

    def paths(self, samples: int, seed: int, shared: float = 0.0) -> Counts:
        """Sampled contacts of the grid's intervals, shape (samples, intervals); see `sample_paths`."""
        found = sample_paths(
            self.offered, self.fit.spread, self.special, samples,
            seed=seed, queue=self.queue, shared=shared, extra=self._day_extra(),
        )  # fmt: skip
        days, slots = self._cells()
        return np.asarray(found[:, days, slots] * self.is_open)

    def _by_day(self, slots: Floats) -> Floats:
        days = self.grid.local_days() - self.grid.first_day
        open_slots = slots[self._cells()] * self.is_open
        return np.bincount(days, weights=open_slots, minlength=self.grid.days).astype(np.float64)

    def _day_extra(self) -> Floats:
        """Relative variance of each day's total that its events bring, shape (days,)."""
        offered, sd = self.offered, np.sqrt(np.expm1(self.log_sd**2))
        total = offered.sum(axis=1)
        return np.asarray(((offered * sd).sum(axis=1) / np.where(total > 0, total, 1.0)) ** 2)

    def _cells(self) -> tuple[Days, Days]:
        days, slots = local_positions(self.grid.starts, self.grid.zone, self.grid.interval_minutes)
        return days - self.grid.first_day, slots


def lay_out(past: Past, fit: Fit, grid: Grid, stated_seconds: float | None) -> QueueForecast:
    """A queue's forecast on the intervals of a grid, before events."""
    plain = resampled(fit.expected, grid.interval_minutes)
    days = np.arange(grid.first_day, grid.first_day + grid.days, dtype=np.int64)
    return QueueForecast(
        past, fit, grid, plain,
        factor=np.ones_like(plain), log_sd=np.sqrt(fit.doubt)[:, None] * np.ones_like(plain),
        special=past.classes(days) != ORDINARY,
        is_open=_open(past, grid),
        seconds=_seconds(past, days, fit.expected, stated_seconds, grid.interval_minutes),
    )  # fmt: skip


def _seconds(
    past: Past, days: Days, expected: Floats, stated: float | None, interval_minutes: int
) -> HandleTimes | None:
    """Handle times on the grid's slots: those of the history's, weighed by contacts where slots are joined."""
    found = forecast_handle_times(past.history, days, expected, stated)
    if found is None or past.history.interval_minutes == interval_minutes:
        return found
    weight = expected + 1e-9 * max(float(expected.mean()), 1.0)
    whole = resampled(weight, interval_minutes)
    seconds, low, high = (
        resampled(weight * part, interval_minutes) / whole for part in (found.seconds, found.p10, found.p90)
    )
    return HandleTimes(seconds, low, high, found.assumed)


def _open(past: Past, grid: Grid) -> Bools:
    """Open intervals of the grid, shape (intervals,)."""
    hours, history = past.hours, past.history
    if hours.known is not None:
        return np.asarray(hours.known(grid), dtype=bool)
    matrix = hours.matrix(history.offered, history.first_day, grid.first_day, grid.days)
    days, slots = local_positions(grid.starts, grid.zone, grid.interval_minutes)
    return np.asarray(
        resampled(matrix.astype(np.float64), grid.interval_minutes)[days - grid.first_day, slots] > 0
    )


def _unknown(shape: tuple[int, ...]) -> HandleTimes:
    nothing = np.full(shape, np.nan)
    return HandleTimes(nothing, nothing, nothing, assumed=False)


def resampled(sums: Floats, interval_minutes: int) -> Floats:
    """Contacts of longer or shorter slots: added up, or spread evenly; shapes (days, slots).

    Examples
    --------
    >>> hourly = np.full((1, 24), 6.0)
    >>> resampled(hourly, 20)[0, :2].tolist(), resampled(hourly, 20).shape
    ([2.0, 2.0], (1, 72))
    """
    days, slots = sums.shape
    step = math.gcd(MINUTES_A_DAY // slots, interval_minutes)
    pieces = MINUTES_A_DAY // slots // step
    fine = np.repeat(sums / pieces, pieces, axis=1)
    return np.asarray(fine.reshape(days, MINUTES_A_DAY // interval_minutes, -1).sum(axis=2))
