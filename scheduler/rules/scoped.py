"""A rule that holds only for some people or some time: a country, site, team, contract, age, protected period."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import numpy as np

from centre.instants import Minutes, day_number, day_of
from scheduler.rota import Flags, Rota, joined
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import Primitive
from scheduler.rules.rule import Rule, Violation
from scheduler.rules.shared.findings import not_checked, unknown

EVER = (-(10**6), 10**6)
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a rule is for, and when. What is empty or None asks for nothing; all that is told must hold.

    Parameters
    ----------
    label : what the rule's name gets behind a colon, such as ``minors``
    countries, sites, teams, contracts : the values of agents.csv that it holds for
    under_age, from_age : completed years; a shift counts by the age on the day to which it belongs
    protections : kinds of protected period (`Person.protections`) during which it holds
    first_day, last_day : day numbers between which the rule is in force, both counted
    """

    label: str
    countries: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    contracts: frozenset[str] = frozenset()
    under_age: int | None = None
    from_age: int | None = None
    protections: frozenset[str] = frozenset()
    first_day: int | None = None
    last_day: int | None = None

    def spans(self, person: Person | None) -> tuple[Span, ...] | None:
        """The days, both counted, on which the rule is for a person; None where a fact about them is missing.

        The time during which the rule is in force is not in here.
        """
        if person is None:
            return None if self._asks_about_people else (EVER,)
        told = ("countries", person.country), ("sites", person.site), ("teams", person.team)
        spans = [EVER]
        for wanted, value in (*told, ("contracts", person.contract_name)):
            if getattr(self, wanted) and not value:
                return None
            if getattr(self, wanted) and value not in getattr(self, wanted):
                return ()
        if self.under_age is not None or self.from_age is not None:
            if person.born_on is None:
                return None
            spans = [_ages(person.born_on, self.from_age, self.under_age)]
        if self.protections:
            if person.protections is None:
                return None
            spans = [
                (max(begin, first), min(end, last))
                for begin, end in spans
                for kind, first, last in person.protections
                if kind in self.protections
            ]
        return tuple(span for span in spans if span[0] <= span[1])

    @property
    def _asks_about_people(self) -> bool:
        asked = self.countries, self.sites, self.teams, self.contracts, self.protections
        return any(asked) or self.under_age is not None or self.from_age is not None

    @property
    def facts_needed(self) -> str:
        """What has to be known of people, in words that do not say more of anybody."""
        named = {
            "country": self.countries, "site": self.sites, "team": self.teams, "contract": self.contracts,
            "birth date": self.under_age is not None or self.from_age is not None,
            "protected periods": self.protections,
        }  # fmt: skip
        return ", ".join(name for name, asked in named.items() if asked)


@dataclass(frozen=True)
class Scoped:
    """A rule within its scope: other people's work, and days outside the scope, are not looked at.

    **Source:** that of the rule inside. Work on days outside the scope is left out, so that a rule for minors
    sees nothing of what is worked from the eighteenth birthday on. Where a person's fact is missing the rule
    is not checked for them, and a solver is not told of it. Where a scope begins or ends inside the horizon,
    a solver honours the rule over all of it, which is the safe side.
    """

    rule: Rule
    scope: Scope

    @property
    def name(self) -> str:
        """Name of the rule, and the scope's label behind a colon."""
        return f"{self.rule.name}:{self.scope.label}"

    @property
    def words(self) -> str:
        """The words of the rule inside."""
        return self.rule.words

    @property
    def example(self) -> str:
        """The example of the rule inside."""
        return self.rule.example

    @property
    def exact(self) -> bool:
        """Never claimed: a scope may begin within a horizon."""
        return False

    @property
    def tighter(self) -> dict[str, int]:
        """Those of the rule inside."""
        return self.rule.tighter

    @property
    def source(self) -> str:
        """The source of the rule inside."""
        return self.rule.source

    @property
    def preset(self) -> str:
        """The preset of the rule inside."""
        return self.rule.preset

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """What the rule inside finds on the work and the people that it is for."""
        first = max(facts.first_day, self.scope.first_day or facts.first_day)
        end = min(facts.end_day, (self.scope.last_day or facts.end_day) + 1)
        if first >= end:
            return
        names = tuple(sorted({*rota.agent_ids, *(facts.people or ())}))
        spans = [self.scope.spans((facts.people or {}).get(name)) for name in names]
        if names and all(span is None for span in spans):
            yield unknown(self, facts, f"Not checked: {self.scope.facts_needed} of nobody is known.")
            return
        missing = {name for name, span in zip(names, spans, strict=True) if span is None}
        at_work = {rota.agent_ids[code] for code in np.unique(rota.agent)}
        reason = f"whether it is for them is not known: {self.scope.facts_needed} missing."
        yield from not_checked(self, facts, len(missing & at_work), reason)
        inside = tuple((name, span) for name, span in zip(names, spans, strict=True) if span)
        if inside:
            mine, narrowed = narrow(rota, facts, inside, first, end - first)
            for finding in self.rule.violations(mine, narrowed):
                yield replace(finding, rule=self.name)

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """What the rule inside asks, if it is for the person on any day of the horizon."""
        first = max(facts.first_day, self.scope.first_day or facts.first_day)
        last = min(facts.end_day - 1, self.scope.last_day or facts.end_day - 1)
        spans = self.scope.spans(person) or ()
        if any(max(begin, first) <= min(end, last) for begin, end in spans):
            yield from self.rule.lines(person, facts)


