"""The engine against the exact model on random small problems: where both prove, the same optimum; every rota legal, every cost recounted.

`benchmarks/exact_against_engine.py` does the same on more of them.
"""

import pytest

from scheduler.solution import Limits
from scheduler.solve import run
from tests.scheduler.agreement import compared
from tests.scheduler.small_problems import problem_of

ENGINE, EXACT = Limits(effort=1, workers=1, gap=0.0), Limits(effort=8, workers=1, gap=0.0)
PROBLEMS, AT_ONCE = 40, 20


@pytest.fixture(autouse=True)
def little_search(monkeypatch):
    """Problems this small need few steps."""
    monkeypatch.setattr(run, "OPERATIONS_PER_UNIT", 1e6, raising=False)


@pytest.mark.parametrize("first", range(0, PROBLEMS, AT_ONCE))
def test_both_agree_on_random_small_problems(first):
    wrong, proven, settled = {}, 0, 0
    for seed in range(first, first + AT_ONCE):
        problem = problem_of(seed, large=0.0)
        found = compared(problem, ENGINE, EXACT)
        if found.wrong or found.claims:
            wrong[seed] = found.wrong + found.claims
        proven += found.both_proven
        settled += found.exact.gap == 0
    assert wrong == {}
    assert proven >= AT_ONCE / 3
    assert settled >= AT_ONCE * 0.9
