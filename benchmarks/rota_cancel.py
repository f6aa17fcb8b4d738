"""How soon a solve ends after it is told to, at random moments: median, 95th percentile and longest of many cancels.

    .venv/bin/python benchmarks/rota_cancel.py --cancels 50 --agents 500 --shape bank round-the-clock

Each solve gets a minute and is stopped at a moment drawn between its start and ``--latest`` seconds; what it has by then is audited: it
must be legal. Slowest cancels are told with the last thing that the solver said before.
"""

import argparse
import threading
import time

import numpy as np
from _rota_weeks import Week, week

from scheduler.audit import audit
from scheduler.solution import Limits
from scheduler.solve import solve


def cancelled(asked: Week, after: float, workers: int) -> tuple[float, str, int]:
    """Seconds from the cancel to the answer, what the solver said last before the cancel, and the breaches of what it answers.

    A solve that ends by itself before took no time to cancel.
    """
    stop, said = threading.Event(), ["nothing yet"]
    at = list[float]()

    def cancel() -> None:
        at.append(time.perf_counter())
        stop.set()

    def note(line: object) -> None:
        if not stop.is_set():
            said[0] = str(line)

    timer = threading.Timer(after, cancel)
    timer.start()
    found = solve(asked.problem, Limits(36, 60.0, 1, workers, 0.0), note, stop=stop.is_set)
    ended = time.perf_counter()
    timer.cancel()
    breaches = sum(v.verdict == "breach" for v in audit(found.rota, asked.rules, asked.facts))
    return (ended - at[0] if at else 0.0), said[0], breaches


def main() -> None:
    """Print what 50 cancels took."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cancels", type=int, default=50)
    parser.add_argument("--agents", type=int, default=500)
    parser.add_argument("--shape", nargs="+", default=["bank", "round-the-clock"])
    parser.add_argument("--latest", type=float, default=20.0)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    rng = np.random.default_rng(1)
    weeks = {shape: week(shape, asked.agents) for shape in asked.shape}
    took = []
    for k in range(asked.cancels):
        shape = asked.shape[k % len(asked.shape)]
        after = float(rng.uniform(0.0, asked.latest))
        seconds, said, breaches = cancelled(weeks[shape], after, asked.workers)
        took.append((seconds, shape, after, said, breaches))
        print(
            f"{k + 1:3} {shape:16} told after {after:4.1f} s, took {seconds:.2f} s, {breaches} breaches",
            flush=True,
        )
    seconds = [one[0] for one in took]
    print(
        f"{len(took)} cancels of {asked.agents} agents: median {np.median(seconds):.2f} s, "
        f"p95 {np.quantile(seconds, 0.95):.2f} s, longest {max(seconds):.2f} s; "
        f"{sum(one[4] > 0 for one in took)} rotas with breaches"
    )
    for one in sorted(took, reverse=True)[:5]:
        print(f"  {one[0]:.2f} s, {one[1]}, told after {one[2]:.1f} s: {one[3]}")


if __name__ == "__main__":
    main()
