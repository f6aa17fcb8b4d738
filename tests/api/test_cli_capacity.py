"""``paiban capacity`` from outside: results that add up, the same again, limits that clash, bad input told at once."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from api.cli import main

ROOT = Path(__file__).parents[2]
BANK, SMALL = ROOT / "examples" / "us-bank", ROOT / "scenarios" / "examples" / "small"
PLAN = """
[supply]
usable_share = 0.9
[attrition]
yearly = 0.3
newcomer_yearly = 0.6
newcomer_weeks = 8
[shortage]
price_per_hour = 60
[[class]]
name = "新人班"
contract = "full-time-5x8"
skills = ["calls"]
largest = 12
smallest = 4
lead_time_weeks = 3
training_weeks = 2
ramp = [0.5]
cost_per_hire = 2000
every_weeks = 4
[[backup]]
name = "pool"
queues = ["calls"]
hours_a_week = 100
hourly_cost = 40
"""
FILES = {"hires.csv", "capacity.csv", "staff.csv", "queues.csv", "capacity.html", "capacity.json"}


def told(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, dict]:
    code = main([*map(str, words), "--json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    path = tmp_path / "capacity.toml"
    path.write_text(PLAN, encoding="utf-8")
    return path


def base(plan: Path, out: Path, weeks: int = 12, start: str = "2003-10-27") -> tuple[object, ...]:
    return ("capacity", BANK, "--plan", plan, "--start", start, "--weeks", weeks, "--out", out)


def test_results_add_up_and_repeat(capsys, tmp_path, plan_file) -> None:
    out = tmp_path / "out"
    code, found = told(capsys, *base(plan_file, out))
    assert code == 0
    assert {path.name for path in out.iterdir()} == FILES
    assert found["checked"]
    assert found["gap"] <= 0.01
    assert found["people_hired"] > 0
    weeks, staff, queues, hires = (
        pd.read_csv(out / f"{name}.csv") for name in ("capacity", "staff", "queues", "hires")
    )
    assert len(weeks) == 12 * 3
    assert len(staff) == 12 * 4
    assert hires["people"].sum() == staff["hires"].sum() == found["people_hired"]
    worked = queues["own_hours"] + queues["backup_hours"] + queues["short_hours"]
    assert (worked >= queues["required_hours"] - 0.05).all()
    lead = pd.to_datetime(hires["starts_on"]) - pd.to_datetime(hires["decide_on"])
    assert (lead.dt.days == 21).all()
    weight = weeks["scenario"].map({"p10": 0.3, "p50": 0.4, "p90": 0.3})
    assert (weeks["cost"] * weight).sum() == pytest.approx(found["plan"]["cost"], rel=1e-6)
    by_scenario = weeks.pivot_table(index="week_start", columns="scenario", values="required_hours")
    assert (by_scenario["p10"] <= by_scenario["p50"]).all()
    assert (by_scenario["p50"] <= by_scenario["p90"]).all()
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert told(capsys, *base(plan_file, out))[0] == 0
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_headcounts_go_from_week_to_week_as_the_table_tells(capsys, tmp_path, plan_file) -> None:
    told(capsys, *base(plan_file, tmp_path / "out"))
    for _, rows in pd.read_csv(tmp_path / "out" / "staff.csv").groupby("group"):
        start, gone, hired = (rows[name].to_numpy() for name in ("headcount_start", "leavers", "hires"))
        assert np.allclose(start[1:], start[:-1] - gone[:-1] + hired[1:], atol=0.03)


@pytest.mark.parametrize(("language", "words"), [("en", "Whom to hire when"), ("zh", "何时招聘何人")])
def test_the_page_stands_alone_in_both_languages(capsys, tmp_path, plan_file, language, words) -> None:
    told(capsys, *base(plan_file, tmp_path / "out"), "--lang", language)
    page = (tmp_path / "out" / "capacity.html").read_text(encoding="utf-8")
    assert words in page
    assert "新人班" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page
    assert "<script" not in page


def test_limits_that_clash_are_a_finding_with_a_way_out(capsys, tmp_path, plan_file) -> None:
    text = (
        PLAN.replace("price_per_hour = 60", "price_per_hour = 60\nallowed_share = 0.0")
        + "[budget]\ntotal = 1000\n"
    )
    plan_file.write_text(text, encoding="utf-8")
    code, found = told(capsys, *base(plan_file, tmp_path / "out"))
    assert code == 1
    assert found["checked"]
    assert found["people_hired"] == 0
    way = found["way_out"]
    assert way["hours_without_budget"] < way["hours"]
    assert way["money_without_budget"] > 0
    assert way["unpaid"]["total"] == pytest.approx(found["plan"]["wages_of_people_today"] - 1000, rel=1e-6)
    easier = text.replace("allowed_share = 0.0", f"allowed_share = {way['allowed_share'] + 0.001:.3f}")
    plan_file.write_text(easier.replace("total = 1000", "total = 1e12"), encoding="utf-8")
    assert told(capsys, *base(plan_file, tmp_path / "out"))[0] == 0


def test_all_faults_of_a_file_are_told_at_once(capsys, tmp_path, plan_file) -> None:
    text = PLAN.replace("usable_share = 0.9", "usable_shar = 0.9").replace("full-time-5x8", "full-time")  # fmt: skip
    text = text.replace('"calls"', '"call"')
    text = text.replace("smallest = 4", "smallest = 40").replace("yearly = 0.3\n", "yearly = 30\n", 1)
    plan_file.write_text(text + "[leave]\nby_month = [0.1]\n[[scenario]]\nweight = 0\n", encoding="utf-8")
    code, found = told(capsys, *base(plan_file, tmp_path / "out"))
    faults = {fault["column"]: fault["expected"] for fault in found["faults"]}
    assert code == 2
    assert "did you mean 'usable_share'?" in faults["supply.usable_shar"]
    assert {"supply.usable_share", "class.新人班.contract", "class.新人班.skills", "class.新人班.smallest", "attrition.yearly",
            "backup.pool.queues", "leave.by_month", "scenario.1.name", "scenario.1.weight"} <= set(faults)  # fmt: skip
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("start", "weeks", "option"), [("2003-10-28", 12, "--start"), ("2003-10-27", 161, "--weeks")])  # fmt: skip
def test_a_start_within_a_week_and_too_many_weeks_are_refused(
    capsys, tmp_path, plan_file, start, weeks, option
) -> None:
    code, found = told(capsys, *base(plan_file, tmp_path / "out", weeks, start))
    assert code == 2
    assert [fault["file"] for fault in found["faults"]] == [option]


def test_no_class_is_a_plan_where_nobody_is_hired(capsys, tmp_path, plan_file) -> None:
    plan_file.write_text("[supply]\nusable_share = 0.9\n", encoding="utf-8")
    code, found = told(capsys, *base(plan_file, tmp_path / "out", 2))
    assert code == 0
    assert found["people_hired"] == 0
    assert found["plan"] == found["nobody_hired"]
    assert pd.read_csv(tmp_path / "out" / "hires.csv").empty


def test_weeks_from_a_sunday_and_several_skills(capsys, tmp_path, plan_file) -> None:
    plan_file.write_text("[supply]\nusable_share = 0.9\n", encoding="utf-8")
    words = (
        "capacity",
        ROOT / "examples" / "anonbank",
        "--plan",
        plan_file,
        "--weeks",
        3,
        "--out",
        tmp_path / "out",
    )
    code, found = told(capsys, *words, "--start", "1999-02-14")
    assert code == 0
    assert found["checked"]
    assert len(pd.read_csv(tmp_path / "out" / "queues.csv")["queue"].unique()) == 3
    assert told(capsys, *words, "--start", "1999-02-15")[0] == 2


def test_a_centre_without_history_is_bad_input(capsys, tmp_path, plan_file) -> None:
    centre = shutil.copytree(BANK, tmp_path / "centre")
    (centre / "history.csv").write_text("interval_start,queue,offered,aht_seconds\n", encoding="utf-8")
    asked = ("--plan", plan_file, "--start", "2003-10-27", "--weeks", 2, "--out", tmp_path / "o")
    code, found = told(capsys, "capacity", centre, *asked)
    assert code == 2
    assert found["faults"]


def test_the_example_runs_across_a_leap_day(capsys, tmp_path) -> None:
    code, found = told(capsys, *base(ROOT / "examples" / "capacity.toml", tmp_path / "out", 52))
    assert code == 0
    assert found["status"] == "optimal"
    starts = pd.to_datetime(pd.read_csv(tmp_path / "out" / "capacity.csv")["week_start"]).drop_duplicates()
    assert (starts.diff().dropna().dt.days == 7).all()
    assert pd.Timestamp("2004-03-01") in set(starts)
