"""``paiban backup``: whom of the backup pools to call, keep or release now."""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.options import add_moment
from api.outcome import Outcome, Progress

if TYPE_CHECKING:
    from scenarios.backup_now import PoolNow

ABOUT = "Say of each backup pool now: call, keep, release or wait, and why."
EXAMPLE = "paiban backup my-centre --actuals actuals.csv --now 2026-03-02T14:10 --rota week/rota.csv --state state.json"


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    add_moment(parser)
    parser.add_argument(
        "--rota",
        type=Path,
        metavar="FILE",
        help="who is at work: for triggers by agent, for rest and for support",
    )
    parser.add_argument(
        "--requirement", type=Path, metavar="FILE", help="agents to roster, for the trigger agents_short"
    )
    parser.add_argument(
        "--state",
        type=Path,
        metavar="FILE",
        help="who has been called so far: read where it is there, and written anew as if what is said here were done",
    )


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read, decide, write, tell."""
    progress("read the centre folder and the day so far")
    from api.backup_state import read_state, write_state
    from api.intraday import read_moment
    from centre.actuals_file import today_so_far
    from centre.errors import BadInput, Fault, Faults
    from centre.folder import read_centre, read_requirement, read_rota
    from centre.instants import format_instant
    from scenarios.backup_now import pools_now
    from scheduler.live import PoolState
    from scheduler.rota import Rota

    centre, faults = read_centre(args.centre), Faults()
    told = centre.settings.centre
    if not centre.settings.backup:
        raise BadInput([Fault("centre.toml", "a [[backup]] pool to decide on", "none", column="backup")])
    moment, states = read_moment(centre, args, faults), dict[str, PoolState]()
    rota = faults.tried(lambda: read_rota(args.rota, told.timezone)) if args.rota else None
    required = (
        faults.tried(lambda: read_requirement(args.requirement, told.timezone)) if args.requirement else None
    )
    if args.state and (args.state.is_dir() or not args.state.parent.is_dir()):
        faults.add("--state", "a file in a folder that is there", found=args.state)
    elif args.state and moment:
        states = read_state(args.state, moment.now, faults)
    faults.raise_if_any()
    assert moment is not None
    today = today_so_far(moment.actuals, moment.now, told.timezone, told.interval_minutes)
    worked = None if rota is None else Rota.from_frame(rota)
    pools = pools_now(centre, today, states, worked, required)
    if args.state:
        write_state(args.state, {each.pool.name: each.decision.state for each in pools})
    unknown = [name for name in states if name not in {each.pool.name for each in pools}]
    warnings = (*moment.warnings, *today.notes, *_notes(args, pools, unknown))
    data: dict[str, Any] = {"command": "backup", "now": format_instant(moment.now), "currency": told.currency}
    data |= {"pools": {each.pool.name: _told(each) for each in pools}}
    return Outcome(lines=list(_lines(data)), data=data, warnings=warnings)


def _told(found: "PoolNow") -> dict[str, Any]:
    """One pool as JSON can hold it."""
    from centre.instants import format_instant
    from scenarios.figures import known

    pool, decision = found.pool, found.decision
    arrival = decision.state.looked + pool.lead_minutes
    triggers = [
        {
            "when": trigger.when,
            "found": known(found.measures[trigger.when].value),
            "whole": found.measures[trigger.when].whole,
            "threshold": trigger.threshold,
            "release_threshold": trigger.release,
        }
        for trigger in pool.triggers
    ]
    return {
        "decision": decision.action,
        "reason": found.reason,
        "people": list(decision.people),
        "at_work_from": format_instant(int(arrival)) if decision.action == "call" else None,
        "least_cost": round(found.least_cost, 2),
        "there": decision.state.who("here"),
        "on_the_way": decision.state.who("coming"),
        "triggers": triggers,
        "next_look": format_instant(int(decision.next_look)),
    }


def _lines(data: dict[str, Any]) -> Iterator[str]:
    for name, told in data["pools"].items():
        people = f" {', '.join(told['people'])}" if told["people"] else ""
        yield f"{name}: {told['decision']}{people}"
        yield f"  {told['reason']}"
        if told["decision"] == "call":
            yield f"  at least {told['least_cost']:,.0f} {data['currency']}: {len(told['people'])} calls and the shortest time at work"
        for where, words in (("there", "there"), ("on_the_way", "on the way")):
            if told[where]:
                yield f"  {words}: {', '.join(told[where])}"
        yield f"  look again at {told['next_look']}"


def _notes(args: argparse.Namespace, pools: "list[PoolNow]", unknown: list[str]) -> Iterator[str]:
    """What could not be seen."""
    for name in unknown:
        yield f"state: pool {name} is no [[backup]] of centre.toml; what it tells of it is left out"
    for found in pools:
        for trigger in found.pool.triggers:
            measure = found.measures[trigger.when]
            if measure.value is None:
                yield f"backup {found.pool.name}: {trigger.when} is not known; it needs {NEEDS[trigger.when]}"
            elif not measure.whole:
                yield f"backup {found.pool.name}: {trigger.when} is not known of all of its queues"
    if args.rota is None:
        yield "without --rota it is not known who is at work: no support is called, and rest beside own shifts is not checked"


NEEDS = {
    "customers_online": "customers_online of actuals.csv, not older than an interval",
    "online_per_agent": "customers_online of actuals.csv, not older than an interval, and --rota",
    "waiting": "waiting of actuals.csv, not older than an interval",
    "wait_seconds": "longest_wait_seconds of actuals.csv, not older than an interval",
    "agents_short": "--rota and --requirement",
    "service_level": "within_target of actuals.csv in the last half hour, of all of the pool's queues",
}
