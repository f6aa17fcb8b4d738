"""Who asks, and how far they can see."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a member is to the centre."""

    TEAM_LEAD = "team_lead"
    PLANNER = "planner"
    HR = "hr"
    AGENT = "agent"
    ADMIN = "admin"


@dataclass(frozen=True)
class Scope:
    """Who asks the store, and what exists for them.

    Parameters
    ----------
    member_id : who is written into the audit log
    centre_id : the one centre that exists for them; None for every centre
    teams : the teams whose people exist for them; None for all
    agent_id : the only person who exists for them, for agents; None for all
    """

    member_id: str
    role: Role
    centre_id: str | None = None
    teams: frozenset[str] | None = None
    agent_id: str | None = None


def machine(name: str) -> Scope:
    """The scope of Paiban itself, such as a command on the machine or the worker: everything.

    Examples
    --------
    >>> machine("worker").member_id
    'paiban:worker'
    """
    return Scope(f"paiban:{name}", Role.ADMIN)
