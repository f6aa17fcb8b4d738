"""`paiban audit --legend`: a wide Chinese workbook with a merged title, judged from the command line."""

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from api.any_rota import any_rota, with_zones
from centre.wide.rota import column_name
from scheduler.rules.facts import Facts, Person

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
LEGEND = """code,start,end,break_minutes,paid
早,08:00,16:00,60,true
晚,13:00,21:00,60,true
夜,22:00,06:00,60,true
休,,,,
年假,,,,
"""


def workbook(path: Path, rows: list[list[object]], merged: str) -> Path:
    """A minimal workbook: one sheet of inline texts and numbers with one merged range."""

    def cell(row: int, place: int, value: object) -> str:
        at = f"{column_name(place)}{row}"
        if isinstance(value, int):
            return f'<c r="{at}"><v>{value}</v></c>'
        return f'<c r="{at}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>' if value else ""

    lines = "".join(
        f'<row r="{r}">{"".join(cell(r, k, value) for k, value in enumerate(row))}</row>'
        for r, row in enumerate(rows, start=1)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KIND}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="3月" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship '
        f'Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{lines}</sheetData>'
        f'<mergeCells count="1"><mergeCell ref="{merged}"/></mergeCells></worksheet>',
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{content}')
    return path


@pytest.fixture
def sheet(tmp_path):
    """A fortnight of April: title merged over the sheet, day numbers, weekdays, codes."""

    def sheet_(*people: tuple[str, str]) -> Path:
        days = list(range(17, 31))
        rows: list[list[object]] = [["客服中心 2026年4月排班表"], ["工号", "姓名", *days]]
        rows.append(["", "", *("五六日一二三四五六日一二三四")])
        rows += [[agent_id, "某某", *codes.split()] for agent_id, codes in people]
        return workbook(tmp_path / "schedule.xlsx", rows, "A1:P1")

    (tmp_path / "legend.csv").write_text(LEGEND, encoding="utf-8")
    return sheet_


def words(path: Path, rules: str) -> list[object]:
    legend = path.parent / "legend.csv"
    return ["audit", path, "--legend", legend, "--rules", rules, "--timezone", "Asia/Shanghai"]


REST = "早 早 早 早 早 休 休 晚 晚 晚 晚 年假 休 休"


def test_a_clean_sheet_has_no_breach(sheet, run):
    code, told = run(*words(sheet(("a1", REST)), "cn-labour,eu-wtd"))
    assert (code, told["by_rule"]) == (0, {})
    notes = [v["explanation"] for v in told["violations"] if v["rule"] == "file"]
    assert len(notes) == 1
    assert "9 shift(s): the legend tells how long breaks are, not when" in notes[0]


@pytest.mark.parametrize(("start", "found"), [("08:00", None), ("07:59", 659.0)])
def test_rest_from_one_cell_to_the_next_to_the_minute(sheet, run, start, found):
    path = sheet(("a1", REST.replace("早 休 休", "晚 早 休")))
    legend = path.parent / "legend.csv"
    legend.write_text(LEGEND.replace("早,08:00", f"早,{start}"), encoding="utf-8")
    told = run(*words(path, "eu-wtd"))[1]
    breaches = [v for v in told["violations"] if v["verdict"] == "breach"]
    assert [(v["rule"], v["agent_id"], v["found"], v["limit"]) for v in breaches] == (
        [("rest-between-shifts", "a1", found, 660.0)] if found else []
    )


def test_a_bad_cell_does_not_hide_the_breach_of_another(sheet, run, tmp_path):
    path = sheet(
        ("a1", REST.replace("早 休", "? 休")), ("a2", REST.replace("早 休 休", "夜 早 休")), ("a1", "")
    )
    code, told = run(*words(path, "eu-wtd"), "--out", tmp_path / "v.csv")
    assert code == 1
    assert told["by_rule"]["rest-between-shifts"] == 1
    notes = {v["explanation"]: v for v in told["violations"] if v["rule"] == "file"}
    cell = "schedule.xlsx, row 4, column G (2026-04-21): code '?' is not in the legend; the cell of a1 was left out."
    assert (notes[cell]["agent_id"], notes[cell]["from"]) == ("a1", "2026-04-20T16:00:00Z")
    assert "schedule.xlsx, row 6: a1 stands in row 4 already; the two were read as one person." in notes
    assert all(v["verdict"] == "not_checked" for v in notes.values())
    assert "file" in set(pd.read_csv(tmp_path / "v.csv")["rule"])
    assert "某某" not in str(told)


