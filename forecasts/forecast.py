"""The whole step, history to demand: clean, fit every queue, learn events, put bands around it."""

from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Unpack

import numpy as np
import pandas as pd

from centre.errors import Faults
from centre.instants import Grid
from forecasts.agree import agreed
from forecasts.checks import LENGTHS
from forecasts.events import Baseline, EventEffects, learn_events
from forecasts.history_report import HistoryReport
from forecasts.inputs import Options, Past, copies, first_day_of, read_pasts, zone_of
from forecasts.models import Structural, default_models
from forecasts.models.structural import BORROWING_DAYS
from forecasts.notes import notes_on
from forecasts.paths import Counts, day_correlation
from forecasts.queue_forecast import Fit, QueueForecast, fit_queue, lay_out

COPIED_SD = 0.3  # of the level of a queue without history of its own
QUEUES_A_TASK = 4  # handed to an executor together


@dataclass
class ForecastReport:
    """How the forecast came about, by queue."""

    history: HistoryReport
    model: dict[str, str] = field(default_factory=dict)
    trials: dict[str, int] = field(default_factory=dict)  # earlier origins that the bands rest on
    wape: dict[str, dict[str, float]] = field(
        default_factory=dict
    )  # model -> interval WAPE over these, a share
    floor: dict[str, float] = field(default_factory=dict)  # what chance alone makes of it
    aht_assumed: list[str] = field(default_factory=list)
    aht_unknown: list[str] = field(default_factory=list)
    notes: tuple[str, ...] = ()  # on events, and on what the planner changed

    @property
    def warnings(self) -> list[str]:
        """Sentences that the planner should read."""
        untried = [
            f"queue {name}: too little history to try models; bands are assumed"
            for name, n in self.trials.items()
            if not n and name in self.history.rows_used
        ]
        unknown = [
            f"queue {name}: neither history nor settings tell a handle time; aht_seconds stays empty"
            for name in self.aht_unknown
        ]
        return [*self.history.warnings, *untried, *unknown, *self.notes]


@dataclass(frozen=True, slots=True)
class Forecast:
    """A finished forecast: its queues, what events were learned, and how it came about."""

    grid: Grid
    queues: dict[str, QueueForecast]
    events: EventEffects | None
    report: ForecastReport

    def table(self) -> pd.DataFrame:
        """Every open interval, by queue and time; see `forecast`."""
        return pd.concat([queue.table() for queue in self.queues.values()], ignore_index=True)

    def paths(self, samples: int, seed: int = 1) -> dict[str, Counts]:
        """Sampled contacts of each queue's open intervals, shape (samples, rows of `table`).

        One sample is one course of events: queues err together as much as they did at earlier origins.
        """
        together = day_correlation([queue.fit.day_errors for queue in self.queues.values()])
        return {
            name: queue.paths(samples, seed, together)[:, queue.is_open]
            for name, queue in self.queues.items()
        }

    def path_table(self, samples: int, seed: int = 1) -> pd.DataFrame:
        """Sampled contacts of every open interval: ``interval_start, queue, path_1 ... path_N``."""
        found = np.concatenate(list(self.paths(samples, seed).values()), axis=1).T
        names = [f"path_{k}" for k in range(1, samples + 1)]
        rows = self.table()[["interval_start", "queue"]]
        return pd.concat([rows, pd.DataFrame(found, columns=names)], axis=1)

    def day_table(self) -> pd.DataFrame:
        """Day totals with bands of their own, by queue and day; see `QueueForecast.day_table`."""
        return pd.concat([queue.day_table() for queue in self.queues.values()], ignore_index=True)


def forecast(
    history: pd.DataFrame, start: date | str, periods: int, **options: Unpack[Options]
) -> pd.DataFrame:
    """Contacts offered and AHT of every open interval of a horizon, with bands.

    Parameters
    ----------
    history : columns ``interval_start`` (aware timestamps), ``queue``, ``offered``; optional
        ``aht_seconds`` (NaN allowed), ``handled``
        and ``row`` (line in the file, told in errors). Rows at or after ``start`` are ignored and counted.
    start : first local day of the horizon
    periods : local days of the horizon, midnight to midnight
    options : see `forecasts.inputs.Options`

    Returns
    -------
    ``interval_start`` (UTC), ``queue``, ``offered`` (mean contacts), ``aht_seconds``, ``offered_p10``,
    ``offered_p50``, ``offered_p90``, ``aht_p10``, ``aht_p90`` (of an interval's mean), ``open``,
    ``aht_assumed``; by queue and time. Closed intervals are left out.

    Raises
    ------
    BadInput
        listing every fault of the history (see `forecasts.history.clean_history`).
    """
    return make_forecast(history, start, periods, **options).table()


