"""Leases by name: of several processes, one at a time does something, until its lease runs out."""

from datetime import timedelta

from sqlalchemy import or_

from api.store.engine import Transaction
from api.store.tables import lease


def take(transaction: Transaction, name: str, owner: str, length: timedelta) -> bool:
    """Take or renew a lease; False where another has it."""
    until = transaction.now + length
    free = or_(lease.c.owner == owner, lease.c.until <= transaction.now)
    statement = (
        transaction.insert(lease)
        .values(name=name, owner=owner, until=until)
        .on_conflict_do_update(
            index_elements=[lease.c.name], set_={"owner": owner, "until": until}, where=free
        )
    )
    return transaction.connection.execute(statement.returning(lease.c.name)).first() is not None
