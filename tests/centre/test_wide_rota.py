"""A wide rota and its legend: dates in every spelling, nights, clock changes, and each fault named."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from centre.errors import BadInput, Faults
from centre.instants import day_number
from centre.shift_legend import read_legend
from centre.wide.dates import day_columns
from centre.wide.rota import WideRota, read_wide_rota
from scheduler.rota import Rota

SHANGHAI = ZoneInfo("Asia/Shanghai")
LEGEND = """code,start,end,break_minutes,paid
早,08:00,16:00,60,true
晚,22:00,06:00,0,true
D,09:00,17:00,,
休,,,,
"""


@pytest.fixture
def read(tmp_path):
    def read_(sheet: str, legend: str = LEGEND, zone: ZoneInfo = SHANGHAI, listed=None) -> WideRota:
        (tmp_path / "s.csv").write_text(sheet, encoding="utf-8")
        (tmp_path / "legend.csv").write_text(legend, encoding="utf-8")
        return read_wide_rota(tmp_path / "s.csv", tmp_path / "legend.csv", zone, listed)

    return read_


def told(rota: WideRota) -> list[str]:
    return [note.sentence for note in rota.notes]


def rows(frame: pd.DataFrame) -> list[tuple[str, str, str, str, str, bool]]:
    return [
        (r.agent_id, str(r.day), f"{r.start:%m-%dT%H:%M}", f"{r.end:%m-%dT%H:%M}", r.activity, r.paid)
        for r in frame.itertuples()
    ]


def dates(above: list[list[str]], header: list[str]) -> list[str]:
    return [
        c.wrong or str(date.fromordinal(date(1970, 1, 1).toordinal() + (c.day or 0)))
        for c in day_columns(above, header)
    ]


def test_shifts_become_rows_of_a_rota_with_the_break_in_the_middle(read):
    rota = read("agent_id,2026-03-02,2026-03-03\na1,早,晚\na2,休,-\n")
    assert rows(rota.frame) == [
        ("a1", "2026-03-02", "03-02T00:00", "03-02T03:30", "work:*", True),
        ("a1", "2026-03-02", "03-02T03:30", "03-02T04:30", "meal", False),
        ("a1", "2026-03-02", "03-02T04:30", "03-02T08:00", "work:*", True),
        ("a1", "2026-03-03", "03-03T14:00", "03-03T22:00", "work:*", True),
    ]
    assert (rota.first_day, rota.days) == (day_number(date(2026, 3, 2)), 2)
    assert told(rota) == [
        "s.csv, 1 shift(s): the legend tells how long breaks are, not when; "
        "each was laid in the middle of its shift."
    ]


def test_the_days_covered_are_those_of_the_sheet_even_where_nobody_works(read):
    rota = read("工号,2026-03-01,2026-03-02,2026-03-03\na1,休,晚,休\n")
    assert (rota.first_day, rota.days) == (day_number(date(2026, 3, 1)), 3)


def test_a_sheet_of_days_off_is_an_empty_rota(read):
    rota = read("工号,2026-03-01\na1,休\n")
    assert len(Rota.from_frame(rota.frame)) == 0
    assert rota.notes == []


def test_several_header_rows_with_title_and_weekdays(read):
    rota = read("2026年3月排班表,,,,\n制表 2026-02-25,,,,\n工号,姓名,1,2,3\n,,日,一,二\na1,张三,晚,休,晚\n")
    assert [row[:2] for row in rows(rota.frame)] == [("a1", "2026-03-01"), ("a1", "2026-03-03")]
    assert rota.notes == []


@pytest.mark.parametrize(
    ("above", "header", "expected"),
    [
        ([], ["工号", "2026/3/2", "2026年3月3日"], ["2026-03-02", "2026-03-03"]),
        ([["2026年3月"]], ["x", "3月2日", "3/3 周二"], ["2026-03-02", "2026-03-03"]),
        ([["2028年2月"]], ["x", "29"], ["2028-02-29"]),
        ([["2026年2月"]], ["x", "29"], ["a date that does not exist (2026-02-29)"]),
        ([["2026年12月"]], ["x", "12/31", "1/1"], ["2026-12-31", "2027-01-01"]),
        ([["2026年1月"]], ["x", "12/31", "1/1"], ["2025-12-31", "2026-01-01"]),
        ([["2026年排班"]], ["x", "12/31", "1/1", "1/2"], ["2026-12-31", "2027-01-01", "2027-01-02"]),
        ([["2026年"], ["", "3月", "", "4月"]], ["x", "30", "31", "1"], ["2026-03-30", "2026-03-31", "2026-04-01"]),
        ([["2026年3月"]], ["x", "31", "1"], ["2026-03-31", "day numbers run backwards below one month"]),
        ([["2026年3月"]], ["x", "2", "2"], ["2026-03-02", "this date stands in an earlier column"]),
        ([], ["x", "2"], ["no title above tells the year and month"]),
        ([], ["x", "3/2"], ["no title above tells the year"]),
    ],
)  # fmt: skip
def test_dates_above_the_columns(above, header, expected):
    assert dates(above, header) == expected


def test_codes_that_are_numbers_are_not_dates(read):
    rota = read("2026-03,,\nname,1,2\n7,1,1\n8,1,1\n", "code,start,end\n1,08:00,16:00\n")
    assert len(rota.frame) == 4


@pytest.mark.parametrize(("day", "minutes"), [("2026-03-28", 420), ("2026-10-24", 540), ("2026-03-27", 480)])
def test_nights_on_which_clocks_change_have_their_true_length(read, day, minutes):
    frame = read(f"agent_id,{day}\na1,晚\n", zone=ZoneInfo("Europe/Berlin")).frame
    assert (frame["end"] - frame["start"]).sum() == pd.Timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("day", "end", "words", "utc"),
    [
        ("2026-03-28", "02:30", "clocks skip 02:30; the first time after it was taken.", "01:00"),
        ("2026-10-24", "02:30", "clocks show 02:30 twice; the first was taken.", "00:30"),
        ("2026-10-24", "03:00", None, "02:00"),
    ],
)
def test_a_time_that_clocks_skip_or_show_twice_is_named(read, day, end, words, utc):
    legend = f"code,start,end,break_minutes\nN,20:00,{end},0\n"
    rota = read(f"agent_id,{day}\na1,N\n", legend, ZoneInfo("Europe/Berlin"))
    assert f"{rota.frame['end'].iloc[0]:%H:%M}" == utc
    assert told(rota) == ([f"s.csv, row 2, column B ({day}): a1, code 'N': {words}"] if words else [])


def test_everything_left_out_is_named_and_the_rest_is_read(read):
    sheet = "2026年4月,,,,\n工号,29,30,31,\na1,晚,夜,晚,\n,晚,,,\na1,晚,晚,,\na9,,,休,\n"
    rota = read(sheet, listed={"a1"})
    assert told(rota) == [
        "s.csv, column D, headed '31': a date that does not exist (2026-04-31); "
        "the column was left out with 2 filled cell(s).",
        "s.csv, row 3, column C (2026-04-30): code '夜' is not in the legend; the cell of a1 was left out.",
        "s.csv, row 4: names nobody; left out with 1 cell(s).",
        "s.csv, row 5: a1 stands in row 3 already; the two were read as one person.",
        "s.csv, row 6: a9 is not on the list of people; judged without what the list would tell.",
        "s.csv: 2 empty cell(s) were taken as days off.",
        "s.csv, row 5, column B (2026-04-29): a1 has code '晚' on this day already; the cell was left out.",
    ]
    assert [row[:2] for row in rows(rota.frame)] == [("a1", "2026-04-29"), ("a1", "2026-04-30")]
    assert [(n.agent_id, n.day) for n in rota.notes][1] == ("a1", day_number(date(2026, 4, 30)))


def test_shifts_that_overlap_are_named_to_the_minute_and_kept(read):
    legend = "code,start,end,break_minutes\nN,22:00,08:01,0\nE,08:00,12:00,0\n"
    rota = read("agent_id,2026-03-02,2026-03-03\na1,N,E\n", legend)
    assert [s.split(": ", 1)[1] for s in told(rota)] == [
        "code 'E' of a1 begins 1 min before the end of 'N' the day before; both were judged."
    ]
    assert len(rota.frame) == 2
    assert told(read("agent_id,2026-03-02,2026-03-03\na1,N,E\n", legend.replace("08:01", "08:00"))) == []


def test_a_break_that_the_legend_does_not_tell_is_said(read):
    assert told(read("agent_id,2026-03-02\na1,Ｄ\n")) == [
        "s.csv, 1 shift(s): the legend tells no break_minutes; they were judged as worked without a break."
    ]


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        ("who,2026-03-02\na1,早\n", "a column of people headed"),
        ("agent_id,first\na1,早\n", "dates across"),
        ("agent_id,3/2\na1,早\n", "no title above tells the year"),
    ],
)
def test_a_sheet_without_people_or_dates_is_refused(read, sheet, words):
    with pytest.raises(BadInput, match=words):
        read(sheet)


def test_every_fault_of_a_legend_is_told(tmp_path: Path):
    path = tmp_path / "legend.csv"
    path.write_text(
        "code,start,end,break_minutes\nA,08:00,,\nB,8h,16:00,\nC,08:00,08:00,\nD,08:00,09:00,60\n"
        "E,08:00,09:00,59\nE,,,\nF,08:00,32:00,\nG,08:00,48:01,\n",
        encoding="utf-8",
    )
    faults = Faults()
    legend = read_legend(path, faults)
    assert sorted((fault.row, fault.column) for fault in faults) == [
        (2, "end"), (3, "start"), (4, "end"), (5, "break_minutes"), (7, "code"), (9, "end"),
    ]  # fmt: skip
    assert (legend["F"].start, legend["F"].end) == (480, 1920)
