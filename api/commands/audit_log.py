"""``paiban audit-log``: who did what in the service, and whether the log is whole."""

import argparse
from typing import TYPE_CHECKING, Any

from api.options import number_from_zero
from api.outcome import DONE, FINDINGS, Outcome, Progress

if TYPE_CHECKING:
    from api.store.engine import Transaction

ABOUT = "List the service's audit log, or verify that no line of it was changed or left out."
EXAMPLE = "paiban audit-log verify"


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "what", choices=("verify", "list"), help="verify the chain of hashes, or list the lines"
    )
    parser.add_argument(
        "--after",
        type=number_from_zero,
        default=0,
        metavar="SEQ",
        help="list: lines after this one (default 0)",
    )


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read the log of the database that the settings name."""
    from api.access.scope import machine
    from api.settings import read_settings
    from api.store.opening import open_store

    settings, _ = read_settings()
    with open_store(settings) as store, store.read(machine("audit-log")) as transaction:
        return _verified(transaction) if args.what == "verify" else _listed(transaction, args.after)


def _verified(transaction: "Transaction") -> Outcome:
    from api.store.audit_log import verify

    found = verify(transaction.connection)
    data = {
        "command": "audit-log",
        "lines": found.lines,
        "broken_at": found.broken_at,
        "reason": found.reason,
    }
    if found.broken_at is None:
        return Outcome(DONE, [f"{found.lines:,} lines, the chain is whole"], data)
    return Outcome(
        FINDINGS,
        [f"broken at line {found.broken_at}: {found.reason}; {found.lines:,} lines before it are whole"],
        data,
    )


def _listed(transaction: "Transaction", after: int) -> Outcome:
    from api.store.audit_log import canonical, lines

    told: list[dict[str, Any]] = []
    shown = []
    for line in lines(transaction.connection, after):
        at = line.at.isoformat(timespec="seconds").replace("+00:00", "Z")
        told.append(vars(line) | {"at": at})
        shown.append(f"{line.seq} {at} {line.member_id} {line.action} {line.object} {canonical(line.detail)}")
    return Outcome(DONE, shown, {"command": "audit-log", "lines": told})
