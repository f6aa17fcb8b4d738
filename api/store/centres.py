"""Centres: each change is a new revision with all its files, like a commit; earlier ones stay as they were."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, and_, insert, select, true, update

from api.store import blobs, people
from api.store.centre_files import (
    NAMED,
    SETTINGS,
    SHARED,
    Prepared,
    name_of,
    of_people,
    people_of,
    with_names,
    without_reasons,
)
from api.store.csv_rows import beside_others
from api.store.engine import Transaction
from api.store.errors import Conflict, NotFound, Stale
from api.store.ids import new_id
from api.store.tables import centre, centre_file, centre_revision


@dataclass(frozen=True)
class Centre:
    """A centre; ``revision`` is its version, of which a change says that it goes out from it."""

    id: str
    name: str
    revision: int
    created_at: datetime
    archived_at: datetime | None


@dataclass(frozen=True)
class Revision:
    """One state of a centre: who made it, when, and whose files it has (``shows`` is an earlier revision after an undo)."""

    revision: int
    shows: int
    at: datetime
    actor_id: str
    note: str


def create(transaction: Transaction, prepared: Prepared, note: str = "") -> Centre:
    """Keep a new centre at revision 1."""
    if transaction.scope.centre_id is not None:
        raise NotFound("centre")
    made = Centre(new_id(), prepared.name, 1, transaction.now, None)
    transaction.connection.execute(insert(centre).values(**vars(made)))
    _add_revision(transaction, made.id, 1, 1, _digests(transaction, prepared), note)
    people.sync(transaction, made.id, prepared.people)
    transaction.log("centre.create", f"centre/{made.id}", revision=1)
    return made


def with_changes(
    transaction: Transaction, centre_id: str, changes: Mapping[str, bytes | None]
) -> dict[str, bytes]:
    """The centre's files with some replaced, added or, where None, left out: to be prepared, after the transaction, for `change`.

    Where not everybody exists for whoever asks, a file about people has their rows for those who do, and the others' stay.

    Raises
    ------
    NotFound
        where they would change a file that is not about their people, or rows of others.
    """
    agents = people.visible(transaction, centre_id)
    everybody = replace(transaction, scope=replace(transaction.scope, teams=None, agent_id=None))
    files = export(everybody, centre_id, names=False, reasons=True)
    if agents is not None:
        changes = {
            name: _of_theirs(name, files.get(name), content, agents) for name, content in changes.items()
        }
    stems = {Path(name).stem for name in changes}
    kept = {name: content for name, content in files.items() if Path(name).stem not in stems}
    return kept | {name: content for name, content in changes.items() if content is not None}


def _of_theirs(name: str, kept: bytes | None, told: bytes | None, agents: set[str]) -> bytes:
    merged = beside_others(kept, told, agents) if name in SHARED and told is not None else None
    if merged is None:
        raise NotFound("file of the centre")
    return merged


def change(
    transaction: Transaction, centre_id: str, expected: int, prepared: Prepared, note: str = ""
) -> Centre:
    """Keep a new revision; where nothing would differ, the centre stays at the one it has.

    Parameters
    ----------
    expected : the revision that the change goes out from

    Raises
    ------
    Stale
        where the centre has been changed since.
    """
    found = _at(transaction, centre_id, expected)
    digests = _digests(transaction, prepared)
    same = digests == _files(transaction, centre_id, found.revision) and prepared.name == found.name
    if not people.sync(transaction, centre_id, prepared.people) and same:
        return found
    revision = _move(transaction, centre_id, expected, name=prepared.name)
    _add_revision(transaction, centre_id, revision, revision, digests, note)
    transaction.log("centre.change", f"centre/{centre_id}", revision=revision)
    return get(transaction, centre_id)


def undo(transaction: Transaction, centre_id: str, expected: int, note: str = "") -> Centre:
    """A new revision with the files as they were before the last change that has not been undone; names stay as they are."""
    found = _at(transaction, centre_id, expected)
    shown = _revision(transaction, centre_id, found.revision).shows
    if shown == 1:
        raise Conflict("there is nothing to undo: the files are those the centre began with")
    shows = _revision(transaction, centre_id, shown - 1).shows
    told = _files(transaction, centre_id, shows)
    files = {name: blobs.get(transaction, told[name]) for name in (SETTINGS, *NAMED) if name in told}
    people.sync(transaction, centre_id, people_of(files))
    revision = _move(transaction, centre_id, expected, name=name_of(files))
    _add_revision(transaction, centre_id, revision, shows, told, note)
    transaction.log("centre.undo", f"centre/{centre_id}", revision=revision, shows=shows)
    return get(transaction, centre_id)


def archive(transaction: Transaction, centre_id: str, expected: int) -> None:
    """Take a centre out of the lists; everything of it stays."""
    _at(transaction, centre_id, expected)
    transaction.connection.execute(
        update(centre).where(centre.c.id == centre_id).values(archived_at=transaction.now)
    )
    transaction.log("centre.archive", f"centre/{centre_id}")


def get(transaction: Transaction, centre_id: str) -> Centre:
    """One centre; raises `NotFound`, also where it does not exist for whoever asks."""
    row = transaction.connection.execute(
        select(centre).where(centre.c.id == centre_id, seen(transaction))
    ).one_or_none()
    if row is None:
        raise NotFound("centre")
    return Centre(**row._mapping)


def find(
    transaction: Transaction, *, after: str = "", limit: int = 100, archived: bool = False
) -> list[Centre]:
    """The centres that exist for whoever asks, oldest first, from the one after ``after`` on."""
    wanted = select(centre).where(seen(transaction), centre.c.id > after).order_by(centre.c.id).limit(limit)
    if not archived:
        wanted = wanted.where(centre.c.archived_at.is_(None))
    return [Centre(**row._mapping) for row in transaction.connection.execute(wanted)]


def revisions(
    transaction: Transaction, centre_id: str, *, before: int | None = None, limit: int = 100
) -> list[Revision]:
    """The revisions of a centre, newest first, from the one before ``before`` on."""
    get(transaction, centre_id)
    columns = [centre_revision.c[name] for name in ("revision", "shows", "at", "actor_id", "note")]
    wanted = select(*columns).where(centre_revision.c.centre_id == centre_id)
    if before is not None:
        wanted = wanted.where(centre_revision.c.revision < before)
    rows = transaction.connection.execute(wanted.order_by(centre_revision.c.revision.desc()).limit(limit))
    return [Revision(**row._mapping) for row in rows]


def digests(transaction: Transaction, centre_id: str, revision: int | None = None) -> dict[str, str]:
    """SHA-256 by the name of each file that is kept of a revision, of the newest where none is said."""
    found = get(transaction, centre_id)
    told = _files(transaction, centre_id, found.revision if revision is None else revision)
    if not told:
        raise NotFound("revision")
    return told


def export(
    transaction: Transaction, centre_id: str, revision: int | None = None, *, names: bool, reasons: bool
) -> dict[str, bytes]:
    """A centre folder as content by file name, with the people who exist for whoever asks.

    Parameters
    ----------
    names : whether names are joined to the people; else the column is there and empty
    reasons : whether it says why people are on leave or protected; see `log_reasons`
    """
    told = digests(transaction, centre_id, revision)
    agents = people.visible(transaction, centre_id)
    known = {each.agent_id: each.name for each in people.find(transaction, centre_id)} if names else {}
    files = {name: of_people(name, blobs.get(transaction, digest), agents) for name, digest in told.items()}
    if not reasons:
        files = without_reasons(files)
    return {name: with_names(name, content, known) for name, content in files.items()}


def log_reasons(transaction: Transaction, centre_id: str, what: str) -> None:
    """Note that somebody reads why people are on leave: whoever hands reasons to a person calls it in the same transaction."""
    transaction.log("leave.reasons.read", f"centre/{centre_id}", what=what)


def seen(transaction: Transaction) -> ColumnElement[bool]:
    """The condition on ``centre`` by which centres exist for whoever asks."""
    only = transaction.scope.centre_id
    return true() if only is None else centre.c.id == only


def _at(transaction: Transaction, centre_id: str, expected: int) -> Centre:
    """The centre, where it is at a revision; others who want to change it wait from here on, and are then stale."""
    transaction.connection.execute(select(centre.c.id).where(centre.c.id == centre_id).with_for_update())
    found = get(transaction, centre_id)
    if found.revision != expected:
        raise Stale("centre", expected, found.revision)
    return found


def _move(transaction: Transaction, centre_id: str, expected: int, *, name: str) -> int:
    """Take the next revision's number; of two that try at once, one is `Stale`."""
    here = and_(centre.c.id == centre_id, centre.c.revision == expected)
    moved = transaction.connection.execute(
        update(centre).where(here).values(revision=expected + 1, name=name)
    )
    if moved.rowcount != 1:
        raise Stale("centre", expected)
    return expected + 1


def _add_revision(
    transaction: Transaction, centre_id: str, revision: int, shows: int, files: Mapping[str, str], note: str
) -> None:
    row = {"centre_id": centre_id, "revision": revision, "shows": shows, "at": transaction.now}
    row |= {"actor_id": transaction.scope.member_id, "note": note}
    transaction.connection.execute(insert(centre_revision).values(row))
    rows = [
        {"centre_id": centre_id, "revision": revision, "name": name, "digest": digest}
        for name, digest in files.items()
    ]
    transaction.connection.execute(insert(centre_file), rows)


def _revision(transaction: Transaction, centre_id: str, revision: int) -> Revision:
    return revisions(transaction, centre_id, before=revision + 1, limit=1)[0]


def _digests(transaction: Transaction, prepared: Prepared) -> dict[str, str]:
    return {name: blobs.put(transaction, content) for name, content in prepared.files.items()}


def _files(transaction: Transaction, centre_id: str, revision: int) -> dict[str, str]:
    wanted = select(centre_file.c.name, centre_file.c.digest).where(
        centre_file.c.centre_id == centre_id, centre_file.c.revision == revision
    )
    return {
        row.name: row.digest for row in transaction.connection.execute(wanted.order_by(centre_file.c.name))
    }
