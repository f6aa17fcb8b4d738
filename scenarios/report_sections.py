"""The report's figures section by section, as the words and rows that the page shows: headline, days, shortage."""

from typing import Any

import numpy as np

from scenarios.report_curves import past_grid, past_offered
from scenarios.report_data import ReportData
from scenarios.report_figures import Cover, Floats, ShortRun, Totals, on_grid
from scenarios.report_reasons import status, target, unchecked_rules
from scenarios.report_words import Format

View = dict[str, Any]
SHORT_ROWS = 12
HEAT = ((0.15, "high"), (0.05, "mid"), (0.0005, "low"))


def views(data: ReportData, cover: Cover, form: Format, w: dict[str, str]) -> View:
    """What the template shows of this module."""
    runs = cover.short_runs()
    return {
        "tiles": tiles(data, cover, form, w), "summary": summary(data, cover, form, w), "queues": queue_rows(data, cover, form),
        "blocks": day_blocks(data, cover, form, w), "heat": heat(data, cover, form), "shorts": short_rows(data, runs, form),
        "short_count": len(runs), "general_reasons": [s for s in data.shortfalls if s.start is None],
    }  # fmt: skip


def tiles(data: ReportData, cover: Cover, form: Format, w: dict[str, str]) -> list[View]:
    """The figures at the top; ``tone`` is good, warn or plain."""
    all_, duties, solver = cover.totals(), data.rota.duties, data.solver
    breaches, unchecked = int((data.violations["verdict"] == "breach").sum()), len(unchecked_rules(data))
    promised, met = promises(data, cover, form, w)
    money = sum(term.amount for term in data.cost if term.money)
    share = all_.short_hours / all_.needed_hours if all_.needed_hours else None
    people = w["sub_people"].format(
        people=len(np.unique(duties.agent)), all=len(data.agents), shifts=form.number(len(duties))
    )
    rows: list[tuple[str, str, str, str]] = [
        ("service", form.percent(all_.service), promised, "good" if met else "warn"),
        ("contacts", form.number(all_.contacts), w["sub_late"].format(late=form.number(all_.late)), "plain"),
        ("hours", form.hours(round(float(duties.paid.sum()) / 60) * 60), people, "plain"),
        ("short", form.number(all_.short_hours, 1), w["sub_short"].format(share=form.percent(share)),
         "good" if all_.short_hours < 0.05 else "warn"),
        ("breaches", form.number(breaches),
         w["sub_rules"].format(checked=len(data.rules) - unchecked, not_checked=unchecked), "bad" if breaches else "good"),
        ("cost", form.number(money), w["sub_cost"].format(currency=data.currency), "plain"),
        ("gap", form.percent(solver.gap), w["no_bound"] if solver.gap is None else status(data, w), "plain"),
    ]  # fmt: skip
    return [
        {"name": w[f"tile_{key}"], "value": value, "sub": sub, "tone": tone} for key, value, sub, tone in rows
    ]


def promises(data: ReportData, cover: Cover, form: Format, w: dict[str, str]) -> tuple[str, bool]:
    """The promise in words (or how many queues keep theirs), and whether all do."""
    met = [
        (cover.totals(k).service or 0) >= q.target_share
        for k, q in enumerate(data.queues)
        if cover.totals(k).contacts
    ]
    if len(data.queues) == 1:
        return w["sub_target"].format(target=target(data.queues[0], form)), all(met)
    return w["sub_targets"].format(met=sum(met), all=len(met)), all(met)


def summary(data: ReportData, cover: Cover, form: Format, w: dict[str, str]) -> list[str]:
    """The plan in a handful of sentences."""
    all_, runs, duties = cover.totals(), cover.short_runs(), data.rota.duties
    last, chinese = data.first_day + data.days - 1, data.language == "zh"
    said = [
        w["say_demand"].format(
            first=form.day(data.first_day, year=chinese), last=form.day(last, year=not chinese), contacts=form.number(all_.contacts),
            people=len(np.unique(duties.agent)), all=len(data.agents), shifts=form.number(len(duties)),
            hours=form.hours(round(float(duties.paid.sum()) / 60) * 60),
        )
    ]  # fmt: skip
    if all_.service is not None:
        said.append(w["say_service"].format(service=form.percent(all_.service), late=form.number(all_.late)))
    if runs:
        worst = {"when": form.window(runs[0].start, runs[0].end), "queue": data.queues[runs[0].queue].name}
        said.append(w["say_short"].format(hours=form.number(all_.short_hours, 1), **worst))
    else:
        said.append(w["say_enough"])
    breaches, unchecked = int((data.violations["verdict"] == "breach").sum()), len(unchecked_rules(data))
    said.append(w["say_breach"].format(count=breaches) if breaches else w["say_no_breach"])
    if unchecked:
        said.append(w["say_not_checked"].format(count=unchecked))
    if data.solver.gap is not None:
        said.append(w["say_gap"].format(gap=form.percent(data.solver.gap)))
    return said


