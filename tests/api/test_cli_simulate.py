"""`paiban simulate`: the table written, figures told to people and machines, faults of all files at once."""

import shutil

import pandas as pd
import pytest

from api.cli import main
from scenarios.simulated_backup import CALLS
from scenarios.simulation import COLUMNS

START = "2026-03-02"
HEAD = "agent_id,day,start,end,activity,shift,paid\n"
MAIL = """
[[queue]]
name = "邮件"
channel = "email"
target_hours = 24
aht_seconds = 300

[[follow_up]]
queue = "calls"
to = "邮件"
share = 0.5

[[backup]]
name = "后备组"
queues = ["chat"]
agents = 2
threshold = 3
"""


@pytest.fixture
def files(forecast_of, tmp_path):
    """The options --rota and --forecast of a day: six people from eight to ten in two shifts, with a meal each."""
    shutil.copyfile(forecast_of(START, 1), tmp_path / "f.csv")
    lines = []
    for number in range(1, 7):
        first, last = ("08:00", "16:00") if number % 2 else ("14:00", "22:00")
        noon = f"{int(first[:2]) + 4:02d}:00", f"{int(first[:2]) + 4:02d}:30"
        for start, end, activity in ((first, noon[0], "work:*"), (*noon, "meal"), (noon[1], last, "work:*")):
            lines.append(f"A{number:03d},{START},{START}T{start},{START}T{end},{activity},早晚班,true\n")
    (tmp_path / "rota.csv").write_text(HEAD + "".join(lines), encoding="utf-8")
    return "--rota", tmp_path / "rota.csv", "--forecast", tmp_path / "f.csv"


def test_a_rota_is_simulated_and_written(folder, files, tmp_path, run):
    code, told = run("simulate", folder, *files, "--replications", "20", "--out", tmp_path / "s.csv")
    table = pd.read_csv(tmp_path / "s.csv")
    assert (code, told["command"], told["rows"], told["replications"], told["seed"]) == (
        0,
        "simulate",
        len(table),
        20,
        1,
    )
    assert list(table.columns) == list(COLUMNS)
    assert table.groupby("queue").size().to_dict() == {"calls": 28, "chat": 28}
    assert table["interval_start"].iloc[0] == f"{START}T00:00:00Z"
    assert (told["first_day"], told["last_day"]) == (START, START)
    for name, one in told["queues"].items():
        own = table[table["queue"] == name]
        assert one["offered"]["mean"] == pytest.approx(own["offered"].sum(), abs=0.01)
        assert one["answered"]["mean"] == pytest.approx(own["answered"].sum(), abs=0.01)
        assert one["service_level"]["low"] <= one["service_level"]["mean"] <= one["service_level"]["high"]
        in_time = (own["service_level"] * own["offered"]).sum() / own["offered"].sum()
        assert one["service_level"]["mean"] == pytest.approx(in_time, abs=1e-4)
        assert 0 < one["calculated"]["service_level"] < 1
    shares = [
        column for column in COLUMNS if column.startswith(("service_level", "abandonment", "occupancy"))
    ]
    assert table[shares].min().min() >= 0
    assert table[shares].max().max() <= 1


def test_the_same_words_write_the_same_bytes_on_any_number_of_threads(folder, files, tmp_path, run):
    for out, more in (
        ("1.csv", ("--workers", "1")),
        ("2.csv", ("--workers", "2")),
        ("3.csv", ("--seed", "2")),
    ):
        assert run("simulate", folder, *files, "--replications", "5", *more, "--out", tmp_path / out)[0] == 0
    same, again, other = ((tmp_path / f"{n}.csv").read_bytes() for n in (1, 2, 3))
    assert same == again != other


def test_people_read_both_ways_side_by_side(folder, files, tmp_path, capsys):
    with (folder / "centre.toml").open("a", encoding="utf-8") as stream:
        stream.write(MAIL)
    words = ["simulate", folder, *files, "--replications", "5", "--out", tmp_path / "s.csv"]
    assert main([str(word) for word in words]) == 0
    told = capsys.readouterr()
    lines = told.out.splitlines()
    assert lines[0] == f"{tmp_path / 's.csv'}: 56 rows; {START} to {START}, 5 times with seed 1"
    assert [line for line in lines if not line.startswith(" ")][1:4] == ["calls", "chat", "all queues"]
    assert sum(line.startswith("  in time ") for line in lines) == 3
    assert any(line.startswith("后备组: called ") for line in lines)
    assert any(line.startswith("  people called ") for line in lines)
    assert lines[-1].startswith("Not simulated, work that may wait: 邮件 ")


