"""Rotas published: from then on agents see a version, and webhooks are told whose days it changes."""

from collections import Counter

from sqlalchemy import update

from api.store import blobs, notices, rotas
from api.store.engine import Transaction
from api.store.errors import Conflict
from api.store.rotas import Rota, Version
from api.store.tables import rota


def publish(transaction: Transaction, rota_id: str, expected: int, note: str = "") -> Rota:
    """Make the newest version the one that agents see.

    Raises
    ------
    Conflict
        where it also changes what agents see of people who do not exist for whoever asks: a team lead publishes for their teams alone.
    """
    before = rotas.take_next(transaction, rota_id, expected)
    number = rotas.get(transaction, rota_id).published_version
    public = None if number is None else rotas.version(transaction, rota_id, number)
    rotas.check_others(transaction, rota_id, public, before)
    rotas.follow(transaction, rota_id, before, "publish", note)
    transaction.connection.execute(
        update(rota).where(rota.c.id == rota_id).values(published_version=expected + 1)
    )
    made = rotas.get(transaction, rota_id)
    _tell(transaction, made, public, before)
    return made


def publish_rows(
    transaction: Transaction,
    rota_id: str,
    expected: int,
    rows: bytes,
    *,
    centre_revision: int,
    note: str = "",
) -> Rota:
    """Change a published rota at once: other rows as one new version, the one that agents see.

    Raises
    ------
    Conflict
        where the newest version is not the published one, or the days of people who do not exist for whoever asks would change.
    """
    before = rotas.take_next(transaction, rota_id, expected)
    if rotas.get(transaction, rota_id).published_version != expected:
        raise Conflict("the rota has changes that are not published: they are published or undone first")
    own = {"digest": blobs.put(transaction, rows), "shows": expected + 1, "centre_revision": centre_revision}
    rotas.follow(transaction, rota_id, before, "publish", note, **own)
    transaction.connection.execute(
        update(rota).where(rota.c.id == rota_id).values(published_version=expected + 1)
    )
    made = rotas.get(transaction, rota_id)
    shown = rotas.version(transaction, rota_id, made.version)
    rotas.check_others(transaction, rota_id, before, shown)
    _tell(transaction, made, before, shown)
    return made


def _tell(transaction: Transaction, made: Rota, public: Version | None, shown: Version) -> None:
    """Have webhooks told whose days agents now see otherwise than before."""
    kind = "rota.published" if public is None else "rota.changed"
    if not notices.is_heard(transaction, made.centre_id, kind):
        return
    changed = Counter(agent_id for agent_id, _ in rotas.changed(transaction, public, shown))
    if changed or public is None:
        notices.tell(
            transaction, kind, made.centre_id, f"rota/{made.id}", changed,
            start=made.start, days=made.days, version=made.version,
        )  # fmt: skip
