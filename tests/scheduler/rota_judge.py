"""A judge of rotas that shares nothing with any solver: shifts, breaks and primitives read off the rows, the cheapest cover by trial."""

from dataclasses import dataclass, replace
from itertools import pairwise, product

import numpy as np
from ortools.linear_solver import pywraplp

from scheduler.rota import PAUSES, activity_kind
from scheduler.rules.primitives import (
    AllowedShifts,
    BoundedDays,
    BoundedNightRun,
    BoundedNights,
    BoundedRun,
    BoundedShortRests,
    BoundedSum,
    ForbiddenDay,
    ForbiddenTime,
    FreeDayInExchange,
    GapInAnyWindow,
    GapInWindow,
    MinimumRest,
    RestAfterNights,
    ShiftBreak,
    ShiftLength,
    ShiftsOfDay,
    UnbrokenWork,
)


@dataclass(frozen=True)
class Worked:
    """One shift as it is worked; ``pauses`` are (start, end, paid, kind) in order."""

    day: int
    start: int
    end: int
    name: str
    pauses: tuple[tuple[int, int, bool, str], ...] = ()

    @property
    def worked_minutes(self):
        return self.end - self.start - sum(end - start for start, end, _, _ in self.pauses)

    @property
    def paid_minutes(self):
        return self.end - self.start - sum(end - start for start, end, paid, _ in self.pauses if not paid)

    @property
    def elapsed_minutes(self):
        return self.end - self.start


def lines_of(rota):
    """Everybody's shifts in order, by agent_id; rows of one day are one shift and must leave nothing out."""
    rows = {}
    columns = (rota.agent, rota.day, rota.start, rota.end, rota.activity, rota.shift, rota.paid)
    for agent, day, start, end, activity, shift, paid in zip(*(c.tolist() for c in columns), strict=True):
        told = start, end, activity_kind(rota.activities[activity]), rota.shift_names[shift], paid
        rows.setdefault((rota.agent_ids[agent], day), []).append(told)
    lines = {agent_id: [] for agent_id in rota.agent_ids}
    for (agent_id, day), stretches in sorted(rows.items()):
        assert all(a[1] == b[0] and a[3] == b[3] for a, b in pairwise(stretches)), "a shift in pieces"
        pauses = tuple((start, end, paid, kind) for start, end, kind, _, paid in stretches if kind in PAUSES)
        shift = Worked(day, stretches[0][0], stretches[-1][1], stretches[0][3], pauses)
        lines[agent_id].append(shift)
    return lines


def is_candidate(problem, shift):
    """Whether a shift as worked is one of the problem's, each break once, in its window and on its step."""
    for candidate in problem.shifts:
        template = candidate.template
        same = (candidate.day, candidate.start, candidate.end, template.name)
        if same == (shift.day, shift.start, shift.end, shift.name):
            return len(shift.pauses) == len(template.breaks) and all(
                (end - start, paid, kind) == (b.minutes, b.paid, b.kind)
                and b.earliest_minutes <= start - shift.start <= b.latest_minutes
                and (start - shift.start - b.earliest_minutes) % b.step_minutes == 0
                for (start, end, paid, kind), b in zip(shift.pauses, template.breaks, strict=True)
            )
    return False


def longest_gap(line, start, end):
    """The longest stretch of ``[start, end)`` that no shift touches."""
    longest, since = 0, start
    for shift in line:
        longest = max(longest, min(shift.start, end) - since)
        since = max(since, shift.end)
    return max(longest, end - since)


def in_a_row(shift, part):
    """The longest stretch of a shift without a pause of at least ``part`` minutes."""
    edges = [shift.start, *(t for p in shift.pauses if p[1] - p[0] >= part for t in p[:2]), shift.end]
    return max(edges[k + 1] - edges[k] for k in range(0, len(edges), 2))


def is_night(shift, nights):
    """Whether so many minutes of a shift lie in one of the nights."""
    span = range(shift.start, shift.end)
    inside = (range(max(span.start, a), min(span.stop, b)) for a, b in nights.windows)
    return any(len(minutes) >= nights.minutes for minutes in inside)


