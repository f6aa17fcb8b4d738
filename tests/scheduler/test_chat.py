"""Chat with several conversations at a time, against chains solved by linear algebra and agents followed one by one."""

from collections import Counter
from dataclasses import fields
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.errors import BadInput
from centre.model import ASSUMED_CONCURRENCY_SLOWDOWN
from scheduler.staffing import Performance, performance, required_agents
from scheduler.staffing.chat import (
    chat_handle_seconds,
    chat_performance,
    required_chat_agents,
)
from scheduler.staffing.erlang import DEFINITIONS

NAMES = [field.name for field in fields(Performance)]
TIMES = ("asa_served_s", "wait_all_s", "mean_queue")


def one(found: Performance) -> dict[str, float]:
    return {name: float(getattr(found, name)) for name in NAMES}


# ---- the chain by linear algebra ----


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


def held(chats: int, agents: int) -> list[int]:
    """What every agent holds when chats are handed to the least busy one by one."""
    holdings = [0] * agents
    for _ in range(chats):
        holdings[holdings.index(min(holdings))] += 1
    return holdings


def finished(holdings: tuple[int, ...] | list[int], aht: float, slowdown: float) -> float:
    """Chats finished a second: each of j chats of one agent takes 1 + slowdown (j - 1) times as long."""
    return sum(1.0 / (aht * (1 + slowdown * (j - 1))) for own in holdings for j in [own] * own)


def stationary(generator: np.ndarray) -> np.ndarray:
    system = np.vstack([generator.T, np.ones(len(generator))])
    return np.linalg.lstsq(system, np.append(np.zeros(len(generator)), 1.0), rcond=None)[0]


def solved(
    calls: float, aht: float, agents: int, seconds: float, concurrency: int, slowdown: float, patience: float
) -> dict[str, float]:
    """Every measure from a generator matrix; 120 customers may wait at most."""
    rate, theta, slots, room = calls / 3600, 1 / patience, agents * concurrency, 120
    down = [finished(held(k, agents), aht, slowdown) for k in range(slots + 1)]
    down += [down[slots] + i * theta for i in range(1, room + 1)]
    generator = np.diag(np.full(slots + room, rate), 1) + np.diag(down[1:], -1)
    generator -= np.diag(generator.sum(axis=1))
    share = stationary(generator)
    now, then = share[:slots].sum(), share[slots:]
    # Someone joins with j before him; he moves up when one is served or gives up, and is served from place 0.
    ahead = np.arange(room + 1)
    moves = np.diag(-(down[slots] + ahead * theta)) + np.diag((down[slots] + ahead * theta)[1:], -1)
    late = float((then @ exponential(moves * seconds)).sum())
    serve = np.zeros(room + 1)
    serve[0] = down[slots]
    leaving = np.linalg.inv(theta * np.eye(room + 1) - moves)  # ∫ exp(-θt) P(t) dt
    in_time = leaving @ (np.eye(room + 1) - exponential((moves - theta * np.eye(room + 1)) * seconds))
    served, offered = now + then @ leaving @ serve, now + then @ in_time @ serve
    waiting, in_service = then @ ahead, share @ np.minimum(np.arange(slots + room + 1), slots)
    return {
        "p_wait": then.sum(),
        "sl_virtual": 1 - late,
        "sl_offered": offered,
        "sl_answered": offered / served,
        "sl_exit": 1 - late * np.exp(-theta * seconds),
        "sl_exclshort": offered / (offered + late * np.exp(-theta * seconds)),
        "asa_served_s": then @ leaving @ leaving @ serve / served,
        "wait_all_s": waiting / rate,
        "p_abandon": waiting * theta / rate,
        "occupancy": in_service / slots,
        "mean_queue": waiting,
        "handle": in_service / (rate * served),
    }


CASES = [  # chats an hour, aht, agents, threshold, concurrency, slowdown, patience
    (60, 300, 2, 30, 3, 0.25, 120),
    (60, 300, 1, 30, 5, 0.5, 60),
    (120, 300, 4, 0, 2, 0.0, 300),
    (400, 300, 5, 20, 3, 1.0, 30),
    (20, 600, 2, 60, 4, 0.3, 200),
    (500, 300, 3, 120, 2, 0.2, 60),
    (90, 240, 6, 15, 1, 0.4, 90),
]


