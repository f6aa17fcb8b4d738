"""`paiban forecast`, `backtest`, `staff`: tables written, figures told, numbers explained."""

import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from api.cli import main

START = "2026-03-02"
HEAD = ["interval_start", "queue", "offered", "aht_seconds", "offered_p10", "offered_p50", "offered_p90"]


@pytest.fixture
def forecast(forecast_of, tmp_path):
    return Path(shutil.copyfile(forecast_of(START), tmp_path / "f.csv"))


def test_a_forecast_has_every_open_interval_of_the_centre(forecast):
    table = pd.read_csv(forecast)
    assert list(table.columns) == HEAD
    assert table.groupby("queue").size().to_dict() == {"calls": 7 * 28, "chat": 7 * 28}
    assert (table["offered_p10"] <= table["offered_p90"]).all()


def test_a_history_alone_is_forecast_on_the_intervals_asked_for(folder, tmp_path, run):
    words = [
        "--history",
        folder / "history.csv",
        "--timezone",
        "Asia/Shanghai",
        "--country",
        "CN",
        "--start",
        START,
    ]
    code, told = run(
        "forecast", *words, "--days", "2", "--interval-minutes", "60", "--out", tmp_path / "f.csv"
    )
    assert code == 0
    table = pd.read_csv(tmp_path / "f.csv")
    assert table["interval_start"].str.endswith(":00:00Z").all()
    assert len(table) == told["rows"] == 2 * 2 * 14
    assert told["queues"]["calls"]["offered"] == pytest.approx(
        table.loc[table["queue"] == "calls", "offered"].sum(), abs=0.01
    )


def test_what_lies_after_the_start_is_ignored_and_counted(folder, tmp_path, run, capsys):
    code, told = run("forecast", folder, "--start", "2026-02-23", "--out", tmp_path / "f.csv")
    assert (code, told["queues"]["chat"]["rows_ignored"]) == (0, 7 * 28)
    main(["forecast", str(folder), "--start", "2026-02-23", "--out", str(tmp_path / "f.csv")])
    assert "196 rows of history from the start on ignored" in capsys.readouterr().out


def test_a_backtest_measures_every_model(folder, tmp_path, run):
    code, told = run("backtest", folder, "--origins", "2", "--days", "7", "--out", tmp_path / "b.csv")
    table = pd.read_csv(tmp_path / "b.csv")
    assert (code, told["rows"]) == (0, len(table))
    assert {"seasonal_naive", "chosen"} <= set(table["model"])
    assert table.groupby(["queue", "model"])["origin"].nunique().eq(2).all()
    chosen = table[(table["queue"] == "calls") & (table["model"] == "chosen")]
    mean = next(row for row in told["means"] if (row["queue"], row["model"]) == ("calls", "chosen"))
    assert mean["wape"] == pytest.approx(chosen["wape"].mean(), abs=1e-6)


def test_a_number_is_explained(folder, forecast, run, capsys):
    code, told = run(
        "staff", folder, "--forecast", forecast, "--explain", "2026-03-02T10:44", "--queue", "calls"
    )
    why = told["explain"]
    assert (code, why["interval_start"]) == (0, "2026-03-02T02:30:00Z")
    assert why["erlangs"] == pytest.approx(why["offered"] * why["aht_seconds"] / 1800)
    fewer, enough, more = why["alternatives"]
    assert (fewer["agents"] + 1, enough["agents"], more["agents"] - 1) == (why["agents_required"],) * 3
    assert fewer["misses"]
    assert (enough["misses"], more["misses"]) == ("", "")
    assert why["unplanned_shrinkage"] == pytest.approx(1 - 0.97 * 0.99)
    assert why["agents_to_roster"] >= why["agents_required"] / (1 - why["unplanned_shrinkage"])
    main(
        [
            "staff",
            str(folder),
            "--forecast",
            str(forecast),
            "--explain",
            "2026-03-02T10:44",
            "--queue",
            "calls",
        ]
    )
    told = capsys.readouterr().out
    for words in (
        "Inputs: ",
        "Load: ",
        "Formula: Erlang A with a mean patience of 150 s",
        "Unplanned shrinkage: ",
        "To roster: ",
    ):
        assert words in told


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (["--explain", "2026-03-02T10:44"], "--queue"),
        (["--explain", "2026-03-02T10:44", "--queue", "电话"], "--queue"),
        (["--explain", "half past ten", "--queue", "calls"], "--explain"),
        (["--explain", "2026-03-02T03:00", "--queue", "calls"], "--explain"),
        (["--explain", "2026-03-02T10:00", "--queue", "calls", "--plot-day", "2026-03-02"], "--plot-day"),
    ],
)
def test_what_cannot_be_explained_is_bad_input(folder, forecast, run, words, option):
    code, told = run("staff", folder, "--forecast", forecast, *words)
    assert (code, told["faults"][0]["file"]) == (2, option)


def test_everything_wrong_with_what_is_asked_is_told_at_once(folder, forecast, tmp_path, run):
    words = ["--out", tmp_path / "none" / "r.csv", "--curves", tmp_path, "--plot", forecast, "--span", "9999"]
    words += [
        "--deferred",
        tmp_path / "d.csv",
        "--explain",
        "half past ten",
        "--queue",
        "电话",
        "--plot-day",
        "2031-01-01",
    ]
    before = sorted(tmp_path.iterdir())
    code, told = run("staff", folder, "--forecast", forecast, *words)
    assert code == 2
    assert {fault["file"] for fault in told["faults"]} == {
        "--out", "--curves", "--plot", "--span", "--explain", "--queue", "--plot-day",
    }  # fmt: skip
    assert all(fault["expected"] for fault in told["faults"])
    assert sorted(tmp_path.iterdir()) == before


