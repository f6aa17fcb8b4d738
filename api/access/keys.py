"""API keys: 256 random bits, shown once; who comes with one is found by its prefix and compared in constant time."""

import hashlib
import hmac
import ipaddress
import re
import secrets
from datetime import datetime, timedelta

from api.access.errors import NotKnown
from api.access.scope import Role, machine
from api.store import keys, members
from api.store.engine import Store, Transaction
from api.store.keys import USE_NOTED_EVERY, ApiKey
from api.store.members import Member

FORM = re.compile(r"paiban_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_NOBODYS = "0" * 64  # compared with where there is no such key, so that it takes as long


def create(
    transaction: Transaction, member_id: str, expires_at: datetime | None = None
) -> tuple[str, ApiKey]:
    """A new key of a member, to be shown once, and what is kept of it."""
    prefix = secrets.token_hex(6)
    text = f"paiban_{prefix}_{secrets.token_urlsafe(32)}"
    return text, keys.create(transaction, member_id, prefix, digest_of(text), expires_at)


def first_key(store: Store, host: str) -> str | None:
    """The key of the first administrator, where nobody may use the service yet and it listens on loopback alone; else None."""
    if not is_loopback(host):
        return None
    with store.write(machine("first-run")) as transaction:
        if members.count(transaction):
            return None
        first = members.create(transaction, Role.ADMIN, kind="service", label="first run")
        return create(transaction, first.id)[0]


def holder(store: Store, text: str) -> Member:
    """Whose key it is.

    Raises
    ------
    NotKnown
        for a key that is not known, has expired, was revoked, or whose member is one no more; it does not say which.
    """
    form = FORM.fullmatch(text)
    with store.read(machine("access")) as transaction:
        kept = keys.of_prefix(transaction, form[1]) if form else None
        now = transaction.now
    same = hmac.compare_digest(kept.digest if kept else _NOBODYS, digest_of(text))
    if kept is None or not same or kept.ended_at is not None or kept.member.disabled_at is not None:
        raise NotKnown
    if kept.expires_at is not None and kept.expires_at <= now:
        raise NotKnown
    if kept.last_used_at is None or now - kept.last_used_at > USE_NOTED_EVERY:
        with store.write(machine("access")) as transaction:
            keys.note_use(transaction, kept)
    return kept.member


def until(transaction: Transaction, days: int | None) -> datetime | None:
    """When a key that is made now and holds for some days expires."""
    return None if days is None else transaction.now + timedelta(days=days)


def digest_of(text: str) -> str:
    """What is kept of a key; no salt or stretching, since 256 random bits cannot be guessed."""
    return hashlib.sha256(text.encode()).hexdigest()


def is_loopback(host: str) -> bool:
    """Whether a host to listen on can only be reached from this machine.

    Examples
    --------
    >>> [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "example.org")]
    [True, True, True, False, False]
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
