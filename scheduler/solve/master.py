"""The bound for large teams, and a first rota from it: mixtures of lines brought to balance, then whole lines for whole people."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scheduler.compiled import compiled
from scheduler.problem import Floats, RotaProblem
from scheduler.solve.bound import bound
from scheduler.solve.clock import never
from scheduler.solve.cover_model import Group, groups_of
from scheduler.solve.crew import Lines
from scheduler.solve.floor import Floor, total_price
from scheduler.solve.floor import price as floor_price
from scheduler.solve.mixture import (
    Ints,
    Mixture,
    balance,
    bench_of,
    conjugate,
    mixture_of,
    prices,
    recount,
)
from scheduler.solve.mixture_lines import add_lines
from scheduler.solve.roster import Roster, empty_roster_of, settle_as

PULL = 2e-4  # of the usual price of a missing minute, for each minute of cover
PASSES, MEMORY, LINES = 10, 0.5, 24
CELLS_PER_UNIT = 2.5e8
UNSETTLED = 1.0
CHECK_EVERY, SLOW, LEAST_STRIDE = 16, 0.7, 0.1
"""Rounds after which multipliers move half as far (never less than the last) where the distance did not fall to this share of itself."""
SMALL_TEAM, SMALL_ARCS = 60, 30_000
PROOF_UNITS, PROOF_GAP, PROOF_SEED = 20.0, 1e-4, 1


@dataclass(frozen=True, eq=False)
class Relaxed:
    """What mixtures of lines cost at best.

    Parameters
    ----------
    value : what the mixture costs; the programme's optimum lies between ``bound`` and this
    bound : no rota can cost less
    rounds : how often everybody's lines were priced
    """

    mixture: Mixture
    groups: list[Group]
    value: float
    bound: float
    rounds: int

    @property
    def settled(self) -> bool:
        """Whether the mixture is a plan at all: one that was cut early costs many times its bound."""
        return self.value - self.bound < UNSETTLED * abs(self.bound)


def relax(
    lines: Lines,
    floor: Floor,
    groups: list[Group],
    days: int,
    units: float,
    enough: Callable[[float, float], bool],
    up: Callable[[], bool],
    seed: int,
) -> Relaxed:
    """Bring mixtures of lines to balance.

    Parameters
    ----------
    units : work that may be done, in units of `Limits.effort`
    enough : whether a value and a bound are close enough to stop
    up : whether time is up or the work is no longer wanted; asked after each round
    """
    groups = sorted(groups, key=lambda g: (lines.crew.speeds[g.people[0]].tolist(), g.graph, g.people[0]))
    mixture = mixture_of(floor, [g.people for g in groups], days, LINES)
    bench, order = bench_of(floor, lines.crew, mixture), np.arange(len(groups))
    rates = floor.rates[: floor.queues]
    pull = PULL * float(np.median(rates[rates > 0])) if (rates > 0).any() else PULL
    price, smooth, least = np.zeros_like(mixture.cover), np.zeros_like(mixture.cover), np.zeros(len(groups))
    prices(floor, mixture, pull, price)
    generator, best, value, rounds = np.random.default_rng(seed), -np.inf, np.inf, 0
    stride, distance = 1.0, np.inf
    for rounds in range(1, max(2, int(units * CELLS_PER_UNIT / _cells_a_round(lines, mixture))) + 1):
        smooth = price.copy() if rounds <= 2 else MEMORY * smooth + (1 - MEMORY) * price
        add_lines(floor, lines.crew, mixture, smooth, order, bench, least)
        found = conjugate(floor, smooth) + float((least * mixture.size).sum()) + lines.constant
        best = max(best, found)
        prices(floor, mixture, pull, price)
        for _ in range(PASSES):
            balance(floor, mixture, price, pull, generator.permutation(order), bench)
            mixture.anchor[:] += stride * (price - mixture.anchor)
            prices(floor, mixture, pull, price)
        value = recount(mixture) + total_price(floor, _by_row(mixture.cover, floor)) + lines.constant
        if enough(value, best) or up():
            break
        if rounds % CHECK_EVERY == 0:
            stride = max(LEAST_STRIDE, stride / 2) if value - best > SLOW * distance else stride
            distance = value - best
    return Relaxed(mixture, groups, value, best, rounds)


def is_small(lines: Lines) -> bool:
    """Whether a team is small enough for a linear programme over all its networks and a choice that leaves nothing out."""
    if len(lines.crew.own) > SMALL_TEAM:
        return False
    groups, _ = groups_of(lines)
    return sum(len(lines.graphs[group.graph].choice) for group in groups) <= SMALL_ARCS


def proven_least(problem: RotaProblem, lines: Lines, floor: Floor) -> float:
    """A bound on the cost of any rota: of a small team the linear programme's optimum, of a large one within a little of it."""
    if is_small(lines):
        return bound(problem, lines, floor).value
    groups, _ = groups_of(lines)
    return relax(
        lines, floor, groups, problem.grid.days, PROOF_UNITS,
        lambda value, least: value - least <= PROOF_GAP * abs(value), never, PROOF_SEED,
    ).bound  # fmt: skip


