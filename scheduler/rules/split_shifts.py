"""Days whose work is split into parts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt

from centre.instants import MINUTES_A_DAY, Minutes
from centre.model import ShiftTemplate
from scheduler.rota import Rota, running_end
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import AllowedShifts, Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.findings import breach, date_of, local
from scheduler.rules.shared.worked import Rows, runs


@dataclass(frozen=True)
class SplitShifts:
    """A day's work has at most ``parts`` parts, and what lies between two parts has its least and greatest length.

    Parts of one person and day are apart where nothing is told, or a ``split``, for ``apart_minutes`` or more; breaks
    and meals that are told split nothing, and call-outs are no part. ``parts`` = 1 bans split shifts. ``least_minutes`` and
    ``greatest_minutes`` bound each time between two parts; 0 sets no bound.

    **Source:** a company rule, or an agreement on split shifts; no statute is taken as read here.
    """

    source: str
    parts: Annotated[int, Gt(0)] = 1
    least_minutes: Annotated[int, Ge(0)] = 0
    greatest_minutes: Annotated[int, Ge(0)] = 0
    apart_minutes: Annotated[int, Gt(0)] = 60
    preset: str = ""
    name: ClassVar[str] = "split-shifts"
    words: ClassVar[str] = "A day's work has no more parts than allowed, neither too near nor too far apart."
    example: ClassVar[str] = (
        "With at most 2 parts and 240 min between them: 08:00 to 12:00 and 16:01 to 20:00 are 241 min apart, one too many."
    )
    tighter: ClassVar[dict[str, int]] = {"parts": -1, "least_minutes": 1, "apart_minutes": -1}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Days with too many parts, and times between parts outside their bounds."""
        planned = (rota.duty >= 0) & ~rota.is_kind("call_out", "split")
        rows = np.flatnonzero(planned & (rota.day >= facts.first_day) & (rota.day < facts.end_day))
        if not len(rows):
            return
        agent, day, start = rota.agent[rows], rota.day[rows], rota.start[rows]
        until = running_end(agent, rota.end[rows])
        fresh = np.ones(len(rows), dtype=bool)
        fresh[1:] = (agent[1:] != agent[:-1]) | (day[1:] != day[:-1])
        idle = np.zeros(len(rows), dtype=np.int64)
        idle[1:] = np.where(fresh[1:], 0, start[1:] - until[:-1])
        splits = idle >= self.apart_minutes
        heads, tails = runs(fresh)
        parts = 1 + np.add.reduceat(splits.astype(np.int64), heads)
        for k in np.flatnonzero(parts > self.parts):
            window = int(start[heads[k]]), int(until[tails[k]])
            words = f"works {parts[k]} parts on {date_of(day[heads[k]])}; at most {self.parts} are allowed."
            agent_id = rota.agent_ids[agent[heads[k]]]
            yield breach(self, agent_id, window, parts[k], self.parts, "parts", words)
        yield from self._between(rota, facts, rows, np.flatnonzero(splits), idle)

    def _between(
        self, rota: Rota, facts: Facts, rows: Rows, splits: Rows, idle: Minutes
    ) -> Iterator[Violation]:
        """Times between two parts that are too short or too long."""
        for k in splits:
            found = int(idle[k])
            if found < self.least_minutes:
                limit, bound = self.least_minutes, f"at least {self.least_minutes}"
            elif self.greatest_minutes and found > self.greatest_minutes:
                limit, bound = self.greatest_minutes, f"at most {self.greatest_minutes}"
            else:
                continue
            began = int(rota.start[rows[k]])
            words = (
                f"has {found} min between the parts of {date_of(rota.day[rows[k]])}, from "
                f"{local(began - found, facts)} to {local(began, facts)}; {bound} min are asked for."
            )
            agent_id = rota.agent_ids[rota.agent[rows[k]]]
            yield breach(self, agent_id, (began - found, began), found, limit, "minutes", words)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """The templates that keep the rule: a line of work has one shift a day, parted by its template's splits."""
        templates = tuple((facts.templates or {}).values())
        lawful = frozenset(template.name for template in templates if self._is_kept_by(template))
        if len(lawful) < len(templates):
            yield AllowedShifts(lawful)

    def _is_kept_by(self, template: ShiftTemplate) -> bool:
        """Whether every shift of the template keeps the rule."""
        apart = [b.minutes for b in template.breaks if b.kind == "split" and b.minutes >= self.apart_minutes]
        most = self.greatest_minutes or MINUTES_A_DAY
        return len(apart) < self.parts and all(self.least_minutes <= minutes <= most for minutes in apart)
