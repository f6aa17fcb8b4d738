"""Swaps and leave requests as they are kept: each step once, whoever comes at the same time; nothing of it without the rota."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from api.access.scope import Role, Scope
from api.store import leave_requests, publishing, rotas, swaps
from api.store.errors import Conflict, NotFound, Stale
from api.store.leave_requests import LeaveRequest
from tests.api.store.conftest import ADMIN
from tests.api.store.test_rotas import FIRST, draft, rows  # noqa: F401

LATER = datetime.now(UTC) + timedelta(days=30)
SWAPPED = rows(("A002", 1), ("A005", 1))


@pytest.fixture
def asked(store, made, draft):  # noqa: F811
    """A swap that both want, in a published rota."""
    with store.write(ADMIN) as transaction:
        publishing.publish(transaction, draft.id, 1)
        given = "A001", draft.start, ()
        swap = swaps.create(transaction, made.id, draft.id, given, ("A002", None, ()), LATER)
        return swaps.move(transaction, swap.id, 1, "accepted")


def approve(store, asked, who):
    """As a planner does."""
    try:
        with store.write(Scope(who, Role.PLANNER)) as transaction:
            made = publishing.publish_rows(transaction, asked.rota_id, 2, SWAPPED, centre_revision=1)
            return swaps.move(transaction, asked.id, 2, "approved", rota_version=made.version).state
    except (Stale, Conflict) as error:
        return type(error).__name__


def test_of_several_who_approve_at_once_one_does_and_the_rota_has_one_version(store, asked):
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda k: approve(store, asked, f"planner-{k}"), range(4)))
    assert sorted(told) == ["Stale", "Stale", "Stale", "approved"]
    with store.read(ADMIN) as transaction:
        found = rotas.get(transaction, asked.rota_id)
        assert (found.version, found.published_version) == (3, 3)
        assert rotas.content(transaction, found.id, 3) == SWAPPED
        assert swaps.get(transaction, asked.id).rota_version == 3


def test_a_swap_that_cannot_be_approved_leaves_the_rota_as_it_was(store, asked):
    with store.write(ADMIN) as transaction:
        swaps.move(transaction, asked.id, 2, "refused")
    assert approve(store, asked, "planner") == "Stale"
    with store.read(ADMIN) as transaction:
        assert rotas.get(transaction, asked.rota_id).version == 2
        assert rotas.content(transaction, asked.rota_id, 2) == FIRST


@pytest.mark.parametrize("state", swaps.BEFORE)
def test_no_step_is_taken_twice_or_from_nowhere(store, asked, state):
    with store.write(ADMIN) as transaction:
        swaps.move(transaction, asked.id, 2, "withdrawn")
        with pytest.raises(Conflict, match="withdrawn"):
            swaps.move(transaction, asked.id, 3, state)
        with pytest.raises(Stale):
            swaps.move(transaction, asked.id, 2, state)


def test_a_swap_expires_by_the_clock(store, asked):
    with store.write(ADMIN) as transaction:
        transaction.now = LATER
        assert swaps.get(transaction, asked.id).state == "expired"
        assert swaps.find(transaction, asked.centre_id, state="accepted") == []
        assert [each.id for each in swaps.find(transaction, asked.centre_id, state="expired")] == [asked.id]
        with pytest.raises(Conflict, match="expired"):
            swaps.move(transaction, asked.id, 2, "approved")


def test_nobody_publishes_others_unpublished_work_with_a_swap(store, asked):
    with store.write(ADMIN) as transaction:
        rotas.edit(transaction, asked.rota_id, 2, rows(("A003", 1)))
    with pytest.raises(Conflict, match="not published"), store.write(ADMIN) as transaction:
        publishing.publish_rows(transaction, asked.rota_id, 3, SWAPPED, centre_revision=1)
    north = Scope("lead", Role.TEAM_LEAD, asked.centre_id, frozenset({"电话二组"}))
    with store.write(ADMIN) as transaction:
        publishing.publish(transaction, asked.rota_id, 3)
    with pytest.raises(Conflict, match="outside your teams"), store.write(north) as transaction:
        publishing.publish_rows(transaction, asked.rota_id, 4, SWAPPED, centre_revision=1)


def test_of_several_who_decide_leave_at_once_one_does(store, made):
    wanted = LeaveRequest(
        "r1", made.id, 1, "asked", "A001", "2031-03-03", "2031-03-04", "x", LATER, "m", LATER, None, None, ""
    )
    with store.write(ADMIN) as transaction:
        leave_requests.create(transaction, wanted)
        with pytest.raises(NotFound):
            leave_requests.create(transaction, replace(wanted, id="r2", agent_id="nobody"))

    def decide(state):
        try:
            with store.write(ADMIN) as transaction:
                return leave_requests.decide(transaction, "r1", 1, state).state
        except Stale:
            return "stale"

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(decide, ["granted", "refused", "withdrawn", "granted"]))
    assert told.count("stale") == 3
    with store.read(ADMIN) as transaction:
        assert leave_requests.get(transaction, "r1").state in told
