"""`paiban adherence`, and `paiban audit` of clock records and calendars, from the command line."""

import numpy as np
import pandas as pd
import pytest

from api.cli import main

PLAN = """agent_id,day,start,end,activity,shift,paid
a1,2026-03-02,2026-03-02T08:00,2026-03-02T12:00,work:*,早,true
a1,2026-03-02,2026-03-02T12:00,2026-03-02T12:30,meal,早,false
a1,2026-03-02,2026-03-02T12:30,2026-03-02T16:30,work:*,早,true
a1,2026-03-03,2026-03-03T08:00,2026-03-03T16:00,work:*,早,true
a2,2026-03-03,2026-03-03T22:00,2026-03-04T06:00,work:*,夜,true
"""
CLOCK = """工号,上班时间,下班时间
a1,2026-03-02 08:00,2026-03-02 {}
a1,2026-03-03 08:00,2026-03-03 16:00
a2,2026-03-03 22:00,
a2,2026-03-04 22:00,2026-03-04 21:00
"""
ZONE = ("--timezone", "Asia/Shanghai")


@pytest.fixture
def files(tmp_path):
    """The plan, and clock records in which a1 leaves on the first evening at the time given."""

    def files_(leaves):
        (tmp_path / "plan.csv").write_text(PLAN, encoding="utf-8")
        (tmp_path / "worked.csv").write_text(CLOCK.format(leaves), encoding="utf-8")
        return tmp_path / "plan.csv", "--worked", tmp_path / "worked.csv"

    return files_


@pytest.mark.parametrize(("leaves", "code", "lost"), [("21:00", 0, 270), ("21:01", 1, 271)])
def test_exit_code_1_where_the_work_broke_rest_that_the_plan_kept(files, run, leaves, code, lost):
    told_code, told = run("adherence", *files(leaves), "--rules", "eu-wtd", *ZONE)
    assert told_code == code
    assert told["by_rule"] == ({"rest-between-shifts": 1} if code else {})
    assert [row["lost_minutes"] for row in told["rest_lost"]] == [lost]
    assert [(one["agent_id"], one["found"], one["new"]) for one in told["caused"]] == (
        [("a1", "659", True)] if code else []
    )


def test_the_figures_and_what_the_file_has_wrong(files, run, tmp_path):
    out = tmp_path / "adherence.csv"
    code, told = run("adherence", *files("16:30"), *ZONE, "--out", out)
    assert code == 0
    assert told["breaches"] is None
    people = {row["agent_id"]: row for row in told["figures"]}
    assert (people["a1"]["adherence"], people["a1"]["conformance"], people["a1"]["planned_minutes"]) == (
        1,
        1,
        990,
    )
    assert (people["a2"]["unknown_minutes"], people["a2"]["absent_shifts"], people["a2"]["adherence"]) == (
        480,
        0,
        None,
    )
    assert any("worked.csv, row 4: a2: has no clock-out" in note for note in told["notes"])
    assert any("worked.csv, row 5: a2: ends before" in note for note in told["notes"])
    assert pd.read_csv(out)["agent_id"].tolist() == ["a1", "a2"]


@pytest.mark.parametrize(
    ("by", "columns", "rows"), [("day", ["agent_id", "day"], 3), ("team", ["team"], 1), ("week", ["week"], 1)]
)
def test_rows_by(files, run, by, columns, rows):
    told = run("adherence", *files("16:30"), *ZONE, "--by", by)[1]
    assert len(told["figures"]) == rows
    assert list(told["figures"][0])[: len(columns)] == columns
    assert sum(row["planned_minutes"] for row in told["figures"]) == told["total"]["planned_minutes"] == 1470


def test_by_interval(files, run):
    rows = run("adherence", *files("16:30"), *ZONE, "--by", "interval")[1]["figures"]
    assert rows[0] == {
        "interval_start": "2026-03-02T00:00:00Z",
        "planned": 1.0,
        "worked": 1.0,
        "kept": 1.0,
        "adherence": 1.0,
    }


def test_p21_an_agents_own_figures(files, run):
    told = run("adherence", *files("16:30"), *ZONE, "--agent", "a2")[1]
    assert [row["agent_id"] for row in told["figures"]] == ["a2"]
    assert told["total"]["planned_minutes"] == 480


