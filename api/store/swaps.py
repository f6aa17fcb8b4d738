"""Swaps of shifts that people ask for: accepted or declined by who takes them, approved or refused by who leads both.

One that nobody decided until the first of its shifts begins has expired: nothing is written for that, it is read so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, insert, or_, select, update

from api.store import notices, people
from api.store.centres import get as get_centre
from api.store.engine import Transaction
from api.store.errors import Conflict, NotFound, Stale
from api.store.ids import new_id
from api.store.tables import person, swap

OPEN = ("asked", "accepted")
STATES = (*OPEN, "declined", "approved", "refused", "withdrawn", "expired")
BEFORE = {
    "accepted": ("asked",),
    "declined": OPEN,
    "withdrawn": OPEN,
    "approved": ("accepted",),
    "refused": OPEN,
}
"""The states from which each is reached."""
DECIDED = ("approved", "refused")
Span = tuple[str, str, str]
"""A shift: first and last instant, and its name."""


@dataclass(frozen=True)
class Swap:
    """A swap, or a gift of shifts.

    Parameters
    ----------
    agent_id, day, gives : who gives which day's shifts, as they were when asked
    with_agent_id, back_day, back : who takes them, and which of theirs they give in return; None and none for a gift
    expires_at : when the first of these shifts begins
    rota_version : the version that came of it
    """

    id: str
    centre_id: str
    rota_id: str
    version: int
    state: str
    agent_id: str
    day: date
    gives: tuple[Span, ...]
    with_agent_id: str
    back_day: date | None
    back: tuple[Span, ...]
    expires_at: datetime
    rota_version: int | None
    asked_by: str
    asked_at: datetime
    answered_by: str | None
    answered_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None
    note: str

    @property
    def people(self) -> tuple[str, str]:
        """Who gives and who takes."""
        return self.agent_id, self.with_agent_id


def create(
    transaction: Transaction,
    centre_id: str,
    rota_id: str,
    given: tuple[str, date, Sequence[Span]],
    taken: tuple[str, date | None, Sequence[Span]],
    expires_at: datetime,
    note: str = "",
) -> Swap:
    """Keep a swap that somebody who exists for whoever asks gives the shifts of.

    Raises
    ------
    Conflict
        where the same is asked already, or the first of its shifts has begun.
    """
    get_centre(transaction, centre_id)
    people.get(transaction, centre_id, given[0])
    if expires_at <= transaction.now:
        raise Conflict("a shift that has begun is not swapped any more")
    same = and_(swap.c.rota_id == rota_id, swap.c.agent_id == given[0], swap.c.day == given[1])
    wanted = select(swap.c.back_day).where(same, swap.c.with_agent_id == taken[0], swap.c.state.in_(OPEN))
    if taken[1] in transaction.connection.execute(wanted).scalars().all():
        raise Conflict("this swap is asked already")
    made = Swap(
        new_id(), centre_id, rota_id, 1, "asked", given[0], given[1], tuple(given[2]), taken[0], taken[1],
        tuple(taken[2]), expires_at, None, transaction.scope.member_id, transaction.now, None, None, None, None, note,
    )  # fmt: skip
    transaction.connection.execute(insert(swap).values(**vars(made)))
    transaction.log("swap.ask", f"swap/{made.id}", rota=rota_id)
    notices.tell(transaction, "swap.asked", centre_id, f"swap/{made.id}", _both(made), day=made.day)
    return made


def get(transaction: Transaction, swap_id: str) -> Swap:
    """One swap; raises `NotFound`, also where it does not exist for whoever asks."""
    row = transaction.connection.execute(
        _told(transaction).where(swap.c.id == swap_id, _seen(transaction))
    ).one_or_none()
    if row is None:
        raise NotFound("swap")
    return _of(row._asdict())


def get_at(transaction: Transaction, swap_id: str, expected: int) -> Swap:
    """A swap that is to be changed; raises `Stale` where it is no longer at the version that the change goes out from."""
    found = get(transaction, swap_id)
    if found.version != expected:
        raise Stale("swap", expected, found.version)
    return found


def find(
    transaction: Transaction,
    centre_id: str,
    *,
    state: str | None = None,
    agent_id: str | None = None,
    rota_id: str | None = None,
    before: str | None = None,
    limit: int = 100,
) -> list[Swap]:
    """The swaps of a centre that exist for whoever asks, newest first, from the one before ``before`` on."""
    get_centre(transaction, centre_id)
    wanted = _told(transaction).where(swap.c.centre_id == centre_id, _seen(transaction))
    if state is not None:
        wanted = wanted.where(_state(transaction) == state)
    if agent_id is not None:
        wanted = wanted.where(or_(swap.c.agent_id == agent_id, swap.c.with_agent_id == agent_id))
    if rota_id is not None:
        wanted = wanted.where(swap.c.rota_id == rota_id)
    if before is not None:
        wanted = wanted.where(swap.c.id < before)
    rows = transaction.connection.execute(wanted.order_by(swap.c.id.desc()).limit(limit))
    return [_of(row._asdict()) for row in rows]


def move(
    transaction: Transaction, swap_id: str, expected: int, state: str, *, rota_version: int | None = None
) -> Swap:
    """Take a swap one step on; whoever approves makes the version of the rota in the same transaction. Webhooks are told.

    Raises
    ------
    Stale
        where it was changed since, also at the same time.
    Conflict
        where its state does not lead to this one.
    """
    found = get_at(transaction, swap_id, expected)
    if found.state not in BEFORE[state]:
        raise Conflict(f"the swap is {found.state}: it cannot be {state} any more")
    who = {"accepted": "answered", "declined": "answered"}.get(state, "decided")
    values = {"state": state, "version": expected + 1, "rota_version": rota_version}
    values |= {f"{who}_by": transaction.scope.member_id, f"{who}_at": transaction.now}
    here = and_(swap.c.id == swap_id, swap.c.version == expected)
    if transaction.connection.execute(update(swap).where(here).values(values)).rowcount != 1:
        raise Stale("swap", expected)
    transaction.log(f"swap.{state}", f"swap/{swap_id}", rota=found.rota_id, rota_version=rota_version)
    _tell(transaction, found, state)
    return get(transaction, swap_id)


def _tell(transaction: Transaction, moved: Swap, state: str) -> None:
    """Have webhooks told of a yes, and of a decision."""
    about = moved.centre_id, f"swap/{moved.id}", _both(moved)
    if state == "accepted":
        notices.tell(transaction, "swap.agreed", *about, day=moved.day)
    elif state in DECIDED:
        accepted = state == "approved"
        notices.tell(transaction, "swap.decided", *about, accepted=accepted, day=moved.day)


def _both(made: Swap) -> dict[str, int]:
    return dict.fromkeys(made.people, 1)


def _state(transaction: Transaction) -> ColumnElement[str]:
    over = and_(swap.c.state.in_(OPEN), swap.c.expires_at <= transaction.now)
    return case((over, "expired"), else_=swap.c.state)


def _told(transaction: Transaction) -> Any:
    columns = [each for each in swap.c if each.name != "state"]
    return select(*columns, _state(transaction).label("state"))


def _of(row: dict[str, Any]) -> Swap:
    spans = {name: tuple(tuple(each) for each in row[name]) for name in ("gives", "back")}
    return Swap(**row | spans)


def _seen(transaction: Transaction) -> ColumnElement[bool]:
    """The condition on ``swap`` by which swaps exist for whoever asks: one of the two people does."""
    scope = transaction.scope
    conditions: list[ColumnElement[bool]] = [swap.c.id.is_not(None)]
    if scope.centre_id is not None:
        conditions.append(swap.c.centre_id == scope.centre_id)
    if scope.teams is not None or scope.agent_id is not None:
        either = or_(person.c.agent_id == swap.c.agent_id, person.c.agent_id == swap.c.with_agent_id)
        here = and_(person.c.centre_id == swap.c.centre_id, either, people.within(transaction))
        conditions.append(exists().where(here))
    return and_(*conditions)
