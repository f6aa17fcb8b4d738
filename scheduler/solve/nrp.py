"""A roster for an instance of the public shift-scheduling benchmark: which solver takes it, behind one signature."""

import time

from scheduler.nrp.instance import NrpInstance
from scheduler.solve.nrp_columns import solve_columns
from scheduler.solve.nrp_pricing import Pricer
from scheduler.solve.nrp_result import NrpResult, Progress
from scheduler.solve.nrp_textbook import solve_textbook

SMALL = 200
"""People x days x shifts up to which the textbook model is quick."""


def solve_nrp(
    instance: NrpInstance, seconds: float, workers: int, seed: int, progress: Progress = lambda _: None
) -> NrpResult:
    """Solve an instance within ``seconds`` of the clock on ``workers`` threads; see `NrpResult`.

    By whole lines of work, unless the instance is so small that the textbook model proves its roster best, or so
    long that the table of one person's lines would not fit.
    """
    began = time.perf_counter()
    if len(instance.staff) * instance.days * len(instance.shifts) > SMALL:
        pricer = Pricer(instance)
        if pricer.fits:
            left = seconds - (time.perf_counter() - began)
            return solve_columns(instance, pricer, left, workers, seed, progress)
    return solve_textbook(instance, seconds, workers, seed, progress)