def make_forecast(
    history: pd.DataFrame, start: date | str, periods: int, **options: Unpack[Options]
) -> Forecast:
    """The forecast as an object that also has day totals, sampled paths and reasons; see `forecast`."""
    first_day, zone = first_day_of(start), zone_of(history, options.get("timezone"))
    minutes = options.get("interval_minutes")
    _check_options(periods, minutes)
    pasts, told = read_pasts(history, first_day, zone, options)
    copied = copies(pasts, zone, options)
    pasts |= copied
    grid = Grid(zone, first_day, periods, minutes or _usual(list(told.interval_minutes.values())))
    fits = _fits(pasts, grid, options)
    fits |= {name: _copied(fits[name]) for name in copied}
    stated = options.get("aht_seconds") or {}
    queues = {name: lay_out(pasts[name], fit, grid, stated.get(name)) for name, fit in fits.items()}
    seen = agreed({name: queues[name] for name in queues if name not in copied}, options.get("groups", {}))
    queues = {name: seen.get(name, queue) for name, queue in queues.items()}
    effects = _events(seen, grid, options)
    if effects is not None:
        queues = {name: _with_events(queue, effects) for name, queue in queues.items()}
    return Forecast(grid, queues, effects, _report(told, queues, effects))


def _fits(pasts: dict[str, Past], grid: Grid, options: Options) -> dict[str, Fit]:
    """What was learned of each queue, side by side where there is an executor."""
    models = tuple(options.get("models") or default_models())
    fit = partial(fit_queue, first_day=grid.first_day, days=grid.days)
    like = {name: other for name, other in options.get("like", {}).items() if _may_borrow(pasts, name, other)}
    alone = [name for name in pasts if name not in like]
    executor = options.get("executor")
    if executor is not None:
        tasks = [pasts[name] for name in alone]
        found = executor.map(partial(fit, models=models), tasks, chunksize=QUEUES_A_TASK)
    else:
        found = map(partial(fit, models=models), (pasts[name] for name in alone))
    fits = dict(zip(alone, found, strict=True))
    for name, other in like.items():
        lent = fits[other].model if other in fits else None
        borrowing = Structural(lent) if isinstance(lent, Structural) else Structural()
        fits[name] = fit(pasts[name], models=(borrowing,))
    return {name: fits[name] for name in pasts}


def _copied(fit: Fit) -> Fit:
    """What was learned of the queue that is copied: less sure, and never tried on contacts of its own."""
    wape = dict.fromkeys(fit.wape, float("nan"))
    return replace(fit, spread=fit.spread.widened(COPIED_SD), tried=0, wape=wape, day_errors={})


def _may_borrow(pasts: dict[str, Past], name: str, other: str) -> bool:
    """Whether a queue's history is short, and the other one's long and of the same interval length."""
    if name not in pasts or other not in pasts:
        return False
    mine, theirs = pasts[name].history, pasts[other].history
    return len(mine.offered) < BORROWING_DAYS <= len(theirs.offered) and mine.slots == theirs.slots


def _events(queues: dict[str, QueueForecast], grid: Grid, options: Options) -> EventEffects | None:
    """What events do, learned from all queues together; None without events."""
    if not (events := options.get("events", ())):
        return None
    baselines = {name: Baseline(queue.past.history, queue.fit.in_sample) for name, queue in queues.items()}
    return learn_events(events, baselines, grid.zone)


def _with_events(queue: QueueForecast, effects: EventEffects) -> QueueForecast:
    grid = queue.grid
    on = effects.on(queue.queue, grid.first_day, grid.days, grid.interval_minutes)
    return replace(queue, factor=on.factor, log_sd=np.hypot(queue.log_sd, on.log_sd), parts=on.parts)


def _report(
    told: HistoryReport, queues: dict[str, QueueForecast], effects: EventEffects | None
) -> ForecastReport:
    return ForecastReport(
        told,
        model={name: queue.fit.model.name for name, queue in queues.items()},
        trials={name: queue.fit.tried for name, queue in queues.items()},
        wape={name: queue.fit.wape for name, queue in queues.items()},
        floor={name: queue.fit.floor for name, queue in queues.items()},
        aht_assumed=[name for name, queue in queues.items() if queue.seconds and queue.seconds.assumed],
        aht_unknown=[name for name, queue in queues.items() if queue.seconds is None],
        notes=(
            *notes_on(queues, told),
            *(effects.warnings if effects is not None else ()),
        ),
    )


def _check_options(periods: int, interval_minutes: int | None) -> None:
    faults = Faults()
    if periods < 1:
        faults.add("periods", "1 day or more", found=periods)
    if interval_minutes is not None and interval_minutes not in LENGTHS:
        faults.add("interval_minutes", f"one of {', '.join(map(str, LENGTHS))}", found=interval_minutes)
    faults.raise_if_any()


def _usual(lengths: list[int]) -> int:
    """The interval length that most queues have, of several the shortest."""
    return max(sorted(set(lengths)), key=lengths.count)
