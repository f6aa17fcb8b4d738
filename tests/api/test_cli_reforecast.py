"""`paiban reforecast`: the updated file, what is told of each queue, and what is wrong with the files of the day."""

import pandas as pd
import pytest

from api.cli import main

START = "2026-03-02"


@pytest.fixture
def day(forecast_of, tmp_path):
    """A forecast of two days, and actuals until noon that are a quarter above it."""
    plan = pd.read_csv(forecast_of(START, 2))
    plan.to_csv(tmp_path / "plan.csv", index=False)
    local = pd.to_datetime(plan["interval_start"]).dt.tz_convert("Asia/Shanghai")
    came = plan[local < pd.Timestamp(f"{START}T12:00", tz="Asia/Shanghai")]
    came = came.assign(offered=(1.25 * came["offered"]).round(), customers_online=3, waiting=0)
    columns = ["interval_start", "queue", "offered", "aht_seconds", "customers_online", "waiting"]
    came[columns].to_csv(tmp_path / "actuals.csv", index=False)
    return tmp_path


def words(folder, day, **more):
    told = {"forecast": day / "plan.csv", "actuals": day / "actuals.csv", "now": f"{START}T12:00"}
    told |= {"out": day / "now.csv"} | more
    return ["reforecast", folder, *(word for name, value in told.items() for word in (f"--{name}", value))]


def test_the_rest_of_the_day_is_moved_and_explained(folder, day, run):
    code, told = run(*words(folder, day))
    plan, found = (pd.read_csv(day / name) for name in ("plan.csv", "now.csv"))
    assert code == 0
    assert list(found.columns) == list(plan.columns)
    assert found[["interval_start", "queue"]].equals(plan[["interval_start", "queue"]])
    today = plan["interval_start"].between("2026-03-02T04:00:00Z", "2026-03-02T13:30:00Z")
    assert found[~today].equals(plan[~today])
    assert (found.loc[today, "offered"] > plan.loc[today, "offered"]).all()
    calls = told["queues"]["calls"]
    assert 1 < calls["low"] < calls["factor"] < calls["high"] < 1.35
    assert calls["wape_so_far"] == pytest.approx(0.2, abs=0.02)
    rest = found[today & (found["queue"] == "calls")]["offered"].sum()
    assert calls["rest"] == pytest.approx(rest, abs=0.01)
    assert calls["words"][-1].startswith("the rest of the day times 1.")


def test_people_are_told_the_factor_and_the_error_by_queue(folder, day, capsys):
    assert main([str(word) for word in words(folder, day)]) == 0
    said = capsys.readouterr().out
    assert f"{day / 'now.csv'}: 112 rows, updated at 2026-03-02T04:00:00Z" in said
    assert "calls: error so far 20." in said
    assert "chat: error so far" in said
    assert "80 % between" in said


def test_updating_twice_from_the_morning_s_forecast_gives_the_same(folder, day, run):
    run(*words(folder, day))
    once = (day / "now.csv").read_bytes()
    run(*words(folder, day))
    assert (day / "now.csv").read_bytes() == once


def test_a_forecast_that_is_overwritten_is_done_and_warned_of(folder, day, run):
    code, told = run(*words(folder, day, out=day / "plan.csv"))
    assert code == 0
    assert "count the day so far twice" in " ".join(told["warnings"])


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_written(folder, day, run):
    text = (day / "actuals.csv").read_text(encoding="utf-8").replace("calls", "cals", 1)
    (day / "actuals.csv").write_text(text, encoding="utf-8")
    (day / "plan.csv").write_text("interval_start,queue\n", encoding="utf-8")
    code, told = run(*words(folder, day, now="noon"))
    assert code == 2
    found = {(fault["file"], fault["column"]) for fault in told["faults"]}
    assert found == {
        ("--now", ""),
        ("actuals.csv", "queue"),
        ("plan.csv", "offered"),
        ("plan.csv", "aht_seconds"),
    }
    assert not (day / "now.csv").exists()


def test_a_forecast_of_other_intervals_is_refused(folder, day, run):
    plan = pd.read_csv(day / "plan.csv")
    hourly = plan[plan["interval_start"].str.contains(":00:00Z")]
    hourly.to_csv(day / "plan.csv", index=False)
    code, told = run(*words(folder, day))
    (fault,) = told["faults"]
    assert (code, fault["file"], fault["found"]) == (2, "--forecast", "intervals of 60 minutes")


def test_a_day_of_which_nothing_is_known_keeps_its_forecast(folder, day, run):
    head = "interval_start,queue,offered,aht_seconds\n"
    (day / "actuals.csv").write_text(head, encoding="utf-8")
    code, told = run(*words(folder, day, now=f"{START}T07:00"))
    assert code == 0
    assert pd.read_csv(day / "now.csv").equals(pd.read_csv(day / "plan.csv"))
    assert told["queues"]["calls"]["wape_so_far"] is None


def test_a_day_outside_the_forecast_is_told(folder, day, capsys):
    assert main([str(word) for word in words(folder, day, now="2026-03-20T12:00")]) == 0
    assert "The forecast has no interval on this day" in capsys.readouterr().out
