"""Notices: what is to be told to webhooks, written in the transaction of what it tells of, and taken from here by senders.

A sender takes a webhook's oldest notice and has the webhook to itself for the length of a lease; each taking counts as an attempt, and what
is written of it names that attempt. So two senders never send one at the same time, and what a dead one has taken is sent again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, SelectLabelStyle, and_, delete, exists, insert, or_, select, update

from api.store import members, webhooks
from api.store.engine import Transaction
from api.store.ids import new_id
from api.store.members import Member
from api.store.tables import centre, delivery, member, notice, webhook
from api.store.webhooks import Webhook

_ROTA = {"start": date, "days": int, "version": int}
DETAIL: dict[str, dict[str, type]] = {
    "rota.published": _ROTA,
    "rota.changed": _ROTA,
    "swap.asked": {"day": date},
    "swap.agreed": {"day": date},
    "swap.decided": {"accepted": bool, "day": date},
    "leave.asked": {"day": date},
    "leave.decided": {"granted": bool, "day": date},
    "call_out": {"day": date, "pool": str},
    "breach": {**_ROTA, "of_all": int},
    "job.failed": {"work": str, "code": int},
}
"""Each kind of notice, and all that it may hold beside people's ids: figures and ids, never names or reasons."""
KINDS = tuple(DETAIL)
_AT_ONCE = 20
T = TypeVar("T")


@dataclass(frozen=True)
class Notice:
    """Something that happened.

    Parameters
    ----------
    owner_id : the member who did it
    object : what it happened to, such as ``rota/ID``
    people : how much of it is whose, by ``agent_id``: days, changed days, call-outs, breaches
    detail : the rest; see `DETAIL`
    """

    id: str
    kind: str
    centre_id: str
    owner_id: str
    object: str
    people: dict[str, int]
    detail: dict[str, Any]
    at: datetime


@dataclass(frozen=True)
class Delivery:
    """How far a notice is on its way to a webhook; ``id`` is the same in every attempt."""

    id: str
    notice_id: str
    webhook_id: str
    attempts: int
    next_at: datetime | None
    last_status: str
    delivered_at: datetime | None
    given_up_at: datetime | None


@dataclass(frozen=True)
class Taken:
    """A delivery that a sender has, and all that it takes to send it."""

    delivery: Delivery
    notice: Notice
    webhook: Webhook
    member: Member
    centre_name: str
    url: str
    secret: str | None


def is_heard(transaction: Transaction, centre_id: str, kind: str) -> bool:
    """Whether any webhook is told of notices of a kind."""
    return bool(_listeners(transaction, centre_id, kind))


def tell(
    transaction: Transaction,
    kind: str,
    centre_id: str,
    object_: str,
    people: Mapping[str, int],
    *,
    owner_id: str | None = None,
    **detail: Any,
) -> str | None:
    """Note that something happened, for every webhook that is told of it; the notice's id, None where there is no such webhook.

    Parameters
    ----------
    people : how much of it is whose, by ``agent_id``
    owner_id : who did it, where that is not whoever asks
    detail : all of `DETAIL` for the kind; anything else is a ``TypeError``
    """
    _check(kind, detail)
    listeners = _listeners(transaction, centre_id, kind)
    if not listeners:
        return None
    owner_id = transaction.scope.member_id if owner_id is None else owner_id
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in detail.items()}
    made = Notice(new_id(), kind, centre_id, owner_id, object_, dict(people), plain, transaction.now)
    transaction.connection.execute(insert(notice).values(**vars(made)))
    rows = [
        {
            "id": new_id(),
            "notice_id": made.id,
            "webhook_id": each,
            "attempts": 0,
            "next_at": transaction.now,
            "last_status": "",
        }
        for each in listeners
    ]
    transaction.connection.execute(insert(delivery), rows)
    return made.id


def due(transaction: Transaction) -> list[str]:
    """Ids of deliveries that can be taken now, the oldest first."""
    wanted = (
        select(delivery.c.id)
        .join(webhook)
        .where(delivery.c.next_at <= transaction.now, _is_free(transaction))
        .order_by(delivery.c.id)
        .limit(_AT_ONCE)
    )
    return list(transaction.connection.execute(wanted).scalars())


def take(transaction: Transaction, delivery_id: str, lease: timedelta) -> Taken | None:
    """Have a delivery, and its webhook, to oneself; None where another was quicker."""
    its = select(delivery.c.webhook_id).where(delivery.c.id == delivery_id).scalar_subquery()
    wanted = select(webhook.c.id).where(webhook.c.id == its, _is_free(transaction))
    free = transaction.connection.execute(wanted.with_for_update(key_share=True, skip_locked=True)).scalar()
    mine = and_(delivery.c.id == delivery_id, delivery.c.next_at <= transaction.now)
    until = transaction.now + lease
    more = update(delivery).where(mine).values(next_at=until, attempts=delivery.c.attempts + 1)
    if free is None or transaction.connection.execute(more).rowcount != 1:
        return None
    transaction.connection.execute(update(webhook).where(webhook.c.id == free).values(free_at=until))
    return _taken(transaction, delivery_id)


