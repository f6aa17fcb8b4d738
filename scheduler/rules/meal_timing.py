"""When meals begin."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt

from centre.instants import Minutes
from centre.model import ShiftTemplate
from scheduler.rota import Flags, Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import AllowedShifts, Primitive, ShiftLength
from scheduler.rules.rule import Violation
from scheduler.rules.shared.findings import breach, local, not_checked
from scheduler.rules.shared.pairs import people_of
from scheduler.rules.shared.worked import in_horizon


@dataclass(frozen=True)
class MealTiming:
    """Over ``over_minutes`` of work, a meal of ``minutes`` begins at most ``by_minutes`` after the shift's start.

    It is the ``nth`` meal of that length in the shift; a second one is a second rule. Only rows of activity
    ``meal`` are meals, and each counts by itself. ``by_minutes`` are elapsed time from the start of the shift,
    breaks before the meal included. Whoever has the opt-out ``meal-timing`` waives the meal in shifts with up
    to ``waiver_minutes`` of work (0: no waiver); where nothing is known of the person, such a shift is not
    checked. Stretches of one day less than five hours apart are one shift.

    A solver is told only which templates keep the rule wherever their meals lie: conservative, since a meal
    may be placed early in a wide window.

    **Source:** California Labor Code § 512(a): a meal of 30 minutes over five hours of work, which may be waived by
    mutual consent up to six; a second over ten, up to twelve. That it begins before the end of the fifth and
    of the tenth hour is Brinker v. Superior Court (2012); recalled, not read. The law lets the second meal be
    waived only where the first was taken, which is not looked at.
    """

    source: str
    over_minutes: Annotated[int, Ge(0)] = 300
    by_minutes: Annotated[int, Gt(0)] = 300
    minutes: Annotated[int, Gt(0)] = 30
    nth: Annotated[int, Gt(0)] = 1
    waiver_minutes: Annotated[int, Ge(0)] = 360
    preset: str = ""
    name: ClassVar[str] = "meal-timing"
    words: ClassVar[str] = "A shift with more than so much work has a meal that begins in time."
    example: ClassVar[str] = (
        "With 30 min by the end of the fifth hour: 08:00 to 16:00 with a meal at 13:01 is one minute late."
    )
    tighter: ClassVar[dict[str, int]] = {
        "over_minutes": -1, "by_minutes": -1, "minutes": 1, "waiver_minutes": -1
    }  # fmt: skip
    exact: ClassVar[bool] = False

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every long shift of the horizon without its meal, or with it too late."""
        shifts = rota.duties
        offset = self._offsets(rota)
        wrong = in_horizon(rota, facts) & (shifts.worked > self.over_minutes)
        wrong &= (offset < 0) | (offset > self.by_minutes)
        people = people_of(rota, facts)
        short = shifts.worked <= self.waiver_minutes
        waived = np.array([p is not None and self.name in p.opt_outs for p in people], dtype=bool)
        unknown = np.array([p is None for p in people], dtype=bool)
        wrong &= ~(short & waived[shifts.agent]) if len(shifts) else wrong
        in_doubt = wrong & short & unknown[shifts.agent] if len(shifts) else wrong
        for k in np.flatnonzero(wrong & ~in_doubt):
            yield self._breach(rota, facts, int(k), int(offset[k]))
        reason = "whether they waived the meal of a short shift is not known."
        yield from not_checked(self, facts, len(np.unique(shifts.agent[in_doubt])), reason)

    def _offsets(self, rota: Rota) -> Minutes:
        """Minutes from each shift's start to its ``nth`` meal, -1 where it has none, shape (shifts,)."""
        meal: Flags = (
            rota.is_kind("meal", "split") & (rota.end - rota.start >= self.minutes) & (rota.duty >= 0)
        )
        rows = np.flatnonzero(meal)
        owner = rota.duty[rows]
        number = np.arange(len(rows)) - np.searchsorted(owner, owner)
        rows, owner = rows[number == self.nth - 1], owner[number == self.nth - 1]
        offset = np.full(len(rota.duties), -1, dtype=np.int64)
        offset[owner] = rota.start[rows] - rota.duties.start[owner]
        return offset

    def _breach(self, rota: Rota, facts: Facts, k: int, offset: int) -> Violation:
        shifts = rota.duties
        window = int(shifts.start[k]), int(shifts.end[k])
        found, limit = (0, self.minutes) if offset < 0 else (offset, self.by_minutes)
        told = "is missing" if offset < 0 else f"begins {offset} min after the start"
        words = (
            f"works {shifts.worked[k]} min in the shift from {local(window[0], facts)}; meal {self.nth} of "
            f"{self.minutes} min {told}, it must begin within {self.by_minutes} min."
        )
        return breach(self, rota.agent_ids[shifts.agent[k]], window, found, limit, "minutes", words)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """The templates that keep the rule; without templates, no shift long enough to owe a meal."""
        free = self.over_minutes
        if self.name in person.opt_outs:
            free = max(free, self.waiver_minutes)
        if facts.templates is None:
            yield ShiftLength("worked_minutes", free)
            return
        templates = tuple(facts.templates.values())
        lawful = _lawful(self, templates, free)
        if len(lawful) < len(templates):
            yield AllowedShifts(lawful)

    def is_kept_by(self, template: ShiftTemplate, free_minutes: int) -> bool:
        """Whether every shift of the template keeps the rule, ``free_minutes`` of work owing no meal."""
        if template.duration_minutes - sum(rest.minutes for rest in template.breaks) <= free_minutes:
            return True
        meals = [r for r in template.breaks if r.kind in ("meal", "split") and r.minutes >= self.minutes]
        latest = sorted(rest.latest_minutes for rest in meals)
        return len(latest) >= self.nth and latest[self.nth - 1] <= self.by_minutes


@lru_cache(maxsize=64)  # the same for everyone
def _lawful(rule: MealTiming, templates: tuple[ShiftTemplate, ...], free_minutes: int) -> frozenset[str]:
    """Names of the templates that keep the rule."""
    return frozenset(t.name for t in templates if rule.is_kept_by(t, free_minutes))
