"""``paiban adherence``: what was worked against what was planned, and the rest that the overrun took."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.options import count, day, number_from_zero, zone
from api.outcome import DONE, FINDINGS, Outcome, Progress
from centre.errors import BadInput, Fault

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from scheduler.adherence import Adherence
    from scheduler.adherence_rest import Caused
    from scheduler.rota import Rota
    from scheduler.rules.facts import Facts
    from scheduler.rules.rule import Rule, Violation

ABOUT = "Set what was worked beside what was planned: adherence, conformance, overtime, breaks and rest lost."
EXAMPLE = "paiban adherence week/rota.csv --worked worked.csv --centre my-centre --out adherence.csv"
MOST_LINES = 50


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "planned", type=Path, metavar="PLANNED", help="the rota as it was planned, or its folder"
    )
    parser.add_argument(
        "--worked", type=Path, required=True, metavar="WORKED",
        help="what was worked: a rota, clock-in records or iCalendar",
    )  # fmt: skip
    by = parser.add_mutually_exclusive_group()
    by.add_argument("--rules", metavar="PRESET[,PRESET]", help="say which breaches come from the work alone")
    by.add_argument(
        "--centre", type=Path, metavar="CENTRE", help="people, teams and rules of a centre folder"
    )
    parser.add_argument(
        "--legend", type=Path, metavar="FILE",
        help="PLANNED is a sheet with people down and days across: its shift codes",
    )  # fmt: skip
    parser.add_argument("--timezone", type=zone, metavar="TZ", help="time zone, without --centre")
    parser.add_argument(
        "--start", type=day, metavar="DATE", help="first day to compare (default: of the plan)"
    )
    parser.add_argument("--days", type=count, metavar="N", help="days to compare")
    parser.add_argument(
        "--tolerance-minutes", type=number_from_zero, default=5, metavar="N",
        help="deviations no longer than this count as kept (default 5)",
    )  # fmt: skip
    parser.add_argument(
        "--by",
        choices=("person", "day", "team", "week"),
        default="person",
        help="rows of --out (default person)",
    )
    parser.add_argument("--agent", metavar="AGENT_ID", help="the figures of this person alone")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the figures as a table")


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read both, compare, judge both, tell."""
    from api.any_rota import any_rota
    from centre.writing import write_csv
    from scheduler.adherence import compare, figures

    clock, teams, rules, zones, week_start = _judged_by(args)
    listed = set(teams) if args.centre else None
    asked = _asked(args)
    planned_read, worked_read = (
        any_rota(path, args.legend if path == args.planned else None, clock, listed, zones, asked)
        for path in (args.planned, args.worked)
    )
    planned, worked, notes = planned_read.rota, worked_read.rota, planned_read.notes + worked_read.notes
    if args.agent:
        planned, worked = (_of_agent(rota, args.agent) for rota in (planned, worked))
    span, warnings = _span(args, planned, worked)
    found = compare(planned, worked, span, args.tolerance_minutes, unclear=worked_read.unclear)
    extra = _caused(args, planned, worked, span, rules, clock)
    table = figures(found, args.by, teams, week_start)
    for name in ("adherence", "conformance"):
        table[name] = table[name].round(4)
    if args.out:
        write_csv(args.out, table)
    if not (args.centre or args.timezone):
        warnings = (*warnings, "no time zone was given: days are counted in UTC")
    return _outcome(args, found, table, extra, notes, warnings, clock)


def _judged_by(args: argparse.Namespace) -> "tuple[ZoneInfo, dict[str, str], Any, dict[str, ZoneInfo], int]":
    """Zone, team by person, rules in force or the centre that has them, own zones, first weekday of a week."""
    from zoneinfo import ZoneInfo

    from centre.model import RuleSettings
    from scheduler.rules.presets import PRESETS, rules_in_force

    if args.centre:
        from centre.folder import read_centre

        centre = read_centre(args.centre)
        info = centre.settings.centre
        teams = {agent.agent_id: agent.team for agent in centre.agents}
        zones = {agent.agent_id: ZoneInfo(agent.timezone) for agent in centre.agents if agent.timezone}
        return info.timezone, teams, centre, zones, info.week_start
    names = tuple(name.strip() for name in args.rules.split(",")) if args.rules else ()
    unknown = [name for name in names if name not in PRESETS]
    if unknown:
        raise BadInput([Fault("--rules", f"presets: {', '.join(sorted(PRESETS))}", name) for name in unknown])
    rules = rules_in_force(RuleSettings(presets=names), with_centre=False) if names else None
    return args.timezone or ZoneInfo("UTC"), {}, rules, {}, 0


def _asked(args: argparse.Namespace) -> tuple[int, int] | None:
    """The days asked for, where both ends are."""
    from centre.instants import day_number

    first = day_number(args.start) if args.start else 0
    return (first, first + args.days) if args.start and args.days else None


def _of_agent(rota: "Rota", agent_id: str) -> "Rota":
    from scheduler.rota import Rota

    frame = rota.to_frame()
    return Rota.from_frame(frame[frame["agent_id"] == agent_id])


