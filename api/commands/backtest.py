"""``paiban backtest``: how far off every model would have been at earlier dates, of a centre or of a history
file.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from api.options import add_history, count
from api.outcome import Outcome, Progress
from api.table_words import in_words

if TYPE_CHECKING:
    import pandas as pd

BY = ("weekday", "special", "week_ahead", "horizon_day")
MEASURES = ("wape", "poisson_floor", "day_wape", "bias", "coverage")
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
    parser.add_argument("--by", choices=BY, help="break each model's errors down by this, over all dates")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="table of measures to write")


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read, try, write, tell."""
    progress("forecast from earlier dates")
    from api.history import read_past
    from centre.writing import write_csv
    from forecasts import backtest, backtest_by

    past = read_past(args)
    how = {"origins": args.origins, "days": args.days}
    if args.by is not None:
        table = in_words(backtest_by(past.history, ["queue", "model", args.by], **how, **past.options))
    else:
        table = backtest(past.history, **how, **past.options)
    write_csv(args.out, table)
    told = _means(table, ["queue", "model", *([args.by] if args.by else [])])
    lines = [f"{args.out}: {len(table):,} rows"]
    lines += [_line(row) for row in told]
    if not len(table):
        lines.append("The history is too short to try any model.")
    return Outcome(
        lines=lines, data={"command": "backtest", "out": str(args.out), "rows": len(table), "means": told}
    )


def _means(table: "pd.DataFrame", keys: list[str]) -> list[dict[str, object]]:
    """Means over dates of each queue and model."""
    from scenarios.figures import known

    means = table.groupby(keys, sort=False, as_index=False)[list(MEASURES)].mean()
    return [
        {name: row[name] for name in keys} | {name: known(row[name]) for name in MEASURES}
        for row in means.to_dict("records")
    ]


def _line(row: dict[str, object]) -> str:
    values = {name: _percent(row[name]) for name in MEASURES}
    of = ", ".join(f"{row[name]}" for name in row if name not in MEASURES)
    return (
        f"{of}: WAPE {values['wape']} (by chance alone {values['poisson_floor']}), of day sums "
        f"{values['day_wape']}, bias {values['bias']}, {values['coverage']} within p10 to p90"
    )


def _percent(share: object) -> str:
    return f"{100 * share:.1f} %" if isinstance(share, float) else "–"
