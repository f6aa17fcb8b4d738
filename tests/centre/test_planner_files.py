"""Events, overrides and days' totals: what is read, and every fault by row and column."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from centre.errors import BadInput, Faults
from centre.folder import read_centre
from centre.model import Queue
from centre.planner_files import day_totals_frame, events_frame, overrides_frame, planned_names

SHANGHAI = ZoneInfo("Asia/Shanghai")
QUEUES = {"热线": Queue("热线", group="电话", site="上海"), "chat": None}
EVENTS = "name,start,end,queues,kind,uplift"
OVERRIDES = "start,end,queue,kind,value,reason,author"
Read = Callable[..., tuple[pd.DataFrame, list[tuple[int | None, str, str, str]]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Table and (row, column, found, expected) of every fault in the lines given, header first."""

    def table(what: str, *lines: str) -> tuple[pd.DataFrame, list[tuple[int | None, str, str, str]]]:
        path = tmp_path / f"{what}.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        faults = Faults()
        if what == "events":
            frame = events_frame(path, SHANGHAI, faults, QUEUES)
        elif what == "overrides":
            frame = overrides_frame(path, SHANGHAI, faults, QUEUES)
        else:
            frame = day_totals_frame(path, faults, planned_names(QUEUES))
        return frame, [(fault.row, fault.column, fault.found, fault.expected) for fault in faults]

    return table


def test_events_with_phases(read: Read) -> None:
    frame, faults = read(
        "events",
        EVENTS + ",phase",
        "双11,2024-11-01,2024-11-11,热线;chat,campaign,,预售",
        "双11,2024-11-10T20:00,2024-11-12,,campaign,1.5,高峰",
    )
    assert faults == []
    assert frame["phase"].tolist() == ["预售", "高峰"]
    assert frame["queues"].tolist() == [("热线", "chat"), ()]
    assert frame["start"].dt.strftime("%m-%dT%H:%M").tolist() == ["10-31T16:00", "11-10T12:00"]
    assert frame["uplift"].isna().tolist() == [True, False]
    assert frame["row"].tolist() == [2, 3]


def test_events_without_phases(read: Read) -> None:
    frame, faults = read("events", EVENTS, "618,2024-06-18,2024-06-19,,,")
    assert faults == []
    assert frame["phase"].tolist() == [""]


@pytest.mark.parametrize(
    ("line", "column", "found", "words"),
    [
        ("x,2024-06-18,2024-06-18,,,", "end", "2024-06-18", "ends on the next day"),
        ("x,2024-06-18,2024-06-19,热,,", "queues", "热", "did you mean '热线'"),
        ("x,2024-06-18,2024-06-19,,,-1", "uplift", "-1", "above -1"),
        ("x,2024-06-18,2024-06-19,,,30", "uplift", "30", "31 times the usual"),
        ("x,2024-06-18,2024-06-19,,,30%", "uplift", "30%", "0.3 for 30 % more"),
        (",2024-06-18,2024-06-19,,,0.3", "name", "", "a value"),
        ("x,June,2024-06-19,,,0.3", "start", "June", "an instant"),
    ],
)
def test_faults_of_events(read: Read, line: str, column: str, found: str, words: str) -> None:
    _, faults = read("events", EVENTS, line)
    assert [fault[:3] for fault in faults] == [(2, column, found)]
    assert words in faults[0][3]


@pytest.mark.parametrize(
    ("queues", "start", "alike"),
    [
        ("热线", "2024-06-19", True),
        ("", "2024-06-19", True),
        ("chat", "2024-06-19", False),
        ("热线", "2024-06-20", False),
    ],
)
def test_an_event_that_overlaps_itself(read: Read, queues: str, start: str, alike: bool) -> None:
    lines = ("618,2024-06-18,2024-06-20,热线,,0.3", f"618,{start},2024-06-21,{queues},,0.3")
    _, faults = read("events", EVENTS, *lines)
    assert [(row, column) for row, column, *_ in faults] == ([(3, "start")] if alike else [])
    if alike:
        assert "row 2 overlaps" in faults[0][3]


def test_two_events_or_phases_may_overlap(read: Read) -> None:
    lines = (
        "618,2024-06-18,2024-06-20,,,,a",
        "618,2024-06-18,2024-06-20,,,,b",
        "bill,2024-06-18,2024-06-20,,,,",
    )
    assert read("events", EVENTS + ",phase", *lines)[1] == []


def test_an_events_file_on_its_own(tmp_path: Path) -> None:
    path = tmp_path / "E.csv"
    path.write_text(EVENTS + "\n618,2024-06-18,2024-06-19,any queue,,0.3\n", encoding="utf-8")
    assert events_frame(path, SHANGHAI, Faults(), None)["queues"].tolist() == [("any queue",)]
    path.write_text(EVENTS + "\n618,2024-06-18,2024-06-17,,,-2\n", encoding="utf-8")
    faults = Faults()
    events_frame(path, SHANGHAI, faults, None)
    assert {fault.column for fault in faults.found} == {"end", "uplift"}


