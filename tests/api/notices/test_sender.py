import logging
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from api.access.scope import Role
from api.notices import posting, sender
from api.notices.sender import LEASE, MOST_TRIES, Sender
from api.settings import ServiceSettings
from api.store import members, notices, webhooks
from tests.api.notices.conftest import PRIVATE, reply
from tests.api.store.conftest import ADMIN


def test_what_is_told_arrives_once(desk, receiver):
    hook = desk.hook(receiver.url)
    desk.tell()
    assert desk.send() == 1
    assert desk.send() == 0
    (sent,) = receiver.requests
    (delivery,) = desk.deliveries(hook)
    assert sent.headers["webhook-id"] == delivery.id
    assert (delivery.attempts, delivery.last_status, delivery.next_at) == (1, "200", None)
    assert delivery.delivered_at is not None
    assert delivery.given_up_at is None


def test_nothing_is_told_of_a_transaction_that_failed(desk, receiver):
    hook = desk.hook(receiver.url)

    def fail():
        with desk.store.write(ADMIN) as transaction:
            detail = {"work": "plan", "code": 3}
            assert notices.tell(transaction, "job.failed", desk.centre.id, "job/1", {}, **detail) is not None
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert desk.deliveries(hook) == []
    assert desk.send() == 0


def test_only_who_asked_for_an_event_is_told_of_it(desk, receiver):
    desk.hook(f"{receiver.url}/breach", events=("breach",))
    desk.hook(f"{receiver.url}/all")
    desk.tell()
    desk.send()
    assert [each.path for each in receiver.requests] == ["/all"]


@pytest.mark.parametrize("kind", ["500", "timeout", "refused", "cut off", "429"])
def test_a_failure_is_tried_again_later_and_arrives_once(desk, receiver, monkeypatch, kind):
    seconds = [0.3 if kind == "timeout" else 30.0, 30.0]
    monkeypatch.setattr(posting, "post", lambda sent, **more: post(sent, **more, seconds=seconds.pop(0)))
    url, done = receiver.url, threading.Event()
    if kind == "refused":
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{unused.getsockname()[1]}"
    hook = desk.hook(url)
    receiver.replies = {
        "500": [reply(500)], "timeout": [lambda handler: done.wait(30)], "refused": [],
        "cut off": [lambda handler: handler.connection.shutdown(socket.SHUT_RDWR)],
        "429": [reply(429, Retry_After="7200")],
    }[kind]  # fmt: skip
    desk.tell()
    desk.send()
    done.set()
    expected = {
        "500": "500", "timeout": "no answer in time", "refused": "no connection", "cut off": "the connection was lost",
        "429": "429",
    }  # fmt: skip
    (delivery,) = desk.deliveries(hook)
    assert (delivery.attempts, delivery.last_status, delivery.delivered_at) == (1, expected[kind], None)
    assert desk.send() == 0
    if kind == "refused":
        return
    desk.later(minutes=1)
    assert desk.send() == (kind != "429")
    if kind == "429":  # it asked for two hours
        desk.later(hours=3)
        assert desk.send() == 1
    (delivery,) = desk.deliveries(hook)
    assert (delivery.attempts, delivery.last_status) == (2, "200")
    assert [each.headers["webhook-id"] for each in receiver.requests] == [delivery.id] * 2
    desk.later(days=2)
    assert desk.send() == 0


post = posting.post


def test_it_is_given_up_after_the_stated_number_of_attempts(desk, receiver):
    hook = desk.hook(receiver.url)
    receiver.replies = [reply(503)] * (MOST_TRIES + 5)
    desk.tell()
    for _ in range(MOST_TRIES + 3):
        desk.send()
        desk.later(days=2)
    (delivery,) = desk.deliveries(hook)
    assert (delivery.attempts, delivery.last_status) == (MOST_TRIES, "503")
    assert delivery.given_up_at is not None
    assert len(receiver.requests) == MOST_TRIES


