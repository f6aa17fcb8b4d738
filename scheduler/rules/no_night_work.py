"""No work at night, for whom a law protects from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Le

from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import BoundedNights, ForbiddenTime, Nights, Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.findings import breach, local
from scheduler.rules.shared.nights import clock, horizon_nights, in_one_night
from scheduler.rules.shared.worked import in_horizon


@dataclass(frozen=True)
class NoNightWork:
    """No shift has more than ``minutes`` inside one night, the time between two wall clocks.

    Presence counts: a break or meal inside the night is no way around the ban. Stretches of one day less than
    five hours apart are one shift, what lies between them too. For whom the ban holds is told by the scope
    that a preset or a centre puts around the rule.

    **Source:** wherever a preset sets it: for young workers Directive 94/33/EC art. 9 (22:00 to 06:00 or 23:00
    to 07:00), JArbSchG § 14(1) (20:00 to 06:00); in pregnancy MuSchG § 5(1) (20:00 to 06:00); Labour Law of
    the PRC art. 61 and 63 (night as 22:00 to 06:00 the ministry's explanation). The German and Chinese articles
    were read in November 2026; the directive and the explanation were not.
    """

    source: str
    minutes: Annotated[int, Ge(0), Le(1440)] = 0
    night_from: Annotated[int, Ge(0), Le(1439)] = 1320
    night_to: Annotated[int, Ge(0), Le(1439)] = 360
    preset: str = ""
    name: ClassVar[str] = "no-night-work"
    words: ClassVar[str] = "No shift reaches into the night."
    example: ClassVar[str] = (
        "With a night from 22:00 to 06:00: a shift from 14:00 to 22:01 is 1 min in the night, where none is allowed."
    )
    tighter: ClassVar[dict[str, int]] = {"minutes": -1}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every shift of the horizon with too much inside one night, told once, by the most in one night."""
        shifts = rota.duties
        found = in_one_night(shifts.start, shifts.end, horizon_nights(facts, self.night_from, self.night_to))
        for k in np.flatnonzero(in_horizon(rota, facts) & (found > self.minutes)):
            window = int(shifts.start[k]), int(shifts.end[k])
            words = (
                f"is present for {found[k]} min between {clock(self.night_from)} and {clock(self.night_to)} "
                f"in the shift from {local(window[0], facts)}; at most {self.minutes} min are allowed."
            )
            agent_id = rota.agent_ids[shifts.agent[k]]
            yield breach(self, agent_id, window, found[k], self.minutes, "minutes", words)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """The nights forbidden; where some minutes are allowed, no shift with more inside one night."""
        windows = horizon_nights(facts, self.night_from, self.night_to)
        if self.minutes:
            nights = Nights(windows, self.minutes + 1)
            yield BoundedNights(nights, facts.first_day, facts.end_day - 1, 0)
            return
        for start, end in windows:
            yield ForbiddenTime(start, end)
