"""Rest after a call-out that broke into a rest."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Gt

from centre.instants import Minutes, day_start
from scheduler.rota import NO_WORK, Rota, joined
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import ForbiddenTime, Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.carry import rows_of
from scheduler.rules.shared.findings import breach, local, not_checked
from scheduler.rules.shared.standing_by import CALL_OUT, ON_CALL, known_since
from scheduler.rules.shared.worked import LONGEST_SHIFT_MINUTES, known_bounds, known_from

Shift = tuple[int, int, int]
"""Start and end in UTC minutes, and the day to which it belongs."""
Call = tuple[int, int]


@dataclass(frozen=True)
class CallOutRest:
    """Where a call-out breaks into the rest between two shifts, ``minimum_minutes`` in a row are still had.

    ``where = "after"``: from the end of the last call-out to the next shift, so with a full daily rest as
    limit the rest begins anew; ``"anywhere"``: between the two shifts, before, between or after call-outs. A
    call-out is what stands in the rota as activity ``call_out``; one that begins within a shift or
    right at its end lengthens it and breaks into no rest. All in elapsed time.

    **Source:** a company rule wherever a centre sets it; for the full rest anew the reading of Directive
    2003/88/EC art. 3 that the daily rest is uninterrupted (recalled).
    """

    minimum_minutes: Annotated[int, Gt(0)]
    source: str
    where: Literal["after", "anywhere"] = "after"
    preset: str = ""
    name: ClassVar[str] = "call-out-rest"
    words: ClassVar[str] = "After a call-out from a rest there is a minimum of rest before the next shift."
    example: ClassVar[str] = (
        "With 11 h: a call-out ends at 23:30, a shift that starts at 10:29 comes after 659 of 660 min."
    )
    tighter: ClassVar[dict[str, int]] = {"minimum_minutes": 1}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every shift of the horizon that follows too soon on call-outs."""
        told = _known(rota, facts)
        doubtful = set(_edges(self, told, facts))
        for code in np.unique(told.agent[told.is_kind(CALL_OUT)]).tolist():
            agent_id = told.agent_ids[code]
            shifts, calls = _blocks(told, rows_of(told, agent_id))
            for place, (start, _, day) in enumerate(shifts):
                ended = shifts[place - 1][1] if place else None
                between = [call for call in calls if (ended is None or call[0] > ended) and call[0] < start]
                if day < facts.first_day or not between:
                    continue
                found = self._rest(ended, between, start)
                if found >= self.minimum_minutes:
                    continue
                if self.where == "anywhere" and ended is None:
                    doubtful.add(agent_id)
                    continue
                yield self._breach(agent_id, (max(end for _, end in between), start), found, facts)
        reason = "what they worked before the known days is not known."
        unknown = sum(not known_since(facts, name, known_from(facts) - 1) for name in doubtful)
        yield from not_checked(self, facts, unknown, reason)

    def _breach(self, agent_id: str, window: tuple[int, int], found: int, facts: Facts) -> Violation:
        where = "after it" if self.where == "after" else "in a row between the shifts around it"
        words = (
            f"rested {found} min {where} when a call-out up to {local(window[0], facts)} was followed by "
            f"a shift from {local(window[1], facts)}; at least {self.minimum_minutes} min are required."
        )
        return breach(self, agent_id, window, found, self.minimum_minutes, "minutes", words)

    def _rest(self, ended: int | None, calls: list[Call], start: int) -> int:
        """The rest that counts between the end of one shift and the start of the next."""
        last = max(end for _, end in calls)
        rests, free = [max(0, start - last)], ended
        for begins, ends in calls if self.where == "anywhere" else []:
            rests += [] if free is None else [begins - free]
            free = ends if free is None else max(free, ends)
        return max(rests)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """The rest after a call-out at the end of what was worked before; shifts of the horizon are none."""
        before, begins = facts.before, day_start(facts.zone, facts.first_day)
        if before is None:
            return
        rows = rows_of(before, person.agent_id)
        rows = rows[before.day[rows] < facts.first_day]
        if not before.is_kind(CALL_OUT)[rows].any():
            return
        shifts, calls = _blocks(before, rows)
        ended = shifts[-1][1] if shifts else None
        open_ = [call for call in calls if ended is None or call[0] > ended]
        if not open_ or (self.where == "anywhere" and ended is None):
            return
        last = max(end for _, end in open_)
        had = self._rest(ended, open_, last)
        if had < self.minimum_minutes and last + self.minimum_minutes > begins:
            yield ForbiddenTime(min(last, begins), last + self.minimum_minutes)


def _known(rota: Rota, facts: Facts) -> Rota:
    """The rows of everyone with some standing by or call-out: of the horizon and from before it."""
    parts = [rota.narrowed((rota.day >= facts.first_day) & (rota.day < facts.end_day) & _concerned(rota))]
    if facts.before is not None:
        early = facts.before
        concerned = {
            *parts[0].agent_ids,
            *(early.agent_ids[k] for k in np.unique(early.agent[_concerned(early)])),
        }
        for k, part in enumerate((early, rota)):
            inside = (
                part.day < facts.first_day
                if k == 0
                else (part.day >= facts.first_day) & (part.day < facts.end_day)
            )
            theirs = np.array([name in concerned for name in part.agent_ids], dtype=bool)[part.agent]
            parts.append(part.narrowed(inside & theirs))
        return joined(parts[1], parts[2])
    return parts[0]


def _concerned(rota: Rota) -> np.ndarray:
    """Whether each row is of someone with some standing by or call-out in the rota, shape (rows,)."""
    people = np.zeros(len(rota.agent_ids), dtype=bool)
    people[rota.agent[rota.is_kind(ON_CALL, CALL_OUT)]] = True
    return people[rota.agent]


def _edges(rule: CallOutRest, told: Rota, facts: Facts) -> Iterator[str]:
    """Who has a first known shift so early that an unknown call-out may lie too near before it."""
    reach = known_bounds(facts)[0] + rule.minimum_minutes + LONGEST_SHIFT_MINUTES
    shifts = told.duties
    heads = np.diff(shifts.agent, prepend=-1) != 0
    for k in np.flatnonzero(heads & (shifts.day >= facts.first_day) & (shifts.start < reach)):
        yield told.agent_ids[shifts.agent[k]]


def _blocks(rota: Rota, rows: Minutes) -> tuple[list[Shift], list[Call]]:
    """Of one person's rows the shifts, call-outs that follow on from them joined to them, and other call-outs."""
    own = Rota(
        ("",), rota.shift_names, rota.activities, np.zeros(len(rows), dtype=np.int32), rota.day[rows],
        rota.start[rows], rota.end[rows], rota.activity[rows], rota.shift[rows], rota.paid[rows],
    )  # fmt: skip
    called = own.is_kind(CALL_OUT)
    duties = own.narrowed(~called & ~own.is_kind(*NO_WORK)).duties
    shifts = list(zip(duties.start.tolist(), duties.end.tolist(), duties.day.tolist(), strict=True))
    calls = []
    for start, end in zip(own.start[called].tolist(), own.end[called].tolist(), strict=True):
        within = next((k for k, (begins, ends, _) in enumerate(shifts) if begins <= start <= ends), None)
        if within is None:
            calls.append((start, end))
        else:
            begins, ends, day = shifts[within]
            shifts[within] = begins, max(end, ends), day
    return shifts, calls
