"""Pay laws of California, France and Germany, and the contract alone: every minute by hand, clock changes both ways."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from centre.instants import day_number
from centre.model import Contract, Overtime
from scheduler.pay.contract import ContractPay
from scheduler.pay.de_arbzg import GermanyPay
from scheduler.pay.fr import FrancePay
from scheduler.pay.lines import pay_lines
from scheduler.pay.us_ca import CaliforniaPay
from scheduler.rules.facts import Facts, Person

PACIFIC, PARIS, BERLIN = (ZoneInfo(zone) for zone in ("America/Los_Angeles", "Europe/Paris", "Europe/Berlin"))
MONDAY = day_number(date(2026, 3, 16))
MEAL, REST = (240, 30, False, "meal"), (120, 10, True, "break")
RESTS = (REST, MEAL, (390, 10, True, "break"))
LONG = Contract("lang", 0, 3000, 0, 7, ("day",))


def paid(pay, agent="a"):
    """Minutes by class, premium and rate."""
    sums = {}
    for row in pay.lines[pay.lines["agent_id"] == agent].itertuples():
        key = row.pay_class, row.premium, row.multiplier
        sums[key] = sums.get(key, 0) + row.minutes
    return sums


def facts(zone, first=MONDAY, days=14, contract=LONG):
    return Facts(zone, first, days, people={"a": Person("a", contract=contract, starts_on=first)})


def by_day(local_shift, zone, minutes, days, start="08:00", breaks=()):
    return [local_shift(zone, "a", f"2026-03-{day}T{start}", minutes, breaks) for day in days]


def without_breaks(pay):
    return {key: value for key, value in paid(pay).items() if not key[0].startswith("missed")}


@pytest.mark.parametrize(
    ("minutes", "overtime", "double"), [(480, 0, 0), (481, 1, 0), (720, 240, 0), (721, 240, 1)]
)
def test_california_counts_the_day(rota_of, local_shift, minutes, overtime, double):
    pay = pay_lines(rota_of(by_day(local_shift, PACIFIC, minutes, [16])), facts(PACIFIC), CaliforniaPay())
    expected = {("ordinary", "", 1.0): 480, ("overtime", "", 1.5): overtime, ("double_time", "", 2.0): double}
    assert without_breaks(pay) == {key: value for key, value in expected.items() if value}


def test_california_counts_no_hour_twice(rota_of, local_shift):
    """Five days of 9 h: 5 h over by the day, 40 straight. A sixth of 8 h: all of it over by the week."""
    five = by_day(local_shift, PACIFIC, 540, range(16, 21))
    pay = pay_lines(rota_of(five), facts(PACIFIC), CaliforniaPay())
    assert without_breaks(pay) == {("ordinary", "", 1.0): 2400, ("overtime", "", 1.5): 300}
    six = [*five, *by_day(local_shift, PACIFIC, 480, [21])]
    pay = pay_lines(rota_of(six), facts(PACIFIC), CaliforniaPay())
    assert without_breaks(pay) == {("ordinary", "", 1.0): 2400, ("overtime", "", 1.5): 780}
    sources = set(pay.lines[pay.lines["day"] == date(2026, 3, 21)]["source"])
    assert (
        "California Labor Code s. 510(a): 2,880 paid min counted in the week from 2026-03-16; 480 beyond 2,400"
        in sources
    )


@pytest.mark.parametrize(("last", "double"), [(480, 0), (481, 1), (780, 300)])
def test_californias_seventh_day_is_overtime_then_double(rota_of, local_shift, last, double):
    six = by_day(local_shift, PACIFIC, 240, range(16, 22))
    pay = pay_lines(
        rota_of([*six, *by_day(local_shift, PACIFIC, last, [22])]), facts(PACIFIC), CaliforniaPay()
    )
    expected = {("ordinary", "", 1.0): 1440, ("overtime", "", 1.5): 480, ("double_time", "", 2.0): double}
    assert without_breaks(pay) == {key: value for key, value in expected.items() if value}


def test_seven_days_in_a_row_over_two_weeks_are_no_seventh_day(rota_of, local_shift):
    shifts = by_day(local_shift, PACIFIC, 240, range(17, 25))
    pay = pay_lines(rota_of(shifts), facts(PACIFIC), CaliforniaPay())
    assert without_breaks(pay) == {("ordinary", "", 1.0): 8 * 240}


def test_californias_workday_splits_a_night_where_it_begins(rota_of, local_shift):
    """20:00 to 08:00 is 4 h and 8 h by midnight; by a workday from 20:00 it is 12 h, 4 of them overtime."""
    night = by_day(local_shift, PACIFIC, 720, [16], "20:00")
    pay = pay_lines(rota_of(night), facts(PACIFIC), CaliforniaPay())
    assert without_breaks(pay) == {("ordinary", "", 1.0): 720}
    pay = pay_lines(rota_of(night), facts(PACIFIC), CaliforniaPay(workday_from=1200))
    assert without_breaks(pay) == {("ordinary", "", 1.0): 480, ("overtime", "", 1.5): 240}


@pytest.mark.parametrize(("day", "over"), [("2026-03-07", 0), ("2026-10-31", 60)])
def test_the_night_on_which_clocks_change_counts_what_it_lasts(rota_of, local_shift, day, over):
    """23:00 to 08:00 by the clock: 8 h of 2026-03-08 are 7, on 2026-11-01 they are 9."""
    first = day_number(date.fromisoformat(day))
    shift = local_shift(PACIFIC, "a", f"{day}T23:00", 480 if not over else 600)
    pay = pay_lines(rota_of([shift]), facts(PACIFIC, first), CaliforniaPay())
    assert without_breaks(pay).get(("overtime", "", 1.5), 0) == over


@pytest.mark.parametrize(
    ("minutes", "breaks", "missed"),
    [
        (300, (), set()),
        (301, (), {"missed_meal"}),
        (510, ((300, 30, False, "meal"),), set()),
        (510, ((301, 30, False, "meal"),), {"missed_meal"}),
        (510, ((240, 29, False, "meal"),), {"missed_meal"}),
        (510, ((240, 30, False, "break"),), set()),
        (510, ((240, 30, True, "break"),), {"missed_meal"}),
        (630, (MEAL,), set()),
        (631, (MEAL,), {"missed_meal"}),
        (661, (MEAL, (600, 30, False, "meal")), set()),
        (680, (MEAL, (601, 30, False, "meal")), {"missed_meal"}),
    ],
)
def test_a_missed_or_late_meal_is_an_hours_pay(rota_of, local_shift, minutes, breaks, missed):
    pay = pay_lines(
        rota_of(by_day(local_shift, PACIFIC, minutes, [16], breaks=breaks)), facts(PACIFIC), CaliforniaPay()
    )
    added = pay.lines[pay.lines["kind"] == "added_pay"]
    assert set(added["pay_class"]) - {"missed_rest"} == missed
    assert all(added["minutes"] == 60)
    assert all(added["multiplier"] == 1.0)


def test_a_gap_between_two_stretches_is_a_meal_and_the_waiver_is_a_setting(rota_of, local_shift):
    stretches = [local_shift(PACIFIC, "a", f"2026-03-16T{at}", 240) for at in ("08:00", "12:30")]
    pay = pay_lines(rota_of(stretches), facts(PACIFIC), CaliforniaPay())
    assert "missed_meal" not in set(pay.lines["pay_class"])
    six_hours = by_day(local_shift, PACIFIC, 360, [16])
    waived = pay_lines(rota_of(six_hours), facts(PACIFIC), CaliforniaPay(meal_from_minutes=360))
    assert "missed_meal" not in set(waived.lines["pay_class"])


@pytest.mark.parametrize(
    ("minutes", "rests", "missed"),
    [(209, 0, 0), (210, 0, 1), (210, 1, 0), (360, 1, 0), (361, 1, 1), (361, 2, 0), (600, 2, 0), (601, 2, 1)],
)
def test_rests_are_due_by_the_hours_paid(rota_of, local_shift, minutes, rests, missed):
    breaks = tuple((30 + 60 * k, 10, True, "break") for k in range(rests))
    mine = by_day(local_shift, PACIFIC, minutes, [16], breaks=breaks)
    other = local_shift(PACIFIC, "b", "2026-03-16T08:00", 240, (REST,))
    pay = pay_lines(rota_of([*mine, other]), facts(PACIFIC), CaliforniaPay())
    lines = pay.lines[pay.lines["agent_id"] == "a"]
    assert (lines["pay_class"] == "missed_rest").sum() == missed


def test_a_rota_without_any_paid_break_tells_that_rests_are_not_known(rota_of, local_shift):
    pay = pay_lines(rota_of(by_day(local_shift, PACIFIC, 240, [16])), facts(PACIFIC), CaliforniaPay())
    assert "missed_rest" not in set(pay.lines["pay_class"])
    assert any("no paid break of anybody" in told for told in pay.told)
    full = pay_lines(
        rota_of(by_day(local_shift, PACIFIC, 510, [16], breaks=RESTS)), facts(PACIFIC), CaliforniaPay()
    )
    assert paid(full) == {("ordinary", "", 1.0): 480}
    assert full.told == ()


def test_two_meals_missed_on_a_day_are_one_hour(rota_of, local_shift):
    split = [local_shift(PACIFIC, "a", f"2026-03-16T{at}", 310) for at in ("00:00", "12:00")]
    pay = pay_lines(rota_of(split), facts(PACIFIC), CaliforniaPay())
    assert (pay.lines["pay_class"] == "missed_meal").sum() == 1


@pytest.mark.parametrize(
    ("last", "quarter", "half"), [(420, 0, 0), (421, 1, 0), (900, 480, 0), (901, 480, 1)]
)
def test_france_pays_two_steps_of_the_week(rota_of, local_shift, last, quarter, half):
    shifts = by_day(local_shift, PARIS, 420, range(16, 20)) + by_day(local_shift, PARIS, last, [20])
    pay = pay_lines(rota_of(shifts), facts(PARIS), FrancePay())
    expected = {
        ("ordinary", "", 1.0): 2100,
        ("overtime", "", 1.25): quarter,
        ("overtime_second_step", "", 1.5): half,
    }
    assert paid(pay) == {key: value for key, value in expected.items() if value}


def test_frances_week_ends_at_midnight_on_sunday(rota_of, local_shift):
    """Five days of 7 h, then Sunday 20:00 to 04:00: 4 h over, the other 4 belong to the week after."""
    shifts = by_day(local_shift, PARIS, 420, range(16, 21)) + by_day(local_shift, PARIS, 480, [22], "20:00")
    pay = pay_lines(rota_of(shifts), facts(PARIS), FrancePay())
    assert paid(pay) == {("ordinary", "", 1.0): 2340, ("overtime", "", 1.25): 240}


def test_the_first_of_may_is_paid_twice_from_midnight_to_midnight(rota_of, local_shift):
    first = day_number(date(2026, 4, 27))
    known = facts(PARIS, first, 7)
    night = local_shift(PARIS, "a", "2026-04-30T22:00", 480)
    pay = pay_lines(rota_of([night]), known, FrancePay())
    assert paid(pay) == {("ordinary", "", 1.0): 120, ("ordinary", "may_day", 2.0): 360}
    week = [local_shift(PARIS, "a", f"2026-04-{day}T08:00", 525) for day in range(27, 31)]
    may = local_shift(PARIS, "a", "2026-05-01T08:00", 60)
    pay = pay_lines(rota_of([*week, may]), known, FrancePay())
    assert paid(pay) == {("ordinary", "", 1.0): 2100, ("overtime", "may_day", 2.5): 60}
    assert pay.lines["source"].iloc[-1] == (
        "Code du travail L3121-36: 2,160 paid min counted in the week from 2026-04-27; 60 beyond 2,100; "
        "Code du travail L3133-6: 1 May"
    )


@pytest.mark.parametrize(("minutes", "night"), [(240, 120), (241, 121)])
def test_germanys_night_begins_with_more_than_two_hours_of_it(rota_of, local_shift, minutes, night):
    pay = pay_lines(rota_of(by_day(local_shift, BERLIN, minutes, [16], "21:00")), facts(BERLIN), GermanyPay())
    expected = (
        {("ordinary", "", 1.0): 240}
        if night == 120
        else {("ordinary", "", 1.0): 120, ("ordinary", "night", 1.25): 121}
    )
    assert paid(pay) == expected


@pytest.mark.parametrize(("day", "night"), [("2026-03-28", 360), ("2026-10-24", 480), ("2026-03-21", 420)])
def test_germanys_night_lasts_what_the_clocks_make_of_it(rota_of, local_shift, day, night):
    """22:00 to 07:00: the night from 23:00 to 06:00 has 6, 8 or 7 hours."""
    first = day_number(date.fromisoformat(day))
    shift = local_shift(BERLIN, "a", f"{day}T22:00", night + 120)
    pay = pay_lines(rota_of([shift]), facts(BERLIN, first), GermanyPay())
    assert paid(pay) == {("ordinary", "", 1.0): 120, ("ordinary", "night", 1.25): night}


CONTRACT = Contract("teil", 0, 1200, 0, 5, ("day",), 30.0, Overtime(120, 1.4))


def test_germanys_night_is_added_to_the_contracts_overtime(rota_of, local_shift):
    shifts = by_day(local_shift, BERLIN, 600, [16, 17]) + by_day(local_shift, BERLIN, 180, [18], "23:00")
    pay = pay_lines(rota_of(shifts), facts(BERLIN, contract=CONTRACT), GermanyPay())
    assert paid(pay) == {("ordinary", "", 1.0): 1200, ("overtime", "night", 1.65): 180}
    assert pay.lines["source"].iloc[-1] == (
        "contract: overtime beyond its weekly maximum: 1,380 paid min counted in the week from 2026-03-16; 180 beyond "
        "1,200; Arbeitszeitgesetz § 6(5), 25 % is court practice: 180 paid min between 23:00 and 06:00"
    )


@pytest.mark.parametrize(("last", "over"), [(600, 0), (601, 1)])
def test_the_contract_alone_pays_its_own_overtime(rota_of, local_shift, last, over):
    shifts = by_day(local_shift, BERLIN, 600, [16]) + by_day(local_shift, BERLIN, last, [17])
    pay = pay_lines(rota_of(shifts), facts(BERLIN, contract=CONTRACT), ContractPay())
    assert paid(pay) == {("ordinary", "", 1.0): 1200} | ({("overtime", "", 1.4): over} if over else {})
    unknown = pay_lines(rota_of(shifts), facts(BERLIN, contract=None), ContractPay())
    assert paid(unknown) == {("ordinary", "", 1.0): 600 + last}
    assert unknown.told == (
        "Not checked for 1 person: their contract is not known, so no overtime is counted.",
    )
