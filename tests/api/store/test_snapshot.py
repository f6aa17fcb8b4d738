import io
import json
import threading
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from api.access.scope import Role
from api.store import audit_log, centres, jobs, keys, members, people, publishing, rotas
from api.store.centre_files import prepare
from api.store.engine import Store
from api.store.errors import Conflict, SchemaError, Tampered
from api.store.snapshot import backup, restore
from api.store.tables import metadata
from tests.api.store.conftest import ADMIN, NAMES
from tests.api.store.test_rotas import FIRST
from tests.databases import opened

KINDS = ["sqlite", "postgres"]


def filled(store, files):
    """A row in nearly every table."""
    with store.write(ADMIN) as transaction:
        made = centres.create(transaction, prepare(files), "first")
        found = rotas.create(
            transaction, made.id, date(2026, 2, 23), 7, FIRST, centre_revision=1, requirement=b"need"
        )
        publishing.publish(transaction, found.id, 1)
        who = members.create(transaction, Role.TEAM_LEAD, centre_id=made.id, teams=["电话一组"])
        keys.create(transaction, who.id, "abc", "d" * 64, transaction.now)
        job = jobs.create(transaction, "plan", made.id, 1, {"share": 0.1, "none": None})
        jobs.claim(transaction, job.id, "w", timedelta(seconds=15))
        jobs.finish(transaction, job.id, 1, result={"rota": found.id}, files={"rota.csv": FIRST})
        people.erase(transaction, made.id, "A006")
    return made


def taken(store):
    out = io.BytesIO()
    backup(store, out)
    return io.BytesIO(out.getvalue())


def everything(store):
    with store.read(ADMIN) as transaction:
        return {
            table.name: transaction.connection.execute(
                select(table).order_by(*table.primary_key.columns)
            ).all()
            for table in metadata.sorted_tables
            if not table.name.startswith("audit")
        }


@pytest.mark.parametrize("to", KINDS)
@pytest.mark.parametrize("from_", KINDS)
def test_a_backup_restored_is_the_same_in_every_row_and_every_export(from_, to, request, tmp_path, files):
    with opened(request.getfixturevalue(f"{from_}_url"), tmp_path) as store:
        made = filled(store, files)
        before, content = everything(store), taken(store)
        with store.read(ADMIN) as transaction:
            told = centres.export(transaction, made.id, names=True, reasons=True)
            lines = list(audit_log.lines(transaction.connection))
    url = request.getfixturevalue(f"{to}_url") if to != from_ else fresh(to, request, tmp_path)
    with opened(url, tmp_path) as other:
        done = restore(other, content)
        assert (done.log_lines, done.erased_again) == (len(lines), 0)
        assert everything(other) == before
        with other.read(ADMIN) as transaction:
            assert centres.export(transaction, made.id, names=True, reasons=True) == told
            assert list(audit_log.lines(transaction.connection))[:-1] == lines
            assert audit_log.verify(transaction.connection).lines == len(lines) + 1
        assert done.rows == {name: len(rows) for name, rows in before.items()} | {
            "audit_log": len(lines),
            "audit_head": 1,
        }


def fresh(kind, request, tmp_path):
    """One more empty database of a kind."""
    if kind == "sqlite":
        path = tmp_path / "second.sqlite"
        path.write_bytes(request.getfixturevalue("empty_sqlite").read_bytes())
        return f"sqlite:///{path}"
    return request.getfixturevalue("postgres").create(request.getfixturevalue("empty_postgres"))


