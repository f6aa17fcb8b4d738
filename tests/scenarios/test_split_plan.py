"""A shift in two parts from settings to rota, audit, pay, file and report: 08:00 to 12:00 and 16:00 to 20:00."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import scenarios
from centre.errors import BadInput
from centre.folder import read_centre, read_rota
from centre.model import Break, ShiftTemplate
from centre.toml_file import read_settings
from centre.writing import write_csv
from scenarios.plan import rota_plan
from scenarios.report import render_report
from scenarios.report_filling import report_data
from scheduler.audit import audit
from scheduler.coverage import coverage
from scheduler.pay.laws import LAWS
from scheduler.pay.lines import pay_lines
from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import AllowedShifts
from scheduler.rules.shared.call_outs import is_call_out
from scheduler.rules.split_shifts import SplitShifts
from scheduler.solution import Limits

FOLDER = Path(scenarios.__file__).parent / "examples" / "customer-service"
MONDAY = date(2026, 5, 11)
SPLIT = ShiftTemplate("两头班", 480, 480, 720, 30, breaks=(Break(240, 240, 240, paid=False, kind="split"),))
WHOLE = ShiftTemplate("直班", 600, 600, 480, 30)


@pytest.fixture(scope="module")
def made():
    """One day on which two are needed early and late and none between: only the shift in two parts fits."""
    example = read_centre(FOLDER)
    agents = tuple(a for a in example.agents if a.team == "热线一组" and a.contract == "全职")[:2]
    contract = replace(
        example.settings.contract[0], shifts=("两头班", "直班"), days_min=0, weekly_minutes_min=0
    )
    overrides = {"split-shifts": {"parts": 2, "least_minutes": 120, "greatest_minutes": 240}}
    settings = replace(
        example.settings, shift=(SPLIT, WHOLE), contract=(contract,), mix=(),
        rules=replace(example.settings.rules, presets=("customer-service",), overrides=overrides, pay="cn-labour"),
    )  # fmt: skip
    centre = replace(
        example, agents=agents, settings=settings, requests=example.requests[:0], leave=example.leave[:0]
    )
    starts = pd.date_range("2026-05-11 08:00", periods=28, freq="30min", tz="Asia/Shanghai")
    needed = pd.DataFrame(
        {
            "interval_start": starts.tz_convert("UTC"), "queue": "热线", "offered": 4.0, "aht_seconds": 240.0,
            "agents_required": 0, "agents_to_roster": 0.0, "service_level": 0.9, "asa_seconds": 1.0,
            "abandonment": 0.0, "occupancy": 0.5,
        }
    )  # fmt: skip
    busy = [at.hour < 12 or 16 <= at.hour < 20 for at in starts]
    needed.loc[busy, ["agents_required", "agents_to_roster"]] = [2, 2.0]
    return rota_plan(centre, needed, MONDAY, 1, Limits(effort=1, workers=1))


def test_the_rota_has_both_parts_and_the_time_between(made):
    frame = made.rota.to_frame()
    first = frame[frame["agent_id"] == frame["agent_id"].iloc[0]]
    told = [
        (activity.partition(":")[0], f"{start.tz_convert('Asia/Shanghai'):%H:%M}", bool(paid))
        for activity, start, paid in zip(first["activity"], first["start"], first["paid"], strict=True)
    ]
    assert told == [("work", "08:00", True), ("split", "12:00", False), ("work", "16:00", True)]
    assert len(made.rota.duties) == 2
    assert (made.rota.duties.worked.tolist(), made.rota.duties.paid.tolist()) == ([480, 480], [480, 480])
    assert made.solution.cost["shortage"] == made.solution.cost["surplus"] == 0
    assert made.solution.cost["pay"] == pytest.approx(2 * 8 * 42.0)


def test_the_audit_finds_nothing_and_another_limit_does(made):
    assert made.breaches == []
    assert "split-shifts" in {rule.name for rule in made.rules}

    def found(rule):
        return [(v.found, v.limit) for v in audit(made.rota, [rule], made.facts) if v.verdict == "breach"]

    assert found(SplitShifts("s", 2, 120, 240)) == []
    assert found(SplitShifts("s")) == [(2, 1)] * 2
    assert found(SplitShifts("s", 2, 0, 239)) == [(240, 239)] * 2
    assert found(SplitShifts("s", 2, 241)) == [(240, 241)] * 2
    assert found(SplitShifts("s", apart_minutes=241)) == []


@pytest.mark.parametrize(
    ("rule", "names"),
    [
        (SplitShifts("s"), {"直班"}),
        (SplitShifts("s", 2), None),
        (SplitShifts("s", 2, 241), {"直班"}),
        (SplitShifts("s", 2, 0, 239), {"直班"}),
        (SplitShifts("s", 2, 240, 240), None),
        (SplitShifts("s", 1, apart_minutes=241), None),
    ],
)
def test_a_plan_takes_only_templates_that_keep_the_rule(made, rule, names):
    calls = {name for name in made.facts.templates if is_call_out(name)}  # in one part, so always lawful
    wanted = [] if names is None else [AllowedShifts(frozenset(names | calls))]
    assert calls
    assert list(rule.lines(Person("a"), made.facts)) == wanted
    assert list(rule.lines(Person("a"), Facts(made.facts.zone, 0, 1))) == []


def test_nobody_serves_between_the_parts(made):
    table = coverage(made.rota, made.requirement, made.centre.settings, made.centre.agents)
    on = table[table["queue"] == "热线"].set_index("interval_start")["agents_rostered"]
    assert on[pd.Timestamp("2026-05-11T11:30+08:00")] == 2
    assert on[pd.Timestamp("2026-05-11T12:00+08:00")] == on[pd.Timestamp("2026-05-11T15:30+08:00")] == 0


def test_pay_leaves_the_time_between_out_and_no_meal_was_missed(made):
    lines = made.pay.lines
    assert lines["minutes"].sum() == 960
    californian = pay_lines(made.rota, made.facts, LAWS["us-ca"]).lines
    assert [name for name in californian["pay_class"] if "missed_meal" in name] == []


def test_the_rota_file_reads_back_and_the_report_shows_it(made, tmp_path):
    write_csv(tmp_path / "rota.csv", made.rota.to_frame())
    again = Rota.from_frame(read_rota(tmp_path / "rota.csv", made.grid.zone))
    pd.testing.assert_frame_equal(again.to_frame(), made.rota.to_frame())
    assert "own time between the parts" in render_report(report_data(made, "en"))
    assert "两段之间的自由时间" in render_report(report_data(made, "zh"))


def test_a_split_is_never_paid(tmp_path):
    text = (FOLDER / "centre.toml").read_text(encoding="utf-8")
    old = 'paid = false, kind = "meal"'
    assert old in text
    (tmp_path / "centre.toml").write_text(text.replace(old, 'paid = true, kind = "split"'), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_settings(tmp_path / "centre.toml")
    faults = {fault.column: (fault.found, fault.expected) for fault in caught.value.faults}
    assert faults["shift.全日班.breaks.2.paid"] == ("true", "false for a split, which is a person's own time")
