"""What rules and facts ask of one person, one thing at a time: the members that a clash is made of."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from scheduler.problem import PlannedPerson
from scheduler.rules.primitives import BoundedSum, ForbiddenDay, ForbiddenTime, Primitive
from scheduler.rules.tightest import tightest

UNNAMED = "rules"
FACTS = frozenset({"leave", "employment", "contract-shifts", "minimum-age"})
"""Rules whose demands are facts about a person and not limits; they are loosened last."""


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing that a rule asks of a person: a limit, one leave, the days before a contract starts.

    Several ``primitives`` are one stretch of forbidden days or times that touch; else there is one.
    """

    agent_id: str
    rule: str
    primitives: tuple[Primitive, ...]


def demands_of(person: PlannedPerson) -> tuple[Demand, ...]:
    """All demands on a person, in the order of the rules; together they are the person's primitives.

    A sum bounded on both sides is two demands, days or times forbidden in a row are one.

    Examples
    --------
    >>> rules = (("leave", (ForbiddenDay(3), ForbiddenDay(4))), ("days", (BoundedSum(0, 6, "shifts", 4, 5),)))
    >>> [len(d.primitives) for d in demands_of(PlannedPerson("a", (), (), by_rule=rules))]
    [2, 1, 1]
    """
    by_rule = person.by_rule or ((UNNAMED, person.primitives),)
    found = (
        Demand(person.agent_id, rule, stretch)
        for rule, told in by_rule
        for stretch in _stretches(primitive for one in told for primitive in _sides(one))
    )
    return tuple(dict.fromkeys(found))


def bound_by(person: PlannedPerson, demands: Iterable[Demand]) -> PlannedPerson:
    """The person as if nothing but ``demands`` were asked of them, and without what only costs."""
    primitives = tightest(p for demand in demands for p in demand.primitives)
    return replace(
        person, primitives=primitives, overtime=(), wishes=(), by_rule=(), premiums=(), preferences=(), charges=()
    )  # fmt: skip


def _sides(primitive: Primitive) -> Iterator[Primitive]:
    """The lower and the upper bound of a sum apart, anything else as it is."""
    if isinstance(primitive, BoundedSum) and primitive.low is not None and primitive.high is not None:
        yield replace(primitive, high=None)
        yield replace(primitive, low=None)
    else:
        yield primitive


def _stretches(primitives: Iterable[Primitive]) -> Iterator[tuple[Primitive, ...]]:
    """Forbidden days and forbidden times that touch as one each, everything else alone."""
    days, times, others = list[ForbiddenDay](), list[ForbiddenTime](), list[Primitive]()
    for primitive in primitives:
        match primitive:
            case ForbiddenDay():
                days.append(primitive)
            case ForbiddenTime():
                times.append(primitive)
            case _:
                others.append(primitive)
    yield from _runs((p.day, p.day + 1, p) for p in days)
    yield from _runs((p.start, p.end, p) for p in times)
    yield from ((p,) for p in others)


def _runs(spans: Iterable[tuple[int, int, Primitive]]) -> Iterator[tuple[Primitive, ...]]:
    """Spans that touch or overlap, by start."""
    run, until = list[Primitive](), 0
    for start, end, primitive in sorted(spans, key=lambda span: span[:2]):
        if run and start > until:
            yield tuple(run)
            run = []
        until = max(until, end) if run else end
        run.append(primitive)
    if run:
        yield tuple(run)
