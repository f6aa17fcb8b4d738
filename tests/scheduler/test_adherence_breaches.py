"""Which breaches come from the overrun alone, by hand and through the audit."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from scheduler.adherence_rest import caused
from scheduler.audit import audit
from scheduler.rota import COLUMNS, Rota
from scheduler.rules.facts import Facts
from scheduler.rules.rest_between_shifts import RestBetweenShifts
from scheduler.rules.rule import Violation

ONE = Violation("rest-between-shifts", "law", "a1", 100, 700, 600.0, 660.0, "minutes", "breach", "words")


def test_a_breach_that_the_plan_had_is_not_caused():
    assert caused([ONE], [ONE]) == []


def test_a_breach_of_another_rule_person_or_time_is_new():
    others = [
        replace(ONE, rule="x"),
        replace(ONE, source="y"),
        replace(ONE, agent_id="a2"),
        replace(ONE, start=700, end=900),
    ]
    for other in others:
        assert [one.planned for one in caused([ONE], [other])] == [None]


@pytest.mark.parametrize(("found", "worse"), [(599.0, True), (600.0, False), (601.0, False)])
def test_a_breach_that_grew_names_the_planned_one(found, worse):
    now = replace(ONE, found=found, end=690)
    assert [one.planned for one in caused([ONE], [now])] == ([ONE] if worse else [])


def test_only_breaches_count():
    assert caused([], [replace(ONE, verdict="near"), replace(ONE, verdict="not_checked")]) == []
    assert len(caused([replace(ONE, verdict="near")], [ONE])) == 1, "near in the plan, broken by the work"
    assert len(caused([replace(ONE, verdict="excepted")], [ONE])) == 1


def test_breaches_without_a_window_or_figures_are_the_same():
    bare = replace(ONE, start=None, end=None, found=None, limit=None)
    assert caused([bare], [bare]) == []


@pytest.mark.parametrize(("ends", "breaches"), [("21:00", 0), ("21:01", 1)])
def test_rest_of_eleven_hours_lost_by_one_minute(ends, breaches):
    def rota(end):
        rows = [
            ("a1", f"2026-03-0{d}", f"2026-03-0{d}T08:00Z", f"2026-03-0{d}T{end}Z", "work:*", "d", True)
            for d in (2, 3)
        ]
        return Rota.from_frame(pd.DataFrame(rows, columns=list(COLUMNS)))

    rules, facts = (RestBetweenShifts(660, "law"),), Facts(ZoneInfo("UTC"), 20514, 7)
    found = caused(audit(rota("17:00"), rules, facts), audit(rota(ends), rules, facts))
    assert [(one.breach.found, one.breach.limit) for one in found] == [(659.0, 660.0)] * breaches
