from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from centre.errors import BadInput
from centre.instants import day_number
from centre.model import Opening, Queue
from centre.opening import open_mask
from forecasts import forecast, make_forecast
from forecasts.queue_forecast import resampled

MONDAY = date(2024, 1, 1)
START = date(2024, 4, 22)  # 112 days on, a Monday
NUMBERS = ["offered", "aht_seconds", "offered_p10", "offered_p50", "offered_p90"]


@pytest.fixture
def table(contacts):
    return contacts(112)


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
    assert len(found) == 6 * 24
    assert str(found["interval_start"].dt.tz) == "UTC"
    assert found["interval_start"].iloc[0] == pd.Timestamp("2024-04-22 08:00", tz=berlin)
    assert wape(found, truth(7, first=START), berlin) < 0.08
    assert found["aht_seconds"].to_numpy() == pytest.approx(np.full(144, 200.0))
    assert found["open"].all()
    assert not found["aht_assumed"].any()
    assert (found["offered_p10"] <= found["offered_p50"]).all()
    assert (found["offered_p50"] <= found["offered_p90"]).all()


def test_no_forecast_sees_its_own_future(contacts, berlin):
    table = contacts(126)
    mad = table.assign(
        offered=table["offered"].where(table["interval_start"] < pd.Timestamp(START, tz=berlin), 1e6)
    )
    seen, report = reported(mad, START, 7, timezone=berlin)
    pd.testing.assert_frame_equal(seen, forecast(contacts(126), START, 7, timezone=berlin))
    assert report.history.rows_ignored == {"客服": 12 * 24}


def test_the_report_says_what_was_chosen_and_why(table, berlin):
    report = reported(table, START, 7, timezone=berlin)[1]
    assert {"seasonal_naive", "weekday_mean_8", "structural"} <= set(report.wape["客服"])
    assert report.wape["客服"][report.model["客服"]] < report.wape["客服"]["seasonal_naive"]
    assert report.trials == {"客服": 8}
    assert report.history.spans == {"客服": ("2024-01-01", "2024-04-20")}
    assert report.warnings == []


def test_a_week_of_history_is_enough_and_said_to_be_little(contacts, truth, berlin):
    found, report = reported(contacts(7), "2024-01-08", 7, timezone=berlin)
    assert wape(found, truth(7, first=date(2024, 1, 8)), berlin) < 0.25
    assert report.warnings == ["queue 客服: too little history to try models; bands are assumed"]


def test_a_hole_of_months_in_the_history_is_bridged(contacts, truth, berlin):
    table = contacts(112 + 200)
    when = table["interval_start"]
    hole = (when >= pd.Timestamp("2024-02-26", tz=berlin)) & (when < pd.Timestamp("2024-10-14", tz=berlin))
    start = date(2024, 11, 4)
    found = forecast(table[~hole], start, 6, timezone=berlin)
    assert wape(found, truth(6, first=start), berlin) < 0.12


def test_queues_do_not_touch_one_another(contacts, berlin):
    one, other = contacts(112), contacts(112, seed=9, peak=5).assign(queue="VIP")
    both = forecast(pd.concat([one, other]), START, 7, timezone=berlin)
    turned = forecast(pd.concat([other, one]), START, 7, timezone=berlin)
    alone = forecast(one, START, 7, timezone=berlin)
    for found in (both, turned):
        pd.testing.assert_frame_equal(found[found["queue"] == "客服"].reset_index(drop=True), alone)


def test_the_order_of_rows_does_not_matter(table, berlin):
    shuffled = table.sample(frac=1, random_state=4)
    pd.testing.assert_frame_equal(
        forecast(shuffled, START, 7, timezone=berlin), forecast(table, START, 7, timezone=berlin)
    )


@pytest.mark.parametrize(("minutes", "rows"), [(5, 864), (15, 288), (20, 216), (30, 144), (60, 72)])
def test_other_interval_lengths_keep_the_contacts(table, berlin, minutes, rows):
    usual = forecast(table, START, 7, timezone=berlin)
    found = forecast(table, START, 7, timezone=berlin, interval_minutes=minutes)
    assert len(found) == rows
    assert found["offered"].sum() == pytest.approx(usual["offered"].sum())
    assert found["aht_seconds"].to_numpy() == pytest.approx(np.full(rows, 200.0))


def test_queues_of_different_interval_lengths_meet_on_one_grid(contacts, berlin):
    mixed = pd.concat([contacts(112), contacts(112, minutes=15).assign(queue="VIP")])
    found = forecast(mixed, START, 1, timezone=berlin)
    assert found.groupby("queue").size().to_dict() == {"客服": 48, "VIP": 48}


@pytest.mark.parametrize(("day", "hours"), [(date(2024, 3, 31), 23), (date(2024, 10, 27), 25)])
def test_days_on_which_clocks_change_have_all_their_intervals(berlin, day, hours):
    first = day - timedelta(days=27)
    stamps = pd.date_range(pd.Timestamp(first, tz=berlin), periods=26 * 24, freq="h").tz_convert("UTC")
    local_hour = stamps.tz_convert(berlin).hour.to_numpy()
    table = pd.DataFrame(
        {"interval_start": stamps, "queue": "q", "offered": 100.0 + local_hour, "aht_seconds": 60.0}
    )
    found = forecast(table, day - timedelta(days=1), 3, timezone=berlin)
    assert len(found) == 48 + hours
    assert found["interval_start"].diff().dropna().eq(pd.Timedelta(hours=1)).all()
    expected = 100 + found["interval_start"].dt.tz_convert(berlin).dt.hour
    assert found["offered"].to_numpy() == pytest.approx(expected.to_numpy(), rel=0.01)


def test_stated_hours_and_holidays_close_the_queue(table, berlin):
    holiday = day_number(START) + 2
    queue = Queue("客服", opening=(Opening((0, 1, 2, 3, 4), 9 * 60, 18 * 60),), closed_holidays="all")
    opening = {"客服": partial(open_mask, queue, holidays={holiday: "节日"})}
    found = forecast(table, START, 7, timezone=berlin, holidays={holiday: "节日"}, opening=opening)
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


def test_stated_handle_time_is_assumed_and_unknown_ones_stay_empty_with_a_warning(table, berlin):
    table = pd.concat([table, table.assign(queue="VIP"), table.assign(queue="邮件")]).assign(
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


def test_the_zone_of_the_timestamps_is_the_default(table, berlin):
    local = table.assign(interval_start=table["interval_start"].dt.tz_convert(berlin))
    pd.testing.assert_frame_equal(
        forecast(local, START, 2), forecast(table, START, 2, timezone="Europe/Berlin")
    )


@pytest.mark.parametrize("start", ["2024-04-22", START, datetime(2024, 4, 22), pd.Timestamp("2024-04-22")])
def test_the_start_may_be_told_in_several_ways(table, berlin, start):
    assert len(forecast(table, start, 1, timezone=berlin)) == 24


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
def test_options_that_make_no_sense_are_named(table, wrong, named):
    with pytest.raises(BadInput) as caught:
        forecast(table, **({"start": START, "periods": 7, "timezone": ZoneInfo("Europe/Berlin")} | wrong))
    assert caught.value.faults[0].file == named


def test_resampling_there_and_back_keeps_every_slot():
    hourly = np.arange(24.0)[None]
    assert resampled(resampled(hourly, 5), 60) == pytest.approx(hourly)
    assert resampled(np.ones((2, 72)), 30).sum() == pytest.approx(144)