@pytest.mark.parametrize("case", CASES)
def test_every_measure_is_that_of_the_solved_chain(case: tuple[float, ...]) -> None:
    expected = solved(*case)
    calls, aht, agents, _, concurrency, slowdown, patience = case
    handle = chat_handle_seconds(calls, aht, agents, concurrency, slowdown, patience)
    assert float(handle) == pytest.approx(expected.pop("handle"), rel=1e-9)
    assert one(chat_performance(*case)) == pytest.approx(expected, rel=1e-8, abs=1e-10)


def test_without_patience_it_is_the_same_chain_with_endless_patience() -> None:
    # 2 agents x 3 chats; all slots finish 6/(300 x 1.5) a second, so that waits last 1/(D - rate) on average
    rate, full = 40 / 3600, 6 / 450
    down = [finished(held(k, 2), 300, 0.25) for k in range(1, 7)]
    weights = np.append(1.0, np.cumprod(rate / np.array(down)))
    tail = weights[-1] / (1 - rate / full)
    p_wait = tail / (weights[:-1].sum() + tail)
    found = one(chat_performance(40, 300, 2, 20, 3, 0.25))
    assert found["p_wait"] == pytest.approx(p_wait, rel=1e-12)
    assert found["asa_served_s"] == found["wait_all_s"] == pytest.approx(p_wait / (full - rate), rel=1e-12)
    service = 1 - p_wait * np.exp(-(full - rate) * 20)
    assert [found[f"sl_{name}"] for name in DEFINITIONS] == pytest.approx([service] * 5, rel=1e-12)
    assert found["p_abandon"] == 0.0
    in_service = (weights[:-1] @ np.arange(6) + tail * 6) / (weights[:-1].sum() + tail)
    assert found["occupancy"] == pytest.approx(in_service / 6, rel=1e-12)
    patient = one(chat_performance(40, 300, 2, 20, 3, 0.25, 1e9))
    assert patient == pytest.approx(found, rel=1e-4, abs=1e-6)


# ---- agents one by one ----


def unbalanced(
    calls: float, aht: float, agents: int, concurrency: int, slowdown: float, patience: float
) -> Any:
    """(share who wait, share who abandon) where nobody moves a chat once it is with an agent.

    States are what agents hold, in order, and how many wait; new chats go to whoever holds least.
    """
    rate, room = calls / 3600, 60
    holdings = list(combinations_with_replacement(range(concurrency + 1), agents))
    full = (concurrency,) * agents
    states = [(own, 0) for own in holdings] + [(full, waiting) for waiting in range(1, room + 1)]
    place = {state: i for i, state in enumerate(states)}
    generator = np.zeros((len(states), len(states)))

    def add(start: Any, own: tuple[int, ...], waiting: int, speed: float) -> None:
        generator[place[start], place[tuple(sorted(own)), waiting]] += speed

    for own, waiting in states:
        if own != full:
            add((own, 0), (own[0] + 1, *own[1:]), 0, rate)
        elif waiting < room:
            add((own, waiting), own, waiting + 1, rate)
        if waiting:
            add((own, waiting), own, waiting - 1, waiting / patience + finished(own, aht, slowdown))
            continue
        for held_now, count in Counter(own).items():
            if held_now:
                left = list(own)
                left[left.index(held_now)] -= 1
                add((own, 0), tuple(left), 0, count * finished([held_now], aht, slowdown))
    share = stationary(generator - np.diag(generator.sum(axis=1)))
    waiting = np.array([waits for _, waits in states])
    return share[place[full, 0] :].sum(), share @ waiting / patience / rate


