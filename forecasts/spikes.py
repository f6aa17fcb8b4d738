"""Intervals far above what their day and slot suggest: a burst of redials, a mailing, a double count. They
say nothing of the day's shape and are cut down where profiles are learned.
"""

import numpy as np

from centre.instants import MINUTES_A_DAY
from forecasts.day_totals import day_totals, medians_of
from forecasts.grid import Bools, Floats, QueueHistory, rows_by_weekday

DEVIATIONS = 6.0  # standard deviations above the expected beyond which an interval is a spike
FACTOR = 2.0  # and so many times the expected
LEAST_CONTACTS = 5.0  # and so many more: small means have long tails
KEPT_DEVIATIONS = 3.0  # what a spike is cut down to
FEWEST_DAYS = 4  # of a weekday, to judge by
LONGEST_MINUTES = 120  # of spikes in a day: beyond, the day has another shape and the usual one cannot tell
ROUNDS = 4
CHI_SQUARED_MEDIAN = 0.455  # of one degree of freedom


def robust_offered(history: QueueHistory) -> Floats:
    """Contacts with spikes cut down to what is barely usual, shape (days, slots); nothing else is changed."""
    expected, deviation = _expected(history, day_totals(history))
    found = _are_spikes(history.offered, expected, deviation)
    return np.where(found, expected + KEPT_DEVIATIONS * deviation, history.offered)


def find_spikes(history: QueueHistory, totals: Floats) -> list[tuple[int, int, float, float]]:
    """Row, slot, contacts and expected contacts of every spike, in order of time; ``totals`` are those of
    `day_totals`.
    """
    expected, deviation = _expected(history, totals)
    cells = np.argwhere(_are_spikes(history.offered, expected, deviation)).tolist()
    return [(row, slot, float(history.offered[row, slot]), float(expected[row, slot])) for row, slot in cells]


def _are_spikes(offered: Floats, expected: Floats, deviation: Floats) -> Bools:
    """Intervals far above the expected, of days on which they are few."""
    with np.errstate(invalid="ignore"):
        above = offered - expected
        found = (
            (deviation > 0)
            & (above > DEVIATIONS * deviation + LEAST_CONTACTS)
            & (above > (FACTOR - 1) * expected)
        )
    few = found.sum(axis=1, keepdims=True) * MINUTES_A_DAY <= LONGEST_MINUTES * offered.shape[1]
    return np.asarray(found & few)


def _expected(history: QueueHistory, totals: Floats) -> tuple[Floats, Floats]:
    """Contacts of each slot given the day's total and the weekday's shape, and their standard deviation; 0
    where a weekday has too few days or the day does not count.
    """
    expected = np.zeros_like(history.offered)
    rows = rows_by_weekday(history.days, history.usable & (totals > 0))
    rows = rows[(rows >= 0).sum(axis=1) >= FEWEST_DAYS]
    if rows.size:
        there = rows >= 0
        offered = np.where(there[:, :, None], history.offered[rows], np.nan)
        expected[rows[there]] = _of_weekdays(offered, np.where(there, totals[rows], 1.0))[there]
    return expected, np.sqrt(expected * _dispersion(history.offered, expected))


def _of_weekdays(offered: Floats, totals: Floats) -> Floats:
    """Expected contacts of the days of each weekday, shape (weekdays, days, slots), NaN where there is no such
    day: the highest share of each slot is left out of its mean, and what lies far above is taken off the day's
    total, again and again.
    """
    surplus, known = np.zeros_like(totals), ~np.isnan(offered)
    came, count = np.where(known, offered, 0.0), np.maximum(known.sum(axis=1) - 1, 1)
    for _ in range(ROUNDS):
        shares = came / (totals - surplus)[:, :, None]
        usual = (shares.sum(axis=1) - shares.max(axis=1)) / count
        expected = (totals - surplus)[:, :, None] * usual[:, None]
        far = came > FACTOR * expected + LEAST_CONTACTS
        before, surplus = surplus, np.where(far, came - expected, 0.0).sum(axis=2)
        if np.array_equal(before, surplus):
            break
    return np.asarray(expected)


def _dispersion(offered: Floats, expected: Floats) -> Floats:
    """Variance of each slot over its mean, 1 or more, shape (slots,): the median over days."""
    with np.errstate(invalid="ignore", divide="ignore"):
        off = np.where(expected > 0, (offered - expected) ** 2 / expected, np.nan)
    return np.asarray(np.fmax(medians_of(off, axis=0) / CHI_SQUARED_MEDIAN, 1.0))


def slot_time(slot: int, interval_minutes: int) -> str:
    """Wall-clock time at which a slot begins.

    Examples
    --------
    >>> slot_time(29, 30)
    '14:30'
    """
    return f"{slot * interval_minutes // 60:02}:{slot * interval_minutes % 60:02}"
