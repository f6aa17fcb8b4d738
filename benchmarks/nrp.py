"""Instances of the Curtois and Qu shift-scheduling benchmark: ours and the textbook model, beside what is known and published.

    .venv/bin/python benchmarks/nrp.py INSTANCE.txt... [--seconds 60] [--workers 2] [--seed 1] [--solver paiban textbook] [--processor]

Each instance is solved by each solver in turn, alone in a new process, and its roster judged by `scheduler.nrp.judge`, which shares no
code with either; the figures are the judge's. Best known penalties are those of schedulingbenchmarks.org as of January 2023, those of
the published column-generation code (Strandmark, Qu and Curtois 2020) were measured on two cores; both second-hand.

The time is the clock's, reading and compiling (once an installation) left out, writing down of the model counted. ``--processor`` gives
our engine seconds of processor instead, as many on each worker: fair on a machine that others share. The textbook model then still
goes by the clock.
"""

import argparse
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from scheduler.nrp import judge, read_instance
from scheduler.solve.nrp import solve_nrp
from scheduler.solve.nrp_result import NrpResult
from scheduler.solve.nrp_textbook import solve_textbook

BEST_KNOWN = {
    1: 607, 2: 828, 3: 1001, 4: 1716, 5: 1143, 6: 1950, 7: 1056, 8: 1300, 9: 439, 10: 4631, 11: 3443, 12: 4040,
    13: 1348, 14: 1278, 15: 3829, 16: 3225, 17: 5746, 18: 4459, 19: 3149, 20: 4769, 21: 21133, 22: 30241,
    23: 17428, 24: 42463,
}  # fmt: skip
PUBLISHED = {
    6: "1,970", 8: "1,526", 10: "4,637", 12: "4,066", 13: "2,056; 600 s: 1,362", 14: "1,553", 15: "4,218",
    18: "5,375", 19: "4,299", 20: "34,498; 600 s: 4,990",
}  # fmt: skip
"""Penalties of the published column-generation code after 60 s."""


def solved(path: Path, solver: str, seconds: float, workers: int, seed: int, processor: bool) -> NrpResult:
    """What a solver makes of an instance."""
    instance = read_instance(path)
    if solver == "textbook":
        return solve_textbook(instance, seconds, workers, seed)
    clock = (lambda: time.process_time() / workers) if processor else time.perf_counter
    return solve_nrp(instance, seconds, workers, seed, clock=clock)


def row_of(path: Path, solver: str, seconds: float, workers: int, seed: int, processor: bool) -> str:
    """One row of the table."""
    began = time.perf_counter()
    instance, result = read_instance(path), solved(path, solver, seconds, workers, seed, processor)
    took = time.perf_counter() - began
    number = next((n for n in BEST_KNOWN if f"Instance{n}" == instance.name), 0)
    best = BEST_KNOWN.get(number)
    penalty, over, verdict = "none", "", str(result.status)
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
        instance.name, size, solver, penalty, f"{result.bound:,}", "" if best is None else f"{best:,}", over,
        PUBLISHED.get(number, ""), f"{result.seconds:.1f}", f"{took:.0f}", f"{memory:,.0f}", verdict,
    )  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Print the table, a row as soon as it is there."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("instances", type=Path, nargs="+", metavar="INSTANCE")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--solver", nargs="+", choices=("paiban", "textbook"), default=["paiban", "textbook"])
    parser.add_argument("--processor", action="store_true")
    args = parser.parse_args()
    print(
        "| Instance | Weeks / staff / shifts | Solver | Penalty | Bound | Best known | Over best "
        "| Published CG, 60 s | Seconds | By the clock | MiB | Status |"
    )
    print("|---" * 12 + "|")
    for path in args.instances:
        for solver in args.solver:
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
                run = alone.submit(
                    row_of, path, solver, args.seconds, args.workers, args.seed, args.processor
                )
                print(run.result(), flush=True)


if __name__ == "__main__":
    main()
