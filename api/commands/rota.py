"""``paiban rota``: an audited rota and its report for a requirement that is there already, edited by hand or
not.
"""

import argparse
from pathlib import Path

from api.options import add_horizon, add_keep, add_limits, add_price_rules, add_results
from api.outcome import Outcome, Progress

ABOUT = "Make a rota for a requirement file."
EXAMPLE = "paiban rota my-centre --requirement requirement.csv --start 2026-03-02 --days 7 --out week"


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("centre", type=Path, metavar="CENTRE", help="centre folder")
    parser.add_argument(
        "--requirement",
        type=Path,
        required=True,
        metavar="FILE",
        help="requirement file, as `paiban staff` writes it",
    )
    add_horizon(parser)
    add_keep(parser)
    add_limits(parser)
    add_price_rules(parser)
    add_results(parser)


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read, plan from the requirement on, write, tell."""
    progress("read the centre folder and the requirement")
    from dataclasses import replace

    from api.planning import checksum, keeping, limits_of, people_of_teams, planned, warmed, with_prices
    from centre.folder import read_centre, read_requirement
    from centre.writing import result_folder
    from scenarios.plan import rota_plan
    from scenarios.results import fill_folder

    centre = keeping(read_centre(args.centre, agents=args.agents), args)
    needed = read_requirement(args.requirement, centre.settings.centre.timezone)
    only = people_of_teams(centre, args)
    centre, warm = warmed(centre, args)
    with result_folder(args.out) as folder:
        made = rota_plan(
            centre, needed, args.start, args.days, limits_of(args), progress, warm=warm, only=only
        )
        made = replace(made, inputs=made.inputs | checksum(args.requirement))
        made = with_prices(made, args, progress)
        progress("write the results")
        fill_folder(made, folder, args.lang)
    return planned("rota", made, args.out)
