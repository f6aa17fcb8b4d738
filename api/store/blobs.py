"""Contents by their digest: each is kept once, never changed, and checked when it is read."""

import hashlib

from sqlalchemy import delete, select

from api.store.engine import Transaction
from api.store.errors import NotFound, Tampered
from api.store.tables import blob, blob_unused


def put(transaction: Transaction, content: bytes) -> str:
    """Keep a content; its SHA-256 in hexadecimal. If it was noted as unused, it is no longer: see `api.store.retention`."""
    digest = digest_of(content)
    transaction.connection.execute(delete(blob_unused).where(blob_unused.c.digest == digest))
    row = {"digest": digest, "content": content, "size": len(content)}
    transaction.connection.execute(transaction.insert(blob).values(row).on_conflict_do_nothing())
    return digest


def get(transaction: Transaction, digest: str) -> bytes:
    """The content of a digest.

    Raises
    ------
    NotFound
        where there is none.
    Tampered
        where what is kept has another digest.
    """
    content = transaction.connection.execute(
        select(blob.c.content).where(blob.c.digest == digest)
    ).scalar_one_or_none()
    if content is None:
        raise NotFound("content")
    if digest_of(content) != digest:
        raise Tampered(f"the content kept as {digest} is not what was written")
    return bytes(content)


def digest_of(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
