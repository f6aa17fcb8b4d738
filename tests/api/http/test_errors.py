"""Every error is a problem of a documented kind, and none tells what it should not."""

import logging

import pytest

from api.errors import KINDS
from tests.api.http.service import ZIP, Api


def test_what_frameworks_say_is_told_as_problems(sqlite_api: Api) -> None:
    for method, path, status in (
        ("GET", "nothing", 404),
        ("PATCH", "centres", 405),
        ("GET", "centres?limit=0", 422),
        ("GET", "centres?colour=red", 422),
        ("GET", "centres/1", 422),
    ):
        answer = sqlite_api.ask(method, path)
        told = answer.json()
        assert (answer.status_code, told["status"]) == (status, status)
        assert answer.headers["content-type"] == "application/problem+json"
        assert told["type"].rpartition("/")[2] in KINDS
        assert told["request_id"] == answer.headers["x-request-id"]
        assert sqlite_api.get(told["type"]).json()["title"] == told["title"]


def test_nobody_comes_in_without_a_key(sqlite_api: Api) -> None:
    for header in ("", "Bearer", "Bearer x", "Basic YTpi", f"Bearer {sqlite_api.keys['admin']}x"):
        answer = sqlite_api.get("centres", headers={"Authorization": header})
        assert (answer.status_code, answer.headers["www-authenticate"][:6]) == (401, "Bearer")


def test_large_bodies_are_refused_unread(sqlite_api: Api) -> None:
    one = sqlite_api.client.post("/api/v1/centres", headers={"Content-Length": str(1 << 30)})
    assert (one.status_code, one.json()["type"]) == (413, "/api/v1/problems/too-large")

    def chunks():  # type: ignore[no-untyped-def]
        for _ in range(70):
            yield b"0" * (1 << 20)

    two = sqlite_api.send("POST", "centres", chunks(), ZIP)
    assert (two.status_code, two.json()["type"]) == (413, "/api/v1/problems/too-large")


def test_an_error_of_ours_is_told_without_what_it_says(
    sqlite_api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("王小明 is sick")

    monkeypatch.setattr("api.store.centres.find", fail)
    with caplog.at_level(logging.INFO):
        answer = sqlite_api.get("centres", headers={"X-Request-ID": "my-1"})
    assert (answer.status_code, answer.json()["request_id"]) == (500, "my-1")
    assert "王小明" not in answer.text + caplog.text
    (record,) = (each for each in caplog.records if each.levelname == "ERROR")
    assert record.told["error"] == "ZeroDivisionError"  # type: ignore[attr-defined]


def test_a_locked_database_is_a_problem_of_now(sqlite_api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    other = sqlite_api.store.engine.raw_connection()
    other.cursor().execute("BEGIN EXCLUSIVE")
    try:
        answer = sqlite_api.get("centres")
    finally:
        other.rollback()
        other.close()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")


def test_answers_have_headers_of_security_and_no_cors(sqlite_api: Api) -> None:
    answer = sqlite_api.get("centres", headers={"Origin": "https://elsewhere.example"})
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert not [name for name in answer.headers if name.startswith("access-control")]
