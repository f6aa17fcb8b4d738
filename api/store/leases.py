"""Leases by name: of several processes, one at a time does something, until its lease runs out."""

from datetime import datetime, timedelta

from sqlalchemy import false, or_, select, true

from api.store.engine import Transaction
from api.store.tables import lease


def until(transaction: Transaction, name: str) -> datetime | None:
    """When a lease runs out, or ran out; None where nobody ever had it."""
    wanted = select(lease.c.until).where(lease.c.name == name)
    return transaction.connection.execute(wanted).scalar_one_or_none()


def take(
    transaction: Transaction, name: str, owner: str, length: timedelta, *, from_others: bool = False
) -> bool:
    """Take or renew a lease; False where another has it, unless it is to be taken from them."""
    until = transaction.now + length
    free = or_(lease.c.owner == owner, lease.c.until <= transaction.now, true() if from_others else false())
    statement = (
        transaction.insert(lease)
        .values(name=name, owner=owner, until=until)
        .on_conflict_do_update(
            index_elements=[lease.c.name], set_={"owner": owner, "until": until}, where=free
        )
    )
    return transaction.connection.execute(statement.returning(lease.c.name)).first() is not None
