from datetime import date

import pytest

from api.access.scope import Role, Scope
from api.store import audit_log, publishing, rotas
from api.store.csv_rows import CsvRows
from api.store.errors import Conflict, NotFound, Stale
from tests.api.store.conftest import ADMIN

HEAD = "agent_id,day,start,end,activity,shift,paid\n"


def rows(*hours):
    """A rota of one Monday: (agent, hour at which it starts)."""
    lines = (
        f"{who},2026-02-23,2026-02-23T{hour:02d}:00:00Z,2026-02-23T{hour + 8:02d}:00:00Z,work:calls,s,true\n"
        for who, hour in hours
    )
    return (HEAD + "".join(lines)).encode()


FIRST = rows(("A001", 1), ("A005", 1))


@pytest.fixture
def draft(store, made):
    with store.write(ADMIN) as transaction:
        return rotas.create(
            transaction,
            made.id,
            date(2026, 2, 23),
            7,
            FIRST,
            centre_revision=1,
            requirement=b"need",
            note="first",
        )


def lead(made):
    return Scope("lead", Role.TEAM_LEAD, made.id, frozenset({"电话二组"}))


def test_a_draft_is_edited_published_compared_and_undone(store, draft):
    second = rows(("A001", 2), ("A005", 1))
    with store.write(ADMIN) as transaction:
        assert rotas.edit(transaction, draft.id, 1, second).version == 2
        published = publishing.publish(transaction, draft.id, 2)
        assert (published.version, published.published_version) == (3, 3)
        assert rotas.compare(transaction, draft.id, 1, 3) == [("A001", "2026-02-23")]
        assert rotas.compare(transaction, draft.id, 2, 3) == []
        undone = rotas.undo(transaction, draft.id, 3, "no")
        assert (undone.version, undone.published_version) == (4, 3)
        assert rotas.content(transaction, draft.id, 4) == FIRST
        assert rotas.content(transaction, draft.id, 3) == second
        told = [
            (each.version, each.what, each.shows, each.note) for each in rotas.versions(transaction, draft.id)
        ]
        assert told == [
            (4, "undo", 1, "no"),
            (3, "publish", 2, ""),
            (2, "edit", 2, ""),
            (1, "draft", 1, "first"),
        ]
        assert {each.author_id for each in rotas.versions(transaction, draft.id)} == {ADMIN.member_id}
        with pytest.raises(Conflict, match="nothing to undo"):
            rotas.undo(transaction, draft.id, 4)


def test_undo_after_a_new_edit_leads_to_what_that_edit_went_out_from(store, draft):
    with store.write(ADMIN) as transaction:
        for version, hour in ((1, 2), (2, 3)):
            rotas.edit(transaction, draft.id, version, rows(("A001", hour)))
        rotas.undo(transaction, draft.id, 3)
        rotas.edit(transaction, draft.id, 4, rows(("A001", 9)))
        for version, expected in ((5, rows(("A001", 2))), (6, FIRST)):
            rotas.undo(transaction, draft.id, version)
            assert rotas.content(transaction, draft.id, version + 1) == expected


@pytest.mark.parametrize(
    "change", [publishing.publish, rotas.undo, lambda tx, each, version: rotas.edit(tx, each, version, FIRST)]
)
def test_what_goes_out_from_another_version_is_stale_and_changes_nothing(store, draft, change):
    for version in (0, 2):
        with pytest.raises(Stale) as told, store.write(ADMIN) as transaction:
            change(transaction, draft.id, version)
        assert (told.value.expected, told.value.found) == (version, 1)
    with store.read(ADMIN) as transaction:
        assert rotas.get(transaction, draft.id).version == 1


def test_a_team_lead_sees_and_changes_the_rows_of_their_teams_alone(store, made, draft):
    with store.write(lead(made)) as transaction:
        assert CsvRows.of(rotas.content(transaction, draft.id, 1)).column("agent_id") == ["A005"]
        rotas.edit(transaction, draft.id, 1, rows(("A005", 5)))
        assert rotas.compare(transaction, draft.id, 1, 2) == [("A005", "2026-02-23")]
    with pytest.raises(NotFound), store.write(lead(made)) as transaction:
        rotas.edit(transaction, draft.id, 2, rows(("A001", 5)))
    with store.read(ADMIN) as transaction:
        assert rotas.content(transaction, draft.id, 2) == rows(("A001", 1), ("A005", 5))
        assert rotas.get(transaction, draft.id).version == 2


def test_an_agent_sees_their_own_rows_of_the_published_version(store, made, draft):
    agent = Scope("agent", Role.AGENT, made.id, None, "A001")
    with store.read(agent) as transaction:
        assert rotas.find(transaction, made.id) == []
        with pytest.raises(NotFound):
            rotas.get(transaction, draft.id)
    with store.write(ADMIN) as transaction:
        publishing.publish(transaction, draft.id, 1)
        rotas.edit(transaction, draft.id, 2, rows(("A001", 9)))
    with store.read(agent) as transaction:
        assert [each.version for each in rotas.versions(transaction, draft.id)] == [2]
        assert CsvRows.of(rotas.content(transaction, draft.id, 2)).rows == CsvRows.of(rows(("A001", 1))).rows
        with pytest.raises(NotFound):
            rotas.content(transaction, draft.id, 3)


def test_rotas_of_another_centre_are_not_there(store, made, draft):
    with store.read(Scope("planner", Role.PLANNER, "another")) as transaction:
        for ask in (rotas.get, rotas.versions):
            with pytest.raises(NotFound):
                ask(transaction, draft.id)


def test_every_version_has_its_line_in_the_audit_log(store, draft):
    with store.write(ADMIN) as transaction:
        publishing.publish(transaction, draft.id, 1)
    with store.read(ADMIN) as transaction:
        told = [
            (each.action, each.object, each.detail["version"])
            for each in audit_log.lines(transaction.connection, 1)
        ]
    assert told == [("rota.draft", f"rota/{draft.id}", 1), ("rota.publish", f"rota/{draft.id}", 2)]
