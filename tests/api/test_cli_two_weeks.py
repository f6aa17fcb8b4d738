"""Two weeks one after the other through the command line: what is planned, worked and closed in one is not owed in the next. P9."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from api.cli import main

EXAMPLE = Path(__file__).parents[2] / "scenarios" / "examples" / "small"


@pytest.fixture(name="folder")
def folder_fixture(tmp_path: Path) -> Path:
    """Six people of the small centre with training of an hour a month in one part, and a quarterly exam."""
    folder = tmp_path / "centre"
    shutil.copytree(EXAMPLE, folder)
    with (folder / "centre.toml").open("a", encoding="utf-8") as stream:
        stream.write(
            '\n[[activity]]\nname = "training"\nminutes = 120\npart_minutes = 60\n\n[[activity]]\nname = "skills-exam"\n'
        )
    rows = (folder / "agents.csv").read_text(encoding="utf-8").splitlines()
    (folder / "agents.csv").write_text("\n".join(rows[:7]) + "\n", encoding="utf-8")
    for name in ("leave", "requests"):
        (folder / f"{name}.csv").unlink()
    return folder


def run(capsys: pytest.CaptureFixture[str], *words: object) -> dict:
    code = main([*map(str, words), "--json"])
    told: dict = json.loads(capsys.readouterr().out)
    assert code in (0, 1), told
    return told


def test_p9_what_is_done_in_one_week_is_not_owed_in_the_next(folder: Path, tmp_path: Path, capsys) -> None:
    weeks = [
        ("2026-03-16", tmp_path / "one"),
        ("2026-03-23", tmp_path / "two"),
        ("2026-03-30", tmp_path / "three"),
    ]
    minutes = 0.0
    for start, out in weeks:
        run(
            capsys, "plan", folder, "--start", start, "--days", 7, "--effort", 1, "--workers", 1, "--out", out
        )
        quota = pd.read_csv(out / "activity_quota.csv")
        march = quota[(quota["activity"] == "training") & (quota["period"] == "2026-03")]
        assert march["done_before_minutes"].sum() == minutes
        rota = pd.read_csv(out / "rota.csv")
        rows = rota[rota["activity"] == "training:training"]
        length = (pd.to_datetime(rows["end"]) - pd.to_datetime(rows["start"])).dt.total_seconds() / 60
        in_march = pd.to_datetime(rows["day"]) < "2026-04-01"
        assert length[in_march].sum() == march["placed_minutes"].sum()
        minutes += march["placed_minutes"].sum()
        run(capsys, "close", folder, "--rota", out)
    assert minutes == 6 * 120  # all of March, and no more
    ledger = pd.read_csv(folder / "ledger.csv")
    done = ledger[(ledger["account"] == "done:training") & (ledger["period"] == "2026-03")]
    assert done["amount"].sum() == 6 * 120
    owed = ledger[(ledger["account"] == "owed:training") & (ledger["amount"] > 0)]
    assert owed.empty
    assert run(capsys, "ledger", folder, "--recount")["differences"] == []
    audited = run(capsys, "audit", weeks[-1][1] / "rota.csv", "--centre", folder)
    assert audited["breaches"] == 0
