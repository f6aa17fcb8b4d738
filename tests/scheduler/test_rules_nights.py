"""Rules on nights by hand: at the limit and past it, nights when clocks change, edges of what is known."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from centre.instants import day_number, day_start
from centre.model import Contract, ShiftTemplate
from scheduler.rules.facts import Facts, Person
from scheduler.rules.night_average import NightAverage
from scheduler.rules.night_count import NightCount
from scheduler.rules.nights_in_a_row import NightsInARow
from scheduler.rules.no_night_work import NoNightWork
from scheduler.rules.primitives import ForbiddenTime, RestAfterNights
from scheduler.rules.rest_after_nights import RestAfterNightShifts

BERLIN = ZoneInfo("Europe/Berlin")
BAN = NoNightWork("s")
REST = RestAfterNightShifts(2760, "s")


def number(day):
    return day_number(date.fromisoformat(day))


def horizon(start, days=7, **more):
    return Facts(BERLIN, number(start), days, **more)


@pytest.fixture(name="berlin")
def berlin_fixture(local_shift, rota_of):
    """A rota of (agent, local start, elapsed minutes[, breaks]) in Berlin."""

    def berlin(*shifts):
        return rota_of([local_shift(BERLIN, *shift) for shift in shifts])

    return berlin


def nights(agent, month, *days, minutes=480):
    return [(agent, f"{month}-{day:02d}T22:00", minutes) for day in days]


class TestNoNightWork:
    @pytest.mark.parametrize(
        ("start", "minutes", "expected"),
        [
            ("2024-05-06T14:00", 480, []),
            ("2024-05-06T14:00", 481, [("a", 1, 0)]),
            ("2024-05-06T06:00", 480, []),
            ("2024-05-06T05:59", 480, [("a", 1, 0)]),
            ("2024-05-06T20:00", 660, [("a", 480, 0)]),
            ("2024-05-06T05:00", 1200, [("a", 180, 0)]),  # an hour of one night, three of the next
            # clocks go forward in the night: 22:00 to 06:00 is seven hours
            ("2024-03-30T21:00", 600, [("a", 420, 0)]),
            ("2024-10-26T21:00", 600, [("a", 540, 0)]),
            ("2023-12-31T23:59", 60, [("a", 60, 0)]),
            ("2024-02-29T21:00", 120, [("a", 60, 0)]),
        ],
    )
    def test_a_minute_of_the_night_is_too_much(self, berlin, breaches, start, minutes, expected):
        assert breaches(BAN, berlin(("a", start, minutes)), horizon(start[:10], 1)) == expected

    def test_a_break_in_the_night_is_presence(self, berlin, breaches):
        rota = berlin(("a", "2024-05-06T14:00", 500, [(480, 20, False, "meal")]))
        assert breaches(BAN, rota, horizon("2024-05-06")) == [("a", 20, 0)]

    def test_some_minutes_may_be_allowed(self, berlin, breaches):
        rota = berlin(("a", "2024-05-06T14:00", 510), ("b", "2024-05-06T14:00", 511))
        assert breaches(NoNightWork("s", 30), rota, horizon("2024-05-06")) == [("b", 31, 30)]

    def test_work_before_and_after_the_horizon_is_not_judged(self, berlin, breaches):
        rota = berlin(*nights("a", "2024-05", 5, 8))
        assert breaches(BAN, rota, horizon("2024-05-06", 2, before=rota)) == []

    def test_a_solver_hears_of_the_night_before_the_first_day(self):
        first = next(iter(BAN.lines(Person("a"), horizon("2024-05-06"))))
        midnight = day_start(BERLIN, number("2024-05-06"))
        assert first == ForbiddenTime(midnight - 120, midnight + 360)


class TestNightCount:
    def test_two_nights_a_week_and_one_more(self, berlin, breaches):
        rota = berlin(*nights("a", "2024-05", 6, 8), *nights("b", "2024-05", 6, 8, 12))
        assert breaches(NightCount(2, "s"), rota, horizon("2024-05-06")) == [("b", 3, 2)]

    @pytest.mark.parametrize(
        ("start", "minutes", "counts"),
        [
            ("2024-05-06T17:00", 540, True),  # to 02:00
            ("2024-05-06T17:00", 539, False),
            ("2024-03-30T17:00", 540, True),  # three hours of elapsed time, whatever the clocks do
            ("2024-03-30T17:00", 539, False),
            ("2024-03-31T03:00", 300, True),
            ("2024-03-31T03:01", 300, False),
            ("2024-03-31T01:01", 240, True),  # 59 minutes to the hour that is skipped, three hours after it
            ("2024-10-27T03:00", 300, True),
            ("2024-10-27T03:01", 300, False),
        ],
    )
    def test_what_a_night_shift_is(self, berlin, breaches, start, minutes, counts):
        rota = berlin(("a", start, minutes))
        assert bool(breaches(NightCount(0, "s"), rota, horizon(start[:10], 1))) == counts

    @pytest.mark.parametrize(("minutes", "expected"), [(540, [("a", 1, 0)]), (539, [])])
    def test_a_night_may_begin_at_midnight(self, berlin, breaches, minutes, expected):
        rule = NightCount(0, "s", night_from=0, night_to=300)
        rota = berlin(("a", "2024-05-06T18:00", minutes))  # to 03:00 of the next day
        assert breaches(rule, rota, horizon("2024-05-06", 1)) == expected

    def test_weeks_roll_and_what_was_worked_before_counts(self, berlin, breaches):
        before = berlin(*nights("a", "2024-04", 29, 30))
        rota = berlin(*nights("a", "2024-05", 6, 7), *nights("b", "2024-05", 6, 7, 8))
        rule, facts = NightCount(3, "s", weeks=2), horizon("2024-05-06", before=before)
        assert breaches(rule, rota, facts) == [("a", 4, 3)]

    def test_months_and_years_end_at_midnight_of_their_last_day(self, berlin, breaches):
        rota = berlin(*nights("a", "2024-02", 28, 29), *nights("a", "2024-03", 1))
        facts = horizon("2024-02-26")
        assert breaches(NightCount(1, "s", "month"), rota, facts) == [("a", 2, 1)]
        assert breaches(NightCount(2, "s", "month"), rota, facts) == []
        assert breaches(NightCount(2, "s", "year"), rota, facts) == [("a", 3, 2)]
        turn = berlin(*nights("a", "2024-12", 30, 31), *nights("a", "2025-01", 1))
        assert breaches(NightCount(2, "s", "year"), turn, horizon("2024-12-30")) == []

    def test_a_period_that_reaches_before_the_known_days_is_not_checked(self, berlin, breaches, not_checked):
        rota = berlin(*nights("a", "2024-05", 8), *nights("c", "2024-05", 8), ("b", "2024-05-08T08:00", 60))
        since = number("2024-05-08")
        facts = horizon("2024-05-08", people={"c": Person("c", starts_on=since)})
        rule = NightCount(1, "s")
        assert breaches(rule, rota, facts) == []
        (sentence,) = not_checked(rule, rota, facts)
        assert "1 person:" in sentence  # b works no night, c was not employed before
        assert not_checked(rule, rota, horizon("2024-05-06")) == []

    def test_too_many_before_the_horizon_alone_are_no_finding(self, berlin, breaches):
        before = berlin(*nights("a", "2024-05", 6, 7, 8))
        rota = berlin(("a", "2024-05-10T08:00", 60))
        assert breaches(NightCount(2, "s"), rota, horizon("2024-05-09", 4, before=before)) == []

    def test_nobody_and_nothing(self, rota_of, breaches, not_checked):
        rules = NightCount(2, "s"), NightsInARow(2, "s"), REST, NightAverage("s", 4), BAN
        for rule in rules:
            assert breaches(rule, rota_of([]), horizon("2024-05-06")) == []
            assert not_checked(rule, rota_of([]), horizon("2024-05-06")) == []


class TestNightsInARow:
    def test_three_nights_and_a_fourth(self, berlin, breaches):
        rota = berlin(*nights("a", "2024-05", 6, 7, 8, 10), *nights("b", "2024-05", 6, 7, 8, 9))
        assert breaches(NightsInARow(3, "s"), rota, horizon("2024-05-06")) == [("b", 4, 3)]

    def test_a_run_over_the_leap_day_and_into_the_horizon(self, berlin, breaches):
        before = berlin(*nights("员工7", "2024-02", 27, 28))
        rota = berlin(*nights("员工7", "2024-02", 29), *nights("员工7", "2024-03", 1))
        facts = horizon("2024-02-29", before=before)
        assert breaches(NightsInARow(3, "s"), rota, facts) == [("员工7", 4, 3)]

    def test_a_day_shift_between_ends_the_row(self, berlin, breaches):
        rota = berlin(*nights("a", "2024-05", 6), ("a", "2024-05-07T14:00", 300), *nights("a", "2024-05", 8))
        assert breaches(NightsInARow(1, "s"), rota, horizon("2024-05-06")) == []

    def test_a_row_from_the_first_known_day_is_not_checked(self, berlin, not_checked):
        rota = berlin(*nights("a", "2024-05", 6, 7), *nights("b", "2024-05", 7, 8))
        (sentence,) = not_checked(NightsInARow(2, "s"), rota, horizon("2024-05-06"))
        assert "1 person:" in sentence


class TestRestAfterNights:
    @pytest.mark.parametrize(
        ("month", "last", "start", "expected"),
        [
            ("2024-05", 7, "2024-05-10T04:00", []),
            ("2024-05", 7, "2024-05-10T03:59", [("a", 2759, 2760)]),
            # the last night ends at 07:00 summer time, six hours of wall clock are five
            ("2024-03", 30, "2024-04-02T05:00", []),
            ("2024-03", 30, "2024-04-02T04:59", [("a", 2759, 2760)]),
            ("2024-10", 26, "2024-10-29T03:00", []),
            ("2024-10", 26, "2024-10-29T02:59", [("a", 2759, 2760)]),
            ("2024-12", 31, "2025-01-03T03:59", [("a", 2759, 2760)]),
        ],
    )
    def test_46_hours_after_two_nights(self, berlin, breaches, month, last, start, expected):
        rota = berlin(*nights("a", month, last - 1, last), ("a", start, 480))
        assert breaches(REST, rota, horizon(f"{month}-{last - 1:02d}")) == expected

    def test_one_night_asks_for_none_and_the_next_night_may_follow(self, berlin, breaches):
        rota = berlin(
            *nights("a", "2024-05", 6), ("a", "2024-05-07T14:00", 300), *nights("b", "2024-05", 6, 7, 8)
        )
        assert breaches(REST, rota, horizon("2024-05-06")) == []

    def test_a_new_row_waits_too(self, berlin, breaches):
        rota = berlin(*nights("a", "2024-05", 6, 7, 9))
        assert breaches(REST, rota, horizon("2024-05-06")) == [("a", 2400, 2760)]

    def test_nights_before_the_horizon_count(self, berlin, breaches, not_checked):
        before = berlin(*nights("a", "2024-05", 4, 5), ("b", "2024-05-05T08:00", 60))
        rota = berlin(("a", "2024-05-07T12:00", 60), ("b", "2024-05-07T12:00", 60))
        facts = horizon("2024-05-06", before=before)
        assert breaches(REST, rota, facts) == [("a", 1800, 2760)]
        assert not_checked(REST, rota, facts) == []

    def test_what_may_lie_before_the_known_days_is_not_checked(self, berlin, breaches, not_checked):
        rota = berlin(
            *nights("a", "2024-05", 6), ("a", "2024-05-07T14:00", 300),  # was it the second night?
            ("b", "2024-05-08T12:00", 60),
            ("c", "2024-05-09T22:00", 60),
        )  # fmt: skip
        facts = horizon("2024-05-06")
        assert breaches(REST, rota, facts) == []
        (sentence,) = not_checked(REST, rota, facts)
        assert "2 people" in sentence

    def test_a_row_from_the_first_known_day_may_be_longer(self, berlin, breaches, not_checked):
        before = berlin(*nights("a", "2024-05", 5), ("b", "2024-05-05T08:00", 60))
        rota = berlin(
            *nights("a", "2024-05", 6), ("a", "2024-05-07T14:00", 300), *nights("b", "2024-05", 6, 7)
        )
        facts, rule = horizon("2024-05-06", before=before), RestAfterNightShifts(2760, "s", 3)
        assert breaches(rule, rota, facts) == []
        (sentence,) = not_checked(rule, rota, facts)
        assert "1 person:" in sentence

    def test_what_a_solver_is_told_of_nights_before(self, berlin):
        facts = horizon(
            "2024-05-08", before=berlin(*nights("a", "2024-05", 6, 7), *nights("b", "2024-05", 5, 6))
        )
        ended = day_start(BERLIN, number("2024-05-07")) + 360
        (own,) = REST.lines(Person("a"), facts)
        assert isinstance(own, RestAfterNights)
        assert (own.run, own.minutes, own.carried, own.last_end) == (2, 2760, 2, ended + 1440)
        (single,) = REST.lines(Person("c"), horizon("2024-05-08", before=berlin(*nights("c", "2024-05", 6))))
        assert single.carried == 0
        forbidden, other = REST.lines(Person("b"), facts)
        assert forbidden == ForbiddenTime(ended, ended + 2760)
        assert other.carried == 0


class TestNightAverage:
    def test_at_the_limit_and_a_minute_over(self, berlin, breaches):
        rule = NightAverage("s", 1, 480)  # six days of eight hours
        five = [(who, f"2024-05-{d:02d}T06:00", 480) for who in "abc" for d in range(6, 11)]
        last = [
            ("a", "2024-05-11T22:00", 480),
            ("b", "2024-05-11T22:00", 481),
            ("c", "2024-05-11T06:00", 600),
        ]
        assert breaches(rule, berlin(*five, *last), horizon("2024-05-06")) == [("b", 2881, 2880)]

    def test_who_a_night_worker_is_can_be_set(self, berlin, breaches):
        rota = berlin(*nights("a", "2024-05", 6, 7, minutes=600), ("b", "2024-05-06T06:00", 1000))
        facts = horizon("2024-05-06")
        assert breaches(NightAverage("s", 1, 100, 3), rota, facts) == []
        assert breaches(NightAverage("s", 1, 100, 2), rota, facts) == [("a", 1200, 600)]
        assert breaches(NightAverage("s", 1, 100, 0), rota, facts) == [("a", 1200, 600), ("b", 1000, 600)]

    def test_leave_lowers_what_is_allowed(self, berlin, breaches):
        rota = berlin(*nights("a", "2024-05", 6, 7, minutes=600))
        midnight = day_start(BERLIN, number("2024-05-09"))
        people = {"a": Person("a", starts_on=0, leave=((midnight, midnight + 1440),))}
        facts = horizon("2024-05-06", people=people)
        assert breaches(NightAverage("s", 1, 233), rota, facts) == [("a", 1200, 1198)]
        assert breaches(NightAverage("s", 1, 234), rota, facts) == []

    def test_a_reference_period_known_in_part_is_not_checked(self, berlin, not_checked):
        rota = berlin(*nights("a", "2024-05", 6), ("b", "2024-05-06T06:00", 60))
        (sentence,) = not_checked(NightAverage("s", 2), rota, horizon("2024-05-06"))
        assert "2 people" in sentence
        assert not_checked(NightAverage("s", 1), rota, horizon("2024-05-06")) == []

    def test_a_solver_hears_only_of_people_who_may_become_night_workers(self, berlin):
        day, night = ShiftTemplate("day", 480, 480, 540), ShiftTemplate("night", 1320, 1320, 540)
        templates = {"day": day, "night": night}
        facts = horizon("2024-05-06", templates=templates)
        days, both = (Contract("c", 0, 2400, 0, 5, names) for names in (("day",), ("day", "night")))
        rule = NightAverage("s", 1, 300)
        assert list(rule.lines(Person("a", days), facts)) == []
        assert len(list(rule.lines(Person("a", both), facts))) == 1
        assert len(list(rule.lines(Person("a"), facts))) == 1
        assert list(NightAverage("s", 1, 300, 8).lines(Person("a", both), facts)) == []
