"""The price of cover: against every sharing of people over queues, tried one by one."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.intraday.worth import MOST, worth_of
from scheduler.terms import CoverPrices

PARTS = 4


def least_price(prices: CoverPrices, speeds: np.ndarray, people: np.ndarray) -> float:
    """The least price of one interval over sharings of each group by quarters of itself; at least the true one."""
    ways = [way for way in product(range(PARTS + 1), repeat=speeds.shape[1]) if sum(way) == PARTS]
    best = np.inf
    for chosen in product(
        *[[w for w in ways if all(s > 0 for s, part in zip(row, w, strict=True) if part)] for row in speeds]
    ):
        shares = np.array(chosen) / PARTS * people[:, None]
        agents = (shares * speeds).sum(axis=0)
        price = (np.maximum(0, prices.levels[:, :, 0] - agents) * prices.rates[:, :, 0]).sum()
        price += (np.maximum(0, agents - prices.levels[0, :, 0]) * prices.surplus[:, 0]).sum()
        best = min(best, float(price))
    return best


@st.composite
def small(draw):
    queues = draw(st.integers(1, 2))
    groups = draw(st.integers(1, 3))
    speeds = np.array(
        draw(st.lists(st.lists(st.sampled_from([0.0, 0.8, 1.0]), min_size=queues, max_size=queues).filter(any),
                      min_size=groups, max_size=groups))
    )  # fmt: skip
    people = np.array(draw(st.lists(st.integers(0, 4), min_size=groups, max_size=groups)), dtype=float)
    need = np.array(draw(st.lists(st.integers(0, 6), min_size=queues, max_size=queues)), dtype=float)
    levels = np.stack([need, need * 0.9])[:, :, None]
    rates = np.stack([np.full(queues, 60.0), np.full(queues, 120.0)])[:, :, None]
    return CoverPrices(levels, rates, np.full((queues, 1), 6.0)), speeds, people


@given(small())
def test_never_above_any_sharing_and_close_below_the_best(case):
    prices, speeds, people = case
    found = float(worth_of(prices, speeds, 1.0).price(people[:, None])[0])
    best = least_price(prices, speeds, people)
    assert found <= best + 1e-6
    spare = 180 * people.max(initial=0) / PARTS * speeds.shape[1] * (people > 0).sum()
    assert found >= best - spare - 1e-6  # sharings are tried by quarters alone


@given(small())
def test_where_nobody_has_several_skills_it_is_exact(case):
    prices, speeds, people = case
    speeds = np.where(np.arange(speeds.shape[1]) == speeds.argmax(axis=1)[:, None], speeds, 0.0)
    found = float(worth_of(prices, speeds, 1.0).price(people[:, None])[0])
    assert found == pytest.approx(least_price(prices, speeds, people), abs=1e-6)


@given(small())
def test_what_a_step_saves_is_the_difference_of_prices(case):
    prices, speeds, people = case
    worth = worth_of(prices, speeds, 0.5)
    saved = worth.saved(people[:, None], np.array([1.0, -0.5]), np.array([0]))
    for group in range(len(people)):
        for k, step in enumerate((1.0, -0.5)):
            after = people.copy()
            after[group] += step
            assert saved[k, group, 0] == pytest.approx(
                float(worth.price(people[:, None])[0] - worth.price(after[:, None])[0]), abs=1e-6
            )


def test_two_skills_go_where_they_are_missed():
    """Both queues lack one; of three people, one has both skills: 60 + 120 deep shares by hand."""
    levels = np.array([[[2.0], [2.0]]])
    prices = CoverPrices(levels, np.full((1, 2, 1), 60.0), np.zeros((2, 1)))
    speeds = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    worth = worth_of(prices, speeds, 1.0)
    assert worth.price(np.array([[1.0], [1.0], [1.0]]))[0] == pytest.approx(60)
    assert worth.price(np.array([[1.0], [1.0], [2.0]]))[0] == pytest.approx(0)
    assert worth.price(np.array([[3.0], [0.0], [1.0]]))[0] == pytest.approx(60)


def test_many_queues_that_share_people_are_priced_from_below():
    queues = 12
    levels = np.full((2, queues, 1), 2.0)
    prices = CoverPrices(levels, np.full((2, queues, 1), 60.0), np.full((queues, 1), 6.0))
    speeds = np.vstack([np.eye(queues), np.ones((1, queues))])
    worth = worth_of(prices, speeds, 1.0)
    assert sum(len(part.base) for part in worth.parts) <= MOST
    people = np.append(np.full(queues, 2.0), 0.0)
    assert worth.price(people[:, None])[0] == pytest.approx(0)
    people[:2] = 0.0
    assert worth.price(people[:, None])[0] == pytest.approx(480)
