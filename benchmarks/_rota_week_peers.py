"""The weeks of `_rota_weeks` as a textbook CP-SAT model and as pyworkforce can be told of them.

Neither places breaks: each shift has its breaks in the middle of their windows. The textbook model has a boolean for each person, day
and shift, at most one a day, hours and days of the contract, rest as one clause for each pair of shifts too close, people with several
skills shared out interval by interval, and the same prices as ours. pyworkforce knows one skill, shifts inside one day, one length of
week for everybody and no price: each queue is split among teams of one contract, `MinAbsDifference` says how many work each shift,
`MinHoursRoster` who.
"""

import time
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import pandas as pd
from _rota_weeks import Floats, Week
from ortools.sat.python import cp_model

from centre.instants import day_of, from_minutes
from scheduler.problem import PlannedPerson, RotaProblem
from scheduler.rota import COLUMNS, Rota
from scheduler.rules.primitives import AllowedShifts, BoundedSum, ForbiddenDay, ForbiddenTime, MinimumRest
from scheduler.shifts import CandidateShift

SCALE = 20
"""Prices are whole numbers of twentieths, cover of tenths of an agent."""
Line = dict[tuple[str, int], int]
"""Shift number by person and day."""


def fixed_breaks(shift: CandidateShift) -> list[tuple[int, int]]:
    """UTC minutes of a shift's breaks, each in the middle of its window, on its steps."""
    places = []
    for pause in shift.template.breaks:
        steps = (pause.latest_minutes - pause.earliest_minutes) // pause.step_minutes
        at = shift.start + pause.earliest_minutes + steps // 2 * pause.step_minutes
        places.append((at, at + pause.minutes))
    return places


def rota_of(problem: RotaProblem, line: Line) -> Rota:
    """The rota of who works what, breaks in the middle."""
    rows = []
    for (agent_id, _), number in sorted(line.items()):
        shift = problem.shifts[number]
        cuts = [shift.start, *(edge for span in fixed_breaks(shift) for edge in span), shift.end]
        kinds = ["work:*", *(kind for b in shift.template.breaks for kind in (b.kind, "work:*"))]
        paid = [True, *(flag for b in shift.template.breaks for flag in (b.paid, True))]
        for (start, end), kind, is_paid in zip(pairwise(cuts), kinds, paid, strict=True):
            rows.append((agent_id, day_of(shift.day), from_minutes(start), from_minutes(end), kind,
                         shift.template.name, is_paid))  # fmt: skip
    return Rota.from_frame(pd.DataFrame(rows, columns=list(COLUMNS)).astype({"paid": bool}))


def usable(problem: RotaProblem, person: PlannedPerson) -> list[int]:
    """Shifts that the contract has and that no leave and no work carried in forbids."""

    def stands(shift: CandidateShift) -> bool:
        for primitive in person.primitives:
            match primitive:
                case AllowedShifts(names) if shift.template.name not in names:
                    return False
                case ForbiddenTime(start, end) if shift.start < end and shift.end > start:
                    return False
                case ForbiddenDay(day) if shift.day == day:
                    return False
        return True

    return [k for k, shift in enumerate(problem.shifts) if stands(shift)]


def presence(problem: RotaProblem) -> Floats:
    """1 where a shift is at work in an interval, shape (shifts, intervals)."""
    grid, starts = problem.grid, problem.grid.starts
    at_work = np.zeros((len(problem.shifts), len(starts)))
    for k, shift in enumerate(problem.shifts):
        at_work[k] = (starts >= shift.start) & (starts + grid.interval_minutes <= shift.end)
        for begin, end in fixed_breaks(shift):
            at_work[k, (starts >= begin) & (starts < end)] = 0.0
    return at_work


def by_textbook(week: Week, seconds: float, workers: int, seed: int = 1) -> tuple[Rota | None, str, float]:
    """The rota of the textbook model, what the solver says, and the seconds that writing the model down took."""
    began = time.perf_counter()
    problem, model = week.problem, cp_model.CpModel()
    works = {
        (who, k): model.new_bool_var("")
        for who, person in enumerate(problem.people)
        for k in usable(problem, person)
    }
    cost = [
        round(SCALE * person.cost_per_minute * problem.shifts[k].paid_minutes) * works[who, k]
        for who, person in enumerate(problem.people)
        for k in range(len(problem.shifts))
        if (who, k) in works
    ]
    for who, person in enumerate(problem.people):
        mine = [k for k in range(len(problem.shifts)) if (who, k) in works]
        _own_rules(model, problem, person, who, mine, works)
        cost += _wishes(model, problem, person, who, mine, works)
    cost += _cover(model, problem, works)
    model.minimize(sum(cost))
    built = time.perf_counter() - began
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None, solver.status_name(status), built
    line = {
        (problem.people[who].agent_id, problem.shifts[k].day): k
        for (who, k), variable in works.items()
        if solver.value(variable)
    }
    said = f"{solver.status_name(status)}, bound {solver.best_objective_bound / SCALE:,.0f}"
    return rota_of(problem, line), said, built