def _by_row(cover: Floats, floor: Floor) -> Floats:
    """Cover as shape (rows, intervals)."""
    return cover.reshape(floor.levels.shape[:2])


def _cells_a_round(lines: Lines, mixture: Mixture) -> float:
    """About how many places in arrays one round looks at."""
    groups, kept, cells = mixture.cells.shape
    usable = len(lines.crew.usable) / max(1, len(lines.crew.own))
    arcs = float(np.mean([len(g.choice) for g in lines.graphs]))
    return float(groups * (PASSES * 0.4 * kept * cells + 4 * arcs + 2 * usable) + 20 * len(lines.crew.own[0]))


def rounded(lines: Lines, floor: Floor, relaxed: Relaxed, days: int, seed: int) -> Roster:
    """Whole people on whole lines: what the mixture has whole as it is, the rest one after another where it costs least."""
    mixture, crew = relaxed.mixture, lines.crew
    roster = empty_roster_of(crew, days, floor)
    generator = np.random.default_rng(seed)
    cover = mixture.cover.copy()
    serves = np.full((len(crew.own), *mixture.serves.shape[2:]), -1, dtype=np.int8)
    for number in generator.permutation(len(relaxed.groups)).tolist():
        counts = np.zeros(mixture.weight.shape[1], dtype=np.int64)
        _whole(floor, mixture, number, cover, counts)
        people = generator.permutation(np.array(relaxed.groups[number].people)).tolist()
        for person, place in zip(people, np.repeat(np.arange(len(counts)), counts).tolist(), strict=True):
            roster.line[person] = mixture.line[number, place]
            roster.pauses[person] = mixture.pauses[number, place]
            serves[person] = mixture.serves[number, place]
            roster.own_cost[person] = mixture.own[number, place]
    settle_as(floor, crew, roster, serves)
    return roster


@compiled
def _whole(floor: Floor, mixture: Mixture, group: int, cover: Floats, counts: Ints) -> None:
    """How many of a group work each of its lines, whole; ``cover`` holds all mixtures before and the whole lines after."""
    intervals, left = floor.levels.shape[1], mixture.size[group]
    for place in range(len(counts)):
        weight = max(0.0, mixture.weight[group, place])
        counts[place] = min(int(weight + 1e-6), left)
        left -= counts[place]
        for k in range(mixture.filled[group, place]):
            cell = mixture.cells[group, place, k]
            cover[cell] += (counts[place] - weight) * mixture.minutes[group, place, k]
    while left > 0:
        best, chosen = np.inf, -1
        for place in range(len(counts)):
            if mixture.weight[group, place] > 1e-6:
                change = mixture.own[group, place]
                for k in range(mixture.filled[group, place]):
                    cell, minutes = mixture.cells[group, place, k], mixture.minutes[group, place, k]
                    row, t = cell // intervals, cell % intervals
                    change += floor_price(
                        floor.levels, floor.rates, floor.surplus, floor.wanted, row, t, cover[cell] + minutes
                    ) - floor_price(
                        floor.levels, floor.rates, floor.surplus, floor.wanted, row, t, cover[cell]
                    )
                if change < best:
                    best, chosen = change, place
        for k in range(mixture.filled[group, chosen]):
            cover[mixture.cells[group, chosen, k]] += mixture.minutes[group, chosen, k]
        counts[chosen] += 1
        left -= 1
