"""``paiban audit``: any rota judged by rules, with or without the centre's files; no solver is loaded."""

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.any_rota import AnyRota, any_rota, rota_file, with_zones
from api.audit_outputs import add_outputs, check_options, handed_out, verified
from api.fact_files import calendar_in, exceptions_in, notices_in, own_exceptions, people_in
from api.options import add_facts, count, day
from api.outcome import Outcome, Progress
from centre.errors import BadInput, Fault

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from scheduler.rota import Rota
    from scheduler.rules.facts import Facts
    from scheduler.rules.rule import Rule, Violation

ABOUT = "Judge a rota by rules: every breach with rule, person, window, found and required."
EXAMPLE = "paiban audit week/rota.csv --centre my-centre --out violations.csv"


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "rota",
        nargs="?",
        type=Path,
        metavar="ROTA",
        help="rota file, or a results folder that holds rota.csv",
    )
    by = parser.add_mutually_exclusive_group()
    by.add_argument("--rules", metavar="PRESET[,PRESET]", help="judge by these presets alone")
    by.add_argument(
        "--centre",
        type=Path,
        metavar="CENTRE",
        help="judge by the rules, people and shifts of a centre folder",
    )
    add_facts(parser)
    parser.add_argument(
        "--before", type=Path, metavar="ROTA", help="what was worked before: a rota, clock-in records, ..."
    )
    parser.add_argument(
        "--legend",
        type=Path,
        metavar="FILE",
        help="ROTA is a sheet with people down and days across: its shift codes (code, start, end, ...), "
        "in place of the workbook's own",
    )
    parser.add_argument(
        "--against",
        type=Path,
        metavar="OLD",
        help="tell what changed since this earlier rota: shifts, and breaches that are new, gone or remain",
    )
    parser.add_argument(
        "--start",
        type=day,
        metavar="DATE",
        help="first day to judge (default: of plan.json beside, or of the rota)",
    )
    parser.add_argument("--days", type=count, metavar="N", help="days to judge")
    parser.add_argument(
        "--published",
        metavar="INSTANT",
        help="when the rota was told to its people (default: of plan.json beside), such as 2003-09-20T12:00",
    )
    parser.add_argument(
        "--protections",
        type=Path,
        metavar="FILE",
        help="with --agents: periods in which a law protects people (agent_id, kind, start, end)",
    )
    parser.add_argument(
        "--notices",
        type=Path,
        metavar="FILE",
        help="shifts changed after that: agent_id, day, told_at",
    )
    parser.add_argument(
        "--exceptions",
        type=Path,
        metavar="FILE",
        help="breaches that somebody answers for: rule, agent_id, start, end, reason (default: the folder's)",
    )
    add_outputs(parser)


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read the rota and what it is judged by, judge, tell; or check what an earlier audit told."""
    if args.verify:
        return verified(args)
    check_options(args)
    from scheduler.audit import audit, inferred_facts

    rota, rules, facts, notes = _with_centre(args) if args.centre else _without_centre(args)
    known = facts or inferred_facts(rota)
    if args.notices:
        known = facts = replace(known, notices=notices_in(args.notices, known.zone))
    exceptions = exceptions_in(args.exceptions or own_exceptions(args.centre), known.zone, rules)
    findings = audit(rota, rules, facts, exceptions=exceptions) + notes
    warnings = () if args.centre or args.timezone else ("no time zone was given: days are counted in UTC",)
    outcome = handed_out(args, rota, rules, known, findings, progress)
    if args.against:
        from api.differences import difference, with_difference

        changed = difference(args.against, args.legend, rota, rules, known, findings, exceptions)
        outcome = with_difference(outcome, changed, known.zone)
    return replace(outcome, warnings=warnings)


def _with_centre(args: argparse.Namespace) -> "tuple[Rota, tuple[Rule, ...], Facts, list[Violation]]":
    from zoneinfo import ZoneInfo

    from api.judging import centre_facts
    from centre.folder import read_centre
    from scheduler.backup import with_backup
    from scheduler.rules.presets import rules_in_force

    centre = with_backup(read_centre(args.centre, agents=args.agents))
    info = centre.settings.centre
    clocks = {agent.agent_id: ZoneInfo(agent.timezone) for agent in centre.agents if agent.timezone}
    read = _rota(args, info.timezone, None, clocks)  # the rule known-people has the list
    past = any_rota(args.before, None, info.timezone, zones=clocks) if args.before else None
    before = past.rota.to_frame() if past else centre.rota_before
    first, days = _horizon(args, read.rota, read.covered)
    calendar = calendar_in(args.calendar, first, days) if args.calendar else None
    published = _published(args, info.timezone)
    facts = centre_facts(
        centre, read.rota, first, days, before=before, calendar=calendar, published=published
    )
    rules = rules_in_force(centre.settings.rules, with_centre=True)
    return read.rota, rules, with_zones(facts, read), read.notes + (past.notes if past else [])


def _without_centre(
    args: argparse.Namespace,
) -> "tuple[Rota, tuple[Rule, ...], Facts | None, list[Violation]]":
    from zoneinfo import ZoneInfo

    from centre.model import RuleSettings
    from scheduler.rules.facts import Facts
    from scheduler.rules.presets import PRESETS, rules_in_force

    names = tuple(name.strip() for name in args.rules.split(","))
    unknown = [name for name in names if name not in PRESETS]
    if unknown:
        raise BadInput([Fault("--rules", f"presets: {', '.join(sorted(PRESETS))}", name) for name in unknown])
    rules = rules_in_force(RuleSettings(presets=names), with_centre=False)
    clock = args.timezone or ZoneInfo("UTC")
    people = people_in(args.agents, args.protections) if args.agents else None
    clocks = {name: person.zone for name, person in (people or {}).items() if person.zone}
    read = _rota(args, clock, people, clocks)
    past = any_rota(args.before, None, clock) if args.before else None
    before = past.rota if past else None
    notes = read.notes + (past.notes if past else [])
    told = (args.timezone, args.before, args.agents, args.calendar, args.start, args.days, read.covered)
    published = _published(args, clock)
    if not any(told) and published is None:
        return read.rota, rules, None, notes
    horizon = _horizon(args, read.rota, read.covered)
    holidays, special = calendar_in(args.calendar, *horizon) if args.calendar else ({}, None)
    facts = Facts(
        clock, *horizon, people=people, before=before, holidays=holidays, special_days=special,
        published_at=published,
    )  # fmt: skip
    return read.rota, rules, with_zones(facts, read), notes


def _rota(
    args: argparse.Namespace, clock: "ZoneInfo", listed: Any, zones: "dict[str, ZoneInfo] | None" = None
) -> AnyRota:
    """The rota to judge, with what its file covers, leaves out and tells of people's clocks."""
    from centre.instants import day_number

    first = args.start and day_number(args.start)
    span = (first, first + args.days) if args.start and args.days else None
    return any_rota(args.rota, args.legend, clock, listed, zones, span)


