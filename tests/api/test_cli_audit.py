"""`paiban audit` on a rota of ours and on what somebody made of it; on anybody's; and without the solver."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from api.cli import main

AUDIT = [sys.executable, "-m", "api.cli", "audit"]


@pytest.fixture
def changed(week, tmp_path) -> Callable[[Callable[[pd.DataFrame], pd.DataFrame]], Path]:
    """The week's rota with a change, written anew."""

    def change(how: Callable[[pd.DataFrame], pd.DataFrame]) -> Path:
        rota = pd.read_csv(week[1] / "rota.csv", keep_default_na=False)
        for name in ("start", "end"):
            rota[name] = pd.to_datetime(rota[name])
        rota = how(rota)
        for name in ("start", "end"):
            rota[name] = rota[name].dt.strftime("%Y-%m-%dT%H:%M:%SZ")
        rota.to_csv(tmp_path / "rota.csv", index=False)
        shutil.copyfile(week[1] / "plan.json", tmp_path / "plan.json")
        return tmp_path / "rota.csv"

    return change


def someone(rota: pd.DataFrame) -> str:
    """Somebody who works on two days in a row."""
    days = pd.to_datetime(rota["day"]).groupby(rota["agent_id"]).unique()
    return next(a for a, d in days.items() if (pd.Series(d).sort_values().diff().dt.days == 1).any())


def moved(rota: pd.DataFrame, agent_id: str, day: str, by: pd.Timedelta) -> pd.DataFrame:
    mine = (rota["agent_id"] == agent_id) & (rota["day"] == day)
    return rota.assign(
        start=rota["start"].where(~mine, rota["start"] + by), end=rota["end"].where(~mine, rota["end"] + by)
    )


def closer(rota: pd.DataFrame) -> pd.DataFrame:
    """A shift moved to start 10 h 59 min after the one before."""
    mine = rota[rota["agent_id"] == someone(rota)]
    shifts = mine.groupby("day", as_index=False).agg(start=("start", "min"), end=("end", "max"))
    shifts["rest"] = shifts["start"] - shifts["end"].shift()
    pair = shifts[pd.to_datetime(shifts["day"]).diff().dt.days == 1].iloc[0]
    return moved(rota, mine["agent_id"].iloc[0], pair["day"], pd.Timedelta(minutes=659) - pair["rest"])


def every_day(rota: pd.DataFrame) -> pd.DataFrame:
    """Work on all remaining days of the week: one of the person's own shifts, day after day."""
    mine = rota[rota["agent_id"] == someone(rota)]
    shift = mine[mine["day"] == mine["day"].min()]
    free = [d for d in pd.date_range("2026-02-23", periods=7) if str(d.date()) not in set(mine["day"])]
    extra = []
    for day in free:
        by = day - pd.Timestamp(shift["day"].iloc[0])
        extra.append(shift.assign(day=str(day.date()), start=shift["start"] + by, end=shift["end"] + by))
    return pd.concat([rota, *extra]).sort_values(["agent_id", "start"])


def without_meal(rota: pd.DataFrame) -> pd.DataFrame:
    """A break deleted, worked through."""
    row = rota.index[rota["activity"] == "meal"][0]
    before = rota.index[rota.index.get_loc(row) - 1]
    rota.loc[before, "end"] = rota.loc[row, "end"]
    return rota.drop(index=row)


def outside_window(rota: pd.DataFrame) -> pd.DataFrame:
    """A shift moved out of its template's window (the last start is 13:30)."""
    first = rota.iloc[0]
    local = first["start"].tz_convert("Asia/Shanghai")
    by = local.normalize() + pd.Timedelta(hours=14) - local
    return moved(rota, first["agent_id"], first["day"], by)


