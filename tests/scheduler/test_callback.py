"""Call-backs against a chain solved state by state, and against Erlang A and C where nobody takes one."""

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.errors import BadInput
from scheduler.staffing import Performance, performance, required_agents
from scheduler.staffing.callback import callback_performance, required_agents_with_callbacks
from scheduler.staffing.erlang import DEFINITIONS

NAMES = [field.name for field in fields(Performance)]


def one(found: Performance) -> dict[str, float]:
    return {name: float(getattr(found, name)) for name in NAMES}


def exponential(matrix: np.ndarray) -> np.ndarray:
    """Matrix exponential by Taylor's series, scaled and squared."""
    halvings = max(0, int(np.ceil(np.log2(np.abs(matrix).sum(axis=1).max() + 1e-300))) + 3)
    small, term = matrix / 2.0**halvings, np.eye(len(matrix))
    total = term.copy()
    for k in range(1, 20):
        term = term @ small / k
        total += term
    for _ in range(halvings):
        total = total @ total
    return total


def solved(
    calls: float, aht: float, agents: int, seconds: float, share: float, patience: float
) -> tuple[dict[str, float], float]:
    """Every measure of those who stay, by customers an hour who do this and that, and call-backs an hour."""
    theta, room = 1 / patience, 150
    up = np.where(np.arange(agents + room) < agents, calls, calls * (1 - share)) / 3600
    number = np.arange(1, agents + room + 1)
    down = np.minimum(number, agents) / aht + np.maximum(number - agents, 0) * theta
    weights = np.append(1.0, np.cumprod(up / down))
    share_of_time = weights / weights.sum()
    then, ahead = share_of_time[agents:], np.arange(room + 1)
    at_once, joining = calls * share_of_time[:agents].sum(), calls * (1 - share) * then
    staying = at_once + joining.sum()
    full = agents / aht
    moves = np.diag(-(full + ahead * theta)) + np.diag((full + ahead * theta)[1:], -1)
    serve = np.zeros(room + 1)
    serve[0] = full
    leaving = np.linalg.inv(theta * np.eye(room + 1) - moves)
    early = leaving @ (np.eye(room + 1) - exponential((moves - theta * np.eye(room + 1)) * seconds))
    served, offered = at_once + joining @ leaving @ serve, at_once + joining @ early @ serve
    late = joining @ exponential(moves * seconds).sum(axis=1)
    abandoned = 3600 * theta * (then @ ahead)
    outlasting = late * np.exp(-theta * seconds)
    return {
        "p_wait": joining.sum() / staying,
        "sl_virtual": 1 - late / staying,
        "sl_offered": offered / staying,
        "sl_answered": offered / served,
        "sl_exit": 1 - outlasting / staying,
        "sl_exclshort": offered / (offered + outlasting),
        "asa_served_s": joining @ leaving @ leaving @ serve / served,
        "wait_all_s": then @ ahead / staying * 3600,
        "p_abandon": abandoned / staying,
        "occupancy": share_of_time @ np.minimum(np.arange(agents + room + 1), agents) / agents,
        "mean_queue": then @ ahead,
    }, calls * share * then.sum()  # fmt: skip


@pytest.mark.parametrize(
    "case",
    [  # calls an hour, aht, agents, threshold, share, patience
        (400, 180, 20, 30, 0.3, 240), (400, 180, 20, 30, 0.0, 240), (60, 300, 3, 0, 0.9, 60),
        (60, 300, 6, 20, 0.5, 600), (600, 180, 20, 60, 0.4, 90), (20, 100, 1, 10, 0.2, 30),
    ],
)  # fmt: skip
def test_every_measure_is_that_of_the_solved_chain(case: tuple[float, ...]) -> None:
    found, callbacks = callback_performance(*case)
    expected, expected_callbacks = solved(*case)
    assert one(found) == pytest.approx(expected, rel=1e-8, abs=1e-11)
    assert float(callbacks) == pytest.approx(expected_callbacks, rel=1e-9)


def test_customers_are_all_accounted_for() -> None:
    calls, share = 400, np.array([0.0, 0.2, 0.5, 0.95])
    found, callbacks = callback_performance(calls, 180, 18, 30, share, 240)
    staying = calls - callbacks
    waited, time_busy = staying * found.p_wait, callbacks[1:] / (calls * share[1:])
    assert waited[1:] == pytest.approx((calls * (1 - share) * np.append(0, time_busy))[1:], rel=1e-12)
    assert found.occupancy * 18 == pytest.approx(staying * (1 - found.p_abandon) * 0.05, rel=1e-12)
    assert found.mean_queue == pytest.approx(staying / 3600 * found.wait_all_s, rel=1e-12)


def test_without_patience_those_who_wait_wait_for_a_departure() -> None:
    # 20 erlangs, 18 agents, but only 14 erlangs join while all are busy: stable
    found, callbacks = callback_performance(400, 180, 18, 30, 0.3)
    below = np.cumprod(np.arange(18, 0, -1) / 20).sum()
    tail = 18 / (18 - 14)
    busy = tail / (below + tail)
    p_wait = 0.7 * busy / (1 - 0.3 * busy)
    assert float(callbacks) == pytest.approx(400 * 0.3 * busy, rel=1e-12)
    assert float(found.p_wait) == pytest.approx(p_wait, rel=1e-12)
    assert float(found.asa_served_s) == pytest.approx(p_wait * 180 / (18 - 14), rel=1e-12)
    late = p_wait * np.exp(-(18 - 14) * 30 / 180)
    assert [float(found.service_level(name)) for name in DEFINITIONS] == pytest.approx(
        [1 - late] * 5, rel=1e-12
    )
    assert float(found.occupancy) == pytest.approx((400 - callbacks) / 20 / 18, rel=1e-12)
    patient, _ = callback_performance(400, 180, 18, 30, 0.3, 1e9)
    assert one(patient) == pytest.approx(one(found), rel=1e-4, abs=1e-6)


