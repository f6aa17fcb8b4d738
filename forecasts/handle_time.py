"""AHT per interval: the queue's level of late, times what time of day and weekday surely add, and its bands.

An interval's mean handle time is mostly noise, so effects of time of day, weekday and both are believed only as
far as the queue's own data warrant (see `forecasts.credibility`); where they carry nothing the answer is the
queue's mean. The level may wander or climb from week to week: new products, staff who learn. Bands are those
of an interval's mean: few contacts spread more.

**Source:** log-normal handle times: Brown et al., *Statistical Analysis of a Telephone Call Center*, 2005.
"""

from dataclasses import dataclass, replace

import numpy as np

from centre.instants import MINUTES_A_DAY
from forecasts.credibility import (
    GUESSED_CELLS,
    ONE_CONTACT,
    Estimate,
    followed_level,
    group_effects,
    group_means,
)
from forecasts.grid import Days, Floats, QueueHistory, weekdays_of

LONGEST_WEEKS = 52  # older history is not looked at
HALF_LIFE_DAYS = 56.0  # of the weight of a day in the effects of time of day and weekday
WINDOW_MINUTES = 120  # neighbours over which a slot is smoothed
EFFECTS = ((False, WINDOW_MINUTES), (False, 0), (True, MINUTES_A_DAY), (True, WINDOW_MINUTES), (True, 0))
"""Whether weekdays are kept apart, and the width of a group of slots: one after the other, on what is left."""
BETWEEN = 0.25  # squared variation of intervals however busy, guessed to spot wild ones: generous
OUTLIER = 3.0  # standard deviations of its logarithm above which an interval is cut off
GUESSED_SCORES = 50.0  # intervals for which the quantiles of the log-normal count
SMALLEST_NOISE = 1e-9
LOWEST_LEVEL = 0.1
STATED_VARIANCE = 0.04  # squared relative error of an AHT that is stated rather than measured
WITHIN_ONE_SD = 0.683  # of what is normal
NORMAL = (-1.2816, 1.2816)  # standard normal quantiles of p10 and p90


@dataclass(frozen=True, slots=True)
class HandleTimes:
    """Handle times of the days asked for in seconds, arrays of shape (days, slots).

    Parameters
    ----------
    seconds : mean expected
    p10, p90 : band of the mean of an interval's contacts; NaN where it is not known how many are expected
    assumed : all rests on the AHT stated, not on history
    """

    seconds: Floats
    p10: Floats
    p90: Floats
    assumed: bool


@dataclass(frozen=True, slots=True)
class _Seen:
    """What history tells, arrays of shape (days, slots): handle times as shares of ``scale`` seconds.

    ``contacts`` is 0 where none is known; ``week`` of each day counts from 0, the last seven days the last.
    """

    scale: float
    share: Floats
    contacts: Floats
    days: Days
    week: Days


@dataclass(frozen=True, slots=True)
class _Noise:
    """Squared variation of an interval's mean, ``one_contact`` / contacts + ``between``; scores at p10, p90."""

    one_contact: float = ONE_CONTACT
    between: float = 0.0
    scores: tuple[float, ...] = NORMAL

    def variance(self, reciprocal_contacts: Floats) -> Floats:
        return np.asarray(self.one_contact * reciprocal_contacts + self.between)


def forecast_handle_times(
    history: QueueHistory, asked: Days, offered: Floats, stated_seconds: float | None = None
) -> HandleTimes | None:
    """AHT of each slot of the days asked for, with its band.

    Parameters
    ----------
    asked : day numbers, shape (days,)
    offered : contacts expected, shape (days, slots); the fewer, the wider the band. NaN where not known
    stated_seconds : the queue's stated AHT, used where history has none

    Returns
    -------
    None where neither history nor the queue's settings know any.
    """
    raw = _seen(history)
    if raw is None:
        return _stated(stated_seconds, offered) if stated_seconds else None
    seen, pattern, noise = _learned(raw)
    week = (asked - int(seen.days[-1]) - 1) // 7 + 1 + int(seen.week[-1])
    level, weekday = _level(seen, pattern.factor, np.maximum(week, 0)), weekdays_of(asked)
    seconds = seen.scale * level.factor[:, None] * pattern.factor[weekday]
    return _banded(seconds, level.variance[:, None] + pattern.variance[weekday], noise, offered)


