"""Contact-centre weeks by a textbook CP-SAT model and by pyworkforce, judged as ours are: run it in the peers' environment (README.md).

    /tmp/paiban-bench/bin/python benchmarks/rota_week_peers.py --shape bank round-the-clock --agents 100 200 [--seconds 60] [--workers 2]

Each runs in a process of its own. Breaches are those of our audit; the textbook model gets its seconds after the model is written down.
"""

import argparse
import json
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from _rota_judge import judge
from _rota_week_peers import by_pyworkforce, by_textbook
from _rota_weeks import week

PEERS = ("textbook", "pyworkforce", "pyworkforce-rests")


def run(peer: str, shape: str, agents: int, seconds: float, workers: int, step: int) -> dict[str, object]:
    """One peer on one week."""
    asked = week(shape, agents, start_step_minutes=step)
    began, built = time.perf_counter(), 0.0
    if peer == "textbook":
        rota, said, built = by_textbook(asked, seconds, workers)
    else:
        rota, said = by_pyworkforce(asked, seconds, peer.endswith("rests"))
    row = {
        "peer": peer, "shape": shape, "agents": agents, "said": said, "built": built,
        "seconds": time.perf_counter() - began,
        "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip
    return row | ({} if rota is None else judge(asked, rota).as_dict())


def main() -> None:
    """Print a table, a row as soon as it is there."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shape", nargs="+", default=["bank", "round-the-clock"])
    parser.add_argument("--agents", nargs="+", type=int, default=[100, 200])
    parser.add_argument("--peer", nargs="+", choices=PEERS, default=PEERS)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--start-step", type=int, default=15)
    parser.add_argument("--log", type=Path, help="add a line of JSON for each run")
    asked = parser.parse_args()
    print(
        "| Shape | Agents | Peer | It says | Objective | Hours short | Late | Rest breaches | Breaches (people) | Seconds (writing) | MiB |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for shape in asked.shape:
        for agents in asked.agents:
            for peer in asked.peer:
                with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
                    told = alone.submit(
                        run, peer, shape, agents, asked.seconds, asked.workers, asked.start_step
                    )
                    row = told.result()
                if asked.log:
                    with asked.log.open("a") as log:
                        log.write(json.dumps(row) + "\n")
                print(row_of(row), flush=True)


def row_of(row: dict) -> str:
    """One row of the table."""
    cells = [row["shape"], f"{row['agents']:,}", row["peer"], row["said"]]
    if "objective" in row:
        cells += [
            f"{row['objective']:,.0f}",
            f"{row['short_hours']:,.0f} of {row['required_hours']:,.0f}",
            f"{row['late_share']:.1%}",
            f"{row['rest_breaches']}",
            f"{sum(row['breaches'].values())} ({row['people_in_breach']})",
        ]
    else:
        cells += ["none", "", "", "", ""]
    cells += [f"{row['seconds']:.0f} ({row['built']:.0f})", f"{row['mib']:,.0f}"]
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
