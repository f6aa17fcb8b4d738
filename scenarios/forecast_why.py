"""Why a forecast says what it says, as plain data: factors whose product is the number, its band and where the band's
width comes from, and what planners' averages and the last like days say beside it.

`chosen` picks one open interval of a queue, or one whole day; `why` tells it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from centre.folder import Centre
from centre.instants import day_of, format_instant, weekday_of
from forecasts.day_totals import day_totals
from forecasts.day_traits import CLASSES, DayTraits, day_traits, totals_by_weekday, week_shape
from forecasts.grid import Days, Floats, local_positions, weekdays_of
from forecasts.inputs import Past
from forecasts.models import Structural, baselines
from forecasts.models.structural import BORROWING_DAYS
from forecasts.queue_forecast import QueueForecast, resampled
from forecasts.trials import expect
from scenarios.forecast_hand import hand
from scenarios.forecasting import Demand

Facts = dict[str, Any]
LIKE_DAYS = 4  # past days shown beside a number
SHARE = "share of day"


@dataclass(frozen=True, eq=False, slots=True)
class Chosen:
    """Open intervals of one local day of a queue's forecast: one of them, or all.

    Parameters
    ----------
    day : day number
    starts : UTC minutes of the intervals, shape (intervals,)
    slots : their wall-clock slots, shape (intervals,); one that comes twice, when clocks go back, is there twice
    whole_day : whether the day was asked for
    """

    queue: QueueForecast
    day: int
    starts: Days
    slots: Days
    whole_day: bool

    @property
    def row(self) -> int:
        """Place of the day on the forecast's grid."""
        return self.day - self.queue.grid.first_day

    def sums(self, values: Floats) -> float:
        """Sum of a matrix of the forecast, shape (days, slots), over the intervals."""
        return float(values[self.row, self.slots].sum())


def chosen(queue: QueueForecast, day: int, at: int | None = None) -> Chosen | None:
    """The open intervals of a day, or the one that holds the instant ``at`` (UTC minutes); None where there is none."""
    grid = queue.grid
    wanted = queue.is_open & (grid.local_days() == day)
    if at is not None:
        wanted &= (grid.starts <= at) & (at < grid.starts + grid.interval_minutes)
    starts = grid.starts[wanted]
    if not len(starts):
        return None
    slots = local_positions(starts, grid.zone, grid.interval_minutes)[1]
    return Chosen(queue, day, starts, slots, at is None)


def why(demand: Demand, picked: Chosen, centre: Centre | None = None) -> Facts:
    """Everything that is behind a number.

    Parameters
    ----------
    centre : the folder whose totals and overrides ``demand.table`` carries; None where there is none

    Returns
    -------
    ``factors`` multiply to ``forecast``, the contacts before the planner's hand; ``hand`` leads from there to
    ``offered``, the number of the table. Numbers are not rounded, but for those of the table.
    """
    queue, traits = picked.queue, day_facts(picked.queue.past, np.array([picked.day]))[0]
    rows = table_rows(demand.table, picked)
    forecast = picked.sums(queue.offered)
    return {
        "queue": queue.queue,
        "day": traits["day"],
        "interval_start": None if picked.whole_day else format_instant(int(picked.starts[0])),
        "interval_minutes": None if picked.whole_day else queue.grid.interval_minutes,
        "traits": traits,
        "model": queue.fit.model.name,
        "like": _like(demand, queue, centre),
        "factors": _factors(demand, picked),
        "forecast": forecast,
        "hand": hand(demand.table, picked.queue.queue, picked.day, picked.starts, centre),
        "offered": float(rows["offered"].sum()),
        "band": _band(picked, rows),
        "aht": _aht(picked, rows),
        "beside": _beside(picked),
        "origins_tried": queue.fit.tried,
        "poisson_floor": queue.fit.floor,
        "like_days": _like_days(picked),
    }


def _like(demand: Demand, queue: QueueForecast, centre: Centre | None) -> Facts | None:
    """The queue whose history a queue without any takes, or whose shape one with a short one borrows."""
    names = {each.name: each.like for each in centre.settings.queue} if centre is not None else {}
    other = demand.forecast.queues.get(names.get(queue.queue) or "")
    if centre is None or other is None:
        return None
    if not (centre.history["queue"] == queue.queue).any():
        return {"queue": other.queue, "copied": True}
    short, long = (len(each.past.history.offered) for each in (queue, other))
    borrows = short < BORROWING_DAYS <= long and queue.past.history.slots == other.past.history.slots
    return {"queue": other.queue, "copied": False} if borrows else None


