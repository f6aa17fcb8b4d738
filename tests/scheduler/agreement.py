"""What the engine and the exact model say of one problem, side by side: everything in which they may not differ."""

from dataclasses import dataclass
from itertools import product

from scheduler.cost import cost_terms
from scheduler.rules.primitives import UnbrokenWork
from scheduler.shifts import break_starts
from scheduler.solve import solve
from scheduler.solve.exact import solve_exact
from scheduler.solve.exact_clashes import line_alone
from tests.scheduler.rota_judge import Worked, cheapest_cover, faults, shared_cover, shift_honours, without

ROUNDING = 1e-5


@dataclass(frozen=True)
class Compared:
    """The two answers to a problem and what is wrong with each, in words.

    ``claims`` is what the engine says to have proven while the exact model has a better rota, ``wrong`` all else.
    """

    engine: object
    exact: object
    wrong: tuple[str, ...]
    claims: tuple[str, ...]

    @property
    def both_proven(self):
        return self.engine.gap == self.exact.gap == 0


def compared(problem, engine_limits, exact_limits):
    """Solve a problem twice.

    Who has a line is asked of the exact model: whoever has none both must leave out. Duty rows keep the weights of people left out,
    which the engine does not take, so that it is asked without those people.
    """
    stuck = [person.agent_id for person in problem.people if line_alone(problem, person) is None]
    planned = without(problem, stuck)
    exact = solve_exact(problem, exact_limits)
    engine = solve(planned if problem.duty else problem, engine_limits)
    wrong = [f"exact {told}" for told in judged(planned, exact, cheapest_cover)]
    wrong += [f"engine {told}" for told in judged(planned, engine, shared_cover)]
    room = ROUNDING * max(1.0, abs(exact.objective))
    if exact.bound > engine.objective + room and not serves_several(problem):
        wrong.append(f"exact bound {exact.bound:.4f} over the engine's rota {engine.objective:.4f}")
    claims = []
    if engine.bound > exact.objective + room and not any(
        placement_matters(problem, p) for p in problem.people
    ):
        claims.append(f"engine bound {engine.bound:.4f} over the exact rota {exact.objective:.4f}")
    return Compared(engine, exact, tuple(wrong), tuple(claims))


def serves_several(problem):
    """Whether anybody has a choice of queues."""
    return any(len(person.skills) > 1 for person in problem.people)


def judged(problem, found, cover_of):
    """What is wrong with one answer, by its own words: rules, the sum of its terms, its bound, its cost recounted from the rota.

    The engine divides minutes over a person's queues, the exact model gives an interval to one of them: ``cover_of`` recounts each by
    its own; with a choice of queues the engine's rota may be the cheaper one, never the dearer where both are proven.
    """
    yield from faults(problem, found.rota)
    recounted = sum(cost_terms(problem, found.rota, cover_of(problem, found.rota)).values())
    room = ROUNDING * max(1.0, abs(recounted))
    if abs(sum(found.cost.values()) - found.objective) > room:
        yield f"tells terms of {sum(found.cost.values()):.4f} for {found.objective:.4f}"
    if found.bound > found.objective + room:
        yield f"tells a bound of {found.bound:.4f} over its own {found.objective:.4f}"
    if recounted > found.objective + room:
        yield f"tells {found.objective:.4f} for a rota of {recounted:.4f}"
    if recounted < found.objective - room:
        yield f"tells {found.objective:.4f} for a rota of {recounted:.4f}"


def placement_matters(problem, person):
    """Whether a shift keeps a rule on work in a row for some places of its breaks and not for others.

    The engine leaves such a shift out, the exact model places the breaks; its optimum may be the better one.
    """
    rules = [p for p in person.primitives if isinstance(p, UnbrokenWork)]
    for shift in {s.template.name: s for s in problem.shifts}.values():
        breaks = shift.template.breaks
        kept = set()
        for starts in product(*(break_starts(shift, index) for index in range(len(breaks)))):
            pauses = tuple((at, at + b.minutes, b.paid, b.kind) for at, b in zip(starts, breaks, strict=True))
            worked = Worked(shift.day, shift.start, shift.end, shift.template.name, pauses)
            kept.add(all(shift_honours(rule, worked) for rule in rules))
        if len(kept) > 1:
            return True
    return False
