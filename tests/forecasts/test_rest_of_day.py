"""The rest of a day from what came so far: how far it moves, how its bands narrow, what is told and what is not believed."""

from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.instants import parse_instant
from forecasts.intraday import reforecast
from forecasts.intraday_level import band_variance, day_level, silent
from forecasts.uncertainty import Spread, bands

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
DAY = "2026-03-02"
SPREAD = Spread(level=0.01, day=0.02, special=0.02, interval=0.01)
COLUMNS = ["interval_start", "queue", "offered", "aht_seconds", "offered_p10", "offered_p50", "offered_p90"]


def forecast(mean=100.0, queue="calls", first=f"{DAY}T08:00", last=f"{DAY}T20:00", zone=SHANGHAI, minutes=30):
    """A flat forecast with bands; ``mean`` may be an array."""
    starts = pd.date_range(
        pd.Timestamp(first, tz=zone), pd.Timestamp(last, tz=zone), freq=f"{minutes}min", inclusive="left"
    )
    offered = np.broadcast_to(np.asarray(mean, dtype=float), len(starts))
    low, middle, high = (band[0] for band in bands(offered[None], SPREAD, np.zeros(1, dtype=bool)))
    table = pd.DataFrame({"interval_start": starts.tz_convert("UTC"), "queue": queue, "offered": offered})
    return table.assign(aht_seconds=240.0, offered_p10=low, offered_p50=middle, offered_p90=high)


def actuals(table, until, factor=1.0, zone=SHANGHAI):
    """What comes before a local time if it is so many times the forecast."""
    kept = table[table["interval_start"] < pd.Timestamp(until, tz=zone)]
    came = kept["offered"] * factor
    return kept[["interval_start", "queue", "aht_seconds"]].assign(offered=came)


def updated(table, came, until, zone=SHANGHAI):
    return reforecast(table, came, parse_instant(until, zone), zone)


def width(table, place=-1):
    """Width of a band as a share of its mean."""
    row = table.iloc[place]
    return (row["offered_p90"] - row["offered_p10"]) / row["offered"]


class TestNothingKnown:
    @pytest.mark.parametrize("until", [f"{DAY}T00:00", f"{DAY}T08:00", f"{DAY}T12:00"])
    def test_without_actuals_the_forecast_stays(self, until):
        table = forecast()
        found = updated(table, table.head(0), until)
        pd.testing.assert_frame_equal(found.table, table)
        (told,) = found.queues
        assert (told.factor, told.came) == (pytest.approx(1), 0)
        assert told.low < 0.85 < 1.15 < told.high  # the forecast's own doubt
        assert "nothing is known of today yet" in told.words[0]

    def test_when_the_day_is_over_nothing_is_left_to_move(self):
        table = forecast()
        found = updated(table, actuals(table, f"{DAY}T20:00", 1.3), f"{DAY}T23:30")
        pd.testing.assert_frame_equal(found.table, table)
        assert found.queues[0].wape_so_far == pytest.approx(0.3 / 1.3)
        assert found.queues[0].rest == 0

    def test_a_day_without_forecast_has_no_update(self):
        table = forecast()
        found = updated(table, actuals(table, f"{DAY}T12:00"), "2026-03-05T12:00")
        pd.testing.assert_frame_equal(found.table, table)
        assert found.queues == ()
        assert found.notes == ("actuals: 8 rows left out, of days before this one",)


