"""``--keep``: an earlier rota is an input like any other, and what changes from it is counted and priced."""

from pathlib import Path

import pandas as pd
import pytest

START = "2026-02-23"


def shifts(path: Path) -> dict[tuple[str, str], tuple[str, str, str]]:
    """(agent_id, day) -> name, start and end of the shift, from a rota file."""
    rota = pd.read_csv(path, dtype=str)
    by_day = rota.groupby(["agent_id", "day"])
    return {key: (part["shift"].iloc[0], part["start"].min(), part["end"].max()) for key, part in by_day}


def words(folder: Path, week: Path, out: Path, keep: object, start: str = START) -> list[object]:
    requirement = ("--requirement", week / "requirement.csv")
    limits = ("--days", 7, "--effort", 1, "--workers", 1)
    return ["rota", folder, *requirement, "--start", start, *limits, "--out", out, "--keep", keep]


def test_changed_days_are_those_that_differ_from_the_file(week, folder, run, tmp_path, edit):
    """Somebody's first day in the file to keep is moved an hour, so at least that one must change."""
    earlier = pd.read_csv(week[1] / "rota.csv", dtype=str)
    first = (earlier["agent_id"] == earlier["agent_id"].iloc[0]) & (earlier["day"] == earlier["day"].iloc[0])
    for name in ("start", "end"):
        moved = pd.to_datetime(earlier.loc[first, name]) + pd.Timedelta("7min")
        earlier.loc[first, name] = moved.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    earlier.to_csv(tmp_path / "told.csv", index=False)
    edit(folder / "centre.toml", "[objective]", "[objective]\nchange = 90.0")
    code, told = run(*words(folder, week[1], tmp_path / "out", tmp_path / "told.csv"))
    assert code == 0
    before, after = shifts(tmp_path / "told.csv"), shifts(tmp_path / "out" / "rota.csv")
    people = {agent_id for agent_id, _ in before}
    days = {day for _, day in before}
    keys = {
        key for key in before.keys() | after.keys() if key[0] in people and min(days) <= key[1] <= max(days)
    }
    changed = [key for key in keys if before.get(key) != after.get(key)]
    assert told["cost"]["change"] == 90.0 * len(changed)
    assert changed
    assert "--keep told.csv" in told["inputs"]
    assert sum(told["cost"].values()) == pytest.approx(told["objective"], abs=0.01)


def test_a_results_folder_may_be_kept_and_other_days_are_a_warning(week, folder, run, tmp_path):
    """The rota of a week a year ago has nothing to keep."""
    year_ago = pd.read_csv(week[1] / "rota.csv", dtype=str)
    for name in ("day", "start", "end"):
        year_ago[name] = year_ago[name].str.replace("2026", "2025")
    (tmp_path / "kept").mkdir()
    year_ago.to_csv(tmp_path / "kept" / "rota.csv", index=False)
    code, told = run(*words(folder, week[1], tmp_path / "out", tmp_path / "kept"))
    assert code == 0
    assert told["cost"].get("change", 0) == 0
    assert [w for w in told["warnings"] if w.startswith("--keep: nobody of this centre works")]


def test_a_file_that_is_not_there_is_bad_input(week, folder, run, tmp_path):
    code, told = run(*words(folder, week[1], tmp_path / "out", tmp_path / "no.csv"))
    assert code == 2
    assert told["faults"][0]["file"] == "no.csv"
