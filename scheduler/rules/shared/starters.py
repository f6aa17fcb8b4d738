"""What rules on new starters have in common: who is in which stage on which day."""

from collections.abc import Iterator

import numpy as np

from scheduler.rota import Flags, Rota
from scheduler.rules.facts import Facts, Person

TRAINING_DAY = "training day"
"""Name of the shift of a whole day off the queue; it has no template and no contract names it."""
SERVES = ("work", "backup")
"""Kinds of activity that serve queues."""

BETWEEN_PEOPLE = ("mentor-beside", "mentor-load")
"""Rules that one person's line alone says nothing of."""


def in_stage(person: Person, stage: str, day: int) -> bool:
    """Whether somebody is in a stage on a day."""
    return any(name == stage and first <= day <= last for name, first, last in person.stages)


def rows_in_stage(rota: Rota, facts: Facts, stage: str) -> Iterator[tuple[Person, int, Flags]]:
    """Person, day and rows that serve queues, of each day of the horizon on which somebody in a stage serves any."""
    serves = rota.is_kind(*SERVES) & (rota.day >= facts.first_day) & (rota.day < facts.end_day)
    for code, agent_id in enumerate(rota.agent_ids):
        person = (facts.people or {}).get(agent_id)
        if person is None or not person.stages:
            continue
        mine = serves & (rota.agent == code)
        for day in np.unique(rota.day[mine]).tolist():
            if in_stage(person, stage, day):
                yield person, day, mine & (rota.day == day)


def is_training_day(shift_name: str) -> bool:
    """Whether a shift of this name is a day off the queue, which no template draws and no contract names."""
    return shift_name == TRAINING_DAY
