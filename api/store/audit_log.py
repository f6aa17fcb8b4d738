"""The audit log: who did what to what, each line holding the hash of the line before, so that none can be changed or left out unseen."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from api.store.tables import audit_head, audit_log

BEGINNING = "0" * 64
"""The hash before the first line."""
_PAGE = 1000


@dataclass(frozen=True)
class Entry:
    """What a transaction wants to have logged."""

    at: datetime
    member_id: str
    action: str
    object: str
    detail: dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One line of the log."""

    seq: int
    at: datetime
    member_id: str
    action: str
    object: str
    detail: dict[str, Any]
    previous: str
    hash: str


@dataclass(frozen=True)
class Verdict:
    """What `verify` found: how many lines are whole, and where the chain first breaks, in words (empty: nowhere)."""

    lines: int
    broken_at: int | None = None
    reason: str = ""


def canonical(value: Any) -> str:
    """JSON in the one form that is hashed and stored: keys sorted, no spaces, no NaN.

    Examples
    --------
    >>> canonical({"b": "班", "a": [1, 0.5]})
    '{"a":[1,0.5],"b":"班"}'
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def append(connection: Connection, entries: Sequence[Entry]) -> None:
    """Write entries at the end of the chain; writers of PostgreSQL wait for one another from here to their commit."""
    if not entries:
        return
    head = connection.execute(select(audit_head.c.seq, audit_head.c.hash).with_for_update()).one()
    seq, previous, rows = head.seq, head.hash, []
    for entry in entries:
        seq += 1
        hash_ = _hash(previous, seq, entry)
        rows.append({"seq": seq, **vars(entry), "previous": previous, "hash": hash_})
        previous = hash_
    connection.execute(insert(audit_log), rows)
    connection.execute(update(audit_head).values(seq=seq, hash=previous))


def verify(connection: Connection) -> Verdict:
    """Recount the whole chain and tell the first line that is not what was written."""
    previous, seq = BEGINNING, 0
    for line in lines(connection):
        reason = _wrong(line, seq + 1, previous)
        if reason:
            return Verdict(seq, line.seq, reason)
        previous, seq = line.hash, line.seq
    head = connection.execute(select(audit_head.c.seq, audit_head.c.hash)).one_or_none()
    if head is None or (head.seq, head.hash) != (seq, previous):
        told = "no end is noted" if head is None else f"the log should end with line {head.seq}"
        return Verdict(seq, seq + 1, f"lines are missing at the end, or the end was changed: {told}")
    return Verdict(seq)


def lines(connection: Connection, after: int = 0) -> Iterator[Line]:
    """Every line in order, from the one after ``after`` on."""
    while True:
        page = select(audit_log).where(audit_log.c.seq > after).order_by(audit_log.c.seq).limit(_PAGE)
        rows = connection.execute(page).all()
        yield from (Line(**row._mapping) for row in rows)
        if len(rows) < _PAGE:
            return
        after = rows[-1].seq


def _wrong(line: Line, seq: int, previous: str) -> str:
    if line.seq != seq:
        return f"line {seq} is missing"
    if line.previous != previous:
        return "it does not follow the line before"
    entry = Entry(line.at, line.member_id, line.action, line.object, line.detail)
    return "" if _hash(previous, seq, entry) == line.hash else "it is not what was written"


def _hash(previous: str, seq: int, entry: Entry) -> str:
    told = vars(entry) | {"seq": seq, "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds")}
    return hashlib.sha256(f"{previous}\n{canonical(told)}".encode()).hexdigest()
