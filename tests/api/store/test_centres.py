import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import xlsxwriter

from api.access.scope import Role, Scope
from api.store import audit_log, centre_history, centres
from api.store.centre_files import prepare
from api.store.csv_rows import CsvRows
from api.store.errors import Conflict, NotFound, Stale
from centre.errors import BadInput
from tests.api.store.conftest import ADMIN, NAMES


def exported(store, centre_id, scope=ADMIN, revision=None, *, names=True, reasons=True):
    with store.read(scope) as transaction:
        return centres.export(transaction, centre_id, revision, names=names, reasons=reasons)


def changed(store, found, changes, note=""):
    with store.read(ADMIN) as transaction:
        told = centres.with_changes(transaction, found.id, changes)
    prepared = prepare(told)
    with store.write(ADMIN) as transaction:
        return centres.change(transaction, found.id, found.revision, prepared, note)


def test_what_was_imported_is_exported_with_names(store, made, files):
    told = exported(store, made.id)
    assert told.keys() == files.keys()
    assert CsvRows.of(told["agents.csv"]) == CsvRows.of(files["agents.csv"])
    assert {name: told[name] for name in ("centre.toml", "history.csv")} == {
        name: files[name] for name in ("centre.toml", "history.csv")
    }


def test_importing_the_same_again_makes_no_revision_and_an_export_is_the_same_bytes(store, made, files):
    told = exported(store, made.id)
    for again in (files, told):
        with store.write(ADMIN) as transaction:
            assert centres.change(transaction, made.id, 1, prepare(again)).revision == 1
    assert exported(store, made.id) == told


def test_bad_input_tells_every_fault_and_keeps_nothing(store, made, files):
    with pytest.raises(BadInput) as told:
        changed(
            store, made, {"agents.csv": b"agent_id,name\nA1,x\n", "leave.csv": b"agent_id,start\nZ9,2026\n"}
        )
    assert {fault.file for fault in told.value.faults} >= {"agents.csv", "leave.csv"}
    with store.read(ADMIN) as transaction:
        assert [each.revision for each in centres.revisions(transaction, made.id)] == [1]


@pytest.mark.parametrize("name", ["../agents.csv", "a/b.csv", "/etc/passwd", "..", ".hidden", "a\\b.csv"])
def test_a_file_name_that_is_a_path_is_refused(files, name):
    with pytest.raises(BadInput, match="the name of a file"):
        prepare(files | {name: b""})


def test_files_that_no_centre_reads_are_left_out_and_told(files):
    prepared = prepare(files | {"notes.txt": b"Mei called", "agents_old.csv": files["agents.csv"]})
    assert prepared.warnings[0] == "left out, a centre folder does not read them: agents_old.csv, notes.txt"
    assert prepared.files.keys() == files.keys()


def test_names_are_kept_out_of_every_file_and_spreadsheets_become_csv(files):
    leave = CsvRows.of(files["leave.csv"])
    with_names = leave.put("name", [NAMES[each] for each in leave.column("agent_id")], "agent_id")
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True}) as workbook:
        sheet, agents = workbook.add_worksheet(), CsvRows.of(files["agents.csv"])
        for k, row in enumerate([agents.header, *agents.rows]):
            sheet.write_row(k, 0, row)
    told = {name: content for name, content in files.items() if name != "agents.csv"}
    prepared = prepare(told | {"agents.xlsx": book.getvalue(), "leave.csv": with_names.bytes()})
    assert prepared.files == prepare(files).files
    assert {agent_id: person.name for agent_id, person in prepared.people.items()} == NAMES
    assert not [name for name in NAMES.values() if name.encode() in b"".join(prepared.files.values())]


def test_one_file_is_replaced_in_a_new_revision_and_the_earlier_one_stays(store, made, files):
    before = exported(store, made.id)
    requests = CsvRows.of(files["requests.csv"])
    fewer = CsvRows(requests.header, requests.rows[:1]).bytes()
    assert changed(store, made, {"requests.csv": fewer}, "one less").revision == 2
    assert CsvRows.of(exported(store, made.id)["requests.csv"]).rows == requests.rows[:1]
    assert exported(store, made.id, revision=1) == before
    assert changed(store, replace(made, revision=2), {"requests.csv": None}).revision == 3
    assert "requests.csv" not in exported(store, made.id)


