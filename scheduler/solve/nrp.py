"""A roster for an instance of the public shift-scheduling benchmark: which solver takes it, behind one signature."""

import time

from scheduler.nrp.instance import NrpInstance
from scheduler.solve.nrp_columns import solve_columns
from scheduler.solve.nrp_result import NrpResult, Progress
from scheduler.solve.nrp_textbook import solve_textbook

SMALL = 200
"""People x days x shifts up to which the textbook model is quick."""


def solve_nrp(
    instance: NrpInstance, seconds: float, workers: int, seed: int, progress: Progress = lambda _: None
) -> NrpResult:
    """Solve an instance within ``seconds`` of the clock on ``workers`` threads; see `NrpResult`.

    By whole lines of work, unless the instance is so small that the textbook model proves its roster best.
    """
    began = time.perf_counter()
    if len(instance.staff) * instance.days * len(instance.shifts) > SMALL:
        found = solve_columns(instance, seconds, workers, seed, progress)
        if found.assignments is not None or found.status == "infeasible":
            return found
    return solve_textbook(instance, seconds - (time.perf_counter() - began), workers, seed, progress)
