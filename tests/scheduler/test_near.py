"""Near misses at the margin and one minute outside, and which of several rules of a kind binds."""

from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import ClassVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.instants import day_number
from centre.model import Contract, Overtime
from scheduler.near import binding, near_misses
from scheduler.rules.average_weekly_hours import AverageWeeklyHours
from scheduler.rules.breaks_in_shift import BreaksInShift
from scheduler.rules.daily_hours import DailyHours
from scheduler.rules.days_in_a_row import DaysInARow
from scheduler.rules.facts import Facts, Person
from scheduler.rules.monthly_overtime import MonthlyOvertime
from scheduler.rules.night_work import NightWork
from scheduler.rules.overlap import Overlap
from scheduler.rules.rest_between_shifts import RestBetweenShifts
from scheduler.rules.rest_in_any_window import RestInAnyWindow
from scheduler.rules.scoped import Scope, Scoped
from scheduler.rules.shared.findings import breach
from scheduler.rules.weekly_hours import WeeklyHours
from scheduler.rules.weekly_rest import WeeklyRest

BERLIN = ZoneInfo("Europe/Berlin")
REST = RestBetweenShifts(660, "art. 3")
MONDAY = day_number(date(2024, 5, 6))
WEEK = Facts(BERLIN, MONDAY, 7)


@pytest.fixture(name="berlin")
def berlin_fixture(local_shift, rota_of):
    """A rota of (agent, local start, elapsed minutes, breaks...) in Berlin."""

    def berlin(*shifts):
        return rota_of([local_shift(BERLIN, *shift) for shift in shifts])

    return berlin


def told(near):
    return [(v.agent_id, v.found, v.limit, v.short) for v in near]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("08:59", []),  # 659 min: a breach
        ("09:00", [("a", 660, 660, 0)]),
        ("09:30", [("a", 690, 660, 30)]),
        ("09:31", []),
    ],
)
def test_rest_at_the_limit_at_the_margin_and_a_minute_outside(berlin, start, expected):
    rota = berlin(("a", "2024-05-06T14:00", 480), ("a", f"2024-05-07T{start}", 480))
    assert told(near_misses(rota, [REST], WEEK, 30)) == expected


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(449, []), (450, [("a", 450, 480, 30)]), (480, [("a", 480, 480, 0)]), (481, [])],
)
def test_a_maximum_is_kept_narrowly_from_below(berlin, minutes, expected):
    rota = berlin(("a", "2024-05-06T08:00", minutes))
    assert told(near_misses(rota, [DailyHours(480, "s")], WEEK, 30)) == expected


@pytest.mark.parametrize(
    ("night", "start", "found"),
    [("2024-03-30", "2024-03-31T10:05", 665), ("2024-10-26", "2024-10-27T08:05", 665)],
)
def test_elapsed_time_on_nights_when_clocks_change(berlin, night, start, found):
    rota = berlin(("a", f"{night}T14:00", 480), ("a", start, 60))
    facts = Facts(BERLIN, day_number(date.fromisoformat(night)), 2)
    assert told(near_misses(rota, [REST], facts, 10)) == [("a", found, 660, 5)]
    assert near_misses(rota, [REST], facts, 4) == []


def test_it_is_told_with_the_real_limit_and_which_limit_it_is(berlin):
    rota = berlin(("a", "2024-05-06T14:00", 480), ("a", "2024-05-07T09:05", 480))
    (near,) = near_misses(rota, [REST], WEEK, 15)
    assert near.verdict == "near"
    assert near.source == "art. 3"
    assert near.explanation == (
        "a is 5 min from a breach: 665 min found from 2024-05-06 22:00 to 2024-05-07 09:05; "
        "at least 660 min are required (minimum_minutes)."
    )


def test_overtime_agreed_moves_the_limit_that_is_told(berlin):
    agreed = Contract("c", 0, 2400, 0, 5, ("day",), overtime=Overtime(120))
    facts = replace(WEEK, people={"a": Person("a", agreed), "b": Person("b")})
    rota = berlin(*((p, "2024-05-06T08:00", 535) for p in "ab"), ("b", "2024-05-07T08:00", 475))
    near = near_misses(rota, [DailyHours(480, "s", 60)], facts, 5)
    assert told(near) == [("a", 535, 540, 5), ("b", 475, 480, 5)]  # once, though two limits make up a's


