"""Shapes of event days: recovered where they are plain, flat where nothing tells."""

import numpy as np
import pytest

from forecasts.event_seen import Seen, Term
from forecasts.event_shapes import hourly_shapes, spread

KEY = ("直播", "")


def seen(came, expected, *, dispersion=1.0, terms=1, day=0):
    each = tuple(Term(("直播" if k == 0 else f"other {k}", ""), 0, day) for k in range(terms))
    return Seen((each,), np.array([came], dtype=float), np.array([expected], dtype=float), dispersion, 0.05)


def test_a_flat_event_stays_nearly_flat():
    expected = np.full(24, 100.0)
    came = np.random.default_rng(1).poisson(2 * expected)
    assert hourly_shapes([seen(came, expected)])[KEY] == pytest.approx(np.ones(24), abs=0.12)
    assert np.std(hourly_shapes([seen(came, expected)])[KEY]) < np.std(came / came.mean())


def test_a_plain_shape_is_found():
    expected = np.full(24, 100.0)
    shape = np.where(np.arange(24) >= 20, 3.0, 0.6)
    found = hourly_shapes([seen(expected * shape, expected)])[KEY]
    assert found == pytest.approx(shape, rel=0.06)


def test_queues_are_pooled_by_what_they_tell():
    expected = np.full(24, 100.0)
    evening, morning = expected.copy(), expected.copy()
    evening[20:], morning[:4] = 300, 300
    sure, unsure = seen(evening, expected), seen(morning, expected, dispersion=20.0)
    found = hourly_shapes([sure, unsure])[KEY]
    assert found[22] > 1.5 > found[2]
    assert hourly_shapes([unsure, sure])[KEY] == pytest.approx(found)


def test_days_with_other_events_or_without_contacts_tell_nothing():
    expected = np.full(24, 100.0)
    assert hourly_shapes([seen(expected, expected, terms=2)]) == {}
    assert hourly_shapes([seen(np.zeros(24), expected)]) == {}
    assert hourly_shapes([]) == {}


@pytest.mark.parametrize("slots", [24, 48, 96, 288])
def test_spread_keeps_the_days_contacts(slots):
    rng = np.random.default_rng(2)
    shape, weekday = rng.uniform(0.5, 2, 24), rng.uniform(0, 100, 24)
    share = np.where(np.arange(slots) >= slots // 2, 1.0, 0.0)
    share[slots // 2] = 0.5
    factors = spread(shape, weekday, share)
    usual = np.repeat(weekday, slots // 24) * share
    assert (usual * factors).sum() == pytest.approx(usual.sum())
    assert factors[-1] / factors[slots // 2] == pytest.approx(shape[23] / shape[12])


def test_spread_where_nothing_is_expected():
    factors = spread(np.linspace(0.5, 1.5, 24), np.zeros(24), np.ones(48))
    assert factors.mean() == pytest.approx(1.0)
