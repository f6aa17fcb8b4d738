"""What each role may do: one table, of which `docs/access.md` is the same in words people read."""

from enum import StrEnum

from api.access.scope import Role
from api.store.members import Member


class Reach(StrEnum):
    """How far a role's permission goes."""

    NONE = "-"
    OWN = "own"
    TEAMS = "teams"
    CENTRE = "centre"


_R = {"-": Reach.NONE, "o": Reach.OWN, "t": Reach.TEAMS, "c": Reach.CENTRE}
_ROLES = (Role.TEAM_LEAD, Role.PLANNER, Role.HR, Role.AGENT, Role.ADMIN)
# team lead, planner, HR, agent, admin; o: of themselves, t: of their teams, c: of all of the centre
_TABLE = {
    "centre.list": "c c c c c",
    "centre.read": "- c c - c",
    "centre.change": "- c - - c",
    "centre.create": "- - - - c",
    "centre.archive": "- - - - c",
    "history.read": "- c - - c",
    "history.change": "- c - - c",
    "demand.read": "t c - - c",
    "demand.change": "- c - - c",
    "scenario.read": "- c - - c",
    "scenario.run": "- c - - c",
    "plan.run": "t c - - c",
    "replan.run": "t c - - c",
    "rota.read": "t c c o c",
    "rota.change": "t c - - c",
    "rota.publish": "t c - - c",
    "rota.audit": "t c c - c",
    "rules.read": "c c c c c",
    "rules.change": "- - c - c",
    "swap.ask": "t c - o c",
    "swap.decide": "t c - - c",
    "call_out.make": "t c - - c",
    "floor.read": "t c - - c",
    "floor.tell": "t c - - c",
    "request.read": "t c c o c",
    "request.change": "t c - o c",
    "leave.read": "t c c o c",
    "leave.reasons": "- - c o c",
    "leave.ask": "t - c o c",
    "leave.change": "- - c - c",
    "ledger.read": "t c c o c",
    "ledger.change": "- - c - c",
    "adherence.read": "t c c o c",
    "people.read": "t c c o c",
    "people.names": "t c c o c",
    "people.change": "- - c - c",
    "people.export": "- - c o c",
    "people.erase": "- - c - c",
    "payroll.export": "- - c - c",
    "job.read": "o c o o c",
    "job.cancel": "o c o - c",
    "member.read": "o o o o c",
    "member.change": "- - - - c",
    "key.read": "o o o o c",
    "key.create": "- - - - c",
    "key.revoke": "o o o o c",
    "webhook.read": "- - - - c",
    "webhook.change": "- - - - c",
    "audit_log.read": "- - - - c",
}
PERMISSIONS: dict[tuple[Role, str], Reach] = {
    (role, action): _R[letter]
    for action, row in _TABLE.items()
    for role, letter in zip(_ROLES, row.split(), strict=True)
}
"""How far each role may do each action; every pair is there."""
ACTIONS = tuple(_TABLE)


def may(
    member: Member,
    action: str,
    centre_id: str | None = None,
    team: str | None = None,
    *,
    agent_id: str | None = None,
    owner_id: str | None = None,
) -> bool:
    """Whether a member may do something.

    Parameters
    ----------
    action : one of `ACTIONS`; any other is a `KeyError`, so that none is forgotten
    centre_id : of what it is done to; None for what belongs to no centre, or to whichever the answer holds
    team : of the person it is done to; None where the answer is narrowed to the member's own teams by the store
    agent_id, owner_id : the person, or the member, it is done to; None where the answer is narrowed to their own
    """
    reach = PERMISSIONS[member.role, action]
    if member.disabled_at is not None or reach is Reach.NONE:
        return False
    if centre_id is not None and member.centre_id not in (None, centre_id):
        return False
    if reach is Reach.OWN:
        return agent_id in (None, member.agent_id) and owner_id in (None, member.id)
    return reach is Reach.CENTRE or team is None or team in member.teams
