"""From the people of a problem to the arrays that search and bound work on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.problem import Floats, PlannedPerson, RotaProblem
from scheduler.solve.lines import LineBook
from scheduler.solve.network import Ints, LineGraph
from scheduler.solve.roster import Crew


@dataclass(frozen=True, eq=False)
class Lines:
    """Everybody's possible lines: the stacked arrays, and the graph that each person's number points to.

    ``constant`` is what no choice can change (a wish to work that is refused until a shift grants it), to be added to any cost.
    ``stuck`` lists the people for whom no line exists.
    """

    crew: Crew
    graphs: tuple[LineGraph, ...]
    constant: float
    stuck: tuple[str, ...]


def lines_of(problem: RotaProblem) -> Lines:
    """Compile everybody's lines."""
    book = LineBook(problem.shifts, problem.grid.first_day, problem.grid.days)
    numbers: dict[int, int] = {}
    graphs: list[LineGraph] = []
    people, queues = len(problem.people), len(problem.queues)
    own = np.full((people, len(problem.shifts)), np.inf)
    speeds = np.zeros((people, queues + len(problem.duty)))
    graph_of = np.zeros(people, dtype=np.int64)
    prices, constant = _OwnPrices(problem), 0.0
    for row, person in enumerate(problem.people):
        mask = book.mask(person)
        values, refused = prices.of(person)
        own[row, mask] = values[mask]
        constant += refused
        graph = book.graph(person, mask)
        if id(graph) not in numbers:
            numbers[id(graph)] = len(graphs)
            graphs.append(graph)
        graph_of[row] = numbers[id(graph)]
        for queue, speed in person.skills:
            speeds[row, queue] = speed
        speeds[row, queues:] = [duty.weights[row] for duty in problem.duty]
    crew = _stacked(graphs, graph_of, own, speeds, queues)
    stuck = tuple(person.agent_id for person in problem.people if not book.has_line(person))
    return Lines(crew, tuple(graphs), constant, stuck)


class _OwnPrices:
    """What each shift costs a person, beside cover."""

    def __init__(self, problem: RotaProblem) -> None:
        shifts = problem.shifts
        self.paid = np.array([s.paid_minutes for s in shifts], dtype=np.float64)
        self.day = np.array([s.day for s in shifts], dtype=np.int64)
        self.name = np.array([s.template.name for s in shifts], dtype=object)

    def of(self, person: PlannedPerson) -> tuple[Floats, float]:
        """Price of every shift for this person, shape (shifts,), and what is charged whatever the line is."""
        value, constant = person.cost_per_minute * self.paid, 0.0
        if person.premiums:
            value += person.cost_per_minute * np.array(person.premiums)
        for wish in person.wishes:
            meant = (self.day == wish.day) & ((self.name == wish.shift) | (wish.shift == ""))
            value[meant] += wish.price if wish.kind == "off" else -wish.price
            constant += wish.price if wish.kind == "on" else 0.0
        for charge in person.charges:
            value += np.array(charge.by_shift)
            constant += charge.constant
        return value, constant


def own_values(problem: RotaProblem, person: PlannedPerson) -> tuple[Floats, float]:
    """Pay, wishes and charges of every shift for a person, and what is charged whatever the line is."""
    return _OwnPrices(problem).of(person)


def _stacked(graphs: Sequence[LineGraph], graph_of: Ints, own: Floats, speeds: Floats, queues: int) -> Crew:
    """All networks behind one another, each person's usable shifts beside them."""
    in_graph = np.zeros((len(graphs), own.shape[1]), dtype=bool)
    for number, graph in enumerate(graphs):
        in_graph[number, graph.choice[graph.choice >= 0]] = True
    usable = np.isfinite(own) & in_graph[graph_of]
    pool_speeds, pool = np.unique(speeds, axis=0, return_inverse=True)
    arcs = np.cumsum([0, *(len(g.choice) for g in graphs)])
    return Crew(
        speeds,
        own,
        graph_of,
        np.concatenate([[0], np.cumsum(usable.sum(axis=1))]).astype(np.int64),
        np.nonzero(usable)[1].astype(np.int64),
        np.cumsum([0, *(g.nodes for g in graphs)]).astype(np.int64),
        np.concatenate([*(g.ptr[:-1] + first for g, first in zip(graphs, arcs, strict=False)), arcs[-1:]]),
        np.concatenate([g.target for g in graphs]),
        np.concatenate([g.choice for g in graphs]),
        np.concatenate([g.cost for g in graphs]),
        pool.ravel().astype(np.int64),
        pool_speeds,
        np.flatnonzero((pool_speeds[:, :queues] > 0).sum(axis=1) > 1),
    )
