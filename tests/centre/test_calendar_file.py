"""calendar.csv: what its rows mean, every fault of them at once, and its place in the centre folder."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest

from centre.calendar import CalendarRow
from centre.calendar_file import calendar_rows
from centre.errors import BadInput, Faults
from centre.folder import read_centre
from centre.instants import day_number

QUEUES = ("calls", "客服")
HEADER = "date,name,class,festival,queues,opens,closes"
DAY = day_number(date(2027, 9, 26))
Read = Callable[..., tuple[tuple[CalendarRow, ...], list[tuple[int | None, str, str]]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Rows, and (row, column, found) of every fault, of the lines given below the header."""

    def rows(*lines: str, header: str = HEADER) -> tuple[tuple[CalendarRow, ...], list[object]]:
        path = tmp_path / "calendar.csv"
        path.write_text("\n".join([header, *lines]), encoding="utf-8")
        faults = Faults()
        found = calendar_rows([path], QUEUES, faults)
        return found, [(fault.row, fault.column, fault.found) for fault in faults]

    return rows  # type: ignore[return-value]


def test_every_column(read: Read) -> None:
    rows, faults = read(
        "2027-09-26,国庆调休,makeup,National Day,,,",
        "2027-12-24,Christmas Eve,half_day,,calls; 客服,08:00,13:30",
        "2027-12-31,party,,,calls,9:00,26:00",
    )
    assert faults == []
    assert rows == (
        CalendarRow(DAY, "国庆调休", "makeup", "National Day", row=2),
        CalendarRow(
            day_number(date(2027, 12, 24)), "Christmas Eve", "half_day", "", ("calls", "客服"), 480, 810, 3
        ),
        CalendarRow(day_number(date(2027, 12, 31)), "party", "", "", ("calls",), 540, 1560, 4),
    )


def test_date_and_name_alone_are_public_holidays(read: Read) -> None:
    rows, faults = read("2027-09-26,Day of the Centre", header="date,name")
    assert faults == []
    assert rows == (CalendarRow(DAY, "Day of the Centre", "statutory", row=2),)


def test_chinese_names_of_festivals_are_the_countrys(read: Read) -> None:
    rows, faults = read(
        "2027-09-26,调休,makeup,国庆节,,,", "2027-02-11,调休,bridged,春节,,,", "2027-06-01,庆,,店庆,,,"
    )
    assert faults == []
    assert [row.festival for row in rows] == ["National Day", "Spring Festival", "店庆"]


def test_no_rows_are_no_fault(read: Read) -> None:
    assert read() == ((), [])


def test_every_fault_at_once(read: Read) -> None:
    rows, faults = read(
        "26.09.2027,a,makeup,,,,",
        "2027-09-27,,makeup,,,,",
        "2027-09-28,c,holiday,,,,",
        "2027-09-29,d,closed,,cals,,",
        "2027-09-30,e,,,,8 Uhr,12:00",
        "2027-10-01,f,,,,08:00,48:01",
    )
    assert faults == [
        (2, "date", "26.09.2027"),
        (3, "name", ""),
        (4, "class", "holiday"),
        (5, "queues", "cals"),
        (6, "opens", "8 Uhr"),
        (7, "closes", "48:01"),
    ]
    assert rows == ()


def test_hours_that_cannot_be(read: Read) -> None:
    rows, faults = read(
        "2027-09-26,a,,,,08:00,",
        "2027-09-27,b,,,,,12:00",
        "2027-09-28,c,,,,12:00,08:00",
        "2027-09-29,d,closed,,,08:00,12:00",
        "2027-09-30,e,half_day,,,08:00,12:00",
    )
    assert faults == [(3, "opens", ""), (2, "closes", ""), (4, "closes", "08:00"), (5, "class", "closed")]
    assert [row.name for row in rows] == ["e"]


def test_a_date_is_told_once_for_a_queue(read: Read) -> None:
    rows, faults = read(
        "2027-09-26,for all,closed,,,,",
        "2027-09-26,calls only,half_day,,calls,,",
        "2027-09-26,both,closed,,客服;calls,,",
        "2027-09-26,all again,closed,,,,",
    )
    assert faults == [(4, "date", "2027-09-26"), (5, "date", "2027-09-26")]
    assert [row.name for row in rows] == ["for all", "calls only"]


def test_a_spreadsheet(
    tmp_path: Path, write_xlsx: Callable[[Path, Sequence[Sequence[object]]], None]
) -> None:
    path = tmp_path / "calendar.xlsx"
    write_xlsx(
        path, [["date", "name", "opens", "closes"], [datetime(2027, 9, 26), "short", "08:00", "12:00"]]
    )
    faults = Faults()
    assert calendar_rows([path], None, faults) == (CalendarRow(DAY, "short", "", "", (), 480, 720, 2),)
    assert not faults


def test_in_the_centre_folder(folder: Path) -> None:
    assert read_centre(folder).calendar == ()
    (folder / "calendar.csv").write_text("date,name\n2027-09-26,调休\n", encoding="utf-8")
    year = '{"year": 2027, "days": [{"name": "国庆节", "date": "2027-09-26", "isOffDay": false}]}'
    (folder / "calendar_2027.json").write_text(year, encoding="utf-8")
    centre = read_centre(folder)
    assert {"calendar.csv", "calendar_2027.json"} < set(centre.checksums)
    last = [row for row in centre.calendar if row.day == DAY][-1]
    assert (last.name, last.day_class) == ("调休", "statutory")  # the centre's own word is the last


def test_its_faults_are_told_with_the_folders_others(
    folder: Path, edit: Callable[[Path, str, str], None]
) -> None:
    (folder / "calendar.csv").write_text(f"{HEADER}\n2027-13-01,a,,,cals,,\n", encoding="utf-8")
    (folder / "calendar.json").write_text("[]", encoding="utf-8")
    edit(folder / "leave.csv", "A001", "A009")
    with pytest.raises(BadInput) as caught:
        read_centre(folder)
    assert {(fault.file, fault.column) for fault in caught.value.faults} == {
        ("calendar.csv", "date"), ("calendar.csv", "queues"), ("calendar.json", ""), ("leave.csv", "agent_id"),
    }  # fmt: skip


def test_a_queue_may_close_on_a_holiday_of_the_centres_own(
    folder: Path, edit: Callable[[Path, str, str], None]
) -> None:
    edit(folder / "centre.toml", '["Labor Day"]', '["Founders\' Day"]')
    with pytest.raises(BadInput, match="Founders"):
        read_centre(folder)
    (folder / "calendar.csv").write_text("date,name\n2024-06-12,Founders' Day\n", encoding="utf-8")
    assert read_centre(folder).calendar
