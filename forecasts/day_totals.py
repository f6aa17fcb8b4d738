"""Days as wholes: what is usual for them, how much is known, their totals, which lie far off."""

import numpy as np
from numpy.typing import NDArray

from forecasts.grid import Bools, Days, Floats, QueueHistory, remembered, rows_by_weekday, weekdays_of

LAST_DAYS = 8  # of each weekday, that averages look at
NEIGHBOURS = 4  # same weekdays looked at on either side
SMALLEST_SHARE = 0.4  # a day within 40 % of its neighbours' median is never an outlier
DEVIATIONS = 5.0  # robust standard deviations beyond which a day is one


def usual_slots(offered: Floats, days: Days) -> Floats:
    """Mean of each day's slots over the same weekday, shape (days, slots); 0 where nothing is known."""
    usual = np.zeros_like(offered)
    for weekday in range(7):
        rows = weekdays_of(days) == weekday
        known = (~np.isnan(offered[rows])).sum(axis=0)
        usual[rows] = np.nansum(offered[rows], axis=0) / np.maximum(known, 1)
    return usual


def known_share(offered: Floats, days: Days) -> Floats:
    """Share of each day's usual contacts that falls in slots which are known, shape (days,)."""
    known = ~np.isnan(offered)
    if known.all():
        return np.ones(len(offered))
    usual = usual_slots(offered, days)
    total = usual.sum(axis=1)
    share = (usual * known).sum(axis=1) / np.where(total > 0, total, 1.0)
    return np.asarray(np.where(total > 0, share, known.mean(axis=1)))


@remembered
def day_totals(history: QueueHistory) -> Floats:
    """Contacts of each day, unknown slots made up in proportion, shape (days,); 0 where nothing is known."""
    share = known_share(history.offered, history.days)
    return np.asarray(np.nansum(history.offered, axis=1) / np.where(share > 0, share, 1.0))


@remembered
def ordinary_days(history: QueueHistory) -> Bools:
    """Usable days whose totals do not lie far off those of their neighbours, shape (days,)."""
    totals = day_totals(history)
    return are_ordinary(history, totals, usual_totals(history, totals))


@remembered
def last_ordinary_days(history: QueueHistory) -> tuple[Floats, NDArray[np.int64]]:
    """Contacts of the last ordinary days of each weekday, Monday first and the last day last, shape
    (7, `LAST_DAYS`, slots), NaN where not known; and how many days there were of each, shape (7,).
    """
    rows = rows_by_weekday(history.days, ordinary_days(history))
    count = (rows >= 0).sum(axis=1)
    place = count[:, None] + np.arange(-LAST_DAYS, 0)
    known = place >= 0
    if not rows.size:
        return np.full((7, LAST_DAYS, history.slots), np.nan), count
    chosen = np.take_along_axis(rows, np.maximum(place, 0), axis=1)
    return np.where(known[:, :, None], history.offered[chosen], np.nan), np.minimum(count, LAST_DAYS)


def are_ordinary(history: QueueHistory, totals: Floats, usual: Floats) -> Bools:
    """`ordinary_days`, given the days' totals and what is usual around them."""
    off = np.where(usual > 0, totals / np.where(usual > 0, usual, 1.0) - 1, 0.0)
    spread = 1.4826 * float(np.median(np.abs(off[history.usable]))) if history.usable.any() else 0.0
    return history.usable & (np.abs(off) <= max(SMALLEST_SHARE, DEVIATIONS * spread))


def usual_totals(history: QueueHistory, totals: Floats) -> Floats:
    """Median total of the usable same weekdays around each day, shape (days,); 0 where there is none."""
    usual, rows = np.zeros(len(totals)), rows_by_weekday(history.days, history.usable)
    if rows.size:
        padded = np.full((7, rows.shape[1] + 2 * NEIGHBOURS), np.nan)
        padded[:, NEIGHBOURS:-NEIGHBOURS] = np.where(rows >= 0, totals[rows], np.nan)
        windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * NEIGHBOURS + 1, axis=1)
        found = medians_of(windows.reshape(-1, 2 * NEIGHBOURS + 1), 1).reshape(rows.shape)
        usual[rows[rows >= 0]] = found[rows >= 0]
    return usual


def medians_of(table: Floats, axis: int) -> Floats:
    """Medians of what is known along an axis of a matrix; NaN where nothing is. Many times faster than numpy's.

    Examples
    --------
    >>> medians_of(np.array([[1.0, np.nan, 3.0], [4.0, 5.0, 9.0]]), axis=1).tolist()
    [2.0, 5.0]
    """
    ordered = np.sort(table, axis=axis)  # unknown ones last
    ordered = ordered if axis else ordered.T
    known, rows = (~np.isnan(ordered)).sum(axis=1), np.arange(len(ordered))
    low, high = np.maximum((known - 1) // 2, 0), np.minimum(known // 2, ordered.shape[1] - 1)
    return np.asarray((ordered[rows, low] + ordered[rows, high]) / 2)
