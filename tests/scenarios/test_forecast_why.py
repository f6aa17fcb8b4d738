"""Why a forecast says what it says: the factors multiply to the number, days are told for what they are, the planner's hand
is told step by step.
"""

import math
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.instants import day_number, local_instant
from forecasts import make_forecast
from forecasts.models import WeekdayMean
from scenarios.demand import holidays_of, horizon
from scenarios.forecast_why import chosen, why
from scenarios.forecasting import Demand, forecast_of, rounded_forecast

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST = day_number(date(2025, 9, 22))


def facts_of(autumn, queue, day, clock=None):
    centre, demand = autumn
    number = day_number(date.fromisoformat(day))
    at = None if clock is None else local_instant(SHANGHAI, number, int(clock[:2]) * 60 + int(clock[3:]))
    picked = chosen(demand.forecast.queues[queue], number, at)
    assert picked is not None
    return why(demand, picked, centre)


def product(facts):
    return math.prod(each["value"] for each in facts["factors"])


def factor(facts, name):
    (found,) = [each for each in facts["factors"] if each["name"] == name]
    return found


def rows_of(demand, queue, day):
    table = demand.table[demand.table["queue"] == queue]
    return table[table["interval_start"].dt.tz_convert(SHANGHAI).dt.strftime("%Y-%m-%d") == day]


@settings(max_examples=40)
@given(queue=st.sampled_from(["calls", "chat"]), day=st.integers(0, 27), slot=st.none() | st.integers(16, 43))
def test_factors_multiply_to_the_forecast_of_every_day_and_interval(autumn, queue, day, slot):
    centre, demand = autumn
    at = None if slot is None else local_instant(SHANGHAI, FIRST + day, slot * 30 + 7)
    picked = chosen(demand.forecast.queues[queue], FIRST + day, at)
    facts = why(demand, picked, centre)
    assert product(facts) == pytest.approx(facts["forecast"], rel=1e-9)
    mine = rows_of(demand, queue, facts["day"])
    if slot is not None:
        mine = mine[mine["interval_start"] == pd.Timestamp(facts["interval_start"])]
    assert facts["offered"] == pytest.approx(mine["offered"].sum())
    before = mine[
        "offered_before_day_total"
    ].sum()  # both columns are there: the first of them is the forecast
    assert facts["forecast"] == pytest.approx(before, abs=1e-4 * len(mine))
    steps = facts["hand"]
    assert math.prod(step["factor"] for step in steps) * facts["forecast"] == pytest.approx(
        facts["offered"], abs=2e-4 * len(mine)
    )


def test_special_days_are_named_with_their_festival_and_the_days_seen(autumn):
    eve, holiday, makeup = (
        facts_of(autumn, "calls", day)["traits"] for day in ("2025-09-30", "2025-10-01", "2025-10-11")
    )
    assert (eve["class"], eve["festival"]) == ("eve", "National Day")
    assert (holiday["class"], holiday["festival"]) == ("statutory", "National Day")
    assert (makeup["class"], makeup["weekday"], makeup["like_weekday"]) == ("makeup", 5, None)
    assert holiday["like_weekday"] == 6
    off, sunday = (factor(facts_of(autumn, "calls", day), "weekday") for day in ("2025-10-01", "2025-10-19"))
    assert off["value"] == pytest.approx(sunday["value"])
    seen = factor(facts_of(autumn, "calls", "2025-10-01"), "special day")
    assert 0 < seen["of_festival"] <= seen["days_seen"]
    ordinary = facts_of(autumn, "calls", "2025-09-23")
    assert ordinary["traits"]["class"] == "ordinary"
    assert factor(ordinary, "special day")["value"] == 1


def test_events_are_told_where_they_are_on_and_nowhere_else(autumn):
    def events(*where):
        return [each for each in facts_of(autumn, *where)["factors"] if each["name"] == "event"]

    (learned,) = events("chat", "2025-10-16", "10:00")
    assert (learned["title"], learned["source"], learned["occurrences"]) == ("sale: peak", "learned", 1)
    assert learned["uplift_p10"] < learned["uplift"] < learned["uplift_p90"]
    (stated,) = events("calls", "2025-10-14", "11:30")
    assert (stated["title"], stated["source"]) == ("billing", "stated")
    assert stated["value"] == pytest.approx(1.5)
    assert events("calls", "2025-10-14", "13:00") == events("chat", "2025-10-14", "11:00") == []
    evening, whole = facts_of(autumn, "calls", "2025-10-16", "19:00"), facts_of(autumn, "calls", "2025-10-16")
    for facts in (evening, whole):
        assert [each["title"] for each in facts["factors"] if each["name"] == "event"] == [
            "offer",
            "sale: peak",
        ]
        assert product(facts) == pytest.approx(facts["forecast"], rel=1e-9)
    (day,) = events("calls", "2025-10-14")
    assert 1.05 < day["value"] < 1.3  # two hours of fourteen


