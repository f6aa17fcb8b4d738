"""Why a person has no possible line: the fewest demands that clash, and how little must be loosened."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from scheduler.problem import PlannedPerson, RotaProblem
from scheduler.rules.primitives import BoundedSum
from scheduler.solution import Clash, Demanded, WayOut
from scheduler.solve.explain_demands import Demand, bound_by, demands_of
from scheduler.solve.explain_loosen import Primitives, Step, ladders, least_step, loosened
from scheduler.solve.explain_sets import irreducible, smallest_clash
from scheduler.solve.explain_words import amount, asks, demand_words, listed, people_words
from scheduler.solve.lines import LineBook

MOST_KINDS = 40
WAYS_SHOWN = 4
Cause = tuple[Demand, ...]
Way = tuple[Step, ...]


class Stuck:
    """One person without a possible line."""

    def __init__(self, problem: RotaProblem, person: PlannedPerson) -> None:
        self.problem, self.person = problem, person
        self.demands = demands_of(person)
        self.templates = sorted({shift.template.name for shift in problem.shifts})
        self._book = LineBook(problem.shifts, problem.grid.first_day, problem.grid.days)
        self._known: dict[object, bool] = {}

    def clash(self, demands: Sequence[Demand], instead: Mapping[Demand, Primitives] | None = None) -> bool:
        """Whether no line honours these demands, some replaced by milder ones."""
        told = [Demand(d.agent_id, d.rule, instead[d]) if instead and d in instead else d for d in demands]
        key = frozenset(p for d in told for p in d.primitives)
        if key not in self._known:
            self._known[key] = not self._book.has_line(bound_by(self.person, told))
        return self._known[key]

    def cause(self) -> Cause:
        """The fewest demands that clash."""
        return smallest_clash(self.demands, self.clash)

    def ways_out(self, cause: Cause) -> list[Way]:
        """Demands loosened after which there is a line, the least change first."""
        ways = [way for ending in self._endings(cause) if (way := self._least(ending))]
        return sorted(dict.fromkeys(ways), key=lambda way: (len(way), sum(step.change for step in way)))

    def _endings(self, cause: Cause) -> Iterator[Cause]:
        """Demands without which there is a line: one or two where these do, else one of each clash in turn."""
        for size in (1, 2):
            found = [
                dropped
                for dropped in combinations(self.demands, size)
                if any(d in cause for d in dropped)
                and not self.clash([d for d in self.demands if d not in dropped])
            ]
            if found:
                yield from found
                return
        for first in cause:
            dropped, left = [first], [d for d in self.demands if d != first]
            while self.clash(left):
                following = min(
                    irreducible(left, self.clash), key=lambda d: (d.rule != first.rule, self.demands.index(d))
                )
                dropped.append(following)
                left.remove(following)
            yield tuple(dropped)

    def _least(self, ending: Cause) -> Way | None:
        """How little each demand of an ending must be loosened."""
        steps = loosened(
            ending,
            self.templates,
            self.problem.grid.zone,
            lambda instead: not self.clash(self.demands, instead),
        )
        return tuple(steps) if steps else None

    def possible(self, cause: Cause) -> str:
        """The most that the other demands of a clash leave of a minimum in it, empty where it has none."""
        for demand in cause:
            bounded = demand.primitives[0]
            if isinstance(bounded, BoundedSum) and bounded.low is not None:

                def works(step: Step, demand: Demand = demand) -> bool:
                    return not self.clash(cause, {demand: step.primitives})

                for ladder in ladders(demand, self.templates, self.problem.grid.zone):
                    step = least_step(ladder, works)
                    milder = step.primitives[0] if step else bounded
                    if isinstance(milder, BoundedSum):
                        return f"at most {amount(bounded.measure, milder.low or 0)} can be had"
        return ""


def stuck_people(problem: RotaProblem, stuck: Sequence[str]) -> tuple[Clash, ...]:
    """One clash for each cause that leaves people without any possible line.

    People of the first `MOST_KINDS` kinds are explained one by one; any others are told together.
    """
    kinds: dict[object, list[PlannedPerson]] = {}
    names = frozenset(stuck)
    for person in problem.people:
        if person.agent_id in names:
            kinds.setdefault(person.by_rule or person.primitives, []).append(person)
    told: dict[object, tuple[Stuck, Cause, list[Way], list[str]]] = {}
    for people in list(kinds.values())[:MOST_KINDS]:
        case = Stuck(problem, people[0])
        cause = case.cause()
        ways = case.ways_out(cause)
        key = (
            tuple((d.rule, d.primitives) for d in cause),
            tuple((s.demand.rule, s.primitives) for w in ways for s in w),
        )
        told.setdefault(key, (case, cause, ways, []))[3].extend(person.agent_id for person in people)
    clashes = [_clash(*case) for case in told.values()]
    left = [person.agent_id for people in list(kinds.values())[MOST_KINDS:] for person in people]
    if left:
        clashes.append(Clash(f"{people_words(left)} have no possible line of shifts either", tuple(left)))
    return tuple(clashes)


def _clash(case: Stuck, cause: Cause, ways: Sequence[Way], agents: list[str]) -> Clash:
    """Say who and why, and what would help."""
    grid, who = case.problem.grid, people_words(agents)
    told = listed(demand_words(demand, grid) for demand in cause)
    possible = case.possible(cause)
    holds = "cannot all hold" if len(cause) > 1 else "cannot hold"
    sentence = f"{who}: {told} {holds}{': ' + possible if possible else ''}; not planned"
    members = tuple(Demanded(d.rule, asks(d.primitives, grid.zone), tuple(agents)) for d in cause)
    outs = tuple(
        WayOut(
            f"{listed(step.words for step in way)} for {who}",
            tuple(agents),
            tuple(dict.fromkeys(step.demand.rule for step in way)),
        )
        for way in ways[:WAYS_SHOWN]
    )
    return Clash(
        sentence, tuple(agents), rules=tuple(dict.fromkeys(d.rule for d in cause)),
        way_out=outs[0].sentence if outs else "", members=members, ways_out=outs, minimal=True,
    )  # fmt: skip
