"""``paiban staff``: from a forecast to the agents required, and why so many."""

import argparse
from pathlib import Path
from typing import Any

from api.outcome import Outcome, Progress

ABOUT = "Work out the agents required per interval and queue, and explain a number."
EXAMPLE = """paiban staff my-centre --forecast forecast.csv --out requirement.csv
  paiban staff my-centre --forecast forecast.csv --explain 2026-03-02T10:30 --queue calls"""


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("centre", type=Path, metavar="CENTRE", help="centre folder")
    parser.add_argument("--forecast", type=Path, required=True, metavar="FILE", help="forecast file")
    parser.add_argument("--out", type=Path, metavar="FILE", help="requirement file to write")
    parser.add_argument(
        "--explain",
        metavar="INSTANT",
        help="explain the interval that holds this instant (local time, or with an offset)",
    )
    parser.add_argument("--queue", metavar="NAME", help="the queue to explain")


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read, work out, write, explain."""
    from api.explain import explained
    from centre.calendar import public_holidays
    from centre.errors import BadInput, Fault
    from centre.folder import read_centre, read_forecast
    from centre.instants import MINUTES_A_DAY, from_timestamps
    from centre.writing import write_csv
    from scenarios.demand import requirement_of

    if args.out is None and args.explain is None:
        raise BadInput([Fault("command line", "--out FILE, or --explain INSTANT, or both", "neither")])
    settings = read_centre(args.centre).settings
    forecast = read_forecast(args.forecast, settings.centre.timezone)
    days = from_timestamps(forecast["interval_start"]) // MINUTES_A_DAY
    holidays = public_holidays(settings.centre.country, int(days.min()) - 2, int(days.max()) + 2)
    table = requirement_of(forecast, settings, holidays)
    lines: list[str] = []
    data: dict[str, Any] = {"command": "staff", "rows": len(table), "out": args.out and str(args.out)}
    if args.out is not None:
        write_csv(args.out, table)
        hours = table["agents_to_roster"].sum() * settings.centre.interval_minutes / 60
        lines.append(f"{args.out}: {len(table):,} rows, {hours:,.0f} agent-hours to roster")
    if args.explain is not None:
        told, why = explained(table, settings, args.explain, args.queue)
        lines, data = lines + told, data | {"explain": why}
    return Outcome(lines=lines, data=data)
