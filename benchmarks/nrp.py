"""Instances of the Curtois and Qu shift-scheduling benchmark: penalty and proven bound beside the best known penalty.

    .venv/bin/python benchmarks/nrp.py INSTANCE.txt... [--seconds 60] [--workers 2] [--seed 1] [--solver paiban textbook]

Each instance is solved by each solver in turn, alone, and its roster judged by `scheduler.nrp.judge`, which shares no code with
either; the figures are the judge's. Best known penalties are those of schedulingbenchmarks.org as of January 2023, second-hand.
The time is the clock's, reading left out, writing down of the model counted; peak memory is the process's own, which is a new one for
each solve.
"""

import argparse
import resource
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from scheduler.nrp import judge, read_instance
from scheduler.solve.nrp import solve_nrp
from scheduler.solve.nrp_textbook import solve_textbook

SOLVERS = {"paiban": solve_nrp, "textbook": solve_textbook}
BEST_KNOWN = {
    1: 607, 2: 828, 3: 1001, 4: 1716, 5: 1143, 6: 1950, 7: 1056, 8: 1300, 9: 439, 10: 4631, 11: 3443, 12: 4040,
    13: 1348, 14: 1278, 15: 3829, 16: 3225, 17: 5746, 18: 4459, 19: 3149, 20: 4769, 21: 21133, 22: 30241,
    23: 17428, 24: 42463,
}  # fmt: skip


def row_of(path: Path, solver: str, seconds: float, workers: int, seed: int) -> str:
    """One row of the table."""
    instance = read_instance(path)
    result = SOLVERS[solver](instance, seconds, workers, seed)
    best = {f"Instance{number}": penalty for number, penalty in BEST_KNOWN.items()}.get(instance.name)
    penalty, over, verdict = "none", "", result.status
    if result.assignments is not None:
        judged = judge(instance, instance.triples(result.assignments))
        penalty = f"{judged.penalty:,}"
        over = "" if best is None else f"{judged.penalty / best - 1:.1%}"
        wrong = judged.penalty != result.penalty or judged.penalty < result.bound
        verdict = (
            f"{len(judged.breaches)} breaches" if judged.breaches else "wrong figures" if wrong else verdict
        )
    size = f"{instance.days // 7} / {len(instance.staff)} / {len(instance.shifts)}"
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cells = (
        instance.name,
        size,
        solver,
        penalty,
        f"{result.bound:,}",
        "" if best is None else f"{best:,}",
        over,
    )
    return "| " + " | ".join((*cells, f"{result.seconds:.1f}", f"{memory:,.0f}", verdict)) + " |"


def main() -> None:
    """Print the table, a row as soon as it is there."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("instances", type=Path, nargs="+", metavar="INSTANCE")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--solver", nargs="+", choices=SOLVERS, default=["paiban"])
    args = parser.parse_args()
    print(
        "| Instance | Weeks / staff / shifts | Solver | Penalty | Bound | Best known | Over best | Seconds | MiB | Status |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for path in args.instances:
        for solver in args.solver:
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
                run = alone.submit(row_of, path, solver, args.seconds, args.workers, args.seed)
                print(run.result(), flush=True)


if __name__ == "__main__":
    main()
