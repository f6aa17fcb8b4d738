"""`paiban sweep`: what is written, that it goes on where it was, failures told, bad input all at once."""

import csv
import json
import os
import signal
import subprocess
import sys
import time

import pytest
from python_calamine import CalamineWorkbook

from api.cli import main

SWEEP = """
centre = "centre"
start = 2026-02-23
days = 2
level = "staffing"

[[axis]]
name = "volume"
change = "volume={+}%"
from = -10
to = 10
step = 10

[[axis]]
name = "客服"
changes = [[], ["aht=+20%"]]

[[scenario]]
name = "no room"
changes = ["set:queue.calls.minimum_agents=-1"]

[[scenario]]
name = "忙"
changes = ["volume=x2"]
"""
BAD = """
centre = 3
start = "soon"
days = 0
level = "guess"
colour = "red"

[[axis]]
name = "a"
change = "volume={+}%"
from = 10
to = -10
step = 5

[[axis]]
name = "a"
change = "volume={+}%"
values = []

[[axis]]
name = "b"
change = "volume={}%"
values = [-5, 5]
chnge = 1

[[scenario]]
name = "baseline"
changes = "volume=+1%"

[sample]
n = 0
of = [{ change = "aht=x{}", uniform = [2, 1] }, { change = "aht", normal = [1, 1] }]
"""


@pytest.fixture
def sweep(folder, tmp_path):
    """A sweep file beside the centre folder."""
    path = tmp_path / "sweep.toml"
    path.write_text(SWEEP, encoding="utf-8")
    return path


