"""Shrinkage: causes compound, quotients round up once, exact ones stay."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from centre.errors import BadInput
from scheduler.staffing.shrinkage import agents_to_roster, compound


def test_causes_compound() -> None:
    assert compound({}) == 0.0
    assert compound({"sickness": 0.05}) == pytest.approx(0.05)
    assert compound({"病假": 0.1, "迟到": 0.2}) == pytest.approx(0.28)


def test_bad_shares_are_all_named() -> None:
    with pytest.raises(BadInput) as caught:
        compound({"sickness": 5, "lateness": 0.02, "other": -0.1, "gone": 1.0, "unknown": float("nan")})
    assert [(fault.column, fault.found) for fault in caught.value.faults] == [
        ("sickness", "5"), ("other", "-0.1"), ("gone", "1"), ("unknown", "nan"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("required", "unplanned", "rostered"),
    [
        (9, 0.1, 10),
        (7, 0.3, 10),
        (14, 0.3, 20),
        (19, 0.05, 20),
        (10, 0.1, 12),
        (1, 0.01, 2),
        (0, 0.4, 0),
        (5, 0, 5),
    ],
)
def test_rounded_up_once(required: int, unplanned: float, rostered: int) -> None:
    assert agents_to_roster(required, unplanned) == rostered


def test_arrays_keep_their_shape_and_type() -> None:
    found = agents_to_roster(np.array([[9, 0], [2.5, 100]]), [0.1, 0.05])
    assert found.tolist() == [[10, 0], [3, 106]]
    assert found.dtype == np.int64
    assert agents_to_roster([], 0.1).shape == (0,)


@given(st.integers(0, 20_000), st.integers(0, 99))
def test_equals_exact_arithmetic(required: int, percent: int) -> None:
    exact = -((-required) // (1 - Fraction(percent, 100)))
    assert agents_to_roster(required, percent / 100) == exact


def test_bad_input() -> None:
    with pytest.raises(BadInput, match=r"at least 0 and below 1"):
        agents_to_roster(5, 30)
    with pytest.raises(BadInput, match="-1 at index 0"):
        agents_to_roster([-1, 3], 0.1)
