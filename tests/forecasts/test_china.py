"""An invented Chinese centre whose truth is known: what holidays, make-up workdays and campaigns do is recovered.

Its contacts are Poisson numbers around a weekly pattern times what is special about each day; the factors
below are what the forecast must find.
"""

from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from centre.calendar import CalendarRow, public_holidays
from centre.instants import Grid, day_number, day_of, day_start, to_timestamps, weekday_of
from centre.model import Opening, Queue
from centre.opening import open_mask
from forecasts import make_forecast
from forecasts.events import Event
from scenarios.forecasting import day_calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOTLINE, OFFICE = "客服热线", "对公业务"
FIRST, LAST = day_number(date(2023, 1, 1)), day_number(date(2025, 11, 30))
DAYS = list(range(FIRST, LAST + 1))
CALENDAR = day_calendar("CN", FIRST, LAST)

CONTACTS_A_WORKDAY = 2000.0
WEEK = (1.08, 1.0, 0.98, 0.98, 0.96, 0.63, 0.6)
OFF = {"statutory": 0.35, "rest": 0.6, "bridged": 0.6}
MAKEUP, EVE, AFTER = 0.93, 0.88, 1.15
AROUND_SPRING = {
    -7: 1.06, -6: 1.08, -5: 1.1, -4: 1.05, -3: 0.95, -2: 0.85, -1: 0.7, 0: 0.6, 1: 0.7, 2: 0.8, 3: 0.85,
    4: 0.9, 5: 0.95, 6: 1.0, 7: 1.1, 8: 1.15, 9: 1.12, 10: 1.06,
}  # fmt: skip
CAMPAIGNS = {
    ("618", "预售"): (6, 1, 14, 1.2), ("618", "高潮"): (6, 16, 3, 1.7), ("618", "返场"): (6, 19, 2, 1.35),
    ("双11", "预售"): (10, 31, 10, 1.15), ("双11", "高潮"): (11, 10, 2, 1.9), ("双11", "返场"): (11, 12, 2, 1.4),
}  # fmt: skip
"""Name and phase -> month and day on which it begins, days that it lasts, factor."""
HOURS = np.where((np.arange(24) >= 8) & (np.arange(24) < 22), 1 + np.sin(np.pi * (np.arange(24) - 8) / 14), 0)


def special(day):
    return CALENDAR.special[day].day_class if day in CALENDAR.special else ""


def is_day_after(day):
    """Whether days off, a weekday among them, ended right before this day."""
    back, weekday_off = day - 1, False
    while special(back) in OFF or (weekday_of(back) > 4 and special(back) != "makeup"):
        weekday_off |= special(back) in OFF and weekday_of(back) < 5
        back -= 1
    return weekday_off


def of_the_day(day):
    usual = WEEK[weekday_of(day)]
    if special(day):
        return OFF.get(special(day), MAKEUP)
    if weekday_of(day) > 4:
        return usual
    return usual * (EVE if special(day + 1) in OFF else AFTER if is_day_after(day) else 1.0)


def truth_of(day):
    """Mean contacts of a day."""
    spring = [first for first, festival in CALENDAR.anchors.items() if festival == "Spring Festival"]
    around = np.prod([AROUND_SPRING.get(day - first, 1.0) for first in spring])
    campaign = np.prod([e.uplift for e in KNOWN if e.start <= day_start(SHANGHAI, day) < e.end])
    return CONTACTS_A_WORKDAY * of_the_day(day) * around * campaign


def campaigns(known=False):
    """Every phase of every year; with the factor as uplift where that is asked for."""
    found = []
    for year in (2023, 2024, 2025):
        for (name, phase), (month, day, days, factor) in CAMPAIGNS.items():
            first = day_number(date(year, month, day))
            window = day_start(SHANGHAI, first), day_start(SHANGHAI, first + days)
            found.append(Event(name, phase, *window, uplift=factor if known else None))
    return tuple(found)


KNOWN = campaigns(known=True)


def contacts(totals, queue, hours=HOURS, seed=11):
    """Poisson contacts of every day and hour on which any may come."""
    mean = np.asarray(totals)[:, None] * hours / hours.sum()
    came = np.random.default_rng(seed).poisson(mean).astype(float)
    stamps = to_timestamps(Grid(SHANGHAI, FIRST, len(DAYS), 60).starts)
    table = pd.DataFrame(
        {"interval_start": stamps, "queue": queue, "offered": came.ravel(), "aht_seconds": 240.0}
    )
    return table[(mean > 0).ravel()]


@pytest.fixture(scope="module")
def truth():
    return pd.Series([truth_of(day) for day in DAYS], index=DAYS)


