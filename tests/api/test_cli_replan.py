"""`paiban replan`: a small day by hand, repaired; what is told and written, what stays, and faults by name."""

import json
from collections.abc import Iterator

import pandas as pd
import pytest

from api.cli import main

DAY = "2026-02-24"
HEAD = "agent_id,day,start,end,activity,shift,paid\n"
BREAKS = ((90, 15, "break", "true"), (240, 30, "meal", "false"), (390, 15, "break", "true"))
TABLES = (
    "rota.csv", "changes.csv", "absences.csv", "alternatives.csv", "coverage.csv", "service.csv", "violations.csv", "replan.json",
)  # fmt: skip


def shift(agent: str, begins: str, name: str = "早晚班") -> Iterator[str]:
    """The rows of a shift of 8.5 hours with its breaks as early as a template's middle."""
    start = pd.Timestamp(f"{DAY}T{begins}", tz="Asia/Shanghai")
    at = 0
    for minute, length, kind, paid in BREAKS:
        for first, last, activity, counts in (
            (at, minute, "work:*", "true"),
            (minute, minute + length, kind, paid),
        ):
            span = (f"{(start + pd.Timedelta(minutes=m)).isoformat()}" for m in (first, last))
            yield ",".join([agent, DAY, *span, activity, name, counts])
        at = minute + length
    span = (f"{(start + pd.Timedelta(minutes=m)).isoformat()}" for m in (at, 510))
    yield ",".join([agent, DAY, *span, "work:*", name, "true"])


def requirement(agents: float) -> str:
    """So many agents for calls all day, and one for chat in the morning."""
    lines = ["interval_start,queue,offered,aht_seconds,agents_required,agents_to_roster"]
    for at in pd.date_range(f"{DAY}T08:00", f"{DAY}T21:30", freq="30min", tz="Asia/Shanghai"):
        lines.append(f"{at.isoformat()},calls,{10 * agents:g},200,{agents:g},{agents:g}")
        lines.append(f"{at.isoformat()},chat,0,200,0,0")
    return "\n".join(lines) + "\n"


@pytest.fixture
def day(folder, edit, tmp_path):
    """A centre whose contracts agree overtime, and a day of it: four early, one late, one off."""
    edit(
        folder / "centre.toml",
        'shifts = ["早晚班"]\nhourly_cost = 42.0',
        'shifts = ["早晚班"]\nhourly_cost = 42.0\novertime = { weekly_minutes = 600, multiplier = 1.5 }',
    )
    place = tmp_path / "day"
    place.mkdir()
    rows = [
        *shift("A001", "08:00"),
        *shift("A002", "08:00"),
        *shift("A003", "08:00"),
        *shift("A006", "09:00"),
    ]
    rows += shift("A005", "13:30")
    (place / "rota.csv").write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    (place / "requirement.csv").write_text(requirement(3), encoding="utf-8")
    return folder, place


def rows_before(table: pd.DataFrame, now: str) -> pd.DataFrame:
    """What of a rota lies before an instant, minute by minute of work and pause."""
    frame = table.assign(
        start=pd.to_datetime(table["start"], utc=True), end=pd.to_datetime(table["end"], utc=True)
    )
    at = pd.Timestamp(now, tz="Asia/Shanghai")
    frame = frame[frame["start"] < at].assign(end=lambda rows: rows["end"].clip(upper=at))
    return frame.sort_values(["agent_id", "start"])[
        ["agent_id", "start", "end", "activity", "paid"]
    ].reset_index(drop=True)


def test_p18_an_absence_is_mended_and_everything_is_written(day, tmp_path, run):
    folder, place = day
    out = tmp_path / "out"
    code, told = run(
        "replan", folder, "--rota", place, "--now", f"{DAY}T10:00", "--absent", "A002", "--out", out
    )
    assert (code, told["command"], told["most_people"], told["new_breaches"]) == (0, "replan", 2, 0)
    assert sorted(path.name for path in out.iterdir()) == sorted(TABLES)
    changes = pd.read_csv(out / "changes.csv")
    assert changes["kind"].iloc[0] == "absent"
    made = changes[changes["kind"] != "absent"]
    assert 1 <= len(made) <= 2
    assert (made["saves"] > made["price"]).all()
    assert made["why"].str.len().min() > 20
    ways = {way["alternative"]: way for way in told["alternatives"]}
    assert ways["nothing"]["people_changed"] == 0
    best = ways[told["alternative"]]
    assert best["total"] < ways["nothing"]["total"]
    assert best["agent_hours_short"] < ways["nothing"]["agent_hours_short"]
    assert told["planned"]["agent_hours_short"] < ways["nothing"]["agent_hours_short"]
    totals = pd.read_csv(out / "alternatives.csv")["total"].dropna()
    assert totals.is_monotonic_increasing


