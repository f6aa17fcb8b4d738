"""Pay by the Labour Law of the PRC, standard and comprehensive hours: every minute by hand."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from centre.instants import day_number
from centre.model import Contract, Overtime
from scheduler.pay.cn_comprehensive import ChinaComprehensivePay
from scheduler.pay.cn_labour import ChinaPay
from scheduler.pay.lines import pay_lines, pay_summary
from scheduler.pay.priced import PayTerms, week_prices
from scheduler.rules.facts import Facts, Person, day_classes

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = day_number(date(2026, 9, 28))  # Thursday 1 October to Saturday 3 October 2026 are statutory
HOLIDAYS = {day_number(date(2026, 10, day)): "statutory" for day in (1, 2, 3)} | {
    day_number(date(2026, 10, 5)): "bridged", day_number(date(2026, 10, 10)): "makeup",
    day_number(date(2026, 10, 4)): "rest",
}  # fmt: skip
FIVE_DAYS = Contract("全职", 0, 2400, 0, 5, ("day",), 60.0, Overtime(600))
MEAL = ((240, 60, False, "meal"),)


def facts(first=MONDAY, days=14, special=HOLIDAYS, **people):
    known = {name: Person(name, contract=contract, starts_on=first) for name, contract in people.items()}
    return Facts(SHANGHAI, first, days, people=known or None, special_days=special)


def paid(pay, agent="a"):
    """Minutes by class and rate."""
    sums = {}
    for row in pay.lines[pay.lines["agent_id"] == agent].itertuples():
        key = row.pay_class, row.multiplier
        sums[key] = sums.get(key, 0) + row.minutes
    return sums


def day_shift(local_shift, day, minutes, agent="a", start="09:00"):
    return local_shift(SHANGHAI, agent, f"{day}T{start}", minutes, MEAL if minutes > 300 else ())


@pytest.mark.parametrize(("paid_minutes", "overtime"), [(479, 0), (480, 0), (481, 1), (600, 120)])
def test_overtime_begins_after_eight_hours(rota_of, local_shift, paid_minutes, overtime):
    shift = day_shift(local_shift, "2026-09-28", paid_minutes + 60)
    pay = pay_lines(rota_of([shift]), facts(a=FIVE_DAYS), ChinaPay())
    expected = {("ordinary", 1.0): min(480, paid_minutes)} | (
        {("overtime", 1.5): overtime} if overtime else {}
    )
    assert paid(pay) == expected
    assert pay.told == ()


def test_the_line_of_overtime_names_article_and_figures(rota_of, local_shift):
    pay = pay_lines(rota_of([day_shift(local_shift, "2026-09-28", 541)]), facts(a=FIVE_DAYS), ChinaPay())
    (source,) = pay.lines.loc[pay.lines["pay_class"] == "overtime", "source"]
    assert source == (
        "Labour Law of the PRC art. 44(1): 481 paid min counted in the day 2026-09-28; 1 beyond 480"
    )


def test_the_week_counts_what_is_not_overtime_by_the_day(rota_of, local_shift):
    """Six days of 7 h and a half make 45 h: 5 h over; a day of 9 h then has its hour by the day."""
    days = ["2026-10-12", "2026-10-13", "2026-10-14", "2026-10-15", "2026-10-16"]
    shifts = [day_shift(local_shift, day, 540) for day in days[:4]] + [day_shift(local_shift, days[4], 601)]
    pay = pay_lines(rota_of(shifts), facts(day_number(date(2026, 10, 12)), 7, a=FIVE_DAYS), ChinaPay())
    assert paid(pay) == {("ordinary", 1.0): 2400, ("overtime", 1.5): 61}
    six = [day_shift(local_shift, f"2026-10-{12 + k}", 480) for k in range(6)]
    contract = Contract("六天", 0, 2400, 0, 6, ("day",))
    pay = pay_lines(rota_of(six), facts(day_number(date(2026, 10, 12)), 7, a=contract), ChinaPay())
    assert paid(pay) == {("ordinary", 1.0): 2400, ("overtime", 1.5): 120}
    told = pay.lines.loc[pay.lines["pay_class"] == "overtime", "source"]
    assert set(told) == {
        "Labour Law of the PRC art. 44(1): 2,520 paid min counted in the week from 2026-10-12; 120 beyond 2,400"
    }


def test_a_night_before_the_holiday_is_split_at_midnight(rota_of, local_shift):
    shift = local_shift(SHANGHAI, "a", "2026-09-30T22:00", 480)
    pay = pay_lines(rota_of([shift]), facts(a=FIVE_DAYS), ChinaPay())
    assert paid(pay) == {("ordinary", 1.0): 120, ("public_holiday", 3.0): 360}
    assert set(pay.lines["day"]) == {date(2026, 9, 30)}
    late = local_shift(SHANGHAI, "a", "2026-10-03T22:00", 480)
    pay = pay_lines(rota_of([late]), facts(a=FIVE_DAYS), ChinaPay())
    assert paid(pay) == {("public_holiday", 3.0): 120, ("ordinary", 1.0): 360}


def test_the_night_into_the_new_year_is_split_and_summed_in_december(rota_of, local_shift):
    new_year = {day_number(date(2027, 1, 1)): "statutory"}
    shift = local_shift(SHANGHAI, "a", "2026-12-31T22:00", 480)
    known = facts(day_number(date(2026, 12, 28)), 7, new_year, a=FIVE_DAYS)
    pay = pay_lines(rota_of([shift]), known, ChinaPay())
    assert paid(pay) == {("ordinary", 1.0): 120, ("public_holiday", 3.0): 360}
    assert set(pay_summary(pay.lines)["month"]) == {"2026-12"}


def test_the_leap_day_is_a_day_of_its_week_and_month(rota_of, local_shift):
    """Monday 28 February to Friday 3 March 2028 with the 29th between: 5 x 8 h 12 min, an hour over by the days."""
    days = ["2028-02-28", "2028-02-29", "2028-03-01", "2028-03-02", "2028-03-03"]
    shifts = [day_shift(local_shift, day, 552) for day in days]
    known = facts(day_number(date(2028, 2, 28)), 7, {}, a=FIVE_DAYS)
    pay = pay_lines(rota_of(shifts), known, ChinaPay())
    assert paid(pay) == {("ordinary", 1.0): 2400, ("overtime", 1.5): 60}
    sums = pay_summary(pay.lines)
    assert sums.groupby("month")["minutes"].sum().to_dict() == {"2028-02": 984, "2028-03": 1476}
    law = ChinaComprehensivePay("month", 983)
    february = facts(day_number(date(2028, 2, 1)), 40, {}, a=FIVE_DAYS)
    assert paid(pay_lines(rota_of(shifts), february, law))[("overtime", 1.5)] == 1 + 1476 - 983


def test_bridged_rest_and_made_up_days_are_never_paid_as_the_holiday(rota_of, local_shift):
    shifts = [day_shift(local_shift, day, 540) for day in ("2026-10-04", "2026-10-05", "2026-10-10")]
    pay = pay_lines(rota_of(shifts), facts(a=FIVE_DAYS), ChinaPay())
    assert paid(pay) == {("ordinary", 1.0): 1440}
    by_calendar = pay_lines(rota_of(shifts), facts(a=FIVE_DAYS), ChinaPay(rest_days="calendar"), frozenset())
    assert paid(by_calendar) == {("rest_day", 2.0): 960, ("ordinary", 1.0): 480}


def test_hours_of_the_holiday_do_not_fill_the_week(rota_of, local_shift):
    """Four usual days of 8 h and 8 h on 1 October: no overtime, though 40 h and more were worked."""
    shifts = [day_shift(local_shift, f"2026-09-{day}", 540) for day in (28, 29, 30)]
    shifts += [day_shift(local_shift, "2026-10-01", 600), day_shift(local_shift, "2026-10-04", 540)]
    pay = pay_lines(rota_of(shifts), facts(a=FIVE_DAYS), ChinaPay())
    assert paid(pay) == {("ordinary", 1.0): 1920, ("public_holiday", 3.0): 540}


def six_days(local_shift):
    return [day_shift(local_shift, f"2026-10-{12 + k}", 541 if k == 5 else 540) for k in range(6)]


def test_the_day_beyond_the_contracts_days_is_a_rest_day(rota_of, local_shift):
    known = facts(day_number(date(2026, 10, 12)), 7, a=FIVE_DAYS)
    pay = pay_lines(rota_of(six_days(local_shift)), known, ChinaPay(), frozenset())
    assert paid(pay) == {("ordinary", 1.0): 2400, ("rest_day", 2.0): 481}
    assert pay.told == ()
    unknown = pay_lines(rota_of(six_days(local_shift)), known, ChinaPay())
    assert paid(unknown) == paid(pay)
    assert len(unknown.told) == 1
    assert unknown.told[0].startswith("Not checked for 1 rest day(s) worked")


def test_a_rest_day_given_on_another_day_is_a_working_day(rota_of, local_shift):
    known = facts(day_number(date(2026, 10, 12)), 7, a=FIVE_DAYS)
    given = frozenset({("a", day_number(date(2026, 10, 17)))})
    pay = pay_lines(rota_of(six_days(local_shift)), known, ChinaPay(), given)
    assert paid(pay) == {("ordinary", 1.0): 2880, ("overtime", 1.5): 1}
    assert pay.told == ()


def test_without_a_contract_only_the_seventh_day_is_a_rest_day_and_that_is_told(rota_of, local_shift):
    shifts = [day_shift(local_shift, f"2026-10-{12 + k}", 360) for k in range(7)]
    pay = pay_lines(rota_of(shifts), facts(day_number(date(2026, 10, 12)), 7), ChinaPay(), frozenset())
    assert paid(pay) == {("ordinary", 1.0): 1800, ("rest_day", 2.0): 300}
    assert any("their contract is not known" in told for told in pay.told)


def test_a_contract_of_seven_days_has_a_rest_day_all_the_same(rota_of, local_shift):
    shifts = [day_shift(local_shift, f"2026-10-{12 + k}", 360) for k in range(7)]
    seven = Contract("七天", 0, 2400, 0, 7, ("day",))
    pay = pay_lines(
        rota_of(shifts), facts(day_number(date(2026, 10, 12)), 7, a=seven), ChinaPay(), frozenset()
    )
    assert paid(pay) == {("ordinary", 1.0): 1800, ("rest_day", 2.0): 300}


def test_without_a_calendar_no_day_is_a_holiday_and_that_is_told(rota_of, local_shift):
    shift = day_shift(local_shift, "2026-10-01", 540)
    pay = pay_lines(rota_of([shift]), facts(special=None, a=FIVE_DAYS), ChinaPay())
    assert paid(pay) == {("ordinary", 1.0): 480}
    assert any("No calendar is known" in told for told in pay.told)


def test_what_was_worked_before_fills_the_week_and_is_not_paid_again(rota_of, local_shift):
    """Monday to Wednesday lie before the horizon: 30 h; Thursday to Saturday add 24 h: 14 h beyond 40."""
    early = [day_shift(local_shift, f"2026-10-{day}", 660) for day in (12, 13, 14)]
    late = [day_shift(local_shift, f"2026-10-{day}", 540) for day in (15, 16)]
    first = day_number(date(2026, 10, 15))
    person = {"a": Person("a", contract=FIVE_DAYS)}
    known = Facts(SHANGHAI, first, 4, people=person, before=rota_of(early), special_days=HOLIDAYS)
    pay = pay_lines(rota_of(late), known, ChinaPay())
    assert paid(pay) == {("ordinary", 1.0): 960}  # 3 x 8 h + 2 x 8 h: the early overtime was paid by its day
    more = [*late, day_shift(local_shift, "2026-10-17", 540)]
    pay = pay_lines(rota_of(more), known, ChinaPay(), frozenset())
    assert paid(pay) == {("ordinary", 1.0): 960, ("rest_day", 2.0): 480}
    assert pay.told == ()
    alone = pay_lines(
        rota_of(late), Facts(SHANGHAI, first, 4, people=person, special_days=HOLIDAYS), ChinaPay()
    )
    assert alone.told == (
        "Not checked for 1 person: what was worked from 2026-10-12 to 2026-10-14 is not known, so overtime and rest "
        "days of that week may be more than is told here.",
    )


@pytest.mark.parametrize(("starts", "told"), [(0, 0), (-1, 1)])
def test_who_starts_on_the_first_day_known_has_nothing_unknown(rota_of, local_shift, starts, told):
    first = day_number(date(2026, 10, 15))  # a Thursday
    person = Person("a", contract=FIVE_DAYS, starts_on=first + starts)
    known = Facts(SHANGHAI, first, 4, people={"a": person}, special_days={})
    pay = pay_lines(rota_of([day_shift(local_shift, "2026-10-15", 540)]), known, ChinaPay())
    assert len(pay.told) == told


def test_comprehensive_hours_pay_the_periods_overtime_and_no_rest_days(rota_of, local_shift):
    """A week of 40 h: seven days of 6 h are 42 h, 2 h of them at 150 %, none at 200 %."""
    shifts = [day_shift(local_shift, f"2026-10-{12 + k}", 420) for k in range(7)]
    known = facts(day_number(date(2026, 10, 12)), 7, a=FIVE_DAYS)
    pay = pay_lines(rota_of(shifts), known, ChinaComprehensivePay("week"))
    assert paid(pay) == {("ordinary", 1.0): 2400, ("overtime", 1.5): 120}
    assert pay.told == ()


def test_comprehensive_hours_leave_the_holiday_out_of_the_period(rota_of, local_shift):
    shifts = [local_shift(SHANGHAI, "a", f"2026-10-0{1 + k}T08:00", 720) for k in (0, 3, 4, 5)]
    law = ChinaComprehensivePay("month", 2159)
    pay = pay_lines(rota_of(shifts), facts(day_number(date(2026, 10, 1)), 31, a=FIVE_DAYS), law)
    assert paid(pay) == {("ordinary", 1.0): 2159, ("overtime", 1.5): 1, ("public_holiday", 3.0): 720}
    (source,) = pay.lines.loc[pay.lines["pay_class"] == "overtime", "source"]
    assert source.endswith("2,160 paid min counted in the month from 2026-10-01; 1 beyond 2,159")


@pytest.mark.parametrize(
    ("period", "year", "total"),
    [
        ("month", 2026, 9920),
        ("quarter", 2026, 29760),
        ("year", 2026, 119040),
        ("year", 2024, 120000),
        ("week", 2026, 2400),
    ],
)
def test_totals_of_a_period_are_the_statutory_average(rota_of, local_shift, period, year, total):
    """248 working days of 8 h a year from 2025 on, 250 before."""
    first = day_number(date(year, 7, 1)) if period != "year" else day_number(date(year, 1, 1))
    shifts = [
        local_shift(
            SHANGHAI, "a", f"{date.fromordinal(date(1970, 1, 1).toordinal() + first + k)}T00:00", 1440
        )
        for k in range(90)
    ]
    if period == "week":
        shifts = shifts[:5]
    if period == "month":
        shifts = shifts[:31]
    known = Facts(SHANGHAI, first, 200, people={"a": Person("a", starts_on=first)}, special_days={})
    found = paid(pay_lines(rota_of(shifts), known, ChinaComprehensivePay(period)))
    assert found[("ordinary", 1.0)] == total
    assert found[("overtime", 1.5)] == 1440 * len(shifts) - total


def test_a_quarter_known_only_in_part_is_told(rota_of, local_shift):
    pay = pay_lines(
        rota_of([day_shift(local_shift, "2026-10-12", 540)]),
        Facts(SHANGHAI, day_number(date(2026, 10, 12)), 7, special_days={}),
        ChinaComprehensivePay(),
    )
    assert pay.told == (
        "Not checked for 1 person: what was worked from 2026-10-01 to 2026-10-11 is not known, so overtime of that "
        "quarter may be more than is told here.",
    )


def test_paid_leave_is_a_class_of_its_own_and_fills_no_week(rota_of, local_shift):
    shifts = [day_shift(local_shift, f"2026-10-{12 + k}", 540) for k in range(5)]
    day = day_number(date(2026, 10, 17)) * 1440 + 60
    leave = (
        shifts[0]
        .__class__("a", day_number(date(2026, 10, 17)), day, day + 480)
        .row(day, day + 480, "leave", True)
    )
    known = facts(day_number(date(2026, 10, 12)), 7, a=FIVE_DAYS)
    pay = pay_lines(rota_of(shifts, [leave]), known, ChinaPay())
    assert paid(pay) == {("ordinary", 1.0): 2400, ("paid_leave", 1.0): 480}


NATIONAL_DAY = day_number(date(2025, 9, 22))
"""Monday 22 September 2025: Sunday 28 September is worked in exchange for 7 October."""


@pytest.mark.parametrize(("length", "overtime"), [(480, 0), (541, 61)])
def test_p11_a_makeup_sunday_is_an_ordinary_day_by_the_calendar(rota_of, local_shift, length, overtime):
    """Monday to Friday are 40 hours; those of the Sunday worked in exchange count by the day alone, and none is a rest day."""
    days = [f"2025-09-{22 + k}" for k in range(5)]
    shifts = [day_shift(local_shift, day, 540) for day in days] + [
        day_shift(local_shift, "2025-09-28", length + 60)
    ]
    known = facts(NATIONAL_DAY, 7, day_classes("CN", NATIONAL_DAY, 7), a=replace(FIVE_DAYS, days_max=6))
    expected = {("ordinary", 1.0): 2400 + length - overtime} | (
        {("overtime", 1.5): overtime} if overtime else {}
    )
    assert paid(pay_lines(rota_of(shifts), known, ChinaPay(rest_days="calendar"), frozenset())) == expected
    rotating = paid(pay_lines(rota_of(shifts), known, ChinaPay(), frozenset()))
    assert rotating == {("ordinary", 1.0): 2400, ("overtime", 1.5): length}
    plain = replace(known, special_days={})
    off = paid(pay_lines(rota_of(shifts), plain, ChinaPay(rest_days="calendar"), frozenset()))
    assert off == {("ordinary", 1.0): 2400, ("rest_day", 2.0): length}


def test_the_search_counts_a_week_as_the_calendar_does():
    """Weekend days, days exchanged and make-up workdays are no part of the 40 hours; each person's own week has all of them."""
    known = facts(NATIONAL_DAY, 7, day_classes("CN", NATIONAL_DAY, 7), a=FIVE_DAYS)
    (price,) = week_prices(PayTerms(ChinaPay(rest_days="calendar"), known), known.people["a"])
    assert price.left_out == (NATIONAL_DAY + 5, NATIONAL_DAY + 6)
    (rotating,) = week_prices(PayTerms(ChinaPay(), known), known.people["a"])
    assert rotating.left_out == ()
