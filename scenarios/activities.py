"""Time off the queue in the chain: what the rota's people owe, placed where service loses least, and told."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.activities import Activity
from centre.folder import Centre
from centre.instants import day_of, from_timestamps, to_timestamps
from scheduler.activities.demand import Ask, asks_of
from scheduler.activities.desk import Cover, Desk
from scheduler.activities.placed import Placing, Quota
from scheduler.activities.placing import place
from scheduler.activities.sessions import with_sessions
from scheduler.problem import RotaProblem
from scheduler.rota import Rota
from scheduler.rules.facts import Facts
from scheduler.rules.rest_after_training import RestAfterTraining
from scheduler.rules.rule import Rule
from scheduler.service_prices import cover_prices, service_curves
from scheduler.terms import CoverPrices

Floats = NDArray[np.float64]
SESSIONS = ("session", "activity", "start", "end", "room", "leader", "agent_id")
QUOTAS = (
    *("who", "activity", "period", "due", "quota_minutes", "done_before_minutes", "placed_minutes"),
    *("left_minutes", "short_minutes", "reason"),
)
REASONS: dict[str, str] = {
    "on_leave": "they are on leave on all days that are left of its period",
    "no_hours": "they have no work on its days; ask for less, or plan more hours for them",
    "no_window": "no stretch of their work in its hours and days is free for so long; "
    "widen earliest, latest and days, or set a shorter part_minutes",
    "rest_after_training": "the next shift follows too soon; the rule rest-after-training stands in the way",
    "minimum_cover": "minimum cover would be broken; lower minimum_agents or a mix, or plan more people",
    "away_share": "too few of those meant are at work at a time; raise most_away_share or lower least_size",
    "group_too_small": "never enough of them are at work together; lower least_size",
    "no_leader": "nobody who may lead it is free; set leader_roles or leader_levels that people have, or name more people",
    "no_room": "no room is free; name more rooms",
}


@dataclass(frozen=True, eq=False)
class Activities:
    """What was placed in a rota, and the rota with it; ``beyond`` tells of people who owe more than they work, in sentences."""

    placing: Placing
    rota: Rota
    beyond: tuple[str, ...] = ()

    @property
    def sessions_table(self) -> pd.DataFrame:
        """The table of ``activities.csv``: a row for each person in each session."""
        rows = [
            (number, s.activity.text, s.start, s.end, s.room, s.leader, who)
            for number, s in enumerate(self.placing.sessions, start=1)
            for who in s.attendees
        ]
        table = pd.DataFrame(rows, columns=list(SESSIONS))
        for name in ("start", "end"):
            table[name] = to_timestamps(table[name].to_numpy(dtype=np.int64))
        return table

    @property
    def quota_table(self) -> pd.DataFrame:
        """The table of ``activity_quota.csv``."""
        rows = [
            (
                q.who, q.activity, q.period, day_of(q.due_day), q.quota_minutes, q.done_minutes, q.placed_minutes,
                q.left_minutes, q.short_minutes, q.reason,
            )
            for q in self.placing.quotas
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=list(QUOTAS))

    @property
    def told(self) -> dict[str, Any]:
        """Figures for ``plan.json``, hours of people."""
        return {
            "sessions": len(self.placing.sessions),
            "sessions_moved_to_better_places": self.placing.moved,
            "by_activity": [
                _figures(name, self.placing) for name in sorted({q.activity for q in self.placing.quotas})
            ],
        }

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is owed in the horizon and finds no place, by activity and reason, with what to change."""
        short: dict[tuple[str, str], list[Quota]] = {}
        for q in self.placing.quotas:
            if q.short_minutes:
                short.setdefault((q.activity, q.reason), []).append(q)
        return self.beyond + tuple(
            f"[[activity]] {name}: {sum(q.short_minutes for q in quotas) / 60:.1f} h of {len({q.who for q in quotas})} "
            f"who owe it find no place: {REASONS[reason]}"
            for (name, reason), quotas in sorted(short.items())
        )


def _figures(name: str, placing: Placing) -> dict[str, Any]:
    """One activity: what was owed, placed and left out, and what it took."""
    quotas = [q for q in placing.quotas if q.activity == name]
    sessions = [s for s in placing.sessions if s.activity.name == name]
    hours = {
        f"{part}_hours": round(sum(getattr(q, f"{part}_minutes") for q in quotas) / 60, 2)
        for part in ("quota", "done", "placed", "left", "short")
    }
    taken = sum((s.end - s.start) * (len(s.attendees) + bool(s.leader)) for s in sessions) / 60
    why = Counter(q.reason for q in quotas if q.short_minutes)
    return {
        "activity": name,
        "sessions": len(sessions),
        "agent_hours": round(taken, 2),
        **hours,
        "reasons": dict(sorted(why.items())),
    }


