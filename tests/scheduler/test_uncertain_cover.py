"""What cover is worth where nobody knows how many will be required: the mean over the ways, by corners."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from centre.model import Objective
from scheduler.uncertain_cover import cover_cost, mean_prices

PLAIN = Objective(
    shortage_per_agent_hour=60.0,
    surplus_per_agent_hour=6.0,
    deep_shortage_share=0.1,
    deep_shortage_factor=3.0,
)
WAYS = arrays(
    np.float64, st.tuples(st.integers(1, 12), st.just(1), st.just(2)), elements=st.integers(0, 40).map(float)
)


def priced(prices, agents: float) -> np.ndarray:
    """The price of so many agents by the pieces, shape (queues, intervals)."""
    short = (np.maximum(prices.levels - agents, 0) * prices.rates).sum(axis=0)
    return short + np.maximum(agents - prices.levels[0], 0) * prices.surplus


def test_one_way_costs_what_its_requirement_asks() -> None:
    prices = mean_prices(np.full((1, 1, 1), 10.0), PLAIN)
    # 8 agents: 2 missing at 60, and 1 below the 9 that are deep at 120 more; 13: 3 too many at 6
    assert priced(prices, 8)[0, 0] - priced(prices, 10)[0, 0] == pytest.approx(2 * 60 + 120)
    assert priced(prices, 13)[0, 0] - priced(prices, 10)[0, 0] == pytest.approx(3 * 6)
    assert cover_cost(np.array([10.0]), np.array([8.0]), PLAIN)[0] == pytest.approx(240)


def test_by_hand_two_ways() -> None:
    prices = mean_prices(np.array([4.0, 10.0]).reshape(2, 1, 1), PLAIN)
    # 10 agents: 6 too many on one way of two: 18. 4 agents: 6 missing at 60 and 5 at 120 on the other: 480
    assert priced(prices, 4)[0, 0] - priced(prices, 10)[0, 0] == pytest.approx(480 - 18)


def test_where_nobody_is_required_agents_are_too_many() -> None:
    prices = mean_prices(np.zeros((5, 1, 1)), PLAIN)
    assert priced(prices, 2)[0, 0] == pytest.approx(12)


def test_a_way_without_demand_does_not_hide_the_others() -> None:
    prices = mean_prices(np.array([0.0, 8.0, 8.0, 8.0]).reshape(4, 1, 1), PLAIN)
    assert priced(prices, 0)[0, 0] > priced(prices, 4)[0, 0] > priced(prices, 8)[0, 0]


@given(WAYS)
def test_prices_are_convex_and_never_below_the_mean_where_it_counts(required) -> None:
    prices = mean_prices(required, PLAIN)
    assert (np.diff(prices.levels, axis=0) <= 1e-9).all()
    assert (prices.rates >= -1e-9).all()
    assert (prices.surplus >= 0).all()
    top = prices.levels[0]
    exact_top = cover_cost(required, top, PLAIN).mean(axis=0)
    for agents in range(0, 41, 5):
        exact = cover_cost(required, np.full_like(top, agents), PLAIN).mean(axis=0)
        inside = agents <= required.max(axis=0)  # beyond, one straight line is drawn on
        assert (priced(prices, agents) + exact_top >= exact - 1e-6)[inside].all()


@given(WAYS)
def test_at_its_corners_prices_are_the_mean(required) -> None:
    prices = mean_prices(required, PLAIN)
    exact_top = cover_cost(required, prices.levels[0], PLAIN).mean(axis=0)
    for corner in prices.levels:
        exact = cover_cost(required, corner, PLAIN).mean(axis=0)
        found = (np.maximum(prices.levels - corner, 0) * prices.rates).sum(axis=0)
        np.testing.assert_allclose(found + exact_top, exact, atol=1e-6)
