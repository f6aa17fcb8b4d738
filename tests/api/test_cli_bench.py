"""``paiban bench nrp`` from the outside: the file it writes, what it refuses, exit codes."""

import json
import os
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import scheduler.solve.nrp
from scheduler.nrp import OFF, judge, read_instance
from scheduler.solve.nrp_result import NrpResult

FIRST, FIFTH = (Path(__file__).parents[1] / "data" / "nrp" / f"Instance{number}.txt" for number in (1, 5))


@pytest.fixture
def out(tmp_path):
    return tmp_path / "roster.json"


def test_the_first_instance_end_to_end(run, out):
    out.write_text("an older file")
    code, told = run("bench", "nrp", FIRST, "--seconds", 30, "--workers", 1, "--seed", 1, "--out", out)
    written = json.loads(out.read_text(encoding="utf-8"))
    assert code == 0
    assert list(written) == ["instance", "penalty", "bound", "seconds", "assignments"]
    assert (written["instance"], written["penalty"], written["bound"]) == ("Instance1", 607, 607)
    assert 0 < written["seconds"] < 31
    judged = judge(read_instance(FIRST), written["assignments"])
    assert (judged.penalty, judged.breaches) == (607, ())
    assert told["status"] == "optimal"
    assert sum(told["terms"].values()) == told["penalty"] == 607
    assert [path.name for path in out.parent.iterdir()] == ["roster.json"]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("engine", ["nrp_textbook", "nrp_columns"])
def test_a_signal_ends_it_within_two_seconds_and_leaves_nothing(run, out, sent, engine, monkeypatch):
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # tests that call CP-SAT themselves leave it to the system
    sent_at: list[float] = []

    def send() -> None:
        sent_at.append(time.monotonic())
        os.kill(os.getpid(), sent)

    def solving(*asked: Any) -> Any:
        threading.Timer(1.0, send).start()  # in the middle of the search
        return solve(*asked)

    name = "solve_textbook" if engine == "nrp_textbook" else "solve_columns"
    solve = getattr(scheduler.solve.nrp, name)
    monkeypatch.setattr(scheduler.solve.nrp, name, solving)
    monkeypatch.setattr(scheduler.solve.nrp, "SMALL", 10**9 if engine == "nrp_textbook" else 0)
    code, told = run("bench", "nrp", FIFTH, "--seconds", 20, "--workers", 1, "--out", out)
    assert (code, told["error"]) == (3, "stopped")
    assert time.monotonic() - sent_at[0] < 2
    assert list(out.parent.iterdir()) == []


def solved_by(monkeypatch, change):
    """Let a solver answer that hands out a day's work for everybody, and changes its result."""
    instance = read_instance(FIRST)
    nobody = NrpResult(np.full((8, 14), OFF), 0, 0, 0.5, "feasible")
    monkeypatch.setattr(scheduler.solve.nrp, "solve_nrp", lambda *_: change(nobody, instance))


def test_a_roster_that_breaks_a_rule_is_never_written(run, out, monkeypatch):
    solved_by(monkeypatch, lambda result, _: result)  # nobody works: everybody is short of minutes
    code, told = run("bench", "nrp", FIRST, "--out", out)
    assert (code, out.exists()) == (3, False)
    assert "breaks 8 hard constraint(s)" in told["error"]
    assert "A: minimum total minutes is 0, allowed 3360" in told["error"]


@pytest.mark.parametrize(("penalty", "bound"), [(606, 0), (None, 0), (607, 608)])
def test_a_penalty_or_bound_that_is_not_so_is_never_written(run, out, monkeypatch, penalty, bound):
    best = scheduler.solve.nrp.solve_nrp(read_instance(FIRST), 30, 1, 1)
    solved_by(monkeypatch, lambda *_: replace(best, penalty=penalty, bound=bound))
    code, told = run("bench", "nrp", FIRST, "--out", out)
    assert (code, out.exists()) == (3, False)
    assert "the judge counts 607" in told["error"]


def test_no_roster_in_time(run, out, monkeypatch):
    solved_by(
        monkeypatch, lambda result, _: replace(result, assignments=None, penalty=None, status="unknown")
    )
    code, told = run("bench", "nrp", FIRST, "--seconds", 2, "--out", out)
    assert (code, out.exists()) == (3, False)
    assert told["error"] == "Instance1: no roster was found in 2 s; try more --seconds"


def test_constraints_that_clash(run, out, tmp_path):
    text = FIRST.read_text(encoding="utf-8").replace("A,D=14,", "A,D=3,")
    (tmp_path / "clash.txt").write_text(text, encoding="utf-8")
    code, told = run("bench", "nrp", tmp_path / "clash.txt", "--workers", 1, "--out", out)
    assert (code, told["status"], out.exists()) == (1, "infeasible", False)


def test_everything_wrong_in_a_file_is_told(run, out, tmp_path):
    text = FIRST.read_text(encoding="utf-8").replace("A,2,D,2", "A,2,N,two").replace("F,8,D,3", "F,14,D,3")
    (tmp_path / "bad.txt").write_text(text, encoding="utf-8")
    code, told = run("bench", "nrp", tmp_path / "bad.txt", "--out", out)
    assert code == 2
    assert [(fault["row"], fault["found"]) for fault in told["faults"]] == [
        (35, "N"),
        (35, "two"),
        (61, "14"),
    ]


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (["nrp", "none.txt", "--out", "x.json"], "none.txt"),
        (["nrp", str(FIRST), "--out", "no/such/place.json"], "--out"),
        (["nrp", str(FIRST), "--out", "."], "--out"),
        (["nrp", str(FIRST), "--out", "x.json", "--seconds", "0"], "--seconds"),
        (["nrp", str(FIRST), "--out", "x.json", "--workers", "0"], "--workers"),
        (["nrp", str(FIRST), "--out", "x.json", "--seed", "-1"], "--seed"),
        (["tsp", str(FIRST), "--out", "x.json"], "nrp"),
    ],
)
def test_wrong_options(run, words, place, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, told = run("bench", *words)
    assert (code, [fault["file"] for fault in told["faults"]]) == (2, [place])
    assert list(tmp_path.iterdir()) == []