@pytest.mark.parametrize("absent", [0, 1, 2, 3])
@pytest.mark.parametrize("spare", [0, 7, 20, 21, -1])
def test_a_periods_limit_is_told_to_the_minute_with_days_of_leave(
    berlin, local_shift, rota_of, absent, spare
):
    rule = AverageWeeklyHours(1201, 2, "s")
    limit = 1201 * (14 - absent) // 7
    days = [(MONDAY + 11 + k) * 1440 for k in range(absent)]
    leave = tuple((start, start + 60) for start in days)
    facts = Facts(BERLIN, MONDAY, 14, people={"a": Person("a", leave=leave)})
    worked = limit - spare
    rota = berlin(
        *(("a", f"2024-05-{6 + k:02d}T08:00", worked // 5 + (worked % 5 if not k else 0)) for k in range(5))
    )
    near = [v for v in near_misses(rota, [rule], facts, 20) if v.end > (MONDAY + 13) * 1440]
    assert told(near) == ([("a", worked, limit, spare)] if 0 <= spare <= 20 else [])


class TestDefinitions:
    """Limits that say what counts are no bounds: tightened, they make no near miss."""

    def test_over_how_much_work_a_break_is_due(self, berlin):
        rota = berlin(("a", "2024-05-06T08:00", 355))
        assert near_misses(rota, [BreaksInShift("s")], WEEK, 30) == []

    def test_how_long_a_part_of_a_break_is(self, berlin):
        rota = berlin(("a", "2024-05-06T08:00", 480, ((60, 15, True, "break"), (200, 16, True, "break"))))
        rule = BreaksInShift("s", 360, 30, 15)
        assert told(near_misses(rota, [rule], WEEK, 10)) == [("a", 31, 30, 1)]

    def test_from_how_many_minutes_a_shift_is_a_night_shift(self, berlin):
        rota = berlin(("a", "2024-05-06T16:00", 600), ("b", "2024-05-06T19:00", 475))
        near = near_misses(rota, [NightWork(480, "s")], WEEK, 65)
        assert told(near) == [("b", 475, 480, 5)]  # a works 600 min, 180 short of none: 120 min in the night

    @pytest.mark.parametrize(
        "margin", [60, 239]
    )  # 239: the weekly limit, tightened, equals that of the month
    def test_over_how_many_minutes_overtime_begins(self, berlin, margin):
        # four weeks of 325 min of overtime are 1300 of 2160; 240 min less a week before it begins make it 2260
        days = [date(2024, 5, 6 + 7 * week + day) for week in range(3) for day in range(5)]
        days += [date(2024, 5, 27 + day) for day in range(5)]
        rota = berlin(*(("a", f"{day}T08:00", 545) for day in days))
        assert near_misses(rota, [MonthlyOvertime(2160, "s")], replace(WEEK, days=28), margin) == []

    def test_a_windows_length(self, berlin):
        rota = berlin(*(("a", f"2024-05-{d:02d}T00:00", 1000) for d in range(6, 12)))
        assert near_misses(rota, [RestInAnyWindow("s", 480, 10080)], WEEK, 30) == []


@dataclass(frozen=True)
class OfTheirOwn:
    """A rule whose limit moves twice as fast for b as for a: tightened by 31 min both have 449."""

    minutes: int
    others: int
    source: str = "s"
    preset: str = ""
    name: ClassVar[str] = "of-their-own"
    words: ClassVar[str] = ""
    example: ClassVar[str] = ""
    exact: ClassVar[bool] = False
    tighter: ClassVar[dict[str, int]] = {"minutes": -1, "others": -1}

    def violations(self, rota, facts):
        shifts = rota.duties
        for agent, start, end in zip(shifts.agent, shifts.start, shifts.end, strict=True):
            name = rota.agent_ids[agent]
            limit = self.minutes if name == "a" else 2 * self.minutes - 449
            if end - start > limit:
                yield breach(self, name, (start, end), end - start, limit, "minutes", "works.")

    def lines(self, person, facts):
        return iter(())


def test_a_limit_that_moves_otherwise_for_some_people_is_told_to_each(berlin):
    rota = berlin(*((a, "2024-05-06T08:00", minutes) for a, minutes in (("a", 470), ("b", 500), ("c", 460))))
    near = near_misses(rota, [OfTheirOwn(480, 1)], WEEK, 30)
    assert told(near) == [("a", 470, 480, 10), ("b", 500, 511, 11)]


def test_days_are_near_only_where_a_margin_of_days_is_told(berlin):
    rota = berlin(*(("a", f"2024-05-{d:02d}T08:00", 60) for d in range(6, 11)))
    rule = DaysInARow(6, "s")
    assert near_misses(rota, [rule], WEEK, 600) == []
    assert near_misses(rota, [rule], WEEK, 600, 0) == []
    assert told(near_misses(rota, [rule], WEEK, 600, 1)) == [("a", 5, 6, 1)]
    assert near_misses(rota, [replace(rule, days=4)], WEEK, 600, 3) == []


def test_what_is_in_breach_is_not_near_even_where_the_tighter_window_is_longer(berlin):
    # three shifts with rests of 470 and 490 min between them: a breach of 8 h in any 24 h by the first two
    rota = berlin(
        ("a", "2024-05-06T00:00", 400), ("a", "2024-05-06T14:30", 400), ("a", "2024-05-07T05:20", 400)
    )
    rule = RestInAnyWindow("s", 480, 1440)
    assert [v.found for v in rule.violations(rota, WEEK) if v.verdict == "breach"] == [470]
    assert near_misses(rota, [rule], WEEK, 30) == []


def test_the_rotas_own_days_before_the_horizon_count_as_in_the_audit(berlin):
    early, first = ("a", "2024-05-05T14:00", 480), ("a", "2024-05-06T09:05", 480)
    assert told(near_misses(berlin(early, first), [REST], WEEK, 15)) == [("a", 665, 660, 5)]
    facts = replace(WEEK, before=berlin(early))
    assert told(near_misses(berlin(first), [REST], facts, 15)) == [("a", 665, 660, 5)]


def test_scoped_rules_and_people_with_clocks_of_their_own(rota_of, local_shift):
    tokyo = ZoneInfo("Asia/Tokyo")
    people = {"a": Person("a", site="east", zone=tokyo), "b": Person("b", site="west")}
    rota = rota_of(
        local_shift(zone, agent, start, 480)
        for agent, zone in (("a", tokyo), ("b", BERLIN))
        for start in ("2024-05-06T14:00", "2024-05-07T09:05")
    )
    rule = Scoped(REST, Scope("east", sites=frozenset({"east"})))
    (near,) = near_misses(rota, [rule], replace(WEEK, people=people), 15)
    assert (near.agent_id, near.rule, near.limit) == ("a", "rest-between-shifts:east", 660)
    assert "2024-05-07 09:05" in near.explanation


def test_rules_without_limits_in_minutes_make_none(berlin):
    rota = berlin(("a", "2024-05-06T14:00", 480))
    assert near_misses(rota, [Overlap("s")], WEEK, 30) == []


@pytest.mark.parametrize("margins", [(-1, None), (5, -1)])
def test_a_margin_below_nothing_is_refused(berlin, margins):
    with pytest.raises(ValueError, match="0 or more"):
        near_misses(berlin(("a", "2024-05-06T14:00", 480)), [REST], WEEK, *margins)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 47), min_size=2, max_size=12), st.integers(0, 120))
