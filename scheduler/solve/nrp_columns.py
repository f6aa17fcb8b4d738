"""Benchmark instances by whole lines of work: a proven bound, dives, a choice among lines, then parts solved again.

pricing (dynamic programming) <-> linear programme over lines -> bound -> dives -> CP-SAT over the lines found ->
some people's lines priced and chosen anew, the others kept, until the bound or the end of time
"""

import math
import time

import numpy as np
from ortools.sat.python import cp_model

from scheduler.nrp.instance import OFF, Ints, NrpInstance
from scheduler.solve.nrp_master import Master
from scheduler.solve.nrp_pricing import Pricer, cover_of
from scheduler.solve.nrp_result import NrpResult, Progress, Status
from scheduler.solve.stoppable import solved

DIVING_SHARE, CHOICE_SHARE = 0.2, 0.15
FEWEST, MOST = 4, 10


def solve_columns(
    instance: NrpInstance, pricer: Pricer, seconds: float, workers: int, seed: int, progress: Progress
) -> NrpResult:
    """Solve an instance within ``seconds`` of the clock; ``pricer`` has to fit (`Pricer.fits`)."""
    return _Search(instance, pricer, seconds, workers, seed, progress).run()


class _Search:
    """The roster so far and how to better it."""

    def __init__(
        self,
        instance: NrpInstance,
        pricer: Pricer,
        seconds: float,
        workers: int,
        seed: int,
        progress: Progress,
    ) -> None:
        self.instance, self.pricer, self.workers, self.seed, self.progress = (
            instance,
            pricer,
            workers,
            seed,
            progress,
        )
        self.seconds, self._began = seconds, time.perf_counter()
        self.rng = np.random.default_rng(seed)
        constant, added = instance.wishes()
        self.constant, self.wishes = constant, added.astype(np.float64)
        self.people = list(range(len(instance.staff)))
        self.bound = 0
        self.best: Ints | None = None
        self.penalty = math.inf

    def left(self) -> float:
        """Seconds that are left."""
        return self.seconds - (time.perf_counter() - self._began)

    @property
    def _open(self) -> bool:
        return self.left() > 0.2 and self.penalty > self.bound

    def run(self) -> NrpResult:
        """From the linear programme to the best roster that time allows."""
        whole = Master(self.pricer, self.wishes, self.people, np.zeros_like(self.instance.required))
        for person in self.people:
            if self.left() < 0:
                break
            first = self.pricer.line(person, self.wishes[person] - self.instance.under_weight)
            if first is None:
                nothing: Status = "infeasible" if self.pricer.exact[person] else "unknown"
                return NrpResult(None, None, 0, self.seconds - self.left(), nothing)
            whole.add(person, first[1])
        if self.left() < 0:
            return NrpResult(None, None, 0, self.seconds - self.left(), "unknown")
        bound = whole.generate(10_000, 1e-5, self.left)
        if math.isfinite(bound):
            self.bound = max(0, math.ceil(bound + self.constant - 1e-6))
        self.progress(f"bound {self.bound}")
        self._dive(whole, 0.0)
        until = self.left() - DIVING_SHARE * self.seconds
        while self._open and self.left() > until:
            whole.release()
            self._dive(whole, 0.3)
        if self._open:
            lines = {person: [line for line, _ in whole.lines[person]] for person in self.people}
            self._choose(lines, min(self.left(), CHOICE_SHARE * self.seconds))
        while self._open:
            self._again()
        assert self.best is not None
        status: Status = "optimal" if self.penalty <= self.bound else "feasible"
        took = self.seconds - self.left()
        return NrpResult(self.best, int(self.penalty), self.bound, took, status)

    def _dive(self, whole: Master, noise: float) -> None:
        found = whole.dive(self.rng, noise, self.left)
        self._take(np.array([found[person] for person in self.people]))

    def _take(self, lines: Ints) -> None:
        """Keep a roster that is no worse."""
        penalty = self.penalty_of(lines)
        if penalty < self.penalty:
            self.progress(f"penalty {penalty}, bound {self.bound}")
        if penalty <= self.penalty:
            self.best, self.penalty = lines.copy(), penalty

    def penalty_of(self, lines: Ints) -> int:
        """Penalty of a roster of shape (people, days)."""
        person, day = np.nonzero(lines != OFF)
        wishes = self.wishes[person, day, lines[person, day]].sum()
        one, cover = self.instance, cover_of(lines, *self.instance.required.shape)
        missing, beyond = np.maximum(0, one.required - cover), np.maximum(0, cover - one.required)
        return int(self.constant + wishes + (missing * one.under_weight + beyond * one.over_weight).sum())

    def _again(self) -> None:
        """Some people's lines priced against the others' cover and chosen anew."""
        assert self.best is not None
        people = self._some()
        cover = cover_of(self.best, *self.instance.required.shape)
        rest = cover - cover_of(self.best[people], *cover.shape)
        part = Master(self.pricer, self.wishes, people, rest)
        for person in people:
            part.add(person, self.best[person])
        part.generate(30, 1e-4, self.left)
        lines = {person: [line for line, _ in part.lines[person]] for person in people}
        self._choose(lines, min(3.0, max(0.2, self.left())))

    def _some(self) -> list[int]:
        """A few people: mostly those who work around a day on which cover is missed, else any."""
        assert self.best is not None
        count = min(len(self.people), int(self.rng.integers(FEWEST, MOST + 1)))
        if self.rng.random() < 0.3:
            return [int(person) for person in self.rng.choice(len(self.people), count, replace=False)]
        one, cover = self.instance, cover_of(self.best, *self.instance.required.shape)
        missing, beyond = np.maximum(0, one.required - cover), np.maximum(0, cover - one.required)
        price = (missing * one.under_weight + beyond * one.over_weight).sum(axis=1) + 1e-3
        day = int(self.rng.choice(one.days, p=price / price.sum()))
        near = (self.best[:, max(0, day - 2) : day + 3] != OFF).mean(axis=1)
        order = np.argsort(-(self.rng.random(len(self.people)) + 0.5 * near))
        return [int(person) for person in order[:count]]

    def _choose(self, lines: dict[int, list[Ints]], seconds: float) -> None:
        """The best choice of one line a person from those given, everyone else's kept."""
        assert self.best is not None
        chosen = choice(self.instance, self.wishes, lines, self.best, seconds, self.workers, self.seed)
        if chosen is not None:
            self._take(chosen)


