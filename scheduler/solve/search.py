"""Improvement: take a few people out of the rota and give each in turn their best line against everyone else's, again and again.

A person's best line is exact: cover prices add up over days, so that it is a cheapest path through their graph with every shift
valued where its breaks hurt least. Worse rotas are accepted now and then, less often as the search goes on (simulated annealing).
All is counted in steps and driven by one seed, so that the same input gives the same rota.
"""

from typing import NamedTuple

import numpy as np

from scheduler.compiled import compiled, compiled_bare
from scheduler.problem import Floats
from scheduler.solve.floor import Floor, total_price
from scheduler.solve.roster import Crew, Ints, Roster, empty_roster_of, put_in, settle, take_out
from scheduler.solve.serve import DESK
from scheduler.solve.worth import place, whole_gains, worth

HUGE = 1e9  # more than any line can cost


@compiled_bare
def path(floor: Floor, crew: Crew, person: int, value: Floats, best: Floats, via: Ints, out: Ints) -> float:
    """Cost of a person's cheapest line, shifts priced by ``value``; its choices go to ``out``, inf where there is no line.

    ``best`` and ``via`` are scratch, as long as the largest network has nodes.
    """
    begin, end = crew.first[crew.graph[person]], crew.first[crew.graph[person] + 1]
    nodes, ptr = end - begin, crew.ptr[begin : end + 1]
    target, choice, cost = crew.target, crew.choice, crew.cost
    best[:nodes] = np.inf
    best[0] = 0.0
    for node in range(nodes):
        here = best[node]
        if here == np.inf:
            continue
        for arc in range(ptr[node], ptr[node + 1]):
            reached = here + cost[arc]
            if choice[arc] >= 0:
                reached += value[choice[arc]]
            if reached < best[target[arc]]:
                best[target[arc]] = reached
                via[2 * target[arc]], via[2 * target[arc] + 1] = arc, node
    out[:] = -1
    if best[nodes - 1] == np.inf:
        return np.inf
    node = nodes - 1
    while node > 0:
        arc, node = via[2 * node], via[2 * node + 1]
        if choice[arc] >= 0:
            out[floor.shift_day[choice[arc]]] = choice[arc]
    return float(best[nodes - 1])


@compiled
def line_own_cost(floor: Floor, crew: Crew, person: int, line: Ints, scratch: "Scratch") -> float:
    """Pay, wishes and charges of a line, what its arcs charge included; inf where the line is no path."""
    scratch.value[:] = np.inf
    worked, own = 0, 0.0
    for shift in line:
        if shift >= 0:
            scratch.value[shift] = -HUGE
            worked += 1
            own += crew.own[person, shift]
    found = path(floor, crew, person, scratch.value, scratch.best, scratch.via, scratch.line)
    if not found < (0.5 - worked) * HUGE or not np.isfinite(own):
        return np.inf
    return found + worked * HUGE + own


class Scratch(NamedTuple):
    """Working arrays that compiled code fills again and again, see where they are used."""

    value: Floats
    best: Floats
    via: Ints
    gains: Floats
    sums: Floats
    savings: Floats
    minutes: Floats
    local: Floats
    line: Ints
    desk: Floats


def scratch_of(floor: Floor, crew: Crew, roster: Roster) -> Scratch:
    """Working arrays of the right sizes."""
    days, intervals = roster.line.shape[1], floor.levels.shape[1]
    longest = int(floor.shift_length.max(initial=0)) // floor.interval_minutes + 2
    atoms = intervals * floor.interval_minutes // floor.atom
    nodes = int(np.diff(crew.first).max(initial=1))
    return Scratch(
        np.empty(crew.own.shape[1]), np.empty(nodes), np.zeros(2 * nodes, dtype=np.int64),
        np.empty(intervals), np.empty(intervals + 1), np.empty((len(floor.pauses), atoms)),
        np.empty(longest), np.empty(longest), np.empty(days, dtype=np.int64), np.zeros((DESK, max(1, floor.queues))),
    )  # fmt: skip


