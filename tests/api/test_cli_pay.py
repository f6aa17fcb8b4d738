"""``paiban pay``: sums and lines as payroll gets them, what is told, and bad input."""

import json

import pandas as pd
import pytest

from api.cli import main

HEAD = "agent_id,day,start,end,activity,shift,paid\n"
ROTA = HEAD + (
    "张1,2026-09-30,2026-09-30T22:00+08:00,2026-10-01T06:00+08:00,work:*,晚,true\n"
    "张1,2026-09-29,2026-09-29T08:00+08:00,2026-09-29T17:00+08:00,work:*,早,true\n"
)
CALENDAR = "date,name,class\n2026-10-01,国庆节,statutory\n2026-10-05,国庆节,bridged\n"
CENTRE = """
[centre]
name = "测试"
timezone = "Asia/Shanghai"
country = "CN"
currency = "CNY"

[[queue]]
name = "热线"
target_seconds = 30

[[shift]]
name = "早"
earliest_start = "08:00"
latest_start = "08:00"
duration_minutes = 540

[[contract]]
name = "全职"
weekly_minutes_min = 0
weekly_minutes_max = 2400
days_min = 0
days_max = 5
shifts = ["早"]
hourly_cost = 60.0

[rules]
presets = ["cn-labour"]
"""


@pytest.fixture(name="folder")
def folder_fixture(tmp_path):
    (tmp_path / "rota.csv").write_text(ROTA, encoding="utf-8")
    (tmp_path / "calendar-of-mine.csv").write_text(CALENDAR, encoding="utf-8")
    centre = tmp_path / "centre"
    centre.mkdir()
    (centre / "centre.toml").write_text(CENTRE, encoding="utf-8")
    (centre / "history.csv").write_text(
        "interval_start,queue,offered,aht_seconds\n2026-09-01T08:00,热线,10,180\n", encoding="utf-8"
    )
    (centre / "agents.csv").write_text(
        "agent_id,name,team,level,skills,contract,starts_on\n张1,,热线组,junior,热线,全职,2026-09-01\n",
        encoding="utf-8",
    )
    return tmp_path


