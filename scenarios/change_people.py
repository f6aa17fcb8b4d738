"""Changes of people: hired, gone, trained, moved to another contract."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import islice

from centre.amounts import amount_of
from centre.cells import suggestion
from centre.folder import Centre
from centre.instants import day_number, day_of
from centre.people import Agent
from scenarios.changes import Apply, Kind
from scenarios.inputs import Inputs
from scenarios.onboarding_checks import mentors_for

NEW = "new"


def _count(value: str) -> int:
    if not value.lstrip("+").isdecimal() or int(value) < 1:
        raise ValueError("a number of people")
    return int(value)


def _contract(selectors: Sequence[str], inputs: Inputs) -> tuple[str, list[str]]:
    """The contract that selectors begin with, and the other selectors."""
    names = [contract.name for contract in inputs.centre.settings.contract]
    if not selectors or selectors[0] not in names:
        raise ValueError(
            f"a contract of the centre ({', '.join(names)}){suggestion(selectors[0] if selectors else '', names)}"
        )
    return selectors[0], list(selectors[1:])


def _people(inputs: Inputs, agents: Sequence[Agent]) -> Inputs:
    return replace(inputs, centre=replace(inputs.centre, agents=tuple(agents)))


def _hire(selectors: Sequence[str], value: str, inputs: Inputs) -> tuple[str, Apply]:
    """``hire:CONTRACT[,SPEED|DATE]=N``: people with the commonest skills of the contract, at a share of their speed; those who start on a
    date learn first, each with a mentor, by the stages of ``[onboarding]``.
    """
    contract, rest = _contract(selectors, inputs)
    count, starts_on, speed = _count(value), None, 1.0
    try:
        if rest and "-" in rest[0]:
            starts_on = day_number(date.fromisoformat(rest[0]))
        elif rest:
            speed = float(rest[0])
    except ValueError:
        speed = 0.0
    if len(rest) > 1 or not 0 < speed <= 1:
        raise ValueError("a contract, and perhaps a speed above 0 and up to 1, or the date of the first day")
    most = len(_mentors(inputs.centre, contract))
    if starts_on is not None and count > most:
        raise ValueError(f"at most {most} at a time: so many can be mentored on {contract}")

    def apply(now: Inputs) -> Inputs:
        agents = now.centre.agents
        skills, team = _usual(agents, contract)
        skills = tuple((queue, round(own * speed, 6)) for queue, own in skills)
        mentors = iter([] if starts_on is None else _mentors(now.centre, contract))
        stage = "" if starts_on is None else "induction"
        new = [
            Agent(
                name,
                "",
                team,
                "junior",
                skills,
                contract,
                starts_on=starts_on,
                stage=stage,
                mentor=next(mentors, ""),
            )
            for name in _new_names(agents, count)
        ]
        return _people(now, (*agents, *new))

    how = f" at {speed:g} of the usual speed" if speed < 1 else ""
    how = how if starts_on is None else f", first day {day_of(starts_on)}"
    return f"{count} hired on {contract}{how}", apply


def _usual(agents: Sequence[Agent], contract: str) -> tuple[tuple[tuple[str, float], ...], str]:
    """The commonest skills and team of a contract; of everybody where nobody has it."""
    alike = [agent for agent in agents if agent.contract == contract] or list(agents)
    kind = Counter((agent.skills, agent.team) for agent in alike).most_common()
    return min(kind, key=lambda pair: (-pair[1], pair[0]))[0]


def _mentors(centre: Centre, contract: str) -> list[str]:
    """Who could mentor people with the usual skills of a contract."""
    return mentors_for(centre, contract, [queue for queue, _ in _usual(centre.agents, contract)[0]])


def _new_names(agents: Sequence[Agent], count: int) -> list[str]:
    """Names of people that nobody has."""
    taken = {agent.agent_id for agent in agents}
    free = (name for k in range(1, len(taken) + count + 1) if (name := f"{NEW}-{k:03d}") not in taken)
    return list(islice(free, count))


def _attrition(selectors: Sequence[str], value: str, inputs: Inputs) -> tuple[str, Apply]:
    """``attrition:CONTRACT=24%``: a share of a year; those expected to leave in the horizon go on days evenly apart."""
    contract, rest = _contract(selectors, inputs)
    amount = amount_of(value)
    if rest or amount.how != "set" or not 0 <= amount.number <= 1:
        raise ValueError("a contract and the share that leaves in a year, such as 24%")
    own = [agent.agent_id for agent in inputs.centre.agents if agent.contract == contract]
    grid = inputs.grid
    count = round(len(own) * amount.number * grid.days / 365)

    def apply(now: Inputs) -> Inputs:
        there = [agent.agent_id for agent in now.centre.agents if agent.contract == contract]
        gone = there[len(there) - min(count, len(there)) :]
        last = {name: grid.first_day + int((k + 0.5) * grid.days / len(gone)) for k, name in enumerate(gone)}
        agents = (
            replace(agent, leaves_on=min(last[agent.agent_id], agent.leaves_on or last[agent.agent_id]))
            if agent.agent_id in last else agent
            for agent in now.centre.agents
        )  # fmt: skip
        return _people(now, tuple(agents))

    return f"{count} of {contract} leave in {grid.days} days, {100 * amount.number:g} % a year", apply


def _leave(selectors: Sequence[str], value: str, inputs: Inputs) -> tuple[str, Apply]:
    """``leave:CONTRACT=N``: the last of the contract in the agents file."""
    contract, rest = _contract(selectors, inputs)
    count, there = _count(value), sum(agent.contract == contract for agent in inputs.centre.agents)
    if rest or count > there:
        raise ValueError(f"at most {there} people, who have the contract")

    def apply(now: Inputs) -> Inputs:
        own = [agent.agent_id for agent in now.centre.agents if agent.contract == contract][-count:]
        centre = now.centre
        kept = [agent for agent in centre.agents if agent.agent_id not in own]
        tables = {name: getattr(centre, name) for name in ("leave", "requests", "ledger")}
        fewer = {
            name: t[~t["agent_id"].isin(own)].reset_index(drop=True) for name, t in tables.items() if len(t)
        }
        return replace(now, centre=replace(centre, agents=tuple(kept), **fewer))

    return f"{count} of {contract} leave", apply


def _train(selectors: Sequence[str], value: str, inputs: Inputs) -> tuple[str, Apply]:
    """``crosstrain:QUEUE[,SPEED]=N``: the first who have not the skill get it."""
    names = [queue.name for queue in inputs.centre.settings.queue]
    if not selectors or selectors[0] not in names:
        raise ValueError(f"a queue of the centre{suggestion(selectors[0] if selectors else '', names)}")
    queue, count = selectors[0], _count(value)
    try:
        speed = float(selectors[1]) if len(selectors) > 1 else 0.8
    except ValueError:
        speed = 0.0
    without = [a.agent_id for a in inputs.centre.agents if queue not in dict(a.skills)]
    if not 0 < speed <= 3 or count > len(without):
        raise ValueError(f"at most {len(without)} people, who have not the skill, and a speed above 0")

    def apply(now: Inputs) -> Inputs:
        chosen = {a.agent_id for a in [a for a in now.centre.agents if queue not in dict(a.skills)][:count]}
        trained = (
            replace(a, skills=(*a.skills, (queue, speed))) if a.agent_id in chosen else a
            for a in now.centre.agents
        )
        return _people(now, tuple(trained))

    return f"{count} cross-trained for {queue} at speed {speed:g}", apply


def _move(selectors: Sequence[str], value: str, inputs: Inputs) -> tuple[str, Apply]:
    """``contract:FROM,TO=N``: the first of one contract get another."""
    old, rest = _contract(selectors, inputs)
    new, more = _contract(rest, inputs)
    count, there = _count(value), sum(agent.contract == old for agent in inputs.centre.agents)
    if more or new == old or count > there:
        raise ValueError(f"two contracts and at most {there} people, who have the first")

    def apply(now: Inputs) -> Inputs:
        chosen = {a.agent_id for a in [a for a in now.centre.agents if a.contract == old][:count]}
        return _people(
            now, [replace(a, contract=new) if a.agent_id in chosen else a for a in now.centre.agents]
        )

    return f"{count} from {old} to {new}", apply


PEOPLE_KINDS: tuple[Kind, ...] = (
    Kind(
        "hire",
        "more people on a contract, at a share of the usual speed or learning from a date on",
        "hire:full-time,0.7=8",
        _hire,
    ),
    Kind(
        "attrition", "who leaves over the days, by the share of a year", "attrition:full-time=24%", _attrition
    ),
    Kind("leave", "fewer people on a contract", "leave:full-time=3", _leave),
    Kind("crosstrain", "a skill for people who have it not, at a speed", "crosstrain:chat,0.8=5", _train),
    Kind("contract", "people moved from one contract to another", "contract:full-time,four-day=20", _move),
)
