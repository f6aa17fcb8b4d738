"""Ctrl-C is still ours after a clash was explained: CP-SAT would leave it to the system, which ends a process without cleaning up."""

import subprocess
import sys

SCRIPT = """
import os, signal
from zoneinfo import ZoneInfo
import numpy as np
from centre.instants import Grid
from centre.model import Objective, ShiftTemplate
from scheduler.problem import PlannedPerson, RotaProblem
from scheduler.rules.primitives import BoundedSum
from scheduler.shifts import candidate_shifts
from scheduler.solve.{module} import stuck_people

grid = Grid(ZoneInfo("UTC"), 0, 2, 60)
none = np.zeros((1, 48))
shifts = tuple(candidate_shifts([ShiftTemplate("day", 480, 480, 480)], grid))
rules = (BoundedSum(0, 1, "paid_minutes", low=2000), BoundedSum(0, 1, "paid_minutes", high=400))
person = PlannedPerson("p", ((0, 1.0),), rules)
problem = RotaProblem(grid, ("calls",), none, none, shifts, (person,), Objective())
assert stuck_people(problem, ("p",))
try:
    os.kill(os.getpid(), signal.SIGINT)
    signal.pause()
except KeyboardInterrupt:
    print("ours")
"""


def told_after(module):
    return subprocess.run(
        [sys.executable, "-c", SCRIPT.format(module=module)], capture_output=True, text=True, timeout=60
    )


def test_after_the_engine_s_clashes():
    run = told_after("explain")
    assert (run.returncode, run.stdout) == (0, "ours\n"), run.stderr


def test_after_the_exact_model_s_clashes():
    run = told_after("exact_clashes")
    assert (run.returncode, run.stdout) == (0, "ours\n"), run.stderr