def test_undo_goes_back_step_by_step_and_a_change_after_it_is_what_is_undone_next(store, made):
    states = [exported(store, made.id)]
    found = made
    for k in (1, 2):
        found = changed(
            store,
            found,
            {"leave.csv": f"agent_id,start,end,kind\nA00{k},2026-02-24,2026-02-25,annual\n".encode()},
        )
        states.append(exported(store, made.id))
    for state in (states[1], states[0]):
        with store.write(ADMIN) as transaction:
            found = centres.undo(transaction, made.id, found.revision)
        assert exported(store, made.id) == state
    with store.write(ADMIN) as transaction, pytest.raises(Conflict):
        centres.undo(transaction, made.id, found.revision)
    assert exported(store, made.id, revision=3) == states[2]
    found = changed(store, found, {"leave.csv": None})
    with store.write(ADMIN) as transaction:
        centres.undo(transaction, made.id, found.revision)
    assert exported(store, made.id) == states[0]


def test_a_change_that_goes_out_from_an_earlier_revision_is_stale(store, made):
    changed(store, made, {"leave.csv": None})
    with pytest.raises(Stale) as told:
        changed(store, made, {"requests.csv": None})
    assert (told.value.expected, told.value.found) == (1, 2)


def test_of_four_changes_at_once_one_is_kept(store, made):
    def change(k):
        try:
            return changed(
                store,
                made,
                {"leave.csv": f"agent_id,start,end,kind\nA00{k},2026-02-24,2026-02-25,annual\n".encode()},
            ).revision
        except Stale:
            return 0

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(change, range(1, 5))) == [0, 0, 0, 2]


def test_of_two_who_add_the_same_person_at_once_one_is_stale(store, made, files):
    agents = (
        files["agents.csv"].decode().rstrip()
        + "\n"
        + files["agents.csv"].decode().splitlines()[-1].replace("A006", "A007")
        + "\n"
    )

    def add(_):
        try:
            return changed(store, made, {"agents.csv": agents.encode()}).revision
        except Stale:
            return 0

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(add, range(4))) == [0, 0, 0, 2]


def test_that_reasons_were_read_is_logged_and_a_transaction_that_only_reads_refuses_to(store, made):
    lead = Scope("hr-1", Role.HR, made.id)
    with store.write(lead) as transaction:
        centres.log_reasons(transaction, made.id, "leave.csv")
        centres.export(transaction, made.id, names=True, reasons=True)
    with store.read(ADMIN) as transaction:
        line = list(audit_log.lines(transaction.connection))[-1]
    assert (line.member_id, line.action, line.object) == ("hr-1", "leave.reasons.read", f"centre/{made.id}")
    with pytest.raises(RuntimeError, match="only reads"), store.read(lead) as transaction:
        centres.log_reasons(transaction, made.id, "leave.csv")


def test_text_that_postgresql_cannot_hold_is_bad_input_or_not_there(store, made):
    with pytest.raises((BadInput, NotFound)), store.read(ADMIN) as transaction:
        centres.get(transaction, made.id + "\0")


def test_a_changed_name_is_a_new_revision_and_a_blank_one_keeps_the_name(store, made, files):
    agents = files["agents.csv"].decode()
    changed(store, made, {"agents.csv": agents.replace("林艳", '"Li, O\'Hara <b>"').encode()})
    assert CsvRows.of(exported(store, made.id)["agents.csv"]).column("name")[0] == "Li, O'Hara <b>"
    assert (
        changed(
            store, replace(made, revision=2), {"agents.csv": agents.replace("林艳", "").encode()}
        ).revision
        == 2
    )
    assert CsvRows.of(exported(store, made.id)["agents.csv"]).column("name")[0] == "Li, O'Hara <b>"


def test_reasons_of_leave_are_left_out_for_those_who_may_not_know_them(store, made):
    told = exported(store, made.id, reasons=False)
    assert set(CsvRows.of(told["leave.csv"]).column("kind")) == {""}
    assert CsvRows.of(told["leave.csv"]).column("agent_id") == CsvRows.of(
        exported(store, made.id)["leave.csv"]
    ).column("agent_id")
    prepare(told)


def test_protections_are_left_out_with_the_reasons(store, made):
    changed(
        store, made, {"protections.csv": b"agent_id,kind,start,end\nA001,pregnancy,2026-01-01,2026-06-01\n"}
    )
    assert "protections.csv" in exported(store, made.id)
    assert "protections.csv" not in exported(store, made.id, reasons=False)


def test_a_team_lead_gets_the_rows_of_their_teams_alone(store, made):
    lead = Scope("lead", Role.TEAM_LEAD, made.id, frozenset({"电话二组"}))
    told = exported(store, made.id, lead)
    assert CsvRows.of(told["agents.csv"]).column("agent_id") == ["A005", "A006"]
    assert {*CsvRows.of(told["requests.csv"]).column("agent_id")} <= {"A005", "A006"}