def _own_rules(
    model: cp_model.CpModel, problem: RotaProblem, person: PlannedPerson, who: int, mine: list[int],
    works: dict[tuple[int, int], cp_model.IntVar],
) -> None:  # fmt: skip
    """One shift a day, sums of the contract, rest pair by pair."""
    by_day: dict[int, list[int]] = defaultdict(list)
    for k in mine:
        by_day[problem.shifts[k].day].append(k)
    for numbers in by_day.values():
        model.add_at_most_one(works[who, k] for k in numbers)
    for primitive in person.primitives:
        if isinstance(primitive, BoundedSum):
            inside = [k for k in mine if primitive.first_day <= problem.shifts[k].day <= primitive.last_day]
            amount = sum(
                (1 if primitive.measure == "shifts" else int(getattr(problem.shifts[k], primitive.measure)))
                * works[who, k]
                for k in inside
            )
            if inside:
                high = 100_000 if primitive.high is None else primitive.high
                model.add_linear_constraint(amount, primitive.low or 0, high)
        if isinstance(primitive, MinimumRest):
            for k in mine:
                first = problem.shifts[k]
                for other in by_day.get(first.day + 1, ()):
                    if problem.shifts[other].start < first.end + primitive.minutes:
                        model.add_bool_or(~works[who, k], ~works[who, other])


def _wishes(
    model: cp_model.CpModel, problem: RotaProblem, person: PlannedPerson, who: int, mine: list[int],
    works: dict[tuple[int, int], cp_model.IntVar],
) -> list[cp_model.LinearExpr]:  # fmt: skip
    """Prices of refused wishes."""
    told = []
    for wish in person.wishes:
        meant = [
            k for k in mine
            if problem.shifts[k].day == wish.day and wish.shift in ("", problem.shifts[k].template.name)
        ]  # fmt: skip
        price, worked = round(SCALE * wish.price), sum(works[who, k] for k in meant)
        told.append(price * worked if wish.kind == "off" else price - price * worked)
    return told


def _cover(
    model: cp_model.CpModel, problem: RotaProblem, works: dict[tuple[int, int], cp_model.IntVar]
) -> list[cp_model.LinearExpr]:
    """People at work by skills, shared out over queues, and the price of each interval."""
    at_work, hours = presence(problem), problem.grid.interval_minutes / 60
    groups: dict[tuple[tuple[int, float], ...], list[int]] = defaultdict(list)
    for who, person in enumerate(problem.people):
        groups[person.skills].append(who)
    by_group: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
    covered = [np.flatnonzero(row) for row in at_work]
    number = {who: g for g, members in enumerate(groups.values()) for who in members}
    for (who, k), variable in works.items():
        for t in covered[k]:
            by_group[number[who], int(t)].append(variable)
    served: dict[tuple[int, int], list[cp_model.LinearExpr]] = defaultdict(list)
    for (g, t), there in by_group.items():
        skills, size = list(groups)[g], len(list(groups.values())[g])
        flows = [model.new_int_var(0, size, "") for _ in skills]
        model.add(sum(flows) == sum(there))
        for (queue, speed), flow in zip(skills, flows, strict=True):
            served[queue, t].append(round(10 * speed) * flow)
    objective = problem.objective
    short = objective.shortage_per_agent_hour
    prices = (short, short * (objective.deep_shortage_factor - 1), short * objective.below_minimum_factor)
    cost = []
    for (queue, t), terms in served.items():
        required, minimum = problem.required[queue, t], problem.minimum[queue, t]
        levels = (required, required * (1 - objective.deep_shortage_share), minimum)
        cover = sum(terms)
        for level, price in zip(levels, prices, strict=True):
            if level > 0:
                missing = model.new_int_var(0, int(np.ceil(10 * level)), "")
                model.add(missing + cover >= int(np.ceil(10 * level)))
                cost.append(round(SCALE * price * hours / 10) * missing)
        over = model.new_int_var(0, 10 * len(problem.people), "")
        model.add(over >= cover - round(10 * required))
        cost.append(round(SCALE * objective.surplus_per_agent_hour * hours / 10) * over)
    return cost


