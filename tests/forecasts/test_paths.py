"""Sampled demand: means, spreads and correlations against what they are sampled from."""

from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from centre.instants import Grid, day_number, to_timestamps
from forecasts import make_forecast
from forecasts.paths import day_correlation, sample_paths
from forecasts.uncertainty import Spread, bands, day_bands

SAMPLES = 3000
DAYS = 14
MEAN = 30.0 * np.linspace(0.2, 1.8, 24) * np.linspace(1.2, 0.8, DAYS)[:, None]
ORDINARY = np.zeros(DAYS, dtype=bool)
SPREADS = {
    "calm": Spread(level=0.0, day=0.0, special=0.0, interval=0.0),
    "level": Spread(level=0.01, day=0.0, special=0.0, interval=0.0),
    "day": Spread(level=0.0, day=0.02, special=0.02, interval=0.0),
    "all": Spread(level=0.004, day=0.01, special=0.04, interval=0.05),
}
every_spread = pytest.mark.parametrize("spread", SPREADS.values(), ids=SPREADS.keys())


def sampled(spread, samples=SAMPLES, **how):
    return sample_paths(MEAN, spread, how.pop("special", ORDINARY), samples, **how)


@every_spread
def test_the_mean_of_the_paths_is_the_forecast(spread):
    paths = sampled(spread)
    assert paths.shape == (SAMPLES, DAYS, 24)
    assert paths.dtype.kind == "i"
    assert (paths >= 0).all()
    assert paths.mean() == pytest.approx(MEAN.mean(), rel=0.01)
    assert paths.mean(axis=0).sum(axis=1) == pytest.approx(MEAN.sum(axis=1), rel=0.02)


@every_spread
def test_sums_of_days_and_intervals_spread_as_their_bands_say(spread):
    paths = sampled(spread)
    low, _, high = day_bands(MEAN.sum(axis=1), spread, ORDINARY)
    sums = paths.sum(axis=2)
    assert np.quantile(sums, 0.1, axis=0) == pytest.approx(low, rel=0.03)
    assert np.quantile(sums, 0.9, axis=0) == pytest.approx(high, rel=0.03)
    low, _, high = bands(MEAN, spread, ORDINARY)
    inside = ((paths >= low) & (paths <= high)).mean(axis=0)
    assert inside.mean() == pytest.approx(0.8, abs=0.05)  # whole numbers: a few more fall in


def test_bands_of_intervals_added_up_would_be_too_wide_and_chance_alone_too_narrow():
    paths = sampled(SPREADS["all"])
    width = np.diff(np.quantile(paths.sum(axis=2), [0.1, 0.9], axis=0), axis=0)[0]
    low, _, high = bands(MEAN, SPREADS["all"], ORDINARY)
    assert (width < 0.6 * (high - low).sum(axis=1)).all()
    calm = np.diff(np.quantile(sampled(SPREADS["calm"]).sum(axis=2), [0.1, 0.9], axis=0), axis=0)[0]
    assert (width > 2 * calm).all()


def test_an_error_of_the_level_runs_through_all_days_and_one_of_a_day_does_not():
    def correlation(spread):
        sums = sampled(spread).sum(axis=2)
        return np.corrcoef(sums[:, 0], sums[:, 13])[0, 1]

    assert correlation(SPREADS["level"]) > 0.7
    assert abs(correlation(SPREADS["day"])) < 0.06


def test_special_days_and_events_spread_further():
    special = np.arange(DAYS) == 3
    sd = sampled(SPREADS["all"], special=special).sum(axis=2).std(axis=0) / MEAN.sum(axis=1)
    assert sd[3] > 1.5 * sd[2]
    extra = np.where(np.arange(DAYS) == 5, 0.09, 0.0)
    more = sampled(SPREADS["all"], extra=extra).sum(axis=2).std(axis=0) / MEAN.sum(axis=1)
    assert more[5] == pytest.approx(np.sqrt(0.09 + 0.014), rel=0.12)
    assert more[4] == pytest.approx(sd[4], rel=0.1)


def test_the_level_grows_less_sure_far_ahead():
    spread = Spread(level=0.0001, day=0.0, special=0.0, interval=0.0, tried_days=7)
    paths = sample_paths(np.full((200, 1), 1e6), spread, np.zeros(200, dtype=bool), 500)
    assert paths[:, 190, 0].std() > 4 * paths[:, 3, 0].std()


@pytest.mark.parametrize("shared", [0.0, 0.4, 1.0])
def test_queues_err_together_as_far_as_is_shared(shared):
    """Errors of a day of two queues correlate by what is shared; each alone spreads as before."""
    spread = Spread(level=0.01, day=0.02, special=0.02, interval=0.0)
    mean = np.full((DAYS, 24), 400.0)
    one, two = (
        sample_paths(mean, spread, ORDINARY, 1500, queue=name, shared=shared).sum(axis=2)
        for name in ("客服", "VIP")
    )
    found = np.mean([np.corrcoef(one[:, k], two[:, k])[0, 1] for k in range(DAYS)])
    assert found == pytest.approx(shared, abs=0.06)
    assert one.std() == pytest.approx(np.sqrt(0.03) * mean.sum(axis=1)[0], rel=0.06)


