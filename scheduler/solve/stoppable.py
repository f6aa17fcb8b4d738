"""CP-SAT that a signal ends at once."""

from concurrent.futures import ThreadPoolExecutor, wait

from ortools.sat.python import cp_model


def solved(
    solver: cp_model.CpSolver, model: cp_model.CpModel, told: cp_model.CpSolverSolutionCallback | None = None
) -> cp_model.CpSolverStatus:
    """Solve in a thread while this one stays open to signals, which end the search at once."""
    solver.parameters.catch_sigint_signal = False
    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(solver.solve, model, told)
        try:
            return running.result()
        except BaseException:
            while not running.done():  # a stop that comes before the search has begun is lost
                solver.stop_search()
                wait([running], 0.05)
            raise