def test_two_senders_at_once_send_each_notice_once(desk, receiver):
    for _ in range(2):
        desk.hook(receiver.url)
    for k in range(6):
        desk.tell(people={f"A00{k}": 1})
    at_once, most, lock = set(), [], threading.Lock()

    def watch(handler):
        with lock:
            at_once.add(handler)
            most.append(len(at_once))
        time.sleep(0.01)
        with lock:
            at_once.remove(handler)
        reply(200)(handler)

    receiver.replies = [watch] * 12
    stop, senders = threading.Event(), [Sender(desk.store, PRIVATE) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        for each in senders:
            pool.submit(each.work, stop)
        while len(receiver.requests) < 12 or desk.send():
            time.sleep(0.01)
        stop.set()
    ids = [each.headers["webhook-id"] for each in receiver.requests]
    assert len(ids) == len(set(ids)) == 12
    assert max(most) <= 2  # one of each webhook at a time


def test_what_a_dead_sender_had_taken_is_sent_again_under_the_same_id(desk, receiver):
    hook = desk.hook(receiver.url)
    desk.tell()
    with desk.store.write(ADMIN) as transaction:
        (due,) = notices.due(transaction)
        dead = notices.take(transaction, due, LEASE)
        assert notices.take(transaction, due, LEASE) is None
    assert desk.send() == 0
    desk.later(minutes=6)
    assert desk.send() == 1
    assert receiver.requests[0].headers["webhook-id"] == dead.delivery.id
    with desk.store.write(ADMIN) as transaction:  # it was only asleep
        assert not notices.delivered(transaction, dead, "200", LEASE)
        assert not notices.failed(transaction, dead, "500", LEASE, LEASE)
    (delivery,) = desk.deliveries(hook)
    assert (delivery.attempts, delivery.last_status) == (2, "200")


def test_a_sender_that_dies_each_time_gives_up_in_the_end(desk, receiver):
    hook = desk.hook(receiver.url)
    desk.tell()
    for _ in range(MOST_TRIES):
        with desk.store.write(ADMIN) as transaction:
            notices.take(transaction, notices.due(transaction)[0], LEASE)
        desk.later(hours=1)
    desk.send()
    assert receiver.requests == []
    assert desk.deliveries(hook)[0].last_status == f"tried {MOST_TRIES} times"


def test_a_disabled_webhook_is_told_nothing_any_more(desk, receiver):
    hook, other = desk.hook(receiver.url), desk.hook(f"{receiver.url}/other")
    desk.tell()
    with desk.store.write(ADMIN) as transaction:
        webhooks.disable(transaction, hook.id)
        webhooks.disable(transaction, hook.id)
    desk.tell()
    while desk.send():
        pass
    assert [each.path for each in receiver.requests] == ["/other"] * 2
    (delivery,) = desk.deliveries(hook)
    assert (delivery.last_status, delivery.attempts) == ("the webhook was disabled", 0)
    assert delivery.given_up_at is not None
    assert len(desk.deliveries(other)) == 2


def test_a_disabled_member_is_told_nothing_any_more(desk, receiver):
    hook = desk.hook(receiver.url)
    desk.tell()
    with desk.store.write(ADMIN) as transaction:
        members.disable(transaction, hook.member_id)
    desk.send()
    assert receiver.requests == []
    assert desk.deliveries(hook)[0].last_status == "not for this receiver"


def test_an_address_inside_the_network_is_refused(desk, receiver, monkeypatch):
    desk.settings = ServiceSettings()
    hook = desk.hook(receiver.url)
    desk.tell()
    desk.send()
    assert receiver.requests == []
    assert desk.deliveries(hook)[0].last_status == "an address inside a private network"


def test_a_redirect_is_refused(desk, receiver):
    hook = desk.hook(receiver.url)
    receiver.replies = [reply(302, Location=f"{receiver.url}/other")]
    desk.tell()
    desk.send()
    assert [each.path for each in receiver.requests] == ["/"]
    assert desk.deliveries(hook)[0].last_status == "302: redirects are not followed"


@pytest.mark.parametrize("format", ["wecom", "dingtalk"])
def test_a_bot_that_answers_with_an_errcode_has_not_taken_it(desk, receiver, format):
    hook = desk.hook(receiver.url, format)
    receiver.replies = [
        reply(200, b'{"errcode":45009,"errmsg":"too often"}'),
        reply(200, b"hello"),
        reply(200, b'{"errcode":0,"errmsg":"ok"}'),
    ]
    desk.tell()
    seen = []
    for _ in range(4):
        desk.send()
        seen.append(desk.deliveries(hook)[0].last_status)
        desk.later(hours=1)
    assert seen == ["errcode 45009", "an answer without errcode", "200", "200"]


def test_a_bot_gets_no_more_than_twenty_messages_a_minute(desk, receiver):
    bot, own = desk.hook(f"{receiver.url}/bot", "wecom"), desk.hook(f"{receiver.url}/own")
    receiver.replies = [reply(200, b'{"errcode":0}')] * 6
    for _ in range(3):
        desk.tell()
    while desk.send():
        pass
    assert [each.path for each in receiver.requests].count("/bot") == 1
    assert [each.path for each in receiver.requests].count("/own") == 3
    desk.later(seconds=4)
    desk.send()
    assert [each.path for each in receiver.requests].count("/bot") == 2
    assert 60 / sender.PAUSES[bot.format].total_seconds() < 20
    assert all(each.delivered_at for each in desk.deliveries(own))


def test_one_webhook_that_cannot_be_opened_does_not_hold_up_the_others(desk, receiver, caplog):
    broken, whole = desk.hook(receiver.url), desk.hook(receiver.url)
    with desk.store.write(ADMIN) as transaction:
        from sqlalchemy import update

        from api.store.tables import webhook

        spoilt = update(webhook).where(webhook.c.id == broken.id).values(url_sealed=b"x" * 40)
        transaction.connection.execute(spoilt)
    desk.tell()
    with caplog.at_level(logging.ERROR):
        assert desk.send() == 1
    assert "Tampered" in caplog.text
    assert desk.deliveries(whole)[0].last_status == "200"


def test_no_log_has_the_address_or_the_secret(desk, receiver, caplog):
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore"):
        assert logging.getLogger(name).getEffectiveLevel() >= logging.WARNING
    desk.hook(f"{receiver.url}/send?key=token-of-the-bot", "wecom")
    desk.hook(f"{receiver.url}/hook?token-of-the-bot")
    receiver.replies = [reply(500)]
    desk.tell()
    desk.send()
    assert len(receiver.requests) == 2
    assert "attempt 1: 500" in caplog.text
    assert "token-of-the-bot" not in caplog.text


def test_old_notices_are_forgotten_once_nobody_waits_for_them(desk, receiver):
    told, waits = desk.hook(receiver.url), desk.hook(f"{receiver.url}/waits")
    receiver.replies = [reply(200), reply(500)]
    desk.tell()
    desk.send()
    with desk.store.write(ADMIN) as transaction:
        assert notices.forget(transaction, transaction.now) == 0  # the other has it not yet
    desk.later(hours=1)
    desk.send()
    with desk.store.write(ADMIN) as transaction:
        assert notices.forget(transaction, transaction.now) == 1
    assert desk.deliveries(told) == desk.deliveries(waits) == []


def test_it_runs_until_it_is_stopped(desk, receiver):
    desk.hook(receiver.url)
    desk.tell()
    stop = threading.Event()
    thread = threading.Thread(target=sender.run, args=(desk.store, PRIVATE, stop))
    thread.start()
    while not receiver.requests:
        time.sleep(0.01)
    stop.set()
    thread.join(timeout=20)
    assert not thread.is_alive()


def test_an_agent_is_told_of_their_own_days_alone(desk, receiver):
    hook = desk.hook(receiver.url, role=Role.AGENT, agent_id="A002", names=True)
    desk.tell(people={"A001": 5})
    desk.tell(people={"A001": 5, "A002": 3})
    while desk.send():
        pass
    (sent,) = receiver.requests
    assert [each["agent_id"] for each in sent.json["data"]["people"]] == ["A002"]
    assert [each.last_status for each in desk.deliveries(hook)] == ["200", "not for this receiver"]
