"""What a comparison's page shows beside its charts, as words and rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from scenarios.change_words import scenario_words
from scenarios.compare import Comparison, Rows
from scenarios.figure_format import difference, told, unit_words
from scenarios.figure_words import COSTS, GROUP_WORDS, SERVICES, figure_words, told_order
from scenarios.report_words import Format

View = dict[str, Any]
SIDE_BY_SIDE = 5
"""Scenarios in one table."""
HEADLINE = ("contacts", "required_hours", "agent_hours_short", "overtime_hours", "call_outs", "breaches")
"""Figures of a scenario's headline, beside the service and the cost that are known best."""


@dataclass(frozen=True, slots=True)
class Told:
    """How a comparison was asked for, as its page says."""

    effort: int
    seed: int
    replications: int


def views(found: Comparison, asked: Told, form: Format, w: dict[str, str]) -> View:
    """Everything that the template shows besides charts."""
    count, grid = len(found.scenarios) - 1, found.inputs.grid
    names = shown_figures(found)
    return {
        "days": f"{form.day(grid.first_day, year=True)} – {form.day(grid.first_day + grid.days - 1, year=True)}",
        "lead": w["lead_one"] if count == 1 else w["lead"].format(count=count),
        "level": level_words(found, asked, w),
        "cards": list(cards(found, form, w)),
        "base_notes": found.answers[0].notes,
        "tables": list(tables(found, names, form, w)),
        "left_out": [
            figure_words(name).name(form.language) for name in told_order(set(found.rows(0)) - set(names))
        ],
        "basis": w["settings"].format(seed=asked.seed, effort=asked.effort),
        "inputs": sorted(found.inputs.centre.checksums.items()),
    }


def level_words(found: Comparison, asked: Told, w: dict[str, str]) -> str:
    """How the answers were found."""
    return w["level"].format(level=w[f"level_{found.level}"].format(count=asked.replications))


def shown_figures(found: Comparison) -> list[str]:
    """Figures in the order of the page; those that are nought in every scenario are left out where they are terms of cost."""
    every = [found.rows(k) for k in range(len(found.scenarios))]
    names = told_order(every[0])
    return [
        name for name in names if not name.startswith("cost_") or any(rows[name]["value"] for rows in every)
    ]


def headline_figures(found: Comparison) -> list[str]:
    """The figures that sum a scenario up, service and cost first."""
    known = found.rows(0)
    first = [next((name for name in names if name in known), "") for names in (SERVICES, COSTS)]
    return [name for name in (*first, *HEADLINE) if name in known]


def cards(found: Comparison, form: Format, w: dict[str, str]) -> Iterator[View]:
    """Each scenario with what changes and what comes of it."""
    for k, scenario in enumerate(found.scenarios[1:], 1):
        yield {
            "name": scenario.name, "words": scenario_words(scenario, form.language),
            "asked": [change.text for change in scenario.changes], "notes": found.answers[k].notes,
            "moved": list(moved(found.rows(k), headline_figures(found), form, w)),
        }  # fmt: skip


def moved(rows: Rows, names: Sequence[str], form: Format, w: dict[str, str]) -> Iterator[View]:
    """The figures that differ from the baseline, in words."""
    for name in names:
        words, change = figure_words(name), difference(rows[name], form)
        if change.kind == "same":
            continue
        unit = unit_words(words.unit, form)
        value = told(rows[name]["value"], words.unit, form)
        with_unit = f"{unit} {value}" if words.unit == "money" else f"{value} {unit}"
        sure = f"{change.share}{', ' if change.share and change.sure else ''}{change.sure}"
        text = f"{change.text} ({sure})" if sure else change.text
        yield {
            "text": w["from_to"].format(name=words.name(form.language), value=with_unit.strip(), change=text),
            "kind": "" if change.kind in ("moved", "unknown") else change.kind,
        }


def tables(found: Comparison, names: Sequence[str], form: Format, w: dict[str, str]) -> Iterator[View]:
    """Tables of a few scenarios each beside the baseline, figures by group."""
    count = len(found.scenarios) - 1
    pieces = -(-count // SIDE_BY_SIDE)
    size = -(-count // pieces)
    for first in range(1, count + 1, size):
        places = range(first, min(first + size, count + 1))
        rows = [found.rows(k) for k in (0, *places)]
        groups: dict[str, list[View]] = {}
        for name in names:
            group = GROUP_WORDS[figure_words(name).group][form.language == "zh"]
            groups.setdefault(group, []).append(figure_row(name, rows, form))
        yield {
            "caption": w["cap_figures"].format(first=places[0], last=places[-1]),
            "heads": [(k, found.scenarios[k].name) for k in places],
            "groups": [{"name": name, "rows": own} for name, own in groups.items()],
        }


def figure_row(name: str, rows: Sequence[Rows], form: Format) -> View:
    """One figure of the baseline and some scenarios; ``exact`` is the number as comparison.csv has it."""
    words = figure_words(name)
    cells = []
    for own in rows:
        value, change = own[name]["value"], difference(own[name], form)
        cells.append({
            "exact": exact(value), "text": told(value, words.unit, form),
            "difference": {
                "kind": change.kind, "text": change.text, "share": change.share, "sure": change.sure,
                "exact": exact(own[name]["difference"]),
            },
        })  # fmt: skip
    unit = "" if words.unit == "share" else unit_words(words.unit, form)
    return {
        "figure": name,
        "name": words.name(form.language),
        "unit": unit,
        "base": cells[0],
        "cells": cells[1:],
    }


def exact(value: float) -> str:
    """A number with all its digits; empty where it is not known."""
    return "" if value != value else repr(float(value))
