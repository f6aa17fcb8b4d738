"""Outages: stretches in which next to nothing came where many contacts usually come, so that what would have
come is unknown rather than zero.

A stretch counts where its contacts would come about once in a million such stretches, had the queue been
open as before: negative binomial around the median of the last eight same weekdays. A stretch at the edge of a
day's hours is held to far less, as it may have closed early. Each day is judged by
days before it alone, so that cutting the history short changes nothing of what is left. Zeros at the same
hours on a fourth open day in a row, or on a third same weekday, are no outage but a change, and stand.

**Source:** gamma-Poisson mixture for counts whose mean varies (Jongbloed & Koole 2001, *Managing uncertainty
in call centres using Poisson mixtures*).
"""

import math
from dataclasses import dataclass

import numpy as np

from forecasts.grid import Bools, Days, Floats, weekdays_of

BEFORE = 8  # same weekdays looked back at
FEWEST_BEFORE = 2
SURE_FROM = 4  # with fewer days before it, the quietest of them is taken as usual
NEAR_ZERO = 0.05  # share of the usual that still counts as next to nothing
VARIATION = 0.32  # coefficient of variation of the mean contacts of a stretch around the usual
CHANCE = 1e-6
CHANCE_AT_EDGE = 1e-12  # of a stretch that begins or ends a day: hours may have changed for a while
EDGE_SHARE = (
    0.1  # of the day's usual contacts: with fewer before or after it, a stretch begins or ends the day
)
LONGEST_DAYS = 3  # open days in a row after which zeros are a change
COUNTED = 0.5  # usual contacts from which a slot can begin or end an outage


@dataclass(frozen=True, slots=True)
class Outage:
    """Slots ``begin`` to ``end`` (half-open) of row ``row``, and the contacts usual there."""

    row: int
    begin: int
    end: int
    missed: float


def find_outages(offered: Floats, days: Days, ordinary: Bools, is_open: Bools) -> list[Outage]:
    """Outages in order of time.

    Parameters
    ----------
    offered : contacts, shape (days, slots), NaN where not known
    days : day numbers, in a row without holes, shape (days,)
    ordinary : days that are no holidays or the like, shape (days,); others are not judged
    is_open : slots in which the queue is open, shape (days, slots)
    """
    usual = usual_before(offered, days, ordinary)
    with np.errstate(invalid="ignore"):
        low = (offered <= NEAR_ZERO * usual) & is_open & ordinary[:, None]
    low &= (_streaks_before(low, usual >= COUNTED) < LONGEST_DAYS) & ~_weekly_before(low)
    found = []
    for row in np.flatnonzero((usual * low).sum(axis=1) >= _fewest_missed()).tolist():
        found += _outages_of_day(row, offered[row], usual[row], low[row])
    return found


def usual_before(offered: Floats, days: Days, ordinary: Bools) -> Floats:
    """Median of each slot over the last same ordinary weekdays before each day, shape (days, slots); the
    least where they are few, 0 where there are hardly any.
    """
    usual = np.zeros_like(offered)
    came = ordinary & (np.nansum(offered, axis=1) > 0)
    for weekday in range(7):
        of_weekday = weekdays_of(days) == weekday
        past, rows = np.flatnonzero(of_weekday & came), np.flatnonzero(of_weekday)
        if len(past) >= FEWEST_BEFORE:
            usual[rows] = _medians_before(offered[past], np.searchsorted(past, rows))
    return usual


def _medians_before(past: Floats, counts: Days) -> Floats:
    """Median of the last `BEFORE` of the first ``counts[k]`` rows, for each k, shape (len(counts), slots)."""
    padded = np.vstack([np.full((BEFORE, past.shape[1]), np.nan), past])
    windows = np.sort(padded[counts[:, None] + np.arange(BEFORE)], axis=1)  # unknown ones last
    known = (~np.isnan(windows)).sum(axis=1)[:, None]
    low, high = np.maximum((known - 1) // 2, 0), np.minimum(known // 2, BEFORE - 1)
    median = (np.take_along_axis(windows, low, 1) + np.take_along_axis(windows, high, 1))[:, 0] / 2
    least, known = windows[:, 0], known[:, 0]
    return np.where(known >= SURE_FROM, median, np.where(known >= FEWEST_BEFORE, least, 0.0))


def _streaks_before(low: Bools, busy: Bools) -> Days:
    """Busy days in a row before each day on which the slot was low, shape (days, slots)."""
    streaks = np.zeros(low.shape, dtype=np.int64)
    streak = np.zeros(low.shape[1], dtype=np.int64)
    for row in range(len(low)):
        streaks[row] = streak
        streak = np.where(busy[row], np.where(low[row], streak + 1, 0), streak)
    return streaks


def _weekly_before(low: Bools) -> Bools:
    """Slots that were low on both of the last two same weekdays, shape (days, slots)."""
    found = np.zeros_like(low)
    found[14:] = low[7:-7] & low[:-14]
    return found


def _outages_of_day(row: int, offered: Floats, usual: Floats, low: Bools) -> list[Outage]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], low.astype(np.int8), [0])))).reshape(-1, 2)
    edge, found = EDGE_SHARE * usual.sum(), []
    for begin, end in edges.tolist():
        counted = np.flatnonzero(usual[begin:end] >= COUNTED)
        if not len(counted):
            continue
        first, last = begin + int(counted[0]), begin + int(counted[-1]) + 1
        missed = float(usual[first:last].sum())
        inside = usual[:first].sum() >= edge and usual[last:].sum() >= edge
        chance = chance_of_so_few(float(offered[first:last].sum()), missed)
        if chance < (CHANCE if inside else CHANCE_AT_EDGE):
            found.append(Outage(row, first, last, missed))
    return found


def chance_of_so_few(contacts: float, usual: float) -> float:
    """Probability of ``contacts`` or fewer where ``usual`` are expected and their mean varies.

    Examples
    --------
    >>> chance_of_so_few(0, 10) > 1e-6 > chance_of_so_few(0, 40)
    True
    """
    if usual <= 0:
        return 1.0
    size = 1 / VARIATION**2
    log_q = math.log(usual / (size + usual))
    log_p = size * math.log(size / (size + usual))
    return math.fsum(
        math.exp(log_p + math.lgamma(k + size) - math.lgamma(size) - math.lgamma(k + 1) + k * log_q)
        for k in range(int(contacts) + 1)
    )


def _fewest_missed() -> float:
    """Usual contacts below which not even none is an outage."""
    size = 1 / VARIATION**2
    return size * (math.pow(CHANCE, -1 / size) - 1)