def test_an_absence_takes_the_minutes_of_the_shift_not_those_before_it(day, tmp_path, run):
    """A005 works from 13:30 to 22:00, and is told to be away at 10:00."""
    folder, place = day
    out = tmp_path / "out"
    run("replan", folder, "--rota", place, "--now", f"{DAY}T10:00", "--absent", "A005", "--out", out)
    changes = pd.read_csv(out / "changes.csv")
    assert changes.loc[changes["kind"] == "absent", "minutes"].tolist() == [510]


def test_nothing_before_now_changes_and_the_absent_do_no_more(day, tmp_path, run):
    folder, place = day
    now = f"{DAY}T10:00"
    assert (
        run("replan", folder, "--rota", place, "--now", now, "--absent", "A002", "--out", tmp_path / "out")[0]
        == 0
    )
    before, after = (pd.read_csv(path / "rota.csv") for path in (place, tmp_path / "out"))
    pd.testing.assert_frame_equal(rows_before(before, now), rows_before(after, now))
    left = pd.to_datetime(after.loc[after["agent_id"] == "A002", "end"], utc=True)
    assert left.max() <= pd.Timestamp(now, tz="Asia/Shanghai")
    absences = pd.read_csv(tmp_path / "out" / "absences.csv")
    assert absences.to_dict("records") == [
        {"agent_id": "A002", "start": f"{DAY}T02:00:00Z", "end": f"{DAY}T08:30:00Z", "kind": "absent"}
    ]


def test_cover_is_that_of_the_rota_written(day, tmp_path, run):
    """Agents at work for calls, counted minute by minute from rota.csv alone."""
    folder, place = day
    out = tmp_path / "out"
    run("replan", folder, "--rota", place, "--now", f"{DAY}T10:00", "--absent", "A002", "--out", out)
    rota, cover = pd.read_csv(out / "rota.csv"), pd.read_csv(out / "coverage.csv")
    start, end = (pd.to_datetime(rota[name], utc=True) for name in ("start", "end"))
    working = rota["activity"].str.startswith("work")
    calls = cover[cover["queue"] == "calls"]
    assert len(calls) == 24
    for row in calls.itertuples():
        at = pd.Timestamp(row.interval_start)
        minutes = sum(
            ((start <= m) & (end > m) & working).sum() for m in pd.date_range(at, periods=30, freq="1min")
        )
        assert row.agents_rostered == pytest.approx(minutes / 30, abs=1e-6)


def test_late_comers_outages_and_a_second_repair(day, tmp_path, run):
    folder, place = day
    first = tmp_path / "first"
    words = ("--rota", place, "--now", f"{DAY}T12:00", "--late", f"A005:{DAY}T14:30", "--out", first)
    assert run("replan", folder, *words)[0] == 0
    rota = pd.read_csv(first / "rota.csv")
    begins = pd.to_datetime(rota.loc[rota["agent_id"] == "A005", "start"], utc=True).min()
    assert begins == pd.Timestamp(f"{DAY}T14:30", tz="Asia/Shanghai")
    words = ("--rota", first, "--requirement", place / "requirement.csv", "--now", f"{DAY}T15:00")
    code, told = run(
        "replan", folder, *words, "--outage", "calls", "--absent", "A005", "--out", tmp_path / "second"
    )
    assert (code, told["alternative"], told["new_breaches"]) == (0, "nothing", 0)


def test_nobody_absent_and_nothing_short_is_left_as_it_is(day, tmp_path, run):
    folder, place = day
    (place / "requirement.csv").write_text(requirement(0), encoding="utf-8")
    code, told = run("replan", folder, "--rota", place, "--now", f"{DAY}T10:00", "--out", tmp_path / "out")
    assert (code, told["alternative"], told["most_people"]) == (0, "nothing", 0)
    before, after = (pd.read_csv(path / "rota.csv") for path in (place, tmp_path / "out"))
    assert len(before) == len(after)


def test_time_off_where_too_many_are_at_work(day, tmp_path, run):
    folder, place = day
    (place / "requirement.csv").write_text(requirement(0), encoding="utf-8")
    words = ("--rota", place, "--now", f"{DAY}T10:00", "--time-off", "--most", "2", "--out", tmp_path / "out")
    code, told = run("replan", folder, *words)
    changes = pd.read_csv(tmp_path / "out" / "changes.csv")
    assert (code, told["new_breaches"], len(changes)) == (0, 0, 2)
    assert set(changes["kind"]) == {"end_earlier"}


