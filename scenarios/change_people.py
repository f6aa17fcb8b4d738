"""Changes of people: hired, gone, trained, moved to another contract."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from centre.cells import suggestion
from centre.people import Agent
from scenarios.changes import Apply, Kind
from scenarios.inputs import Inputs

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
    """``hire:CONTRACT[,SPEED]=N``: people with the commonest skills of the contract, at a share of their speed."""
    contract, rest = _contract(selectors, inputs)
    count = _count(value)
    try:
        speed = float(rest[0]) if rest else 1.0
    except ValueError:
        speed = 0.0
    if len(rest) > 1 or not 0 < speed <= 1:
        raise ValueError("a contract, and perhaps a speed above 0 and up to 1")

    def apply(now: Inputs) -> Inputs:
        agents = now.centre.agents
        alike = [agent for agent in agents if agent.contract == contract] or list(agents)
        kind = Counter((agent.skills, agent.team) for agent in alike).most_common()
        skills, team = min(kind, key=lambda pair: (-pair[1], pair[0]))[0]
        skills = tuple((queue, round(own * speed, 6)) for queue, own in skills)
        taken = {agent.agent_id for agent in agents}
        names = (name for k in range(1, len(taken) + count + 1) if (name := f"{NEW}-{k:03d}") not in taken)
        new = [
            Agent(name, "", team, "junior", skills, contract)
            for _, name in zip(range(count), names, strict=False)
        ]
        return _people(now, (*agents, *new))

    slow = f" at {speed:g} of the usual speed" if speed < 1 else ""
    return f"{count} hired on {contract}{slow}", apply


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
    Kind("hire", "more people on a contract, at a share of the usual speed", "hire:full-time,0.7=8", _hire),
    Kind("leave", "fewer people on a contract", "leave:full-time=3", _leave),
    Kind("crosstrain", "a skill for people who have it not, at a speed", "crosstrain:chat,0.8=5", _train),
    Kind("contract", "people moved from one contract to another", "contract:full-time,four-day=20", _move),
)
