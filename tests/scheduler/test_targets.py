"""The smallest number of agents that meets every limit: checked against `performance`, agent by agent."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.errors import BadInput
from scheduler.staffing import performance, required_agents
from scheduler.staffing.erlang import DEFINITIONS

NO_LIMITS = {"max_occupancy": 1.0, "max_asa_seconds": np.inf, "max_abandonment": 1.0}


def meets(agents: Any, case: dict[str, Any]) -> np.ndarray:
    """Whether so many agents meet all limits of a case, read off `performance`."""
    found = performance(
        case["calls_per_hour"], case["aht_seconds"], agents, case["target_seconds"], case["patience_seconds"]
    )
    limits = NO_LIMITS | {name: case[name] for name in NO_LIMITS if case.get(name) is not None}
    return (
        (found.service_level(case.get("definition", "offered")) >= case["target_share"])
        & (found.occupancy <= limits["max_occupancy"])
        & (found.asa_served_s <= limits["max_asa_seconds"])
        & (found.p_abandon <= limits["max_abandonment"])
        & np.isfinite(found.wait_all_s)
    )


def random_cases(count: int, seed: int, largest_load: float) -> dict[str, Any]:
    """Queues of all sizes; about half of them bound by each extra limit."""
    rng = np.random.default_rng(seed)

    def sometimes(values: np.ndarray, otherwise: float) -> np.ndarray:
        return np.where(rng.random(count) < 0.5, values, otherwise)

    aht = rng.uniform(20, 900, count)
    return {
        "calls_per_hour": np.exp(rng.uniform(np.log(0.01), np.log(largest_load), count)) * 3600 / aht,
        "aht_seconds": aht,
        "target_share": rng.uniform(0.05, 0.99, count),
        "target_seconds": rng.choice([0, 5, 20, 30, 120, 600], count),
        "patience_seconds": sometimes(rng.uniform(10, 900, count), np.inf),
        "max_occupancy": sometimes(rng.uniform(0.5, 0.95, count), 1.0),
        "max_asa_seconds": sometimes(rng.uniform(1, 120, count), np.inf),
        "max_abandonment": sometimes(rng.uniform(0.005, 0.3, count), 1.0),
    }


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_n_meets_every_limit_and_one_fewer_fails_one(definition: str) -> None:
    case = random_cases(2_000, DEFINITIONS.index(definition), 2_000.0) | {"definition": definition}
    agents = required_agents(**case)
    assert agents.dtype == np.int64
    assert agents.min() == 1
    assert meets(agents, case).all()
    assert not (meets(agents - 1, case) & (agents > 1)).any()


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_n_meets_every_limit_and_one_fewer_fails_one_far_from_the_usual(definition: str) -> None:
    rng, count = np.random.default_rng(200 + DEFINITIONS.index(definition)), 400

    def between(low: float, high: float, otherwise: float, often: float) -> np.ndarray:
        values = np.exp(rng.uniform(np.log(low), np.log(high), count))
        return np.where(rng.random(count) < often, values, otherwise)

    aht = between(1, 10_000, 180.0, 1.0)
    case = {
        "calls_per_hour": between(1e-4, 10_000, 10.0, 1.0) * 3600 / aht,
        "aht_seconds": aht,
        "target_share": 1.0 - between(1e-9, 1, 1.0, 0.9),
        "target_seconds": between(0.1, 1e5, 0.0, 0.8),
        "patience_seconds": between(0.5, 1e6, np.inf, 0.8),
        "max_occupancy": between(0.001, 1, 1.0, 0.3),
        "max_asa_seconds": between(1e-9, 1e4, np.inf, 0.3),
        "max_abandonment": between(1e-9, 1, 1.0, 0.3),
        "definition": definition,
    }
    agents = required_agents(**case)
    assert meets(agents, case).all()
    assert not (meets(agents - 1, case) & (agents > 1)).any()


@pytest.mark.parametrize("patience", [None, 90.0])
@pytest.mark.parametrize("definition", DEFINITIONS)
def test_a_limit_met_to_the_last_bit_is_met(definition: str, patience: float | None) -> None:
    calls, agents = 20.0 * np.arange(2, 80), np.arange(3, 81)  # a load of one agent less
    found = performance(calls, 180, agents, 25, patience)
    case = {"calls_per_hour": calls, "aht_seconds": 180, "target_seconds": 25, "patience_seconds": patience}
    level = found.service_level(definition)
    bounds: list[dict[str, Any]] = [
        {"target_share": level},
        {"target_share": 0, "max_asa_seconds": found.asa_served_s},
        {"target_share": 0, "max_occupancy": found.occupancy},
    ]
    if patience is not None:
        bounds.append({"target_share": 0, "max_abandonment": found.p_abandon})
    for bound in bounds:
        assert (required_agents(**case, **bound, definition=definition) == agents).all(), list(bound)
    higher = np.nextafter(level, 1.0)
    assert (required_agents(**case, target_share=higher, definition=definition) == agents + 1).all()


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_no_smaller_number_at_all_would_do(definition: str) -> None:
    case = random_cases(150, 100 + DEFINITIONS.index(definition), 25.0) | {"definition": definition}
    agents = required_agents(**case)
    columns = {
        name: value[:, None] if isinstance(value, np.ndarray) else value for name, value in case.items()
    }
    tried = np.arange(1, agents.max() + 1)
    first = tried[np.argmax(meets(tried, columns), axis=1)]
    assert agents.tolist() == first.tolist()


def test_known_answers() -> None:
    assert required_agents(400, 180, 0.8, 30) == 24  # a published 23 gives 74.8 %
    assert f"{performance(400, 180, 23, 30).sl_offered:.3f}" == "0.748"
    assert required_agents(200, 180, 0.8, 20) == 14


def test_each_limit_can_be_the_one_that_binds() -> None:
    loose = {"target_share": 0.5, "target_seconds": 60, "patience_seconds": 180}
    base = required_agents(400, 180, **loose)
    assert (
        base < required_agents(400, 180, **loose, max_occupancy=0.75) == 27
    )  # 20 / .75 = 26.7 less who abandon
    for limit in ({"max_asa_seconds": 2}, {"max_abandonment": 0.01}):
        agents = required_agents(400, 180, **loose, **limit)
        assert agents > base
        case = {"calls_per_hour": 400, "aht_seconds": 180} | loose | limit
        assert meets([agents - 1, agents], case).tolist() == [False, True]


def test_exit_may_be_content_with_one_agent_where_offered_wants_many() -> None:
    arguments = (1_500, 180, 0.8, 30, 15)
    assert required_agents(*arguments, definition="exit") == 1
    assert required_agents(*arguments, definition="offered") > 60
    assert required_agents(*arguments, definition="exit", max_abandonment=0.05) > 60


def test_zero_contacts_need_nobody_and_any_contact_needs_someone() -> None:
    assert required_agents([0, 1e-6], 180, 0.8, 20).tolist() == [0, 1]
    assert required_agents(0, 180, 0.99, 0, 60, max_abandonment=0.001) == 0
    assert required_agents(1, 1, 0, 1e6, 1, "exit") == 1


def test_without_patience_agents_always_exceed_the_load() -> None:
    assert required_agents([0.5 * 20, 100, 101], 180, 0.0, 1e5).tolist() == [1, 6, 6]


def test_a_hundred_thousand_erlangs() -> None:
    case = {"calls_per_hour": 2_000_000, "aht_seconds": 180, "target_share": 0.8, "target_seconds": 20}
    for patience in (None, 240):
        agents = required_agents(**case, patience_seconds=patience)
        assert meets([agents - 1, agents], case | {"patience_seconds": patience}).tolist() == [False, True]


def test_shapes_broadcast() -> None:
    assert required_agents(np.array([[100], [200]]), 180, [0.5, 0.8, 0.9], 20).shape == (2, 3)
    assert required_agents([], 180, 0.8, 20).shape == (0,)
    assert required_agents(100, 180, 0.8, 20).shape == ()


def test_every_fault_is_named_at_once_with_its_index() -> None:
    with pytest.raises(BadInput) as caught:
        required_agents(
            [10, -5, np.nan], 0, [0.8, 80, 0.8], 20, 0,
            definition="answred", max_occupancy=85, max_asa_seconds=-1, max_abandonment=[[5], [0.05]],
        )  # fmt: skip
    found = {(fault.column, fault.found) for fault in caught.value.faults}
    assert found == {
        ("calls_per_hour", "-5 at index 1"),
        ("calls_per_hour", "nan at index 2"),
        ("aht_seconds", "0"),
        ("target_share", "80 at index 1"),
        ("patience_seconds", "0"),
        ("definition", "answred"),
        ("max_occupancy", "85"),
        ("max_asa_seconds", "-1"),
        ("max_abandonment", "5 at index 0, 0"),
    }
    assert "a share from 0 to 1, such as 0.8 for 80 %" in str(caught.value)


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"target_share": 1}, "some chance of waiting, so that the best in reach is just under 1"),
        ({"max_asa_seconds": 0}, "some chance of waiting, so that the best in reach is just over 0"),
        ({"max_abandonment": 0}, "someone may leave, so that the best in reach is just over 0"),
        ({"max_occupancy": 0}, "never quite idle, so that the best in reach is just over 0"),
        (
            {"max_occupancy": [0.8, 1e-18]},
            "found '1e-18 at index 1', expected at least 5e-15, the best in reach of 1e+15 agents",
        ),
        (
            {"calls_per_hour": [1, 1e200]},
            "calls_per_hour: found '5e+198 at index 1', expected a load of less",
        ),
    ],
)
@pytest.mark.parametrize("patience", [None, 60])
def test_what_no_number_of_agents_reaches_is_said(
    limits: dict[str, Any], words: str, patience: float | None
) -> None:
    usual = {"calls_per_hour": 100, "target_share": 0.8, "target_seconds": 20, "patience_seconds": patience}
    if patience is None and "max_abandonment" in limits:
        assert required_agents(aht_seconds=180, **usual | limits) == required_agents(aht_seconds=180, **usual)
        return  # nobody abandons who has no end of patience
    with pytest.raises(BadInput) as caught:
        required_agents(aht_seconds=180, **usual | limits)
    assert words in str(caught.value)


def test_all_limits_out_of_reach_are_said_at_once() -> None:
    with pytest.raises(BadInput) as caught:
        required_agents([100, 200], 180, [1, 0.8], 20, 60, max_asa_seconds=[5, 0], max_abandonment=0)
    assert [(fault.column, fault.found) for fault in caught.value.faults] == [
        ("target_share", "1 at index 0"),
        ("max_asa_seconds", "0 at index 1"),
        ("max_abandonment", "0"),
    ]


@settings(max_examples=200, deadline=None)
@given(
    st.floats(0.01, 20_000), st.floats(0, 1_000), st.floats(1, 2_000), st.floats(0.01, 0.995),
    st.floats(0, 600), st.none() | st.floats(1, 3_000), st.sampled_from(DEFINITIONS),
)  # fmt: skip
def test_more_contacts_never_need_fewer_agents_and_units_do_not_matter(
    calls: float,
    more: float,
    aht: float,
    share: float,
    seconds: float,
    patience: float | None,
    definition: Any,
) -> None:
    few, many = required_agents([calls, calls + more], aht, share, seconds, patience, definition)
    assert few <= many
    doubled = None if patience is None else patience * 2  # powers of two keep every bit
    assert required_agents(calls / 2, aht * 2, share, seconds * 2, doubled, definition) == few
