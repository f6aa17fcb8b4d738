"""`paiban plan`, `rota`, `report`: what they write, what they refuse, and that the same work gives the same rota."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from api.cli import main
from centre.errors import Stopped

ROOT = Path(__file__).parents[2]
START = "2026-02-23"
FILES = {
    "forecast.csv", "requirement.csv", "rota.csv", "coverage.csv", "violations.csv", "plan.json", "report.html",
    "report.json", "report_history.csv", "curves.csv", "agreed.csv", "online.csv", "requests_result.csv",
}  # fmt: skip


def plan_words(folder: Path, out: Path, *more: str) -> list[str]:
    return [
        "plan",
        str(folder),
        "--start",
        START,
        "--days",
        "7",
        "--effort",
        "1",
        "--workers",
        "1",
        "--out",
        str(out),
        *more,
    ]


def test_a_week_has_every_file_with_its_columns(week):
    out = week[1]
    assert {path.name for path in out.iterdir()} == FILES
    heads = {
        name: (out / name).read_text(encoding="utf-8").partition("\n")[0]
        for name in FILES
        if name.endswith(".csv")
    }
    assert (
        heads["forecast.csv"]
        == "interval_start,queue,offered,aht_seconds,offered_p10,offered_p50,offered_p90"
    )
    assert heads["requirement.csv"] == (
        "interval_start,queue,offered,aht_seconds,agents_required,agents_to_roster,service_level,asa_seconds,abandonment,occupancy"
    )
    assert heads["rota.csv"] == "agent_id,day,start,end,activity,shift,paid"
    assert heads["coverage.csv"].startswith(
        "interval_start,queue,agents_required,agents_rostered,net_staffing,service_level,expected_contacts,expected_late"
    )
    assert heads["curves.csv"].startswith("interval_start,queue,agents,expected_late,expected_abandoned")
    assert heads["violations.csv"] == "rule,source,agent_id,from,to,found,limit,unit,verdict,explanation"


def test_the_rota_is_sorted_and_within_the_horizon(week):
    rota = pd.read_csv(week[1] / "rota.csv")
    assert rota.sort_values(["agent_id", "start"], kind="stable").index.tolist() == rota.index.tolist()
    assert rota["day"].between("2026-02-23", "2026-03-01").all()
    assert rota["start"].str.endswith("Z").all()


def test_plan_json_says_how_it_came_about(week):
    told = json.loads((week[1] / "plan.json").read_text(encoding="utf-8"))
    assert told["status"] in ("optimal", "feasible")
    assert told["reproducible"] is True
    assert (told["seed"], told["workers"], told["settings"]["effort"], told["settings"]["seconds"]) == (
        1,
        1,
        1,
        None,
    )
    assert set(told["inputs"]) == {"centre.toml", "history.csv", "agents.csv", "leave.csv", "requests.csv"}
    assert set(told["versions"]) >= {"paiban", "python", "ortools", "numpy", "pandas", "numba"}
    assert sum(told["cost"].values()) == pytest.approx(told["objective"], abs=0.01)
    assert told["bound"] <= told["objective"] + 1e-6
    assert told["gap"] == pytest.approx(
        (told["objective"] - told["bound"]) / told["controllable_cost"], abs=1e-5
    )
    assert told["settings"]["presets"] == ["eu-wtd", "cn-labour", "customer-service"]
    assert told["violations"]["breach"] == 0
    assert {row["day"] for row in told["service"]["by_day"]} == {f"2026-02-{d}" for d in range(23, 29)} | {
        "2026-03-01"
    }


def test_no_plan_sees_its_own_future(week):
    told = json.loads((week[1] / "plan.json").read_text(encoding="utf-8"))
    rows = {name: queue["rows_ignored"] for name, queue in told["forecast"].items()}
    assert rows == {"calls": 7 * 28, "chat": 7 * 28}
    assert all(0 < error < 1 for error in told["held_back_wape"].values())
    assert set(told["held_back_wape"]) == {"calls", "chat"}


def test_plan_json_names_no_one(week):
    text = "".join(
        (week[1] / name).read_text(encoding="utf-8")
        for name in ("plan.json", "violations.csv", "rota.csv", "coverage.csv")
    )
    names = pd.read_csv(week[0] / "agents.csv")["name"]
    assert len(names) == 6
    assert not [name for name in names if name in text]


def test_coverage_counts_everybody_once(week):
    rota, coverage = pd.read_csv(week[1] / "rota.csv"), pd.read_csv(week[1] / "coverage.csv")
    work = rota[rota["activity"].str.startswith("work:")]
    hours = (pd.to_datetime(work["end"]) - pd.to_datetime(work["start"])).dt.total_seconds().sum() / 3600
    assert coverage["agents_rostered"].sum() / 2 == pytest.approx(hours, abs=1e-3)


def test_the_same_effort_gives_the_same_rota_byte_for_byte(week, tmp_path):
    code = "import sys; from tests.effort import search_little; search_little(); from api.cli import main; sys.exit(main(sys.argv[1:]))"
    words = [sys.executable, "-c", code, *plan_words(week[0], tmp_path / "again")]
    again = subprocess.run(words, capture_output=True, check=False, text=True, cwd=ROOT)
    assert again.returncode == 0, again.stderr
    for name in ("rota.csv", "requirement.csv", "forecast.csv", "coverage.csv", "violations.csv"):
        assert (tmp_path / "again" / name).read_bytes() == (week[1] / name).read_bytes(), name
    assert "Violations: 0" in again.stdout
    assert "Reproducible: yes" in again.stdout
    assert f"Report: {tmp_path / 'again' / 'report.html'}" in again.stdout
    assert "Forecast error of the weeks held back, calls:" in again.stdout
    assert "[   0.0 s] read the centre folder" in again.stderr


def test_a_plan_replaces_an_older_one_and_nothing_else(week, tmp_path, run):
    out = tmp_path / "week"
    shutil.copytree(week[1], out)
    (out / "old.txt").write_text("of the older result")
    code, told = run(*plan_words(week[0], out))
    assert (code, told["command"], told["out"]) == (0, "plan", str(out))
    assert {path.name for path in out.iterdir()} == FILES
    assert [path.name for path in tmp_path.iterdir()] == ["week"]


def test_a_folder_of_somebody_else_is_left_alone(week, tmp_path, run):
    out = tmp_path / "mine"
    out.mkdir()
    (out / "thesis.txt").write_text("mine")
    code, told = run(*plan_words(week[0], out))
    assert (code, told["faults"][0]["file"]) == (2, "--out")
    assert [path.name for path in out.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("problem", [RuntimeError("x"), KeyboardInterrupt()])
def test_what_fails_half_way_leaves_the_older_result(week, tmp_path, run, monkeypatch, problem):
    out = tmp_path / "week"
    shutil.copytree(week[1], out)

    def fail(*_):
        raise problem

    monkeypatch.setattr("scenarios.results.render_report", fail)
    assert run(*plan_words(week[0], out))[0] == 3
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {
        path.name: path.read_bytes() for path in week[1].iterdir()
    }
    assert [path.name for path in tmp_path.iterdir()] == ["week"]


def test_the_report_can_be_in_chinese_and_rendered_again(week, tmp_path, run):
    out = tmp_path / "week"
    shutil.copytree(week[1], out)
    english = (out / "report.html").read_bytes()
    assert run("report", out, "--lang", "zh")[0] == 0
    chinese = (out / "report.html").read_text(encoding="utf-8")
    assert "排班" in chinese
    assert '<html lang="zh' in chinese
    assert run("report", out)[0] == 0
    assert run("report", out, "--lang", "en")[0] == 0
    assert (out / "report.html").read_bytes() == english
    assert b"label minors, under age 18, " in english
    assert b"frozenset(" not in english


def test_the_rota_as_a_sheet_is_read_back_whole_by_the_audit(week, tmp_path, run):
    out, sheet = tmp_path / "week", tmp_path / "rota.xlsx"
    shutil.copytree(week[1], out)
    code, told = run("report", out, "--sheet", sheet)
    assert (code, told["sheet"], told["sheet_cannot_tell"]) == (0, str(sheet), [])
    code, told = run("audit", sheet, "--centre", week[0], "--against", out / "rota.csv")
    assert told["difference"]["changed"] == []
    code, told = run("report", out, "--sheet", tmp_path / "rota.csv")
    assert (code, told["faults"][0]["file"]) == (2, "--sheet")


def test_a_plan_can_be_in_chinese_at_once(week, tmp_path, run):
    code, told = run(*plan_words(week[0], tmp_path / "zh", "--lang", "zh"))
    assert code == 0
    assert told["centre"] == "小客服中心 (small)"
    assert '<html lang="zh' in (tmp_path / "zh" / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("broken", ["report.json", "coverage.csv", "rota.csv", "plan"])
def test_a_report_needs_a_whole_results_folder(week, tmp_path, run, broken):
    out = tmp_path / "week"
    shutil.copytree(week[1], out)
    if broken == "plan":
        shutil.rmtree(out)
    else:
        (out / broken).write_text("junk,\n", encoding="utf-8")
    code, told = run("report", out)
    assert code == 2
    assert told["faults"]


def test_the_steps_one_by_one_give_the_same_rota(week, tmp_path, run):
    forecast, needed, out = tmp_path / "f.csv", tmp_path / "r.csv", tmp_path / "out"
    assert run("forecast", week[0], "--start", START, "--days", "7", "--out", forecast)[0] == 0
    assert run("staff", week[0], "--forecast", forecast, "--out", needed)[0] == 0
    words = ["--start", START, "--days", "7", "--effort", "1", "--workers", "1"]
    assert run("rota", week[0], "--requirement", needed, *words, "--out", out)[0] == 0
    for mine, planned in (
        (forecast, "forecast.csv"),
        (needed, "requirement.csv"),
        (out / "rota.csv", "rota.csv"),
    ):
        assert mine.read_bytes() == (week[1] / planned).read_bytes(), planned
    told = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    assert "r.csv" in told["inputs"]
    assert not (out / "forecast.csv").exists()
    assert run("report", out)[0] == 0


def test_an_edited_requirement_beats_the_curve(week, tmp_path, run):
    table = pd.read_csv(week[1] / "requirement.csv")
    table["edited"] = False
    table.loc[0, ["agents_required", "edited"]] = [9, True]
    table.to_csv(tmp_path / "r.csv", index=False)
    words = ["--start", START, "--days", "7", "--effort", "1", "--out", tmp_path / "out"]
    assert run("rota", week[0], "--requirement", tmp_path / "r.csv", *words)[0] == 0
    row = pd.read_csv(tmp_path / "out" / "requirement.csv").iloc[0]
    assert (row["agents_required"], row["agents_to_roster"], row["edited"]) == (9, 10, True)


@pytest.mark.parametrize(
    ("column", "value", "fault"),
    [
        ("queue", "faxes", "queue"),
        ("interval_start", "2026-02-23T00:07:00Z", "interval_start"),
        ("interval_start", "2027-02-23T00:00:00Z", None),
    ],
)
def test_a_requirement_that_does_not_fit_is_bad_input(week, tmp_path, run, column, value, fault):
    table = pd.read_csv(week[1] / "requirement.csv")
    table.loc[0, column] = value
    table.to_csv(tmp_path / "r.csv", index=False)
    words = ["--start", START, "--days", "7", "--effort", "1", "--out", tmp_path / "out"]
    code, told = run("rota", week[0], "--requirement", tmp_path / "r.csv", *words)
    assert code == (2 if fault else 0)
    if fault:
        assert (told["faults"][0]["column"], told["faults"][0]["found"]) == (fault, value)
        assert not (tmp_path / "out").exists()


def test_other_people_can_be_taken(week, tmp_path, run):
    text = (week[0] / "agents.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "four.csv").write_text("".join(text[:5]), encoding="utf-8")
    out = tmp_path / "out"
    code, told = run(*plan_words(week[0], out, "--agents", str(tmp_path / "four.csv")))
    assert code == 0
    assert pd.read_csv(out / "rota.csv")["agent_id"].nunique() <= 4
    assert "four.csv" in told["inputs"]


def test_a_clash_is_a_finding_that_names_its_rules(week, tmp_path, edit, capsys):
    folder = tmp_path / "centre"
    shutil.copytree(week[0], folder)
    edit(folder / "centre.toml", "target_seconds = 20\n", "target_seconds = 20\nminimum_agents = 8\n")
    words = ["--start", START, "--days", "1", "--effort", "1", "--out", str(tmp_path / "out")]
    assert main(["plan", str(folder), *words]) == 1
    told = json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))
    assert told["status"] == "clash"
    assert told["clashes"][0]["rules"]
    assert told["clashes"][0]["interval_starts"]
    assert (tmp_path / "out" / "report.html").exists()
    said = capsys.readouterr().out.splitlines()
    clash = next(k for k, line in enumerate(said) if line.startswith("Clash: "))
    assert "Mon 2026-02-23 08:00" in said[clash]
    assert "can be had" in said[clash]
    assert said[clash + 1].startswith("  way out: ")
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Ways out, the least change first:" in page


def test_a_run_that_the_clock_stopped_says_so(week, tmp_path, monkeypatch, capsys):
    import scenarios.plan

    solve = scenarios.plan.solve

    def hurried(problem, limits, progress, start=None):
        from dataclasses import replace

        return replace(solve(problem, limits, progress, start=start), status="stopped", reproducible=False)

    monkeypatch.setattr(scenarios.plan, "solve", hurried)
    assert main(plan_words(week[0], tmp_path / "out")) == 0
    assert "Reproducible: no, the clock stopped the search" in capsys.readouterr().out
    assert json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))["reproducible"] is False


@pytest.mark.parametrize(
    ("words", "limits"),
    [
        ([], {"effort": 36, "seconds": 60.0, "seed": 1, "workers": 2}),
        (
            ["--seconds", "2.5", "--seed", "7", "--workers", "1"],
            {"effort": 2, "seconds": 2.5, "seed": 7, "workers": 1},
        ),
        (["--effort", "9"], {"effort": 9, "seconds": None, "seed": 1, "workers": 2}),
    ],
)
def test_limits_reach_the_solver(week, tmp_path, run, monkeypatch, words, limits):
    asked = []

    def refuse(problem, given, progress, start=None):
        asked.append(given)
        raise Stopped("no rota in time")

    monkeypatch.setattr("scenarios.plan.solve", refuse)
    code, told = run("plan", week[0], "--start", START, "--out", tmp_path / "out", *words)
    assert (code, told["error"]) == (3, "no rota in time")
    assert {name: getattr(asked[0], name) for name in limits} == limits
    assert list(tmp_path.iterdir()) == []


def test_without_ortools_a_plan_says_what_is_missing(week, tmp_path):
    code = "import sys; sys.modules['ortools'] = None; from api.cli import main; sys.exit(main(sys.argv[1:]))"
    words = [sys.executable, "-c", code, *plan_words(week[0], tmp_path / "out")]
    done = subprocess.run(words, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 3
    assert "the package ortools is not installed" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_warm_start_is_told_among_the_inputs_and_its_faults_by_row(folder: Path, run, week, tmp_path: Path):
    words = ["plan", folder, "--start", START, "--days", 1, "--effort", 1, "--workers", 1]
    code, told = run(*words, "--warm-start", week[1] / "rota.csv", "--out", tmp_path / "out")
    assert code in (0, 1)
    assert "--warm-start rota.csv" in told["inputs"]
    bad = tmp_path / "bad.csv"
    bad.write_text((week[1] / "rota.csv").read_text().replace(START, "soon", 1))
    code, told = run(*words, "--warm-start", bad, "--out", tmp_path / "none")
    assert code == 2
    assert told["faults"][0]["row"] == 2
    assert not (tmp_path / "none").exists()
