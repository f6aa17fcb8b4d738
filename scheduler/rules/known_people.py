"""People in the rota who are on the list."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.findings import breach, unknown


@dataclass(frozen=True)
class KnownPeople:
    """Everyone in the rota is on the list of people.

    **Source:** agents.csv.
    """

    source: str
    preset: str = ""
    name: ClassVar[str] = "known-people"
    words: ClassVar[str] = "Everyone in the rota is on the list of people."
    example: ClassVar[str] = "A shift of an agent_id that agents.csv does not have is a finding."
    tighter: ClassVar[dict[str, int]] = {}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Everyone in the rota whom the list does not have, each once."""
        if facts.people is None:
            yield unknown(self, facts, "Not checked: no list of people was given.")
            return
        for code in np.flatnonzero([name not in facts.people for name in rota.agent_ids]):
            rows = np.flatnonzero(rota.agent == code)
            if len(rows):
                window = int(rota.start[rows].min()), int(rota.end[rows].max())
                words = f"has {len(rows)} row(s) in the rota but is not on the list of people."
                yield breach(self, rota.agent_ids[code], window, len(rows), 0, "rows", words)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """Nothing: a solver plans only people on the list."""
        return iter(())
