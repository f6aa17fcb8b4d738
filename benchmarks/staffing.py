"""Required agents per second on one core, ours beside pyworkforce, and where the answers differ.

    python benchmarks/staffing.py                     # 100,000 intervals; the peer on 2,000 (Erlang C) and 30 (A) of them
    python benchmarks/staffing.py --peer-a 100        # a longer look at the peer

Both run in this process, on one core, on the same random intervals: load 0.1 to 500 erlangs (log-uniform), handle time 60 to
900 s, 70 to 95 % within 10 to 60 s, mean patience 60 to 600 s. A rate is intervals per second of the best of five runs
(ours, after the first call) or of the one run (peer). See README.md for the environment.
"""

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduler.staffing import performance, required_agents

try:
    from pyworkforce.queuing import ErlangA, ErlangC
except ImportError:
    ErlangA = ErlangC = None

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
PEER_INTERVAL_MINUTES = 30


@dataclass(frozen=True)
class Intervals:
    """Random intervals, one a place in each array; ``patience`` None for Erlang C."""

    calls_per_hour: Floats
    aht: Floats
    share: Floats
    seconds: Floats
    patience: Floats | None

    def at(self, places: NDArray[np.int64]) -> "Intervals":
        """The intervals at these places alone."""
        patience = None if self.patience is None else self.patience[places]
        return Intervals(
            self.calls_per_hour[places], self.aht[places], self.share[places], self.seconds[places], patience
        )

    def required(self, **limits: float) -> Ints:
        """Our answers."""
        return required_agents(
            self.calls_per_hour, self.aht, self.share, self.seconds, self.patience, **limits
        )

    def meets(self, agents: Ints) -> NDArray[np.bool_]:
        """Whether so many agents meet the targets, by our exact formulas."""
        found = performance(self.calls_per_hour, self.aht, agents, self.seconds, self.patience)
        return np.asarray((found.sl_offered >= self.share) & np.isfinite(found.wait_all_s))


def drawn(count: int, seed: int, impatient: bool, load: float | None = None) -> Intervals:
    """Random intervals, all of one load where it is given."""
    rng = np.random.default_rng(seed)
    erlangs = np.exp(rng.uniform(np.log(0.1), np.log(500.0), count)) if load is None else np.full(count, load)
    aht = rng.uniform(60, 900, count)
    share, seconds, patience = (
        rng.uniform(0.7, 0.95, count),
        rng.uniform(10, 60, count),
        rng.uniform(60, 600, count),
    )
    return Intervals(erlangs * 3600 / aht, aht, share, seconds, patience if impatient else None)


def seconds_of(work: Callable[[], object], runs: int = 5) -> float:
    """The shortest of so many runs."""
    best = np.inf
    for _ in range(runs):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def by_peer(intervals: Intervals) -> tuple[list[int | None], float]:
    """The peer's answers (None where it raises) and the seconds they took."""
    answers: list[int | None] = []
    start = time.perf_counter()
    for i in range(len(intervals.aht)):
        calls = intervals.calls_per_hour[i] * PEER_INTERVAL_MINUTES / 60
        usual = {
            "transactions": calls, "aht": intervals.aht[i] / 60, "asa": intervals.seconds[i] / 60,
            "interval": PEER_INTERVAL_MINUTES,
        }  # fmt: skip
        try:
            model = (
                ErlangC(**usual)
                if intervals.patience is None
                else ErlangA(**usual, patience=intervals.patience[i] / 60)
            )
            answers.append(int(model.required_positions(service_level=intervals.share[i])["raw_positions"]))
        except (ValueError, OverflowError, ZeroDivisionError):
            answers.append(None)
    return answers, time.perf_counter() - start


def compare(name: str, intervals: Intervals, sample: int, seed: int) -> None:
    """Print both rates, their ratio, and how the answers differ."""
    count = len(intervals.aht)
    start = time.perf_counter()
    agents = intervals.required()
    first = time.perf_counter() - start
    rate = count / seconds_of(intervals.required)
    exact = intervals.meets(agents) & ~((agents > 1) & intervals.meets(agents - 1))
    print(f"{name}: ours {rate:,.0f}/s over {count:,} intervals (first call {first:.2f} s);")
    print(f"  met with n and not with n - 1: {exact.sum():,} of {count:,}")
    if ErlangC is None:
        print("  pyworkforce is not installed: see benchmarks/README.md")
        return
    places = np.random.default_rng(seed).choice(count, min(sample, count), replace=False)
    part, ours = intervals.at(places), agents[places]
    answers, seconds = by_peer(part)
    theirs = np.array([-1 if answer is None else answer for answer in answers])
    many = (theirs > ours) & part.meets(ours)
    few = (theirs >= 0) & (theirs < ours) & ~part.meets(np.maximum(theirs, 0))
    peer_rate = len(places) / seconds
    print(f"  peer {peer_rate:,.1f}/s over {len(places):,} of them: ratio {rate / peer_rate:,.0f}")
    print(
        f"  peer's answers: {(theirs == ours).sum()} the same, {many.sum()} more agents than needed "
        f"(up to {(theirs - ours).max()}), {few.sum()} too few, {(theirs < 0).sum()} raise"
    )


def scaling(seed: int) -> None:
    """Print rates by number of intervals, by load, and with every limit set."""
    for impatient, name in ((False, "Erlang C"), (True, "Erlang A")):
        by_count = {
            n: n / seconds_of(drawn(n, seed, impatient).required) for n in (1, 100, 10_000, 1_000_000)
        }
        print(f"{name} by intervals:", ", ".join(f"{n:,}: {rate:,.0f}/s" for n, rate in by_count.items()))
        by_load = {
            load: 1_000 / seconds_of(drawn(1_000, seed, impatient, load).required)
            for load in (0.1, 1.0, 10.0, 100.0, 1_000.0, 10_000.0, 100_000.0)
        }
        print(f"{name} by erlangs:", ", ".join(f"{load:,g}: {rate:,.0f}/s" for load, rate in by_load.items()))
        limits = {"max_occupancy": 0.85, "max_asa_seconds": 15.0, "max_abandonment": 0.03}
        work = drawn(100_000, seed, impatient)
        rate = 100_000 / seconds_of(lambda work=work, limits=limits: work.required(**limits))
        print(f"{name} with limits of occupancy, ASA and abandonment too: {rate:,.0f}/s")


def main() -> None:
    """Run everything that the options ask for."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--intervals", type=int, default=100_000)
    options.add_argument("--peer-c", type=int, default=2_000, help="intervals for the peer's Erlang C")
    options.add_argument("--peer-a", type=int, default=30, help="intervals for the peer's Erlang A")
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # one core
    compare("Erlang C", drawn(given.intervals, given.seed, False), given.peer_c, given.seed)
    compare("Erlang A", drawn(given.intervals, given.seed, True), given.peer_a, given.seed)
    scaling(given.seed)


if __name__ == "__main__":
    main()
