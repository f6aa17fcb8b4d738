"""Rest after a row of night shifts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt, Le

from centre.instants import Minutes, day_start
from scheduler.rota import Codes, Flags, Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import ForbiddenTime, Primitive, RestAfterNights
from scheduler.rules.rule import Violation
from scheduler.rules.shared.carry import carry_in
from scheduler.rules.shared.findings import breach, local, not_checked
from scheduler.rules.shared.nights import night_shifts, nights_of
from scheduler.rules.shared.worked import LONGEST_SHIFT_MINUTES, known_from, known_work, newcomers


@dataclass(frozen=True)
class RestAfterNightShifts:
    """After night shifts on ``nights`` or more days in a row, ``minimum_minutes`` of rest before anything else.

    Only the next night of the row, on the very next day, may follow sooner. The rest runs from the end of the
    last night to the start of the next shift, in elapsed time. A night shift has ``counts_minutes`` or more
    inside one night, breaks counted; days are those to which shifts belong.

    **Source:** a company rule wherever a centre sets it, such as 46 hours after two or more nights.
    """

    minimum_minutes: Annotated[int, Gt(0)]
    source: str
    nights: Annotated[int, Gt(0)] = 2
    counts_minutes: Annotated[int, Gt(0)] = 180
    night_from: Annotated[int, Ge(0), Le(1439)] = 1380
    night_to: Annotated[int, Ge(0), Le(1439)] = 360
    preset: str = ""
    name: ClassVar[str] = "rest-after-nights"
    words: ClassVar[str] = "After a row of night shifts there is a long rest before anything else."
    example: ClassVar[str] = (
        "With 46 h after two nights: the second ends on Wednesday at 06:00, a shift on Friday at 03:59 is 1 min too soon."
    )
    tighter: ClassVar[dict[str, int]] = {"minimum_minutes": 1, "nights": -1, "counts_minutes": -1}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every shift of the horizon that follows too soon on a row of nights."""
        work = known_work(rota, facts)
        if not len(work):
            return
        night = night_shifts(self, work, facts)
        row, goes_on, opening = _rows_of_nights(night, work.agent, work.day)
        before = np.where(work.heads, 0, np.roll(row, 1))
        soon = work.judged & ~work.heads & ~goes_on & (work.start - work.until < self.minimum_minutes)
        broken = soon & (before >= self.nights)
        for k in np.flatnonzero(broken):
            ended, began = int(work.until[k]), int(work.start[k])
            found = max(0, began - ended)
            words = (
                f"rested {found} min from {local(ended, facts)} to {local(began, facts)} after nights on "
                f"{before[k]} days in a row; at least {self.minimum_minutes} min are required "
                f"after {self.nights} or more."
            )
            who = work.agent_ids[work.agent[k]]
            yield breach(self, who, (ended, began), found, self.minimum_minutes, "minutes", words)
        longer = soon & (before > 0) & ~broken & (np.roll(opening, 1) <= known_from(facts))
        reach = day_start(facts.zone, known_from(facts)) + self.minimum_minutes + LONGEST_SHIFT_MINUTES
        first = work.judged & work.heads & (work.start < reach)
        doubtful = np.unique(work.agent[longer | first])
        count = int((~newcomers(work, facts)[doubtful]).sum())
        yield from not_checked(
            self, facts, count, "whether they worked nights before the known days is not known."
        )

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """The rest, after nights worked before the horizon too."""
        carry, start = carry_in(person, facts), day_start(facts.zone, facts.first_day)
        carried, last_end = 0, start
        if len(carry):
            night = night_shifts(self, carry, facts)
            alone = np.zeros(len(carry), dtype=np.int32)
            row = int(_rows_of_nights(night, alone, carry.day)[0][-1])
            rested = int(carry.end.max()) + self.minimum_minutes
            if carry.day[-1] == facts.first_day - 1:
                carried, last_end = row, int(carry.end.max())
            elif row >= self.nights and rested > start:
                yield ForbiddenTime(min(start, int(carry.end.max())), rested)
        yield RestAfterNights(nights_of(self, facts), self.nights, self.minimum_minutes, carried, last_end)


def _rows_of_nights(night: Flags, agent: Codes, day: Minutes) -> tuple[Minutes, Flags, Minutes]:
    """Of shifts sorted by person and start: days with a night in a row up to this shift (0: no night shift),
    whether it goes on with the row before it, and the first day of its row; each of shape (shifts,).
    """
    goes_on = np.zeros(len(night), dtype=bool)
    goes_on[1:] = night[1:] & night[:-1] & (agent[1:] == agent[:-1]) & (day[1:] <= day[:-1] + 1)
    heads = np.maximum.accumulate(np.where(goes_on, 0, np.arange(len(night))))
    opening = day[heads]
    return np.where(night, day - opening + 1, 0), goes_on, opening