def test_without_callbacks_it_is_the_usual_queue() -> None:
    rng = np.random.default_rng(3)
    load, aht = np.exp(rng.uniform(np.log(0.01), np.log(3_000), 1_000)), rng.uniform(30, 900, 1_000)
    agents = load * rng.uniform(0.3, 1.8, 1_000)
    agents[::2] = np.round(agents[::2])
    patience = rng.choice([10.0, 300.0, np.inf], 1_000)
    usual = performance(load * 3600 / aht, aht, agents, 20, patience)
    found, callbacks = callback_performance(load * 3600 / aht, aht, agents, 20, 0, patience)
    for name in NAMES:
        np.testing.assert_allclose(
            getattr(found, name), getattr(usual, name), rtol=1e-11, atol=1e-12, err_msg=name
        )
    assert not callbacks.any()
    needed, none = required_agents_with_callbacks(load * 3600 / aht, aht, 0.8, 20, 0, patience)
    assert (needed == required_agents(load * 3600 / aht, aht, 0.8, 20, patience)).all()
    assert not none.any()


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_no_smaller_number_at_all_meets_every_limit(definition: Any) -> None:
    rng, count = np.random.default_rng(DEFINITIONS.index(definition)), 300
    aht, share = rng.uniform(60, 900, count), rng.uniform(0, 0.99, count)
    calls = np.exp(rng.uniform(np.log(0.01), np.log(60), count)) * 3600 / aht
    target, seconds = rng.uniform(0.05, 0.99, count), rng.choice([0, 30, 120], count)
    patience = rng.choice([20.0, 200.0, np.inf], count)
    limits = {
        "max_occupancy": rng.choice([0.7, 0.9, 1.0], count),
        "max_asa_seconds": rng.choice([2.0, 60.0, np.inf], count),
        "max_abandonment": rng.choice([0.01, 0.1, 1.0], count),
    }
    agents, callbacks = required_agents_with_callbacks(
        calls, aht, target, seconds, share, patience, definition, **limits
    )
    tried = np.arange(1, agents.max() + 1)
    found, taken = callback_performance(
        calls[:, None], aht[:, None], tried, seconds[:, None], share[:, None], patience[:, None]
    )
    good = (
        (found.service_level(definition) >= target[:, None])
        & (found.occupancy <= limits["max_occupancy"][:, None])
        & (found.asa_served_s <= limits["max_asa_seconds"][:, None])
        & (found.p_abandon <= limits["max_abandonment"][:, None])
        & np.isfinite(found.wait_all_s)
    )
    assert agents.tolist() == tried[np.argmax(good, axis=1)].tolist()
    assert callbacks == pytest.approx(taken[np.arange(count), agents - 1])


def test_edges() -> None:
    found, callbacks = callback_performance(0, 180, [0, 0.5, 3], 30, 0.5, [[60], [np.inf]])
    assert (found.sl_offered == 1).all()
    assert not callbacks.any()
    assert not found.occupancy.any()
    agents, callbacks = required_agents_with_callbacks([0, 1e-6], 180, 0.8, 30, 0.5)
    assert agents.tolist() == [0, 1]
    assert callbacks[0] == 0.0
    assert callback_performance([], 180, 3, 20, 0.1)[1].shape == (0,)
    nobody, callbacks = callback_performance(100, 180, 0, 30, 0.4, 60)
    assert (float(callbacks), float(nobody.p_abandon)) == (pytest.approx(40), pytest.approx(1))
    assert nobody.asa_served_s == np.inf
    unstable, callbacks = callback_performance(400, 180, 13.9, 30, 0.3)  # 14 erlangs want to wait
    assert (float(callbacks), float(unstable.occupancy)) == (pytest.approx(120), pytest.approx(1))
    assert (float(unstable.sl_offered), float(unstable.wait_all_s)) == (0.0, np.inf)


def test_bad_input_is_named_all_at_once() -> None:
    with pytest.raises(BadInput) as caught:
        required_agents_with_callbacks([-1, 5], 0, 1, 20, [0.5, 1], 0, definition="soon")
    found = {(fault.column, fault.found) for fault in caught.value.faults}
    assert found == {
        ("calls_per_hour", "-1 at index 0"), ("aht_seconds", "0"), ("target_share", "1"),
        ("callback_share", "1 at index 1"), ("patience_seconds", "0"), ("definition", "soon"),
    }  # fmt: skip
    with pytest.raises(BadInput, match="callback_share"):
        callback_performance(1, 180, 3, 20, 30)


@settings(max_examples=150, deadline=None)
@given(
    st.floats(0.01, 200), st.floats(0, 0.9), st.floats(0, 300), st.none() | st.floats(5, 2_000),
    st.floats(1, 300), st.floats(0, 5),
)  # fmt: skip
def test_more_agents_and_more_callbacks_never_serve_worse(
    load: float, share: float, seconds: float, patience: float | None, agents: float, more: float
) -> None:
    staff = np.array([[agents, agents + more]])
    shares = np.array([[share], [share + 0.09]])
    found, callbacks = callback_performance(load * 12, 300, staff, seconds, shares, patience)
    for name in NAMES:
        values = getattr(found, name) * (-1 if name.startswith("sl_") else 1)
        assert (values[:, 1] <= values[:, 0] + 1e-9 * np.maximum(1, np.abs(values[:, 0]))).all(), name
        assert (values[1] <= values[0] + 1e-9 * np.maximum(1, np.abs(values[0]))).all(), name
    assert (callbacks[:, 1] <= callbacks[:, 0] * (1 + 1e-9)).all()
