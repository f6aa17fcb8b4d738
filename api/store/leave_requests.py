"""Leave that people ask for, until somebody decides it: granted, it is a row of the centre's leave."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, insert, select, update

from api.store import notices, people
from api.store.centres import get as get_centre
from api.store.engine import Transaction
from api.store.errors import Conflict, NotFound, Stale
from api.store.tables import leave_request, person

STATES = ("asked", "granted", "refused", "withdrawn")


@dataclass(frozen=True)
class LeaveRequest:
    """Leave that somebody asked for, ``start`` and ``end`` as in ``leave.csv``; whoever hands ``kind`` to a person logs it."""

    id: str
    centre_id: str
    version: int
    state: str
    agent_id: str
    start: str
    end: str
    kind: str
    ends_at: datetime
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    note: str

    @property
    def day(self) -> date:
        """The first day of it, as it is written."""
        return datetime.fromisoformat(self.start.replace("/", "-")).date()


def create(transaction: Transaction, made: LeaveRequest) -> LeaveRequest:
    """Keep what somebody who exists for whoever asks has asked for."""
    get_centre(transaction, made.centre_id)
    people.get(transaction, made.centre_id, made.agent_id)
    transaction.connection.execute(insert(leave_request).values(**vars(made)))
    transaction.log("leave.ask", f"leave_request/{made.id}")
    about = made.centre_id, f"leave_request/{made.id}", {made.agent_id: 1}
    notices.tell(transaction, "leave.asked", *about, day=made.day)
    return made


def get(transaction: Transaction, request_id: str) -> LeaveRequest:
    """One request; raises `NotFound`, also where it does not exist for whoever asks."""
    wanted = select(leave_request).where(leave_request.c.id == request_id, _seen(transaction))
    row = transaction.connection.execute(wanted).one_or_none()
    if row is None:
        raise NotFound("leave request")
    return LeaveRequest(**row._mapping)


def get_at(transaction: Transaction, request_id: str, expected: int) -> LeaveRequest:
    """A request that is to be changed; raises `Stale` where it is no longer at the version that the change goes out from."""
    found = get(transaction, request_id)
    if found.version != expected:
        raise Stale("leave request", expected, found.version)
    return found


def find(
    transaction: Transaction,
    centre_id: str,
    *,
    state: str | None = None,
    agent_id: str | None = None,
    after: str = "",
    limit: int = 100,
) -> list[LeaveRequest]:
    """The requests of a centre that exist for whoever asks, as they were asked, from the one after ``after`` on."""
    get_centre(transaction, centre_id)
    wanted = select(leave_request).where(
        leave_request.c.centre_id == centre_id, _seen(transaction), leave_request.c.id > after
    )
    for column, value in ((leave_request.c.state, state), (leave_request.c.agent_id, agent_id)):
        if value is not None:
            wanted = wanted.where(column == value)
    rows = transaction.connection.execute(wanted.order_by(leave_request.c.id).limit(limit))
    return [LeaveRequest(**row._mapping) for row in rows]


def decide(transaction: Transaction, request_id: str, expected: int, state: str) -> LeaveRequest:
    """Grant, refuse or withdraw what is asked; whoever grants it changes the centre in the same transaction.

    Raises
    ------
    Stale
        where it was changed since, also at the same time.
    Conflict
        where it was decided already.
    """
    found = get_at(transaction, request_id, expected)
    if found.state != "asked":
        raise Conflict(f"the request is {found.state} already")
    values = {"state": state, "version": expected + 1, "decided_by": transaction.scope.member_id}
    here = and_(leave_request.c.id == request_id, leave_request.c.version == expected)
    changed = transaction.connection.execute(
        update(leave_request).where(here).values(values | {"decided_at": transaction.now})
    )
    if changed.rowcount != 1:
        raise Stale("leave request", expected)
    transaction.log(f"leave.{state}", f"leave_request/{request_id}")
    if state != "withdrawn":
        about = found.centre_id, f"leave_request/{request_id}", {found.agent_id: 1}
        notices.tell(transaction, "leave.decided", *about, granted=state == "granted", day=found.day)
    return get(transaction, request_id)


def _seen(transaction: Transaction) -> ColumnElement[bool]:
    """The condition on ``leave_request`` by which requests exist for whoever asks: their person does."""
    scope = transaction.scope
    conditions: list[ColumnElement[bool]] = [leave_request.c.id.is_not(None)]
    if scope.centre_id is not None:
        conditions.append(leave_request.c.centre_id == scope.centre_id)
    if scope.teams is not None or scope.agent_id is not None:
        here = and_(
            person.c.centre_id == leave_request.c.centre_id,
            person.c.agent_id == leave_request.c.agent_id,
            people.within(transaction),
        )
        conditions.append(exists().where(here))
    return and_(*conditions)