def test_a_backup_made_while_others_write_is_one_whole_state(store, files, request, tmp_path):
    filled(store, files)
    stop, wrote, errors = threading.Event(), threading.Semaphore(0), []

    def write():
        k = 0
        try:
            while not stop.is_set():
                with store.write(ADMIN) as transaction:
                    made = centres.create(transaction, prepared, str(k))
                    rotas.create(transaction, made.id, date(2026, 2, 23), 7, b"%d" % k, centre_revision=1)
                k += 1
                wrote.release()
        except Exception as error:
            errors.append(error)

    prepared = prepare(files)
    writers = [threading.Thread(target=write) for _ in range(2)]
    for each in writers:
        each.start()
    try:
        backups = [taken(store) for _ in range(3) if wrote.acquire(timeout=30)]
    finally:
        stop.set()
        for each in writers:
            each.join()
    assert errors == []
    assert len(backups) == 3
    for k, content in enumerate(backups):
        path = tmp_path / f"{k}.sqlite"
        path.write_bytes(request.getfixturevalue("empty_sqlite").read_bytes())
        with opened(f"sqlite:///{path}", tmp_path) as other:
            rows = restore(other, content).rows
            assert rows["centre"] == rows["rota"] == rows["rota_version"] - 1 > k + 1


def test_who_was_erased_after_the_backup_is_erased_again(store, files, request, tmp_path):
    made = filled(store, files)
    content = taken(store)
    with store.write(ADMIN) as transaction:
        people.erase(transaction, made.id, "A002")
    with opened(fresh("sqlite", request, tmp_path), store.folder) as other:
        assert restore(other, content).erased_again == 1
        with other.read(ADMIN) as transaction:
            told = {each.agent_id for each in people.find(transaction, made.id)}
            assert audit_log.verify(transaction.connection).broken_at is None
        assert told == {*NAMES} - {"A002", "A006"}


def test_only_an_empty_database_is_filled(store, files):
    filled(store, files)
    content, before = taken(store), everything(store)
    with pytest.raises(Conflict, match="into an empty database"):
        restore(store, content)
    assert everything(store) == before


def altered(content, name, change):
    out = io.BytesIO()
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(out, "w") as new:
        for each in old.namelist():
            what = each if not each.startswith("blob/") else "blob"
            told = change(old.read(each)) if what == name else old.read(each)
            if told is not None:
                new.writestr(each, told)
    return io.BytesIO(out.getvalue())


@pytest.mark.parametrize(
    ("name", "change", "error", "words"),
    [
        ("blob", lambda told: told + b"x", Tampered, "is not what was written"),
        ("blob", lambda told: None, Tampered, "rows of blob"),
        ("centre.jsonl", lambda told: b"", Tampered, "rows of centre"),
        ("person.jsonl", lambda told: None, Tampered, "not a whole backup"),
        (
            "audit_log.jsonl",
            lambda told: told.replace(b"centre.create", b"centre.change"),
            Tampered,
            "broken at line 1",
        ),
        ("manifest.json", lambda told: told.replace(b"backup-1", b"backup-9"), Tampered, "newer release"),
        (
            "manifest.json",
            lambda told: json.dumps(json.loads(told) | {"tables": "0000"}).encode(),
            SchemaError,
            "version 0000",
        ),
        ("manifest.json", lambda told: None, Tampered, "not a whole backup"),
    ],
)
def test_a_backup_that_was_changed_is_refused_and_nothing_is_kept(
    sqlite_url, request, tmp_path, files, name, change, error, words
):
    with opened(sqlite_url, tmp_path) as store:
        filled(store, files)
        content = altered(taken(store), name, change)
    with opened(fresh("sqlite", request, tmp_path), tmp_path) as other:
        with pytest.raises(error, match=words):
            restore(other, content)
        assert not any(everything(other).values())


def test_what_is_no_backup_is_refused(sqlite_url, tmp_path):
    with opened(sqlite_url, tmp_path) as store, pytest.raises(Tampered):
        restore(store, io.BytesIO(b"PK nothing"))


def test_the_key_is_not_in_the_backup_and_without_it_no_name_opens(sqlite_url, request, tmp_path, files):
    with opened(sqlite_url, tmp_path) as store:
        made, key = filled(store, files), store.vault.master_key
        content = taken(store)
    with zipfile.ZipFile(content) as archive:
        assert not [name for name in archive.namelist() if key in archive.read(name)]
    with opened(fresh("sqlite", request, tmp_path), tmp_path) as other:
        restore(other, content)
        stranger = Store(other.engine, type(other.vault)(bytes(32)), Path(tmp_path))
        with stranger.read(ADMIN) as transaction, pytest.raises(Tampered, match="master key"):
            people.find(transaction, made.id)
