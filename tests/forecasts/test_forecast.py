"""The whole step from the outside: near the truth, nothing of the future, the same whatever the order."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import date, datetime, timedelta
from functools import partial
from threading import Barrier
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from centre.calendar_days import SpecialDay
from centre.errors import BadInput
from centre.instants import day_number, day_start
from centre.model import Opening, Queue
from centre.opening import open_mask
from forecasts import forecast, make_forecast
from forecasts.day_calendar import DayCalendar
from forecasts.events import Event

FIRST = date(2024, 1, 29)
START = date(2024, 4, 22)  # 84 days on, a Monday; clocks went forward on 31 March
NUMBERS = ["offered", "aht_seconds", "offered_p10", "offered_p50", "offered_p90"]


@pytest.fixture
def table(contacts):
    return contacts(84, first=FIRST, minutes=60)


@pytest.fixture
def short(contacts):
    """Four weeks, for what does not depend on how well is forecast."""
    return contacts(28, first=date(2024, 3, 25), minutes=60)


def reported(*inputs, **options):
    """The table and the report of a forecast."""
    made = make_forecast(*inputs, **options)
    return made.table(), made.report


def wape(found, truth, zone):
    both = found.merge(truth, on=["interval_start", "queue"], suffixes=("", "_true"))
    assert len(both) == len(found)
    return (both["offered"] - both["offered_true"]).abs().sum() / truth["offered"].sum()


def test_the_forecast_is_near_the_truth_and_lists_open_intervals_only(table, truth, berlin):
    found = forecast(table, START, 7, timezone=berlin)
    assert list(found.columns) == [
        "interval_start",
        "queue",
        *NUMBERS,
        "aht_p10",
        "aht_p90",
        "open",
        "aht_assumed",
    ]
    assert len(found) == 6 * 12
    assert str(found["interval_start"].dt.tz) == "UTC"
    assert found["interval_start"].iloc[0] == pd.Timestamp("2024-04-22 08:00", tz=berlin)
    assert wape(found, truth(7, first=START, minutes=60), berlin) < 0.08
    assert found["aht_seconds"].to_numpy() == pytest.approx(np.full(72, 200.0))
    assert found["open"].all()
    assert not found["aht_assumed"].any()
    assert (found["offered_p10"] <= found["offered_p50"]).all()
    assert (found["offered_p50"] <= found["offered_p90"]).all()


def test_no_forecast_sees_its_own_future(contacts, berlin):
    table = contacts(98, first=FIRST, minutes=60)
    coming = table["interval_start"] >= pd.Timestamp(START, tz=berlin)
    mad = table.assign(
        offered=table["offered"].where(~coming, 1e6), aht_seconds=table["aht_seconds"].where(~coming, 9.0)
    )
    seen, report = reported(mad, START, 7, timezone=berlin)
    pd.testing.assert_frame_equal(seen, forecast(table[~coming], START, 7, timezone=berlin))
    assert report.history.rows_ignored == {"客服": 12 * 12}


def test_nor_does_it_through_events_and_special_days(contacts, berlin):
    """What is told of a day to come changes that day; what came on it changes nothing."""
    table, first = contacts(98, first=FIRST, minutes=60), day_number(START)
    days = table["interval_start"].dt.tz_convert(berlin).dt.date.map(day_number)
    table["offered"] *= days.map({first - 33: 0.4, first - 40: 1.6}).fillna(1.0)
    mad = table.assign(offered=table["offered"].where(days < first, 1e6))
    holiday = SpecialDay("statutory", "节", 0, "节")
    windows = [(day_start(berlin, day), day_start(berlin, day + 1)) for day in (first - 40, first + 3)]
    told = {
        "timezone": berlin,
        "calendars": {"": DayCalendar({first - 33: holiday, first + 1: holiday})},
        "events": tuple(Event("账单", "", *window) for window in windows),
    }
    seen = make_forecast(mad, START, 7, **told)
    pd.testing.assert_frame_equal(seen.table(), forecast(table[days < first], START, 7, **told))
    plain = make_forecast(table[days < first], START, 7, timezone=berlin).day_table()["offered"]
    moved = seen.day_table()["offered"] / plain - 1
    assert moved[1] < -0.4
    assert moved[3] > 0.3
    assert moved[4:6].abs().max() < 0.03


def test_the_report_says_what_was_chosen_and_why(table, berlin):
    report = reported(table, START, 7, timezone=berlin)[1]
    assert {"seasonal_naive", "weekday_mean_8", "structural"} <= set(report.wape["客服"])
    assert report.wape["客服"][report.model["客服"]] < report.wape["客服"]["seasonal_naive"]
    assert report.trials == {"客服": 7}
    assert report.history.spans == {"客服": ("2024-01-29", "2024-04-20")}
    assert report.warnings == []


def test_a_week_of_history_is_enough_and_said_to_be_little(contacts, truth, berlin):
    found, report = reported(contacts(7, minutes=60), "2024-01-08", 7, timezone=berlin)
    assert wape(found, truth(7, first=date(2024, 1, 8), minutes=60), berlin) < 0.25
    assert report.warnings == ["queue 客服: too little history to try models; bands are assumed"]


def test_a_hole_of_months_in_the_history_is_bridged(contacts, truth, berlin):
    table = contacts(112 + 200, minutes=60)
    when = table["interval_start"]
    hole = (when >= pd.Timestamp("2024-02-26", tz=berlin)) & (when < pd.Timestamp("2024-10-14", tz=berlin))
    start = date(2024, 11, 4)
    found = forecast(table[~hole], start, 6, timezone=berlin)
    assert wape(found, truth(6, first=start, minutes=60), berlin) < 0.12


@pytest.fixture
def three_queues(contacts):
    queues = {"客服": 40.0, "VIP": 5.0, "投诉 📞": 15.0}
    return [
        contacts(28, first=date(2024, 3, 25), minutes=60, seed=seed, peak=peak).assign(queue=name)
        for seed, (name, peak) in enumerate(queues.items())
    ]


def test_queues_do_not_touch_one_another(three_queues, berlin):
    together = forecast(pd.concat(three_queues), START, 7, timezone=berlin)
    for table in three_queues:
        alone = forecast(table, START, 7, timezone=berlin)
        mine = together[together["queue"] == table["queue"].iloc[0]].reset_index(drop=True)
        pd.testing.assert_frame_equal(mine, alone)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(3)), seed=st.integers(0, 99))
def test_neither_the_order_of_queues_nor_of_rows_matters(three_queues, berlin, order, seed):
    usual = make_forecast(pd.concat(three_queues), START, 7, timezone=berlin)
    turned = pd.concat([three_queues[k] for k in order]).sample(frac=1, random_state=seed)
    found = make_forecast(turned, START, 7, timezone=berlin)
    by_queue = ["queue", "interval_start"]
    for name in ("table", "path_table"):
        one, other = (getattr(each, name)(*([3] if name == "path_table" else [])) for each in (usual, found))
        pd.testing.assert_frame_equal(
            *(each.sort_values(by_queue, ignore_index=True) for each in (one, other)), check_exact=True
        )
    assert sorted(found.report.warnings) == sorted(usual.report.warnings)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(factor=st.floats(0.1, 1000))
@example(factor=2.0)
def test_so_many_times_the_contacts_are_so_many_times_the_forecast(table, berlin, factor):
    positive = table.assign(offered=table["offered"] + 1)
    usual = forecast(positive, START, 14, timezone=berlin)["offered"].to_numpy()
    found = forecast(positive.assign(offered=positive["offered"] * factor), START, 14, timezone=berlin)
    assert found["offered"].to_numpy() == pytest.approx(usual * factor, rel=1e-6)


@pytest.mark.parametrize("pool", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_an_executor_gives_the_same_table_as_none(three_queues, berlin, pool):
    table = pd.concat(three_queues)
    usual = make_forecast(table, START, 7, timezone=berlin)
    with pool(2) as executor:
        found = make_forecast(table, START, 7, timezone=berlin, executor=executor)
    pd.testing.assert_frame_equal(found.table(), usual.table())
    pd.testing.assert_frame_equal(found.day_table(), usual.day_table())
    assert found.report == usual.report


BOTH_FITTED = Barrier(2)


class LastMean:
    """The mean of what it was fitted to, told only when another queue has been fitted meanwhile."""

    name = "last_mean"

    def fit(self, history):
        self.mean, self.slots = float(np.nanmean(history.offered)), history.slots
        BOTH_FITTED.wait(timeout=20)
        return self

    def predict(self, days):
        return np.full((len(days), self.slots), self.mean)


def test_queues_that_are_fitted_at_the_same_time_do_not_share_a_model(three_queues, berlin):
    table = pd.concat(three_queues[:2])
    with ThreadPoolExecutor(2) as executor:
        found = make_forecast(table, START, 1, timezone=berlin, models=[LastMean()], executor=executor)
    one, two = (found.queues[name].plain.max() for name in ("客服", "VIP"))
    assert one > 4 * two


@pytest.mark.parametrize(("minutes", "rows"), [(5, 864), (15, 288), (20, 216), (30, 144), (60, 72)])
def test_other_interval_lengths_keep_the_contacts(short, berlin, minutes, rows):
    usual = forecast(short, START, 7, timezone=berlin)
    found = forecast(short, START, 7, timezone=berlin, interval_minutes=minutes)
    assert len(found) == rows
    assert found["offered"].sum() == pytest.approx(usual["offered"].sum())
    assert found["aht_seconds"].to_numpy() == pytest.approx(np.full(rows, 200.0))


def test_queues_of_different_interval_lengths_meet_on_one_grid(contacts, berlin):
    first = date(2024, 3, 25)
    mixed = pd.concat([contacts(28, first=first), contacts(28, first=first, minutes=15).assign(queue="VIP")])
    found = forecast(mixed, START, 1, timezone=berlin)
    assert found.groupby("queue").size().to_dict() == {"客服": 48, "VIP": 48}


def hourly(first, days, zone, level=100.0):
    """Contacts that rise through the day by the clock on the wall, the same every day."""
    begin, end = (pd.Timestamp(first + timedelta(days=k), tz=zone) for k in (0, days))
    stamps = pd.date_range(begin, end, freq="h", inclusive="left").tz_convert("UTC")
    offered = level + stamps.tz_convert(zone).hour.to_numpy()
    return pd.DataFrame({"interval_start": stamps, "queue": "q", "offered": offered, "aht_seconds": 60.0})


@pytest.mark.parametrize(("sunday", "hours"), [(date(2024, 3, 31), 167), (date(2024, 10, 27), 169)])
def test_weeks_in_which_clocks_change_have_all_their_intervals(berlin, sunday, hours):
    monday = sunday - timedelta(days=6)
    found = forecast(hourly(monday - timedelta(days=28), 28, berlin), monday, 7, timezone=berlin)
    assert len(found) == hours
    assert found["interval_start"].diff().dropna().eq(pd.Timedelta(hours=1)).all()
    assert found["interval_start"].iloc[0] == pd.Timestamp(monday, tz=berlin)
    wanted = hourly(monday, 7, berlin)["offered"]
    assert found["offered"].to_numpy() == pytest.approx(wanted.to_numpy(), rel=0.01)


@pytest.mark.parametrize("sunday", [date(2024, 3, 31), date(2024, 10, 27)])
def test_days_of_23_and_25_hours_in_the_history_bend_nothing(berlin, sunday):
    history = hourly(sunday - timedelta(days=14), 29, berlin)
    night = history["interval_start"].dt.tz_convert(berlin).dt.date == sunday
    history.loc[night, "offered"] *= np.linspace(0.5, 1.5, night.sum())  # a day that would bend a profile
    start = sunday + timedelta(days=15)
    found = forecast(history, start, 7, timezone=berlin)["offered"].to_numpy()
    assert found == pytest.approx(hourly(start, 7, berlin)["offered"].to_numpy(), rel=0.01)


def test_the_29th_of_february_is_forecast_as_a_thursday(contacts, truth, berlin):
    table = contacts(56, first=date(2024, 1, 1), minutes=60)
    found = forecast(table, date(2024, 2, 26), 7, timezone=berlin)
    by_day = found.groupby(found["interval_start"].dt.tz_convert(berlin).dt.date)["offered"].sum()
    wanted = truth(1, first=date(2024, 2, 29), minutes=60)["offered"].sum()
    assert by_day[date(2024, 2, 29)] == pytest.approx(wanted, rel=0.05)
    assert len(by_day) == 6


def test_stated_hours_and_holidays_close_the_queue(short, berlin):
    holiday = day_number(START) + 2
    queue = Queue("客服", opening=(Opening((0, 1, 2, 3, 4), 9 * 60, 18 * 60),), closed_holidays="all")
    opening = {"客服": partial(open_mask, queue, holidays={holiday: "节日"})}
    found = forecast(short, START, 7, timezone=berlin, holidays={holiday: "节日"}, opening=opening)
    local = found["interval_start"].dt.tz_convert(berlin)
    assert sorted(local.dt.date.unique()) == [START + timedelta(days=k) for k in (0, 1, 3, 4)]
    assert local.dt.hour.min() == 9
    assert local.dt.hour.max() == 17


def test_all_zeros_give_zeros(berlin):
    stamps = pd.date_range("2024-01-01", periods=28 * 24, freq="h", tz=berlin).tz_convert("UTC")
    table = pd.DataFrame({"interval_start": stamps, "queue": "q", "offered": 0.0, "aht_seconds": np.nan})
    found = forecast(table, "2024-01-29", 2, timezone=berlin, aht_seconds={"q": 90.0})
    assert len(found) == 48
    assert (found[["offered", "offered_p10", "offered_p90"]] == 0).all(axis=None)
    assert (found["aht_seconds"] == 90).all()


def test_stated_handle_time_is_assumed_and_unknown_ones_stay_empty_with_a_warning(short, berlin):
    table = pd.concat([short, short.assign(queue="VIP"), short.assign(queue="邮件")]).assign(
        aht_seconds=np.nan
    )
    stated = {"客服": 210.0, "VIP": 90.0, "邮件": 600.0}
    found, report = reported(table, START, 1, timezone=berlin, aht_seconds=stated)
    assert found["aht_assumed"].all()
    assert report.aht_assumed == list(stated)
    found, report = reported(table, START, 1, timezone=berlin, aht_seconds={"VIP": 90.0})
    empty = found["aht_seconds"].isna().groupby(found["queue"]).all()
    assert empty.to_dict() == {"客服": True, "VIP": False, "邮件": True}
    assert report.aht_unknown == ["客服", "邮件"]
    assert [w.split(":")[0] for w in report.warnings if "handle time" in w] == ["queue 客服", "queue 邮件"]


def test_the_zone_of_the_timestamps_is_the_default(short, berlin):
    local = short.assign(interval_start=short["interval_start"].dt.tz_convert(berlin))
    pd.testing.assert_frame_equal(
        forecast(local, START, 2), forecast(short, START, 2, timezone="Europe/Berlin")
    )


@pytest.mark.parametrize("start", ["2024-04-22", pd.Timestamp("2024-04-22")])
def test_the_start_may_be_told_in_several_ways(short, berlin, start):
    assert len(forecast(short, start, 1, timezone=berlin)) == 12


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"start": "22.4.2024"}, "start"),
        ({"start": datetime(2024, 4, 22, 8)}, "start"),
        ({"periods": 0}, "periods"),
        ({"interval_minutes": 7}, "interval_minutes"),
        ({"timezone": "Europe/Nowhere"}, "timezone"),
    ],
)
def test_options_that_make_no_sense_are_named(short, wrong, named):
    with pytest.raises(BadInput) as caught:
        forecast(short, **({"start": START, "periods": 7, "timezone": ZoneInfo("Europe/Berlin")} | wrong))
    assert caught.value.faults[0].file == named
