"""Sweeps: seconds for 1,000 staffing scenarios of the bank's month, and what a Dask cluster on this machine gives and costs.

    python benchmarks/sweep.py                 # 1,000 scenarios by `paiban sweep`; 300 on Dask with one worker and two

Efficiency is the time of one worker over twice that of two. Overhead is wall time on one Dask worker less the time of the same
batches in this process, per scenario. Clusters and kernels are warm.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from scenarios.sweep import BATCH, base_of, points_of
from scenarios.sweep_file import Sweep, read_sweep
from scenarios.sweep_pool import dask_cluster, run
from scenarios.sweep_work import worked
from scheduler.solution import Limits

CENTRE = Path(__file__).parents[1] / "examples" / "us-bank"
SWEEP = f"""
centre = "{CENTRE}"
start = 2003-10-06
days = 28
level = "staffing"

[[axis]]
name = "volume"
change = "volume={{+}}%"
from = -20
to = 19
step = 1

[[axis]]
name = "aht"
change = "aht={{+}}%"
from = -12
to = 12
step = 1
"""


def whole(path: Path, workers: int) -> float:
    """Seconds of the command from start to end."""
    with tempfile.TemporaryDirectory() as out:
        began = time.perf_counter()
        code = "import sys; from api.cli import main; sys.exit(main(sys.argv[1:]))"
        words = [sys.executable, "-c", code, "sweep", path, "--out", Path(out) / "out", "--workers", str(workers)]  # fmt: skip
        subprocess.run(words, check=True, capture_output=True)
        return time.perf_counter() - began


def on_dask(sweep: Sweep, scenarios: int, workers: int) -> float:
    """Seconds of so many scenarios on a cluster of this machine, warm."""
    from distributed import LocalCluster

    base = base_of(sweep, Limits(workers=1)).packed()
    points, batch = points_of(sweep)[:scenarios], BATCH["staffing"]
    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,
        dask_cluster(cluster.scheduler_address) as (executor, threads),
    ):
        for future in [executor.submit(worked, base, points[:3], pure=False) for _ in range(4 * threads)]:
            future.result()
        began = time.perf_counter()
        assert len(list(run(lambda: executor, base, points, batch, threads))) == len(points)
        return time.perf_counter() - began


def here(sweep: Sweep, scenarios: int) -> float:
    """Seconds of the same batches in this process, warm."""
    base, points = base_of(sweep, Limits(workers=1)).packed(), points_of(sweep)[:scenarios]
    worked(base, points[:3])
    began = time.perf_counter()
    for first in range(0, scenarios, BATCH["staffing"]):
        worked(base, points[first : first + BATCH["staffing"]])
    return time.perf_counter() - began


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--scenarios", type=int, default=300, help="how many on Dask (default 300)")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sweep.toml"
        path.write_text(SWEEP, encoding="utf-8")
        sweep = read_sweep(path)
        for workers in (2, 1):
            print(f"paiban sweep, {sweep.count:,} scenarios, {workers} workers: {whole(path, workers):.1f} s")
        alone, one, two = here(sweep, told.scenarios), *(on_dask(sweep, told.scenarios, n) for n in (1, 2))
    print(
        f"{told.scenarios} scenarios: here {alone:.2f} s; Dask, 1 worker {one:.2f} s, 2 workers {two:.2f} s"
    )
    print(
        f"efficiency {one / (2 * two):.0%}, overhead {1000 * (one - alone) / told.scenarios:.1f} ms a scenario"
    )


if __name__ == "__main__":
    main()
