"""`paiban audit --report` and `--verify`: the four files agree, are repeatable, and say when they were changed."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from api.cli import main

HEAD = "agent_id,day,start,end,activity,shift,paid\n"
JUDGE = ("--rules", "eu-wtd,uk-wtr,cn-labour", "--timezone", "Asia/Shanghai")


@pytest.fixture
def rota(tmp_path: Path) -> Path:
    """Two people: 王1 rests 659 min, =B2 works 8 h and 1 min without a break."""
    rows = [
        ("王1", "2026-03-02", "2026-03-02T01:00Z", "2026-03-02T06:00Z"),
        ("王1", "2026-03-03", "2026-03-02T16:59Z", "2026-03-02T21:00Z"),
        ("=B2", "2026-03-02", "2026-03-02T01:00Z", "2026-03-02T09:01Z"),
    ]
    path = tmp_path / "rota.csv"
    lines = [f"{agent},{day},{start},{end},work:*,早,true\n" for agent, day, start, end in rows]
    path.write_text(HEAD + "".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def reported(rota: Path, tmp_path: Path, run: Callable[..., Any]) -> Path:
    run("audit", rota, *JUDGE, "--report", tmp_path / "report")
    return tmp_path / "report"


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
