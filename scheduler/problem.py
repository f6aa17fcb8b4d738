"""RotaProblem: everything the solver may know, as plain data that knows no solver."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.calendar import CalendarRow
from centre.instants import Grid, day_number, from_timestamps
from centre.model import Objective, Settings
from centre.people import Agent
from scheduler.backup import CALL_OUT, call_out_prices
from scheduler.duty import duty_rows
from scheduler.fairness import fairness_charges, wish_factors
from scheduler.pay.law import PayLaw
from scheduler.pay.priced import PayTerms, shift_premiums, week_prices
from scheduler.preferred_hours import preferred_hours_charges
from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import BoundedSum, Primitive
from scheduler.rules.rule import Rule
from scheduler.rules.tightest import tightest
from scheduler.shifts import CandidateShift, candidate_shifts
from scheduler.stability import change_charges, preferences_of
from scheduler.terms import Charge, CoverPrices, DutyRow, OvertimePay, Preference, Wish

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PlannedPerson:
    """One person to be planned. ``skills`` are (queue index, speed); ``primitives`` are all rules that bind them, with what was
    worked before the horizon already counted in; ``by_rule`` tells which rule asks for which, so that a clash can be named.
    ``premiums`` are the minutes at the usual rate that each shift costs beyond its paid ones, by shift; empty: none.
    ``preferences`` are prices on how shifts follow one another, ``charges`` further prices of single shifts. ``outside``: somebody of a
    backup pool, paid by what they cost and by no pay law.
    """

    agent_id: str
    skills: tuple[tuple[int, float], ...]
    primitives: tuple[Primitive, ...]
    cost_per_minute: float = 0.0
    overtime: tuple[OvertimePay, ...] = ()
    wishes: tuple[Wish, ...] = ()
    by_rule: tuple[tuple[str, tuple[Primitive, ...]], ...] = ()
    premiums: tuple[float, ...] = ()
    preferences: tuple[Preference, ...] = ()
    charges: tuple[Charge, ...] = ()
    outside: bool = False

    @property
    def fixed_minutes(self) -> int:
        """Paid minutes that the contract fixes whatever the rota is."""
        sums = (p for p in self.primitives if isinstance(p, BoundedSum) and p.measure == "paid_minutes")
        return sum(p.low or 0 for p in sums)


@dataclass(frozen=True, eq=False)
class RotaProblem:
    """A rota to be made.

    Parameters
    ----------
    grid : the intervals of the horizon
    queues : queue names; the first axis of ``required`` and ``minimum``
    required : agents to roster, shape (queues, intervals), before breaks are taken away
    minimum : agents below which no interval may fall, shape (queues, intervals)
    shifts : every shift that somebody might work, by day
    pay : the pay law that the finished rota is recounted by; None: contracts alone, as ``people`` tell them
    prices : what service costs; None: what ``objective`` asks for each agent missing to ``required``
    duty : who must be on duty beside the agents required
    """

    grid: Grid
    queues: tuple[str, ...]
    required: Floats
    minimum: Floats
    shifts: tuple[CandidateShift, ...]
    people: tuple[PlannedPerson, ...]
    objective: Objective
    pay: PayTerms | None = None
    prices: CoverPrices | None = None
    duty: tuple[DutyRow, ...] = ()

    def cover_prices(self) -> CoverPrices:
        """What service costs; the minimum, which no rota leaves unmet that need not, is not in it."""
        if self.prices is not None:
            return self.prices
        objective, shape = self.objective, self.required.shape
        shortage = objective.shortage_per_agent_hour
        rates = (shortage, shortage * (objective.deep_shortage_factor - 1))
        return CoverPrices(
            np.stack([self.required, self.required * (1 - objective.deep_shortage_share)]),
            np.stack([np.full(shape, rate) for rate in rates]),
            np.full(shape, objective.surplus_per_agent_hour),
        )


def rota_problem(
    settings: Settings,
    agents: Iterable[Agent],
    requirement: pd.DataFrame,
    requests: pd.DataFrame | None,
    rules: Sequence[Rule],
    facts: Facts,
    grid: Grid,
    pay_law: PayLaw | None = None,
    *,
    earlier: Rota | None = None,
    calendar: Sequence[CalendarRow] = (),
) -> RotaProblem:
    """The problem of one horizon.

    Parameters
    ----------
    requirement : columns of ``requirement.csv``; intervals outside ``grid`` are left out
    requests : columns ``agent_id, date, kind, shift, weight`` as `centre.folder` reads them, or None
    facts : the same facts that the audit will judge the rota with
    pay_law : the law that sets what hours cost; None: contracts alone
    earlier : a rota of the same days from which changes cost (``change``); None: there is none
    calendar : the centre's own days, as `centre.folder.Centre.calendar`, for the hours of mixes
    """
    agents = sorted(agents, key=lambda a: a.agent_id)
    queues = tuple(q.name for q in settings.queue)
    required, minimum = cover_of(settings, requirement, queues, grid)
    used = {name for contract in settings.contract for name in contract.shifts}
    shifts = tuple(
        candidate_shifts(
            (t for t in settings.shift if t.name in used), grid, facts.makeup_days, facts.peak_days
        )
    )
    wishes = _wishes(requests, settings.objective, wish_factors(settings.objective, facts))
    known = facts.people or {}
    people = tuple(
        _planned(agent, known[agent.agent_id], queues, rules, facts, wishes.get(agent.agent_id, ()))
        for agent in agents
    )
    people = tuple(_weighed(people, settings.objective, agents, facts, shifts, grid, earlier))
    people = tuple(_called_out(people, facts, shifts))
    pay = None if pay_law is None else PayTerms(pay_law, facts)
    if pay is not None:
        people = tuple(_paid_by_law(people, known, pay, shifts))
    duty = duty_rows(settings, agents, grid, facts.holidays, calendar)  # nobody from outside counts in a mix
    duty = tuple(
        replace(row, weights=row.weights * [not person.outside for person in people]) for row in duty
    )
    return RotaProblem(grid, queues, required, minimum, shifts, people, settings.objective, pay, duty=duty)


def without(problem: RotaProblem, agent_ids: Collection[str]) -> RotaProblem:
    """The problem of everybody else."""
    kept = [k for k, person in enumerate(problem.people) if person.agent_id not in agent_ids]
    duty = tuple(replace(row, weights=row.weights[kept]) for row in problem.duty)
    return replace(problem, people=tuple(problem.people[k] for k in kept), duty=duty)


def _weighed(
    people: Iterable[PlannedPerson],
    objective: Objective,
    agents: Sequence[Agent],
    facts: Facts,
    shifts: Sequence[CandidateShift],
    grid: Grid,
    earlier: Rota | None,
) -> Iterator[PlannedPerson]:
    """People with what stability, fairness, preferred hours and an earlier rota ask of them."""
    known = facts.people or {}
    employed = [agent for agent in agents if not known[agent.agent_id].outside]
    fair = fairness_charges(objective, employed, facts, shifts)
    preferred = preferred_hours_charges(objective, employed, facts, shifts)
    changes = {} if earlier is None else change_charges(objective, earlier, shifts, grid)
    for planned in people:
        if planned.outside:
            yield planned
            continue
        charges = fair[planned.agent_id]
        for further in (preferred, changes):
            if planned.agent_id in further:
                charges = (*charges, further[planned.agent_id])
        clock = known[planned.agent_id].zone or facts.zone
        yield replace(planned, preferences=preferences_of(objective, clock), charges=charges)


def _called_out(
    people: Iterable[PlannedPerson], facts: Facts, shifts: Sequence[CandidateShift]
) -> Iterator[PlannedPerson]:
    """People with the price of each call-out, for those who come when called."""
    known, prices = facts.people or {}, dict[tuple[str, float], Charge]()
    statutory = {day for day, kind in (facts.special_days or {}).items() if kind == "statutory"}
    for planned in people:
        pool = known[planned.agent_id].backup
        if planned.outside and pool is not None:
            hourly = planned.cost_per_minute * 60
            key = pool.name, hourly
            if key not in prices:
                prices[key] = Charge(CALL_OUT, call_out_prices(pool, hourly, shifts, statutory))
            planned = replace(planned, charges=(*planned.charges, prices[key]))
        yield planned


def _paid_by_law(
    people: Iterable[PlannedPerson], known: dict[str, Person], pay: PayTerms, shifts: Sequence[CandidateShift]
) -> Iterator[PlannedPerson]:
    """People with the overtime and premiums of the law in place of the contract's."""
    by_clock: dict[ZoneInfo, tuple[float, ...]] = {}
    for planned in people:
        if planned.outside:
            yield planned
            continue
        person = known[planned.agent_id]
        clock = person.zone or pay.facts.zone
        if clock not in by_clock:
            by_clock[clock] = shift_premiums(pay, shifts, clock)
        overtime = tuple(
            OvertimePay(
                price.week, price.week + 6, price.threshold, planned.cost_per_minute * price.extra,
                price.day_minutes, price.left_out,
            )
            for price in week_prices(pay, person)
        )  # fmt: skip
        yield replace(planned, overtime=overtime, premiums=by_clock[clock])


