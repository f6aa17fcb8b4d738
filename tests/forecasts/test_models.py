"""The contract that every model passes, and what each adds to it."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from centre.instants import day_number
from forecasts.grid import QueueHistory
from forecasts.history import clean_history
from forecasts.models import SeasonalNaive, Structural, WeekdayMean, WeekdayMedian, baselines, default_models

MONDAY = date(2024, 1, 1)
MODELS = [SeasonalNaive, WeekdayMean, lambda: WeekdayMean(weeks=4), WeekdayMedian, Structural]
every_model = pytest.mark.parametrize("make", MODELS)


def ahead(queue, days=28):
    return np.arange(queue.end_day, queue.end_day + days)


def prepared(table, zone, days):
    return clean_history(table, day_number(MONDAY + timedelta(days=days)), zone).queues["客服"]


def with_offered(queue, offered):
    return replace(queue, offered=offered)


def ordinary(rows, slots, value=0.0):
    """A history of ordinary days, each slot with the same contacts."""
    full = np.full((rows, slots), value)
    flags = np.zeros(rows, dtype=np.int8), np.ones(rows, dtype=bool)
    return QueueHistory("q", 1440 // slots, day_number(MONDAY), full, full, full, *flags)


@every_model
@pytest.mark.parametrize("days", [7, 21, 100, 500])
def test_a_forecast_is_finite_and_whole_whatever_the_length(contacts, berlin, make, days):
    queue = prepared(contacts(days, minutes=60), berlin, days)
    found = make().fit(queue).predict(ahead(queue))
    assert found.shape == (28, 24)
    assert np.isfinite(found).all()
    assert (found >= 0).all()
    assert found.sum() > 0


@every_model
def test_nothing_stays_nothing(make):
    queue = ordinary(28, 24)
    assert (make().fit(queue).predict(ahead(queue)) == 0).all()


@every_model
def test_a_constant_stays_that_constant(make):
    queue = ordinary(56, 24, 5.0)
    assert make().fit(queue).predict(ahead(queue)) == pytest.approx(np.full((28, 24), 5.0))


@every_model
def test_a_pattern_without_noise_is_found(truth, berlin, make):
    queue = prepared(truth(84, minutes=60), berlin, 84)
    coming = prepared(truth(112, minutes=60), berlin, 112).offered[84:]
    found = make().fit(queue).predict(ahead(queue))
    assert np.abs(found - coming).sum() / coming.sum() < 0.03


@every_model
def test_an_unknown_slot_and_an_unusable_day_change_little(contacts, berlin, make):
    queue = prepared(contacts(84, minutes=60), berlin, 84)
    plain = make().fit(queue).predict(ahead(queue))
    offered, usable = queue.offered.copy(), queue.usable.copy()
    offered[60, 10:12] = np.nan
    offered[50] *= 20
    usable[50] = False
    found = make().fit(replace(queue, offered=offered, usable=usable)).predict(ahead(queue))
    assert np.abs(found - plain).sum() / plain.sum() < 0.06


@every_model
def test_fitting_again_forgets_what_was_fitted_before(contacts, berlin, make):
    queue = prepared(contacts(84, minutes=60), berlin, 84)
    other = with_offered(queue, queue.offered * 3)
    model = make().fit(other)
    again = model.fit(queue).predict(ahead(queue))
    assert (again == make().fit(queue).predict(ahead(queue))).all()


@every_model
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(factor=st.floats(0.01, 1000))
def test_twice_the_contacts_are_twice_the_forecast(contacts, berlin, make, factor):
    queue = prepared(contacts(60, minutes=60), berlin, 60)
    one = make().fit(queue).predict(ahead(queue))
    many = make().fit(with_offered(queue, queue.offered * factor)).predict(ahead(queue))
    assert many == pytest.approx(one * factor, rel=1e-6)


@every_model
def test_a_history_without_any_usable_day_gives_zeros(make):
    queue = ordinary(14, 24, 5.0)
    found = make().fit(replace(queue, usable=np.zeros(14, dtype=bool))).predict(ahead(queue))
    assert (found == 0).all()


@pytest.mark.parametrize("weeks", [1, 4, 8])
def test_the_weekday_mean_is_that_of_the_last_weeks(weeks):
    queue = ordinary(70, 24, 1.0)
    offered = 100 + np.repeat(np.arange(10.0), 7)[:, None] * np.ones(24)
    found = WeekdayMean(weeks).fit(with_offered(queue, offered)).predict(ahead(queue, 1))
    assert found[0, 0] == pytest.approx(100 + np.mean(np.arange(10)[-weeks:]))


def test_a_weekday_never_seen_gets_what_others_had():
    queue = ordinary(14, 24, 6.0)
    usable = np.arange(14) % 7 != 2
    for model in (WeekdayMean(), Structural()):
        found = model.fit(replace(queue, usable=usable)).predict(ahead(queue, 7))
        assert found == pytest.approx(np.full((7, 24), 6.0), rel=0.01)


def test_the_structural_model_finds_the_start_of_the_month():
    queue = ordinary(280, 24, 20.0)
    dates = [MONDAY + timedelta(days=k) for k in range(308)]
    factor = np.array([1.2 if date.day <= 4 else 1.0 for date in dates])
    noise = np.random.default_rng(5).normal(1, 0.02, 308)
    offered = 20 * (factor * noise)[:, None] * np.ones(24)
    found = Structural().fit(with_offered(queue, offered[:280])).predict(ahead(queue)).sum(axis=1) / 480
    first = np.array([date.day for date in dates[280:]])
    assert 1.1 < found[(first <= 3)].mean() < 1.25
    assert found[(first > 8) & (first < 24)].mean() == pytest.approx(1.0, abs=0.03)


def test_the_structural_model_follows_a_level_that_drifts():
    queue = ordinary(182, 24, 1.0)
    rising = 100 * 1.01 ** (np.arange(210) / 7)
    offered = rising[:, None] * np.ones(24)
    found = Structural().fit(with_offered(queue, offered[:182])).predict(ahead(queue, 7))
    assert found.mean() == pytest.approx(rising[181], rel=0.02)
    assert (
        found.mean() > WeekdayMean().fit(with_offered(queue, offered[:182])).predict(ahead(queue, 7)).mean()
    )


def test_rare_contacts_keep_their_mean():
    came = np.random.default_rng(7).poisson(0.02, (364, 24)).astype(float)
    queue = with_offered(ordinary(364, 24), came)
    found = Structural().fit(queue).predict(ahead(queue))
    assert found.sum(axis=1).mean() == pytest.approx(came[-120:].sum(axis=1).mean(), rel=0.35)


def test_one_model_forecasts_and_planners_averages_stand_beside_it():
    assert [model.name for model in default_models()] == ["structural"]
    assert [model.name for model in baselines()] == [
        "seasonal_naive", "weekday_mean_4", "weekday_mean_8", "weekday_median_8",
    ]  # fmt: skip
