"""Hours of reference periods by hand: working days of the calendar, leave, what came before, the ledger, edges."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from centre.instants import day_number, day_start
from scheduler.rules.average_weekly_hours import AverageWeeklyHours
from scheduler.rules.facts import Facts, Person
from scheduler.rules.period_hours import PeriodHours
from scheduler.rules.primitives import BoundedSum

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONTH = PeriodHours("art. 39")
FIXED = PeriodHours("s", "quarter", minutes=29760)


def day(text):
    return day_number(date.fromisoformat(text))


SPRING = {  # 21 weekdays in February 2024, less five, and two make-up workdays: 18 working days
    **{day(f"2024-02-{d}"): "statutory" for d in (12, 13)},
    **{day(f"2024-02-{d}"): "bridged" for d in (14, 15, 16)},
    **{day(f"2024-02-{d}"): "rest" for d in (10, 11, 17)},
    **{day(f"2024-02-{d:02d}"): "makeup" for d in (4, 18)},
}  # fmt: skip


def horizon(start, days=7, special=SPRING, **more):
    return Facts(SHANGHAI, day(start), days, special_days=special, **more)


def daily(agent, first, minutes, days, clock="08:00"):
    start = date.fromisoformat(first)
    return [(agent, f"{start + timedelta(k)}T{clock}", minutes) for k in range(days)]


@pytest.fixture(name="shifts")
def shifts_fixture(local_shift, rota_of):
    """A rota of (agent, local start, elapsed minutes, breaks) in Shanghai."""

    def shifts(*told):
        return rota_of([local_shift(SHANGHAI, *shift) for shift in told])

    return shifts


def test_a_months_working_days_by_the_calendar(shifts, breaches, not_checked):
    # 18 x 480 = 8640 minutes: 24 days of 360 on any days of the month, also on holidays.
    facts = horizon("2024-02-01", 29)
    rota = shifts(*daily("a", "2024-02-01", 360, 24))
    assert breaches(MONTH, rota, facts) == []
    more = shifts(*daily("a", "2024-02-01", 360, 24), ("a", "2024-02-29T08:00", 1))
    assert breaches(MONTH, more, facts) == [("a", 8641, 8640)]
    assert not_checked(MONTH, more, facts) == []


def test_other_ways_to_count_working_days(shifts, breaches):
    rota = shifts(*daily("a", "2024-02-01", 600, 24))  # 14400 min
    facts = horizon("2024-02-01", 29)
    six_days = PeriodHours("s", working_weekdays=6)  # 25 from Monday to Saturday, less seven, and two
    assert breaches(six_days, rota, facts) == [("a", 14400, 20 * 480)]
    plain = PeriodHours("s", workdays="plain")  # 29 days x 2400 / 7, no holidays
    assert breaches(plain, rota, facts) == [("a", 14400, 9942)]
    assert breaches(plain, rota, horizon("2024-02-01", 29, None)) == [("a", 14400, 9942)]
    fixed = PeriodHours("s", minutes=14399)
    assert breaches(fixed, rota, horizon("2024-02-01", 29, None)) == [("a", 14400, 14399)]
    shorter = PeriodHours("s", daily_minutes=420)
    assert breaches(shorter, rota, facts) == [("a", 14400, 18 * 420)]


def test_without_a_calendar_nothing_passes(shifts, breaches, not_checked):
    rota = shifts(*daily("a", "2024-02-01", 900, 29))
    facts = horizon("2024-02-01", 29, None)
    assert breaches(MONTH, rota, facts) == []
    (sentence,) = not_checked(MONTH, rota, facts)
    assert "no calendar" in sentence
    assert list(MONTH.lines(Person("a"), facts)) == []
    assert not_checked(MONTH, shifts(), facts) == []


def test_paid_breaks_count_only_where_paid_minutes_are_measured(shifts, breaches):
    pause = ((120, 30, True, "break"),)
    rota = shifts(
        *((who, start, minutes, pause) for who, start, minutes in daily("a", "2024-02-01", 390, 24))
    )
    assert breaches(MONTH, rota, horizon("2024-02-01", 29)) == []
    paid = PeriodHours("s", measure="paid_minutes")
    assert breaches(paid, rota, horizon("2024-02-01", 29)) == [("a", 9360, 8640)]


def test_leave_and_days_not_employed_lower_the_limit_by_their_working_days(shifts, breaches):
    # Leave from Saturday the 24th to Monday the 26th: one working day. Employed from Friday the 2nd: one less.
    away = day_start(SHANGHAI, day("2024-02-24")), day_start(SHANGHAI, day("2024-02-27"))
    people = {
        "a": Person("a", leave=(away,)),
        "b": Person("b", starts_on=day("2024-02-02")),
        "c": Person("c"),
    }
    rota = shifts(
        *(shift for who in "abc" for shift in daily(who, "2024-02-02", 480, 17)),
        ("c", "2024-02-19T08:00", 480),
    )
    facts = horizon("2024-02-01", 29, people=people)
    assert breaches(MONTH, rota, facts) == []
    more = shifts(*(shift for who in "abc" for shift in daily(who, "2024-02-02", 481, 17)))
    assert breaches(MONTH, more, facts) == [("a", 8177, 8160), ("b", 8177, 8160)]
    fixed = PeriodHours("s", minutes=8700)  # 300 min a day of the 29
    assert breaches(fixed, more, facts) == [("a", 8177, 26 * 300)]
    plain = PeriodHours("s", workdays="plain")
    assert breaches(plain, shifts(*daily("b", "2024-02-02", 600, 17)), facts) == [
        ("b", 10200, 2400 * 28 // 7)
    ]


def test_a_night_shift_counts_for_the_month_in_which_it_starts(shifts, breaches):
    rota = shifts(
        ("a", "2024-02-29T22:00", 480), ("a", "2024-03-31T22:00", 480), ("a", "2023-12-31T22:00", 480)
    )
    small = PeriodHours("s", minutes=480)
    for start in ("2024-02-29", "2024-03-31", "2023-12-31"):
        assert breaches(small, rota, horizon(start, 1)) == []
        assert breaches(PeriodHours("s", minutes=479), rota, horizon(start, 1)) == [("a", 480, 479)]


@pytest.mark.parametrize("night", ["2024-03-30", "2024-10-26"])
def test_nights_on_which_clocks_change_count_as_they_last(local_shift, rota_of, breaches, night):
    berlin = ZoneInfo("Europe/Berlin")
    (start, end) = (day_start(berlin, day(night) + k) for k in (0, 2))
    length = end - start  # 47 or 49 hours
    rota = rota_of([local_shift(berlin, "a", f"{night}T00:00", length)])
    facts = Facts(berlin, day(night), 2)
    assert breaches(PeriodHours("s", minutes=length), rota, facts) == []
    assert breaches(PeriodHours("s", minutes=length - 1), rota, facts) == [("a", length, length - 1)]


@pytest.mark.parametrize(
    ("period", "start", "first", "last"),
    [
        ("quarter", "2024-03-31", "2024-01-01", "2024-03-31"),
        ("half_year", "2024-12-31", "2024-07-01", "2024-12-31"),
        ("year", "2024-02-29", "2024-01-01", "2024-12-31"),
        ("month", "2024-12-31", "2024-12-01", "2024-12-31"),
    ],
)
def test_periods_of_the_calendar(shifts, period, start, first, last):
    rule = PeriodHours("s", period, minutes=60)
    (finding,) = rule.violations(
        shifts(("员工7", f"{start}T08:00", 61)), horizon(first, day(last) - day(first) + 1)
    )
    assert finding.explanation == (
        f"员工7 has 61 worked min from {first} to {last}; at most 60 min are allowed in this period."
    )
    assert (finding.start, finding.end) == (
        day_start(SHANGHAI, day(first)),
        day_start(SHANGHAI, day(last) + 1),
    )


def test_any_weeks_in_a_row(shifts, breaches, not_checked):
    # Two weeks of six plain working days of 8 h: 5760 minutes.
    rule = PeriodHours("§ 3", "weeks", 2, working_weekdays=6, workdays="plain")
    rota = shifts(
        *daily("a", "2024-05-06", 400, 7),
        *daily("a", "2024-05-13", 423, 7),
        *daily("a", "2024-05-20", 399, 7),
    )
    facts = horizon("2024-05-06", 21)
    assert breaches(rule, rota, facts) == [("a", 5761, 5760)]
    assert len(not_checked(rule, rota, horizon("2024-05-06", 7))) == 1
    later = horizon("2024-05-20", 7, before=rota)
    assert breaches(rule, rota, later) == []
    calendar = PeriodHours("s", "weeks", 1)
    spring = shifts(
        *daily("a", "2024-02-12", 480, 2)
    )  # the week from the 12th has one working day, its Sunday
    assert breaches(calendar, spring, horizon("2024-02-12")) == [("a", 960, 480)]


def test_what_came_before_counts_and_what_it_lost_is_not_told_again(shifts, breaches, not_checked):
    before = shifts(*daily("a", "2024-02-01", 480, 18), *daily("b", "2024-02-01", 900, 18))
    facts = horizon("2024-02-19", before=before, people={"b": Person("b")})
    assert breaches(MONTH, shifts(("a", "2024-02-19T08:00", 1)), facts) == [("a", 8641, 8640)]
    assert breaches(MONTH, shifts(), facts) == []
    assert not_checked(MONTH, shifts(("a", "2024-02-19T08:00", 1)), facts) == []


def test_a_period_known_in_part(shifts, breaches, not_checked):
    rota = shifts(*daily("a", "2024-02-12", 480, 7))
    facts = horizon("2024-02-12", 8)
    assert breaches(MONTH, rota, facts) == []
    (sentence,) = not_checked(MONTH, rota, facts)
    assert sentence.startswith("Not checked for 1 person: ")
    new = horizon("2024-02-12", 8, people={"a": Person("a", starts_on=day("2024-02-12"))})
    assert not_checked(MONTH, rota, new) == []
    too_much = shifts(*daily("a", "2024-02-12", 1440, 7))
    assert breaches(MONTH, too_much, facts) == [("a", 10080, 8640)]
    assert not_checked(MONTH, too_much, facts) == []


class TestLedger:
    """Accounts of worked minutes where the rota before does not reach back to the period's first day."""

    LAST = (("a", "2024-02-26T08:00", 240), ("a", "2024-02-27T08:00", 240))

    def facts(self, amount, as_of, before=None, period="2024-02", account="worked_minutes"):
        ledger = {("a", account, period): (amount, day(as_of)), ("z", account, period): (1.0, day(as_of))}
        return horizon("2024-02-26", 4, before=before, ledger=ledger)

    @pytest.mark.parametrize(("amount", "expected"), [(8160.0, []), (8161.0, [("a", 8641, 8640)])])
    def test_an_account_up_to_the_day_before(self, shifts, breaches, not_checked, amount, expected):
        facts = self.facts(amount, "2024-02-25")
        assert breaches(MONTH, shifts(*self.LAST), facts) == expected
        assert not_checked(MONTH, shifts(*self.LAST), facts) == []
        assert list(MONTH.lines(Person("a"), facts)) == [
            BoundedSum(day("2024-02-26"), day("2024-02-29"), "worked_minutes", None, 8640 - round(amount)),
        ]

    def test_days_after_the_account_are_added(self, shifts, breaches, not_checked):
        before = shifts(*daily("a", "2024-02-20", 60, 6))  # six hours from the 20th, three after the 22nd
        facts = self.facts(8640 - 480 - 180, "2024-02-22", before)
        assert breaches(MONTH, shifts(*self.LAST), facts) == []
        assert not_checked(MONTH, shifts(*self.LAST), facts) == []
        more = self.facts(8640 - 480 - 179, "2024-02-22", before)
        assert breaches(MONTH, shifts(*self.LAST), more) == [("a", 8641, 8640)]
        (bound,) = MONTH.lines(Person("a"), more)
        assert bound.high == 479

    def test_days_missing_between_account_and_rota(self, shifts, breaches, not_checked):
        before = shifts(*daily("a", "2024-02-20", 60, 6))
        facts = self.facts(8640 - 480 - 360, "2024-02-18", before)
        assert breaches(MONTH, shifts(*self.LAST), facts) == []
        assert len(not_checked(MONTH, shifts(*self.LAST), facts)) == 1
        more = self.facts(8640 - 480 - 359, "2024-02-18", before)
        assert breaches(MONTH, shifts(*self.LAST), more) == [("a", 8641, 8640)]
        (bound,) = MONTH.lines(Person("a"), more)
        assert bound.high == 479

    def test_what_the_rota_before_has_whole_beats_the_account(self, shifts, breaches):
        before = shifts(*daily("a", "2024-02-01", 480, 17))
        facts = self.facts(9999, "2024-02-25", before)
        assert breaches(MONTH, shifts(*self.LAST), facts) == []
        (bound,) = MONTH.lines(Person("a"), facts)
        assert bound.high == 480

    def test_an_account_that_reaches_into_the_horizon(self, shifts, breaches):
        facts = self.facts(8400, "2024-02-26")
        assert breaches(MONTH, shifts(*self.LAST), facts) == []
        assert breaches(MONTH, shifts(*self.LAST), self.facts(8401, "2024-02-26")) == [("a", 8641, 8640)]
        (bound,) = MONTH.lines(Person("a"), facts)
        assert (bound.first_day, bound.high) == (day("2024-02-27"), 240)

    @pytest.mark.parametrize(
        ("period", "account", "as_of"),
        [("2024-Q1", "worked_minutes", "2024-02-25"), ("2024-02", "paid_minutes", "2024-02-25"),
         ("2024-02", "worked_minutes", "2024-01-31")],
    )  # fmt: skip
    def test_other_accounts_say_nothing(self, shifts, breaches, not_checked, period, account, as_of):
        facts = self.facts(99999, as_of, period=period, account=account)
        assert breaches(MONTH, shifts(*self.LAST), facts) == []
        assert len(not_checked(MONTH, shifts(*self.LAST), facts)) == 1

    @pytest.mark.parametrize(
        ("period", "name"), [("quarter", "2024-Q1"), ("half_year", "2024-H1"), ("year", "2024")]
    )
    def test_accounts_of_longer_periods(self, shifts, breaches, period, name):
        rule = PeriodHours("s", period, minutes=10000)
        facts = self.facts(9521, "2024-02-25", period=name)
        assert breaches(rule, shifts(*self.LAST), facts) == [("a", 10001, 10000)]


