"""Rest rules by hand: at the limit, a minute under, when clocks change, at the horizon's edge."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from centre.instants import day_number
from scheduler.rules.days_in_a_row import DaysInARow
from scheduler.rules.facts import Facts, Person
from scheduler.rules.rest_between_shifts import RestBetweenShifts
from scheduler.rules.rest_in_any_window import RestInAnyWindow
from scheduler.rules.weekly_day_off import WeeklyDayOff
from scheduler.rules.weekly_rest import WeeklyRest

BERLIN = ZoneInfo("Europe/Berlin")
ELEVEN_HOURS = RestBetweenShifts(660, "art. 3")
WEEKLY = WeeklyRest(2100, "art. 5")


def horizon(start, days=7, **more):
    return Facts(BERLIN, day_number(date.fromisoformat(start)), days, **more)


@pytest.fixture(name="berlin")
def berlin_fixture(local_shift, rota_of):
    """A rota of (agent, local start, elapsed minutes) in Berlin."""

    def berlin(*shifts):
        return rota_of([local_shift(BERLIN, *shift) for shift in shifts])

    return berlin


class TestRestBetweenShifts:
    @pytest.mark.parametrize(("start", "expected"), [("09:00", []), ("08:59", [("a", 659, 660)])])
    def test_eleven_hours_are_enough_and_a_minute_less_is_not(self, berlin, breaches, start, expected):
        rota = berlin(("a", "2024-05-06T14:00", 480), ("a", f"2024-05-07T{start}", 480))
        assert breaches(ELEVEN_HOURS, rota, horizon("2024-05-06")) == expected

    @pytest.mark.parametrize(
        ("night", "start", "expected"),
        [
            # 22:00 to 09:00 is 10 h when clocks go forward at 02:00, 12 h when they go back at 03:00.
            ("2024-03-30", "2024-03-31T09:00", [("a", 600, 660)]),
            ("2024-03-30", "2024-03-31T10:00", []),
            ("2024-10-26", "2024-10-27T08:00", []),
            ("2024-10-26", "2024-10-27T07:59", [("a", 659, 660)]),
        ],
    )
    def test_rest_is_elapsed_time_on_nights_when_clocks_change(
        self, berlin, breaches, night, start, expected
    ):
        rota = berlin(("a", f"{night}T14:00", 480), ("a", start, 60))
        assert breaches(ELEVEN_HOURS, rota, horizon(night, 2)) == expected

    def test_the_rest_of_one_person_is_not_the_next_ones(self, berlin, breaches):
        rota = berlin(("a", "2024-05-06T14:00", 480), ("b", "2024-05-07T06:00", 480))
        assert breaches(ELEVEN_HOURS, rota, horizon("2024-05-06")) == []

    def test_a_shift_before_the_horizon_counts(self, berlin, breaches, not_checked):
        before = berlin(("a", "2024-05-05T15:00", 480), ("b", "2024-05-05T06:00", 480))
        rota = berlin(("a", "2024-05-06T09:59", 60), ("b", "2024-05-06T06:00", 480))
        facts = horizon("2024-05-06", before=before)
        assert breaches(ELEVEN_HOURS, rota, facts) == [("a", 659, 660)]
        assert not_checked(ELEVEN_HOURS, rota, facts) == []

    def test_breaks_of_rest_before_the_horizon_are_not_told_again(self, berlin, breaches):
        before = berlin(("a", "2024-05-03T15:00", 480), ("a", "2024-05-04T06:00", 480))
        rota = berlin(("a", "2024-05-06T09:00", 60))
        assert breaches(ELEVEN_HOURS, rota, horizon("2024-05-06", before=before)) == []

    def test_without_what_came_before_first_shifts_are_not_checked_in_one_finding(self, berlin, not_checked):
        rota = berlin(
            ("a", "2024-05-06T08:00", 480), ("b", "2024-05-07T10:59", 60), ("c", "2024-05-07T11:00", 60)
        )
        (sentence,) = not_checked(ELEVEN_HOURS, rota, horizon("2024-05-06"))
        assert "2 people" in sentence  # c had 11 h after the longest shift that could begin the day before

    def test_whoever_starts_with_the_horizon_has_nothing_before(self, berlin, not_checked):
        people = {"a": Person("a", starts_on=day_number(date(2024, 5, 6)))}
        rota = berlin(("a", "2024-05-06T08:00", 480))
        assert not_checked(ELEVEN_HOURS, rota, horizon("2024-05-06", people=people)) == []

    def test_overlapping_shifts_leave_no_rest(self, berlin, breaches):
        rota = berlin(("a", "2024-05-06T20:00", 600), ("a", "2024-05-07T05:00", 60))
        assert breaches(ELEVEN_HOURS, rota, horizon("2024-05-06")) == [("a", 0, 660)]

    def test_a_second_shift_of_the_same_day_is_seen(self, berlin, breaches):
        rota = berlin(("a", "2024-05-06T06:00", 240), ("a", "2024-05-06T20:59", 120))
        assert breaches(ELEVEN_HOURS, rota, horizon("2024-05-06")) == [("a", 659, 660)]

    def test_the_sentence_tells_local_times_and_minutes(self, berlin):
        rota = berlin(("员工7", "2024-05-06T14:00", 480), ("员工7", "2024-05-07T08:59", 480))
        (finding,) = (
            v for v in ELEVEN_HOURS.violations(rota, horizon("2024-05-06")) if v.verdict == "breach"
        )
        assert finding.explanation == (
            "员工7 rested 659 min from 2024-05-06 22:00 to 2024-05-07 08:59; "
            "at least 660 min are required between shifts."
        )
        assert (finding.end - finding.start, finding.unit, finding.source) == (659, "minutes", "art. 3")


class TestWeeklyRest:
    def six_shifts(self, first, last):
        """Monday to Saturday; the rest of the week is from Saturday's end to the week's end."""
        days = [f"2024-05-{6 + k:02d}T08:00" for k in range(5)]
        return [("a", day, 480) for day in days] + [("a", f"2024-05-11T{first}", last)]

    @pytest.mark.parametrize(("minutes", "expected"), [(300, []), (301, [("a", 2099, 2100)])])
    def test_35_hours_to_the_end_of_the_week(self, berlin, breaches, minutes, expected):
        rota = berlin(*self.six_shifts("08:00", minutes))  # ends 13:00; 11 h of Saturday and 24 h of Sunday
        assert breaches(WEEKLY, rota, horizon("2024-05-06")) == expected

    @pytest.mark.parametrize(
        ("week", "minutes", "expected"),
        [
            ("2024-03-25", 240, []),  # the Sunday has 23 h: Saturday must end at 12:00
            ("2024-03-25", 241, [("a", 2099, 2100)]),
            ("2024-10-21", 360, []),  # the Sunday has 25 h: Saturday may end at 14:00
            ("2024-10-21", 361, [("a", 2099, 2100)]),
        ],
    )
    def test_sundays_on_which_clocks_change(self, berlin, breaches, week, minutes, expected):
        monday = date.fromisoformat(week)
        days = [date.fromordinal(monday.toordinal() + k).isoformat() for k in range(6)]
        rota = berlin(*(("a", f"{d}T08:00", 480) for d in days[:5]), ("a", f"{days[5]}T08:00", minutes))
        assert breaches(WEEKLY, rota, horizon(week)) == expected

    def test_a_rest_over_the_end_of_the_week_counts_in_each_week_with_its_part(self, berlin, breaches):
        two_weeks = horizon("2024-05-06", 14)
        days = [*range(6, 12), *range(14, 20)]  # free from Saturday 22:00 to Tuesday 08:00
        rota = berlin(*(("a", f"2024-05-{d:02d}T{'14' if d == 11 else '08'}:00", 480) for d in days))
        # week one: 2 h of Saturday and Sunday; week two: Monday and 8 h of Tuesday
        assert breaches(WEEKLY, rota, two_weeks) == [("a", 1560, 2100), ("a", 1920, 2100)]

    def test_a_week_from_its_start_needs_nothing_before(self, berlin, not_checked):
        rota = berlin(*self.six_shifts("08:00", 300))
        assert not_checked(WEEKLY, rota, horizon("2024-05-06")) == []

    def test_a_week_that_reaches_outside_the_known_days_is_open(self, berlin, breaches, not_checked):
        rota = berlin(
            *self.six_shifts("08:00", 480)[3:]
        )  # Thursday to Saturday, nothing known before or after
        facts = horizon("2024-05-09", 3)
        assert breaches(WEEKLY, rota, facts) == []
        (sentence,) = not_checked(WEEKLY, rota, facts)
        assert sentence.startswith("Not checked for 1 person: ")

    def test_a_person_in_doubt_in_two_weeks_counts_once(self, berlin, not_checked):
        days = [*range(9, 13), *range(13, 16)]  # Thursday to Wednesday: neither week is known whole
        rota = berlin(*(("a", f"2024-05-{d:02d}T08:00", 480) for d in days))
        for rule in (WEEKLY, WeeklyDayOff("s")):
            (sentence,) = not_checked(rule, rota, horizon("2024-05-09", 7))
            assert sentence.startswith("Not checked for 1 person: ")

    def test_what_came_before_completes_the_week(self, berlin, breaches):
        week = self.six_shifts("08:00", 301)
        facts = horizon("2024-05-09", 4, before=berlin(*week[:3]))
        assert breaches(WEEKLY, berlin(*week[3:]), facts) == [("a", 2099, 2100)]

    def test_the_week_begins_where_the_centre_says(self, berlin, breaches):
        rota = berlin(*self.six_shifts("08:00", 301))
        sunday_first = horizon(
            "2024-05-05", 7, week_start=6
        )  # Sunday to Saturday: Sunday and 8 h of Monday are free
        assert breaches(WEEKLY, rota, sunday_first) == [("a", 1920, 2100)]


class TestWeeklyDayOff:
    def test_work_on_all_days_of_a_week_leaves_neither_day_nor_rest(self, berlin, breaches):
        rota = berlin(*(("a", f"2024-05-{d:02d}T08:00", 480) for d in range(6, 13)))
        assert breaches(WeeklyDayOff("s"), rota, horizon("2024-05-06")) == [("a", 960, 1440)]

    def test_seven_shifts_around_a_rest_of_24_hours_leave_no_day(self, berlin, breaches):
        starts = ["06T00:00", "07T08:00", "08T08:00", "09T08:00", "10T08:00", "11T08:00", "12T08:00"]
        rota = berlin(
            *(("a", f"2024-05-{start}", 480) for start in starts)
        )  # Monday 08:00 to Tuesday 08:00 is free
        assert breaches(WeeklyDayOff("s"), rota, horizon("2024-05-06")) == [("a", 0, 1)]

    @pytest.mark.parametrize(("minutes", "expected"), [(600, []), (601, [("a", 1439, 1440)])])
    def test_a_shift_into_the_only_day_off(self, berlin, breaches, minutes, expected):
        week = [("a", f"2024-05-{d:02d}T08:00", 480) for d in range(6, 11)]
        rota = berlin(*week, ("a", "2024-05-11T14:00", minutes))  # Friday 16:00 to Saturday 14:00 is 22 h
        assert breaches(WeeklyDayOff("s"), rota, horizon("2024-05-06")) == expected

    def test_days_off_may_be_asked_for_without_a_rest_in_a_row(self, berlin, breaches):
        week = [("a", f"2024-05-{d:02d}T08:00", 480) for d in range(6, 11)]
        rota = berlin(*week, ("a", "2024-05-11T14:00", 900))
        assert breaches(WeeklyDayOff("s", unbroken_minutes=0), rota, horizon("2024-05-06")) == []
        assert breaches(WeeklyDayOff("s", 2, 0), rota, horizon("2024-05-06")) == [("a", 1, 2)]

    def test_before_completes_the_week_and_without_it_the_week_is_open(self, berlin, breaches, not_checked):
        week = [("a", f"2024-05-{d:02d}T08:00", 480) for d in range(6, 13)]
        with_before = horizon("2024-05-09", 4, before=berlin(*week[:3]))
        assert breaches(WeeklyDayOff("s"), berlin(*week[3:]), with_before) == [("a", 960, 1440)]
        alone = horizon("2024-05-09", 4)
        assert breaches(WeeklyDayOff("s"), berlin(*week[3:]), alone) == []
        assert len(not_checked(WeeklyDayOff("s"), berlin(*week[3:]), alone)) == 1

    def test_a_short_look_back_is_no_proof(self, berlin, not_checked):
        week = [("a", f"2024-05-{d:02d}T08:00", 480) for d in range(6, 13)]
        known_from_tuesday = horizon("2024-05-09", 4, before=berlin(*week[1:3]))
        assert len(not_checked(WeeklyDayOff("s"), berlin(*week[3:]), known_from_tuesday)) == 1


class TestRestInAnyWindow:
    RULE = RestInAnyWindow("P12 (b)")

    def test_the_longest_stretch_without_eight_hours_of_rest(self, berlin, breaches):
        # A cycle is a day: 961 min of work, 479 of rest. 6 cycles and 961 min: 9601 > 10080 - 2 * 480.
        cycle = [("a", f"2024-05-{6 + k:02d}T08:00", 961) for k in range(7)]
        assert breaches(self.RULE, berlin(*cycle), horizon("2024-05-06", 8)) == [("a", 479, 480)]
        assert breaches(self.RULE, berlin(*cycle[:6]), horizon("2024-05-06", 8)) == []

    @pytest.mark.parametrize(("last", "expected"), [(480, []), (481, [("a", 479, 480)])])
    def test_window_less_twice_the_rest_is_the_limit(self, berlin, breaches, last, expected):
        # 6 days of 08:00 + 961 min, then a shift from 08:00: 6 * 1440 + 480 = 9120 = 10080 - 2 * 480.
        cycle = [("a", f"2024-05-{6 + k:02d}T08:00", 961) for k in range(6)]
        rota = berlin(*cycle, ("a", "2024-05-12T08:00", last))
        assert breaches(self.RULE, rota, horizon("2024-05-06", 8)) == expected

    def test_the_stretch_began_before_the_horizon(self, berlin, breaches, not_checked):
        cycle = [("a", f"2024-05-{6 + k:02d}T08:00", 961) for k in range(7)]
        facts = horizon("2024-05-10", 4, before=berlin(("a", "2024-05-04T08:00", 60), *cycle[:4]))
        assert breaches(self.RULE, berlin(*cycle[4:]), facts) == [("a", 479, 480)]
        alone = horizon("2024-05-10", 4)
        assert breaches(self.RULE, berlin(*cycle[4:]), alone) == []
        assert len(not_checked(self.RULE, berlin(*cycle[4:]), alone)) == 1

    @pytest.mark.parametrize(
        ("night", "start", "rested"), [("2024-03-30", "06:59", 419), ("2024-10-26", "06:59", 539)]
    )
    def test_rest_over_a_change_of_clocks_is_elapsed(self, berlin, breaches, night, start, rested):
        # 23:00 to 06:59 is 479 min by the clock: 419 in spring, 539 in autumn, enough to part it.
        rule = RestInAnyWindow("s", 480, 1920)  # a stretch over 960 min breaks it
        sunday = date.fromordinal(date.fromisoformat(night).toordinal() + 1).isoformat()
        rota = berlin(("a", f"{night}T14:00", 540), ("a", f"{sunday}T{start}", 540))
        expected = [("a", rested, 480)] if rested < 480 else []
        assert breaches(rule, rota, horizon(night, 2)) == expected


class TestDaysInARow:
    RULE = DaysInARow(5, "company")

    def run_of(self, *days):
        return [("a", f"2024-05-{d:02d}T08:00", 480) for d in days]

    def test_five_days_are_allowed_and_six_are_not(self, berlin, breaches):
        assert breaches(self.RULE, berlin(*self.run_of(*range(6, 11))), horizon("2024-05-05", 9)) == []
        six = berlin(*self.run_of(*range(6, 12)))
        assert breaches(self.RULE, six, horizon("2024-05-05", 9)) == [("a", 6, 5)]

    def test_two_people_do_not_make_one_run(self, berlin, breaches):
        others = [("b", *shift[1:]) for shift in self.run_of(9, 10, 11)]
        rota = berlin(*self.run_of(6, 7, 8), *others)
        assert breaches(self.RULE, rota, horizon("2024-05-05", 9)) == []

    def test_a_run_over_the_edge(self, berlin, breaches, not_checked):
        before, after = berlin(*self.run_of(5, 7, 8)), berlin(*self.run_of(9, 10, 11, 12))
        assert breaches(self.RULE, after, horizon("2024-05-09", 5, before=before)) == [("a", 6, 5)]
        alone = horizon("2024-05-09", 5)
        assert breaches(self.RULE, after, alone) == []
        assert len(not_checked(self.RULE, after, alone)) == 1

    def test_runs_that_ended_before_the_horizon_are_past(self, berlin, breaches):
        before = berlin(*self.run_of(1, 2, 3, 4, 5, 6, 7))
        assert breaches(self.RULE, berlin(*self.run_of(9)), horizon("2024-05-09", 5, before=before)) == []

    def test_over_the_leap_day_and_the_turn_of_the_year(self, berlin, breaches):
        leap = berlin(
            *(("a", f"2024-{d}T08:00", 60) for d in ("02-26", "02-27", "02-28", "02-29", "03-01", "03-02"))
        )
        assert breaches(self.RULE, leap, horizon("2024-02-26")) == [("a", 6, 5)]
        year = ("2024-12-28", "2024-12-29", "2024-12-30", "2024-12-31", "2025-01-01", "2025-01-02")
        assert breaches(
            self.RULE, berlin(*(("a", f"{d}T08:00", 60) for d in year)), horizon("2024-12-28")
        ) == [("a", 6, 5)]


def test_an_empty_rota_breaks_nothing(berlin, rota_of):
    facts = replace(horizon("2024-05-06"), people={"a": Person("a")})
    for rule in (ELEVEN_HOURS, WEEKLY, WeeklyDayOff("s"), RestInAnyWindow("s"), DaysInARow(5, "s")):
        assert list(rule.violations(rota_of([]), facts)) == []
