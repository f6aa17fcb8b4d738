"""People: their names, sealed, and who of them exists for whom; erased, restricted and found again."""

import csv
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, insert, select, update

from api.store.centre_files import Told
from api.store.engine import Transaction
from api.store.errors import Conflict, NotFound, StoreUnavailable
from api.store.tables import erasure, member, person

ERASURES = "erasures.csv"
"""Beside the database: who was erased, so that restoring an older backup does not bring them back."""


@dataclass(frozen=True)
class Person:
    """Somebody as those who may know them see them; ``name`` is empty where none is known or it is restricted."""

    agent_id: str
    team: str
    name: str
    restricted_until: datetime | None


def sync(transaction: Transaction, centre_id: str, told: Mapping[str, Told]) -> bool:
    """Bring people up to what a centre's files tell; whether anything was changed. Who was erased gets no name again."""
    vault, connection = transaction.vault, transaction.connection
    rows = connection.execute(select(person).where(person.c.centre_id == centre_id)).all()
    known = {row.agent_id: row for row in rows}
    gone = set(
        connection.execute(select(erasure.c.agent_id).where(erasure.c.centre_id == centre_id)).scalars()
    )
    new, changed = [], False
    for agent_id, each in told.items():
        place = _place(centre_id, agent_id)
        if agent_id not in known:
            if agent_id not in gone:
                secret = vault.new_secret(place)
                sealed = vault.seal(each.name, secret, place)
                new.append(
                    {
                        "centre_id": centre_id,
                        "agent_id": agent_id,
                        "team": each.team,
                        "secret": secret,
                        "name_sealed": sealed,
                    }
                )
            continue
        row, values = known[agent_id], dict[str, object]()
        if each.team != row.team:
            values["team"] = each.team
        if each.name and each.name != vault.open(row.name_sealed, row.secret, place):
            values["name_sealed"] = vault.seal(each.name, row.secret, place)
        if values:
            connection.execute(update(person).where(_is(centre_id, agent_id)).values(values))
            changed = True
    if new:
        connection.execute(insert(person), new)
    return changed or bool(new)


def find(
    transaction: Transaction, centre_id: str, *, after: str = "", limit: int = 1_000_000
) -> list[Person]:
    """The people of a centre who exist for whoever asks, by ``agent_id``, from the one after ``after`` on."""
    mine = select(person).where(seen(transaction, centre_id), person.c.agent_id > after)
    rows = transaction.connection.execute(mine.order_by(person.c.agent_id).limit(limit)).all()
    return [Person(row.agent_id, row.team, _name(transaction, row), row.restricted_until) for row in rows]


def get(transaction: Transaction, centre_id: str, agent_id: str) -> Person:
    """One person; raises `NotFound`."""
    row = transaction.connection.execute(
        select(person).where(seen(transaction, centre_id), person.c.agent_id == agent_id)
    ).one_or_none()
    if row is None:
        raise NotFound("person")
    return Person(row.agent_id, row.team, _name(transaction, row), row.restricted_until)


def visible(transaction: Transaction, centre_id: str) -> set[str] | None:
    """The ``agent_id`` of everybody who exists for whoever asks; None for everybody there ever was."""
    scope = transaction.scope
    if scope.teams is None and scope.agent_id is None:
        return None
    return set(
        transaction.connection.execute(
            select(person.c.agent_id).where(seen(transaction, centre_id))
        ).scalars()
    )


def seen(transaction: Transaction, centre_id: str) -> ColumnElement[bool]:
    """The condition on ``person`` by which people of a centre exist for whoever asks."""
    return and_(person.c.centre_id == centre_id, within(transaction))


def within(transaction: Transaction) -> ColumnElement[bool]:
    """The condition on ``person`` by which people exist for whoever asks."""
    scope = transaction.scope
    conditions: list[ColumnElement[bool]] = [person.c.agent_id.is_not(None)]
    if scope.centre_id is not None:
        conditions.append(person.c.centre_id == scope.centre_id)
    if scope.teams is not None:
        conditions.append(person.c.team.in_(sorted(scope.teams)))
    if scope.agent_id is not None:
        conditions.append(person.c.agent_id == scope.agent_id)
    return and_(*conditions)


def restrict(transaction: Transaction, centre_id: str, agent_id: str, until: datetime) -> None:
    """Hide a name from everybody until the duty to keep working-time records ends; then `erase_due` erases it."""
    get(transaction, centre_id, agent_id)
    transaction.connection.execute(
        update(person).where(_is(centre_id, agent_id)).values(restricted_until=until)
    )
    transaction.log("person.restrict", f"person/{centre_id}/{agent_id}", until=until.isoformat())


