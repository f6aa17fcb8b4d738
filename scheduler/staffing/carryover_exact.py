"""A queue over a whole horizon, its state carried from interval to interval: the exact transient answer.

Interval by interval, those who are there are handed over to the agents who now come, the chain moves on to the
interval's end (`_interval`), and whoever arrived in it and still waits is followed on, past the interval's end,
until the last of them is answered or gone (`_follow`). Fractional agents are the whole numbers beside it, drawn
anew for each interval: a state is therefore a list of pieces, one for each number of agents.
"""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from scheduler.staffing import carryover_kernels as kernels
from scheduler.staffing.carryover_measures import FIGURES
from scheduler.staffing.checks import Floats

NEGLIGIBLE = 1e-13  # share of an interval's arrivals that need not be followed any more
UNHEARD_OF, OUT_OF_REACH = 1e-11, 1e-20  # chances of a number in system


@dataclass(frozen=True, slots=True)
class Horizon:
    """What drives a queue: arrays of shape (intervals,); rates a second, patience rate 0 where nobody gives up."""

    arrivals: Floats
    service: Floats
    patience: Floats
    agents: Floats
    target_seconds: Floats
    resets: NDArray[np.bool_]
    seconds: float
    start: int = 0

    @property
    def rows(self) -> int:
        """Measures of customers who wait: their number and, where some are lost, their ages."""
        return 2 if self.patience.any() or self.resets.any() else 1

    def staff(self, i: int) -> list[tuple[int, float]]:
        """Whole numbers of agents in interval ``i``, each with its share."""
        few = int(self.agents[i])
        more = float(self.agents[i]) - few
        return [(agents, share) for agents, share in ((few, 1.0 - more), (few + 1, more)) if share > 0.0]


@dataclass(frozen=True, slots=True)
class Piece:
    """Measures on the floor of ``agents``: cells (measures, 1 + excess, places), as the kernels have them."""

    agents: int
    cells: Floats

    @property
    def mass(self) -> float:
        """Of the first measure."""
        return float(self.cells[0].sum())

    @property
    def in_service(self) -> int:
        """Most that are in service while somebody waits."""
        return self.agents + len(self.cells[0]) - 1


Found = dict[str, Floats]


def exact(horizon: Horizon) -> Floats:
    """Figures of every interval, shape (FIGURES, intervals); see `scheduler.staffing.carryover_measures`."""
    found = {name: np.zeros(len(horizon.agents)) for name in FIGURES}
    floor = start(horizon.start)
    followed: list[tuple[int, list[Piece]]] = []
    for i in range(len(horizon.agents)):
        if horizon.resets[i]:
            for arrived, pieces in followed:
                _turn_away(found, arrived, pieces)
            followed, floor = [], start(0)
        later = [(arrived, _taken_over(pieces, horizon.staff(i))) for arrived, pieces in followed]
        later = [(k, _follow(horizon, i, found, k, pieces, horizon.seconds)) for k, pieces in later]
        floor, joined = _interval(horizon, i, floor, found)
        followed = [(arrived, pieces) for arrived, pieces in [*later, (i, joined)] if pieces]
    for arrived, pieces in followed:
        _follow_to_the_end(horizon, found, arrived, pieces)
    return np.array([found[name] for name in FIGURES])


def exact_interval(horizon: Horizon, floor: list[Piece]) -> tuple[Floats, list[Piece]]:
    """Figures (FIGURES,) of a horizon of one interval whose rates stay, from a floor to the next."""
    found = {name: np.zeros(1) for name in FIGURES}
    floor, joined = _interval(horizon, 0, floor, found)
    _follow_to_the_end(horizon, found, 0, joined)
    return np.array([found[name][0] for name in FIGURES]), floor


def start(waiting: int) -> list[Piece]:
    """So many customers who wait for the first agents."""
    cells = np.zeros((1, 1, waiting + 1))
    cells[0, 0, waiting] = 1.0
    return [Piece(0, cells)]


def _interval(horizon: Horizon, i: int, before: list[Piece], found: Found) -> tuple[list[Piece], list[Piece]]:
    """The floor at the end of interval ``i`` and, as shares of its arrivals, who of them still wait."""
    floor, joined = [], []
    for agents, share in horizon.staff(i):
        state = Piece(agents, _handed_over(horizon, i, before, agents, share))
        if horizon.arrivals[i] > 0.0:
            _arrivals(horizon, i, state, found)
            if state.cells[1].sum() > NEGLIGIBLE:
                joined.append(Piece(agents, _cut(state.cells[1:])))
        else:
            _advance(horizon, i, Piece(agents, state.cells[:1]), found, horizon.seconds)
        _, queue, busy, _ = kernels.figures(state.cells[0], agents)
        found["waiting_at_end"][i] += queue
        found["in_system_at_end"][i] += queue + busy
        floor.append(Piece(agents, _cut(state.cells[:1])))
    found["in_time"][i] += 1.0 - found["p_wait"][i]
    return floor, joined


