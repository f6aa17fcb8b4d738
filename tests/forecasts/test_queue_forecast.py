"""One queue laid out on a grid: sums, bands, clock changes, handle times, events and what was agreed."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.instants import Grid, day_number
from forecasts.grid import QueueHistory
from forecasts.hours import Hours
from forecasts.inputs import Past
from forecasts.models import SeasonalNaive, Structural, WeekdayMean
from forecasts.queue_forecast import COLUMNS, Fit, fit_queue, lay_out, resampled
from forecasts.uncertainty import Spread

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = day_number(date(2024, 10, 21))
SPREAD = Spread(level=0.001, day=0.004, special=0.02, interval=0.01)
HUMP = np.where((np.arange(24) >= 1) & (np.arange(24) < 20), 20.0 + np.arange(24), 0.0)


def past_of(days=28, aht=None):
    offered = np.tile(HUMP, (days, 1))
    seconds = np.full((days, 24), np.nan) if aht is None else np.tile(aht, (days, 1))
    flags = np.zeros(days, dtype=np.int8), np.ones(days, dtype=bool)
    history = QueueHistory("客服", 60, MONDAY - days, offered, seconds, offered, *flags)
    return Past(history, Hours(BERLIN, {}))


def laid_out(days=7, minutes=60, stated=None, past=None, first=MONDAY):
    past = past or past_of()
    expected = np.tile(HUMP, (days, 1))
    fit = Fit(Structural(), expected, past.history.offered, SPREAD, 8, {}, 0.1, np.zeros(len(expected)), {})
    return lay_out(past, fit, Grid(BERLIN, first, days, minutes), stated)


def test_open_intervals_of_the_grid_have_their_row():
    table = laid_out().table()
    assert list(table.columns) == list(COLUMNS)
    assert (table["queue"] == "客服").all()
    assert table["open"].all()
    assert len(table) == 7 * 19 + 1  # the hour from 02:00 comes twice on Sunday
    local = table["interval_start"].dt.tz_convert(BERLIN)
    assert (table["offered"] == HUMP[local.dt.hour]).all()
    assert (table["offered_p10"] < table["offered_p50"]).all()
    assert (table["offered_p50"] < table["offered_p90"]).all()


@pytest.mark.parametrize(("sunday", "extra"), [(date(2024, 3, 31), -22.0), (date(2024, 10, 27), 22.0)])
def test_day_totals_are_sums_of_the_table_when_clocks_change_too(sunday, extra):
    queue = laid_out(first=day_number(sunday) - 6, past=past_of())
    table, days = queue.table(), queue.day_table()
    by_day = table.groupby(table["interval_start"].dt.tz_convert(BERLIN).dt.strftime("%Y-%m-%d"))[
        "offered"
    ].sum()
    assert days["day"].tolist() == by_day.index.tolist()
    assert days["offered"].to_numpy() == pytest.approx(by_day.to_numpy())
    assert days["offered"].iloc[-1] == pytest.approx(HUMP.sum() + extra)
    assert (days["offered"].iloc[:-1] == HUMP.sum()).all()


def test_bands_of_a_day_are_narrower_than_those_of_its_intervals_together():
    queue = laid_out()
    table, day = queue.table().head(19), queue.day_table().iloc[0]
    width = day["offered_p90"] - day["offered_p10"]
    assert width < 0.7 * (table["offered_p90"] - table["offered_p10"]).sum()
    assert width > (table["offered_p90"] - table["offered_p10"]).max()


def test_special_days_have_wider_bands():
    queue = laid_out()
    wider = replace(queue, special=np.arange(7) == 2).day_table()
    plain = queue.day_table()
    width = (wider["offered_p90"] - wider["offered_p10"]) / (plain["offered_p90"] - plain["offered_p10"])
    assert width[2] > 1.5
    assert width.drop(2).to_numpy() == pytest.approx(np.ones(6))


def test_an_event_moves_contacts_and_widens_their_bands():
    queue = laid_out()
    factor, log_sd = np.ones((7, 24)), np.zeros((7, 24))
    factor[3], log_sd[3] = 1.5, 0.25
    moved = replace(queue, factor=factor, log_sd=log_sd)
    plain, found = queue.day_table(), moved.day_table()
    assert (found["offered"] / plain["offered"]).tolist() == pytest.approx([1, 1, 1, 1.5, 1, 1, 1])
    relative = (found["offered_p90"] - found["offered_p10"]) / found["offered"]
    assert relative[3] > 2 * relative[2]
    paths = moved.paths(800, seed=1)
    day = queue.grid.local_days() - MONDAY
    sums = paths[:, day == 3].sum(axis=1)
    assert np.quantile(sums, 0.9) == pytest.approx(found["offered_p90"][3], rel=0.05)
    assert queue.plain_totals() == pytest.approx(moved.plain_totals())


def test_what_was_agreed_moves_whole_days():
    agreed = np.linspace(0.9, 1.2, 7)
    queue = laid_out()
    found = replace(queue, agreed=agreed)
    ratio = found.day_table()["offered"] / queue.day_table()["offered"]
    assert ratio.to_numpy() == pytest.approx(agreed)
    assert found.plain_totals() == pytest.approx(queue.plain_totals())


@pytest.mark.parametrize("minutes", [5, 15, 20, 30, 60])
def test_other_interval_lengths_keep_contacts_and_handle_times(minutes):
    aht = np.where(np.arange(24) < 12, 100.0, 300.0)
    past = past_of(aht=aht)
    table = laid_out(minutes=minutes, past=past).table()
    assert len(table) == (7 * 19 + 1) * 60 // minutes
    assert table["offered"].sum() == pytest.approx(7 * HUMP.sum() + HUMP[2])
    work = (table["offered"] * table["aht_seconds"]).sum()
    whole = laid_out(past=past).table()
    assert work == pytest.approx((whole["offered"] * whole["aht_seconds"]).sum())


def test_handle_times_are_weighed_by_contacts_where_slots_are_joined():
    """A history of quarter hours on an hourly grid: the busy quarter counts for more."""
    days = 28
    offered = np.tile(np.tile([30.0, 10.0, 10.0, 10.0], 24), (days, 1))
    seconds = np.tile(np.tile([200.0, 100.0, 100.0, 100.0], 24), (days, 1))
    flags = np.zeros(days, dtype=np.int8), np.ones(days, dtype=bool)
    history = QueueHistory("客服", 15, MONDAY - days, offered, seconds, offered, *flags)
    fit = Fit(Structural(), offered[:7], offered, SPREAD, 8, {}, 0.1, np.zeros(7), {})
    queue = lay_out(Past(history, Hours(BERLIN, {})), fit, Grid(BERLIN, MONDAY, 7, 60), None)
    table = queue.table()
    fine = lay_out(Past(history, Hours(BERLIN, {})), fit, Grid(BERLIN, MONDAY, 7, 15), None).table()
    work = (fine["offered"] * fine["aht_seconds"]).sum() / fine["offered"].sum()
    assert table["aht_seconds"].to_numpy() == pytest.approx(np.full(len(table), work), rel=0.02)
    assert work == pytest.approx(150, rel=0.02)
    assert (table["offered"] == 60).all()


def test_without_any_handle_time_the_column_is_empty():
    queue = laid_out()
    assert queue.seconds is None
    assert queue.table()["aht_seconds"].isna().all()
    stated = laid_out(stated=240.0).table()
    assert (stated["aht_seconds"] == 240).all()
    assert stated["aht_assumed"].all()


def test_hours_that_are_told_decide_what_is_open():
    past = past_of()
    hours = Hours(BERLIN, {}, lambda grid: grid.local_minutes() >= 23 * 60)
    table = laid_out(past=replace(past, hours=hours)).table()
    assert set(table["interval_start"].dt.tz_convert(BERLIN).dt.hour) == {23}
    assert (table[["offered", "offered_p10", "offered_p90"]] == 0).all(axis=None)


def test_a_fit_tells_what_was_tried_and_how_it_went():
    rng = np.random.default_rng(1)
    past = past_of(70)
    past = replace(
        past, history=replace(past.history, offered=rng.poisson(past.history.offered).astype(float))
    )
    fit = fit_queue(past, MONDAY, 14, [Structural()])
    assert fit.model.name == "structural"
    assert fit.expected.shape == (14, 24)
    assert fit.in_sample.shape == (70, 24)
    assert not fit.expected[:, 0].any()
    assert set(fit.wape) == {
        "seasonal_naive",
        "weekday_mean_4",
        "weekday_mean_8",
        "weekday_median_8",
        "structural",
    }
    assert fit.floor < fit.wape["structural"] < 1.15 * fit.floor
    assert fit.tried == 5
    assert min(fit.day_errors) == MONDAY - 14 - 4 * 7
    assert max(fit.day_errors) == MONDAY - 1


def test_a_companion_is_taken_where_it_did_better_and_the_callers_models_stay_unfitted():
    past = past_of(70)
    offered = past.history.offered * np.where(np.arange(70) < 49, 1.0, 1.35)[:, None]  # a new level
    past = replace(past, history=replace(past.history, offered=offered))
    models = (WeekdayMean(8), SeasonalNaive())
    fit = fit_queue(past, MONDAY, 7, models)
    assert fit.model.name == "seasonal_naive"
    assert fit.model not in models
    assert not models[0]._means.size


@settings(max_examples=20, deadline=None)
@given(
    minutes=st.sampled_from([5, 10, 15, 20, 30, 60]),
    other=st.sampled_from([5, 10, 15, 20, 30, 60]),
    seed=st.integers(0, 9),
)
def test_resampling_keeps_each_hour(minutes, other, seed):
    sums = np.random.default_rng(seed).uniform(0, 9, (2, 1440 // minutes))
    found = resampled(sums, other)
    assert found.shape == (2, 1440 // other)
    assert np.allclose(resampled(found, 60), resampled(sums, 60))
    if minutes % other == 0:
        assert np.allclose(resampled(found, minutes), sums)


def test_tables_of_a_fit_are_typed():
    table = laid_out(stated=200.0).table()
    assert str(table["interval_start"].dtype).startswith("datetime64")
    assert table["interval_start"].dt.tz is not None
    assert pd.api.types.is_bool_dtype(table["open"])
    assert pd.api.types.is_bool_dtype(table["aht_assumed"])
