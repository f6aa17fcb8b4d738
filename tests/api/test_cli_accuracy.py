"""`paiban accuracy`: kept forecasts against what came, from the outside."""

import json
from datetime import date

import pandas as pd
import pytest

from api.cli import main
from centre.folder import read_centre
from scenarios.snapshots import MadeBy, keep_snapshot

START, DAYS = date(2026, 2, 16), 14


@pytest.fixture
def kept(folder):
    """A centre folder with a forecast of its last two weeks: what came, 10 % more; 20 % more before a planner
    set two hours of calls right.
    """
    history = read_centre(folder).history.sort_values(["queue", "interval_start"], ignore_index=True)
    table = history[history["interval_start"] >= pd.Timestamp(START, tz="Asia/Shanghai")]
    ahead = table["offered"] * 1.1
    hand = (table["queue"] == "calls") & table["interval_start"].between(
        "2026-02-18T02Z", "2026-02-18T03:30Z"
    )
    forecast = table.assign(
        offered=ahead.mask(hand, table["offered"]),
        offered_before_override=ahead.mask(hand, table["offered"] * 1.2),
        offered_p10=ahead * 0.8, offered_p50=ahead, offered_p90=ahead * 1.2,
    )  # fmt: skip
    keep_snapshot(folder, forecast, MadeBy(START, START, DAYS, {"calls": "x", "chat": "x"}, {}))
    return folder


def test_errors_are_told_by_queue_beside_the_floor(kept, run, capsys):
    code, told = run("accuracy", kept)
    assert code == 0
    assert (told["forecasts_kept"], told["forecasts_compared"]) == (1, 1)
    chat = next(row for row in told["measures"] if row["queue"] == "chat")
    assert chat["wape"] == pytest.approx(0.1, abs=1e-4)
    assert chat["day_wape"] == pytest.approx(0.1, abs=1e-4)
    assert chat["bias"] == pytest.approx(0.1, abs=1e-4)
    assert chat["coverage"] == 1
    assert chat["at_floor"] is True
    assert main(["accuracy", str(kept)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "1 forecast kept, 1 with intervals that history knows by now"
    assert lines[2].startswith("chat: WAPE 10.0 % by interval (floor ")
    assert (
        "nothing more to win there), 10.0 % by day, 10.0 % by week, bias 10.0 %, 100.0 % within p10"
        in lines[2]
    )


def test_the_planners_hand_shows_as_a_difference(kept, run, capsys):
    _, told = run("accuracy", kept)
    assert list(told["overrides"]) == ["calls"]
    assert told["overrides"]["calls"] == {
        "intervals": 4, "wape_with": 0, "bias_with": 0,
        "wape_without": pytest.approx(0.2, abs=1e-4), "bias_without": pytest.approx(0.2, abs=1e-4),
    }  # fmt: skip
    assert {(row["queue"], row["model"]) for row in told["measures"]} == {
        ("calls", "forecast"), ("calls", "without_overrides"), ("chat", "forecast"),
    }  # fmt: skip
    main(["accuracy", str(kept)])
    assert (
        "calls, overrides: 0.0 % with, 20.0 % without on the 4 intervals touched" in capsys.readouterr().out
    )


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("weekday", ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]),
        ("week_ahead", ["1", "2"]),
        ("day", [*(f"2026-02-{day}" for day in range(16, 29)), "2026-03-01"]),
        ("special", ["after", "bridged", "makeup", "ordinary", "rest", "statutory"]),
    ],
)
def test_errors_are_broken_down_and_written(kept, tmp_path, run, capsys, by, groups):
    code, told = run("accuracy", kept, "--by", by, "--out", tmp_path / "a.csv")
    assert code == 0
    table = pd.read_csv(tmp_path / "a.csv", dtype={by: str})
    chat = table[table["queue"] == "chat"]
    assert chat[by].tolist() == groups
    assert list(table.columns[:5]) == ["queue", by, "model", "contacts", "intervals"]
    assert len(table) == len(told["measures"])
    assert main(["accuracy", str(kept), "--by", by]) == 0
    assert f"chat, {by.replace('_', ' ')} {groups[0]}: WAPE" in capsys.readouterr().out


def test_what_an_outage_hid_is_left_out_and_counted(kept, run, capsys):
    code, whole = run("accuracy", kept)
    lines = (kept / "history.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    hours = tuple(f"2026-02-25T0{hour}" for hour in range(2, 8))
    lines = [
        ",".join([*line.split(",")[:2], "0", "\n"]) if line.startswith(hours) and ",calls," in line else line
        for line in lines
    ]
    (kept / "history.csv").write_text("".join(lines), encoding="utf-8")
    code, told = run("accuracy", kept)
    assert code == 0
    assert told["outage_intervals"] == 12
    assert told["measures"][0]["intervals"] == whole["measures"][0]["intervals"] - 12
    assert told["measures"][0]["wape"] == pytest.approx(whole["measures"][0]["wape"], abs=0.002)
    main(["accuracy", str(kept)])
    assert "12 intervals in outages are left out" in capsys.readouterr().out


def test_without_kept_forecasts_it_says_how_to_keep_some(folder, run):
    code, told = run("accuracy", folder)
    assert code == 2
    assert told["faults"][0]["found"] == "none"
    assert (
        f"`paiban forecast {folder} --start DATE --days N --out FILE --keep`" in told["faults"][0]["expected"]
    )


def test_before_any_of_its_days_is_known_there_is_nothing_to_measure(kept, run, edit, tmp_path):
    lines = (kept / "history.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    early = [line for line in lines if line < "2026-02-15T16"] + lines[:1]
    (kept / "history.csv").write_text("".join(sorted(early, reverse=True)), encoding="utf-8")
    code, told = run("accuracy", kept, "--by", "weekday", "--out", tmp_path / "a.csv")
    assert (code, told["forecasts_kept"], told["forecasts_compared"]) == (0, 1, 0)
    assert told["measures"] == []
    assert json.dumps(told["overrides"]) == "{}"
