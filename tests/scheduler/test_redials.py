"""Redials: one fixed point, found to the last digits; the smallest number of agents at its own fixed point."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.errors import BadInput
from scheduler.staffing import performance, required_agents
from scheduler.staffing.redials import required_agents_with_redials, with_redials


def abandoning(
    agents: float, aht: float = 180.0, patience: float = 120.0
) -> Callable[[np.ndarray], np.ndarray]:
    return lambda rates: performance(rates, aht, agents, 20, patience).p_abandon


def halved(fresh: float, share: float, p_abandon: Callable[[np.ndarray], np.ndarray]) -> float:
    """The fixed point by plain bisection."""
    low, high = fresh, fresh / (1.0 - share)
    for _ in range(60):
        middle = (low + high) / 2
        if middle * (1.0 - share * float(p_abandon(np.array(middle)))) < fresh:
            low = middle
        else:
            high = middle
    return low


def test_a_line_of_fixed_capacity_by_hand() -> None:
    """λ - s (λ - 90) = fresh once more than 90 come: λ = (fresh - 90 s) / (1 - s)."""

    def lost(rates: np.ndarray) -> np.ndarray:
        return np.maximum(1.0 - 90.0 / rates, 0.0)

    assert with_redials([60, 89, 120, 900], 0.5, lost).tolist() == pytest.approx(
        [60, 89, 150, 1710], rel=1e-12
    )
    assert with_redials(120, [[0.0], [0.9]], lost).ravel().tolist() == pytest.approx([120, 390], rel=1e-12)


def test_nobody_redials_where_nobody_abandons_and_everybody_where_nobody_answers() -> None:
    assert with_redials([0, 100], 0.9, lambda rates: np.zeros_like(rates)).tolist() == [0, 100]
    assert with_redials([0, 100], 0.9, lambda rates: np.ones_like(rates)).tolist() == pytest.approx([0, 1000])
    assert with_redials([], 0.5, lambda rates: rates).shape == (0,)


@settings(max_examples=40, deadline=None)
@given(
    st.floats(0.1, 20_000),
    st.floats(0, 0.99),
    st.floats(0.3, 1.5),
    st.floats(20, 900),
    st.floats(1, 2_000),
)
def test_the_fixed_point_is_that_of_bisection(
    fresh: float, share: float, relative: float, aht: float, patience: float
) -> None:
    agents = np.floor(fresh * aht / 3600 * relative)
    p_abandon = abandoning(agents, aht, patience)
    found = float(with_redials(fresh, share, p_abandon))
    assert found == pytest.approx(halved(fresh, share, p_abandon), rel=2e-12)


def test_fresh_calls_are_what_is_left_without_redials_however_hard_the_case() -> None:
    """Nearly everybody calls again, next to no patience or much, far too few agents or nearly enough, up to 10,000 erlangs."""
    rng = np.random.default_rng(3)
    count = 500
    aht, patience = rng.uniform(20, 900, count), np.exp(rng.uniform(0, 8, count))
    load, share = np.exp(rng.uniform(-3, np.log(10_000), count)), 1.0 - 10.0 ** rng.uniform(-2, 0, count)
    agents = np.floor(load * rng.uniform(0.2, 1.1, count))
    fresh = load * 3600 / aht
    asked = []

    def p_abandon(rates: np.ndarray) -> np.ndarray:
        asked.append(1)
        return performance(rates, aht, agents, 20, patience).p_abandon

    rates = with_redials(fresh, share, p_abandon)
    assert len(asked) < 30
    assert rates * (1.0 - share * p_abandon(rates)) == pytest.approx(fresh, rel=1e-12)


def test_more_of_anything_that_makes_redials_makes_more_of_them() -> None:
    rates = with_redials(np.linspace(1, 1_000, 50), np.linspace(0, 0.9, 7)[:, None], abandoning(20))
    assert (np.diff(rates, axis=0) >= -1e-9).all()
    assert (np.diff(rates, axis=1) > 0).all()
    fewer = [float(with_redials(500, 0.5, abandoning(n))) for n in range(40)]
    assert (np.diff(fewer) <= 0).all()


def test_queues_of_one_team_bear_upon_one_another() -> None:
    """Two classes share a line that serves 90: the first before the second. Solved by hand, first then second."""

    def lost(rates: np.ndarray) -> np.ndarray:
        served_first = np.minimum(rates[0], 90.0)
        served_second = np.minimum(rates[1], 90.0 - served_first)
        return 1.0 - np.array([served_first / rates[0], served_second / rates[1]])

    rates = with_redials([[30.0, 60.0], [90.0, 60.0]], [[0.5], [0.8]], lost)
    assert rates[0].tolist() == [30, 60]
    assert rates[1].tolist() == pytest.approx([(90 - 0.8 * 60) / 0.2, (60 - 0.8 * 30) / 0.2], rel=1e-12)


@pytest.mark.parametrize("definition", ["offered", "virtual", "answered", "exit", "exclshort"])
def test_no_smaller_number_would_do_at_its_own_fixed_point(definition: str) -> None:
    rng = np.random.default_rng(7)
    count = 40
    calls, aht, patience = (
        rng.uniform(1, 300, count),
        rng.uniform(30, 600, count),
        rng.uniform(20, 600, count),
    )
    target, share = rng.uniform(0.3, 0.97, count), rng.uniform(0, 0.95, count)
    agents, rates = required_agents_with_redials(
        calls,
        aht,
        target,
        30,
        patience,
        definition,
        max_occupancy=0.95,
        max_abandonment=0.2,
        redial_share=share,
    )
    tried = np.arange(1, agents.max() + 1)[:, None] + np.zeros(count)
    attempts = with_redials(
        np.tile(calls, (len(tried), 1)), share, lambda r: performance(r, aht, tried, 30, patience).p_abandon
    )
    found = performance(attempts, aht, tried, 30, patience)
    good = (found.service_level(definition) >= target) & (found.occupancy <= 0.95) & (found.p_abandon <= 0.2)
    assert agents.tolist() == (np.argmax(good, axis=0) + 1).tolist()
    own = attempts[agents - 1, np.arange(count)]
    assert rates.tolist() == pytest.approx(own.tolist(), rel=1e-11)
    assert (agents > required_agents(calls, aht, target, 30, patience, definition, 0.95, None, 0.2)).any()


def test_without_redials_it_is_the_plain_requirement() -> None:
    calls = np.array([[0.0, 10.0], [100.0, 1_000.0]])
    agents, rates = required_agents_with_redials(calls, 180, 0.8, 20, 120)
    assert agents.tolist() == required_agents(calls, 180, 0.8, 20, 120).tolist()
    assert rates.tolist() == calls.tolist()
    patient, rates = required_agents_with_redials(calls, 180, 0.8, 20, redial_share=0.5)
    assert patient.tolist() == required_agents(calls, 180, 0.8, 20).tolist()
    assert rates.tolist() == calls.tolist()
    nobody_leaves = required_agents_with_redials(100, 180, 0.8, 20, max_abandonment=0, redial_share=0.5)
    assert nobody_leaves[0] == required_agents(100, 180, 0.8, 20)


def test_bad_numbers_are_all_named() -> None:
    with pytest.raises(BadInput) as caught:
        required_agents_with_redials(
            [10, -1], 0, 80, 20, 0, "answred", max_occupancy=0, redial_share=[1, 0.5]
        )  # fmt: skip
    assert {(fault.column, fault.found) for fault in caught.value.faults} == {
        ("calls_per_hour", "-1 at index 1"), ("aht_seconds", "0"), ("target_share", "80"),
        ("patience_seconds", "0"), ("definition", "answred"), ("max_occupancy", "0"), ("redial_share", "1 at index 0"),
    }  # fmt: skip
    with pytest.raises(BadInput, match="nan at index 1"):
        with_redials([1, np.nan], 0.5, lambda rates: rates)
