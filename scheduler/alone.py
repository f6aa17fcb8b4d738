"""One person's rota by itself, so that a change of it can be judged at the cost of one person."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from scheduler.audit import by_zone
from scheduler.rota import Rota
from scheduler.rules.facts import Facts
from scheduler.rules.rule import Rule, Violation
from scheduler.rules.worked import Rows


@dataclass(frozen=True, eq=False)
class Alone:
    """One person's rota, and what rules may know of them; ``facts`` go by their own clock."""

    agent_id: str
    rota: Rota
    facts: Facts

    def breaches(self, rules: Sequence[Rule], rota: Rota) -> list[Violation]:
        """What breaks a rule in ``rota``, this person's as it is or changed."""
        return [v for rule in rules for v in rule.violations(rota, self.facts) if v.verdict == "breach"]


class Separate:
    """Takes people out of a rota one by one.

    Parameters
    ----------
    rota, facts : what was judged; where ``facts.before`` is None, the rota's own days before the horizon count
    """

    def __init__(self, rota: Rota, facts: Facts) -> None:
        if facts.before is None and (rota.day < facts.first_day).any():
            facts = replace(facts, before=rota)
        self._parts = [(part, told, _earliest(told.before)) for part, told in by_zone(rota, facts)]

    def person(self, agent_id: str) -> Alone | None:
        """The person by themselves; None where the rota does not have them.

        The earliest row of all that was worked before stays beside theirs, whoever's it is: from it rules read
        since when work is known.
        """
        for part, facts, earliest in self._parts:
            rows = _rows_of(part, agent_id)
            if len(rows):
                people, before = facts.people, facts.before
                if before is not None:
                    before = _only(before, np.union1d(_rows_of(before, agent_id), earliest))
                own = people and {k: people[k] for k in (agent_id,) if k in people}
                return Alone(agent_id, _only(part, rows), replace(facts, people=own, before=before))
        return None


def _earliest(before: Rota | None) -> Rows:
    """The first row of the earliest day; none where nothing is known."""
    return np.array([before.day.argmin()] if before is not None and len(before) else [], dtype=np.intp)


def _rows_of(rota: Rota, agent_id: str) -> Rows:
    """One person's rows."""
    code = bisect_left(rota.agent_ids, agent_id)
    if code == len(rota.agent_ids) or rota.agent_ids[code] != agent_id:
        return np.zeros(0, dtype=np.intp)
    return np.arange(*np.searchsorted(rota.agent, np.array([code, code + 1], dtype=rota.agent.dtype)))


def _only(rota: Rota, rows: Rows) -> Rota:
    """These rows, and of the people only those who have one."""
    codes, agent = np.unique(rota.agent[rows], return_inverse=True)
    return Rota(
        tuple(rota.agent_ids[code] for code in codes), rota.shift_names, rota.activities,
        agent.astype(np.int32), rota.day[rows], rota.start[rows], rota.end[rows], rota.activity[rows],
        rota.shift[rows], rota.paid[rows],
    )  # fmt: skip