def _span(
    args: argparse.Namespace, planned: "Rota", worked: "Rota"
) -> tuple[tuple[int, int], tuple[str, ...]]:
    """First day to compare and the one after the last: as asked, else the plan's up to the last day recorded."""
    from centre.instants import day_number, day_of

    day_ = planned.day if len(planned) else worked.day
    first, last = (int(day_.min()), int(day_.max())) if len(day_) else (0, -1)
    warnings: tuple[str, ...] = ()
    if args.start:
        first = day_number(args.start)
    if args.days:
        return (first, first + args.days), warnings
    if len(planned) and len(worked) and int(worked.day.max()) < last:
        recorded = int(worked.day.max())
        later = int((planned.duties.day > recorded).sum())
        warnings = (
            f"nothing is recorded after {day_of(recorded)}: {later} planned shift(s) after it were not compared",
        )
        last = recorded
    elif len(worked):
        last = max(last, int(worked.day.max()))
    if len(worked) and not args.start:
        first = min(first, int(worked.day.min()))
    return (first, last + 1), warnings


def _caused(
    args: argparse.Namespace,
    planned: "Rota",
    worked: "Rota",
    span: tuple[int, int],
    rules: Any,
    clock: "ZoneInfo",
) -> "list[Caused] | None":
    """The breaches that only the work has; None where there are no rules to judge by."""
    from scheduler.adherence_rest import caused
    from scheduler.audit import audit

    if rules is None:
        return None
    in_force, facts = _rules_and_facts(args, rules, span, clock)
    return caused(audit(planned, in_force, facts), audit(worked, in_force, facts))


def _rules_and_facts(
    args: argparse.Namespace, rules: Any, span: tuple[int, int], clock: "ZoneInfo"
) -> "tuple[tuple[Rule, ...], Facts]":
    from centre.calendar import public_holidays
    from scheduler.rules.facts import Facts, facts_of
    from scheduler.rules.presets import rules_in_force

    first, days = span[0], span[1] - span[0]
    if not args.centre:
        return rules, Facts(clock, first, days)
    centre = rules
    info = centre.settings.centre
    holidays = public_holidays(info.country, first - 1, span[1], centre.calendar)
    facts = facts_of(centre.settings, centre.agents, centre.leave, centre.rota_before, first, days, holidays)
    return rules_in_force(centre.settings.rules, with_centre=True), facts


def _outcome(
    args: argparse.Namespace, found: "Adherence", table: Any, extra: "list[Caused] | None",
    notes: "list[Violation]", warnings: tuple[str, ...], clock: "ZoneInfo",
) -> Outcome:  # fmt: skip
    """What people and machines are told."""
    from api.findings import breach_lines, counted
    from scheduler.adherence import figures, rest_lost

    total = _rows(figures(found, "all"))
    lost = _rows(rest_lost(found))
    breaches = [one.breach for one in extra or ()]
    lines = [*breach_lines(breaches, clock), *(f"NOT CHECKED file: {note.explanation}" for note in notes)]
    lines += [f"Rest lost: {row['agent_id']}, {row['lost_minutes']} of {row['planned_minutes']} min from {row['from']}"
              for row in lost[:MOST_LINES]]  # fmt: skip
    if len(lost) > MOST_LINES:
        lines.append(f"... and {len(lost) - MOST_LINES:,} more rests cut short")
    lines += _summary(total[0] if total else {}, extra)
    data: dict[str, Any] = {
        "command": "adherence", "out": args.out and str(args.out), "by": args.by, "total": total[0] if total else None,
        "figures": _rows(table), "rest_lost": lost,
        "breaches": None if extra is None else len(breaches), "by_rule": counted(breaches),
        "caused": [_told(one) for one in extra or ()],
        "notes": [note.explanation for note in notes],
    }  # fmt: skip
    return Outcome(FINDINGS if breaches else DONE, lines, data, warnings)


def _rows(table: Any) -> list[dict[str, Any]]:
    """A table's rows as JSON can hold them: dates and instants as text."""
    from datetime import date, datetime

    from api.plain_data import plain

    def text(value: Any) -> Any:
        if isinstance(value, datetime):
            return f"{value:%Y-%m-%dT%H:%M:%SZ}"
        return value.isoformat() if isinstance(value, date) else value

    return [{name: text(value) for name, value in row.items()} for row in plain(table)]


def _told(one: "Caused") -> dict[str, Any]:
    from scheduler.files import violations_frame

    row = violations_frame([one.breach]).iloc[0].to_dict()
    return {str(name): value for name, value in row.items()} | {
        "planned_found": one.planned.found if one.planned else None,
        "new": one.planned is None,
    }


def _summary(total: dict[str, Any], extra: "list[Caused] | None") -> list[str]:
    if not total:
        return ["Nothing was planned and nothing was worked."]

    def share(name: str) -> str:
        return "not known (nothing was planned)" if total[name] is None else f"{total[name]:.1%}"

    lines = [
        f"Adherence {share('adherence')}: {total['kept_minutes']:,} of {total['planned_minutes']:,} planned min as planned",
        f"Conformance {share('conformance')}: {total['worked_minutes']:,} min worked of {total['due_minutes']:,}",
        f"Late {total['late_minutes']:,} min ({total['late_starts']:,} shifts), "
        f"left early {total['left_early_minutes']:,} min, "
        f"absent {total['absent_shifts']:,} shifts, not known {total['unknown_minutes']:,} min, unplanned {total['unplanned_shifts']:,} shifts",
        f"Overtime: {total['overrun_minutes']:,} min after and {total['early_start_minutes']:,} min before shifts",
        f"Breaks: {total['missed_breaks']:,} missed, {total['shortened_breaks']:,} cut short; "
        f"not known of {total['breaks_unknown']:,} shifts",
        f"Rest lost: {total['rest_lost_minutes']:,} min",
    ]
    if extra is not None:
        lines.append(f"{len(extra)} breach(es) of what was worked that the plan did not have")
    return lines
