import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest

from api.access.scope import Role, Scope
from api.downloads import zipped
from api.store import centres, members, people, publishing, rotas
from api.store.centre_files import prepare
from api.store.errors import Conflict, NotFound, StoreUnavailable, Tampered
from api.store.person_export import export_person
from api.store.vault import Vault, read_master_key
from centre.errors import BadInput
from tests.api.store.conftest import ADMIN, NAMES

ROTA = (
    b"agent_id,day,start,end,activity,shift,paid\n"
    b"A001,2026-02-23,2026-02-23T01:00:00Z,2026-02-23T09:00:00Z,work:calls,early,true\n"
    b"A002,2026-02-23,2026-02-23T01:00:00Z,2026-02-23T09:00:00Z,work:calls,early,true\n"
)


def names(store, centre_id, scope=ADMIN):
    with store.read(scope) as transaction:
        return {each.agent_id: each.name for each in people.find(transaction, centre_id)}


def test_names_are_told_to_those_for_whom_the_people_exist(store, made):
    assert names(store, made.id) == NAMES
    lead = Scope("lead", Role.TEAM_LEAD, made.id, frozenset({"电话二组"}))
    assert names(store, made.id, lead) == {each: NAMES[each] for each in ("A005", "A006")}
    agent = Scope("agent", Role.AGENT, made.id, None, "A002")
    assert names(store, made.id, agent) == {"A002": NAMES["A002"]}
    assert names(store, made.id, Scope("planner", Role.PLANNER, "another")) == {}
    with store.read(lead) as transaction, pytest.raises(NotFound):
        people.get(transaction, made.id, "A001")


def test_who_is_erased_has_no_name_is_no_member_and_gets_no_name_again(store, made, files):
    with store.write(ADMIN) as transaction:
        member = members.create(
            transaction, Role.AGENT, subject="s-1", label="马", centre_id=made.id, agent_id="A003"
        )
        people.erase(transaction, made.id, "A003")
    assert "A003" not in names(store, made.id)
    with store.write(ADMIN) as transaction:
        found = members.get(transaction, member.id)
        assert (found.label, found.subject) == ("", None)
        assert found.disabled_at is not None
        assert members.of_subject(transaction, "s-1") is None
        centres.change(transaction, made.id, 1, prepare(files))
        told = centres.export(transaction, made.id, names=True, reasons=True)
    assert NAMES["A003"].encode() not in told["agents.csv"]
    assert b"A003,," in told["agents.csv"]
    assert people.erasures_beside(store.folder) == {(made.id, "A003")}
    with store.write(ADMIN) as transaction, pytest.raises(NotFound):
        people.erase(transaction, made.id, "A003")


def test_nobody_is_erased_where_that_cannot_be_written_down(store, made, monkeypatch):
    (store.folder / people.ERASURES).mkdir()
    with pytest.raises(StoreUnavailable, match="list of erasures"), store.write(ADMIN) as transaction:
        people.erase(transaction, made.id, "A003")
    assert names(store, made.id) == NAMES


def test_a_restricted_name_is_hidden_and_erased_when_the_duty_to_keep_it_ends(store, made):
    with store.write(ADMIN) as transaction:
        people.restrict(transaction, made.id, "A001", transaction.now + timedelta(days=400))
        people.restrict(transaction, made.id, "A002", transaction.now - timedelta(days=1))
    assert names(store, made.id) == NAMES | {"A001": "", "A002": ""}
    with store.write(ADMIN) as transaction, pytest.raises(Conflict, match="must be kept until"):
        people.erase(transaction, made.id, "A001")
    with store.write(ADMIN) as transaction:
        assert people.erase_due(transaction) == 1
    assert names(store, made.id) == {each: name for each, name in NAMES.items() if each != "A002"} | {
        "A001": ""
    }


def test_all_that_is_kept_about_a_person_is_exported_and_nothing_of_others(store, made):
    with store.write(ADMIN) as transaction:
        members.create(transaction, Role.AGENT, subject="s-1", centre_id=made.id, agent_id="A001")
        found = rotas.create(transaction, made.id, date(2026, 2, 23), 7, ROTA, centre_revision=1)
        publishing.publish(transaction, found.id, 1)
        people.restrict(transaction, made.id, "A001", datetime(2030, 1, 1, tzinfo=UTC))
    with store.write(ADMIN) as transaction:
        told = export_person(transaction, made.id, "A001")
    person = json.loads(told["person.json"])
    assert (person["name"], person["team"], person["memberships"][0]["role"]) == (
        NAMES["A001"],
        "电话一组",
        "agent",
    )
    assert told[f"rotas/{found.id}/1/rota.csv"] == b"".join(ROTA.splitlines(keepends=True)[:2])
    assert f"rotas/{found.id}/2/rota.csv" not in told
    assert b"person.restrict" in told["audit_log.jsonl"]
    everything = b"".join(told.values())
    assert not [
        name
        for agent_id, name in NAMES.items()
        if agent_id != "A001" and (name.encode() in everything or agent_id.encode() in everything)
    ]
    with zipfile.ZipFile(io.BytesIO(zipped(told))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == told
    assert zipped(told) == zipped(dict(reversed(told.items())))


def test_sealed_for_one_person_it_opens_for_no_other_and_with_no_other_key():
    vault = Vault(bytes(32))
    secret = vault.new_secret("person/c/1")
    sealed = vault.seal("马文博", secret, "person/c/1")
    assert vault.open(sealed, secret, "person/c/1") == "马文博"
    for other, place, content in (
        (vault, "person/c/2", sealed),
        (Vault(bytes([1]) * 32), "person/c/1", sealed),
        (vault, "person/c/1", sealed[:-1] + bytes([sealed[-1] ^ 1])),
        (vault, "person/c/1", b""),
    ):
        with pytest.raises(Tampered):
            other.open(content, secret, place)
    assert "32" not in repr(vault)


def test_the_master_key_is_made_once_readable_by_its_owner_alone(tmp_path):
    file = tmp_path / "new" / "master.key"
    key = read_master_key("", file)
    assert (len(key), file.stat().st_mode & 0o777, read_master_key("", file)) == (32, 0o600, key)
    assert read_master_key("A" * 43 + "=", file) == bytes(32)
    for wrong in ("short", "A" * 44, "é"):
        with pytest.raises(BadInput, match="32 bytes in base64") as told:
            read_master_key(wrong, file)
        assert wrong not in str(told.value)