def test_the_planners_hand_is_told_in_the_order_it_was_laid_on(autumn):
    facts = facts_of(autumn, "calls", "2025-10-15", "11:00")
    total, times, plus = facts["hand"]
    assert total["kind"] == "day_total"
    assert total["totals"] == [{"of": "calls", "total": 900.0}]
    assert (times["kind"], times["reason"], times["author"]) == ("multiply", "newsletter", "王芳")
    assert times["factor"] == pytest.approx(1.2)
    assert (plus["kind"], plus["after"] - plus["before"]) == ("add", pytest.approx(5, abs=1e-3))
    assert plus["after"] == pytest.approx(facts["offered"], abs=1e-3)
    day = facts_of(autumn, "calls", "2025-10-15")
    assert day["hand"][0]["after"] == pytest.approx(900, abs=0.01)
    assert facts_of(autumn, "chat", "2025-10-15")["hand"] == []


def test_where_the_width_comes_from_adds_up(autumn):
    hour, day = facts_of(autumn, "calls", "2025-10-16", "10:00"), facts_of(autumn, "calls", "2025-10-16")
    for facts in (hour, day):
        assert sum(facts["band"]["variance_share"].values()) == pytest.approx(1)
        assert facts["band"]["p10"] < facts["band"]["p50"] < facts["band"]["p90"]
    assert hour["band"]["variance_share"]["chance"] > day["band"]["variance_share"]["chance"]
    assert hour["band"]["relative_sd"]["events"] > 0
    assert facts_of(autumn, "calls", "2025-10-17")["band"]["relative_sd"]["events"] == 0
    assert day["band"]["relative_sd"]["interval"] == 0


def test_planners_averages_stand_beside_with_their_errors(autumn):
    demand = autumn.demand
    facts = facts_of(autumn, "calls", "2025-09-23", "10:00")
    history = demand.forecast.queues["calls"].past.history
    mean = WeekdayMean(8).fit(history).predict(np.array([FIRST + 1]))[0, 20]
    (eight,) = [each for each in facts["beside"] if each["model"] == "weekday_mean_8"]
    assert eight["contacts"] == pytest.approx(mean)
    assert {each["model"] for each in facts["beside"]} == {
        "structural", "seasonal_naive", "weekday_mean_4", "weekday_mean_8", "weekday_median_8",
    }  # fmt: skip
    assert all(0 < each["wape"] < 1 for each in facts["beside"])
    assert 0 < facts["poisson_floor"] < 1


def test_the_last_like_days_are_what_the_history_says(autumn):
    centre, _ = autumn
    facts = facts_of(autumn, "calls", "2025-09-23", "10:00")
    assert [each["day"] for each in facts["like_days"]] == [
        "2025-08-26",
        "2025-09-02",
        "2025-09-09",
        "2025-09-16",
    ]
    past = centre.history[centre.history["queue"] == "calls"].set_index("interval_start")["offered"]
    assert [each["contacts"] for each in facts["like_days"]] == [
        past[pd.Timestamp(f"{each['day']}T10:00", tz=SHANGHAI).tz_convert("UTC")]
        for each in facts["like_days"]
    ]
    eve = facts_of(autumn, "calls", "2025-10-11")["like_days"]
    assert {each["weekday"] for each in eve if not each["same_class"]} == {5}


def test_nothing_is_picked_where_the_queue_is_closed(autumn):
    queue = autumn[1].forecast.queues["calls"]
    assert chosen(queue, FIRST, local_instant(SHANGHAI, FIRST, 0)) is None
    assert chosen(queue, FIRST - 1) is None


@pytest.mark.parametrize(("day", "hours"), [("2024-03-31", 23), ("2024-10-27", 25)])
@pytest.mark.parametrize("minutes", [15, 60])
def test_days_on_which_clocks_change_and_other_lengths_multiply_too(day, hours, minutes):
    start = date.fromisoformat(day)
    stamps = pd.date_range(
        pd.Timestamp(start) - pd.Timedelta(days=70), start, freq="30min", tz="Europe/Berlin"
    )
    history = pd.DataFrame({"interval_start": stamps, "queue": "夜间", "offered": 3.0 + stamps.hour % 5})
    made = make_forecast(history, start, 2, interval_minutes=minutes)
    demand = Demand(made, rounded_forecast(made.table()))
    picked = chosen(made.queues["夜间"], day_number(start))
    facts = why(demand, picked)
    assert len(picked.starts) == hours * 60 / minutes
    assert product(facts) == pytest.approx(facts["forecast"], rel=1e-9)
    assert facts["offered"] == pytest.approx(made.day_table()["offered"].iloc[0], abs=0.02)


