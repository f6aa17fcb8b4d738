"""``paiban close``: the days that were, rolled into the ledger and the rota before; hours by pay class for payroll."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.any_rota import rota_file
from api.options import count, day
from api.outcome import DONE, Outcome, Progress

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from scenarios.close import Closing
    from scenarios.payroll import Hours
    from scenarios.rota_at_hand import RotaAtHand
    from scheduler.rota import Rota

ABOUT = (
    "Close days that were worked: ledgers and carry-in for the next rota, and hours by pay class for payroll."
)
EXAMPLE = "paiban close my-centre --rota week --worked worked.csv --out hours.csv"


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    add = parser.add_argument
    add(
        "centre",
        type=Path,
        metavar="CENTRE",
        help="centre folder; its ledger.csv and rota_before.csv are rolled forward",
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--rota", type=Path, metavar="ROTA", help="rota file, or a results folder that holds rota.csv"
    )
    what.add_argument("--undo", action="store_true", help="take the last close back")
    add("--worked", type=Path, metavar="FILE",
        help="what was really worked: a rota, clock-in records, iCalendar (default: the rota, as planned)")  # fmt: skip
    add("--start", type=day, metavar="DATE", help="first day to close (default: of the rota)")
    add("--days", type=count, metavar="N", help="days to close (default: of the rota)")
    add("--gap", action="store_true", help="days since the last close were worked by nobody")
    add("--dry-run", action="store_true", help="tell what it comes to and write nothing")
    add("--out", type=Path, metavar="FILE", help="hours by person and pay class, for payroll")


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read, roll, write, tell."""
    from centre.writing import write_csv
    from scenarios.close import check_follows, closing, finish, write_close
    from scenarios.payroll import hours_by_class

    if args.undo:
        return _undone(args)
    progress("read the centre folder and the rota")
    finish(args.centre)
    at_hand, notes = _at_hand(args)
    check_follows(args.centre, at_hand.facts.first_day, args.gap)
    made = closing(at_hand)
    hours = hours_by_class(at_hand.rota, at_hand.facts, at_hand.centre.settings.rules)
    if not args.dry_run:
        progress("write the ledger and what was worked")
        write_close(
            args.centre, made, {"rota": args.rota.name, "worked": args.worked.name if args.worked else None}
        )
    if args.out:
        write_csv(args.out, hours.table)
    data = _data(made, hours, args)
    return Outcome(DONE, list(_lines(data, args)), data, (*at_hand.centre.warnings, *notes, *hours.told))


def _undone(args: argparse.Namespace) -> Outcome:
    from centre.instants import day_of
    from scenarios.close import undo

    last = undo(args.centre)
    days = {"first_day": day_of(last.first_day).isoformat(), "last_day": day_of(last.last_day).isoformat()}
    line = f"Taken back: the close of {days['first_day']} to {days['last_day']}"
    return Outcome(DONE, [line], {"command": "close", "undone": True, **days})


def _at_hand(args: argparse.Namespace) -> "tuple[RotaAtHand, list[str]]":
    """The rota as it was worked, with the horizon to close."""
    from dataclasses import replace

    from centre.folder import read_centre, read_rota
    from centre.instants import day_number
    from scenarios.rota_at_hand import horizon_beside, rota_at_hand

    centre = read_centre(args.centre)
    zone, file = centre.settings.centre.timezone, rota_file(args.rota)
    table = read_rota(file, zone)
    horizon, _ = horizon_beside(file.parent, table, zone)
    if args.start:
        first = day_number(args.start)
        own = max((day_number(each) for each in table["day"]), default=first) + 1 - first
        horizon = first, args.days or max(own, 1)
    elif args.days:
        first = horizon[0] if horizon else min(day_number(each) for each in table["day"])
        horizon = first, args.days
    at_hand = rota_at_hand(centre, table, horizon)
    if args.worked is None:
        return at_hand, ["--worked was not given: the rota counts as worked, as it was planned"]
    worked, notes = _worked(args, at_hand, zone)
    return replace(at_hand, rota=worked), notes


def _worked(args: argparse.Namespace, at_hand: "RotaAtHand", zone: "ZoneInfo") -> "tuple[Rota, list[str]]":
    """What was worked; records that tell presence alone have the breaks and the time off the queue that were planned in it."""
    from zoneinfo import ZoneInfo

    from api.any_rota import any_rota
    from centre.activities import OFF_QUEUE
    from scheduler.adherence_judged import with_planned_breaks
    from scheduler.rota import PAUSES

    agents = at_hand.centre.agents
    clocks = {agent.agent_id: ZoneInfo(agent.timezone) for agent in agents if agent.timezone}
    listed = {agent.agent_id for agent in agents}
    span = at_hand.facts.first_day, at_hand.facts.end_day
    read = any_rota(args.worked, None, zone, listed, clocks, span)
    worked, notes = read.rota, [note.explanation for note in read.notes]
    if not worked.is_kind(*OFF_QUEUE).any() and at_hand.rota.is_kind(*OFF_QUEUE).any():
        kinds = (*OFF_QUEUE, *(() if worked.is_kind(*PAUSES).any() else PAUSES))
        worked = with_planned_breaks(at_hand.rota, worked, listed, kinds)
        notes.append(
            "what was worked tells of no time off the queue: the planned time counts while people were there"
        )
    return worked, notes


def _data(made: "Closing", hours: "Hours", args: argparse.Namespace) -> dict[str, Any]:
    from centre.instants import day_of

    owed = made.ledger[
        made.ledger["account"].astype(str).str.startswith("owed:") & (made.ledger["amount"] > 0)
    ]
    return {
        "command": "close", "first_day": day_of(made.first_day).isoformat(), "last_day": day_of(made.last_day).isoformat(),
        "people": len(made.rota.agent_ids), "shifts": len(made.rota.duties), "law": hours.law.name, "written": not args.dry_run,
        "hours": round(float(hours.table["hours"].sum()), 2), "ledger_rows": len(made.ledger),
        "owed_hours": round(float(owed["amount"].sum()) / 60, 2),
    }  # fmt: skip


def _lines(data: dict[str, Any], args: argparse.Namespace) -> Iterator[str]:
    verb = "Closed" if data["written"] else "Would close"
    yield f"{verb}: {data['first_day']} to {data['last_day']}, {data['shifts']:,} shifts of {data['people']:,} people"
    yield f"Hours: {data['hours']:,.2f}, by {data['law']}"
    yield f"Ledger: {data['ledger_rows']:,} accounts, {data['owed_hours']:,.2f} h off the queue overdue"
    if data["written"]:
        yield f"Kept: {args.centre / 'closed' / data['first_day']}"
    if args.out:
        yield f"Written: {args.out}"