def test_rests_found_near_are_those_that_counting_finds(rota_of, local_shift, slots, margin):
    shifts = [
        local_shift(BERLIN, "a", f"2024-05-{6 + k:02d}T{slot // 2:02d}:{slot % 2 * 30:02d}", 490)
        for k, slot in enumerate(slots)
    ]
    facts = Facts(BERLIN, MONDAY, 14)
    rests = [max(0, b.start - a.end) for a, b in pairwise(shifts)]
    near = near_misses(rota_of(shifts), [REST], facts, margin)
    assert [v.found for v in near] == [rest for rest in rests if 660 <= rest <= 660 + margin]


class TestBinding:
    def test_the_strictest_binds_and_says_by_which_source(self):
        rules = [REST, RestBetweenShifts(720, "fr"), RestBetweenShifts(720, "jp"), WeeklyRest(2100, "eu")]
        rest, week = binding(rules)
        assert (rest.rule.source, [r.source for r in rest.implied], rest.incomparable) == (
            "fr",
            ["art. 3", "jp"],
            (),
        )
        assert (week.rule.source, week.implied) == ("eu", ())

    def test_stricter_in_one_limit_and_laxer_in_another(self):
        long, often = BreaksInShift("de", 360, 30, 15), BreaksInShift("jp", 300, 20, 15)
        one, other = binding([long, often])
        assert (one.rule, other.rule) == (long, often)
        ((rule, why),) = one.incomparable
        assert rule == often
        assert why == (
            "laxer in one limit, stricter in another: after_minutes: 360 here, 300 there; minutes: 30 here, 20 there"
        )

    def test_another_measure_is_another_thing(self):
        paid, worked = WeeklyHours(2400, "cn"), WeeklyHours(2000, "x", "worked_minutes")
        one, other = binding([paid, worked])
        assert one.incomparable == (
            (worked, "other terms: measure: paid_minutes here, worked_minutes there"),
        )
        assert other.implied == ()

    def test_a_rule_for_everybody_implies_a_laxer_one_for_some_but_not_a_stricter_one(self):
        minors = Scope("minors", under_age=18)
        lax, strict = Scoped(RestBetweenShifts(600, "x"), minors), Scoped(RestBetweenShifts(720, "y"), minors)
        all_of_us, young = binding([lax, REST, strict])
        assert (all_of_us.rule, all_of_us.implied) == (REST, (lax,))
        assert (young.rule, young.implied) == (strict, (lax,))
        assert [why for _, why in young.incomparable] == [
            "rest-between-shifts:minors and rest-between-shifts are not for the same people and time"
        ]
        assert all_of_us.incomparable[0][0] == strict

    def test_the_same_scope_under_another_label_is_the_same(self):
        one = Scoped(RestBetweenShifts(720, "x"), Scope("young", under_age=18))
        other = Scoped(RestBetweenShifts(700, "y"), Scope("minors", under_age=18))
        (only,) = binding([other, one])
        assert (only.rule, only.implied) == (one, (other,))

    def test_the_same_rule_told_twice_binds_once(self):
        (only,) = binding([REST, REST])
        assert only.implied == (REST,)
