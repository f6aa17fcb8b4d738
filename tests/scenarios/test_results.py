"""What is told of a plan: plan.json, the figures in it, the reasons of shortage, the source of the report."""

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from centre.errors import BadInput
from scenarios.clashes import price_lines
from scenarios.figures import daily_service, forecast_errors, share_in_time, total_service, verdicts
from scenarios.report import render_report
from scenarios.report_filling import report_data
from scenarios.results import plan_json, write_plan
from scenarios.shortfalls import shortfalls
from scenarios.text import json_text
from scheduler.solution import Clash, Demanded, RulePrice, WayOut


def test_daily_service_adds_up(quick):
    rows = daily_service(quick)
    days = [row for row in rows if row["queue"] == ""]
    assert [row["day"] for row in days] == [f"2026-02-{d}" for d in range(23, 29)] + ["2026-03-01"]
    for day in days:
        parts = [row for row in rows if row["day"] == day["day"] and row["queue"]]
        assert sum(part["expected_contacts"] for part in parts) == pytest.approx(
            day["expected_contacts"], abs=0.02
        )
        assert day["service_level"] == pytest.approx(
            1 - day["expected_late"] / day["expected_contacts"], abs=1e-3
        )
    whole = total_service(quick)
    late, contacts = quick.coverage["expected_late"].sum(), quick.coverage["expected_contacts"].sum()
    assert whole["service_level"] == pytest.approx(1 - late / contacts, abs=1e-4)


def test_shortage_is_counted_in_effective_agents(quick):
    need, given = quick.requirement["agents_to_roster"], quick.coverage["agents_effective"]
    short = np.maximum(need - given, 0).sum() / 2
    assert total_service(quick)["agent_hours_short"] == pytest.approx(short, abs=0.05)


def test_nothing_expected_has_no_service():
    assert share_in_time(0.0, 0.0) is None
    assert share_in_time(4.0, 1.0) == 0.75


def test_findings_are_counted_by_verdict(quick):
    assert sum(verdicts(quick).values()) == len(quick.violations)
    assert list(verdicts(quick)) == ["breach", "near", "not_checked"]


def test_errors_that_nobody_knows_are_null(quick):
    report = quick.forecast_report
    report = replace(
        report, wape={name: dict.fromkeys(models, float("nan")) for name, models in report.wape.items()}
    )
    unknown = replace(quick, forecast_report=report, held_back_wape={"calls": float("nan")})
    assert forecast_errors(unknown)["calls"]["held_back_wape"] is None
    assert set(forecast_errors(unknown)["calls"]["backtest_wape"].values()) == {None}
    assert '"held_back_wape": null' in json_text(plan_json(unknown))
    assert report_data(unknown, "en").forecast_facts[0].wape == {}


def test_plan_json_keeps_no_clock_in_what_is_compared(quick):
    first, second = plan_json(quick), plan_json(quick)
    assert first.pop("times").keys() == second.pop("times").keys()
    assert first == second


def test_a_clash_is_told_with_what_it_names(quick):
    clash = Clash(
        "cannot be", ("A001",), (29_530_000,), ("weekly-rest",), "hire",
        (Demanded("leave", "off", ("A001",)),), (WayOut("hire", price=9.5),), minimal=True,
    )  # fmt: skip
    told = plan_json(replace(quick, solution=replace(quick.solution, status="clash", clashes=(clash,))))
    assert told["clashes"] == [
        {
            "sentence": "cannot be",
            "agents": ("A001",),
            "interval_starts": (29_530_000,),
            "rules": ("weekly-rest",),
            "way_out": "hire",
            "members": (
                {"rule": "leave", "says": "off", "agents": ("A001",), "queue": "", "interval_starts": ()},
            ),
            "ways_out": ({"sentence": "hire", "agents": (), "rules": (), "price": 9.5},),
            "minimal": True,
        }
    ]
    json.loads(json_text(told))


def test_reasons_account_for_everybody_with_the_skill(quick):
    reasons = [reason for reason in shortfalls(quick, "en") if reason.start is not None]
    skilled = {
        queue.name: sum(queue.name in dict(a.skills) for a in quick.centre.agents)
        for queue in quick.centre.settings.queue
    }
    assert reasons
    for reason in reasons:
        people = int(re.search(r"of (\d+) people", reason.why)[1])
        parts = [int(number) for number in re.findall(r"(\d+) (?:at work|on|in|with)", reason.why)]
        assert people == skilled[reason.queue] == sum(parts), reason.why
        assert quick.grid.start <= reason.start < reason.end <= quick.grid.end


def test_reasons_cover_exactly_the_intervals_that_are_short(quick):
    reasons = [reason for reason in shortfalls(quick, "en") if reason.queue == "calls"]
    covered = sum(reason.end - reason.start for reason in reasons) // 30
    rows = quick.coverage[quick.coverage["queue"] == "calls"]
    need = quick.requirement.loc[quick.requirement["queue"] == "calls", "agents_to_roster"].to_numpy()
    assert covered == (need - rows["agents_effective"].to_numpy() >= 0.05).sum()


def test_somebody_on_leave_is_on_leave(quick):
    people = dict(quick.facts.people)
    people["A006"] = replace(people["A006"], leave=((quick.grid.start, quick.grid.end),))
    away = replace(
        quick,
        facts=replace(quick.facts, people=people),
        solution=replace(quick.solution, rota=_without(quick.rota, "A006")),
    )
    away = replace(away, coverage=quick.coverage.assign(agents_effective=0.0))
    assert all("1 on leave" in reason.why for reason in shortfalls(away, "en") if reason.start is not None)
    assert all(
        "休假或不在职 1 人" in reason.why for reason in shortfalls(away, "zh") if reason.start is not None
    )


