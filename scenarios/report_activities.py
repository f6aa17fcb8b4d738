"""The report's section on time off the queue: when it lies, what was owed and placed, what finds no place and why."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from centre.activities import OFF_QUEUE
from centre.instants import day_number, to_timestamps
from scenarios.forecast_svg import Chart, ticks_to
from scenarios.report_data import ReportData
from scenarios.report_words import Format

View = dict[str, Any]
MOST_SHORT = 100
"""Shortages shown, at most; ``activity_quota.csv`` has them all."""


def views(data: ReportData, form: Format, w: dict[str, str]) -> View:
    """What the template shows of this module; None where the centre asks for no time off the queue."""
    quotas = data.activity_quota
    if quotas.empty:
        return {"activities": None}
    short = quotas[quotas["short_minutes"] > 0]
    hours = _by_hour(data)
    return {
        "activities": {
            "told": w["p_activities"].format(
                sessions=form.number(data.activities["session"].nunique()), hours=form.number(hours.sum()),
            ),
            "chart": _chart(hours, form, w),
            "rows": list(_rows(data, form)),
            "short": list(_short(short.head(MOST_SHORT), data, form, w)),
            "left_out": max(len(short) - MOST_SHORT, 0),
        }
    }  # fmt: skip


def _by_hour(data: ReportData) -> "np.ndarray[Any, np.dtype[np.float64]]":
    """Hours of people off the queue by hour of the clock at which they lie, leaders with them, shape (24,)."""
    rota, found = data.rota, np.zeros(24)
    rows = np.flatnonzero(rota.is_kind(*OFF_QUEUE))
    for k in rows.tolist():
        at = np.arange(rota.start[k], rota.end[k], 5, dtype=np.int64)
        hour = to_timestamps(at).tz_convert(data.timezone).hour
        np.add.at(found, hour, 5 / 60)
    return found


def _chart(hours: "np.ndarray[Any, np.dtype[np.float64]]", form: Format, w: dict[str, str]) -> Markup:
    """A column for each hour of the day."""
    there = np.flatnonzero(hours)
    if not len(there):
        return Markup("")
    ticks = ticks_to(float(hours.max()))
    first, last = int(there[0]), int(there[-1]) + 1
    chart = Chart(float(last - first), ticks[-1])
    chart.axis(ticks, [form.number(value) for value in ticks])
    for k, hour in enumerate(range(first, last)):
        chart.below(float(k), f"{hour:02d}:00")
        title = w["act_at"].format(when=f"{hour:02d}:00", hours=form.number(hours[hour], 1))
        chart.box(k + 0.08, k + 0.92, 0.0, float(hours[hour]), "own", title)
    return chart.svg(w["alt_activities"])


def _rows(data: ReportData, form: Format) -> Iterator[list[str]]:
    """A row for each activity."""
    sessions = data.activities
    length = (pd.DatetimeIndex(sessions["end"]) - pd.DatetimeIndex(sessions["start"])).total_seconds() / 3600
    sessions = sessions.assign(hours=length, name=sessions["activity"].astype(str).str.partition(":")[2])
    for name, quotas in data.activity_quota.groupby("activity", sort=True):
        own = sessions[sessions["name"] == name]
        led = own[own["leader"] != ""].drop_duplicates("session")["hours"].sum()
        minutes = [
            quotas[f"{part}_minutes"].sum() for part in ("quota", "done_before", "placed", "left", "short")
        ]
        yield [
            str(name), form.number(own["session"].nunique()), *(form.number(each / 60, 1) for each in minutes),
            form.number(own["hours"].sum() + led, 1),
        ]  # fmt: skip


def _short(short: pd.DataFrame, data: ReportData, form: Format, w: dict[str, str]) -> Iterator[list[str]]:
    names = {agent.agent_id: agent.name for agent in data.agents}
    for row in short.to_dict("records"):
        who = str(row["who"])
        yield [
            str(row["activity"]), f"{who.removeprefix('team:')} {names.get(who, '')}".strip(), str(row["period"]),
            form.day(day_number(row["due"])), w[f"act_{row['reason']}"], form.number(row["short_minutes"] / 60, 1),
        ]  # fmt: skip
