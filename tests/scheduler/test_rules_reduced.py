"""Shortened rests and rest in each 24 hours, by hand: limits, periods, compensation, clocks, edges."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from centre.instants import day_number, local_instant
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import BoundedShortRests, ForbiddenTime, GapInWindow, MinimumRest, ShiftLength
from scheduler.rules.reduced_rest import ReducedRest
from scheduler.rules.rest_in_each_day import RestInEachDay
from scheduler.rules.shared.periods import period_name, periods_of

BERLIN = ZoneInfo("Europe/Berlin")
ELEVEN = ReducedRest(660, 540, "§ 5", 3)
MADE_GOOD = ReducedRest(660, 600, "§ 5(2)", 99, "month", compensate_days=3)


def horizon(start, days=7, **more):
    return Facts(BERLIN, day_number(date.fromisoformat(start)), days, **more)


@pytest.fixture(name="berlin")
def berlin_fixture(local_shift, rota_of):
    """A rota of (agent, local start, elapsed minutes) in Berlin."""

    def berlin(*shifts):
        return rota_of([local_shift(BERLIN, *shift) for shift in shifts])

    return berlin


def short_rests(agent, first_day, rests):
    """Shifts from 08:00 day by day, each ending so that the rest to the next has the given minutes."""
    first = date.fromisoformat(first_day).toordinal()
    days = [date.fromordinal(first + k).isoformat() for k in range(len(rests) + 1)]
    ends = [24 * 60 - rest for rest in rests] + [60]
    return [(agent, f"{day}T08:00", minutes) for day, minutes in zip(days, ends, strict=True)]


class TestReducedRest:
    @pytest.mark.parametrize(
        ("rests", "expected"),
        [
            ([600, 540, 659, 660], []),
            ([600, 540, 600, 659], [("a", 659, 660)]),  # the fourth
            ([539, 660], [("a", 539, 540)]),
            ([600, 600, 600, 539], [("a", 539, 540)]),
            ([600, 600, 600, 600, 540], [("a", 600, 660), ("a", 540, 660)]),
        ],
    )
    def test_three_times_a_week_and_never_under_nine_hours(self, berlin, breaches, rests, expected):
        rota = berlin(*short_rests("a", "2024-05-06", rests), *short_rests("b", "2024-05-06", [600]))
        assert breaches(ELEVEN, rota, horizon("2024-05-06")) == expected

    @pytest.mark.parametrize(
        ("period", "first", "expected"),
        [
            ("week", "2024-05-03", 0),  # Friday to Tuesday: a shortened rest counts with the shift after it
            ("week", "2024-05-02", 0),
            ("week", "2024-05-06", 1),
            ("month", "2024-02-27", 0),  # leap day: two in February, two in March
            ("month", "2024-12-29", 0),
            ("month", "2024-12-26", 1),
            ("two_weeks", "2024-05-03", 0),  # both blocks end with the Sunday
            ("two_weeks", "2024-05-10", 1),
            ("four_weeks", "2024-05-03", 0),
            ("four_weeks", "2024-05-17", 1),
        ],
    )
    def test_each_period_has_its_own_count(self, berlin, breaches, period, first, expected):
        rota = berlin(*short_rests("a", first, [600] * 4))
        rule = ReducedRest(660, 540, "s", 3, period)
        assert len(breaches(rule, rota, horizon(first, 7))) == expected

    def test_blocks_of_weeks_are_the_same_in_every_rota(self):
        blocks = {periods_of(horizon(day, 1), "four_weeks")[0] for day in ("2024-05-06", "2024-05-12")}
        assert len(blocks) == 1
        (first, last), following = periods_of(horizon("2024-05-06", 29), "four_weeks")
        assert (last - first, following[0]) == (27, last + 1)
        sunday_first = periods_of(horizon("2024-05-06", 1, week_start=6), "week")
        assert sunday_first == [(day_number(date(2024, 5, 5)), day_number(date(2024, 5, 11)))]

    def test_periods_by_month(self):
        facts = horizon("2024-02-29", 2)
        assert [period_name(first, "month") for first, _ in periods_of(facts, "month")] == [
            "2024-02",
            "2024-03",
        ]
        assert periods_of(facts, "year") == [(day_number(date(2024, 1, 1)), day_number(date(2024, 12, 31)))]
        first, last = periods_of(facts, "quarter")[0]
        assert (last - first + 1, period_name(first, "quarter")) == (91, "2024-Q1")
        assert period_name(periods_of(facts, "half_year")[0][0], "half_year") == "2024-H1"
        assert period_name(first, "week") == "2024-01-01"

    @pytest.mark.parametrize(
        ("night", "start", "expected"),
        [
            ("2024-03-30", "2024-03-31T08:00", []),  # 22:00 to 08:00 is 9 h
            ("2024-03-30", "2024-03-31T07:59", [("a", 539, 540)]),
            ("2024-10-26", "2024-10-27T06:00", []),
            ("2024-10-26", "2024-10-27T05:59", [("a", 539, 540)]),
        ],
    )
    def test_rest_is_elapsed_time_on_nights_when_clocks_change(
        self, berlin, breaches, night, start, expected
    ):
        rota = berlin(("a", f"{night}T14:00", 480), ("a", start, 60))
        assert breaches(ELEVEN, rota, horizon(night, 2)) == expected

    def test_what_came_before_uses_up_the_week(self, berlin, breaches, not_checked):
        shifts = short_rests("a", "2024-05-06", [600] * 4)
        facts = horizon("2024-05-10", 3, before=berlin(*shifts[:4]))
        assert breaches(ELEVEN, berlin(shifts[4]), facts) == [("a", 600, 660)]
        assert not_checked(ELEVEN, berlin(shifts[4]), facts) == []
        gone = horizon("2024-05-11", 2, before=berlin(*shifts))
        assert breaches(ELEVEN, berlin(("a", "2024-05-11T08:00", 60)), gone) == []

    def test_a_call_out_is_no_next_shift(self, breaches, local_shift, rota_of):
        first, second = (local_shift(BERLIN, "a", f"2024-05-0{d}T08:00", 480) for d in (6, 7))
        called = local_shift(BERLIN, "a", "2024-05-06T21:00", 60)  # 300 min after the shift
        rows = [(*row[:4], "call_out", *row[5:]) for row in called.rows()]
        facts = horizon("2024-05-06")
        none = ReducedRest(600, 600, "s", 0)
        assert breaches(none, rota_of([first, second], rows), facts) == []
        assert breaches(ReducedRest(601, 540, "s", 0), rota_of([first, second], rows), facts) == [
            ("a", 600, 601)
        ]
        assert breaches(none, rota_of([first, second, called]), facts) == [("a", 300, 600)]

    def test_a_period_known_in_part_and_an_unknown_shift_before(self, berlin, not_checked):
        shifts = short_rests("a", "2024-05-08", [600])
        since = {"a": Person("a", starts_on=day_number(date(2024, 5, 8)))}
        facts = horizon("2024-05-08", 3)
        (sentence,) = not_checked(ELEVEN, berlin(*shifts), facts)
        assert sentence.startswith("Not checked for 1 person: ")
        assert not_checked(ELEVEN, berlin(*shifts), horizon("2024-05-08", 3, people=since)) == []
        later = short_rests("a", "2024-05-10", [600])
        longer = horizon("2024-05-08", 4)
        assert len(not_checked(ELEVEN, berlin(*later), longer)) == 1  # earlier ones may have used up the week
        rested = short_rests("a", "2024-05-10", [660])
        assert not_checked(ELEVEN, berlin(*rested), longer) == []
        monday = short_rests("a", "2024-05-08", [600])
        assert not_checked(ELEVEN, berlin(*monday), horizon("2024-05-06")) == []  # the whole week is known

    def test_each_shortened_rest_is_made_good_by_a_longer_one(self, berlin, breaches):
        # 600 min before Tuesday 08:00: by Friday 08:00 there must be 720 min in a row.
        facts = horizon("2024-05-06")
        short = short_rests("a", "2024-05-06", [600, 660, 719, 660])
        assert breaches(MADE_GOOD, berlin(*short), facts) == [("a", 719, 720)]
        good = short_rests("a", "2024-05-06", [600, 660, 720, 660, 660])
        assert breaches(MADE_GOOD, berlin(*good), facts) == []

    def test_a_rest_cut_by_the_last_day_counts_up_to_it(self, berlin, breaches):
        # Friday 08:00 is the last moment: the rest from Thursday 20:00 on has 720 min, from 20:01 on 719.
        shifts = short_rests("a", "2024-05-06", [600, 660, 660])
        for minutes, expected in ((720, []), (721, [("a", 719, 720)])):
            rota = berlin(*shifts[:-1], ("a", "2024-05-09T08:00", minutes))
            assert breaches(MADE_GOOD, rota, horizon("2024-05-06")) == expected

    def test_what_is_owed_from_before_and_what_is_open_at_the_end(self, berlin, breaches, not_checked):
        shifts = short_rests("a", "2024-05-06", [600, 660, 660, 660])
        facts = horizon("2024-05-08", before=berlin(*shifts[:2]))
        assert breaches(MADE_GOOD, berlin(*shifts[2:]), facts) == [("a", 660, 720)]
        assert list(MADE_GOOD.lines(Person("a"), facts)) == [
            MinimumRest(660),
            ForbiddenTime(
                local_instant(BERLIN, facts.first_day - 1, 21 * 60),
                local_instant(BERLIN, facts.first_day, 480),
            ),
            GapInWindow(
                720,
                local_instant(BERLIN, facts.first_day - 1, 21 * 60),
                local_instant(BERLIN, facts.first_day + 2, 480),
            ),
        ]
        edge = horizon("2024-05-06", 2)
        assert breaches(MADE_GOOD, berlin(*shifts[:2]), edge) == []
        (sentence,) = (s for s in not_checked(MADE_GOOD, berlin(*shifts[:2]), edge) if "made good" in s)
        assert sentence.startswith("Not checked for 1 person: ")

    @pytest.mark.parametrize(("minutes", "count"), [(240, 0), (241, 1)])
    def test_a_rest_that_is_long_enough_by_the_last_known_minute(self, berlin, not_checked, minutes, count):
        rota = berlin(*short_rests("a", "2024-05-06", [600])[:-1], ("a", "2024-05-07T08:00", minutes))
        told = not_checked(MADE_GOOD, rota, horizon("2024-05-06", 2))  # 12 h from 12:00 to midnight
        assert sum("made good" in sentence for sentence in told) == count

    def test_what_was_lost_before_is_no_finding_of_this_rota(self, berlin, breaches):
        # The three days after the shortened rest end before anything of this rota could have helped or harmed.
        shifts = short_rests("a", "2024-05-06", [600, 660, 660, 660, 660])
        facts = horizon("2024-05-10", before=berlin(*shifts[:4]))
        assert breaches(MADE_GOOD, berlin(shifts[4]), facts) == []

    def test_the_sentences(self, berlin):
        (first,) = (
            v
            for v in ReducedRest(660, 540, "s", 0).violations(
                berlin(*short_rests("员工7", "2024-05-06", [600])), horizon("2024-05-06")
            )
            if v.verdict == "breach"
        )
        assert first.explanation == (
            "员工7 rested 600 min from 2024-05-06 22:00 to 2024-05-07 08:00; "
            "less than 660 min are allowed 0 times in a week, and this is number 1."
        )
        assert first.short == 60

    def test_what_a_solver_is_told(self, berlin):
        assert list(ELEVEN.lines(Person("a"), horizon("2024-05-06"))) == [BoundedShortRests(660, 540, 3)]
        shifts = short_rests("a", "2024-05-06", [600, 600])
        facts = horizon("2024-05-09", before=berlin(*shifts))
        assert list(ELEVEN.lines(Person("a"), facts)) == [BoundedShortRests(660, 540, 1)]
        whole = horizon("2024-05-09", before=berlin(*short_rests("a", "2024-05-06", [660, 659])))
        assert list(ELEVEN.lines(Person("a"), whole)) == [BoundedShortRests(660, 540, 2)]
        used_up = horizon("2024-05-09", before=berlin(*short_rests("a", "2024-05-04", [600] * 4)))
        ended = local_instant(BERLIN, used_up.first_day - 1, 540)
        told = list(ReducedRest(1440, 1500, "s", 1).lines(Person("a"), used_up))
        assert told == [BoundedShortRests(1440, 1440, 0), ForbiddenTime(ended, ended + 1440)]


class TestRestInEachDay:
    RULE = RestInEachDay(660, "art. 3")

    @pytest.mark.parametrize(("minutes", "expected"), [(780, []), (781, [("a", 659, 660)])])
    def test_a_shift_longer_than_thirteen_hours_leaves_too_little(self, berlin, breaches, minutes, expected):
        rota = berlin(("a", "2024-05-06T08:00", minutes), ("b", "2024-05-06T08:00", 60))
        assert breaches(self.RULE, rota, horizon("2024-05-06")) == expected

    @pytest.mark.parametrize(
        ("second", "minutes", "expected"), [("12:59", 541, [("a", 659, 660)]), ("13:00", 540, [])]
    )
    def test_the_rest_may_lie_between_the_parts_of_a_day(self, berlin, breaches, second, minutes, expected):
        # 00:00 to 02:00, then until 22:00: what is left of the 24 h is two hours.
        parts = [("a", "2024-05-06T00:00", 120), ("a", f"2024-05-06T{second}", minutes)]
        rota = berlin(*parts, ("a", "2024-05-07T08:59", 60))
        assert breaches(self.RULE, rota, horizon("2024-05-06")) == expected

    def test_the_next_days_work_cuts_the_rest(self, berlin, breaches):
        rota = berlin(("a", "2024-05-06T14:00", 480), ("a", "2024-05-07T08:59", 480))
        assert breaches(self.RULE, rota, horizon("2024-05-06")) == [("a", 659, 660)]
        apart = berlin(("a", "2024-05-06T14:00", 480), ("a", "2024-05-07T09:00", 480))
        assert breaches(self.RULE, apart, horizon("2024-05-06")) == []

    @pytest.mark.parametrize(
        ("night", "start", "expected"),
        [
            ("2024-03-30", "2024-03-31T10:00", []),
            ("2024-03-30", "2024-03-31T09:59", [("a", 659, 660)]),
            ("2024-10-26", "2024-10-27T08:00", []),
            ("2024-10-26", "2024-10-27T07:59", [("a", 659, 660)]),
        ],
    )
    def test_nights_on_which_clocks_change(self, berlin, breaches, night, start, expected):
        rota = berlin(("a", f"{night}T14:00", 480), ("a", start, 60))
        assert breaches(self.RULE, rota, horizon(night, 2)) == expected

    def test_the_24_hours_of_the_day_before_reach_into_the_horizon(self, berlin, breaches, not_checked):
        before = berlin(("a", "2024-05-05T15:00", 480), ("b", "2024-05-05T08:00", 781))
        rota = berlin(("a", "2024-05-06T09:59", 60), ("b", "2024-05-06T09:00", 60))
        facts = horizon("2024-05-06", before=before)
        assert breaches(self.RULE, rota, facts) == [("a", 659, 660)]  # b had lost it before
        assert not_checked(self.RULE, rota, facts) == []
        assert len(not_checked(self.RULE, rota, horizon("2024-05-06"))) == 1
        edge = local_instant(BERLIN, facts.first_day - 1, 23 * 60)
        assert list(self.RULE.lines(Person("a"), facts)) == [
            MinimumRest(660), ShiftLength("elapsed_minutes", 780), ForbiddenTime(edge, edge + 660),
        ]  # fmt: skip

    def test_the_work_of_others_cuts_nobodys_rest(self, berlin, breaches):
        rota = berlin(("a", "2024-05-06T14:00", 480), ("b", "2024-05-07T04:00", 60))
        assert breaches(self.RULE, rota, horizon("2024-05-06")) == []

    @pytest.mark.parametrize(("start", "count"), [("10:59", 1), ("11:00", 0)])
    def test_a_first_shift_late_enough_needs_nothing_before(self, berlin, not_checked, start, count):
        # A shift that we do not know ends by the first midnight at the latest, and 11 h are over at 11:00.
        rota = berlin(("a", f"2024-05-07T{start}", 480))
        assert len(not_checked(self.RULE, rota, horizon("2024-05-06"))) == count
        assert len(not_checked(ELEVEN, rota, horizon("2024-05-06"))) == count

    @pytest.mark.parametrize("day", ["2024-02-29", "2024-12-31"])
    def test_leap_day_turn_of_the_year_and_edge(self, berlin, breaches, day):
        rota = berlin(("a", f"{day}T08:00", 781))
        assert breaches(self.RULE, rota, horizon(day, 1)) == [("a", 659, 660)]
        assert breaches(self.RULE, rota, horizon("2024-05-06", 1)) == []
        assert breaches(self.RULE, berlin(), horizon(day, 1)) == []

    def test_the_sentence(self, berlin):
        rota = berlin(("员工7", "2024-05-06T08:00", 781))
        (finding,) = (v for v in self.RULE.violations(rota, horizon("2024-05-06")) if v.verdict == "breach")
        assert finding.explanation == (
            "员工7 rested at most 659 min in a row in the 24 h from 2024-05-06 08:00; "
            "at least 660 min are required."
        )
