"""Whether two people may exchange shifts, or one may take another's: by every rule for both, before and after; and who else could."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from scheduler.alone import Alone, Breaches, Separate, judged, none_new
from scheduler.audit import audit
from scheduler.intraday.rows import put_back, rows_of, with_rows
from scheduler.rota import Rota
from scheduler.rules.facts import Facts
from scheduler.rules.rule import Rule, Violation
from scheduler.rules.shared.starters import BETWEEN_PEOPLE

MOST_OTHERS = 10


@dataclass(frozen=True, slots=True)
class Given:
    """Somebody's shifts of one day: a day number."""

    agent_id: str
    day: int


@dataclass(frozen=True, eq=False)
class Answer:
    """Whether a swap may be.

    Parameters
    ----------
    gives, takes : whose shifts go, and who has them afterwards; ``back`` are the shifts given in return, None for an offer
    breaches : of each of the two, those that would be new
    before : the rota without the swap
    parts : rotas of the two with it, by agent_id
    """

    gives: Given
    takes: str
    back: Given | None
    breaches: tuple[tuple[str, Violation], ...]
    before: Rota
    parts: dict[str, Rota]

    @property
    def rota(self) -> Rota:
        """The rota with the swap, whether it may be or not."""
        return put_back(self.before, self.parts)

    @property
    def allowed(self) -> bool:
        """Whether no rule is newly broken."""
        return not self.breaches


