"""A roster for an instance of the public shift-scheduling benchmark: which solver takes it, behind one signature."""

from scheduler.nrp.instance import NrpInstance
from scheduler.solve.nrp_result import NrpResult, Progress
from scheduler.solve.nrp_textbook import solve_textbook


def solve_nrp(
    instance: NrpInstance, seconds: float, workers: int, seed: int, progress: Progress = lambda _: None
) -> NrpResult:
    """Solve an instance within ``seconds`` of the clock on ``workers`` threads; see `NrpResult`."""
    return solve_textbook(instance, seconds, workers, seed, progress)
