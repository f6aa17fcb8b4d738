"""What rules cost: the proven least with a rule and without it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from scheduler.problem import PlannedPerson, RotaProblem, without
from scheduler.rules.primitives import Primitive
from scheduler.rules.tightest import tightest
from scheduler.solution import RulePrice
from scheduler.solve.crew import lines_of
from scheduler.solve.explain_demands import bound_by, demands_of
from scheduler.solve.explain_lines import LineShapes
from scheduler.solve.floor import floor_of
from scheduler.solve.lines import LineBook
from scheduler.solve.master import proven_least
from scheduler.solve.ready import make_ready

MOST_RULES = 12
ROUNDING = 1e-9


def price_of_rules(
    problem: RotaProblem, most: int = MOST_RULES, progress: Callable[[str], None] = lambda _: None
) -> tuple[RulePrice, ...]:
    """What each rule costs by bounds, the dearest first; rules that forbid nobody any line cost nothing and are left out.

    Parameters
    ----------
    problem : a problem; people without any line are left out
    most : at most so many rules are priced, those that bind the most people
    progress : told each rule

    Notes
    -----
    Bounds and no rotas are compared: without the rule no rota costs less than ``bound_without``, and whether one costs as little is not
    known. Every rule is dropped for everybody, at its own; two rules that ask the same each cost nothing by themselves.
    """
    binding = bound_people(problem)
    stuck = set(lines_of(problem).stuck) if problem.people else set()
    problem = replace(problem, people=tuple(p for p in problem.people if p.agent_id not in stuck))
    if not problem.people:
        return ()
    least = _least(problem)
    prices = []
    for rule in sorted(binding, key=lambda name: (-len(binding[name]), name))[:most]:
        progress(f"the proven least without {rule}")
        without = min(_least(without_rule(problem, rule)), least)
        saved = least - without
        saved = 0.0 if saved <= ROUNDING * max(1.0, abs(least)) else saved
        prices.append(
            RulePrice(rule, least, least - saved, saved, tuple(a for a in binding[rule] if a not in stuck))
        )
    return tuple(sorted(prices, key=lambda price: (-price.saved, price.rule)))


def least_cost(problem: RotaProblem) -> tuple[float, float, tuple[str, ...]]:
    """What no rota costs less than, the part of it that contracts fix, and people who have no line at all and are left out."""
    make_ready()
    stuck = tuple(lines_of(problem).stuck) if problem.people else ()
    problem = without(problem, stuck)
    fixed = sum(person.fixed_minutes * person.cost_per_minute for person in problem.people)
    return (_least(problem) if problem.people else 0.0), fixed, stuck


def without_rule(problem: RotaProblem, rule: str) -> RotaProblem:
    """The problem as if a rule were asked of nobody."""
    return replace(problem, people=tuple(_freed(person, rule) for person in problem.people))


def _freed(person: PlannedPerson, rule: str) -> PlannedPerson:
    kept = tuple((name, told) for name, told in person.by_rule if name != rule)
    return replace(person, primitives=tightest(p for _, told in kept for p in told), by_rule=kept)


def _least(problem: RotaProblem) -> float:
    """The proven least cost."""
    return proven_least(problem, lines_of(problem), floor_of(problem))


def bound_people(problem: RotaProblem) -> dict[str, list[str]]:
    """For each rule that forbids some line which all other rules allow, the people of whom it does."""
    book = LineBook(problem.shifts, problem.grid.first_day, problem.grid.days)
    shapes = LineShapes(book, np.arange(1, len(problem.shifts) + 1), more_is_better=False)
    known: dict[tuple[tuple[Primitive, ...], tuple[Primitive, ...]], bool] = {}
    found: dict[str, list[str]] = {}
    for person in problem.people:
        demands = demands_of(person)
        every = bound_by(person, demands)
        for rule in dict.fromkeys(d.rule for d in demands):
            fewer = bound_by(person, [d for d in demands if d.rule != rule])
            key = (fewer.primitives, every.primitives)
            if key not in known:
                known[key] = shapes.has_more(shapes.root(fewer), shapes.root(every))
            if known[key]:
                found.setdefault(rule, []).append(person.agent_id)
    return found
