"""The few restrictions that every rule is told to a solver in, all on one person's line of work.

A rule turns into primitives for one person and one horizon (`Rule.lines`); a solver that honours these
primitives honours every rule, also one written later. They are plain frozen data, so that people with equal
primitives share one compiled line. Days are day numbers (`centre.instants.day_number`), instants are UTC
minutes; nothing here knows local time.

Primitives speak of the shifts of the horizon alone. What was worked before it is already inside them: a rule
lowers its sums, shortens its windows and forbids the time after the last shift worked
(`scheduler.rules.carry`), so a solver need not look back. Time outside the horizon counts as free. A shift
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


Primitive = (
    MinimumRest
    | BoundedSum
    | BoundedRun
    | GapInWindow
    | GapInAnyWindow
    | ForbiddenTime
    | ForbiddenDay
    | AllowedShifts
    | ShiftLength
    | ShiftBreak
)
