"""The charts of a comparison's page: which scenario is drawn over the baseline, and where it is like it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
from markupsafe import Markup

from centre.instants import day_number
from scenarios.compare import Comparison
from scenarios.comparison_bars import Whisker, differences_chart
from scenarios.comparison_days import Floats, by_clock, daily
from scenarios.comparison_plots import (
    Clocks,
    Dot,
    day_chart,
    interval_chart,
    scatter,
)
from scenarios.figure_format import difference, told
from scenarios.figure_words import COSTS, SERVICES, figure_words
from scenarios.frontier import not_beaten
from scenarios.report_words import Format

MEASURES = ("offered", "agents_required", "agents_rostered")
"""Columns of `Answer.by_interval` that are drawn, where it has them."""
DIFFERENCES = (
    "simulated_service_level",
    "simulated_abandonment",
    "service_level",
    "asa_seconds",
    "paid_cost",
    "staffing_cost",
    "required_hours",
)
View = dict[str, Any]
Multiple = tuple[int, str, Markup]


class ChartViews:
    """Charts of one comparison in one language."""

    def __init__(self, found: Comparison, form: Format, w: dict[str, str]) -> None:
        self.found, self.form, self.w = found, form, w
        self.grid = found.inputs.grid
        self.names = [scenario.name for scenario in found.scenarios]

    def views(self) -> View:
        """Every chart, and the table of days."""
        zone, days = self.form.zone.key, self._clocks("offered")
        about = (
            self.w["p_intervals"].format(zone=zone)
            if len(days.days)
            else self.w["p_intervals_mean"].format(zone=zone, days=len(days.rows))
        )
        contacts = {rows["contacts"]["value"] for rows in map(self.found.rows, range(len(self.names)))}
        played = bool(self.found.answers[0].samples)
        return {
            "intervals_about": about,
            "measures": [
                self._measure(column) for column in MEASURES if column in self.found.answers[0].by_interval
            ],
            "frontier": self._frontier(),
            "demand_differs": len(contacts) > 1,
            "differences": list(self._differences()),
            "differences_about": self.w["p_differences" if played else "p_differences_plain"],
        } | self._days()

    def _tables(self, column: str) -> list[Floats]:
        """A column of every scenario, shape (days, intervals of a day)."""
        return [by_clock(answer.by_interval, self.grid, column)[1] for answer in self.found.answers]

    def _clocks(self, column: str) -> Clocks:
        every = np.concatenate([table[None] for table in self._tables(column)])
        known = np.where(np.isnan(every).all(axis=0), np.nan, 0.0)
        return Clocks.of(self.grid.first_day + np.arange(self.grid.days), known, self.grid.interval_minutes)

    def _measure(self, column: str) -> View:
        """A small chart for each scenario that differs from the baseline, and the names of those that do not."""
        clocks, name = self._clocks(column), self.w[f"i_{column}"]
        base, *others = (clocks.line(table) for table in self._tables(column))
        top = max(
            (float(np.nanmax(line)) for line in (base, *others) if np.isfinite(line).any()), default=0.0
        )
        differs = [not np.array_equal(line, base, equal_nan=True) for line in others]
        charts = [
            (
                k,
                self.names[k],
                interval_chart(
                    line,
                    base,
                    clocks,
                    top,
                    self.form,
                    self.w["alt_interval"].format(measure=name, name=self.names[k]),
                ),
            )
            for k, (line, moved) in enumerate(zip(others, differs, strict=True), 1)
            if moved
        ]
        alike = [self.names[k] for k, moved in enumerate(differs, 1) if not moved]
        return {"name": name, "charts": charts, "alike": alike}

    def _days(self) -> View:
        """Service of each day: small charts and rows."""
        tables = [
            daily(answer.by_interval, self.grid).set_index("date")["service_level"]
            for answer in self.found.answers
        ]
        dates = sorted(set().union(*(table.index for table in tables)))
        days = [day_number(date.fromisoformat(each)) for each in dates]
        base, *others = (table.reindex(dates).to_numpy(dtype=float) for table in tables)
        known = np.concatenate([base, *others])
        least = float(np.nanmin(known)) if np.isfinite(known).any() else 0.0
        low = next((1 - 4 * step for step in (0.025, 0.05, 0.1, 0.2) if 1 - 4 * step <= least - 0.005), 0.0)
        charts = [
            (
                k,
                self.names[k],
                day_chart(line, base, days, low, self.form, self.w["alt_day"].format(name=self.names[k])),
            )
            for k, line in enumerate(others, 1)
        ]
        rows = [
            {"day": self.form.day(day), "cells": [self.form.percent(line[n], 2) for line in (base, *others)]}
            for n, day in enumerate(days)
        ]
        return {"day_charts": charts, "day_rows": rows}

    def _frontier(self) -> Markup | None:
        """Cost against service; None where one of the two is not known."""
        every = [self.found.rows(k) for k in range(len(self.names))]
        cost, service = (
            next((name for name in names if name in every[0]), "") for names in (COSTS, SERVICES)
        )
        if not cost or not service:
            return None
        points = [(k, rows[cost]["value"], rows[service]["value"]) for k, rows in enumerate(every)]
        points = [point for point in points if np.isfinite(point[1:]).all()]
        if not points:
            return None
        axes = figure_words(cost), figure_words(service)
        usual = [
            n
            for n, (k, *_) in enumerate(points)
            if every[k]["contacts"]["value"] == every[0]["contacts"]["value"]
        ]
        best = [usual[n] for n in not_beaten([points[n][1:] for n in usual])]
        dots = [
            Dot(
                str(k) if k else "",
                f"{self.names[k] if k else self.w['baseline']}: {told(x, 'money', self.form)}, {told(y, 'share', self.form)}",
                x,
                y,
                "baseline" if not k else "best" if n in best else "beaten",
            )
            for n, (k, x, y) in enumerate(points)
        ]
        return scatter(dots, best, axes, self.form, self.w["alt_frontier"])

    def _differences(self) -> Iterator[tuple[str, Markup]]:
        """A chart for each of a few figures; those that were played where there are any."""
        every = [self.found.rows(k) for k in range(1, len(self.names))]
        for name in self._drawn():
            words = figure_words(name)
            rows = [
                Whisker(
                    f"{k} {self.names[k]}",
                    own[name]["difference"],
                    own[name]["difference_low"],
                    own[name]["difference_high"],
                    difference(own[name], self.form).kind,
                )
                for k, own in enumerate(every, 1)
            ]
            if any(np.isfinite(row.value) for row in rows):
                label = self.w["alt_differences"].format(measure=words.name(self.form.language))
                yield words.name(self.form.language), differences_chart(rows, words, self.form, label)

    def _drawn(self) -> list[str]:
        played = [name for name in DIFFERENCES if name in self.found.answers[0].samples]
        return [
            name
            for name in DIFFERENCES
            if name in self.found.rows(0) and (not played or name not in ("service_level", "staffing_cost"))
        ]
