"""Why minimum cover cannot be met: the smallest set of intervals, rules and people that clash."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scheduler.problem import PlannedPerson, RotaProblem
from scheduler.solve.explain_cover import Answer, Cell, CoverQuestion, Crowd, Skills
from scheduler.solve.explain_demands import Demand, bound_by, demands_of
from scheduler.solve.explain_lines import END, Reach
from scheduler.solve.explain_loosen import Primitives
from scheduler.solve.explain_sets import irreducible, smallest_clash
from scheduler.solve.lines import LineBook

RULE_CALLS = 120
TOLERANCE_MINUTES = 1e-6
Kind = tuple[str, Primitives]
Instead = Mapping[Demand, Primitives]


@dataclass(frozen=True, slots=True)
class Shortage:
    """Minimum cover of ``parts`` and ``demands`` on people clash; each cell does with one of every other part.

    ``minimal`` tells whether it is shown that without any one of the demands, or of the parts, all other cells can be met. Cells that
    are ``likewise`` clash with each other and the same demands; some of them with fewer.
    """

    parts: tuple[tuple[Cell, ...], ...]
    demands: tuple[Demand, ...]
    minimal: bool
    likewise: tuple[Cell, ...] = ()

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All cells."""
        return tuple(cell for part in self.parts for cell in part)


class Team:
    """The people of a problem with their demands, asked whether they can meet the minimum of some cells."""

    def __init__(self, problem: RotaProblem) -> None:
        self.problem = problem
        self.demands = {person.agent_id: demands_of(person) for person in problem.people}
        self.every = frozenset(d for told in self.demands.values() for d in told)
        self.unsure = False
        self._book = LineBook(problem.shifts, problem.grid.first_day, problem.grid.days)
        self._reach = Reach(problem, self._book)
        self._questions: dict[tuple[Cell, ...], CoverQuestion] = {}
        self._bound: dict[tuple[Primitives, ...], PlannedPerson] = {}

    def able(self, cells: Iterable[Cell]) -> list[PlannedPerson]:
        """People with a skill for the queues of some cells."""
        queues = {queue for queue, _ in cells}
        return [p for p in self.problem.people if any(q in queues and speed > 0 for q, speed in p.skills)]

    def question(self, cells: Collection[Cell]) -> CoverQuestion:
        """The question about some cells, kept."""
        key = tuple(sorted(set(cells)))
        if key not in self._questions:
            self._questions[key] = CoverQuestion(self.problem, key, self._book)
        return self._questions[key]

    def short(
        self, cells: Collection[Cell], demands: Collection[Demand], instead: Instead | None = None
    ) -> bool:
        """Whether it is proven that people bound by ``demands`` alone cannot meet the minimum of ``cells``."""
        if not cells:
            return False
        question = self.question(cells)
        crowds = [
            Crowd((root,), skills, n) for (root, skills), n in self.crowds(question, demands, instead).items()
        ]
        return self._noted(question.answer(crowds)).verdict == "unmet"

    def short_alone(self, cells: Collection[Cell], demands: Collection[Demand]) -> set[Cell]:
        """The cells that are `short` each by itself: in one interval people do not stand in one another's way, so that they add up."""
        length, minimum = self.problem.grid.interval_minutes, self.problem.minimum
        given = np.zeros_like(minimum)
        for person in self.able(cells):
            minutes = self._reach.minutes(self.bound(person, demands))
            for queue, speed in person.skills:
                given[queue] += speed * minutes
        return {cell for cell in cells if given[cell] < minimum[cell] * length - TOLERANCE_MINUTES}

    def _noted(self, answer: Answer) -> Answer:
        """Remember that some question was too hard."""
        self.unsure |= answer.verdict == "unknown"
        return answer

    def crowds(
        self, question: CoverQuestion, demands: Collection[Demand], instead: Instead | None = None
    ) -> dict[tuple[int, Skills], int]:
        """How many people have each kind of lines and skills; those who cannot be there at all are left out."""
        found: dict[tuple[int, Skills], int] = {}
        for person in self.able(question.cells):
            root = self.root(question, person, demands, instead)
            if root != END:
                key = (root, question.skills(person))
                found[key] = found.get(key, 0) + 1
        return found

    def root(
        self,
        question: CoverQuestion,
        person: PlannedPerson,
        demands: Collection[Demand],
        instead: Instead | None = None,
    ) -> int:
        """A person's lines as far as a question goes; one without any line cannot be there."""
        return question.root(self.bound(person, demands, instead))

    def bound(
        self, person: PlannedPerson, demands: Collection[Demand], instead: Instead | None = None
    ) -> PlannedPerson:
        """A person bound by some demands alone, some of them replaced."""
        told = [d for d in self.demands[person.agent_id] if d in demands]
        if instead:
            told = [Demand(d.agent_id, d.rule, instead[d]) if d in instead else d for d in told]
        key = tuple(d.primitives for d in told)
        if key not in self._bound:
            self._bound[key] = bound_by(person, told)
        return self._bound[key]


