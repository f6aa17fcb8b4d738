"""``paiban ledger``: what people owe and have done off the queue, overdue first, and their shares of nights, weekends and holidays."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.options import day
from api.outcome import DONE, FINDINGS, Outcome, Progress
from centre.errors import BadInput, Fault

if TYPE_CHECKING:
    import pandas as pd

    from scenarios.ledger import LedgerTold

ABOUT = "What people owe and have done off the queue, overdue first, and what each has had of nights, weekends and holidays."
EXAMPLE = "paiban ledger my-centre --as-of 2026-03-09 --agent A007"
MOST_LINES = 40


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    add = parser.add_argument
    add("centre", type=Path, metavar="CENTRE", help="centre folder")
    add(
        "--as-of",
        type=day,
        metavar="DATE",
        help="day on which it is asked (default: the day after the last close, or today)",
    )
    add(
        "--agent",
        metavar="AGENT_ID",
        help="this person's own figures, beside the least, median and most of their team",
    )
    add("--overdue", action="store_true", help="only what is overdue")
    add(
        "--recount",
        action="store_true",
        help="count shifts of fairness and minutes done again from all closed rotas; exit code 1 where one differs",
    )
    add("--out", type=Path, metavar="FILE", help="write what is owed as a table")
    add("--shares", type=Path, metavar="FILE", help="write everybody's shares as a table")


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read, tell; or recount."""
    from api.plain_data import plain
    from centre.folder import read_centre
    from centre.instants import day_of
    from centre.writing import write_csv
    from scenarios.close import closes, finish
    from scenarios.ledger import ledger_told

    finish(args.centre)
    centre, made = read_centre(args.centre), closes(args.centre)
    if args.agent and args.agent not in {agent.agent_id for agent in centre.agents}:
        raise BadInput([Fault("--agent", "an agent_id of agents.csv", args.agent)])
    if args.recount:
        return _recounted(centre, made)
    as_of = _as_of(args, made[-1].last_day + 1 if made else None, centre.settings.centre.timezone)
    told = _narrowed(ledger_told(centre, as_of), args)
    for path, table in ((args.out, told.owed), (args.shares, told.shares)):
        if path:
            write_csv(path, table)
    data = {
        "command": "ledger", "as_of": day_of(as_of).isoformat(), "owed": plain(told.owed), "shares": plain(told.shares),
    }  # fmt: skip
    return Outcome(DONE, list(_lines(told, args)), data, centre.warnings)


def _as_of(args: argparse.Namespace, after_close: int | None, zone: Any) -> int:
    from datetime import datetime

    from centre.instants import day_number

    if args.as_of:
        return day_number(args.as_of)
    return after_close if after_close is not None else day_number(datetime.now(zone).date())


def _narrowed(told: "LedgerTold", args: argparse.Namespace) -> "LedgerTold":
    """What was asked for: one person's, what is overdue."""
    from dataclasses import replace

    owed, shares = told.owed, told.shares
    if args.agent:
        owed, shares = owed[owed["who"] == args.agent], shares[shares["agent_id"] == args.agent]
    if args.overdue:
        owed = owed[owed["overdue"]]
    return replace(told, owed=owed.reset_index(drop=True), shares=shares.reset_index(drop=True))


def _recounted(centre: Any, made: Any) -> Outcome:
    from api.plain_data import plain
    from scenarios.ledger_recount import differences

    table = differences(centre, made)
    data = {"command": "ledger", "closes": len(made), "differences": plain(table)}
    if table.empty:
        return Outcome(
            DONE,
            [
                f"Recounted from {len(made)} closed rotas: shifts by month and minutes done off the queue are as the ledger says"
            ],
            data,
        )
    lines = [f"{row['who']} {row['account']} {row['period']}: the ledger says {row['ledger']:g}, the rotas {row['recount']:g}"
             for row in table.head(MOST_LINES).to_dict("records")]  # fmt: skip
    return Outcome(FINDINGS, [f"{len(table)} accounts differ from the closed rotas", *lines], data)


def _lines(told: "LedgerTold", args: argparse.Namespace) -> Iterator[str]:
    owed = told.owed[told.owed["owed_hours"] > 0]
    late = int(owed["overdue"].sum())
    yield f"{owed['owed_hours'].sum():,.2f} h owed off the queue, {late} of {len(owed)} entries overdue"
    for row in owed.head(MOST_LINES).to_dict("records"):
        mark = "OVERDUE" if row["overdue"] else "due"
        yield (
            f"  {mark} {row['due']}  {row['who']}: {row['activity']} {row['owed_hours']:.2f} of {row['quota_hours']:.2f} h"
            f" ({row['period']})"
        )
    if len(owed) > MOST_LINES:
        yield f"  ... {len(owed) - MOST_LINES:,} more; --out FILE writes all"
    if args.agent:
        yield from _own(told.shares)


def _own(shares: "pd.DataFrame") -> Iterator[str]:
    """One person's figures beside their team's."""
    for row in shares.to_dict("records"):
        spread = f"team {row['least']:+.1f} to {row['most']:+.1f}, median {row['median']:+.1f}"
        if row["balance"] != row["balance"]:
            yield f"  {row['account']}: {row['had']:g} (team {row['least']:g} to {row['most']:g}, median {row['median']:g})"
        elif row["had"] != row["had"]:
            yield f"  {row['account']}: new, counted as the average ({spread})"
        else:
            yield f"  {row['account']}: {row['had']:.1f} had, {row['fair']:.1f} fair, {row['balance']:+.1f} ({spread})"
