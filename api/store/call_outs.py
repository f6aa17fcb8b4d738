"""Whom backup pools called, on which day; the ledger has them once the day is closed by what was worked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import exists, insert, select, update

from api.store import notices, people
from api.store.centres import get as get_centre
from api.store.engine import Transaction
from api.store.errors import Conflict, NotFound
from api.store.ids import new_id
from api.store.tables import call_out, person


@dataclass(frozen=True)
class CallOut:
    """Somebody of a pool was called."""

    id: str
    centre_id: str
    agent_id: str
    pool: str
    day: date
    called_by: str
    called_at: datetime
    released_by: str | None = None
    released_at: datetime | None = None


def create(
    transaction: Transaction,
    centre_id: str,
    pool: str,
    day: date,
    agent_ids: Sequence[str],
    *,
    unless_since: datetime | None = None,
) -> list[CallOut]:
    """Keep that people who exist for whoever asks are called, and have webhooks told.

    Raises
    ------
    Conflict
        where somebody was called since ``unless_since`` and not released: two who look at once call nobody twice.
    """
    for each in agent_ids:
        people.get(transaction, centre_id, each)
    if unless_since is not None:
        _check_not_called(transaction, centre_id, unless_since, agent_ids)
    by, at = transaction.scope.member_id, transaction.now
    made = [CallOut(new_id(), centre_id, each, pool, day, by, at) for each in agent_ids]
    transaction.connection.execute(insert(call_out), [vars(each) for each in made])
    object_ = f"call_out/{made[0].id}"
    transaction.log("call_out.make", object_, centre=centre_id, day=day.isoformat(), people=len(made))
    called = dict.fromkeys(agent_ids, 1)
    notices.tell(transaction, "call_out", centre_id, object_, called, day=day, pool=pool)
    return made


def release(transaction: Transaction, centre_id: str, call_out_id: str) -> CallOut:
    """Keep that somebody who was called may go; raises `Conflict` where they went already."""
    found = get(transaction, centre_id, call_out_id)
    by, at = transaction.scope.member_id, transaction.now
    mine = update(call_out).where(call_out.c.id == call_out_id, call_out.c.released_at.is_(None))
    if not transaction.connection.execute(mine.values(released_by=by, released_at=at)).rowcount:
        raise Conflict(f"{found.agent_id} was released already")
    transaction.log(
        "call_out.release", f"call_out/{call_out_id}", centre=centre_id, day=found.day.isoformat()
    )
    return replace(found, released_by=by, released_at=at)


def get(transaction: Transaction, centre_id: str, call_out_id: str) -> CallOut:
    """One call of somebody who exists for whoever asks; raises `NotFound`."""
    get_centre(transaction, centre_id)
    one = call_out.c.centre_id == centre_id, call_out.c.id == call_out_id
    row = transaction.connection.execute(select(call_out).where(*one)).one_or_none()
    if row is None:
        raise NotFound("call-out")
    people.get(transaction, centre_id, row.agent_id)
    return CallOut(**row._mapping)


def _check_not_called(
    transaction: Transaction, centre_id: str, since: datetime, agent_ids: Sequence[str]
) -> None:
    standing = (
        call_out.c.centre_id == centre_id, call_out.c.called_at >= since, call_out.c.released_at.is_(None),
        call_out.c.agent_id.in_(agent_ids),
    )  # fmt: skip
    called = transaction.connection.execute(select(call_out.c.agent_id).where(*standing)).scalars().all()
    if called:
        raise Conflict("; ".join(f"{each} is called already" for each in sorted({*called})))


def find(
    transaction: Transaction,
    centre_id: str,
    *,
    since: date | None = None,
    until: date | None = None,
    before: str | None = None,
    limit: int = 100,
) -> list[CallOut]:
    """Calls of people who exist for whoever asks, for days from ``since`` up to and without ``until``; newest first."""
    get_centre(transaction, centre_id)
    theirs = exists().where(
        person.c.centre_id == call_out.c.centre_id,
        person.c.agent_id == call_out.c.agent_id,
        people.within(transaction),
    )
    wanted = select(call_out).where(call_out.c.centre_id == centre_id, theirs)
    if since is not None:
        wanted = wanted.where(call_out.c.day >= since)
    if until is not None:
        wanted = wanted.where(call_out.c.day < until)
    if before is not None:
        wanted = wanted.where(call_out.c.id < before)
    rows = transaction.connection.execute(wanted.order_by(call_out.c.id.desc()).limit(limit))
    return [CallOut(**row._mapping) for row in rows]
