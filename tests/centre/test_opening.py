"""Opening hours: wall clock, holidays, midnight, nights on which clocks change."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from centre.calendar import CalendarRow, public_holidays
from centre.calendar_days import makeup_rows, special_days
from centre.calendar_gaps import known_until
from centre.instants import Grid, day_number
from centre.model import Opening, Queue
from centre.opening import open_mask

BERLIN = ZoneInfo("Europe/Berlin")
ALL = (0, 1, 2, 3, 4, 5, 6)
MONDAY = day_number(date(2024, 3, 4))


def hours(
    queue: Queue, first_day: int, days: int = 1, holidays: dict[int, str] | None = None, minutes: int = 30
) -> float:
    grid = Grid(BERLIN, first_day, days, minutes)
    mask = open_mask(queue, grid, holidays or {})
    assert mask.shape == grid.starts.shape
    return float(mask.sum()) * minutes / 60


def queue(*opening: Opening, **settings: object) -> Queue:
    return replace(Queue("q", opening=opening), **settings)  # type: ignore[arg-type]


def test_weekdays_only() -> None:
    office = queue(Opening((0, 1, 2, 3, 4), 480, 1200))
    assert [hours(office, MONDAY + k) for k in range(7)] == [12, 12, 12, 12, 12, 0, 0]


def test_the_intervals_themselves() -> None:
    grid = Grid(BERLIN, MONDAY, 1, 30)
    mask = open_mask(queue(Opening(ALL, 480, 600)), grid, {})
    assert grid.local_minutes()[mask].tolist() == [480, 510, 540, 570]


def test_an_interval_open_in_part_is_open() -> None:
    grid = Grid(BERLIN, MONDAY, 1, 30)
    mask = open_mask(queue(Opening(ALL, 495, 601)), grid, {})
    assert grid.local_minutes()[mask].tolist() == [480, 510, 540, 570, 600]


def test_two_spans_a_day_may_touch_or_overlap() -> None:
    assert hours(queue(Opening(ALL, 480, 720), Opening(ALL, 780, 1020)), MONDAY) == 8
    assert hours(queue(Opening(ALL, 480, 720), Opening(ALL, 600, 1020)), MONDAY) == 9


def test_hours_past_midnight_reach_into_the_next_day() -> None:
    late = queue(Opening((0,), 1200, 1560))  # Monday 20:00 to Tuesday 02:00
    assert hours(late, MONDAY) == 4
    assert hours(late, MONDAY + 1) == 2
    assert hours(late, MONDAY, 2) == 6


@pytest.mark.parametrize(
    ("day", "length", "night"),
    [(date(2024, 3, 31), 23, 1), (date(2024, 10, 27), 25, 3), (date(2024, 6, 1), 24, 2)],
)
def test_nights_on_which_clocks_change(day: date, length: int, night: int) -> None:
    assert hours(queue(Opening(ALL, 0, 1440)), day_number(day)) == length
    assert hours(queue(Opening(ALL, 60, 180)), day_number(day)) == night


def test_an_opening_time_that_clocks_skip() -> None:
    assert hours(queue(Opening(ALL, 150, 240)), day_number(date(2024, 3, 31))) == 1


def test_leap_day_is_a_day() -> None:
    assert hours(queue(Opening(ALL, 0, 1440)), day_number(date(2024, 2, 28)), 3) == 72


def test_holidays_close_only_those_that_say_so() -> None:
    both = {MONDAY: "Labor Day", MONDAY + 1: "Columbus Day"}
    expected = {"none": 48, "all": 0, ("Labor Day",): 24, ("Columbus Day", "Labor Day"): 0, (): 48}
    for closed, length in expected.items():
        assert hours(queue(Opening(ALL, 0, 1440), closed_holidays=closed), MONDAY, 2, both) == length


def test_a_holiday_closes_its_hours_past_midnight_too() -> None:
    late = queue(Opening(ALL, 1200, 1560), closed_holidays="all")
    assert hours(late, MONDAY, 2, {MONDAY: "Day"}) == 2 + 4  # Sunday's until 02:00 and Tuesday's evening
    assert hours(late, MONDAY, 1, {MONDAY - 1: "Day"}) == 4


def day_row(day: int, day_class: str = "", name: str = "Day", **more: object) -> CalendarRow:
    return CalendarRow(day, name, day_class, **more)  # type: ignore[arg-type]


def hours_with(which: Queue, day: int, *rows: CalendarRow, holidays: dict[int, str] | None = None) -> float:
    grid = Grid(BERLIN, day, 1, 30)
    return float(open_mask(which, grid, holidays or {}, rows).sum()) / 2


OFFICE = queue(Opening((0, 1, 2, 3, 4), 480, 1200), closed_holidays="all")
SATURDAY = MONDAY + 5


@pytest.mark.parametrize(
    ("rows", "length"),
    [
        ((), 12),
        ((day_row(MONDAY, "closed"),), 0),
        ((day_row(MONDAY, "closed", queues=("q", "r")),), 0),
        ((day_row(MONDAY, "closed", queues=("r",)),), 12),
        ((day_row(MONDAY, "closed"), day_row(MONDAY, "half_day", queues=("q",), opens=480, closes=720)), 4),
        ((day_row(MONDAY, "half_day", queues=("q",), opens=480, closes=720), day_row(MONDAY, "closed")), 4),
        ((day_row(MONDAY, "half_day"),), 12),
        ((day_row(MONDAY, opens=600, closes=660),), 1),
        ((day_row(MONDAY, "statutory", queues=("q",)),), 0),
        ((day_row(MONDAY, "statutory", opens=600, closes=660),), 1),
        ((day_row(MONDAY + 1, "closed"),), 12),
    ],
)
def test_days_of_the_centres_own(rows: tuple[CalendarRow, ...], length: float) -> None:
    assert hours_with(OFFICE, MONDAY, *rows) == length


def test_a_holiday_that_is_a_workday_after_all_is_open() -> None:
    holiday = {MONDAY: "Labor Day"}
    assert hours_with(OFFICE, MONDAY, holidays=holiday) == 0
    assert hours_with(OFFICE, MONDAY, day_row(MONDAY, "workday"), holidays=holiday) == 12
    assert hours_with(OFFICE, MONDAY, day_row(MONDAY, "makeup", queues=("q",)), holidays=holiday) == 12


def test_a_make_up_saturday_has_the_hours_that_its_row_tells_else_those_of_friday() -> None:
    makeup = day_row(SATURDAY, "makeup")
    assert hours_with(OFFICE, SATURDAY) == 0
    assert hours_with(OFFICE, SATURDAY, makeup) == 12
    assert hours_with(OFFICE, SATURDAY, day_row(SATURDAY, "makeup", opens=540, closes=1080)) == 9
    own = day_row(SATURDAY, "", opens=600, closes=720, queues=("q",))
    assert hours_with(OFFICE, SATURDAY, makeup, own) == hours_with(OFFICE, SATURDAY, own, makeup) == 2


@pytest.mark.parametrize("later", [day_row(SATURDAY, "workday"), day_row(SATURDAY, "closed")])
def test_a_later_row_takes_a_make_up_workday_back(later: CalendarRow) -> None:
    assert hours_with(OFFICE, SATURDAY, day_row(SATURDAY, "makeup"), later) == 0


@pytest.mark.parametrize(
    ("opening", "saturday", "sunday"),
    [
        ((Opening((0, 1, 2, 3), 540, 1080), Opening((4,), 540, 900)), 6, 6),
        ((Opening((0, 1, 2), 540, 1080),), 9, 9),  # Wednesday's
        ((Opening((4,), 480, 720), Opening((4,), 780, 1020), Opening((5, 6), 0, 60)), 8, 8),
        ((Opening((5, 6), 540, 720),), 3, 3),  # works on no other day: its own hours
        ((Opening((0, 1, 2, 3, 4), 540, 1080), Opening((5,), 540, 720)), 9, 9),
        ((Opening(ALL, 0, 1440),), 24, 24),
    ],
)
def test_a_make_up_workday_is_like_the_last_working_day_of_the_week(
    opening: tuple[Opening, ...], saturday: float, sunday: float
) -> None:
    which = queue(*opening)
    assert hours_with(which, SATURDAY, day_row(SATURDAY, "makeup")) == saturday
    assert hours_with(which, SATURDAY + 1, day_row(SATURDAY + 1, "makeup")) == sunday
    own = replace(which, makeup_hours="weekday")
    for day in (SATURDAY, SATURDAY + 1):
        assert hours_with(own, day, day_row(day, "makeup")) == hours_with(which, day)


def test_a_make_up_weekday_keeps_its_own_hours() -> None:
    wednesdays_short = queue(Opening((0, 1, 3, 4), 540, 1080), Opening((2,), 540, 600))
    assert hours_with(wednesdays_short, MONDAY + 2, day_row(MONDAY + 2, "makeup")) == 1
    assert hours_with(queue(Opening((1, 4), 540, 600)), MONDAY, day_row(MONDAY, "makeup")) == 1


def test_make_up_hours_past_midnight() -> None:
    night = queue(Opening((0, 1, 2, 3, 4), 1200, 1560))
    sunday = day_row(SATURDAY + 1, "makeup")
    assert hours_with(night, SATURDAY + 1, sunday) == 4
    assert hours_with(night, SATURDAY + 2, sunday) == 2 + 4


WORKED_2025 = [(1, 26), (2, 8), (4, 27), (9, 28), (10, 11)]  # State Council, notice of 12 November 2024


def test_a_chinese_year_as_its_notice_has_it() -> None:
    shanghai, year = ZoneInfo("Asia/Shanghai"), day_number(date(2025, 1, 1))
    grid = Grid(shanghai, year, 365, 60)
    holidays = public_holidays("CN", year - 1, year + 365)
    office = queue(Opening((0, 1, 2, 3, 4), 540, 1080), closed_holidays="all")
    short = queue(*office.opening, Opening((5,), 540, 720), closed_holidays="all")
    own = day_row(day_number(date(2025, 4, 27)), "", opens=600, closes=720)
    known = makeup_rows("CN", year - 400)

    def hours_by_day(which: Queue, *rows: CalendarRow) -> dict[int, int]:
        mask = open_mask(which, grid, holidays, (*known, *rows))
        return dict(enumerate(mask.reshape(365, 24).sum(axis=1).tolist(), start=year))

    worked = [day_number(date(2025, month, day)) for month, day in WORKED_2025]
    saturdays = [day for day in range(year, year + 365) if (day + 3) % 7 == 5]
    weekend = [day for day in range(year, year + 365) if (day + 3) % 7 > 4]
    found = hours_by_day(office)
    assert [day for day in weekend if found[day]] == worked
    assert {found[day] for day in worked} == {9}
    assert sum(length > 0 for length in found.values()) == 248  # working days of 2025
    found = hours_by_day(short)
    assert {found[day] for day in worked} == {9}
    assert {found[day] for day in saturdays if day not in worked and day not in holidays} == {3}
    found = hours_by_day(office, own)
    assert [found[day] for day in worked] == [9, 9, 2, 9, 9]


@pytest.mark.parametrize("country", [None, "US", "DE", "IL"])
def test_countries_without_exchange_have_no_make_up_workdays(country: str | None) -> None:
    assert makeup_rows(country, day_number(date(2020, 1, 1))) == ()


def test_the_days_are_the_same_with_the_make_up_workdays_told_as_rows() -> None:
    first, last = day_number(date(2016, 1, 1)), day_number(date(2026, 12, 31))
    rows = makeup_rows("CN", first)
    assert special_days("CN", first, last, rows) == special_days("CN", first, last)
    assert public_holidays("CN", first, last, rows) == public_holidays("CN", first, last)
    assert known_until("CN", rows) == known_until("CN")


def test_hours_of_one_date_past_midnight() -> None:
    night = day_row(MONDAY, opens=1200, closes=1560)
    assert hours_with(OFFICE, MONDAY, night) == 4
    assert hours_with(OFFICE, MONDAY + 1, night) == 2 + 12
