"""``paiban staff``: from a forecast to the agents required, and why so many."""

import argparse
from pathlib import Path
from typing import Any

from api.options import count, day
from api.outcome import Outcome, Progress

ABOUT = "Work out the agents required per interval and queue, and explain a number."
EXAMPLE = """paiban staff my-centre --forecast forecast.csv --out requirement.csv
  paiban staff my-centre --forecast forecast.csv --explain 2026-03-02T10:30 --queue calls --compare
  paiban staff my-centre --forecast forecast.csv --plot day.html --plot-day 2026-03-02"""


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    add = parser.add_argument
    add("centre", type=Path, metavar="CENTRE", help="centre folder")
    add("--forecast", type=Path, required=True, metavar="FILE", help="forecast file")
    add("--out", type=Path, metavar="FILE", help="requirement file to write")
    add("--curves", type=Path, metavar="FILE", help="write the shortage curves: contacts late by agents")
    add("--deferred", type=Path, metavar="FILE", help="write the work that may wait, with its due times")
    add(
        "--available",
        type=Path,
        metavar="FILE",
        help="who is there, a coverage.csv: the hour after an overload is staffed for what still waits",
    )
    add(
        "--explain",
        metavar="INSTANT",
        help="explain the interval that holds this instant (local time, or with an offset)",
    )
    add("--queue", metavar="NAME", help="the queue to explain")
    add("--span", type=count, metavar="K", help="tell K agents fewer and more when explaining (default 1)")
    add(
        "--compare",
        action="store_true",
        help="put Erlang C, Erlang A and a simulation side by side when explaining",
    )
    add(
        "--plot",
        type=Path,
        metavar="FILE.html",
        help="page of the requirement by day, and of the interval explained",
    )
    add("--plot-day", type=day, metavar="DATE", help="plot this local day alone (default: all)")
    add("--lang", choices=("en", "zh"), help="language of the page (default en)")


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read, work out, write, explain."""
    from api import staffing
    from api.explain import explained
    from scenarios.demand import requirement_of
    from scenarios.peak_settings import settings_of_table
    from scenarios.why import Working

    asked = staffing.read(args)
    inputs = asked.forecast, asked.centre.settings, asked.holidays, asked.centre.backlog
    calendar = asked.centre.calendar
    in_force = settings_of_table(asked.centre, asked.forecast)
    by_itself = requirement_of(*inputs, calendar=calendar, in_force=in_force)
    table = by_itself
    if asked.available is not None:
        table = requirement_of(*inputs, asked.available, calendar, in_force)
    lines: list[str] = []
    data: dict[str, Any] = {"command": "staff", "rows": len(table)}
    working = None
    if asked.at is not None:
        working = Working.of(
            asked.forecast, in_force.at_instant(asked.at), asked.holidays, asked.centre.backlog, calendar
        )
    if working is not None and asked.at is not None:
        if args.compare:
            progress("simulate the interval")
        told, why = explained(by_itself, working, asked.at, asked.queue, args.span or 1, args.compare)
        carried = staffing.carried_over(asked, table, why)
        lines, data = [*told, *carried], data | {"explain": why}
    written, files = staffing.write(args, asked, table, working)
    return Outcome(lines=[*written, *lines], data=data | files, warnings=asked.centre.warnings)
