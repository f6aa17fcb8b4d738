"""Members: people and services that may use the service, their role, and what exists for them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, insert, or_, select, true, update

from api.access.scope import Role, Scope
from api.store.engine import Transaction
from api.store.errors import Conflict, NotFound
from api.store.ids import new_id
from api.store.tables import centre, member, person


@dataclass(frozen=True)
class Member:
    """Somebody who may use the service.

    Parameters
    ----------
    kind : person or service
    subject : who the OIDC provider says it is
    label : words to know it by, such as "payroll export"; no name of a person
    centre_id : the one centre it is for; None for every centre
    teams : its teams, for a team lead
    agent_id : who it is in the rota, for an agent
    """

    id: str
    kind: str
    subject: str | None
    label: str
    role: Role
    centre_id: str | None
    teams: tuple[str, ...]
    agent_id: str | None
    created_at: datetime
    disabled_at: datetime | None

    @property
    def scope(self) -> Scope:
        """What exists for this member: a team lead's own teams, an agent alone, for the others all of the centre."""
        teams = frozenset(self.teams) if self.role is Role.TEAM_LEAD else None
        agent_id = self.agent_id if self.role is Role.AGENT else None
        return Scope(self.id, self.role, self.centre_id, teams, agent_id)


def create(
    transaction: Transaction,
    role: Role,
    *,
    kind: str = "person",
    subject: str | None = None,
    label: str = "",
    centre_id: str | None = None,
    teams: Iterable[str] = (),
    agent_id: str | None = None,
) -> Member:
    """A new member.

    Raises
    ------
    Conflict
        for a team lead without a team, an agent who is nobody of the centre, or a subject that is somebody already.
    """
    _check(transaction, role, subject, centre_id, tuple(teams), agent_id)
    made = Member(
        new_id(), kind, subject, label, role, centre_id, tuple(sorted(teams)), agent_id, transaction.now, None
    )
    transaction.connection.execute(insert(member).values(vars(made) | {"teams": list(made.teams)}))
    transaction.log(
        "member.create", f"member/{made.id}", role=str(role), centre=centre_id, teams=list(made.teams)
    )
    return made


def disable(transaction: Transaction, member_id: str) -> None:
    """End a membership: none of its keys and sessions is taken any more."""
    get(transaction, member_id)
    transaction.connection.execute(
        update(member).where(member.c.id == member_id).values(disabled_at=transaction.now)
    )
    transaction.log("member.disable", f"member/{member_id}")


def get(transaction: Transaction, member_id: str) -> Member:
    """One member; raises `NotFound`, also where it does not exist for whoever asks."""
    wanted = select(member).where(member.c.id == member_id, _seen(transaction))
    row = transaction.connection.execute(wanted).one_or_none()
    if row is None:
        raise NotFound("member")
    return of_row(row._asdict())


def of_subject(transaction: Transaction, subject: str) -> Member | None:
    """Who an OIDC provider's subject is; None where that is nobody, or nobody any more."""
    wanted = select(member).where(member.c.subject == subject, member.c.disabled_at.is_(None))
    row = transaction.connection.execute(wanted).one_or_none()
    return None if row is None else of_row(row._asdict())


def find(transaction: Transaction, *, after: str = "", limit: int = 100) -> list[Member]:
    """The members who exist for whoever asks, oldest first, from the one after ``after`` on."""
    wanted = select(member).where(_seen(transaction), member.c.id > after).order_by(member.c.id).limit(limit)
    return [of_row(row._asdict()) for row in transaction.connection.execute(wanted)]


def count(transaction: Transaction) -> int:
    """How many there are and were."""
    return transaction.connection.execute(select(func.count()).select_from(member)).scalar_one()


def of_row(row: Mapping[str, Any]) -> Member:
    """A member of the columns of its row."""
    told = {name: value for name, value in row.items() if name in Member.__annotations__}
    return Member(**told | {"role": Role(told["role"]), "teams": tuple(told["teams"])})


def _seen(transaction: Transaction) -> ColumnElement[bool]:
    """Whoever has one centre knows those of that centre; whoever has teams or is an agent knows only themselves."""
    scope = transaction.scope
    if scope.teams is not None or scope.agent_id is not None:
        return member.c.id == scope.member_id
    return (
        true()
        if scope.centre_id is None
        else or_(member.c.centre_id == scope.centre_id, member.c.id == scope.member_id)
    )


def _check(
    transaction: Transaction,
    role: Role,
    subject: str | None,
    centre_id: str | None,
    teams: tuple[str, ...],
    agent_id: str | None,
) -> None:
    own = transaction.scope.centre_id
    if own is not None and centre_id != own:
        raise NotFound("centre")
    if centre_id is not None and not _there(transaction, centre.c.id == centre_id):
        raise NotFound("centre")
    if role is Role.TEAM_LEAD and not (teams and centre_id):
        raise Conflict("a team lead needs a centre and at least one team")
    if role is Role.AGENT:
        here = (person.c.centre_id == centre_id) & (person.c.agent_id == agent_id)
        if agent_id is None or centre_id is None or not _there(transaction, here):
            raise Conflict("an agent needs a centre and the agent_id of somebody there")
    if subject is not None and _there(transaction, member.c.subject == subject):
        raise Conflict("this subject is a member already")


def _there(transaction: Transaction, condition: ColumnElement[bool]) -> bool:
    return transaction.connection.execute(select(select(1).where(condition).exists())).scalar_one()