def _seen(history: QueueHistory) -> _Seen | None:
    """The last year's handle times; where it is not known how many were handled, those offered weigh."""
    rows = slice(max(len(history.offered) - 7 * LONGEST_WEEKS, 0), None)
    seconds, handled, offered = history.aht_seconds[rows], history.handled[rows], history.offered[rows]
    known = np.isfinite(seconds) & (seconds > 0)
    if not known.any():
        return None
    contacts = np.where(handled > 0, handled, np.where(offered > 0, offered, 1.0)) * known
    usual = _median(seconds[known], contacts[known])
    share = np.where(known, seconds, usual) / usual
    cut = _cut(share, 1.0, _log_sd(contacts, BETWEEN))
    mean = float((contacts * cut).sum() / contacts.sum())
    days = history.days[rows]
    week = (days - history.end_day) // 7
    return _Seen(usual * mean, share / mean, contacts, days, week - week[0])


def _median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, reached[-1] / 2)])


def _log_sd(contacts: Floats, between: float = 0.0) -> Floats:
    """Usual standard deviation of the logarithm of intervals' means."""
    return np.asarray(np.sqrt(np.log1p(ONE_CONTACT / np.maximum(contacts, 1.0) + between)))


def _cut(share: Floats, expected: Floats | float, log_sd: Floats) -> Floats:
    """Handle times no further above what was expected than chance could have it."""
    log_sd = np.minimum(log_sd, OUTLIER)  # with more, a log-normal's quantile falls below its mean again
    return np.asarray(np.minimum(share, expected * np.exp(OUTLIER * log_sd - log_sd**2 / 2)))


def _learned(raw: _Seen) -> tuple[_Seen, Estimate, _Noise]:
    """History without what stands out, the pattern of the week, shape (7, slots), and the noise.

    What stands out is told in two rounds: from the whole queue's mean, then from what was learned.
    """
    weekday, usual = weekdays_of(raw.days), _log_sd(raw.contacts)
    factor, expected = np.ones((7, raw.share.shape[1])), np.ones_like(raw.share)
    log_sd = _log_sd(raw.contacts, BETWEEN)
    for _ in range(2):
        seen = replace(raw, share=_cut(raw.share, expected, log_sd))
        level = _level(seen, factor, seen.week).factor[:, None]
        pattern = _pattern(seen, level)
        factor = pattern.factor
        expected = level * factor[weekday]
        scores = np.abs(np.log(seen.share / expected) / usual + usual / 2)
        log_sd = usual * np.quantile(scores[seen.contacts > 0], WITHIN_ONE_SD)
    return seen, pattern, _noise(seen, expected)


def _level(seen: _Seen, pattern: Floats, weeks: Days) -> Estimate:
    """Level in each of the weeks asked for, given the pattern of the week, shape (weeks asked,)."""
    work = (seen.contacts * seen.share).sum(axis=1, keepdims=True)
    expected = (seen.contacts * pattern[weekdays_of(seen.days)]).sum(axis=1, keepdims=True)
    mean, noise, _ = group_means(work, expected, _members(seen.week, int(seen.week[-1]) + 1))
    told = np.flatnonzero(np.isfinite(noise[:, 0]))
    variance = np.maximum(noise[told, 0], SMALLEST_NOISE)
    span = int(max(weeks.max(initial=0), seen.week[-1])) + 1
    level = followed_level(told, mean[told, 0], variance, span)
    return Estimate(np.maximum(level.factor, LOWEST_LEVEL)[weeks], level.variance[weeks])


