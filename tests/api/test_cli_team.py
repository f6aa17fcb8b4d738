"""``--team``: part of the people planned, everybody else as an earlier rota has them."""

from pathlib import Path

import pandas as pd
import pytest

START = "2026-02-23"


def words(folder: Path, week: Path, out: Path, *more: object) -> list[object]:
    requirement = ("--requirement", week / "requirement.csv")
    limits = ("--days", 7, "--effort", 1, "--workers", 1)
    return ["rota", folder, *requirement, "--start", START, *limits, "--out", out, *more]


@pytest.fixture
def split(folder: Path) -> tuple[Path, set[str]]:
    """A centre whose last three people are a team of their own."""
    agents = pd.read_csv(folder / "agents.csv", dtype=str, keep_default_na=False)
    agents.loc[agents.index[-3:], "team"] = "Late"
    agents.to_csv(folder / "agents.csv", index=False)
    return folder, {*agents["agent_id"].iloc[-3:]}


def rows(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def test_everybody_else_keeps_their_rows_and_counts_as_there(split, week, run, tmp_path):
    folder, team = split
    earlier = rows(week[1] / "rota.csv")
    others = earlier[~earlier["agent_id"].isin(team)]
    first = others.index[0]  # changed by hand, so that it is no shift of the centre
    earlier.loc[first, "activity"] = "meeting:by hand"
    earlier[~earlier["agent_id"].isin(team)].to_csv(tmp_path / "told.csv", index=False)
    out = tmp_path / "out"
    code, told = run(*words(folder, week[1], out, "--keep", tmp_path / "told.csv", "--team", "Late"))
    assert code in (0, 1), told
    made = rows(out / "rota.csv")
    kept = made[~made["agent_id"].isin(team)].reset_index(drop=True)
    assert kept.equals(rows(tmp_path / "told.csv"))
    worked = made[made["agent_id"].isin(team)]
    assert not worked.empty
    alone = tmp_path / "alone.csv"
    rows(tmp_path / "told.csv").head(0).to_csv(alone, index=False)
    more = run(*words(folder, week[1], tmp_path / "by", "--keep", alone, "--team", "Late"))[1]
    assert more["cost"]["shortage"] > told["cost"]["shortage"]  # without the others there is more to do


def test_a_team_that_is_not_there_and_no_earlier_rota_are_faults(split, week, run, tmp_path):
    code, told = run(*words(split[0], week[1], tmp_path / "out", "--team", "Early"))
    assert code == 2
    assert [fault["file"] for fault in told["faults"]] == ["--team", "--keep"]
