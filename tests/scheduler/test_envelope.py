"""The lower convex envelope against chords drawn between all pairs of points, and its pieces."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from centre.errors import BadInput
from scheduler.staffing.envelope import envelope_pieces, lower_envelope

S_SHAPE = [100.0, 99.0, 95.0, 80.0, 50.0, 30.0, 20.0, 15.0]


def lowest_chord(x: np.ndarray, y: np.ndarray, at: float, floor: float) -> float:
    """Value of the envelope above a floor by its meaning: the lowest of all chords between points of the curve that span it."""
    known = [(floor, float(np.interp(floor, x, y)))] + [
        (a, b) for a, b in zip(x, y, strict=True) if a > floor
    ]
    values = [
        left[1] + (right[1] - left[1]) * ((at - left[0]) / (right[0] - left[0]))
        if right[0] > left[0]
        else left[1]
        for left in known
        for right in known
        if left[0] <= at <= right[0]
    ]
    return min(values)


def test_from_nobody_on_the_envelope_of_an_s_shape_is_one_long_chord_and_then_the_curve():
    found = lower_envelope(
        range(8), S_SHAPE, 0
    )  # the steepest line from (0, 100) that stays below: to (5, 30), 14 an agent
    assert found.tolist() == pytest.approx([100, 86, 72, 58, 44, 30, 20, 15])


def test_above_a_floor_where_the_curve_is_convex_the_envelope_is_the_curve():
    found = lower_envelope(range(8), S_SHAPE, 3)
    assert np.isnan(found[:3]).all()
    assert found[3:].tolist() == S_SHAPE[3:]


def test_a_floor_between_two_points_begins_on_the_line_between_them():
    pieces = envelope_pieces([0, 2, 4], [10, 6, 0], floor=1)
    assert (pieces.floor.tolist(), pieces.late_at_floor.tolist()) == ([1], [8])
    assert pieces.late(2).tolist() == pytest.approx([16 / 3])


def test_pieces_of_several_curves_are_filled_up_with_nothing():
    pieces = envelope_pieces([0, 1, 2, 3], [[9, 5, 2, 1], [9, 6, 3, 0]], floor=[0, 0])
    assert pieces.agents.tolist() == [[1, 1, 1], [3, 0, 0]]
    assert pieces.avoided.tolist() == [[4, 3, 1], [3, 0, 0]]


def test_below_the_floor_the_first_piece_goes_on_and_beyond_the_last_point_nothing_is_gained():
    pieces = envelope_pieces([2, 3, 5], [9, 5, 1], floor=2)
    assert [float(pieces.late(n)[0]) for n in (0, 2, 4, 5, 50)] == [17, 9, 3, 1, 1]


def test_a_curve_of_one_point_and_one_whose_last_point_is_repeated():
    assert lower_envelope([4], [2.5], 4).tolist() == [2.5]
    assert envelope_pieces([4], [2.5], 4).late([0, 9][0]).tolist() == [2.5]
    assert lower_envelope([1, 2, 2, 2], [5, 3, 3, 3], 1).tolist() == [5, 3, 3, 3]


def test_no_curves_at_all():
    nothing = np.zeros((0, 3))
    assert lower_envelope(nothing, nothing, np.zeros(0)).shape == (0, 3)
    assert envelope_pieces(nothing, nothing, np.zeros(0)).agents.shape[0] == 0


curves = st.integers(1, 12).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(1, 5), min_size=n, max_size=n),
        st.lists(st.floats(0, 100), min_size=n, max_size=n),
        st.floats(0, 1),
    )
)


@given(curves)
def test_envelope_is_the_lowest_chord_convex_and_never_above_the_curve(drawn):
    steps, drops, part = drawn
    x, y = np.cumsum(steps).astype(float), 2000.0 - np.cumsum(drops)
    floor = x[0] + part * (x[-1] - x[0])
    found, pieces = lower_envelope(x, y, floor), envelope_pieces(x, y, floor)
    above = x >= floor
    assert np.isnan(found[~above]).all()
    for at, value, late in zip(x[above], found[above], y[above], strict=True):
        assert value == pytest.approx(lowest_chord(x, y, at, floor), abs=1e-9)
        assert value <= late + 1e-9
        assert pieces.late(at)[0] == pytest.approx(value, abs=1e-9)
    assert (np.diff(pieces.avoided[0]) <= 0).all()
    assert found[-1] == y[-1]
    corners = floor + np.cumsum(pieces.agents[0])
    assert np.interp(corners, x, y).tolist() == pytest.approx(
        pieces.late_at_floor[0] - np.cumsum(pieces.agents * pieces.avoided)
    )


def test_every_fault_is_told_with_its_curve():
    with pytest.raises(BadInput) as error:
        envelope_pieces([[0, 1, 2], [0, 2, 1], [0, 1, 2]], [[3, 2, 1], [3, 2, 1], [1, 2, 0]], [0, 0, 3])
    assert [(fault.column, fault.found) for fault in error.value.faults] == [
        ("agents", "otherwise in curve 1"),
        ("late", "otherwise in curve 2"),
        ("floor", "otherwise in curve 2"),
    ]


@pytest.mark.parametrize(
    ("agents", "late", "floor", "column"),
    [
        ([0, 1], [1, np.nan], 0, "late"),
        ([-1, 1], [1, 0], 0, "agents"),
        ([0, 1], [1, 0], np.nan, "floor"),
        ([0, 1], [1, 0], [[0]], "floor"),
        ([], [], 0, "agents"),
    ],
)
def test_bad_numbers(agents, late, floor, column):
    with pytest.raises(BadInput) as error:
        lower_envelope(agents, late, floor)
    assert [fault.column for fault in error.value.faults] == [column]