def table_rows(table: pd.DataFrame, picked: Chosen) -> pd.DataFrame:
    """The rows of a forecast table that were picked."""
    own = table[table["queue"] == picked.queue.queue]
    stamps = pd.DatetimeIndex(own["interval_start"]).tz_convert("UTC").tz_localize(None)
    minutes = stamps.values.astype("datetime64[m]").astype(np.int64)
    return own[np.isin(minutes, picked.starts)]


def traits_of(past: Past, days: Days) -> DayTraits:
    """What days are, as the queue's default model sees them."""
    history = past.history
    rows = history.usable
    usual = totals_by_weekday(history.days[rows], day_totals(history)[rows])
    return day_traits(days, history.calendar, week_shape(usual))


def day_facts(past: Past, days: Days) -> list[Facts]:
    """What is special about days: class, festival, the weekday they are like, the festival they are near."""
    traits = traits_of(past, days)
    named = [past.history.calendar.special.get(int(day)) for day in days]
    return [
        {
            "day": day_of(int(day)).isoformat(),
            "weekday": weekday_of(int(day)),
            "class": CLASSES[traits.classes[k]],
            "festival": str(traits.festivals[k]),
            "named": str(getattr(named[k], "name", "") or ""),
            "like_weekday": _like_weekday(traits, k),
            "near": str(traits.near[k]),
            "offset": int(traits.offsets[k]),
        }
        for k, day in enumerate(days)
    ]


def _like_weekday(traits: DayTraits, k: int) -> int | None:
    """The weekday that a day is like; None where it is like an average working day."""
    weights = traits.like[k]
    return int(weights.argmax()) if weights.max() == 1 else None


def day_parts(queue: QueueForecast, days: Days) -> dict[str, Floats]:
    """Factors of the totals of days before opening hours and events, each of shape (days,); empty where the
    model does not tell them.
    """
    model = queue.fit.model
    return model.factors(days) if isinstance(model, Structural) else {}


def _factors(demand: Demand, picked: Chosen) -> list[Facts]:
    """Name and value of each factor, with what there is to tell of it."""
    queue, day = picked.queue, np.array([picked.day])
    parts = day_parts(queue, day)
    found: list[Facts] = [{"name": name, "value": float(part[0])} for name, part in parts.items()]
    if parts:
        found.append({"name": SHARE, "value": _share(picked)})
    else:
        found.append({"name": "model", "value": picked.sums(queue.plain)})
    for each in found:
        if each["name"] in ("special day", "around festival"):
            each |= _seen(queue.past, picked.day, each["name"])
    found += _event_factors(demand, picked)
    if queue.agreed is not None:
        found.append({"name": "agreement", "value": float(queue.agreed[picked.row])})
    return found


def _share(picked: Chosen) -> float:
    """Share of the day's contacts that its profile puts into the intervals picked, as far as these are open."""
    queue, day = picked.queue, np.array([picked.day])
    history, model = queue.past.history, queue.fit.model
    assert isinstance(model, Structural)
    is_open = queue.past.hours.matrix(history.offered, history.first_day, picked.day, 1)
    shares = resampled(model.profile(day) * is_open, queue.grid.interval_minutes)
    return float(shares[0, picked.slots].sum())


def _seen(past: Past, day: int, name: str) -> Facts:
    """How many days of history are of a day's class (and festival), or as far from its festival."""
    history = past.history
    traits, mine = traits_of(past, history.days), traits_of(past, np.array([day]))
    some = np.nansum(history.offered, axis=1) > 0
    if name == "special day":
        like = some & (traits.classes == mine.classes[0])
        own = like & (traits.festivals == mine.festivals[0])
        return {"days_seen": int(like.sum()), "of_festival": int(own.sum())}
    own = some & (traits.near == mine.near[0]) & (np.abs(traits.offsets - mine.offsets[0]) <= 1)
    return {"days_seen": int(own.sum()) if mine.near[0] else 0}


def _event_factors(demand: Demand, picked: Chosen) -> list[Facts]:
    """Each event's factor over the intervals, those of earlier ones in it already; what is known of it."""
    queue, found = picked.queue, []
    so_far = queue.plain
    for title, part in queue.parts.items():
        touched = part[picked.row, picked.slots] != 1
        before, so_far = picked.sums(so_far), so_far * part
        if touched.any():
            value = (
                picked.sums(so_far) / before if before > 0 else float(part[picked.row, picked.slots].mean())
            )
            found.append(
                {"name": "event", "title": title, "value": value} | event_facts(demand, queue, title)
            )
    return found


