import sqlite3

import pytest

from api.settings import read_settings
from api.store import centres
from api.store.centre_files import prepare
from api.store.opening import open_store
from tests.api.store.conftest import ADMIN, files  # noqa: F401


@pytest.fixture
def data(tmp_path, monkeypatch, files):  # noqa: F811
    """A service with one centre; its data folder."""
    monkeypatch.setenv("PAIBAN_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    with open_store(read_settings()[0], upgrade=True) as store, store.write(ADMIN) as transaction:
        centres.create(transaction, prepare(files))
    return tmp_path / "data"


def test_a_snapshot_is_restored_and_verified(run, data, tmp_path, monkeypatch):
    code, told = run("snapshot", "b.zip")
    assert (code, told["rows"]["centre"], told["bytes"]) == (0, 1, (tmp_path / "b.zip").stat().st_size)
    assert (tmp_path / "b.zip").stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("PAIBAN_DATA", str(tmp_path / "other"))
    assert (run("restore", "b.zip")[0], run("audit-log", "verify")[1]["lines"]) == (
        3,
        0,
    )  # with a key of its own
    (tmp_path / "other" / "master.key").write_bytes((data / "master.key").read_bytes())
    code, told = run("restore", "b.zip")
    assert (code, told["log_lines"], told["erased_again"]) == (0, 1, 0)
    code, told = run("audit-log", "list")
    assert [(each["seq"], each["action"]) for each in told["lines"]] == [
        (1, "centre.create"),
        (2, "store.restore"),
    ]
    assert [each["seq"] for each in run("audit-log", "list", "--after", 1)[1]["lines"]] == [2]
    assert run("audit-log", "verify")[1]["lines"] == 2


def test_a_snapshot_replaces_nothing_and_leaves_nothing_half(run, data, tmp_path):
    (tmp_path / "b.zip").write_text("mine")
    assert run("snapshot", "b.zip")[0] == 2
    assert (tmp_path / "b.zip").read_text() == "mine"
    assert run("snapshot", "no/such/b.zip")[0] == 2
    assert {path.name for path in data.iterdir()} == {"paiban.sqlite", "master.key"}


def test_the_database_and_the_key_are_read_by_their_owner_alone(data):
    assert {path.name: path.stat().st_mode & 0o777 for path in (data, *data.iterdir())} == {
        "data": 0o700,
        "paiban.sqlite": 0o600,
        "master.key": 0o600,
    }


def test_a_master_key_that_is_missing_or_another_is_told_and_none_is_made(run, data):
    key = (data / "master.key").read_bytes()
    (data / "master.key").unlink()
    code, told = run("audit-log", "verify")
    assert (code, "master key" in told["error"], (data / "master.key").exists()) == (3, True, False)
    (data / "master.key").write_bytes(b"A" * 43 + b"=")
    assert "master key" in run("snapshot", "b.zip")[1]["error"]
    (data / "master.key").write_bytes(key)
    assert run("audit-log", "verify")[0] == 0


def test_restoring_where_something_is_says_so_and_changes_nothing(run, data):
    run("snapshot", "b.zip")
    code, told = run("restore", "b.zip")
    assert (code, "empty database" in told["error"]) == (3, True)
    assert run("audit-log", "verify")[1]["lines"] == 1


def test_retention_tells_what_would_go_and_takes_it_away(run, data):
    with sqlite3.connect(data / "paiban.sqlite") as connection:
        old = ("k", "m", "d", 200, "{}", b"x", "2020-01-01 00:00:00.000000")
        connection.execute("INSERT INTO idempotency VALUES (?, ?, ?, ?, ?, ?, ?)", old)
    connection.close()
    counts = [run("retention", *more)[1]["counts"]["answers"] for more in (["--dry-run"], [], [])]
    assert counts == [1, 1, 0]
    told = run("audit-log", "list")[1]
    assert [line["detail"]["count"] for line in told["lines"] if line["action"] == "retention.remove"] == [1]
    assert run("audit-log", "verify")[0] == 0


def test_a_changed_line_of_the_audit_log_is_a_finding(run, data):
    with sqlite3.connect(data / "paiban.sqlite") as connection:
        connection.execute("DROP TRIGGER audit_log_no_update")
        connection.execute("UPDATE audit_log SET member_id = 'nobody'")
    connection.close()
    code, told = run("audit-log", "verify")
    assert (code, told["broken_at"], told["lines"]) == (1, 1, 0)


def test_without_a_database_it_is_said_what_makes_one(run, tmp_path, monkeypatch):
    monkeypatch.setenv("PAIBAN_DATA", str(tmp_path / "none"))
    code, told = run("audit-log", "verify")
    assert (code, "paiban serve" in told["error"]) == (3, True)
    assert not (tmp_path / "none").exists()


def database(run):
    return next(check for check in run("doctor")[1]["checks"] if check["name"] == "database")


def test_doctor_tells_the_version_of_the_tables_and_refuses_a_newer_one(run, data):
    assert database(run)["found"] == "sqlite, version 0004 of the tables"
    with sqlite3.connect(data / "paiban.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert (database(run)["good"], "newer Paiban" in database(run)["found"]) == (False, True)
    assert run("snapshot", "b.zip")[0] == 3


def test_doctor_tells_when_retention_is_due_and_that_it_is_late(run, data):
    def told():
        return next(check for check in run("doctor")[1]["checks"] if check["name"] == "retention")

    assert (told()["good"], "not done yet" in told()["found"]) == (True, True)
    with sqlite3.connect(data / "paiban.sqlite") as connection:
        connection.execute("INSERT INTO lease VALUES ('retention', 'w', '2026-01-02 03:04:00.000000')")
    connection.close()
    assert (told()["good"], told()["found"]) == (False, "due at 2026-01-02 03:04 UTC")
    run("retention", "--dry-run")
    assert not told()["good"]
    run("retention")
    assert told()["good"]


def test_doctor_makes_no_database_and_tells_wrong_settings(run, tmp_path, monkeypatch):
    monkeypatch.setenv("PAIBAN_DATA", str(tmp_path / "none"))
    assert database(run)["good"]
    assert not (tmp_path / "none").exists()
    monkeypatch.setenv("PAIBAN_PORT", "x")
    wrong = [check for check in run("doctor")[1]["checks"] if not check["good"]]
    assert [check["name"] for check in wrong] == ["settings"]
    assert "PAIBAN_PORT" in wrong[0]["found"]
