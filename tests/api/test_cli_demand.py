"""`paiban forecast`, `backtest`, `staff`: tables written, figures told, numbers explained."""

import subprocess
import sys

import pandas as pd
import pytest

from api.cli import main

START = "2026-03-02"
HEAD = ["interval_start", "queue", "offered", "aht_seconds", "offered_p10", "offered_p50", "offered_p90"]


@pytest.fixture
def forecast(folder, tmp_path, run):
    assert run("forecast", folder, "--start", START, "--out", tmp_path / "f.csv")[0] == 0
    return tmp_path / "f.csv"


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
    assert mean["wape"] == pytest.approx(chosen["wape"].mean())


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
    ],
)
def test_what_cannot_be_explained_is_bad_input(folder, forecast, run, words, option):
    code, told = run("staff", folder, "--forecast", forecast, *words)
    assert (code, told["faults"][0]["file"]) == (2, option)


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
    code = "import sys; sys.modules['ortools'] = None; from api.cli import main; sys.exit(main(sys.argv[1:]))"
    forecast, out = tmp_path / "f.csv", tmp_path / "r.csv"
    for words in (
        ["forecast", str(folder), "--start", START, "--days", "1", "--out", str(forecast)],
        ["staff", str(folder), "--forecast", str(forecast), "--out", str(out)],
    ):
        done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
    assert out.exists()
