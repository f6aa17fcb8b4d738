"""A crew as arrays, a rota in the making, and whole shifts put into its cover or taken out of it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.compiled import compiled
from scheduler.problem import Floats
from scheduler.solve.floor import Floor, overlap, span
from scheduler.solve.level import level_out
from scheduler.solve.serve import Minutes, counted, leave, serve

Ints = NDArray[np.int64]


class Crew(NamedTuple):
    """All people as arrays for compiled code.

    ``speeds`` has shape (people, rows): speed in each queue, weight in each duty row; ``own`` (people, shifts): pay, wishes and charges of
    each shift, inf where forbidden; ``graph`` is the network of each person. Networks are stacked: the nodes of network g lie at
    ``first[g]:first[g + 1]`` of ``ptr``, whose arcs are ``target`` (counted inside the network), ``choice, cost``. ``usable`` lists the
    shifts that person p may work at ``usable_ptr[p]:usable_ptr[p + 1]``. People of one set of skills and speeds share a pool: ``pool`` is
    everybody's, ``pool_speeds`` (pools, rows), ``several`` lists the pools with several skills.
    """

    speeds: Floats
    own: Floats
    graph: Ints
    usable_ptr: Ints
    usable: Ints
    first: Ints
    ptr: Ints
    target: Ints
    choice: Ints
    cost: Floats
    pool: Ints
    pool_speeds: Floats
    several: Ints


class Roster(NamedTuple):
    """A rota in the making.

    Parameters
    ----------
    line : shift of each person and day or -1, shape (people, days)
    pauses : break starts in minutes after the grid's start, shape (people, days, breaks)
    cover : minutes of effective work and of duty, shape (rows, intervals)
    pools : minutes that people of each set of skills serve each queue, shape (intervals, pools, queues)
    reach : minutes served in one queue by people who know another too, shape (intervals, queues, queues)
    own_cost : pay and wishes of each person's line, shape (people,)
    """

    line: Ints
    pauses: Ints
    cover: Floats
    pools: Minutes
    reach: Floats
    own_cost: Floats


def empty_roster(people: int, pools: int, days: int, floor: Floor) -> Roster:
    """A roster in which nobody works."""
    return Roster(
        np.full((people, days), -1, dtype=np.int64),
        np.zeros((people, days, int(np.diff(floor.first_break).max(initial=0))), dtype=np.int64),
        np.zeros(floor.levels.shape[:2]),
        np.zeros((floor.levels.shape[1], pools, floor.queues), dtype=np.int32),
        np.zeros((floor.levels.shape[1], floor.queues, floor.queues)),
        np.zeros(people),
    )


def empty_roster_of(crew: Crew, days: int, floor: Floor) -> Roster:
    """The same for a crew."""
    return empty_roster(len(crew.own), len(crew.pool_speeds), days, floor)


def copy_of(roster: Roster) -> Roster:
    """A roster of its own."""
    line, pauses, cover, pools, reach, own_cost = roster
    return Roster(line.copy(), pauses.copy(), cover.copy(), pools.copy(), reach.copy(), own_cost.copy())


@compiled
def _shift_cover(
    floor: Floor, crew: Crew, roster: Roster, person: int, day: int, desk: Floats, there: bool
) -> None:
    """Put in the cover of one shift, or take it out; pools with several skills make the best of it."""
    shift, length, cover, queues = (
        roster.line[person, day],
        floor.interval_minutes,
        roster.cover,
        floor.queues,
    )
    levels, rates, surplus, wanted = floor.levels, floor.rates, floor.surplus, floor.wanted
    breaks, pauses, first_break = floor.breaks, roster.pauses[person, day], floor.first_break[shift]
    speeds, pool = crew.speeds[person], crew.pool[person]
    start, end = floor.shift_start[shift], floor.shift_start[shift] + floor.shift_length[shift]
    first, last = span(start, end, length, cover.shape[1])
    for t in range(first, last):
        minutes = float(overlap(start, end, t, length))
        for k in range(floor.first_break[shift + 1] - first_break):
            minutes -= overlap(pauses[k], pauses[k] + breaks[first_break + k, 0], t, length)
        pools = roster.pools[t]
        if there:
            serve(
                levels,
                rates,
                surplus,
                wanted,
                queues,
                cover,
                speeds,
                t,
                minutes,
                pools[pool],
                roster.reach[t],
                desk,
            )
        else:
            leave(
                levels,
                rates,
                surplus,
                wanted,
                queues,
                cover,
                speeds,
                t,
                minutes,
                pools[pool],
                roster.reach[t],
                desk,
            )
        level_out(
            levels,
            rates,
            surplus,
            wanted,
            queues,
            cover,
            crew.pool_speeds,
            crew.several,
            t,
            pools,
            roster.reach[t],
            desk,
        )


@compiled
def take_out(floor: Floor, crew: Crew, roster: Roster, person: int, desk: Floats) -> None:
    """Take a person's cover away; their line stays written for a possible return."""
    for day in range(roster.line.shape[1]):
        if roster.line[person, day] >= 0:
            _shift_cover(floor, crew, roster, person, day, desk, False)


@compiled
def put_in(floor: Floor, crew: Crew, roster: Roster, person: int, desk: Floats) -> None:
    """Add the cover of the line that is written for a person."""
    for day in range(roster.line.shape[1]):
        if roster.line[person, day] >= 0:
            _shift_cover(floor, crew, roster, person, day, desk, True)


@compiled
def settle(floor: Floor, crew: Crew, roster: Roster, desk: Floats) -> None:
    """Make cover and pools anew from everybody's line, those with the fewest skills first."""
    roster.cover[:] = 0.0
    roster.pools[:], roster.reach[:] = 0, 0.0
    skills = np.zeros(len(roster.line), dtype=np.int64)
    for row in range(floor.queues):
        skills += crew.speeds[:, row] > 0
    for person in np.argsort(skills, kind="mergesort"):
        put_in(floor, crew, roster, person, desk)


@compiled
def settle_as(floor: Floor, crew: Crew, roster: Roster, serves: NDArray[np.int8]) -> None:
    """Make cover and pools anew from everybody's line where it is known who serves what.

    Parameters
    ----------
    serves : queue served in each interval that the shift touches, shape (people, days, intervals)
    """
    length, breaks, queues = floor.interval_minutes, floor.breaks, floor.queues
    roster.cover[:] = 0.0
    roster.pools[:], roster.reach[:] = 0, 0.0
    for person in range(len(roster.line)):
        speeds, pool = crew.speeds[person], crew.pool[person]
        for day in range(roster.line.shape[1]):
            shift = roster.line[person, day]
            if shift < 0:
                continue
            start, pauses, first_break = (
                floor.shift_start[shift],
                roster.pauses[person, day],
                floor.first_break[shift],
            )
            end = start + floor.shift_length[shift]
            first, last = span(start, end, length, roster.cover.shape[1])
            for t in range(first, last):
                minutes = float(overlap(start, end, t, length))
                for k in range(floor.first_break[shift + 1] - first_break):
                    minutes -= overlap(pauses[k], pauses[k] + breaks[first_break + k, 0], t, length)
                queue = serves[person, day, t - first]
                if queue >= 0:
                    roster.cover[queue, t] += minutes * speeds[queue]
                    counted(queues, speeds, roster.pools[t, pool], roster.reach[t], queue, minutes)
                for row in range(queues, len(speeds)):
                    roster.cover[row, t] += minutes * speeds[row]
