"""Requests that were answered before: the same key gets the same answer, and what was done is not done again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, select, update

from api.store.engine import Transaction
from api.store.errors import Conflict
from api.store.tables import idempotency


@dataclass(frozen=True)
class Answer:
    """What was answered."""

    status: int
    headers: dict[str, str]
    body: bytes


def begin(transaction: Transaction, key: str, request_digest: str) -> Answer | None:
    """The answer that was given to this key before; None where the request is new, then `finish` it in the same transaction.

    A request with the same key at the same time waits here until the other's transaction has ended.

    Raises
    ------
    Conflict
        where the key was used for another request.
    """
    mine = {"key": key, "member_id": transaction.scope.member_id}
    row = mine | {"request_digest": request_digest, "at": transaction.now}
    new = transaction.insert(idempotency).values(row).on_conflict_do_nothing().returning(idempotency.c.key)
    if transaction.connection.execute(new).first() is not None:
        return None
    found = transaction.connection.execute(select(idempotency).where(*_of(transaction, key))).one()
    return _kept(transaction, key, request_digest, found)


def given(transaction: Transaction, key: str, request_digest: str) -> Answer | None:
    """The answer that was given to this key before; None where none was. Raises `Conflict` as `begin` does."""
    found = transaction.connection.execute(select(idempotency).where(*_of(transaction, key))).one_or_none()
    return None if found is None else _kept(transaction, key, request_digest, found)


def _kept(transaction: Transaction, key: str, request_digest: str, found: Row[Any]) -> Answer:
    if found.request_digest != request_digest:
        raise Conflict("this Idempotency-Key was used for another request")
    body = transaction.vault.open_bytes(found.body, _place(transaction, key))
    return Answer(found.status, found.headers, body)


def finish(transaction: Transaction, key: str, status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Keep the answer beside what was done; the body is sealed, for it may hold names."""
    sealed = transaction.vault.seal_bytes(body, _place(transaction, key))
    values = {"status": status, "headers": dict(headers), "body": sealed}
    transaction.connection.execute(update(idempotency).where(and_(*_of(transaction, key))).values(values))


def forget(transaction: Transaction, before: datetime) -> int:
    """Delete answers given before an instant; how many they were."""
    return transaction.connection.execute(delete(idempotency).where(idempotency.c.at < before)).rowcount


def _of(transaction: Transaction, key: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return idempotency.c.key == key, idempotency.c.member_id == transaction.scope.member_id


def _place(transaction: Transaction, key: str) -> str:
    return f"idempotency/{transaction.scope.member_id}/{key}"
