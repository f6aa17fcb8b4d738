"""The rest of a day from what came so far: the forecast of its coming intervals moved, its bands narrowed, each queue explained.

See `forecasts.intraday_level` for how far a day is believed. What has passed stays as it was forecast, so that the error can be seen;
an interval under way is what came of it and the rest as it is now expected. Other days stay as they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.actuals_file import Today, today_so_far
from centre.instants import from_timestamps
from forecasts.accuracy import wape
from forecasts.grid import Bools, Days, Floats
from forecasts.intraday_day import DaySoFar, interval_length
from forecasts.intraday_level import Level, band_variance, day_level
from forecasts.uncertainty import NORMAL_P90, UNTRIED, Spread, bands

BANDS = ("offered_p10", "offered_p50", "offered_p90")
CERTAIN = Spread(level=0.0, day=0.0, special=0.0, interval=0.0)
ASSUMED_VARIANCE = UNTRIED.level + UNTRIED.day + UNTRIED.interval
LEAST_VARIANCE = 0.001  # bands that leave no doubt but chance are not believed: 3 %
NONE: Floats = np.zeros(0)
DISTRUSTED = 0.35
"""An interval that counts less than this is told as a freak."""


@dataclass(frozen=True, slots=True)
class QueueUpdate:
    """What the day so far says of one queue.

    Parameters
    ----------
    came, forecast_so_far : contacts of the part of the day that is known, and those forecast for it
    wape_so_far : error of the forecast by interval so far, a share; NaN where nothing came or is known
    factor, low, high : by how much the rest of the day is multiplied, with its 80 % interval: the forecast's own doubt where nothing is
        known, 1 where nothing is left
    rest_forecast, rest : contacts of the rest of the day, as they were forecast and as they are now expected
    words : sentences that explain it
    """

    queue: str
    came: float
    forecast_so_far: float
    wape_so_far: float
    factor: float
    low: float
    high: float
    rest_forecast: float
    rest: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reforecast:
    """An updated forecast: ``table`` in the columns and rows of the forecast it came from."""

    table: pd.DataFrame
    queues: tuple[QueueUpdate, ...]
    notes: tuple[str, ...]


def reforecast(
    forecast: pd.DataFrame,
    actuals: pd.DataFrame,
    now: int,
    zone: ZoneInfo,
    interval_minutes: int | None = None,
) -> Reforecast:
    """The forecast with the rest of the local day as the day so far makes it.

    Parameters
    ----------
    forecast : columns of ``forecast.csv``; without its quantiles the doubt is assumed and no band is told
    actuals : columns of ``actuals.csv``, see `centre.actuals_file.read_actuals`
    now : UTC minutes; nothing from then on is looked at
    interval_minutes : length of an interval of both; None: the least step between two of the forecast's

    Examples
    --------
    >>> hours = pd.date_range("2026-03-02T08:00Z", periods=10, freq="h")
    >>> plan = pd.DataFrame({"interval_start": hours, "queue": "calls", "offered": 100.0, "aht_seconds": 300.0})
    >>> came = plan.head(4).assign(offered=130.0)
    >>> new = reforecast(plan, came, int(hours[4].timestamp()) // 60, ZoneInfo("UTC"))
    >>> new.table["offered"].round().tolist()[:4], bool(115 < new.table["offered"].iloc[4] < 130)
    ([100.0, 100.0, 100.0, 100.0], True)
    """
    at = from_timestamps(forecast["interval_start"])
    minutes = interval_minutes or interval_length(at)
    today = today_so_far(actuals, now, zone, minutes)
    names, inside = forecast["queue"].astype(str).to_numpy(), (at >= today.start) & (at < today.end)
    contacts = ["offered", *(name for name in BANDS if name in forecast)]
    table, updates = forecast.astype(dict.fromkeys(contacts, float)), []
    for name in dict.fromkeys(names[inside]):
        rows = np.flatnonzero(inside & (names == name))
        rows = rows[np.argsort(at[rows], kind="stable")]
        expected = table["offered"].to_numpy()[rows]
        updates.append(_updated(table, rows, DaySoFar.of(name, at[rows], expected, today, minutes, zone)))
    return Reforecast(table, tuple(updates), (*today.notes, *_strangers(today, at, names)))


def _updated(table: pd.DataFrame, rows: Days, day: DaySoFar) -> QueueUpdate:
    """One queue's rest of the day, written into the table."""
    variance = _variances(table, rows, day.expected)
    usual = _usual_variance(variance, day.expected)
    left, used, seen = day.left, day.used, day.seen
    level = day_level(day.due[used], day.came[used], day.hours[used], day.hours[left], usual)
    ahead, factor = day.ahead[left], _factor(level, day.ahead[left])
    rest = ahead * level.factor
    if used.any() and left.any():
        before = day_level(NONE, NONE, NONE, day.hours[left], usual)
        narrowed = (
            np.where(np.isnan(variance), usual, np.maximum(variance, LEAST_VARIANCE))[left]
            * level.variance
            / before.variance
        )
        _write(table, rows[left], day.begun[left], rest, narrowed)
    came, due = day.came[seen], day.due[seen]
    update = QueueUpdate(
        day.queue, float(came.sum()), float(due.sum()), wape(came, due), *factor, float(ahead.sum()), float(rest.sum()), ()
    )  # fmt: skip
    wild = np.zeros(len(rows), dtype=bool)
    wild[used] = level.trust < DISTRUSTED
    return replace(update, words=tuple(_words(day, update, wild)))


def _variances(table: pd.DataFrame, rows: Days, expected: Floats) -> Floats:
    """Relative variance beyond Poisson's that each interval's band shows; NaN where it shows none."""
    if not {BANDS[0], BANDS[2]} <= set(table.columns):
        return np.full(len(rows), np.nan)
    low, high = (table[name].to_numpy(dtype=float)[rows] for name in (BANDS[0], BANDS[2]))
    return band_variance(expected, low, high)


def _usual_variance(variance: Floats, expected: Floats) -> float:
    """The median over the day's contacts, at least `LEAST_VARIANCE`; an assumed one where no band tells."""
    known = ~np.isnan(variance)
    if not known.any():
        return ASSUMED_VARIANCE
    order = np.argsort(variance[known], kind="stable")
    weight = np.cumsum(expected[known][order])
    middle = float(variance[known][order][np.searchsorted(weight, weight[-1] / 2)])
    return max(middle, LEAST_VARIANCE)


def _factor(level: Level, ahead: Floats) -> tuple[float, float, float]:
    """Mean factor of the rest of the day with its 80 % interval, hours weighed by their contacts; 1 where nothing is left."""
    if not ahead.sum() > 0:
        return 1.0, 1.0, 1.0
    weight = ahead / ahead.sum()
    middle, sd = weight @ level.log_mean, np.sqrt(max(weight @ level.log_covariance @ weight, 0.0))
    low, high = (float(np.exp(middle + z * sd)) for z in (-NORMAL_P90, NORMAL_P90))
    return float(weight @ level.factor), low, high


def _write(table: pd.DataFrame, rows: Days, begun: Floats, ahead: Floats, variance: Floats) -> None:
    """Contacts of the intervals left, those that came of one under way added."""
    found = bands(ahead[None], CERTAIN, np.zeros(1, dtype=bool), variance[None])
    values = {name: begun + band[0] for name, band in zip(BANDS, found, strict=True)}
    for name, contacts in (values | {"offered": begun + ahead}).items():
        if name in table:
            column = table[name].to_numpy(dtype=float, copy=True)
            column[rows] = contacts
            table[name] = column


def _words(day: DaySoFar, update: QueueUpdate, wild: Bools) -> Iterator[str]:
    """What the update rests on, in sentences."""
    if not day.seen.any():
        yield "nothing is known of today yet: the forecast stays as it was"
    else:
        more = 100 * (update.came / update.forecast_so_far - 1)
        yield f"{update.came:,.0f} contacts so far where {update.forecast_so_far:,.0f} were forecast ({more:+.0f} %)"
    if day.quiet.any():
        due = day.due[day.quiet].sum()
        yield (
            f"probable outage {day.told(day.quiet)}: {day.came[day.quiet].sum():,.0f} contacts where {due:,.0f} were due; "
            "it is not counted, and the rest of the day is not lowered for it"
        )
    if wild.any():
        yield f"far from the rest of the day and so hardly counted: {day.told(wild)}"
    in_part = day.seen & (day.share < 1)
    if in_part.any():
        known, whole = day.minutes * day.share[in_part].sum(), day.minutes * int(in_part.sum())
        yield f"{day.told(in_part)} is known in part: what came counts against {known:.0f} of {whole} minutes of its forecast"
    unknown = ~day.left & np.isnan(day.came) & (day.expected > 0)
    if unknown.any():
        yield f"not known and not taken as none: {day.told(unknown)}"
    beyond = (day.expected <= 0) & (np.nan_to_num(day.came) > 0)
    if beyond.any():
        yield f"{np.nansum(day.came[beyond]):,.0f} contacts came where none were forecast, {day.told(beyond)}: not counted"
    if update.rest_forecast > 0 and day.used.any():
        yield (
            f"the rest of the day times {update.factor:.2f} (80 % between {update.low:.2f} and {update.high:.2f}): "
            f"{update.rest:,.0f} contacts where {update.rest_forecast:,.0f} were forecast"
        )


def _strangers(today: Today, at: Days, queues: NDArray[np.object_]) -> list[str]:
    """Contacts that came where the forecast has no row, by queue."""
    keys = list(zip(queues.tolist(), at.tolist(), strict=True))
    counts = today.counts
    found = zip(counts["queue"].astype(str), from_timestamps(counts["interval_start"]).tolist(), strict=True)
    outside = ~pd.Index(list(found)).isin(keys) if len(counts) else np.zeros(0, dtype=bool)
    rest = counts[outside & (counts["offered"] > 0).to_numpy()]
    return [
        f"actuals: {contacts:,.0f} contacts of {queue} came where the forecast has no interval for it: not counted"
        for queue, contacts in rest.groupby("queue", sort=True)["offered"].sum().items()
    ]
