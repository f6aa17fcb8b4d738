"""What a calendar says of days: those that are special, and the first day of each festival."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


class SpecialDay(Protocol):
    """A day as the calendar tells it: see `centre.calendar_days.SpecialDay`."""

    @property
    def day_class(self) -> str:
        """Name of its class, one of `CLASSES`."""
        ...

    @property
    def festival(self) -> str:
        """The festival it belongs to, one name in every year."""
        ...


@dataclass(frozen=True, slots=True)
class DayCalendar:
    """Days that the calendar calls special, and the first day of each festival, by day number."""

    special: Mapping[int, SpecialDay] = field(default_factory=dict)
    anchors: Mapping[int, str] = field(default_factory=dict)


NO_CALENDAR = DayCalendar()


@dataclass(frozen=True, slots=True)
class _DayOff:
    """A day off of which only the name is known."""

    festival: str
    day_class: str = "statutory"


def plain_calendar(holidays: Mapping[int, str]) -> DayCalendar:
    """A calendar of which only days off and their names are known."""
    special = {day: _DayOff(name.removesuffix(" (observed)")) for day, name in holidays.items()}
    return DayCalendar(special, {})