def _pattern(seen: _Seen, level: Floats) -> Estimate:
    """Factors of time of day, of weekdays and of the time of day on each, one upon the other."""
    slots, weekday = seen.share.shape[1], weekdays_of(seen.days)
    work, expected = seen.contacts * seen.share, seen.contacts * level
    decay = 0.5 ** ((seen.days[-1] - seen.days) / HALF_LIFE_DAYS)
    factor, variance = np.ones((7, slots)), np.zeros((7, slots))
    for weekdays_apart, minutes in EFFECTS:
        members = decay * (_members(weekday, 7) if weekdays_apart else 1.0)
        width = min(max(minutes * slots // MINUTES_A_DAY, 1), slots)
        effect = group_effects(work, expected * factor[weekday], np.atleast_2d(members), width)
        factor, variance = factor * effect.factor, variance + effect.variance
    return Estimate(factor, variance)


def _members(group: Days, groups: int) -> Floats:
    """1 where a day is in a group, shape (groups, days)."""
    return np.equal.outer(np.arange(groups), group).astype(np.float64)


def _noise(seen: _Seen, expected: Floats) -> _Noise:
    """How intervals' means spread around what was expected of them."""
    known = seen.contacts > 0
    contacts, ratio = np.maximum(seen.contacts[known], 1.0), seen.share[known] / expected[known]
    noise = _variances(contacts, (ratio - 1) ** 2)
    sd = np.sqrt(np.log1p(noise.variance(1 / contacts)))
    found = np.quantile(np.log(ratio) / sd + sd / 2, (0.1, 0.9))
    guessed = GUESSED_SCORES / (len(contacts) + GUESSED_SCORES)
    return replace(noise, scores=tuple((1 - guessed) * found + guessed * np.array(NORMAL)))


def _variances(contacts: Floats, squares: Floats) -> _Noise:
    """Both parts of the variance: contacts x squared error is a line over contacts, by weighted least squares.

    The slope is believed as far as its error allows.
    """
    noise, guess, products = _Noise(), GUESSED_CELLS / len(contacts), squares * contacts
    for _ in range(4):
        weight = (noise.one_contact + noise.between * contacts) ** -2.0
        weight /= weight.sum()
        centre, mean = float(weight @ contacts), float(weight @ products)
        arm = weight * (contacts - centre)
        across = float(arm @ contacts) + SMALLEST_NOISE * centre**2
        slope = float(arm @ products) / across
        error = float(arm**2 @ (products - mean - slope * (contacts - centre)) ** 2) / across**2
        slope = min(max(slope, 0.0) * slope**2 / (slope**2 + error + SMALLEST_NOISE**2), mean / centre)
        noise = _Noise((mean - slope * centre + guess * ONE_CONTACT) / (1 + guess), slope)
    return noise


def _stated(seconds: float, offered: Floats) -> HandleTimes:
    everywhere = np.full(offered.shape, seconds)
    return replace(
        _banded(everywhere, np.full(offered.shape, STATED_VARIANCE), _Noise(), offered), assumed=True
    )


def _banded(seconds: Floats, variance: Floats, noise: _Noise, offered: Floats) -> HandleTimes:
    """Quantiles of a log-normal mean: of the noise of its contacts and of the error of the forecast."""
    sd = np.sqrt(np.log1p(noise.variance(mean_reciprocal(offered)) + variance))
    low, high = (seconds * np.exp(score * sd - sd**2 / 2) for score in noise.scores)
    return HandleTimes(seconds, np.minimum(low, seconds), np.maximum(high, seconds), False)


def mean_reciprocal(contacts: Floats) -> Floats:
    """Mean of 1 / N where a Poisson number N of contacts with this mean comes, at least one; NaN if unknown.

    Examples
    --------
    >>> mean_reciprocal(np.array([0.0, 1.0, 100.0])).round(3).tolist()
    [1.0, 0.767, 0.01]
    """
    means, number = np.linspace(0, 40, 161), np.arange(1, 120)
    chance = np.exp(np.cumsum(np.log(np.maximum(means, 1e-9)[:, None] / number), axis=1))
    table = (chance / number).sum(axis=1) / chance.sum(axis=1)
    many = np.maximum(contacts, means[-1])
    series = 1 / many + 1 / many**2 + 2 / many**3
    return np.asarray(np.where(contacts <= means[-1], np.interp(contacts, means, table), series))
