"""``paiban adherence``: what was worked against what was planned, and the rest that the overrun took."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.options import count, day, number_from_zero, zone
from api.outcome import Outcome, Progress
from centre.errors import BadInput, Fault

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    import pandas as pd

    from api.any_rota import AnyRota
    from scheduler.adherence import Adherence
    from scheduler.adherence_rest import Caused
    from scheduler.rota import Rota
    from scheduler.rules.facts import Facts
    from scheduler.rules.rule import Rule

ABOUT = "Set what was worked beside what was planned: adherence, conformance, overtime, breaks and rest lost."
EXAMPLE = "paiban adherence week/rota.csv --worked worked.csv --centre my-centre --out adherence.csv"
BY = ("person", "day", "team", "week", "interval")
INTERVAL_MINUTES = 30


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    add = parser.add_argument
    add("planned", type=Path, metavar="PLANNED", help="the rota as it was planned, or its folder")
    add(
        "--worked",
        type=Path,
        required=True,
        metavar="WORKED",
        help="what was worked: clock-in records, a rota, iCalendar",
    )
    by = parser.add_mutually_exclusive_group()
    by.add_argument(
        "--rules", metavar="PRESET[,PRESET]", help="tell the breaches that come from the work alone"
    )
    by.add_argument(
        "--centre", type=Path, metavar="CENTRE", help="people, teams and rules of a centre folder"
    )
    add("--legend", type=Path, metavar="FILE", help="PLANNED is a sheet of people by days: its shift codes")
    add("--timezone", type=zone, metavar="TZ", help="time zone, without --centre")
    add("--start", type=day, metavar="DATE", help="first day to compare (default: of the plan)")
    add("--days", type=count, metavar="N", help="days to compare (default: as far as there are records)")
    add("--tolerance-minutes", type=number_from_zero, default=5, metavar="N",
        help="deviations no longer than this count as kept (default 5)")  # fmt: skip
    add("--by", choices=BY, default="person", help="rows of --out (default person)")
    add("--agent", metavar="AGENT_ID", help="the figures of this person alone")
    add("--out", type=Path, metavar="FILE", help="write the figures as a table")
    add("--online", type=Path, metavar="FILE",
        help="with --centre: write hours on the queue and contacts a day of each person beside what is asked")  # fmt: skip


@dataclass(frozen=True)
class _Basis:
    """What both rotas are read and judged by; ``rules`` are None where nothing was asked to be judged."""

    zone: "ZoneInfo"
    rules: "tuple[Rule, ...] | None"
    centre: Any = None
    teams: dict[str, str] = field(default_factory=dict)
    zones: "dict[str, ZoneInfo]" = field(default_factory=dict)
    week_start: int = 0
    interval_minutes: int = INTERVAL_MINUTES


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read both, compare, judge both, tell."""
    from api.adherence_words import adherence_outcome
    from api.any_rota import any_rota
    from centre.writing import write_csv
    from scheduler.adherence import compare

    basis = _of_centre(args) if args.centre else _of_options(args)
    listed = set(basis.teams) if args.centre else None
    plan, work = (
        any_rota(path, legend, basis.zone, listed, basis.zones, _asked(args))
        for path, legend in ((args.planned, args.legend), (args.worked, None))
    )
    both = (plan.rota, work.rota)
    planned, worked = (_of_agent(rota, args.agent, both) for rota in both)
    span, warnings = _span(args, planned, worked)
    found = compare(planned, worked, span, args.tolerance_minutes, unclear=work.unclear)
    caused_ = None
    if basis.rules is not None:
        judged, told = _judged(planned, worked, found)
        caused_ = _caused(basis, basis.rules, planned, judged, span, work)
        warnings += told
    table = _table(args.by, found, basis)
    shares = table.select_dtypes("float").columns
    table[shares] = table[shares].round(4)
    if args.out:
        write_csv(args.out, table)
    if args.online:
        write_csv(args.online, _online(basis, worked, span))
    if not (args.centre or args.timezone):
        warnings.append("no time zone was given: days are counted in UTC")
    return adherence_outcome(
        args, found, table, caused_, plan.notes + work.notes, tuple(warnings), basis.zone
    )


def _table(by: Any, found: "Adherence", basis: _Basis) -> "pd.DataFrame":
    """The rows that were asked for."""
    from scheduler.adherence_figures import by_interval, figures

    if by == "interval":
        return by_interval(found, basis.interval_minutes)
    return figures(found, by, basis.teams, basis.week_start)


def _online(basis: _Basis, worked: "Rota", span: tuple[int, int]) -> "pd.DataFrame":
    """Hours and contacts of each person as they were."""
    from scenarios.online_worked import online_worked

    if basis.centre is None:
        raise BadInput([Fault("--online", "--centre too, whose history and settings are read", "none")])
    return online_worked(basis.centre, worked, *span)


