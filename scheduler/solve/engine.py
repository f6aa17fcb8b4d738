"""The whole method on one page: possible lines, proven bound, its solution made whole, search from there.

A small team's bound is a linear programme over its networks of lines, and CP-SAT then chooses with nothing left out, so that the best rota
is often proven. A large team's bound comes from mixtures of lines (`mixture`), which a first rota is made of. Between the two lies the same
search. Effort is counted, never timed; a clock, where one is given, only cuts the work short, and the solution says so.
"""

import time
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial

from scheduler.cost import cost_terms
from scheduler.problem import RotaProblem, without
from scheduler.rota import Rota
from scheduler.solution import Clash, Limits, Solution, Status
from scheduler.solve.bound import bound
from scheduler.solve.choose import choose_in_whole
from scheduler.solve.clock import Clock, never
from scheduler.solve.cover_model import groups_of
from scheduler.solve.crew import lines_of
from scheduler.solve.explain import stuck_people, unmet_cells, unmet_minimum
from scheduler.solve.floor import floor_of, total_price
from scheduler.solve.master import is_small, relax, rounded
from scheduler.solve.parts import parts_of, solve_parts
from scheduler.solve.ready import make_ready
from scheduler.solve.roster import Roster, empty_roster
from scheduler.solve.run import Run, gap_of
from scheduler.solve.shared import shared_cover
from scheduler.solve.warm import roster_of
from scheduler.solve.write import rota_of

Progress = Callable[[str], None]
RELAX_SHARE, CHOICE_SHARE = 0.5, 0.3
CLOSE, CLOSEST = 0.2, 5e-4
"""How near a mixture's value comes to its bound: a share of the gap aimed at, and never nearer."""
MISSING_MINUTES = 1e-4
Made = tuple[Roster, float, bool, tuple[Clash, ...]]


def solve(
    problem: RotaProblem,
    limits: Limits,
    progress: Progress = lambda _: None,
    *,
    start: Rota | None = None,
    stop: Callable[[], bool] = never,
    executor: Executor | None = None,
) -> Solution:
    """Make a rota.

    People for whom rules leave no line at all are named as a clash and stay unplanned; everybody else is planned. Teams that share
    nobody are solved side by side.

    Parameters
    ----------
    start : a rota to start from; what it holds that is no longer possible is left out
    stop : asked every now and then; once it is true, the best rota so far is the answer
    executor : where teams are solved, other processes or machines say; there ``progress`` and ``stop`` are not asked. None: here
    """
    parts = parts_of(problem)
    if len(parts) == 1:
        return solve_team(problem, limits, progress, start=start, stop=stop)
    if executor is not None:
        return solve_parts(parts, partial(solve_team, start=start), limits, executor)
    return solve_parts(parts, partial(solve_team, progress=progress, start=start, stop=stop), limits)


def solve_team(
    problem: RotaProblem,
    limits: Limits,
    progress: Progress = lambda _: None,
    *,
    start: Rota | None = None,
    stop: Callable[[], bool] = never,
) -> Solution:
    """As `solve`, for people who all hang together."""
    make_ready()
    clock = Clock(limits.seconds, stop)
    clashes: tuple[Clash, ...] = ()
    lines = lines_of(problem) if problem.people else None
    if lines and lines.stuck:
        clashes = stuck_people(problem, lines.stuck)
        problem = without(problem, lines.stuck)
        lines = lines_of(problem) if problem.people else None
    floor = floor_of(problem)
    if lines is None:
        nobody = empty_roster(0, 0, problem.grid.days, floor)
        price = total_price(floor, nobody.cover)
        return _solution(problem, nobody, price, clashes, True, clock, price)
    progress(
        f"{len(problem.people)} people, {len(problem.shifts)} candidate shifts, {len(lines.graphs)} kinds of line"
    )
    run = Run(problem, lines, floor, limits, clock, progress, fixed_cost(problem))
    first = None if start is None else roster_of(problem, start, lines, floor)
    roster, proven_bound, proven, unmet = (_small if is_small(lines) else _large)(run, first)
    return _solution(problem, roster, proven_bound, clashes + unmet, proven, clock, run.cost(roster))


