"""``paiban pay``: the paid time of any rota by pay class, for payroll, with the law behind every line."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.any_rota import AnyRota, any_rota, with_zones
from api.fact_files import calendar_in, people_in
from api.options import add_facts, count, day
from api.outcome import DONE, Outcome, Progress
from centre.errors import BadInput, Fault, Faults

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from scheduler.pay.law import Days, PayLaw
    from scheduler.rules.facts import Facts

ABOUT = "Hours by pay class of a rota: overtime, rest days, public holidays, night, missed breaks."
EXAMPLE = "paiban pay week/rota.csv --centre my-centre --out pay.csv --lines lines.csv"


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "rota", type=Path, metavar="ROTA", help="rota file, or a results folder that holds rota.csv"
    )
    parser.add_argument(
        "--centre",
        type=Path,
        metavar="CENTRE",
        help="people, contracts, calendar and pay law of a centre folder",
    )
    parser.add_argument(
        "--rules",
        metavar="LAW",
        help="pay by this law or preset, such as cn-labour, cn-comprehensive or us-ca; with --centre in place of its",
    )
    add_facts(parser)
    parser.add_argument("--before", type=Path, metavar="ROTA", help="what was worked before")
    parser.add_argument(
        "--substituted",
        type=Path,
        metavar="FILE",
        help="rest days worked for which another day was given: agent_id, date (no rows: none was)",
    )
    parser.add_argument(
        "--legend", type=Path, metavar="FILE", help="ROTA is a sheet with people down and days across"
    )
    parser.add_argument("--start", type=day, metavar="DATE", help="first day to pay (default: of the rota)")
    parser.add_argument("--days", type=count, metavar="N", help="days to pay")
    parser.add_argument(
        "--by", choices=("month", "day"), default="month", help="sums by month or by day (default month)"
    )
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="write the sums: person, month or day, pay class, hours"
    )
    parser.add_argument(
        "--lines",
        type=Path,
        metavar="FILE",
        help="write every stretch of paid time with the law behind its rate",
    )


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Read the rota and what it is paid by, count, write, tell."""
    from centre.writing import write_csv
    from scheduler.backup import of_employees
    from scheduler.pay.class_words import in_words
    from scheduler.pay.lines import class_totals, hourly_costs, pay_lines, pay_summary, without_cost

    if not (args.centre or args.rules):
        raise BadInput([Fault("command line", "--centre CENTRE, or --rules with the name of a pay law")])
    read, law, facts, currency, notes = _with_centre(args) if args.centre else _without_centre(args)
    pay = pay_lines(of_employees(read.rota, facts), facts, law, _substituted(args.substituted))
    costs = hourly_costs(facts) if args.centre else None
    sums = pay_summary(pay.lines, costs, by=args.by)
    if args.out:
        sums.insert(2, "name", sums["pay_class"].map(in_words))
        write_csv(args.out, sums.round({"hours": 4, "cost": 2}))
    if args.lines:
        write_csv(args.lines, pay.lines)
    told = (*notes, *_told(read), *pay.told, *without_cost(sums))
    data = {
        "command": "pay", "law": law.name, "law_title": law.title, "currency": currency,
        "classes": class_totals(sums), "not_checked": list(told),
        **{name: str(path) for name, path in (("out", args.out), ("lines", args.lines)) if path},
    }  # fmt: skip
    return Outcome(DONE, list(_words(law, sums, currency, args)), data, told)


def _with_centre(args: argparse.Namespace) -> "tuple[AnyRota, PayLaw, Facts, str, list[str]]":
    from zoneinfo import ZoneInfo

    from centre.calendar import public_holidays
    from centre.folder import read_centre
    from scheduler.backup import with_backup
    from scheduler.pay.laws import law_of_settings
    from scheduler.rules.facts import day_classes, facts_of

    centre = with_backup(read_centre(args.centre, agents=args.agents))
    info = centre.settings.centre
    law, notes = (_law(args.rules), []) if args.rules else law_of_settings(centre.settings.rules)
    clocks = {agent.agent_id: ZoneInfo(agent.timezone) for agent in centre.agents if agent.timezone}
    read, past = _files(args, info.timezone, clocks)
    before = past.rota.to_frame() if past else centre.rota_before
    first, days = _horizon(args, read)
    if args.calendar:
        holidays, special = calendar_in(args.calendar, first, days)
    else:
        holidays = public_holidays(info.country, first - 1, first + days, centre.calendar)
        special = day_classes(info.country, first, days, centre.calendar)
    facts = facts_of(
        centre.settings,
        centre.agents,
        centre.leave,
        before,
        first,
        days,
        holidays,
        special_days=special,
        backup=centre.backup,
    )
    return read, law, with_zones(facts, read), info.currency, notes + _told(past)


