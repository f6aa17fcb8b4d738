"""Rest after training."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Gt

from centre.instants import day_start
from scheduler.rota import PAUSES, Rota, activity_kind
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import ForbiddenTime, Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.carry import carry_in, rows_of
from scheduler.rules.shared.findings import breach, local, not_checked
from scheduler.rules.shared.marked import shifts_of_kind
from scheduler.rules.shared.worked import LONGEST_SHIFT_MINUTES, known_bounds, known_work, newcomers


@dataclass(frozen=True)
class RestAfterTraining:
    """At least ``minimum_minutes`` from the end of a shift with training to the start of the next shift.

    Training is what stands in the rota as activity ``training``. ``training = "any"``: every shift that holds
    some; ``"whole"``: only shifts that are nothing else but breaks.

    **Source:** a company rule wherever a centre sets it.
    """

    minimum_minutes: Annotated[int, Gt(0)]
    source: str
    training: Literal["any", "whole"] = "any"
    preset: str = ""
    name: ClassVar[str] = "rest-after-training"
    words: ClassVar[str] = "Between training and the next shift lies a minimum of rest."
    example: ClassVar[str] = (
        "With 12 h: training that ends at 18:00 and a shift that starts at 05:59 leave 719 of 720 min."
    )
    tighter: ClassVar[dict[str, int]] = {"minimum_minutes": 1}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every shift of the horizon that starts too soon after one with training."""
        work = known_work(rota, facts)
        if not len(work):
            return
        trained = shifts_of_kind(work, rota, facts, "training", self.training == "whole")
        after = np.roll(trained, 1) & ~work.heads
        for k in np.flatnonzero(work.judged & after & (work.start - work.until < self.minimum_minutes)):
            ended, began = int(work.until[k]), int(work.start[k])
            found = max(0, began - ended)
            words = (
                f"rested {found} min from {local(ended, facts)}, after training, to {local(began, facts)}; "
                f"at least {self.minimum_minutes} min are required."
            )
            who = work.agent_ids[work.agent[k]]
            yield breach(self, who, (ended, began), found, self.minimum_minutes, "minutes", words)
        reach = known_bounds(facts)[0] + self.minimum_minutes + LONGEST_SHIFT_MINUTES
        first = work.heads & work.judged & (work.start < reach) & ~newcomers(work, facts)[work.agent]
        reason = "whether they had training just before the known days is not known."
        yield from not_checked(self, facts, int(first.sum()), reason)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """The rest after training at the end of what was worked before; shifts of the horizon hold none."""
        carry, start = carry_in(person, facts), day_start(facts.zone, facts.first_day)
        before = facts.before
        if before is None or not len(carry) or int(carry.end.max()) + self.minimum_minutes <= start:
            return
        own = rows_of(before, person.agent_id)
        last = (before.day[own] == carry.day[-1]) & (before.end[own] > carry.start[-1])
        rows = own[last & (before.duty[own] >= 0)]
        kinds = {activity_kind(before.activities[each]) for each in before.activity[rows]}
        if "training" in kinds and (self.training == "any" or kinds <= {"training", *PAUSES}):
            ended = int(carry.end.max())
            yield ForbiddenTime(min(start, ended), ended + self.minimum_minutes)
