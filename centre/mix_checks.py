"""What a ``[[mix]]`` must satisfy together: one of minimum and share, names that exist, people who count."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from centre.cells import suggestion
from centre.errors import Faults
from centre.model import Mix, Queue
from centre.people import Agent
from centre.queue_checks import Blame, check_span

OF_WORDS = '"all", "queue:NAME", "team:NAME" or "site:NAME"'


def counts_in(mix: Mix, agent: Agent) -> tuple[bool, bool]:
    """Whether the mix is about this person at all, and whether they are one of those who count.

    Examples
    --------
    >>> lead = Agent("a1", "", "VIP", "senior", (("calls", 1.0),), "full")
    >>> counts_in(Mix("one senior", levels=("senior", "supervisor"), of="queue:calls"), lead)
    (True, True)
    >>> counts_in(Mix("one manager", levels=("manager",)), lead)
    (True, False)
    """
    kind, _, name = mix.of.partition(":")
    skills = {queue for queue, _ in agent.skills}
    about = kind == "all" or name in {"queue": skills, "team": {agent.team}, "site": {agent.site}}[kind]
    asked = (
        (mix.levels, {agent.level}), (mix.roles, {agent.role}), (mix.teams, {agent.team}), (mix.skills, skills),
    )  # fmt: skip
    return about, about and all(not wanted or own & set(wanted) for wanted, own in asked)


def check_mixes(
    mixes: Mapping[str, Mix | None], queues: Mapping[str, Queue | None] | None, blame: Blame
) -> None:
    """Fault mixes that ask for nothing, for two things, or name queues that are not there."""
    for mix in mixes.values():
        if mix is None:
            continue
        path = f"mix.{mix.name}"
        if (mix.minimum is None) == (mix.share is None):
            told = "neither" if mix.minimum is None else "both"
            blame(f"{path}.minimum", "either minimum (people) or share (of those at work)", told)
        if mix.share is not None and not (mix.levels or mix.roles or mix.teams or mix.skills):
            blame(f"{path}.share", "levels, roles, teams or skills that the share is made of", "none of them")
        if mix.queues and mix.hours:
            blame(f"{path}.hours", "hours of its own or queues whose open hours it keeps, not both", "both")
        for place, span in enumerate(mix.hours, start=1):
            check_span(span.opens, span.closes, f"{path}.hours.{place}.closes", blame)
        _check_of(mix.of, path, queues, blame)
        for key, names in (("skills", mix.skills), ("queues", mix.queues)):
            for place, name in enumerate(names, start=1):
                _check_queue(name, f"{path}.{key}.{place}", queues, blame)


def _check_of(of: str, path: str, queues: Mapping[str, Queue | None] | None, blame: Blame) -> None:
    kind, colon, name = of.partition(":")
    if of != "all" and not (kind in ("queue", "team", "site") and colon and name):
        blame(f"{path}.of", OF_WORDS, of)
    elif kind == "queue":
        _check_queue(name, f"{path}.of", queues, blame)


def _check_queue(name: str, path: str, queues: Mapping[str, Queue | None] | None, blame: Blame) -> None:
    if queues is not None and name not in queues:
        blame(path, "a queue of centre.toml" + suggestion(name, queues), name)


def check_people(mixes: Iterable[Mix], agents: Sequence[Agent], file: str, faults: Faults) -> None:
    """Fault teams, sites and roles that nobody of the agents file has; warn where nobody counts at all."""
    for mix in mixes:
        kind, _, name = mix.of.partition(":")
        asked = (
            ("teams", mix.teams, {agent.team for agent in agents}),
            ("roles", mix.roles, {agent.role for agent in agents}),
            ("of", (name,) if kind in ("team", "site") else (), {getattr(a, kind, "") for a in agents}),
        )
        for key, names, there in asked:
            check_there(names, there - {""}, f"mix.{mix.name}.{key}", file, faults)
        if not any(counts_in(mix, agent)[1] for agent in agents):
            faults.warn(f"centre.toml: [[mix]] {mix.name}: nobody in {file} is one of those who count")


def check_there(names: Iterable[str], there: Collection[str], path: str, file: str, faults: Faults) -> None:
    """Fault each name that is not there."""
    for name in names:
        if name not in there:
            words = f"one that somebody in {file} has" + suggestion(name, there)
            faults.add("centre.toml", words, found=name, column=path)
