"""``paiban forecast``: contacts and handle times of each interval to come, of a centre or of a history file
alone.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from api.options import add_history, add_horizon, count
from api.outcome import Outcome, Progress

if TYPE_CHECKING:
    import pandas as pd

    from forecasts import ForecastReport

ABOUT = "Forecast contacts and handle times per interval and queue."
EXAMPLE = """paiban forecast my-centre --start 2026-03-02 --days 7 --out forecast.csv
  paiban forecast --history history.csv --timezone Asia/Shanghai --country CN --start 2026-03-02 --days 7
  --out forecast.csv
  """


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    add_history(parser)
    add_horizon(parser)
    parser.add_argument(
        "--interval-minutes",
        type=count,
        metavar="M",
        help="length of an interval (default: as in the history)",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="forecast file to write")


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read, forecast, write, tell."""
    from api.history import read_past
    from centre.errors import BadInput, Fault
    from centre.writing import write_csv
    from forecasts import forecast_with_report
    from scenarios.demand import forecast_of, horizon, rounded_forecast

    past = read_past(args)
    if past.centre is not None:
        if args.interval_minutes is not None:
            fault = Fault(
                "--interval-minutes",
                "no such option beside a centre folder, whose centre.toml says it",
                str(args.interval_minutes),
            )
            raise BadInput([fault])
        table, report = forecast_of(
            past.centre, horizon(past.centre.settings, args.start, args.days), past.holidays
        )
    else:
        found, report = forecast_with_report(
            past.history,
            args.start,
            args.days,
            timezone=past.zone,
            interval_minutes=args.interval_minutes,
            holidays=past.holidays,
        )
        table = rounded_forecast(found)
    write_csv(args.out, table)
    return _outcome(table, report, args.out)


def _outcome(table: "pd.DataFrame", report: "ForecastReport", out: Path) -> Outcome:
    from scenarios.figures import known

    offered = table.groupby("queue")["offered"].sum()
    queues = {
        name: {
            "model": model,
            "backtest_wape": {each: known(value) for each, value in report.wape[name].items()},
            "origins_tried": report.trials[name],
            "rows_used": report.history.rows_used[name],
            "rows_ignored": report.history.rows_ignored[name],
            "offered": round(float(offered.get(name, 0.0)), 2),
        }
        for name, model in report.model.items()
    }
    lines = [f"{out}: {len(table):,} rows"]
    for name, told in queues.items():
        error = report.wape[name][str(told["model"])]
        tried = (
            f"{100 * error:.1f} % of contacts off at {told['origins_tried']} earlier origins"
            if error == error
            else "not tried"
        )
        ignored = (
            f"; {told['rows_ignored']} rows of history from the start on ignored"
            if told["rows_ignored"]
            else ""
        )
        lines.append(f"{name}: {told['offered']:,.0f} contacts, model {told['model']} ({tried}){ignored}")
    return Outcome(
        lines=lines,
        data={"command": "forecast", "out": str(out), "rows": len(table), "queues": queues},
        warnings=tuple(report.warnings),
    )
