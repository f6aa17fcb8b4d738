"""Why not: which rules leave a person without any possible line, and which hold minimum cover down."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from centre.instants import from_minutes
from scheduler.problem import PlannedPerson, RotaProblem
from scheduler.rules.tightest import tightest
from scheduler.solution import Clash
from scheduler.solve.bound import Bound, bound
from scheduler.solve.crew import lines_of
from scheduler.solve.floor import floor_of
from scheduler.solve.lines import LineBook

TOLERANCE_MINUTES = 1e-4
SHOWN = 3


def without_rules(person: PlannedPerson, dropped: Iterable[str]) -> PlannedPerson:
    """The person as if some rules were not."""
    gone = frozenset(dropped)
    kept = tuple((name, told) for name, told in person.by_rule if name not in gone)
    return replace(person, primitives=tightest(p for _, told in kept for p in told), by_rule=kept)


def smallest_clash(names: Sequence[str], clashes: Callable[[Sequence[str]], bool]) -> tuple[str, ...]:
    """Names of which none can be left out: each is dropped in turn and stays out if the rest still clash (deletion filter).

    Examples
    --------
    >>> smallest_clash(["a", "b", "c"], lambda kept: {"a", "c"} <= set(kept))
    ('a', 'c')
    """
    kept = list(dict.fromkeys(names))
    for name in list(kept):
        fewer = [n for n in kept if n != name]
        if clashes(fewer):
            kept = fewer
    return tuple(kept)


def stuck_people(problem: RotaProblem, stuck: Sequence[str]) -> tuple[Clash, ...]:
    """One clash for each set of rules that leaves people without any possible line."""
    book = LineBook(problem.shifts, problem.grid.first_day, problem.grid.days)
    known: dict[object, tuple[str, ...]] = {}
    by_rules: dict[tuple[str, ...], list[str]] = {}
    for person in problem.people:
        if person.agent_id not in stuck:
            continue
        if person.primitives not in known:
            names = [name for name, told in person.by_rule if told]

            def clashes(
                kept: Sequence[str], person: PlannedPerson = person, names: Sequence[str] = names
            ) -> bool:
                freed = without_rules(person, set(names) - set(kept))
                return not book.has_line(freed)

            known[person.primitives] = smallest_clash(names, clashes)
        by_rules.setdefault(known[person.primitives], []).append(person.agent_id)
    return tuple(_stuck_clash(rules, people) for rules, people in by_rules.items())


def _stuck_clash(rules: tuple[str, ...], people: list[str]) -> Clash:
    """Say who and why."""
    who = ", ".join(people[:SHOWN]) + (f" and {len(people) - SHOWN} more" if len(people) > SHOWN else "")
    if not rules:
        return Clash(f"no shift of the centre's templates falls into the horizon for {who}", tuple(people))
    told = f"{' and '.join(rules)} cannot all hold" if len(rules) > 1 else f"{rules[0]} cannot hold"
    sentence = f"{told} for {who}: no possible line of shifts is left, so they are not planned"
    way_out = f"loosen {' or '.join(rules)} for them, or change what it rests on: contract, leave, days of the shifts"
    return Clash(sentence, tuple(people), rules=rules, way_out=way_out)


def unmet_minimum(problem: RotaProblem, proof: Bound) -> tuple[Clash, ...]:
    """What the linear programme proves: intervals in which minimum cover cannot be met, and the rules that each would free them."""
    if proof.below_minimum <= TOLERANCE_MINUTES:
        return ()
    names = dict.fromkeys(name for person in problem.people for name, told in person.by_rule if told)
    freeing = []
    for name in names:
        freed = replace(problem, people=tuple(without_rules(person, [name]) for person in problem.people))
        lines = lines_of(freed)
        if bound(freed, lines, floor_of(freed)).below_minimum <= TOLERANCE_MINUTES:
            freeing.append(name)
    cells = sorted(proof.unmet)
    shown = "; ".join(
        f"{problem.queues[queue]} {from_minutes(start, problem.grid.zone):%a %Y-%m-%d %H:%M} is {missing:.3g} short"
        for (start, queue), missing in sorted(proof.unmet.items())[:SHOWN]
    )
    more = f" and {len(cells) - SHOWN} more intervals" if len(cells) > SHOWN else ""
    rules = tuple(freeing) or ("minimum-agents",)
    need = max(proof.unmet.values())
    cause = (
        f"it clashes with {', '.join(freeing)}"
        if freeing
        else "no single rule is to blame: there are too few people"
    )
    way_out = " or ".join(
        [*(f"without {name} it could be met" for name in freeing), f"about {need:.0f} more on duty there"]
    )
    sentence = f"minimum cover cannot be met by any rota ({shown}{more}); {cause}"
    return (
        Clash(sentence, interval_starts=tuple(start for start, _ in cells), rules=rules, way_out=way_out),
    )
