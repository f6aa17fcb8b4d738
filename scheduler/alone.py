"""People by themselves: one person's rota as it is and changed, many such rotas judged by all rules at once."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from scheduler.audit import by_zone
from scheduler.rota import Codes, Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.rule import Rule, Violation
from scheduler.rules.shared.worked import Rows

NEW_PAUSE_ACTIVITY = "break"
NOBODY = "~"  # after all numbers
Breaches = Counter[Violation]
COLUMNS = ("day", "start", "end", "activity", "shift", "paid")


@dataclass(frozen=True, eq=False)
class Alone:
    """One person's rota, and what rules may know of them.

    ``facts`` go by their own clock and know of nobody else, but for one row of ``facts.before`` that may be
    another's: the earliest of all, from which rules read since when work is known.
    """

    agent_id: str
    rota: Rota
    facts: Facts


def judged(
    variants: Sequence[tuple[Alone, Rota]], rules: Sequence[Rule], horizon: tuple[int, int] | None = None
) -> list[Breaches]:
    """What breaks a rule in each variant of a person's rota, all judged at once as if each were somebody.

    Parameters
    ----------
    variants : people and a rota of theirs, as it is or changed; their facts may differ in the person alone
    horizon : first day and day after the last, to judge less than the facts' horizon; work before it is known

    Returns
    -------
    Breaches of each variant, as `bare` tells them.
    """
    rota, facts = as_people(variants, horizon)
    found: list[Breaches] = [Counter() for _ in variants]
    for rule in rules:
        for v in rule.violations(rota, facts):
            if v.verdict == "breach" and v.agent_id not in ("", NOBODY):
                found[int(v.agent_id)][bare(v)] += 1
    return found


def as_people(
    variants: Sequence[tuple[Alone, Rota]], horizon: tuple[int, int] | None = None
) -> tuple[Rota, Facts]:
    """One rota in which each variant is somebody, named by its number, and the facts to judge it by; parameters as of `judged`."""
    names = [f"{k:06d}" for k in range(len(variants))]
    before, rota = _together(variants, names, horizon)
    people: dict[str, Person] = {}
    notices: dict[tuple[str, int], int] = {}
    ledger: dict[tuple[str, str, str], tuple[float, int]] = {}
    for name, (alone, _) in zip(names, variants, strict=True):
        told = alone.facts
        for person in (told.people or {}).values():
            people[name] = replace(person, agent_id=name)
        notices |= {(name, day): at for (_, day), at in told.notices.items()}
        ledger |= {(name, account, period): amount for (_, account, period), amount in told.ledger.items()}
    facts = variants[0][0].facts
    first, end = horizon or (facts.first_day, facts.end_day)
    facts = replace(
        facts, first_day=first, days=end - first, people=facts.people if facts.people is None else people,
        before=before, notices=notices, ledger=ledger,
    )  # fmt: skip
    return rota, facts


def bare(violation: Violation) -> Violation:
    """A finding without its person and sentence, to compare those of a person's variants."""
    return replace(violation, agent_id="", explanation="")


def none_new(known: Breaches, found: Breaches) -> bool:
    """Whether what is found are breaches that were known, moved with the shift or smaller, none of them worse."""
    new, pool = list((found - known).elements()), list((known - found).elements())
    for breach in new:
        same = next((each for each in pool if _no_worse(breach, each)), None)
        if same is None:
            return False
        pool.remove(same)
    return True


def _no_worse(breach: Violation, known: Violation) -> bool:
    """Whether a breach can be one that was known, moved with the shift or smaller."""
    alike = (breach.rule, breach.source, breach.unit) == (known.rule, known.source, known.unit)
    if not alike or (breach.short or 0) > (known.short or 0):
        return False
    if breach.start is None or breach.end is None or known.start is None or known.end is None:
        return True
    return breach.start <= known.end and known.start <= breach.end


def _together(
    variants: Sequence[tuple[Alone, Rota]], names: list[str], horizon: tuple[int, int] | None
) -> tuple[Rota | None, Rota]:
    """What was worked before and the rota of all variants, each under a name of its own."""
    early: list[tuple[Rota, Rows, Codes]] = []
    late: list[tuple[Rota, Rows, Codes]] = []
    for k, (alone, rota) in enumerate(variants):
        before, rows = alone.facts.before, np.arange(len(rota))
        if before is not None:
            own = np.array([name == alone.agent_id for name in before.agent_ids], dtype=bool)[before.agent]
            kept = np.arange(len(before))
            if horizon is not None:
                kept = np.flatnonzero(before.day < alone.facts.first_day)
            early.append((before, kept, np.where(own, k, len(names)).astype(np.int32)[kept]))
        if horizon is not None:
            past = np.flatnonzero((rota.day >= alone.facts.first_day) & (rota.day < horizon[0]))
            early.append((rota, past, np.full(len(past), k, dtype=np.int32)))
            rows = np.flatnonzero((rota.day >= horizon[0]) & (rota.day < horizon[1]))
        late.append((rota, rows, np.full(len(rows), k, dtype=np.int32)))
    return (_stacked(early, names) if early else None), _stacked(late, names)


