"""Evidence: which shifts make a finding, and the day and week it counts for."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.instants import day_number, local_instant
from centre.model import RuleSettings
from scheduler.audit import audit
from scheduler.evidence import evidence
from scheduler.rules.breaks_in_shift import BreaksInShift
from scheduler.rules.days_in_a_row import DaysInARow
from scheduler.rules.facts import Facts, Person
from scheduler.rules.presets import rules_in_force
from scheduler.rules.rest_between_shifts import RestBetweenShifts
from scheduler.rules.rule import Violation
from scheduler.rules.weekly_rest import WeeklyRest

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
REST = RestBetweenShifts(660, "art. 3")


def horizon(start, days=7, **more):
    return Facts(BERLIN, day_number(date.fromisoformat(start)), days, **more)


def at(text, zone=BERLIN):
    day, clock = text.split("T")
    return local_instant(zone, day_number(date.fromisoformat(day)), int(clock[:2]) * 60 + int(clock[3:]))


@pytest.fixture(name="berlin")
def berlin_fixture(local_shift, rota_of):
    """A rota of (agent, local start, elapsed minutes, name) in Berlin."""

    def berlin(*shifts):
        return rota_of(
            [local_shift(BERLIN, a, start, minutes, (), name) for a, start, minutes, name in shifts]
        )

    return berlin


def told_of(rule, rota, facts):
    found = [v for v in audit(rota, [rule], facts) if v.verdict == "breach"]
    return [([name for *_, name in e.shifts], e.short, e.week, e.team) for e in evidence(found, rota, facts)]


def test_a_rest_that_is_too_short_is_told_with_the_shifts_around_it(berlin):
    rota = berlin(
        ("a", "2024-05-05T08:00", 60, "早"), ("a", "2024-05-06T14:00", 480, "晚"),
        ("a", "2024-05-07T08:59", 480, "早"), ("a", "2024-05-08T14:00", 480, "晚"), ("b", "2024-05-06T14:00", 480, "x"),
    )  # fmt: skip
    facts = horizon("2024-05-06", people={"a": Person("a", team="red")})
    assert told_of(REST, rota, facts) == [(["晚", "早"], 1, "2024-W19", "red")]


def test_a_gap_of_no_length_and_an_overlap_are_told_with_both_shifts(berlin):
    rota = berlin(
        ("a", "2024-05-06T14:00", 600, "one"), ("a", "2024-05-07T00:00", 60, "two"),
        ("b", "2024-05-06T14:00", 660, "one"), ("b", "2024-05-07T00:00", 60, "two"),
    )  # fmt: skip
    assert told_of(REST, rota, horizon("2024-05-06")) == [
        (["one", "two"], 660, "2024-W19", ""),
        (["one", "two"], 660, "2024-W19", ""),
    ]


def test_a_weeks_window_is_told_with_all_shifts_that_reach_into_it(berlin):
    week = [("a", f"2024-05-{d:02d}T08:00", 600, f"d{d}") for d in range(6, 13)]
    sunday_night = ("a", "2024-05-05T22:00", 300, "night")
    ends_as_it_begins = ("b", "2024-05-05T16:00", 480, "before")
    rota = berlin(sunday_night, *week, ends_as_it_begins, ("a", "2024-05-13T00:00", 480, "next week"))
    found = told_of(WeeklyRest(2100, "art. 5"), rota, horizon("2024-05-06"))
    assert found == [(["night", *(f"d{d}" for d in range(6, 13))], 2100 - 840, "2024-W19", "")]


def test_a_shifts_own_limit_is_told_with_that_shift_and_its_own_day(berlin):
    rota = berlin(("a", "2024-05-12T20:00", 480, "night"), ("a", "2024-05-13T14:00", 300, "short"))
    facts = horizon("2024-05-06", 14)
    assert told_of(BreaksInShift("art. 4"), rota, facts) == [(["night"], 15, "2024-W19", "")]


@pytest.mark.parametrize("in_facts", [True, False])
def test_shifts_before_the_horizon_are_told_once_and_the_finding_counts_in_it(berlin, in_facts):
    early = ("a", "2024-05-05T14:00", 480, "before")
    rota = berlin(early, ("a", "2024-05-06T08:00", 480, "first"))
    facts = horizon("2024-05-06", before=berlin(early) if in_facts else None)
    (told,) = evidence([v for v in audit(rota, [REST], facts) if v.verdict == "breach"], rota, facts)
    assert [s[3] for s in told.shifts] == ["before", "first"]
    assert told.shifts[0] == (facts.first_day - 1, at("2024-05-05T14:00"), at("2024-05-05T22:00"), "before")
    assert told.day == facts.first_day


def test_a_run_of_days_counts_for_its_last_day_by_the_persons_own_clock(rota_of, local_shift):
    rota = rota_of([local_shift(NEW_YORK, "a", f"2025-12-{d}T08:00", 60) for d in range(25, 31)])
    facts = replace(horizon("2025-12-22", 14), people={"a": Person("a", zone=NEW_YORK)})
    (told,) = evidence(
        [v for v in audit(rota, [DaysInARow(5, "s")], facts) if v.verdict == "breach"], rota, facts
    )
    assert told.day == day_number(date(2025, 12, 30))
    assert told.week == "2026-W01"
    assert told.short == 1


def test_what_was_not_checked_and_whom_the_rota_does_not_have_are_told_without_shifts(berlin):
    rota, facts = berlin(("a", "2024-05-06T08:00", 60, "d")), horizon("2024-05-06")
    stranger = Violation(
        "r", "s", "z", at("2024-05-06T08:00"), at("2024-05-06T09:00"), 1, 0, "minutes", "breach", ""
    )
    unknown = Violation("r", "s", "", *([at("2024-05-06T00:00")] * 2), None, None, "", "not_checked", "")
    windowless = Violation("r", "s", "a", None, None, None, None, "", "breach", "")
    told = evidence([unknown, stranger, windowless], rota, facts)
    assert [(e.violation, e.shifts, e.day, e.week) for e in told] == [
        (unknown, (), None, ""), (stranger, (), facts.first_day, "2024-W19"), (windowless, (), None, ""),
    ]  # fmt: skip
    assert evidence([], rota, facts) == []


def test_a_shift_that_only_touches_a_window_is_not_in_it(berlin):
    rota = berlin(("a", "2024-05-05T16:00", 480, "ends as it begins"))
    lacks = Violation(
        "r", "s", "a", at("2024-05-06T00:00"), at("2024-05-13T00:00"), 0, 9, "minutes", "breach", ""
    )
    (told,) = evidence([lacks], rota, horizon("2024-05-06"))
    assert told.shifts == ()


def test_a_short_shift_inside_a_long_one_is_told_only_where_it_lies(berlin):
    rota = berlin(("a", "2024-05-05T20:00", 2400, "long"), ("a", "2024-05-06T07:00", 60, "short"))
    window = at("2024-05-07T00:00"), at("2024-05-07T02:00")
    (told,) = evidence(
        [Violation("r", "s", "a", *window, 0, 9, "", "breach", "")], rota, horizon("2024-05-06")
    )
    assert [name for *_, name in told.shifts] == ["long"]


def test_a_week_that_goes_on_after_the_horizon_counts_for_its_last_day(berlin):
    rota = berlin(*(("a", f"2024-05-{d:02d}T08:00", 1300, "d") for d in range(6, 11)))
    facts = horizon("2024-05-06", 5)
    window = at("2024-05-06T00:00"), at("2024-05-13T00:00")
    (told,) = evidence([Violation("r", "s", "a", *window, 0, 9, "minutes", "near", "")], rota, facts)
    assert told.day == facts.end_day - 1


def test_an_empty_rota_has_no_evidence(rota_of):
    window = at("2024-05-06T08:00"), at("2024-05-06T09:00")
    (told,) = evidence(
        [Violation("r", "s", "a", *window, 0, 1, "minutes", "breach", "")], rota_of([]), horizon("2024-05-06")
    )
    assert told.shifts == ()


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_the_shifts_of_every_window_are_those_that_looking_at_each_one_finds(rota_of, local_shift, data):
    first = day_number(date(2024, 3, 25))
    clock = st.tuples(st.sampled_from("ab"), st.integers(0, 20), st.integers(0, 95), st.integers(1, 60))
    told = data.draw(st.lists(clock, max_size=25))
    shifts = {
        (a, day): local_shift(BERLIN, a, f"{date(2024, 3, 24).fromordinal(date(2024, 3, 24).toordinal() + day)}"
                              f"T{slot // 4:02d}:{slot % 4 * 15:02d}", 15 * length)
        for a, day, slot, length in told
    }  # fmt: skip
    rota = rota_of(shifts.values())
    facts = Facts(BERLIN, first, 14)
    rules = rules_in_force(RuleSettings(("eu-wtd", "cn-labour")), with_centre=False)
    for e in evidence(audit(rota, rules, facts), rota, facts):
        v = e.violation
        if v.verdict == "not_checked":
            continue
        low, high = sorted((v.start, v.end))
        own = sorted((s for s in shifts.values() if s.agent == v.agent_id), key=lambda s: (s.start, s.end))
        own = [s for s in own if s.day < facts.end_day]
        inside = [s for s in own if s.start < high and s.end > low]
        around = [s for s in own if s.end == low or s.start == high]
        assert [t[1:3] for t in e.shifts] == [(s.start, s.end) for s in inside or around]
        assert facts.first_day <= e.day < facts.end_day
        assert e.shifts
