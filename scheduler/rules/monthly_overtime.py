"""Overtime of a calendar month."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt

from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.overtime import OvertimeWindows


@dataclass(frozen=True)
class MonthlyOvertime:
    """At most ``minutes`` of overtime a month.

    A week's overtime is what it has over ``weekly_minutes`` in all, or over ``daily_minutes`` day by day,
    whichever is more; it counts for the month in which the week begins. Work on public holidays is not told
    apart. Where ``before`` does not reach back to the month's first week, the ledger's account
    ``overtime_minutes`` of the month is read: it stands for the weeks that ended by its date, or for all of
    the month where its date is the month's end; a date within a week leaves the month known in part.

    To a solver the rule is told on the safe side (``exact`` is False): what the month has left is shared
    evenly among its weeks in the horizon.

    **Source:** Labour Law of the PRC art. 41: at most 36 hours of overtime a month.
    """

    minutes: Annotated[int, Ge(0)]
    source: str
    weekly_minutes: Annotated[int, Gt(0)] = 2400
    daily_minutes: Annotated[int, Gt(0)] = 480
    preset: str = ""
    name: ClassVar[str] = "monthly-overtime"
    words: ClassVar[str] = "A month's overtime is no more than its limit."
    example: ClassVar[str] = (
        "With 36 h a month: weeks of 45, 50, 50 and 51 h bring 5 + 10 + 10 + 11 = 36 h; one minute more is a breach."
    )
    tighter: ClassVar[dict[str, int]] = {"minutes": -1, "weekly_minutes": -1, "daily_minutes": -1}
    exact: ClassVar[bool] = False

    @property
    def _windows(self) -> OvertimeWindows:
        return OvertimeWindows(self.minutes, self.weekly_minutes, self.daily_minutes)

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every person and month with too much overtime."""
        return self._windows.violations(self, rota, facts)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """The month's remaining overtime shared among its weeks and their days."""
        return self._windows.lines(person, facts)