def rows_of_nights(line, nights, carried, first_day):
    """Rows of days with a night shift, those before the horizon among them."""
    days = {s.day for s in line if is_night(s, nights)} | {first_day - 1 - k for k in range(carried)}
    return [
        {day for day in days if day >= begin and set(range(begin, day)) <= days}
        for begin in days
        if begin - 1 not in days
    ]


def shift_honours(primitive, shift):
    """Whether one shift honours a primitive that speaks of single shifts; None for one that does not."""
    match primitive:
        case ForbiddenTime(start, end):
            return shift.end <= start or shift.start >= end
        case ForbiddenDay(day):
            return shift.day != day
        case AllowedShifts(names):
            return shift.name in names
        case ShiftsOfDay(day, name, start):
            return shift.day != day or (shift.name == name and start in (None, shift.start))
        case ShiftLength(measure, high):
            return getattr(shift, measure) <= high
        case ShiftBreak(after, minutes, part):
            lengths = [end - start for start, end, _, _ in shift.pauses]
            return shift.worked_minutes <= after or sum(p for p in lengths if p >= part) >= minutes
        case UnbrokenWork(minutes, part):
            return in_a_row(shift, part) <= minutes
    return None


def honours(primitive, line, first_day):
    """Whether the shifts of one person's horizon, in order, honour a primitive; the horizon begins on ``first_day``."""
    if any(shift_honours(primitive, shift) is False for shift in line):
        return False
    return honours_together(primitive, line, first_day)


def honours_together(primitive, line, first_day):
    """`honours` of primitives that speak of several shifts; true of others."""
    days = {shift.day for shift in line}
    rests = [after.start - before.end for before, after in pairwise(line)]
    match primitive:
        case MinimumRest(minutes):
            return all(rest >= minutes for rest in rests)
        case BoundedSum(first, last, measure, low, high):
            inside = [shift for shift in line if first <= shift.day <= last]
            amount = len(inside) if measure == "shifts" else sum(getattr(s, measure) for s in inside)
            return (low is None or amount >= low) and (high is None or amount <= high)
        case BoundedRun(most):
            return not any(set(range(day, day + most + 1)) <= days for day in days)
        case GapInWindow(minutes, start, end):
            return longest_gap(line, start, end) >= minutes
        case GapInAnyWindow(minutes, window):
            begins = [s.start - minutes + 0.5 for s in line]  # just too late for the gap before a shift
            return all(longest_gap(line, t, t + window) >= minutes for t in begins)
        case BoundedShortRests(minutes, least, high):
            return min(rests, default=least) >= least and sum(rest < minutes for rest in rests) <= high
        case BoundedDays(counted, high):
            return len(days & set(counted)) <= high
        case FreeDayInExchange(day, among):
            return day not in days or not set(among) <= days
        case BoundedNights(nights, first, last, high):
            return sum(first <= s.day <= last and is_night(s, nights) for s in line) <= high
        case BoundedNightRun(nights, most, carried):
            rows = rows_of_nights(line, nights, carried, first_day)
            return all(len(row) <= most or not row & days for row in rows)
        case RestAfterNights(nights, run, minutes, carried, last_end):
            for row in rows_of_nights(line, nights, carried, first_day):
                ended = max([s.end for s in line if s.day in row], default=last_end)
                after = [s for s in line if s.day > max(row)]
                if len(row) >= run and any(s.start - ended < minutes for s in after):
                    return False
    return True


def faults(problem, rota):
    """What is wrong with a rota, in words; nothing where it is as the problem asks."""
    lines, first_day = lines_of(rota), problem.grid.first_day
    unknown = set(lines) - {person.agent_id for person in problem.people}
    found = [f"{agent_id} is nobody's name" for agent_id in sorted(unknown)]
    for person in problem.people:
        line = lines.get(person.agent_id, [])
        found += [
            f"{person.agent_id}: no candidate is {shift}"
            for shift in line
            if not is_candidate(problem, shift)
        ]
        found += [
            f"{person.agent_id} breaks {p}" for p in person.primitives if not honours(p, line, first_day)
        ]
    return found