def test_shifts_after_the_last_record_are_left_out_and_told(files, run, capsys):
    paths = files("16:30")
    paths[2].write_text(
        "agent_id,clock_in,clock_out\na1,2026-03-02 08:00,2026-03-02 16:30\n", encoding="utf-8"
    )
    told = run("adherence", *paths, *ZONE)[1]
    assert told["warnings"] == [
        "nothing is recorded after 2026-03-02: 2 planned shift(s) after it were not compared"
    ]
    assert (told["total"]["planned_minutes"], told["total"]["absent_shifts"]) == (510, 0)
    told = run("adherence", *paths, *ZONE, "--start", "2026-03-02", "--days", "2")[1]
    assert told["total"]["absent_shifts"] == 2


def test_shifts_before_the_first_record_are_left_out_and_told(files, run):
    paths = files("16:30")
    paths[2].write_text(
        "agent_id,clock_in,clock_out\na1,2026-03-03 08:00,2026-03-03 16:00\n", encoding="utf-8"
    )
    told = run("adherence", *paths, *ZONE)[1]
    assert told["warnings"] == [
        "nothing is recorded before 2026-03-03: 1 planned shift(s) before it were not compared"
    ]
    assert (told["total"]["planned_shifts"], told["total"]["absent_shifts"]) == (2, 1)
    assert run("adherence", *paths, *ZONE, "--start", "2026-03-02")[1]["total"]["absent_shifts"] == 2


def test_a_last_shift_begun_just_before_midnight_is_compared(files, run):
    plan, _, worked = files("16:30")
    header = "agent_id,day,start,end,activity,shift,paid"
    plan.write_text(
        f"{header}\na1,2026-03-03,2026-03-03T00:00,2026-03-03T08:00,work:*,夜,true\n", encoding="utf-8"
    )
    worked.write_text("agent_id,clock_in,clock_out\na1,2026-03-02 23:50,2026-03-03 08:00\n", encoding="utf-8")
    told = run("adherence", plan, "--worked", worked, *ZONE)[1]
    assert (told["total"]["early_start_minutes"], told["total"]["adherence"], told.get("warnings")) == (
        10,
        1,
        None,
    )


def test_nobody_worked(files, run):
    paths = files("16:30")
    paths[2].write_text("agent_id,clock_in,clock_out\n", encoding="utf-8")
    told = run("adherence", *paths, *ZONE)[1]
    assert (told["total"]["absent_shifts"], told["total"]["adherence"]) == (3, 0)


@pytest.mark.parametrize(("minutes", "late"), [("5", 6), ("6", 0)])
def test_the_tolerance_can_be_set(files, run, minutes, late):
    paths = files("16:30")
    text = paths[2].read_text(encoding="utf-8").replace("03-02 08:00", "03-02 08:06")
    paths[2].write_text(text, encoding="utf-8")
    told = run("adherence", *paths, *ZONE, "--tolerance-minutes", minutes)[1]
    assert told["total"]["late_minutes"] == late


def test_people_are_told_in_words(files, capsys):
    assert main([str(word) for word in ("adherence", *files("21:01"), "--rules", "eu-wtd", *ZONE)]) == 1
    told = capsys.readouterr().out
    assert "BREACH rest-between-shifts · a1" in told
    assert "Adherence 100.0%: 990 of 990 planned min as planned (480 more not known)" in told
    assert "Overtime: 271 min after and 0 min before shifts" in told
    assert (
        "Rest lost: a1 · 2026-03-02 16:30 to 2026-03-03 08:00 · 659 min had of 930 planned, 271 lost" in told
    )
    assert "Rest lost: 271 min" in told


def test_p8_hours_on_the_queue_and_contacts_as_they_were(week, run, tmp_path):
    out = tmp_path / "online.csv"
    code, _ = run("adherence", week[1], "--worked", week[1], "--centre", week[0], "--online", out)
    table, planned = (pd.read_csv(path) for path in (out, week[1] / "online.csv"))
    assert code == 0
    same = ["agent_id", "queue_days", "online_hours_per_day", "asked_hours_per_day"]
    pd.testing.assert_frame_equal(table[same], planned[same])
    for told in (table, planned):  # the history tells what came, the plan what was expected
        assert (told["contacts_per_day"] > 0).all()
    assert not np.allclose(table["contacts_per_day"], planned["contacts_per_day"])


