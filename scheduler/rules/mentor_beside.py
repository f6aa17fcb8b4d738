"""Work of somebody mentored beside their mentor."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from scheduler.rota import Rota, running_end
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.findings import breach, date_of, not_checked, unknown
from scheduler.rules.shared.starters import SERVES, rows_in_stage
from scheduler.rules.shared.worked import Rows


@dataclass(frozen=True)
class MentorBeside:
    """Somebody mentored serves queues only while their mentor does, in the same shift of the same day, so that their breaks are alike.

    **Source:** stage and mentor in agents.csv; company policy P10.
    """

    source: str
    preset: str = ""
    name: ClassVar[str] = "mentor-beside"
    words: ClassVar[str] = "Whoever is mentored serves queues only beside their mentor."
    example: ClassVar[str] = (
        "A mentor is at the queue from 09:00 to 12:00, their starter until 12:15: a breach of 15 min."
    )
    tighter: ClassVar[dict[str, int]] = {}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every day on which somebody mentored serves queues without their mentor, with the minutes alone."""
        if facts.people is None:
            yield unknown(self, facts, "Not checked: no list of people with their mentors was given.")
            return
        unmatched = set[str]()
        for person, day, rows in rows_in_stage(rota, facts, "mentored"):
            if person.mentor not in facts.people:
                unmatched.add(person.agent_id)
                continue
            alone, window = _alone(rota, np.flatnonzero(rows), person.mentor, day)
            if alone:
                words = f"serves queues for {alone} min on {date_of(day)} without {person.mentor}, their mentor, beside; none are allowed."
                yield breach(self, person.agent_id, window, alone, 0, "minutes", words)
        yield from not_checked(
            self, facts, len(unmatched), "their mentor is not among the people known here."
        )

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """Nothing: people mentored are given the line of their mentor after the solve (`scheduler.onboarding`)."""
        return iter(())


def _alone(rota: Rota, rows: Rows, mentor: str, day: int) -> tuple[int, tuple[int, int]]:
    """Minutes of some rows outside those of the mentor, and the window of the rows that have any."""
    beside = np.zeros(len(rota), dtype=bool)
    if mentor in rota.agent_ids:
        beside = (rota.agent == rota.agent_ids.index(mentor)) & (rota.day == day) & rota.is_kind(*SERVES)
    alone, starts, ends = 0, list[int](), list[int]()
    for row in rows.tolist():
        first, last = int(rota.start[row]), int(rota.end[row])
        same = np.flatnonzero(beside & (rota.shift == rota.shift[row]))
        begin = np.maximum(rota.start[same], first)
        if len(same):
            begin[1:] = np.maximum(begin[1:], running_end(rota.agent[same], rota.end[same])[:-1])
        shared = int(np.maximum(np.minimum(rota.end[same], last) - begin, 0).sum())
        if shared < last - first:
            alone += last - first - shared
            starts.append(first)
            ends.append(last)
    return alone, (min(starts, default=0), max(ends, default=0))
