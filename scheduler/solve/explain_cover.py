"""Whether people bound by some demands can give minimum cover in some intervals: asked in whole people, answered exactly.

A person's lines are seen only by what they add to these intervals: shifts alike in that are one, and where nothing is left to tell
apart, lines are one. Few intervals make a small question however long the horizon is and however many its shifts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from ortools.sat.python import cp_model

from scheduler.problem import PlannedPerson, RotaProblem
from scheduler.shifts import CandidateShift, break_starts
from scheduler.solve.explain_lines import END, LineShapes
from scheduler.solve.lines import LineBook
from scheduler.solve.stoppable import solved

Cell = tuple[int, int]
Skills = tuple[tuple[int, int], ...]
Minutes = tuple[tuple[int, int], ...]
Expression = cp_model.LinearExprT
SPEED_UNIT = 10_000
WORK = 4.0  # of CP-SAT's deterministic time, for one question
EXTRA, EARLIER = 10_000_000, 1_000


@dataclass(frozen=True, slots=True)
class Mark:
    """What a shift adds to the intervals asked about: minutes by interval, and what each break that must cost some may take away."""

    minutes: Minutes
    breaks: tuple[tuple[Minutes, ...], ...]


@dataclass(frozen=True, slots=True)
class Crowd:
    """``count`` people who are alike for the question; ``ways`` are their lines, the first as they are, others at a price a person."""

    ways: tuple[int, ...]
    skills: Skills
    count: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the cover can be met, and by how little change where one was asked for.

    ``changed`` counts people who take another way, by crowd; ``extra`` people added, by day and mark of the shift they take; ``lowered``
    agents taken off the minimum, by span.
    """

    verdict: Literal["met", "unmet", "unknown"]
    changed: tuple[int, ...] = ()
    extra: Mapping[Cell, int] = field(default_factory=dict)
    lowered: tuple[int, ...] = ()


