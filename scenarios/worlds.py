"""One way of staffing the same days, played many times: what it costs, and how its customers fare on the day that matters."""

from dataclasses import dataclass, replace

import numpy as np

from centre.instants import from_timestamps
from scenarios.plan import Plan
from scenarios.replications import play
from scenarios.simulated_backup import paid_for
from scheduler.cost import MONEY
from scheduler.rota import Rota
from scheduler.rules.shared.call_outs import called_out
from scheduler.staffing.confidence import Estimate, mean, ratio

ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class World:
    """What one way of staffing comes to.

    Parameters
    ----------
    planned_cost : wages, overtime and planned call-outs of the rota
    live_cost : of call-outs by triggers, a replication
    share_in_time : on the peak day by queue, shape (queues,)
    met : share of replications in which every queue meets its target on the peak day
    met_by_queue : the same of each queue, shape (queues,)
    in_time_all_days : of all queues and days together
    planned_calls, live_calls : call-outs of people, planned, and by triggers a replication
    called_in : share of replications in which a trigger calls anybody
    """

    name: str
    queues: tuple[str, ...]
    planned_cost: float
    live_cost: Estimate
    share_in_time: Estimate
    met: Estimate
    met_by_queue: Estimate
    in_time_all_days: Estimate
    planned_calls: int
    live_calls: Estimate
    called_in: float

    @property
    def cost(self) -> float:
        """What is paid in all, expected."""
        return self.planned_cost + float(self.live_cost.mean)

    @property
    def calls(self) -> float:
        """Call-outs of people in all, expected."""
        return self.planned_calls + float(self.live_calls.mean)


def world(name: str, plan: Plan, times: int, seed: int, workers: int, peak_day: int) -> World:
    """Play a plan: its rota, and its backup pools by their triggers; ``peak_day`` is a day number."""
    played = play(plan.centre, plan.rota, plan.forecast, times, seed, workers, plan.requirement)
    within, offered = played.in_time()
    on_day = played.grid.local_days() == peak_day
    within_day, offered_day = within[:, :, on_day].sum(axis=2), offered[:, :, on_day].sum(axis=2)
    wanted = (offered * played.target_share)[:, :, on_day].sum(axis=2)
    met = within_day >= wanted - ROUNDING  # where nobody came, too
    paid = paid_for(
        played.result, plan.centre.settings.backup, played.floor.people, played.floor.pools, played.facts
    )
    people, cost = (
        sum((of_pool[part] for of_pool in paid.values()), np.zeros(times))
        for part in ("people_called", "cost")
    )
    return World(
        name,
        tuple(queue.name for queue in played.queues),
        sum(plan.solution.cost.get(term, 0.0) for term in MONEY),
        mean(cost), ratio(within_day, offered_day), mean(met.all(axis=1).astype(float)), mean(met.astype(float)),
        ratio(within.sum(axis=(1, 2)), offered.sum(axis=(1, 2))),
        planned_calls(plan.rota), mean(people), float((people > 0).mean()),
    )  # fmt: skip


def planned_calls(rota: Rota) -> int:
    """Call-outs that a rota plans."""
    return int(np.isin(np.arange(len(rota.duties)), rota.duty[called_out(rota)]).sum())


def without_call_outs(plan: Plan) -> Plan:
    """The plan with nobody called, neither in advance nor on the day."""
    centre = replace(plan.centre, settings=replace(plan.centre.settings, backup=()), backup=())
    outside = [person.agent_id for person in (plan.problem.people if plan.problem else ()) if person.outside]
    rota = plan.rota.narrowed(~called_out(plan.rota))
    cost = {term: amount for term, amount in plan.solution.cost.items() if term not in ("backup", "call_out")}
    agents = tuple(agent for agent in centre.agents if agent.agent_id not in set(outside))
    return replace(
        plan, centre=replace(centre, agents=agents), solution=replace(plan.solution, rota=rota, cost=cost)
    )


def busiest_day(plan: Plan) -> int:
    """Day number of the local day on which most is forecast."""
    at = from_timestamps(plan.forecast["interval_start"]) - plan.grid.start
    day = plan.grid.local_days()[at // plan.grid.interval_minutes] - plan.grid.first_day
    return plan.grid.first_day + int(
        np.bincount(day, plan.forecast["offered"].to_numpy(dtype=float)).argmax()
    )
