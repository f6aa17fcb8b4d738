"""`--companion lightgbm`: tried beside the default model, asked for in words when it is not installed."""

import sys
from types import ModuleType

import pandas as pd
import pytest

from api.cli import main


@pytest.fixture
def package(monkeypatch):
    """A package that is there and never asked: the example has less than a year of history."""
    monkeypatch.setitem(sys.modules, "lightgbm", ModuleType("lightgbm"))


@pytest.mark.usefixtures("package")
@pytest.mark.parametrize("alone", [False, True])
def test_the_companion_is_tried_and_not_taken_where_it_is_no_better(folder, tmp_path, run, alone):
    history = ["--history", folder / "history.csv", "--timezone", "Asia/Shanghai"]
    words = [*(history if alone else [folder]), "--companion", "lightgbm"]
    code, told = run("forecast", *words, "--start", "2026-03-02", "--days", "1", "--out", tmp_path / "f.csv")
    assert code == 0
    for queue in told["queues"].values():
        assert queue["model"] == "structural"
        assert queue["backtest_wape"]["lightgbm"] == queue["backtest_wape"]["structural"]


@pytest.mark.usefixtures("package")
def test_a_backtest_measures_the_companion_where_it_is_asked_for(folder, tmp_path, run):
    for more, found in ([], False), (["--companion", "lightgbm"], True):
        words = ["--origins", "1", "--days", "7", "--out", tmp_path / "b.csv", *more]
        assert run("backtest", folder, *words)[0] == 0
        assert ("lightgbm" in set(pd.read_csv(tmp_path / "b.csv")["model"])) is found


def test_without_the_package_it_is_said_what_to_install(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    words = ["--start", "2026-03-02", "--out", str(tmp_path / "f.csv"), "--companion", "lightgbm"]
    assert main(["forecast", str(folder), *words]) == 2
    assert "pip install 'paiban[ml]'" in capsys.readouterr().err
    assert not (tmp_path / "f.csv").exists()