def test_the_same_seed_gives_the_same_paths_and_another_one_others():
    first, again = (sampled(SPREADS["all"], 20, seed=7, queue="客服") for _ in range(2))
    assert (first == again).all()
    assert (first != sampled(SPREADS["all"], 20, seed=8, queue="客服")).any()
    assert (first != sampled(SPREADS["all"], 20, seed=7, queue="VIP")).any()


def test_where_nothing_is_expected_nothing_comes():
    mean = MEAN.copy()
    mean[:, :8] = 0
    assert not sample_paths(mean, SPREADS["all"], ORDINARY, 50)[:, :, :8].any()
    assert not sample_paths(np.zeros((3, 4)), SPREADS["all"], np.zeros(3, dtype=bool), 5).any()


def by_day(values, first=0):
    return dict(enumerate(values.tolist(), first))


def test_correlation_of_errors_between_queues():
    rng = np.random.default_rng(2)
    common, own = rng.standard_normal(2000), rng.standard_normal((2, 2000))
    one, two = (np.sqrt(0.3) * common + np.sqrt(0.7) * each for each in own)
    assert day_correlation([by_day(one), by_day(two)]) == pytest.approx(0.3, abs=0.06)
    assert day_correlation([by_day(one[:1500]), by_day(two[500:], 500)]) == pytest.approx(0.3, abs=0.08)
    assert abs(day_correlation([by_day(one), by_day(two, 1)])) < 0.06  # days are matched by their number
    assert day_correlation([by_day(common), by_day(-common)]) == 0.0
    assert day_correlation([by_day(common)]) == day_correlation([]) == 0.0
    assert day_correlation([by_day(common[:50]), by_day(common[:50], 100)]) == 0.0
    assert day_correlation([by_day(np.zeros(50)), by_day(common[:50])]) == 0.0


@pytest.fixture(scope="module")
def made():
    """Three queues that are busy on the same days, shut at midnight and on Mondays, forecast over the night on which
    clocks go back; the second time their rows come in another order.
    """
    zone = ZoneInfo("Europe/Berlin")
    grid = Grid(zone, day_number(date(2024, 8, 12)), 70, 60)
    hours, day = grid.local_minutes() // 60, grid.local_days() - grid.first_day
    busy = np.exp(0.15 * np.random.default_rng(5).standard_normal(70))[day]
    mean = np.where((hours >= 1) & (hours < 20) & (day % 7 > 0), 40.0 + hours, 0.0) * busy
    parts = []
    for seed, queue in enumerate(("客服", "VIP", "邮件")):
        came = np.random.default_rng(seed).poisson(mean).astype(float)
        table = pd.DataFrame({"interval_start": to_timestamps(grid.starts), "queue": queue, "offered": came})
        parts.append(table[mean > 0].assign(aht_seconds=100.0))
    orders = parts, parts[::-1]
    return [make_forecast(pd.concat(each), date(2024, 10, 21), 10, timezone=zone) for each in orders]


def test_paths_of_a_forecast_stand_beside_its_table(made):
    table, paths = made[0].table(), made[0].path_table(5)
    assert list(paths.columns) == ["interval_start", "queue", *(f"path_{k}" for k in range(1, 6))]
    pd.testing.assert_frame_equal(paths[["interval_start", "queue"]], table[["interval_start", "queue"]])
    assert not paths.isna().any(axis=None)


def test_closed_intervals_have_no_contacts_on_any_path(made):
    queue = made[0].queues["客服"]
    paths = queue.paths(50, seed=1)
    assert paths.shape == (50, 10 * 24 + 1)
    assert not paths[:, ~queue.is_open].any()
    assert paths[:, queue.is_open].any(axis=0).all()


def test_day_sums_of_a_forecasts_paths_spread_as_its_day_table_says(made):
    for queue in made[0].queues.values():
        told = queue.day_table()
        day = queue.grid.local_days() - queue.grid.first_day
        paths = queue.paths(SAMPLES, seed=3)
        sums = np.stack([paths[:, day == k].sum(axis=1) for k in range(10)], axis=1)
        assert sums.mean(axis=0) == pytest.approx(told["offered"].to_numpy(), rel=0.02)
        assert np.quantile(sums, 0.1, axis=0) == pytest.approx(told["offered_p10"].to_numpy(), rel=0.03)
        assert np.quantile(sums, 0.9, axis=0) == pytest.approx(told["offered_p90"].to_numpy(), rel=0.03)


def test_the_order_of_queues_changes_no_path(made):
    one, turned = (each.path_table(4).sort_values(["queue", "interval_start"]) for each in made)
    pd.testing.assert_frame_equal(one.reset_index(drop=True), turned.reset_index(drop=True))


def test_queues_that_erred_together_do_so_on_the_paths(made):
    paths = made[0].paths(800, seed=2)
    assert list(paths) == list(made[0].queues)
    one, two = (found.sum(axis=1) for found in (paths["客服"], paths["VIP"]))
    assert np.corrcoef(one, two)[0, 1] > 0.5
    assert (one + two).std() > 1.2 * np.hypot(one.std(), two.std())