@compiled
def give_line(floor: Floor, crew: Crew, roster: Roster, person: int, scratch: Scratch) -> None:
    """Put in the line that is written for a person, breaks where they hurt least against the others; its own cost is known."""
    line = roster.line[person]
    for day in range(len(line)):
        if line[day] >= 0:
            pauses = roster.pauses[person, day]
            place(
                floor,
                roster.cover,
                crew.speeds[person],
                line[day],
                scratch.minutes,
                scratch.local,
                roster.reach,
                scratch.desk,
                pauses,
            )
    put_in(floor, crew, roster, person, scratch.desk)


@compiled
def give_best_line(floor: Floor, crew: Crew, roster: Roster, person: int, scratch: Scratch) -> None:
    """Give a person who is out of the cover their best line against the others, and put it in."""
    speeds, value = crew.speeds[person], scratch.value
    gains, sums, savings = scratch.gains, scratch.sums, scratch.savings
    whole_gains(floor, roster.cover, speeds, gains, sums, savings, roster.reach, scratch.desk)
    value[:] = crew.own[person]
    usable = crew.usable[crew.usable_ptr[person] : crew.usable_ptr[person + 1]]
    worth(floor, roster.cover, speeds, usable, gains, sums, savings, roster.reach, scratch.desk, value)
    own_cost = path(floor, crew, person, value, scratch.best, scratch.via, roster.line[person])
    for shift in roster.line[person]:
        if shift >= 0:
            own_cost -= value[shift] - crew.own[person, shift]
    roster.own_cost[person] = own_cost
    give_line(floor, crew, roster, person, scratch)


@compiled
def construct(floor: Floor, crew: Crew, roster: Roster, order: Ints, scratch: Scratch) -> None:
    """A first rota: everybody in turn gets their best line."""
    for person in order:
        give_best_line(floor, crew, roster, person, scratch)


@compiled
def improve(
    floor: Floor, crew: Crew, roster: Roster, best_roster: Roster, best_cost: float, scratch: Scratch,
    steps: int, hot: float, cold: float, seed: int,
) -> float:  # fmt: skip
    """Run ``steps`` of take out and give back, from temperature ``hot`` to ``cold``; the best rota seen goes to ``best_roster``."""
    np.random.seed(seed)
    people = len(roster.line)
    cover, pools, reach = roster.cover.copy(), roster.pools.copy(), roster.reach.copy()
    now = total_price(floor, roster.cover) + roster.own_cost.sum()
    for step in range(steps):
        temperature = hot * (cold / hot) ** (step / steps)
        chosen = np.random.choice(people, min(people, np.random.randint(1, 6)), replace=False)
        old_line, old_pauses, old_own = roster.line[chosen], roster.pauses[chosen], roster.own_cost[chosen]
        cover[:], pools[:], reach[:] = roster.cover, roster.pools, roster.reach
        for person in chosen:
            take_out(floor, crew, roster, person, scratch.desk)
        for person in chosen:
            give_best_line(floor, crew, roster, person, scratch)
        then = total_price(floor, roster.cover) + roster.own_cost.sum()
        if then > now and np.random.random() >= np.exp((now - then) / temperature):
            roster.cover[:], roster.pools[:], roster.reach[:] = cover, pools, reach
            for k in range(len(chosen)):
                roster.line[chosen[k]], roster.pauses[chosen[k]] = old_line[k], old_pauses[k]
                roster.own_cost[chosen[k]] = old_own[k]
            continue
        now = then
        if now < best_cost - 1e-9:
            best_cost = now
            best_roster.line[:], best_roster.pauses[:] = roster.line, roster.pauses
            best_roster.cover[:], best_roster.pools[:] = roster.cover, roster.pools
            best_roster.reach[:], best_roster.own_cost[:] = roster.reach, roster.own_cost
    return best_cost


def give_exactly(
    floor: Floor,
    crew: Crew,
    days: int,
    lines: dict[int, tuple[int, ...]],
    pauses: dict[tuple[int, int], list[int]],
) -> Roster:
    """A roster with these lines and break starts by (person, day)."""
    roster = empty_roster_of(crew, days, floor)
    scratch = scratch_of(floor, crew, roster)
    for person, line in lines.items():
        roster.line[person] = line
        roster.own_cost[person] = line_own_cost(floor, crew, person, roster.line[person], scratch)
        for day in range(len(line)):
            starts = pauses.get((person, day), [])
            roster.pauses[person, day, : len(starts)] = starts
    settle(floor, crew, roster, scratch.desk)
    return roster
