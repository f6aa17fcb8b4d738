"""One stretch of time at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from centre.instants import day_start
from scheduler.rota import NO_WORK, Rota, running_end
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import ForbiddenTime, MinimumRest, Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.carry import carry_in
from scheduler.rules.shared.findings import breach, local
from scheduler.rules.shared.worked import known_work


@dataclass(frozen=True)
class Overlap:
    """No two stretches of one person overlap; a row told twice does. Leave is another rule's.

    **Source:** nobody is in two places at once.
    """

    source: str
    preset: str = ""
    name: ClassVar[str] = "overlap"
    words: ClassVar[str] = "Nobody does two things at once."
    example: ClassVar[str] = (
        "09:00 to 12:00 on the phone and 11:30 to 13:00 in chat are in two places for 30 min."
    )
    tighter: ClassVar[dict[str, int]] = {}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every stretch of the horizon that begins before an earlier one of the same person has ended."""
        rows = np.flatnonzero(~rota.is_kind(*NO_WORK) & (rota.day < facts.end_day))
        agent, start, end = rota.agent[rows], rota.start[rows], rota.end[rows]
        until = running_end(agent, end)[:-1]
        late = (agent[1:] == agent[:-1]) & (start[1:] < until) & (rota.day[rows][1:] >= facts.first_day)
        for k in np.flatnonzero(late):
            window = int(start[k + 1]), int(min(until[k], end[k + 1]))
            yield self._breach(rota.agent_ids[agent[k + 1]], window, facts)
        yield from self._over_the_edge(rota, facts)

    def _over_the_edge(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """First shifts that begin before the last one worked before the horizon has ended."""
        work = known_work(rota, facts)
        first = work.judged & ~work.heads
        first[1:] &= ~work.judged[:-1]
        for k in np.flatnonzero(first & (work.start < work.until)):
            window = int(work.start[k]), int(min(work.until[k], work.end[k]))
            yield self._breach(work.agent_ids[work.agent[k]], window, facts)

    def _breach(self, agent_id: str, window: tuple[int, int], facts: Facts) -> Violation:
        minutes = window[1] - window[0]
        words = (
            f"does two things at once from {local(window[0], facts)} to {local(window[1], facts)} "
            f"({minutes} min; none are allowed)."
        )
        return breach(self, agent_id, window, minutes, 0, "minutes", words)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """A shift starts no sooner than the one before it ends."""
        yield MinimumRest(0)
        last, start = carry_in(person, facts).last_end, day_start(facts.zone, facts.first_day)
        if last is not None and last > start:
            yield ForbiddenTime(start, last)
