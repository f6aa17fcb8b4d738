"""How long a shift may be that works into the night."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo

import numpy as np
from annotated_types import Ge, Gt, Le

from centre.instants import MINUTES_A_DAY, Grid, Minutes, existing_instant
from centre.model import ShiftTemplate
from scheduler.rota import NO_WORK, PAUSES, Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import AllowedShifts, Primitive, ShiftLength
from scheduler.rules.rule import Violation
from scheduler.rules.shared.findings import breach, local
from scheduler.rules.shared.worked import in_horizon
from scheduler.shifts import candidate_shifts


@dataclass(frozen=True)
class NightWork:
    """A shift with ``counts_minutes`` or more of work inside the night has at most ``minutes`` of work.

    The night is the time between two wall clocks, minutes after midnight; its ends are turned into instants
    on every real date, so that it lasts an hour more or less when clocks change, and all work is elapsed
    time. Breaks and meals are no work, neither inside the night nor in the shift. Stretches of one day
    less than five hours apart are one shift; a minute that a person has twice counts once.

    Judged shift by shift: averages that laws allow over weeks or months, and who counts as a night worker by
    how often they work nights, are not looked at, so that the rule may be stricter than the law it is taken
    from. An override of ``minutes`` loosens it.

    A solver is told only which templates can never break the rule on the dates of the horizon, wherever
    their breaks lie: conservative, since one start of a template can rule out all of its starts.

    **Source:** Directive 2003/88/EC art. 2(3), 2(4) (night: at least seven hours with 00:00 to 05:00 in it;
    night worker from three hours) and art. 8 (8 hours), read in November 2026 as others quote them.
    """

    minutes: Annotated[int, Gt(0)]
    source: str
    counts_minutes: Annotated[int, Gt(0)] = 180
    night_from: Annotated[int, Ge(0), Le(1439)] = 1380
    night_to: Annotated[int, Ge(0), Le(1439)] = 360
    preset: str = ""
    name: ClassVar[str] = "night-work"
    words: ClassVar[str] = "A shift with so much work inside the night is no longer than its limit."
    example: ClassVar[str] = (
        "With 8 h from 3 h in the night 23:00 to 06:00: 20:00 to 05:00 with an hour of meal works 8 h, one minute longer is a breach."
    )
    tighter: ClassVar[dict[str, int]] = {"minutes": -1, "counts_minutes": -1}
    exact: ClassVar[bool] = False

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every shift of the horizon that is a night shift and too long."""
        if not len(rota.duties):
            return
        shifts = rota.duties
        rows = np.flatnonzero(~rota.is_kind(*NO_WORK, *PAUSES))
        start, end = rota.stretches(rows)
        days = range(int(shifts.day.min()), int(shifts.day.max()) + 1)
        owner = rota.duty[rows]
        worked = _sums(owner, end - start, len(shifts))
        in_night = _sums(owner, self._in_night(start, end, facts.zone, days), len(shifts))
        night = in_night >= self.counts_minutes
        for k in np.flatnonzero(in_horizon(rota, facts) & night & (worked > self.minutes)):
            window = int(shifts.start[k]), int(shifts.end[k])
            words = (
                f"works {worked[k]} min in the shift from {local(window[0], facts)}, {in_night[k]} min of it "
                f"in the night from {_clock(self.night_from)} to {_clock(self.night_to)}; "
                f"at most {self.minutes} min are allowed from {self.counts_minutes} min in the night."
            )
            agent_id = rota.agent_ids[shifts.agent[k]]
            yield breach(self, agent_id, window, worked[k], self.minutes, "minutes", words)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """The templates that cannot break the rule; without templates, no shift longer than a night's."""
        if facts.templates is None:
            yield ShiftLength("worked_minutes", self.minutes)
            return
        templates = tuple(facts.templates.values())
        grid = Grid(facts.zone, facts.first_day, facts.days, 60)
        lawful = _lawful(self, templates, grid, facts.makeup_days)
        if len(lawful) < len(templates):
            yield AllowedShifts(lawful)

    def may_be_broken_by(
        self, template: ShiftTemplate, grid: Grid, makeup_days: Collection[int] = ()
    ) -> bool:
        """Whether a shift of the template on a day of ``grid`` could break the rule, its breaks by day."""
        shifts = list(candidate_shifts([template], grid, makeup_days))
        if not shifts or shifts[0].worked_minutes <= self.minutes:
            return False
        start = np.array([shift.start for shift in shifts], dtype=np.int64)
        days = range(grid.first_day, grid.first_day + grid.days)
        present = self._in_night(start, start + template.duration_minutes, grid.zone, days)
        return bool((present >= self.counts_minutes).any())

    def _in_night(self, start: Minutes, end: Minutes, zone: ZoneInfo, days: range) -> Minutes:
        """Minutes of each ``[start, end)`` inside a night, for shifts of ``days``; shape of ``start``."""
        over = 0 if self.night_to > self.night_from else MINUTES_A_DAY
        around = range(days.start - 2, days.stop + 3)
        begins = np.array([existing_instant(zone, day, self.night_from) for day in around], dtype=np.int64)
        ends = np.array([existing_instant(zone, day, self.night_to + over) for day in around], dtype=np.int64)
        length = ends - begins
        before = np.cumsum(length) - length

        def until(instant: Minutes) -> Minutes:
            k = np.maximum(np.searchsorted(begins, instant, side="right") - 1, 0)
            return np.asarray(before[k] + np.clip(instant - begins[k], 0, length[k]), dtype=np.int64)

        return until(end) - until(start)


@lru_cache(maxsize=64)  # the same for everyone
def _lawful(
    rule: NightWork, templates: tuple[ShiftTemplate, ...], grid: Grid, makeup_days: frozenset[int]
) -> frozenset[str]:
    """Names of the templates that cannot break the rule on the days of ``grid``."""
    return frozenset(t.name for t in templates if not rule.may_be_broken_by(t, grid, makeup_days))


def _sums(owner: Minutes, values: Minutes, shifts: int) -> Minutes:
    """``values`` summed by shift, shape (shifts,)."""
    return np.bincount(owner, weights=values, minlength=shifts).astype(np.int64)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
