"""Days as wholes: what is usual for them, how much is known, their totals, which lie far off."""

import numpy as np

from forecasts.grid import Bools, Days, Floats, QueueHistory, weekdays_of

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
    usual, known = usual_slots(offered, days), ~np.isnan(offered)
    total = usual.sum(axis=1)
    share = (usual * known).sum(axis=1) / np.where(total > 0, total, 1.0)
    return np.asarray(np.where(total > 0, share, known.mean(axis=1)))


def day_totals(history: QueueHistory) -> Floats:
    """Contacts of each day, unknown slots made up in proportion, shape (days,); 0 where nothing is known."""
    share = known_share(history.offered, history.days)
    return np.asarray(np.nansum(history.offered, axis=1) / np.where(share > 0, share, 1.0))


def usual_totals(history: QueueHistory) -> Floats:
    """Median total of the usable same weekdays around each day, shape (days,); 0 where there is none."""
    totals, weekdays = day_totals(history), weekdays_of(history.days)
    usual = np.zeros(len(totals))
    for weekday in range(7):
        rows = np.flatnonzero(history.usable & (weekdays == weekday))
        if len(rows):
            usual[rows] = _medians_around(totals[rows])
    return usual


def ordinary_days(history: QueueHistory) -> Bools:
    """Usable days whose totals do not lie far off those of their neighbours, shape (days,)."""
    totals, usual = day_totals(history), usual_totals(history)
    off = np.where(usual > 0, totals / np.where(usual > 0, usual, 1.0) - 1, 0.0)
    spread = 1.4826 * float(np.median(np.abs(off[history.usable]))) if history.usable.any() else 0.0
    return history.usable & (np.abs(off) <= max(SMALLEST_SHARE, DEVIATIONS * spread))


def _medians_around(totals: Floats) -> Floats:
    """Median of each total and those around it."""
    padded = np.pad(totals, NEIGHBOURS, constant_values=np.nan)
    windows = np.sort(np.lib.stride_tricks.sliding_window_view(padded, 2 * NEIGHBOURS + 1), axis=1)
    known = (~np.isnan(windows)).sum(axis=1)  # sorted before the unknown
    rows = np.arange(len(totals))
    return np.asarray((windows[rows, (known - 1) // 2] + windows[rows, known // 2]) / 2)