def shortages(team: Team, unmet: Sequence[Cell], most: int) -> Iterator[Shortage]:
    """Causes of cells that no rota meets, at most ``most``, the first cells first; cells of one cause are not explained again."""
    left, known = list(dict.fromkeys(unmet)), set[Cell]()
    for _ in range(most):
        seeds = _seeds(team, left, known)
        if not seeds:
            return
        demands = _fewest(team, seeds)
        found = _widened(team, seeds, demands, left)
        yield found
        known.update(found.cells, found.likewise)
        left = [cell for cell in left if cell not in known]


def _seeds(team: Team, unmet: Sequence[Cell], known: Collection[Cell]) -> tuple[Cell, ...]:
    """Cells that cannot be met together, none of which can be left out: one, if one cannot be met by itself."""
    alone = team.short_alone(unmet, team.every)
    for cell in unmet:
        if cell in alone and team.short([cell], team.every):
            return (cell,)
    if not unmet:
        return ()
    problem = team.problem
    days = problem.grid.local_days()
    asked = [(int(q), int(t)) for q, t in zip(*problem.minimum.nonzero(), strict=True)]
    day = int(days[unmet[0][1]])
    for reach in (0, 1, 2, problem.grid.days):
        near = [c for c in asked if abs(int(days[c[1]]) - day) <= reach and c not in known]
        near.sort(key=lambda c: (c not in unmet, c))
        if near and team.short(near, team.every):
            return irreducible(near, lambda cells: team.short(cells, team.every))
    return ()


def _fewest(team: Team, seeds: Sequence[Cell]) -> tuple[Demand, ...]:
    """Demands that clash with the cells: of the fewest rules, then of the fewest kinds, and nobody's that can be left out."""
    asked = [d for person in team.able(seeds) for d in team.demands[person.agent_id]]
    names = tuple(dict.fromkeys(d.rule for d in asked))
    rules = smallest_clash(
        names, lambda kept: team.short(seeds, {d for d in asked if d.rule in kept}), RULE_CALLS
    )
    asked = [d for d in asked if d.rule in rules]
    kinds = tuple(dict.fromkeys(kind_of(d) for d in asked))
    kept = irreducible(kinds, lambda some: team.short(seeds, {d for d in asked if kind_of(d) in some}))
    return _fewest_people(team, seeds, [d for d in asked if kind_of(d) in kept])


def kind_of(demand: Demand) -> Kind:
    """What a demand asks, whoever it is asked of."""
    return demand.rule, demand.primitives


def _fewest_people(team: Team, seeds: Sequence[Cell], asked: Sequence[Demand]) -> tuple[Demand, ...]:
    """Demands without those on people who are not needed for the clash: first the most of people alike, then any one that is left."""
    question, kept = team.question(seeds), set(asked)
    alike: dict[object, list[str]] = {}
    for person in team.able(seeds):
        mine = tuple(kind_of(d) for d in team.demands[person.agent_id] if d in kept)
        if mine:
            alike.setdefault((mine, question.skills(person)), []).append(person.agent_id)

    def without(agents: Collection[str]) -> set[Demand]:
        return {d for d in kept if d.agent_id not in agents}

    for agents in alike.values():
        low, high = 0, len(agents)  # how many of them can be left out
        while low < high:
            middle = (low + high + 1) // 2
            if team.short(seeds, without(agents[-middle:])):
                low = middle
            else:
                high = middle - 1
        kept = without(agents[len(agents) - low :])
    tried = True
    while tried:
        tried = False
        for demand in _one_of_each(team, question, kept):
            if team.short(seeds, kept - {demand}):
                kept, tried = kept - {demand}, True
                break
    return tuple(d for d in asked if d in kept)