def test_a_solver_is_told_each_periods_sum(shifts):
    facts = horizon("2024-02-26", 7, {}, before=shifts(*daily("a", "2024-02-01", 400, 20)))
    assert list(MONTH.lines(Person("a"), facts)) == [
        BoundedSum(day("2024-02-26"), day("2024-02-29"), "worked_minutes", None, 21 * 480 - 8000),
    ]  # March's 21 days of 8 h are more than three days can hold
    assert list(FIXED.lines(Person("a"), horizon("2024-02-26", 7))) == []
    away = (
        day_start(SHANGHAI, day("2024-02-23")),
        day_start(SHANGHAI, day("2024-02-25")),
    )  # Friday and Saturday
    (february,) = MONTH.lines(Person("a", leave=(away,)), horizon("2024-02-26", 4, before=facts.before))
    assert february.high == 17 * 480 - 8000
    tight = PeriodHours("s", minutes=100)
    (february, march) = tight.lines(Person("a"), facts)
    assert (february.high, march.high, march.first_day) == (0, 100, day("2024-03-01"))


class TestOptOutOfTheAverage:
    """48 hours on average; whoever opted out is left out where the law lets them."""

    RULE = AverageWeeklyHours(2880, 1, "reg. 5", opt_out=True)

    def facts(self, *opted, others=()):
        people = {i: Person(i, opt_outs=frozenset({"average-weekly-hours", "nights"})) for i in opted}
        return horizon("2024-05-06", people={**people, **{i: Person(i) for i in others}})

    def test_only_where_it_is_allowed_and_recorded(self, shifts, breaches, not_checked):
        rota = shifts(*(shift for who in "abc" for shift in daily(who, "2024-05-06", 481, 6)))
        facts = self.facts("a", others="b")
        assert breaches(self.RULE, rota, facts) == [("b", 2886, 2880)]
        (sentence,) = not_checked(self.RULE, rota, facts)
        assert "1 person" in sentence
        assert "opted out" in sentence
        strict = AverageWeeklyHours(2880, 1, "art. 6")
        assert [who for who, *_ in breaches(strict, rota, facts)] == ["a", "b", "c"]
        assert not_checked(strict, rota, facts) == []

    def test_at_the_limit_nobody_needs_to_be_known(self, shifts, breaches, not_checked):
        rota = shifts(*daily("c", "2024-05-06", 480, 6))
        assert breaches(self.RULE, rota, self.facts()) == []
        assert not_checked(self.RULE, rota, self.facts()) == []

    def test_who_opted_out_is_in_no_doubt_either(self, shifts, not_checked):
        rule = AverageWeeklyHours(2880, 17, "reg. 5", opt_out=True)
        rota = shifts(*daily("a", "2024-05-06", 480, 6), *daily("b", "2024-05-06", 480, 6))
        (sentence,) = not_checked(rule, rota, self.facts("a", others="b"))
        assert "1 person" in sentence
        assert "reference period" in sentence

    def test_a_solver_is_not_told_of_it(self):
        facts = self.facts("a", others="b")
        assert list(self.RULE.lines(facts.people["a"], facts)) == []
        assert len(list(self.RULE.lines(facts.people["b"], facts))) == 1

    def test_since_employment_began_where_that_is_later(self, shifts, breaches):
        # Employed for the last ten days of 17 weeks: 10 x 2880 / 7 = 4114 minutes.
        rule = AverageWeeklyHours(2880, 17, "reg. 4(4)")
        people = {"a": Person("a", starts_on=day("2024-05-03"))}
        before = shifts(*daily("a", "2024-05-03", 600, 2))
        facts = horizon("2024-05-06", people=people, before=before)
        assert breaches(rule, shifts(*daily("a", "2024-05-06", 582, 5)), facts) == []
        last = ("a", "2024-05-11T08:00", 5)
        assert breaches(rule, shifts(*daily("a", "2024-05-06", 582, 5), last), facts) == [("a", 4115, 4114)]
