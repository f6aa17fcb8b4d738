"""Estimates that believe noisy means as far as the data themselves warrant: effects of groups, a level over time.

How far groups lie apart, and how far a level moves, is not tuned for a series: a few answers are averaged by
how likely each makes what was seen. Where only noise was seen, estimates stay near what was expected.

**Source:** credibility weighed by volume: Bühlmann and Straub, 1970; effects upon effects: Jewell, 1975.
"""

from dataclasses import dataclass

import numpy as np

from forecasts.grid import Days, Floats

# Shares, and how likely each is before anything is seen:
SPREADS = {1e-6: 0.5, 0.03: 0.2, 0.06: 0.15, 0.12: 0.1, 0.25: 0.04, 0.5: 0.01}  # between groups
STEPS = {0.0: 0.4, 0.01: 0.2, 0.02: 0.2, 0.04: 0.1, 0.08: 0.06, 0.16: 0.04}  # of a level in a week
CLIMBS = {0.0: 0.9, 0.01: 0.05, 0.03: 0.05}  # of a level, week after week
MOVES = {(step, climb): STEPS[step] * CLIMBS[climb] for step in STEPS for climb in CLIMBS}
DAMPING = 0.9  # of a climb, per week
LEVEL_SD = 0.5  # of a level around 1, before anything is seen
FEWEST_GROUPS = 2  # that tell how far groups lie apart
FEWEST_DAYS = 3  # in a group that tells: fewer, and a weekday is not told from a day
TELLING = 0.1  # groups do not tell whose mean has more noise than this: variance, about ten contacts
ONE_CONTACT = 1.4  # usual squared variation of one handle time: of a log-normal one with log-sd 0.93
GUESSED_CELLS = 4.0  # for which that guess of the noise counts


@dataclass(frozen=True, slots=True)
class Estimate:
    """A factor, and the variance of its error; arrays of like shape."""

    factor: Floats
    variance: Floats


def group_means(work: Floats, expected: Floats, members: Floats) -> tuple[Floats, Floats, float]:
    """Mean of each group, its noise's variance, both of shape (groups, blocks), and that of one contact.

    The variance is infinite where a group has no contacts.

    Parameters
    ----------
    work, expected : contacts x handle time as it was and as expected, shape (days, blocks)
    members : weight of each day in each group, 0 where it is not in it, shape (groups, days)
    """
    weight = members @ expected
    mean = _ratio(members @ work, weight)
    off = expected * (_ratio(work, expected) - (members > 0).T @ mean) ** 2
    freedom = int((expected > 0).sum()) - int((weight > 0).sum())
    one = (float(off.sum()) + GUESSED_CELLS * ONE_CONTACT) / (freedom + GUESSED_CELLS)
    return mean, one * _spread(weight, members**2 @ expected), one


def group_effects(work: Floats, expected: Floats, members: Floats, width: int) -> Estimate:
    """By what each group's slots differ from what was expected, as far as believed, shape (groups, slots).

    Blocks of ``width`` slots tell the noise and how far groups lie apart beyond it; a slot's own effect is
    that of the window of this width around it.

    Parameters
    ----------
    work, expected : contacts x handle time as it was and as expected, shape (days, slots)
    members : weight of each day in each group, 0 where it is not in it, shape (groups, days)
    """
    blocks, block_expected = (_blocks(part, width) for part in (work, expected))
    mean, noise, one = group_means(blocks, block_expected, members)
    days = (members > 0).astype(np.float64) @ (block_expected > 0)
    telling = (noise < TELLING) & (days >= FEWEST_DAYS)
    chances = _spread_chances(mean[telling], noise[telling])
    window = _windows(work.shape[1], width)
    sums, weights = members @ work @ window, members @ expected @ window
    between = np.square(list(SPREADS))[:, None, None]
    trust = between / (between + one * _spread(weights, members**2 @ expected @ window))
    factor = 1 + np.tensordot(chances, trust, 1) * (_ratio(sums, weights) - 1)
    return Estimate(factor, np.tensordot(chances, between * (1 - trust), 1))


