"""Rules on hours, overtime and breaks, verdicts worked by hand."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from centre.instants import day_number, day_start
from centre.model import Contract, Overtime
from scheduler.rules.average_weekly_hours import AverageWeeklyHours
from scheduler.rules.breaks_in_shift import BreaksInShift
from scheduler.rules.daily_hours import DailyHours
from scheduler.rules.facts import Facts, Person
from scheduler.rules.monthly_overtime import MonthlyOvertime
from scheduler.rules.primitives import BoundedSum, ShiftLength
from scheduler.rules.weekly_hours import WeeklyHours

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
MEAL = (240, 60, False, "meal")
PAUSE = (120, 15, True, "break")
PLAIN = Contract("standard", 0, 2400, 0, 7, ("day",))
WITH_OVERTIME = Contract("overtime", 0, 2400, 0, 7, ("day",), overtime=Overtime(300))


def horizon(start, days=7, zone=SHANGHAI, **more):
    return Facts(zone, day_number(date.fromisoformat(start)), days, **more)


def people(**contracts):
    return {agent_id: Person(agent_id, contract) for agent_id, contract in contracts.items()}


@pytest.fixture(name="shifts")
def shifts_fixture(local_shift, rota_of):
    """A rota of shifts from 08:00: (agent, day, minutes, breaks)."""

    def shifts(*told, zone=SHANGHAI, clock="08:00"):
        return rota_of(
            [local_shift(zone, a, f"{day}T{clock}", minutes, breaks) for a, day, minutes, breaks in told]
        )

    return shifts


def week(agent, monday, minutes, breaks=(), days=5):
    first = date.fromisoformat(monday).toordinal()
    return [(agent, date.fromordinal(first + k).isoformat(), minutes, breaks) for k in range(days)]


class TestDailyHours:
    RULE = DailyHours(480, "art. 3", 60)

    @pytest.mark.parametrize(("minutes", "expected"), [(540, []), (541, [("a", 481, 480)])])
    def test_eight_paid_hours_beside_an_unpaid_meal(self, shifts, breaches, minutes, expected):
        rota = shifts(("a", "2024-05-06", minutes, [MEAL]))
        assert breaches(self.RULE, rota, horizon("2024-05-06")) == expected

    def test_paid_breaks_count_unless_work_alone_is_measured(self, shifts, breaches):
        rota = shifts(("a", "2024-05-06", 490, [PAUSE]))
        assert breaches(self.RULE, rota, horizon("2024-05-06")) == [("a", 490, 480)]
        assert breaches(DailyHours(480, "s", measure="worked_minutes"), rota, horizon("2024-05-06")) == []

    def test_overtime_only_where_the_contract_agrees_it(self, shifts, breaches):
        facts = horizon("2024-05-06", people=people(a=WITH_OVERTIME, b=PLAIN, c=None))
        rota = shifts(*((who, "2024-05-06", 540, ()) for who in "abc"), ("a", "2024-05-07", 541, ()))
        assert breaches(self.RULE, rota, facts) == [("a", 541, 540), ("b", 540, 480), ("c", 540, 480)]

    @pytest.mark.parametrize("night", ["2024-03-30", "2024-10-26"])
    def test_a_night_is_as_long_as_it_lasts_when_clocks_change(self, shifts, breaches, night):
        facts = horizon(night, 2, BERLIN)
        assert breaches(self.RULE, shifts(("a", night, 480, ()), zone=BERLIN, clock="22:00"), facts) == []
        longer = shifts(("a", night, 481, ()), zone=BERLIN, clock="22:00")
        assert breaches(self.RULE, longer, facts) == [("a", 481, 480)]

    def test_shifts_outside_the_horizon_are_not_judged(self, shifts, breaches):
        rota = shifts(("a", "2024-05-05", 600, ()), ("a", "2024-05-13", 600, ()))
        assert breaches(self.RULE, rota, horizon("2024-05-06")) == []


class TestWeeklyHours:
    RULE = WeeklyHours(2400, "art. 3")

    def test_forty_hours_and_a_minute(self, shifts, breaches):
        facts = horizon("2024-05-06")
        assert breaches(self.RULE, shifts(*week("a", "2024-05-06", 540, [MEAL])), facts) == []
        over = shifts(*week("a", "2024-05-06", 540, [MEAL], 4), ("a", "2024-05-10", 541, [MEAL]))
        assert breaches(self.RULE, over, facts) == [("a", 2401, 2400)]

    def test_the_contracts_overtime_comes_on_top(self, shifts, breaches):
        facts = horizon("2024-05-06", people=people(a=WITH_OVERTIME, b=WITH_OVERTIME, c=PLAIN))
        rota = shifts(
            *week("a", "2024-05-06", 540), *week("b", "2024-05-06", 541), *week("c", "2024-05-06", 481)
        )
        assert breaches(self.RULE, rota, facts) == [("b", 2705, 2700), ("c", 2405, 2400)]

    def test_a_hard_limit_knows_no_agreed_overtime(self, shifts, breaches):
        facts = horizon("2024-05-06", people=people(a=WITH_OVERTIME, b=WITH_OVERTIME))
        rota = shifts(
            *week("a", "2024-05-06", 480), *week("b", "2024-05-06", 480, (), 4), ("b", "2024-05-10", 481, ())
        )
        hard = WeeklyHours(2400, "L3121-20", agreed_overtime=False)
        assert breaches(hard, rota, facts) == [("b", 2401, 2400)]
        (line,) = hard.lines(facts.people["a"], facts)
        assert line.high == 2400

    def test_what_came_before_counts_in_its_week(self, shifts, breaches, not_checked):
        before = shifts(
            *week("a", "2024-05-06", 480, (), 4),
            *week("b", "2024-05-06", 600, (), 4),
            *week("c", "2024-05-06", 700, (), 4),
        )
        rota = shifts(("a", "2024-05-10", 480, ()), ("b", "2024-05-10", 1, ()))
        facts = horizon("2024-05-10", 3, before=before)
        assert breaches(self.RULE, rota, facts) == [
            ("b", 2401, 2400)
        ]  # c had too much already and got nothing more
        assert not_checked(self.RULE, rota, facts) == []
        assert len(not_checked(self.RULE, rota, horizon("2024-05-10", 3))) == 1

    def test_a_week_from_its_start_needs_nothing_before(self, shifts, not_checked):
        rota = shifts(*week("a", "2024-05-06", 480))
        assert not_checked(self.RULE, rota, horizon("2024-05-06", 3)) == []

    def test_the_week_of_a_shift_is_that_of_its_local_day(self, shifts, breaches):
        # Sunday 23:00 in Shanghai is Sunday 15:00 in UTC, Monday 01:00 is still Sunday there.
        rota = shifts(*week("a", "2024-05-06", 480), ("a", "2024-05-13", 480, ()), clock="01:00")
        assert breaches(self.RULE, rota, horizon("2024-05-06", 8)) == []


class TestAverageWeeklyHours:
    RULE = AverageWeeklyHours(2880, 17, "art. 6")

    def seventeen_weeks(self, minutes):
        """Five days a week from 2024-01-01 to 2024-04-26."""
        return [
            day
            for k in range(17)
            for day in week("a", date.fromordinal(date(2024, 1, 1).toordinal() + 7 * k).isoformat(), minutes)
        ]

    def test_seventeen_weeks_of_48_hours(self, shifts, breaches, not_checked):
        days = self.seventeen_weeks(576)
        before, last = shifts(*days[:80]), shifts(*days[80:])
        facts = horizon("2024-04-22", before=before)
        assert breaches(self.RULE, last, facts) == []
        assert not_checked(self.RULE, last, facts) == []
        more = shifts(*days[80:84], ("a", "2024-04-26", 577, ()))
        assert breaches(self.RULE, more, facts) == [("a", 48961, 48960)]

    def test_a_look_back_too_short_is_no_proof(self, shifts, breaches, not_checked):
        days = self.seventeen_weeks(480)
        last = shifts(*days[80:])
        for before in (None, shifts(*days[5:80])):
            facts = horizon("2024-04-22", before=before)
            assert breaches(self.RULE, last, facts) == []
            (sentence,) = not_checked(self.RULE, last, facts)
            assert "1 person" in sentence

    def test_leave_does_not_dilute_the_average(self, shifts, breaches):
        days = self.seventeen_weeks(576)
        worked = [*days[:5], *days[10:]]  # the second week is leave: 16 weeks of 48 h
        away = (
            day_start(SHANGHAI, day_number(date(2024, 1, 8))),
            day_start(SHANGHAI, day_number(date(2024, 1, 15))),
        )
        facts = horizon("2024-04-22", before=shifts(*worked[:75]), people={"a": Person("a", leave=(away,))})
        assert breaches(self.RULE, shifts(*worked[75:]), facts) == []
        more = shifts(*worked[75:79], ("a", "2024-04-26", 577, ()))
        assert breaches(self.RULE, more, facts) == [("a", 46081, 46080)]


class TestMonthlyOvertime:
    RULE = MonthlyOvertime(2160, "art. 41")

    def test_36_hours_a_month_by_weeks_that_begin_in_it(self, shifts, breaches, not_checked):
        # April 2024 has weeks from the 1st, 8th, 15th, 22nd, 29th: 5 x 432 min of overtime are 36 h.
        mondays = ["2024-04-01", "2024-04-08", "2024-04-15", "2024-04-22", "2024-04-29"]
        days = [day for monday in mondays for day in week("a", monday, 472, (), 6)]  # 2832 = 2400 + 432
        facts = horizon("2024-04-01", 35)
        assert breaches(self.RULE, shifts(*days), facts) == []
        assert not_checked(self.RULE, shifts(*days), facts) == []
        more = shifts(*days[:-1], ("a", "2024-05-04", 473, ()))
        assert breaches(self.RULE, more, facts) == [("a", 2161, 2160)]

    def test_hours_over_eight_a_day_are_overtime_in_a_short_week_too(self, shifts, breaches):
        rule = MonthlyOvertime(240, "s")
        four_long_days = week("a", "2024-04-01", 540, (), 4)  # 36 hours a week, 4 of them overtime
        facts = horizon("2024-04-01")
        assert breaches(rule, shifts(*four_long_days), facts) == []
        assert breaches(MonthlyOvertime(239, "s"), shifts(*four_long_days), facts) == [("a", 240, 239)]

    def test_a_solver_is_told_shares_of_what_the_month_has_left(self, shifts):
        # Weeks from the 22nd and the 29th are both April's; 160 min were used in that of the 15th.
        facts = horizon("2024-04-22", 14, before=shifts(("a", "2024-04-15", 640, ())))
        april = (day_number(date(2024, 4, 22)), day_number(date(2024, 4, 29)))
        share = (2160 - 160) // 2
        assert list(self.RULE.lines(Person("a"), facts)) == [
            *(BoundedSum(monday, monday + 6, "paid_minutes", None, 2400 + share) for monday in april),
            ShiftLength("paid_minutes", 480 + share // 7),
        ]

    def test_a_month_known_in_part(self, shifts, breaches, not_checked):
        before = [day for monday in ("2024-04-01", "2024-04-08") for day in week("a", monday, 640, (), 6)]
        rota = shifts(*week("a", "2024-04-15", 480))  # before it 2 x 1440 min of overtime
        assert breaches(self.RULE, rota, horizon("2024-04-15", before=shifts(*before))) == []
        more = shifts(*week("a", "2024-04-15", 481))
        assert breaches(self.RULE, more, horizon("2024-04-15", before=shifts(*before))) == [("a", 2885, 2160)]
        assert breaches(self.RULE, more, horizon("2024-04-15")) == []
        assert len(not_checked(self.RULE, more, horizon("2024-04-15"))) == 1


class TestBreaksInShift:
    RULE = BreaksInShift("art. 4")

    @pytest.mark.parametrize(
        ("minutes", "breaks", "expected"),
        [
            (360, [], []),  # six hours, not over six
            (361, [], [("a", 0, 15)]),
            (375, [PAUSE], []),
            (376, [(120, 14, True, "break")], [("a", 0, 15)]),
            (400, [(100, 10, True, "break"), (200, 10, True, "break")], [("a", 0, 15)]),  # parts too short
            (600, [MEAL], []),
        ],
    )
    def test_over_six_hours_of_work_want_fifteen_minutes(self, shifts, breaches, minutes, breaks, expected):
        assert (
            breaches(self.RULE, shifts(("a", "2024-05-06", minutes, breaks)), horizon("2024-05-06"))
            == expected
        )

    def test_a_gap_without_a_row_is_no_break(self, shifts, breaches, rota_of):
        frame = shifts(("a", "2024-05-06", 480, [PAUSE])).to_frame()
        rota = type(rota_of([])).from_frame(frame[frame["activity"] != "break"])
        assert breaches(self.RULE, rota, horizon("2024-05-06")) == [("a", 0, 15)]

    def test_each_shift_has_its_own_breaks(self, shifts, breaches):
        rota = shifts(
            ("a", "2024-05-06", 480, [PAUSE]), ("a", "2024-05-07", 480, []), ("b", "2024-05-06", 480, [MEAL])
        )
        assert breaches(self.RULE, rota, horizon("2024-05-06")) == [("a", 0, 15)]
