"""``paiban simulate``: a rota tried out against a forecast, contact by contact."""

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from api.options import count, number_from_zero
from api.outcome import Outcome, Progress

if TYPE_CHECKING:
    from centre.errors import Fault

ABOUT = "Simulate a rota against a forecast, contact by contact: service, waits and occupancy with intervals."
EXAMPLE = "paiban simulate my-centre --rota week/rota.csv --forecast week/forecast.csv --out simulation.csv"
WORDS = {
    "offered": "contacts",
    "service_level": "in time",
    "asa_seconds": "answered after",
    "abandonment": "gave up",
    "occupancy": "agents busy",
}
T = TypeVar("T")


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("centre", type=Path, metavar="CENTRE", help="centre folder")
    parser.add_argument("--rota", type=Path, required=True, metavar="FILE", help="rota file")
    parser.add_argument("--forecast", type=Path, required=True, metavar="FILE", help="forecast file")
    parser.add_argument(
        "--replications",
        type=count,
        default=100,
        metavar="N",
        help="how often to run through it (default 100)",
    )
    parser.add_argument(
        "--seed",
        type=number_from_zero,
        default=1,
        metavar="N",
        help="start of every random number (default 1)",
    )
    parser.add_argument(
        "--workers", type=count, default=2, metavar="N", help="threads (default 2); the answer is the same"
    )
    parser.add_argument(
        "--agents", type=Path, metavar="FILE", help="take the people of this file, not the folder's"
    )
    parser.add_argument(
        "--calls", type=Path, metavar="FILE", help="write every call-out of backup to this file, too"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="simulation file to write")


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read, simulate, write, tell."""
    progress("read the centre folder, the rota and the forecast")
    from centre.errors import BadInput, Fault
    from centre.folder import read_centre, read_forecast, read_rota
    from centre.writing import write_csv
    from scenarios.simulation import played
    from scheduler.rota import Rota

    if args.calls is not None and args.calls.resolve() == args.out.resolve():
        raise BadInput([Fault("--calls", "another file than --out", str(args.calls))])
    centre, faults = read_centre(args.centre, agents=args.agents), list[Fault]()
    zone = centre.settings.centre.timezone
    worked = _read(lambda: read_rota(args.rota, zone), faults)
    forecast = _read(lambda: read_forecast(args.forecast, zone), faults)
    if worked is None or forecast is None:
        raise BadInput(faults)
    progress(f"simulate {args.replications} times")
    rota = Rota.from_frame(worked)
    table, totals, calls = played(centre, rota, forecast, args.replications, args.seed, args.workers)
    write_csv(args.out, table)
    if args.calls is not None:
        write_csv(args.calls, calls)
    warnings = (*centre.warnings, *totals.pop("warnings"))
    data = {"command": "simulate", "out": str(args.out), "rows": len(table)} | totals
    if args.calls is not None:
        data |= {"calls": str(args.calls), "call_outs": len(calls)}
    return Outcome(lines=list(_lines(data)), data=data, warnings=warnings)


def _read(read: Callable[[], T], faults: "list[Fault]") -> T | None:
    """What a file holds; its faults are kept with those of other files, so that all are told at once."""
    from centre.errors import BadInput

    try:
        return read()
    except BadInput as error:
        faults += error.faults
        return None


def _lines(data: dict[str, Any]) -> Iterator[str]:
    days = f"{data['first_day']} to {data['last_day']}"
    yield f"{data['out']}: {data['rows']:,} rows; {days}, {data['replications']:,} times with seed {data['seed']}"
    yield f"{'':18}{'simulated (95 % interval)':36}calculated"
    groups = list(data["queues"].items())
    for name, told in [*groups, ("all queues", data["all"])] if len(groups) > 1 else groups:
        yield name
        yield from (_line(measure, told) for measure in WORDS if measure in told)
    for name, told in data["backup"].items():
        calls, share = _interval("offered", told["activations"]), told["share_of_replications"]
        yield f"{name}: called {calls} times; at all in {_figure('share', share)} of the replications"
        people, hours, cost = (
            _interval("offered", told[part]) for part in ("people_called", "hours", "cost")
        )
        yield f"  people called {people}; hours at work {hours}; cost {cost}"
    if "calls" in data:
        yield f"{data['calls']}: {data['call_outs']:,} call-outs"
    if data["not_simulated"]:
        hours = ", ".join(f"{name} {value:,.1f} h" for name, value in data["not_simulated"].items())
        yield f"Not simulated, work that may wait: {hours}; whoever is on work:* answers customers first"


def _line(measure: str, told: dict[str, Any]) -> str:
    beside = _figure(measure, told["calculated"][measure])
    return f"  {WORDS[measure]:16}{_interval(measure, told[measure]):36}{beside}"


def _interval(measure: str, told: dict[str, float | None]) -> str:
    """A mean with its interval, which one replication has not; its unit is told once."""
    mean, low, high = (_figure(measure, told[part]) for part in ("mean", "low", "high"))
    return mean if told["low"] is None else f"{mean} ({low.rstrip(' %s')} to {high.rstrip(' %s')})"


def _figure(measure: str, value: float | None) -> str:
    if value is None:
        return "–"
    if measure == "offered":
        return f"{value:,.1f}"
    return f"{value:,.1f} s" if measure == "asa_seconds" else f"{100 * value:.1f} %"
