"""A wide Chinese workbook made with XlsxWriter, imported, audited, edited and imported again as a difference."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from api.cli import main

LEGEND = [
    ["代码", "开始", "结束", "休息(分钟)", "带薪"],
    ["早", "07:00", "15:00", 60, "是"],
    ["中", "13:00", "21:00", 60, "是"],
    ["晚", "22:00", "06:00", 60, "是"],
    ["休", "", "", "", ""],
]
FORTNIGHT = {
    "1001": "早 早 早 早 早 休 休 中 中 中 中 中 休 休",
    "1002": "中 中 中 中 休 休 早 早 早 早 早 休 休 休",
    "1003": "休 晚 晚 晚 晚 休 休 休 晚 晚 晚 晚 休 休",
}
Sheet = Callable[..., Path]


@pytest.fixture
def sheet(tmp_path) -> Sheet:
    """April's second half: a title merged over the sheet, day numbers, weekdays, codes; a legend sheet."""

    def sheet_(name: str, **changed: str) -> Path:
        book = xlsxwriter.Workbook(str(tmp_path / name))
        page = book.add_worksheet("4月")
        page.merge_range(0, 0, 0, 15, "客服中心 2026年4月排班表")
        page.write_row(1, 0, ["工号", "姓名", *range(13, 27)])
        page.write_row(2, 2, [*("一二三四五六日" * 2)])
        for row, (agent_id, codes) in enumerate((FORTNIGHT | changed).items(), start=3):
            page.write_row(row, 0, [agent_id, "某某", *codes.split()])
        legend = book.add_worksheet("图例")
        for row, cells in enumerate(LEGEND):
            legend.write_row(row, 0, cells)
        book.close()
        return tmp_path / name

    return sheet_


def words(path: Path) -> list[object]:
    return ["audit", path, "--rules", "eu-wtd", "--timezone", "Asia/Shanghai"]


def edited(agent_id: str, place: int, code: str) -> dict[str, str]:
    codes = FORTNIGHT[agent_id].split()
    codes[place] = code
    return {agent_id: " ".join(codes)}


def test_a_wide_workbook_is_imported_audited_edited_and_imported_again(sheet, run, tmp_path):
    old = sheet("old.xlsx")
    code, told = run(*words(old))
    assert (code, told["by_rule"]) == (0, {})
    new = sheet("new.xlsx", **edited("1002", 4, "早"))  # 中 ends at 21:00, 早 begins at 07:00: 10 h
    code, told = run(*words(new), "--against", old)
    found = told["difference"]
    assert code == 1
    assert found["changed"] == [
        {"agent_id": "1002", "day": "2026-04-17", "before": "", "after": "早 07:00-15:00 (60 min break)"}
    ]
    assert [(b["rule"], b["agent_id"], b["from"], b["found"], b["limit"]) for b in found["new"]] == [
        ("rest-between-shifts", "1002", "2026-04-16T13:00:00Z", 600.0, 660.0)
    ]
    assert found["counts"] == {"new": 1, "gone": 0, "remaining": 0}
    code, told = run(*words(old), "--against", new)  # and back again
    assert (code, told["difference"]["counts"]) == (0, {"new": 0, "gone": 1, "remaining": 0})
    assert [c["after"] for c in told["difference"]["changed"]] == [""]


def test_a_breach_that_was_there_remains(sheet, run):
    old = sheet("old.xlsx", **edited("1002", 4, "早"))
    new = sheet("new.xlsx", **(edited("1002", 4, "早") | edited("1001", 6, "中")))
    code, told = run(*words(new), "--against", old)
    counts = told["difference"]["counts"]
    assert (code, counts["remaining"], counts["gone"]) == (1, 1, 0)
    assert [c["agent_id"] for c in told["difference"]["changed"]] == ["1001"]


def test_lines_tell_the_change_and_what_it_breaks(sheet, capsys):
    old, new = sheet("old.xlsx"), sheet("new.xlsx", **edited("1002", 4, "早"))
    assert main([str(word) for word in [*words(new), "--against", old]]) == 1
    told = capsys.readouterr().out
    assert "Against old.xlsx: 1 changed day\n" in told
    assert "CHANGED 1002 · 2026-04-17 · off → 早 07:00-15:00 (60 min break)\n" in told
    assert "NEW BREACH rest-between-shifts · 1002" in told
    assert told.endswith("1 new, 0 gone, 0 remaining (breaches)\n")


def test_what_is_written_is_read_as_the_same_rota(sheet, run, tmp_path):
    from zoneinfo import ZoneInfo

    from centre.wide.rota import read_wide_rota
    from centre.wide.writing import write_wide_rota
    from scheduler.rota import Rota

    shanghai = ZoneInfo("Asia/Shanghai")
    rota = read_wide_rota(sheet("old.xlsx"), None, shanghai)
    days = {"first_day": rota.first_day, "days": rota.days}
    told = write_wide_rota(tmp_path / "again.xlsx", rota.frame, shanghai, title="=2+3", **days)
    assert told == []
    again = read_wide_rota(tmp_path / "again.xlsx", None, shanghai)
    pd.testing.assert_frame_equal(
        Rota.from_frame(again.frame).to_frame(), Rota.from_frame(rota.frame).to_frame()
    )
    page = CalamineWorkbook.from_path(str(tmp_path / "again.xlsx")).get_sheet_by_index(0)
    assert page.merged_cell_ranges == [((0, 0), (0, 14))]
    assert page.to_python()[0][0].startswith("=2+3 2026-04-13")
    code, found = run(*words(tmp_path / "again.xlsx"), "--against", tmp_path / "old.xlsx")
    assert (code, found["difference"]["changed"]) == (0, [])