def _without(rota, agent_id):
    table = rota.to_frame()
    return type(rota).from_frame(table[table["agent_id"] != agent_id])


def test_enough_people_need_no_reasons(quick):
    enough = replace(quick, coverage=quick.coverage.assign(agents_effective=99.0))
    assert list(shortfalls(enough, "en")) == []


def test_a_clash_is_a_reason_too(quick):
    clashing = replace(
        quick, solution=replace(quick.solution, clashes=(Clash("A and B clash", way_out="drop A"),))
    )
    first = next(iter(shortfalls(clashing, "en")))
    assert (first.why, first.ways_out) == ("A and B clash", ("drop A",))


def test_ways_out_of_a_clash_are_told_with_their_price(quick):
    clash = Clash("A and B clash", ways_out=(WayOut("hire one", price=240.4), WayOut("drop A")))
    clashing = replace(quick, solution=replace(quick.solution, clashes=(clash,)))
    assert next(iter(shortfalls(clashing, "en"))).ways_out == ("hire one (about 240 CNY of pay)", "drop A")
    assert next(iter(shortfalls(clashing, "zh"))).ways_out[0] == "hire one（工资约 240 CNY）"


def test_prices_of_rules_are_in_plan_json_and_on_the_report(quick):
    prices = (
        RulePrice("leave", 120.0, 20.0, 100.0, ("A001", "A002")),
        RulePrice("own-rule", 120.0, 120.0, 0.0, ("A001",)),
    )
    priced = replace(quick, rule_prices=prices, solution=replace(quick.solution, objective=150.0))
    assert json.loads(json_text(plan_json(priced)))["rule_prices"][0] == {
        "rule": "leave", "bound_with": 120.0, "bound_without": 20.0, "saved": 100.0, "agents": ["A001", "A002"],
    }  # fmt: skip
    page = render_report(report_data(priced, "en"))
    assert "What rules cost" in page
    assert re.search(r"<code>leave</code></th><td>CNY 100</td><td>CNY 130</td><td>2</td>", page)
    assert "What rules cost" not in render_report(report_data(quick, "en"))
    assert list(price_lines(prices, 150.0, "USD")) == [
        "Price of leave: about 100 USD, at most 130 USD of this rota; it binds 2 people",
        "Price of own-rule: nothing that the bounds show, at most 30 USD of this rota; it binds 1 person",
    ]


def test_the_report_names_the_terms_that_it_can_translate(quick):
    from scenarios.report_words import WORDS

    names = [term.name for term in report_data(quick, "zh").cost]
    assert [name for name in names if f"cost.{name}" not in WORDS] in ([], ["below_minimum"])
    money = {term.name: term.money for term in report_data(quick, "en").cost}
    assert (money["pay"], money["overtime"], money["shortage"]) == (True, True, False)


def test_the_report_shows_history_before_the_horizon_only(quick):
    history = report_data(quick, "en").history
    assert history["interval_start"].max() < quick.forecast["interval_start"].min()
    assert len(history)


def test_results_are_written_whole_or_not_at_all(quick, tmp_path, monkeypatch):
    write_plan(quick, tmp_path / "week")
    before = {path.name: path.read_bytes() for path in (tmp_path / "week").iterdir()}
    monkeypatch.setattr("scenarios.results.render_report", lambda data: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_plan(quick, tmp_path / "week")
    assert {path.name: path.read_bytes() for path in (tmp_path / "week").iterdir()} == before
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="--out"):
        write_plan(quick, tmp_path / "file")


def test_work_that_may_wait_is_listed_and_what_is_left_is_the_next_plans_backlog(quick, tmp_path):
    """Chats as work due in 24 hours, with nobody to do it on the last day."""
    settings = quick.centre.settings
    queues = tuple(
        replace(q, channel="case", target_seconds=None, patience_seconds=None, target_hours=24.0)
        if q.name == "chat"
        else q
        for q in settings.queue
    )
    last = quick.coverage["interval_start"] >= quick.coverage["interval_start"].max() - pd.Timedelta(hours=12)
    given = quick.coverage.assign(agents_effective=np.where(last, 0.0, 50.0))
    waiting = replace(
        quick, centre=replace(quick.centre, settings=replace(settings, queue=queues)), coverage=given
    )
    write_plan(waiting, tmp_path / "week")
    work, left = (pd.read_csv(tmp_path / "week" / name) for name in ("deferred.csv", "backlog.csv"))
    assert list(work.columns) == list(left.columns) == ["queue", "release", "due", "contacts", "work_minutes"]
    chats = waiting.requirement[waiting.requirement["queue"] == "chat"]
    assert work["contacts"].sum() == pytest.approx(chats["offered"].sum(), abs=1e-3)
    late = chats[chats["interval_start"] >= quick.coverage["interval_start"].max() - pd.Timedelta(hours=12)]
    assert left["contacts"].sum() == pytest.approx(late["offered"].sum(), abs=1e-3)
    stamps = pd.to_datetime(left["due"]) - pd.to_datetime(left["release"])
    assert set(stamps) == {pd.Timedelta(hours=24)}
