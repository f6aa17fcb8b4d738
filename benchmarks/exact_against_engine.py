"""The engine and the exact model on random small problems: what they disagree on, how often each proves its optimum, seconds of each.

    .venv/bin/python -m benchmarks.exact_against_engine --problems 500

Problems are those of ``tests/scheduler/small_problems.py``, by seed: 1 to 5 people, 2 to 7 days, 1 or 2 queues, any rule that there is,
breaks, wishes, overtime, preferences, charges, minimum cover, duty. Every rota is judged by ``tests/scheduler/rota_judge.py``, which
shares nothing with either.
"""

import argparse
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from scheduler.solution import Limits
from scheduler.solve import engine
from tests.scheduler.agreement import Compared, compared
from tests.scheduler.small_problems import problem_of


def one(seed: int, effort: int, exact_effort: int, operations: float) -> tuple[int, Compared, float]:
    """Both answers to the problem of a seed, and the CPU seconds that they took together."""
    engine.OPERATIONS_PER_UNIT = operations
    limits = (Limits(effort=amount, workers=1, gap=0.0) for amount in (effort, exact_effort))
    began = time.process_time()
    found = compared(problem_of(seed), *limits)
    return seed, found, time.process_time() - began


def main() -> None:
    """Compare and tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--problems", type=int, default=500)
    parser.add_argument("--first", type=int, default=0, help="seed of the first problem")
    parser.add_argument("--effort", type=int, default=1, help="of the engine")
    parser.add_argument("--exact-effort", type=int, default=8)
    parser.add_argument(
        "--operations", type=float, default=1e6, help="of the engine's search in a unit of effort"
    )
    parser.add_argument("--processes", type=int, default=1)
    told = parser.parse_args()
    work = partial(one, effort=told.effort, exact_effort=told.exact_effort, operations=told.operations)
    counts, seconds = Counter[str](), 0.0
    with ProcessPoolExecutor(told.processes) as pool:
        for seed, found, taken in pool.map(work, range(told.first, told.first + told.problems), chunksize=5):
            counts["problems"] += 1
            counts["engine proves"] += found.engine.gap == 0
            counts["exact proves"] += found.exact.gap == 0
            counts["both prove"] += found.both_proven
            counts["with a clash"] += bool(found.exact.clashes)
            counts["engine's rota worse"] += (
                found.engine.objective > found.exact.objective * (1 + 1e-5) + 1e-5
            )
            counts["exact rota worse"] += found.exact.objective > found.engine.objective * (1 + 1e-5) + 1e-5
            counts["wrong"] += bool(found.wrong)
            counts["claims too much"] += bool(found.claims)
            seconds += taken
            for words in found.wrong + found.claims:
                print(f"problem {seed}: {words}", flush=True)
    print(", ".join(f"{name} {count}" for name, count in counts.items()), f"in {seconds:.0f} s of CPU")


if __name__ == "__main__":
    main()