class TestLevel:
    @settings(max_examples=30)
    @given(
        factor=st.floats(0.2, 4.0),
        hour=st.integers(9, 19),
        mean=st.floats(0.5, 400),
    )
    def test_the_update_lies_between_the_forecast_and_the_ratio(self, factor, hour, mean):
        table = forecast(mean)
        came = actuals(table, f"{DAY}T{hour:02d}:00", factor)
        (told,) = updated(table, came, f"{DAY}T{hour:02d}:00").queues
        if told.words[1].startswith("probable outage"):
            return
        low, high = sorted((1.0, factor))
        assert (
            low - 0.02 <= told.factor <= high + 0.02
        )  # a day known only roughly has a mean above its median
        assert told.low < told.factor < told.high

    def test_the_longer_the_day_the_more_it_is_believed(self):
        table = forecast()
        factors = [
            updated(table, actuals(table, until, 1.3), until).queues[0].factor
            for until in (f"{DAY}T{hour:02d}:00" for hour in (9, 11, 14, 18))
        ]
        assert factors == sorted(factors)
        assert factors[0] > 1.03
        assert 1.2 < factors[-1] < 1.3

    def test_few_contacts_are_believed_less_than_many(self):
        few, many = (
            updated(table, actuals(table, f"{DAY}T12:00", 1.3), f"{DAY}T12:00").queues[0].factor
            for table in (forecast(2), forecast(200))
        )
        assert 1 < few < 1.15 < 1.2 < many

    @settings(max_examples=30)
    @given(factor=st.floats(0.5, 2.0))
    def test_bands_narrow_as_the_day_goes_on(self, factor):
        table = forecast()
        widths = [width(table)] + [
            width(updated(table, actuals(table, until, factor), until).table)
            for until in (f"{DAY}T{hour:02d}:00" for hour in (9, 11, 13, 16, 19))
        ]
        assert all(later <= earlier + 1e-9 for earlier, later in pairwise(widths))
        assert widths[-1] < 0.85 * widths[0]

    def test_bands_stay_in_order_around_the_mean(self):
        table = forecast(np.linspace(0.0, 60.0, 24))
        rest = updated(table, actuals(table, f"{DAY}T12:10", 1.5), f"{DAY}T12:10").table.iloc[8:]
        assert (rest["offered_p10"] <= rest["offered_p50"]).all()
        assert (rest["offered_p50"] <= rest["offered_p90"]).all()
        assert (rest["offered_p10"] <= rest["offered"]).all()

    def test_an_80_percent_band_holds_80_percent_of_days_drawn_from_the_model(self):
        random, table = np.random.default_rng(7), forecast(40.0)
        inside, narrow = [], []
        for _ in range(150):
            day, interval = (
                random.gamma(1 / v, v, n) for v, n in ((SPREAD.level + SPREAD.day, 1), (SPREAD.interval, 24))
            )
            whole = random.poisson(40.0 * day * interval)
            came = table.head(12).assign(offered=whole[:12].astype(float))
            rest = updated(table, came, f"{DAY}T14:00").table.iloc[12:]
            inside += ((whole[12:] >= rest["offered_p10"]) & (whole[12:] <= rest["offered_p90"])).tolist()
            narrow.append(width(rest))
        assert 0.77 < np.mean(inside) < 0.9
        assert np.mean(narrow) < 0.9 * width(table)

    def test_without_bands_the_doubt_is_assumed_and_none_are_written(self):
        table = forecast()[COLUMNS[:4]]
        found = updated(table, actuals(table, f"{DAY}T12:00", 1.3), f"{DAY}T12:00")
        assert list(found.table.columns) == COLUMNS[:4]
        assert 1.1 < found.queues[0].factor < 1.3


