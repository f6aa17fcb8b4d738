"""``paiban robust``: rotas against many ways of demand, each figure worked out again from the files."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from api.cli import main
from tests.effort import search_little

EXAMPLE = Path(__file__).parents[2] / "scenarios" / "examples" / "small"
BASE = (
    "robust",
    EXAMPLE,
    "--start",
    "2026-03-02",
    "--days",
    "2",
    "--effort",
    "2",
    "--workers",
    "1",
    "--ways",
    "20",
)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of one run."""
    search_little()
    out = tmp_path_factory.mktemp("robust") / "out"
    assert main([*map(str, BASE), "--measure", "p90", "--out", str(out)]) == 0
    return out


def told(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, dict]:
    code = main([*map(str, words), "--json"])
    return code, json.loads(capsys.readouterr().out)


def figures(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "robust.csv").set_index(["figure", "rota"])


def test_rotas_are_judged_and_the_best_by_the_measure_is_chosen(found) -> None:
    table, chosen = figures(found), json.loads((found / "robust.json").read_text())["chosen"]
    assert chosen == table.loc["total_cost"]["p90"].idxmin()
    assert list(table.loc["total_cost"].index) == ["forecast", "expected", "cautious"]
    assert (table["p10"] <= table["p90"]).all()
    people, cover, total = (table.loc[f"{name}_cost"]["mean"] for name in ("people", "cover", "total"))
    np.testing.assert_allclose(people + cover, total)
    assert (found / "rota.csv").read_bytes() == (found / f"rota_{chosen}.csv").read_bytes()


def test_chances_agree_with_the_share_of_intervals_on_target(found) -> None:
    chance, shares = pd.read_csv(found / "chance.csv"), figures(found).loc["intervals_on_target"]["mean"]
    assert chance["chance"].dropna().between(0, 1).all()
    for rota, rows in chance.groupby("rota"):
        assert rows["chance"].mean() == pytest.approx(
            shares[rota], abs=0.05
        )  # a mean of ratios beside a ratio of means


def test_the_same_command_gives_the_same_rota(capsys, tmp_path, found) -> None:
    told(capsys, *BASE, "--measure", "p90", "--out", tmp_path / "two")
    for file in ("robust.csv", "chance.csv", "rota.csv", "robust.json"):
        assert (found / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_with_fewer_contacts_fewer_hours_are_short(capsys, tmp_path, found) -> None:
    told(capsys, *BASE, "--change", "volume=-40%", "--out", tmp_path / "quiet")
    usual, quiet = (
        figures(folder).loc[("agent_hours_short", "expected"), "mean"]
        for folder in (found, tmp_path / "quiet")
    )
    assert quiet < usual


def test_bad_input_is_told_and_nothing_written(capsys, tmp_path) -> None:
    code, found = told(capsys, *BASE[:-1], "1", "--out", tmp_path / "o")
    assert code == 2
    assert found["faults"][0]["expected"].startswith("a whole number from 2")
    code, found = told(capsys, *BASE, "--change", "volum=1", "--out", tmp_path / "o")
    assert code == 2
    assert "volume" in str(found["faults"])
    code, found = told(capsys, *BASE, "--change", "set:objective.service=week", "--out", tmp_path / "o")
    assert code == 2
    assert "interval" in str(found["faults"])
    assert not (tmp_path / "o").exists()
