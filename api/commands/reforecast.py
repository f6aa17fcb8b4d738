"""``paiban reforecast``: the rest of the day from what came so far."""

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.options import add_moment
from api.outcome import Outcome, Progress

if TYPE_CHECKING:
    from forecasts.intraday import Reforecast

ABOUT = "Update the rest of the day's forecast from what came so far."
EXAMPLE = "paiban reforecast my-centre --forecast forecast.csv --actuals actuals.csv --now 2026-03-02T12:00 --out now.csv"


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    add_moment(parser)
    parser.add_argument(
        "--forecast",
        type=Path,
        required=True,
        metavar="FILE",
        help="the forecast as it was before the day began",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="forecast file to write")


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read, update, write, tell."""
    progress("read the centre folder, the forecast and the day so far")
    from api.intraday import read_moment
    from centre.errors import Faults
    from centre.folder import read_centre, read_forecast
    from centre.instants import format_instant
    from centre.writing import write_csv
    from scenarios.intraday import reforecast_of

    centre, faults = read_centre(args.centre), Faults()
    moment = read_moment(centre, args, faults)
    forecast = faults.tried(lambda: read_forecast(args.forecast, centre.settings.centre.timezone))
    faults.raise_if_any()
    assert moment is not None
    assert forecast is not None
    found = reforecast_of(centre.settings, forecast, moment.actuals, moment.now)
    write_csv(args.out, found.table)
    warnings = (*moment.warnings, *forecast.attrs.get("warnings", ()), *found.notes)
    if args.out.resolve() == args.forecast.resolve():
        warnings += (
            "the forecast as it was before the day is replaced: a later update of this file would count the day so far twice",
        )
    data = {"command": "reforecast", "out": str(args.out), "rows": len(found.table)}
    data |= {"now": format_instant(moment.now), "queues": _queues(found)}
    return Outcome(lines=list(_lines(data)), data=data, warnings=warnings)


def _queues(found: "Reforecast") -> dict[str, dict[str, Any]]:
    """Each queue's update as JSON can hold it."""
    from scenarios.figures import known

    told: dict[str, dict[str, Any]] = {}
    for update in found.queues:
        fields = asdict(update)
        told[fields.pop("queue")] = {
            name: known(value) if isinstance(value, float) else value for name, value in fields.items()
        }
    return told


def _lines(data: dict[str, Any]) -> Iterator[str]:
    yield f"{data['out']}: {data['rows']:,} rows, updated at {data['now']}"
    if not data["queues"]:
        yield "The forecast has no interval on this day: nothing was updated"
    for name, told in data["queues"].items():
        error = told["wape_so_far"]
        yield f"{name}: " + (
            "error so far not known"
            if error is None
            else f"error so far {100 * error:.1f} % by interval (WAPE)"
        )
        yield from (f"  {sentence}" for sentence in told["words"])
