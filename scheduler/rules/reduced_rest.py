"""Rest between shifts that may be shortened a few times in a period, and made good later."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge, Gt

from centre.instants import MINUTES_A_DAY, Minutes, day_start
from scheduler.rota import Codes, Flags, Rota, running_end
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import BoundedShortRests, ForbiddenTime, GapInWindow, MinimumRest, Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.carry import Carry, carry_in
from scheduler.rules.shared.findings import breach, local, not_checked
from scheduler.rules.shared.marked import shifts_of_kind
from scheduler.rules.shared.periods import first_day_of, period_numbers
from scheduler.rules.shared.rests import follow_unknown, longest_rests
from scheduler.rules.shared.worked import Rows, Worked, known_bounds, known_from, known_work, newcomers


@dataclass(frozen=True)
class ReducedRest:
    """Rest between shifts is ``minimum_minutes``; ``times`` a period it may be less, never under ``least_minutes``.

    A rest counts for the period of the shift after it. Where ``compensate_days`` is set, each shortened rest
    is made good: in so many times 24 hours from its end there is a rest longer than the minimum by what it
    fell short; one long rest makes good all shortened ones before it. A shift of nothing but call-outs is no
    next shift: the rest begins anew at its end. Elapsed time.

    A solver is told more than the rule asks (``exact`` is False): what a period has left is for the whole
    horizon, no rest is shortened where compensation is asked for, nor the one after the last shift before the
    horizon.

    **Source:** Arbeitszeitgesetz § 5(2): in hospitals, care, transport, hotels and some other trades the 11
    hours may be an hour shorter if made good within a calendar month or four weeks by another rest of at
    least 12 hours; read in November 2026 in private collections. How often is for each law to say.
    """

    minimum_minutes: Annotated[int, Gt(0)]
    least_minutes: Annotated[int, Ge(0)]
    source: str
    times: Annotated[int, Ge(0)] = 3
    period: Literal["week", "two_weeks", "four_weeks", "month"] = "week"
    compensate_days: Annotated[int, Ge(0)] = 0
    preset: str = ""
    name: ClassVar[str] = "reduced-rest"
    words: ClassVar[str] = (
        "Rest between shifts has its minimum, and is shortened no more often than allowed, nor too much."
    )
    example: ClassVar[str] = (
        "With 11 h, 9 h three times a week: rests of 10, 9, 10 and 10 h in one week are one shortened rest too many."
    )
    tighter: ClassVar[dict[str, int]] = {"minimum_minutes": 1, "least_minutes": 1, "times": -1}
    exact: ClassVar[bool] = False

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Rests under the least, shortened ones beyond those allowed, and those not made good."""
        work = known_work(rota, facts)
        rest = work.start - work.until
        follows = ~work.heads & ~shifts_of_kind(work, rota, facts, "call_out", whole=True)
        rows = np.flatnonzero(follows & (rest < self.minimum_minutes))
        period = period_numbers(work.day[rows], self.period, facts.week_start)
        number = _places(work.agent[rows], period)
        too_short, beyond = rest[rows] < self._least, number > self.times
        for k in np.flatnonzero(work.judged[rows] & (too_short | beyond)):
            yield self._breach(work, facts, int(rows[k]), int(number[k]))
        in_doubt = np.zeros(len(work.agent_ids), dtype=bool)
        judged = rows[work.judged[rows] & (period == self._period(facts))]
        if first_day_of(self._period(facts), self.period, facts.week_start) < known_from(facts):
            in_doubt[work.agent[judged]] = True
        in_doubt &= ~newcomers(work, facts)
        in_doubt[work.agent[rows[work.judged[rows] & (too_short | beyond)]]] = False
        in_doubt[work.agent[follow_unknown(work, facts, self.minimum_minutes)]] = True
        reason = "what they worked before, or earlier in the period, is not known."
        yield from not_checked(self, facts, int(in_doubt.sum()), reason)
        if self.compensate_days:
            yield from self._not_made_good(work, facts, rows[rest[rows] >= self._least])

    @property
    def _least(self) -> int:
        return min(self.least_minutes, self.minimum_minutes)

    def _period(self, facts: Facts) -> int:
        """Number of the period that the horizon begins in."""
        return int(period_numbers(np.array([facts.first_day]), self.period, facts.week_start)[0])

    def _breach(self, work: Worked, facts: Facts, row: int, number: int) -> Violation:
        window = int(work.until[row]), int(work.start[row])
        found = max(0, window[1] - window[0])
        words = f"rested {found} min from {local(window[0], facts)} to {local(window[1], facts)}; "
        limit = self._least if found < self._least else self.minimum_minutes
        if found < self._least:
            words += f"at least {limit} min are required between shifts."
        else:
            words += (
                f"less than {limit} min are allowed {self.times} times in a {self.period.replace('_', ' ')}, "
                f"and this is number {number}."
            )
        return breach(self, work.agent_ids[work.agent[row]], window, found, limit, "minutes", words)

    def _not_made_good(self, work: Worked, facts: Facts, rows: Rows) -> Iterator[Violation]:
        """Shortened rests, also before the horizon, that no longer rest makes good by a day in it or later."""
        edge, known_end = day_start(facts.zone, facts.first_day), known_bounds(facts)[1]
        rows = rows[work.judged[rows] | (work.start[rows] + self.compensate_days * MINUTES_A_DAY > edge)]
        until = work.start[rows] + self.compensate_days * MINUTES_A_DAY
        required = 2 * self.minimum_minutes - (work.start[rows] - work.until[rows])
        found = longest_rests(work, rows, until)
        possible: Flags = longest_rests(work, rows, until, among=~work.judged) >= required
        broken = (found < required) & (work.judged[rows] | possible)
        for k in np.flatnonzero(broken):
            window, longest = (int(work.start[rows[k]]), int(until[k])), max(0, int(found[k]))
            words = (
                f"rested {2 * self.minimum_minutes - required[k]} min before {local(window[0], facts)} and at "
                f"most {longest} min in a row by {local(window[1], facts)}; at least {required[k]} min are "
                "required to make it good."
            )
            agent_id = work.agent_ids[work.agent[rows[k]]]
            yield breach(self, agent_id, window, longest, required[k], "minutes", words)
        inside = longest_rests(work, rows, np.minimum(until, known_end))
        open_end = ~broken & (work.judged[rows] | possible) & (inside < required)
        reason = "the days in which a shortened rest may be made good are not all known."
        yield from not_checked(self, facts, len(np.unique(work.agent[rows[open_end]])), reason)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """What is left of the shortened rests, or none where they must be made good; what is owed from before."""
        carry, start = carry_in(person, facts), day_start(facts.zone, facts.first_day)
        if self.compensate_days:
            yield MinimumRest(self.minimum_minutes)
        else:
            used = self._used(carry, facts)
            yield BoundedShortRests(self.minimum_minutes, self._least, max(0, self.times - used))
        if carry.last_end is None:
            return
        if carry.last_end + self.minimum_minutes > start:
            yield ForbiddenTime(min(carry.last_end, start), carry.last_end + self.minimum_minutes)
        if self.compensate_days:
            yield from self._owed(carry, carry.last_end, start)

    def _used(self, carry: Carry, facts: Facts) -> int:
        """Shortened rests before the horizon in the period that it begins in."""
        periods = period_numbers(carry.day[1:], self.period, facts.week_start)
        return int(((_rests(carry) < self.minimum_minutes) & (periods == self._period(facts))).sum())

    def _owed(self, carry: Carry, last_end: int, start: int) -> Iterator[Primitive]:
        """A longer rest for each shortened one that was not yet made good and still can be."""
        ended, began = carry.gaps()
        rests = _rests(carry)
        for k in np.flatnonzero((rests < self.minimum_minutes) & (rests >= self._least)):
            begin = int(carry.start[k + 1])
            until, required = (
                begin + self.compensate_days * MINUTES_A_DAY,
                2 * self.minimum_minutes - int(rests[k]),
            )
            had = np.minimum(began, until) - np.maximum(ended, begin)
            if had.max(initial=0) < required <= until - last_end and start - last_end < required:
                yield GapInWindow(required, last_end, until)


def _rests(carry: Carry) -> Minutes:
    """Time before each shift but the first, shape (shifts - 1,) or none."""
    until = running_end(np.zeros(len(carry), dtype=np.int32), carry.end)[:-1]
    return np.asarray(carry.start[1:] - until, dtype=np.int64)


def _places(agent: Codes, period: Minutes) -> Minutes:
    """Which of its person's and period's rows each row is, from 1, for sorted rows; shape (rows,)."""
    new = np.ones(len(agent), dtype=bool)
    new[1:] = (agent[1:] != agent[:-1]) | (period[1:] != period[:-1])
    place = np.arange(len(agent), dtype=np.int64)
    return np.asarray(place - np.maximum.accumulate(np.where(new, place, 0)) + 1, dtype=np.int64)
