"""Starters beside one mentor at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.findings import breach, local, not_checked, unknown
from scheduler.rules.shared.starters import rows_in_stage

Edge = tuple[int, int]
"""An instant at which somebody comes (1) or goes (-1)."""


@dataclass(frozen=True)
class MentorLoad:
    """At any moment no more starters serve queues beside one mentor than ``mentor_load`` of ``[onboarding]``.

    **Source:** mentor in agents.csv, mentor_load in centre.toml; company policy P10.
    """

    source: str
    preset: str = ""
    name: ClassVar[str] = "mentor-load"
    words: ClassVar[str] = "A mentor has no more starters beside them at a time than agreed."
    example: ClassVar[str] = (
        "With a mentor_load of 1, two starters beside the same mentor at 10:00 are one too many."
    )
    tighter: ClassVar[dict[str, int]] = {}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every mentor and day with too many starters at a time."""
        if facts.people is None:
            yield unknown(self, facts, "Not checked: no list of people with their mentors was given.")
            return
        by_mentor: dict[tuple[str, int], list[Edge]] = {}
        unmatched = set[str]()
        for person, day, rows in rows_in_stage(rota, facts, "mentored"):
            if person.mentor not in facts.people:
                unmatched.add(person.agent_id)
                continue
            edges = by_mentor.setdefault((person.mentor, day), [])
            for row in np.flatnonzero(rows).tolist():
                edges += [(int(rota.start[row]), 1), (int(rota.end[row]), -1)]
        yield from not_checked(
            self, facts, len(unmatched), "their mentor is not among the people known here."
        )
        if by_mentor and facts.mentor_load is None:
            yield unknown(self, facts, "Not checked: how many starters a mentor may have is not known.")
            return
        for (mentor, _), edges in by_mentor.items():
            most, window = _most(edges)
            if facts.mentor_load is not None and most > facts.mentor_load:
                words = (
                    f"has {most} starters beside them from {local(window[0], facts)} to {local(window[1], facts)}; "
                    f"at most {facts.mentor_load} are agreed."
                )
                yield breach(self, mentor, window, most, facts.mentor_load, "starters", words)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """Nothing: who mentors whom is settled before the rota is made."""
        return iter(())


def _most(edges: list[Edge]) -> tuple[int, Edge]:
    """The most at a time, and from when to when there are so many for the first time."""
    here, most, window = 0, 0, (0, 0)
    ordered = sorted(edges)
    for place, (at, step) in enumerate(ordered):
        here += step
        if here > most:
            following = next((then for then, way in ordered[place + 1 :] if way < 0), at)
            most, window = here, (at, following)
    return most, window
