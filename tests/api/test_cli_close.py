"""``paiban close`` and ``paiban ledger``: 26 weeks rolled by script, exact against a recount; undone, refused, cut short. P9, P22."""

import json
import random
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from api.cli import main
from scenarios import close as closing

EXAMPLE = Path(__file__).parents[2] / "scenarios" / "examples" / "small"
ZONE = ZoneInfo("Asia/Shanghai")
FIRST = date(2025, 9, 1)
NIGHT = """
[[shift]]
name = "夜班"
earliest_start = "22:00"
latest_start = "22:00"
duration_minutes = 480

[[contract]]
name = "nights"
weekly_minutes_min = 0
weekly_minutes_max = 2400
days_min = 0
days_max = 5
shifts = ["夜班", "早晚班"]

[[activity]]
name = "training"

[[activity]]
name = "recorded-call-checks"
leader_roles = []
"""
PEOPLE = [("N1", "一", ""), ("N2", "一", ""), ("N3", "二", ""), ("N4", "二", "2025-12-31"), ("N5", "二", "")]
NEW = ("N6", "一", "")


@pytest.fixture(name="folder")
def folder_fixture(tmp_path: Path) -> Path:
    """A centre of five people who work days and nights, without much history."""
    folder = tmp_path / "centre"
    shutil.copytree(EXAMPLE, folder)
    toml = (folder / "centre.toml").read_text(encoding="utf-8")
    (folder / "centre.toml").write_text(toml.replace("[rules]", NIGHT + "\n[rules]", 1), encoding="utf-8")
    history = (folder / "history.csv").read_text(encoding="utf-8").splitlines()[:40]
    (folder / "history.csv").write_text("\n".join(history) + "\n", encoding="utf-8")
    for name in ("leave", "requests"):
        (folder / f"{name}.csv").unlink()
    write_people(folder, PEOPLE)
    return folder


def write_people(folder: Path, people: list[tuple[str, str, str]]) -> None:
    rows = [f"{who},,{team},junior,calls,nights,{leaves}" for who, team, leaves in people]
    text = "agent_id,name,team,level,skills,contract,leaves_on\n" + "\n".join(rows) + "\n"
    (folder / "agents.csv").write_text(text, encoding="utf-8")


def week_of(monday: date, people: list[tuple[str, str, str]], seed: int) -> pd.DataFrame:
    """A week drawn by chance: days and nights, some hours of training and checks in the days."""
    draw, rows = random.Random(seed), []
    for who, _, leaves in people:
        for k in sorted(draw.sample(range(7), draw.randint(2, 5))):
            day = monday + timedelta(k)
            if leaves and day > date.fromisoformat(leaves):
                continue
            night = draw.random() < 0.35
            start = datetime(
                day.year, day.month, day.day, 22 if night else draw.choice([8, 9, 14]), tzinfo=ZONE
            )
            off = draw.choice(
                ["", "training:training", "checks:recorded-call-checks", "lead:recorded-call-checks"]
            )
            parts = [
                (start, start + timedelta(hours=4), "work:calls"),
                (start + timedelta(hours=4), start + timedelta(hours=8), "work:calls"),
            ]
            if off and not night:
                mid = start + timedelta(hours=5)
                parts[1:] = [(parts[1][0], mid, off), (mid, parts[1][1], "work:calls")]
            name = "夜班" if night else "早晚班"
            rows += [(who, day, a.isoformat(), b.isoformat(), what, name, "true") for a, b, what in parts]
    return pd.DataFrame(rows, columns=["agent_id", "day", "start", "end", "activity", "shift", "paid"])


def told(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, dict]:
    code = main([*map(str, words), "--json"])
    return code, json.loads(capsys.readouterr().out)


def by_hand(weeks: list[pd.DataFrame]) -> dict[tuple[str, str, str], int]:
    """Nights, weekend shifts and those on public holidays, from how the weeks were drawn."""
    off = {date(2025, 10, d) for d in (1, 2, 3, 6, 7, 8)} | {date(2026, 1, d) for d in (1, 2)}
    off |= {
        date(2026, 2, d) for d in (16, 17, 18, 19, 20, 23)
    }  # days off by name; their weekends stay weekends
    workdays = {date(2025, 9, 28), date(2025, 10, 11), date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28)}
    found: dict[tuple[str, str, str], int] = {}
    for week in weeks:
        for who, day, shift in week[["agent_id", "day", "shift"]].drop_duplicates().itertuples(index=False):
            kinds = ["nights"] if shift == "夜班" else []
            kinds += ["weekends"] if day.weekday() >= 5 and day not in workdays else []
            kinds += ["holidays"] if day in off else []
            for kind in kinds:
                found[who, kind, f"{day:%Y-%m}"] = found.get((who, kind, f"{day:%Y-%m}"), 0) + 1
    return found