def _of_centre(args: argparse.Namespace) -> _Basis:
    """Zone, rules, teams and people's own clocks of a centre folder."""
    from zoneinfo import ZoneInfo

    from centre.folder import read_centre
    from scheduler.backup import with_backup
    from scheduler.rules.presets import rules_in_force

    centre = with_backup(read_centre(args.centre))
    info = centre.settings.centre
    return _Basis(
        info.timezone,
        rules_in_force(centre.settings.rules, with_centre=True),
        centre,
        {agent.agent_id: agent.team for agent in centre.agents},
        {agent.agent_id: ZoneInfo(agent.timezone) for agent in centre.agents if agent.timezone},
        info.week_start,
        info.interval_minutes,
    )


def _of_options(args: argparse.Namespace) -> _Basis:
    """Zone and presets as they were given."""
    from zoneinfo import ZoneInfo

    from centre.model import RuleSettings
    from scheduler.rules.presets import PRESETS, rules_in_force

    clock = args.timezone or ZoneInfo("UTC")
    if not args.rules:
        return _Basis(clock, None)
    names = tuple(name.strip() for name in args.rules.split(","))
    unknown = [name for name in names if name not in PRESETS]
    if unknown:
        raise BadInput([Fault("--rules", f"presets: {', '.join(sorted(PRESETS))}", name) for name in unknown])
    return _Basis(clock, rules_in_force(RuleSettings(presets=names), with_centre=False))


def _asked(args: argparse.Namespace) -> tuple[int, int] | None:
    """The days asked for, where both ends are."""
    from centre.instants import day_number

    first = day_number(args.start) if args.start else 0
    return (first, first + args.days) if args.start and args.days else None


def _of_agent(rota: "Rota", agent_id: str | None, of: "Sequence[Rota]") -> "Rota":
    """The rows of one person; all where none is asked for."""
    from scheduler.rota import Rota

    if agent_id is None:
        return rota
    if agent_id not in {name for one in of for name in one.agent_ids}:
        raise BadInput([Fault("--agent", "somebody in the plan or the records", agent_id)])
    frame = rota.to_frame()
    return Rota.from_frame(frame[frame["agent_id"] == agent_id])


def _span(args: argparse.Namespace, planned: "Rota", worked: "Rota") -> tuple[tuple[int, int], list[str]]:
    """First day to compare and the one after the last: as asked, else those that there are records of."""
    from centre.instants import day_number, day_of

    days = worked.day if len(worked) else planned.day
    first, last = (int(days.min()), int(days.max())) if len(days) else (0, -1)
    if args.start:
        first = day_number(args.start)
    if args.days:
        return (first, first + args.days), []
    due, told = planned.duties.day, []
    if len(worked):  # a shift planned for just after midnight may have been begun on the day before
        last = max(last, int(due[planned.duties.start < worked.end.max()].max(initial=last)))
    for when, at, count_ in (("before", first, (due < first).sum()), ("after", last, (due > last).sum())):
        if count_ and not (when == "before" and args.start):
            words = f"{count_} planned shift(s) {when} it were not compared"
            told.append(f"nothing is recorded {when} {day_of(at)}: {words}")
    return (first, last + 1), told


def _judged(planned: "Rota", worked: "Rota", found: "Adherence") -> "tuple[Rota, list[str]]":
    """What rules judge as worked: with the planned breaks of people whose records tell of none."""
    from scheduler.adherence_judged import with_planned_breaks

    people = {name for name, level in zip(found.agent_ids, found.detail, strict=True) if level == 0}
    judged = with_planned_breaks(planned, worked, people)
    if judged is worked:
        return worked, []
    return judged, [
        "records that tell of no breaks were judged as if the planned breaks had been taken; "
        "that they were is not known"
    ]


def _caused(
    basis: _Basis,
    rules: "tuple[Rule, ...]",
    planned: "Rota",
    worked: "Rota",
    span: tuple[int, int],
    read: "AnyRota",
) -> "list[Caused]":
    """The breaches that only the work has."""
    from api.any_rota import with_zones
    from scheduler.adherence_rest import caused
    from scheduler.audit import audit
    from scheduler.rules.exceptions import exceptions_of
    from scheduler.rules.facts import Facts

    days = span[0], span[1] - span[0]
    facts = with_zones(_facts_of_centre(basis, *days) if basis.centre else Facts(basis.zone, *days), read)
    told = basis.centre.exceptions if basis.centre else None
    exceptions = () if told is None else exceptions_of(told, {rule.name for rule in rules})
    return caused(*(audit(rota, rules, facts, exceptions=exceptions) for rota in (planned, worked)))


def _facts_of_centre(basis: _Basis, first: int, days: int) -> "Facts":
    from centre.calendar import public_holidays
    from scenarios.peak_settings import days_of_peaks
    from scheduler.rules.facts import day_classes, facts_of

    centre, country = basis.centre, basis.centre.settings.centre.country
    facts = facts_of(
        centre.settings, centre.agents, centre.leave, centre.rota_before, first, days,
        public_holidays(country, first - 1, first + days, centre.calendar),
        special_days=day_classes(country, first, days, centre.calendar),
        protections=centre.protections, ledger=centre.ledger, backup=centre.backup,
    )  # fmt: skip
    return replace(facts, peak_days=days_of_peaks(centre, first, days))
