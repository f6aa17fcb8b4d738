"""sweep.html: what a sweep tells on one page, in English or Chinese: sensitivity, plans that are not beaten, the sample, what failed.

It stands in the shell of `scenarios.comparison_page`; its numbers are those of `scenarios.sweep_tables`.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from centre.folder import Centre
from centre.instants import day_number
from scenarios.answers import REPLICATIONS
from scenarios.comparison_bars import tornado
from scenarios.comparison_page import whatif_page
from scenarios.comparison_plots import Dot, scatter
from scenarios.comparison_words import words
from scenarios.figure_format import told, unit_words
from scenarios.figure_words import COSTS, figure_words, told_order
from scenarios.report_data import Language
from scenarios.report_words import Format
from scenarios.sweep_file import Sweep

View = dict[str, Any]
TORNADOS = ("service_level", *COSTS, "bound_cost", "required_hours")
"""Figures whose sensitivity is drawn, where they are known."""
LISTED = (
    "contacts",
    "required_hours",
    "service_level",
    "paid_cost",
    "staffing_cost",
    "bound_cost",
    "agent_hours_short",
    "breaches",
)
"""Figures of the table of all scenarios, where they are known."""
MOST_ROWS, MOST_DOTS, MOST_NUMBERED = 500, 5_000, 20


@dataclass(frozen=True, eq=False)
class SweepTold:
    """A sweep's tables as `scenarios.sweep_tables` makes them, and the centre they are about."""

    sweep: Sweep
    centre: Centre
    scenarios: pd.DataFrame
    sensitivity: pd.DataFrame
    frontier: pd.DataFrame
    quantiles: dict[str, dict[str, float]]

    @property
    def cost(self) -> str:
        """The figure that the frontier takes for cost."""
        return str(self.frontier.columns[1])

    @property
    def service(self) -> str:
        """The figure that the frontier takes for service."""
        return str(self.frontier.columns[2])

    def format(self, language: Language) -> Format:
        """How its page writes; money in the currency that centre.toml tells, if any."""
        currency = str(self.centre.raw.get("centre", {}).get("currency", ""))
        return Format(language, self.centre.settings.centre.timezone, currency)


def render_sweep(found: SweepTold, language: Language = "en") -> str:
    """The whole page as HTML text; names may hold anything."""
    form, w = found.format(language), words(language)
    shown = _Views(found, form, w).views()
    sections = ["overview", "tornado", "frontier", "sample", "scenarios", "failed"]
    title = w["title_sweep"].format(name=found.centre.settings.centre.name)
    return whatif_page(
        "sweep.html.jinja", title, form, w, [name for name in sections if shown.get(name, True)], shown
    )