@pytest.fixture(scope="module")
def ahead(truth):
    """A forecast of so many days from a date, as an object and as a table of day totals beside the truth."""
    table = contacts(truth, HOTLINE)
    holidays = public_holidays("CN", FIRST, LAST)

    def forecast(start, days):
        made = make_forecast(
            table,
            start,
            days,
            timezone=SHANGHAI,
            holidays=holidays,
            calendars={"": CALENDAR},
            events=campaigns(),
        )
        totals = made.day_table()
        totals.index = [day_number(date.fromisoformat(day)) for day in totals["day"]]
        classes = {"special": [special(day) for day in totals.index], "unusual": made.queues[HOTLINE].special}
        return made, totals.assign(truth=truth, **classes)

    return forecast


@pytest.fixture(scope="module")
def spring_2024(ahead):
    """New year's day of 2024 is on 10 February; of a Spring Festival, only that of 22 January 2023 was seen."""
    return ahead(date(2024, 1, 8), 49)[1]


@pytest.fixture(scope="module")
def spring_2025(ahead):
    return ahead(date(2025, 1, 13), 42)[1]


@pytest.fixture(scope="module")
def autumn(ahead):
    """National Day and 双11 of 2025."""
    return ahead(date(2025, 9, 15), 63)


def on(totals, month, day, year=2025):
    return totals.loc[day_number(date(year, month, day))]


def recovered(totals):
    """Whether the truth of each day lies in the forecast's own p10 to p90."""
    return (totals["offered_p10"] <= totals["truth"]) & (totals["truth"] <= totals["offered_p90"])


def off(totals):
    return (totals["offered"] / totals["truth"] - 1).abs()


def test_special_days_are_recovered_within_their_own_interval(autumn, spring_2025):
    """Days off, make-up workdays, eves and days after."""
    for totals, within, count in ((autumn[1], 0.1, 12), (spring_2025, 0.15, 12)):
        days = totals[totals["unusual"]]
        assert len(days) == count
        assert recovered(days).all()
        assert (off(days) < within).all()
        assert (days["offered_p90"] < 2.3 * days["offered_p10"]).all()  # so wide at the most


def test_working_days_around_the_festival_are_near_the_truth(spring_2025):
    first = day_number(date(2025, 1, 29))
    around = spring_2025.loc[first - 7 : first + 10]
    assert (off(around[~around["unusual"]]) < 0.08).all()


def test_ordinary_days_beside_them_are_nearly_as_sure_as_ever(autumn):
    days = autumn[1].loc[: day_number(date(2025, 9, 27))]
    assert off(days).max() < 0.04
    assert (days["offered_p90"] < 1.2 * days["offered_p10"]).all()
    assert recovered(days).mean() > 0.8


def test_a_makeup_weekend_day_is_a_workday(autumn, spring_2025):
    workday = CONTACTS_A_WORKDAY
    for makeup, weekend in (
        (on(autumn[1], 9, 28), on(autumn[1], 9, 21)),
        (on(autumn[1], 10, 11), on(autumn[1], 10, 18)),
    ):
        assert makeup["offered"] / workday == pytest.approx(MAKEUP, rel=0.05)
        assert makeup["offered"] > 1.4 * weekend["offered"]
        assert makeup["offered_p10"] > 0.9 * weekend["offered_p50"]
    assert on(spring_2025, 2, 8)["offered"] > 1.6 * on(spring_2025, 2, 9)["offered"]


def test_a_statutory_day_off_is_no_weekend_and_a_bridged_one_is(autumn):
    sunday = on(autumn[1], 9, 21)["offered"]
    for day in (1, 2, 3, 6):
        assert on(autumn[1], 10, day)["offered"] / sunday == pytest.approx(0.35 / 0.6, rel=0.08)
    for day in (4, 5, 7, 8):  # Saturday and Sunday, then a Tuesday and a Wednesday
        assert on(autumn[1], 10, day)["offered"] / sunday == pytest.approx(1.0, rel=0.08)


def test_the_eve_and_the_day_after_have_effects_of_their_own(autumn):
    assert on(autumn[1], 9, 30)["offered"] / on(autumn[1], 9, 23)["offered"] == pytest.approx(EVE, rel=0.05)
    thursday = on(autumn[1], 9, 18)["offered"]
    assert on(autumn[1], 10, 9)["offered"] / thursday == pytest.approx(AFTER, rel=0.05)


def test_a_spring_festival_seen_once_is_laid_on_next_years_dates(spring_2024):
    first = day_number(date(2024, 2, 10))
    around = spring_2024.loc[first - 7 : first + 10]
    assert off(around).mean() < 0.1
    assert (off(around) < 0.3).all()
    usual = np.array([WEEK[weekday_of(day)] for day in spring_2024.index])
    found, wanted = (np.log(spring_2024[name] / usual) for name in ("offered", "truth"))
    apart = {shift: (found.shift(shift) - wanted).loc[around.index].abs().mean() for shift in range(-5, 6)}
    assert min(apart, key=apart.get) == 0
    assert apart[0] < 0.5 * min(apart[-1], apart[1])


