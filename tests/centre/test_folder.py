"""A centre folder: read whole, checked across files, every fault at once."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from centre.errors import BadInput
from centre.folder import read_centre

Edit = Callable[[Path, str, str], None]
Writer = Callable[[Path, Sequence[Sequence[object]]], None]


def told(folder: Path, **options: Path) -> set[tuple[str, int | None, str, str]]:
    """(file, row, column, found) of every fault."""
    with pytest.raises(BadInput) as caught:
        read_centre(folder, **options)
    return {(fault.file, fault.row, fault.column, fault.found) for fault in caught.value.faults}


def test_everything_in_the_folder_is_read(folder: Path) -> None:
    centre = read_centre(folder)
    assert centre.settings.centre.name == "Test"
    assert [agent.agent_id for agent in centre.agents] == ["A001", "A002"]
    assert len(centre.history) == 3
    assert len(centre.leave) == 1
    assert centre.requests["kind"].tolist() == ["off", "on"]
    assert centre.events.loc[0, "queues"] == ("calls", "客服")
    assert centre.events.loc[0, "uplift"] == 0.2
    assert centre.rota_before is not None
    assert centre.rota_before["activity"].tolist() == ["work:calls", "break"]
    assert centre.ledger["amount"].tolist() == [3]
    assert centre.warnings == ()


def test_checksums_of_every_file(folder: Path) -> None:
    sums = read_centre(folder).checksums
    assert set(sums) == {path.name for path in folder.iterdir()}
    assert sums["leave.csv"] == hashlib.sha256((folder / "leave.csv").read_bytes()).hexdigest()


def test_only_three_files_are_needed(folder: Path) -> None:
    for name in ("leave", "requests", "events", "ledger", "rota_before"):
        (folder / f"{name}.csv").unlink()
    centre = read_centre(folder)
    assert centre.rota_before is None
    assert len(centre.leave) == len(centre.requests) == len(centre.events) == len(centre.ledger) == 0
    assert "uplift" in centre.events


@pytest.mark.parametrize("name", ["centre.toml", "history.csv", "agents.csv"])
def test_a_file_that_is_missing(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert [file for file, *_ in told(folder)] == [name]


def test_no_folder_at_all(tmp_path: Path) -> None:
    assert {found for *_, found in told(tmp_path / "none")} == {"nothing there"}


def test_a_table_and_a_spreadsheet_of_one_name(folder: Path) -> None:
    (folder / "leave.xlsx").write_bytes(b"")
    assert told(folder) == {("leave.csv", None, "", "both")}


def test_spreadsheets_are_read_wherever_csv_is(folder: Path, write_xlsx: Writer) -> None:
    (folder / "history.csv").unlink()
    rows = [[datetime(2024, 3, 4, 8, 0), "calls", 10, 200], [datetime(2024, 3, 4, 8, 30), "客服", 3, ""]]
    write_xlsx(folder / "history.xlsx", [["interval_start", "queue", "offered", "aht_seconds"], *rows])
    frame = read_centre(folder).history
    assert frame["interval_start"].dt.strftime("%H:%M").tolist() == ["07:00", "07:30"]
    assert frame["queue"].tolist() == ["calls", "客服"]


def test_faults_of_every_file_are_told_at_once(folder: Path, edit: Edit) -> None:
    edit(folder / "centre.toml", "target_seconds = 20", "target_seconds = 20\ntarget_share = 80")
    edit(folder / "history.csv", "calls,12", "calls,-12")
    edit(folder / "history.csv", "客服,3", "客户,3")
    edit(folder / "agents.csv", "calls;客服:0.5", "cals")
    edit(folder / "leave.csv", "A001", "A009")
    edit(folder / "requests.csv", "off", "vacation")
    edit(folder / "events.csv", "calls;客服", "cals")
    edit(folder / "ledger.csv", ",3,", ",three,")
    edit(folder / "rota_before.csv", "T10:15:00Z", "T09:15:00Z")
    assert told(folder) == {
        ("centre.toml", None, "queue.calls.target_share", "80"),
        ("history.csv", 3, "offered", "-12"),
        ("history.csv", 4, "queue", "客户"),
        ("agents.csv", 2, "skills", "cals"),
        ("leave.csv", 2, "agent_id", "A009"),
        ("requests.csv", 2, "kind", "vacation"),
        ("events.csv", 2, "queues", "cals"),
        ("ledger.csv", 2, "amount", ""),
        ("rota_before.csv", 3, "end", ""),
    }


def test_no_name_is_in_any_fault(folder: Path, edit: Edit) -> None:
    edit(folder / "agents.csv", "王芳,one,senior", "senior,one,王芳")
    edit(folder / "agents.csv", "Emily Carter,one,junior", "junior,one,Emily Carter")
    with pytest.raises(BadInput) as caught:
        read_centre(folder)
    assert len(caught.value.faults) == 2
    assert not any(name in str(caught.value) for name in ("王芳", "Emily", "Carter"))


def test_leave_of_someone_whose_row_is_wrong_is_not_blamed(folder: Path, edit: Edit) -> None:
    edit(folder / "agents.csv", "senior", "boss")
    assert told(folder) == {("agents.csv", 2, "level", "boss")}


def test_tables_are_not_blamed_for_settings_that_cannot_be_read(folder: Path) -> None:
    (folder / "centre.toml").write_text("[centre\n")
    assert {file for file, *_ in told(folder)} == {"centre.toml"}


def test_tables_are_not_blamed_for_a_queue_that_is_wrong(folder: Path, edit: Edit) -> None:
    edit(folder / "centre.toml", 'channel = "chat"', 'channel = "fax"')
    assert {file for file, *_ in told(folder)} == {"centre.toml"}


def test_other_agents_leave_out_what_is_told_of_the_rest(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "fewer.csv"
    lines = (folder / "agents.csv").read_text(encoding="utf-8").splitlines()
    other.write_text("\n".join([lines[0], lines[2]]), encoding="utf-8")
    centre = read_centre(folder, agents=other)
    assert [agent.agent_id for agent in centre.agents] == ["A002"]
    assert len(centre.leave) == 0
    assert len(centre.requests) == 2
    assert "fewer.csv" in centre.checksums
    assert "agents.csv" not in centre.checksums
    assert centre.warnings == (
        "leave: 1 rows of people who are not in the agents file were left out",
        "ledger: 1 rows of people who are not in the agents file were left out",
    )


def test_a_country_that_is_not_known(folder: Path, edit: Edit) -> None:
    edit(folder / "centre.toml", 'country = "DE"', 'country = "DD"')
    assert told(folder) == {("centre.toml", None, "centre.country", "DD")}


def test_a_holiday_that_is_not_the_countrys(folder: Path, edit: Edit) -> None:
    edit(folder / "centre.toml", '["Labor Day"]', '["Labor Day", "Thanksgiving"]')
    assert told(folder) == {("centre.toml", None, "queue.calls.closed_holidays", "Thanksgiving")}


def test_holidays_without_a_country(folder: Path, edit: Edit) -> None:
    edit(folder / "centre.toml", 'country = "DE"\n', "")
    edit(folder / "centre.toml", '["Labor Day"]', '"all"')
    assert told(folder) == {("centre.toml", None, "queue.calls.closed_holidays", "all")}


def test_events_that_end_before_they_begin(folder: Path, edit: Edit) -> None:
    edit(folder / "events.csv", "T18:00", "T08:00")
    assert told(folder) == {("events.csv", 2, "end", "2024-03-11T08:00")}


@pytest.mark.parametrize(
    "name", ["history.csv", "agents.csv", "leave.csv", "requests.csv", "events.csv", "rota_before.csv"]
)
def test_an_empty_file_of_any_kind(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"")
    assert {file for file, *_ in told(folder)} == {name}


@pytest.mark.parametrize("name", ["centre.toml", "history.csv", "agents.csv", "leave.csv"])
def test_junk_in_place_of_any_file(folder: Path, name: str) -> None:
    (folder / name).write_bytes(bytes(range(256)) * 4000)
    assert {file for file, *_ in told(folder)} == {name}
