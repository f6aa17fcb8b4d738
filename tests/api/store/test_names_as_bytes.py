"""Names are looked for as bytes in every file of the databases, and, since pages may be compressed or cut, in every content."""

from pathlib import Path

from api.access.scope import Role
from api.store import centres, idempotency, jobs, members, people
from api.store.centre_files import prepare
from api.store.snapshot import backup
from tests.api.store.conftest import ADMIN, NAMES
from tests.databases import opened, running


def names_in(folder: Path) -> list[str]:
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            found += [
                f"{path.name}: {agent_id}" for agent_id, name in NAMES.items() if name.encode() in content
            ]
    return found


def work(store, files):
    """Everything that takes names in."""
    with store.write(ADMIN) as transaction:
        made = centres.create(transaction, prepare(files))
        members.create(transaction, Role.AGENT, centre_id=made.id, agent_id="A001")
        jobs.create(transaction, "plan", made.id, 1, {"agents": ["A001"]})
        assert idempotency.begin(transaction, "k", "d") is None
        idempotency.finish(transaction, "k", 200, {}, NAMES["A002"].encode())
    changed = files["agents.csv"].replace(NAMES["A001"].encode(), NAMES["A001"].encode() + b"2")
    with store.write(ADMIN) as transaction:
        centres.change(transaction, made.id, 1, prepare(files | {"agents.csv": changed}))
    return made


def check(store, folder, files, tmp_path):
    made = work(store, files)
    assert names_in(folder) == []
    with store.write(ADMIN) as transaction:
        people.erase(transaction, made.id, "A001")
    assert names_in(folder) == []
    with (tmp_path / "backup.zip").open("wb") as out:
        backup(store, out)
    assert names_in(tmp_path) == []
    with store.read(ADMIN) as transaction:
        assert {each.name for each in people.find(transaction, made.id)} == {*NAMES.values()} - {
            NAMES["A001"]
        }


def test_no_file_of_sqlite_holds_a_name(sqlite_url, tmp_path, files):
    with opened(sqlite_url, tmp_path) as store:
        check(store, tmp_path, files, tmp_path)
        assert b"A001" in (tmp_path / "paiban.sqlite").read_bytes()


def test_no_file_of_postgresql_holds_a_name(tmp_path, files):
    from api.store import schema

    with running() as server:
        with opened(server.create(), tmp_path) as store:
            schema.upgrade(store.engine)
            check(store, server.folder, files, tmp_path)
        server.stop("fast")
        assert names_in(server.folder) == []
        assert any(b"A001" in path.read_bytes() for path in server.data.rglob("*") if path.is_file())
