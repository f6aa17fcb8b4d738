"""CP-SAT on the exact model: within limits, to be stopped at any time, telling what it finds."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass

from ortools.sat.python import cp_model

from scheduler.solution import Limits

Progress = Callable[[str], None]
CPSAT_PER_UNIT = 0.25
"""CP-SAT's deterministic time in a unit of effort."""
ASKED_EVERY_SECONDS = 0.05


@dataclass(frozen=True)
class Searched:
    """How a search ended: its status, the solver to read values from, and whether a clock or a stop cut it short."""

    status: cp_model.CpSolverStatus
    solver: cp_model.CpSolver
    cut: bool

    @property
    def found(self) -> bool:
        """Whether there are values to read."""
        return self.status in (cp_model.OPTIMAL, cp_model.FEASIBLE)


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

    One worker, or several that take turns: both repeat exactly under a limit of effort.

    Parameters
    ----------
    left : seconds left, None without a clock
    tell : takes the objective of each better solution and the bound
    """
    solver, began = cp_model.CpSolver(), time.monotonic()
    solver.parameters.num_workers = limits.workers
    solver.parameters.interleave_search = limits.workers > 1
    solver.parameters.random_seed = limits.seed
    solver.parameters.max_deterministic_time = limits.effort * CPSAT_PER_UNIT
    solver.parameters.relative_gap_limit = limits.gap
    solver.parameters.catch_sigint_signal = False
    if left is not None:
        solver.parameters.max_time_in_seconds = max(left, 0.01)
    stopped = False
    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(solver.solve, model, _Told(tell))
        try:
            while not running.done():
                if stopped or stop():  # a stop that comes before the search has begun is lost: say it again
                    stopped = True
                    solver.stop_search()
                wait([running], ASKED_EVERY_SECONDS)
        except BaseException:
            while not running.done():
                solver.stop_search()
                wait([running], ASKED_EVERY_SECONDS)
            raise
        status = running.result()
    over = left is not None and time.monotonic() - began >= left
    return Searched(status, solver, status != cp_model.OPTIMAL and (stopped or over))
