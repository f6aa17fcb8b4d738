"""Agents who answer alike, gathered in groups: by the rota, called out, or supporting other queues besides their own."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from scheduler.staffing.checks import Floats
from scheduler.staffing.floor import ELSEWHERE, WITH_BACKUP_SKILLS
from scheduler.staffing.floor_checks import Checked

Group = tuple[tuple[int, ...], tuple[float, ...], int]
"""What makes agents alike: the queues that they answer, their preferences, and by what they are at work: `BY_ROTA`, `CALLED`, or, for
those who support other queues besides, the code of their group otherwise.
"""
BY_ROTA, CALLED = -1, -2


def skilled_speeds(checked: Checked) -> Floats:
    """Speeds with those that backup has in call-outs where it has none otherwise."""
    speed = checked.speed.copy()
    for pool in checked.pools:
        speed[pool.agents] = np.where(speed[pool.agents] > 0, speed[pool.agents], pool.speed)
    return speed


def with_overflow(checked: Checked, skilled: Floats) -> Floats:
    """Speeds, where overflow reaches an agent without the skill that of the queue it overflows to."""
    to = checked.by_queue["overflow_to"].astype(int)
    borrowed = np.where(to >= 0, skilled[:, to], 0.0)
    return np.ascontiguousarray(np.where(skilled > 0, skilled, borrowed))


def group_of(checked: Checked, codes: dict[Group, int], agent: int, served: Iterable[int], by: int) -> int:
    """The code of the group that an agent is in who serves these queues."""
    queues = tuple(sorted({int(q) for q in served}))
    ranks = checked.preference[agent]
    answered = {*queues, *overflows(checked, queues)}
    preference = tuple(float(ranks[q]) if q in answered else 0.0 for q in range(len(ranks)))
    return codes.setdefault((queues, preference, by), len(codes))


def overflows(checked: Checked, served: tuple[int, ...]) -> tuple[int, ...]:
    """Queues that a group answers only after they overflow to it."""
    to = checked.by_queue["overflow_to"]
    return tuple(q for q in range(len(to)) if to[q] in served and q not in served)


def end_of(checked: Checked) -> float:
    """Seconds of the floor."""
    return float(checked.arrivals.shape[1] * np.asarray(checked.floor.interval_seconds))


def own_groups(checked: Checked, codes: dict[Group, int], skilled: Floats) -> dict[tuple[int, int], int]:
    """The group by the rota of each agent in stretches of each kind (`Stretches.queue`)."""
    found: dict[tuple[int, int], int] = {}
    at = checked.stretches
    inside = (at["end_s"] > 0) & (at["start_s"] < end_of(checked))
    kinds = zip(at["agent"][inside].tolist(), at["queue"][inside].tolist(), strict=True)
    for agent, queue in dict.fromkeys((int(a), int(q)) for a, q in kinds):
        speed = skilled if queue == WITH_BACKUP_SKILLS else checked.speed
        served = [queue] if queue >= 0 else [] if queue == ELSEWHERE else np.flatnonzero(speed[agent])
        found[agent, queue] = group_of(checked, codes, agent, served, BY_ROTA)
    return found


@dataclass(frozen=True, eq=False, slots=True)
class Called:
    """The group of an agent of a backup pool in a call-out: by the group that the rota wants it in (support), or else always the same."""

    always: int = -1
    by_own: dict[int, int] = field(default_factory=dict)

    def group(self, own: int) -> int:
        """The group for one who would be in ``own`` by the rota, -1 for nowhere."""
        return self.by_own.get(own, self.always)


def called_groups(
    checked: Checked, codes: dict[Group, int], skilled: Floats, own: dict[tuple[int, int], int]
) -> dict[int, Called]:
    """Everybody of the pools."""
    found, groups = {}, list(codes)
    groups_of: dict[int, set[int]] = {}
    for (a, _), group in own.items():
        groups_of.setdefault(a, set()).add(group)
    for pool, told in zip(checked.floor.backup, checked.pools, strict=True):
        for a in told.agents:
            helps = set(np.flatnonzero(skilled[a]).tolist()) & set(pool.queues)
            if pool.support:
                mine = sorted(groups_of.get(a, ()))
                found[a] = Called(
                    by_own={g: group_of(checked, codes, a, {*groups[g][0], *helps}, g) for g in mine}
                )
            else:
                found[a] = Called(group_of(checked, codes, a, helps, CALLED))
    return found
