"""One shift a day."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from centre.instants import Minutes
from scheduler.rota import Codes, Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.findings import breach, date_of
from scheduler.rules.shared.worked import in_horizon


@dataclass(frozen=True)
class OneShiftADay:
    """At most one shift of a person begins on a day.

    Two shifts are stretches of one day with different shift names, or far enough apart
    (`scheduler.rota.SPLIT_GAP_MINUTES`).

    **Source:** a shift belongs to the day on which it starts, and templates are whole shifts.
    """

    source: str
    preset: str = ""
    name: ClassVar[str] = "one-shift-a-day"
    words: ClassVar[str] = "Nobody has two shifts on one day."
    example: ClassVar[str] = "06:00 to 09:00 and 17:00 to 20:00 on one day are two shifts."
    tighter: ClassVar[dict[str, int]] = {}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every person and day of the horizon with more than one shift."""
        shifts = rota.duties
        rows = np.flatnonzero((rota.duty >= 0) & (np.array(rota.shift_names, dtype=object) != "")[rota.shift])
        named = _counts(rota.duty[rows], rota.shift[rows], len(shifts))
        keys = (shifts.agent.astype(np.int64) << 24) + shifts.day
        _, which = np.unique(keys, return_inverse=True)
        found = (
            np.bincount(which, weights=np.maximum(1, named)).astype(np.int64)[which] if len(shifts) else which
        )
        _, first = np.unique(keys, return_index=True)
        for k in first[in_horizon(rota, facts)[first] & (found[first] > 1)]:
            same = which == which[k]
            window = int(shifts.start[same].min()), int(shifts.end[same].max())
            words = f"has {found[k]} shifts on {date_of(shifts.day[k])}; at most 1 is allowed a day."
            yield breach(self, rota.agent_ids[shifts.agent[k]], window, found[k], 1, "shifts", words)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """Nothing: a line of work has at most one shift a day by its shape."""
        return iter(())


def _counts(owner: Minutes, code: Codes, size: int) -> Minutes:
    """How many different codes each owner has, shape (size,)."""
    pairs = np.unique((owner << 32) + code)
    return np.bincount(pairs >> 32, minlength=size).astype(np.int64)