def cover_row(name: str, totals: Totals, form: Format) -> View:
    """Sums as a table row shows them."""
    return {
        "name": name, "contacts": form.number(totals.contacts), "needed": form.number(totals.needed_hours, 1),
        "rostered": form.number(totals.rostered_hours, 1), "short": form.number(totals.short_hours, 1),
        "is_short": totals.short_hours >= 0.05, "service": form.percent(totals.service), "late": form.number(totals.late),
    }  # fmt: skip


def queue_rows(data: ReportData, cover: Cover, form: Format) -> list[View]:
    """Service planned against promised, queue by queue."""
    rows = []
    for k, queue in enumerate(data.queues):
        totals = cover.totals(k)
        met = totals.service is None or totals.service >= queue.target_share
        promise = {"client": queue.client, "promise": target(queue, form), "met": met}
        rows.append(cover_row(queue.name, totals, form) | promise)
    return rows


def day_blocks(data: ReportData, cover: Cover, form: Format, w: dict[str, str]) -> list[View]:
    """For all queues together, then for each: forecast days and staffing days with their total."""
    days = range(data.first_day, data.first_day + data.days)
    usual, mean = (
        _usual(data, days),
        on_grid(data.forecast, "offered", [q.name for q in data.queues], cover.starts, cover.step),
    )
    kinds: list[int | None] = [None] if len(data.queues) > 1 else []
    blocks = []
    for k in [*kinds, *range(len(data.queues))]:
        rows = slice(None) if k is None else slice(k, k + 1)
        forecast = []
        for n, day in enumerate(days):
            now, then = float(np.nansum(mean[rows][:, cover.days == day])), float(np.nansum(usual[rows, n]))
            change = now / then - 1 if then > 0 else None
            forecast.append(
                {
                    "name": form.day(day),
                    "now": form.number(now),
                    "then": form.number(then or None),
                    "change": form.signed(change),
                }
            )
        staffing = [cover_row(form.day(day), cover.totals(k, day), form) for day in days]
        name = w["all_queues"] if k is None else data.queues[k].name
        blocks.append(
            {
                "name": name,
                "forecast": forecast,
                "staffing": staffing,
                "total": cover_row(w["total"], cover.totals(k), form),
            }
        )
    return blocks


def _usual(data: ReportData, days: range) -> Floats:
    """Mean of the same weekdays in the last four weeks of history, shape (queues, days); NaN where there are none."""
    grid = past_grid(data)
    out = np.full((len(data.queues), len(days)), np.nan)
    if not grid.days:
        return out
    offered, local = past_offered(data, grid), grid.local_days()
    for n, day in enumerate(days):
        same = [
            d for d in np.unique(local) if (day - d) % 7 == 0 and not np.isnan(offered[:, local == d]).all()
        ][-4:]
        if same:
            out[:, n] = np.mean([np.nansum(offered[:, local == d], axis=1) for d in same], axis=0)
    return out


def heat(data: ReportData, cover: Cover, form: Format) -> View:
    """Shortage by day and time of all queues, cut to the hours in which anything is needed."""
    short, needed = np.nansum(cover.short, axis=0), np.nansum(cover.needed, axis=0)
    days = [np.flatnonzero(cover.days == day) for day in range(data.first_day, data.first_day + data.days)]
    used = [i for places in days for i, at in enumerate(places) if needed[at] > 0]
    low, high = (min(used), max(used) + 1) if used else (0, 0)
    rows = []
    for places in days:
        cells = [
            _heat_cell(int(cover.starts[at]), cover.step, float(short[at]), float(needed[at]), form)
            for at in places[low:high]
        ]
        rows.append({"day": form.day(int(cover.days[places[0]])), "cells": cells})
    every = max(120 // cover.step, 1)
    ticks = [
        (i, form.clock(int(cover.starts[at])))
        for i, at in enumerate(days[0][low:high])
        if (i + low) % every == 0
    ]
    return {"rows": rows, "width": high - low, "ticks": ticks, "any": bool((short >= 0.05).any())}


def _heat_cell(start: int, step: int, short: float, needed: float, form: Format) -> View:
    tone = "closed" if needed <= 0 else next((name for low, name in HEAT if short / needed > low), "met")
    return {
        "tone": tone,
        "title": f"{form.window(start, start + step)} · −{form.number(short, 1)} / {form.number(needed, 1)}",
    }


def short_rows(data: ReportData, runs: list[ShortRun], form: Format) -> list[View]:
    """The longest stretches of shortage with the reasons that cover them."""
    return [
        {
            "when": form.window(run.start, run.end), "queue": data.queues[run.queue].name,
            "needed": form.number(run.needed, 1), "rostered": form.number(run.rostered, 1),
            "short": form.number(run.short_hours, 1), "service": form.percent(run.service), "late": form.number(run.late),
            "why": _reasons(data, run),
        }
        for run in runs[:SHORT_ROWS]
    ]  # fmt: skip


def _reasons(data: ReportData, run: ShortRun) -> str:
    queue = data.queues[run.queue].name
    said = [
        s.why for s in data.shortfalls
        if s.start is not None and s.end is not None and s.start < run.end and s.end > run.start and s.queue in ("", queue)
    ]  # fmt: skip
    return " ".join(dict.fromkeys(said))
