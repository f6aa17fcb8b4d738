"""Stability, fairness, changes and mixes recounted from a finished rota: the terms beside pay, wishes and cover.

Nothing of the solver's is used; definitions are those of `scheduler.terms`.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from centre.instants import Grid, Minutes, from_minutes
from scheduler.problem import Floats, RotaProblem
from scheduler.rota import Rota
from scheduler.terms import DaysOffTogether, DutyRow, Preference, SameStart

HALF_DAY, DAY = 720, 1440
Starts = dict[int, int]


def further_terms(problem: RotaProblem, rota: Rota) -> dict[str, float]:
    """Price by term, of the terms that this problem has: ``start_change``, ``backward_rotation``, ``single_day_off``, those of
    its charges by their names (``unfair_night``, ..., ``change``) and ``mix``.
    """
    terms: dict[str, float] = {}
    starts, candidates = first_starts(problem, rota), _numbers(problem)
    worked = _worked(rota, candidates)
    for person in problem.people:
        mine = starts.get(person.agent_id, {})
        for preference in person.preferences:
            times = sum(1 for _ in against(preference, mine))
            _add(terms, term_of_preference(preference), times * preference.price)
        for charge in person.charges:
            prices = (charge.by_shift[k] for k in worked.get(person.agent_id, ()))
            _add(terms, charge.term, charge.constant + sum(prices))
    people, grid = [person.agent_id for person in problem.people], problem.grid
    for row in problem.duty:
        _add(terms, "mix", mix_price(row, missing_on_duty(row, people, rota, grid), grid))
    return {term: max(0.0, amount) if amount > -1e-6 else amount for term, amount in terms.items()}


def term_of_preference(preference: Preference) -> str:
    """Name of a preference in the cost."""
    if isinstance(preference, DaysOffTogether):
        return "single_day_off"
    return "start_change" if isinstance(preference, SameStart) else "backward_rotation"


def first_starts(problem: RotaProblem, rota: Rota) -> dict[str, Starts]:
    """First start of each day worked in the horizon, by agent_id and day, in the order of days."""
    duties, grid = rota.duties, problem.grid
    starts: dict[str, Starts] = {}
    order = np.lexsort((duties.start, duties.day))
    for agent, day, start in zip(duties.agent[order], duties.day[order], duties.start[order], strict=True):
        if grid.first_day <= day < grid.first_day + grid.days:
            starts.setdefault(rota.agent_ids[agent], {}).setdefault(int(day), int(start))
    return starts


def against(preference: Preference, starts: Starts) -> Iterator[int]:
    """The days on which one person's line goes against a preference; ``starts`` as `first_starts` tells them."""
    days = list(starts)
    if isinstance(preference, DaysOffTogether):
        yield from (day + 1 for day in days if day + 1 not in starts and day + 2 in starts)
        return
    clocks = [_clock(starts[day], preference) for day in days]
    for day, before, now in zip(days[1:], clocks, clocks[1:], strict=False):
        ahead = (now - before) % DAY
        moved = min(ahead, DAY - ahead)
        if moved > preference.tolerance_minutes and (isinstance(preference, SameStart) or ahead >= HALF_DAY):
            yield day


def _clock(instant: int, preference: Preference) -> int:
    assert not isinstance(preference, DaysOffTogether)
    local = from_minutes(instant, preference.zone)
    return local.hour * 60 + local.minute


def _numbers(problem: RotaProblem) -> dict[tuple[str, int], int]:
    """Number of each candidate shift by its name and start."""
    return {(shift.template.name, shift.start): k for k, shift in enumerate(problem.shifts)}


def _worked(rota: Rota, candidates: dict[tuple[str, int], int]) -> dict[str, list[int]]:
    """Numbers of the candidate shifts that each person works; a shift that was no candidate has no charge."""
    duties, worked = rota.duties, dict[str, list[int]]()
    for agent, shift, start in zip(duties.agent, duties.shift, duties.start.tolist(), strict=True):
        number = candidates.get((rota.shift_names[shift], start))
        if number is not None:
            worked.setdefault(rota.agent_ids[agent], []).append(number)
    return worked


def missing_on_duty(row: DutyRow, people: Sequence[str], rota: Rota, grid: Grid) -> Floats:
    """People missing to a mix by interval, shape (intervals,), as means over each interval.

    ``people`` are the agent_ids that the row's weights are of; whoever else works in the rota does not count.
    """
    weight_of = dict(zip(people, row.weights.tolist(), strict=True))
    weights = np.array([weight_of.get(agent_id, 0.0) for agent_id in rota.agent_ids])
    rows = np.flatnonzero(rota.is_kind("work"))
    edges = np.append(grid.starts, grid.end) - grid.start
    start, end = (instants - grid.start for instants in rota.stretches(rows))
    own = weights[rota.agent[rows]] if len(rows) else np.zeros(0)
    minutes = np.diff(_minutes_until(edges, start, own) - _minutes_until(edges, end, own))
    return np.maximum(0.0, row.needed - minutes / np.diff(edges))


def mix_price(row: DutyRow, missing: Floats, grid: Grid) -> float:
    """What a mix costs over the horizon, where so many are ``missing`` in each interval."""
    hours = float(missing.sum()) * grid.interval_minutes / 60
    return hours * row.price_per_hour if hours > 1e-9 else 0.0


def _minutes_until(edges: Minutes, begun: Minutes, weights: Floats) -> Floats:
    """Sum of weight x minutes gone by at each edge since each instant of ``begun``, shape of ``edges``."""
    order = np.argsort(begun, kind="stable")
    place = np.searchsorted(begun[order], edges)
    mass, moment = (np.append(0.0, np.cumsum(v[order])) for v in (weights, weights * begun))
    return np.asarray(edges * mass[place] - moment[place])


def _add(terms: dict[str, float], term: str, amount: float) -> None:
    terms[term] = terms.get(term, 0.0) + amount
