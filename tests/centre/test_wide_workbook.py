"""Wide workbooks: their own legends, several sheets, merged cells, totals, times and several codes in a cell, zones."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from centre.errors import BadInput
from centre.instants import day_number
from centre.wide.notes import MOST_NOTES
from centre.wide.rota import WideRota, is_wide_file, read_wide_rota, wide_sheets

SHANGHAI = ZoneInfo("Asia/Shanghai")
Rows = Sequence[Sequence[Any]]
LEGEND: Rows = [
    ["代码", "开始", "结束", "休息(分钟)"],
    ["早", "08:00", "16:00", 0],
    ["晚", "14:00", "22:00", 0],
    ["休"],
]


def write(
    path: Path, sheets: dict[str, Rows], merged: Sequence[tuple[str, tuple[int, ...]]] = (), hidden: str = ""
) -> Path:
    """A workbook of texts, numbers and times; ``merged`` are ranges of sheets, their text in the first cell."""
    book = xlsxwriter.Workbook(str(path))
    formats = {time: "hh:mm", timedelta: "[h]:mm", date: "m-d"}
    styles = {kind: book.add_format({"num_format": text}) for kind, text in formats.items()}
    for title, rows in sheets.items():
        page = book.add_worksheet(title)
        for name, place in merged:
            if name == title:
                page.merge_range(*place, "")
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if type(cell) in styles:
                    page.write_datetime(r, c, cell, styles[type(cell)])
                elif cell != "":
                    page.write(r, c, cell)
        if title == hidden:
            page.hide()
    book.close()
    return path


def read(path: Path, zone: ZoneInfo = SHANGHAI) -> WideRota:
    return read_wide_rota(path, None, zone)


def told(rota: WideRota) -> list[str]:
    return [note.sentence for note in rota.notes]


def shifts(rota: WideRota) -> list[tuple[str, str, str, str, str]]:
    """Person, day, local ends and name of every row."""
    local = rota.frame.assign(
        start=rota.frame["start"].dt.tz_convert(SHANGHAI), end=rota.frame["end"].dt.tz_convert(SHANGHAI)
    )
    return [
        (r.agent_id, f"{r.day:%m-%d}", f"{r.start:%H:%M}", f"{r.end:%H:%M}", r.shift)
        for r in local.itertuples()
    ]


def csv(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "s.csv"
    path.write_text(text, encoding="utf-8")
    return path


DAYS = "工号,2026-03-02,2026-03-03\n"
EARLY = ("a1", "03-02", "08:00", "16:00", "早")


# legends


@pytest.mark.parametrize("title", ["图例", "班次说明", "legend", "Codes"])
def test_a_sheet_is_the_legend(tmp_path, title):
    path = write(tmp_path / "w.xlsx", {"3月": [["2026年3月"], ["工号", 2], ["a1", "早"]], title: LEGEND})
    rota = read(path)
    assert shifts(rota) == [EARLY]
    assert told(rota) == []


def test_times_of_a_legend_may_be_times_of_a_spreadsheet(tmp_path):
    legend = [
        ["code 代码", "上班", "下班", "休息"],
        ["早", time(8), time(16), "1小时"],
        ["夜", time(22), timedelta(hours=30), "60分钟"],
    ]
    path = write(
        tmp_path / "w.xlsx", {"3月": [["2026年3月"], ["工号", 2, 3], ["a1", "早", "夜"]], "图例": legend}
    )
    assert [row[2:4] for row in shifts(read(path))] == [
        ("08:00", "11:30"), ("11:30", "12:30"), ("12:30", "16:00"), ("22:00", "01:30"), ("01:30", "02:30"), ("02:30", "06:00"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "legend",
    [
        "代码,开始,结束\n早,08:00,16:00\n休,,\n",
        "图例,,\n班次,时间,\n早,08:00-16:00,\n休,休息,\n",
        ",编码,时段\n,早,08:00～16:00\n,休,\n",
        "早 08:00-16:00,,\n",
        "早班：08:00-16:00（休息0分钟）；晚班：14:00-22:00,,\n",
        "图例：早 08:00-16:00 晚 14:00-22:00 休=休息,,\n",
        "备注,早=8:00至16:00,\n",
    ],
)
def test_a_legend_stands_below_the_table(tmp_path, legend):
    rota = read(csv(tmp_path, f"{DAYS}a1,早,休\n,,\n{legend}"))
    assert [(*row[:4], row[4].removesuffix("班")) for row in shifts(rota)] == [EARLY]
    assert {note.agent_id for note in rota.notes} == {""}
    assert not [s for s in told(rota) if "left out" in s]


def test_a_legend_stands_right_of_the_table_and_in_the_title(tmp_path):
    beside = "工号,2026-03-02,2026-03-03,,代码,开始,结束\na1,早,休,,早,08:00,16:00\na2,休,休,,休,,\n"
    assert shifts(read(csv(tmp_path, beside))) == [EARLY]
    side_by_side = "工号,2026-03-02,2026-03-03\na1,早,休,,早,08:00-16:00\n"
    assert shifts(read(csv(tmp_path, side_by_side))) == [EARLY]
    above = f"排班表（早 08:00-16:00，晚 14:00-22:00）,,\n{DAYS}a1,早,休\n"
    assert shifts(read(csv(tmp_path, above))) == [EARLY]


def test_a_legend_file_beats_the_workbooks_own(tmp_path):
    legend = tmp_path / "legend.csv"
    legend.write_text("代码,开始,结束,休息(分钟)\n早,09:00,17:00,0\n休,,,\n", encoding="utf-8")
    path = write(tmp_path / "w.xlsx", {"3月": [["2026年3月"], ["工号", 2], ["a1", "早"]], "图例": LEGEND})
    rota = read_wide_rota(path, legend, SHANGHAI)
    assert [row[2:4] for row in shifts(rota)] == [("09:00", "17:00")]
    assert told(rota) == ["w.xlsx: explains codes itself; --legend was taken in place of that."]


def test_codes_that_nothing_explains_are_a_fault_that_says_what_to_do(tmp_path):
    with pytest.raises(BadInput, match=r"found 'codes 早, X', expected a legend .*图例.*--legend FILE"):
        read(csv(tmp_path, f"{DAYS}a1,早,休\na2,X,早\n"))


def test_a_code_explained_twice_is_told(tmp_path):
    text = f"{DAYS}a1,早,休\n,,\n代码,开始,结束\n早,08:00,16:00\n休,,\n备注,早 09:00-17:00,\n"
    rota = read(csv(tmp_path, text))
    assert shifts(rota) == [EARLY]
    assert told(rota)[0] == "s.csv, row 7: code '早' is explained twice and differently; the first holds."


def test_a_remark_explained_twice_matters_to_nobody(tmp_path):
    rota = read(csv(tmp_path, f"{DAYS}a1,早,休\n备注：早 08:00-16:00,会议 10:00-11:00,会议 15:00-16:00\n"))
    assert not [s for s in told(rota) if "explained" in s]


def test_a_break_as_long_as_its_shift_is_not_believed(tmp_path):
    rota = read(csv(tmp_path, f"{DAYS}a1,早,早\n备注：早 08:00-16:00（休息480分钟）,,\n"))
    assert [row[2:4] for row in shifts(rota)] == [("08:00", "16:00")] * 2


def test_every_fault_of_a_workbooks_legend_is_told(tmp_path):
    legend = [
        ["代码", "开始", "结束", "带薪"],
        ["早", "8点", "16:00", "是"],
        ["晚", "14:00", "22:00", "也许"],
        ["中", "10:00", "", ""],
    ]
    path = write(tmp_path / "w.xlsx", {"3月": [["2026年3月"], ["工号", 2], ["a1", "早"]], "图例": legend})
    with pytest.raises(BadInput) as error:
        read(path)
    places = [(fault.file, fault.row, fault.column) for fault in error.value.faults]
    sheet = "w.xlsx, sheet 图例"
    assert places == [(sheet, 2, "开始"), (sheet, 3, "带薪"), (sheet, 4, "结束")]


def test_a_list_of_clock_times_is_no_legend(tmp_path):
    clocked = [["工号", "班次", "上班时间", "下班时间"], ["a1", "早", "8点", ""], ["a2", "早", "", ""]]
    sheets = {"3月": [["2026年3月"], ["工号", 2], ["a1", "早"]], "打卡": clocked, "图例": LEGEND}
    rota = read(write(tmp_path / "w.xlsx", sheets))
    assert shifts(rota) == [EARLY]
    assert [s.split(":")[0] for s in told(rota)] == ["w.xlsx, sheet 打卡, row 1"]


# sheets


def month(title: str, days: Sequence[int], **people: str) -> Rows:
    return [[title], ["工号", *days], *([agent_id, *codes.split()] for agent_id, codes in people.items())]


def test_a_sheet_a_month_is_one_rota(tmp_path):
    sheets = {
        "3月": month("2026年3月", [30, 31], a1="早 休", a2="休 早"), "4月": month("2026年4月", [1, 2], a1="晚 休", a2="早 早"),
        "图例": LEGEND,
    }  # fmt: skip
    rota = read(write(tmp_path / "w.xlsx", sheets))
    assert [row[:2] + row[4:] for row in shifts(rota)] == [
        ("a1", "03-30", "早"), ("a1", "04-01", "晚"), ("a2", "03-31", "早"), ("a2", "04-01", "早"), ("a2", "04-02", "早"),
    ]  # fmt: skip
    assert (rota.first_day, rota.days) == (day_number(date(2026, 3, 30)), 4)
    assert told(rota) == []


def test_the_name_of_a_sheet_may_tell_the_month(tmp_path):
    sheets = {"2026年3月": [["工号", 2], ["a1", "早"]], "图例": LEGEND}
    assert shifts(read(write(tmp_path / "w.xlsx", sheets))) == [EARLY]


def test_a_sheet_a_team_and_other_sheets_are_named(tmp_path):
    sheets = {
        "A组": month("2026年3月", [2], a1="早"), "B组": month("2026年3月", [2], b1="晚"),
        "联系人": [["部门", "电话"], ["客服", "123"]], "空": [], "图例": LEGEND,
    }  # fmt: skip
    rota = read(write(tmp_path / "w.xlsx", sheets))
    assert [row[0] for row in shifts(rota)] == ["a1", "b1"]
    words = "the sheet was left out, without a column of people headed agent_id"
    assert len(told(rota)) == 1
    assert told(rota)[0].startswith(f"w.xlsx, sheet 联系人, row 1: {words}")


def test_days_that_no_sheet_has_and_people_missing_from_one_are_told(tmp_path):
    sheets = {
        "3月": month("2026年3月", [30], a1="早", a2="早"), "4月": month("2026年4月", [1, 2], a1="早 早"), "图例": LEGEND,
    }  # fmt: skip
    rota = read(write(tmp_path / "w.xlsx", sheets))
    assert told(rota) == [
        "w.xlsx: no sheet has 2026-03-31; these days were taken as days off.",
        "w.xlsx: a2 stands in no sheet with 2026-04-01 to 2026-04-02; taken as days off.",
    ]
    assert rota.notes[1].agent_id == "a2"


def test_two_sheets_that_contradict_one_another_are_named_and_the_shift_is_judged(tmp_path):
    sheets = {
        "A": month("2026年3月", [2, 3, 4, 5], a1="早 休 早 休"), "B": month("2026年3月", [2, 3, 4, 5], a1="早 晚 晚 休"),
        "图例": LEGEND,
    }  # fmt: skip
    rota = read(write(tmp_path / "w.xlsx", sheets))
    assert [(row[1], row[4]) for row in shifts(rota)] == [("03-02", "早"), ("03-03", "晚"), ("03-04", "早")]
    assert told(rota) == [
        "w.xlsx, sheet A, row 3, column C (2026-03-03): code '休' of a1 contradicts '晚' in "
        "w.xlsx, sheet B, row 3, column C (2026-03-03); '晚' was judged.",
        "w.xlsx, sheet B, row 3, column D (2026-03-04): code '晚' of a1 contradicts '早' in "
        "w.xlsx, sheet A, row 3, column D (2026-03-04); '早' was judged.",
    ]
    assert [(n.agent_id, n.day) for n in rota.notes] == [("a1", day_number(date(2026, 3, d))) for d in (3, 4)]


def test_a_person_twice_in_a_sheet_with_another_code_is_a_contradiction(tmp_path):
    rota = read(csv(tmp_path, f"{DAYS}a1,休,\na1,早 08:00-16:00,早 08:00-16:00\n"))
    assert [row[1] for row in shifts(rota)] == ["03-02", "03-03"]
    assert [s for s in told(rota) if "contradicts" in s] == [
        "s.csv, row 2, column B (2026-03-02): code '休' of a1 contradicts '早 08:00-16:00' in "
        "s.csv, row 3, column B (2026-03-02); '早 08:00-16:00' was judged."
    ]


def test_a_hidden_sheet_is_left_out_and_named_but_may_be_the_legend(tmp_path):
    sheets = {"3月": month("2026年3月", [2], a1="早"), "旧": month("2026年3月", [2], a1="晚"), "图例": LEGEND}
    rota = read(write(tmp_path / "w.xlsx", sheets, hidden="旧"))
    assert shifts(rota) == [EARLY]
    assert told(rota) == ["w.xlsx, sheet 旧: the sheet is hidden; it was left out."]
    del sheets["旧"]
    assert shifts(read(write(tmp_path / "v.xlsx", sheets, hidden="图例"))) == [EARLY]


def test_tables_one_below_the_other(tmp_path):
    text = f"{DAYS}a1,早,休\nA组 2026年4月,,\n工号,2026-04-01,2026-04-02\na1,休,早\n早 08:00-16:00,,\n"
    rota = read(csv(tmp_path, text))
    assert [row[1] for row in shifts(rota)] == ["03-02", "04-02"]
    assert not [s for s in told(rota) if "stands in row" in s]


# headers, totals, merged cells


def test_dates_merged_over_two_rows_and_people_merged_beside_them(tmp_path):
    rows = [
        ["2026年3月排班表"], ["序号", "部门", "工号", datetime(2026, 3, 2).date(), date(2026, 3, 3)], ["", "", "", "", ""],
        [1, "客服", "a1", "早", "休"], [2, "", "a2", "休", "早"],
    ]  # fmt: skip
    merged = [("3月", (0, 0, 0, 4)), *[("3月", (1, c, 2, c)) for c in range(5)], ("3月", (3, 1, 4, 1))]
    rota = read(write(tmp_path / "w.xlsx", {"3月": rows, "图例": LEGEND}, merged))
    assert [row[:2] for row in shifts(rota)] == [("a1", "03-02"), ("a2", "03-03")]
    assert told(rota) == []


def test_a_code_merged_over_days_is_each_days(tmp_path):
    rows = [["2026年3月"], ["工号", 2, 3, 4], ["A组"], ["a1", "早", "", "休"], ["a2", "休", "早", ""]]
    merged = [("3月", (3, 1, 3, 2)), ("3月", (4, 2, 4, 3)), ("3月", (2, 0, 2, 3))]
    rota = read(write(tmp_path / "w.xlsx", {"3月": rows, "图例": LEGEND}, merged))
    assert [row[:2] for row in shifts(rota)] == [
        ("a1", "03-02"),
        ("a1", "03-03"),
        ("a2", "03-03"),
        ("a2", "03-04"),
    ]
    assert told(rota) == []


def test_a_person_merged_with_the_column_beside_is_a_person(tmp_path):
    rows = [["2026年3月"], ["工号", "姓名", 2], ["a1", "", "早"]]
    rota = read(write(tmp_path / "w.xlsx", {"3月": rows, "图例": LEGEND}, [("3月", (2, 0, 2, 1))]))
    assert shifts(rota) == [EARLY]


def test_a_person_merged_over_two_rows_is_one(tmp_path):
    rows = [["2026年3月"], ["工号", 2, 3], ["a1", "早", ""], ["", "", "早"]]
    rota = read(write(tmp_path / "w.xlsx", {"3月": rows, "图例": LEGEND}, [("3月", (2, 0, 3, 0))]))
    assert [row[:2] for row in shifts(rota)] == [("a1", "03-02"), ("a1", "03-03")]


def test_a_second_column_below_a_merged_date_is_named(tmp_path):
    rows = [["2026年3月"], ["工号", 2, "", 3, ""], ["a1", "早", "晚", "早", "晚"]]
    rota = read(
        write(
            tmp_path / "w.xlsx", {"3月": rows, "图例": LEGEND}, [("3月", (1, 1, 1, 2)), ("3月", (1, 3, 1, 4))]
        )
    )
    words = "no date stands above it; the column was left out with 1 filled cell(s)."
    assert [s for s in told(rota) if "no date" in s] == [
        f"w.xlsx, sheet 3月, column {c}: {words}" for c in "CE"
    ]


def test_totals_are_nobody_and_no_day(tmp_path):
    text = (
        "工号,姓名,2026-03-02,2026-03-03,合计,早班小计\na1,甲,早,早,2,2\n小计,,1,1,2,2\na2,乙,休,早,1,1\n,合计,1,2,,\n"
        "总计人数,,1,2,,\n早,,1,2,,\nTotal,,1,2,,\n早 08:00-16:00,,,,,\n"
    )
    rota = read(csv(tmp_path, text))
    assert [row[:2] for row in shifts(rota)] == [("a1", "03-02"), ("a1", "03-03"), ("a2", "03-03")]
    assert told(rota)[:3] == [
        "s.csv, column E, headed '合计': totals, not a day; left out.",
        "s.csv, column F, headed '早班小计': totals, not a day; left out.",
        "s.csv, row(s) 3, 5, 6, 7, 8: totals, not people; left out.",
    ]


def test_remarks_are_nobody(tmp_path):
    rota = read(csv(tmp_path, f"{DAYS}a1,早 08:00-16:00,休\n备注,开会,\n说明：以上为草稿,,\n"))
    assert [s for s in told(rota) if "names no person" in s] == [
        "s.csv, row 3: '备注' names no person; left out with 1 cell(s)."
    ]


# cells


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("08:00-16:00", [("08:00", "16:00")]),
        ("８：００－１６：００", [("08:00", "16:00")]),
        ("0800-1600", [("08:00", "16:00")]),
        ("8:00 至 16:00", [("08:00", "16:00")]),
        ("22:00-06:00", [("22:00", "06:00")]),
        ("22:00-次日6:00", [("22:00", "06:00")]),
        ("22:00-06:00(+1)", [("22:00", "06:00")]),
        ("22:00-30:00", [("22:00", "06:00")]),
        ("16:00-15:59", [("16:00", "15:59")]),
        ("08:00-32:00", [("08:00", "08:00")]),
        ("08:00-次日08:00", [("08:00", "08:00")]),
        ("8:00–12:00/13:00–17:00", [("08:00", "12:00"), ("12:00", "13:00"), ("13:00", "17:00")]),
        ("\"8:00-12:00\n14:00-18:00\"", [("08:00", "12:00"), ("12:00", "14:00"), ("14:00", "18:00")]),
        ("8:00-12:00 / 14:01-18:00", [("08:00", "12:00"), ("14:01", "18:00")]),
        ("18:00-22:00/00:00-02:00", [("18:00", "22:00"), ("22:00", "00:00"), ("00:00", "02:00")]),
        ("班(08:00-16:00)", [("08:00", "16:00")]),
    ],
)  # fmt: skip
def test_times_stand_in_place_of_codes(tmp_path, cell, expected):
    rota = read(csv(tmp_path, f"{DAYS}a1,{cell},休\n"))
    assert [row[2:4] for row in shifts(rota)] == expected
    assert {row[1] for row in shifts(rota)} == {"03-02"}
    assert (rota.frame["end"] > rota.frame["start"]).all()


def test_a_split_shift_has_an_unpaid_break_up_to_two_hours_and_none_beyond(tmp_path):
    frame = read(csv(tmp_path, f"{DAYS}a1,8:00-12:00/14:00-18:00,8:00-12:00/14:01-18:00\n")).frame
    assert frame["activity"].tolist() == ["work:*", "meal", "work:*", "work:*", "work:*"]
    assert frame["paid"].tolist() == [True, False, True, True, True]
    assert set(frame["shift"]) == {"08:00-12:00/14:00-18:00", "08:00-12:00/14:01-18:00"}


def test_what_times_in_cells_do_not_tell_is_said(tmp_path):
    rota = read(csv(tmp_path, f"{DAYS}a1,8:00-16:00,8:00-12:00/13:00-17:00\n"))
    assert told(rota) == [
        "s.csv, 1 shift(s): times in cells tell no break; they were judged as worked without a break.",
        "s.csv, 1 shift(s): the time between two times of a cell was taken as an unpaid break.",
    ]


@pytest.mark.parametrize(
    "cell",
    [
        "8:99-12:00",
        "1234-5678",
        "25-26",
        "早(99:00-100:00)",
        "8:00-",
        "-8:00",
        "8:00-9:00-10:00",
        "08:00-08:00",
    ],
)
def test_what_is_no_time_is_no_shift(tmp_path, cell):
    rota = read(csv(tmp_path, f"{DAYS}a1,{cell},早\n早 08:00-16:00,,\n备注,电话 0411-9999,\n"))
    assert [row[1] for row in shifts(rota)] == ["03-03"]
    assert f"code {cell!r} is not in the legend; the cell of a1 was left out." in told(rota)[0]


@pytest.mark.parametrize("cell", ["早/晚", "早／晚", '"早\n晚"', "早、晚", "早 晚", "早+晚", "早班/晚班"])
def test_two_codes_in_a_cell_are_two_shifts(tmp_path, cell):
    legend = "代码,开始,结束,休息\n早,06:00,10:00,0\n晚,14:00,18:00,0\n"
    rota = read(csv(tmp_path, f"{DAYS}a1,{cell},休\n,,\n{legend}"))
    assert shifts(rota) == [("a1", "03-02", "06:00", "10:00", "早"), ("a1", "03-02", "14:00", "18:00", "晚")]


def test_two_codes_of_which_one_is_unknown_are_left_out_whole(tmp_path):
    rota = read(csv(tmp_path, f"{DAYS}a1,早/X,早\n早 08:00-16:00,,\n"))
    assert [row[1] for row in shifts(rota)] == ["03-03"]
    assert told(rota)[0].endswith("code '早/X' is not in the legend; the cell of a1 was left out.")


def test_two_codes_that_overlap_are_named(tmp_path):
    rota = read(csv(tmp_path, f"{DAYS}a1,早/晚,休\n早 08:00-16:00 晚 14:00-22:00,,\n"))
    assert any(
        "begins 120 min before the end of '早' on the same day; both were judged." in s for s in told(rota)
    )


def test_a_cell_that_tells_of_a_shift_and_a_day_off_is_named_and_the_shift_judged(tmp_path):
    rota = read(csv(tmp_path, f"{DAYS}a1,休/早,早\n早 08:00-16:00,,\n"))
    assert [row[1] for row in shifts(rota)] == ["03-02", "03-03"]
    assert told(rota)[0] == (
        "s.csv, row 2, column B (2026-03-02): the cell '休/早' of a1 tells of a shift and of a day off; "
        "the shift was judged."
    )


def test_days_off_that_the_legend_lacks_are_counted(tmp_path):
    rota = read(csv(tmp_path, f"{DAYS}a1,早,休\na2,OFF,休\n早 08:00-16:00,,\n"))
    assert [s for s in told(rota) if "day off" in s] == [
        "s.csv: code '休' is not in the legend; it was taken as a day off in 2 cell(s).",
        "s.csv: code 'OFF' is not in the legend; it was taken as a day off in 1 cell(s).",
    ]


def test_many_faulty_cells_are_told_up_to_a_thousand(tmp_path):
    rows = "".join(f"a{k},X,早\n" for k in range(MOST_NOTES + 5))
    rota = read(csv(tmp_path, f"{DAYS}{rows}早 08:00-16:00,,\n"))
    assert sum("code 'X'" in s for s in told(rota)) == MOST_NOTES
    assert told(rota)[-1] == "... and 5 more like these: codes that are not in the legend."
    named = told(read_wide_rota(tmp_path / "s.csv", None, SHANGHAI, listed={"b"}))
    assert sum("is not on the list" in s for s in named) == MOST_NOTES
    assert "... and 5 more like these: people who are not on the list." in named[-2:]


# zones


@pytest.mark.parametrize("cell", ["Asia/Manila", "UTC+8", "北京时间", "GMT+08:00"])
def test_a_row_with_a_time_zone_is_read_in_it(tmp_path, cell):
    text = f"工号,时区,2026-03-02\na1,{cell},早\na2,America/Chicago,早\na3,,早\n早 08:00-16:00,,\n"
    rota = read(csv(tmp_path, text), ZoneInfo("UTC"))
    starts = [f"{start:%m-%dT%H}" for start in rota.frame["start"]]
    assert starts == ["03-02T00", "03-02T14", "03-02T08"]
    assert sorted(rota.zones) == ["a1", "a2"]


def test_zones_that_are_none_or_two_are_named_and_sites_need_not_be_zones(tmp_path):
    text = "工号,时区,2026-03-02\na1,Mars/Base,早\na2,UTC,早\na2,Asia/Manila,\n早 08:00-16:00,,\n"
    named = told(read(csv(tmp_path, text), ZoneInfo("UTC")))
    assert "s.csv, row 2: 'Mars/Base' is no time zone; a1 was read in the clock of the whole rota." in named
    assert "s.csv, row 4: a2 has the time zone UTC already; Asia/Manila was left out." in named
    text = "工号,站点,2026-03-02\na1,大连,早\na2,Asia/Manila,早\n早 08:00-16:00,,\n"
    rota = read(csv(tmp_path, text), ZoneInfo("UTC"))
    assert sorted(rota.zones) == ["a2"]
    assert not [s for s in told(rota) if "zone" in s]


# what is wide


@pytest.mark.parametrize(
    ("text", "wide"),
    [
        (f"{DAYS}a1,早,休\n", True),
        ("工号,1,2\na1,早,休\n", True),
        ("agent_id,day,start,end\na1,2026-03-02,2026-03-02T08:00,2026-03-02T16:00\n", False),
        ("agent_id,day,start\na1,2026-03-02,2026-03-02T08:00\n", False),
        ("agent_id,clock_in,clock_out\na1,2026-03-02,2026-03-02\n", False),
        ("agent_id,name,starts_on\na1,x,2026-03-02\n", False),
        ("", False),
    ],
)
def test_which_files_are_wide(tmp_path, text, wide):
    assert is_wide_file(csv(tmp_path, text)) is wide


def test_a_file_that_cannot_be_read_is_not_wide(tmp_path):
    (tmp_path / "x.xlsx").write_bytes(b"no workbook")
    assert wide_sheets(tmp_path / "x.xlsx") == wide_sheets(tmp_path / "none.csv") == []
    with pytest.raises(BadInput, match=r"a spreadsheet in \.xlsx format"):
        read(tmp_path / "x.xlsx")


@pytest.mark.parametrize(
    "sheets", [{"a": [], "b": []}, {"图例": LEGEND}, {"图例": LEGEND, "x": [["a", "b"]]}]
)
def test_a_workbook_without_a_wide_sheet_is_refused(tmp_path, sheets):
    with pytest.raises(BadInput):
        read(write(tmp_path / "w.xlsx", sheets))
