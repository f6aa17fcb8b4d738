"""``paiban capacity``: when to hire how many over the months and years to come, and what happens if nobody is hired."""

import argparse
import json
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.options import count, day, number_from_zero
from api.outcome import DONE, FINDINGS, Outcome, Progress

if TYPE_CHECKING:
    from centre.folder import Centre
    from scenarios.capacity_plan import Planned

ABOUT = "Plan capacity over 52 to 156 weeks: when to hire how many, against uncertain demand, attrition and a budget."
EXAMPLE = "paiban capacity examples/us-bank --plan examples/capacity.toml --start 2003-10-27 --weeks 52 --out capacity"
MARK = "capacity.json"
GAP = 0.002


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    add = parser.add_argument
    add("centre", type=Path, metavar="CENTRE", help="centre folder")
    add("--plan", type=Path, required=True, metavar="FILE", help="capacity file (TOML), see docs/capacity.md")
    add("--start", type=day, required=True, metavar="DATE", help="first day of the first week")
    add("--weeks", type=count, default=52, metavar="N", help="weeks (default 52)")
    add(
        "--out",
        type=Path,
        required=True,
        metavar="DIR",
        help="folder for the results; an earlier result is replaced",
    )
    add("--effort", type=count, default=60, metavar="N", help="units of work of the search (default 60)")
    add(
        "--seconds",
        type=count,
        metavar="S",
        help="end the search by a clock too; such a result may not repeat",
    )
    add(
        "--seed",
        type=number_from_zero,
        default=1,
        metavar="N",
        help="start of every random choice (default 1)",
    )
    add("--lang", choices=("en", "zh"), default="en", help="language of page and sentences (default en)")


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read, forecast, plan, check, write, tell."""
    progress("read the centre folder and the capacity file")
    from centre.folder import read_centre
    from centre.writing import check_replaceable
    from scenarios.capacity import capacity_of
    from scenarios.capacity_file import read_capacity
    from scenarios.capacity_page import render_capacity
    from scenarios.capacity_plan import planned
    from scenarios.capacity_told import sentences
    from scenarios.report_words import Format
    from scheduler.solution import Limits

    check_replaceable(args.out, MARK)
    centre = read_centre(args.centre)
    asked = read_capacity(args.plan, centre.settings)
    progress("forecast, and hours to roster of each week and scenario")
    capacity = capacity_of(centre, asked, args.start, args.weeks, args.seed)
    limits = Limits(effort=args.effort, seconds=args.seconds, seed=args.seed, gap=GAP)
    found = planned(capacity, limits, progress)
    data = _data(found, args, centre)
    form = Format(args.lang, centre.settings.centre.timezone, centre.settings.centre.currency)
    _write(found, data, args.out, render_capacity(found, centre.settings.centre.name, form))
    broken = found.way_out is not None or found.best.counted.faults
    notes = (*centre.warnings, *capacity.notes)
    return Outcome(
        FINDINGS if broken else DONE, [*sentences(found, form), f"Written: {args.out}"], data, notes
    )


def _data(found: "Planned", args: argparse.Namespace, centre: "Centre") -> dict[str, Any]:
    from api.plain_data import plain
    from scenarios.capacity_told import figures
    from scenarios.versions import versions

    own = {args.plan.name: sha256(args.plan.read_bytes()).hexdigest()}
    told = {
        "command": "capacity", "start": args.start.isoformat(), "weeks": args.weeks, "effort": args.effort, "seed": args.seed,
        "inputs": centre.checksums | own, "versions": versions(), "out": str(args.out),
    }  # fmt: skip
    plain_data: dict[str, Any] = plain(told | figures(found))
    return plain_data


def _write(found: "Planned", data: dict[str, Any], out: Path, page: str) -> None:
    from centre.writing import result_folder, write_csv, write_text
    from scenarios.capacity_tables import hire_table, queue_table, staff_table, week_table

    with result_folder(out, MARK) as folder:
        write_csv(folder / "hires.csv", hire_table(found))
        write_csv(folder / "capacity.csv", week_table(found))
        write_csv(folder / "staff.csv", staff_table(found))
        write_csv(folder / "queues.csv", queue_table(found))
        write_text(folder / "capacity.html", page)
        write_text(folder / MARK, json.dumps(data, ensure_ascii=False, allow_nan=False, indent=2) + "\n")
