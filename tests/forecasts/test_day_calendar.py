from datetime import date

from centre.calendar import public_holidays
from centre.calendar_days import SpecialDay
from centre.instants import day_number
from forecasts.day_calendar import NO_CALENDAR, DayCalendar, plain_calendar

DAY = day_number(date(2024, 10, 1))


def test_holidays_of_which_only_names_are_known_are_days_off():
    told = plain_calendar({DAY: "国庆节", DAY + 1: "国庆节"})
    assert {day: (one.day_class, one.festival) for day, one in told.special.items()} == {
        DAY: ("statutory", "国庆节"),
        DAY + 1: ("statutory", "国庆节"),
    }
    assert told.anchors == {}


def test_an_observed_holiday_belongs_to_the_holiday_itself():
    first, last = (day_number(date(2022, 12, day)) for day in (24, 27))
    found = plain_calendar(public_holidays("US", first, last)).special  # Christmas of 2022 is a Sunday
    assert [one.festival for one in found.values()] == ["Christmas Day", "Christmas Day"]
    assert [one.festival for one in plain_calendar({DAY: "Tag (observed) der Einheit"}).special.values()] == [
        "Tag (observed) der Einheit"
    ]


def test_no_calendar_knows_nothing():
    assert (dict(NO_CALENDAR.special), dict(NO_CALENDAR.anchors)) == ({}, {})
    assert plain_calendar({}) == DayCalendar() == NO_CALENDAR


def test_the_centres_special_days_are_what_it_holds():
    told = DayCalendar({DAY: SpecialDay("makeup", "国庆节", -2, "调休")})
    assert (told.special[DAY].day_class, told.special[DAY].festival) == ("makeup", "国庆节")