def placed_activities(
    centre: Centre,
    problem: RotaProblem,
    requirement: pd.DataFrame,
    rota: Rota,
    facts: Facts,
    rules: Sequence[Rule],
) -> Activities:
    """Place what people owe in a rota.

    Parameters
    ----------
    problem : what was asked of the solver
    """
    settings, grid = centre.settings, problem.grid
    worked = np.unique(rota.day[rota.is_kind("work")]).tolist()
    last = grid.first_day + grid.days - 1
    asks = asks_of(settings.activity, centre.agents, facts, worked, grid.first_day, last)
    desk = desk_of(centre, problem, requirement, rota)
    placing = place(desk, asks, settings.activity, centre.agents, _rest(rules))
    return Activities(placing, with_sessions(rota, placing.sessions), _beyond(asks, rota))


def desk_of(centre: Centre, problem: RotaProblem, requirement: pd.DataFrame, rota: Rota) -> Desk:
    """The state that sessions are placed on; arguments as of `placed_activities`."""
    cover = Cover(
        problem.queues, service_lost(problem, requirement, centre), needed_agents(problem, requirement), problem.minimum,
        problem.duty, tuple(person.agent_id for person in problem.people), centre.agents,
    )  # fmt: skip
    return Desk(rota, problem.grid, cover, lengths_of(centre.settings.activity))


def service_lost(problem: RotaProblem, requirement: pd.DataFrame, centre: Centre) -> CoverPrices:
    """What an agent away costs: contacts late by the shortage curves, at a price that makes them worth what the objective asks.

    A late contact costs so much that the last agent required saves the price of an agent missing, on average over the horizon. Work
    that may wait has no curve and is priced as the objective says.
    """
    usual = replace(problem, prices=None)
    curves = service_curves(requirement, centre.settings, problem.grid)
    if not len(curves.queue):
        return usual.cover_prices()
    need = problem.required[curves.queue, curves.interval]
    avoided = curves.late_with(need - 1.0) - curves.late_with(need)
    busy = curves.contacts > 0
    mean = float(avoided[busy].mean()) if busy.any() else 0.0
    hours = problem.grid.interval_minutes / 60
    price = problem.objective.shortage_per_agent_hour * hours / mean if mean > 0 else 0.0
    return cover_prices(usual, curves, np.full(len(curves.queue), price))


def needed_agents(problem: RotaProblem, requirement: pd.DataFrame) -> Floats:
    """Agents to roster, NaN where a queue is closed, shape (queues, intervals)."""
    grid, queues = problem.grid, {name: k for k, name in enumerate(problem.queues)}
    needed = np.full((len(queues), len(grid.starts)), np.nan)
    at = (from_timestamps(requirement["interval_start"]) - grid.start) // grid.interval_minutes
    inside = (at >= 0) & (at < needed.shape[1])
    queue = requirement["queue"].map(queues).to_numpy(dtype=np.int64)
    needed[queue[inside], at[inside]] = requirement["agents_to_roster"].to_numpy(dtype=float)[inside]
    return needed


def _beyond(asks: Sequence[Ask], rota: Rota) -> tuple[str, ...]:
    """Who owes more minutes in the horizon than they are at work."""
    work = rota.is_kind("work")
    there = np.bincount(rota.agent[work], (rota.end - rota.start)[work], minlength=len(rota.agent_ids))
    hours = dict(zip(rota.agent_ids, there.tolist(), strict=True))
    owed = Counter[str]()
    for ask in asks:
        if not ask.away and len(ask.people) == 1 and ask.owed.who in hours:
            owed[ask.owed.who] += ask.must * ask.part_minutes
    over = sorted(who for who, minutes in owed.items() if minutes > hours[who])
    if not over:
        return ()
    first = over[0]
    return (
        f"[[activity]]: {len(over)} owe more off the queue in the horizon than they work, the first {first}: "
        f"{owed[first] / 60:.1f} h of {hours[first] / 60:.1f} h; ask for less, or over a longer period",
    )


def lengths_of(activities: Sequence[Activity]) -> list[int]:
    """Lengths and times that the grid of slots must hold."""
    return [
        *(a.part_minutes or a.minutes for a in activities),
        *(a.at for a in activities if a.at is not None),
    ]


def _rest(rules: Sequence[Rule]) -> int:
    """Minutes of rest that training asks for before the next shift; 0 where no rule does."""
    return max((rule.minimum_minutes for rule in rules if isinstance(rule, RestAfterTraining)), default=0)
