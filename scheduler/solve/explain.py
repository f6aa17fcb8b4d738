"""Why not: which demands leave a person without any possible line, and which hold cover below the minimum."""

from collections.abc import Iterable, Sequence

from scheduler.problem import RotaProblem
from scheduler.solution import Clash, Demanded
from scheduler.solve.bound import Bound
from scheduler.solve.explain_cover import Cell, Crowd
from scheduler.solve.explain_lines import END
from scheduler.solve.explain_minimum import Kind, Shortage, Team, kind_of, shortages
from scheduler.solve.explain_people import stuck_people
from scheduler.solve.explain_sets import smallest_clash
from scheduler.solve.explain_ways import WaysOut
from scheduler.solve.explain_words import SHOWN, asks, cells_words, count, listed, people_words, runs

__all__ = ["smallest_clash", "stuck_people", "unmet_cells", "unmet_minimum"]

MINIMUM = "minimum-agents"
TOLERANCE_AGENTS = 1e-4
MOST_CLASHES = 5
SPANS_SHOWN = 4
WAYS_SHOWN = 4


def unmet_minimum(problem: RotaProblem, proof: Bound) -> tuple[Clash, ...]:
    """What holds cover below the minimum in the intervals that the linear programme proves to be short, the most missing first."""
    short = [
        (missing, start, queue)
        for (start, queue), missing in proof.unmet.items()
        if missing > TOLERANCE_AGENTS
    ]
    grid = problem.grid
    cells = [
        (queue, (start - grid.start) // grid.interval_minutes)
        for _, start, queue in sorted(short, key=lambda s: (-s[0], s[1:]))
    ]
    found = unmet_cells(problem, cells)
    return found or ((_rest(problem, cells, beside=False),) if cells else ())


def unmet_cells(problem: RotaProblem, cells: Sequence[Cell]) -> tuple[Clash, ...]:
    """A clash for each cause of intervals that are below the minimum: exact in whole people, lines and minutes.

    Parameters
    ----------
    problem : one in which everybody has a line
    cells : (queue, interval) below the minimum in the best rota known, the worst first; those that can be met with all others
        are not spoken of
    """
    if not cells:
        return ()
    team = Team(problem)
    found = list(shortages(team, cells, MOST_CLASHES))
    known = {cell for shortage in found for cell in (*shortage.cells, *shortage.likewise)}
    clashes = [_clash(team, shortage, known | set(cells)) for shortage in found]
    left = [cell for cell in cells if cell not in known]
    if left and len(found) == MOST_CLASHES:
        clashes.append(_rest(problem, left, beside=True))
    return tuple(clashes)


def _clash(team: Team, shortage: Shortage, short: Iterable[Cell]) -> Clash:
    """Say where, who could be there, what clashes, and what would help."""
    problem, zone = team.problem, team.problem.grid.zone
    by_kind: dict[Kind, list[str]] = {}
    for demand in shortage.demands:
        by_kind.setdefault(kind_of(demand), []).append(demand.agent_id)
    minima = tuple(_asked(problem, part) for part in shortage.parts)
    rules = tuple(
        Demanded(rule, asks(told, zone), tuple(sorted(who))) for (rule, told), who in by_kind.items()
    )
    ways = WaysOut(team, shortage, frozenset(short))
    outs = tuple(way.out for way in ways.all()[:WAYS_SHOWN])
    return Clash(
        f"{_short(team, shortage, ways.small)} {_why(team, shortage, rules)}",
        tuple(sorted({demand.agent_id for demand in shortage.demands})),
        tuple(sorted({_start(problem, cell) for cell in shortage.cells})),
        tuple(dict.fromkeys(member.rule for member in rules)) or (MINIMUM,),
        outs[0].sentence if outs else "",
        (*minima, *rules), outs, shortage.minimal,
    )  # fmt: skip


def _start(problem: RotaProblem, cell: Cell) -> int:
    """UTC minutes at which a cell's interval begins."""
    return problem.grid.start + cell[1] * problem.grid.interval_minutes


def _asked(problem: RotaProblem, part: Sequence[Cell]) -> Demanded:
    """Minimum cover of some cells of a queue, or of several, as a member of a clash."""
    says = "; ".join(
        f"at least {count(problem.minimum[span[0]], 'agent')} for {cells_words(problem, span)}"
        for span in runs(problem, part)
    )
    queues = {problem.queues[queue] for queue, _ in part}
    starts = tuple(sorted({_start(problem, cell) for cell in part}))
    return Demanded(MINIMUM, says, queue=queues.pop() if len(queues) == 1 else "", interval_starts=starts)


def _short(team: Team, shortage: Shortage, ways_for_all: bool) -> str:
    """Where cover is below the minimum, and by how much."""
    problem, question = team.problem, team.question(shortage.cells)
    spans = [span for part in shortage.parts for span in runs(problem, part)]
    crowds = [Crowd((root,), skills, n) for (root, skills), n in team.crowds(question, team.every).items()]
    lowered = question.answer(crowds, lower=spans).lowered or (0,) * len(spans)
    told = [
        f"{cells_words(problem, span)} asks {asked:g}"
        + (f", {asked - less:g} can be had" if len(shortage.parts) == 1 else "")
        for span, less in zip(spans, lowered, strict=True)
        for asked in [float(problem.minimum[span[0]])]
    ]
    more = f"; and {len(told) - SPANS_SHOWN} more" if len(told) > SPANS_SHOWN else ""
    both = (
        f", together {count(sum(lowered), 'agent')} more than can be had" if len(shortage.parts) > 1 else ""
    )
    first = "" if ways_for_all else " (ways out are for the times named first)"
    likewise = f" Likewise {cells_words(problem, shortage.likewise)}{first}." if shortage.likewise else ""
    return f"minimum cover cannot be met: {'; '.join(told[:SPANS_SHOWN])}{more}{both}.{likewise}"


def _why(team: Team, shortage: Shortage, rules: Sequence[Demanded]) -> str:
    """Who could be there, and what keeps the others away."""
    problem, question, able = team.problem, team.question(shortage.cells), team.able(shortage.cells)
    free = [p.agent_id for p in able if team.root(question, p, team.every) != END]
    people = f"{count(len(able), 'person', 'people')} with the skill"
    if not able:
        return "Nobody has the skill."
    if not rules and all(team.root(question, p, ()) == END for p in able):
        return f"No shift of the centre is at work then; {people}."
    named = people_words(free) if len(free) <= SHOWN else f"{len(free)} of them"
    who = f"{people}, on shift then could be {named if free else 'nobody'}"
    if not rules:
        few = "there are too few people"
        if _at_once(problem, shortage) <= len(able):
            apart = len({part[0][1] for part in shortage.parts}) > 1
            few = f"{few} for all of these times" if apart else "breaks leave too few people"
        return f"{who}; no rule stands in the way, {few}."
    told = listed(f"{member.rule} ({member.says}) for {people_words(member.agents)}" for member in rules)
    return f"{who}. It clashes with {told}."


def _at_once(problem: RotaProblem, shortage: Shortage) -> float:
    """The most agents that the minimum of the shortage asks for at one time."""
    asked: dict[int, float] = {}
    for queue, t in shortage.cells:
        asked[t] = asked.get(t, 0.0) + float(problem.minimum[queue, t])
    return max(asked.values())


def _rest(problem: RotaProblem, cells: Sequence[Cell], beside: bool) -> Clash:
    """Intervals that are short too, without their causes."""
    where = cells_words(problem, sorted(cells))
    also = (
        "is short too; its causes are looked for once those above are settled" if beside else "cannot be met"
    )
    starts = tuple(sorted({_start(problem, cell) for cell in cells}))
    return Clash(f"minimum cover of {where} {also}", interval_starts=starts, rules=(MINIMUM,))
