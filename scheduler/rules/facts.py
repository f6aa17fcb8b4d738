"""What rules may know besides the rota: the people, the shift templates, the calendar, what went before."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from centre.instants import week_of
from centre.model import Contract, ShiftTemplate
from scheduler.rota import Rota


@dataclass(frozen=True)
class Person:
    """What rules may know of one person; None or empty means that the fact is missing, never that it is zero.

    ``leave`` holds (start, end) in UTC minutes; ``starts_on`` and ``leaves_on`` are day numbers, both days
    employed.
    """

    agent_id: str
    contract: Contract | None = None
    skills: frozenset[str] | None = None
    starts_on: int | None = None
    leaves_on: int | None = None
    born_on: int | None = None
    leave: tuple[tuple[int, int], ...] = ()
    opt_outs: frozenset[str] = frozenset()


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
    """

    zone: ZoneInfo
    first_day: int
    days: int
    week_start: int = 0
    people: dict[str, Person] | None = None
    templates: dict[str, ShiftTemplate] | None = None
    before: Rota | None = None
    holidays: dict[int, str] = field(default_factory=dict)

    @property
    def end_day(self) -> int:
        """First day number after the horizon."""
        return self.first_day + self.days

    def weeks(self) -> range:
        """Day numbers on which the calendar weeks that touch the horizon begin."""
        return range(week_of(self.first_day, self.week_start), self.end_day, 7)