def test_faults_of_options_and_of_files_are_told_together(folder, forecast, tmp_path, run, edit):
    edit(folder / "centre.toml", "target_share = 0.8", "target_share = 80")
    code, told = run("staff", folder, "--forecast", forecast, "--out", tmp_path, "--compare")
    assert code == 2
    assert {"--out", "--compare", "centre.toml"} <= {fault["file"] for fault in told["faults"]}


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (["--compare"], "--compare"),
        (["--span", "2"], "--span"),
        (["--queue", "calls"], "--queue"),
        (["--plot-day", START], "--plot-day"),
        (["--lang", "zh"], "--lang"),
    ],
)
def test_options_about_what_is_not_asked_for_are_bad_input(folder, forecast, tmp_path, run, words, option):
    code, told = run("staff", folder, "--forecast", forecast, "--out", tmp_path / "r.csv", *words)
    assert (code, [fault["file"] for fault in told["faults"]]) == (2, [option])
    assert not (tmp_path / "r.csv").exists()


def test_two_files_in_one_place_are_bad_input(folder, forecast, tmp_path, run):
    same = tmp_path / "x.csv"
    code, told = run("staff", folder, "--forecast", forecast, "--out", same, "--curves", same)
    assert (code, told["faults"][0]["file"]) == (2, "--curves")
    assert "--out" in told["faults"][0]["expected"]


def test_curves_deferred_work_and_page_are_written_beside_the_requirement(folder, forecast, tmp_path, run):
    files = {name: tmp_path / f"{name}.csv" for name in ("out", "curves", "deferred", "plot")}
    words = [word for name, path in files.items() for word in (f"--{name}", path)]
    code, told = run("staff", folder, "--forecast", forecast, *words)
    assert code == 0
    assert {name: told[name] for name in files} == {name: str(path) for name, path in files.items()}
    table, curves = pd.read_csv(files["out"]), pd.read_csv(files["curves"])
    assert len(table) == told["rows"]
    assert set(curves["queue"]) == {"calls", "chat"}
    both = table.merge(
        curves,
        left_on=["interval_start", "queue", "agents_required"],
        right_on=["interval_start", "queue", "agents"],
    )
    assert len(both) == len(table)
    assert files["deferred"].read_text(encoding="utf-8") == "queue,release,due,contacts,work_minutes\n"
    assert files["plot"].read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_page_may_be_all_that_is_asked_for(folder, forecast, tmp_path, run, capsys):
    page = tmp_path / "页.html"
    words = ["staff", folder, "--forecast", forecast, "--plot", page, "--plot-day", START, "--lang", "zh"]
    assert run(*words)[0] == 0
    assert "所需坐席" in page.read_text(encoding="utf-8")
    assert main([str(word) for word in words]) == 0
    assert f"{page}: page of the requirement" in capsys.readouterr().out


def test_backlog_of_the_folder_is_work_too(folder, forecast, tmp_path, run):
    queue = '[[queue]]\nname = "邮件"\nchannel = "email"\ntarget_hours = 8\naht_seconds = 300\n\n[shrinkage]'
    toml = (folder / "centre.toml").read_text(encoding="utf-8")
    (folder / "centre.toml").write_text(toml.replace("[shrinkage]", queue, 1), encoding="utf-8")
    rows = "queue,release,due,contacts,work_minutes\n邮件,2026-03-01T00:00:00Z,2026-03-02T03:00:00Z,24,120\n"
    (folder / "backlog.csv").write_text(rows, encoding="utf-8")
    out, work = tmp_path / "r.csv", tmp_path / "d.csv"
    assert run("staff", folder, "--forecast", forecast, "--out", out, "--deferred", work)[0] == 0
    mail = pd.read_csv(out).query("queue == '邮件'")
    assert mail["agents_required"].sum() * 0.5 == pytest.approx(2, abs=0.6)
    assert pd.read_csv(work)["work_minutes"].tolist() == [120]


def test_a_queue_need_not_be_named_where_there_is_one(folder, forecast, run, edit):
    toml = (folder / "centre.toml").read_text(encoding="utf-8")
    first, _, rest = toml.partition("[[queue]]")
    queues = rest.split("[[queue]]")
    tail = queues[1][queues[1].index("[shrinkage]") :]
    (folder / "centre.toml").write_text(first + "[[queue]]" + queues[0] + tail, encoding="utf-8")
    agents = (
        (folder / "agents.csv")
        .read_text(encoding="utf-8")
        .replace("chat;calls:0.8", "calls")
        .replace("calls;chat", "calls")
    )
    (folder / "agents.csv").write_text(agents.replace(",chat,", ",calls,"), encoding="utf-8")
    for path in (folder / "history.csv", forecast):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if ",chat," not in line), encoding="utf-8")
    assert (
        run("staff", folder, "--forecast", forecast, "--explain", "2026-03-02T10:44")[1]["explain"]["queue"]
        == "calls"
    )


def test_forecast_and_staff_work_without_ortools(folder, tmp_path):
    code = (
        "import sys; sys.modules['ortools'] = None; from api.cli import main; words = sys.argv[1:]; "
        "cut = words.index('staff'); sys.exit(main(words[:cut]) or main(words[cut:]))"
    )
    forecast, out = tmp_path / "f.csv", tmp_path / "r.csv"
    words = ["forecast", str(folder), "--start", START, "--days", "1", "--out", str(forecast)]
    words += ["staff", str(folder), "--forecast", str(forecast), "--out", str(out)]
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert forecast.exists()
    assert out.exists()