def with_limits(rule: Rule, **limits: object) -> Rule:
    """The rule with other limits, wherever its scope holds."""
    if isinstance(rule, Scoped):
        return replace(rule, rule=with_limits(rule.rule, **limits))
    changed: Rule = replace(rule, **limits)  # type: ignore[type-var]
    return changed


def narrow(
    rota: Rota, facts: Facts, inside: tuple[tuple[str, tuple[Span, ...]], ...], first_day: int, days: int
) -> tuple[Rota, Facts]:
    """The work of some people on the days of their spans, and facts about these people and days alone."""
    mine = _of_people(rota, inside)
    before = None if facts.before is None else _of_people(facts.before, inside)
    if first_day > facts.first_day:
        before = _carried(before, mine, first_day)
    names = {name for name, _ in inside}
    people = facts.people and {name: person for name, person in facts.people.items() if name in names}
    return mine, replace(facts, first_day=first_day, days=days, people=people, before=before)


@lru_cache(maxsize=8)  # rules of one scope share one rota, and with it the table of what everyone worked
def _of_people(rota: Rota, inside: tuple[tuple[str, tuple[Span, ...]], ...]) -> Rota:
    spans = dict(inside)
    kept = np.array([name in spans for name in rota.agent_ids], dtype=bool)[rota.agent]
    for code, name in enumerate(rota.agent_ids):
        if name in spans and spans[name] != (EVER,):
            rows = slice(*np.searchsorted(rota.agent, np.array([code, code + 1], dtype=rota.agent.dtype)))
            kept[rows] = _within(rota.day[rows], spans[name])
    return rota.narrowed(kept)


def _within(days: Minutes, spans: tuple[Span, ...]) -> Flags:
    inside = np.zeros(len(days), dtype=bool)
    for first, last in spans:
        inside |= (days >= first) & (days <= last)
    return inside


def _carried(before: Rota | None, rota: Rota, first_day: int) -> Rota:
    """What was worked before, and of the rota what lies before ``first_day``."""
    early = rota.narrowed(rota.day < first_day)
    return early if before is None else joined(before, early)


def _ages(born_on: int, from_age: int | None, under_age: int | None) -> Span:
    """The days from one birthday to the day before another."""
    first = EVER[0] if from_age is None else birthday(born_on, from_age)
    last = EVER[1] if under_age is None else birthday(born_on, under_age) - 1
    return first, last


def birthday(born_on: int, years: int) -> int:
    """Day number on which somebody completes so many years; born on 29 February, on 1 March of other years.

    Examples
    --------
    >>> from centre.instants import day_number
    >>> day_of(birthday(day_number(date(2008, 2, 29)), 18)).isoformat()
    '2026-03-01'
    """
    born = day_of(born_on)
    try:
        return day_number(born.replace(year=born.year + years))
    except ValueError:
        return day_number(date(born.year + years, 3, 1))
