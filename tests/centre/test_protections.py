"""Protected periods: read, or told by row without a word of what they are."""

from datetime import date
from pathlib import Path

import pytest

from centre.errors import Faults
from centre.folder import read_centre
from centre.instants import day_number
from centre.people import Agent
from centre.protections import protections_frame
from scheduler.rules.facts import OPEN_END, facts_of

HEADER = "agent_id,kind,start,end\n"


def read(tmp_path: Path, text: str, agents=None):
    path, faults = tmp_path / "protections.csv", Faults()
    path.write_text(HEADER + text, encoding="utf-8")
    return protections_frame(path, agents, faults), faults


def test_a_blank_end_is_open_and_both_days_count(tmp_path):
    frame, faults = read(
        tmp_path,
        "员工7,pregnancy,2024-02-29,2024-12-31\nA1,nursing,2024-03-01,\nB2,disability,2024-03-01,2024-03-01\n",
    )
    assert not faults.found
    assert frame["agent_id"].tolist() == ["员工7", "A1", "B2"]
    assert frame["start"].tolist() == [date(2024, 2, 29), date(2024, 3, 1), date(2024, 3, 1)]
    assert frame["end"].tolist()[0] == date(2024, 12, 31)
    assert frame["end"].tolist()[1] is None
    assert frame["row"].tolist() == [2, 3, 4]


def test_without_a_file_nothing_is_known():
    assert protections_frame(None, None, Faults()) is None


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("A1,pregnant,2024-01-01,", "kind"),
        ("A1,,2024-01-01,", "kind"),
        ("A1,nursing,2023-02-29,", "start"),
        ("A1,nursing,,", "start"),
        ("A1,nursing,2024-01-02,2024-01-01", "end"),
        ("A1,nursing,2024-01-02,pregnancy", "end"),
        ("B9,nursing,2024-01-01,", "agent_id"),
    ],
)
def test_faults_name_the_row_and_column_and_nothing_of_the_kind(tmp_path, row, column):
    frame, faults = read(tmp_path, f"A1,nursing,2024-01-01,\n{row}\n", {"A1"})
    assert len(frame) == 1
    (fault,) = faults.found
    assert (fault.file, fault.row, fault.column) == ("protections.csv", 3, column)
    assert "pregnan" not in str(fault.found)
    assert "nursing" not in str(fault.found)


def test_all_faults_at_once(tmp_path):
    _, faults = read(tmp_path, "A1,x,2024-01-01,\nA1,nursing,soon,\nA1,nursing,2024-01-02,2024-01-01\n")
    assert [(fault.row, fault.column) for fault in faults.found] == [(2, "kind"), (3, "start"), (4, "end")]


def test_the_folder_holds_them_and_facts_tell_them_by_person(folder):
    assert read_centre(folder).protections is None
    (folder / "protections.csv").write_text(HEADER + "A002,nursing,2024-03-01,\n", encoding="utf-8")
    centre = read_centre(folder)
    assert "protections.csv" in centre.checksums
    facts = facts_of(centre.settings, centre.agents, None, None, 0, 7, protections=centre.protections)
    first = day_number(date(2024, 3, 1))
    assert facts.people["A002"].protections == (("nursing", first, OPEN_END),)
    assert facts.people["A001"].protections == ()
    unknown = facts_of(centre.settings, centre.agents, None, None, 0, 7)
    assert unknown.people["A001"].protections is None


def test_someone_else_in_the_folders_file_is_a_fault_and_in_another_agents_file_left_out(folder):
    (folder / "protections.csv").write_text(HEADER + "A002,nursing,2024-03-01,\n", encoding="utf-8")
    text = (folder / "agents.csv").read_text(encoding="utf-8")
    other = folder.parent / "other.csv"
    other.write_text(
        "\n".join(line for line in text.splitlines() if "A002" not in line) + "\n", encoding="utf-8"
    )
    centre = read_centre(folder, agents=other)
    assert len(centre.protections) == 0
    assert any(warning.startswith("protections: 1 rows") for warning in centre.warnings)


def test_facts_hold_team_site_clock_contract_and_accounts(folder):
    centre = read_centre(folder)
    agent = Agent("B1", "", "blue", "junior", (), "full", site="Shenyang", timezone="Asia/Shanghai")
    facts = facts_of(centre.settings, (agent,), None, None, 0, 7, ledger=centre.ledger)
    person = facts.people["B1"]
    assert (person.contract_name, person.team, person.site) == ("full", "blue", "Shenyang")
    assert person.zone.key == "Asia/Shanghai"
    frame = centre.ledger.iloc[[0, 0, 0]].assign(
        account=["overtime", "overtime", "nights"], unit=["hours", "Hours", "count"], amount=[3.0, 1.5, 2.0],
        as_of=[date(2024, 1, 2), date(2024, 1, 1), date(2024, 1, 1)], period="2024-01",
    )  # fmt: skip
    accounts = facts_of(centre.settings, (agent,), None, None, 0, 7, ledger=frame).ledger
    who = frame["agent_id"].iloc[0]
    assert accounts == {
        (who, "overtime", "2024-01"): (180.0, day_number(date(2024, 1, 2))),
        (who, "nights", "2024-01"): (2.0, day_number(date(2024, 1, 1))),
    }
