"""How long before it starts a shift is told, and told again where it is changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Gt

from centre.instants import MINUTES_A_DAY, Minutes, day_number, day_start, from_minutes
from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import ForbiddenDay, ForbiddenTime, Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.findings import breach, local, not_checked
from scheduler.rules.shared.worked import in_horizon

UNKNOWN = np.iinfo(np.int64).min


@dataclass(frozen=True)
class NoticeOfChange:
    """A shift is told at least ``days`` before it: with the rota, or when it was last changed.

    ``counting = "calendar-days"``: from the date on which it is told to the day to which the shift belongs;
    ``"24-hours"``: days of 24 elapsed hours up to the shift's start. What was told of a day later than the
    rota as a whole counts instead of it; a shift taken away leaves nothing to judge. Where neither is known
    the shift is not checked.

    **Source:** wherever a preset sets it, such as 14 days (Chicago Fair Workweek Ordinance; see the preset).
    """

    days: Annotated[int, Gt(0)]
    source: str
    counting: Literal["calendar-days", "24-hours"] = "calendar-days"
    preset: str = ""
    name: ClassVar[str] = "notice-of-change"
    words: ClassVar[str] = "A shift, and each change of it, is told so many days before."
    example: ClassVar[str] = (
        "With 14 calendar days: a rota told on 1 March, at any hour, may hold shifts of 15 March, none of 14 March."
    )
    tighter: ClassVar[dict[str, int]] = {"days": 1}
    exact: ClassVar[bool] = False

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every shift of the horizon that was told too late."""
        shifts = rota.duties
        told, judged = _told(rota, facts), in_horizon(rota, facts)
        known = judged & (told != UNKNOWN)
        if self.counting == "calendar-days":
            found, least, unit = shifts.day - _local_days(told, known, facts), self.days, "days"
        else:
            found, least, unit = shifts.start - told, self.days * MINUTES_A_DAY, "minutes"
        for k in np.flatnonzero(known & (found < least)):
            notice = max(0, int(found[k]))
            words = (
                f"was told on {local(told[k], facts)} of the shift from {local(shifts.start[k], facts)}, "
                f"{notice} {unit} before; at least {least} {unit} are required."
            )
            window = int(told[k]), int(shifts.end[k])
            window = min(window[0], int(shifts.start[k])), window[1]
            yield breach(self, rota.agent_ids[shifts.agent[k]], window, notice, least, unit, words)
        untold = len(np.unique(shifts.agent[judged & (told == UNKNOWN)]))
        yield from not_checked(self, facts, untold, "when their shifts were told is not known.")

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """The days, or the time, for which the rota is told too late; nothing where that is not known.

        A night shift of the day before may reach into such time of a day told later: conservative.
        """
        notices = {
            day: told for (agent_id, day), told in facts.notices.items() if agent_id == person.agent_id
        }
        if self.counting == "24-hours" and not notices:
            if facts.published_at is not None:
                yield from self._too_soon(facts, facts.first_day, facts.end_day + 1, facts.published_at)
            return
        for day in range(facts.first_day, facts.end_day):
            told = notices.get(day, facts.published_at)
            if told is None:
                continue
            if self.counting == "24-hours":
                yield from self._too_soon(facts, day, day + 1, told)
            elif day - day_number(from_minutes(told, facts.zone).date()) < self.days:
                yield ForbiddenDay(day)

    def _too_soon(self, facts: Facts, first: int, end: int, told: int) -> Iterator[Primitive]:
        """The part of the days from ``first`` up to ``end`` in which nothing may start."""
        start, until = day_start(facts.zone, first), told + self.days * MINUTES_A_DAY
        if until > start:
            yield ForbiddenTime(start, min(until, day_start(facts.zone, end)))


def _told(rota: Rota, facts: Facts) -> Minutes:
    """UTC minutes at which each shift was told, `UNKNOWN` where that is not known; shape (shifts,)."""
    shifts = rota.duties
    everyone = UNKNOWN if facts.published_at is None else facts.published_at
    told = np.full(len(shifts), everyone, dtype=np.int64)
    code = {name: k for k, name in enumerate(rota.agent_ids)}
    known = sorted(((code[who] << 24) + day, at) for (who, day), at in facts.notices.items() if who in code)
    if known and len(shifts):
        keys, times = np.array(known, dtype=np.int64).T
        own = (shifts.agent.astype(np.int64) << 24) + shifts.day
        place = np.minimum(np.searchsorted(keys, own), len(keys) - 1)
        told = np.where(keys[place] == own, times[place], told)
    return told


def _local_days(told: Minutes, known: np.ndarray, facts: Facts) -> Minutes:
    """Local day of each instant where it is known, shape (shifts,)."""
    instants, which = np.unique(np.where(known, told, 0), return_inverse=True)
    days = [day_number(from_minutes(int(instant), facts.zone).date()) for instant in instants]
    return np.array(days, dtype=np.int64)[which]
