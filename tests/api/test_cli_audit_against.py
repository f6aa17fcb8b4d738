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

    from centre.wide_rota import read_wide_rota
    from centre.wide_writing import write_wide_rota
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