@pytest.mark.parametrize(
    ("calls", "agents", "concurrency", "slowdown"), [(60, 3, 2, 0.25), (55, 2, 3, 0.25), (45, 2, 3, 0.8)]
)
def test_agents_who_keep_their_chats_fare_nearly_as_the_balanced_chain_says(
    calls: float, agents: int, concurrency: int, slowdown: float
) -> None:
    p_wait, p_abandon = unbalanced(calls, 300, agents, concurrency, slowdown, 120)
    found = one(chat_performance(calls, 300, agents, 20, concurrency, slowdown, 120))
    assert 0.1 < found["p_wait"] <= p_wait <= found["p_wait"] + 0.02  # even spreading is the best there is
    assert found["p_abandon"] <= p_abandon <= found["p_abandon"] + 0.01


def test_with_one_chat_at_a_time_nothing_can_be_unbalanced() -> None:
    p_wait, p_abandon = unbalanced(60, 300, 5, 1, 0.25, 120)
    found = one(chat_performance(60, 300, 5, 20, 1, 0.25, 120))
    assert (found["p_wait"], found["p_abandon"]) == pytest.approx((p_wait, p_abandon), abs=1e-10)


# ---- one chat at a time is Erlang A or C ----


def test_a_concurrency_of_one_is_the_usual_queue() -> None:
    rng = np.random.default_rng(5)
    load, aht = np.exp(rng.uniform(np.log(0.01), np.log(3_000), 2_000)), rng.uniform(30, 900, 2_000)
    agents = load * rng.uniform(0.3, 1.8, 2_000)
    agents[::2] = np.round(agents[::2])
    seconds, patience = rng.choice([0, 5, 20, 300], 2_000), rng.choice([10.0, 300.0, np.inf], 2_000)
    usual = performance(load * 3600 / aht, aht, agents, seconds, patience)
    found = chat_performance(load * 3600 / aht, aht, agents, seconds, 1, 0.3, patience)
    for name in NAMES:
        exact = {"rtol": 1e-11, "atol": 0.0} if name in TIMES else {"rtol": 0.0, "atol": 1e-12}
        np.testing.assert_allclose(getattr(found, name), getattr(usual, name), **exact, err_msg=name)
    needed = required_chat_agents(load * 3600 / aht, aht, 0.8, seconds, 1, 0.3, patience)
    assert (needed == required_agents(load * 3600 / aht, aht, 0.8, seconds, patience)).all()
    assert chat_handle_seconds(100, 180, 4, 1, 0.9, 60) == pytest.approx(180.0, rel=1e-12)


def test_dividing_the_handle_time_by_the_concurrency_promises_too_much() -> None:
    # 240 chats an hour of 600 s, three at a time: as if 17 agents had 13.3 erlangs, 3.1 % would give up
    naive = performance(240, 600 / 3, 17, 30, 120)
    exact = chat_performance(240, 600, 17, 30, 3, 0.3, 120)
    assert f"{naive.p_abandon:.3f} {exact.p_abandon:.3f}" == "0.031 0.215"
    assert required_agents(240, 600 / 3, 0.8, 30, 120) < required_chat_agents(240, 600, 0.8, 30, 3, 0.3, 120)


# ---- agents required ----

NO_LIMITS = {"max_occupancy": 1.0, "max_asa_seconds": np.inf, "max_abandonment": 1.0}


