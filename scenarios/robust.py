"""One rota against many ways that demand may go: rotas made for the forecast, for the mean over the ways and for the worst of them, each
judged on other ways than it was made for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.errors import BadInput, Fault
from centre.instants import day_of
from scenarios.answers import service_figures
from scenarios.changes import Scenario
from scenarios.forecasting import Demand, path_rows
from scenarios.inputs import Inputs
from scenarios.plan import Plan, rota_plan, service_given
from scheduler.problem import cover_of
from scheduler.solution import Limits
from scheduler.terms import CoverPrices
from scheduler.uncertain_cover import cover_cost, mean_prices

Floats = NDArray[np.float64]
Measure = Literal["expected", "p90"]
Progress = Callable[[str], None]
WORST = 0.2
"""The share of the ways, those that require most, that the cautious rota is made for."""
ROUNDING = 1e-9
COVER_TERMS = ("shortage", "surplus", "below_minimum")
KEYS = ["interval_start", "queue"]
FIGURES = ("total_cost", "people_cost", "cover_cost", "agent_hours_short", "agent_hours_over", "service_level", "late_contacts",
           "intervals_on_target")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Candidate:
    """One rota, judged.

    Parameters
    ----------
    figures : `FIGURES` on each way, shape (ways,) each
    chance : of meeting its target, by row of the requirement, shape (rows,); NaN where no contact comes on any way
    short : agents missing to those required, mean over the ways, shape (rows,)
    """

    name: str
    plan: Plan
    figures: dict[str, Floats]
    chance: Floats
    short: Floats


@dataclass(frozen=True, eq=False)
class Robust:
    """All candidates, the rota of the forecast first, and which of them is chosen by the measure."""

    measure: Measure
    ways: int
    candidates: tuple[Candidate, ...]
    chosen: int


def robust(
    inputs: Inputs,
    demand: Demand,
    scenario: Scenario,
    ways: int,
    measure: Measure,
    limits: Limits,
    progress: Progress = lambda _: None,
) -> Robust:
    """Make rotas, judge them on as many other ways, and choose the one whose total cost is least: its mean, or what it is with 90 %.

    Parameters
    ----------
    demand : the forecast of ``inputs``, which the ways are drawn from
    scenario : changes made to every way
    ways : how many to make rotas for, and how many others to judge them on

    Raises
    ------
    BadInput
        as the chain does, and where targets count over days or weeks, for which an interval has no price of its own.
    """
    own, candidates = scenario.applied(inputs), list[Candidate]()
    if own.centre.settings.objective.service != "interval":
        expected = "interval: robust rotas price agents missing to each interval; --change set:objective.service=interval asks for it"
        raise BadInput([Fault("centre.toml", expected, own.centre.settings.objective.service)])
    progress(f"requirement of {ways} ways that demand may go, and of {ways} others")
    made_for, judged_on = (
        [
            scenario.applied(inputs.with_offered(offered)).requirement()
            for offered in path_rows(demand, ways, seed)
        ]
        for seed in (limits.seed, limits.seed + 1)
    )
    needed = own.requirement()
    for name, prices in _prices(own, made_for).items():
        progress(f"rota {name}")
        start = day_of(own.grid.first_day)
        made = rota_plan(
            own.centre,
            needed,
            start,
            own.grid.days,
            limits,
            forecast=own.forecast,
            prices=prices,
        )
        progress(f"rota {name}: judged on {ways} ways")
        candidates.append(judged(name, replace(made, forecast=own.forecast), judged_on))
    totals = [figure_of(each.figures["total_cost"], measure) for each in candidates]
    return Robust(measure, ways, tuple(candidates), int(np.argmin(totals)))


def _prices(inputs: Inputs, ways: Sequence[pd.DataFrame]) -> dict[str, CoverPrices | None]:
    """What cover is worth to each rota, by its name; None: what the requirement of the forecast asks."""
    settings, grid = inputs.centre.settings, inputs.grid
    queues = tuple(queue.name for queue in settings.queue)
    required = np.stack([cover_of(settings, needed, queues, grid)[0] for needed in ways])
    worst = np.argsort(-required.sum(axis=(1, 2)), kind="stable")[: max(1, round(WORST * len(ways)))]
    return {
        "forecast": None,
        "expected": mean_prices(required, settings.objective),
        "cautious": mean_prices(required[worst], settings.objective),
    }


def figure_of(values: Floats, measure: Measure) -> float:
    """The mean over the ways, or what the figure is at most in 90 of 100."""
    return float(values.mean() if measure == "expected" else np.quantile(values, 0.9))


def judged(name: str, plan: Plan, ways: Sequence[pd.DataFrame]) -> Candidate:
    """A plan's rota on each way: what cover costs there, the service, whether intervals meet their targets.

    Parameters
    ----------
    ways : a requirement each
    """
    of_people = sum(amount for term, amount in plan.solution.cost.items() if term not in COVER_TERMS)
    rows, keys = list[dict[str, float]](), pd.MultiIndex.from_frame(plan.requirement[KEYS])
    met, asked, short = (np.zeros(len(keys)) for _ in range(3))
    for needed in ways:
        seen = _seen(plan, needed)
        rows.append(_figures(seen, of_people, plan))
        place = keys.get_indexer(pd.MultiIndex.from_frame(seen[KEYS]))
        for counts, column in ((met, "on_target"), (asked, "comes"), (short, "missing")):
            np.add.at(counts, place[place >= 0], seen[column].to_numpy(dtype=float)[place >= 0])
    chance = np.divide(met, asked, out=np.full(len(met), np.nan), where=asked > 0)
    figures = {name: np.array([row[name] for row in rows]) for name in FIGURES}
    return Candidate(name, plan, figures, chance, short / len(ways))


def _seen(plan: Plan, needed: pd.DataFrame) -> pd.DataFrame:
    """Columns of ``coverage.csv`` on a way, with agents ``required``, ``there`` and ``missing``, whether anybody ``comes`` and whether the
    interval is ``on_target``.
    """
    assert plan.in_force is not None  # every plan of the chain has the settings in force
    settings = plan.centre.settings
    given = service_given(plan.centre, plan.rota, plan.onboarding, needed, plan.in_force)
    target = given["queue"].map({queue.name: queue.target_share for queue in settings.queue})
    required, there, comes = needed["agents_to_roster"], given["agents_effective"], needed["offered"] > 0
    return given.assign(
        required=required, there=there, missing=np.maximum(required - there, 0.0), comes=comes,
        on_target=comes & (given["service_level"] >= target - ROUNDING),
    )  # fmt: skip


def _figures(seen: pd.DataFrame, of_people: float, plan: Plan) -> dict[str, float]:
    """`FIGURES` of one way."""
    hours = plan.grid.interval_minutes / 60
    required, there = (seen[name].to_numpy(dtype=float) for name in ("required", "there"))
    cover = float(cover_cost(required, there, plan.centre.settings.objective).sum()) * hours
    served = service_figures(seen, seen["expected_contacts"], seen["agents_effective"])
    come = int(seen["comes"].sum())
    return {
        "total_cost": of_people + cover,
        "people_cost": of_people,
        "cover_cost": cover,
        "agent_hours_short": float(seen["missing"].sum()) * hours,
        "agent_hours_over": float(np.maximum(there - required, 0).sum()) * hours,
        "service_level": served["service_level"],
        "late_contacts": float(seen["expected_late"].sum()),
        "intervals_on_target": int(seen["on_target"].sum()) / come if come else 1.0,
    }