class _Views:
    """What the template shows of one sweep."""

    def __init__(self, found: SweepTold, form: Format, w: dict[str, str]) -> None:
        self.found, self.form, self.w = found, form, w
        self.done = found.scenarios[found.scenarios["status"] == "done"]

    def views(self) -> View:
        """Everything."""
        found, sweep, form, w = self.found, self.found.sweep, self.form, self.w
        first, count = day_number(sweep.start), len(found.scenarios)
        names = [name for name in LISTED if name in found.scenarios]
        return {
            "days": f"{form.day(first, year=True)} – {form.day(first + sweep.days - 1, year=True)}",
            "lead": w["sweep_lead"].format(
                count=form.number(count), done=form.number(len(self.done)), failed=form.number(count - len(self.done)),
                best=form.number(len(found.frontier)),
            ),
            "level": w["level"].format(level=w[f"level_{sweep.level}"].format(count=REPLICATIONS)),
            "tornados": list(self.tornados()), "frontier": self.frontier(), "best": list(self.best()),
            "axes": self.heads((found.cost, found.service)), "sample": list(self.sample()), "count": form.number(count),
            "shown": form.number(min(count, MOST_ROWS)), "columns": self.heads(names),
            "rows": [
                {"name": row["scenario"], "cells": self.cells(row, names)}
                for row in found.scenarios.head(MOST_ROWS).to_dict("records")
            ],
            "failed": [
                {"name": row["scenario"], "changes": row["changes"], "reason": row["reason"]}
                for row in found.scenarios[found.scenarios["status"] == "failed"].head(MOST_ROWS).to_dict("records")
            ],
        }  # fmt: skip

    def heads(self, names: Sequence[str]) -> list[str]:
        """Names of figures with their units."""
        found = []
        for name in names:
            words_ = figure_words(name)
            unit = "" if words_.unit == "share" else unit_words(words_.unit, self.form)
            found.append(words_.name(self.form.language) + (f" ({unit})" if unit else ""))
        return found

    def cells(self, row: Any, names: Sequence[str]) -> list[str]:
        """Figures of one scenario."""
        return [told(row[name], figure_words(name).unit, self.form) for name in names]

    def tornados(self) -> Iterator[View]:
        """The sensitivity of a few figures, drawn and in a table."""
        for name in TORNADOS:
            rows = self.found.sensitivity[self.found.sensitivity["figure"] == name].to_dict("records")
            if not rows:
                continue
            words_ = figure_words(name)
            title, unit = words_.name(self.form.language), words_.unit
            bars = [
                (r["axis"], r["middle"], r["low"], r["high"], r["low_step"], r["high_step"]) for r in rows
            ]
            known = any(math.isfinite(value) for bar in bars for value in bar[1:4])
            yield {
                "figure": name, "name": title, "unit": "" if unit == "share" else unit_words(unit, self.form),
                "chart": tornado(bars, words_, self.form, self.w["alt_tornado"].format(measure=title)) if known else "",
                "rows": [
                    {
                        "axis": r["axis"], "low_step": r["low_step"], "high_step": r["high_step"],
                        **{key: told(r[key], unit, self.form) for key in ("low", "middle", "high", "swing")},
                    }
                    for r in rows
                ],
            }  # fmt: skip

    def frontier(self) -> Markup | None:
        """Every scenario with cost and service, those not beaten joined; None where there is none."""
        cost, service = self.found.cost, self.found.service
        if not len(self.found.frontier):
            return None
        known = self.done[[cost, service]].notna().all(axis=1)
        table = self.done[known]
        best = {name: n for n, name in enumerate(self.found.frontier["scenario"], 1)}
        rest = table[~table["scenario"].isin(list(best))].head(MOST_DOTS)
        shown = pd.concat([rest, table[table["scenario"].isin(list(best))]])
        dots = []
        for name, x, y in zip(shown["scenario"], shown[cost], shown[service], strict=True):
            text = f"{name}: {told(x, 'money', self.form)}, {told(y, 'share', self.form)}"
            dots.append(
                Dot(
                    self.number(best.get(name, 0)),
                    text,
                    float(x),
                    float(y),
                    "best" if name in best else "beaten",
                )
            )
        place = {name: k for k, name in enumerate(shown["scenario"])}
        axes = figure_words(cost), figure_words(service)
        return scatter(dots, [place[name] for name in best], axes, self.form, self.w["alt_sweep_frontier"])

    def number(self, number: int) -> str:
        """The number of a plan that is not beaten, where they are few enough to be told apart."""
        return str(number) if number > 0 and len(self.found.frontier) <= MOST_NUMBERED else ""

    def best(self) -> Iterator[View]:
        """The plans that are not beaten, the cheapest first."""
        for n, row in enumerate(self.found.frontier.to_dict("records"), 1):
            yield {
                "number": self.number(n), "name": row["scenario"], "changes": row["changes"],
                "cells": self.cells(row, (self.found.cost, self.found.service)),
            }  # fmt: skip

    def sample(self) -> Iterator[View]:
        """Quantiles of every figure over the sample."""
        for name in told_order(self.found.quantiles):
            words_ = figure_words(name)
            yield {
                "name": words_.name(self.form.language), "unit": "" if words_.unit == "share" else unit_words(words_.unit, self.form),
                "cells": [told(value, words_.unit, self.form) for value in self.found.quantiles[name].values()],
            }  # fmt: skip
