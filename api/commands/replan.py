"""``paiban replan``: today's rota repaired from now on, with the fewest and smallest changes."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from api.any_rota import rota_file
from api.options import add_out, add_rota, count, number_from_zero
from api.outcome import DONE, FINDINGS, Outcome, Progress
from centre.errors import BadInput, Fault

if TYPE_CHECKING:
    import pandas as pd

    from centre.folder import Centre

ABOUT = "Repair today's rota from now on: absences, late arrivals, outages, other demand; fewest and smallest changes first."
EXAMPLE = "paiban replan my-centre --rota week --now 2026-03-02T10:00 --absent A007 --absent A012:2026-03-02T14:00 --out today"


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    add_rota(parser)
    parser.add_argument(
        "--now", required=True, metavar="INSTANT", help="nothing before it changes, such as 2026-03-02T10:00"
    )
    parser.add_argument(
        "--absent", action="append", default=[], metavar="AGENT[:UNTIL]",
        help="not there from now on: to the end of the shift, until an instant, or (AGENT:rota) for all of the rota; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--late",
        action="append",
        default=[],
        metavar="AGENT:UNTIL",
        help="comes at that instant; may be repeated",
    )
    parser.add_argument(
        "--outage", action="append", default=[], metavar="QUEUE[:UNTIL]",
        help="nothing to do there from now on; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--actuals", type=Path, metavar="FILE",
        help="the day so far: the forecast (default: forecast.csv beside the rota) is updated by it",
    )  # fmt: skip
    demand = parser.add_mutually_exclusive_group()
    demand.add_argument("--forecast", type=Path, metavar="FILE", help="a newer forecast of the day")
    demand.add_argument(
        "--requirement",
        type=Path,
        metavar="FILE",
        help="what is needed (default: requirement.csv beside the rota)",
    )
    parser.add_argument(
        "--most",
        type=count,
        metavar="N",
        help="people to change at most (default: twice as many as are not there)",
    )
    parser.add_argument(
        "--lead-minutes", type=number_from_zero, default=60, metavar="N",
        help="from now until somebody can be there who is not (default 60)",
    )  # fmt: skip
    parser.add_argument(
        "--time-off", action="store_true", help="shorten shifts, too, where too many are at work"
    )
    parser.add_argument(
        "--team", action="append", default=[], metavar="TEAM",
        help="change the days of this team alone, sessions off the queue not at all; may be repeated",
    )  # fmt: skip
    add_out(parser)


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read, repair, write, tell."""
    progress("read the centre folder and the rota")
    from centre.folder import read_centre, read_requirement, read_rota
    from centre.writing import result_folder
    from scenarios.happened import Happened
    from scenarios.replan import replan
    from scenarios.replan_earlier import MARK, with_earlier
    from scenarios.replan_told import fill_folder, replan_json, told_lines
    from scenarios.rota_at_hand import horizon_beside, rota_at_hand
    from scheduler.intraday.options import Reach

    centre = read_centre(args.centre, agents=args.agents)
    zone, file = centre.settings.centre.timezone, rota_file(args.rota)
    table = read_rota(file, zone)
    requirement = _requirement(args, file)
    with result_folder(args.out, MARK) as folder:
        at_hand = rota_at_hand(centre, table, *horizon_beside(file.parent, table, zone))
        at_hand = with_earlier(at_hand, file.parent / MARK)
        happened = Happened(args.now, tuple(args.absent), tuple(args.late), tuple(args.outage))
        needed = None if requirement is None else read_requirement(requirement, zone)
        forecast = None if needed is not None else _forecast(args, file, centre)
        reach = Reach(lead_minutes=args.lead_minutes, people=_people(args, centre))
        made = replan(at_hand, happened, needed, forecast, args.most, reach, args.time_off, progress)
        progress("write the results")
        fill_folder(made, folder)
    data = {"command": "replan", "out": str(args.out)} | replan_json(made)
    data.pop("warnings")
    code = FINDINGS if made.new else DONE
    return Outcome(code, list(told_lines(made, args.out)), data, made.warnings)


def _people(args: argparse.Namespace, centre: "Centre") -> frozenset[str] | None:
    """Who may be changed by ``--team``; None for everybody."""
    if not args.team:
        return None
    known = {agent.team for agent in centre.agents}
    unknown = [team for team in args.team if team not in known]
    if unknown:
        raise BadInput([Fault("--team", f"one of {', '.join(sorted(known))}", team) for team in unknown])
    return frozenset(agent.agent_id for agent in centre.agents if agent.team in args.team)


def _requirement(args: argparse.Namespace, rota: Path) -> Path | None:
    """The file of what is needed; None where a forecast tells it."""
    if args.actuals is not None and args.requirement is not None:
        raise BadInput([Fault("--actuals", "a forecast to update, not a requirement", "--requirement")])
    if args.forecast is not None or args.actuals is not None:
        return None
    beside = rota.parent / "requirement.csv"
    if args.requirement is None and not beside.is_file():
        words = "a requirement, a forecast, or a rota with requirement.csv beside it"
        raise BadInput([Fault("--requirement", words, "neither")])
    found: Path = args.requirement or beside
    return found


def _forecast(args: argparse.Namespace, rota: Path, centre: "Centre") -> "pd.DataFrame":
    """The forecast asked for, updated from the day so far where that is told."""
    from centre.actuals_file import read_actuals
    from centre.folder import read_forecast
    from centre.instants import parse_instant
    from scenarios.intraday import reforecast_of

    info = centre.settings.centre
    beside = rota.parent / "forecast.csv"
    if args.forecast is None and not beside.is_file():
        words = "a forecast for --actuals to update, or a rota with forecast.csv beside it"
        raise BadInput([Fault("--forecast", words, "neither")])
    forecast = read_forecast(args.forecast or beside, info.timezone)
    if args.actuals is None:
        return forecast
    queues = [queue.name for queue in centre.settings.queue]
    actuals = read_actuals(args.actuals, info.timezone, queues, info.interval_minutes)
    try:
        now = parse_instant(args.now, info.timezone)
    except ValueError as error:
        raise BadInput([Fault("--now", str(error), args.now)]) from None
    return reforecast_of(centre.settings, forecast, actuals, now).table
