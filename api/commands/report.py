"""``paiban report``: the report of a results folder rendered again, in another language if wanted."""

import argparse
from pathlib import Path

from api.outcome import Outcome, Progress

ABOUT = "Render the report of a results folder again."
EXAMPLE = "paiban report week --lang zh"


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="results folder of `paiban plan`")
    parser.add_argument("--lang", choices=("en", "zh"), help="language of the report (default: as it was)")


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read the folder, render, write."""
    from api.report_source import read_report_source
    from centre.writing import write_text
    from scenarios.report import render_report

    data = read_report_source(args.folder, args.lang)
    path = args.folder / "report.html"
    write_text(path, render_report(data))
    return Outcome(
        lines=[f"Report: {path}"], data={"command": "report", "report": str(path), "language": data.language}
    )