def cover_of(
    settings: Settings, requirement: pd.DataFrame, queues: tuple[str, ...], grid: Grid
) -> tuple[Floats, Floats]:
    """Agents to roster and minimum agents of a requirement's rows, each of shape (queues, intervals); 0 where it has none."""
    count = len(grid.starts)
    required = np.zeros((len(queues), count))
    minimum = np.zeros((len(queues), count))
    column = (from_timestamps(requirement["interval_start"]) - grid.start) // grid.interval_minutes
    inside = (column >= 0) & (column < count)
    row = requirement["queue"].map({name: k for k, name in enumerate(queues)}).to_numpy(dtype=np.int64)
    required[row[inside], column[inside]] = requirement["agents_to_roster"].to_numpy(dtype=float)[inside]
    floors = np.array([q.minimum_agents for q in settings.queue], dtype=float)
    minimum[row[inside], column[inside]] = floors[row[inside]]
    return required, minimum


def _wishes(
    requests: pd.DataFrame | None, objective: Objective, factors: Mapping[str, float]
) -> dict[str, tuple[Wish, ...]]:
    """Wishes by agent_id; those of some people weigh more or less by ``factors``."""
    by_agent: dict[str, tuple[Wish, ...]] = {}
    if requests is not None:
        columns = (requests[name].tolist() for name in ("agent_id", "date", "kind", "shift", "weight"))
        for agent_id, day, kind, shift, weight in zip(*columns, strict=True):
            price = float(weight) * objective.refused_request * factors.get(agent_id, 1.0)
            wish = Wish(day_number(day), kind, shift, price)
            by_agent[agent_id] = (*by_agent.get(agent_id, ()), wish)
    return by_agent


def _planned(
    agent: Agent,
    person: Person,
    queues: tuple[str, ...],
    rules: Sequence[Rule],
    facts: Facts,
    wishes: tuple[Wish, ...],
) -> PlannedPerson:
    """One person with the primitives of every rule, pay and wishes."""
    by_rule = tuple((rule.name, tuple(rule.lines(person, facts))) for rule in rules)
    primitives = tightest(p for _, told in by_rule for p in told)
    contract = person.contract
    per_minute = contract.hourly_cost / 60 if contract else 0.0
    overtime: tuple[OvertimePay, ...] = ()
    if contract and contract.overtime.weekly_minutes:
        extra = per_minute * (contract.overtime.multiplier - 1)
        overtime = tuple(OvertimePay(w, w + 6, contract.weekly_minutes_max, extra) for w in facts.weeks())
    skills = tuple((queues.index(queue), speed) for queue, speed in agent.skills)
    return PlannedPerson(
        agent.agent_id, skills, primitives, per_minute, overtime, wishes, by_rule, outside=person.outside
    )