def test_a_model_without_factors_is_told_as_one():
    stamps = pd.date_range("2024-01-01", "2024-02-05", freq="h", tz="UTC", inclusive="left")
    history = pd.DataFrame({"interval_start": stamps, "queue": "q", "offered": 4.0})
    made = make_forecast(history, date(2024, 2, 5), 1, models=[WeekdayMean(2)])
    facts = why(
        Demand(made, rounded_forecast(made.table())), chosen(made.queues["q"], day_number(date(2024, 2, 5)))
    )
    assert [each["name"] for each in facts["factors"]] == ["model"]
    assert product(facts) == pytest.approx(96)
    assert facts["aht"] is None


def test_agreement_with_groups_is_a_factor_too():
    stamps = pd.date_range("2024-01-01", "2024-03-25", freq="h", tz="UTC", inclusive="left")
    random = np.random.default_rng(3)
    parts = [
        pd.DataFrame(
            {"interval_start": stamps, "queue": name, "offered": random.poisson(5.0, len(stamps)) * 1.0}
        )
        for name in ("a", "b")
    ]
    made = make_forecast(pd.concat(parts), date(2024, 3, 25), 3, groups={"both": ["a", "b"]})
    demand = Demand(made, rounded_forecast(made.table()))
    facts = why(demand, chosen(made.queues["a"], day_number(date(2024, 3, 26))))
    assert factor(facts, "agreement")["value"] == pytest.approx(made.queues["a"].agreed[1])
    assert factor(facts, "agreement")["value"] != 1
    assert product(facts) == pytest.approx(facts["forecast"], rel=1e-9)
    assert facts["offered"] == pytest.approx(facts["forecast"], abs=0.01)


@pytest.mark.parametrize(("days", "copied"), [(0, True), (10, False), (100, None)])
def test_a_queue_that_leans_on_another_says_so(autumn, days, copied):
    centre = autumn.centre
    calls, chat = centre.settings.queue
    settings_ = replace(centre.settings, queue=(calls, replace(chat, like="calls")))
    start = pd.Timestamp("2025-09-22", tz=SHANGHAI)
    rows = centre.history
    rows = rows[(rows["queue"] == "calls") | (rows["interval_start"] >= start - pd.Timedelta(days=days))]
    leaning = replace(centre, settings=settings_, history=rows)
    grid = horizon(settings_, date(2025, 9, 22), 3)
    demand = forecast_of(leaning, grid, holidays_of(leaning, grid))
    facts = why(demand, chosen(demand.forecast.queues["chat"], FIRST), leaning)
    assert facts["like"] == (None if copied is None else {"queue": "calls", "copied": copied})
    assert product(facts) == pytest.approx(facts["forecast"], rel=1e-9)


def test_an_interval_that_is_open_in_part_has_its_share_of_the_open_part():
    stamps = pd.date_range("2024-01-01", "2024-03-25", freq="30min", tz="UTC", inclusive="left")
    minutes = stamps.hour * 60 + stamps.minute
    stamps = stamps[(minutes >= 480) & (minutes < 1020)]
    history = pd.DataFrame({"interval_start": stamps, "queue": "q", "offered": 4.0})

    def opens(grid):  # from 8:00, and on the day forecast from 8:30
        minutes = grid.local_minutes()
        first = np.where(grid.local_days() < day, 480, 510)
        return (minutes + grid.interval_minutes > first) & (minutes < 1020)

    day = day_number(date(2024, 3, 25))

    made = make_forecast(history, date(2024, 3, 25), 1, interval_minutes=60, opening={"q": opens})
    demand = Demand(made, rounded_forecast(made.table()))
    first, second = (why(demand, chosen(made.queues["q"], day, day * 1440 + hour * 60)) for hour in (8, 9))
    assert (first["forecast"], second["forecast"]) == (pytest.approx(4, rel=0.01), pytest.approx(8, rel=0.01))
    assert product(first) == pytest.approx(first["forecast"], rel=1e-9)


def test_the_sources_of_the_width_are_those_of_the_band():
    stamps = pd.date_range("2024-01-01", "2024-03-25", freq="h", tz="UTC", inclusive="left")
    noise = np.random.default_rng(4).gamma(9, 1 / 9, len(stamps))
    history = pd.DataFrame({"interval_start": stamps, "queue": "q", "offered": np.round(200 * noise)})
    made = make_forecast(history, date(2024, 3, 25), 1)
    day = day_number(date(2024, 3, 25))
    demand = Demand(made, rounded_forecast(made.table()))
    for at in (None, day * 1440 + 600):
        facts = why(demand, chosen(made.queues["q"], day, at))
        band = facts["band"]
        sd = math.sqrt(sum(each**2 for each in band["relative_sd"].values())) * facts["forecast"]
        assert (band["p90"] - band["p10"]) / 2.563 == pytest.approx(sd, rel=0.05)  # nearly normal
        assert (band["relative_sd"]["interval"] > 0.2) == (at is not None)