def doubled(rota: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([rota, rota.iloc[[0]]])


@pytest.mark.parametrize(
    ("change", "rule", "found", "limit", "unit"),
    [
        (closer, "rest-between-shifts", 659.0, 660.0, "minutes"),
        (every_day, "contract-days", 7.0, 5.0, "days"),
        (every_day, "weekly-day-off", None, None, None),
        (without_meal, "shift-template", None, None, None),
        (outside_window, "shift-template", None, None, None),
        (doubled, "overlap", None, None, None),
    ],
)
def test_one_change_is_found_with_rule_person_window_and_figures(
    week, changed, run, change, rule, found, limit, unit
):
    path = changed(change)
    code, told = run("audit", path, "--centre", week[0])
    assert code == 1
    breach = next(v for v in told["violations"] if v["rule"] == rule and v["verdict"] == "breach")
    assert breach["agent_id"] in set(pd.read_csv(week[1] / "rota.csv")["agent_id"])
    assert breach["from"] < breach["to"]
    assert breach["found"] is not None
    assert breach["limit"] is not None
    if found is not None:
        assert (breach["found"], breach["limit"], breach["unit"]) == (found, limit, unit)
    assert told["by_rule"][rule] >= 1


def test_it_tells_people_the_same(week, changed, capsys):
    assert main(["audit", str(changed(closer)), "--centre", str(week[0])]) == 1
    told = capsys.readouterr().out
    line = next(line for line in told.splitlines() if line.startswith("BREACH rest-between-shifts"))
    assert "found 659 minutes, required 660" in line
    assert "2026-02-2" in line
    assert "rest-between-shifts: 1 breach\n" in told


def test_one_breach_is_told_as_one(week, changed, capsys):
    def meal_left_out(rota):
        return rota.drop(rota.index[rota["activity"] == "meal"][0])

    main(["audit", str(changed(meal_left_out)), "--centre", str(week[0])])
    assert " rows judged: 1 breach, " in capsys.readouterr().out


def test_our_own_rota_has_no_breach_and_what_was_not_checked_is_said(week, run, capsys):
    code, told = run("audit", week[1], "--centre", week[0])
    assert (code, told["breaches"], told["by_rule"]) == (0, 0, {})
    assert told["not_checked"] > 0
    assert all(v["explanation"] for v in told["violations"] if v["verdict"] == "not_checked")
    main(["audit", str(week[1]), "--centre", str(week[0])])
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("NOT CHECKED")]
    unchecked = [v for v in told["violations"] if v["verdict"] == "not_checked"]
    assert len(lines) == len(
        {v["explanation"] for v in unchecked}
    )  # a line a reason, with the rules that it is for
    for v in unchecked:
        (line,) = [line for line in lines if line.endswith(f": {v['explanation']}")]
        assert v["rule"] in line


def test_findings_can_be_written(week, changed, tmp_path, run):
    code, told = run("audit", changed(closer), "--centre", week[0], "--out", tmp_path / "v.csv")
    assert code == 1
    table = pd.read_csv(tmp_path / "v.csv")
    assert len(table) == len(told["violations"])
    assert "rest-between-shifts" in set(table["rule"])


def test_a_rota_alone_is_judged_by_presets(changed, run):
    path = changed(closer)
    code, told = run("audit", path, "--rules", "eu-wtd,customer-service", "--timezone", "Asia/Shanghai")
    assert (code, told["by_rule"]) == (1, {"rest-between-shifts": 1})
    assert run("audit", path, "--rules", "cn-labour", "--timezone", "Asia/Shanghai")[0] == 0


def test_without_a_time_zone_it_is_said(week, run):
    assert "UTC" in run("audit", week[1], "--rules", "eu-wtd")[1]["warnings"][0]


def test_what_was_worked_before_counts(week, changed, tmp_path, run):
    first = pd.read_csv(week[1] / "rota.csv").iloc[0]
    end = pd.Timestamp(first["start"]) - pd.Timedelta(hours=10)
    before = tmp_path / "before.csv"
    stamps = [f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in (end - pd.Timedelta(hours=8), end)]
    before.write_text(
        f"agent_id,day,start,end,activity,shift,paid\n{first['agent_id']},2026-02-22,{','.join(stamps)},work:*,早晚班,true\n",
        encoding="utf-8",
    )
    words = ["audit", week[1] / "rota.csv", "--before", before]
    for more in (["--centre", week[0]], ["--rules", "eu-wtd", "--timezone", "Asia/Shanghai"]):
        code, told = run(*words, *more)
        assert (code, told["by_rule"]) == (1, {"rest-between-shifts": 1})
        assert (told["violations"][0]["found"] or 600) == 600


