"""What a forecast is made from: options read, days classed, queues that copy another."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from centre.calendar_days import SpecialDay
from centre.errors import BadInput
from centre.instants import day_number, day_start
from forecasts.day_calendar import DayCalendar
from forecasts.day_traits import CLASSES, EVENT, ORDINARY, STATUTORY
from forecasts.events import Event
from forecasts.inputs import copies, first_day_of, read_pasts, zone_of

MONDAY = day_number(date(2024, 4, 1))
END = MONDAY + 28
HOLIDAY = SpecialDay("statutory", "清明节", 0, "清明节")


@pytest.fixture
def table(contacts):
    return contacts(28, first=date(2024, 4, 1), minutes=60)


def pasts(table, zone, **options):
    return read_pasts(table, END, zone, options)[0]


def classes(past, *days):
    return [CLASSES[code] for code in past.classes(np.array(days))]


@pytest.mark.parametrize(
    "start", ["2024-04-22", date(2024, 4, 22), datetime(2024, 4, 22), pd.Timestamp("2024-04-22")]
)
def test_a_start_may_be_told_in_several_ways(start):
    assert first_day_of(start) == MONDAY + 21


@pytest.mark.parametrize("start", ["22.4.2024", "2024-02-30", "", datetime(2024, 4, 22, 8)])
def test_a_start_that_is_no_day_is_named(start):
    with pytest.raises(BadInput) as caught:
        first_day_of(start)
    assert caught.value.faults[0].file == "start"
    assert str(start) in str(caught.value)


def test_the_zone_is_the_one_asked_for_else_that_of_the_timestamps(table, berlin):
    assert zone_of(table, berlin) is berlin
    assert zone_of(table, "Asia/Shanghai").key == "Asia/Shanghai"
    assert zone_of(table, None).key == "UTC"
    local = table.assign(interval_start=table["interval_start"].dt.tz_convert(berlin))
    assert zone_of(local, None).key == "Europe/Berlin"
    assert zone_of(pd.DataFrame(), None).key == "UTC"


@pytest.mark.parametrize("name", ["Europe/Nowhere", "../etc", "Peking"])
def test_a_zone_that_does_not_exist_is_named(table, name):
    with pytest.raises(BadInput) as caught:
        zone_of(table, name)
    assert caught.value.faults[0].file == "timezone"
    assert name in str(caught.value)


def test_holidays_alone_make_days_off(table, berlin):
    past = pasts(table, berlin, holidays={MONDAY + 9: "节", END + 2: "节"})["客服"]
    assert classes(past, MONDAY + 8, MONDAY + 9, MONDAY + 10) == ["eve", "statutory", "after"]
    assert classes(past, END + 1, END + 2, END + 3) == ["eve", "statutory", "after"]
    assert past.history.special[9] == STATUTORY
    assert not past.history.usable[8:11].any()
    assert past.history.usable[11]


def test_a_queue_has_its_own_calendar_or_that_of_all_the_others(table, berlin):
    both = pd.concat([table, table.assign(queue="VIP")])
    told = {"": DayCalendar({MONDAY + 9: HOLIDAY}), "VIP": DayCalendar({MONDAY + 16: HOLIDAY})}
    found = pasts(both, berlin, calendars=told)
    assert classes(found["客服"], MONDAY + 9, MONDAY + 16) == ["statutory", "ordinary"]
    assert classes(found["VIP"], MONDAY + 9, MONDAY + 16) == ["ordinary", "statutory"]


def test_calendars_are_told_instead_of_holidays(table, berlin):
    found = pasts(table, berlin, calendars={"VIP": DayCalendar({})}, holidays={MONDAY + 9: "节"})
    assert classes(found["客服"], MONDAY + 9) == ["ordinary"]


def test_days_that_an_event_touches_teach_no_model(table, berlin):
    window = day_start(berlin, MONDAY + 9) + 600, day_start(berlin, MONDAY + 10) + 600
    calendar = {"": DayCalendar({MONDAY + 10: HOLIDAY})}
    past = pasts(table, berlin, events=(Event("618", "高潮", *window),), calendars=calendar)["客服"]
    assert past.history.special[8:12].tolist() == [ORDINARY, EVENT, EVENT, CLASSES.index("after")]
    assert not past.history.usable[9:12].any()
    assert classes(past, MONDAY + 10) == ["statutory"]  # what the calendar says of the day stays so
    other = pasts(table, berlin, events=(Event("618", "高潮", *window, queues=("VIP",)),))["客服"]
    assert not other.history.special.any()


def test_the_busy_weekdays_say_what_an_eve_is(table, berlin):
    """Monday the 15th is off; the queue is shut on Sundays and quiet on Saturdays."""
    told = {"": DayCalendar({MONDAY + 14: HOLIDAY})}
    assert classes(pasts(table, berlin, calendars=told)["客服"], MONDAY + 12, MONDAY + 13) == ["ordinary"] * 2
    always = table.assign(offered=20.0)
    stamps = pd.date_range("2024-04-01", periods=28 * 24, freq="h", tz=berlin).tz_convert("UTC")
    always = pd.DataFrame({"interval_start": stamps, "queue": "客服", "offered": 20.0})
    assert classes(pasts(always, berlin, calendars=told)["客服"], MONDAY + 12, MONDAY + 13) == [
        "ordinary",
        "eve",
    ]


def test_a_queue_without_history_copies_the_one_it_is_like(table, berlin):
    def nine(grid):
        return grid.local_minutes() == 540

    options = {"like": {"新队列": "客服", "无": "没有"}, "opening": {"新队列": nine}}
    found, _ = read_pasts(table, END, berlin, options)
    assert list(found) == ["客服"]
    copied = copies(found, berlin, options)
    assert list(copied) == ["新队列"]
    assert copied["新队列"].history.queue == "新队列"
    assert (copied["新队列"].history.offered == found["客服"].history.offered).all()
    assert copied["新队列"].hours.known is nine


def test_a_queue_with_hours_must_have_history_unless_it_is_like_another(table, berlin):
    with pytest.raises(BadInput, match="VIP"):
        pasts(table, berlin, opening={"VIP": lambda grid: grid.starts > 0})


def test_rows_at_or_after_the_start_are_not_read(table):
    zone = ZoneInfo("Europe/Berlin")
    mad = table.assign(
        offered=table["offered"].where(table["interval_start"] < pd.Timestamp("2024-04-22", tz=zone), 9999)
    )
    found, report = read_pasts(mad, MONDAY + 21, zone, {})
    assert found["客服"].history.end_day <= MONDAY + 21
    assert report.rows_ignored == {"客服": 6 * 12}