def _small(run: Run, first: Roster | None) -> Made:
    """Exact bound, search, and a choice with nothing left out."""
    proof = bound(run.problem, run.lines, run.floor)
    run.begin(proof.value)
    clashes = unmet_minimum(run.problem, proof)
    roster = _best(run, run.search(first, 1 - CHOICE_SHARE))
    if run.gap(run.cost(roster)) <= run.limits.gap or run.clock.up():
        return roster, proof.value, False, clashes
    run.progress("last choice with nothing left out")
    found = run.side_by_side(lambda seed: choose_in_whole(run, proof, roster, seed, CHOICE_SHARE))
    best = _best(run, [roster, *(other for other, _ in found)])
    return best, proof.value, any(complete for _, complete in found), clashes


def _large(run: Run, first: Roster | None) -> Made:
    """Bound by mixtures of lines, a rota made of them, search."""
    groups, _ = groups_of(run.lines)
    relaxed = relax(
        run.lines, run.floor, groups, run.problem.grid.days, RELAX_SHARE * run.limits.effort,
        lambda value, least: run.gap_between(value, least) <= max(CLOSEST, CLOSE * run.limits.gap),
        lambda: run.clock.up(RELAX_SHARE), run.limits.seed,
    )  # fmt: skip
    run.begin(relaxed.bound)
    roster = rounded(run.lines, run.floor, relaxed, run.problem.grid.days, run.limits.seed)
    if first is not None and run.cost(first) < run.cost(roster):
        roster = first
    roster = _best(run, run.search(roster, 1 - RELAX_SHARE))
    if run.clock.stop() or (
        run.clock.cut and not relaxed.settled
    ):  # short of what a longer search would meet
        return roster, relaxed.bound, False, ()
    return roster, relaxed.bound, False, unmet_cells(run.problem, below_minimum(run.problem, roster))


def _best(run: Run, found: list[Roster]) -> Roster:
    """The roster that costs least once its cover is shared out exactly; as they are, where nobody waits for more."""
    if run.clock.stop():
        return min(found, key=run.cost)
    shared = (one._replace(cover=shared_cover(run.floor, run.lines.crew, one)) for one in found)
    return min(shared, key=run.cost)


def below_minimum(problem: RotaProblem, roster: Roster) -> list[tuple[int, int]]:
    """(queue, interval) that a rota leaves below the minimum, most missing first."""
    length = problem.grid.interval_minutes
    missing = problem.minimum * length - roster.cover[: len(problem.queues)]
    cells = [(int(queue), int(t)) for queue, t in zip(*(missing > MISSING_MINUTES).nonzero(), strict=True)]
    return sorted(cells, key=lambda cell: (-missing[cell], cell))


def fixed_cost(problem: RotaProblem) -> float:
    """Pay that contracts fix whatever the rota is."""
    return sum(person.fixed_minutes * person.cost_per_minute for person in problem.people)


def _solution(
    problem: RotaProblem, roster: Roster, bound: float, clashes: tuple[Clash, ...], proven: bool, clock: Clock,
    priced: float,
) -> Solution:  # fmt: skip
    """Everything that is said about a finished rota; ``priced`` is what the search took it to cost.

    A pay law may make more of it than the search knew, never less: where the search's best is proven, ``priced`` is a bound.
    """
    rota = rota_of(problem, roster)
    cost = cost_terms(problem, rota, roster.cover[: len(problem.queues)])
    objective, fixed = sum(cost.values()), fixed_cost(problem)
    bound = min(max(bound, priced) if proven else bound, objective)
    gap = gap_of(objective, bound, fixed)
    status: Status = "clash" if clashes else "optimal" if gap == 0 else "stopped" if clock.cut else "feasible"
    seconds = time.monotonic() - clock.started
    return Solution(status, rota, cost, objective, bound, fixed, gap, not clock.cut, seconds, clashes)
