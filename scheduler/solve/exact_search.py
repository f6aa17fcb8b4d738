"""CP-SAT on the exact model: within limits, to be stopped at any time, telling what it finds."""

import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass

from ortools.sat.python import cp_model

from scheduler.solution import Limits

Progress = Callable[[str], None]
CPSAT_PER_UNIT = 0.25
"""CP-SAT's deterministic time in a unit of effort."""
ASKED_EVERY_SECONDS = 0.05
DECIDED = (cp_model.OPTIMAL, cp_model.INFEASIBLE)


@dataclass(frozen=True)
class Searched:
    """How a search ended: where to read the best solution from, what is proven, and whether a clock or a stop cut it short.

    ``solver`` is None where nothing was found; ``bound`` is on the model's objective, -inf where nothing is proven.
    """

    solver: cp_model.CpSolver | None
    infeasible: bool
    bound: float
    cut: bool


class _Told(cp_model.CpSolverSolutionCallback):
    """Tells each better rota."""

    def __init__(self, tell: Callable[[float, float], None]) -> None:
        super().__init__()
        self.tell = tell

    def on_solution_callback(self) -> None:
        """Tell its objective and the bound so far."""
        self.tell(self.objective_value, self.best_objective_bound)


def searched(
    model: cp_model.CpModel,
    limits: Limits,
    left: float | None,
    tell: Callable[[float, float], None],
    stop: Callable[[], bool],
) -> Searched:
    """Search until the gap, the effort or the clock is reached, or ``stop`` says so; it is asked many times a second.

    Each worker searches alone, with a seed and a strength of linear relaxation of its own: on models as small as these, CP-SAT with
    one thread proves in a tenth of the time that its threads take together. The first one's proof ends the others, never the other
    way round, so that the answer does not hang on who was faster.

    Parameters
    ----------
    left : seconds left, None without a clock
    tell : takes the objective of each better solution of the first worker and the bound
    """
    solvers = [_solver(limits, left, worker) for worker in range(max(1, limits.workers))]
    began, stopped = time.monotonic(), False
    with ThreadPoolExecutor(len(solvers)) as threads:
        running = [
            threads.submit(solver.solve, model, None if worker else _Told(tell))
            for worker, solver in enumerate(solvers)
        ]
        try:
            while not all(future.done() for future in running):
                stopped = stopped or stop()
                if stopped or (running[0].done() and running[0].result() in DECIDED):
                    _stop(solvers)  # one that comes before a search has begun is lost: said again each time
                wait(running, ASKED_EVERY_SECONDS)
        except BaseException:
            while not all(future.done() for future in running):
                _stop(solvers)
                wait(running, ASKED_EVERY_SECONDS)
            raise
        statuses = [future.result() for future in running]
    over = left is not None and time.monotonic() - began >= left
    return _best(solvers, statuses, stopped or over)


def _stop(solvers: Sequence[cp_model.CpSolver]) -> None:
    """Ask every search to end."""
    for solver in solvers:
        solver.stop_search()


def _solver(limits: Limits, left: float | None, worker: int) -> cp_model.CpSolver:
    """A solver of one thread."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2 - worker % 2
    solver.parameters.random_seed = limits.seed + worker
    solver.parameters.max_deterministic_time = limits.effort * CPSAT_PER_UNIT
    solver.parameters.relative_gap_limit = limits.gap
    solver.parameters.catch_sigint_signal = False
    if left is not None:
        solver.parameters.max_time_in_seconds = max(left, 0.01)
    return solver


def _best(
    solvers: Sequence[cp_model.CpSolver], statuses: Sequence[cp_model.CpSolverStatus], cut: bool
) -> Searched:
    """The best of what the workers found and proved; of two alike the first one's."""
    if cp_model.MODEL_INVALID in statuses:
        raise RuntimeError("the exact model is beyond what CP-SAT can count")
    pairs = list(zip(solvers, statuses, strict=True))
    found = [solver for solver, status in pairs if status in (cp_model.OPTIMAL, cp_model.FEASIBLE)]
    return Searched(
        min(found, key=lambda solver: solver.objective_value, default=None),
        cp_model.INFEASIBLE in statuses,
        max((solver.best_objective_bound for solver in found), default=-math.inf),
        cut and not any(status in DECIDED for status in statuses),
    )
