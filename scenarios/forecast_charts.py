"""The charts of one queue's forecast: days with bands, a week by interval, profiles, errors, festivals."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from markupsafe import Markup

from centre.instants import from_timestamps, weekday_of
from forecasts.day_totals import day_totals
from forecasts.grid import Days, Floats, local_positions, weekdays_of
from forecasts.models import Structural, WeekdayMean
from forecasts.queue_forecast import QueueForecast, resampled
from forecasts.trials import expect
from scenarios.forecast_names import MODELS, day_name, festival_name, name_of, weekday_name
from scenarios.forecast_svg import Chart, ticks_to
from scenarios.forecast_why import day_facts
from scenarios.report_words import Format

PAST_DAYS, WEEK = 56, 7
MOST_DOTS = 130  # days up to which each has a point of its own
Words = dict[str, str]


def planned_matrix(table: pd.DataFrame, queue: QueueForecast, column: str) -> Floats:
    """A column of the forecast table on the queue's days and slots; NaN where it has no row."""
    own, grid = table[table["queue"] == queue.queue], queue.grid
    days, slots = local_positions(from_timestamps(own["interval_start"]), grid.zone, grid.interval_minutes)
    found = np.full(queue.plain.shape, np.nan)
    found[days - grid.first_day, slots] = own[column].to_numpy(dtype=float)
    return found


def planned_totals(table: pd.DataFrame, queue: QueueForecast) -> Floats:
    """Contacts planned with on each day, shape (days,)."""
    own, grid = table[table["queue"] == queue.queue], queue.grid
    days, _ = local_positions(from_timestamps(own["interval_start"]), grid.zone, grid.interval_minutes)
    weights = own["offered"].to_numpy(dtype=float)
    return np.bincount(days - grid.first_day, weights, minlength=grid.days).astype(np.float64)


def days_chart(queue: QueueForecast, planned: Floats, form: Format, w: Words) -> Markup:
    """The last eight weeks and the forecast by day."""
    history, grid, told = queue.past.history, queue.grid, queue.day_table()
    first = max(history.first_day, grid.first_day - PAST_DAYS)
    past = np.arange(first, max(grid.first_day, first), dtype=np.int64)
    came = _known_totals(queue, past)
    mean, low, high = (_gaps(told[f"offered{q}"].to_numpy(dtype=float)) for q in ("", "_p10", "_p90"))
    low, high = np.where(np.isnan(mean), np.nan, low), np.where(np.isnan(mean), np.nan, high)
    ticks = ticks_to(float(np.nanmax([1.0, *came, *high, *planned])))
    chart, ahead = Chart(len(past) + grid.days, ticks[-1], height=300), len(past)
    chart.axis(ticks, [form.number(t, 0 if ticks[1] >= 1 else 1) for t in ticks])
    _weeks(chart, first, len(past) + grid.days, form)
    chart.rule_down(ahead, "start")
    chart.band(low, high, "band", ahead)
    chart.line(came, "history")
    chart.line(mean, "forecast", ahead)
    _day_dots(
        chart,
        queue,
        np.concatenate([past, grid.first_day + np.arange(grid.days)]),
        np.concatenate([came, mean]),
        form,
    )
    moved = np.abs(planned - np.nan_to_num(mean)) > 0.5
    for k in np.flatnonzero(moved):
        title = f"{form.day(grid.first_day + int(k))} · {w['planned']} {form.number(planned[k])}"
        chart.dot(ahead + float(k), float(planned[k]), "planned", title, 4.5)
    return chart.svg(w["alt_days"])


def _known_totals(queue: QueueForecast, days: Days) -> Floats:
    """Contacts that came on past days; NaN where nothing is known or nothing came."""
    history = queue.past.history
    found, inside = np.full(len(days), np.nan), days < history.end_day
    found[inside] = day_totals(history)[days[inside] - history.first_day]
    return _gaps(found)


def _gaps(values: Floats) -> Floats:
    return np.where(values > 0, values, np.nan)


