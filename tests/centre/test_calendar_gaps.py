"""What a calendar does not know is said: years without a notice, years beyond it, estimated dates."""

from datetime import date

import pytest

from centre.calendar import CalendarRow
from centre.calendar_gaps import calendar_warnings, known_until, makeup_days_shut
from centre.instants import day_number, day_of
from centre.model import Opening, Queue


def said(country: str | None, first: date, last: date, *rows: CalendarRow) -> list[str]:
    return calendar_warnings(country, day_number(first), day_number(last), rows)


def test_china_is_known_until_the_last_notice_and_the_rows_beyond() -> None:
    last = known_until("CN")
    assert last >= day_number(date(2026, 12, 31))
    next_year = day_number(date(day_of(last).year + 1, 12, 31))
    assert known_until("CN", [CalendarRow(last + 300, "调休", "bridged")]) == next_year
    assert known_until("CN", [CalendarRow(last + 300, "节日", "statutory")]) == last
    assert known_until("CN", [CalendarRow(last + 700, "调休", "makeup")]) == last


def test_years_without_a_notice_are_told() -> None:
    assert said("CN", date(2010, 1, 1), date(2026, 12, 31)) == []
    words = "is not published yet for CN: make-up workdays unknown; put them in calendar.csv"
    assert said("CN", date(2090, 12, 1), date(2091, 1, 31)) == [f"the calendar of 2090 to 2091 {words}"]
    assert said("CN", date(1999, 5, 1), date(1999, 5, 2)) == [
        "the calendar of 1999 is not known for CN: make-up workdays unknown; put them in calendar.csv"
    ]


def test_years_in_which_no_festival_is_known_are_told() -> None:
    (found,) = [line for line in said("CN", date(2100, 12, 1), date(2101, 1, 31)) if "known from" in line]
    assert found == "holidays of CN are known from 1950 to 2100, not in 2101: put them in calendar.csv"


@pytest.mark.parametrize("country", ["DE", "US-CA", "GB", "FR", "JP", "IL"])
def test_countries_with_fixed_rules_have_no_gaps(country: str) -> None:
    assert said(country, date(2020, 1, 1), date(2030, 12, 31)) == []
    assert known_until(country) > day_number(date(2099, 1, 1))


def test_estimated_dates_are_named_unless_the_centre_tells_them() -> None:
    day = date(2027, 6, 16)
    assert said("IN", day, day) == ["dates that IN announces late are estimated: Ashura (2027-06-16)"]
    assert said("IN", day, day, CalendarRow(day_number(day), "Ashura")) == []


def test_no_country_has_no_gaps() -> None:
    assert said(None, date(1900, 1, 1), date(2200, 1, 1)) == []
    assert known_until(None) == day_number(date.max)
    with pytest.raises(ValueError, match="a country code"):
        known_until("XX")


def test_queues_without_hours_on_make_up_days_are_told() -> None:
    office, every_day = Opening((0, 1, 2, 3, 4), 480, 1200), Opening((0, 1, 2, 3, 4, 5, 6), 480, 1200)
    queues = [
        Queue("客服", opening=(office,), closed_holidays="all", makeup_hours="weekday"),
        Queue("orders", opening=(office,), closed_holidays=("National Day",), makeup_hours="weekday"),
        Queue("hotline", opening=(every_day,), closed_holidays="all", makeup_hours="weekday"),
        Queue("chat", opening=(office,), makeup_hours="weekday"),
        Queue("returns", opening=(office,), closed_holidays="all"),
        Queue("Sundays", opening=(Opening((6,), 480, 1200),), closed_holidays="all"),
    ]
    first, last = day_number(date(2026, 2, 1)), day_number(date(2026, 2, 28))
    rows = [
        CalendarRow(
            day_number(date(2026, 2, 14)), "上班", "makeup", queues=("orders",), opens=540, closes=1080
        )
    ]
    words = "is taken as shut on the make-up workdays"
    hint = "tell its hours in calendar.csv if it works"
    assert makeup_days_shut(queues, "CN", first, last, rows) == [
        f"queue 客服 {words} 2026-02-14, 2026-02-28: {hint}",
        f"queue orders {words} 2026-02-28: {hint}",
        f"queue Sundays {words} 2026-02-14, 2026-02-28: {hint}",
    ]
    assert makeup_days_shut(queues, None, first, last) == []
