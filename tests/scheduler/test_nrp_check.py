"""The judge of benchmark rosters: every hard constraint at its limit and one beyond, every soft term, worked by hand."""

import pytest

from scheduler.nrp import judge
from tests.scheduler.nrp_builder import instance_of, person


def broken(week: str, *, name: str = "Ada", **limits: object) -> list[tuple[int | None, str, object, object]]:
    """Breaches of one person who works as ``week`` says: E, L or - for each day."""
    sections = {key: limits.pop(key) for key in ("off", "shifts") if key in limits}
    one = instance_of(person(name, days=len(week), **limits), days=len(week), **sections)
    rows = [(name, day, shift) for day, shift in enumerate(week) if shift != "-"]
    found = judge(one, rows).breaches
    assert {breach.employee for breach in found} <= {name}
    return [(breach.day, breach.rule, breach.found, breach.limit) for breach in found]


class TestSuccession:
    @pytest.mark.parametrize("week", ["EL--", "EE--", "LL--", "L-E-"])
    def test_what_may_follow(self, week):
        assert broken(week) == []

    def test_early_after_late(self):
        assert broken("-LE-") == [(2, "shift after L", "E", "another shift or none")]


class TestTotals:
    def test_number_of_a_shift_at_its_limit_and_one_beyond(self):
        assert broken("E-E-", most="E=2|L=0") == []
        assert broken("E-EE", most="E=2|L=0") == [(None, "number of shifts E", 3, 2)]
        assert broken("---L", most="E=2|L=0") == [(None, "number of shifts L", 1, 0)]

    def test_a_shift_without_a_number_has_no_limit(self):
        assert broken("LLLL", most="E=0") == []

    def test_minutes(self):
        assert broken("EL--", max_minutes=1080, min_minutes=1080) == []
        assert broken("EL--", max_minutes=1079) == [(None, "maximum total minutes", 1080, 1079)]
        assert broken("EL--", min_minutes=1081) == [(None, "minimum total minutes", 1080, 1081)]
        assert broken("----", min_minutes=1) == [(None, "minimum total minutes", 0, 1)]


class TestRuns:
    def test_too_long_a_run_is_one_wherever_it_lies(self):
        assert broken("EE-EE", max_run=2) == []
        for week, first in (("EEE--", 0), ("-EEE-", 1), ("--EEE", 2)):
            assert broken(week, max_run=2) == [(first, "maximum consecutive shifts", 3, 2)]

    def test_a_short_run_of_work_is_allowed_at_the_edges_alone(self):
        assert broken("E---EE-L", min_run=2) == []
        assert broken("E-E-L", min_run=2) == [(2, "minimum consecutive shifts", 1, 2)]
        assert broken("-EL--EEE-", min_run=3) == [(1, "minimum consecutive shifts", 2, 3)]

    def test_a_short_run_of_days_off_is_allowed_at_the_edges_alone(self):
        assert broken("-EE--EE-", min_off=2) == []
        assert broken("-EE-EE--", min_off=2) == [(3, "minimum consecutive days off", 1, 2)]
        assert broken("E--E", min_off=3) == [(1, "minimum consecutive days off", 2, 3)]

    def test_the_whole_horizon_off_or_at_work_touches_both_edges(self):
        assert broken("---", min_off=9, min_run=9) == []
        assert broken("EEE", min_off=9, min_run=9) == []


class TestWeekends:
    @pytest.mark.parametrize(
        ("days", "weekends"),
        [((5,), 1), ((6,), 1), ((5, 6), 1), ((4, 7), 0), ((5, 13), 2), ((6, 12, 13), 2), ((0, 5, 6, 12), 2)],
    )
    def test_saturday_or_sunday_makes_one(self, days, weekends):
        week = "".join("E" if day in days else "-" for day in range(14))
        assert broken(week, max_weekends=weekends) == []
        if weekends:
            expected = [(None, "weekends worked", weekends, weekends - 1)]
            assert broken(week, max_weekends=weekends - 1) == expected

    def test_half_a_weekend_at_the_end(self):
        assert broken("-----E", max_weekends=0) == [(None, "weekends worked", 1, 0)]


class TestDays:
    def test_a_fixed_day_off(self):
        assert broken("E-E", off=["Ada,1"]) == []
        assert broken("EEE", off=["Ada,1,2"]) == [
            (1, "work on a fixed day off", "E", "none"),
            (2, "work on a fixed day off", "E", "none"),
        ]

    def test_two_shifts_on_a_day(self):
        (breach,) = judge(instance_of(), [("Ada", 3, "E"), ("Ada", 3, "L")]).breaches
        assert str(breach) == "Ada, day 3: shifts a day is E and L, allowed 1"

    @pytest.mark.parametrize("row", [("Bob", 0, "E"), ("Ada", 14, "E"), ("Ada", -1, "E"), ("Ada", 0, "N")])
    def test_rows_of_somebody_or_something_else(self, row):
        (breach,) = judge(instance_of(), [row]).breaches
        assert (breach.employee, breach.rule) == (row[0], "row")

    def test_every_person_is_judged_by_their_own_limits(self):
        two = instance_of(person("Ada", max_run=1), person("Bob", max_run=2))
        rows = [(name, day, "E") for name in ("Ada", "Bob") for day in (0, 1)]
        assert [(b.employee, b.rule) for b in judge(two, rows).breaches] == [
            ("Ada", "maximum consecutive shifts")
        ]


class TestPenalty:
    def test_requests(self):
        one = instance_of(on=["Ada,0,E,3", "Ada,1,E,5", "Ada,2,E,7"], against=["Ada,0,E,11", "Ada,1,E,13"])
        found = judge(one, [("Ada", 0, "E"), ("Ada", 1, "L")])
        # E on day 0 as asked, L on day 1 in place of E, nothing on day 2; off asked from E on day 0 alone is not given
        assert (found.requests_on, found.requests_off, found.penalty) == (5 + 7, 11, 23)

    def test_cover(self):
        two = instance_of(person("Ada"), person("Bob"), cover=["0,E,1,100,3", "1,E,4,100,3", "2,L,2,50,9"])
        found = judge(
            two, [("Ada", 0, "E"), ("Bob", 0, "E"), ("Ada", 1, "E"), ("Ada", 2, "L"), ("Bob", 2, "L")]
        )
        # day 0 one beyond, day 1 three missing, day 2 as wanted
        assert (found.cover_under, found.cover_over, found.penalty) == (300, 3, 303)
        assert found.breaches == ()
