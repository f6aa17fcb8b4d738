"""Rotas against many ways of demand, as tables, plain numbers and sentences."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from centre.instants import day_of
from scenarios.compare import paired
from scenarios.robust import FIGURES, Robust, figure_of

MARK = "robust.json"
WORDS = {"expected": "on the mean", "p90": "in 90 of 100 ways at most"}
AT = {"p10": 0.1, "p50": 0.5, "p90": 0.9}
UNLIKELY = 0.5


def figure_table(made: Robust) -> pd.DataFrame:
    """A row a rota and figure: over the ways its mean, 10, 50 and 90 % points, and the difference of the mean to the forecast's rota with
    its 95 % interval, way by way.
    """
    rows = list[dict[str, object]]()
    for each in made.candidates:
        for name in FIGURES:
            values, usual = each.figures[name], made.candidates[0].figures[name]
            known = np.isfinite(values)
            points = {
                point: float(np.quantile(values[known], at)) if known.any() else np.nan
                for point, at in AT.items()
            }
            low, high = paired(values.tolist(), usual.tolist())
            rows.append(
                {"rota": each.name, "figure": name, "mean": float(values.mean())}
                | points
                | {
                    "difference": float((values - usual).mean()),
                    "difference_low": low,
                    "difference_high": high,
                }
            )
    return pd.DataFrame(rows)


def chance_table(made: Robust) -> pd.DataFrame:
    """By rota, interval and queue: agents required for the forecast, agents there, agents missing on the mean, and how likely the
    interval meets its target.
    """
    parts = [
        each.plan.coverage[["interval_start", "queue", "agents_required", "agents_effective"]].assign(
            rota=each.name, agents_short=each.short, chance=each.chance
        )
        for each in made.candidates
    ]
    table = pd.concat(parts, ignore_index=True)
    return table[["rota", *(name for name in table.columns if name != "rota")]]


def figures(made: Robust) -> dict[str, Any]:
    """What ``robust.json`` holds."""
    plan = made.candidates[0].plan
    return {
        "start": day_of(plan.grid.first_day).isoformat(),
        "days": plan.grid.days,
        "measure": made.measure,
        "ways": made.ways,
        "chosen": made.candidates[made.chosen].name,
        "currency": plan.centre.settings.centre.currency,
        "effort": plan.limits.effort,
        "seed": plan.limits.seed,
        "rotas": [
            {
                "rota": each.name, "status": each.plan.solution.status, "gap": each.plan.solution.gap,
                "reproducible": each.plan.solution.reproducible, "breaches": len(each.plan.breaches),
                "unlikely_intervals": _unlikely(each.chance),
            }
            for each in made.candidates
        ],
    }  # fmt: skip


def sentences(made: Robust) -> Iterator[str]:
    """What was found, the chosen rota last."""
    usual = made.candidates[0].figures["total_cost"]
    for each in made.candidates:
        cost = each.figures["total_cost"]
        served, target = (
            100 * each.figures[name].mean() for name in ("service_level", "intervals_on_target")
        )
        low, high = paired(cost.tolist(), usual.tolist())
        beside = f"; {(cost - usual).mean():+,.0f} to the forecast's rota on the mean (95 %: {low:+,.0f} to {high:+,.0f})"
        yield (
            f"rota {each.name}: costs {figure_of(cost, made.measure):,.0f} {WORDS[made.measure]}, {served:.1f} % of contacts in time,"
            f" {target:.1f} % of intervals on target, {_unlikely(each.chance)} intervals that more often miss it"
            f"{'' if each is made.candidates[0] else beside}"
        )
    yield f"Chosen: rota {made.candidates[made.chosen].name}, on {made.ways} ways of demand that no rota was made for"


def _unlikely(chance: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> int:
    """Intervals whose target is missed more often than met."""
    return int((chance[np.isfinite(chance)] < UNLIKELY).sum())