def _one_of_each(team: Team, question: CoverQuestion, kept: Collection[Demand]) -> list[Demand]:
    """One demand of all that are alike: of people with the same skills and the same demands kept."""
    found: dict[object, Demand] = {}
    for person in team.able(question.cells):
        mine = [d for d in team.demands[person.agent_id] if d in kept]
        for demand in mine:
            key = (kind_of(demand), tuple(map(kind_of, mine)), question.skills(person))
            found.setdefault(key, demand)
    return list(found.values())


def _widened(team: Team, seeds: Sequence[Cell], demands: Sequence[Demand], unmet: Sequence[Cell]) -> Shortage:
    """All cells in which the same clash is found, as far as none of it is to spare: with one seed any that is unmet, with more those
    next to each, or moved together; moved cells that clash with fewer demands too are told as being likewise.
    """
    kept, moved = set(demands), list[Sequence[Cell]]()
    if len(seeds) == 1:
        each = _one_of_each(team, team.question(seeds), kept)
        same = team.short_alone(unmet, kept)
        for demand in each:
            same -= team.short_alone(same, kept - {demand})
        parts = (seeds[0], *(cell for cell in unmet if cell in same and cell != seeds[0]))
        ways: list[Sequence[Sequence[Cell]]] = [[parts], [_run(parts, seeds[0])]]
    else:
        moved = _moved(team, seeds, kept, unmet)
        ways = [[_around(team, seeds, k, kept) for k in range(len(seeds))], moved]
        ways.sort(key=lambda parts: -sum(map(len, parts)))
    for wide in (*ways, [(seed,) for seed in seeds]):
        found = Shortage(tuple(tuple(sorted(part)) for part in wide), tuple(demands), minimal=True)
        if _is_minimal(team, found):
            break
    else:
        found = replace(found, minimal=False)
    told = set(found.cells)
    return replace(found, likewise=tuple(sorted({c for part in moved for c in part if c not in told})))


def _moved(
    team: Team, seeds: Sequence[Cell], kept: set[Demand], unmet: Sequence[Cell]
) -> list[Sequence[Cell]]:
    """Cells of every seed moved in time by as much as all others, where they clash as the seeds do."""
    minimum, (queue, first) = team.problem.minimum, seeds[0]
    parts: list[list[Cell]] = [[seed] for seed in seeds]
    for move in (t - first for q, t in unmet if q == queue and t != first):
        cells = [(q, t + move) for q, t in seeds]
        inside = all(0 <= t < minimum.shape[1] and minimum[q, t] > 0 for q, t in cells)
        if inside and team.short(cells, kept):
            for part, cell in zip(parts, cells, strict=True):
                part.append(cell)
    return [tuple(part) for part in parts]


def _around(team: Team, seeds: Sequence[Cell], number: int, kept: Collection[Demand]) -> tuple[Cell, ...]:
    """Cells in a row with one seed, each of which clashes with the other seeds in its place."""
    queue, seed = seeds[number]
    others = [cell for k, cell in enumerate(seeds) if k != number]
    minimum, found = team.problem.minimum, [(queue, seed)]
    for step in (-1, 1):
        t = seed + step
        while 0 <= t < minimum.shape[1] and minimum[queue, t] > 0 and (queue, t) not in others:
            if not team.short([*others, (queue, t)], kept):
                break
            found.append((queue, t))
            t += step
    return tuple(found)


def _run(cells: Collection[Cell], seed: Cell) -> tuple[Cell, ...]:
    """Those of some cells that are in a row with one."""
    queue, first = seed
    last = first
    while (queue, first - 1) in cells:
        first -= 1
    while (queue, last + 1) in cells:
        last += 1
    return tuple((queue, t) for t in range(first, last + 1))


def _is_minimal(team: Team, found: Shortage) -> bool:
    """Whether without any demand, and without any part where there are more, all other cells can be met."""
    kept, team.unsure = set(found.demands), False
    question = team.question(found.cells)
    if any(team.short(found.cells, kept - {d}) for d in _one_of_each(team, question, kept)):
        return False
    others = ([c for part in found.parts if part is not left for c in part] for left in found.parts)
    return not any(team.short(cells, kept) for cells in others) and not team.unsure
