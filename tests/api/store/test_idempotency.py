from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from api.access.scope import Role, Scope
from api.store import centres, idempotency
from api.store.centre_files import prepare
from api.store.errors import Conflict
from api.store.idempotency import Answer
from tests.api.store.conftest import ADMIN


def post(store, prepared, key="k1", digest="d1", scope=ADMIN):
    """What a route does: answer as before, or do it and keep the answer."""
    with store.write(scope) as transaction:
        before = idempotency.begin(transaction, key, digest)
        if before is not None:
            return before
        made = centres.create(transaction, prepared)
        idempotency.finish(transaction, key, 201, {"Location": made.id}, b"body")
        return Answer(201, {"Location": made.id}, b"body")


def count(store):
    with store.read(ADMIN) as transaction:
        return len(centres.find(transaction))


def test_the_same_request_is_done_once_however_many_send_it_at_once(store, files):
    prepared = prepare(files)
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda _: post(store, prepared), range(5)))
    assert count(store) == 1
    assert answers == [answers[0]] * 5


def test_another_request_with_the_key_is_refused_and_anothers_key_is_another(store, files):
    prepared = prepare(files)
    post(store, prepared)
    with pytest.raises(Conflict, match="another request"):
        post(store, prepared, digest="d2")
    post(store, prepared, scope=Scope("admin-2", Role.ADMIN))
    assert count(store) == 2


def test_a_request_that_failed_is_not_remembered(store, files):
    prepared = prepare(files)
    with pytest.raises(AttributeError):
        post(store, None)
    post(store, prepared)
    assert count(store) == 1


def test_answers_are_forgotten_after_a_time(store, files):
    post(store, prepare(files))
    with store.write(ADMIN) as transaction:
        assert idempotency.forget(transaction, transaction.now - timedelta(days=1)) == 0
        assert idempotency.forget(transaction, transaction.now + timedelta(days=1)) == 1
        assert idempotency.begin(transaction, "k1", "d2") is None