def test_nothing_happens_on_the_date_of_last_years_festival(spring_2024):
    last_year = spring_2024.loc[day_number(date(2024, 1, 15)) : day_number(date(2024, 2, 2))]
    assert (off(last_year) < 0.06).all()
    assert not last_year["special"].any()


def test_days_around_the_festival_are_aligned_with_it(spring_2025):
    """Without effects by offset, the fourth day before and the eighth after would be plain working days."""
    before, after = on(spring_2025, 1, 24), on(spring_2025, 2, 6)
    friday, thursday = on(spring_2025, 1, 17), on(spring_2025, 1, 16)
    assert before["offered"] > 1.04 * friday["offered"]
    assert after["offered"] > 1.06 * thursday["offered"]


def test_a_campaign_is_recovered_phase_by_phase(autumn):
    made, totals = autumn
    learned = made.events.table().set_index(["event", "phase"])
    assert (learned["source"] == "learned").all()
    for key, (*_, factor) in CAMPAIGNS.items():
        found = learned.loc[key]
        assert found["uplift_p10"] < factor - 1 < found["uplift_p90"]
        assert 1 + found["uplift"] == pytest.approx(factor, rel=0.05)
    days = totals.loc[day_number(date(2025, 10, 31)) : day_number(date(2025, 11, 13))]
    assert recovered(days).all()
    assert (off(days) < 0.05).all()
    assert on(totals, 11, 14)["offered"] == pytest.approx(on(totals, 10, 24)["offered"], rel=0.04)


def test_a_campaign_teaches_the_baseline_nothing(autumn):
    """Days of past campaigns do not raise the days beside them, nor the level of the year's end."""
    plain = autumn[0].queues[HOTLINE].plain.sum(axis=1)
    eleventh = day_number(date(2025, 11, 11)) - day_number(date(2025, 9, 15))
    assert plain[eleventh] == pytest.approx(CONTACTS_A_WORKDAY, rel=0.04)


def test_the_table_names_queue_and_events_in_chinese(autumn):
    table = autumn[0].table()
    assert set(table["queue"]) == {HOTLINE}
    assert {"双11: 预售", "双11: 高潮", "双11: 返场"} <= set(autumn[0].queues[HOTLINE].parts)
    assert table["interval_start"].iloc[0] == pd.Timestamp("2025-09-15 08:00", tz=SHANGHAI)
    assert len(table) == 63 * 14


def test_a_queue_shut_at_weekends_opens_on_makeup_days(truth):
    """Its hours say so day by day; what comes on a Saturday was never seen but on such days."""
    usual = [
        t if (weekday_of(d) < 5 and special(d) not in OFF) or special(d) == "makeup" else 0.0
        for d, t in truth.items()
    ]
    hours = np.where((np.arange(24) >= 9) & (np.arange(24) < 18), 1.0, 0)
    rows = tuple(
        CalendarRow(day, "调休", "makeup", opens=540, closes=1080) for day in DAYS if special(day) == "makeup"
    )
    queue = Queue(OFFICE, opening=(Opening((0, 1, 2, 3, 4), 540, 1080),), closed_holidays="all")
    holidays = public_holidays("CN", FIRST, LAST)
    opening = {OFFICE: partial(open_mask, queue, holidays=holidays, calendar=rows)}
    table = contacts(usual, OFFICE, hours)
    made = make_forecast(
        table,
        date(2025, 9, 22),
        28,
        timezone=SHANGHAI,
        holidays=holidays,
        calendars={"": CALENDAR},
        opening=opening,
    )
    totals = made.queues[OFFICE].offered.sum(axis=1)
    wanted = pd.Series(usual, index=DAYS).loc[made.grid.first_day :].to_numpy()[:28]
    assert ((totals > 0) == (wanted > 0)).all()
    assert totals[wanted > 0] == pytest.approx(wanted[wanted > 0], rel=0.1)
    makeup = made.table()[
        made.table()["interval_start"].dt.tz_convert(SHANGHAI).dt.date == date(2025, 10, 11)
    ]
    assert len(makeup) == 9
    assert day_of(made.grid.first_day + 19) == date(2025, 10, 11)


def test_ordinary_days_near_a_long_festival_are_covered(spring_2024, spring_2025):
    found = []
    for totals, first in ((spring_2024, date(2024, 2, 10)), (spring_2025, date(2025, 1, 29))):
        around = totals.loc[day_number(first) - 7 : day_number(first) + 10]
        found += recovered(around[~around["unusual"]]).tolist()
    assert len(found) > 8
    assert np.mean(found) > 0.7


def test_campaign_days_are_not_told_as_odd(autumn):
    assert not any("given little weight" in warning for warning in autumn[0].report.warnings)
