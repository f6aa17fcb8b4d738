"""The report's section on peaks: demand with and without levers, who is called out when, what levers and rounds come to."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from centre.instants import day_number, from_timestamps
from scenarios.forecast_svg import Chart, ticks_to
from scenarios.levers import Lever
from scenarios.report_data import ReportData
from scenarios.report_figures import Cover, Floats, on_grid
from scenarios.report_words import Format
from scheduler.rules.shared.call_outs import CallOuts, call_outs

View = dict[str, Any]
TICK_HOURS = 2
NOTICEABLE = 1e-6


def views(data: ReportData, cover: Cover, form: Format, w: dict[str, str]) -> View:
    """What the template shows of this module; None where the plan has neither levers nor backup."""
    calls = call_outs(data.rota)
    if not len(calls) and data.levers.empty and data.standby.empty and not data.backup_rounds:
        return {"peaks": None}
    there, saved = _backup_there(calls, cover), _saved(data, cover)
    shown = _day_shown(there, saved, cover)
    return {
        "peaks": {
            "chart": _chart(there, saved, cover, shown, form, w),
            "day": form.day(shown, year=True),
            "demand": list(_demand(data, form)),
            "calls": list(_calls(data, calls, form)),
            "standby": list(_standby(data, form)),
            "levers": [_lever(lever, form, w) for lever in data.lever_facts],
            "rounds": [
                [form.money(each.planned_cost), form.money(each.live_cost), form.percent(each.in_time),
                 form.number(each.live_call_outs, 1), w["peak_chosen"] if each.chosen else ""]
                for each in data.backup_rounds
            ],
        }
    }  # fmt: skip


def _backup_there(calls: CallOuts, cover: Cover) -> Floats:
    """People called out who are there, as a mean over each interval; shape (intervals,)."""
    start, end = calls.start[:, None], calls.end[:, None]
    inside = np.minimum(end, cover.starts + cover.step) - np.maximum(start, cover.starts)
    return np.asarray(np.maximum(inside, 0).sum(axis=0) / cover.step)


def _saved(data: ReportData, cover: Cover) -> Floats:
    """Agents that levers save in each interval, all queues together."""
    names = [queue.name for queue in data.queues]
    without, with_levers = (
        np.nansum(on_grid(data.levers, column, names, cover.starts, cover.step), axis=0)
        for column in ("agents_required", "agents_required_with_levers")
    )
    return np.asarray(without - with_levers)


def _day_shown(there: Floats, saved: Floats, cover: Cover) -> int:
    """Day number of the day with most backup; of those without any, that on which levers save most, or most is needed."""
    first = cover.days[0]
    for weight in (there, np.abs(saved), np.nansum(cover.needed, axis=0)):
        if weight.any():
            return int(first + np.bincount(cover.days - first, weight).argmax())
    return int(first)


def _chart(there: Floats, saved: Floats, cover: Cover, day: int, form: Format, w: dict[str, str]) -> Markup:
    """Agents through one day: needed with and without levers, rostered, and backup on top of their own."""
    on = np.flatnonzero((cover.days == day) & ~np.isnan(cover.needed).all(axis=0))
    if not len(on):
        return Markup("")
    on = np.arange(on[0], on[-1] + 1)
    needed, rostered = np.nansum(cover.needed[:, on], axis=0), np.nansum(cover.rostered[:, on], axis=0)
    without, own = needed + saved[on], np.maximum(rostered - there[on], 0.0)
    ticks = ticks_to(float(max(without.max(), needed.max(), rostered.max())))
    chart = Chart(float(len(on)), ticks[-1])
    chart.axis(ticks, [form.number(value) for value in ticks])
    for k, start in enumerate(cover.starts[on].tolist()):
        if not start % (60 * TICK_HOURS):
            chart.below(float(k), form.clock(start))
        title = w["peak_at"].format(
            when=form.clock(start), own=form.number(own[k], 1), backup=form.number(there[on[k]], 1)
        )
        chart.box(k + 0.08, k + 0.92, 0.0, float(own[k]), "own", title)
        if there[on[k]] > NOTICEABLE:
            chart.box(k + 0.08, k + 0.92, float(own[k]), float(rostered[k]), "backup", title)
    if np.abs(saved[on]).max() > NOTICEABLE:
        chart.line(without, "without")
    chart.line(needed, "needed")
    return chart.svg(w["alt_peak"].format(day=form.day(day)))


def _demand(data: ReportData, form: Format) -> Iterator[list[str]]:
    """Day and queue, contacts and agent-hours without and with levers; those that levers change."""
    table, hours = data.levers, data.interval_minutes / 60
    if table.empty:
        return
    local = pd.DatetimeIndex(table["interval_start"]).tz_convert(data.timezone).date
    number = np.array([day_number(day) for day in local])
    for day in np.unique(number).tolist():
        for queue, rows in table[number == day].groupby("queue", sort=True):
            offered, agents = (
                rows[[name, f"{name}_with_levers"]].sum() for name in ("offered", "agents_required")
            )
            if abs(offered.iloc[0] - offered.iloc[1]) + abs(agents.iloc[0] - agents.iloc[1]) > NOTICEABLE:
                figures = [form.number(value) for value in offered] + [
                    form.number(v * hours, 1) for v in agents
                ]
                yield [form.day(day), str(queue), *figures]


def _calls(data: ReportData, calls: CallOuts, form: Format) -> Iterator[View]:
    """Call-outs alike in one row: when, who of which pool, for how long."""
    teams = {agent.agent_id: agent.team for agent in data.agents}
    together: dict[tuple[int, int, str], list[str]] = {}
    for k in np.lexsort((calls.agent, calls.end, calls.start)).tolist():
        name = data.rota.agent_ids[calls.agent[k]]
        key = int(calls.start[k]), int(calls.end[k]), teams.get(name, "")
        together.setdefault(key, []).append(name)
    for (start, end, pool), names in together.items():
        yield {
            "when": form.window(start, end), "pool": pool, "people": len(names), "who": ", ".join(names),
            "hours": form.number(len(names) * (end - start) / 60, 1),
        }  # fmt: skip


def _standby(data: ReportData, form: Format) -> Iterator[list[str]]:
    """Windows of standing by: when, pool, who, the chance of a call, what it costs to stand by and to be called."""
    columns = ("start", "end", "pool", "agent_id", "chance_of_call", "standby_cost", "expected_call_cost")
    if data.standby.empty:
        return
    told = data.standby.sort_values(["start", "end", "agent_id"])
    start, end = (from_timestamps(told[name]) for name in ("start", "end"))
    rows = zip(start.tolist(), end.tolist(), *(told[name] for name in columns[2:]), strict=True)
    for begin, until, pool, who, chance, waiting, called in rows:
        yield [
            form.window(begin, until),
            str(pool),
            str(who),
            form.percent(chance),
            form.money(waiting),
            form.money(called),
        ]


def _lever(lever: Lever, form: Format, w: dict[str, str]) -> list[str]:
    return [
        lever.name, w["peak_on"] if lever.enabled else w["peak_off"], form.number(lever.days),
        form.number(lever.agent_hours_saved, 1), form.number(lever.contacts_kept_away),
        form.money(lever.cost), form.money(lever.saving), form.money(lever.net),
    ]  # fmt: skip
