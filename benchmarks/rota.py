"""Contact-centre weeks from a hundred to thousands of agents: gap to the proven bound, seconds, memory, breaches.

    .venv/bin/python benchmarks/rota.py --shape bank round-the-clock --agents 100 200 500 1000 --seconds 60 --workers 2
    .venv/bin/python benchmarks/rota.py --agents 500 --days 28 --seconds 300
    .venv/bin/python benchmarks/rota.py --agents 5000 --seconds 600

The weeks are those of `_rota_weeks`; each is solved in a process of its own, then judged by code that shares nothing with the solver
(`_rota_judge`): cost recounted with a cover of its own, breaches by the audit, which must find none. The gap is the solver's own,
(objective - bound) / (objective - pay that contracts fix); an objective that the recount does not reach, or a bound above it, shows
as wrong figures. ``--until 0.01`` stops at a gap of 1 %.

"Alone" is what the run would take on cores of its own: seconds of processor until the bound, then a share for each worker. On a machine
that others share, ``--no-clock`` limits the work (as much as a slow machine does in those seconds) and not the time.
"""

import argparse
import json
import math
import os
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from _rota_judge import judge
from _rota_weeks import Week, week

from scheduler.solution import Limits
from scheduler.solve import solve

EFFORT_PER_SECOND = 0.6  # as `paiban plan --seconds` has it
HEADER = (
    "Shape", "Days", "Agents", "Groups", "Gap", "Objective", "Recounted", "Bound", "Controllable", "Hours short", "Late",
    "Bound / first rota / end, s", "Alone, s", "MiB", "Breaches", "Status",
)  # fmt: skip


def groups_of(asked: Week) -> int:
    """Kinds of people who are alike in everything that the problem tells of them."""
    return len(
        {
            (p.skills, p.primitives, p.cost_per_minute, p.wishes, p.overtime, p.premiums)
            for p in asked.problem.people
        }
    )


def run(shape: str, agents: int, days: int, seed: int, step: int, limits: Limits) -> dict[str, object]:
    """One week solved and judged."""
    asked = week(shape, agents, days, seed, step)
    began, used, told = time.perf_counter(), time.process_time(), list[tuple[float, float, str]]()

    def note(line: str) -> None:
        told.append((time.perf_counter() - began, time.process_time() - used, str(line)))

    found = solve(asked.problem, limits, note)
    note("end")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    verdict = judge(asked, found.rota)
    right = found.bound - 1 <= verdict.objective <= found.objective + 1
    return {
        "shape": shape, "days": days, "agents": agents, "seed": seed, "step": step,
        "groups": groups_of(asked), "status": found.status if right else "wrong figures", "told_objective": found.objective,
        "bound": found.bound, "fixed": found.fixed_cost, "controllable": found.objective - found.fixed_cost,
        "gap": found.gap,
        "seconds": told[-1][0], "processor": told[-1][1], "workers": limits.workers,
        "told": told, "mib": memory, "load": os.getloadavg()[0],
        "clashes": [clash.sentence for clash in found.clashes],
    } | verdict.as_dict()  # fmt: skip


def moment(row: dict, words: str, column: int = 0) -> float:
    """Seconds, by the clock or of processor, at which the solver first told a line that begins so; NaN where it never did."""
    return next((told[column] for told in row["told"] if told[2].startswith(words)), math.nan)


def alone(row: dict) -> float:
    """Seconds that the run takes on cores that nobody shares: of one core until the bound, of all workers after it."""
    bound = moment(row, "no rota can cost less", 1)
    return bound + (row["processor"] - bound) / row["workers"]


def cells(row: dict) -> list[str]:
    """One row of the table."""
    breaches = ", ".join(f"{count} {rule}" for rule, count in row["breaches"].items()) or "0"
    times = (moment(row, "no rota can cost less"), moment(row, "cost"), row["seconds"])
    return [
        row["shape"], str(row["days"]), f"{row['agents']:,}", f"{row['groups']:,}", f"{row['gap']:.2%}",
        f"{row['told_objective']:,.0f}", f"{row['objective']:,.0f}", f"{row['bound']:,.0f}", f"{row['controllable']:,.0f}",
        f"{row['short_hours']:,.0f} of {row['required_hours']:,.0f}", f"{row['late_share']:.1%}",
        " / ".join(f"{second:.0f}" for second in times), f"{alone(row):.0f}", f"{row['mib']:,.0f}", breaches, row["status"],
    ]  # fmt: skip


def main() -> None:
    """Print the table, a row as soon as it is there."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shape", nargs="+", default=["bank", "round-the-clock"])
    parser.add_argument("--agents", nargs="+", type=int, default=[100, 200, 500, 1000])
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--effort", type=int, help="work units; as many as seconds unless told")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, nargs="+", default=[1])
    parser.add_argument("--start-step", type=int, default=15, help="minutes between starts of shifts")
    parser.add_argument("--no-clock", action="store_true", help="limit the work alone")
    parser.add_argument("--until", type=float, default=0.0, help="stop at this gap")
    parser.add_argument("--log", type=Path, help="add a line of JSON for each run")
    asked = parser.parse_args()
    print("| " + " | ".join(HEADER) + " |\n" + "|---" * len(HEADER) + "|", flush=True)
    for shape in asked.shape:
        for agents in asked.agents:
            for seed in asked.seed:
                effort = asked.effort or math.ceil(EFFORT_PER_SECOND * asked.seconds)
                seconds = None if asked.no_clock else asked.seconds
                limits = Limits(effort, seconds, 1, asked.workers, asked.until)
                with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as lonely:
                    args = shape, agents, asked.days, seed, asked.start_step, limits
                    row = lonely.submit(run, *args).result()
                if asked.log:
                    with asked.log.open("a") as log:
                        log.write(json.dumps(row) + "\n")
                print("| " + " | ".join(cells(row)) + " |", flush=True)


if __name__ == "__main__":
    main()