def by_pyworkforce(week: Week, seconds: float, rests: bool) -> tuple[Rota, str]:
    """The rota of pyworkforce, team by team, and what became of the teams."""
    from pyworkforce.scheduling import MinAbsDifference

    problem, said = week.problem, defaultdict(int)
    contract = {agent.agent_id: agent.contract for agent in week.agents}
    allowed = [usable(problem, person) for person in problem.people]
    teams: dict[tuple[int, str, int], list[int]] = defaultdict(list)
    for who, person in enumerate(problem.people):
        days = len({problem.shifts[k].day for k in allowed[who]})
        if days:
            teams[person.skills[0][0], contract[person.agent_id], days].append(who)
    at_work, line = presence(problem), Line()
    per_team = seconds / max(1, len(teams)) / 2
    for queue in range(len(problem.queues)):
        of_queue = {key: members for key, members in teams.items() if key[0] == queue}
        hours = [
            _week_minutes(problem, problem.people[members[0]]) * len(members) for members in of_queue.values()
        ]
        edges = np.concatenate([[0.0], np.cumsum(hours) / max(sum(hours), 1)])
        parts = np.diff(np.rint(edges[:, None] * problem.required[queue]), axis=0)
        for members, need in zip(of_queue.values(), parts, strict=True):
            inside = _inside_day(problem, allowed[members[0]])
            table = need.reshape(problem.grid.days, -1).astype(int)
            shapes = {name: at_work[k].reshape(problem.grid.days, -1)[d].astype(int).tolist()
                      for name, (k, d) in inside.items()}  # fmt: skip
            found = MinAbsDifference(
                problem.grid.days, table.shape[1], shapes, table.tolist(), len(members), len(members),
                max_search_time=per_team,
            ).solve()  # fmt: skip
            if found["cost"] < 0:
                said[f"selection {found['status']}"] += 1
                continue
            counts = {(row["shift"], row["day"]): row["resources"] for row in found["resources_shifts"]}
            status = _rostered(week, members, allowed, inside, counts, rests, per_team, line)
            said[status] += 1
    return rota_of(problem, line), ", ".join(f"{count} x {status}" for status, count in sorted(said.items()))


def _week_minutes(problem: RotaProblem, person: PlannedPerson) -> int:
    """Paid minutes that the contract allows in the whole horizon."""
    return sum(
        p.high or 0 for p in person.primitives if isinstance(p, BoundedSum) and p.measure == "paid_minutes"
    )


def _start(problem: RotaProblem, k: int) -> int:
    """Minutes after midnight at which a shift starts."""
    shift = problem.shifts[k]
    return int(
        problem.grid.local_minutes()[(shift.start - problem.grid.start) // problem.grid.interval_minutes]
    )


def _inside_day(problem: RotaProblem, numbers: Iterable[int]) -> dict[str, tuple[int, int]]:
    """Shifts that end on the day they start, by name and start: a shift with them and its day in the horizon."""
    found = {}
    minutes = problem.grid.local_minutes()
    for k in numbers:
        shift = problem.shifts[k]
        minute = int(minutes[(shift.start - problem.grid.start) // problem.grid.interval_minutes])
        if minute + shift.template.duration_minutes <= 1440:
            found.setdefault(f"{shift.template.name}@{minute}", (k, shift.day - problem.grid.first_day))
    return found


def _rostered(
    week: Week, members: list[int], allowed: list[list[int]], inside: dict[str, tuple[int, int]],
    counts: dict[tuple[str, int], int], rests: bool, seconds: float, line: Line,
) -> str:  # fmt: skip
    """Who works what of one team, with fewer needed as long as that has no solution; adds to ``line``."""
    from pyworkforce.rostering import MinHoursRoster

    problem, days = week.problem, week.problem.grid.days
    minutes = problem.grid.local_minutes()
    number = {}
    for k, shift in enumerate(problem.shifts):
        minute = int(minutes[(shift.start - problem.grid.start) // problem.grid.interval_minutes])
        number[f"{shift.template.name}@{minute}", shift.day - problem.grid.first_day] = k
    names = list(inside)
    ends = {name: int(name.split("@")[1]) + problem.shifts[k].template.duration_minutes
            for name, (k, _) in inside.items()}  # fmt: skip
    close = [
        {"origin": one, "destination": other}
        for one in names for other in names
        if int(other.split("@")[1]) + 1440 - ends[one] < 660
    ]  # fmt: skip
    person = problem.people[members[0]]
    shifts_low = sum(
        p.low or 0 for p in person.primitives if isinstance(p, BoundedSum) and p.measure == "shifts"
    )
    low = sum(
        p.low or 0 for p in person.primitives if isinstance(p, BoundedSum) and p.measure == "paid_minutes"
    )
    resources = [problem.people[who].agent_id for who in members]
    banned = [
        {"resource": problem.people[who].agent_id, "shift": name, "day": day}
        for who in members
        for day in range(days)
        for name in names
        if number.get((name, day)) not in set(allowed[who])
    ]
    paid = [problem.shifts[inside[name][0]].paid_minutes // 60 for name in names]
    for part in (1.0, 0.9, 0.8, 0.6):
        need = {name: [int(counts.get((name, day), 0) * part) for day in range(days)] for name in names}
        found = MinHoursRoster(
            days, resources, names, paid, max(1, low // 60), banned, max(1, min(days - 1, days - shifts_low)), need,
            close if rests else None, max_search_time=seconds,
        ).solve()  # fmt: skip
        if found["cost"] >= 0:
            for row in found["resource_shifts"]:
                line[row["resource"], row["day"]] = number[row["shift"], row["day"]]
            return f"{found['status']} at {part:.0%}"
    return str(found["status"])