def test_p22_p9_26_weeks_are_exact_against_a_recount(folder: Path, tmp_path: Path, capsys) -> None:
    people, weeks = list(PEOPLE), list[pd.DataFrame]()
    for k in range(26):
        if k == 9:
            people.append(NEW)
            write_people(folder, people)
        monday, file = FIRST + timedelta(7 * k), tmp_path / "week.csv"
        week = week_of(monday, people, seed=k)
        week.to_csv(file, index=False)
        assert told(capsys, "close", folder, "--rota", file, "--start", monday, "--days", 7)[0] == 0
        if k in (4, 17):  # another week had been worked than was closed
            assert told(capsys, "close", folder, "--undo")[0] == 0
            week = week_of(monday, people, seed=1000 + k)
            week.to_csv(file, index=False)
            assert told(capsys, "close", folder, "--rota", file, "--start", monday, "--days", 7)[0] == 0
        weeks.append(week)
    ledger = pd.read_csv(folder / "ledger.csv").set_index(["agent_id", "account", "period"])["amount"]
    counted = by_hand(weeks)
    for (who, account, period), amount in ledger.items():
        if account in ("nights", "weekends", "holidays") and period not in ("entry", "away"):
            assert amount == counted.pop((who, account, period), 0), (who, account, period)
    assert counted == {}
    every = pd.concat(weeks)
    minutes = (pd.to_datetime(every["end"]) - pd.to_datetime(every["start"])).dt.total_seconds() / 60
    for kind, name in (("training", "training"), ("checks", "recorded-call-checks")):
        done = ledger[ledger.index.get_level_values("account") == f"done:{name}"].sum()
        assert done == minutes[every["activity"] == f"{kind}:{name}"].sum()
    before = pd.read_csv(folder / "rota_before.csv")
    assert len(before) == len(every)
    assert sorted(pd.to_datetime(before["start"], utc=True)) == sorted(
        pd.to_datetime(every["start"], utc=True)
    )
    assert ledger["N6", "nights", "entry"] > 0
    code, found = told(capsys, "ledger", folder, "--recount")
    assert (code, found["closes"], found["differences"]) == (0, 26, [])
    code, found = told(capsys, "ledger", folder, "--agent", "N1")
    assert code == 0
    assert {row["account"] for row in found["shares"]} >= {"nights", "weekends"}
    assert found["owed"] == sorted(found["owed"], key=lambda row: (not row["overdue"], row["due"]))


def close_week(folder: Path, tmp_path: Path, capsys, k: int = 0, *more: str) -> tuple[int, dict]:
    file = tmp_path / f"{k}.csv"
    week_of(FIRST + timedelta(7 * k), PEOPLE, seed=k).to_csv(file, index=False)
    return told(
        capsys, "close", folder, "--rota", file, "--start", FIRST + timedelta(7 * k), "--days", 7, *more
    )


def test_days_are_closed_once_in_order_and_without_gaps(folder: Path, tmp_path: Path, capsys) -> None:
    assert close_week(folder, tmp_path, capsys, 0)[0] == 0
    for k, expected in ((0, "--undo takes the last close back"), (2, "--gap where nobody worked")):
        code, found = close_week(folder, tmp_path, capsys, k)
        assert code == 2
        assert expected in str(found)
    assert close_week(folder, tmp_path, capsys, 2, "--gap")[0] == 0


def test_a_close_taken_back_leaves_everything_as_it_was(folder: Path, tmp_path: Path, capsys) -> None:
    assert told(capsys, "close", folder, "--undo")[0] == 2
    close_week(folder, tmp_path, capsys, 0)
    files = {name: (folder / name).read_bytes() for name in closing.ROLLED}
    close_week(folder, tmp_path, capsys, 1)
    assert (folder / "ledger.csv").read_bytes() != files["ledger.csv"]
    told(capsys, "close", folder, "--undo")
    assert {name: (folder / name).read_bytes() for name in closing.ROLLED} == files
    told(capsys, "close", folder, "--undo")
    assert not any((folder / name).exists() for name in closing.ROLLED)


