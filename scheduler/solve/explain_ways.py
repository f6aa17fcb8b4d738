"""Ways out of a shortage below the minimum: rules loosened for the fewest people, people added, a lower minimum; each of them tried."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.solution import WayOut
from scheduler.solve.explain_cover import SPEED_UNIT, Answer, Cell, Crowd, Skills
from scheduler.solve.explain_demands import Demand
from scheduler.solve.explain_lines import END
from scheduler.solve.explain_loosen import Primitives, Step, ladders, least_step, loosened
from scheduler.solve.explain_minimum import Shortage, Team, kind_of
from scheduler.solve.explain_words import cells_words, count, listed, people_words, runs, span_words

MOST_CELLS = 2_000
MOST_PEOPLE = 6
SKILL_SETS = 6


@dataclass(frozen=True, slots=True)
class Way:
    """A way out and how much it changes: people, each weighed by the share of a limit that is given up.

    ``steps`` are demands loosened and for whom, ``added`` people by shift number, ``lowered`` cells with agents taken off their minimum.
    """

    out: WayOut
    change: float
    steps: tuple[tuple[Step, tuple[str, ...]], ...] = ()
    added: tuple[tuple[int, int], ...] = ()
    skills: Skills = ()
    lowered: tuple[tuple[tuple[Cell, ...], int], ...] = ()


class WaysOut:
    """Ways out of one shortage; each meets its cells and, where the problem is small enough, those that are likewise and all others
    that can be met.
    """

    def __init__(self, team: Team, shortage: Shortage, unmet: Collection[Cell]) -> None:
        self.team, self.shortage, self.problem = team, shortage, team.problem
        asked = [(int(q), int(t)) for q, t in zip(*self.problem.minimum.nonzero(), strict=True)]
        self.small = small = len(asked) * len(self.problem.people) <= MOST_CELLS
        others = [cell for cell in asked if cell not in unmet] if small else []
        self.short = (*shortage.cells, *(shortage.likewise if small else ()))
        self.question = team.question((*self.short, *others))
        self.templates = sorted({shift.template.name for shift in self.problem.shifts})

    def all(self) -> list[Way]:
        """Every way found, the least change first."""
        return sorted([*self.rules(), *self.people(), *self.lower()], key=lambda way: way.change)

    def rules(self) -> Iterator[Way]:
        """Demands of the clash loosened: each kind by itself; where none does, each rule, all of its rules, and all demands there are."""
        kinds = list(dict.fromkeys(kind_of(d) for d in self.shortage.demands))
        rules = list(dict.fromkeys(rule for rule, _ in kinds))
        for found in (
            [way for kind in kinds for way in self._kind(kind)],
            [way for rule in rules if (way := self._together([k for k in kinds if k[0] == rule]))],
            [way for way in (self._together(kinds),) if way],
            [way for way in (self._together({kind_of(d) for d in self.team.every}),) if way],
        ):
            if found:
                yield from found
                return

    def people(self) -> Iterator[Way]:
        """People added, with the skills of which the fewest do."""
        best: tuple[tuple[int, int], Skills, Answer] | None = None
        crowds = [crowd for crowd, _ in self._crowds({})]
        for skills in self._skill_sets():
            answer = self.question.answer(crowds, extra=skills)
            rank = sum(answer.extra.values()), len(skills)
            if answer.verdict == "met" and (best is None or rank < best[0]):
                best = rank, skills, answer
        if best:
            (number, _), skills, answer = best
            added = tuple(sorted((self._cheapest(*key), n) for key, n in answer.extra.items()))
            names = listed(self.problem.queues[queue] for queue, _ in skills)
            there = listed(f"{n} on {self._shift_words(shift)}" for shift, n in added)
            words = f"{count(number, 'more agent')} for {names}: {there}"
            yield Way(
                WayOut(words, price=self._price(skills, added)), float(number), added=added, skills=skills
            )

    def lower(self) -> Iterator[Way]:
        """The minimum as low as it must be."""
        spans = runs(self.problem, self.short)
        answer = self.question.answer([crowd for crowd, _ in self._crowds({})], lower=spans)
        if answer.verdict == "met":
            lowered = tuple((tuple(span), n) for span, n in zip(spans, answer.lowered, strict=True) if n)
            told = []
            for span, less in lowered:
                asked = self.problem.minimum[span[0]]
                told.append(f"{asked:g} to {asked - less:g} for {cells_words(self.problem, span)}")
            words = f"minimum-agents: {listed(told)}"
            yield Way(WayOut(words), float(sum(answer.lowered)), lowered=lowered)

    def _kind(self, kind: tuple[str, Primitives]) -> Iterator[Way]:
        """The least step of one kind of demand with the fewest people it is for, and the least one with which fewer do."""
        holders = self._holders([kind])
        found: list[tuple[Way, Sequence[Step]]] = []
        for ladder in ladders(holders[0], self.templates, self.problem.grid.zone):
            least = least_step(ladder, lambda step: self._chosen(holders, step.primitives) is not None)
            if least:
                further = [step for step in ladder if step.change > least.change]
                found.append((_way([(least, self._chosen(holders, least.primitives) or [])]), further))
        if found:
            way, beyond = min(found, key=lambda one: one[0].change)
            yield way
            fewer = self._for_fewer(holders, beyond, len(way.out.agents))
            if fewer:
                yield fewer

    def _holders(self, kinds: Collection[tuple[str, Primitives]]) -> list[Demand]:
        """Everybody's demands of some kinds, in the order of people."""
        return [d for told in self.team.demands.values() for d in told if kind_of(d) in kinds]

    def _for_fewer(self, holders: Sequence[Demand], ladder: Sequence[Step], people: int) -> Way | None:
        """The least further step that fewer than so many people need; those are then the fewest."""
        fewest = len(self._chosen(holders, ladder[-1].primitives) or ()) if ladder else 0
        if not 0 < fewest < people:
            return None
        step = least_step(ladder, lambda s: 0 < len(self._chosen(holders, s.primitives) or ()) <= fewest)
        return _way([(step, self._chosen(holders, step.primitives) or [])]) if step else None

    def _chosen(self, holders: Iterable[Demand], milder: Primitives) -> list[str] | None:
        """The fewest people for whom demands must be milder; None where that does not do for everybody."""
        crowds = self._crowds(dict.fromkeys(holders, milder))
        answer = self.question.answer([crowd for crowd, _ in crowds])
        if answer.verdict != "met":
            return None
        return sorted(
            agent for (_, agents), n in zip(crowds, answer.changed, strict=True) for agent in agents[:n]
        )

    def _together(self, kinds: Collection[tuple[str, Primitives]]) -> Way | None:
        """Demands of several kinds loosened for the fewest people, each as little as will do."""
        holders = self._holders(kinds)
        people = self._chosen(holders, ())
        if not people or len(people) > MOST_PEOPLE:
            return None
        mine = sorted((d for d in holders if d.agent_id in people), key=lambda d: (d.rule, d.agent_id))
        for demand in list(mine):
            kept = [d for d in mine if d != demand]
            mine = kept if self._met(dict.fromkeys(kept, ())) else mine
        steps = loosened(mine, self.templates, self.problem.grid.zone, self._met)
        if not steps:
            return None
        by_words: dict[str, tuple[Step, list[str]]] = {}
        for step in steps:
            by_words.setdefault(step.words, (step, []))[1].append(step.demand.agent_id)
        return _way(list(by_words.values()))

    def _met(self, instead: Mapping[Demand, Primitives]) -> bool:
        """Whether all is met with some demands replaced for their people."""
        crowds = self.team.crowds(self.question, self.team.every, instead)
        answer = self.question.answer([Crowd((root,), skills, n) for (root, skills), n in crowds.items()])
        return answer.verdict == "met"

    def _crowds(self, instead: Mapping[Demand, Primitives]) -> list[tuple[Crowd, list[str]]]:
        """People alike as they are and with milder demands, and who they are."""
        team, question = self.team, self.question
        eased = {d.agent_id for d in instead}
        alike: dict[tuple[tuple[int, ...], Skills], list[str]] = {}
        for person in team.able(question.cells):
            ways = [team.root(question, person, team.every)]
            if person.agent_id in eased:
                ways.append(team.root(question, person, team.every, instead))
            if any(way != END for way in ways):
                alike.setdefault((tuple(ways), question.skills(person)), []).append(person.agent_id)
        return [(Crowd(ways, skills, len(agents)), agents) for (ways, skills), agents in alike.items()]

    def _skill_sets(self) -> list[Skills]:
        """Skills that people to be added may have: one of the queues that are short, or those that people have."""
        short = sorted({queue for queue, _ in self.shortage.cells})
        sets: list[Skills] = [((queue, SPEED_UNIT),) for queue in short]
        sets += [
            tuple((queue, SPEED_UNIT) for queue, _ in self.question.skills(person))
            for person in self.team.able(self.shortage.cells)
        ]
        return list(dict.fromkeys(sets))[:SKILL_SETS]

    def _cheapest(self, day: int, mark: int) -> int:
        """The shift of a day with the least pay that adds what a mark says."""
        shifts = [
            k for k, s in enumerate(self.problem.shifts) if s.day == day and self.question.mark_of[k] == mark
        ]
        return min(shifts, key=lambda k: (self.problem.shifts[k].paid_minutes, k))

    def _shift_words(self, number: int) -> str:
        """A shift's name and time."""
        shift = self.problem.shifts[number]
        return f"{shift.template.name} {span_words(shift.start, shift.end, self.problem.grid.zone)}"

    def _price(self, skills: Skills, added: Iterable[tuple[int, int]]) -> float | None:
        """Usual pay of the shifts that people added work, at the middle rate of people with the skills."""
        queues = {queue for queue, _ in skills}
        rates = [p.cost_per_minute for p in self.problem.people if queues <= {queue for queue, _ in p.skills}]
        if not rates or not any(rates):
            return None
        minutes = sum(n * self.problem.shifts[shift].paid_minutes for shift, n in added)
        return round(float(np.median(rates)) * minutes, 2)


def _way(steps: Sequence[tuple[Step, Sequence[str]]]) -> Way:
    """Steps, each with the people it is for, as a way out."""
    return Way(
        WayOut(
            listed(f"{step.words} for {people_words(agents)}" for step, agents in steps),
            tuple(sorted({agent for _, agents in steps for agent in agents})),
            tuple(dict.fromkeys(step.demand.rule for step, _ in steps)),
        ),
        sum(step.change * len(agents) for step, agents in steps),
        tuple((step, tuple(agents)) for step, agents in steps),
    )