def delivered(transaction: Transaction, taken: Taken, status: str, pause: timedelta) -> bool:
    """Note that a receiver has it; nothing more is sent to it for a while. False where another sender has taken over since."""
    ended = {"delivered_at": transaction.now, "given_up_at": None, "next_at": None}
    return _settle(transaction, taken, status, ended, pause)


def failed(transaction: Transaction, taken: Taken, status: str, again: timedelta, pause: timedelta) -> bool:
    """Note that a receiver has it not, and when it is tried again."""
    return _settle(transaction, taken, status, {"next_at": transaction.now + again}, pause)


def give_up(transaction: Transaction, taken: Taken, status: str) -> bool:
    """Note that a receiver will never have it."""
    ended = {"given_up_at": transaction.now, "next_at": None}
    return _settle(transaction, taken, status, ended, timedelta(0))


def find(
    transaction: Transaction, webhook_id: str, *, before: str | None = None, limit: int = 100
) -> list[tuple[Delivery, str]]:
    """Deliveries to a webhook that exists for whoever asks, newest first, and the kind of notice of each."""
    webhooks.get(transaction, webhook_id)
    wanted = select(delivery, notice.c.kind).join(notice).where(delivery.c.webhook_id == webhook_id)
    if before is not None:
        wanted = wanted.where(delivery.c.id < before)
    rows = transaction.connection.execute(wanted.order_by(delivery.c.id.desc()).limit(limit))
    return [(_of(Delivery, row._asdict()), row.kind) for row in rows]


def forget(transaction: Transaction, before: datetime) -> int:
    """Delete notices from before an instant that nobody waits for any more; how many they were."""
    open_ = exists().where(delivery.c.notice_id == notice.c.id, delivery.c.next_at.is_not(None))
    old = select(notice.c.id).where(notice.c.at < before, ~open_)
    ids = list(transaction.connection.execute(old.limit(500)).scalars())
    for table, column in ((delivery, delivery.c.notice_id), (notice, notice.c.id)):
        transaction.connection.execute(delete(table).where(column.in_(ids)))
    return len(ids)


def _check(kind: str, detail: Mapping[str, Any]) -> None:
    wanted = DETAIL[kind]
    wrong = {name for name in wanted.keys() | detail.keys() if type(detail.get(name)) is not wanted.get(name)}
    if wrong:
        raise TypeError(f"a notice {kind} holds {', '.join(wanted)}; wrong: {', '.join(sorted(wrong))}")


def _listeners(transaction: Transaction, centre_id: str, kind: str) -> list[str]:
    here = and_(webhook.c.centre_id == centre_id, webhook.c.disabled_at.is_(None))
    rows = transaction.connection.execute(select(webhook.c.id, webhook.c.events).where(here))
    return [row.id for row in rows if kind in row.events]


def _is_free(transaction: Transaction) -> ColumnElement[bool]:
    free = or_(webhook.c.free_at.is_(None), webhook.c.free_at <= transaction.now)
    return and_(webhook.c.disabled_at.is_(None), free)


def _settle(
    transaction: Transaction, taken: Taken, status: str, values: dict[str, Any], pause: timedelta
) -> bool:
    """Write what became of an attempt; the webhook first, in the order in which `take` locks them."""
    mine = and_(delivery.c.id == taken.delivery.id, delivery.c.attempts == taken.delivery.attempts)
    its = and_(webhook.c.id == taken.webhook.id, exists().where(mine))
    transaction.connection.execute(update(webhook).where(its).values(free_at=transaction.now + pause))
    if "delivered_at" not in values:  # the webhook may have been disabled since
        mine = and_(mine, delivery.c.next_at.is_not(None))
    changed = transaction.connection.execute(
        update(delivery).where(mine).values(values | {"last_status": status})
    )
    return changed.rowcount == 1


def _taken(transaction: Transaction, delivery_id: str) -> Taken:
    tables = delivery, notice, webhook, member, centre
    joined = delivery.join(notice).join(webhook, webhook.c.id == delivery.c.webhook_id)
    joined = joined.join(member, member.c.id == webhook.c.member_id)
    joined = joined.join(centre, centre.c.id == webhook.c.centre_id)
    wanted = (
        select(*tables)
        .select_from(joined)
        .where(delivery.c.id == delivery_id)
        .set_label_style(SelectLabelStyle.LABEL_STYLE_TABLENAME_PLUS_COL)
    )
    row = transaction.connection.execute(wanted).one()._mapping
    told = {table.name: {column.name: row[column] for column in table.c} for table in tables}
    url, secret = webhooks.opened(transaction.vault, told["webhook"])
    return Taken(
        _of(Delivery, told["delivery"]),
        _of(Notice, told["notice"]),
        webhooks.of_row(told["webhook"]),
        members.of_row(told["member"]),
        told["centre"]["name"],
        url,
        secret,
    )


def _of(kind: type[T], row: dict[str, Any]) -> T:
    return kind(**{name: row[name] for name in kind.__annotations__})
