"""The audit from outside: a clean rota, then each kind of fault, with rule, person, window and minutes."""

import subprocess
import sys
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from centre.instants import day_number, local_instant, to_timestamps
from centre.model import Break, CentreInfo, Contract, Queue, RuleSettings, Settings, ShiftTemplate
from centre.people import Agent
from scheduler.audit import audit
from scheduler.rota import Rota
from scheduler.rules.facts import facts_of
from scheduler.rules.presets import rules_in_force

NEW_YORK = ZoneInfo("America/New_York")
MONDAY = day_number(date(2003, 10, 6))
BREAKS = (Break(15, 90, 150), Break(30, 210, 300, paid=False, kind="meal"), Break(15, 360, 420))
SETTINGS = Settings(
    CentreInfo("bank", NEW_YORK),
    (Queue("phone"),),
    (
        ShiftTemplate("early", 420, 540, 510, 30, breaks=BREAKS),
        ShiftTemplate("late", 780, 840, 510, 30, breaks=BREAKS),
    ),
    (Contract("5x8", 2400, 2400, 5, 5, ("early", "late")),),
)
BORN_ON = day_number(date(1975, 5, 17))
AGENTS = tuple(
    Agent(f"a{k}", "张伟", "t", "junior", (("phone", 1.0),), "5x8", born_on=BORN_ON) for k in range(3)
)
PAUSES = ((120, 15, True, "break"), (240, 30, False, "meal"), (390, 15, True, "break"))
RULES = rules_in_force(RuleSettings(("eu-wtd", "customer-service")), with_centre=True)
FACTS = facts_of(SETTINGS, AGENTS, None, None, MONDAY, 7)


@pytest.fixture(name="clean")
def clean_fixture(local_shift, rota_of):
    """Three people, Monday to Friday: two early, one late."""
    shifts = [
        local_shift(NEW_YORK, f"a{k}", f"2003-10-{day:02d}T{clock}", 510, PAUSES, name)
        for k, (clock, name) in enumerate((("08:00", "early"), ("08:00", "early"), ("14:00", "late")))
        for day in range(6, 11)
    ]
    return rota_of(shifts).to_frame()


def breaches(frame):
    return [v for v in audit(frame, RULES, FACTS) if v.verdict == "breach"]


def told(frame):
    return {(v.rule, v.agent_id, v.found, v.limit) for v in breaches(frame)}


def moved(frame, agent_id, day, minutes):
    """The frame with one shift moved by minutes."""
    chosen = (frame["agent_id"] == agent_id) & (frame["day"] == day)
    shift = pd.to_timedelta(minutes * chosen, unit="min")
    return frame.assign(start=frame["start"] + shift, end=frame["end"] + shift)


def instant(day, minute):
    return local_instant(NEW_YORK, day_number(day), minute)


def test_a_clean_rota_breaks_nothing(clean):
    assert breaches(clean) == []


def test_the_only_doubts_of_a_clean_rota_are_told_once_each(clean):
    findings = audit(clean, RULES, FACTS)
    assert [(v.rule, v.agent_id) for v in findings] == [
        ("average-weekly-hours", ""),
        ("rest-between-shifts", ""),
    ]


def test_a_shift_moved_to_start_10_h_59_after_the_one_before(clean):
    # a2 ends Tuesday 22:30; Wednesday 09:29 is 10 h 59 later and 271 min before the late window opens 13:00
    frame = moved(clean, "a2", date(2003, 10, 8), -271)
    assert ("rest-between-shifts", "a2", 659, 660) in told(frame)
    (finding,) = (v for v in breaches(frame) if v.rule == "rest-between-shifts")
    assert (finding.start, finding.end) == (instant(date(2003, 10, 7), 1350), instant(date(2003, 10, 8), 569))
    assert "2003-10-07 22:30" in finding.explanation
    assert "2003-10-08 09:29" in finding.explanation
    assert finding.source.startswith("Directive 2003/88/EC art. 3")


def test_work_added_on_all_remaining_days_of_the_week(clean):
    monday = clean[(clean["agent_id"] == "a1") & (clean["day"] == date(2003, 10, 6))]
    more = [
        moved(monday.assign(day=date(2003, 10, 6 + k)), "a1", date(2003, 10, 6 + k), 1440 * k) for k in (5, 6)
    ]
    frame = pd.concat([clean, *more])
    assert told(frame) == {
        ("weekly-rest", "a1", 930, 2100),
        ("weekly-day-off", "a1", 930, 1440),
        ("contract-minutes", "a1", 3360, 2400),
        ("contract-days", "a1", 7, 5),
    }
    (finding,) = (v for v in breaches(frame) if v.rule == "weekly-rest")
    assert (finding.start, finding.end) == (instant(date(2003, 10, 6), 0), instant(date(2003, 10, 13), 0))


def test_a_required_break_deleted(clean):
    row = clean[(clean["agent_id"] == "a0") & (clean["activity"] == "meal")].index[0]
    assert told(clean.drop(row)) == {("shift-template", "a0", 30, 60)}
    none = clean.drop(
        clean[(clean["agent_id"] == "a0") & clean["activity"].isin(["meal", "break"])].index[:3]
    )
    assert {("breaks-in-shift", "a0", 0, 15), ("shift-template", "a0", 0, 60)} <= told(none)