def test_people_of_another_file_can_judge(week, tmp_path, run):
    lines = (week[0] / "agents.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "fewer.csv").write_text("".join(lines[:-1]), encoding="utf-8")
    code, told = run("audit", week[1], "--centre", week[0], "--agents", tmp_path / "fewer.csv")
    assert code == 1
    assert "known-people" in told["by_rule"]
    words = ["--rules", "eu-wtd", "--timezone", "Asia/Shanghai", "--agents", tmp_path / "fewer.csv"]
    assert run("audit", week[1], *words)[0] == 0


def test_a_calendar_is_read(week, tmp_path, run):
    (tmp_path / "c.csv").write_text("date,name\n2026-02-23,春节\n", encoding="utf-8")
    words = [
        "audit",
        week[1],
        "--rules",
        "eu-wtd",
        "--timezone",
        "Asia/Shanghai",
        "--calendar",
        tmp_path / "c.csv",
    ]
    assert run(*words)[0] == 0
    (tmp_path / "c.csv").write_text("date,name\n2026-02-30,春节\n", encoding="utf-8")
    code, told = run(*words)
    assert (code, told["faults"][0]["row"], told["faults"][0]["column"]) == (2, 2, "date")


def test_days_outside_those_asked_for_are_not_judged(week, changed, run):
    path = changed(closer)
    assert (
        run("audit", path, "--centre", week[0], "--start", "2026-03-01", "--days", "1")[1]["by_rule"].get(
            "rest-between-shifts"
        )
        is None
    )
    code, told = run("audit", path, "--centre", week[0], "--start", "2026-02-23")
    assert (code, told["by_rule"]["rest-between-shifts"]) == (1, 1)


def test_the_plan_beside_says_which_days_were_planned(week, changed, run):
    path = changed(lambda rota: rota[rota["day"] <= "2026-02-25"])
    assert "contract-days" in run("audit", path, "--centre", week[0])[1]["by_rule"]
    path.with_name("plan.json").unlink()
    assert "contract-days" not in run("audit", path, "--centre", week[0])[1]["by_rule"]


def test_an_unknown_preset_is_bad_input(week, run):
    code, told = run("audit", week[1], "--rules", "eu-wtd,mars-law")
    assert (code, told["faults"][0]["found"]) == (2, "mars-law")
    assert "cn-labour" in told["faults"][0]["expected"]


def test_a_rota_that_is_not_there_or_junk_is_bad_input(tmp_path, run):
    assert run("audit", tmp_path / "none.csv", "--rules", "eu-wtd")[0] == 2
    (tmp_path / "junk.csv").write_bytes(bytes(range(256)) * 4000)
    assert run("audit", tmp_path / "junk.csv", "--rules", "eu-wtd")[0] == 2


def test_an_empty_rota_breaks_nothing(tmp_path, run):
    (tmp_path / "r.csv").write_text("agent_id,day,start,end,activity,shift,paid\n")
    code, told = run("audit", tmp_path / "r.csv", "--rules", "eu-wtd,cn-labour")
    assert (code, told["breaches"]) == (0, 0)


@pytest.mark.parametrize("by", ["centre", "rules"])
def test_it_works_without_ortools(week, changed, by):
    more = (
        ["--centre", str(week[0])] if by == "centre" else ["--rules", "eu-wtd", "--timezone", "Asia/Shanghai"]
    )
    code = "import sys; sys.modules['ortools'] = None; from api.cli import main; sys.exit(main(sys.argv[1:]))"
    words = [sys.executable, "-c", code, "audit", str(changed(closer)), *more]
    done = subprocess.run(words, capture_output=True, text=True, check=False, encoding="utf-8")
    assert (done.returncode, done.stderr) == (1, "")
    assert "BREACH rest-between-shifts" in done.stdout
