"""What a backup pool promises its people: hours, length, number of call-outs, rest."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

import numpy as np

from centre.instants import day_of, day_start
from centre.model import Backup
from scheduler.rota import NO_WORK, Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import BoundedSum, ForbiddenTime, MinimumRest, Primitive, ShiftLength
from scheduler.rules.rule import Violation
from scheduler.rules.shared.call_outs import CallOuts, call_outs, called_out, hours_of
from scheduler.rules.shared.carry import carry_in
from scheduler.rules.shared.day_counts import span_window, spans_of
from scheduler.rules.shared.findings import breach, date_of, horizon_window, local, not_checked, unknown

ACCOUNT = "call_outs"
"""Account of ``ledger.csv``: call-outs that a person has had in the month."""


@dataclass(frozen=True)
class BackupCallOuts:
    """Call-outs (activity ``backup``) keep what their pool, a ``[[backup]]`` of centre.toml, says.

    Each lies in the pool's hours, lasts from its shortest to its longest, and has ``rest_minutes`` without work before and after it
    (people of ``support`` are at work anyway: nothing is asked of them there). On a day and in a calendar month a person has no more
    than the pool allows; what they have had this month is account ``call_outs`` of the ledger, the period written as 2026-10, and
    what was called out after the day as of which that stands.

    **Source:** the backup pools in centre.toml.
    """

    source: str
    preset: str = ""
    name: ClassVar[str] = "backup-call-outs"
    words: ClassVar[str] = "Call-outs keep the hours, lengths, numbers and rest of their backup pool."
    example: ClassVar[str] = "With at least 60 min a call-out: one from 14:00 to 14:45 lasts 45 of 60 min."
    tighter: ClassVar[dict[str, int]] = {}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every call-out of the horizon that its pool does not allow."""
        calls = call_outs(rota)
        if facts.people is None:
            if len(calls):
                yield unknown(self, facts, "Not checked: no list of people with their pools was given.")
            return
        strangers = 0
        for code in np.unique(calls.agent).tolist():
            who = rota.agent_ids[code]
            person = facts.people.get(who)
            mine = np.flatnonzero(calls.agent == code)
            mine = mine[(calls.day[mine] >= facts.first_day) & (calls.day[mine] < facts.end_day)]
            if person is None or person.backup is None:
                strangers += len(mine) > 0
                continue
            yield from self._one_by_one(who, person.backup, calls, mine, facts)
            yield from self._rests(who, person.backup, rota, code, calls, mine, facts)
            yield from self._counts(person, person.backup, calls, mine, facts)
        yield from not_checked(
            self, facts, strangers, "they are called out and in no backup pool that is known."
        )

    def _one_by_one(
        self, who: str, pool: Backup, calls: CallOuts, mine: np.ndarray, facts: Facts
    ) -> Iterator[Violation]:
        """Lengths and hours."""
        hours = hours_of(pool, facts.zone, facts.first_day, facts.end_day, facts.makeup_days)
        for k in mine:
            start, end = int(calls.start[k]), int(calls.end[k])
            length = end - start
            for limit, wrong in (
                (pool.minimum_minutes, length < pool.minimum_minutes),
                (pool.maximum_minutes, length > pool.maximum_minutes),
            ):
                if wrong:
                    words = (
                        f"is called out for {length} min from {local(start, facts)}; the pool {pool.name} has"
                        f" {pool.minimum_minutes:g} to {pool.maximum_minutes:g} min."
                    )
                    yield breach(self, who, (start, end), length, limit, "minutes", words)
            inside = max((min(end, last) - max(start, first) for first, last in hours), default=0)
            if inside < length:
                words = (
                    f"is called out from {local(start, facts)} to {local(end, facts)};"
                    f" {length - max(0, inside)} min of it are outside the hours of the pool {pool.name}."
                )
                yield breach(self, who, (start, end), max(0, inside), length, "minutes", words)

    def _rests(
        self, who: str, pool: Backup, rota: Rota, code: int, calls: CallOuts, mine: np.ndarray, facts: Facts
    ) -> Iterator[Violation]:
        """Work of any kind too near to a call-out, told once for each two."""
        if pool.kind == "support":
            return
        of_horizon = {int(calls.start[k]) for k in mine}
        spans = _work_of(rota, code, calls) + _work_before(who, facts)
        for (began, ended, before), (start, _, after) in pairwise(sorted(set(spans))):
            rest = start - ended
            called = (before and began in of_horizon) or (after and start in of_horizon)
            if called and rest < pool.rest_minutes:
                words = (
                    f"rested {max(0, rest)} min from {local(ended, facts)} to {local(start, facts)}; the pool"
                    f" {pool.name} asks for {pool.rest_minutes} min around a call-out."
                )
                yield breach(self, who, (ended, start), max(0, rest), pool.rest_minutes, "minutes", words)

    def _counts(
        self, person: Person, pool: Backup, calls: CallOuts, mine: np.ndarray, facts: Facts
    ) -> Iterator[Violation]:
        """Call-outs of a day and of a month."""
        who, days = person.agent_id, calls.day[mine]
        if pool.calls_a_day is not None:
            for day, count in zip(
                *(part.tolist() for part in np.unique(days, return_counts=True)), strict=True
            ):
                if count > pool.calls_a_day:
                    words = f"is called out {count} times on {date_of(day)}; the pool {pool.name} allows {pool.calls_a_day}."
                    window = day_start(facts.zone, day), day_start(facts.zone, day + 1)
                    yield breach(self, who, window, count, pool.calls_a_day, "calls", words)
        if pool.calls_a_month is not None:
            for span in spans_of(facts, "month", 1):
                own = int(((days >= span[0]) & (days <= span[1])).sum())
                count = own + calls_had(person, span, facts)
                if own and count > pool.calls_a_month:
                    words = (
                        f"is called out {count} times from {date_of(span[0])} to {date_of(span[1])};"
                        f" the pool {pool.name} allows {pool.calls_a_month} a month."
                    )
                    yield breach(
                        self, who, span_window(span, facts), count, pool.calls_a_month, "calls", words
                    )

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """What binds people who are planned for call-outs alone; shifts of others are no call-outs."""
        pool = person.backup
        if pool is None or not person.outside:
            return
        yield ShiftLength("elapsed_minutes", int(pool.maximum_minutes))
        yield MinimumRest(pool.rest_minutes)
        first, last = horizon_window(facts)
        ended = carry_in(person, facts).last_end
        if ended is not None and ended + pool.rest_minutes > first:
            yield ForbiddenTime(min(ended, first), ended + pool.rest_minutes)
        at, hours = first, hours_of(pool, facts.zone, facts.first_day, facts.end_day, facts.makeup_days)
        for start, end in [*hours, (last, last)]:
            if start > at:
                yield ForbiddenTime(at, start)
            at = max(at, end)
        for span in spans_of(facts, "month", 1) if pool.calls_a_month is not None else ():
            low, high = max(span[0], facts.first_day), min(span[1], facts.end_day - 1)
            left = (pool.calls_a_month or 0) - calls_had(person, span, facts)
            yield BoundedSum(low, high, "shifts", high=max(0, left))