def _arrivals(horizon: Horizon, i: int, state: Piece, found: Found) -> None:
    """Move the chain through interval ``i`` and see how its arrivals fare, those who wait at its end aside.

    Three parts of the interval: those who arrive in the first are gone before it ends, so that its rates are
    theirs; those of the second may wait into the next interval, but past their target; those of the third may
    reach it before their target, and are watched from a few moments on.
    """
    whole, target = horizon.seconds, min(float(horizon.target_seconds[i]), horizon.seconds)
    service, patience = horizon.service[i], horizon.patience[i]
    system, in_service = kernels.extent(state.cells[0], state.agents)
    excess = max(in_service - state.agents, 0)
    places = kernels.places(
        system, state.agents, horizon.arrivals[i], service, min(patience, service), whole, UNHEARD_OF
    )
    waits = max(places - state.agents, 0) + 1
    clearing = kernels.clearing_seconds(waits, excess, state.agents, service, patience)
    first = max(whole - max(clearing, target), 0.0)
    if first > 0.0:
        arrived = _advance(horizon, i, Piece(state.agents, state.cells[:1]), found, first)
        _judge(horizon, i, found, arrived, np.inf)
        _follow(horizon, i, found, i, [_with_ages(arrived, horizon.rows)], clearing)
    if whole - first > target:
        _judge(horizon, i, found, _advance(horizon, i, state, found, whole - first - target), np.inf)
    reached = 0.0
    for moment, weight in _moments(min(3 + math.ceil(6.0 * target * service), 24)) if target > 0.0 else ():
        _advance(horizon, i, state, found, target * (moment - reached))
        now = state.cells[0] * (weight * target / whole)
        _judge(horizon, i, found, Piece(state.agents, now[None]), target * (1.0 - moment))
        reached = moment
    if target > 0.0:
        _advance(horizon, i, state, found, target * (1.0 - reached))


@cache
def _moments(count: int) -> list[tuple[float, float]]:
    """Moments of a stretch of time from 0 to 1, and their weights in a mean over it, after Gauss."""
    points, weights = np.polynomial.legendre.leggauss(count)
    return list(zip((0.5 * (points + 1.0)).tolist(), (0.5 * weights).tolist(), strict=True))


def _advance(horizon: Horizon, i: int, state: Piece, found: Found, seconds: float) -> Piece:
    """Move the floor on within interval ``i``, in place; by state found, the shares of the interval's arrivals."""
    kill = np.full(len(state.cells), horizon.patience[i])
    kill[0] = 0.0
    feed = np.array([0.0, 1.0 / horizon.seconds, 1.0])[: len(state.cells)]
    rates = horizon.arrivals[i], horizon.service[i], horizon.patience[i]
    spent, waited = kernels.sweep(state.cells, True, state.agents, *rates, kill, feed, seconds)
    spent /= horizon.seconds
    for name, share in zip(FIGURES, kernels.figures(spent, state.agents), strict=False):
        found[name][i] += share
    _count_wait(horizon, i, found, i, waited[1:])
    return Piece(state.agents, spent[None])


def _handed_over(horizon: Horizon, i: int, before: list[Piece], agents: int, share: float) -> Floats:
    """Cells of the chain as ``agents`` take it over, and of customers who wait, nobody yet."""
    service, patience = horizon.service[i], horizon.patience[i]
    extents = [kernels.extent(piece.cells[0], piece.agents) for piece in before]
    excess = max(max(in_service for _, in_service in extents) - agents, 0)
    slowest = min(patience, service) if excess else patience
    arrivals, system = horizon.arrivals[i], max(system for system, _ in extents)
    places = kernels.places(system, agents, arrivals, service, slowest, horizon.seconds, OUT_OF_REACH)
    cells = np.zeros((1 + horizon.rows, 1 + excess, max(places, agents) + 1))
    for piece in before:
        kernels.enter(piece.cells[0], piece.agents, agents, False, share, cells[0])
    return cells


def _taken_over(pieces: list[Piece], staff: list[tuple[int, float]]) -> list[Piece]:
    """Customers who wait, as the agents of the next interval take them over."""
    taken, measures = [], len(pieces[0].cells)
    in_service = max(piece.in_service for piece in pieces)
    waits = max(piece.cells.shape[2] - piece.agents for piece in pieces)
    for agents, share in staff:
        cells = np.zeros((measures, 1 + max(in_service - agents, 0), agents + waits))
        for piece in pieces:
            for m in range(measures):
                kernels.enter(piece.cells[m], piece.agents, agents, True, share, cells[m])
        taken.append(Piece(agents, cells))
    return taken


