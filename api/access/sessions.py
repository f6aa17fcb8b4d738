"""Sessions of the page: a random token in a cookie, and one derived from it that a form or script must send back (CSRF)."""

import hashlib
import hmac
import secrets
from datetime import timedelta

from api.access.errors import Forbidden, NotKnown
from api.access.keys import digest_of
from api.access.scope import machine
from api.store import keys
from api.store.engine import Store
from api.store.keys import USE_NOTED_EVERY
from api.store.members import Member

IDLE = timedelta(hours=2)
"""A session that nobody uses for this long has ended."""


def open_session(store: Store, member: Member, lasts: timedelta) -> str:
    """Open a session; the token for its cookie."""
    token = secrets.token_urlsafe(32)
    with store.write(member.scope) as transaction:
        keys.open_session(transaction, member.id, digest_of(token), transaction.now + lasts)
    return token


def holder(store: Store, token: str) -> Member:
    """Whose session it is; raises `NotKnown` where it is none, or has ended."""
    with store.read(machine("access")) as transaction:
        kept, now = keys.of_session(transaction, digest_of(token)), transaction.now
    if kept is None or kept.member.disabled_at is not None:
        raise NotKnown
    assert kept.expires_at is not None
    assert kept.last_used_at is not None
    if kept.expires_at <= now or now - kept.last_used_at > IDLE:
        raise NotKnown
    if now - kept.last_used_at > USE_NOTED_EVERY:
        with store.write(machine("access")) as transaction:
            keys.note_session_use(transaction, kept)
    return kept.member


def close(store: Store, token: str) -> None:
    """End a session."""
    with store.write(machine("access")) as transaction:
        keys.close_session(transaction, digest_of(token))


def csrf_token(token: str) -> str:
    """What a page of this session sends with every change; without the cookie nobody can make it."""
    return hmac.new(token.encode(), b"csrf", hashlib.sha256).hexdigest()


def check_csrf(token: str, sent: str | None) -> None:
    """Raise `Forbidden` where a change comes without this session's token."""
    if sent is None or not hmac.compare_digest(csrf_token(token).encode(), sent.encode(errors="replace")):
        raise Forbidden("the page's token is missing or of another session: load the page again")