def test_what_was_changed_by_hand_is_not_lost_by_taking_back(folder: Path, tmp_path: Path, capsys) -> None:
    close_week(folder, tmp_path, capsys, 0)
    text = (folder / "ledger.csv").read_text(encoding="utf-8") + "N1,leave_days,2025,5,days,2025-09-07\n"
    (folder / "ledger.csv").write_text(text, encoding="utf-8")
    code, found = told(capsys, "close", folder, "--undo")
    assert (code, "ledger.csv" in str(found)) == (2, True)
    assert (folder / "ledger.csv").read_text(encoding="utf-8") == text
    assert close_week(folder, tmp_path, capsys, 1)[0] == 0
    assert "leave_days" in (folder / "ledger.csv").read_text(encoding="utf-8")


def test_a_close_cut_short_is_finished_by_the_next_command(
    folder: Path, tmp_path: Path, capsys, monkeypatch
) -> None:
    close_week(folder, tmp_path, capsys, 0)
    with monkeypatch.context() as patch:
        patch.setattr(
            closing, "finish", lambda _: None
        )  # the process dies before the files of the folder follow
        close_week(folder, tmp_path, capsys, 1)
    assert "2025-09-14" not in (folder / "ledger.csv").read_text(encoding="utf-8")
    assert told(capsys, "ledger", folder, "--recount")[1]["differences"] == []
    assert "2025-09-14" in (folder / "ledger.csv").read_text(encoding="utf-8")


def test_a_dry_run_writes_nothing(folder: Path, tmp_path: Path, capsys) -> None:
    code, found = close_week(folder, tmp_path, capsys, 0, "--dry-run")
    assert (code, found["written"]) == (0, False)
    assert not (folder / "closed").exists()
    assert not (folder / "ledger.csv").exists()


def test_hours_go_to_payroll_and_a_changed_ledger_is_found(folder: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "hours.csv"
    _, found = close_week(folder, tmp_path, capsys, 0, "--out", out)
    hours = pd.read_csv(out)
    assert hours["hours"].sum() == pytest.approx(found["hours"])
    assert {"agent_id", "pay_class", "hours"} <= set(hours.columns)
    table = pd.read_csv(folder / "ledger.csv")
    table.loc[table["account"] == "nights", "amount"] += 1
    table.to_csv(folder / "ledger.csv", index=False)
    code, found = told(capsys, "ledger", folder, "--recount")
    assert code == 1
    assert {row["account"] for row in found["differences"]} == {"nights"}


def test_clock_records_count_the_time_off_the_queue_that_was_planned(
    folder: Path, tmp_path: Path, capsys
) -> None:
    rota, worked = tmp_path / "rota.csv", tmp_path / "worked.csv"
    week = week_of(FIRST, PEOPLE[:1], seed=3)
    week.loc[week.index[0], "activity"] = "training:training"
    week.to_csv(rota, index=False)
    spans = (
        week.groupby(["agent_id", "day"])
        .agg(clock_in=("start", "min"), clock_out=("end", "max"))
        .reset_index()
    )
    spans[["agent_id", "clock_in", "clock_out"]].to_csv(worked, index=False)
    code, found = told(
        capsys, "close", folder, "--rota", rota, "--worked", worked, "--start", FIRST, "--days", 7
    )
    assert code == 0
    assert "the planned time counts while people were there" in str(found)
    ledger = pd.read_csv(folder / "ledger.csv")
    done = ledger[ledger["account"] == "done:training"]["amount"].sum()
    lengths = (pd.to_datetime(week["end"]) - pd.to_datetime(week["start"])).dt.total_seconds() / 60
    assert done == lengths[week["activity"] == "training:training"].sum() > 0


@pytest.mark.parametrize("words", [("--agent", "nobody"), ("--as-of", "yesterday")])
def test_bad_input_of_the_ledger(folder: Path, capsys, words: tuple[str, str]) -> None:
    assert told(capsys, "ledger", folder, *words)[0] == 2