def _weeks(chart: Chart, first: int, days: int, form: Format) -> None:
    """Mondays below, as many as there is room for."""
    mondays = [k for k in range(days) if weekday_of(first + k) == 0]
    every = -(-len(mondays) // 11) or 1
    for k in mondays:
        chart.rule_down(k, "week")
    for k in mondays[::every]:
        chart.below(k + 0.5, form.day(first + k).replace("Mon ", "").replace(" 周一", ""), anchor="start")


def _day_dots(chart: Chart, queue: QueueForecast, days: Days, values: Floats, form: Format) -> None:
    """A point for each day, special ones marked."""
    facts = day_facts(queue.past, days)
    for k, (each, value) in enumerate(zip(facts, values.tolist(), strict=True)):
        special = each["class"] != "ordinary"
        if np.isnan(value) or (not special and len(days) > MOST_DOTS):
            continue
        name = f" · {day_name(each, form.language)}" if special else ""
        title = f"{form.day(int(days[k]))} · {form.number(value)}{name}"
        ahead = days[k] >= queue.grid.first_day
        chart.dot(
            k, value, "special" if special else "ahead" if ahead else "came", title, 4.0 if special else 2.2
        )


def week_chart(queue: QueueForecast, table: pd.DataFrame, form: Format, w: Words) -> Markup:
    """The first week by interval, its days side by side."""
    days = min(WEEK, queue.grid.days)
    mean, low, high = (planned_matrix(table, queue, f"offered{q}")[:days] for q in ("", "_p10", "_p90"))
    first, last = _open_slots(mean)
    past = queue.past
    four = expect([WeekdayMean(4)], past.history, past.hours, queue.grid.first_day, days)["weekday_mean_4"]
    before = np.where(np.isnan(mean), np.nan, resampled(four, queue.grid.interval_minutes))
    span, facts = last - first + 1, day_facts(past, queue.grid.first_day + np.arange(days))
    ticks = ticks_to(float(np.nanmax([1.0, *high.ravel(), *before.ravel()])))
    chart = Chart(days * span, ticks[-1], height=290, bottom=48)
    chart.axis(ticks, [form.number(t, 0 if ticks[1] >= 1 else 1) for t in ticks])
    for day in range(days):
        cut, at = slice(first, last + 1), day * span
        chart.rule_down(at, "week")
        chart.band(low[day, cut], high[day, cut], "band", at)
        chart.line(before[day, cut], "history", at)
        chart.line(mean[day, cut], "forecast", at)
        chart.below(at + span / 2, form.day(queue.grid.first_day + day), row=1)
        if np.isnan(mean[day]).all():
            chart.text(at + span / 2, ticks[-1] / 2, w["closed"])
            continue
        if facts[day]["class"] != "ordinary":
            chart.text(
                at + span / 2, 0.97 * ticks[-1], day_name(facts[day], form.language), "tick mark-special"
            )
        _hours(chart, queue, first, last, at, 3)
    return chart.svg(w["alt_week"])


def _open_slots(values: Floats) -> tuple[int, int]:
    """First and last slot with a value on any day; the whole day where there is none."""
    some = np.flatnonzero(~np.isnan(values).all(axis=0))
    return (int(some[0]), int(some[-1])) if len(some) else (0, values.shape[1] - 1)


def _hours(chart: Chart, queue: QueueForecast, first: int, last: int, at: float, wanted: int) -> None:
    """Whole hours below, about as many as wanted."""
    minutes = queue.grid.interval_minutes
    hours = [h for h in range(25) if first * minutes <= 60 * h <= (last + 1) * minutes]
    every = next(k for k in (1, 2, 3, 4, 6, 8, 12, 24) if len(hours) <= k * wanted + 1)
    for hour in hours:
        inside = first * minutes < 60 * hour < (last + 1) * minutes
        if hour % every == 0 and inside:
            chart.below(at + 60 * hour / minutes - first, str(hour))


def profile_charts(queue: QueueForecast, form: Format, w: Words) -> list[tuple[str, Markup]]:
    """One small chart for each weekday on which contacts come: the forecast's profile over what came."""
    told = {k: each for k in range(7) if (each := _profiles(queue, k)) is not None}
    if not told:
        return []
    shown = np.array([each[0] for each in told.values()])
    first, last = _open_slots(np.where(shown > 1e-6, shown, np.nan))
    ticks = ticks_to(
        100 * float(max(np.nanmax(np.nan_to_num(part)) for each in told.values() for part in each)), 3
    )
    charts = []
    for weekday, (profile, came) in told.items():
        chart = Chart(last - first + 1, ticks[-1], width=360, height=170, left=40, right=8, top=8, bottom=24)
        chart.axis(ticks, [f"{t:g}%" for t in ticks])
        chart.line(100 * came[first : last + 1], "history")
        chart.line(100 * profile[first : last + 1], "forecast")
        _hours(chart, queue, first, last, 0, 6)
        name = weekday_name(weekday, form.language)
        charts.append((name, chart.svg(w["alt_profile"].format(weekday=name))))
    return charts


def _profiles(queue: QueueForecast, weekday: int) -> tuple[Floats, Floats] | None:
    """Share of the day by slot as forecast and as it came; None where nothing comes on the weekday."""
    history, grid, model = queue.past.history, queue.grid, queue.fit.model
    days = history.days[(weekdays_of(history.days) == weekday) & history.usable][-8:]
    came = resampled(np.nan_to_num(history.rows_of(days)), grid.interval_minutes).sum(axis=0)
    if not came.sum() > 0:
        return None
    if isinstance(model, Structural):
        profile = resampled(model.profile(days[-1:]), grid.interval_minutes)[0]
    else:
        rows = weekdays_of(grid.first_day + np.arange(grid.days)) == weekday
        profile = queue.plain[rows].sum(axis=0)
    return profile / (profile.sum() or 1.0), came / came.sum()


def accuracy_chart(queue: QueueForecast, form: Format, w: Words) -> Markup | None:
    """Error of each model at earlier origins, the best first; None where none was tried."""
    known = sorted((wape, name) for name, wape in queue.fit.wape.items() if np.isfinite(wape))
    if not known:
        return None
    row, top = 30, 8
    ticks = ticks_to(100 * known[-1][0] * 1.12, 5)
    chart = Chart(
        ticks[-1], len(known), width=860, height=row * len(known) + top + 30, left=270, top=top, bottom=30
    )
    for tick in ticks:
        chart.rule_down(tick)
        chart.below(tick, f"{tick:g}%")
    for k, (wape, name) in enumerate(known):
        at, own = len(known) - k, name == queue.fit.model.name
        chart.box(0, 100 * wape, at - 0.8, at - 0.2, "bar own" if own else "bar")
        chart.text(
            -0.02 * ticks[-1],
            at - 0.62,
            name_of(MODELS, name, form.language),
            "name own" if own else "name",
            "end",
        )
        chart.text(100 * wape + 0.008 * ticks[-1], at - 0.62, form.percent(wape), "value", "start")
    if np.isfinite(queue.fit.floor):
        chart.rule_down(100 * queue.fit.floor, "floor")
    return chart.svg(w["alt_accuracy"])


def around_charts(
    parts: Mapping[str, Floats], facts: Sequence[Mapping[str, object]], form: Format, w: Words
) -> list[tuple[str, Markup]]:
    """For each festival, what is left on the days around it."""
    effects: dict[str, dict[int, float]] = {}
    for each, value in zip(facts, parts.get("around festival", np.zeros(0)).tolist(), strict=False):
        if each["near"]:
            effects.setdefault(str(each["near"]), {})[int(str(each["offset"]))] = value
    charts = []
    for festival, values in effects.items():
        most = max(abs(v - 1) for v in values.values())
        if most < 0.005:
            continue
        ticks = ticks_to(100 * most, 2)
        chart = Chart(31, ticks[-1], -ticks[-1], width=360, height=170, left=48, right=8, top=8, bottom=24)
        both = [-t for t in reversed(ticks[1:])] + ticks
        chart.axis(both, [form.signed(t / 100).replace(".0%", "%") for t in both])
        for offset, value in values.items():
            off = 100 * (value - 1)
            title = f"{offset:+d}: {form.signed(off / 100)}"
            chart.box(offset + 15.15, offset + 15.85, min(off, 0.0), max(off, 0.0), "bar own", title)
        for offset in (-14, -7, 0, 7, 14):
            chart.below(offset + 15.5, f"{offset:+d}".replace("+0", "0").replace("-", "−"))
        name = festival_name(festival, form.language)
        charts.append((name, chart.svg(w["alt_around"].format(festival=name))))
    return charts


def change_bar(low: float, middle: float, high: float, reach: float) -> Markup:
    """A change and its range as a small bar around nought, of at most ``reach`` either way."""
    chart = Chart(2 * reach, 1.0, width=190, height=16, left=2, right=2, top=2, bottom=2)
    chart.rule_down(reach, "zero")
    chart.box(reach + min(middle, 0.0), reach + max(middle, 0.0), 0.15, 0.85, "bar own")
    if high > low:
        chart.box(reach + max(low, -reach), reach + min(high, reach), 0.42, 0.58, "whisker")
    return chart.svg("", "mini")