def enough(agents: Any, case: dict[str, Any]) -> np.ndarray:
    names = "chats_per_hour", "aht_seconds", "target_seconds", "concurrency", "slowdown", "patience_seconds"
    calls, aht, *others = (case[name] for name in names)
    found = chat_performance(calls, aht, agents, *others)
    limits = NO_LIMITS | {name: case[name] for name in NO_LIMITS if name in case}
    return (
        (found.service_level(case["definition"]) >= case["target_share"])
        & (found.occupancy <= limits["max_occupancy"])
        & (found.asa_served_s <= limits["max_asa_seconds"])
        & (found.p_abandon <= limits["max_abandonment"])
        & np.isfinite(found.wait_all_s)
    )


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_no_smaller_number_at_all_meets_every_limit(definition: str) -> None:
    rng, count = np.random.default_rng(DEFINITIONS.index(definition)), 300

    def sometimes(values: np.ndarray, otherwise: float) -> np.ndarray:
        return np.where(rng.random(count) < 0.5, values, otherwise)

    aht = rng.uniform(60, 900, count)
    case: dict[str, Any] = {
        "chats_per_hour": np.exp(rng.uniform(np.log(0.01), np.log(60), count)) * 3600 / aht,
        "aht_seconds": aht,
        "target_share": rng.uniform(0.05, 0.99, count),
        "target_seconds": rng.choice([0, 30, 120], count),
        "concurrency": rng.integers(1, 7, count),
        "slowdown": rng.uniform(0, 1, count),
        "patience_seconds": sometimes(rng.uniform(10, 900, count), np.inf),
        "max_occupancy": sometimes(rng.uniform(0.5, 0.95, count), 1.0),
        "max_asa_seconds": sometimes(rng.uniform(1, 120, count), np.inf),
        "max_abandonment": sometimes(rng.uniform(0.005, 0.3, count), 1.0),
        "definition": definition,
    }
    agents = required_chat_agents(**case)
    tried = np.arange(1, agents.max() + 1)
    columns = {name: x[:, None] if isinstance(x, np.ndarray) else x for name, x in case.items()}
    assert agents.tolist() == tried[np.argmax(enough(tried, columns), axis=1)].tolist()
    assert enough(agents, case).all()


def test_the_online_chat_of_the_company_policy_p1() -> None:
    # first enquiry answered within 30 s for 80 %; three chats at a time, slowdown as assumed
    agents = required_chat_agents(200, 300, 0.8, 30, 3, ASSUMED_CONCURRENCY_SLOWDOWN, 120)
    assert agents == 9
    case = (200, 300, [8, 9], 30, 3, ASSUMED_CONCURRENCY_SLOWDOWN, 120)
    assert (chat_performance(*case).sl_offered >= 0.8).tolist() == [False, True]
    assert agents < required_agents(200, 300, 0.8, 30, 120)  # holding several chats does help


# ---- edges ----


@pytest.mark.parametrize("agents", [0, 0.5, 3])
@pytest.mark.parametrize("patience", [None, 60])
def test_zero_chats_are_served_perfectly(agents: float, patience: float | None) -> None:
    found = one(chat_performance(0, 300, agents, 30, 3, 0.25, patience))
    assert found == {name: 1.0 if name.startswith("sl_") else 0.0 for name in NAMES}
    assert chat_handle_seconds(0, 300, agents, 3, 0.25, patience) == 300.0


def test_arrays_broadcast_and_keep_their_shape() -> None:
    found = chat_performance(np.full((2, 1), 200.0), 300, [7, 8, 9], 30, [[2], [3]], 0.25, 120)
    assert all(getattr(found, name).shape == (2, 3) for name in NAMES)
    assert found.sl_offered[1, 2] == chat_performance(200, 300, 9, 30, 3, 0.25, 120).sl_offered
    assert chat_performance([], 300, 7, 30, 3, 0.25).p_wait.shape == (0,)
    assert required_chat_agents([], 300, 0.8, 30, 3, 0.25).shape == (0,)
    assert required_chat_agents(np.ones((2, 1)), 300, [0.8, 0.9], 30, 3, 0.25).shape == (2, 2)


def test_too_few_agents_without_patience_have_no_service() -> None:
    for agents in (0, 2, 2.9):  # 3 agents x 3 / 450 s = 72 an hour
        found = one(chat_performance(72, 300, agents, 30, 3, 0.25))
        assert (found["p_wait"], found["occupancy"], found["sl_offered"]) == (1.0, 1.0, 0.0)
        assert found["asa_served_s"] == found["mean_queue"] == np.inf
    assert chat_performance(72, 300, 3.01, 30, 3, 0.25).asa_served_s < np.inf
    assert required_chat_agents(72, 300, 0.0, 1e5, 3, 0.25) == 4


def test_nobody_on_duty_loses_everyone_with_patience() -> None:
    found = one(chat_performance(200, 300, 0, 30, 3, 0.25, 60))
    assert (found["p_wait"], found["p_abandon"]) == (1.0, pytest.approx(1.0))
    assert (found["asa_served_s"], found["sl_offered"]) == (np.inf, 0.0)
    assert chat_handle_seconds(200, 300, 0, 3, 0.25, 60) == 450.0


