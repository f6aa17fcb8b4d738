"""Time off the queue in the chain: in the rota that is audited, in tables of its own, its shortages among the warnings."""

from collections import Counter
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from centre.activities import OFF_QUEUE, Activity
from centre.clock.records import KINDS as CLOCK_KINDS
from centre.ical.words import kind_of
from scenarios.plan import plan
from scenarios.report import render_report
from scenarios.report_filling import report_data
from scenarios.report_words import Format
from scenarios.results import fill_folder, plan_json
from scheduler.adherence_parts import KINDS as PARTS_KINDS
from scheduler.solution import Limits

START, LIMITS = date(2026, 2, 23), Limits(effort=1)
STAND_UP = Activity("stand-up", "meeting", 15, period="day", at=510, most_size=500, one_team=True, priority=9)
TRAINING = Activity("training", minutes=240, part_minutes=60, period="month")
CHECKS = Activity("checks", "checks", 20, times=5, period="week", per="team", leader_roles=("quality",))


@pytest.fixture
def made(centre, solver):
    asked = replace(centre, settings=replace(centre.settings, activity=(STAND_UP, TRAINING, CHECKS)))
    return plan(asked, START, 7, LIMITS)


def test_p9_and_p14_are_in_the_rota_and_no_rule_is_broken_by_them(made, quick):
    kinds = Counter(name.partition(":")[0] for name in made.rota.to_frame()["activity"])
    assert kinds["meeting"]
    assert kinds["training"] >= 4
    assert made.rota.duties.paid.tolist() == quick.rota.duties.paid.tolist()
    assert Counter(v.rule for v in made.breaches) == Counter(v.rule for v in quick.breaches)


def test_the_requirement_stays_and_the_coverage_counts_who_is_at_the_desk(made, quick):
    assert made.requirement.equals(quick.requirement)
    assert made.coverage["agents_rostered"].sum() < quick.coverage["agents_rostered"].sum()


def test_what_finds_no_place_is_a_warning_with_what_to_change(made):
    (warning,) = [each for each in made.warnings if each.startswith("[[activity]] checks")]
    assert "leader_roles" in warning
    assert "no place" in warning
    quotas = made.activities.quota_table
    checks = quotas[quotas["activity"] == "checks"]
    assert set(checks["reason"]) == {"no_leader"}
    assert (checks["short_minutes"] == 100).all()


def test_the_tables_are_written_and_agree_with_the_rota(made, tmp_path):
    fill_folder(made, tmp_path)
    sessions = pd.read_csv(tmp_path / "activities.csv", keep_default_na=False)
    assert list(sessions) == ["session", "activity", "start", "end", "room", "leader", "agent_id"]
    rota = pd.read_csv(tmp_path / "rota.csv")
    off = rota[rota["activity"].isin(["meeting:stand-up", "training:training"])]
    keys = ["agent_id", "start", "end", "activity"]
    assert sorted(map(tuple, sessions[keys].to_numpy())) == sorted(map(tuple, off[keys].to_numpy()))
    quotas = pd.read_csv(tmp_path / "activity_quota.csv", keep_default_na=False)
    training = quotas[quotas["activity"] == "training"]
    assert set(training["period"]) <= {"2026-02", "2026-03"}
    assert (training["placed_minutes"] + training["left_minutes"] == 240).all()


def test_without_activities_nothing_changes(quick):
    assert quick.activities is None
    assert plan_json(quick)["activities"] is None


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "Training, meetings and other time off"), ("zh", "培训、会议与其他离线活动")],
)
def test_the_report_tells_what_is_placed_and_what_is_not(made, language, told):
    page = render_report(report_data(made, language))
    assert told in page
    assert ("nobody free who may lead it" if language == "en" else "没有可主持的人员") in page
    assert 'href="#activities"' in page


def test_the_report_of_a_centre_without_activities_has_no_such_section(quick):
    assert 'href="#activities"' not in render_report(report_data(quick, "en"))


@pytest.mark.parametrize("kind", OFF_QUEUE)
def test_every_kind_is_known_wherever_rows_are_read_or_shown(kind):
    assert kind in CLOCK_KINDS
    assert kind in PARTS_KINDS
    assert kind_of({}, f"{kind}: x", False) == f"{kind}:x"
    assert Format("zh", ZoneInfo("UTC"), "CNY").activity(f"{kind}:x") != f"{kind} x"


def test_more_quota_than_hours_is_named_with_what_to_change(centre, solver):
    much = Activity("study", minutes=120, times=40, period="week")
    made = plan(replace(centre, settings=replace(centre.settings, activity=(much,))), START, 7, LIMITS)
    assert any("owe more off the queue in the horizon than they work" in each for each in made.warnings)
    quotas = made.activities.quota_table
    assert (quotas["short_minutes"] > 0).all()
    assert set(quotas["reason"]) <= {"no_window", "minimum_cover"}
