"""Leave granted against ``[[leave_quota]]``: on which days more of a team are away than may be, and who came last."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from centre.folder import Centre
from centre.instants import Grid, day_number, day_of, day_start, from_timestamps
from centre.model import LeaveQuota
from centre.people import Agent

TOGETHER = ""
"""The team of a quota that names none: everybody."""


@dataclass(frozen=True, slots=True)
class OverQuota:
    """One day on which more of a team are away than its strictest quota allows.

    Parameters
    ----------
    team : one team, or empty for all people together
    away, employed : people on leave for any part of the day, and people employed on it
    allowed : how many ``quota`` allows
    came_last : who are beyond it: those whose leave stands last in ``leave.csv``, in its order
    """

    day: date
    team: str
    away: int
    employed: int
    allowed: int
    quota: str
    came_last: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The finding in words."""
        who = f"of team {self.team}" if self.team else "of all"
        return (
            f"leave on {self.day}: {self.away} of the {self.employed} employed {who} are away, leave quota {self.quota} "
            f"allows {self.allowed}; last came {', '.join(self.came_last)}"
        )


def over_quota(centre: Centre, grid: Grid, peak_days: Mapping[str, frozenset[int]]) -> tuple[OverQuota, ...]:
    """Every day and team of the horizon with more away than the strictest of its quotas allows, by day and team.

    A quota of several teams is one for each of them; one that names none is for all people together. People of backup pools from
    outside are not counted.

    Parameters
    ----------
    peak_days : days on which each peak holds, by name
    """
    quotas = centre.settings.leave_quota
    if not quotas:
        return ()
    outside = {member.agent_id for member in centre.backup if not member.employed}
    agents = [agent for agent in centre.agents if agent.agent_id not in outside]
    away = _away(centre, grid)
    return tuple(
        found
        for day in range(grid.first_day, grid.first_day + grid.days)
        for found in _on(day, agents, away.get(day, []), [q for q in quotas if _holds(q, day, peak_days)])
    )


def _on(
    day: int, agents: Sequence[Agent], away: Sequence[str], quotas: Sequence[LeaveQuota]
) -> Iterator[OverQuota]:
    """The teams of one day; ``away`` are people on leave in the order in which they came."""
    here = [agent for agent in agents if _is_employed(agent, day)]
    by_id = {agent.agent_id: agent for agent in here}
    gone = [by_id[agent_id] for agent_id in away if agent_id in by_id]
    employed, absent = (_by_team(people) for people in (here, gone))
    for team in sorted({team for quota in quotas for team in quota.teams or (TOGETHER,)}):
        told = [quota for quota in quotas if team in (quota.teams or (TOGETHER,))]
        strictest = min(told, key=lambda quota: allowed_by(quota, employed[team]))
        allowed = allowed_by(strictest, employed[team])
        if absent[team] > allowed:
            ids = [agent.agent_id for agent in gone if team in (TOGETHER, agent.team)]
            yield OverQuota(
                day_of(day), team, absent[team], employed[team], allowed, strictest.name, tuple(ids[allowed:])
            )


def allowed_by(quota: LeaveQuota, employed: int) -> int:
    """How many may be away, of so many employed; a share is rounded down to whole people.

    Examples
    --------
    >>> allowed_by(LeaveQuota("a", share=0.1), 29), allowed_by(LeaveQuota("b", at_most=3), 29)
    (2, 3)
    """
    if quota.at_most is not None:
        return quota.at_most
    return math.floor((quota.share or 0.0) * employed + 1e-9)


def _by_team(people: Sequence[Agent]) -> Counter[str]:
    """People by team, and of all teams together."""
    return Counter(agent.team for agent in people if agent.team) + Counter({TOGETHER: len(people)})


def _is_employed(agent: Agent, day: int) -> bool:
    first, last = agent.starts_on, agent.leaves_on
    return (first is None or first <= day) and (last is None or day <= last)


def _holds(quota: LeaveQuota, day: int, peak_days: Mapping[str, frozenset[int]]) -> bool:
    if not quota.dates and not quota.peaks:
        return True
    on_peak = any(day in peak_days.get(name, ()) for name in quota.peaks)
    return on_peak or day in {day_number(each) for each in quota.dates}


def _away(centre: Centre, grid: Grid) -> dict[int, list[str]]:
    """Who is on leave for any part of each day of the centre's clock, in the order of ``leave.csv``, everybody once."""
    edges = [day_start(grid.zone, grid.first_day + k) for k in range(grid.days + 1)]
    starts, ends = (from_timestamps(centre.leave[name]).tolist() for name in ("start", "end"))
    found: dict[int, dict[str, None]] = {}
    for agent_id, start, end in zip(centre.leave["agent_id"], starts, ends, strict=True):
        for k in range(grid.days):
            if start < edges[k + 1] and end > edges[k]:
                found.setdefault(grid.first_day + k, {})[str(agent_id)] = None
    return {day: list(people) for day, people in found.items()}
