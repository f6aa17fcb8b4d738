"""What rules may know besides the rota: the people, the shift templates, the calendar, what went before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd

from centre.backup_file import BackupMember
from centre.calendar import CalendarRow
from centre.calendar_days import special_days as special_days_of
from centre.instants import day_number, day_start, from_timestamps, week_of
from centre.model import Backup, Contract, Opening, Pattern, Settings, ShiftTemplate
from centre.pattern_checks import pattern_of
from centre.people import Agent
from scheduler.rota import Rota

LOOK_BACK_DAYS, LOOK_AHEAD_DAYS = 400, 70  # quotas of a year behind, substitute days ahead
MINUTES_OF = {"minutes": 1, "minute": 1, "min": 1, "hours": 60, "hour": 60, "h": 60}
OPEN_END = 1 << 30  # after every day number


@dataclass(frozen=True)
class Person:
    """What rules may know of one person; None or empty means that the fact is missing, never that it is zero.

    ``leave`` holds (start, end) in UTC minutes; ``starts_on`` and ``leaves_on`` are day numbers, both days
    employed. ``zone`` is the person's own clock, None for the centre's. ``protections`` are periods in which a
    law protects them, (kind, first day, last day), both days counted; None: not known. ``available`` are the hours of
    the week in which they can work, empty: any; ``pattern`` is the rotation pattern that they work, ``pattern_ahead`` days ahead in it.
    ``backup`` is the pool that may call
    them out; ``outside``: they work nothing but such call-outs. ``stages`` are those of a new starter, (stage, first day, last day),
    and ``mentor`` whom they work beside; empty: no starter.
    """

    agent_id: str
    contract: Contract | None = None
    skills: frozenset[str] | None = None
    starts_on: int | None = None
    leaves_on: int | None = None
    born_on: int | None = None
    leave: tuple[tuple[int, int], ...] = ()
    opt_outs: frozenset[str] = frozenset()
    contract_name: str = ""
    team: str = ""
    site: str = ""
    country: str = ""
    zone: ZoneInfo | None = None
    protections: tuple[tuple[str, int, int], ...] | None = None
    backup: Backup | None = None
    outside: bool = False
    available: tuple[Opening, ...] = ()
    pattern: Pattern | None = None
    pattern_ahead: int = 0
    stages: tuple[tuple[str, int, int], ...] = ()
    mentor: str = ""


@dataclass(frozen=True)
class Facts:
    """Everything a rule may look at besides the rota that is judged.

    Parameters
    ----------
    zone : the clock that days and weeks are counted by
    first_day, days : the horizon that is judged, in day numbers; shifts outside it are not looked for
    week_start : weekday on which a week begins, Monday 0
    people : by agent_id; None when no list of people was given
    templates : shift templates by name; None when the centre is not known
    before : what was worked before the horizon; None when not given
    holidays : days off by name
    special_days : class of `centre.calendar_days` by day number (statutory, rest, bridged, makeup, ...); None
        where no calendar is known
    published_at : when the rota was told to the people in it, UTC minutes; None when not known
    notices : (agent_id, day) -> when that day's shift as it stands was told, where it was later changed
    ledger : (agent_id, account, period) -> (amount, day number as of which it stands)
    peak_days : days of the horizon on which each ``[[peak]]`` holds, by name; None where they are not known
    mentor_load : starters whom a mentor has beside them at a time, at most; None: not known
    """

    zone: ZoneInfo
    first_day: int
    days: int
    week_start: int = 0
    people: dict[str, Person] | None = None
    templates: dict[str, ShiftTemplate] | None = None
    before: Rota | None = None
    holidays: dict[int, str] = field(default_factory=dict)
    special_days: dict[int, str] | None = None
    published_at: int | None = None
    notices: dict[tuple[str, int], int] = field(default_factory=dict)
    ledger: dict[tuple[str, str, str], tuple[float, int]] = field(default_factory=dict)
    peak_days: dict[str, frozenset[int]] | None = None
    mentor_load: int | None = None

    @property
    def end_day(self) -> int:
        """First day number after the horizon."""
        return self.first_day + self.days

    @property
    def makeup_days(self) -> frozenset[int]:
        """Make-up workdays, weekend days that are worked like weekdays; of an unknown calendar none."""
        return frozenset(day for day, name in (self.special_days or {}).items() if name == "makeup")

    def is_away(self, agent_id: str, first_day: int, last_day: int) -> bool:
        """Whether leave covers every minute of some days, both counted."""
        person = (self.people or {}).get(agent_id)
        at, end = (day_start(self.zone, day) for day in (first_day, last_day + 1))
        for start, until in sorted(person.leave) if person else ():
            if start <= at:
                at = max(at, until)
        return at >= end

    def weeks(self) -> range:
        """Day numbers on which the calendar weeks that touch the horizon begin."""
        return range(week_of(self.first_day, self.week_start), self.end_day, 7)


def facts_of(
    settings: Settings,
    agents: Iterable[Agent],
    leave: pd.DataFrame | None,
    rota_before: pd.DataFrame | None,
    first_day: int,
    days: int,
    holidays: dict[int, str] | None = None,
    *,
    special_days: dict[int, str] | None = None,
    protections: pd.DataFrame | None = None,
    ledger: pd.DataFrame | None = None,
    published_at: int | None = None,
    backup: Iterable[BackupMember] = (),
) -> Facts:
    """What a centre's files tell the rules about one horizon.

    Parameters
    ----------
    leave : columns ``agent_id, start, end`` with aware instants; None for none
    rota_before : columns of ``rota.csv``; None where nothing is known of what was worked before
    first_day, days : the horizon, in day numbers
    special_days : see `day_classes`
    protections : columns of `centre.protections`; None where the centre has no such file
    ledger : columns of `centre.folder.Centre.ledger`
    published_at : UTC minutes
    backup : who is in which of the centre's backup pools
    """
    return Facts(
        settings.centre.timezone,
        first_day,
        days,
        week_start=settings.centre.week_start,
        people=_people(settings, agents, _away(leave), protected_periods(protections), backup),
        templates={template.name: template for template in settings.shift},
        before=None if rota_before is None else Rota.from_frame(rota_before),
        holidays=holidays or {},
        special_days=special_days,
        published_at=published_at,
        ledger=_accounts(ledger),
    )


def _people(
    settings: Settings,
    agents: Iterable[Agent],
    away: Mapping[str, list[tuple[int, int]]],
    protected: Mapping[str, list[tuple[str, int, int]]] | None,
    backup: Iterable[BackupMember],
) -> dict[str, Person]:
    contracts = {contract.name: contract for contract in settings.contract}
    pools = {pool.name: pool for pool in settings.backup}
    called = {member.agent_id: member for member in backup}
    patterns = {pattern.name: pattern for pattern in settings.pattern}
    people = dict[str, Person]()
    for agent in agents:
        pattern, ahead = pattern_of(agent, patterns)
        people[agent.agent_id] = Person(
            agent.agent_id,
            contract=contracts.get(agent.contract),
            skills=frozenset(queue for queue, _ in agent.skills),
            starts_on=agent.starts_on,
            leaves_on=agent.leaves_on,
            born_on=agent.born_on,
            leave=tuple(sorted(away.get(agent.agent_id, ()))),
            opt_outs=frozenset(agent.opt_outs),
            contract_name=agent.contract,
            team=agent.team,
            site=agent.site,
            country=agent.country or settings.centre.country or "",
            zone=ZoneInfo(agent.timezone) if agent.timezone else None,
            protections=None if protected is None else tuple(sorted(protected.get(agent.agent_id, ()))),
            backup=pools[called[agent.agent_id].pool] if agent.agent_id in called else None,
            outside=agent.agent_id in called and not called[agent.agent_id].employed,
            available=agent.available,
            pattern=pattern,
            pattern_ahead=ahead,
        )
    return people


def _away(leave: pd.DataFrame | None) -> dict[str, list[tuple[int, int]]]:
    """Leave by person as (start, end) in UTC minutes."""
    away: dict[str, list[tuple[int, int]]] = {}
    if leave is not None and len(leave):
        spans = (from_timestamps(pd.to_datetime(leave[name], utc=True)).tolist() for name in ("start", "end"))
        for agent_id, start, end in zip(leave["agent_id"].astype(str), *spans, strict=True):
            away.setdefault(agent_id, []).append((start, end))
    return away


def day_classes(
    country: str | None, first_day: int, days: int, table: Sequence[CalendarRow] = ()
) -> dict[int, str] | None:
    """Classes of the special days that rules on a horizon look at: of the horizon, more than a year before it
    and ten weeks after; None where neither a country nor a table tells of any.
    """
    if country is None and not table:
        return None
    first, last = first_day - LOOK_BACK_DAYS, first_day + days + LOOK_AHEAD_DAYS
    return {day: it.day_class for day, it in special_days_of(country, first, last, table).items()}


def protected_periods(table: pd.DataFrame | None) -> dict[str, list[tuple[str, int, int]]] | None:
    """Protected periods by person, the last day of an open one beyond all days."""
    if table is None:
        return None
    periods: dict[str, list[tuple[str, int, int]]] = {}
    columns = (table[name].tolist() for name in ("agent_id", "kind", "start", "end"))
    for agent_id, kind, start, end in zip(*columns, strict=True):
        last = day_number(end) if isinstance(end, date) else OPEN_END
        periods.setdefault(str(agent_id), []).append((kind, day_number(start), last))
    return periods


def _accounts(table: pd.DataFrame | None) -> dict[tuple[str, str, str], tuple[float, int]]:
    """Amount and date by person, account and period: the latest told; hours as minutes, other units kept."""
    accounts: dict[tuple[str, str, str], tuple[float, int]] = {}
    if table is None or not len(table):
        return accounts
    columns = (table[name].tolist() for name in ("agent_id", "account", "period", "amount", "unit", "as_of"))
    for agent_id, account, period, amount, unit, as_of in zip(*columns, strict=True):
        key, day = (str(agent_id), account, period), day_number(as_of)
        if key not in accounts or day >= accounts[key][1]:
            accounts[key] = float(amount) * MINUTES_OF.get(unit.lower(), 1), day
    return accounts
