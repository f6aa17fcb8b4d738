"""``paiban backtest``: how far off every model would have been at earlier dates, of a centre or of a history
file.
"""

import argparse
from pathlib import Path

from api.options import add_history, count
from api.outcome import Outcome, Progress

ABOUT = "Measure what each model would have forecast at earlier dates."
EXAMPLE = "paiban backtest my-centre --origins 8 --days 28 --out backtest.csv"


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    add_history(parser)
    parser.add_argument(
        "--origins", type=count, default=8, metavar="N", help="earlier dates to forecast from (default 8)"
    )
    parser.add_argument(
        "--days", type=count, default=28, metavar="N", help="days forecast at each (default 28)"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="table of measures to write")


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read, try, write, tell."""
    progress("forecast from earlier dates")
    from api.history import read_past
    from centre.writing import write_csv
    from forecasts import backtest
    from scenarios.figures import known

    past = read_past(args)
    table = backtest(
        past.history,
        origins=args.origins,
        days=args.days,
        **past.options,
    )
    write_csv(args.out, table)
    measures = ["wape", "day_wape", "bias"]
    means = table.groupby(["queue", "model"], sort=False, as_index=False)[measures].mean()
    told = [
        {"queue": row["queue"], "model": row["model"]} | {name: known(row[name]) for name in measures}
        for row in means.to_dict("records")
    ]
    lines = [f"{args.out}: {len(table):,} rows"]
    lines += [
        f"{row['queue']}, {row['model']}: WAPE {_percent(row['wape'])}, of day sums "
        f"{_percent(row['day_wape'])}, bias {_percent(row['bias'])}"
        for row in told
    ]
    if not len(table):
        lines.append("The history is too short to try any model.")
    return Outcome(
        lines=lines, data={"command": "backtest", "out": str(args.out), "rows": len(table), "means": told}
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"
