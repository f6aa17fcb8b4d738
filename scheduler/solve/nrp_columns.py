"""Benchmark instances by whole lines of work: a proven bound, dives, then parts solved again.

first lines, each the best beside the others -> pricing (dynamic programming) <-> linear programme over lines -> bound
-> dives; beside it annealing by ruin and recreate, of all threads where the programme would take too long
-> parts (few people on all days, many people on few) priced and chosen anew, until the bound or the end of time
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

import numpy as np
from ortools.sat.python import cp_model

from scheduler.nrp.instance import OFF, Ints, NrpInstance
from scheduler.solve.nrp_anneal import HOT, WARM, Annealer, compile_recreate
from scheduler.solve.nrp_choice import choice
from scheduler.solve.nrp_master import SMALL, Master, Part
from scheduler.solve.nrp_pricing import LARGEST_TABLE, Pricer, cover_of
from scheduler.solve.nrp_result import NrpResult, Progress, Status
from scheduler.solve.nrp_roster import Roster
from scheduler.solve.nrp_saddle import compile_equilibrium
from scheduler.solve.nrp_span import span_within, whole_span
from scheduler.solve.nrp_start import first_lines, marginal
from scheduler.solve.nrp_ways import Ways

PROGRAMME_SHARE, DIVING_SHARE = 0.5, 0.15
ANNEALED, ANNEALED_SMALL, ANNEALED_ALONE = 0.6, 0.2, 0.85
"""Share of the time after which annealing ends: beside the programme, the same where parts are quick, without a programme."""
NEAR = 1.01
"""Penalty in bounds from which on parts gain more than annealing."""
ROOM = 28
"""Days that each thread which anneals has to itself."""
Now = Callable[[], float]
"""A clock in seconds."""
ROUNDS = 20
"""Rounds of pricing that the linear programme takes at least."""
WARM_SHARE = 0.2
"""Share of the time for annealing what a dive that was cut short has left."""
CHOICE_SECONDS, LAST_SECONDS = 2.0, 0.2


def solve_columns(
    instance: NrpInstance,
    seconds: float,
    workers: int,
    seed: int,
    progress: Progress,
    clock: Now = time.perf_counter,
) -> NrpResult:
    """Solve an instance within ``seconds`` of the clock; compiling, once an installation, is not counted."""
    if len(instance.staff):
        week = span_within(instance, 0, np.full(instance.days, OFF), 0, min(7, instance.days))
        Pricer(instance).cheapest(0, np.zeros((len(week.must), len(instance.shifts))), week)
        compile_equilibrium()
        compile_recreate(instance)
    return _Search(instance, seconds, workers, seed, progress, clock).run()


class _Search:
    """The roster so far and how to better it."""

    def __init__(
        self, instance: NrpInstance, seconds: float, workers: int, seed: int, progress: Progress, clock: Now
    ) -> None:
        self.instance, self.seconds, self.workers, self.seed = instance, seconds, workers, seed
        self._clock, self._began = clock, clock()
        self.rng = np.random.default_rng(seed)
        self.roster = Roster(instance, progress)
        self.pricers = [Pricer(instance) for _ in range(workers)]
        self.people = list(range(len(instance.staff)))
        self._stopped = False
        self._solvers: set[cp_model.CpSolver] = set()
        self._busy: set[int] = set()
        self._lock = threading.Lock()

    def left(self) -> float:
        """Seconds that are left."""
        return -1.0 if self._stopped else self.seconds - (self._clock() - self._began)

    @property
    def _open(self) -> bool:
        return self.left() > LAST_SECONDS and self.roster.penalty > self.roster.bound

    def run(self) -> NrpResult:
        """From first lines to the best roster that time allows."""
        roster, one = self.roster, self.instance
        lines = first_lines(one, roster.wishes, self.pricers[0], self.left)
        if lines is None:
            nobody = any(self._lawless(person) for person in self.people) if self.left() > 0 else False
            took = self._clock() - self._began
            return NrpResult(None, None, 0, took, "infeasible" if nobody else "unknown")
        roster.take(lines)
        if self._whole:
            self._descend(lines, 1)
        share = (self.seconds - self.left()) / 2 / self.seconds * ROUNDS
        self._work(self._whole and share < PROGRAMME_SHARE)
        assert roster.lines is not None
        took = self._clock() - self._began
        status: Status = "optimal" if roster.penalty <= roster.bound else "feasible"
        return NrpResult(roster.lines, int(roster.penalty), roster.bound, took, status)

    def _work(self, programme: bool) -> None:
        """Everything after the first lines: some threads anneal, this one solves the programme or not, then parts."""
        lines, crew = self.roster.lines, self.workers - programme
        assert lines is not None
        joint = min(crew, max(1, self.instance.days // ROOM))
        small = len(self.people) * self.instance.required.size <= SMALL
        until = (ANNEALED_SMALL if small else ANNEALED) if programme else ANNEALED_ALONE
        with ThreadPoolExecutor(self.workers + 1) as threads:
            try:
                annealing = threads.submit(self._anneal, lines.copy(), HOT, until, joint) if crew else None
                others = [
                    threads.submit(self._again, number, annealing if self.workers - number <= joint else None)
                    for number in range(int(programme), self.workers)
                ]
                if programme:
                    self._programme()
                    others.append(threads.submit(self._again, 0, None))
                wait_for_all(others, self._stop)
            except BaseException:
                self._stop()
                raise

    def _anneal(self, lines: Ints, hot: float, until: float, threads: int) -> None:
        """Better a roster by annealing until a share of the time has passed."""
        began = 1 - self.left() / self.seconds

        def passed() -> float:
            if not self._open or self.roster.penalty <= NEAR * self.roster.bound:
                return 1.0
            return (1 - self.left() / self.seconds - began) / max(1e-6, until - began)

        annealer = Annealer(self.instance, self.pricers[0], self.roster.wishes, [self.seed, round(1e3 * hot)])
        annealer.run(lines, hot, passed, self.roster.take, threads)

    def _lawless(self, person: int) -> bool:
        """Whether nobody could lawfully work as the person has to."""
        span = whole_span(self.instance, person)
        if self.pricers[0].states(person, span) > LARGEST_TABLE:
            return False
        zero = np.zeros_like(self.instance.required, dtype=np.float64)
        return bool(np.isinf(self.pricers[0].cheapest(person, zero, span).bound))

    def _stop(self) -> None:
        """End everything that runs in threads."""
        self._stopped = True
        for solver in list(self._solvers):
            solver.stop_search()

    def _descend(self, lines: Ints, passes: int) -> None:
        """Everybody's line in turn made the best beside all others'."""
        one, roster = self.instance, self.roster
        cover = cover_of(lines, *one.required.shape)
        for _ in range(passes):
            for person in self.rng.permutation(len(lines)).tolist():
                if self.left() < 0:
                    break
                cover -= cover_of(lines[person][None], *cover.shape)
                cost = roster.wishes[person] + marginal(one, cover)
                found = self.pricers[0].cheapest(person, cost, whole_span(one, person))
                if found.line is not None:
                    lines[person] = found.line
                cover += cover_of(lines[person][None], *cover.shape)
        roster.take(lines.copy())

    @property
    def _whole(self) -> bool:
        """Whether the whole horizon of everybody can be priced at once."""
        one = self.instance
        return all(self.pricers[0].states(p, whole_span(one, p)) <= LARGEST_TABLE for p in self.people)

    def _programme(self) -> None:
        """The linear programme over everybody's lines, its bound, and dives from it; other threads work meanwhile."""
        roster = self.roster
        assert roster.lines is not None
        part = roster.part(roster.lines, self.people, 0, self.instance.days)
        until = (1 - PROGRAMME_SHARE) * self.left()
        master = Master(part, self.pricers[0], lambda: self.left() - until)
        for number, line in enumerate(roster.lines):
            master.add(number, line)
        master.generate(100_000, 2e-5)
        roster.prove(master.bound)
        roster.progress(f"bound {roster.bound}")
        dives, until = 0, self.left() - DIVING_SHARE * self.seconds
        master.left = lambda: self.left() - until
        while self._open and (dives == 0 or self.left() > until):
            found = np.array(master.dive(self.rng, 0.3 if dives else 0.0))
            roster.take(found.copy())
            if self.left() > until or dives:
                self._descend(found, 1)
            else:  # cut short: most people have lines that were not made for one another
                self._anneal(found, WARM, 1 - self.left() / self.seconds + WARM_SHARE, 1)
            dives += 1

    def _again(self, worker: int, after: Future[None] | None) -> None:
        """Parts solved again, one after another, once others have ended."""
        if after is not None:
            after.result()
        rng = np.random.default_rng([self.seed, worker])
        ways = Ways(self.roster, rng)
        while self._open:
            began = self._clock()
            lines = self.roster.lines
            assert lines is not None
            with self._lock:
                way, people, first, last = ways.next(lines, self._busy)
                self._busy |= set(people)
            before = self.roster.penalty
            try:
                whole = self._part_again(self.roster.part(lines, people, first, last), lines, worker, rng)
            finally:
                with self._lock:
                    self._busy -= set(people)
            ways.learn(way, max(0.0, before - self.roster.penalty), self._clock() - began, whole)

    def _part_again(self, part: Part, lines: Ints, worker: int, rng: np.random.Generator) -> bool:
        """One part priced, dived and chosen anew; whether that was done to its end."""
        master = Master(part, self.pricers[worker], self.left)
        own = [lines[person, part.first : part.last].copy() for person in part.people]
        for number, line in enumerate(own):
            master.add(number, line)
        now = cost_of(part, own)
        master.generate(40, 1e-3)
        if master.bound > now - 1 + 1e-6 or self.left() < LAST_SECONDS:
            return True
        dived = master.dive(rng, 0.1, 2)
        if cost_of(part, dived) <= now:
            now, own = cost_of(part, dived), dived
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = min(CHOICE_SECONDS, max(0.1, self.left()))
        solver.parameters.num_workers, solver.parameters.random_seed = 1, self.seed
        solver.parameters.linearization_level, solver.parameters.catch_sigint_signal = 2, False
        self._solvers.add(solver)
        chosen, whole = choice(part, master.promising(now, own), own, solver, True)
        self._solvers.discard(solver)
        self.roster.put(part, lines, own if chosen is None else chosen)
        return whole


def wait_for_all(running: list[Future[None]], stop: Callable[[], None]) -> None:
    """Wait for threads and raise what they raise; a signal stops them first."""
    try:
        while not all(one.done() for one in running):
            wait(running, 0.1)
    except BaseException:
        stop()
        raise
    for one in running:
        one.result()


def cost_of(part: Part, lines: list[Ints]) -> int:
    """Penalty of lines of a part."""
    cover = cover_of(np.array(lines), *part.wanted.shape)
    missing, beyond = np.maximum(0, part.wanted - cover), np.maximum(0, cover - part.wanted)
    wishes = sum(part.cost(number, line) for number, line in enumerate(lines))
    return int(wishes + (missing * part.under + beyond * part.over).sum())
