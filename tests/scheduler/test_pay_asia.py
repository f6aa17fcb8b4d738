"""Pay laws of Japan, the Philippines and India: every minute by hand."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from centre.instants import day_number
from centre.model import Contract
from scheduler.pay.in_osh import IndiaPay
from scheduler.pay.jp import JapanPay
from scheduler.pay.lines import pay_lines
from scheduler.pay.ph import PhilippinesPay
from scheduler.rules.facts import Facts, Person

TOKYO, MANILA, KOLKATA = (ZoneInfo(f"Asia/{city}") for city in ("Tokyo", "Manila", "Kolkata"))
MARCH = day_number(date(2026, 3, 1))  # a Sunday
MONDAY = day_number(date(2026, 3, 2))
HOUR = 60


def paid(pay):
    """Minutes by class, premium and rate."""
    sums = {}
    for row in pay.lines.itertuples():
        key = row.pay_class, row.premium, row.multiplier
        sums[key] = sums.get(key, 0) + row.minutes
    return sums


def in_japan(first=MARCH, days=35, week_start=0, **more):
    person = {"a": Person("a", starts_on=first)}
    return Facts(TOKYO, first, days, week_start=week_start, people=person, **more)


@pytest.mark.parametrize(("minutes", "overtime"), [(480, 0), (481, 1)])
def test_japan_pays_a_quarter_more_beyond_eight_hours(rota_of, local_shift, minutes, overtime):
    pay = pay_lines(rota_of([local_shift(TOKYO, "a", "2026-03-02T08:00", minutes)]), in_japan(), JapanPay())
    assert paid(pay) == {("ordinary", "", 1.0): 480} | ({("overtime", "", 1.25): 1} if overtime else {})
    assert pay.told == ()


def test_japans_night_is_added_to_the_overtime_and_a_shift_over_midnight_is_one_days(rota_of, local_shift):
    """18:00 to 04:00 with a meal at 22:00: 240 by day, 240 at night to 03:00, then 60 of overtime at night."""
    shift = local_shift(TOKYO, "a", "2026-03-02T18:00", 600, ((240, 60, False, "meal"),))
    pay = pay_lines(rota_of([shift]), in_japan(), JapanPay())
    expected = {("ordinary", "", 1.0): 240, ("ordinary", "night", 1.25): 240, ("overtime", "night", 1.5): 60}
    assert paid(pay) == expected
    late = pay.lines[pay.lines["pay_class"] == "overtime"]["source"].item()
    assert late == (
        "Labour Standards Act art. 37(1): 540 paid min counted in the day 2026-03-02; 60 beyond 480; "
        "Labour Standards Act art. 37(4): between 22:00 and 05:00"
    )


@pytest.mark.parametrize(
    ("start", "night"), [("2026-03-02T21:59", 1), ("2026-03-03T04:59", 1), ("2026-03-03T05:00", 0)]
)
def test_japans_night_is_half_open(rota_of, local_shift, start, night):
    minutes = 2 if night else 1
    pay = pay_lines(rota_of([local_shift(TOKYO, "a", start, minutes)]), in_japan(), JapanPay())
    assert paid(pay).get(("ordinary", "night", 1.25), 0) == night


def overtime_of_a_month(local_shift, last):
    """14 hours on ten working days: 60 h of overtime; then a day of ``last`` minutes."""
    days = [2, 3, 4, 5, 6, 9, 10, 11, 12, 13]
    shifts = [local_shift(TOKYO, "a", f"2026-03-{day:02d}T06:00", 840) for day in days]
    return [*shifts, local_shift(TOKYO, "a", "2026-03-16T06:00", last)]


@pytest.mark.parametrize(("last", "long"), [(480, 0), (481, 1), (600, 120)])
def test_japan_pays_half_more_beyond_sixty_hours_of_overtime_a_month(rota_of, local_shift, last, long):
    pay = pay_lines(rota_of(overtime_of_a_month(local_shift, last)), in_japan(), JapanPay())
    expected = {("ordinary", "", 1.0): 11 * 480, ("overtime", "", 1.25): 3600}
    assert paid(pay) == expected | ({("overtime_over_60h", "", 1.5): long} if long else {})
    if long == 1:
        source = pay.lines[pay.lines["multiplier"] == 1.5]["source"].item()
        assert source.endswith("3,601 paid min counted in the month 2026-03 as overtime; 1 beyond 3,600")


def test_a_new_month_begins_its_sixty_hours_anew(rota_of, local_shift):
    shifts = [*overtime_of_a_month(local_shift, 480), local_shift(TOKYO, "a", "2026-04-01T06:00", 540)]
    pay = pay_lines(rota_of(shifts), in_japan(), JapanPay())
    assert paid(pay)[("overtime", "", 1.25)] == 3660
    assert ("overtime_over_60h", "", 1.5) not in paid(pay)


def test_a_month_known_only_in_part_is_told_where_there_is_overtime(rota_of, local_shift):
    known = Facts(TOKYO, MONDAY + 7, 7)
    with_overtime = pay_lines(rota_of([local_shift(TOKYO, "a", "2026-03-09T06:00", 481)]), known, JapanPay())
    assert with_overtime.told == (
        "Not checked for 1 person: what was worked from 2026-03-01 to 2026-03-08 is not known, so overtime of that "
        "month may be more than is told here.",
    )
    without = pay_lines(rota_of([local_shift(TOKYO, "a", "2026-03-09T06:00", 480)]), known, JapanPay())
    assert without.told == ()


def test_japans_day_off_is_the_seventh_calendar_day_worked_night_and_all(rota_of, local_shift):
    """Six days of 6 h, the last a night into Sunday: from midnight on it is the day off, at night 1.6."""
    shifts = [local_shift(TOKYO, "a", f"2026-03-{day:02d}T08:00", 360) for day in range(2, 7)]
    night = local_shift(TOKYO, "a", "2026-03-07T20:00", 360)
    pay = pay_lines(rota_of([*shifts, night]), in_japan(), JapanPay())
    assert paid(pay) == {
        ("ordinary", "", 1.0): 1800 + 120, ("ordinary", "night", 1.25): 120, ("rest_day", "night", 1.6): 120,
    }  # fmt: skip
    free = pay_lines(rota_of([*shifts[1:], night]), in_japan(), JapanPay())
    assert ("rest_day", "night", 1.6) not in paid(free)
    moved = pay_lines(rota_of([*shifts, night]), in_japan(), JapanPay(), frozenset({("a", MONDAY + 5)}))
    assert ("rest_day", "night", 1.6) not in paid(moved)


def test_hours_of_japans_day_off_are_no_overtime(rota_of, local_shift):
    """Seven days of 10 h: 40 h in the first five, ten of overtime there; Saturday is all overtime, Sunday the day off."""
    shifts = [local_shift(TOKYO, "a", f"2026-03-{day:02d}T08:00", 600) for day in range(2, 9)]
    pay = pay_lines(rota_of(shifts), in_japan(), JapanPay())
    assert paid(pay) == {
        ("ordinary", "", 1.0): 2400, ("overtime", "", 1.25): 600 + 600, ("rest_day", "", 1.35): 600,
    }  # fmt: skip


def test_hours_of_japans_day_off_do_not_count_towards_the_months_overtime(rota_of, local_shift):
    """The week above has 20 h of overtime beside its day off; with a limit of 21 h the next day's hour still fits."""
    shifts = [local_shift(TOKYO, "a", f"2026-03-{day:02d}T08:00", 600) for day in range(2, 9)]
    last = local_shift(TOKYO, "a", "2026-03-09T08:00", 541)
    pay = pay_lines(rota_of([*shifts, last]), in_japan(), JapanPay(monthly_minutes=1260))
    assert paid(pay)[("overtime", "", 1.25)] == 1260
    assert paid(pay)[("overtime_over_60h", "", 1.5)] == 1


