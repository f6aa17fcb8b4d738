"""Rules on what a day looks like inside, by hand: span, parts, work in a row, when meals begin."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from centre.instants import day_number
from centre.model import Break, ShiftTemplate
from scheduler.rules.daily_span import DailySpan
from scheduler.rules.facts import Facts, Person
from scheduler.rules.meal_timing import MealTiming
from scheduler.rules.primitives import AllowedShifts, ShiftLength
from scheduler.rules.primitives import UnbrokenWork as LongestWork
from scheduler.rules.split_shifts import SplitShifts
from scheduler.rules.unbroken_work import UnbrokenWork

BERLIN = ZoneInfo("Europe/Berlin")
DAY = "2024-05-06"


def horizon(start=DAY, days=7, **more):
    return Facts(BERLIN, day_number(date.fromisoformat(start)), days, **more)


@pytest.fixture(name="berlin")
def berlin_fixture(local_shift, rota_of):
    """A rota of (agent, local start, elapsed minutes, breaks, name, day) in Berlin."""

    def berlin(*shifts):
        return rota_of([local_shift(BERLIN, *shift) for shift in shifts])

    return berlin


class TestDailySpan:
    RULE = DailySpan(720, "s. 56")

    @pytest.mark.parametrize(("last", "expected"), [(240, []), (241, [("a", 721, 720)])])
    def test_parts_four_hours_apart_make_one_span(self, berlin, breaches, last, expected):
        rota = berlin(("a", f"{DAY}T08:00", 240), ("a", f"{DAY}T16:00", last))
        assert breaches(self.RULE, rota, horizon()) == expected

    def test_parts_so_far_apart_that_they_are_two_shifts_are_one_span_still(self, berlin, breaches):
        rota = berlin(("a", f"{DAY}T08:00", 240), ("a", f"{DAY}T17:00", 181), ("b", f"{DAY}T08:00", 60))
        assert breaches(self.RULE, rota, horizon()) == [("a", 721, 720)]

    def test_a_night_shift_belongs_to_the_day_on_which_it_starts(self, berlin, breaches):
        nights = [("a", f"2024-05-0{d}T22:00", 480) for d in (6, 7, 8)]
        assert breaches(self.RULE, berlin(*nights), horizon()) == []
        assert breaches(DailySpan(479, "s"), berlin(*nights), horizon()) == [("a", 480, 479)] * 3

    def test_a_clock_change_between_parts_counts_as_it_lasts(self, berlin, breaches):
        parts = [("a", "2024-03-31T01:00", 30), ("a", "2024-03-31T04:00", 60)]  # 02:00 to 03:00 is skipped
        assert breaches(DailySpan(180, "s"), berlin(*parts), horizon("2024-03-31", 1)) == []
        assert breaches(DailySpan(179, "s"), berlin(*parts), horizon("2024-03-31", 1)) == [("a", 180, 179)]
        parts = [("a", "2024-10-27T01:00", 30), ("a", "2024-10-27T04:00", 60)]
        assert breaches(DailySpan(299, "s"), berlin(*parts), horizon("2024-10-27", 1)) == [("a", 300, 299)]

    @pytest.mark.parametrize("day", ["2024-02-29", "2024-12-31"])
    def test_leap_day_turn_of_the_year_and_days_outside_the_horizon(self, berlin, breaches, day):
        parts = [("a", f"{day}T08:00", 240), ("a", f"{day}T16:00", 241)]
        facts = horizon(day, 1)
        assert breaches(self.RULE, berlin(*parts), facts) == [("a", 721, 720)]
        assert breaches(self.RULE, berlin(*parts), replace(facts, first_day=facts.first_day + 1)) == []
        assert breaches(self.RULE, berlin(), facts) == []

    def test_the_sentence_and_the_line(self, berlin):
        rota = berlin(("员工7", f"{DAY}T08:00", 240), ("员工7", f"{DAY}T16:00", 241))
        (finding,) = self.RULE.violations(rota, horizon())
        assert finding.explanation == (
            "员工7 has a span of 721 min on 2024-05-06, from 2024-05-06 08:00 to 2024-05-06 20:01; "
            "at most 720 min are allowed."
        )
        assert (finding.end - finding.start, finding.short) == (721, 1)
        assert list(self.RULE.lines(Person("a"), horizon())) == [ShiftLength("elapsed_minutes", 720)]


class TestSplitShifts:
    TWO = SplitShifts("s", 2, 60, 240)

    def test_a_ban_of_split_shifts(self, berlin, breaches):
        rota = berlin(("a", f"{DAY}T08:00", 240), ("a", f"{DAY}T13:00", 240))
        assert breaches(SplitShifts("s"), rota, horizon()) == [("a", 2, 1)]
        near = berlin(("a", f"{DAY}T08:00", 241), ("a", f"{DAY}T13:00", 240))  # 59 min: one part
        assert breaches(SplitShifts("s"), near, horizon()) == []

    def test_a_break_that_is_told_splits_nothing(self, berlin, breaches):
        rota = berlin(("a", f"{DAY}T08:00", 600, ((240, 120, False, "meal"),)))
        assert breaches(SplitShifts("s"), rota, horizon()) == []

    @pytest.mark.parametrize(
        ("second", "expected"),
        [("16:00", []), ("16:01", [("a", 241, 240)]), ("12:59", []), ("18:00", [("a", 360, 240)])],
    )
    def test_parts_too_far_apart(self, berlin, breaches, second, expected):
        rota = berlin(("a", f"{DAY}T08:00", 240), ("a", f"{DAY}T{second}", 120))
        assert breaches(self.TWO, rota, horizon()) == expected

    def test_parts_too_near_and_too_many(self, berlin, breaches):
        rule = SplitShifts("s", 2, 90)
        rota = berlin(
            ("a", f"{DAY}T06:00", 60), ("a", f"{DAY}T08:29", 60), ("a", f"{DAY}T11:00", 60),
            ("b", f"{DAY}T06:00", 60), ("b", f"{DAY}T08:30", 60),
        )  # fmt: skip
        assert breaches(rule, rota, horizon()) == [("a", 3, 2), ("a", 89, 90)]

    def test_a_call_out_is_no_part(self, breaches, local_shift, rota_of):
        called = local_shift(BERLIN, "a", f"{DAY}T20:00", 60)
        rows = [(*row[:4], "call_out", *row[5:]) for row in called.rows()]
        shift = local_shift(BERLIN, "a", f"{DAY}T08:00", 480)
        assert breaches(SplitShifts("s"), rota_of([shift], rows), horizon()) == []
        assert breaches(SplitShifts("s"), rota_of([shift, called]), horizon()) == [("a", 2, 1)]

    def test_two_nights_are_two_days(self, berlin, breaches):
        rota = berlin(("a", f"{DAY}T22:00", 240), ("a", "2024-05-07T04:00", 120), ("b", f"{DAY}T06:00", 60))
        assert breaches(SplitShifts("s"), rota, horizon()) == []

    @pytest.mark.parametrize(("night", "found"), [("2024-03-31", 119), ("2024-10-27", 239)])
    def test_the_time_between_is_elapsed_when_clocks_change(self, berlin, breaches, night, found):
        rota = berlin(("a", f"{night}T00:01", 60), ("a", f"{night}T04:00", 60))
        assert breaches(SplitShifts("s", 2, found), rota, horizon(night, 1)) == []
        assert breaches(SplitShifts("s", 2, found + 1), rota, horizon(night, 1)) == [("a", found, found + 1)]

    @pytest.mark.parametrize("day", ["2024-02-29", "2024-12-31"])
    def test_leap_day_turn_of_the_year_and_edge(self, berlin, breaches, day):
        rota = berlin(("a", f"{day}T08:00", 60), ("a", f"{day}T12:00", 60))
        assert breaches(SplitShifts("s"), rota, horizon(day, 1)) == [("a", 2, 1)]
        assert breaches(SplitShifts("s"), rota, horizon("2024-05-06", 1)) == []
        assert breaches(SplitShifts("s"), berlin(), horizon(day, 1)) == []

    def test_the_sentences_and_no_line(self, berlin):
        rota = berlin(("员工7", f"{DAY}T08:00", 240), ("员工7", f"{DAY}T16:01", 60))
        (parts,) = SplitShifts("s").violations(rota, horizon())
        assert parts.explanation == "员工7 works 2 parts on 2024-05-06; at most 1 are allowed."
        (between,) = self.TWO.violations(rota, horizon())
        assert between.explanation == (
            "员工7 has 241 min between the parts of 2024-05-06, from 2024-05-06 12:00 to 2024-05-06 16:01; "
            "at most 240 min are asked for."
        )
        assert list(self.TWO.lines(Person("a"), horizon())) == []


class TestUnbrokenWork:
    RULE = UnbrokenWork(360, "§ 4")

    @pytest.mark.parametrize(
        ("minutes", "breaks", "expected"),
        [
            (360, [], []),
            (361, [], [("a", 361, 360)]),
            (540, [(180, 14, True, "break")], [("a", 540, 360)]),  # too short to be a pause
            (540, [(180, 15, True, "break")], []),
            (735, [(360, 15, False, "meal")], []),
            (736, [(360, 15, False, "meal")], [("a", 361, 360)]),
            (737, [(361, 15, False, "meal")], [("a", 361, 360), ("a", 361, 360)]),
            (721, [(350, 10, True, "break"), (360, 15, True, "break")], []),
        ],
    )
    def test_six_hours_in_a_row(self, berlin, breaches, minutes, breaks, expected):
        rota = berlin(("a", f"{DAY}T08:00", minutes, breaks), ("b", f"{DAY}T08:00", 60))
        assert breaches(self.RULE, rota, horizon()) == expected

    def test_a_gap_of_an_hour_ends_a_stretch_and_a_shorter_one_does_not(self, berlin, breaches):
        apart = berlin(("a", f"{DAY}T08:00", 240), ("a", f"{DAY}T13:00", 240))
        near = berlin(("a", f"{DAY}T08:00", 240), ("a", f"{DAY}T12:59", 240))
        assert breaches(self.RULE, apart, horizon()) == []
        assert breaches(self.RULE, near, horizon()) == [("a", 539, 360)]
        assert breaches(UnbrokenWork(360, "s", gap_minutes=0), apart, horizon()) == [("a", 540, 360)]

    def test_one_shift_ends_where_the_next_begins_and_leave_is_no_work(
        self, berlin, breaches, local_shift, rota_of
    ):
        rota = berlin(("a", f"{DAY}T20:00", 240), ("a", "2024-05-07T00:00", 240))
        assert breaches(self.RULE, rota, horizon()) == []
        away = local_shift(BERLIN, "a", f"{DAY}T12:00", 240)
        rows = [(*row[:4], "leave:annual", *row[5:]) for row in away.rows()]
        assert (
            breaches(self.RULE, rota_of([local_shift(BERLIN, "a", f"{DAY}T08:00", 240)], rows), horizon())
            == []
        )
        assert breaches(self.RULE, berlin(), horizon()) == []

    @pytest.mark.parametrize(("night", "clock"), [("2024-03-31", "05:00"), ("2024-10-27", "03:00")])
    def test_nights_on_which_clocks_change(self, berlin, breaches, night, clock):
        # From 22:00 the evening before: 360 min end at 05:00 in spring, at 03:00 in autumn.
        start = f"{date.fromordinal(date.fromisoformat(night).toordinal() - 1)}T22:00"
        facts = horizon(start[:10], 1)
        (finding,) = self.RULE.violations(berlin(("a", start, 361)), facts)
        assert f"to {night} {clock[:-1]}1 " in finding.explanation
        assert breaches(self.RULE, berlin(("a", start, 360)), facts) == []

    @pytest.mark.parametrize("day", ["2024-02-29", "2024-12-31"])
    def test_leap_day_turn_of_the_year_and_edge(self, berlin, breaches, day):
        rota = berlin(("a", f"{day}T20:00", 361))
        assert breaches(self.RULE, rota, horizon(day, 1)) == [("a", 361, 360)]
        assert breaches(self.RULE, rota, horizon(DAY, 1)) == []

    def test_the_sentence_and_the_line(self, berlin):
        (finding,) = self.RULE.violations(berlin(("员工7", f"{DAY}T08:00", 361)), horizon())
        assert finding.explanation == (
            "员工7 works 361 min in a row from 2024-05-06 08:00 to 2024-05-06 14:01 "
            "without a pause of 15 min; at most 360 min are allowed."
        )
        assert list(self.RULE.lines(Person("a"), horizon())) == [LongestWork(360, 15)]


class TestMealTiming:
    FIRST, SECOND = MealTiming("§ 512"), MealTiming("§ 512", 600, 600, nth=2, waiver_minutes=720)

    @pytest.mark.parametrize(
        ("minutes", "breaks", "expected"),
        [
            (300, [], []),
            (480, [(300, 30, False, "meal")], []),
            (480, [(301, 30, False, "meal")], [("a", 301, 300)]),
            (480, [(300, 29, False, "meal")], [("a", 0, 30)]),
            (480, [(200, 30, True, "break")], [("a", 0, 30)]),
            (480, [(200, 30, True, "meal"), (400, 30, True, "meal")], []),
        ],
    )
    def test_the_first_meal(self, berlin, breaches, minutes, breaks, expected):
        facts = horizon(people={"a": Person("a"), "b": Person("b")})
        rota = berlin(("a", f"{DAY}T08:00", minutes, breaks), ("b", f"{DAY}T08:00", 300))
        assert breaches(self.FIRST, rota, facts) == expected

    @pytest.mark.parametrize(
        ("minutes", "second", "expected"),
        [(660, None, []), (661, None, [("a", 0, 30)]), (691, 600, []), (691, 601, [("a", 601, 600)])],
    )
    def test_the_second_meal_over_ten_hours_of_work(self, berlin, breaches, minutes, second, expected):
        breaks = [(200, 60, False, "meal"), *([(second, 30, False, "meal")] if second else [])]
        facts = horizon(people={"a": Person("a")})
        assert breaches(self.SECOND, berlin(("a", f"{DAY}T08:00", minutes, breaks)), facts) == expected

    def test_a_waiver_holds_for_short_shifts_alone(self, berlin, breaches):
        people = {"a": Person("a", opt_outs=frozenset({"meal-timing"})), "b": Person("b")}
        rota = berlin(*((who, f"2024-05-0{d}T08:00", m) for who in "ab" for d, m in ((6, 360), (7, 361))))
        assert breaches(self.FIRST, rota, horizon(people=people)) == [
            ("a", 0, 30),
            ("b", 0, 30),
            ("b", 0, 30),
        ]
        strict = MealTiming("s", waiver_minutes=0)
        assert len(breaches(strict, rota, horizon(people=people))) == 4

    def test_without_people_a_short_shift_is_not_checked(self, berlin, breaches, not_checked):
        rota = berlin(*(("a", f"2024-05-0{d}T08:00", m) for d, m in ((6, 360), (7, 361), (8, 355))))
        assert breaches(self.FIRST, rota, horizon()) == [("a", 0, 30)]
        (sentence,) = not_checked(self.FIRST, rota, horizon())
        assert sentence.startswith("Not checked for 1 person: ")
        assert not_checked(self.FIRST, berlin(("a", f"{DAY}T08:00", 300)), horizon()) == []
        assert list(self.FIRST.violations(berlin(), horizon())) == []

    @pytest.mark.parametrize("night", ["2024-03-30", "2024-10-26", "2024-02-29", "2024-12-31"])
    def test_five_hours_are_elapsed_time(self, berlin, breaches, night):
        facts = horizon(night, 1, people={"a": Person("a")})
        for offset, expected in ((300, []), (301, [("a", 301, 300)])):
            rota = berlin(("a", f"{night}T22:00", 480, [(offset, 30, False, "meal")]))
            assert breaches(self.FIRST, rota, facts) == expected
            assert breaches(self.FIRST, rota, horizon(DAY, 1, people={"a": Person("a")})) == []

    def test_the_sentences(self, berlin):
        facts = horizon(people={"员工7": Person("员工7")})
        (late,) = self.FIRST.violations(
            berlin(("员工7", f"{DAY}T08:00", 480, [(301, 30, False, "meal")])), facts
        )
        assert late.explanation == (
            "员工7 works 450 min in the shift from 2024-05-06 08:00; meal 1 of 30 min begins 301 min after the "
            "start, it must begin within 300 min."
        )
        (missing,) = self.FIRST.violations(berlin(("员工7", f"{DAY}T08:00", 480)), facts)
        assert "meal 1 of 30 min is missing" in missing.explanation
        assert (missing.found, missing.limit, missing.short) == (0, 30, 30)

    def test_what_a_solver_is_told(self):
        def template(name, minutes, *meals):
            return ShiftTemplate(name, 480, 480, minutes, breaks=tuple(meals))

        meal, wide = Break(30, 240, 300, False, "meal"), Break(30, 240, 301, False, "meal")
        templates = {
            t.name: t
            for t in (
                template("short", 300),
                template("six", 360),
                template("kept", 480, meal),
                template("wide", 480, wide),
                template("break", 480, Break(30, 240, 300)),
                template("two", 720, meal, Break(30, 560, 600, False, "meal")),
            )
        }
        waived = Person("a", opt_outs=frozenset({"meal-timing"}))
        known = horizon(templates=templates)
        assert list(self.FIRST.lines(Person("a"), known)) == [
            AllowedShifts(frozenset({"short", "kept", "two"}))
        ]
        assert list(self.FIRST.lines(waived, known)) == [
            AllowedShifts(frozenset({"short", "six", "kept", "two"}))
        ]
        assert list(self.SECOND.lines(Person("a"), known)) == []
        assert list(self.FIRST.lines(waived, horizon())) == [ShiftLength("worked_minutes", 360)]
        assert list(self.FIRST.lines(Person("a"), horizon())) == [ShiftLength("worked_minutes", 300)]