def test_people_not_on_the_list_are_named(sheet, run, tmp_path):
    (tmp_path / "agents.csv").write_text(
        "agent_id,name,team,level,skills,contract\na1,甲,t,senior,q,c\n", encoding="utf-8"
    )
    path = sheet(("a1", REST), ("a7", REST))
    told = run(*words(path, "cn-labour"), "--agents", tmp_path / "agents.csv")[1]
    named = [v["agent_id"] for v in told["violations"] if "not on the list" in v["explanation"]]
    assert named == ["a7"]


def test_a_sheet_is_judged_by_a_centre_too(sheet, run, folder, tmp_path):
    words_ = ["audit", sheet(("a1", REST)), "--legend", tmp_path / "legend.csv", "--centre", folder]
    code, told = run(*words_)
    assert code == 1
    assert told["by_rule"]["known-people"] == 1


def test_a_faulty_legend_is_bad_input(sheet, run):
    path = sheet(("a1", REST))
    (path.parent / "legend.csv").write_text("code,start,end\n早,8点,16:00\n", encoding="utf-8")
    code, told = run(*words(path, "cn-labour"))
    assert code == 2
    assert "legend.csv" in str(told)


def test_a_sheet_that_explains_itself_needs_no_legend(sheet, run, tmp_path):
    path = sheet(("a1", REST.replace("早 休 休", "晚 早 休")), ("图例：早 07:59-16:00 晚 13:00-21:00", ""))
    code, told = run("audit", path, "--rules", "eu-wtd", "--timezone", "Asia/Shanghai")
    breaches = [
        v for v in told["violations"] if v["verdict"] == "breach" and v["rule"] == "rest-between-shifts"
    ]
    assert (code, [(v["agent_id"], v["found"], v["limit"]) for v in breaches]) == (1, [("a1", 659.0, 660.0)])
    assert run("audit", path, "--rules", "eu-wtd")[1]["warnings"]  # no time zone was given


def test_codes_without_a_legend_are_bad_input_that_says_what_to_do(sheet, run):
    code, told = run("audit", sheet(("a1", REST)), "--rules", "eu-wtd", "--timezone", "Asia/Shanghai")
    assert code == 2
    fault = told["faults"][0]
    assert (fault["file"], fault["found"]) == ("schedule.xlsx", "codes 早, 晚")
    assert "a sheet named 图例" in fault["expected"]
    assert "--legend FILE" in fault["expected"]


def test_a_sheet_of_days_without_a_month_is_told_as_such(run, tmp_path):
    path = tmp_path / "s.csv"
    path.write_text("工号,1,2\na1,早,休\n", encoding="utf-8")
    code, told = run("audit", path, "--rules", "eu-wtd")
    assert code == 2
    assert "no title above tells the year and month" in str(told)


def test_rules_judge_people_in_the_clocks_of_their_rows(tmp_path):
    path = tmp_path / "s.csv"
    path.write_text(
        "工号,时区,2026-04-13\na1,America/Chicago,早\na2,,早\n早 07:00-15:00,,\n", encoding="utf-8"
    )
    read = any_rota(path, None, ZoneInfo("UTC"))
    facts = with_zones(Facts(ZoneInfo("UTC"), 20556, 1), read)
    assert {name: person.zone for name, person in (facts.people or {}).items()} == {
        "a1": ZoneInfo("America/Chicago"), "a2": None,
    }  # fmt: skip
    listed = Facts(ZoneInfo("UTC"), 20556, 1, people={"a1": Person("a1", team="t"), "b": Person("b")})
    people = with_zones(listed, read).people or {}
    assert {name: (person.team, person.zone) for name, person in people.items()} == {
        "a1": ("t", ZoneInfo("America/Chicago")), "b": ("", None),
    }  # fmt: skip
