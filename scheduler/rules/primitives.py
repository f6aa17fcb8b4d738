"""The few restrictions that every rule is told to a solver in, all on one person's line of work.

A rule turns into primitives for one person and one horizon (`Rule.lines`); a solver that honours these
primitives honours every rule, also one written later. They are plain frozen data, so that people with equal
primitives share one compiled line. Days are day numbers (`centre.instants.day_number`), instants are UTC
minutes; nothing here knows local time.

Primitives speak of the shifts of the horizon alone. What was worked before it is already inside them: a rule
lowers its sums, shortens its windows and forbids the time after the last shift worked
(`scheduler.rules.shared.carry`), so a solver need not look back. Time outside the horizon counts as free. A shift
occupies all of ``[start, end)``, its breaks too.
"""

from dataclasses import dataclass
from typing import Literal

Measure = Literal["paid_minutes", "worked_minutes", "shifts"]


@dataclass(frozen=True, slots=True)
class MinimumRest:
    """Forbidden succession: a shift starts no sooner than ``minutes`` after the end of the one before it."""

    minutes: int


@dataclass(frozen=True, slots=True)
class BoundedSum:
    """The measure over shifts of ``first_day..last_day``, both counted, is in ``low..high`` (None: open)."""

    first_day: int
    last_day: int
    measure: Measure
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class BoundedRun:
    """At most ``days`` days with a shift in a row."""

    days: int


@dataclass(frozen=True, slots=True)
class GapInWindow:
    """Somewhere inside ``[start, end)`` there are ``minutes`` in a row without work."""

    minutes: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class GapInAnyWindow:
    """Every span of ``window_minutes``, wherever it starts, holds ``minutes`` in a row without work."""

    minutes: int
    window_minutes: int


@dataclass(frozen=True, slots=True)
class ForbiddenTime:
    """No work inside ``[start, end)``: leave, hours not available."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ForbiddenDay:
    """No shift belongs to this day."""

    day: int


@dataclass(frozen=True, slots=True)
class AllowedShifts:
    """Only shifts of these templates."""

    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class ShiftsOfDay:
    """A shift of this day is of this template, and where ``start`` (UTC minutes) is told starts then."""

    day: int
    name: str
    start: int | None = None


@dataclass(frozen=True, slots=True)
class ShiftLength:
    """A shift's measure is at most ``high`` minutes."""

    measure: Literal["paid_minutes", "worked_minutes", "elapsed_minutes"]
    high: int


@dataclass(frozen=True, slots=True)
class ShiftBreak:
    """Over ``after_minutes`` of work there are ``minutes`` of breaks, each part at least ``part_minutes``."""

    after_minutes: int
    minutes: int
    part_minutes: int


@dataclass(frozen=True, slots=True)
class UnbrokenWork:
    """No more than ``minutes`` of work in a row inside a shift; pauses shorter than ``part_minutes`` are none."""

    minutes: int
    part_minutes: int


@dataclass(frozen=True, slots=True)
class BoundedShortRests:
    """At most ``high`` of the rests between shifts are shorter than ``minutes``, none than ``least_minutes``."""

    minutes: int
    least_minutes: int
    high: int


@dataclass(frozen=True, slots=True)
class BoundedDays:
    """At most ``high`` of these days have a shift."""

    days: tuple[int, ...]
    high: int


@dataclass(frozen=True, slots=True)
class FreeDayInExchange:
    """If ``day`` has a shift, one of the days ``among`` has none."""

    day: int
    among: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Nights:
    """Which shifts are night shifts: those ``minutes`` or more of which lie in one of ``windows``, breaks counted.

    ``windows`` are (start, end) of the nights in UTC minutes, in order and apart.
    """

    windows: tuple[tuple[int, int], ...]
    minutes: int

    def holds(self, start: int, end: int) -> bool:
        """Whether a shift from ``start`` to ``end`` is a night shift."""
        inside = (min(end, last) - max(start, first) for first, last in self.windows)
        return any(minutes >= self.minutes for minutes in inside)


@dataclass(frozen=True, slots=True)
class BoundedNights:
    """At most ``high`` night shifts on ``first_day..last_day``, both counted."""

    nights: Nights
    first_day: int
    last_day: int
    high: int


@dataclass(frozen=True, slots=True)
class BoundedNightRun:
    """Night shifts on at most ``days`` days in a row; ``carried`` days in a row before the horizon had one."""

    nights: Nights
    days: int
    carried: int = 0


@dataclass(frozen=True, slots=True)
class RestAfterNights:
    """After night shifts on ``run`` or more days in a row, whatever is not the next night of the row waits.

    It starts no sooner than ``minutes`` after the end of the last of them. ``carried`` days in a row before the
    horizon's first had a night shift, the last of which ended at ``last_end``.
    """

    nights: Nights
    run: int
    minutes: int
    carried: int = 0
    last_end: int = 0


Primitive = (
    MinimumRest
    | BoundedSum
    | BoundedRun
    | GapInWindow
    | GapInAnyWindow
    | ForbiddenTime
    | ForbiddenDay
    | AllowedShifts
    | ShiftsOfDay
    | ShiftLength
    | ShiftBreak
    | UnbrokenWork
    | BoundedShortRests
    | BoundedDays
    | FreeDayInExchange
    | BoundedNights
    | BoundedNightRun
    | RestAfterNights
)
