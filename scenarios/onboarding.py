"""New starters in a plan: whoever is in induction or mentored works with a mentor, takes exams, and serves at the speed of their week.

centre folder -> starters by day -> problem with mentors planned for both -> rota with the starters' lines and exams -> tables, sentences
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import pandas as pd

from centre.folder import Centre
from centre.instants import Grid, day_number, from_minutes, from_timestamps
from centre.model import Settings
from centre.onboarding_checks import LEARNING
from centre.opening import open_mask
from centre.people import Agent
from scenarios.demand import holidays_of
from scenarios.onboarding_checks import check_mentors, mentors_away
from scenarios.onboarding_told import sentences, table_of
from scenarios.peak_settings import SettingsInForce
from scheduler.cost import cost_terms
from scheduler.coverage import coverage, working_groups
from scheduler.onboarding import beside_mentors, starts_in
from scheduler.onboarding_exams import Spare, with_exams
from scheduler.onboarding_lines import Line, with_starters
from scheduler.phases import phased, speeds_by_day
from scheduler.problem import RotaProblem
from scheduler.rota import Rota
from scheduler.rules.facts import Facts
from scheduler.rules.rule import Rule
from scheduler.solution import Solution
from scheduler.stages import Starter, starter_of, with_exams_of

AHEAD_DAYS, BEHIND_DAYS = 120, 800
OF_COVER = ("shortage", "surplus", "below_minimum", "mix")
RAMP_COLUMNS = (
    *("interval_start", "queue", "starters", "starters_effective", "speed_lost"),
    *("agents_to_roster", "heads_to_roster", "agents_rostered"),
)


@dataclass(frozen=True, eq=False)
class Onboarded:
    """What a plan tells of new starters.

    Parameters
    ----------
    starters : everybody told to be in induction or mentored, their assumed passes on the days of the exams planned
    planned : those of them who are in induction or mentored in the horizon
    lines : what they do day by day
    table : rows of ``onboarding.csv``, by starter and day
    ramp : rows of ``onboarding_ramp.csv``, by interval and queue: ``starters`` at work who can serve it (one of two skills counts
        on both queues) and the agents that they come to there, ``speed_lost`` by ramp and by mentors beside them, ``heads_to_roster``, what
        must be rostered so that ``agents_to_roster`` serve
    warnings : sentences: what is assumed, overdue, changed or missing
    """

    starters: tuple[Starter, ...] = ()
    planned: tuple[Starter, ...] = ()
    lines: tuple[Line, ...] = ()
    table: pd.DataFrame = field(default_factory=pd.DataFrame)
    ramp: pd.DataFrame = field(default_factory=pd.DataFrame)
    warnings: tuple[str, ...] = ()


def starters_of(centre: Centre, first_day: int, days: int) -> tuple[Starter, ...]:
    """Everybody told to be in induction or mentored, by agent_id; exams to come lie on open days from the horizon on, beside leave."""
    told = sorted((a for a in centre.agents if a.stage in LEARNING), key=lambda agent: agent.agent_id)
    if not told:
        return ()
    since = min(
        [first_day, *(max(a.starts_on, first_day - BEHIND_DAYS) for a in told if a.starts_on is not None)]
    )
    is_open = open_days(centre, since, first_day + days + AHEAD_DAYS - since)
    contracts = {contract.name: contract for contract in centre.settings.contract}
    results: dict[str, list[tuple[int, str, bool]]] = {}
    if len(centre.passes):
        columns = (centre.passes[name].tolist() for name in ("agent_id", "exam", "date", "result"))
        for agent_id, exam, date, result in zip(*columns, strict=True):
            results.setdefault(str(agent_id), []).append((day_number(date), str(exam), result == "pass"))
    found = []
    for agent in told:
        contract, away = contracts.get(agent.contract), _leave_days(centre, agent.agent_id)
        found.append(
            starter_of(
                agent, results.get(agent.agent_id, ()), centre.settings.onboarding,
                [day for day in is_open if day not in away], first_day,
                contract.days_max if contract else 5, centre.settings.centre.week_start,
            )
        )  # fmt: skip
    return tuple(found)


def open_days(centre: Centre, first_day: int, days: int) -> list[int]:
    """Days on which some queue is open, in order."""
    grid = Grid(centre.settings.centre.timezone, first_day, days, 60)
    holidays = holidays_of(centre, grid)
    masks = [open_mask(queue, grid, holidays, centre.calendar) for queue in centre.settings.queue]
    local = np.array(grid.local_days())
    return [int(day) for day in np.unique(local[np.any(masks, axis=0)])]


def with_stages(facts: Facts, starters: Iterable[Starter], settings: Settings) -> Facts:
    """The facts with the stages and mentors of starters."""
    people = dict(facts.people or {})
    for starter in starters:
        if starter.agent_id in people:
            own = people[starter.agent_id]
            people[starter.agent_id] = replace(own, stages=starter.stages, mentor=starter.mentor)
    return replace(
        facts, people=None if facts.people is None else people, mentor_load=settings.onboarding.mentor_load
    )


def staged(facts: Facts, centre: Centre, rota: Rota | None = None) -> Facts:
    """The facts of a centre with its starters, their exams where a rota has them."""
    starters = starters_of(centre, facts.first_day, facts.days)
    if rota is not None:
        starters = tuple(with_exams_of(starter, rota) for starter in starters)
    return with_stages(facts, starters, centre.settings)


def by_phases(
    centre: Centre, rota: Rota, starters: Sequence[Starter] | None = None
) -> tuple[Rota, tuple[Agent, ...]]:
    """Rota and people as cover and simulation take them: starters and their mentors at the speeds of their days.

    ``starters`` are those of the rota's days; None: as the centre folder and the rota's exams tell them.
    """
    if not len(rota) or not any(agent.stage in LEARNING for agent in centre.agents):
        return rota, tuple(centre.agents)
    first, last = int(rota.day.min()), int(rota.day.max())
    if starters is None:
        starters = [with_exams_of(starter, rota) for starter in starters_of(centre, first, last - first + 1)]
    return phased(rota, centre.agents, speeds_by_day(rota, starters, centre.settings.onboarding))


def before_solve(centre: Centre, problem: RotaProblem) -> tuple[RotaProblem, Onboarded]:
    """The problem in which mentors are planned for their starters too.

    Raises
    ------
    BadInput
        where a mentor has too many starters, leaves before a stage ends, or works no shift that the starter may.
    """
    grid = problem.grid
    starters = starters_of(centre, grid.first_day, grid.days)
    planned = starts_in(starters, grid.first_day, grid.first_day + grid.days)
    if not planned:
        return problem, Onboarded(starters)
    check_mentors(centre, planned, grid)
    asked = beside_mentors(problem, planned, centre.agents, centre.settings.onboarding)
    return asked, Onboarded(starters, planned, warnings=tuple(mentors_away(centre, planned, grid)))


def as_planned(centre: Centre, problem: RotaProblem, found: Onboarded) -> Centre:
    """The centre as its rota is judged while it is solved: without the starters, their mentors as fast as both."""
    if not found.planned:
        return centre
    skills = {
        p.agent_id: tuple((problem.queues[queue], speed) for queue, speed in p.skills) for p in problem.people
    }
    agents = (replace(a, skills=skills[a.agent_id]) for a in centre.agents if a.agent_id in skills)
    return replace(centre, agents=tuple(agents))


def after_solve(
    found: Onboarded,
    solution: Solution,
    centre: Centre,
    problem: RotaProblem,
    facts: Facts,
    rules: Sequence[Rule],
    needed: pd.DataFrame,
    in_force: SettingsInForce,
) -> tuple[Solution, Onboarded]:
    """The solution with the lines, exams and pay of the starters, and what is told of them.

    ``problem`` is that of everybody, before `before_solve`; ``facts`` have the stages.
    """
    if not found.planned:
        return solution, found
    grid, by = problem.grid, centre.settings.onboarding
    days = frozenset(open_days(centre, grid.first_day, grid.days))
    rota, lines = with_starters(solution.rota, found.planned, centre.agents, facts, rules, by, days)
    spare = _spare(centre, rota, found.planned, needed, in_force, grid)
    rota, unplaced = with_exams(rota, lines, by, spare, grid.first_day + grid.days)
    starters = tuple(with_exams_of(starter, rota) for starter in found.starters)
    planned = tuple(
        starter for starter in starters if starter.agent_id in {s.agent_id for s in found.planned}
    )
    told = replace(
        found, starters=starters, planned=planned, lines=lines,
        warnings=(*found.warnings, *sentences(lines, planned, rota, grid), *unplaced),
    )  # fmt: skip
    return _paid(replace(solution, rota=rota), problem, {s.agent_id for s in planned}), told


def finished(
    found: Onboarded, centre: Centre, rota: Rota, needed: pd.DataFrame, in_force: SettingsInForce
) -> Onboarded:
    """With the days of starters and the ramp by interval and queue of the finished rota."""
    if not found.planned:
        return found
    ids = {starter.agent_id for starter in found.planned}
    speeds = speeds_by_day(rota, found.planned, centre.settings.onboarding)
    by_day, people = phased(rota, centre.agents, speeds)
    now = _cover(by_day, people, needed, in_force)
    full = _cover(rota, centre.agents, needed, in_force)
    own = rota.narrowed(np.array([name in ids for name in rota.agent_ids], dtype=bool)[rota.agent])
    starts, column = np.unique(from_timestamps(needed["interval_start"]), return_inverse=True)
    queues = [queue.name for queue in centre.settings.queue]
    row = pd.Index(queues).get_indexer(pd.Index(needed["queue"].astype(str)))
    learning, people = phased(own, centre.agents, speeds)
    step = centre.settings.centre.interval_minutes
    by_skills, at_work = working_groups(learning, queues, people, starts, step)
    table = pd.DataFrame({"interval_start": now["interval_start"], "queue": now["queue"]})
    table["starters"] = ((by_skills > 0).T @ at_work)[row, column]
    table["starters_effective"] = (by_skills.T @ at_work)[row, column]
    table["speed_lost"] = np.maximum(full["agents_effective"] - now["agents_effective"], 0)
    table["agents_to_roster"] = needed["agents_to_roster"].to_numpy(dtype=float)
    table["heads_to_roster"] = table["agents_to_roster"] + table["speed_lost"]
    table["agents_rostered"] = now["agents_rostered"]
    numbers = list(RAMP_COLUMNS[2:])
    table[numbers] = table[numbers].round(4) + 0.0  # no -0.0
    days = table_of(rota, found.lines, found.planned, centre.settings.onboarding, in_force.grid)
    return replace(found, table=days, ramp=table[list(RAMP_COLUMNS)])


def _cover(
    rota: Rota, agents: Sequence[Agent], needed: pd.DataFrame, in_force: SettingsInForce
) -> pd.DataFrame:
    return in_force.rows(lambda by: coverage(rota, needed, by, agents)).sort_index()


def _spare(
    centre: Centre,
    rota: Rota,
    starters: Sequence[Starter],
    needed: pd.DataFrame,
    in_force: SettingsInForce,
    grid: Grid,
) -> Spare:
    """Agents beyond those to be rostered, by interval, all queues together."""
    speeds = speeds_by_day(rota, starters, centre.settings.onboarding)
    table = _cover(*phased(rota, centre.agents, speeds), needed, in_force)
    instants = from_timestamps(table["interval_start"])
    starts, place = np.unique(instants, return_inverse=True)
    weights = table["net_staffing"].to_numpy(dtype=float)
    net = np.asarray(np.bincount(place, weights=weights, minlength=len(starts)), dtype=float)
    return Spare(starts, net, grid.interval_minutes)


def _paid(solution: Solution, problem: RotaProblem, ids: set[str]) -> Solution:
    """The solution with what starters are paid and cost beside: it is no choice of the solver's, so bound and fixed cost have it too."""
    rota = solution.rota
    own = rota.narrowed(np.array([name in ids for name in rota.agent_ids], dtype=bool)[rota.agent])
    people = tuple(person for person in problem.people if person.agent_id in ids)
    asked = replace(problem, people=people, duty=())
    terms = cost_terms(asked, own, np.zeros_like(problem.required))
    terms = {name: amount for name, amount in terms.items() if name not in OF_COVER}
    cost = {name: solution.cost.get(name, 0.0) + terms.get(name, 0.0) for name in {**solution.cost, **terms}}
    total = sum(terms.values())
    return replace(
        solution, cost=cost, objective=solution.objective + total, bound=solution.bound + total,
        fixed_cost=solution.fixed_cost + total,
    )  # fmt: skip


def _leave_days(centre: Centre, agent_id: str) -> frozenset[int]:
    """Days of the centre's clock that somebody's leave touches."""
    if not len(centre.leave):
        return frozenset()
    rows = centre.leave[centre.leave["agent_id"] == agent_id]
    local = partial(from_minutes, zone=centre.settings.centre.timezone)
    days: set[int] = set()
    for start, end in zip(from_timestamps(rows["start"]), from_timestamps(rows["end"]), strict=True):
        days |= set(range(day_number(local(int(start)).date()), day_number(local(int(end) - 1).date()) + 1))
    return frozenset(days)
