"""`paiban forecast`: day totals, groups, sampled ways, kept forecasts; `paiban backtest --by`."""

import pandas as pd
import pytest

START = "2026-03-02"


def test_days_groups_and_ways_are_written_beside_the_forecast(folder, tmp_path, run):
    toml = (folder / "centre.toml").read_text(encoding="utf-8")
    (folder / "centre.toml").write_text(
        toml.replace('name = "chat"', 'name = "chat"\ngroup = "在线"'), encoding="utf-8"
    )
    files = {name: tmp_path / f"{name}.csv" for name in ("f", "days", "groups", "paths")}
    words = (
        "--by-day",
        files["days"],
        "--groups",
        files["groups"],
        "--paths",
        files["paths"],
        "--samples",
        "50",
    )
    assert run("forecast", folder, "--start", START, "--out", files["f"], *words)[0] == 0
    table, days, groups, paths = (pd.read_csv(path) for path in files.values())
    assert days.groupby("queue").size().to_dict() == {"calls": 7, "chat": 7}
    by_queue = table.groupby("queue")["offered"].sum()
    assert days.groupby("queue")["offered"].sum().to_dict() == pytest.approx(by_queue.to_dict(), rel=1e-3)
    sums = groups.groupby("node")["offered"].sum()
    assert sums["group:在线"] == pytest.approx(by_queue["chat"], rel=1e-3)
    assert sums["centre:all"] == pytest.approx(by_queue.sum(), rel=1e-3)
    whole = groups[groups["node"] == "centre:all"]
    assert (whole["offered_p10"] < whole["offered_p90"]).all()
    assert paths[["interval_start", "queue"]].equals(table[["interval_start", "queue"]])
    sampled = paths.filter(like="path_").sum().to_numpy()
    assert len(sampled) == 50
    assert sampled.mean() == pytest.approx(by_queue.sum(), rel=0.1)


def test_machines_are_told_what_was_found_in_the_history(folder, tmp_path, run):
    rows = (folder / "history.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    cut = [row for row in rows if "2026-02-11T0" not in row or ",calls," not in row]
    (folder / "history.csv").write_text("".join(cut), encoding="utf-8")
    code, told = run("forecast", folder, "--start", START, "--out", tmp_path / "f.csv")
    assert code == 0
    assert told["history"]["gaps"]["calls"] == len(rows) - len(cut)
    assert told["history"]["gaps"]["chat"] == 0
    assert told["history"]["partial_days"]["calls"] == ["2026-02-11"]


def test_what_was_forecast_before_the_planners_hand_stays_visible(folder, tmp_path, run):
    window = "2026-03-03T10:00,2026-03-03T12:00,calls,multiply"
    lines = ["start,end,queue,kind,value,reason,author,measure", f"{window},1.5,短信,王芳,offered"]
    lines.append(f"{window},1.2,新流程,王芳,aht_seconds")
    (folder / "overrides.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    words = ("forecast", folder, "--start", START, "--days", "3", "--out", tmp_path / "f.csv", "--keep")
    assert run(*words)[0] == 0
    for path in (tmp_path / "f.csv", next((folder / "snapshots").glob("*.csv"))):
        table = pd.read_csv(path)
        moved = table[table["offered"] > table["offered_before_override"]]
        assert len(moved) == 4
        assert (moved["offered"] / moved["offered_before_override"]).tolist() == pytest.approx(
            [1.5] * 4, rel=1e-4
        )
        assert (moved["aht_seconds"] / moved["aht_before_override"]).tolist() == pytest.approx(
            [1.2] * 4, rel=1e-3
        )
        assert "王芳" not in path.read_text(encoding="utf-8")


def test_a_kept_forecast_is_found_by_accuracy(folder, tmp_path, run):
    words = ("forecast", folder, "--start", "2026-02-23", "--days", "3", "--out", tmp_path / "f.csv")
    assert run(*words, "--keep")[0] == 0
    assert len(list((folder / "snapshots").glob("*.csv"))) == 1
    assert run(*words, "--keep")[0] == 0  # the same again is not kept twice
    assert len(list((folder / "snapshots").glob("*.csv"))) == 1
    code, told = run("accuracy", folder)
    assert (code, told["forecasts_kept"], told["forecasts_compared"]) == (0, 1, 1)


def test_several_processes_say_the_same(folder, tmp_path, run):
    words = ("forecast", folder, "--start", START, "--days", "2")
    for name, workers in (("one.csv", "1"), ("two.csv", "2")):
        assert run(*words, "--out", tmp_path / name, "--workers", workers)[0] == 0
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_what_needs_a_centre_folder_is_told_without_one(folder, tmp_path, run):
    words = ("--history", folder / "history.csv", "--timezone", "Asia/Shanghai", "--start", START)
    code, told = run(
        "forecast", *words, "--out", tmp_path / "f.csv", "--keep", "--groups", tmp_path / "g.csv"
    )
    assert code == 2
    assert {fault["file"] for fault in told["faults"]} == {"--keep", "--groups"}
    assert not (tmp_path / "f.csv").exists()


def test_a_backtest_is_broken_down(folder, tmp_path, run):
    words = ("backtest", folder, "--origins", "2", "--days", "7", "--by", "weekday")
    code, told = run(*words, "--out", tmp_path / "b.csv")
    table = pd.read_csv(tmp_path / "b.csv")
    assert (code, told["rows"]) == (0, len(table))
    assert set(table["weekday"]) == {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
    assert (table["contacts"] > 0).all()
    assert table.groupby(["queue", "model"]).size().eq(7).all()