def test_fractions_lie_between_whole_numbers() -> None:
    few, middle, many = (one(chat_performance(200, 300, n, 30, 3, 0.25, 120)) for n in (7, 7.25, 8))
    assert middle == pytest.approx({name: 0.75 * few[name] + 0.25 * many[name] for name in NAMES})


@pytest.mark.parametrize("agents", [600, 1_000, 1_150, 30_000, 10**9])
def test_large_teams_stay_sane(agents: int) -> None:
    # 10,000 chats an hour of 600 s, of 900 s with three at a time: 833 agents would just do
    found = one(chat_performance(10_000, 600, agents, 30, 3, 0.25, 300))
    assert all(np.isfinite(value) and value >= 0 for value in found.values())
    handle = float(chat_handle_seconds(10_000, 600, agents, 3, 0.25, 300))
    assert 599.999 <= handle <= 900.001
    in_service = 10_000 / 3600 * (1 - found["p_abandon"]) * handle
    assert found["occupancy"] * agents * 3 == pytest.approx(in_service, rel=1e-9)


def test_bad_input_is_named_all_at_once() -> None:
    with pytest.raises(BadInput) as caught:
        required_chat_agents(
            [10, -1], 0, 80, 30, [2.5, 0], [-0.1, 1.2], 0, definition="fast", max_abandonment=5
        )  # fmt: skip
    found = {(fault.column, fault.found) for fault in caught.value.faults}
    assert found == {
        ("chats_per_hour", "-1 at index 1"), ("aht_seconds", "0"), ("target_share", "80"),
        ("concurrency", "2.5 at index 0"), ("concurrency", "0 at index 1"),
        ("slowdown", "-0.1 at index 0"), ("slowdown", "1.2 at index 1"),
        ("patience_seconds", "0"), ("definition", "fast"), ("max_abandonment", "5"),
    }  # fmt: skip
    assert required_chat_agents(10, 300, 0.8, 30, 2, 0.25, max_abandonment=0) > 0  # nobody abandons
    with pytest.raises(BadInput, match="required_chat_agents"):
        required_chat_agents(10, 300, np.nan, 30, 2, 0.25)
    with pytest.raises(BadInput, match=r"index 1', expected at least .*e-15, the best in reach"):
        required_chat_agents(100, 180, 0.8, 20, 3, 0.25, max_occupancy=[0.8, 1e-18])


# ---- properties ----


@settings(max_examples=150, deadline=None)
@given(
    st.floats(0.01, 200), st.integers(1, 8), st.floats(0, 1), st.floats(0, 300),
    st.none() | st.floats(5, 2_000), st.floats(1, 60), st.floats(0, 5),
)  # fmt: skip
def test_more_agents_never_serve_worse(
    load: float,
    concurrency: int,
    slowdown: float,
    seconds: float,
    patience: float | None,
    agents: float,
    more: float,
) -> None:
    staff = np.array([agents, agents + more])
    found = chat_performance(load * 12, 300, staff, seconds, concurrency, slowdown, patience)
    for name in NAMES:
        few, many = getattr(found, name) * (-1 if name.startswith("sl_") else 1)
        assert many <= few + 1e-9 * max(1.0, abs(few)), name


@settings(max_examples=100, deadline=None)
@given(
    st.floats(0.01, 100), st.integers(1, 6), st.floats(0, 0.9), st.floats(5, 2_000), st.integers(1, 40)
)  # fmt: skip
def test_slower_work_serves_worse_and_more_slots_serve_sooner(
    load: float, concurrency: int, slowdown: float, patience: float, agents: int
) -> None:
    usual, slower, wider = (
        one(chat_performance(load * 12, 300, agents, 30, slots, slower, patience))
        for slots, slower in (
            (concurrency, slowdown), (concurrency, slowdown + 0.1), (concurrency + 1, slowdown)
        )
    )  # fmt: skip
    assert usual["p_abandon"] <= slower["p_abandon"] + 1e-12
    assert wider["p_abandon"] <= usual["p_abandon"] + 1e-12
    assert wider["sl_offered"] >= usual["sl_offered"] - 1e-12
