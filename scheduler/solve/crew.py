"""From the people of a problem to the arrays that search and bound work on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.problem import Floats, PlannedPerson, RotaProblem
from scheduler.shifts import CandidateShift
from scheduler.solve.lines import LineBook, LineGraph
from scheduler.solve.search import Crew


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
    own = np.full((len(problem.people), len(problem.shifts)), np.inf)
    speeds = np.zeros((len(problem.people), len(problem.queues)))
    graph_of = np.zeros(len(problem.people), dtype=np.int64)
    constant = 0.0
    for row, person in enumerate(problem.people):
        mask = book.mask(person)
        values, refused = own_values(person, problem.shifts)
        own[row, mask] = values[mask]
        constant += refused
        graph = book.graph(person, mask)
        if id(graph) not in numbers:
            numbers[id(graph)] = len(graphs)
            graphs.append(graph)
        graph_of[row] = numbers[id(graph)]
        for queue, speed in person.skills:
            speeds[row, queue] = speed
    crew = _stacked(graphs, graph_of, own, speeds, problem.grid.days)
    stuck = tuple(person.agent_id for person in problem.people if not book.has_line(person))
    return Lines(crew, tuple(graphs), constant, stuck)


def own_values(person: PlannedPerson, shifts: Sequence[CandidateShift]) -> tuple[Floats, float]:
    """Pay and wishes of every shift for this person, shape (shifts,), and the price of wishes to work that nothing grants."""
    value = np.array([person.cost_per_minute * s.paid_minutes for s in shifts], dtype=np.float64)
    if person.premiums:
        value += person.cost_per_minute * np.array(person.premiums)
    constant = 0.0
    for wish in person.wishes:
        meant = [k for k, s in enumerate(shifts) if s.day == wish.day and wish.shift in ("", s.template.name)]
        value[meant] += wish.price if wish.kind == "off" else -wish.price
        constant += wish.price if wish.kind == "on" else 0.0
    return value, constant


def _stacked(
    graphs: Sequence[LineGraph],
    graph_of: "np.typing.NDArray[np.int64]",
    own: Floats,
    speeds: Floats,
    days: int,
) -> Crew:
    """All graphs behind one another, each person's usable shifts beside them."""
    offsets = np.cumsum([0, *(len(g.choice) for g in graphs)])
    ptr = np.array([g.ptr + offset for g, offset in zip(graphs, offsets, strict=False)], dtype=np.int64)
    usable: list[int] = []
    bounds = [0]
    in_graph = [set(g.choice.tolist()) for g in graphs]
    for row in range(len(own)):
        usable += [int(k) for k in np.flatnonzero(np.isfinite(own[row])) if int(k) in in_graph[graph_of[row]]]
        bounds.append(len(usable))
    return Crew(
        speeds,
        own,
        graph_of,
        np.array(bounds, dtype=np.int64),
        np.array(usable, dtype=np.int64),
        ptr.reshape(len(graphs), days + 1),
        np.concatenate([g.source for g in graphs]),
        np.concatenate([g.target for g in graphs]),
        np.concatenate([g.choice for g in graphs]),
        np.concatenate([g.cost for g in graphs]),
        int(max(g.nodes.max() for g in graphs)),
    )
