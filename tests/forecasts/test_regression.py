"""Regression on the log scale: known coefficients, outliers, scale, prior."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasts.models.regression import Rows, block_diagonal, regress

DAYS = 140
TRUE = np.array([0.3, 0.1, 0.0, -0.1, -0.3, 0.0])
ONE_GROUP = np.zeros(DAYS, dtype=np.int64)


def columns(days=DAYS):
    """A kind of day out of five each day, and a slope that lies between -1 and 1."""
    kinds = np.arange(days) % 5
    slope = np.linspace(-1, 1, days)
    return Rows(np.stack([kinds, np.full(days, 5)], axis=1), np.stack([np.ones(days), slope], axis=1), 6)


def drawn(coefficients=TRUE, noise=0.05, level=1000.0, seed=3):
    rng = np.random.default_rng(seed)
    return level * np.exp(columns().times(coefficients)) * (1 + noise * rng.standard_normal(DAYS))


def solved(totals, *, penalty=1e-6, prior=0.0, weights=None, groups=ONE_GROUP, start=1000.0):
    return regress(
        totals,
        np.broadcast_to(np.asarray(start, dtype=float), (DAYS,)).copy(),
        columns(),
        np.eye(6) * penalty,
        np.full(6, prior),
        np.ones(DAYS) if weights is None else weights,
        groups,
    )


def test_rows_are_the_matrix_they_stand_for():
    rows = Rows(np.array([[0, 2], [1, 1]]), np.array([[1.0, 2.0], [3.0, 4.0]]), 4)
    assert rows.dense().tolist() == [[1, 0, 2, 0], [0, 7, 0, 0]]
    assert (rows.times(np.arange(4.0)) == rows.dense() @ np.arange(4.0)).all()


def test_matrices_stand_along_the_diagonal():
    whole = block_diagonal([np.ones((1, 1)), np.zeros((0, 0)), np.full((2, 2), 3.0)])
    assert whole.tolist() == [[1, 0, 0], [0, 3, 3], [0, 3, 3]]


def test_without_noise_the_coefficients_are_found():
    assert solved(drawn(noise=0.0)) == pytest.approx(TRUE, abs=1e-4)
    assert solved(drawn(TRUE + np.array([0.7] * 5 + [0.5]), noise=0.0)) == pytest.approx(
        TRUE + np.array([0.7] * 5 + [0.5]), abs=1e-4
    )


def test_noise_leaves_them_within_their_standard_error():
    off = [solved(drawn(seed=seed)) - TRUE for seed in range(20)]
    se = 0.05 / np.sqrt(np.array([DAYS / 5] * 5 + [DAYS / 3]))
    assert np.abs(np.mean(off, axis=0)).max() < 0.01
    assert (np.std(off, axis=0) < 1.6 * se).all()


def test_outliers_move_little():
    totals = drawn()
    wild = totals.copy()
    wild[[3, 40, 77, 101]] *= [20, 0.0, 8, 0.05]
    assert solved(wild) == pytest.approx(solved(totals), abs=0.03)
    plain = np.linalg.lstsq(columns().dense(), np.log(np.maximum(wild, 1) / 1000), rcond=None)[0]
    assert np.abs(plain - TRUE).max() > 0.2  # least squares would have followed them


@settings(max_examples=15, deadline=None)
@given(st.floats(1e-3, 1e6))
def test_the_scale_of_contacts_does_not_matter(factor):
    totals = drawn()
    assert solved(totals * factor, start=1000 * factor, penalty=4.0) == pytest.approx(
        solved(totals, penalty=4.0), abs=1e-9
    )


def test_twice_the_contacts_are_the_same_to_the_last_bit():
    totals = drawn()
    assert np.abs(solved(totals * 2, start=2000) - solved(totals)).max() < 1e-12


def test_a_firm_prior_holds_against_the_days_and_a_loose_one_does_not():
    totals = drawn()
    assert solved(totals, penalty=1e9, prior=0.2) == pytest.approx(np.full(6, 0.2), abs=1e-3)
    assert solved(totals, penalty=1e-3, prior=0.2) == pytest.approx(solved(totals), abs=1e-3)
    between = solved(totals, penalty=28 / 0.05**2, prior=0.0)
    assert (np.abs(between[[0, 4]]) < np.abs(solved(totals)[[0, 4]])).all()


def test_days_of_less_weight_count_less():
    totals = drawn(noise=0.01)
    late = np.arange(DAYS) >= DAYS // 2
    totals[late] *= 1.2
    even = solved(totals)[:5].mean()
    tilted = solved(totals, weights=np.where(late, 1.0, 0.1))[:5].mean()
    assert tilted > even + 0.01


def test_a_noisy_group_does_not_blur_a_calm_one():
    """Two kinds of days share the slope; where one is ten times as noisy, the calm one tells the slope."""
    rng = np.random.default_rng(9)
    noisy = np.arange(DAYS) % 5 < 2
    off = []
    for _ in range(20):
        noise = np.where(noisy, 0.5, 0.01) * rng.uniform(-1, 1, DAYS)
        totals = 1000 * np.exp(columns().times(TRUE)) * (1 + noise)
        off.append([solved(totals, groups=groups)[5] for groups in (noisy.astype(np.int64), ONE_GROUP)])
    apart, together = np.std(off, axis=0)
    assert apart < 0.7 * together


def test_no_contacts_on_a_day_are_no_fault():
    totals = drawn()
    totals[10] = 0
    assert np.isfinite(solved(totals)).all()
    assert np.isfinite(solved(np.full(DAYS, 1000.0))).all()  # nothing varies at all
