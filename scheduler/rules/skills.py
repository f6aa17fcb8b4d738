"""Work on queues that a person has the skill for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.findings import breach, local, not_checked, unknown
from scheduler.rules.shared.pairs import count_of, flagged, people_of

ANY_QUEUE = "*"


@dataclass(frozen=True)
class Skills:
    """Work on a queue (``work:<queue>``) needs its skill; ``work:*`` leaves the queue to the routing.

    **Source:** skills in agents.csv.
    """

    source: str
    preset: str = ""
    name: ClassVar[str] = "skills"
    words: ClassVar[str] = "Everyone works only on queues they have the skill for."
    example: ClassVar[str] = "Work for the queue chat by somebody whose skills are phone alone is a breach."
    tighter: ClassVar[dict[str, int]] = {}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every stretch of work in the horizon on a queue outside the person's skills."""
        if facts.people is None:
            yield unknown(self, facts, "Not checked: no list of people with their skills was given.")
            return
        queues = [activity.partition(":")[2] for activity in rota.activities]
        named = np.array([queue not in ("", ANY_QUEUE) for queue in queues], dtype=bool)
        judged = (rota.day >= facts.first_day) & (rota.day < facts.end_day) & rota.is_kind("work")
        judged &= named[rota.activity]
        skills = [person.skills if person else None for person in people_of(rota, facts)]

        def is_wrong(agent: int, activity: int) -> bool:
            known = skills[agent]
            return known is not None and queues[activity] not in known

        for k in np.flatnonzero(flagged(rota.agent, rota.activity, judged, is_wrong)):
            start, end = int(rota.start[k]), int(rota.end[k])
            words = (
                f"works on {queues[rota.activity[k]]} from {local(start, facts)} to {local(end, facts)} "
                f"without the skill for it ({end - start} min; none are allowed)."
            )
            yield breach(self, rota.agent_ids[rota.agent[k]], (start, end), end - start, 0, "minutes", words)
        without = count_of(rota.agent, judged, [known is None for known in skills])
        yield from not_checked(self, facts, without, "their skills are not known.")

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """Nothing: skills say what is done inside a shift, not which shift is worked."""
        return iter(())
