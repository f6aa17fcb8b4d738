"""A week with peak days from outside: plan, audit, staff, and peaks that cannot be.

The week is that after the Spring Festival of 2026: Monday 23 February is still off, Saturday 28 February is worked in exchange. The
usual shift is one of Monday to Friday, the short one is offered at the peak alone.
"""

import json
import shutil
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

import scenarios
from api.cli import main

SMALL = Path(scenarios.__file__).parent / "examples" / "small"
PEAKS = """
[[peak]]
name = "开工"
dates = [2026-02-24, 2026-02-25, 2026-02-26, 2026-02-27]
queues = ["calls"]
opens = "10:00"
closes = "14:00"
target_share = 0.9
containment_share = 0.25
containment_aht_factor = 1.1
cost_per_contact = 0.4
cost_per_day = 50.0

[[peak]]
name = "补班"
makeup_workdays = true
queues = ["calls"]
opens = "10:00"
closes = "12:00"
minimum_agents = 2

[[peak]]
name = "贵宾"
holidays = ["Spring Festival"]
target_seconds = 5
enabled = false

[[leave_quota]]
name = "节后"
at_most = 0
peaks = ["开工"]
"""
PLAN = ["--start", "2026-02-23", "--days", "7", "--effort", "1", "--workers", "1"]
WEEKDAYS = 'days = ["mon", "tue", "wed", "thu", "fri"]'


def centre_at(folder: Path, text: str) -> Path:
    """The example `small` with its first six people, its shifts narrowed and more settings."""
    folder.mkdir(parents=True)
    for name in ("history.csv", "requests.csv", "leave.csv"):
        shutil.copyfile(SMALL / name, folder / name)
    toml = (SMALL / "centre.toml").read_text(encoding="utf-8")
    toml = toml.replace('name = "早晚班"\n', f'name = "早晚班"\n{WEEKDAYS}\n')
    toml = toml.replace('name = "短班"\n', 'name = "短班"\npeaks = ["开工"]\n')
    (folder / "centre.toml").write_text(toml + text, encoding="utf-8")
    for name, kept in (("agents.csv", 7), ("requests.csv", 1), ("leave.csv", 1)):
        lines = (SMALL / name).read_text(encoding="utf-8").splitlines(keepends=True)
        (folder / name).write_text("".join(lines[:kept]), encoding="utf-8")
    with (folder / "agents.csv").open("a", encoding="utf-8") as stream:
        stream.write(
            "B001,林梅,一组,junior,calls,part-time,2020-01-01\nB002,赵云,一组,junior,calls,part-time,2020-01-01\n"
        )
    (folder / "leave.csv").write_text(
        "agent_id,start,end,kind\nA001,2026-02-27,2026-02-28,病假\n", encoding="utf-8"
    )
    return folder