class Swaps:
    """Checks swaps of one rota.

    Parameters
    ----------
    rota, facts, rules : the rota as it is worked, and what it is judged by
    """

    def __init__(self, rota: Rota, facts: Facts, rules: Sequence[Rule]) -> None:
        self.rota, self.facts, self.rules = rota, facts, rules
        self._separate = Separate(rota, facts)
        self._known: dict[str, Breaches] = {}

    def has_shift(self, given: Given) -> bool:
        """Whether somebody works on a day."""
        return self.shifts_of(given) != []

    def shifts_of(self, given: Given) -> list[int]:
        """Indices into `Rota.duties` of somebody's shifts of a day."""
        duties = self.rota.duties
        if given.agent_id not in self.rota.agent_ids:
            return []
        mine = duties.agent == self.rota.agent_ids.index(given.agent_id)
        return [int(k) for k in np.flatnonzero(mine & (duties.day == given.day))]

    def check(self, gives: Given, takes: str, back: Given | None = None) -> Answer:
        """What becomes of both where ``takes`` has the shifts of ``gives``, and gives ``back`` where that is told."""
        (answer,) = self._checked(gives, [(takes, back)])
        return answer

    def others(self, gives: Given, most: int = MOST_OTHERS, back: bool = True) -> list[Answer]:
        """Who could take the shifts: first people who are off that day, then (``back``) those who could exchange theirs of that day.

        Of each kind those who already do most like it come first: shifts of the same name, then by agent_id.
        """
        names = {self.rota.shift_names[self.rota.duties.shift[k]] for k in self.shifts_of(gives)}
        asked: list[tuple[str, Given | None]] = []
        for agent_id in sorted(self.facts.people or self.rota.agent_ids):
            own = Given(agent_id, gives.day)
            if agent_id == gives.agent_id:
                continue
            if not self.has_shift(own):
                asked.append((agent_id, None))
            elif back and self._times(own) != self._times(gives):
                asked.append((agent_id, own))
        allowed = [answer for answer in self._checked(gives, asked) if answer.allowed]

        def order(answer: Answer) -> tuple[bool, bool, str]:
            usual = {self.rota.shift_names[code] for code in self._codes(answer.takes)}
            return answer.back is not None, not names & usual, answer.takes

        return sorted(allowed, key=order)[:most]

    def _times(self, given: Given) -> list[tuple[int, int]]:
        duties = self.rota.duties
        return [(int(duties.start[k]), int(duties.end[k])) for k in self.shifts_of(given)]

    def _codes(self, agent_id: str) -> list[int]:
        if agent_id not in self.rota.agent_ids:
            return []
        mine = self.rota.duties.agent == self.rota.agent_ids.index(agent_id)
        return [int(code) for code in np.unique(self.rota.duties.shift[mine])]

    def _checked(self, gives: Given, asked: Sequence[tuple[str, Given | None]]) -> Iterator[Answer]:
        """Every swap asked for, all judged at once; people by their clocks."""
        giver = self._separate.person(gives.agent_id)
        people = [(takes, back, self._separate.person(takes, idle=True)) for takes, back in asked]
        if giver is None:
            return
        swaps = [(takes, back, other) for takes, back, other in people if other is not None]
        variants: list[tuple[Alone, Rota]] = []
        for _, back, other in swaps:
            variants.append((giver, _exchanged(giver, gives, other, back)))
            variants.append((other, _exchanged(other, back, giver, gives)))
        found = self._judged(variants)
        for k, (takes, back, _) in enumerate(swaps):
            both = slice(2 * k, 2 * k + 2)
            breaches = tuple(
                (alone.agent_id, violation)
                for (alone, _), after in zip(variants[both], found[both], strict=True)
                for violation in self._new(alone.agent_id, after)
            )
            parts = {alone.agent_id: rota for alone, rota in variants[both]}
            answer = Answer(gives, takes, back, breaches, self.rota, parts)
            parted = self._parted(answer) if {gives.agent_id, takes} & self._paired else ()
            yield replace(answer, breaches=(*breaches, *parted))

    @cached_property
    def _paired(self) -> set[str]:
        """Whoever is mentored, and their mentors."""
        starters = [person for person in (self.facts.people or {}).values() if person.stages]
        return {person.agent_id for person in starters} | {person.mentor for person in starters}

    def _parted(self, answer: Answer) -> Iterator[tuple[str, Violation]]:
        """What a swap breaks between starters and mentors, who are not judged by themselves."""
        rules = [rule for rule in self.rules if rule.name in BETWEEN_PEOPLE]
        known, found = (
            Breaches(v for v in audit(rota, rules, self.facts) if v.verdict == "breach")
            for rota in (answer.before, answer.rota)
        )
        for violation in sorted((found - known).elements(), key=lambda v: (v.agent_id, v.start or 0)):
            yield violation.agent_id, violation

    def _new(self, agent_id: str, after: Breaches) -> list[Violation]:
        """Breaches that somebody had not before."""
        known = self._known[agent_id]
        if none_new(known, after):
            return []
        return sorted((after - known).elements(), key=lambda v: (v.start or 0, v.rule, v.source))

    def _judged(self, variants: Sequence[tuple[Alone, Rota]]) -> list[Breaches]:
        """Breaches of each variant; those of people as they are are kept."""
        found: list[Breaches] = [Breaches() for _ in variants]
        for zone in dict.fromkeys(alone.facts.zone for alone, _ in variants):
            mine = [k for k, (alone, _) in enumerate(variants) if alone.facts.zone == zone]
            new = {variants[k][0].agent_id: variants[k][0] for k in mine}
            new = {agent_id: alone for agent_id, alone in new.items() if agent_id not in self._known}
            both = [(alone, alone.rota) for alone in new.values()] + [variants[k] for k in mine]
            told = judged(both, self.rules)
            self._known |= dict(zip(new, told, strict=False))
            for k, breaches in zip(mine, told[len(new) :], strict=True):
                found[k] = breaches
        return found


def _exchanged(alone: Alone, gives: Given | None, other: Alone, takes: Given | None) -> Rota:
    """Somebody's rota without the shifts that they give, with those that they take."""
    rota = alone.rota
    if gives is not None:
        rota = rota.narrowed(~np.isin(rota.duty, np.flatnonzero(rota.duties.day == gives.day)))
        rota = replace(rota, agent_ids=alone.rota.agent_ids)
    if takes is not None:
        for k in np.flatnonzero(other.rota.duties.day == takes.day).tolist():
            name = other.rota.shift_names[other.rota.duties.shift[k]]
            rota = with_rows(rota, None, rows_of(other.rota, k), name, takes.day)
    return rota
