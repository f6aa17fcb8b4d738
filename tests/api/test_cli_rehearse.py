"""Backup from outside: planned, stood by for, told in plan and report, and rehearsed."""

import json
import shutil
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

import scenarios
from api.cli import main

POOL = """
[[backup]]
name = "后备组"
queues = ["calls"]
agents = 4
threshold = 8.0
minimum_minutes = 120
maximum_minutes = 240
hourly_cost = 30.0
call_out_cost = 20.0
standby_hourly_cost = 1.0
calls_a_month = 5
"""
DAY = ["--start", "2026-02-25", "--days", "1", "--effort", "1", "--workers", "1"]


def centre_at(folder: Path, text: str) -> Path:
    """The example `small` with its first three people and more settings."""
    shutil.copytree(Path(scenarios.__file__).parent / "examples" / "small", folder)
    for name, rows in (("agents.csv", 4), ("leave.csv", 1), ("requests.csv", 1)):
        lines = (folder / name).read_text(encoding="utf-8").splitlines(keepends=True)
        (folder / name).write_text("".join(lines[:rows]), encoding="utf-8")
    with (folder / "centre.toml").open("a", encoding="utf-8") as stream:
        stream.write(text)
    return folder


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few people for a day that asks for more."""
    return centre_at(tmp_path_factory.mktemp("backup") / "centre", POOL)


def told(*words: str) -> tuple[int, str, str]:
    """Exit code, what was said, and on stderr."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(list(words))
    return code, out.getvalue(), err.getvalue()


@pytest.fixture(scope="module")
def planned(centre: Path) -> Path:
    code, said, _ = told("plan", str(centre), *DAY, "--out", str(centre.parent / "plan"))
    assert code == 0
    assert "Backup: " in said
    assert "Standing by: " in said
    return centre.parent / "plan"


def test_call_outs_stand_in_the_rota_and_cost_what_they_cost(planned: Path) -> None:
    rota = pd.read_csv(planned / "rota.csv")
    calls = rota[rota["activity"] == "backup"]
    assert len(calls) > 0
    assert calls["shift"].str.startswith("backup:后备组:").all()
    hours = (pd.to_datetime(calls["end"]) - pd.to_datetime(calls["start"])).dt.total_seconds().sum() / 3600
    plan = json.loads((planned / "plan.json").read_text(encoding="utf-8"))
    assert plan["cost"]["backup"] == pytest.approx(30 * hours, abs=0.01)
    assert plan["cost"]["call_out"] == pytest.approx(20 * len(calls), abs=0.01)
    assert plan["violations"]["breach"] == 0
    assert [each["chosen"] for each in plan["backup_rounds"]].count(True) == 1


def test_the_finished_rota_passes_the_audit_of_the_centre(centre: Path, planned: Path) -> None:
    code, said, _ = told("audit", str(planned / "rota.csv"), "--centre", str(centre), "--json")
    findings = json.loads(said)
    assert code == 0
    assert findings["breaches"] == 0


def test_the_report_tells_it_again_from_the_folder(planned: Path) -> None:
    assert told("report", str(planned), "--lang", "zh")[0] == 0
    page = (planned / "report.html").read_text(encoding="utf-8")
    assert "应召名单" in page
    assert "值守名单" in page or not len(pd.read_csv(planned / "standby.csv"))


def test_a_rehearsal_is_written_whole_with_its_sentences(centre: Path) -> None:
    out = centre.parent / "rehearsal"
    code, said, _ = told("rehearse", str(centre), *DAY, "--replications", "20", "--out", str(out))
    assert code == 0
    assert "with nobody called" in said
    found = json.loads((out / "rehearsal.json").read_text(encoding="utf-8"))
    assert (found["peak_day"], found["replications"]) == ("2026-02-25", 20)
    worlds = pd.read_csv(out / "rehearsal.csv", keep_default_na=False)
    assert {"backup", "nobody called", "overtime alone"} <= set(worlds["world"])
    by_world = worlds[worlds["queue"] == ""].set_index("world")["cost"]
    assert by_world["backup"] > by_world["nobody called"]


def test_what_cannot_be_rehearsed_is_bad_input(tmp_path: Path) -> None:
    bare = centre_at(tmp_path / "centre", "")
    code, _, said = told("rehearse", str(bare), *DAY, "--replications", "20", "--out", str(tmp_path / "out"))
    assert code == 2
    assert "[[backup]]" in said
    assert not (tmp_path / "out").exists()
