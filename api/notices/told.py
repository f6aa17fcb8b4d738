"""What of a notice a webhook is told: no more than its member may see."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from api.access.roles import may
from api.store import people
from api.store.engine import Transaction
from api.store.notices import Taken

NEEDS = {
    "rota.published": "rota.read",
    "rota.changed": "rota.read",
    "swap.asked": "swap.ask",
    "swap.agreed": "swap.ask",
    "swap.decided": "swap.ask",
    "leave.asked": "leave.read",
    "leave.decided": "leave.read",
    "call_out": "rota.read",
    "breach": "rota.audit",
    "job.failed": "job.read",
}
"""What the member of a webhook must be allowed, by kind of notice."""


@dataclass(frozen=True)
class Told:
    """A notice as one receiver is told it.

    Parameters
    ----------
    id : of the delivery; the same in every attempt
    people : how much of it is whose, by ``agent_id``
    names : of those people whose name the receiver may see
    """

    id: str
    kind: str
    at: datetime
    centre_id: str
    centre_name: str
    object: str
    detail: dict[str, Any]
    people: dict[str, int]
    names: dict[str, str]


def told_of(transaction: Transaction, taken: Taken) -> Told | None:
    """What a receiver is told, by the rights of its member as they are now; None where it is nothing of theirs."""
    notice, member = taken.notice, taken.member
    if not may(member, NEEDS[notice.kind], notice.centre_id, owner_id=_owner(taken)):
        return None
    theirs = replace(transaction, scope=member.scope)
    visible = people.visible(theirs, notice.centre_id)
    shown = {who: n for who, n in sorted(notice.people.items()) if visible is None or who in visible}
    if notice.people and not shown and not notice.detail.get("of_all"):
        return None
    names = _names(theirs, taken, shown) if shown and taken.webhook.names else {}
    return Told(
        taken.delivery.id,
        notice.kind,
        notice.at,
        notice.centre_id,
        taken.centre_name,
        notice.object,
        notice.detail,
        shown,
        names,
    )


def _owner(taken: Taken) -> str | None:
    """Whose the object is, where it is somebody's own: a job."""
    return taken.notice.owner_id if taken.notice.kind == "job.failed" else None


def _names(theirs: Transaction, taken: Taken, shown: dict[str, int]) -> dict[str, str]:
    if not may(taken.member, "people.names", taken.notice.centre_id):
        return {}
    found = people.find(theirs, taken.notice.centre_id)
    return {each.agent_id: each.name for each in found if each.name and each.agent_id in shown}
