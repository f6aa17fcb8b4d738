"""``paiban leave``: requests for leave decided against quotas and balances, with a waiting list."""

import argparse
from pathlib import Path

from api.outcome import Outcome, Progress

ABOUT = (
    "Decide leave requests in the order of asking: granted, waiting with a place, or refused with the reason."
)
EXAMPLE = "paiban leave my-centre --out decisions.csv"


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "centre", type=Path, metavar="CENTRE", help="centre folder with leave_requests.csv in it"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="table of decisions to write")
    parser.add_argument(
        "--apply",
        action="store_true",
        help="add what is granted to leave.csv; what waits stays in leave_requests.csv, the rest leaves it",
    )


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read, decide, write, tell."""
    progress("read the centre folder and the requests")
    from centre.errors import BadInput, Fault, Faults
    from centre.folder import read_centre
    from centre.leave_requests_file import FILE, leave_requests_frame, move_granted
    from centre.writing import write_csv
    from scenarios.leave_requests import decide_leave, decisions_table

    centre = read_centre(args.centre)
    path, zone, faults = args.centre / FILE, centre.settings.centre.timezone, Faults()
    if not path.is_file():
        words = "this file in the centre folder: agent_id, start, end, kind, asked_at"
        raise BadInput([Fault(FILE, words, "no such file")])
    requests = leave_requests_frame(path, zone, {agent.agent_id for agent in centre.agents}, faults)
    faults.raise_if_any()
    progress("decide")
    decisions = decide_leave(centre, requests)
    table = decisions_table(requests, decisions)
    if args.out:
        write_csv(args.out, table)
    if args.apply:
        waiting = set(table.loc[table["decision"] == "waiting", "row"])
        move_granted(args.centre, zone, requests[(table["decision"] == "granted").to_numpy()], waiting)
    counts = {kind: int((table["decision"] == kind).sum()) for kind in ("granted", "waiting", "refused")}
    lines = [f"{len(table)} requests: " + ", ".join(f"{count} {kind}" for kind, count in counts.items())]
    for row, one in zip(table["row"], decisions, strict=True):
        place = f", place {one.place}" if one.place else ""
        reason = f": {one.reason}" if one.reason else ""
        lines.append(f"  row {row}, {one.request.agent_id}: {one.outcome}{place}{reason}")
    if args.apply:
        lines.append(f"{counts['granted']} rows added to leave.csv, {counts['waiting']} left in {FILE}")
    told = [
        {
            "row": one.request.row,
            "agent_id": one.request.agent_id,
            "decision": one.outcome,
            "place": one.place or None,
            "reason": one.reason,
        }
        for one in decisions
    ]
    data = {"command": "leave", "counts": counts, "applied": bool(args.apply), "decisions": told}
    return Outcome(lines=lines, data=data, warnings=(*centre.warnings, *faults.warnings))
