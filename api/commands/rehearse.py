"""``paiban rehearse``: the days ahead played many times with backup live, against nobody called, overtime and permanent staff."""

import argparse
from pathlib import Path

from api.options import add_horizon, add_limits, count, day
from api.outcome import Outcome, Progress

ABOUT = "Rehearse the days ahead: backup live, against nobody called, overtime for the same money, permanent staff."
EXAMPLE = "paiban rehearse my-centre --start 2025-10-06 --days 7 --effort 20 --out rehearsal"


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("centre", type=Path, metavar="CENTRE", help="centre folder")
    add_horizon(parser)
    add_limits(parser)
    parser.add_argument(
        "--replications", type=count, default=200, metavar="N", help="how often to play each (default 200)"
    )
    parser.add_argument(
        "--peak-day", type=day, metavar="DATE", help="day on which targets are judged (default: the busiest)"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the results")


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read, plan and play, write, tell."""
    progress("read the centre folder")
    from api.planning import limits_of
    from centre.folder import read_centre
    from centre.writing import result_folder, write_csv, write_text
    from scenarios.plan import plan
    from scenarios.rehearsal import rehearse
    from scenarios.rehearsal_told import MARK, figures, sentences, table
    from scenarios.text import json_text

    centre = read_centre(args.centre)
    with result_folder(args.out, mark=MARK) as folder:
        planned = plan(centre, args.start, args.days, limits_of(args), progress)
        made = rehearse(centre, planned, args.replications, args.peak_day, progress)
        data = figures(made)
        write_csv(folder / "rehearsal.csv", table(made))
        write_csv(folder / "rota.csv", made.plan.rota.to_frame())
        write_text(folder / MARK, json_text(data))
    told = {"command": "rehearse", "out": str(args.out)} | data
    return Outcome(lines=list(sentences(made)), data=told, warnings=made.plan.warnings)