def test_every_call_out_is_written_where_asked_for(folder, files, tmp_path, run):
    with (folder / "centre.toml").open("a", encoding="utf-8") as stream:
        stream.write(
            MAIL + "hourly_cost = 30.0\ncall_out_cost = 10.0\nlead_minutes = 2\nminimum_minutes = 15\n"
        )
    out, calls = tmp_path / "s.csv", tmp_path / "calls.csv"
    code, told = run("simulate", folder, *files, "--replications", "20", "--out", out, "--calls", calls)
    table = pd.read_csv(calls)
    assert (code, told["calls"], told["call_outs"]) == (0, str(calls), len(table))
    assert list(table.columns) == list(CALLS)
    assert len(table) > 0
    assert set(table["agent_id"]) <= {"后备组-1", "后备组-2"}
    assert table["called"].str.fullmatch(r"2026-03-0\dT\d\d:\d\d:00Z").all()
    assert (table["value"] >= 3).all()
    pool = told["backup"]["后备组"]
    hours = (pd.to_datetime(table["left"]) - pd.to_datetime(table["arrived"])).dt.total_seconds().sum() / 3600
    assert pool["hours"]["mean"] == pytest.approx(hours / 20, abs=0.01)
    assert pool["cost"]["mean"] == pytest.approx((30 * hours + 10 * len(table)) / 20, abs=0.05)
    again = run("simulate", folder, *files, "--replications", "20", "--out", out)[1]
    assert "calls" not in again
    code, both = run("simulate", folder, *files, "--out", out, "--calls", out)
    assert (code, both["faults"][0]["file"]) == (2, "--calls")
    assert again["backup"] == told["backup"]


def test_faults_of_rota_and_forecast_are_told_together(folder, files, tmp_path, run):
    (tmp_path / "rota.csv").write_text(
        f"{HEAD}A001,{START},{START}T08:00,{START}T07:00,work:*,早,true\n", encoding="utf-8"
    )
    (tmp_path / "f.csv").write_text("interval_start,queue,offered\n", encoding="utf-8")
    code, told = run("simulate", folder, *files, "--out", tmp_path / "s.csv")
    assert code == 2
    assert {fault["file"] for fault in told["faults"]} == {"rota.csv", "f.csv"}
    assert not (tmp_path / "s.csv").exists()


def test_a_forecast_alone_may_be_wrong(folder, files, tmp_path, run):
    (tmp_path / "f.csv").write_text("interval_start,queue,offered\n", encoding="utf-8")
    code, told = run("simulate", folder, *files, "--out", tmp_path / "s.csv")
    assert (code, {fault["file"] for fault in told["faults"]}) == (2, {"f.csv"})


def test_people_and_queues_that_the_centre_has_not_are_told(folder, files, tmp_path, run):
    rota = tmp_path / "rota.csv"
    text = (
        rota.read_text(encoding="utf-8")
        .replace("A002", "X002")
        .replace("work:*,早晚班", "work:投诉,早晚班", 1)
    )
    rota.write_text(text, encoding="utf-8")
    code, told = run("simulate", folder, *files, "--out", tmp_path / "s.csv")
    assert code == 2
    assert [(fault["column"], fault["found"]) for fault in told["faults"]] == [
        ("agent_id", "X002"),
        ("activity", "work:投诉"),
    ]
    assert not (tmp_path / "s.csv").exists()


@pytest.mark.parametrize("words", [("--replications", "0"), ("--seed", "-1"), ("--workers", "two")])
def test_wrong_numbers_are_bad_input(folder, files, tmp_path, run, words):
    code, told = run("simulate", folder, *files, *words, "--out", tmp_path / "s.csv")
    assert (code, told["faults"][0]["file"]) == (2, words[0])
