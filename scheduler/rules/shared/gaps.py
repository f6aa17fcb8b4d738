"""A gap of given length somewhere in a window: judged on a rota, told as a primitive with its carry-in."""

from collections.abc import Iterator

import numpy as np

from centre.instants import Minutes, day_start
from scheduler.rota import Flags
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import GapInWindow, Primitive
from scheduler.rules.shared.carry import carry_in
from scheduler.rules.shared.worked import Worked, known_bounds, longest_gaps


def judge_gaps(
    work: Worked, facts: Facts, window: tuple[int, int], minimum: int
) -> tuple[Minutes, Flags, Flags]:
    """The longest gap found, who surely lacks the minimum, and who may lack it; each of shape (agents,).

    Time outside the known days counts as free for "surely" and as worked for "may". What was lost by work
    before the horizon alone is a finding of the rota before, not of this one.
    """
    found = longest_gaps(work, *window)
    possible = longest_gaps(work, *window, among=~work.judged) >= minimum
    broken = possible & (found < minimum)
    known = known_bounds(facts)
    inner = max(window[0], known[0]), min(window[1], known[1])
    if inner == window:
        return found, broken, np.zeros_like(broken)
    return found, broken, possible & ~broken & (longest_gaps(work, *inner) < minimum)


def gap_lines(person: Person, facts: Facts, window: tuple[int, int], minimum: int) -> Iterator[Primitive]:
    """The window shortened by what was worked before; nothing where the gap is already had or lost."""
    start, end = window
    carry = carry_in(person, facts)
    if len(carry):
        ended, began = carry.gaps()
        first = int(carry.start[0])
        had = np.minimum(np.append(began, first), end) - np.maximum(np.append(ended, start), start)
        if had.max() >= minimum:
            return
        start = max(start, int(carry.end.max()))
    if end - start >= minimum and day_start(facts.zone, facts.first_day) - start < minimum:
        yield GapInWindow(minimum, start, end)
