"""``paiban plan``: the whole chain, from a centre folder to an audited rota and its report."""

import argparse
from pathlib import Path

from api.options import add_horizon, add_keep, add_limits, add_price_rules, add_results
from api.outcome import Outcome, Progress

ABOUT = "Plan a centre: forecast, requirement, rota, audit and report."
EXAMPLE = "paiban plan my-centre --start 2026-03-02 --days 7 --out week --seconds 60"


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("centre", type=Path, metavar="CENTRE", help="centre folder")
    add_horizon(parser)
    add_keep(parser)
    add_limits(parser)
    add_price_rules(parser)
    add_results(parser)


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read, plan, write, tell."""
    progress("read the centre folder")
    from api.planning import keeping, limits_of, people_of_teams, planned, warmed, with_prices
    from centre.folder import read_centre
    from centre.writing import result_folder
    from scenarios.plan import plan
    from scenarios.results import fill_folder

    centre = keeping(read_centre(args.centre, agents=args.agents), args)
    only = people_of_teams(centre, args)
    centre, warm = warmed(centre, args)
    with result_folder(args.out) as folder:
        made = plan(centre, args.start, args.days, limits_of(args), progress, warm=warm, only=only)
        made = with_prices(made, args, progress)
        progress("write the results")
        fill_folder(made, folder, args.lang)
    return planned("plan", made, args.out)