def test_people_read_alternatives(day, tmp_path, capsys):
    folder, place = day
    words = [
        "replan",
        folder,
        "--rota",
        place,
        "--now",
        f"{DAY}T10:00",
        "--absent",
        "A002",
        "--out",
        tmp_path / "o",
    ]
    assert main([str(word) for word in words]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("from 10:00 on")
    assert {line.split()[0] for line in lines[2:]} >= {"nothing", "as"}


@pytest.mark.parametrize(
    ("words", "option", "expected"),
    [
        (("--now", f"{DAY}T23:30"), "--now", "an instant of the rota"),
        (("--now", "noon"), "--now", "an instant such as"),
        (("--now", f"{DAY}T10:00", "--absent", "A009"), "--absent", "an agent_id of the rota"),
        (("--now", f"{DAY}T18:00", "--absent", "A001"), "--absent", "somebody with a shift that runs"),
        (("--now", f"{DAY}T10:00", "--absent", f"A001:{DAY}T09:00"), "--absent", "an instant after --now"),
        (("--now", f"{DAY}T10:00", "--absent", "A001:noon"), "--absent", "AGENT or AGENT:UNTIL"),
        (("--now", f"{DAY}T10:00", "--absent", "A001", "--absent", "A001"), "--absent", "each person once"),
        (
            ("--now", f"{DAY}T10:00", "--late", f"A005:{DAY}T13:00"),
            "--late",
            "an instant after the shift begins",
        ),
        (
            ("--now", f"{DAY}T10:00", "--late", f"A001:{DAY}T22:00"),
            "--late",
            "an instant before the shift ends",
        ),
        (("--now", f"{DAY}T10:00", "--outage", "fax"), "--outage", "a queue of centre.toml"),
    ],
)
def test_what_happened_is_faulted_by_name(day, tmp_path, run, words, option, expected):
    folder, place = day
    code, told = run("replan", folder, "--rota", place, *words, "--out", tmp_path / "out")
    assert code == 2
    assert [fault["file"] for fault in told["faults"]] == [option]
    assert expected in told["faults"][0]["expected"]
    assert not (tmp_path / "out").exists()


def test_a_rota_of_other_people_and_demand_that_ends_too_early(day, tmp_path, run):
    folder, place = day
    text = (place / "rota.csv").read_text(encoding="utf-8")
    (tmp_path / "others.csv").write_text(text.replace("A00", "B00"), encoding="utf-8")
    words = ("--requirement", place / "requirement.csv", "--now", f"{DAY}T10:00", "--out", tmp_path / "out")
    code, told = run("replan", folder, "--rota", tmp_path / "others.csv", *words)
    assert (code, told["faults"][0]["file"]) == (2, "--rota")
    lines = (place / "requirement.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "short.csv").write_text("".join(lines[:-10]), encoding="utf-8")
    words = ("--requirement", tmp_path / "short.csv", "--now", f"{DAY}T10:00", "--out", tmp_path / "out")
    code, told = run("replan", folder, "--rota", place, *words)
    assert code == 2
    assert {fault["file"] for fault in told["faults"]} == {"--requirement"}
    assert "up to the end of the day" in told["faults"][0]["expected"]


def test_no_demand_at_all_is_a_fault(day, tmp_path, run):
    folder, place = day
    (place / "requirement.csv").unlink()
    code, told = run("replan", folder, "--rota", place, "--now", f"{DAY}T10:00", "--out", tmp_path / "out")
    assert (code, told["faults"][0]["file"]) == (2, "--requirement")


def test_a_newer_forecast_tells_what_is_needed(day, tmp_path, run):
    folder, place = day
    lines = ["interval_start,queue,offered,aht_seconds"]
    for at in pd.date_range(f"{DAY}T08:00", f"{DAY}T21:30", freq="30min", tz="Asia/Shanghai"):
        lines += [f"{at.isoformat()},{queue},8,200" for queue in ("calls", "chat")]
    (tmp_path / "f.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    words = ("--forecast", tmp_path / "f.csv", "--now", f"{DAY}T10:00", "--out", tmp_path / "out")
    code, told = run("replan", folder, "--rota", place / "rota.csv", *words)
    assert (code, told["new_breaches"]) == (0, 0)
    assert told["planned"]["agent_hours_short"] > 0


def test_a_result_that_is_no_result_is_a_fault(day, tmp_path, run):
    folder, place = day
    (place / "replan.json").write_text("{}", encoding="utf-8")
    code, told = run("replan", folder, "--rota", place, "--now", f"{DAY}T10:00", "--out", tmp_path / "out")
    assert code == 2
    assert told["faults"][0]["file"].endswith("replan.json")
    assert json.loads((place / "replan.json").read_text(encoding="utf-8")) == {}


POOL = """
[[backup]]
name = "后备组"
queues = ["calls"]
agents = 2
threshold = 5
lead_minutes = 45
minimum_minutes = 60
maximum_minutes = 240
hourly_cost = 60
call_out_cost = 30
"""


def test_backup_is_called_after_its_lead_time(day, tmp_path, run):
    folder, place = day
    with (folder / "centre.toml").open("a", encoding="utf-8") as stream:
        stream.write(POOL)
    (place / "requirement.csv").write_text(requirement(6), encoding="utf-8")
    words = (
        "--rota",
        place,
        "--now",
        f"{DAY}T10:00",
        "--absent",
        "A002",
        "--most",
        "6",
        "--out",
        tmp_path / "out",
    )
    code, told = run("replan", folder, *words)
    assert (code, told["new_breaches"]) == (0, 0)
    changes = pd.read_csv(tmp_path / "out" / "changes.csv")
    called = changes[changes["kind"] == "backup"]
    assert set(called["agent_id"]) <= {"后备组-1", "后备组-2"}
    assert len(called)
    rota = pd.read_csv(tmp_path / "out" / "rota.csv")
    rows = rota[rota["agent_id"].isin(called["agent_id"])]
    assert set(rows["activity"]) == {"backup"}
    assert rows["shift"].str.startswith("backup:后备组").all()
    start, end = (pd.to_datetime(rows[name], utc=True) for name in ("start", "end"))
    assert start.min() >= pd.Timestamp(f"{DAY}T10:45", tz="Asia/Shanghai")
    assert (end - start).between(pd.Timedelta(hours=1), pd.Timedelta(hours=4)).all()
    hours = (end - start).dt.total_seconds().sum() / 3600
    assert called["price"].sum() == pytest.approx(60 * hours + 30 * len(called))
    names = [way["alternative"] for way in told["alternatives"]]
    assert "backup" in names or "everything" in names


def test_the_day_so_far_updates_the_forecast(day, tmp_path, run):
    """Twice as much came as was expected: more is short for the rest of the day."""
    folder, place = day
    lines = ["interval_start,queue,offered,aht_seconds"]
    for at in pd.date_range(f"{DAY}T08:00", f"{DAY}T21:30", freq="30min", tz="Asia/Shanghai"):
        lines += [f"{at.isoformat()},{queue},8,200" for queue in ("calls", "chat")]
    (place / "forecast.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    came = [line.replace(",8,", ",16,") for line in lines[:13]]
    (tmp_path / "actuals.csv").write_text("\n".join(came) + "\n", encoding="utf-8")
    short = []
    for more in (("--forecast", place / "forecast.csv"), ("--actuals", tmp_path / "actuals.csv")):
        words = ("--rota", place, "--now", f"{DAY}T11:00", *more, "--out", tmp_path / "out")
        code, told = run("replan", folder, *words)
        assert code == 0
        short.append(told["planned"]["agent_hours_short"])
    assert short[1] > short[0]
    (place / "forecast.csv").unlink()
    code, told = run("replan", folder, *words)
    assert (code, told["faults"][0]["file"]) == (2, "--forecast")


def test_with_a_team_the_days_of_everybody_else_stay(day, run, tmp_path):
    """A001 is gone; of those who could help, A002 and A006 are a team of their own."""
    folder, place = day
    agents = pd.read_csv(folder / "agents.csv", dtype=str, keep_default_na=False)
    agents.loc[agents["agent_id"].isin(["A001", "A002", "A006"]), "team"] = "Own"
    agents.to_csv(folder / "agents.csv", index=False)
    words = ["replan", folder, "--rota", place, "--now", f"{DAY}T10:00", "--absent", "A001", "--most", 4]
    code, told = run(*words, "--out", tmp_path / "out", "--team", "Own")
    assert code in (0, 1), told
    changes = pd.read_csv(tmp_path / "out" / "changes.csv", dtype=str)
    assert {*changes["agent_id"]} <= {"A001", "A002", "A006"}
    one, other = (pd.read_csv(each / "rota.csv", dtype=str) for each in (place, tmp_path / "out"))
    for each in ("A003", "A005"):
        before, after = (
            pd.to_datetime(table.loc[table["agent_id"] == each, "start"], utc=True) for table in (one, other)
        )
        assert before.tolist() == after.tolist()
    everybody = run(*words, "--out", tmp_path / "all")[1]
    assert everybody["alternative"]
    code, told = run(*words, "--out", tmp_path / "none", "--team", "Others")
    assert (code, told["faults"][0]["file"]) == (2, "--team")