def _stacked(parts: list[tuple[Rota, Rows, Codes]], names: list[str]) -> Rota:
    """Rows of rotas with the same code books under other names; `NOBODY` comes last."""
    agent = np.concatenate([codes for _, _, codes in parts])
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(part, name)[rows] for part, rows, _ in parts]) for name in COLUMNS
    }
    order = np.lexsort((columns["end"], columns["start"], agent))
    columns = {name: column[order] for name, column in columns.items()}
    stacked = replace(parts[0][0], agent_ids=(*names, NOBODY), agent=agent[order], **columns)
    return stacked.narrowed(np.ones(len(stacked), dtype=bool))


def as_audited(rota: Rota, facts: Facts) -> Facts:
    """The facts as the audit takes them: without ``before``, the rota's own days before the horizon count."""
    if facts.before is None and (rota.day < facts.first_day).any():
        return replace(facts, before=rota)
    return facts


class Separate:
    """Takes people out of a rota one by one.

    Parameters
    ----------
    rota, facts : what was judged, see `as_audited`
    """

    def __init__(self, rota: Rota, facts: Facts) -> None:
        facts = as_audited(rota, facts)
        told = (rota,) if facts.before is None else (rota, facts.before)
        self._shift_names = tuple(sorted({name for part in told for name in part.shift_names}))
        self._activities = tuple(
            sorted({NEW_PAUSE_ACTIVITY, *(name for part in told for name in part.activities)})
        )
        self._notices: dict[str, dict[tuple[str, int], int]] = {}
        for key, at in facts.notices.items():
            self._notices.setdefault(key[0], {})[key] = at
        self._ledger: dict[str, dict[tuple[str, str, str], tuple[float, int]]] = {}
        for account, amount in facts.ledger.items():
            self._ledger.setdefault(account[0], {})[account] = amount
        self._parts = list(by_zone(rota, facts))

    def person(self, agent_id: str, idle: bool = False) -> Alone | None:
        """The person by themselves; None where the rota does not have them, nor with ``idle`` the list of people."""
        for part, facts in self._parts:
            rows = _rows_of(part, agent_id)
            if len(rows) or (idle and agent_id in (facts.people or {})):
                people, before = facts.people, facts.before
                if before is not None and len(before):
                    before = self._only(
                        before, np.union1d(_rows_of(before, agent_id), [int(before.day.argmin())])
                    )
                own = replace(
                    facts,
                    people=people and {k: people[k] for k in (agent_id,) if k in people},
                    before=before,
                    notices=self._notices.get(agent_id, {}),
                    ledger=self._ledger.get(agent_id, {}),
                )
                return Alone(agent_id, replace(self._only(part, rows), agent_ids=(agent_id,)), own)
        return None

    def _only(self, rota: Rota, rows: Rows) -> Rota:
        """These rows, and of the people only those who have one, with the code books that all parts share."""
        codes, agent = np.unique(rota.agent[rows], return_inverse=True)
        shift = np.array([self._shift_names.index(name) for name in rota.shift_names], dtype=np.int32)
        activity = np.array([self._activities.index(name) for name in rota.activities], dtype=np.int32)
        return Rota(
            tuple(rota.agent_ids[code] for code in codes), self._shift_names, self._activities,
            agent.astype(np.int32), rota.day[rows], rota.start[rows], rota.end[rows],
            activity[rota.activity[rows]], shift[rota.shift[rows]], rota.paid[rows],
        )  # fmt: skip


def _rows_of(rota: Rota, agent_id: str) -> Rows:
    """One person's rows."""
    code = bisect_left(rota.agent_ids, agent_id)
    if code == len(rota.agent_ids) or rota.agent_ids[code] != agent_id:
        return np.zeros(0, dtype=np.intp)
    return np.arange(*np.searchsorted(rota.agent, np.array([code, code + 1], dtype=rota.agent.dtype)))
