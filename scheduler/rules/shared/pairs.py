"""Rows judged by who and what alone: each pair of person and code is looked at once."""

from collections.abc import Callable

import numpy as np

from scheduler.rota import Codes, Flags, Rota
from scheduler.rules.facts import Facts, Person


def flagged(agent: Codes, code: Codes, among: Flags, is_wrong: Callable[[int, int], bool]) -> Flags:
    """Rows of ``among`` whose pair (agent, code) is wrong, shape (rows,)."""
    rows = np.flatnonzero(among)
    width = int(code.max(initial=0)) + 1
    pairs, which = np.unique(agent[rows].astype(np.int64) * width + code[rows], return_inverse=True)
    wrong = np.array([is_wrong(*divmod(int(pair), width)) for pair in pairs], dtype=bool)
    flags = np.zeros(len(agent), dtype=bool)
    flags[rows] = wrong[which]
    return flags


def people_of(rota: Rota, facts: Facts) -> list[Person | None]:
    """The person of each of the rota's agent codes; None where the list has none."""
    people = facts.people or {}
    return [people.get(name) for name in rota.agent_ids]


def count_of(agent: Codes, among: Flags, is_missing: list[bool]) -> int:
    """How many people with a row of ``among`` lack a fact."""
    return int(sum(is_missing[code] for code in np.unique(agent[among])))
