"""Rests told shift by shift: how long somebody is free by a deadline, and first shifts after unknown ones."""

import numpy as np

from centre.instants import Minutes
from scheduler.rota import Flags
from scheduler.rules.facts import Facts
from scheduler.rules.shared.worked import LONGEST_SHIFT_MINUTES, Rows, Worked, known_bounds, newcomers


def longest_rests(work: Worked, rows: Rows, until: Minutes, among: Flags | None = None) -> Minutes:
    """Longest time in a row without work from the start of each of ``rows`` to its instant ``until``.

    The shift itself is work; time of which nothing is known is free. Minutes of shape (rows,). ``among`` marks
    the other shifts that are looked at: all by default, else no later one without the earlier of its person.
    """
    longest = np.zeros(len(rows), dtype=np.int64)
    free_from = np.maximum(work.end[rows], work.until[rows])
    which = np.arange(len(rows))
    following = np.asarray(rows, dtype=np.int64) + 1
    while len(which):
        inside = following < len(work)
        there = np.minimum(following, len(work) - 1)
        inside &= (work.agent[there] == work.agent[rows[which]]) & (work.start[there] < until[which])
        if among is not None:
            inside &= among[there]
        gap = np.where(inside, work.start[there], until[which]) - free_from[which]
        longest[which] = np.maximum(longest[which], gap)
        free_from[which] = np.maximum(free_from[which], work.end[there])
        which, following = which[inside], following[inside] + 1
    return longest


def follow_unknown(work: Worked, facts: Facts, minutes: int) -> Flags:
    """First known shifts of the horizon that may begin within ``minutes`` of one that we do not know."""
    reach = known_bounds(facts)[0] + minutes + LONGEST_SHIFT_MINUTES
    return work.heads & work.judged & (work.start < reach) & ~newcomers(work, facts)[work.agent]
