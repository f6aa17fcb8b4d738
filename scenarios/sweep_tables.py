"""What a sweep tells: every scenario in a row, which axis moves a figure how far, and the plans that are not beaten."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from scenarios.frontier import not_beaten
from scenarios.sweep import Row
from scenarios.sweep_file import Sweep

COSTS = ("paid_cost", "bound_cost", "staffing_cost")
SERVICE = "service_level"
SENSITIVITY = (
    *(
        "figure",
        "axis",
        "low_step",
        "high_step",
        "middle",
        "low",
        "high",
        "low_effect",
        "high_effect",
        "swing",
    ),
    "explained",
)
QUANTILES = (0.1, 0.5, 0.9)


def scenario_table(sweep: Sweep, rows: Sequence[Row]) -> pd.DataFrame:
    """One row a scenario, in the order of the sweep: its place on each axis, changes, status, reason, figures."""
    figures = figure_names(rows)
    table = [
        {
            "scenario": row.point.name,
            "level": sweep.level,
            **{f"axis_{axis.name}": _label(sweep, row, n) for n, axis in enumerate(sweep.axes)},
            "changes": "; ".join(row.point.changes),
            "demand_path": row.point.path or "",
            "status": "failed" if "reason" in row.result else "done",
            "reason": " / ".join(str(row.result.get("reason", "")).splitlines()),
            "key": row.key,
            **{name: value_of(row, name) for name in figures},
        }
        for row in rows
    ]
    return pd.DataFrame(table)


def figure_names(rows: Sequence[Row]) -> list[str]:
    """The figures of all scenarios, in the order in which they are told."""
    return list(dict.fromkeys(name for row in rows for name in row.result.get("figures", ())))


def _label(sweep: Sweep, row: Row, axis: int) -> str:
    return sweep.axes[axis].steps[row.point.place[axis]].label if row.point.place else ""


def value_of(row: Row, name: str) -> float:
    """A figure of a scenario; NaN where it has none."""
    value = row.result.get("figures", {}).get(name)
    return math.nan if value is None else float(value)


def sensitivity(sweep: Sweep, rows: Sequence[Row]) -> pd.DataFrame:
    """What each figure is at the first and the last step of each axis, all others at their middle; the widest first within a figure.

    The middle step of an even number is the later of the two.
    """
    at = {row.point.place: row for row in rows if row.point.place}
    middle = tuple(len(axis.steps) // 2 for axis in sweep.axes)
    table = list[dict[str, Any]]()
    for name in figure_names(rows):
        for n, axis in enumerate(sweep.axes):
            ends = [(*middle[:n], k, *middle[n + 1 :]) for k in (0, len(axis.steps) - 1)]
            centre, low, high = (value_of(at[place], name) for place in (middle, *ends))
            table.append(
                dict(zip(SENSITIVITY, (
                    name, axis.name, axis.steps[0].label, axis.steps[-1].label, centre, low, high,
                    low - centre, high - centre, abs(high - low), 1.0,
                ), strict=True))
            )  # fmt: skip
    return sorted_by_swing(pd.DataFrame(table, columns=[*SENSITIVITY]), figure_names(rows))


def sorted_by_swing(found: pd.DataFrame, figures: Sequence[str]) -> pd.DataFrame:
    """Rows of the sensitivity in the order of the figures, the widest first within one."""
    rank = found["figure"].map({name: n for n, name in enumerate(figures)})
    return (
        found.assign(rank=rank)
        .sort_values(["rank", "swing"], ascending=[True, False], kind="stable")
        .drop(columns="rank")
        .reset_index(drop=True)
    )


def frontier(rows: Sequence[Row]) -> pd.DataFrame:
    """Scenarios that no other beats: none costs no more and serves no worse, with one of the two better; the cheapest first."""
    cost = next((name for name in COSTS if name in figure_names(rows)), COSTS[-1])
    known = [(row, value_of(row, cost), value_of(row, SERVICE)) for row in rows]
    known = [each for each in known if math.isfinite(each[1]) and math.isfinite(each[2])]
    kept = [
        {"scenario": row.point.name, cost: price, SERVICE: service, "changes": "; ".join(row.point.changes)}
        for row, price, service in (known[k] for k in not_beaten([each[1:] for each in known]))
    ]
    return pd.DataFrame(kept, columns=["scenario", cost, SERVICE, "changes"])


def quantiles(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """Of the sampled scenarios that were done: the 10, 50 and 90 % points of every figure."""
    drawn = [row for row in rows if row.point.sample and row.result]
    found = {}
    for name in figure_names(drawn):
        values = np.array([value_of(row, name) for row in drawn])
        values = values[np.isfinite(values)]
        if len(values):
            points = np.quantile(values, QUANTILES)
            found[name] = {
                f"p{100 * q:.0f}": float(value) for q, value in zip(QUANTILES, points, strict=True)
            }
    return found