def event_facts(demand: Demand, queue: QueueForecast, title: str) -> Facts:
    """What is believed of an event in a queue on average over its days; shares over the usual contacts."""
    effects = demand.forecast.events
    names = ("uplift", "uplift_p10", "uplift_p90", "source", "occurrences", "stated", "learned")
    if effects is None:
        return {}
    for row in effects.table().to_dict("records"):
        told = f"{row['event']}: {row['phase']}" if row["phase"] else str(row["event"])
        if (row["queue"], told) == (queue.queue, title):
            return {name: row[name] for name in names}
    return {}


def _band(picked: Chosen, rows: pd.DataFrame) -> Facts:
    """p10 to p90, and the share of each source in its variance (before the planner's hand)."""
    queue, spread, row = picked.queue, picked.queue.fit.spread, picked.row
    mean, sd = queue.offered[row, picked.slots], np.sqrt(np.expm1(queue.log_sd[row, picked.slots] ** 2))
    total = float(mean.sum())
    special, level = queue.special, float(spread.level_variance(row + 1)[row])
    sources = {
        "level": level,
        "day": float(spread.day_variance(special)[row]) - level,
        "interval": 0.0 if picked.whole_day else spread.interval,
        "events": float((mean * sd).sum() / total) ** 2 if total > 0 else 0.0,
        "chance": 1 / total if total > 0 else 0.0,
    }
    everything = sum(sources.values())
    shares = {name: value / everything if everything else 0.0 for name, value in sources.items()}
    sds = {name: float(np.sqrt(value)) for name, value in sources.items()}
    return _quantiles(picked, rows) | {"relative_sd": sds, "variance_share": shares, "tried": queue.fit.tried}


def _quantiles(picked: Chosen, rows: pd.DataFrame) -> Facts:
    """Of an interval as the table has them; of a day as the forecast has them before the planner's hand."""
    if not picked.whole_day:
        return {name: float(rows[f"offered_{name}"].iloc[0]) for name in ("p10", "p50", "p90")}
    day = picked.queue.day_table().iloc[picked.row]
    return {name: float(day[f"offered_{name}"]) for name in ("p10", "p50", "p90")}


def _aht(picked: Chosen, rows: pd.DataFrame) -> Facts | None:
    """Handle time of the interval, or the contact-weighted mean of the day; None where nobody knows any."""
    known = picked.queue.seconds
    if known is None:
        return None
    weight = rows["offered"].to_numpy(dtype=float)
    weight = weight if weight.sum() > 0 else np.ones(len(rows))
    here = (known.seconds, known.p10, known.p90)
    mean, low, high = (float(np.average(part[picked.row, picked.slots], weights=weight)) for part in here)
    told = float(np.average(rows["aht_seconds"].to_numpy(dtype=float), weights=weight))
    band = {} if picked.whole_day else {"p10": low, "p90": high}
    return {"seconds": told, "forecast_seconds": mean, "assumed": known.assumed} | band


def _beside(picked: Chosen) -> list[Facts]:
    """The model taken, then planners' averages: what each says, and its error at earlier origins."""
    queue, past = picked.queue, picked.queue.past
    own = {"model": queue.fit.model.name, "contacts": picked.sums(queue.plain), "taken": True}
    said = expect(baselines(), past.history, past.hours, picked.day, 1)
    others = [
        {"model": name, "contacts": float(_on_grid(queue, part)[0, picked.slots].sum()), "taken": False}
        for name, part in said.items()
    ]
    return [each | {"wape": queue.fit.wape.get(str(each["model"]), float("nan"))} for each in (own, *others)]


def _like_days(picked: Chosen) -> list[Facts]:
    """What came on the last days of the same weekday, and on the last of the same special class."""
    past = picked.queue.past
    history, mine = past.history, traits_of(past, np.array([picked.day]))
    same = np.flatnonzero(weekdays_of(history.days) == weekday_of(picked.day))[-LIKE_DAYS:]
    special = np.zeros(0, dtype=np.int64)
    if mine.classes[0]:
        traits = traits_of(past, history.days)
        alike = (traits.classes == mine.classes[0]) & (traits.festivals == mine.festivals[0])
        special = np.flatnonzero(alike)[-LIKE_DAYS:]
    rows = np.union1d(same, special)
    came = _on_grid(picked.queue, history.offered[rows])[:, picked.slots].sum(axis=1)
    return [
        facts | {"contacts": None if np.isnan(total) else float(total), "same_class": bool(row in special)}
        for facts, total, row in zip(day_facts(past, history.days[rows]), came, rows, strict=True)
    ]


def _on_grid(queue: QueueForecast, values: Floats) -> Floats:
    """Contacts by slots of the history as contacts by slots of the forecast."""
    return resampled(values, queue.grid.interval_minutes)
