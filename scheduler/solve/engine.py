"""The whole method on one page: lines, first rota, improvement, bound, choice among lines, and what is proven."""

from collections.abc import Callable

from scheduler.problem import RotaProblem
from scheduler.solution import Limits, Solution

Progress = Callable[[str], None]


def solve(problem: RotaProblem, limits: Limits, progress: Progress = lambda _: None) -> Solution:
    """Make a rota."""
    raise NotImplementedError
