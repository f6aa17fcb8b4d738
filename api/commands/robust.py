"""``paiban robust``: one rota against many ways that demand may go."""

import argparse
from pathlib import Path

from api.options import add_horizon, add_limits, count
from api.outcome import DONE, FINDINGS, Outcome, Progress

ABOUT = (
    "Make a rota that holds against many ways demand may go; tell how likely each interval meets its target."
)
EXAMPLE = (
    "paiban robust my-centre --start 2026-03-02 --days 7 --ways 100 --measure p90 --effort 20 --out robust"
)
FEWEST_WAYS, MOST_WAYS = 2, 1000


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("centre", type=Path, metavar="CENTRE", help="centre folder")
    add_horizon(parser)
    add_limits(parser)
    parser.add_argument(
        "--ways", type=count, default=100, metavar="N",
        help="ways of demand to make rotas for, and as many others to judge them on (default 100)",
    )  # fmt: skip
    parser.add_argument(
        "--measure", choices=("expected", "p90"), default="expected",
        help="the total cost that chooses: its mean (default), or what it is at most in 90 of 100 ways",
    )  # fmt: skip
    parser.add_argument(
        "--change", action="append", default=[], metavar="NAME=VALUE",
        help="a what-if change of everything (see whatif --list); may be repeated",
    )  # fmt: skip
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the results")


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read, make rotas, judge them, write, tell."""
    progress("read the centre folder")
    from api.planning import limits_of
    from centre.errors import BadInput, Fault
    from centre.folder import read_centre
    from centre.writing import result_folder, write_csv, write_text
    from scenarios.change_kinds import KINDS
    from scenarios.changes import Scenario, read_changes
    from scenarios.demand import holidays_of, horizon
    from scenarios.forecasting import forecast_of
    from scenarios.inputs import Inputs
    from scenarios.robust import robust
    from scenarios.robust_told import MARK, chance_table, figure_table, figures, sentences
    from scenarios.text import json_text

    if not FEWEST_WAYS <= args.ways <= MOST_WAYS:
        raise BadInput(
            [Fault("--ways", f"a whole number from {FEWEST_WAYS} to {MOST_WAYS:,}", str(args.ways))]
        )
    centre = read_centre(args.centre)
    grid = horizon(centre.settings, args.start, args.days)
    demand = forecast_of(centre, grid, holidays_of(centre, grid))
    inputs = Inputs(centre, grid, demand.table)
    scenario = Scenario("robust", read_changes(args.change, inputs, KINDS))
    with result_folder(args.out, mark=MARK) as folder:
        made = robust(inputs, demand, scenario, args.ways, args.measure, limits_of(args), progress)
        chosen = made.candidates[made.chosen].plan
        data = figures(made) | {"changes": args.change, "inputs": centre.checksums}
        write_csv(folder / "robust.csv", figure_table(made))
        write_csv(folder / "chance.csv", chance_table(made))
        write_csv(folder / "requirement.csv", chosen.requirement)
        write_csv(folder / "rota.csv", chosen.rota.to_frame())
        for each in made.candidates:
            write_csv(folder / f"rota_{each.name}.csv", each.plan.rota.to_frame())
        write_text(folder / MARK, json_text(data))
    code = FINDINGS if chosen.has_findings else DONE
    told = {"command": "robust", "out": str(args.out)} | data
    return Outcome(code, list(sentences(made)), told, chosen.warnings)
