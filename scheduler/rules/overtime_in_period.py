"""Overtime of several months: a year, or any few months in a row."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import Ge, Gt, Le

from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.overtime import OvertimeWindows


@dataclass(frozen=True)
class OvertimeInPeriod:
    """At most ``minutes`` of overtime in ``months`` calendar months in a row.

    The months are blocks counted from ``first_month`` (a year of 12 from April on, say) or, with ``rolling``,
    any so many in a row: an average of 80 hours over three months is 240 hours in any three. Overtime and
    the ledger are as in `monthly-overtime`; a window that is not all known is not checked, unless what is
    known is too much already. To a solver it is told on the safe side in the same way.

    **Source:** Labour Standards Act (Japan) art. 36(4): 45 hours a month and 360 a year; 36(5) and (6), under
    a special clause: under 100 hours in a month, holiday work included, and 80 on average over any two to
    six months. Art. 36(4) was read in November 2026, 36(5) and (6) in summaries. Holiday work is not told apart.
    """

    minutes: Annotated[int, Ge(0)]
    source: str
    months: Annotated[int, Gt(0), Le(12)] = 12
    rolling: bool = False
    first_month: Annotated[int, Gt(0), Le(12)] = 1
    weekly_minutes: Annotated[int, Gt(0)] = 2400
    daily_minutes: Annotated[int, Gt(0)] = 480
    preset: str = ""
    name: ClassVar[str] = "overtime-in-period"
    words: ClassVar[str] = "The overtime of several months is no more than its limit."
    example: ClassVar[str] = (
        "With 360 h a year: twelve months of 30 h are 360 h; one minute more in any of them is a breach."
    )
    tighter: ClassVar[dict[str, int]] = {"minutes": -1, "weekly_minutes": -1, "daily_minutes": -1}
    exact: ClassVar[bool] = False

    @property
    def _windows(self) -> OvertimeWindows:
        return OvertimeWindows(
            self.minutes, self.weekly_minutes, self.daily_minutes, self.months, self.rolling, self.first_month
        )

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every person and window with too much overtime."""
        return self._windows.violations(self, rota, facts)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """What each window has left, shared among its weeks and their days."""
        return self._windows.lines(person, facts)