class CoverQuestion:
    """Questions about the minimum cover of ``cells``, (queue, interval) each."""

    def __init__(self, problem: RotaProblem, cells: Iterable[Cell], book: LineBook) -> None:
        self.problem, self.cells = problem, tuple(dict.fromkeys(cells))
        self._begins = problem.grid.start
        self.queues = frozenset(queue for queue, _ in self.cells)
        self._times = frozenset(t for _, t in self.cells)
        self.marks: list[Mark] = [Mark((), ())]
        numbers: dict[Mark, int] = {self.marks[0]: 0}
        marks = [self._mark(shift) for shift in problem.shifts]
        self.mark_of = np.array([numbers.setdefault(mark, len(numbers)) for mark in marks], dtype=np.int64)
        self.marks = list(numbers)
        self.shapes = LineShapes(book, self.mark_of, more_is_better=True)

    def skills(self, person: PlannedPerson) -> Skills:
        """Skills for the queues asked about; speeds in `SPEED_UNIT`."""
        return tuple(
            sorted((q, round(v * SPEED_UNIT)) for q, v in person.skills if q in self.queues and v > 0)
        )

    def root(self, person: PlannedPerson) -> int:
        """The person's lines as far as they matter here; who has no line cannot be there."""
        root = self.shapes.root(person)
        return END if root is None else root

    def answer(
        self,
        crowds: Sequence[Crowd],
        *,
        extra: Skills = (),
        lower: Sequence[Sequence[Cell]] = (),
    ) -> Answer:
        """Whether the crowds can meet the cover, with the fewest people changed, added or taken off the minimum.

        Parameters
        ----------
        extra : skills of people who may be added, each for one shift of one day
        lower : spans whose minimum may be lowered, each by a number of agents
        """
        return _Model(self, crowds, extra, lower).answer()

    def _mark(self, shift: CandidateShift) -> Mark:
        """What a shift adds; of a break's places only those that cost no more than another in every interval."""
        minutes = self._inside(shift.start, shift.end)
        breaks = []
        for k, pause in enumerate(shift.template.breaks if minutes else ()):
            losses = {self._inside(at, at + pause.minutes) for at in break_starts(shift, k)}
            if () not in losses:
                breaks.append(tuple(sorted(losses)))
        return Mark(minutes, tuple(breaks))

    def _inside(self, start: int, end: int) -> Minutes:
        """Minutes of a span by interval asked about."""
        length = self.problem.grid.interval_minutes
        begin, until = start - self._begins, end - self._begins
        touched = range(max(0, begin // length), -(-until // length))
        return tuple(
            (t, min(until, (t + 1) * length) - max(begin, t * length)) for t in touched if t in self._times
        )


def total(terms: Sequence[Expression]) -> Expression:
    """The sum of some terms."""
    return cp_model.LinearExpr.sum(terms)


class _Model:
    """One question as an integer programme: crowds flow along their lines, minutes on duty are shared out over queues."""

    def __init__(
        self,
        question: CoverQuestion,
        crowds: Sequence[Crowd],
        extra: Skills,
        lower: Sequence[Sequence[Cell]],
    ) -> None:
        self.question, self.model = question, cp_model.CpModel()
        self.minutes = question.problem.grid.interval_minutes
        self.duty: dict[tuple[Skills, int], list[Expression]] = {}
        self.most: dict[Skills, int] = {}
        self._dear: dict[Cell, int] = {}
        self.changed = [self._flow(crowd) for crowd in crowds]
        self.extra = self._added(extra) if extra else {}
        self.lowered = [self.model.new_int_var(0, self._asked(span), "") for span in lower]
        self._cover({cell: v for span, v in zip(lower, self.lowered, strict=True) for cell in span})
        price = (
            [v for one in self.changed for v in one]
            + [self._dear[k] * v for k, v in self.extra.items()]
            + self.lowered
        )
        if price:
            self.model.minimize(total(price))

    def answer(self) -> Answer:
        """Solve it."""
        solver = cp_model.CpSolver()
        parameters = solver.parameters
        parameters.num_workers, parameters.max_deterministic_time, parameters.random_seed = 1, WORK, 1
        status = solved(solver, self.model)
        if status == cp_model.INFEASIBLE:
            return Answer("unmet")
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Answer("unknown")
        changed = tuple(sum(solver.value(v) for v in one) for one in self.changed)
        extra = {key: n for key, v in self.extra.items() if (n := solver.value(v))}
        return Answer("met", changed, extra, tuple(solver.value(v) for v in self.lowered))

    def _flow(self, crowd: Crowd) -> list[cp_model.IntVar]:
        """People of a crowd along their lines; how many take each way but the first."""
        model, shapes, count = self.model, self.question.shapes, crowd.count
        self.most[crowd.skills] = self.most.get(crowd.skills, 0) + count
        taken = [model.new_int_var(0, count, "") for _ in crowd.ways]
        model.add(total(taken) == count)
        into: dict[int, list[cp_model.IntVar]] = {}
        for root, number in zip(crowd.ways, taken, strict=True):
            into.setdefault(root, []).append(number)
        workers: dict[int, list[cp_model.IntVar]] = {}
        for node in shapes.below(crowd.ways):
            out = []
            for mark, following in shapes.moves[node]:
                number = model.new_int_var(0, count, "")
                out.append(number)
                into.setdefault(following, []).append(number)
                if mark:
                    workers.setdefault(mark, []).append(number)
            model.add(total(out) == total(into.get(node, [])))
        for mark, numbers in workers.items():
            self._work(crowd.skills, mark, total(numbers), count)
        return taken[1:]

    def _work(self, skills: Skills, mark: int, workers: Expression, most: int) -> None:
        """Minutes on duty of people who work a shift, breaks where they hurt least."""
        told = self.question.marks[mark]
        for t, minutes in told.minutes:
            self.duty.setdefault((skills, t), []).append(minutes * workers)
        for losses in told.breaks:
            placed = [self.model.new_int_var(0, most, "") for _ in losses]
            self.model.add(total(placed) == workers)
            for loss, number in zip(losses, placed, strict=True):
                for t, minutes in loss:
                    self.duty[skills, t].append(-minutes * number)

    def _added(self, skills: Skills) -> dict[tuple[int, int], cp_model.IntVar]:
        """People added for a day, who work any shift of it; by day and mark. The fewest, then the least paid, then the earliest."""
        question = self.question
        most = sum(self._asked([cell]) for cell in question.cells)
        self.most[skills] = self.most.get(skills, 0) + most
        first = question.problem.grid.first_day
        for shift, mark in zip(question.problem.shifts, question.mark_of.tolist(), strict=True):
            if mark:
                dear = EXTRA + shift.paid_minutes * EARLIER + shift.day - first
                self._dear[shift.day, mark] = min(dear, self._dear.get((shift.day, mark), dear))
        added = {key: self.model.new_int_var(0, most, "") for key in sorted(self._dear)}
        for (_, mark), number in added.items():
            self._work(skills, mark, number, most)
        return added

    def _asked(self, cells: Iterable[Cell]) -> int:
        """The most agents that the minimum of some cells asks for."""
        return max(int(np.ceil(self.question.problem.minimum[cell])) for cell in cells)

    def _cover(self, lowered: Mapping[Cell, cp_model.IntVar]) -> None:
        """Minutes on duty cover the minimum of every cell, each minute one queue."""
        served: dict[Cell, list[Expression]] = {cell: [] for cell in self.question.cells}
        for (skills, t), terms in self.duty.items():
            mine = [(queue, speed) for queue, speed in skills if (queue, t) in served]
            if len(mine) == 1:
                served[mine[0][0], t].append(mine[0][1] * total(terms))
            if len(mine) <= 1:
                continue
            most = self.most[skills] * self.minutes
            shares = [self.model.new_int_var(0, most, "") for _ in mine]
            self.model.add(total(shares) <= total(terms))
            for (queue, speed), share in zip(mine, shares, strict=True):
                served[queue, t].append(speed * share)
        unit = self.minutes * SPEED_UNIT
        for cell, terms in served.items():
            asked = int(np.floor(self.question.problem.minimum[cell] * unit + 1e-6))
            less = [unit * lowered[cell]] if cell in lowered else []
            self.model.add(total([*terms, *less]) >= asked)