def choice(
    instance: NrpInstance, wishes: np.ndarray, lines: dict[int, list[Ints]], start: Ints, seconds: float, workers: int,
    seed: int,
) -> Ints | None:  # fmt: skip
    """One line for each person of ``lines``, those of ``start`` for all others, of least penalty by CP-SAT."""
    model, chosen = cp_model.CpModel(), list[tuple[cp_model.IntVar, int, Ints]]()
    days, shifts = instance.required.shape
    on: list[list[list[cp_model.IntVar]]] = [[[] for _ in range(shifts)] for _ in range(days)]
    others = [person for person in range(len(start)) if person not in lines]
    wanted = instance.required - cover_of(start[others], days, shifts)
    terms: list[cp_model.LinearExprT] = []
    for person, own in lines.items():
        variables = [model.new_bool_var("") for _ in own]
        model.add_exactly_one(variables)
        for variable, line in zip(variables, own, strict=True):
            worked = np.flatnonzero(line != OFF)
            terms.append(variable * int(wishes[person][worked, line[worked]].sum()))
            model.add_hint(variable, bool((line == start[person]).all()))
            chosen.append((variable, person, line))
            for day in worked.tolist():
                on[day][line[day]].append(variable)
    for day in range(days):
        for shift in range(shifts):
            need, there = int(wanted[day, shift]), on[day][shift]
            missing = model.new_int_var(0, max(0, need), "")
            beyond = model.new_int_var(0, max(0, len(there) - need), "")
            model.add(sum(there) + missing - beyond == need)
            terms += [
                missing * int(instance.under_weight[day, shift]), beyond * int(instance.over_weight[day, shift])
            ]  # fmt: skip
    model.minimize(sum(terms))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = seconds, workers
    solver.parameters.random_seed, solver.parameters.linearization_level = seed, 2
    if solved(solver, model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    found = start.copy()
    for variable, person, line in chosen:
        if solver.value(variable):
            found[person] = line
    return found
