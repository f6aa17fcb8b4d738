"""Queues carried over: seconds for a week of half hours, both ways, and how far the fast one is off.

    python benchmarks/carryover.py

Weeks of 336 half hours, 200 agents at most, handle time 180 s; then days with a fifth too few agents at noon, exact beside fast
beside the formula that restarts every interval. No peers: none of ours carries a queue over. Needs nothing but the project.
"""

import time

import numpy as np

from scheduler.staffing import performance, required_agents
from scheduler.staffing.carryover import METHODS, carried_performance, required_agents_carried

DAY = np.array(
    [
        0.35,
        0.55,
        0.75,
        0.9,
        1,
        1.02,
        1,
        0.95,
        0.85,
        0.8,
        0.82,
        0.9,
        0.95,
        0.97,
        0.95,
        0.9,
        0.8,
        0.7,
        0.6,
        0.5,
        0.4,
    ]
)
SHARES = ("p_wait", "sl_offered", "p_abandon")


def main() -> None:
    """Print both tables."""
    for method in METHODS:
        carried_performance([60, 80], 180, [4, 3.5], 20, 120, method=method)  # compile
    print("a week of 336 half hours, seconds of one core: exact, fast, times")
    calls = np.tile(np.concatenate([np.zeros(16), 3_800 * DAY, np.zeros(11)]), 7)
    begins = np.arange(len(calls)) % 48 == 16
    for patience in (180, None):
        agents = required_agents(calls, 180, 0.8, 20, patience)
        for what, staff in (("whole agents", agents), ("5 % shrinkage", 0.95 * agents)):
            exact, fast = (
                _seconds(carried_performance, calls, 180, staff, 20, patience, method=method, resets=begins)
                for method in METHODS
            )
            print(f"  patience {patience}, {what}: {exact:.2f} {fast:.3f} {exact / fast:.0f}")
        seconds = _seconds(required_agents_carried, calls, 180, 0.8, 20, patience, resets=begins)
        print(f"  patience {patience}, agents required: {seconds:.2f}")
    print("days, a fifth too few for an hour: largest error of a share; fast, and the formula that restarts")
    for erlangs, aht, patience in (
        (3, 300, 60),
        (10, 180, 180),
        (40, 180, 60),
        (40, 600, 60),
        (150, 300, 180),
    ):
        calls = erlangs * 3600 / aht * DAY
        agents = required_agents(calls, aht, 0.8, 20, patience)
        agents[9:11] = 0.8 * agents[9:11]
        exact, fast = (
            carried_performance(calls, aht, agents, 20, patience, method=method) for method in METHODS
        )
        alone = performance(calls, aht, agents, 20, patience)
        errors = [
            max(np.abs(getattr(found, name) - getattr(exact, name)).max() for name in SHARES)
            for found in (fast, alone)
        ]
        print(f"  {erlangs} erlangs, {aht} s, patience {patience} s: {errors[0]:.4f} {errors[1]:.4f}")


def _seconds(function, *given, **more) -> float:  # type: ignore[no-untyped-def]
    began = time.process_time()
    function(*given, **more)
    return time.process_time() - began


if __name__ == "__main__":
    main()
