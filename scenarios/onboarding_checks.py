"""Who can mentor whom in a plan: mentors with too many starters, who leave, work other shifts or are away, and who could do it instead."""

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations

from centre.errors import Faults
from centre.folder import Centre
from centre.instants import Grid, day_number, day_of, from_minutes, from_timestamps
from centre.model import Contract
from centre.people import Agent
from scheduler.stages import MENTORED, Span, Starter

FILE = "agents.csv"
LEVELS = ("senior", "intermediate", "supervisor", "junior", "manager")
"""Who is asked first to mentor."""


def check_mentors(centre: Centre, starters: Sequence[Starter], grid: Grid) -> None:
    """Raise `BadInput` where a mentor has more starters than ``mentor_load``, leaves before a stage ends, or has no shift in common.

    Parameters
    ----------
    starters : those with a day of induction or beside a mentor in the horizon
    """
    by_id, faults = {agent.agent_id: agent for agent in centre.agents}, Faults()
    contracts = {contract.name: contract for contract in centre.settings.contract}
    load = centre.settings.onboarding.mentor_load
    by_mentor: dict[str, list[Starter]] = {}
    for starter in starters:
        span, mentor = mentored(starter), by_id.get(starter.mentor)
        if span is not None and mentor is None and span[1] < grid.first_day + grid.days:
            who = _such_as(centre, starters, starter, span)
            words = f"a mentor of {starter.agent_id} from {day_of(span[1])} on{who}"
            faults.add(FILE, words, found=starter.mentor, column="mentor")
        if span is None or mentor is None:
            continue
        by_mentor.setdefault(starter.mentor, []).append(starter)
        until = f"{day_of(span[2])}, the day of the {centre.settings.onboarding.practical_exam} of {starter.agent_id}"
        if mentor.leaves_on is not None and mentor.leaves_on < span[2]:
            who = _such_as(centre, starters, starter, span)
            words = f"a mentor of {starter.agent_id} who stays until {until}{who}"
            faults.add(
                FILE, words, found=f"{mentor.agent_id}, last day {day_of(mentor.leaves_on)}", column="mentor"
            )
        if not _shifts(by_id[starter.agent_id], contracts) & _shifts(mentor, contracts):
            who = _such_as(centre, starters, starter, span)
            words = f"a mentor of {starter.agent_id} with a shift that both contracts name{who}"
            faults.add(FILE, words, found=mentor.agent_id, column="mentor")
    for mentor_id, own in by_mentor.items():
        many = _too_many(own, load)
        if many:
            last = max(many, key=lambda s: s.agent_id)
            span = mentored(last)
            assert span is not None
            who = _such_as(centre, starters, last, span)
            words = (
                f"at most {load} starters a mentor at a time (mentor_load): another mentor for {last.agent_id}{who}, or a larger"
                " mentor_load in [onboarding]"
            )
            names = ", ".join(sorted(s.agent_id for s in many))
            faults.add(FILE, words, found=f"{mentor_id} for {names}", column="mentor")
    faults.raise_if_any()


def mentors_away(centre: Centre, starters: Sequence[Starter], grid: Grid) -> Iterator[str]:
    """Sentences on mentors whose leave lies in the time of their starters."""
    if not len(centre.leave):
        return
    zone = centre.settings.centre.timezone
    for starter in starters:
        span = mentored(starter)
        if span is None:
            continue
        rows = centre.leave[centre.leave["agent_id"] == starter.mentor]
        for start, end in zip(from_timestamps(rows["start"]), from_timestamps(rows["end"]), strict=True):
            first, last = (day_number(from_minutes(int(at), zone).date()) for at in (start, end - 1))
            first, last = (
                max(first, span[1], grid.first_day),
                min(last, span[2], grid.first_day + grid.days - 1),
            )
            if first <= last:
                away = (MENTORED, first, last)
                yield (
                    f"onboarding: {starter.mentor}, mentor of {starter.agent_id}, is on leave from {day_of(first)} to {day_of(last)}:"
                    f" no queue work for {starter.agent_id} then{_such_as(centre, starters, starter, away)}"
                )