def _without_centre(args: argparse.Namespace) -> "tuple[AnyRota, PayLaw, Facts, str, list[str]]":
    from zoneinfo import ZoneInfo

    from scheduler.rules.facts import Facts

    law = _law(args.rules)
    clock = args.timezone or ZoneInfo("UTC")
    people = people_in(args.agents) if args.agents else None
    clocks = {name: person.zone for name, person in (people or {}).items() if person.zone}
    read, past = _files(args, clock, clocks)
    horizon = _horizon(args, read)
    holidays, special = calendar_in(args.calendar, *horizon) if args.calendar else ({}, None)
    facts = Facts(
        clock, *horizon, people=people, before=past.rota if past else None, holidays=holidays, special_days=special
    )  # fmt: skip
    notes = [] if args.timezone else ["No time zone was given: days and nights are counted in UTC."]
    return read, law, with_zones(facts, read), "", notes + _told(past)


def _files(
    args: argparse.Namespace, clock: "ZoneInfo", clocks: "dict[str, ZoneInfo]"
) -> tuple[AnyRota, AnyRota | None]:
    """The rota to pay and what was worked before it."""
    from centre.instants import day_number

    first = args.start and day_number(args.start)
    span = (first, first + args.days) if args.start and args.days else None
    past = any_rota(args.before, None, clock, zones=clocks) if args.before else None
    return any_rota(args.rota, args.legend, clock, None, clocks, span), past


def _told(read: AnyRota | None) -> list[str]:
    """What a file left out or assumed."""
    return [note.explanation for note in read.notes] if read else []


def _law(name: str) -> "PayLaw":
    from scheduler.pay.laws import BY_PRESET, law_of

    if (law := law_of(name)) is None:
        raise BadInput([Fault("--rules", f"a pay law or preset: {', '.join(sorted(BY_PRESET))}", name)])
    return law


def _horizon(args: argparse.Namespace, read: AnyRota) -> tuple[int, int]:
    """First day and number of days: as asked, else what the sheet covers, else the rota's first to last day."""
    from centre.instants import day_number
    from scheduler.audit import inferred_facts

    own = inferred_facts(read.rota)
    first, days = read.covered or (own.first_day, own.days)
    end = first + days
    if args.start:
        first = day_number(args.start)
    return first, args.days or max(1, end - first)


def _substituted(path: Path | None) -> "Days | None":
    """Person and day number of the rest days that were given on another day; None where no file was told."""
    from centre import cells
    from centre.instants import day_number
    from centre.tables import read_table

    if path is None:
        return None
    faults = Faults()
    table = read_table(path, ("agent_id", "date"), (), faults)
    if table is None:
        faults.raise_if_any()
        return None
    people, days = table.texts("agent_id"), table.values("date", cells.day)
    faults.raise_if_any()
    return frozenset((str(who), day_number(when)) for who, when in zip(people, days, strict=True))


def _words(law: "PayLaw", sums: Any, currency: str, args: argparse.Namespace) -> list[str]:
    from scheduler.pay.class_words import in_words
    from scheduler.pay.lines import class_totals

    lines = [f"Paid by {law.title}.", law.words, law.counts]
    for row in class_totals(sums):
        name = in_words(row["pay_class"]) + (f" + {in_words(row['premium'])}" if row["premium"] else "")
        cost = f"{row['cost']:12,.2f} {currency}" if row.get("cost") is not None else ""
        lines.append(f"  {name:<44} x{row['multiplier']:<6g} {row['hours']:10,.2f} h {cost}".rstrip())
    lines += [f"Written: {path}" for path in (args.out, args.lines) if path]
    return lines
