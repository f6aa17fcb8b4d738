import hmac
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from api.access import keys as access_keys
from api.access import sessions
from api.access.errors import Forbidden, NotKnown
from api.access.scope import Role, Scope
from api.store import keys, members
from api.store.errors import Conflict, NotFound
from api.store.tables import metadata
from tests.api.store.conftest import ADMIN


@pytest.fixture
def member(store):
    with store.write(ADMIN) as transaction:
        return members.create(transaction, Role.PLANNER)


def key_of(store, member, days=None):
    with store.write(ADMIN) as transaction:
        return access_keys.create(transaction, member.id, access_keys.until(transaction, days))


def test_a_key_says_whose_it_is_and_is_kept_nowhere(store, member):
    text, kept = key_of(store, member, 30)
    assert access_keys.holder(store, text) == member
    with store.read(ADMIN) as transaction:
        rows = [str(transaction.connection.execute(table.select()).all()) for table in metadata.sorted_tables]
        assert not [row for row in rows if text in row or text.split("_", 2)[2] in row]
        (found,) = keys.find(transaction, member.id)
    assert (found.prefix in text, found.last_used_at is not None, kept.last_used_at) == (True, True, None)
    assert key_of(store, member)[0] != text


def test_unknown_expired_revoked_and_disabled_are_answered_alike(store, member):
    good, _ = key_of(store, member)
    expired, _ = key_of(store, member, -1)
    revoked, kept = key_of(store, member)
    with store.write(ADMIN) as transaction:
        keys.revoke(transaction, kept.id)
        keys.revoke(transaction, kept.id)
    wrong = (
        expired,
        revoked,
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        good.replace(good[7:19], "0" * 12),
        "",
        "x",
        good + " ",
        "é" * 40,
    )
    said = set()
    for text in wrong:
        with pytest.raises(NotKnown) as told:
            access_keys.holder(store, text)
        said.add(str(told.value))
    assert len(said) == 1
    assert access_keys.holder(store, good) == member
    with store.write(ADMIN) as transaction:
        members.disable(transaction, member.id)
    with pytest.raises(NotKnown):
        access_keys.holder(store, good)


def test_keys_are_compared_in_constant_time_also_where_there_is_none(store, member, monkeypatch):
    compared = []
    monkeypatch.setattr(
        access_keys.hmac,
        "compare_digest",
        lambda a, b, real=hmac.compare_digest: compared.append((a, b)) or real(a, b),
    )
    good, _ = key_of(store, member)
    access_keys.holder(store, good)
    for text in ("nothing", good.replace(good[7:19], "0" * 12)):
        with pytest.raises(NotKnown):
            access_keys.holder(store, text)
    assert [(len(a), len(b)) for a, b in compared] == [(64, 64)] * 3


def test_when_a_key_was_used_is_kept_now_and_then(store, member):
    text, _ = key_of(store, member)
    used = []
    for _ in range(2):
        access_keys.holder(store, text)
        with store.read(ADMIN) as transaction:
            used.append(keys.find(transaction, member.id)[0].last_used_at)
    assert used[0] == used[1] is not None


def test_the_first_key_is_given_once_and_on_loopback_alone(store):
    assert access_keys.first_key(store, "0.0.0.0") is None
    key = access_keys.first_key(store, "127.0.0.1")
    assert access_keys.holder(store, key).role is Role.ADMIN
    assert access_keys.first_key(store, "127.0.0.1") is None


def test_who_may_know_of_which_members_and_keys(store, made, member):
    with store.write(ADMIN) as transaction:
        lead = members.create(transaction, Role.TEAM_LEAD, centre_id=made.id, teams=["电话一组"])
        members.create(transaction, Role.AGENT, centre_id=made.id, agent_id="A001", subject="s")
    _, kept = key_of(store, member)
    with store.write(lead.scope) as transaction:
        assert [each.id for each in members.find(transaction)] == [lead.id]
        with pytest.raises(NotFound):
            keys.revoke(transaction, kept.id)
    with store.read(Scope("hr", Role.HR, made.id)) as transaction:
        assert {each.role for each in members.find(transaction)} == {Role.TEAM_LEAD, Role.AGENT}
        with pytest.raises(NotFound):
            members.get(transaction, member.id)


@pytest.mark.parametrize(
    ("role", "told", "error"),
    [
        (Role.TEAM_LEAD, {}, Conflict),
        (Role.AGENT, {"agent_id": "A001"}, Conflict),
        (Role.HR, {"centre_id": "nowhere"}, NotFound),
        (Role.HR, {"subject": "taken"}, Conflict),
    ],
)
def test_a_member_who_cannot_be_is_refused(store, role, told, error):
    with store.write(ADMIN) as transaction:
        members.create(transaction, Role.HR, subject="taken")
    with pytest.raises(error), store.write(ADMIN) as transaction:
        members.create(transaction, role, **told)


def test_an_agent_must_be_somebody_of_the_centre(store, made):
    with pytest.raises(Conflict), store.write(ADMIN) as transaction:
        members.create(transaction, Role.AGENT, centre_id=made.id, agent_id="A999")


def test_a_session_holds_until_it_ends(store, member):
    token = sessions.open_session(store, member, timedelta(hours=1))
    assert sessions.holder(store, token) == member
    over = sessions.open_session(store, member, timedelta(seconds=-1))
    for wrong in (over, token + "x", ""):
        with pytest.raises(NotKnown):
            sessions.holder(store, wrong)
    sessions.close(store, token)
    with pytest.raises(NotKnown):
        sessions.holder(store, token)


def test_a_session_that_nobody_uses_ends(store, member, monkeypatch):
    token = sessions.open_session(store, member, timedelta(hours=9))
    monkeypatch.setattr(sessions, "IDLE", timedelta(seconds=-1))
    with pytest.raises(NotKnown):
        sessions.holder(store, token)


def test_a_change_needs_the_token_of_its_own_session():
    sessions.check_csrf("one", sessions.csrf_token("one"))
    for sent in (None, "", "one", "é", sessions.csrf_token("two"), sessions.csrf_token("one")[:-1]):
        with pytest.raises(Forbidden):
            sessions.check_csrf("one", sent)


def test_two_members_of_one_subject_made_at_once_are_one(store):
    def make(_):
        try:
            with store.write(ADMIN) as transaction:
                return bool(members.create(transaction, Role.HR, subject="same"))
        except Conflict:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(make, range(4))) == [False, False, False, True]
