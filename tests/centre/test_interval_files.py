"""History, forecast, requirement and rota files: faults with rows, instants across clock changes."""

from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from centre.errors import BadInput, Faults
from centre.folder import read_forecast, read_history, read_requirement, read_rota
from centre.instants import from_timestamps
from centre.interval_files import history_frame
from centre.model import Queue
from centre.writing import write_csv

BERLIN, KOLKATA = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata")
HEADER = "interval_start,queue,offered,aht_seconds\n"
REQUIREMENT = "interval_start,queue,offered,aht_seconds,agents_required,agents_to_roster"
ROTA = "agent_id,day,start,end,activity,shift,paid\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.csv"


def faults_of(path: Path, text: str, zone: ZoneInfo = BERLIN) -> list[tuple[int | None, str, str]]:
    """(row, column, found) of every fault of a history file."""
    path.write_text(text, encoding="utf-8")
    try:
        read_history(path, zone)
    except BadInput as error:
        return [(fault.row, fault.column, fault.found) for fault in error.faults]
    return []


def test_history_as_it_is_written(path: Path) -> None:
    path.write_text(HEADER.strip() + ",handled\n2024-03-04T08:00,a,10,200,9\n2024-03-04T08:30,a,0,0,\n")
    frame = read_history(path, BERLIN)
    assert list(frame.columns) == ["interval_start", "queue", "offered", "aht_seconds", "handled", "row"]
    assert frame["interval_start"].tolist()[0] == pd.Timestamp("2024-03-04T07:00Z")
    assert frame["offered"].tolist() == [10, 0]
    assert frame["aht_seconds"].isna().tolist() == [False, True]
    assert frame["handled"].isna().tolist() == [False, True]
    assert frame["row"].tolist() == [2, 3]


def test_every_fault_of_a_history_at_once(path: Path) -> None:
    text = (
        HEADER
        + "2024-03-04T08:00,a,-1,200\n2024-03-04T08:00,b,viele,200\nnow,a,1,-5\n2024-03-04T09:00,,1,1\n"
    )
    assert faults_of(path, text) == [
        (4, "interval_start", "now"),
        (5, "queue", ""),
        (2, "offered", "-1"),
        (3, "offered", "viele"),
        (4, "aht_seconds", "-5"),
    ]


def test_duplicates_name_both_rows_however_the_instant_is_spelt(path: Path) -> None:
    path.write_text(
        HEADER + "2024-03-04T07:00Z,a,1,1\n2024-03-04T07:00Z,b,1,1\n2024-03-04T08:00+01:00,a,2,1\n"
    )
    with pytest.raises(BadInput) as caught:
        read_history(path, BERLIN)
    (fault,) = caught.value.faults
    assert (fault.row, fault.column, fault.found) == (4, "interval_start", "2024-03-04T08:00+01:00")
    assert "row 2 has the same" in fault.expected


def test_rows_alike_are_one_and_told(path: Path) -> None:
    line = "2024-03-04T08:00,a,1,200\n"
    path.write_text(HEADER + line + "2024-03-04T08:30,a,2,200\n" + line)
    frame = read_history(path, BERLIN)
    assert frame["row"].tolist() == [2, 3]
    assert frame.attrs["warnings"] == [
        "history.csv: rows left out because an earlier one says the same: 1 (row 4 first)"
    ]


def test_corrections_stay_beside_what_they_correct(path: Path) -> None:
    path.write_text(
        HEADER.strip()
        + ",recorded_at\n2024-03-04T08:00,a,1,200,\n2024-03-04T08:00,a,3,200,2024-03-05T09:00\n"
        + "2024-03-04T08:00,a,4,200,2024-03-05T09:00\n"
    )
    with pytest.raises(BadInput) as caught:
        read_history(path, BERLIN)
    (fault,) = caught.value.faults
    assert (fault.row, "row 3 has the same" in fault.expected) == (4, True)
    path.write_text(path.read_text().rsplit("2024-03-04T08:00", 1)[0])
    frame = read_history(path, BERLIN)
    assert frame["offered"].tolist() == [1, 3]
    assert frame["recorded_at"].isna().tolist() == [True, False]
    assert frame["recorded_at"].iloc[1] == pd.Timestamp("2024-03-05T08:00Z")


def test_thousands_are_read_where_clear_and_told(path: Path) -> None:
    path.write_text(HEADER + '2024-03-04T08:00,a,12,200\n2024-03-04T08:30,a,"1,234",200\n', encoding="utf-8")
    frame = read_history(path, BERLIN)
    assert frame["offered"].tolist() == [12, 1234]
    assert frame.attrs["warnings"] == [
        "history.csv: offered is not written in plain digits in 1 of 2 rows; '1,234' in row 3 was read as 1234"
    ]