@pytest.fixture(scope="module", name="peak_week")
def peak_week_fixture(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    place = tmp_path_factory.mktemp("peaks")
    folder, out = centre_at(place / "centre", PEAKS), place / "out"
    with redirect_stdout(StringIO()) as said:
        assert main(["plan", str(folder), "--out", str(out), *PLAN]) in (0, 1)
    (place / "said.txt").write_text(said.getvalue(), encoding="utf-8")
    return folder, out


def told(out: Path) -> dict:
    return json.loads((out / "plan.json").read_text(encoding="utf-8"))


def local(table: pd.DataFrame) -> "pd.Series[pd.Timestamp]":
    return pd.to_datetime(table["interval_start"]).dt.tz_convert("Asia/Shanghai")


def test_p5_the_bot_takes_a_quarter_in_the_hours_of_the_peak(peak_week):
    forecast, needed = (pd.read_csv(peak_week[1] / f"{name}.csv") for name in ("forecast", "requirement"))
    both = needed.merge(forecast, on=["interval_start", "queue"], suffixes=("", "_forecast"))
    at = local(both)
    here = (
        at.dt.day.between(24, 27)
        & at.dt.hour.between(10, 13)
        & (both["queue"] == "calls")
        & (at.dt.month == 2)
    )
    assert here.sum() == 4 * 8
    share = both["offered"] / both["offered_forecast"]
    assert share[here].to_numpy() == pytest.approx(0.75, rel=1e-3)
    assert share[~here & (both["offered_forecast"] > 0)].to_numpy() == pytest.approx(1.0)


def test_p11_shifts_of_the_peak_are_worked_on_its_days_alone(peak_week):
    rota = pd.read_csv(peak_week[1] / "rota.csv")
    assert set(rota[rota["shift"] == "短班"]["day"]) == {f"2026-02-{day}" for day in range(24, 28)}


def test_p20_a_makeup_saturday_is_worked_as_a_weekday(peak_week):
    """Two people at least answer calls from 10:00 to 12:00 on it, on the shift of Monday to Friday; nobody works on Sunday."""
    rota, cover = (pd.read_csv(peak_week[1] / f"{name}.csv") for name in ("rota", "coverage"))
    assert set(rota[rota["day"] == "2026-02-28"]["shift"]) == {"早晚班"}
    assert "2026-03-01" not in set(rota["day"])
    at = local(cover)
    here = (at.dt.day == 28) & at.dt.hour.between(10, 11) & (cover["queue"] == "calls")
    assert here.sum() == 4
    assert cover[here]["agents_rostered"].min() >= 2


def test_the_audit_knows_the_days_of_peaks(peak_week, tmp_path):
    """The plan's own rota has no finding of its templates; a short shift on Sunday is a breach."""
    folder, out = peak_week
    assert shift_findings(folder, out / "rota.csv", tmp_path / "own.csv") == []
    rota = pd.read_csv(out / "rota.csv")
    moved = rota[(rota["shift"] == "短班") & (rota["day"] == "2026-02-27")]
    assert len(moved)
    for name in ("start", "end"):
        later = pd.to_datetime(rota.loc[moved.index, name]) + pd.Timedelta(days=2)
        rota.loc[moved.index, name] = later.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    rota.loc[moved.index, "day"] = "2026-03-01"
    rota.to_csv(tmp_path / "moved.csv", index=False)
    found = shift_findings(folder, tmp_path / "moved.csv", tmp_path / "found.csv")
    assert set(found) == {("breach", "the template is offered on days of 开工 alone, and this is none.")}


def shift_findings(folder: Path, rota: Path, out: Path) -> list[tuple[str, str]]:
    """Verdict and words of what the audit says of shift templates."""
    assert main(["audit", str(rota), "--centre", str(folder), "--out", str(out)]) in (0, 1)
    found = pd.read_csv(out)
    rows = found[found["rule"] == "shift-template"]
    return [(each.verdict, each.explanation.partition(": ")[2]) for each in rows.itertuples()]


def test_levers_and_leave_are_told(peak_week):
    plan = told(peak_week[1])
    assert [(lever["name"], lever["enabled"], lever["days"]) for lever in plan["levers"]] == [
        ("开工", True, 4), ("贵宾", False, 1),
    ]  # fmt: skip
    said = (peak_week[1].parent / "said.txt").read_text(encoding="utf-8")
    assert "Lever 开工 (on): " in said
    assert "Lever 贵宾 (off, as if it were on): " in said
    assert plan["leave_quotas"] == [
        {
            "day": "2026-02-27",
            "team": "",
            "away": 1,
            "employed": 8,
            "allowed": 0,
            "quota": "节后",
            "came_last": ["A001"],
        }
    ]
    assert any("leave on 2026-02-27" in sentence for sentence in plan["warnings"])
    assert "病假" not in json.dumps(plan, ensure_ascii=False)
    table = pd.read_csv(peak_week[1] / "levers.csv")
    hours = (table["agents_required"] - table["agents_required_with_levers"]).sum() / 2
    assert plan["levers"][0]["agent_hours_saved"] == hours
    kept = plan["levers"][0]["contacts_kept_away"]
    assert kept == pytest.approx((table["offered"] - table["offered_with_levers"]).sum(), abs=0.05)
    assert plan["levers"][0]["cost"] == pytest.approx(0.4 * kept + 4 * 50.0, abs=0.01)


def test_staff_asks_for_what_the_plan_asks_for_and_tells_why(peak_week, tmp_path, run):
    folder, out = peak_week
    path, curves = tmp_path / "requirement.csv", tmp_path / "curves.csv"
    words = [
        "--forecast",
        out / "forecast.csv",
        "--out",
        path,
        "--curves",
        curves,
        "--queue",
        "calls",
        "--explain",
    ]
    code, inside = run("staff", folder, *words, "2026-02-24T10:00")
    assert code == 0
    assert path.read_bytes() == (out / "requirement.csv").read_bytes()
    assert len(pd.read_csv(curves)) == len(pd.read_csv(out / "curves.csv"))
    assert inside["explain"]["inputs"]["contained_contacts"] > 0
    _, outside = run("staff", folder, *words, "2026-02-24T14:00")
    assert outside["explain"]["inputs"]["contained_contacts"] == 0


def test_peaks_that_contradict_are_told_by_name(tmp_path, capsys):
    folder = centre_at(
        tmp_path / "centre", PEAKS + '[[peak]]\nname = "大促"\ndates = [2026-02-26]\ntarget_share = 0.7\n'
    )
    assert main(["plan", str(folder), "--out", str(tmp_path / "out"), *PLAN]) == 2
    said = capsys.readouterr().err
    assert "peak.大促.target_share" in said
    assert "0.9, as [[peak]] 开工 tells of queue calls from 2026-02-26 10:00 on" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[peak]]\nname = "x"\nevents = ["大促"]\nminimum_agents = 1\n', "an event of events.csv"),
        ('[[leave_quota]]\nname = "q"\nteams = ["没有"]\nat_most = 1\n', "leave_quota.q.teams"),
    ],
)
def test_what_nobody_knows_is_told(tmp_path, capsys, text, words):
    folder = centre_at(tmp_path / "centre", PEAKS + text)
    assert main(["plan", str(folder), "--out", str(tmp_path / "out"), *PLAN]) == 2
    assert words in capsys.readouterr().err
