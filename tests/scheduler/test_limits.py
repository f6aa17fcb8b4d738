"""The search for the fewest agents over arrays, and measures between whole numbers, with formulas made up for it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centre.errors import BadInput
from scheduler.staffing.limits import definition_faults, fewest, measures_of


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 10**9), st.integers(1, 10**9)), min_size=1, max_size=5))
def test_the_fewest_are_found_from_any_first_guess_above_and_below(pairs: list[tuple[int, int]]) -> None:
    answers, load = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    asked = []

    def enough(agents: np.ndarray, rows: np.ndarray) -> np.ndarray:
        asked.append(len(rows))
        assert (agents >= 1).all()
        assert (agents == np.floor(agents)).all()
        return agents >= answers[rows]

    assert fewest("f", enough, load, load).tolist() == answers.tolist()
    assert len(asked) <= 4 * 31  # two doublings and two halvings over 2^30 at most
    assert asked[0] == len(pairs)


def test_no_load_needs_nobody() -> None:
    load = np.array([[0.0, 0.2], [3.0, 9.0]])
    found = fewest("f", lambda agents, rows: agents >= 3, load, load)
    assert found.tolist() == [[0, 3], [3, 3]]
    assert found.dtype == np.int64
    assert fewest("f", lambda agents, rows: agents >= 3, np.zeros(0), np.zeros(0)).shape == (0,)


def test_limits_out_of_reach_are_named_by_index_with_the_best_in_reach() -> None:
    def enough(agents: np.ndarray, rows: np.ndarray) -> np.ndarray:
        return ~np.isin(rows, [0, 2]) & (agents >= 5)

    load = np.array([[1e16, 1.0], [2.0, 3.0]])
    with pytest.raises(BadInput) as caught:
        fewest("f", enough, load, load / 1e15)
    assert [str(fault) for fault in caught.value.faults] == [
        "f: found '1e+16 at index 0, 0', expected a load of less than 1e+15 erlangs",
        "f, max_occupancy: found 'less at index 1, 0', "
        "expected at least 2e-15, the best in reach of 1e+15 agents",
    ]


def test_fractions_are_on_the_line_where_customers_have_patience() -> None:
    def formula(agents: np.ndarray, rows: np.ndarray) -> np.ndarray:
        return np.tile(agents**2 + rows, (11, 1))

    agents, patience = np.array([2.0, 2.5, 2.5, 0.25, 0.0]), np.array([60, 60, np.inf, 60, 60])
    found = measures_of(formula, agents, patience)
    assert found[0].tolist() == [4, 6.5 + 1, 6.25 + 2, 0.25 + 3, 4]
    assert found[6, :4].tolist() == found[0, :4].tolist()
    assert found[6, 4] == np.inf  # nobody is ever served


def test_unknown_definitions_are_told() -> None:
    faults = definition_faults("f", "offered", "soon", "later")
    assert [(fault.found, fault.column) for fault in faults] == [
        ("soon", "definition"),
        ("later", "definition"),
    ]
