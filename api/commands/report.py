"""``paiban report``: the report of a results folder rendered again, in another language if wanted."""

import argparse
from pathlib import Path
from typing import Any

from api.outcome import Outcome, Progress
from centre.errors import BadInput, Fault

ABOUT = "Render the report of a results folder again."
EXAMPLE = "paiban report week --lang zh"


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="results folder of `paiban plan`")
    parser.add_argument(
        "--sheet",
        type=Path,
        metavar="FILE",
        help="also write the rota as a workbook, people down and days across",
    )
    parser.add_argument("--lang", choices=("en", "zh"), help="language of the report (default: as it was)")


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read the folder, render, write."""
    from zoneinfo import ZoneInfo

    from api.report_source import read_report_source
    from centre.instants import day_of
    from centre.wide.writing import write_wide_rota
    from centre.writing import write_text
    from scenarios.report import render_report

    if args.sheet and args.sheet.suffix.lower() != ".xlsx":
        raise BadInput([Fault("--sheet", "a file that ends in .xlsx", str(args.sheet))])
    data = read_report_source(args.folder, args.lang)
    path = args.folder / "report.html"
    write_text(path, render_report(data))
    lines = [f"Report: {path}"]
    told: dict[str, Any] = {"command": "report", "report": str(path), "language": data.language}
    if args.sheet:
        last = day_of(data.first_day + data.days - 1)
        doubts = write_wide_rota(
            args.sheet, data.rota.to_frame(), data.timezone, first_day=data.first_day, days=data.days,
            people=[agent.agent_id for agent in data.agents],
            zones={agent.agent_id: ZoneInfo(agent.timezone) for agent in data.agents if agent.timezone} or None,
            title=f"{data.centre} {day_of(data.first_day)} – {last}",
        )  # fmt: skip
        lines += [f"Sheet: {args.sheet}", *doubts]
        told |= {"sheet": str(args.sheet), "sheet_cannot_tell": doubts}
    return Outcome(lines=lines, data=told)
