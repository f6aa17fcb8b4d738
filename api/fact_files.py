"""What files tell the rules besides the rota: people, calendar, notices, exceptions. Each raises `BadInput`."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from centre.errors import Faults

if TYPE_CHECKING:
    from scheduler.rules.exceptions import RecordedException
    from scheduler.rules.facts import Person
    from scheduler.rules.rule import Rule


def people_in(path: Path, protections: Path | None = None) -> "dict[str, Person]":
    """The people of an agents file without a centre: contracts and queues are not known.

    ``protections`` is a file of their protected periods; None: these are not known.
    """
    from centre.people_files import Known, agents_of
    from centre.protections import protections_frame
    from scheduler.rules.facts import Person, protected_periods

    faults = Faults()
    agents, ids = agents_of(path, Known(None, None, None), faults)
    protected = protected_periods(protections_frame(protections, ids, faults))
    faults.raise_if_any()
    return {
        agent.agent_id: Person(
            agent.agent_id, skills=frozenset(queue for queue, _ in agent.skills), starts_on=agent.starts_on,
            leaves_on=agent.leaves_on, born_on=agent.born_on, opt_outs=frozenset(agent.opt_outs),
            contract_name=agent.contract, team=agent.team, site=agent.site, country=agent.country,
            zone=ZoneInfo(agent.timezone) if agent.timezone else None,
            protections=None if protected is None else tuple(sorted(protected.get(agent.agent_id, ()))),
        )
        for agent in agents
    }  # fmt: skip


def calendar_in(path: Path, first: int, days: int) -> tuple[dict[int, str], dict[int, str] | None]:
    """Names of the days off in a calendar file, which stand in place of the country's, and the classes of all
    its special days around the horizon, by day number.
    """
    from centre.calendar import public_holidays
    from centre.calendar_file import calendar_rows
    from scheduler.rules.facts import day_classes

    faults = Faults()
    rows = calendar_rows([path], None, faults)
    faults.raise_if_any()
    told = [row.day for row in rows]
    holidays = public_holidays(None, min(told), max(told), rows) if told else {}
    return holidays, day_classes(None, first, days, rows)


def notices_in(path: Path, clock: ZoneInfo) -> dict[tuple[str, int], int]:
    """When shifts that were changed were told, by person and day."""
    from centre.notice_file import notices_of

    faults = Faults()
    notices = notices_of(path, clock, faults)
    faults.raise_if_any()
    return notices


def own_exceptions(centre: Path | None) -> Path | None:
    """The file of exceptions in a centre's folder, if it has one."""
    return next(iter(sorted(centre.glob("exceptions.*"))), None) if centre else None


def exceptions_in(
    path: Path | None, clock: ZoneInfo, rules: "Iterable[Rule]"
) -> "tuple[RecordedException, ...]":
    """The exceptions recorded in a file, each for a rule in force."""
    from centre.exception_file import exceptions_frame
    from scheduler.rules.exceptions import exceptions_of

    faults = Faults()
    frame = exceptions_frame(path, clock, None, faults)
    faults.raise_if_any()
    return exceptions_of(frame, {rule.name for rule in rules})