def _cut(cells: Floats) -> Floats:
    """Without the rows of those who finish once the last of them has."""
    rows = cells.shape[1]
    while rows > 1 and not cells[:, rows - 1].any():
        rows -= 1
    return np.ascontiguousarray(cells[:, :rows])


def _with_ages(arrived: Piece, rows: int) -> Piece:
    """Customers who have just arrived, all of age 0."""
    cells = np.zeros((rows, *arrived.cells.shape[1:]))
    cells[0, :, arrived.agents :] = arrived.cells[0, :, arrived.agents :]
    return Piece(arrived.agents, cells)


def _count_wait(horizon: Horizon, i: int, found: Found, arrived: int, waited: Floats) -> None:
    """Time that arrivals of interval ``arrived`` waited in interval ``i``: each second may lose some of them."""
    if len(waited):
        found["wait"][arrived] += waited[0]
        found["p_abandon"][arrived] += horizon.patience[i] * waited[0]
        found["wait_of_abandoned"][arrived] += horizon.patience[i] * waited[-1]


def _sweep_waiting(
    horizon: Horizon, i: int, piece: Piece, kill: Floats, feed: Floats, seconds: float
) -> Floats:
    """Move customers who wait on, in place; the time that each measure of them waited."""
    rates = 0.0, horizon.service[i], horizon.patience[i]
    return kernels.sweep(piece.cells, False, piece.agents, *rates, kill, feed, seconds)[1]


def _judge(horizon: Horizon, i: int, found: Found, arrived: Piece, left: float) -> None:
    """Follow those who have to wait for the target seconds, once with their patience and once as if it had no end.

    ``left`` seconds after their arrival the next interval begins.
    """
    both = _with_ages(arrived, 2)
    both.cells[1] = both.cells[0]
    mass, pieces, j = both.mass, [both], i
    target, stay, gone = float(horizon.target_seconds[i]), 1.0, 0.0
    while target > 0.0:
        seconds = min(target, left) if j + 1 < len(horizon.agents) else target
        kill = np.array([horizon.patience[j], 0.0])
        for piece in pieces:
            gone += kill[0] * _sweep_waiting(horizon, j, piece, kill, np.zeros(2), seconds)[0]
        stay *= np.exp(-horizon.patience[j] * seconds)
        target, left, j = target - seconds, horizon.seconds, j + 1
        if target > 0.0:
            if horizon.resets[j]:
                break
            pieces = _taken_over(
                [Piece(piece.agents, _cut(piece.cells)) for piece in pieces], horizon.staff(j)
            )
    there, late = (sum(piece.cells[m].sum() for piece in pieces) for m in range(2))
    found["late"][i] += late
    found["late_and_there"][i] += late * stay
    found["in_time"][i] += mass - gone - there


def _follow(
    horizon: Horizon, i: int, found: Found, arrived: int, pieces: list[Piece], seconds: float
) -> list[Piece]:
    """Arrivals of interval ``arrived`` on through interval ``i``; an empty list when none of them still waits."""
    kill, feed = np.full(horizon.rows, horizon.patience[i]), np.array([0.0, 1.0])[: horizon.rows]
    for piece in pieces:
        _count_wait(horizon, i, found, arrived, _sweep_waiting(horizon, i, piece, kill, feed, seconds))
    rest = [Piece(piece.agents, _cut(piece.cells)) for piece in pieces]
    return rest if sum(piece.mass for piece in rest) > NEGLIGIBLE else []


def _turn_away(found: Found, arrived: int, pieces: list[Piece]) -> None:
    """Whoever still waits when the queue starts anew is counted as abandoned at that moment."""
    for piece in pieces:
        found["p_abandon"][arrived] += piece.mass
        found["wait_of_abandoned"][arrived] += piece.cells[1].sum()


def _follow_to_the_end(horizon: Horizon, found: Found, arrived: int, pieces: list[Piece]) -> None:
    """After the last interval its agents and rates stay as they are."""
    last = len(horizon.agents) - 1
    for piece in pieces:
        rest, seconds = [piece], horizon.seconds
        while rest and not (piece.agents == 0 and horizon.patience[last] == 0.0):
            rest = _follow(horizon, last, found, arrived, rest, seconds)
            seconds *= 2.0
        if rest and piece.mass > NEGLIGIBLE:
            found["wait"][arrived] = np.inf