def followed_level(at: Days, means: Floats, noise: Floats, weeks: int) -> Estimate:
    """A level near 1, seen with noise in some weeks, in every one of ``weeks`` weeks from 0, shape (weeks,).

    Parameters
    ----------
    at : weeks seen, shape (seen,)
    means, noise : level seen and the variance of its error, shape (seen,)

    **Source:** Gaussian process regression (Rasmussen and Williams, 2006) with the covariances of a random
    walk and of a damped trend (Gardner and McKenzie, 1985).
    """
    walk, climb = _covariances(weeks)
    step, slope = (np.array(shares)[:, None, None] for shares in zip(*MOVES, strict=True))
    prior = LEVEL_SD**2 + step**2 * walk + slope**2 * climb
    seen = prior[:, at[:, None], at] + np.diag(noise)
    off = means - 1
    weights = np.linalg.solve(seen, np.broadcast_to(off[:, None], (len(prior), len(at), 1)))[:, :, 0]
    gain = np.linalg.solve(seen, prior[:, at])
    chance = _normed(np.log(list(MOVES.values())) - (np.linalg.slogdet(seen)[1] + weights @ off) / 2)
    levels = 1 + (prior[:, :, at] @ weights[:, :, None])[:, :, 0]
    variances = np.diagonal(prior, axis1=1, axis2=2) - (prior[:, at] * gain).sum(axis=1)
    level = chance @ levels
    return Estimate(level, chance @ (variances + (levels - level) ** 2))


def _blocks(slots: Floats, width: int) -> Floats:
    """Sums of every ``width`` slots."""
    starts = np.arange(0, slots.shape[1], width)
    return slots if width == 1 else np.asarray(np.add.reduceat(slots, starts, axis=1))


def _ratio(sums: Floats, weights: Floats) -> Floats:
    """Weighted means; 1 where nothing is known."""
    return np.divide(sums, weights, out=np.ones_like(sums), where=weights > 0)


def _spread(weights: Floats, squares: Floats) -> Floats:
    """Variance of weighted means were that of one contact 1; infinite where nothing is known."""
    return np.divide(squares, weights**2, out=np.full_like(weights, np.inf), where=weights > 0)


def _spread_chances(mean: Floats, noise: Floats) -> Floats:
    """How likely each of `SPREADS` is, given groups' means and the variance of each, shape (spreads,).

    **Source:** restricted likelihood of a model with random effects.
    """
    if len(mean) < FEWEST_GROUPS:
        return np.asarray(np.eye(len(SPREADS))[0])
    variance = np.square(list(SPREADS))[:, None] + noise
    total = (1 / variance).sum(axis=1)
    off = mean - ((1 / variance) @ mean / total)[:, None]
    fit = np.log(total) + (np.log(variance) + off**2 / variance).sum(axis=1)
    return _normed(np.log(list(SPREADS.values())) - fit / 2)


def _normed(log_chances: Floats) -> Floats:
    chance: Floats = np.exp(log_chances - log_chances.max())
    return np.asarray(chance / chance.sum())


def _windows(slots: int, width: int) -> Floats:
    """Which slots are in the window around each, round midnight, shape (slots, slots)."""
    apart = np.abs(np.subtract.outer(np.arange(slots), np.arange(slots)))
    reach = width // 2 if width > 1 else 0
    return np.asarray(np.minimum(apart, slots - apart) <= reach, dtype=np.float64)


def _covariances(weeks: int) -> tuple[Floats, Floats]:
    """Covariance between weeks of a random walk and of a damped climb, both of unit size."""
    week = np.arange(weeks)
    slopes = DAMPING ** np.abs(np.subtract.outer(week, week))
    summed = np.tri(weeks, k=-1)
    walk: Floats = np.minimum.outer(week, week).astype(np.float64)
    return walk, np.asarray(summed @ slopes @ summed.T)
