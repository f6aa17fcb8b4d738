"""``paiban sweep``: many scenarios of one centre, on this machine or a cluster, that can be stopped and go on."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from api.options import count, number_from_zero
from api.outcome import DONE, FINDINGS, Outcome, Progress

if TYPE_CHECKING:
    from scenarios.sweep import Swept
    from scenarios.sweep_file import Sweep
    from scenarios.sweep_work import Base

ABOUT = "Work a sweep of what-ifs: grids, lists and samples; stopped, it goes on where it was."
EXAMPLE = "paiban sweep sweep.toml --out sweep"
FILES = ("scenarios.csv", "sensitivity.csv", "frontier.csv", "sweep.json")
PAGE, BOOK = "sweep.html", "sweep.xlsx"
MARK = "sweep.toml"


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("sweep", type=Path, metavar="SWEEP", help="sweep file (TOML), see docs/sweeps.md")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder for results; an earlier sweep in it goes on"
    )  # fmt: skip
    parser.add_argument(
        "--workers", type=count, default=2, metavar="N", help="processes (default 2); the answer is the same"
    )
    parser.add_argument(
        "--dask", metavar="ADDRESS", help="work on the Dask cluster of this scheduler, such as tcp://10.0.0.1:8786"
    )  # fmt: skip
    parser.add_argument(
        "--effort", type=count, default=10, metavar="N", help="units of work of each rota (default 10)"
    )
    parser.add_argument(
        "--seed", type=number_from_zero, default=1, metavar="N", help="start of every random choice (default 1)"
    )  # fmt: skip
    parser.add_argument(
        "--lang", choices=("en", "zh"), default="en", help="language of the page and the workbook (default en)"
    )  # fmt: skip
    parser.add_argument("--yes", action="store_true", help="work a sweep that takes more than an hour")


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read, work what is missing, write, tell."""
    progress("read the sweep and the centre")
    from contextlib import nullcontext

    from centre.writing import check_replaceable, write_bytes
    from scenarios.sweep import base_of, check_changes, check_cost, points_of, swept
    from scenarios.sweep_file import read_sweep
    from scenarios.sweep_pool import dask_cluster, processes
    from scheduler.solution import Limits

    sweep = read_sweep(args.sweep)
    check_replaceable(args.out, MARK)
    with dask_cluster(args.dask) if args.dask else nullcontext((None, args.workers)) as (cluster, workers):
        if not args.yes:
            check_cost(sweep, args.effort, args.out, workers)
        base = base_of(sweep, Limits(effort=args.effort, seed=args.seed, workers=1))
        check_changes(points_of(sweep), base.inputs)
        args.out.mkdir(parents=True, exist_ok=True)
        write_bytes(args.out / MARK, args.sweep.read_bytes())
        make = (lambda: cluster) if cluster is not None else lambda: processes(workers)
        found = swept(sweep, base, args.out, make, workers, progress)
    return _written(args, sweep, found, base)


def _written(args: argparse.Namespace, sweep: "Sweep", found: "Swept", base: "Base") -> Outcome:
    import pandas as pd

    from centre.writing import write_csv, write_text
    from scenarios.sweep_drivers import drivers
    from scenarios.sweep_page import SweepTold, render_sweep
    from scenarios.sweep_tables import frontier, quantiles, scenario_table, sensitivity
    from scenarios.sweep_workbook import write_sweep
    from scenarios.text import json_text

    failed = [row for row in found.rows if "reason" in row.result]
    best = frontier(found.rows)
    centre, sample = base.inputs.centre, drivers(sweep, found.rows, base.paths.sum(axis=1))
    moved = pd.concat([sensitivity(sweep, found.rows), sample], ignore_index=True)
    tables = scenario_table(sweep, found.rows), moved, best
    for name, table in zip(FILES, tables, strict=False):
        write_csv(args.out / name, table)
    told_sample = quantiles(found.rows)
    pictured = SweepTold(sweep, centre, *tables, told_sample)
    write_text(args.out / PAGE, render_sweep(pictured, args.lang))
    write_sweep(pictured, args.out / BOOK, args.lang)
    told = {
        "level": sweep.level, "start": sweep.start.isoformat(), "days": sweep.days, "effort": args.effort, "seed": args.seed,
        "scenarios": len(found.rows), "failed": [{"scenario": row.point.name, "reason": row.result["reason"]} for row in failed],
        "not_beaten": best["scenario"].tolist(), "sample_quantiles": told_sample,
    }  # fmt: skip
    write_text(args.out / FILES[3], json_text(told))
    lines = [
        f"{args.out}: {len(found.rows):,} scenarios at level {sweep.level}, {len(failed):,} failed; {found.kept:,} were kept from before",
        *(f"{row.point.name}: failed: {row.result['reason']}" for row in failed[:20]),
        *([f"and {len(failed) - 20:,} more, in {FILES[0]}"] if len(failed) > 20 else []),
        f"not beaten in cost and service: {len(best)}, see {FILES[2]}",
        f"Page: {args.out / PAGE}",
    ]
    data = {"command": "sweep", "out": str(args.out), "kept": found.kept} | told
    return Outcome(FINDINGS if failed else DONE, lines, data, centre.warnings)
