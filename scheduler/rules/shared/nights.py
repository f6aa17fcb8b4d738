"""Nights between two wall clocks, and which shifts are night shifts: for verdicts and lines alike.

A shift is a night shift where so many of its minutes lie inside one night. What counts is presence: the time
from the shift's start to its end, breaks and meals too, as the primitive `Nights` counts it. A night's two ends
are turned into instants on every real date, so it lasts an hour more or less when clocks change.
"""

from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

import numpy as np

from centre.instants import MINUTES_A_DAY, Minutes, existing_instant
from scheduler.rota import Flags
from scheduler.rules.facts import Facts
from scheduler.rules.primitives import Nights
from scheduler.rules.shared.carry import Carry
from scheduler.rules.shared.worked import Worked


class NightRule(Protocol):
    """A rule that says what a night shift is; clocks are minutes after midnight."""

    @property
    def counts_minutes(self) -> int:
        """From so many minutes inside one night a shift is a night shift."""

    @property
    def night_from(self) -> int:
        """Wall clock at which the night begins."""

    @property
    def night_to(self) -> int:
        """Wall clock at which it ends, on the next day where that is not after its beginning."""


@lru_cache(maxsize=64)  # the same for everyone
def night_windows(
    zone: ZoneInfo, first: int, last: int, night_from: int, night_to: int
) -> tuple[tuple[int, int], ...]:
    """Start and end in UTC minutes of the nights that begin on days ``first..last``, both counted."""
    over = 0 if night_to > night_from else MINUTES_A_DAY
    return tuple(
        (existing_instant(zone, day, night_from), existing_instant(zone, day, night_to + over))
        for day in range(first, last + 1)
    )


def nights_of(rule: NightRule, facts: Facts) -> Nights:
    """What a night shift of the horizon is, for primitives."""
    return Nights(horizon_nights(facts, rule.night_from, rule.night_to), rule.counts_minutes)


def horizon_nights(facts: Facts, night_from: int, night_to: int) -> tuple[tuple[int, int], ...]:
    """The nights that shifts of the horizon may reach, from the one before its first day on."""
    return night_windows(facts.zone, facts.first_day - 1, facts.end_day, night_from, night_to)


def night_shifts(rule: NightRule, work: Worked | Carry, facts: Facts) -> Flags:
    """Which shifts are night shifts, shape (shifts,)."""
    if not len(work):
        return np.zeros(0, dtype=bool)
    first, last = int(work.day.min()) - 1, int(work.day.max()) + 1
    windows = night_windows(facts.zone, first, last, rule.night_from, rule.night_to)
    return in_one_night(work.start, work.end, windows) >= rule.counts_minutes


def in_one_night(start: Minutes, end: Minutes, windows: tuple[tuple[int, int], ...]) -> Minutes:
    """The most minutes of each ``[start, end)`` that lie in one of ``windows``, shape of ``start``."""
    begins, ends = np.array(windows, dtype=np.int64).reshape(-1, 2).T
    most = np.zeros(len(start), dtype=np.int64)
    night = np.searchsorted(ends, start, side="right")
    rows = np.arange(len(start))
    while len(rows):
        rows = rows[night[rows] < len(begins)]
        rows = rows[begins[night[rows]] < end[rows]]
        inside = np.minimum(end[rows], ends[night[rows]]) - np.maximum(start[rows], begins[night[rows]])
        most[rows] = np.maximum(most[rows], inside)
        night[rows] += 1
    return most


def clock(minute: int) -> str:
    """Minutes after midnight as a wall clock, such as ``23:00``."""
    return f"{minute // 60:02d}:{minute % 60:02d}"