def test_doubtful_thousands_and_marks_are_faults_with_row_and_column(path: Path) -> None:
    text = HEADER + "2024-03-04T08:00,a,980,200\n2024-03-04T08:30,a,1.234,N/A\n2024-03-04T09:00,a,-,200\n"
    assert faults_of(path, text) == [
        (3, "offered", "1.234"),
        (4, "offered", "-"),
        (3, "aht_seconds", "N/A"),
    ]


def test_the_columns_of_telephone_systems_are_read(path: Path) -> None:
    path.write_text(HEADER.strip() + ",abandoned_short,transferred_in\n2024-03-04T08:00,a,10,200,2,3\n")
    frame = read_history(path, BERLIN)
    assert frame[["abandoned_short", "transferred_in"]].iloc[0].tolist() == [2, 3]
    assert frame.attrs["warnings"] == []


def test_mixed_zones_are_a_fault(path: Path) -> None:
    text = HEADER + "2024-03-04T07:00Z,a,1,1\n2024-03-04T09:00,a,1,1\n"
    assert faults_of(path, text) == [(3, "interval_start", "mixed zones")]


def test_the_night_on_which_clocks_go_back(path: Path) -> None:
    naive = HEADER + "2024-10-27T01:30,a,1,1\n2024-10-27T02:00,a,1,1\n2024-10-27T03:00,a,1,1\n"
    assert faults_of(path, naive) == [(3, "interval_start", "2024-10-27T02:00")]
    zoned = HEADER + "2024-10-27T02:00+02:00,a,1,1\n2024-10-27T02:00+01:00,a,1,1\n"
    assert faults_of(path, zoned) == []


def test_the_night_on_which_clocks_go_forward(path: Path) -> None:
    naive = HEADER + "2024-03-31T01:30,a,1,1\n2024-03-31T02:00,a,1,1\n2024-03-31T03:00,a,1,1\n"
    assert faults_of(path, naive) == [(3, "interval_start", "2024-03-31T02:00")]


@pytest.mark.parametrize("content", ["", HEADER, "时段,队列,来电,时长\n2024-03-04T08:00,a,1,1\n"])
def test_a_history_without_rows_or_columns(path: Path, content: str) -> None:
    assert faults_of(path, content)


def test_chinese_headers_in_the_wrong_columns(path: Path) -> None:
    found = "队列, offered, interval_start, 时长"
    assert faults_of(path, "队列,offered,interval_start,时长\na,1,2024-03-04T08:00,1\n") == [
        (1, "queue", found),
        (1, "aht_seconds", found),
    ]


def noted(
    path: Path, text: str, zone: ZoneInfo, minutes: int, **queues: Queue | None
) -> list[tuple[object, ...]]:
    path.write_text(HEADER + text, encoding="utf-8")
    faults = Faults()
    history_frame(path, zone, faults, queues, minutes)
    return [(fault.row, fault.column, fault.found) for fault in faults]


def test_a_queue_that_is_not_the_centres(path: Path) -> None:
    text = "2024-03-04T08:00,call,1,1\n"
    assert noted(path, text, BERLIN, 30, calls=Queue("calls")) == [(2, "queue", "call")]


def test_the_grid_begins_at_local_midnight(path: Path) -> None:
    a = Queue("a")
    assert noted(path, "2024-03-04T08:15,a,1,1\n", BERLIN, 15, a=a) == []
    assert noted(path, "2024-03-04T08:15,a,1,1\n", BERLIN, 30, a=a) == [
        (2, "interval_start", "2024-03-04T08:15")
    ]
    assert noted(path, "2024-03-04T08:00,a,1,1\n", KOLKATA, 60, a=a) == []
    assert noted(path, "2024-03-04T08:00Z,a,1,1\n", KOLKATA, 60, a=a) == [
        (2, "interval_start", "2024-03-04T08:00Z")
    ]
    assert noted(path, "2024-10-27T02:30+01:00,a,1,1\n", BERLIN, 30, a=a) == []


def test_a_file_of_finer_intervals_than_the_centres_is_one_fault(path: Path) -> None:
    quarters = "".join(
        f"2024-03-04T{hour:02}:{minute:02},a,1,1\n" for hour in range(24) for minute in (0, 15, 30, 45)
    )
    assert noted(path, quarters, BERLIN, 30, a=Queue("a")) == [
        (3, "interval_start", "48 rows between, from here on")
    ]


def test_a_handle_time_is_needed_only_where_it_is_unknown(path: Path) -> None:
    text = "2024-03-04T08:00,a,1,\n2024-03-04T08:30,a,5,\n2024-03-04T09:00,a,0,\n2024-03-04T09:30,a,3,100\n"
    assert noted(path, text, BERLIN, 30, a=Queue("a", aht_seconds=200)) == []
    assert noted(path, text, BERLIN, 30, a=Queue("a")) == [(2, "aht_seconds", "2 rows without")]
    assert noted(path, text, BERLIN, 30, a=None) == []  # the queue's own settings are wrong: told elsewhere


