"""Rotation patterns: the sections ``[[pattern]]`` of ``centre.toml``."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from annotated_types import MinLen

from centre.instants import day_number, week_of

OFF = "off"
ANY = "any"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A cycle of days that its people work round and round: of each day the name of a shift, ``off`` or ``any``.

    ``NAME@07:30`` is the shift NAME that starts at that time, so that people with one pattern are kept together.

    ``days`` is the cycle, day by day from ``starts_on``; somebody whose agents file says ``NAME:8`` is 8 days ahead in it.
    ``teams`` work it as a whole, together; others by the column ``pattern`` of the agents file.
    """

    name: Annotated[str, MinLen(1)]
    days: Annotated[tuple[str, ...], MinLen(1)]
    starts_on: date | None = None
    teams: tuple[str, ...] = ()

    def on(self, day: int, ahead: int, week_start: int) -> str:
        """What the cycle says of a day, for somebody so many days ahead in it; a cycle of no date begins with each week.

        Examples
        --------
        >>> Pattern("2 on 1 off", ("early", "late", "off"), date(2026, 3, 2)).on(day_number(date(2026, 3, 7)), 0, 0)
        'off'
        """
        begins = week_of(day, week_start) if self.starts_on is None else day_number(self.starts_on)
        return self.days[(day - begins + ahead) % len(self.days)]


def shift_and_start(entry: str) -> tuple[str, int | None]:
    """Name of a shift in a pattern and its start in minutes after midnight, None where any start of the shift will do.

    Raises
    ------
    ValueError
        in the words of what was expected.

    Examples
    --------
    >>> shift_and_start("early@07:30"), shift_and_start("late")
    (('early', 450), ('late', None))
    """
    name, at, clock = entry.rpartition("@")
    if not at:
        return entry, None
    hours, colon, minutes = clock.partition(":")
    if not (colon and hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60):
        raise ValueError("a clock time such as 07:30 after the @")
    return name, int(hours) * 60 + int(minutes)
