"""`paiban staff --available`: the hour after an overload is staffed for what is still waiting; `backlog.csv` in a centre folder."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

START = "2026-03-02"


@pytest.fixture
def forecast(forecast_of, tmp_path):
    return Path(shutil.copyfile(forecast_of(START, 1), tmp_path / "f.csv"))


def test_the_hour_after_an_overload_is_staffed_for_what_still_waits(folder, forecast, tmp_path, run, edit):
    edit(folder / "centre.toml", "patience_seconds = 150\n", "")  # callers who wait for ever
    assert run("staff", folder, "--forecast", forecast, "--out", tmp_path / "alone.csv")[0] == 0
    alone = pd.read_csv(tmp_path / "alone.csv")
    there = alone.assign(agents_effective=50.0)[["interval_start", "queue", "agents_effective"]]
    there.loc[there["interval_start"] == "2026-03-02T02:00:00Z", "agents_effective"] = 1.0
    there.to_csv(tmp_path / "there.csv", index=False)
    words = "--forecast", forecast, "--available", tmp_path / "there.csv", "--queue", "calls"
    code, told = run(
        "staff", folder, *words, "--explain", "2026-03-02T10:30", "--out", tmp_path / "after.csv"
    )
    after = pd.read_csv(tmp_path / "after.csv")
    extra = (after["agents_required"] - alone["agents_required"])[after["queue"] == "calls"].tolist()
    assert code == 0
    assert extra[:5] == [0, 0, 0, 0, 0]  # until ten, and in the overload itself, the need is what it was
    assert extra[5] > 0
    assert told["explain"]["agents_carried_over"] == extra[5]
    code, told = run("staff", folder, *words, "--explain", "2026-03-02T09:30")
    assert (code, told["explain"]["agents_carried_over"]) == (0, 0)


def test_who_is_there_and_backlog_are_read_with_every_fault(folder, forecast, tmp_path, run):
    (tmp_path / "there.csv").write_text(
        "interval_start,queue,agents_effective\n2026-03-02T02:00:00Z,calls,-1\n"
    )
    code, told = run(
        "staff",
        folder,
        "--forecast",
        forecast,
        "--available",
        tmp_path / "there.csv",
        "--out",
        tmp_path / "r.csv",
    )
    assert (code, told["faults"][0]["file"], told["faults"][0]["found"]) == (2, "there.csv", "-1")
    head = "queue,release,due,contacts,work_minutes\n"
    row = "calls,2026-03-01T02:00:00Z,2026-03-01T01:00:00Z,3,-4\n"
    (folder / "backlog.csv").write_text(head + row)
    code, told = run("staff", folder, "--forecast", forecast, "--out", tmp_path / "r.csv")
    assert code == 2
    assert {fault["column"] for fault in told["faults"]} == {
        "work_minutes"
    }  # a row that cannot be read is not judged further
    (folder / "backlog.csv").write_text(head + row.replace("-4", "4"))
    code, told = run("staff", folder, "--forecast", forecast, "--out", tmp_path / "r.csv")
    assert {fault["column"] for fault in told["faults"]} == {"due"}
    (folder / "backlog.csv").write_text(head + row.replace("-4", "4").replace("T01", "T03"))
    code, told = run("staff", folder, "--forecast", forecast, "--out", tmp_path / "r.csv")
    assert {fault["column"] for fault in told["faults"]} == {"queue"}  # calls do not wait