def rows_of(out):
    with (out / "scenarios.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_scenario_has_one_row_in_the_order_of_the_sweep_and_a_failed_one_its_reason(run, sweep, tmp_path):  # fmt: skip
    code, told = run("sweep", sweep, "--out", tmp_path / "out", "--workers", "1")
    rows = rows_of(tmp_path / "out")
    assert code == 1
    assert [row["scenario"] for row in rows] == [
        "baseline", "volume -10, 客服 as it is", "volume -10, 客服 aht=+20%", "volume 0, 客服 as it is", "volume 0, 客服 aht=+20%",
        "volume 10, 客服 as it is", "volume 10, 客服 aht=+20%", "no room", "忙",
    ]  # fmt: skip
    assert [row["status"] for row in rows].count("done") == 8
    assert "minimum_agents" in rows[7]["reason"]
    assert rows[7]["contacts"] == ""
    assert [each["scenario"] for each in told["failed"]] == ["no room"]
    contacts = {row["scenario"]: float(row["contacts"] or 0) for row in rows}
    assert contacts["忙"] == pytest.approx(2 * contacts["baseline"])
    assert contacts["volume -10, 客服 as it is"] == pytest.approx(0.9 * contacts["baseline"])
    assert rows[3]["required_hours"] == rows[0]["required_hours"]
    assert json.loads((tmp_path / "out" / "sweep.json").read_text(encoding="utf-8"))["level"] == "staffing"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_page_and_a_workbook_tell_the_tables_and_what_failed(run, sweep, tmp_path, edit, language):
    edit(sweep, '"忙"', '"<script>=1"')
    edit(sweep, '"no room"', '"=1+1"')
    out = tmp_path / "out"
    run("sweep", sweep, "--out", out, "--workers", "1", "--lang", language)
    page = (out / "sweep.html").read_text(encoding="utf-8")
    rows = rows_of(out)
    assert "<script" not in page
    assert "http://" not in page
    assert "https://" not in page
    for row in rows:
        assert row["scenario"].replace("<", "&lt;").replace(">", "&gt;").replace(
            "+", "&#43;"
        ) in page.replace("+", "&#43;")
        if row["status"] == "done":
            assert f"<td>{float(row['required_hours']):,.1f}</td>" in page
    assert "minimum_agents" in page.partition('id="failed"')[2]
    book = CalamineWorkbook.from_path(str(out / "sweep.xlsx"))
    told = book.get_sheet_by_name(book.sheet_names[0]).to_python()
    assert [row[0] for row in told[1:]] == [row["scenario"] for row in rows]
    assert told[-1][told[0].index("Contacts" if language == "en" else "联络量")] == pytest.approx(
        float(rows[-1]["contacts"])
    )
    sensitivity = book.get_sheet_by_name(book.sheet_names[2]).to_python()
    with (out / "sensitivity.csv").open(encoding="utf-8") as file:
        assert [row[-1] for row in sensitivity[1:]] == pytest.approx(
            [float(r["swing"]) for r in csv.DictReader(file)]
        )


def test_run_again_nothing_finished_is_repeated_and_files_are_the_same(run, sweep, tmp_path):
    out = tmp_path / "out"
    run("sweep", sweep, "--out", out, "--workers", "1")
    before = (out / "scenarios.csv").read_bytes()
    times = {path: path.stat().st_mtime_ns for path in (out / "cache").iterdir()}
    assert len(times) == 8  # the failed one is tried again
    _, told = run("sweep", sweep, "--out", out, "--workers", "1")
    assert told["kept"] == 8
    assert (out / "scenarios.csv").read_bytes() == before
    assert {path: path.stat().st_mtime_ns for path in (out / "cache").iterdir()} == times


def test_what_changed_is_worked_and_the_rest_kept(run, sweep, tmp_path, edit):
    out = tmp_path / "out"
    run("sweep", sweep, "--out", out, "--workers", "1")
    edit(sweep, "volume=x2", "volume=x3")
    assert run("sweep", sweep, "--out", out, "--workers", "1")[1]["kept"] == 7
    edit(tmp_path / "centre" / "centre.toml", "[centre]", "# touched\n[centre]")
    assert run("sweep", sweep, "--out", out, "--workers", "1")[1]["kept"] == 0


def test_a_kept_result_cut_short_counts_as_none(run, sweep, tmp_path):
    out = tmp_path / "out"
    run("sweep", sweep, "--out", out, "--workers", "1")
    before = (out / "scenarios.csv").read_bytes()
    path = next(iter((out / "cache").iterdir()))
    path.write_text('{"figures": {"con', encoding="utf-8")
    assert run("sweep", sweep, "--out", out, "--workers", "1")[1]["kept"] == 7
    assert (out / "scenarios.csv").read_bytes() == before


def test_a_sweep_killed_goes_on_and_its_workers_end(sweep, tmp_path, run, edit):
    edit(sweep, "step = 10\n", "step = 0.25\n")  # 162 on the grid
    out = tmp_path / "out"
    words = [
        sys.executable,
        "-c",
        "import sys; from api.cli import main; sys.exit(main(sys.argv[1:]))",
        "sweep",
        sweep,
        "--out",
        out,
    ]
    with subprocess.Popen(
        words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as first:
        while first.poll() is None and len(list((out / "cache").glob("*.json"))) < 20:
            time.sleep(0.01)
        assert first.poll() is None
        first.kill()
    for _ in range(1000):
        try:
            os.killpg(first.pid, 0)  # any of its group still there?
        except ProcessLookupError:
            break
        time.sleep(0.01)
    else:
        os.killpg(first.pid, signal.SIGKILL)
        pytest.fail("workers outlived the sweep")
    kept = {path: path.stat().st_mtime_ns for path in (out / "cache").glob("*.json")}
    edit(sweep, "from = -10", "from = -10.0")
    _, told = run("sweep", sweep, "--out", out)
    assert told["kept"] == len(kept) >= 20
    assert len({row["scenario"] for row in rows_of(out)}) == len(rows_of(out)) == told["scenarios"] > 162
    assert {path: path.stat().st_mtime_ns for path in kept} == kept


def test_every_fault_of_a_sweep_file_is_told_at_once(run, tmp_path):
    (tmp_path / "sweep.toml").write_text(BAD, encoding="utf-8")
    code, told = run("sweep", tmp_path / "sweep.toml", "--out", tmp_path / "out")
    assert code == 2
    columns = [fault["column"] for fault in told["faults"]]
    assert {fault["file"] for fault in told["faults"]} == {"sweep.toml"}
    assert columns == [
        "colour", "centre", "start", "days", "level", "axis.a.from", "axis.a.values", "axis.b.chnge", "axis.b.change",
        "scenario.baseline.changes", "sample.n", "sample.of.1.uniform", "sample.of.2.change", "axis", "scenario",
    ]  # fmt: skip
    assert not (tmp_path / "out").exists()


def test_changes_that_do_not_apply_are_told_all_at_once_and_each_once(run, sweep, tmp_path, edit):
    edit(sweep, '["aht=+20%"]', '["aht:cals=+20%"], ["aht:cals=+20%", "hire:x=3"]')
    code, told = run("sweep", sweep, "--out", tmp_path / "out")
    assert code == 2
    assert [fault["found"] for fault in told["faults"]] == ["aht:cals=+20%", "hire:x=3"]


def test_a_million_rotas_are_asked_about_with_their_cost_before_any_work(run, sweep, tmp_path, edit):
    edit(sweep, "step = 10\n", "step = 0.00004\n")
    edit(sweep, '"staffing"', '"rota"')
    code, told = run("sweep", sweep, "--out", tmp_path / "out")
    assert code == 2
    assert [fault["file"] for fault in told["faults"]] == ["--yes"]
    assert told["faults"][0]["found"].startswith("1,000,005 scenarios x about 15 s on 2 workers: about 86.8")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nowhere"])
def test_a_cluster_that_is_not_there_is_told(run, sweep, tmp_path, monkeypatch, address):
    monkeypatch.setattr("scenarios.sweep_pool.CONNECT_SECONDS", 0.5)
    code, told = run("sweep", sweep, "--out", tmp_path / "out", "--dask", address)
    assert code == 2
    assert [fault["file"] for fault in told["faults"]] == ["--dask"]
    assert address in told["faults"][0]["found"]


def test_a_folder_of_something_else_is_not_written_to(run, sweep, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("x", encoding="utf-8")
    assert run("sweep", sweep, "--out", tmp_path / "out")[0] == 2
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_progress_tells_the_time_left(sweep, tmp_path, capsys):
    main(["sweep", str(sweep), "--out", str(tmp_path / "out"), "--workers", "1"])
    told = capsys.readouterr().err
    assert "9 scenarios to work, 0 kept from before" in told
    assert "9 of 9 done, 1 failed, about 0 s left" in told


def test_samples_are_the_same_again_and_their_spread_is_told(run, sweep, tmp_path):
    text = sweep.read_text(encoding="utf-8").partition("[[axis]]")[0]
    sweep.write_text(
        text + '[sample]\nn = 5\nseed = 3\npaths = true\nof = [{ change = "aht=x{}", normal = [1, 0.1] }]\n',
        encoding="utf-8",
    )
    code, told = run("sweep", sweep, "--out", tmp_path / "a", "--workers", "1")
    assert run("sweep", sweep, "--out", tmp_path / "b", "--workers", "2")[0] == code == 0
    names = ("scenarios.csv", "frontier.csv", "sensitivity.csv", "sweep.json")
    assert all((tmp_path / "a" / n).read_bytes() == (tmp_path / "b" / n).read_bytes() for n in names)
    contacts = [float(row["contacts"]) for row in rows_of(tmp_path / "a")]
    assert len(set(contacts)) == 6
    middle = told["sample_quantiles"]["contacts"]
    assert middle["p10"] < middle["p50"] < middle["p90"]
    assert middle["p50"] == sorted(contacts[1:])[2]


def test_the_sample_tells_which_input_moves_a_figure_how_far(run, sweep, tmp_path):
    """Volume from -20 to +20 % moves contacts in proportion, handle time not at all: 0.8 x 40 % from the 10 to the 90 % point."""
    text = sweep.read_text(encoding="utf-8").partition("[[axis]]")[0]
    unknown = '{ change = "volume={+}%", uniform = [-20, 20] }, { change = "aht=x{}", normal = [1, 0.05] }'
    sweep.write_text(f"{text}[sample]\nn = 60\nseed = 3\nof = [{unknown}]\n", encoding="utf-8")
    run("sweep", sweep, "--out", tmp_path / "out", "--workers", "1")
    with (tmp_path / "out" / "sensitivity.csv").open(encoding="utf-8") as file:
        found = {(row["figure"], row["axis"]): row for row in csv.DictReader(file)}
    contacts, still = found["contacts", "volume={+}%"], found["contacts", "aht=x{}"]
    usual = float(rows_of(tmp_path / "out")[0]["contacts"])
    ends = [float(contacts[name]) for name in ("low_step", "high_step")]
    assert float(contacts["swing"]) == pytest.approx(usual * (ends[1] - ends[0]) / 100, rel=1e-3)
    assert 25 < ends[1] - ends[0] < 38
    assert float(contacts["explained"]) == pytest.approx(1.0, abs=1e-6)
    assert float(still["swing"]) == pytest.approx(0.0, abs=1e-3 * usual)
    hours = [found["required_hours", name] for name in ("volume={+}%", "aht=x{}")]
    assert float(hours[0]["swing"]) > float(hours[1]["swing"]) > 0
    assert 0.9 < float(hours[0]["explained"]) < 1
