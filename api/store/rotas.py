"""Rotas: a draft, edited, published (`api.store.publishing`) and undone, each a new version; earlier ones stay as they were."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, insert, select, update

from api.access.scope import Role
from api.store import blobs, people
from api.store.centres import get as get_centre
from api.store.csv_rows import CsvRows, beside_others, changed_days
from api.store.engine import Transaction
from api.store.errors import Conflict, NotFound, Stale
from api.store.ids import new_id
from api.store.tables import rota, rota_version


@dataclass(frozen=True)
class Rota:
    """A rota of ``days`` local days from ``start``; ``version`` is its newest, ``published_version`` the one that agents see."""

    id: str
    centre_id: str
    start: date
    days: int
    version: int
    published_version: int | None
    created_at: datetime
    archived_at: datetime | None


@dataclass(frozen=True)
class Version:
    """One version of a rota: who made it and what it was made of.

    Parameters
    ----------
    shows : the version whose rows these are; an earlier one after an undo
    digest : of its rows, the columns of ``rota.csv``
    what : draft, edit, publish or undo
    """

    version: int
    shows: int
    digest: str
    centre_revision: int
    requirement_digest: str | None
    author_id: str
    at: datetime
    note: str
    what: str


def create(
    transaction: Transaction,
    centre_id: str,
    start: date,
    days: int,
    rows: bytes,
    *,
    centre_revision: int,
    requirement: bytes | None = None,
    note: str = "",
) -> Rota:
    """Keep a new draft; ``rows`` is a checked ``rota.csv``, ``requirement`` the ``requirement.csv`` it was made for."""
    get_centre(transaction, centre_id)
    made = Rota(new_id(), centre_id, start, days, 1, None, transaction.now, None)
    transaction.connection.execute(insert(rota).values(**vars(made)))
    required = None if requirement is None else blobs.put(transaction, requirement)
    digest = blobs.put(transaction, rows)
    _add(
        transaction,
        made.id,
        Version(1, 1, digest, centre_revision, required, "", transaction.now, note, "draft"),
    )
    return made


def edit(
    transaction: Transaction,
    rota_id: str,
    expected: int,
    rows: bytes,
    *,
    centre_revision: int | None = None,
    note: str = "",
) -> Rota:
    """Keep other rows as a new version; where not everybody exists for whoever asks, the rows of the others stay as they are.

    Raises
    ------
    NotFound
        where the rows tell of somebody who does not exist for whoever asks.
    Stale
        where the rota is no longer at version ``expected``, which the edit goes out from.
    """
    before = take_next(transaction, rota_id, expected)
    revision = before.centre_revision if centre_revision is None else centre_revision
    digest = blobs.put(transaction, _beside_others(transaction, rota_id, before, rows))
    follow(
        transaction,
        rota_id,
        before,
        "edit",
        note,
        digest=digest,
        shows=expected + 1,
        centre_revision=revision,
    )
    return get(transaction, rota_id)


def undo(transaction: Transaction, rota_id: str, expected: int, note: str = "") -> Rota:
    """A new version with the rows before the last edit that has not been undone; what is published stays so until it is published anew.

    Raises
    ------
    Conflict
        where there is nothing to undo, or it was an edit of people who do not exist for whoever asks.
    """
    before = take_next(transaction, rota_id, expected)
    if before.shows == 1:
        raise Conflict("there is nothing to undo: the rows are those the rota began with")
    try:
        shown = version(transaction, rota_id, version(transaction, rota_id, before.shows - 1).shows)
    except NotFound:
        raise Conflict("the version before is kept no longer") from None
    check_others(transaction, rota_id, before, shown)
    follow(
        transaction,
        rota_id,
        before,
        "undo",
        note,
        digest=shown.digest,
        shows=shown.version,
        centre_revision=shown.centre_revision,
    )
    return get(transaction, rota_id)


def get(transaction: Transaction, rota_id: str) -> Rota:
    """One rota; raises `NotFound`, also where it does not exist for whoever asks."""
    row = transaction.connection.execute(
        select(rota).where(rota.c.id == rota_id, _seen(transaction))
    ).one_or_none()
    if row is None:
        raise NotFound("rota")
    return Rota(**row._mapping)


def get_at(transaction: Transaction, rota_id: str, expected: int) -> Rota:
    """A rota that is to be changed; raises `Stale` where it is no longer at the version that the change goes out from."""
    found = get(transaction, rota_id)
    if found.version != expected:
        raise Stale("rota", expected, found.version)
    return found


def find(transaction: Transaction, centre_id: str, *, after: str = "", limit: int = 100) -> list[Rota]:
    """The rotas of a centre that exist for whoever asks, oldest first, from the one after ``after`` on."""
    get_centre(transaction, centre_id)
    conditions = (
        rota.c.centre_id == centre_id,
        _seen(transaction),
        rota.c.id > after,
        rota.c.archived_at.is_(None),
    )
    wanted = select(rota).where(*conditions).order_by(rota.c.id).limit(limit)
    return [Rota(**row._mapping) for row in transaction.connection.execute(wanted)]


def published(transaction: Transaction, centre_id: str, since: date, until: date) -> list[Rota]:
    """The published rotas of a centre with days from ``since`` up to and without ``until``, by their first day."""
    get_centre(transaction, centre_id)
    conditions = (
        rota.c.centre_id == centre_id,
        _seen(transaction),
        rota.c.published_version.is_not(None),
        rota.c.start < until,
    )
    rows = transaction.connection.execute(select(rota).where(*conditions).order_by(rota.c.start, rota.c.id))
    found = [Rota(**row._mapping) for row in rows]
    return [each for each in found if each.start + timedelta(days=each.days) > since]


def versions(
    transaction: Transaction, rota_id: str, *, before: int | None = None, limit: int = 100
) -> list[Version]:
    """The versions of a rota, newest first, from the one before ``before`` on; agents see the published one alone."""
    found = get(transaction, rota_id)
    wanted = select(*_columns()).where(rota_version.c.rota_id == rota_id)
    if before is not None:
        wanted = wanted.where(rota_version.c.version < before)
    if transaction.scope.role is Role.AGENT:
        wanted = wanted.where(rota_version.c.version == found.published_version)
    rows = transaction.connection.execute(wanted.order_by(rota_version.c.version.desc()).limit(limit))
    return [Version(**row._mapping) for row in rows]


def version(transaction: Transaction, rota_id: str, number: int) -> Version:
    """One version; raises `NotFound`."""
    found = versions(transaction, rota_id, before=number + 1, limit=1)
    if not found or found[0].version != number:
        raise NotFound("version of the rota")
    return found[0]


def content(transaction: Transaction, rota_id: str, number: int) -> bytes:
    """The rows of a version as ``rota.csv``, of the people who exist for whoever asks."""
    found = version(transaction, rota_id, number)
    rows = blobs.get(transaction, found.digest)
    agents = people.visible(transaction, get(transaction, rota_id).centre_id)
    return rows if agents is None else CsvRows.of(rows).where("agent_id", agents.__contains__).bytes()


def compare(transaction: Transaction, rota_id: str, one: int, other: int) -> list[tuple[str, str]]:
    """Whose day differs between two versions: ``agent_id`` and local day of the shift, sorted, of people who exist for whoever asks."""
    return sorted(changed_days(*(content(transaction, rota_id, number) for number in (one, other))))


def _beside_others(transaction: Transaction, rota_id: str, before: Version, rows: bytes) -> bytes:
    agents = people.visible(transaction, get(transaction, rota_id).centre_id)
    if agents is None:
        return rows
    merged = beside_others(blobs.get(transaction, before.digest), rows, agents)
    if merged is None:
        raise NotFound("person")
    return merged


def check_others(transaction: Transaction, rota_id: str, before: Version | None, after: Version) -> None:
    """Raise `Conflict` where two versions differ in the days of people who do not exist for whoever asks."""
    agents = people.visible(transaction, get(transaction, rota_id).centre_id)
    if agents is not None and any(key[0] not in agents for key in changed(transaction, before, after)):
        raise Conflict("this also changes the days of people outside your teams: a planner does it")


def changed(transaction: Transaction, before: Version | None, after: Version) -> set[tuple[str, str]]:
    """Everybody's days, by ``agent_id`` and day, in which two versions differ; without a version before, all that have shifts."""
    return changed_days(
        *(b"" if each is None else blobs.get(transaction, each.digest) for each in (before, after))
    )