def test_a_team_lead_changes_requests_of_their_teams_and_nothing_else(store, made):
    lead, before = (
        Scope("lead", Role.TEAM_LEAD, made.id, frozenset({"电话二组"})),
        CsvRows.of(exported(store, made.id)["requests.csv"]),
    )
    mine = b"agent_id,date,kind,shift,weight\nA005,2026-02-25,off,,2\n"
    with store.read(lead) as transaction:
        told = CsvRows.of(centres.with_changes(transaction, made.id, {"requests.csv": mine})["requests.csv"])
        others = [row for row in before.rows if row[0] not in ("A005", "A006")]
        assert sorted(told.rows) == sorted([*others, ["A005", "2026-02-25", "off", "", "2"]])
        assert others
        for wrong in (
            {"requests.csv": mine.replace(b"A005", b"A001")},
            {"agents.csv": mine},
            {"requests.csv": None},
            {"centre.toml": b""},
        ):
            with pytest.raises(NotFound):
                centres.with_changes(transaction, made.id, wrong)


def test_another_centre_is_not_there(store, made, files):
    with store.write(ADMIN) as transaction:
        other = centres.create(transaction, prepare(files))
    planner = Scope("planner", Role.PLANNER, made.id)
    with store.read(planner) as transaction:
        assert [each.id for each in centres.find(transaction)] == [made.id]
        for ask in (centres.get, centres.revisions, centres.digests):
            with pytest.raises(NotFound):
                ask(transaction, other.id)
    with store.write(planner) as transaction, pytest.raises(NotFound):
        centres.create(transaction, prepare(files))


def test_pages_of_centres_and_revisions_go_on_where_the_last_ended(store, made, files):
    for k in range(4):
        with store.write(ADMIN) as transaction:
            centres.create(transaction, prepare(files), f"{k}")
    with store.read(ADMIN) as transaction:
        first = centres.find(transaction, limit=3)
        rest = centres.find(transaction, after=first[-1].id)
        assert [each.id for each in first + rest] == [each.id for each in centres.find(transaction)]
        assert len(first + rest) == 5


HISTORY = "interval_start,queue,offered,aht_seconds\n"


def merge(store, centre_id, rows):
    with store.read(ADMIN) as transaction:
        told = centres.with_changes(transaction, centre_id, {})
    return centre_history.merged(told, (HISTORY + rows).encode(), datetime.now(UTC))


def test_history_is_appended_to_and_corrected_by_interval_and_queue(store, made, files):
    old = CsvRows.of(files["history.csv"])
    first = old.rows[0]
    new = f"{first[0]},{first[1]},{99},{first[3]}\n2026-03-30T02:00:00Z,{first[1]},7,200\n"
    content = merge(store, made.id, new)
    rows = CsvRows.of(content).rows
    assert len(rows) == len(old.rows) + 1
    offered = {(row[0], row[1]): row[2] for row in rows}
    assert float(offered[first[0], first[1]]) == 99
    assert float(offered["2026-03-30T02:00:00Z", first[1]]) == 7
    found = changed(store, made, {"history.csv": content})
    assert found.revision == 2
    again = merge(store, made.id, new)
    assert again == content
    assert changed(store, found, {"history.csv": again}).revision == 2


def test_rows_that_are_there_already_leave_the_history_as_it_is(store, made, files):
    row = ",".join(CsvRows.of(files["history.csv"]).rows[3][:4])
    assert merge(store, made.id, row + "\n") == files["history.csv"]


def test_earlier_versions_stay_where_the_history_says_when_it_was_recorded(store, made, files):
    table = CsvRows.of(files["history.csv"])
    told = table.put("recorded_at", ["2026-02-01T00:00:00Z"] * len(table.rows), table.header[-1])
    changed(store, made, {"history.csv": told.bytes()})
    first = told.rows[0]
    content = CsvRows.of(merge(store, made.id, f"{first[0]},{first[1]},55,{first[3]}\n"))
    versions = [row for row in content.rows if row[:2] == content.rows[0][:2]]
    assert len(content.rows) == len(told.rows) + 1
    assert len(versions) == 2
    assert datetime.fromisoformat(versions[1][content.header.index("recorded_at")]) <= datetime.now(UTC)


def test_a_bad_history_is_told_with_its_row(store, made):
    with pytest.raises(BadInput, match=r"row 2, offered: found 'many'"):
        merge(store, made.id, "2026-03-30T02:00:00Z,calls,many,200\n")
