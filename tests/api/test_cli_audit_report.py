"""`paiban audit --report` and `--verify`: the four files agree, are repeatable, and say when they were changed."""

import csv
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from api.cli import main

HEAD = "agent_id,day,start,end,activity,shift,paid\n"
JUDGE = ("--rules", "eu-wtd,uk-wtr,cn-labour", "--timezone", "Asia/Shanghai")


def write_rota(path: Path) -> Path:
    """Two people: 王1 rests 659 min, =B2 works 8 h and 1 min without a break."""
    rows = [
        ("王1", "2026-03-02", "2026-03-02T01:00Z", "2026-03-02T06:00Z"),
        ("王1", "2026-03-03", "2026-03-02T16:59Z", "2026-03-02T21:00Z"),
        ("=B2", "2026-03-02", "2026-03-02T01:00Z", "2026-03-02T09:01Z"),
    ]
    lines = [f"{agent},{day},{start},{end},work:*,早,true\n" for agent, day, start, end in rows]
    path.write_text(HEAD + "".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def rota(tmp_path: Path) -> Path:
    return write_rota(tmp_path / "rota.csv")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report on that rota, not to be changed."""
    place = tmp_path_factory.mktemp("template")
    words = ["audit", write_rota(place / "rota.csv"), *JUDGE, "--report", place / "report"]
    assert main([str(word) for word in words]) == 1
    return place / "report"


@pytest.fixture
def reported(template: Path, tmp_path: Path) -> Path:
    """The report, to be changed."""
    return Path(shutil.copytree(template, tmp_path / "report"))


def verify(*words: object, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    capsys.readouterr()
    code = main(["audit", *map(str, words)])
    return code, capsys.readouterr().out


def edit_cell(folder: Path, row: int, column: str, value: str) -> None:
    path = folder / "violations.csv"
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    rows[row][rows[0].index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


def test_the_four_files_agree(reported, rota, run):
    table = pd.read_csv(reported / "violations.csv", keep_default_na=False, dtype=str)
    assert list(table.columns)[:10] == [
        "rule", "source", "agent_id", "from", "to", "found", "limit", "unit", "verdict", "explanation",
    ]  # fmt: skip
    assert list(table.columns)[10:] == ["short", "team", "shifts", "mend", "id"]
    told = json.loads((reported / "audit.json").read_text(encoding="utf-8"))
    assert told["columns"] == list(table.columns)
    assert told["findings"] == table.to_numpy().tolist()
    assert table["id"].is_unique
    page = (reported / "audit.html").read_text(encoding="utf-8")
    sheets = CalamineWorkbook.from_path(reported / "audit.xlsx")
    summary = [cell for row in sheets.get_sheet_by_name("Summary").to_python() for cell in row]
    assert told["digest"]["value"] in page
    assert told["digest"]["value"] in summary
    rest = table[(table["rule"] == "rest-between-shifts") & (table["verdict"] == "breach")]
    assert set(rest["short"]) == {"1"}
    assert len(sheets.get_sheet_by_name("rest-between-shifts").to_python()) == 1 + len(rest)
    code, data = run("audit", rota, *JUDGE)
    assert [v["id"] for v in data["violations"]] == list(table["id"])
    assert code == 1


def test_the_same_input_gives_the_same_bytes_wherever_it_lies(reported, rota, tmp_path, run):
    other = tmp_path / "elsewhere" / "rota.csv"
    other.parent.mkdir()
    other.write_bytes(rota.read_bytes())
    run("audit", other, *JUDGE, "--report", tmp_path / "again")
    for name in ("violations.csv", "audit.json", "audit.xlsx", "audit.html"):
        assert (reported / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


def test_a_report_that_is_as_it_was_verifies(reported, rota, capsys):
    code, told = verify("--verify", reported, capsys=capsys)
    assert code == 0
    assert "unchanged" in told
    assert verify(rota, "--verify", reported, capsys=capsys)[0] == 0


def test_a_changed_finding_is_named(reported, capsys):
    name = pd.read_csv(reported / "violations.csv")["id"][0]
    edit_cell(reported, 1, "found", "700")
    code, told = verify("--verify", reported, capsys=capsys)
    assert code == 1
    assert f"violations.csv: finding {name} has another found." in told


def test_another_rota_is_told(reported, rota, capsys):
    with rota.open("a", encoding="utf-8") as stream:
        stream.write("王1,2026-03-05,2026-03-05T01:00Z,2026-03-05T06:00Z,work:*,早,true\n")
    code, told = verify(rota, "--verify", reported, capsys=capsys)
    assert code == 1
    assert "it is not the file that was judged" in told


def test_lines_tell_minutes_short_mends_near_misses_teams_and_what_binds(rota, tmp_path, capsys):
    agents = tmp_path / "agents.csv"
    agents.write_text(
        "agent_id,name,team,level,skills,contract,born_on\n"
        "王1,,夜班组,junior,q,full,1990-01-01\n=B2,,白班组,junior,q,full,1990-01-01\n",
        encoding="utf-8",
    )
    words = ["audit", str(rota), *JUDGE, "--agents", str(agents), "--mend", "--near", "241"]
    assert main(words) == 1
    lines = capsys.readouterr().out.splitlines()
    (rest,) = [
        line for line in lines if line.startswith("BREACH rest-between-shifts") and "eu-wtd" not in line
    ][:1]
    assert "found 659 minutes, required 660, 1 short" in rest
    assert "MEND: Shift of 2026-03-0" in rest
    assert any(line.startswith("NEAR daily-hours · 王1") for line in lines)  # 241 min: 239 below 480
    assert any(line.startswith("team 夜班组: ") and line.endswith(", 1 of 1 people") for line in lines)
    assert any(line.startswith("rest-between-shifts binds by eu-wtd: Directive") for line in lines)


def test_without_mend_none_is_looked_for(rota, run):
    assert not any(v["mend"] for v in run("audit", rota, *JUDGE)[1]["violations"])
    found = run("audit", rota, *JUDGE, "--mend")[1]["violations"]
    assert all(v["mend"] for v in found if v["verdict"] == "breach")
    assert not any(v["mend"] for v in found if v["verdict"] != "breach")


def test_a_report_looks_for_mends_unless_told_not_to(reported, rota, tmp_path, run):
    assert pd.read_csv(reported / "violations.csv")["mend"].notna().any()
    run("audit", rota, *JUDGE, "--report", tmp_path / "plain", "--no-mend")
    assert pd.read_csv(tmp_path / "plain" / "violations.csv")["mend"].isna().all()


def test_no_more_than_200_lines_whatever_is_found(tmp_path, capsys):
    lines = [
        f"a{k:03d},2026-03-{day:02d},2026-03-{day:02d}T00:00Z,2026-03-{day:02d}T{13 + k % 2}:00Z,work:*,x,true\n"
        for k in range(30)
        for day in range(2, 9)
    ]
    path = tmp_path / "long.csv"
    path.write_text(HEAD + "".join(lines), encoding="utf-8")
    words = ["audit", str(path), *JUDGE, "--near", "400", "--report", str(tmp_path / "r"), "--no-mend"]
    assert main(words) == 1
    told = capsys.readouterr().out.splitlines()
    assert len(told) <= 200
    (more,) = [line for line in told if line.endswith(" more breaches")]
    shown = sum(line.startswith("BREACH") for line in told)
    breaches = pd.read_csv(tmp_path / "r" / "violations.csv")["verdict"].eq("breach").sum()
    assert more == f"... and {breaches - shown:,} more breaches"
    assert any(line.endswith(" more near") for line in told)


def test_an_exception_is_listed_with_its_reason_and_is_no_breach(rota, tmp_path, run, capsys):
    (tmp_path / "exceptions.csv").write_text(
        "rule,agent_id,start,end,reason,approved_by\n"
        "rest-between-shifts,王1,2026-03-02,2026-03-03,flood,Li\n",
        encoding="utf-8",
    )
    words = ["audit", rota, *JUDGE, "--exceptions", tmp_path / "exceptions.csv"]
    code, told = run(*words)
    assert (code, told["excepted"]) == (1, 2)  # two laws ask for that rest; other rules are still broken
    assert "rest-between-shifts" not in told["by_rule"]
    main(list(map(str, words)))
    assert "EXCEPTED rest-between-shifts · 王1" in capsys.readouterr().out


def test_a_chinese_report(rota, tmp_path, run):
    run("audit", rota, *JUDGE, "--report", tmp_path / "zh", "--lang", "zh")
    page = (tmp_path / "zh" / "audit.html").read_text(encoding="utf-8")
    assert '<html lang="zh-Hans">' in page
    assert "班次间休息" in page
    names = CalamineWorkbook.from_path(tmp_path / "zh" / "audit.xlsx").sheet_names
    assert {"概要", "班次间休息", "每日工时", "未检查"} <= set(names)


def test_a_signed_report_is_checked_by_its_key(rota, tmp_path, run):
    key, other, report = tmp_path / "key", tmp_path / "other", tmp_path / "signed"
    key.write_text("only HR knows this\n", encoding="utf-8")
    other.write_text("somebody else's key", encoding="utf-8")
    run("audit", rota, *JUDGE, "--report", report, "--sign-key", key)
    code, told = run("audit", "--verify", report, "--sign-key", key)
    assert (code, told["verified"], told["changed"]) == (0, True, [])
    key.write_bytes(b"only HR knows this\r\n")  # as an editor on Windows leaves it
    assert run("audit", "--verify", report, "--sign-key", key)[0] == 0
    code, told = run("audit", "--verify", report, "--sign-key", other)
    assert code == 1
    assert "another key" in told["changed"][0]
    assert run("audit", rota, "--verify", report)[0] == 0


def test_a_changed_page_and_a_missing_workbook_are_told(reported, run):
    with (reported / "audit.html").open("a", encoding="utf-8") as stream:
        stream.write(" ")
    (reported / "audit.xlsx").unlink()
    code, told = run("audit", "--verify", reported)
    assert code == 1
    assert told["changed"] == ["audit.xlsx: it is missing.", "audit.html: it is not as it was written."]


def test_line_ends_and_quotes_of_another_program_change_nothing(reported, run):
    path = reported / "violations.csv"
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(rows)
    assert run("audit", "--verify", reported)[0] == 0


@pytest.mark.parametrize("name", ["audit.json", "violations.csv"])
@pytest.mark.parametrize("junk", [None, b"\xff\xfe\x00junk", b"[]", b""])
def test_what_is_no_report_is_bad_input_or_changed(reported, run, name, junk):
    path = reported / name
    path.unlink()
    if junk is not None:
        path.write_bytes(junk)
    assert run("audit", "--verify", reported)[0] in ((1, 2) if name == "violations.csv" else (2,))


@pytest.mark.parametrize(("words", "file"), [
    (["--rules", "eu-wtd"], "ROTA"), (["r.csv"], "command line"), (["r.csv", "--rules", "eu-wtd", "--near", "-1"], "--near"),
    (["r.csv", "--rules", "eu-wtd", "--sign-key", "k"], "--sign-key"), (["--verify", "no-such-folder"], "no-such-folder/audit.json"),
])  # fmt: skip
def test_options_that_make_no_sense(run, words, file):
    code, told = run("audit", *words)
    assert (code, told["faults"][0]["file"]) == (2, file)


def test_faults_are_told_before_the_work(rota, tmp_path, run):
    (tmp_path / "short").write_text("0123456789", encoding="utf-8")
    words = ["audit", rota, *JUDGE, "--report", tmp_path / "r", "--sign-key", tmp_path / "short"]
    code, told = run(*words)
    assert (code, told["faults"][0]["found"]) == (2, "10 bytes")
    code, told = run("audit", rota, *JUDGE, "--report", tmp_path)
    assert (code, told["faults"][0]["file"]) == (2, "--report")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rota.csv", "short"]


def test_an_earlier_report_is_replaced(reported, rota, run):
    (reported / "note.txt").write_text("mine", encoding="utf-8")
    assert run("audit", rota, *JUDGE, "--report", reported)[0] == 1
    assert not (reported / "note.txt").exists()
