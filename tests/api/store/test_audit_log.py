import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.store import audit_log
from api.store.engine import writing
from api.store.errors import StoreUnavailable
from tests.api.store.conftest import ADMIN
from tests.databases import opened


def write(store, count, who="x"):
    for k in range(count):
        with store.write(ADMIN) as transaction:
            transaction.log("test.one", f"{who}/{k}", share=0.1 + k, note='班 "quoted"')
            transaction.log("test.two", f"{who}/{k}")


ANOTHER_PROCESS = """
import sys
from pathlib import Path
from api.access.scope import machine
from tests.databases import opened
with opened(sys.argv[1], Path(sys.argv[2]), wait_seconds=30) as store:
    for k in range(20):
        with store.write(machine("another")) as transaction:
            transaction.log("test.one", f"another/{k}")
"""


def verdict(store):
    with store.read(ADMIN) as transaction:
        return audit_log.verify(transaction.connection)


def test_a_line_says_who_did_what_when(store):
    write(store, 1, "a")
    with store.read(ADMIN) as transaction:
        one, two = audit_log.lines(transaction.connection)
    assert (one.seq, one.member_id, one.action, one.object) == (1, "admin-1", "test.one", "a/0")
    assert one.detail == {"share": 0.1, "note": '班 "quoted"'}
    assert (one.previous, two.previous) == (audit_log.BEGINNING, one.hash)
    assert one.at.utcoffset().total_seconds() == 0


def test_the_chain_is_whole_after_threads_and_processes_wrote_at_once(database_url, tmp_path):
    command = [sys.executable, "-c", ANOTHER_PROCESS, database_url, str(tmp_path)]
    with opened(database_url, tmp_path, wait_seconds=30) as store:
        with (
            subprocess.Popen(command) as one,
            subprocess.Popen(command) as other,
            ThreadPoolExecutor(3) as threads,
        ):

            def write_beside():
                times = 0
                while None in (one.poll(), other.poll()):
                    write(store, 1)
                    times += 1
                return times

            done = [threads.submit(write_beside) for _ in range(3)]
            times = sum(each.result() for each in done)
        assert (one.returncode, other.returncode) == (0, 0)
        assert verdict(store) == audit_log.Verdict(lines=40 + 2 * times)


def test_what_is_rolled_back_leaves_no_line(store):
    with pytest.raises(ValueError, match="JSON"), store.write(ADMIN) as transaction:
        transaction.log("test.one", "a", share=float("nan"))
    write(store, 1)
    assert verdict(store) == audit_log.Verdict(lines=2)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log SET action = 'x'",
        "DELETE FROM audit_log",
        "UPDATE audit_log SET seq = 9 WHERE seq = 1",
    ],
)
def test_the_database_itself_refuses_to_change_a_line(store, statement):
    write(store, 1)
    with pytest.raises(DBAPIError, match="append-only"), writing(store.engine).begin() as connection:
        connection.execute(text(statement))
    assert verdict(store) == audit_log.Verdict(lines=2)


def without_triggers(store, *statements):
    """What somebody does who owns the database."""
    with writing(store.engine).begin() as connection:
        if store.engine.dialect.name == "sqlite":
            for change in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER audit_log_no_{change}"))
        else:
            connection.execute(text("ALTER TABLE audit_log DISABLE TRIGGER ALL"))
        for statement in statements:
            connection.execute(text(statement))


@pytest.mark.parametrize(
    ("statements", "line", "reason"),
    [
        (["UPDATE audit_log SET action = 'x' WHERE seq = 3"], 3, "not what was written"),
        (["UPDATE audit_log SET member_id = 'x' WHERE seq = 1"], 1, "not what was written"),
        (["UPDATE audit_log SET detail = '{}' WHERE seq = 5"], 5, "not what was written"),
        (["UPDATE audit_log SET at = '2020-01-01 00:00:00.000000' WHERE seq = 6"], 6, "not what was written"),
        (["UPDATE audit_log SET previous = 'x' WHERE seq = 2"], 2, "does not follow"),
        (["DELETE FROM audit_log WHERE seq = 2"], 3, "line 2 is missing"),
        (["DELETE FROM audit_log WHERE seq > 4"], 5, "missing at the end"),
        (["DELETE FROM audit_log"], 1, "missing at the end"),
        (["DELETE FROM audit_head"], 7, "no end is noted"),
        (["UPDATE audit_log SET seq = 99 WHERE seq = 6"], 99, "line 6 is missing"),
    ],
)  # fmt: skip
def test_the_first_line_that_was_tampered_with_is_told(store, statements, line, reason):
    write(store, 3)
    without_triggers(store, *statements)
    found = verdict(store)
    assert (found.broken_at, reason in found.reason) == (line, True), found


def test_a_line_put_in_with_a_hash_of_its_own_is_found(store):
    write(store, 2)
    forged = (
        "INSERT INTO audit_log SELECT 5, at, member_id, 'forged', object, detail, hash, 'ab' FROM audit_log WHERE seq = 4",
        "UPDATE audit_head SET seq = 5, hash = 'ab'",
    )
    without_triggers(store, *forged)
    assert verdict(store).broken_at == 5


def test_a_locked_log_is_told_as_unavailable_and_nothing_is_written(database_url, tmp_path):
    with opened(database_url, tmp_path, wait_seconds=0.1) as store, opened(database_url, tmp_path) as other:
        with other.write(ADMIN) as transaction:
            audit_log.append(transaction.connection, [audit_log.Entry(transaction.now, "x", "a", "o", {})])
            with pytest.raises(StoreUnavailable):
                write(store, 1)
        assert verdict(store) == audit_log.Verdict(lines=1)