NAMES = {
    day_number(date(2026, 12, 25)): "Christmas Day", day_number(date(2026, 12, 24)): "Christmas Eve",
    day_number(date(2026, 12, 8)): "Immaculate Conception", day_number(date(2026, 12, 9)): "Founding of Paiban",
}  # fmt: skip
DECEMBER = day_number(date(2026, 12, 1))


def in_manila(days_max=5, first=DECEMBER, **more):
    contract = Contract("c", 0, 2880, 0, days_max, ("day",))
    kinds = dict.fromkeys(NAMES, "statutory")
    told = {"special_days": kinds, "holidays": NAMES} | more
    return Facts(MANILA, first, 31, people={"a": Person("a", contract=contract, starts_on=first)}, **told)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-12-02", {("ordinary", "", 1.0): 480, ("overtime", "", 1.25): 60}),
        ("2026-12-08", {("special_day", "", 1.3): 480, ("special_day_overtime", "", 1.69): 60}),
        ("2026-12-25", {("regular_holiday", "", 2.0): 480, ("regular_holiday_overtime", "", 2.6): 60}),
    ],
)
def test_the_philippines_pay_overtime_on_the_days_own_rate(rota_of, local_shift, day, expected):
    pay = pay_lines(rota_of([local_shift(MANILA, "a", f"{day}T08:00", 540)]), in_manila(), PhilippinesPay())
    assert paid(pay) == expected
    exact = pay_lines(rota_of([local_shift(MANILA, "a", f"{day}T08:00", 480)]), in_manila(), PhilippinesPay())
    assert list(paid(exact).values()) == [480]