class TestWhatIsNotBelieved:
    def test_an_outage_is_told_and_does_not_lower_the_rest(self):
        table = forecast(30.0)
        came = actuals(table, f"{DAY}T12:00")
        came.loc[came.index[4:8], "offered"] = 0.0
        (told,) = updated(table, came, f"{DAY}T12:00").queues
        (without,) = updated(table, came.head(4), f"{DAY}T12:00").queues
        assert told.factor == pytest.approx(without.factor)
        assert told.words[1].startswith("probable outage 10:00 to 12:00: 0 contacts where 120 were due")

    def test_silence_from_the_start_is_an_outage_not_a_day_without_contacts(self):
        table = forecast(30.0)
        found = updated(table, actuals(table, f"{DAY}T10:00", 0.0), f"{DAY}T10:00")
        pd.testing.assert_frame_equal(found.table, table)
        assert "probable outage 08:00 to 10:00" in found.queues[0].words[1]

    def test_silence_of_a_small_queue_is_a_quiet_day(self):
        table = forecast(1.0)
        (told,) = updated(table, actuals(table, f"{DAY}T12:00", 0.0), f"{DAY}T12:00").queues
        assert 0.5 < told.factor < 1
        assert not any("outage" in sentence for sentence in told.words)

    def test_one_freak_interval_hardly_moves_the_day_and_is_told(self):
        table = forecast()
        came = actuals(table, f"{DAY}T12:00")
        came.loc[came.index[3], "offered"] = 1500.0
        (told,) = updated(table, came, f"{DAY}T12:00").queues
        assert told.factor < 1.05  # the ratio says 2.75
        assert "hardly counted: 09:30 to 10:00" in " ".join(told.words)

    def test_a_surge_that_lasts_is_believed(self):
        table = forecast()
        (told,) = updated(table, actuals(table, f"{DAY}T12:00", 3.0), f"{DAY}T12:00").queues
        assert 2 < told.factor <= 3
        assert "hardly" not in " ".join(told.words)

    def test_an_interval_without_a_row_is_not_known_rather_than_empty(self):
        table = forecast()
        came = actuals(table, f"{DAY}T12:00", 1.2).drop(index=[2, 3])
        (told,) = updated(table, came, f"{DAY}T12:00").queues
        assert told.forecast_so_far == pytest.approx(600)
        assert "not known and not taken as none: 09:00 to 10:00" in told.words

    @settings(max_examples=30)
    @given(later=st.floats(0, 1000))
    def test_nothing_from_now_on_is_looked_at(self, later):
        table = forecast()
        came = actuals(table, f"{DAY}T12:00", 1.2)
        more = table.iloc[8:][["interval_start", "queue", "aht_seconds"]].assign(offered=later)
        plain, peeped = (
            updated(table, each, f"{DAY}T12:00").table for each in (came, pd.concat([came, more]))
        )
        pd.testing.assert_frame_equal(plain, peeped)

    def test_contacts_where_none_were_forecast_are_told_and_move_nothing(self):
        table = forecast()
        night = pd.DataFrame(
            {
                "interval_start": [pd.Timestamp(f"{DAY}T03:00", tz=SHANGHAI).tz_convert("UTC")],
                "queue": ["calls"],
                "offered": [7.0],
                "aht_seconds": [240.0],
            }
        )
        stranger = night.assign(queue="传真")
        found = updated(table, pd.concat([night, stranger]), f"{DAY}T09:00")
        pd.testing.assert_frame_equal(found.table, table)
        assert found.notes == (
            "actuals: 7 contacts of calls came where the forecast has no interval for it: not counted",
            "actuals: 7 contacts of 传真 came where the forecast has no interval for it: not counted",
        )


class TestUnderWay:
    def test_what_came_of_it_counts_against_the_part_that_has_passed(self):
        table = forecast()
        came = actuals(table, f"{DAY}T12:10")
        came.loc[came.index[-1], "offered"] = 100 / 3
        found = updated(table, came, f"{DAY}T12:10")
        assert found.queues[0].forecast_so_far == pytest.approx(800 + 100 / 3)
        assert found.queues[0].factor == pytest.approx(1, abs=0.01)
        row = found.table.iloc[8]
        assert row["offered"] == pytest.approx(100, abs=1)
        assert row["offered_p10"] > 100 / 3
        assert width(found.table, 8) < width(table)
        assert "12:00 to 12:30 is known in part: what came counts against 10 of 30 minutes" in " ".join(
            found.queues[0].words
        )

    def test_a_feed_that_stopped_tells_up_to_when_it_was_recorded(self):
        table = forecast()
        came = actuals(table, f"{DAY}T10:00")
        recorded = came["interval_start"] + pd.Timedelta(minutes=30)
        recorded.iloc[-1] = came["interval_start"].iloc[-1] + pd.Timedelta(minutes=6)
        came.loc[came.index[-1], "offered"] = 20.0
        found = updated(table, came.assign(recorded_at=recorded), f"{DAY}T11:00")
        assert found.queues[0].forecast_so_far == pytest.approx(320)
        assert found.queues[0].factor == pytest.approx(1, abs=0.01)
        told = " ".join(found.queues[0].words)
        assert "09:30 to 10:00 is known in part: what came counts against 6 of 30 minutes" in told
        assert "not known and not taken as none: 10:00 to 11:00" in told

    def test_its_first_minute(self):
        table = forecast()
        came = actuals(table, f"{DAY}T08:01").assign(offered=4.0)
        found = updated(table, came, f"{DAY}T08:01")
        assert found.queues[0].factor == pytest.approx(1, abs=0.03)
        assert found.table["offered"].iloc[0] == pytest.approx(4 + 100 * 29 / 30, abs=3)


