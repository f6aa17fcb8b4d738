"""A roster for an instance of the public shift-scheduling benchmark: which solver takes it, behind one signature."""

import time

from scheduler.nrp.instance import NrpInstance
from scheduler.solve.nrp_columns import Now, solve_columns
from scheduler.solve.nrp_result import NrpResult, Progress
from scheduler.solve.nrp_textbook import solve_textbook

SMALL = 200
"""People x days x shifts up to which the textbook model is quick."""


def solve_nrp(
    instance: NrpInstance, seconds: float, workers: int, seed: int, progress: Progress = lambda _: None,
    clock: Now = time.perf_counter,
) -> NrpResult:  # fmt: skip
    """Solve an instance within ``seconds`` of ``clock`` on ``workers`` threads; see `NrpResult`.

    By whole lines of work, unless the instance is so small that the textbook model proves its roster best.
    """
    began = clock()
    if len(instance.staff) * instance.days * len(instance.shifts) > SMALL:
        found = solve_columns(instance, seconds, workers, seed, progress, clock)
        if found.assignments is not None or found.status == "infeasible":
            return found
    return solve_textbook(instance, seconds - (clock() - began), workers, seed, progress)
