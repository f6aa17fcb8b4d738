"""Speeds that change by day: starters on their way up and mentors beside them, as people of their own for cover and simulation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from centre.onboarding import Onboarding
from centre.people import Agent
from scheduler.rota import Rota
from scheduler.rules.shared.starters import SERVES
from scheduler.stages import MENTORED, Starter

Speeds = Mapping[tuple[str, int], float]
"""Share of their own speed by agent_id and day; whoever is not in it has all of it."""
STAYS = ("backup", "leave", "on_call")
"""Kinds of activity that stay with the person: pools know them by their own name."""


def speeds_by_day(
    rota: Rota, starters: Iterable[Starter], onboarding: Onboarding
) -> dict[tuple[str, int], float]:
    """Speeds of starters on the days on which they serve queues, and of mentors beside whom a starter does."""
    serves, speeds = rota.is_kind(*SERVES), dict[tuple[str, int], float]()
    for starter in starters:
        if starter.agent_id not in rota.agent_ids:
            continue
        mine = serves & (rota.agent == rota.agent_ids.index(starter.agent_id))
        for day in np.unique(rota.day[mine]).tolist():
            if starter.stage_on(day) == MENTORED:
                speeds[starter.agent_id, day] = starter.speed_on(day, onboarding)
                speeds[starter.mentor, day] = onboarding.mentor_speed
    return speeds


def phased(rota: Rota, agents: Sequence[Agent], speeds: Speeds) -> tuple[Rota, tuple[Agent, ...]]:
    """A rota and people that serve the same as these do with speeds that change by day.

    The rows of a person and day with a speed of its own go to somebody of the same team, contract and skills with that speed.

    Examples
    --------
    >>> import pandas as pd
    >>> rota = Rota.from_frame(pd.DataFrame({
    ...     "agent_id": "a1", "day": ["1970-01-05", "1970-01-06"], "activity": "work:*", "shift": "d",
    ...     "start": ["1970-01-05T09:00Z", "1970-01-06T09:00Z"], "end": ["1970-01-05T17:00Z", "1970-01-06T17:00Z"], "paid": True}))
    >>> by_day, people = phased(rota, [Agent("a1", "", "", "junior", (("calls", 1.0),), "full")], {("a1", 5): 0.4})
    >>> by_day.agent_ids, people[-1].skills
    (('a1', 'a1 at 0.4'), (('calls', 0.4),))
    """
    if not speeds:
        return rota, tuple(agents)
    named = {name: k for k, name in enumerate(rota.agent_ids)}
    moves = ~rota.is_kind(*STAYS)
    ids, agent = list(rota.agent_ids), rota.agent.copy()
    made: dict[str, tuple[str, float]] = {}
    for (agent_id, day), speed in speeds.items():
        if agent_id not in named or speed == 1.0:
            continue
        name = f"{agent_id} at {speed:g}"
        if name not in made:
            made[name] = agent_id, speed
            ids.append(name)
        agent[moves & (rota.agent == named[agent_id]) & (rota.day == day)] = ids.index(name)
    by_id = {each.agent_id: each for each in agents}
    others = tuple(
        replace(
            by_id[who], agent_id=name, skills=tuple((queue, own * speed) for queue, own in by_id[who].skills)
        )
        for name, (who, speed) in made.items()
        if who in by_id
    )
    book = sorted(ids)
    code = np.array([book.index(name) for name in ids], dtype=np.int32)[agent]
    order = np.lexsort((rota.end, rota.start, code))
    by_day = Rota(
        tuple(book), rota.shift_names, rota.activities, code[order], rota.day[order], rota.start[order],
        rota.end[order], rota.activity[order], rota.shift[order], rota.paid[order],
    )  # fmt: skip
    return by_day.narrowed(np.ones(len(by_day), dtype=bool)), (*agents, *others)
