"""API keys and sessions of the page as they are kept: never themselves, always the SHA-256 of 256 random bits."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from api.store import members
from api.store.engine import Transaction
from api.store.errors import NotFound
from api.store.ids import new_id
from api.store.members import Member
from api.store.tables import api_key, member, session

USE_NOTED_EVERY = timedelta(minutes=5)
"""How exactly it is kept when a key or session was last used: reads need not write each time."""


@dataclass(frozen=True)
class ApiKey:
    """What is known of a key; ``prefix`` is the part of it by which people tell it from others."""

    id: str
    member_id: str
    prefix: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True)
class Kept:
    """A key or session that was looked up, to be judged by `api.access`: its digest, until when it holds, and whose it is."""

    id: str
    digest: str
    expires_at: datetime | None
    ended_at: datetime | None
    last_used_at: datetime | None
    member: Member


def create(
    transaction: Transaction, member_id: str, prefix: str, digest: str, expires_at: datetime | None
) -> ApiKey:
    """Keep a new key of a member who exists for whoever asks."""
    members.get(transaction, member_id)
    made = ApiKey(new_id(), member_id, prefix, transaction.now, expires_at, None, None)
    transaction.connection.execute(insert(api_key).values(vars(made) | {"digest": digest}))
    transaction.log("key.create", f"key/{made.id}", member=member_id, prefix=prefix)
    return made


def revoke(transaction: Transaction, key_id: str) -> None:
    """End a key now; ending it again changes nothing."""
    found = transaction.connection.execute(select(api_key).where(api_key.c.id == key_id)).one_or_none()
    if found is None:
        raise NotFound("key")
    try:
        members.get(transaction, found.member_id)
    except NotFound:
        raise NotFound("key") from None
    if found.revoked_at is None:
        transaction.connection.execute(
            update(api_key).where(api_key.c.id == key_id).values(revoked_at=transaction.now)
        )
        transaction.log("key.revoke", f"key/{key_id}")


def find(transaction: Transaction, member_id: str) -> list[ApiKey]:
    """The keys of a member, oldest first."""
    members.get(transaction, member_id)
    return of_member(transaction, member_id)


def of_member(transaction: Transaction, member_id: str) -> list[ApiKey]:
    """The keys of a member, whether or not the member exists for whoever asks."""
    columns = [api_key.c[name] for name in ApiKey.__annotations__]
    wanted = select(*columns).where(api_key.c.member_id == member_id).order_by(api_key.c.id)
    return [ApiKey(**row._mapping) for row in transaction.connection.execute(wanted)]


def of_prefix(transaction: Transaction, prefix: str) -> Kept | None:
    """The key of a prefix; None where there is none."""
    wanted = select(
        api_key.c.id.label("key_id"), api_key.c.digest, api_key.c.expires_at, api_key.c.revoked_at
    )
    wanted = (
        wanted.add_columns(api_key.c.last_used_at, *member.c)
        .join_from(api_key, member)
        .where(api_key.c.prefix == prefix)
    )
    row = transaction.connection.execute(wanted).one_or_none()
    if row is None:
        return None
    return Kept(
        row.key_id,
        row.digest,
        row.expires_at,
        row.revoked_at,
        row.last_used_at,
        members.of_row(row._asdict()),
    )


def note_use(transaction: Transaction, kept: Kept) -> None:
    """Keep that a key was used now."""
    transaction.connection.execute(
        update(api_key).where(api_key.c.id == kept.id).values(last_used_at=transaction.now)
    )


def open_session(transaction: Transaction, member_id: str, digest: str, expires_at: datetime) -> None:
    """Keep a new session; those that have ended go."""
    transaction.connection.execute(delete(session).where(session.c.expires_at <= transaction.now))
    row = {"digest": digest, "member_id": member_id, "expires_at": expires_at}
    row |= {"created_at": transaction.now, "last_used_at": transaction.now}
    transaction.connection.execute(insert(session).values(row))
    transaction.log("session.open", f"member/{member_id}")


def of_session(transaction: Transaction, digest: str) -> Kept | None:
    """The session of a digest; None where there is none."""
    wanted = select(
        session.c.digest.label("key_id"), session.c.digest, session.c.expires_at, session.c.last_used_at
    )
    wanted = wanted.add_columns(*member.c).join_from(session, member).where(session.c.digest == digest)
    row = transaction.connection.execute(wanted).one_or_none()
    return (
        None
        if row is None
        else Kept(
            row.key_id, row.digest, row.expires_at, None, row.last_used_at, members.of_row(row._asdict())
        )
    )


def note_session_use(transaction: Transaction, kept: Kept) -> None:
    """Keep that a session was used now."""
    transaction.connection.execute(
        update(session).where(session.c.digest == kept.digest).values(last_used_at=transaction.now)
    )


def close_session(transaction: Transaction, digest: str) -> None:
    """End a session; one that is not there has ended already."""
    transaction.connection.execute(delete(session).where(session.c.digest == digest))
