"""``paiban forecast``: contacts and handle times of each interval to come, of a centre or of a history file
alone.
"""

import argparse
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from api.options import add_history, add_horizon, count, number_from_zero
from api.outcome import Outcome, Progress

if TYPE_CHECKING:
    import pandas as pd

    from api.forecast_explain import Asked
    from api.history import Past
    from forecasts import ForecastReport
    from scenarios.forecasting import Demand

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
    parser.add_argument("--by-day", type=Path, metavar="FILE", help="write day totals with their own bands")
    parser.add_argument(
        "--groups", type=Path, metavar="FILE", help="write groups, sites and the whole centre (centre folder)"
    )
    parser.add_argument("--paths", type=Path, metavar="FILE", help="write sampled ways that demand may go")
    parser.add_argument(
        "--samples", type=count, default=200, metavar="N", help="how many of them (default 200)"
    )
    parser.add_argument(
        "--seed",
        type=number_from_zero,
        default=1,
        metavar="N",
        help="start of their random choice (default 1)",
    )
    parser.add_argument(
        "--keep", action="store_true", help="keep the forecast in the centre folder, for paiban accuracy"
    )
    parser.add_argument(
        "--workers",
        type=count,
        default=1,
        metavar="N",
        help="processes that queues are shared among (default 1)",
    )
    add = parser.add_argument
    add("--explain", metavar="WHEN", help="explain the interval that holds this instant, or a date's total")
    add("--queue", metavar="NAME", help="the queue to explain, and alone to plot")
    add("--plot", type=Path, metavar="FILE.html", help="page of history, forecast, profiles and accuracy")
    add("--lang", choices=("en", "zh"), help="language of explanation and page (default en)")


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read, forecast, write, tell."""
    from api.forecast_explain import explain, write_page
    from api.history import read_past
    from centre.writing import write_csv
    from scenarios.forecasting import group_table

    past = read_past(args)
    asked = _check_options(args, past)
    progress("forecast from the history")
    demand = _forecast(args, past)
    told, why = explain(demand, past, asked, args.lang) if asked else ([], None)
    write_csv(args.out, demand.table)
    if args.by_day is not None:
        write_csv(args.by_day, demand.forecast.day_table().round(4))
    if args.groups is not None and past.centre is not None:
        write_csv(args.groups, group_table(demand, past.centre, args.samples, args.seed))
    if args.paths is not None:
        write_csv(args.paths, demand.forecast.path_table(args.samples, args.seed))
    outcome = _outcome(demand.table, demand.report, args.out)
    outcome.data["events"] = _events(demand)
    if args.keep and past.centre is not None:
        outcome.lines.append(f"kept as {_keep(args, past, demand)}")
    if args.plot is not None:
        outcome.lines.append(write_page(demand, past, args))
    outcome.lines.extend(told)
    return replace(outcome, data=outcome.data | {"explain": why}) if why else outcome


def _events(demand: "Demand") -> list[dict[str, object]]:
    """What the past tells of each event and phase by queue, and what somebody stated."""
    from scenarios.figures import known

    effects = demand.forecast.events
    return [
        {name: row[name] for name in ("event", "phase", "queue", "source", "occurrences")}
        | {name: known(row[name]) for name in ("learned", "stated")}
        for row in ([] if effects is None else effects.table().to_dict("records"))
    ]


def _check_options(args: argparse.Namespace, past: "Past") -> "Asked | None":
    """Note options that do not go together; what is to be explained, if anything."""
    from api.forecast_explain import check
    from centre.errors import Faults

    faults = Faults()
    if past.centre is not None and args.interval_minutes is not None:
        expected = "no such option beside a centre folder, whose centre.toml says it"
        faults.add("--interval-minutes", expected, found=args.interval_minutes)
    if past.centre is None and args.keep:
        faults.add("--keep", "a centre folder to keep the forecast in")
    if past.centre is None and args.groups is not None:
        faults.add("--groups", "a centre folder, whose queues tell their groups")
    asked = check(args, past, faults)
    faults.raise_if_any()
    return asked


def _forecast(args: argparse.Namespace, past: "Past") -> "Demand":
    from concurrent.futures import ProcessPoolExecutor
    from contextlib import nullcontext

    from forecasts import make_forecast
    from scenarios.demand import LONGEST_FORECAST_DAYS, horizon
    from scenarios.forecasting import Demand, forecast_of, rounded_forecast

    with ProcessPoolExecutor(args.workers) if args.workers > 1 else nullcontext() as executor:
        if past.centre is not None:
            grid = horizon(past.centre.settings, args.start, args.days, LONGEST_FORECAST_DAYS)
            return forecast_of(past.centre, grid, past.holidays, executor, past.options.get("models"))
        options = past.options | {"interval_minutes": args.interval_minutes, "executor": executor}
        made = make_forecast(past.history, args.start, args.days, **options)
    return Demand(made, rounded_forecast(made.table()))


def _keep(args: argparse.Namespace, past: "Past", demand: "Demand") -> Path:
    """Keep the forecast in the centre folder; the file's name."""
    from datetime import date, timedelta

    from scenarios.snapshots import MadeBy, keep_snapshot

    assert past.centre is not None
    seen = max(date.fromisoformat(last) for _, last in demand.report.history.spans.values())
    as_of = min(args.start, seen + timedelta(days=1))
    made = MadeBy(as_of, args.start, args.days, demand.report.model, past.centre.checksums)
    return keep_snapshot(args.centre, demand.table, made)


def _outcome(table: "pd.DataFrame", report: "ForecastReport", out: Path) -> Outcome:
    from scenarios.figures import known

    offered = table.groupby("queue")["offered"].sum()
    queues = {
        name: {
            "model": model,
            "backtest_wape": {each: known(value) for each, value in report.wape[name].items()},
            "poisson_floor": known(report.floor[name]),
            "origins_tried": report.trials[name],
            "rows_used": report.history.rows_used.get(name, 0),
            "rows_ignored": report.history.rows_ignored.get(name, 0),
            "offered": round(float(offered.get(name, 0.0)), 2),
        }
        for name, model in report.model.items()
    }
    lines = [f"{out}: {len(table):,} rows"]
    for name, told in queues.items():
        error = report.wape[name][str(told["model"])]
        tried = (
            f"{100 * error:.1f} % of contacts off at {told['origins_tried']} earlier origins, "
            f"{100 * report.floor[name]:.1f} % by chance alone"
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
        data={
            "command": "forecast",
            "out": str(out),
            "rows": len(table),
            "queues": queues,
            "history": asdict(report.history),
        },
        warnings=tuple(report.warnings),
    )