def _horizon(
    args: argparse.Namespace, rota: "Rota", covered: tuple[int, int] | None = None
) -> tuple[int, int]:
    """First day and number of days to judge: as asked, as the sheet covers or the plan beside the rota says,
    else from its first to its last day.
    """
    from centre.instants import day_number
    from scheduler.audit import inferred_facts

    own = inferred_facts(rota)
    planned = covered or _planned_horizon(rota_file(args.rota).parent / "plan.json", rota)
    first, days = planned or (own.first_day, own.days)
    if args.start:
        end = max(first + days, day_number(args.start) + 1)
        first = day_number(args.start)
        days = end - first
    return first, args.days or days


def _planned_horizon(path: Path, rota: "Rota") -> tuple[int, int] | None:
    """The horizon of a plan.json, if there is one that holds the whole rota."""
    from datetime import date

    from centre.instants import day_number

    try:
        told: Any = json.loads(path.read_text(encoding="utf-8"))
        first, days = day_number(date.fromisoformat(told["start"])), int(told["days"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    inside = (rota.day >= first) & (rota.day < first + days)
    return (first, days) if len(rota) and inside.all() else None


def _published(args: argparse.Namespace, clock: "ZoneInfo") -> int | None:
    """When the rota was told, UTC minutes: as asked, or as the plan beside the rota says; None: not known."""
    from centre.instants import parse_instant

    if args.published:
        try:
            return parse_instant(args.published, clock)
        except ValueError as error:
            raise BadInput([Fault("--published", str(error), args.published)]) from None
    try:
        told: Any = json.loads((rota_file(args.rota).parent / "plan.json").read_text(encoding="utf-8"))
        return parse_instant(told["published_at"], clock)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