def without(problem, agent_ids):
    """The problem without some people."""
    kept = [k for k, person in enumerate(problem.people) if person.agent_id not in agent_ids]
    duty = tuple(replace(row, weights=row.weights[kept]) for row in problem.duty)
    return replace(problem, people=tuple(problem.people[k] for k in kept), duty=duty)


def minutes_at_work(problem, rota):
    """Minutes of work inside each interval by person, shape (people, intervals)."""
    starts, length = problem.grid.starts, problem.grid.interval_minutes
    minutes = np.zeros((len(problem.people), len(starts)))
    place = {person.agent_id: k for k, person in enumerate(problem.people)}
    for row in np.flatnonzero(rota.is_kind("work")):
        inside = np.minimum(rota.end[row], starts + length) - np.maximum(rota.start[row], starts)
        minutes[place[rota.agent_ids[rota.agent[row]]]] += np.maximum(0, inside)
    return minutes


def price_per_hour(problem, queue, t, agents):
    """What the agents there cost an hour, told from the docstrings."""
    prices, objective = problem.cover_prices(), problem.objective
    below = objective.below_minimum_factor * objective.shortage_per_agent_hour
    total = max(0.0, problem.minimum[queue, t] - agents) * below
    for level, rate in zip(prices.levels[:, queue, t], prices.rates[:, queue, t], strict=True):
        total += max(0.0, level - agents) * rate
    return total + max(0.0, agents - prices.levels[0, queue, t]) * prices.surplus[queue, t]


def cheapest_cover(problem, rota):
    """Minutes of effective work, shape (queues, intervals): of all ways to give each person one queue an interval, the cheapest."""
    minutes, length = minutes_at_work(problem, rota), problem.grid.interval_minutes
    cover = np.zeros(problem.required.shape)
    for t in range(cover.shape[1]):
        there = [k for k in np.flatnonzero(minutes[:, t]).tolist() if problem.people[k].skills]
        best = np.inf
        for choice in product(*(problem.people[k].skills for k in there)):
            column = np.zeros(len(cover))
            for k, (queue, speed) in zip(there, choice, strict=True):
                column[queue] += speed * minutes[k, t]
            price = sum(price_per_hour(problem, q, t, column[q] / length) for q in range(len(cover)))
            if price < best:
                best, cover[:, t] = price, column
    return cover


def shared_cover(problem, rota):
    """As `cheapest_cover`, where people divide the minutes of an interval over their queues."""
    minutes, length, prices = (
        minutes_at_work(problem, rota),
        problem.grid.interval_minutes,
        problem.cover_prices(),
    )
    below = problem.objective.shortage_per_agent_hour * problem.objective.below_minimum_factor
    cover = np.zeros(problem.required.shape)
    for t in range(cover.shape[1]):
        solver = pywraplp.Solver.CreateSolver("GLOP")
        total, goal = [0.0] * len(cover), 0.0
        for k in np.flatnonzero(minutes[:, t]).tolist():
            mine = {queue: solver.NumVar(0, solver.infinity(), "") for queue, _ in problem.people[k].skills}
            if mine:
                solver.Add(sum(mine.values()) == float(minutes[k, t]))
            for queue, speed in problem.people[k].skills:
                total[queue] += speed * mine[queue]
        for q, served in enumerate(total):
            steps = [
                *zip(prices.levels[:, q, t], prices.rates[:, q, t], strict=True),
                (problem.minimum[q, t], below),
            ]
            for level, rate in steps:
                missing = solver.NumVar(0, solver.infinity(), "")
                solver.Add(missing + served >= float(level) * length)
                goal += float(rate) * missing
            above = solver.NumVar(0, solver.infinity(), "")
            solver.Add(above >= served - float(prices.levels[0, q, t]) * length)
            goal += float(prices.surplus[q, t]) * above
        solver.Minimize(goal)
        assert solver.Solve() == pywraplp.Solver.OPTIMAL
        cover[:, t] = [one if isinstance(one, float) else one.solution_value() for one in total]
    return cover