def _seen(transaction: Transaction) -> ColumnElement[bool]:
    """The condition on ``rota`` by which rotas exist for whoever asks: agents know of published ones."""
    scope = transaction.scope
    conditions: list[ColumnElement[bool]] = [rota.c.id.is_not(None)]
    if scope.centre_id is not None:
        conditions.append(rota.c.centre_id == scope.centre_id)
    if scope.role is Role.AGENT:
        conditions.append(rota.c.published_version.is_not(None))
    return and_(*conditions)


def take_next(transaction: Transaction, rota_id: str, expected: int) -> Version:
    """Take the next version's number and tell the version it follows; of two that try at once, one is `Stale`."""
    found = get(transaction, rota_id)
    here = and_(rota.c.id == rota_id, rota.c.version == expected)
    moved = transaction.connection.execute(update(rota).where(here).values(version=expected + 1))
    if moved.rowcount != 1:
        raise Stale("rota", expected, found.version if found.version != expected else None)
    return version(transaction, rota_id, expected)


def follow(
    transaction: Transaction, rota_id: str, before: Version, what: str, note: str, **other: object
) -> None:
    """Keep the version after ``before``, whose number was taken: the same but for what is told."""
    told = (
        vars(before)
        | {"version": before.version + 1, "what": what, "note": note, "at": transaction.now}
        | other
    )
    _add(transaction, rota_id, Version(**told))


def _add(transaction: Transaction, rota_id: str, made: Version) -> None:
    row = vars(made) | {"rota_id": rota_id, "author_id": transaction.scope.member_id}
    transaction.connection.execute(insert(rota_version).values(row))
    transaction.log(f"rota.{made.what}", f"rota/{rota_id}", version=made.version, digest=made.digest)


def _columns() -> Iterable[ColumnElement[object]]:
    return [column for column in rota_version.c if column.name != "rota_id"]
