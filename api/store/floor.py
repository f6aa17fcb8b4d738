"""How many customers were online by queue, as somebody or another system told it; kept for some weeks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from api.store.centres import get as get_centre
from api.store.engine import Transaction
from api.store.ids import new_id
from api.store.tables import floor_state

KEPT = timedelta(days=35)


@dataclass(frozen=True)
class FloorState:
    """Customers of a queue at an instant; ``waiting`` and ``longest_wait_seconds`` None: not told."""

    queue: str
    at: datetime
    customers_online: float
    waiting: float | None = None
    longest_wait_seconds: float | None = None


def tell(transaction: Transaction, centre_id: str, told: Sequence[FloorState]) -> None:
    """Keep what is told of queues, each row with who told it; what is older than `KEPT` goes."""
    get_centre(transaction, centre_id)
    by = {"centre_id": centre_id, "told_by": transaction.scope.member_id}
    transaction.connection.execute(
        insert(floor_state), [{"id": new_id(), **by, **vars(each)} for each in told]
    )
    old = floor_state.c.centre_id == centre_id, floor_state.c.at < transaction.now - KEPT
    transaction.connection.execute(delete(floor_state).where(*old))


def find(transaction: Transaction, centre_id: str, since: datetime, until: datetime) -> list[FloorState]:
    """What was told of a centre's queues from ``since`` up to and with ``until``, in order of time."""
    get_centre(transaction, centre_id)
    columns = [floor_state.c[name] for name in FloorState.__dataclass_fields__]
    within = floor_state.c.centre_id == centre_id, floor_state.c.at.between(since, until)
    rows = transaction.connection.execute(
        select(*columns).where(*within).order_by(floor_state.c.at, floor_state.c.id)
    )
    return [FloorState(**row._mapping) for row in rows]