def test_rota_csv_against_rota_csv(run, tmp_path):
    head = "agent_id,day,start,end,activity,shift,paid\n"
    row = "a1,2026-04-{0},2026-04-{0}T{1}:00Z,2026-04-{0}T{2}:00Z,work:*,D,true\n"
    old, new = tmp_path / "old.csv", tmp_path / "rota.csv"
    old.write_text(
        head + row.format(13, "08:00", "16:00") + row.format(14, "08:00", "16:00"), encoding="utf-8"
    )
    new.write_text(
        head + row.format(13, "13:00", "22:00") + row.format(14, "08:00", "16:00"), encoding="utf-8"
    )
    code, told = run("audit", new, "--rules", "eu-wtd", "--timezone", "UTC", "--against", old)
    found = told["difference"]
    assert (code, found["against"], found["left_out"]) == (1, "old.csv", "")
    assert found["changed"] == [
        {"agent_id": "a1", "day": "2026-04-13", "before": "D 08:00-16:00", "after": "D 13:00-22:00"}
    ]
    new_rest = [b for b in found["new"] if b["rule"] == "rest-between-shifts"]
    assert [(b["found"], b["limit"], b["from"], b["to"]) for b in new_rest] == [
        (600.0, 660.0, "2026-04-13T22:00:00Z", "2026-04-14T08:00:00Z")
    ]
    # a folder of results is compared by its rota.csv
    (tmp_path / "week").mkdir()
    (tmp_path / "week" / "rota.csv").write_text(old.read_text(encoding="utf-8"), encoding="utf-8")
    assert run("audit", new, "--rules", "eu-wtd", "--against", tmp_path / "week")[1]["difference"]["changed"]


def test_days_that_only_one_file_has_are_said(sheet, run, tmp_path):
    new = sheet("new.xlsx")
    book = xlsxwriter.Workbook(str(tmp_path / "part.xlsx"))
    page = book.add_worksheet()
    page.write_row(0, 0, ["2026年4月", "", "早 07:00-15:00"])
    page.write_row(1, 0, ["工号", 12, 13, 14])
    page.write_row(2, 0, ["1001", "早", "早", "休"])
    book.close()
    found = run(*words(new), "--against", tmp_path / "part.xlsx")[1]["difference"]
    assert [(c["agent_id"], c["day"]) for c in found["changed"]] == [
        ("1001", "2026-04-13"), ("1001", "2026-04-14"), ("1002", "2026-04-13"), ("1002", "2026-04-14"), ("1003", "2026-04-14"),
    ]  # fmt: skip
    assert found["left_out"] == (
        "part.xlsx covers 2026-04-13 to 2026-04-14 of the days judged; breaches on others are told as new. "
        "1 row(s) of part.xlsx lie outside the days judged and were not compared. "
        "part.xlsx has 2 finding(s) of its own about the file; audit it to see them."
    )


def test_a_legend_file_serves_both_sheets(run, tmp_path):
    (tmp_path / "legend.csv").write_text(
        "code,start,end,break_minutes\n早,07:00,15:00,60\n休,,,\n", encoding="utf-8"
    )
    for name, code in (("old.csv", "休"), ("new.csv", "早")):
        (tmp_path / name).write_text(f"工号,2026-04-13\n1001,{code}\n", encoding="utf-8")
    legend = ["--legend", tmp_path / "legend.csv"]
    found = run(*words(tmp_path / "new.csv"), *legend, "--against", tmp_path / "old.csv")[1]["difference"]
    assert [c["after"] for c in found["changed"]] == ["早 07:00-15:00 (60 min break)"]


def test_an_old_file_that_cannot_be_read_is_bad_input(sheet, run, tmp_path):
    code, told = run(*words(sheet("new.xlsx")), "--against", tmp_path / "none.xlsx")
    assert code == 2
    assert "none.xlsx" in str(told)


def test_a_row_with_its_own_zone_is_judged_and_told_in_it(run, tmp_path):
    text = "工号,时区,2026-04-13,2026-04-14\na1,America/Chicago,{},早\n早 07:00-15:00，中 14:00-22:00,,,\n"
    for name, code in (("old.csv", "早"), ("new.csv", "中")):
        (tmp_path / name).write_text(text.format(code), encoding="utf-8")
    code, told = run(*words(tmp_path / "new.csv"), "--against", tmp_path / "old.csv")
    found = told["difference"]
    assert [c["after"] for c in found["changed"]] == ["中 14:00-22:00"]
    rest = [b for b in found["new"] if b["rule"] == "rest-between-shifts"]
    assert [(b["found"], b["from"]) for b in rest] == [(540.0, "2026-04-14T03:00:00Z")]
    assert code == 1


def test_a_breach_that_somebody_answers_for_is_neither_new_nor_gone(sheet, run, tmp_path):
    (tmp_path / "exceptions.csv").write_text(
        "rule,agent_id,start,end,reason\nrest-between-shifts,1002,2026-04-13,2026-04-19,swap\n",
        encoding="utf-8",
    )
    exceptions = ["--exceptions", tmp_path / "exceptions.csv"]
    broken, clean = sheet("broken.xlsx", **edited("1002", 4, "早")), sheet("clean.xlsx")
    for new, old in ((broken, clean), (clean, broken)):
        code, told = run(*words(new), *exceptions, "--against", old)
        assert (code, told["difference"]["counts"]) == (0, {"new": 0, "gone": 0, "remaining": 0})