def test_a_centre_brings_rules_teams_and_week(week, run):
    code, told = run("adherence", week[1], "--worked", week[1], "--centre", week[0], "--by", "team")
    assert (code, told["breaches"], told["total"]["adherence"]) == (0, 0, 1)
    assert all(row["team"] for row in told["figures"])


@pytest.mark.parametrize(
    "words", [("--rules", "mars-law"), ("--tolerance-minutes", "-1"), ("--by", "moon"), ("--agent", "nobody")]
)
def test_bad_input(files, run, words):
    assert run("adherence", *files("16:30"), *words)[0] == 2


def test_a_file_without_its_columns_is_bad_input(files, run):
    paths = files("16:30")
    paths[2].write_text("agent_id,clock_in\na1,2026-03-02 08:00\n", encoding="utf-8")
    assert run("adherence", *paths, *ZONE)[0] == 2


def test_audit_of_clock_records_names_faults_and_judges_the_rest(files, run):
    _, _, worked = files("21:01")
    code, told = run("audit", worked, "--rules", "eu-wtd", *ZONE)
    assert (code, told["by_rule"]["rest-between-shifts"]) == (1, 1)
    notes = [v for v in told["violations"] if v["rule"] == "file"]
    assert [v["verdict"] for v in notes] == ["not_checked"] * 3
    assert "2 day(s) of people have no record of a break" in notes[2]["explanation"]
    assert (notes[0]["agent_id"], notes[0]["from"]) == ("a2", "2026-03-02T16:00:00Z")


def test_audit_of_a_calendar_and_of_a_folder_of_them(tmp_path, run):
    def feed(*ends):
        events = [
            f"BEGIN:VEVENT\r\nUID:{k}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:2026030{k + 2}T080000\r\n"
            f"DTEND:2026030{k + 2}T{end}00\r\nSUMMARY:早\r\nEND:VEVENT\r\n"
            for k, end in enumerate(ends)
        ]
        return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{''.join(events)}END:VCALENDAR\r\n"

    (tmp_path / "a1.ics").write_text(feed("2101", "1600"), encoding="utf-8", newline="")
    (tmp_path / "a2.ics").write_text(feed("2100", "1600"), encoding="utf-8", newline="")
    for place, people in ((tmp_path / "a1.ics", ["a1"]), (tmp_path / "a2.ics", []), (tmp_path, ["a1"])):
        told = run("audit", place, "--rules", "eu-wtd", *ZONE)[1]
        assert [
            v["agent_id"]
            for v in told["violations"]
            if v["rule"] == "rest-between-shifts" and v["verdict"] == "breach"
        ] == people


def test_audit_of_a_rota_with_a_faulty_row_judges_the_rest(tmp_path, run):
    path = tmp_path / "rota.csv"
    path.write_text(PLAN.replace("2026-03-03T16:00", "2026-03-03T07:00"), encoding="utf-8")
    code, told = run("audit", path, "--rules", "eu-wtd", *ZONE)
    assert code in (0, 1)
    assert any("rota.csv, row 5, end" in v["explanation"] for v in told["violations"] if v["rule"] == "file")


def test_what_was_worked_before_may_be_clock_records(files, run, tmp_path):
    plan, _, worked = files("16:30")
    worked.write_text(
        "agent_id,clock_in,clock_out\na1,2026-03-01 14:00,2026-03-01 21:01\na2,2026-03-01 14:00,\n",
        encoding="utf-8",
    )
    told = run("audit", plan, "--rules", "eu-wtd", *ZONE, "--before", worked)[1]
    rests = [
        v["found"]
        for v in told["violations"]
        if v["rule"] == "rest-between-shifts" and v["verdict"] == "breach"
    ]
    assert rests == [659.0]
    assert any(
        "worked.csv, row 3: a2: has no clock-out" in v["explanation"]
        for v in told["violations"]
        if v["rule"] == "file"
    )
