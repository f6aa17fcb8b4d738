"""Requests and why they were refused, on small weeks made by hand; every verdict is checked against the audit of what was asked for."""

from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.instants import Grid, day_of, day_start, to_timestamps
from centre.model import Break, Contract, RuleSettings, ShiftTemplate
from scheduler.audit import audit
from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.presets import rules_in_force
from scheduler.shifts import candidate_shifts
from scheduler.wishes import drawn, wishes_told
from tests.scheduler.test_weights_solved import MONDAY, ZONE

MEAL = Break(30, 120, 180, False, "meal")
EARLY = ShiftTemplate("早", 480, 480, 480, 30, breaks=(MEAL,))
LATE = ShiftTemplate("晚", 840, 900, 480, 30, days=(0, 1, 2, 3, 4), breaks=(MEAL,))
RULES = rules_in_force(RuleSettings(presets=()), with_centre=True)


def facts_of_one(days: tuple[int, int], **told: object) -> Facts:
    contract = Contract("c", days[0] * 450, days[1] * 450, *days, ("早", "晚"))
    person = Person("a", contract, frozenset({"calls"}), starts_on=MONDAY - 30, **told)  # type: ignore[arg-type]
    return Facts(ZONE, MONDAY, 7, people={"a": person}, templates={"早": EARLY, "晚": LATE}, special_days={})


def week(*worked: int) -> Rota:
    """Somebody who works early on these days of the week."""
    rows = [
        (shift, row)
        for shift in candidate_shifts([EARLY], Grid(ZONE, MONDAY, 7, 30))
        if shift.day - MONDAY in worked
        for row in drawn(shift, "work:*")
    ]
    columns = {
        "agent_id": "a",
        "day": [day_of(shift.day) for shift, _ in rows],
        "start": to_timestamps(np.array([row.start for _, row in rows], dtype=np.int64)),
        "end": to_timestamps(np.array([row.end for _, row in rows], dtype=np.int64)),
        "activity": [row.activity for _, row in rows],
        "shift": "早",
        "paid": [row.paid for _, row in rows],
    }
    return Rota.from_frame(pd.DataFrame(columns))


def told(rota: Rota, facts: Facts, *asked: tuple[int, str, str]):
    requests = pd.DataFrame(
        [("a", day_of(MONDAY + day), kind, shift, 1.0) for day, kind, shift in asked],
        columns=["agent_id", "date", "kind", "shift", "weight"],
    )
    shifts = list(candidate_shifts([EARLY, LATE], Grid(ZONE, MONDAY, 7, 30)))
    return wishes_told(requests, rota, facts, RULES, shifts)


def test_what_is_as_it_was_asked_is_granted():
    facts = facts_of_one((3, 5))
    found = told(week(0, 1, 2), facts, (4, "off", ""), (0, "on", ""), (1, "on", "早"), (1, "off", "晚"))
    assert [wish.cause for wish in found] == ["granted"] * 4


def test_a_day_off_that_no_rule_forbids_is_refused_for_cover():
    (wish,) = told(week(0, 1, 2, 3), facts_of_one((3, 5)), (1, "off", ""))
    assert (wish.cause, wish.instead, wish.broken) == ("cover", "", ())
    assert (wish.end - wish.start, day_of(wish.day)) == (480, day_of(MONDAY + 1))


def test_a_day_off_may_need_work_on_another():
    (wish,) = told(week(0, 1, 2), facts_of_one((3, 5)), (1, "off", ""))
    assert (wish.cause, wish.instead) == ("cover", f"work on {day_of(MONDAY + 3)} (早 from 08:00) instead")


def test_a_contract_without_a_day_to_spare_is_the_reason():
    (wish,) = told(week(*range(7)), facts_of_one((7, 7)), (2, "off", ""))
    assert wish.cause == "rule"
    assert [(v.rule, v.found, v.limit) for v in wish.broken] == [
        ("contract-days", 6.0, 7.0), ("contract-minutes", 2700.0, 3150.0)
    ]  # fmt: skip


def test_leave_is_the_reason_why_nobody_works_that_day():
    midday = day_start(ZONE, MONDAY + 4) + 700
    (wish,) = told(week(0, 1, 2), facts_of_one((3, 5), leave=((midday, midday + 60),)), (4, "on", "早"))
    assert (wish.cause, [v.rule for v in wish.broken]) == ("rule", ["leave"])


def test_a_shift_that_is_not_offered_that_day_is_told():
    (wish,) = told(week(0, 1, 2), facts_of_one((3, 5)), (5, "on", "晚"))
    assert (wish.cause, wish.start) == ("not_offered", 0)


def test_a_shift_of_another_name_may_be_worked_in_place_of_the_own():
    (wish,) = told(week(0, 1, 2), facts_of_one((3, 3)), (1, "on", "晚"))
    assert (wish.cause, wish.instead) == ("cover", "")


def test_one_more_day_may_cost_another():
    (wish,) = told(week(0, 1, 2), facts_of_one((3, 3)), (3, "on", ""))
    assert (wish.cause, wish.instead) == ("cover", f"{day_of(MONDAY)} off instead")


def test_somebody_who_works_nothing_has_reasons_too():
    away = ((day_start(ZONE, MONDAY), day_start(ZONE, MONDAY + 7)),)
    (wish,) = told(week(), facts_of_one((0, 5), leave=away), (3, "on", ""))
    assert (wish.cause, {v.rule for v in wish.broken}) == ("rule", {"leave"})


def test_requests_of_other_weeks_are_left_out():
    assert told(week(0), facts_of_one((0, 5)), (-1, "off", ""), (7, "on", "")) == ()


@settings(max_examples=60, deadline=None)
@given(
    st.sets(st.integers(0, 6)),
    st.tuples(st.integers(0, 4), st.integers(0, 3)),
    st.integers(0, 6),
    st.sampled_from(["off", "on"]),
)
def test_a_refusal_for_cover_has_a_lawful_rota_and_one_for_a_rule_has_none(days, bounds, day, kind):
    """The judge tries every week of early shifts that grants the request and changes one other day at most."""
    facts = facts_of_one((bounds[0], max(1, min(7, bounds[0] + bounds[1]))))
    rota = week(*days)
    (wish,) = told(rota, facts, (day, kind, "早" if kind == "on" else ""))
    assert (wish.cause == "granted") == ((day in days) == (kind == "on"))
    if wish.cause == "granted":
        return
    wanted = days - {day} if kind == "off" else days | {day}
    swaps = [wanted] + [
        wanted ^ {other} for other in range(7) if other != day and (other in days) == (kind == "on")
    ]

    def breaches(worked: set[int]) -> int:
        return sum(v.verdict == "breach" for v in audit(week(*worked), RULES, facts))

    lawful = any(breaches(worked) == 0 for worked in swaps)
    if breaches(set(days)) == 0:
        assert (wish.cause == "cover") == lawful


def test_breaks_are_drawn_one_after_the_other():
    pauses = (Break(15, 60, 120), Break(30, 60, 240, False, "meal"))
    template = replace(EARLY, breaks=pauses)
    (shift,) = candidate_shifts([template], Grid(ZONE, MONDAY, 1, 30))
    rows = drawn(shift, "work:*")
    assert [(r.start - shift.start, r.end - shift.start, r.activity) for r in rows] == [
        (0, 60, "work:*"), (60, 75, "break"), (75, 105, "meal"), (105, 480, "work:*")
    ]  # fmt: skip