class TestDaysAndQueues:
    def test_other_days_and_what_has_passed_stay_as_they_were(self):
        table = pd.concat(
            [forecast(), forecast(first="2026-03-03T08:00", last="2026-03-03T20:00")], ignore_index=True
        )
        found = updated(table, actuals(table.head(24), f"{DAY}T12:00", 1.3), f"{DAY}T12:00").table
        assert list(found.columns) == COLUMNS
        pd.testing.assert_frame_equal(found.drop(index=range(8, 24)), table.drop(index=range(8, 24)))
        assert (found["offered"].iloc[8:24] > 105).all()

    def test_queues_stand_for_themselves_in_any_order_of_rows(self):
        table = pd.concat([forecast(), forecast(50.0, queue="在线客服")], ignore_index=True)
        came = actuals(table, f"{DAY}T12:00")
        came.loc[came["queue"] == "在线客服", "offered"] *= 0.7
        found = updated(table, came, f"{DAY}T12:00")
        assert [each.queue for each in found.queues] == ["calls", "在线客服"]
        assert found.queues[0].factor == pytest.approx(1, abs=0.02)
        assert 0.7 < found.queues[1].factor < 0.85
        mixed = table.sample(frac=1, random_state=1)
        again = updated(mixed, came.sample(frac=1, random_state=2), f"{DAY}T12:00").table.sort_index()
        pd.testing.assert_frame_equal(again, found.table)

    @pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-07-01", 24)])
    def test_days_on_which_clocks_change(self, day, hours):
        end = str(pd.Timestamp(day) + pd.Timedelta(days=1))
        table = forecast(first=day, last=end, zone=BERLIN, minutes=60)
        assert len(table) == hours
        came = actuals(table, f"{day}T12:00", 1.3, BERLIN)
        found = updated(table, came, f"{day}T12:00", BERLIN)
        moved = (found.table["offered"] != table["offered"]).to_numpy()
        assert moved.tolist() == [False] * (hours - 12) + [True] * 12

    def test_a_queue_across_midnight_begins_anew_with_the_local_day(self):
        table = forecast(first=f"{DAY}T20:00", last="2026-03-03T04:00")
        came = actuals(table, "2026-03-03T01:00", 1.3)
        found = updated(table, came, "2026-03-03T01:00")
        assert found.queues[0].forecast_so_far == pytest.approx(200)
        assert (found.table["offered"].iloc[:10] == 100).all()
        assert (found.table["offered"].iloc[10:] > 101).all()


class TestParts:
    @settings(max_examples=30)
    @given(mean=st.floats(5, 1000), variance=st.floats(0.001, 0.2))
    def test_the_variance_of_a_band_is_found_again(self, mean, variance):
        spread = Spread(variance, 0.0, 0.0, 0.0)
        low, _, high = bands(np.array([[mean]]), spread, np.zeros(1, dtype=bool))
        if low[0, 0] > 0:
            assert band_variance(np.array([[mean]]), low, high)[0, 0] == pytest.approx(
                variance, rel=0.05, abs=2e-4
            )

    def test_a_band_that_shows_nothing_tells_nothing(self):
        zero = np.zeros((1, 3))
        assert np.isnan(band_variance(np.array([[0.0, 0.5, 20.0]]), zero, zero)).all()

    def test_the_level_before_anything_is_the_forecast_itself(self):
        none = np.zeros(0)
        level = day_level(none, none, none, np.arange(3.0), 0.05)
        assert level.factor == pytest.approx(1)
        assert level.variance == pytest.approx(0.05, abs=0.002)

    def test_hours_nearby_tell_more_than_hours_far_off(self):
        hours = np.arange(8.0, 12.0)
        level = day_level(np.full(4, 200.0), np.full(4, 300.0), hours, np.array([12.0, 16.0, 20.0]), 0.04)
        assert level.factor[0] > level.factor[1] > level.factor[2] > 1.2

    def test_silence_needs_dozens_due(self):
        flags = silent(np.full(6, 20.0), np.array([20.0, 0, 18, 0, 0, 0]))
        assert flags.tolist() == [False, False, False, True, True, True]
        assert not silent(np.full(6, 1.0), np.zeros(6)).any()
        assert not silent(np.zeros(0), np.zeros(0)).any()