def run(capsys, *words):
    code = main(["pay", *map(str, words), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_without_a_centre_hours_by_class_are_written(folder, capsys):
    out, lines = folder / "pay.csv", folder / "lines.csv"
    code, told = run(
        capsys, folder / "rota.csv", "--rules", "cn-labour", "--timezone", "Asia/Shanghai",
        "--calendar", folder / "calendar-of-mine.csv", "--out", out, "--lines", lines,
    )  # fmt: skip
    assert code == 0
    assert told["law"] == "cn-labour"
    assert out.read_text(encoding="utf-8") == (
        "agent_id,month,name,pay_class,premium,kind,multiplier,minutes,hours\n"
        "张1,2026-09,ordinary time 正常工时,ordinary,,paid_time,1.0,600,10.0\n"
        "张1,2026-09,overtime 加班,overtime,,paid_time,1.5,60,1.0\n"
        "张1,2026-09,statutory holiday worked 法定节假日加班,public_holiday,,paid_time,3.0,360,6.0\n"
    )
    table = pd.read_csv(lines)
    assert table["minutes"].sum() == 1020
    assert table["source"].iloc[-1] == "Labour Law of the PRC art. 44(3): 2026-10-01 is a statutory holiday"
    assert any("their contract is not known" in sentence for sentence in told["not_checked"])


def test_a_centre_tells_people_calendar_law_and_cost(folder, capsys):
    code, told = run(
        capsys, folder / "rota.csv", "--centre", folder / "centre", "--by", "day", "--out", folder / "p.csv"
    )
    assert code == 0
    assert told["currency"] == "CNY"
    assert [(row["pay_class"], row["hours"], row["cost"]) for row in told["classes"]] == [
        ("ordinary", 10.0, 600.0), ("overtime", 1.0, 90.0), ("public_holiday", 6.0, 1080.0),
    ]  # fmt: skip
    assert (
        "centre.toml names no pay law (rules.pay): paid by cn-labour, as its presets say." in told["warnings"]
    )
    days = pd.read_csv(folder / "p.csv")["day"].unique().tolist()
    assert days == ["2026-09-29", "2026-09-30"]


def test_the_law_of_the_settings_counts_and_an_option_goes_before_it(folder, capsys):
    settings = folder / "centre" / "centre.toml"
    settings.write_text(CENTRE + 'pay = "cn-labour"\npay_figures = { statutory = 4.0 }\n', encoding="utf-8")
    _, told = run(capsys, folder / "rota.csv", "--centre", folder / "centre")
    assert told["classes"][-1]["multiplier"] == 4.0
    assert not any("rules.pay" in sentence for sentence in told["not_checked"])
    _, told = run(capsys, folder / "rota.csv", "--centre", folder / "centre", "--rules", "fr")
    assert told["law"] == "fr"


def test_rest_days_given_are_read_from_a_file(folder, capsys):
    rows = "".join(
        f"张1,2026-10-{day},2026-10-{day}T08:00+08:00,2026-10-{day}T16:00+08:00,work:*,早,true\n"
        for day in range(12, 18)
    )
    (folder / "week.csv").write_text(HEAD + rows, encoding="utf-8")
    given = folder / "given.csv"
    words = folder / "week.csv", "--centre", folder / "centre", "--substituted", given
    given.write_text("agent_id,date\n", encoding="utf-8")
    _, told = run(capsys, *words)
    assert [row["pay_class"] for row in told["classes"]] == ["ordinary", "rest_day"]
    given.write_text("agent_id,date\n张1,2026-10-17\n", encoding="utf-8")
    _, told = run(capsys, *words)
    assert [(row["pay_class"], row["hours"]) for row in told["classes"]] == [("ordinary", 48.0)]
    given.write_text("agent_id,date\n张1,2026-13-17\n", encoding="utf-8")
    code, told = run(capsys, *words)
    assert code == 2
    assert told["faults"][0]["found"] == "2026-13-17"


def test_people_of_a_file_bring_their_clocks(folder, capsys):
    (folder / "agents.csv").write_text(
        "agent_id,name,team,level,skills,contract,timezone\n张1,,组,junior,热线,全职,Europe/London\n",
        encoding="utf-8",
    )
    _, told = run(
        capsys, folder / "rota.csv", "--rules", "cn-labour", "--timezone", "Asia/Shanghai", "--agents",
        folder / "agents.csv", "--calendar", folder / "calendar-of-mine.csv",
    )  # fmt: skip
    assert [row["pay_class"] for row in told["classes"]] == ["ordinary", "overtime"]  # 06:00 is 23:00 there


@pytest.mark.parametrize(
    ("words", "found"),
    [((), ""), (("--rules", "cn"), "cn"), (("--rules", "customer-service"), "customer-service")],
)
def test_a_law_must_be_named(folder, capsys, words, found):
    code, told = run(capsys, folder / "rota.csv", *words)
    assert code == 2
    assert told["faults"][0]["found"] == found


def test_a_wrong_law_in_the_settings_is_named(folder, capsys):
    settings = folder / "centre" / "centre.toml"
    settings.write_text(CENTRE + 'pay = "cn"\n', encoding="utf-8")
    code, told = run(capsys, folder / "rota.csv", "--centre", folder / "centre")
    assert code == 2
    assert told["faults"][0]["column"] == "rules.pay"


def test_a_wide_sheet_is_paid_by_its_legend(folder, capsys):
    (folder / "sheet.csv").write_text("工号,2026-10-01,2026-10-02\n张1,早,休\n", encoding="utf-8")
    (folder / "legend.csv").write_text("code,start,end\n早,08:00,17:00\n休,,\n", encoding="utf-8")
    code, told = run(
        capsys, folder / "sheet.csv", "--legend", folder / "legend.csv", "--centre", folder / "centre", "--start",
        "2026-10-01", "--before", folder / "rota.csv",
    )  # fmt: skip
    assert code == 0
    assert [(row["pay_class"], row["hours"]) for row in told["classes"]] == [("public_holiday", 9.0)]


def test_people_read_the_hours_by_class(folder, capsys):
    assert main(["pay", str(folder / "rota.csv"), "--rules", "jp"]) == 0
    told = capsys.readouterr()
    assert "overtime" in told.out
    assert "No time zone was given" in told.err