def test_overrides_with_every_column(read: Read) -> None:
    frame, faults = read(
        "overrides",
        OVERRIDES + ",measure,made_at",
        "2024-06-18,2024-06-19,热线,set,1200,促销,王芳,,2024-06-01T09:00",
        "2024-06-18T10:00,2024-06-18T12:00,chat,multiply,1.1,slow system,Emily Carter,aht_seconds,",
    )
    assert faults == []
    assert frame["measure"].tolist() == ["offered", "aht_seconds"]
    assert frame["made_at"].isna().tolist() == [False, True]
    assert frame["made_at"][0].isoformat() == "2024-06-01T01:00:00+00:00"
    assert frame["author"].tolist() == ["王芳", "Emily Carter"]
    assert frame["value"].tolist() == [1200, 1.1]


def test_every_fault_of_overrides_at_once_and_no_author_in_any(read: Read) -> None:
    _, faults = read(
        "overrides",
        OVERRIDES + ",measure",
        "2024-06-18,2024-06-19,热线,set,-5,why,王芳,",
        "2024-06-18,2024-06-19,热线,multiply,-0.1,why,王芳,",
        "2024-06-18,2024-06-19,热线,set,0,why,王芳,aht_seconds",
        "2024-06-18,2024-06-19,热线,add,-5,,王芳,",
        "2024-06-18,2024-06-19,热线,add,-5,why,,",
        "2024-06-18,2024-06-18,热线,add,-5,why,王芳,",
        "2024-06-18,2024-06-19,热,double,2,why,王芳,",
        "2024-06-18,2024-06-19,热线,add,5,why,王芳,王芳",
        "2024-06-18,2024-06-19,热线,add,-5,why,王芳,",
    )
    assert {(row, column) for row, column, *_ in faults} == {
        (2, "value"), (3, "value"), (4, "value"), (5, "reason"), (6, "author"), (7, "end"), (8, "queue"), (8, "kind"),
        (9, "measure"),
    }  # fmt: skip
    assert not any("王芳" in found + expected for _, _, found, expected in faults)


def test_days_totals_of_queues_groups_and_sites(read: Read) -> None:
    names = ["热线", "电话", "group:电话", "上海", "site:上海", "centre:all"]
    lines = [f"2024-06-18,{name},{500 + k},财务" for k, name in enumerate(names)]
    frame, faults = read("day_totals", "date,queue,offered,source", *lines)
    assert faults == []
    assert frame["queue"].tolist() == names
    assert frame["date"].eq(date(2024, 6, 18)).all()
    assert frame["offered"].tolist() == [500, 501, 502, 503, 504, 505]


def test_faults_of_days_totals(read: Read) -> None:
    _, faults = read(
        "day_totals",
        "date,queue,offered,source",
        "2024-06-18,热线,-1,",
        "2024-06-18,热,1,",
        "2024-06-31,热线,1,",
        "2024-06-19,热线,1,",
        '2024-06-19,热线,"1,000",',
        "2024-06-20,chat,1,",
        "2024-06-20,chat,2,",
    )
    assert {(row, column) for row, column, *_ in faults} == {
        (2, "offered"), (3, "queue"), (4, "date"), (6, "offered"), (8, "date"),
    }  # fmt: skip


def test_the_centre_folder_holds_them_and_needs_none(folder: Path) -> None:
    assert len(read_centre(folder).overrides) == len(read_centre(folder).day_totals) == 0
    line = "2024-06-18,2024-06-19,calls,set,1200,促销,王芳\n"
    (folder / "overrides.csv").write_text(f"{OVERRIDES}\n{line}", encoding="utf-8")
    (folder / "day_totals.csv").write_text(
        "date,queue,offered,source\n2024-06-18,客服,90,财务\n", encoding="utf-8"
    )
    centre = read_centre(folder)
    assert centre.overrides["value"].tolist() == [1200]
    assert centre.day_totals["offered"].tolist() == [90]
    assert {"overrides.csv", "day_totals.csv"} <= set(centre.checksums)
    (folder / "overrides.csv").write_text(f"{OVERRIDES}\n{line.replace('calls', 'cals')}", encoding="utf-8")
    (folder / "day_totals.csv").write_text(
        "date,queue,offered,source\n2024-06-18,客,90,财务\n", encoding="utf-8"
    )
    with pytest.raises(BadInput) as caught:
        read_centre(folder)
    assert {(fault.file, fault.column) for fault in caught.value.faults} == {
        ("overrides.csv", "queue"), ("day_totals.csv", "queue"),
    }  # fmt: skip


def test_names_are_not_judged_where_the_settings_could_not_be_read() -> None:
    assert planned_names(None) is None
