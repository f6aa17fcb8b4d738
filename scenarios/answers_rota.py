"""Answers that need people's shifts: a bound on what any rota costs, a rota, and a rota played contact by contact."""

from dataclasses import replace

import numpy as np

from centre.instants import day_of
from scenarios.answers import Answer, service_figures, staffing
from scenarios.asked import asked_of
from scenarios.figures import total_service
from scenarios.inputs import Inputs
from scenarios.people_figures import people_of_rota
from scenarios.plan import Plan, rota_plan
from scenarios.replications import Replications, play
from scheduler.cost import MONEY
from scheduler.rules.shared.call_outs import call_outs
from scheduler.solution import Limits
from scheduler.solve import least_cost
from scheduler.staffing.confidence import mean

KNOWN_FIGURES = ("agent_hours_short", "service_level")


def bound(inputs: Inputs) -> Answer:
    """What staffing says, and that no rota costs less than ``bound_cost``: the linear programme of the whole rota."""
    found = staffing(inputs)
    asked = asked_of(inputs.centre, found.by_interval, day_of(inputs.grid.first_day), inputs.grid.days)
    least, fixed, stuck = least_cost(asked.problem)
    figures = found.figures | {
        "bound_cost": least,
        "fixed_cost": fixed,
        "bound_controllable_cost": least - fixed,
    }
    notes = (f"{len(stuck)} people have no lawful line and are left out of the bound",) if stuck else ()
    return replace(found, level="bound", figures=figures, notes=(*found.notes, *notes))


def rota(inputs: Inputs, limits: Limits) -> Answer:
    """What staffing says, with the service, cost, rest and overtime of a rota in place of what would be required."""
    return _with_rota(inputs, limits)[0]


def _with_rota(inputs: Inputs, limits: Limits) -> tuple[Answer, Plan]:
    found = staffing(inputs)
    made = rota_plan(
        inputs.centre,
        found.by_interval,
        day_of(inputs.grid.first_day),
        inputs.grid.days,
        limits,
        forecast=inputs.forecast,
    )
    table = made.coverage
    served = service_figures(table, table["expected_contacts"], table["agents_effective"])
    told = total_service(made)
    figures = found.figures | {name: value for name, value in served.items() if name != "contacts"}
    figures |= {name: float("nan") if told[name] is None else float(told[name]) for name in KNOWN_FIGURES}
    figures |= _money(made) | _people(made) | people_of_rota(made)
    notes = [] if made.solution.reproducible else ["a clock cut the search: the rota is not reproducible"]
    if made.solution.status == "clash":
        notes.append("rules, contracts and minimum cover clash: " + made.solution.clashes[0].sentence)
    there = table.drop(columns="agents_required").rename(columns={name: f"rota_{name}" for name in SERVED})
    by_interval = found.by_interval.merge(there, on=["interval_start", "queue"], how="left")
    return replace(
        found, level="rota", figures=figures, by_interval=by_interval, notes=(*found.notes, *notes)
    ), made


SERVED = ("service_level", "asa_seconds", "abandonment", "occupancy")


def _money(made: Plan) -> dict[str, float]:
    """The rota's cost by term, what of it is paid, and how near it is to the best."""
    solution = made.solution
    terms = {f"cost_{name}": amount for name, amount in solution.cost.items()}
    return terms | {
        "paid_cost": sum(amount for name, amount in solution.cost.items() if name in MONEY),
        "weighed_cost": solution.objective,
        "bound_cost": solution.bound,
        "fixed_cost": solution.fixed_cost,
        "gap": solution.gap,
    }


def _people(made: Plan) -> dict[str, float]:
    """Hours rostered, shifts, call-outs and breaches."""
    duties = made.rota.duties
    return {
        "rostered_hours": float(duties.paid.sum()) / 60,
        "shifts": float(len(duties)),
        "call_outs": float(len(call_outs(made.rota))),
        "breaches": float(len(made.breaches)),
    }


def simulated(inputs: Inputs, limits: Limits, replications: int) -> Answer:
    """What a rota says, its service played contact by contact: the same customers in every scenario of one seed."""
    found, made = _with_rota(inputs, limits)
    played = play(
        made.centre, made.rota, inputs.forecast, replications, limits.seed, limits.workers, made.requirement
    )
    by_replication = {f"simulated_{name}": tuple(values.tolist()) for name, values in samples(played).items()}
    means = {name: float(mean(np.array(values)).mean) for name, values in by_replication.items()}
    return replace(found, level="simulated", figures=found.figures | means, samples=by_replication)


def samples(played: Replications) -> dict[str, "np.ndarray[tuple[int], np.dtype[np.float64]]"]:
    """What all contacts together met in each replication, shape (replications,) each: share in time, wait, share abandoned, occupancy.

    Where nobody came all are in time and nobody waited.
    """
    above, below = (each.sum(axis=(1, 2)) for each in played.in_time())
    names = ("offered", "abandoned", "answered", "answered_wait_s")
    offered, gone, answered, waited = (played.result.count(name).sum(axis=(1, 2)) for name in names)
    parts = {
        "service_level": (above, below),
        "asa_seconds": (waited, answered),
        "abandonment": (gone, offered),
        "occupancy": (played.result.busy_s.sum(axis=1), played.result.staffed_s.sum(axis=1)),
    }
    return {
        name: np.divide(part, whole, out=np.full_like(part, name == "service_level"), where=whole > 0)
        for name, (part, whole) in parts.items()
    }