def test_a_shift_moved_outside_its_templates_window(clean):
    frame = moved(clean, "a0", date(2003, 10, 8), 61)
    assert told(frame) == {("shift-template", "a0", 541, 540)}


def test_a_row_doubled(clean):
    row = clean[clean["agent_id"] == "a0"].iloc[[0]]
    frame = pd.concat([clean, row])
    (finding,) = (v for v in breaches(frame) if v.rule == "overlap")
    assert (finding.agent_id, finding.found, finding.limit) == ("a0", 120, 0)
    assert (finding.start, finding.end) == (instant(date(2003, 10, 6), 480), instant(date(2003, 10, 6), 600))


def test_a_person_not_on_the_list(clean):
    frame = clean.assign(agent_id=clean["agent_id"].replace("a0", "x"))
    assert ("known-people", "x", 35, 0) in told(frame)
    assert ("contract-minutes", "a0", 0, 2400) in told(frame)


def test_leave_from_the_file_is_kept(clean):
    start, end = (to_timestamps([instant(date(2003, 10, day), 0)])[0] for day in (8, 9))
    leave = pd.DataFrame({"agent_id": ["a0"], "start": [start], "end": [end], "kind": ["annual"]})
    facts = facts_of(SETTINGS, AGENTS, leave, None, MONDAY, 7)
    found = [v for v in audit(clean, RULES, facts) if v.verdict == "breach"]
    assert [(v.rule, v.agent_id, v.found) for v in found] == [("leave", "a0", 510)]
    without = clean[~((clean["agent_id"] == "a0") & (clean["day"] == date(2003, 10, 8)))]
    assert [v for v in audit(without, RULES, facts) if v.verdict == "breach"] == []


def test_findings_do_not_depend_on_the_order_of_rows(clean):
    frame = moved(clean, "a2", date(2003, 10, 8), -271)
    assert audit(frame.sample(frac=1, random_state=1), RULES, FACTS) == audit(frame, RULES, FACTS)


def test_findings_are_sorted_by_person_then_time(clean):
    frame = moved(moved(clean, "a0", date(2003, 10, 9), 61), "a0", date(2003, 10, 7), 61)
    keys = [(v.agent_id, v.start) for v in audit(frame, RULES, FACTS)]
    assert keys == sorted(keys)
    assert len(keys) == 4


class TestWithoutFacts:
    def test_what_cannot_be_known_is_not_checked_and_never_passed(self, clean):
        findings = audit(clean, RULES)
        assert {v.verdict for v in findings} == {"not_checked"}
        assert {
            "audit", "known-people", "employment", "leave", "skills", "shift-template", "contract-minutes",
            "contract-days", "contract-shifts", "rest-between-shifts", "average-weekly-hours",
        } <= {v.rule for v in findings}  # fmt: skip

    def test_what_can_be_judged_is(self, clean):
        frame = moved(clean, "a2", date(2003, 10, 8), -271)
        assert [(v.rule, v.found) for v in audit(frame, "eu-wtd") if v.verdict == "breach"] == [
            ("rest-between-shifts", 659)
        ]

    def test_an_empty_rota(self, clean):
        assert {v.verdict for v in audit(clean.iloc[:0], RULES)} == {"not_checked"}
        assert {v.rule for v in audit(clean.iloc[:0], RULES, FACTS)} == {"contract-minutes", "contract-days"}


class TestBefore:
    def test_it_may_be_given_beside_the_facts(self, clean, local_shift, rota_of):
        before = rota_of(
            [local_shift(NEW_YORK, "a0", "2003-10-05T14:00", 421)]
        )  # ends 21:01, 10 h 59 before 08:00
        for given in (before, before.to_frame()):
            found = [v for v in audit(clean, RULES, FACTS, before=given) if v.verdict == "breach"]
            assert [(v.rule, v.agent_id, v.found) for v in found] == [("rest-between-shifts", "a0", 659)]

    def test_rows_of_the_rota_before_the_horizon_serve_where_nothing_else_is_given(
        self, clean, local_shift, rota_of
    ):
        early = rota_of([local_shift(NEW_YORK, "a0", "2003-10-05T14:00", 421)]).to_frame()
        found = [v for v in audit(pd.concat([early, clean]), RULES, FACTS) if v.verdict == "breach"]
        assert [(v.rule, v.agent_id, v.found) for v in found] == [("rest-between-shifts", "a0", 659)]

    def test_rows_after_the_horizon_are_told_of(self, clean):
        shorter = replace(FACTS, days=3)
        (finding,) = (v for v in audit(clean, RULES, shorter) if v.rule == "audit")
        assert finding.verdict == "not_checked"
        assert finding.explanation.startswith("42 row(s)")


def test_it_takes_a_rota_as_well_as_a_table(clean):
    assert audit(Rota.from_frame(clean), RULES, FACTS) == audit(clean, RULES, FACTS)


def test_it_never_loads_the_solver():
    code = "import sys; import scheduler.audit; sys.exit('ortools' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