def mentored(starter: Starter) -> Span | None:
    """The span beside a mentor; None where there is none."""
    return next((span for span in starter.stages if span[0] == MENTORED), None)


def _too_many(starters: Sequence[Starter], load: int) -> tuple[Starter, ...]:
    """The first starters whose time beside one mentor has a day in common and who are more than may be."""
    spans = [(starter, span) for starter in starters if (span := mentored(starter)) is not None]
    for some in combinations(spans, load + 1):
        if max(span[1] for _, span in some) <= min(span[2] for _, span in some):
            return tuple(starter for starter, _ in some)
    return ()


def proposed(centre: Centre, starters: Sequence[Starter], starter: Starter, span: Span) -> str | None:
    """Somebody who could mentor a starter on all days of a span: independent, employed, not on leave, with the same skills and shifts."""
    contracts = {contract.name: contract for contract in centre.settings.contract}
    own = next(agent for agent in centre.agents if agent.agent_id == starter.agent_id)
    busy = [
        s.mentor for s in starters if (other := mentored(s)) and other[1] <= span[2] and other[2] >= span[1]
    ]
    learning = {s.agent_id for s in starters}
    load = centre.settings.onboarding.mentor_load
    found = [
        agent
        for agent in centre.agents
        if agent.agent_id not in learning and agent.agent_id != starter.mentor and agent.stage in ("", "independent")
        and busy.count(agent.agent_id) < load and {q for q, _ in own.skills} <= {q for q, _ in agent.skills}
        and _shifts(own, contracts) & _shifts(agent, contracts)
        and (agent.starts_on is None or agent.starts_on < span[1])
        and (agent.leaves_on is None or agent.leaves_on >= span[2])
        and not _on_leave(centre, agent.agent_id, span)
    ]  # fmt: skip
    best = min(
        found,
        key=lambda a: (a.contract != own.contract, a.team != own.team, LEVELS.index(a.level), a.agent_id),
        default=None,
    )
    return None if best is None else best.agent_id


def mentors_for(centre: Centre, contract: str, queues: Collection[str]) -> list[str]:
    """Who could mentor newcomers on a contract for queues, first those asked first, each as often as ``mentor_load`` allows.

    People on their own who stay, mentor nobody and have no leave to come.
    """
    contracts = {each.name: each for each in centre.settings.contract}
    shifts = frozenset(contracts[contract].shifts)
    busy = {agent.mentor for agent in centre.agents}
    away = set(centre.leave["agent_id"]) if len(centre.leave) else set()
    found = [
        agent
        for agent in centre.agents
        if agent.stage in ("", "independent") and agent.leaves_on is None and agent.agent_id not in busy | away
        and set(queues) <= {queue for queue, _ in agent.skills} and shifts & _shifts(agent, contracts)
    ]  # fmt: skip
    found.sort(key=lambda agent: (agent.contract != contract, LEVELS.index(agent.level), agent.agent_id))
    return [agent.agent_id for agent in found] * centre.settings.onboarding.mentor_load


def _such_as(centre: Centre, starters: Sequence[Starter], starter: Starter, span: Span) -> str:
    name = proposed(centre, starters, starter, span)
    return "; nobody else is free to" if name is None else f", such as {name}"


def _shifts(agent: Agent, contracts: dict[str, Contract]) -> frozenset[str]:
    contract = contracts.get(agent.contract)
    return frozenset(contract.shifts) if contract else frozenset()


def _on_leave(centre: Centre, agent_id: str, span: Span) -> bool:
    zone = centre.settings.centre.timezone
    rows = centre.leave[centre.leave["agent_id"] == agent_id] if len(centre.leave) else centre.leave
    if not len(rows):
        return False
    days = (
        [day_number(from_minutes(int(at), zone).date()) for at in pair]
        for pair in zip(from_timestamps(rows["start"]), from_timestamps(rows["end"]) - 1, strict=True)
    )
    return any(first <= span[2] and last >= span[1] for first, last in days)
