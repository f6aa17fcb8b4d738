"""A bounded sum over days, told as a primitive with its carry-in, and the weeks of which all is known."""

from collections.abc import Iterator

import numpy as np

from centre.instants import MINUTES_A_DAY
from scheduler.rota import Flags
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import BoundedSum, Measure, Primitive
from scheduler.rules.shared.carry import carry_in
from scheduler.rules.shared.worked import Worked, known_from, newcomers


def sum_lines(
    person: Person,
    facts: Facts,
    days: tuple[int, int],
    measure: Measure,
    low: int | None = None,
    high: int | None = None,
) -> Iterator[Primitive]:
    """``low..high`` for the sum over ``days``, both counted, less what was worked before.

    A limit that is used up allows nothing more; one that no line could reach is left out.
    """
    first, last = max(days[0], facts.first_day), min(days[1], facts.end_day - 1)
    past = carry_in(person, facts).total(measure, days[0], first - 1)
    low = None if low is None or low <= past else low - past
    most = (last - first + 1) * (1 if measure == "shifts" else MINUTES_A_DAY)
    high = None if high is None or high - past >= most else max(0, high - past)
    if low is not None or high is not None:
        yield BoundedSum(first, last, measure, low, high)


def is_complete(week: int, facts: Facts) -> bool:
    """Whether all work of the calendar week begun on day ``week`` is known."""
    return known_from(facts) <= week and week + 7 <= facts.end_day


def known_days(week: int, facts: Facts) -> int:
    """How many days of the calendar week begun on day ``week`` are known."""
    return max(0, min(week + 7, facts.end_day) - max(week, known_from(facts)))


def complete_weeks(facts: Facts) -> Flags:
    """`is_complete` for every week that touches the horizon, shape (weeks,)."""
    return np.array([is_complete(week, facts) for week in facts.weeks()], dtype=bool)


def unknown_weeks(work: Worked, facts: Facts) -> Flags:
    """Whether a week began before the known days of a person, shape (agents, weeks)."""
    early = np.array([week < known_from(facts) for week in facts.weeks()], dtype=bool)
    return early[None, :] & ~newcomers(work, facts)[:, None]