def calls_had(person: Person, span: tuple[int, int], facts: Facts) -> int:
    """Call-outs that somebody has had in a calendar month before the horizon: the ledger's, and those worked since."""
    amount, as_of = facts.ledger.get(
        (person.agent_id, ACCOUNT, f"{day_of(span[0]):%Y-%m}"), (0.0, span[0] - 1)
    )
    before = facts.before
    if before is None or person.agent_id not in before.agent_ids:
        return int(amount)
    calls = call_outs(before)
    own = calls.day[calls.agent == before.agent_ids.index(person.agent_id)]
    since = (own > as_of) & (own >= span[0]) & (own <= span[1]) & (own < facts.first_day)
    return int(amount) + int(since.sum())


Span = tuple[int, int, bool]
"""Start and end of some work, and whether it is a call-out."""


def _work_of(rota: Rota, code: int, calls: CallOuts) -> list[Span]:
    """One person's call-outs and, apart from them, shifts."""
    own = np.flatnonzero(calls.agent == code)
    spans = [(int(calls.start[k]), int(calls.end[k]), True) for k in own]
    shifts: dict[tuple[int, int], tuple[int, int]] = {}
    for k in np.flatnonzero((rota.agent == code) & ~called_out(rota) & ~rota.is_kind(*NO_WORK)).tolist():
        key, start, end = (int(rota.day[k]), int(rota.shift[k])), int(rota.start[k]), int(rota.end[k])
        first, last = shifts.get(key, (start, end))
        shifts[key] = min(first, start), max(last, end)
    return spans + [(start, end, False) for start, end in shifts.values()]


def _work_before(who: str, facts: Facts) -> list[Span]:
    before = facts.before
    if before is None or who not in before.agent_ids:
        return []
    found = _work_of(before, before.agent_ids.index(who), call_outs(before))
    first = day_start(facts.zone, facts.first_day)
    return [span for span in found if span[0] < first]
