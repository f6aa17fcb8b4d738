"""Classes, likeness and alignment of days, against calendars written out by hand."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.calendar_days import SpecialDay, festival_anchors, special_days
from centre.instants import day_number
from forecasts.day_calendar import NO_CALENDAR, DayCalendar
from forecasts.day_traits import (
    AFTER,
    CLASSES,
    CLOSED,
    EVE,
    MAKEUP,
    ORDINARY,
    REST,
    STATUTORY,
    WeekShape,
    day_classes,
    day_traits,
    totals_by_weekday,
    week_shape,
)

OFFICE = WeekShape(np.array([1.05, 1.0, 1.0, 1.0, 0.95, 0.6, 0.5]))
ALWAYS = WeekShape(np.full(7, 1.0))
MONDAY = day_number(date(2024, 3, 4))
SUNDAY = MONDAY + 6


def calendar(*special, anchors=()):
    """Days of March 2024 counted from Monday the 4th, each with its class."""
    return DayCalendar(
        {MONDAY + k: SpecialDay(name, "清明节", 0, "清明节") for k, name in special},
        {MONDAY + k: "清明节" for k in anchors},
    )


def names(days, told, shape=OFFICE):
    return [CLASSES[code] for code in day_classes(np.array(days), told, shape.working)[0]]


def week(told, shape=OFFICE, weeks=1):
    """Class names from Monday the 4th on."""
    return names(range(MONDAY, MONDAY + 7 * weeks), told, shape)


def test_the_working_days_around_days_off_are_eve_and_after():
    told = calendar((2, "statutory"), (3, "bridged"))
    assert week(told) == ["ordinary", "eve", "statutory", "bridged", "after", "ordinary", "ordinary"]


def test_a_weekend_between_belongs_to_neither():
    friday_off = week(calendar((4, "statutory")), weeks=2)
    assert friday_off[3:8] == ["eve", "statutory", "ordinary", "ordinary", "after"]
    monday_off = week(calendar((7, "statutory")), weeks=2)
    assert monday_off[4:9] == ["ordinary", "ordinary", "ordinary", "statutory", "after"]


def test_where_all_days_are_busy_the_day_before_and_after_are_those_next_to_it():
    told = week(calendar((4, "statutory")), ALWAYS, weeks=2)
    assert told[3:8] == ["eve", "statutory", "after", "ordinary", "ordinary"]


def test_days_off_on_a_weekend_alone_leave_no_day_after():
    told = week(calendar((5, "statutory"), (6, "rest")), weeks=2)
    assert told[4:8] == ["eve", "statutory", "rest", "ordinary"]


def test_a_makeup_day_next_to_days_off_stays_one_and_ends_the_block():
    told = week(calendar((4, "statutory"), (5, "makeup"), (7, "statutory")), weeks=2)
    assert told[3:9] == ["eve", "statutory", "makeup", "ordinary", "statutory", "after"]
    told = week(calendar((4, "bridged"), (6, "makeup")), weeks=2)
    assert told[5:8] == ["ordinary", "makeup", "ordinary"]  # the make-up Sunday was the first day back


def test_half_a_day_off_casts_no_shadow():
    assert week(calendar((2, "half_day")))[:5] == ["ordinary", "ordinary", "half_day", "ordinary", "ordinary"]


def test_a_closure_is_felt_like_a_day_off():
    assert week(calendar((2, "closed")))[1:4] == ["eve", "closed", "after"]


def test_eve_and_after_belong_to_the_festival():
    days = np.arange(MONDAY, MONDAY + 5)
    found = day_classes(days, calendar((2, "statutory")), OFFICE.working)[1]
    assert found.tolist() == ["", "清明节", "清明节", "清明节", ""]


def test_a_day_the_calendar_does_not_know_is_ordinary():
    assert week(calendar((400, "statutory"))) == ["ordinary"] * 7
    assert week(NO_CALENDAR) == ["ordinary"] * 7
    none = day_traits(np.zeros(0, dtype=np.int64), calendar((2, "statutory")), OFFICE)
    assert none.like.shape == (0, 7)


def like(told, day, shape=OFFICE):
    return day_traits(np.array([MONDAY + day]), told, shape).like[0]


def test_a_day_off_on_a_working_weekday_is_like_the_day_of_rest():
    for name in ("statutory", "rest", "bridged", "closed"):
        assert like(calendar((2, name)), 2).tolist() == [0, 0, 0, 0, 0, 0, 1]
    assert like(calendar((5, "rest")), 5).tolist() == [0, 0, 0, 0, 0, 1, 0]  # a Saturday stays a Saturday


def test_where_all_days_are_busy_alike_a_day_off_is_like_its_own_weekday():
    assert like(calendar((2, "statutory")), 2, ALWAYS).tolist() == [0, 0, 1, 0, 0, 0, 0]


def test_a_makeup_day_is_like_an_average_working_day():
    assert like(calendar((5, "makeup")), 5) == pytest.approx([0.2] * 5 + [0, 0])
    saturday_too = WeekShape(np.array([1, 1, 1, 1, 1, 0.9, 0.5]))
    assert like(calendar((5, "makeup")), 5, saturday_too).tolist() == [0, 0, 0, 0, 0, 1, 0]


@pytest.mark.parametrize("name", ["eve", "after"])
def test_eve_and_after_are_like_their_own_weekday(name):
    day = {"eve": 1, "after": 3}[name]
    assert like(calendar((2, "statutory")), day).tolist() == np.eye(7)[day].tolist()


def test_the_day_of_rest_is_the_least_busy_on_which_anything_comes():
    assert week_shape(np.array([100.0, 95, 90, 100, 90, 60, 40])).rest == 6
    assert week_shape(np.array([100.0, 95, 90, 100, 90, 60, 0])).rest == 5
    assert week_shape(np.array([100.0, 95, 90, 100, 90, 0, 0])).rest is None
    assert week_shape(np.zeros(7)).rest is None
    assert not week_shape(np.zeros(7)).working.any()


def spring(day):
    first, last = day_number(date(2022, 12, 1)), day_number(date(2026, 12, 31))
    told = DayCalendar(special_days("CN", first, last), festival_anchors("CN", first, last))
    found = day_traits(np.array([day_number(day)]), told, OFFICE)
    return found.near[0], int(found.offsets[0]), CLASSES[found.classes[0]]


@pytest.mark.parametrize(
    "new_year", [date(2023, 1, 22), date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17)]
)
def test_spring_festivals_are_laid_over_one_another(new_year):
    for offset in (-10, -7, -1, 0, 3, 10, 15):
        day = date.fromordinal(new_year.toordinal() + offset)
        assert spring(day)[:2] == ("Spring Festival", offset)
    assert spring(date.fromordinal(new_year.toordinal() + 16))[:2] == ("", 0)


def test_national_day_is_always_the_first_of_october():
    assert spring(date(2023, 10, 1)) == ("National Day", 0, "statutory")
    assert spring(date(2024, 10, 7)) == ("National Day", 6, "bridged")
    assert spring(date(2025, 9, 28)) == ("National Day", -3, "makeup")


def test_only_long_festivals_are_felt_before_and_after():
    days = np.arange(MONDAY - 20, MONDAY + 27)
    short = day_traits(days, calendar((2, "statutory"), (3, "bridged"), anchors=[2]), OFFICE)
    assert not short.near.astype(bool).any()
    assert not short.offsets.any()
    long = day_traits(days, calendar((2, "statutory"), (3, "bridged"), (4, "rest"), anchors=[2]), OFFICE)
    assert (long.near == "清明节").sum() == 31
    assert long.offsets[long.near == "清明节"].tolist() == list(range(-15, 16))


def test_between_two_festivals_the_nearer_one_counts():
    first = calendar((0, "statutory"), (1, "rest"), (2, "rest"), anchors=[0])
    more = {MONDAY + k: SpecialDay("statutory", "端午节", 0, "端午节") for k in (10, 11, 12)}
    both = DayCalendar(first.special | more, first.anchors | {MONDAY + 10: "端午节"})
    found = day_traits(MONDAY + np.arange(3, 9), both, OFFICE)
    assert found.near.tolist() == ["清明节"] * 3 + ["端午节"] * 3
    assert found.offsets.tolist() == [3, 4, 5, -4, -3, -2]


@given(st.lists(st.integers(-30, 40), min_size=1, max_size=12, unique=True))
@settings(max_examples=20, deadline=None)
def test_traits_of_a_day_do_not_depend_on_the_days_asked_beside_it(offsets):
    told = calendar((1, "statutory"), (2, "statutory"), (3, "bridged"), (5, "makeup"), anchors=[1])
    all_days = day_traits(MONDAY + np.arange(-30, 41), told, OFFICE)
    asked = day_traits(MONDAY + np.array(offsets), told, OFFICE)
    rows = all_days.at(np.array(offsets) + 30)
    for name in ("classes", "festivals", "like", "near", "offsets"):
        assert (getattr(asked, name) == getattr(rows, name)).all()


def test_usual_totals_are_medians_or_means_where_most_days_bring_nothing():
    days = MONDAY + np.arange(21)
    totals = np.zeros(21)
    totals[[0, 7, 14]] = 10, 12, 50
    totals[[2, 9, 16]] = 0, 0, 6
    assert totals_by_weekday(days, totals).tolist() == [12, 0, 2, 0, 0, 0, 0]
    assert totals_by_weekday(days[:1], totals[:1]).tolist() == [10, 0, 0, 0, 0, 0, 0]
    assert totals_by_weekday(days[:0], totals[:0]).tolist() == [0] * 7


def test_codes_and_names_of_classes_agree():
    codes = (ORDINARY, STATUTORY, REST, MAKEUP, EVE, AFTER, CLOSED)
    assert [CLASSES[code] for code in codes] == [
        "ordinary",
        "statutory",
        "rest",
        "makeup",
        "eve",
        "after",
        "closed",
    ]
