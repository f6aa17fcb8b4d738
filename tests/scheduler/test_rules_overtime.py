"""Overtime of months, years and months in a row, by hand: accounts of the ledger, windows, edges."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from centre.instants import day_number, day_start
from scheduler.rules.facts import Facts, Person
from scheduler.rules.monthly_overtime import MonthlyOvertime
from scheduler.rules.overtime_in_period import OvertimeInPeriod
from scheduler.rules.primitives import BoundedSum, ShiftLength

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONTH = MonthlyOvertime(2160, "art. 41")
YEAR = OvertimeInPeriod(21600, "art. 36(4)")
THREE = OvertimeInPeriod(3 * 4800, "art. 36(6)", 3, rolling=True)


def day(text):
    return day_number(date.fromisoformat(text))


def horizon(start, days=7, **more):
    return Facts(SHANGHAI, day(start), days, **more)


def week(agent, monday, overtime):
    """Five days of 8 h, the Friday longer by so much."""
    first = date.fromisoformat(monday)
    minutes = [480] * 4 + [480 + overtime]
    return [(agent, f"{first + timedelta(k)}T08:00", m) for k, m in enumerate(minutes)]


def weeks(agent, monday, *overtime):
    first = date.fromisoformat(monday)
    return [
        shift
        for k, minutes in enumerate(overtime)
        for shift in week(agent, (first + timedelta(7 * k)).isoformat(), minutes)
    ]


@pytest.fixture(name="shifts")
def shifts_fixture(local_shift, rota_of):
    """A rota of (agent, local start, minutes) in Shanghai."""

    def shifts(*told):
        return rota_of([local_shift(SHANGHAI, *shift) for shift in told])

    return shifts


class TestMonthlyAccounts:
    """April 2024 has weeks from the 1st to the 29th; the rota before does not reach back to the 1st."""

    def facts(
        self, amount, as_of, start="2024-04-22", before=None, account="overtime_minutes", period="2024-04"
    ):
        ledger = {("a", account, period): (amount, day(as_of)), ("z", account, period): (9999.0, day(as_of))}
        return horizon(start, 14, before=before, ledger=ledger)

    @pytest.mark.parametrize(("amount", "expected"), [(1560.0, []), (1561.0, [("a", 2161, 2160)])])
    def test_an_account_up_to_the_week_before(self, shifts, breaches, not_checked, amount, expected):
        rota = shifts(*weeks("a", "2024-04-22", 300, 300))
        facts = self.facts(amount, "2024-04-21")
        assert breaches(MONTH, rota, facts) == expected
        assert not_checked(MONTH, rota, facts) == []

    def test_weeks_after_the_account_are_added(self, shifts, breaches, not_checked):
        before = shifts(*week("a", "2024-04-15", 500))
        rota = shifts(*weeks("a", "2024-04-22", 300, 300))
        for amount, expected in ((1060, []), (1061, [("a", 2161, 2160)])):
            facts = self.facts(amount, "2024-04-14", before=before)
            assert breaches(MONTH, rota, facts) == expected
            assert not_checked(MONTH, rota, facts) == []
        hole = self.facts(1061, "2024-04-07", before=before)
        assert breaches(MONTH, rota, hole) == [("a", 2161, 2160)]
        assert len(not_checked(MONTH, rota, self.facts(1060, "2024-04-07", before=before))) == 1

    def test_an_account_within_a_week_leaves_the_month_open(self, shifts, breaches, not_checked):
        rota = shifts(*weeks("a", "2024-04-22", 300, 300))
        facts = self.facts(1560, "2024-04-18")
        assert breaches(MONTH, rota, facts) == []
        assert len(not_checked(MONTH, rota, facts)) == 1
        assert breaches(MONTH, rota, self.facts(1561, "2024-04-18")) == [("a", 2161, 2160)]

    def test_an_account_as_of_a_monday_holds_part_of_its_week(self, shifts, breaches, not_checked):
        rota = shifts(*weeks("a", "2024-04-22", 300, 200))  # the first week's 300 may be in the account
        assert breaches(MONTH, rota, self.facts(1960, "2024-04-22")) == []
        assert len(not_checked(MONTH, rota, self.facts(1960, "2024-04-22"))) == 1
        assert breaches(MONTH, rota, self.facts(1961, "2024-04-22")) == [("a", 2161, 2160)]

    def test_an_account_of_the_whole_month_stands(self, shifts, breaches, not_checked):
        rota = shifts(*week("a", "2024-04-29", 300))
        facts = self.facts(2161, "2024-04-30", "2024-04-29")
        assert breaches(MONTH, rota, facts) == [("a", 2161, 2160)]
        assert breaches(MONTH, rota, self.facts(2160, "2024-04-30", "2024-04-29")) == []
        assert not_checked(MONTH, rota, self.facts(2160, "2024-04-30", "2024-04-29")) == []
        plain = shifts(*week("a", "2024-04-29", 0))
        assert breaches(MONTH, plain, facts) == []  # all of it was worked before

    def test_what_the_rota_before_has_whole_beats_the_account(self, shifts, breaches):
        before = shifts(*weeks("a", "2024-04-01", 100, 100, 100))
        facts = self.facts(2160, "2024-04-21", before=before)
        assert breaches(MONTH, shifts(*week("a", "2024-04-22", 300)), facts) == []
        assert next(iter(MONTH.lines(Person("a"), facts))).high == 2400 + (2160 - 300) // 2

    @pytest.mark.parametrize(
        ("account", "period"), [("overtime", "2024-04"), ("overtime_minutes", "2024-03")]
    )
    def test_other_accounts_say_nothing(self, shifts, breaches, not_checked, account, period):
        rota = shifts(*weeks("a", "2024-04-22", 300, 300))
        facts = self.facts(9999, "2024-04-21", account=account, period=period)
        assert breaches(MONTH, rota, facts) == []
        assert len(not_checked(MONTH, rota, facts)) == 1

    def test_a_solver_shares_what_the_account_leaves(self, shifts):
        facts = self.facts(1560, "2024-04-14", before=shifts(*week("a", "2024-04-15", 100)))
        assert list(MONTH.lines(Person("a"), facts)) == [
            *(
                BoundedSum(day(monday), day(monday) + 6, "paid_minutes", None, 2400 + 250)
                for monday in ("2024-04-22", "2024-04-29")
            ),
            ShiftLength("paid_minutes", 480 + 250 // 7),
        ]


class TestOvertimeInPeriod:
    def test_360_hours_a_year_by_weeks_that_begin_in_it(self, shifts, breaches, not_checked):
        # 2024 begins on a Monday and has 53 Mondays; 53 x 407 = 21571.
        rota = shifts(*weeks("a", "2024-01-01", *[407] * 52, 407 + 29))
        facts = horizon("2024-01-01", 371)
        assert breaches(YEAR, rota, facts) == []
        assert not_checked(YEAR, rota, facts) == []
        more = shifts(*weeks("a", "2024-01-01", *[407] * 52, 407 + 30))
        assert breaches(YEAR, more, facts) == [("a", 21601, 21600)]
        next_year = shifts(*weeks("a", "2024-01-01", *[407] * 52, 407 + 29, 600))
        assert breaches(YEAR, next_year, horizon("2024-01-01", 378)) == []

    def test_a_year_that_begins_in_april(self, shifts, breaches):
        rule = OvertimeInPeriod(700, "s", 12, first_month=4)
        rota = shifts(*weeks("a", "2024-03-18", 400, 400, 350, 350))  # two weeks begin in March, two in April
        assert breaches(rule, rota, horizon("2024-03-18", 28)) == [("a", 800, 700)]
        assert breaches(OvertimeInPeriod(700, "s"), rota, horizon("2024-03-18", 28)) == [("a", 1500, 700)]

    def test_any_three_months_in_a_row(self, shifts, breaches):
        # January to May 2024 have 5, 4, 4, 5 and 4 Mondays.
        rule = OvertimeInPeriod(3000, "s", 3, rolling=True)
        months = [*[100] * 5, *[300] * 4, *[300] * 4, *[120] * 5, *[300] * 4]
        rota = shifts(*weeks("a", "2024-01-01", *months))
        facts = horizon("2024-01-01", 7 * 22, people={"a": Person("a", starts_on=day("2024-01-01"))})
        assert breaches(rule, rota, facts) == []
        months[12] += 1  # March: in January to March, February to April and March to May
        more = shifts(*weeks("a", "2024-01-01", *months))
        assert breaches(rule, more, facts) == [("a", 3001, 3000), ("a", 3001, 3000)]
        (first, _) = rule.violations(more, facts)
        assert first.explanation == (
            "a has 3001 min of overtime in the weeks that begin in 2024-02 to 2024-04; "
            "at most 3000 min are allowed in 3 months."
        )
        assert (first.start, first.end) == (
            day_start(SHANGHAI, day("2024-02-05")),
            day_start(SHANGHAI, day("2024-05-06")),
        )

    def test_over_the_turn_of_the_year(self, shifts, breaches):
        rule = OvertimeInPeriod(500, "s", 2, rolling=True)
        rota = shifts(*weeks("a", "2023-12-25", 250, 251))  # one week begins in December, one in January
        people = {"a": Person("a", starts_on=day("2023-12-25"))}
        assert breaches(rule, rota, horizon("2023-12-25", 14, people=people)) == [("a", 501, 500)]
        assert breaches(OvertimeInPeriod(500, "s"), rota, horizon("2023-12-25", 14, people=people)) == []

    def test_months_before_come_from_the_ledger(self, shifts, breaches, not_checked):
        ledger = {
            ("a", "overtime_minutes", "2024-02"): (5000.0, day("2024-02-29")),
            ("a", "overtime_minutes", "2024-03"): (4000.0, day("2024-03-31")),
        }
        facts = horizon("2024-04-01", 7, ledger=ledger)
        assert breaches(THREE, shifts(*week("a", "2024-04-01", 900)), facts) == []
        rule = OvertimeInPeriod(9500, "s", 3, rolling=True)
        assert breaches(rule, shifts(*week("a", "2024-04-01", 500)), facts) == []
        assert breaches(rule, shifts(*week("a", "2024-04-01", 501)), facts) == [("a", 9501, 9500)]
        assert not_checked(rule, shifts(*week("a", "2024-04-01", 500)), facts) == []
        assert (
            breaches(OvertimeInPeriod(8999, "s", 3, rolling=True), shifts(*week("a", "2024-04-01", 0)), facts)
            == []
        )
        march_alone = horizon("2024-04-01", 7, ledger={k: v for k, v in ledger.items() if k[2] == "2024-03"})
        (sentence,) = not_checked(rule, shifts(*week("a", "2024-04-01", 500)), march_alone)
        assert sentence.startswith("Not checked for 1 person: ")
        assert list(rule.lines(Person("a"), facts)) == [
            BoundedSum(day("2024-04-01"), day("2024-04-07"), "paid_minutes", None, 2900),
            ShiftLength("paid_minutes", 480 + 500 // 7),
        ]

    def test_a_solver_follows_the_tightest_of_several_windows(self, shifts):
        before = shifts(*weeks("a", "2024-02-05", 0, 0, 0, 700), *weeks("a", "2024-03-04", 0, 0, 0))
        facts = horizon("2024-03-25", 14, before=before)  # weeks of March and of April
        rule = OvertimeInPeriod(1000, "s", 2, rolling=True)
        assert list(rule.lines(Person("a"), facts)) == [
            BoundedSum(day("2024-03-25"), day("2024-03-31"), "paid_minutes", None, 2400 + 300),
            BoundedSum(day("2024-04-01"), day("2024-04-07"), "paid_minutes", None, 2400 + 500),
            ShiftLength("paid_minutes", 480 + 300 // 7),
        ]

    def test_leap_day_counts_for_the_week_that_it_lies_in(self, shifts, breaches):
        rota = shifts(("a", "2024-02-29T08:00", 541))
        rule = OvertimeInPeriod(60, "s", 1)
        assert breaches(rule, rota, horizon("2024-02-26")) == [("a", 61, 60)]
        assert breaches(rule, shifts(("a", "2024-02-29T08:00", 540)), horizon("2024-02-26")) == []