def erase(transaction: Transaction, centre_id: str, agent_id: str) -> None:
    """Delete a name and the key it was sealed with, close the person's membership, and see to it that no backup brings them back.

    Raises
    ------
    Conflict
        while the person is restricted: a statutory duty to keep records runs.
    """
    until = get(transaction, centre_id, agent_id).restricted_until
    if until is not None and until > transaction.now:
        raise Conflict(
            f"records of this person must be kept until {until:%Y-%m-%d}; until then the name is hidden"
        )
    erase_now(transaction, centre_id, agent_id)
    _note_beside(transaction, centre_id, agent_id)


def erase_due(transaction: Transaction) -> int:
    """Erase everybody whose restriction has ended; how many they were."""
    due = select(person.c.centre_id, person.c.agent_id).where(person.c.restricted_until <= transaction.now)
    rows = transaction.connection.execute(due).all()
    for centre_id, agent_id in rows:
        erase(transaction, centre_id, agent_id)
    return len(rows)


def count_due(transaction: Transaction) -> int:
    """How many `erase_due` would erase."""
    due = select(func.count()).select_from(person).where(person.c.restricted_until <= transaction.now)
    return transaction.connection.execute(due).scalar_one()


def is_there(transaction: Transaction, centre_id: str, agent_id: str) -> bool:
    """Whether there is a name, or the key of one, of somebody."""
    return (
        transaction.connection.execute(select(person.c.agent_id).where(_is(centre_id, agent_id))).first()
        is not None
    )


def erase_now(transaction: Transaction, centre_id: str, agent_id: str) -> None:
    """Erase whatever there is of a person; the list beside the database is left as it is."""
    connection, now = transaction.connection, transaction.now
    connection.execute(delete(person).where(_is(centre_id, agent_id)))
    connection.execute(
        delete(erasure).where(erasure.c.centre_id == centre_id, erasure.c.agent_id == agent_id)
    )
    row = {"centre_id": centre_id, "agent_id": agent_id, "at": now, "actor_id": transaction.scope.member_id}
    connection.execute(insert(erasure).values(row))
    theirs = (member.c.agent_id == agent_id) & (member.c.centre_id == centre_id)
    connection.execute(update(member).where(theirs).values(label="", subject=None, disabled_at=now))
    transaction.log("person.erase", f"person/{centre_id}/{agent_id}")


def check_master_key(transaction: Transaction) -> None:
    """Raise `Tampered` where names are kept that this master key does not open."""
    row = transaction.connection.execute(select(person).limit(1)).one_or_none()
    if row is not None:
        _opened(transaction, row)


def are_there(transaction: Transaction) -> bool:
    """Whether any names are kept at all."""
    return transaction.connection.execute(select(person.c.agent_id).limit(1)).first() is not None


def erasures_beside(folder: Path) -> set[tuple[str, str]]:
    """Centre and agent of everybody on the list beside the database."""
    path = folder / ERASURES
    if not path.exists():
        return set()
    with path.open(encoding="utf-8", newline="") as file:
        return {(row[0], row[1]) for row in csv.reader(file) if len(row) >= 2}


def _note_beside(transaction: Transaction, centre_id: str, agent_id: str) -> None:
    """Write before the commit: one erasure too many on the list is what was asked for, one too few would undo it."""
    path = transaction.folder / ERASURES
    try:
        with path.open("a", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerow(
                [centre_id, agent_id, transaction.now.isoformat(), transaction.scope.member_id]
            )
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StoreUnavailable(f"the list of erasures cannot be written: {error.strerror}") from None


def own_name(transaction: Transaction, centre_id: str, agent_id: str) -> str:
    """Somebody's name for themselves: also while it is hidden from others."""
    row = transaction.connection.execute(
        select(person).where(seen(transaction, centre_id), person.c.agent_id == agent_id)
    ).one()
    return _opened(transaction, row)


def _name(transaction: Transaction, row: Row[Any]) -> str:
    return "" if row.restricted_until is not None else _opened(transaction, row)


def _opened(transaction: Transaction, row: Row[Any]) -> str:
    return transaction.vault.open(row.name_sealed, row.secret, _place(row.centre_id, row.agent_id))


def _is(centre_id: str, agent_id: str) -> ColumnElement[bool]:
    return and_(person.c.centre_id == centre_id, person.c.agent_id == agent_id)


def _place(centre_id: str, agent_id: str) -> str:
    return f"person/{centre_id}/{agent_id}"
