"""Robust ridge regression on the log scale, over design matrices in which few columns differ from 0.

**Source:** penalised iteratively reweighted least squares (Wood, *Generalized Additive Models*, 2nd ed., 3.4)
with log link, variance proportional to the squared mean and Huber's weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasts.grid import Days, Floats

HUBER = 1.5
SMALLEST_NOISE = 0.01
ROUNDS, SETTLED = 8, 1e-4
POOLED_DAYS = 20.0  # weight, in days, of the noise of all days against that of a group of days


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a design matrix: ``values`` at ``columns``, both of shape (days, entries), of ``width`` columns."""

    columns: Days
    values: Floats
    width: int

    def times(self, coefficients: Floats) -> Floats:
        """The product with a vector, shape (days,)."""
        return np.asarray((coefficients[self.columns] * self.values).sum(axis=1))

    def dense(self) -> Floats:
        """The whole matrix, shape (days, width)."""
        whole = np.zeros((len(self.columns), self.width))
        np.add.at(whole, (np.arange(len(whole))[:, None], self.columns), self.values)
        return whole


def block_diagonal(blocks: Sequence[Floats]) -> Floats:
    """Square matrices along the diagonal of a big one."""
    size = sum(len(block) for block in blocks)
    whole, at = np.zeros((size, size)), 0
    for block in blocks:
        whole[at : at + len(block), at : at + len(block)] = block
        at += len(block)
    return whole


def regress(
    totals: Floats,
    start: Floats,
    design: Rows,
    penalty: Floats,
    prior: Floats,
    weights: Floats,
    groups: NDArray[np.int64],
) -> Floats:
    """Coefficients on the log scale of totals whose spread grows with their mean.

    Parameters
    ----------
    totals, start : contacts of each day and a first guess of their mean (over 0), shape (days,)
    penalty, prior : precision of the prior, shape (width, width), and its mean, shape (width,)
    weights : how much each day counts, shape (days,)
    groups : group of each day; the days of a group are alike noisy
    """
    middle = float(np.median(np.log(start)))  # so that the scale of contacts does not meet the prior
    log_mean = np.log(start) - middle
    totals = totals / np.exp(middle)
    pull, matrix = penalty @ prior, design.dense()
    for _ in range(ROUNDS):
        off = totals / np.exp(log_mean) - 1
        noise = _noise(off, weights, groups)
        robust = weights * np.minimum(1.0, HUBER * noise / np.maximum(np.abs(off), 1e-12))
        precision = robust / noise**2
        weighed = matrix * precision[:, None]
        working = weighed.T @ (log_mean + np.clip(off, -1, 3)) + pull
        coefficients: Floats = np.linalg.solve(weighed.T @ matrix + penalty, working).astype(np.float64)
        before, log_mean = log_mean, matrix @ coefficients
        if np.abs(log_mean - before).max() < SETTLED:
            break
    return coefficients


def _noise(off: Floats, weights: Floats, groups: NDArray[np.int64]) -> Floats:
    """Robust relative noise of each day: that of its group, shrunk to that of all, shape (days,)."""
    common = 1.4826 * _median(np.abs(off))
    noise = np.zeros(int(groups.max()) + 1)
    for group in np.unique(groups):
        own = np.abs(off[groups == group])
        days = float(weights[groups == group].sum())
        mixed = (days * (1.4826 * _median(own)) ** 2 + POOLED_DAYS * common**2) / (days + POOLED_DAYS)
        noise[group] = np.sqrt(mixed)
    return np.maximum(noise, SMALLEST_NOISE)[groups]


def _median(values: Floats) -> float:
    ordered = np.sort(values)
    return float(ordered[(len(values) - 1) // 2] + ordered[len(values) // 2]) / 2