def test_the_philippine_night_is_a_tenth_of_what_is_then_due(rota_of, local_shift):
    """20:00 to 05:00 on the eve of Christmas, itself a special day: 1.3, night 1.43; from midnight 2.0 x 1.1, overtime 2.6 x 1.1."""
    shift = local_shift(MANILA, "a", "2026-12-24T20:00", 540)
    pay = pay_lines(rota_of([shift]), in_manila(), PhilippinesPay())
    assert paid(pay) == {
        ("special_day", "", 1.3): 120, ("special_day", "night", 1.43): 120, ("regular_holiday", "night", 2.2): 240,
        ("regular_holiday_overtime", "night", 2.86): 60,
    }  # fmt: skip
    last = pay.lines["source"].iloc[-1]
    assert last == (
        "Labor Code of the Philippines art. 94: 2026-12-25 is a regular holiday; "
        "Labor Code of the Philippines art. 87: 540 paid min counted in the day 2026-12-24; 60 beyond 480; "
        "Labor Code of the Philippines art. 86: between 22:00 and 06:00"
    )


def test_philippine_rest_days_compound_with_holidays(rota_of, local_shift):
    """A contract of one day a week: the second day worked is a rest day. Week of 7 December: Monday, then the 8th."""
    shifts = [local_shift(MANILA, "a", f"2026-12-{day:02d}T08:00", 541) for day in (7, 8)]
    pay = pay_lines(rota_of(shifts), in_manila(1), PhilippinesPay())
    assert paid(pay)[("special_rest_day", "", 1.5)] == 480
    assert paid(pay)[("special_rest_day_overtime", "", 1.95)] == 61
    shifts = [
        local_shift(MANILA, "a", f"2026-12-{day:02d}T{at}", 540)
        for day, at in ((22, "08:00"), (23, "08:00"), (25, "21:00"))
    ]
    pay = pay_lines(rota_of(shifts), in_manila(1), PhilippinesPay())
    rates = paid(pay)
    assert rates[("rest_day", "", 1.3)] == 480
    assert rates[("rest_day_overtime", "", 1.69)] == 60
    assert rates[("regular_holiday_rest_day", "", 2.6)] == 60
    assert rates[("regular_holiday_rest_day", "night", 2.86)] == 120
    assert rates[("rest_day", "night", 1.43)] == 300


def test_a_philippine_holiday_of_another_name_is_paid_as_a_regular_one_and_told(rota_of, local_shift):
    pay = pay_lines(
        rota_of([local_shift(MANILA, "a", "2026-12-09T08:00", 480)]), in_manila(), PhilippinesPay()
    )
    assert paid(pay) == {("regular_holiday", "", 2.0): 480}
    assert pay.told == (
        "Not checked: whether 2026-12-09 (Founding of Paiban) is a regular holiday or a special day is not known; paid as "
        "a regular holiday.",
    )


def test_without_a_philippine_calendar_that_is_told(rota_of, local_shift):
    rota = rota_of([local_shift(MANILA, "a", "2026-12-25T08:00", 480)])
    pay = pay_lines(rota, in_manila(special_days=None), PhilippinesPay())
    assert paid(pay) == {("ordinary", "", 1.0): 480}
    assert any("No calendar is known" in told for told in pay.told)


@pytest.mark.parametrize(("minutes", "double"), [(480, 0), (481, 6)])
def test_india_pays_twice_beyond_eight_hours_a_day_and_48_a_week(rota_of, local_shift, minutes, double):
    shifts = [local_shift(KOLKATA, "a", f"2026-03-{day:02d}T08:00", minutes) for day in range(2, 8)]
    known = Facts(KOLKATA, MONDAY, 7)
    pay = pay_lines(rota_of(shifts), known, IndiaPay())
    assert paid(pay) == {("ordinary", "", 1.0): 2880} | ({("overtime", "", 2.0): double} if double else {})
    seven = [*shifts, local_shift(KOLKATA, "a", "2026-03-08T08:00", 1)]
    pay = pay_lines(rota_of(seven), known, IndiaPay())
    assert paid(pay)[("overtime", "", 2.0)] == double + 1
