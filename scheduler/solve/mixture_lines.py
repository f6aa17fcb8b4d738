"""New lines for a mixture: everybody's cheapest at given prices, kept with what it covers in the place of the one least worked."""

import numpy as np

from scheduler.compiled import compiled_bare
from scheduler.problem import Floats
from scheduler.solve.floor import Floor, overlap, span
from scheduler.solve.mixture import Bench, Ints, Mixture, add_cover
from scheduler.solve.roster import Crew
from scheduler.solve.search import path


@compiled_bare
def running_sums(floor: Floor, speeds: Floats, price: Floats, sums: Floats) -> None:
    """What a person pays for being at work from the grid's start to each grain, at the best queue of each interval."""
    per_interval, intervals = floor.interval_minutes // floor.grain, floor.levels.shape[1]
    sums[0] = 0.0
    for t in range(intervals):
        best, duty = np.inf, 0.0
        for row in range(len(speeds)):
            if speeds[row] != 0:
                if row < floor.queues:
                    best = min(best, speeds[row] * price[row * intervals + t])
                else:
                    duty += speeds[row] * price[row * intervals + t]
        a_minute = duty + (best if best < np.inf else 0.0)
        for k in range(per_interval):
            sums[t * per_interval + k + 1] = sums[t * per_interval + k] + a_minute * floor.grain


@compiled_bare
def best_pause(floor: Floor, sums: Floats, start: int, row: int) -> tuple[float, int]:
    """Where a break saves most (what it would have cost to work instead), and what."""
    breaks, grain, last = floor.breaks, floor.grain, len(sums) - 1
    best, chosen = np.inf, start + breaks[row, 1]
    for at in range(start + breaks[row, 1], start + breaks[row, 2] + 1, breaks[row, 3]):
        saved = sums[min(at // grain, last)] - sums[min((at + breaks[row, 0]) // grain, last)]
        if saved < best - 1e-12:
            best, chosen = saved, at
    return best, chosen


@compiled_bare
def shift_prices(floor: Floor, sums: Floats, value: Floats) -> None:
    """What each shift pays for cover, breaks where that is least, written to ``value``."""
    grain, last = floor.grain, len(sums) - 1
    for shift in range(len(value)):
        start = floor.shift_start[shift]
        total = (
            sums[min((start + floor.shift_length[shift]) // grain, last)] - sums[min(start // grain, last)]
        )
        for row in range(floor.first_break[shift], floor.first_break[shift + 1]):
            total += best_pause(floor, sums, start, row)[0]
        value[shift] = total


@compiled_bare
def add_lines(
    floor: Floor, crew: Crew, mixture: Mixture, price: Floats, order: Ints, bench: Bench, least: Floats
) -> None:
    """Find the cheapest line of every group in ``order`` at ``price`` and keep it; what it costs goes to ``least``, by group.

    Groups of one set of skills should follow one another: what shifts pay for cover is found once for all of them.
    """
    value, paid = bench.value, bench.paid
    before = -1
    for group in order:
        person = mixture.person[group]
        if before < 0 or _unlike(crew.speeds[person], crew.speeds[before]):
            running_sums(floor, crew.speeds[person], price, bench.sums)
            shift_prices(floor, bench.sums, paid)
        before = person
        for k in range(crew.usable_ptr[person], crew.usable_ptr[person + 1]):
            shift = crew.usable[k]
            value[shift] = crew.own[person, shift] + paid[shift]
        _forbid(crew, person, value)
        found = path(floor, crew, person, value, bench.best, bench.via, bench.choice)
        least[group] = found
        own = found
        for shift in bench.choice:
            if shift >= 0:
                own -= paid[shift]
        _keep(floor, crew, mixture, group, price, own, bench)


@compiled_bare
def _unlike(one: Floats, other: Floats) -> bool:
    """Whether two people differ in skills or duty."""
    unlike = False
    for row in range(len(one)):
        unlike |= one[row] != other[row]
    return unlike


@compiled_bare
def _forbid(crew: Crew, person: int, value: Floats) -> None:
    """Leave no price on a shift that the person may not work."""
    for shift in range(len(value)):
        if crew.own[person, shift] == np.inf:
            value[shift] = np.inf


@compiled_bare
def _keep(
    floor: Floor, crew: Crew, mixture: Mixture, group: int, price: Floats, own: float, bench: Bench
) -> None:
    """Write a line into the place of the one least worked; the first line of a group is worked by all of it."""
    weight = mixture.weight[group]
    place, other = int(np.argmin(weight)), int(np.argmax(weight))
    if weight[place] > 0:
        add_cover(mixture, group, place, -weight[place], mixture.cover)
        add_cover(mixture, group, other, weight[place], mixture.cover)
        weight[other] += weight[place]
    first = weight[other] <= 0
    weight[place], mixture.own[group, place], mixture.filled[group, place] = 0.0, own, 0
    for day in range(mixture.line.shape[2]):
        mixture.line[group, place, day] = bench.choice[day]
        if bench.choice[day] >= 0:
            _keep_shift(floor, crew.speeds[mixture.person[group]], mixture, group, place, day, price, bench)
    if first:
        weight[place] = mixture.size[group]
        add_cover(mixture, group, place, weight[place], mixture.cover)


@compiled_bare
def _keep_shift(
    floor: Floor,
    speeds: Floats,
    mixture: Mixture,
    group: int,
    place: int,
    day: int,
    price: Floats,
    bench: Bench,
) -> None:
    """Write one shift of a line: its breaks, whom it serves, and what that covers."""
    shift, length, intervals = bench.choice[day], floor.interval_minutes, floor.levels.shape[1]
    start, pauses, first_break = (
        floor.shift_start[shift],
        mixture.pauses[group, place, day],
        floor.first_break[shift],
    )
    end = start + floor.shift_length[shift]
    for row in range(first_break, floor.first_break[shift + 1]):
        pauses[row - first_break] = best_pause(floor, bench.sums, start, row)[1]
    first, last = span(start, end, length, intervals)
    for t in range(first, last):
        minutes = overlap(start, end, t, length)
        for row in range(first_break, floor.first_break[shift + 1]):
            at = pauses[row - first_break]
            minutes -= overlap(at, at + floor.breaks[row, 0], t, length)
        queue, best = -1, np.inf
        for row in range(len(speeds)):
            if row < floor.queues:
                if speeds[row] > 0 and speeds[row] * price[row * intervals + t] < best:
                    queue, best = row, speeds[row] * price[row * intervals + t]
            elif speeds[row] != 0 and minutes > 0:
                _cell(mixture, group, place, row * intervals + t, minutes * speeds[row])
        mixture.serves[group, place, day, t - first] = queue
        if queue >= 0 and minutes > 0:
            _cell(mixture, group, place, queue * intervals + t, minutes * speeds[queue])


@compiled_bare
def _cell(mixture: Mixture, group: int, place: int, cell: int, minutes: float) -> None:
    """One more place that a line covers."""
    k = mixture.filled[group, place]
    mixture.cells[group, place, k], mixture.minutes[group, place, k] = cell, minutes
    mixture.filled[group, place] = k + 1