def test_contacts_that_nobody_handled_need_no_handle_time(path: Path) -> None:
    path.write_text(HEADER.strip() + ",handled\n2024-03-04T08:00,a,3,,0\n")
    faults = Faults()
    history_frame(path, BERLIN, faults, {"a": Queue("a")}, 30)
    assert not faults


rows = st.tuples(st.integers(0, 47), st.sampled_from("ab"), st.floats(0, 1e4), st.floats(1, 1e4))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(rows, min_size=1, max_size=20, unique_by=lambda row: row[:2]))
@example([(0, "a", 1.375, 1.0)])  # alone, this could be 1375
@example([(0, "a", 1.375, 1.0), (1, "a", 12.125, 2.0)])
def test_what_we_write_we_read(path: Path, table: list[tuple[int, str, float, float]]) -> None:
    frame = pd.DataFrame(table, columns=["k", "queue", "offered", "aht_seconds"])
    starts = pd.Timestamp("2024-10-26T22:00Z") + pd.to_timedelta(30 * frame.pop("k"), unit="m")
    frame.insert(0, "interval_start", starts)
    write_csv(path, frame)
    back = read_history(path, BERLIN)
    np.testing.assert_array_equal(from_timestamps(back["interval_start"]), from_timestamps(starts))
    assert back["queue"].tolist() == frame["queue"].tolist()
    np.testing.assert_array_equal(back["offered"], frame["offered"])
    np.testing.assert_array_equal(back["aht_seconds"], frame["aht_seconds"])


def test_a_forecast_with_quantiles(tmp_path: Path) -> None:
    path = tmp_path / "forecast.csv"
    path.write_text(HEADER.strip() + ",offered_p10,offered_p90\n2024-03-04T08:00,a,1.5,200,1,2\n")
    frame = read_forecast(path, BERLIN)
    assert frame.loc[0, ["offered", "offered_p10", "offered_p90"]].tolist() == [1.5, 1, 2]


def test_a_requirement_edited_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "requirement.csv"
    path.write_text(REQUIREMENT + ",edited\n2024-03-04T08:00,a,1,1,3,4,TRUE\n2024-03-04T08:30,a,1,1,3,4,\n")
    frame = read_requirement(path, BERLIN)
    assert frame["edited"].tolist() == [True, False]
    assert frame["agents_to_roster"].tolist() == [4, 4]
    path.write_text(REQUIREMENT + "\n2024-03-04T08:00,a,1,1,-3,many\n")
    with pytest.raises(BadInput) as caught:
        read_requirement(path, BERLIN)
    assert [(f.column, f.found) for f in caught.value.faults] == [
        ("agents_required", "-3"),
        ("agents_to_roster", "many"),
    ]


def test_a_rota_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "rota.csv"
    lines = "甲1,2024-03-30,2024-03-30T23:00:00Z,2024-03-31T03:00:00Z,work:客服,夜班,true\n"
    lines += "甲1,2024-03-30,2024-03-31T03:00:00Z,2024-03-31T03:15:00Z,break,夜班,false\n"
    path.write_text(ROTA + lines, encoding="utf-8")
    frame = read_rota(path, BERLIN)
    write_csv(path, frame)
    assert path.read_text(encoding="utf-8") == ROTA + lines


def test_overlaps_and_doubled_rows_are_for_the_audit(tmp_path: Path) -> None:
    path = tmp_path / "rota.csv"
    line = "A,2024-03-04,2024-03-04T08:00,2024-03-04T09:00,work:*,day,true\n"
    path.write_text(ROTA + line * 2)
    assert len(read_rota(path, BERLIN)) == 2


def test_a_rota_without_rows_is_a_rota(tmp_path: Path) -> None:
    path = tmp_path / "rota.csv"
    path.write_text(ROTA)
    assert read_rota(path, BERLIN).empty


def test_every_fault_of_a_rota(tmp_path: Path) -> None:
    path = tmp_path / "rota.csv"
    path.write_text(
        ROTA
        + "A,2024-03-04,2024-03-04T08:00,2024-03-04T08:00,work:a,day,true\n"
        + "B,04.03.2024,2024-03-04T08:00,2024-03-04T09:00,working,day,perhaps\n"
        + ",2024-03-04,2024-03-04T08:00,2024-03-31T02:30,work,,true\n"
    )
    with pytest.raises(BadInput) as caught:
        read_rota(path, BERLIN)
    assert {(f.row, f.column) for f in caught.value.faults} == {
        (2, "end"), (3, "day"), (3, "activity"), (3, "paid"), (4, "agent_id"), (4, "end"), (4, "activity"),
    }  # fmt: skip
