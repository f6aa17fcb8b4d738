"""Days that are not ordinary: which they are, and how much more or less comes on them.

Models learn from ordinary days only and forecast ordinary days; what is special about a day is a ratio on
top, learned from past days of the same class and shrunk towards 1.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from forecasts.grid import Bools, Days, Floats, QueueHistory, weekdays_of

ORDINARY, HOLIDAY, AFTER = 0, 1, 2
CLASSES = {"holiday": HOLIDAY, "after": AFTER}
AFTER_DAYS = 3  # the first open day within so many days of a holiday is one after it
SHRINKAGE_DAYS = 1.0  # weight of "no effect", in days seen
BASELINE_DAYS = 28  # ordinary days this near, on the same weekday, say what would have come


def day_classes(days: Days, holidays: Mapping[int, str], open_weekdays: Bools) -> NDArray[np.int8]:
    """Class of each day, shape (days,): a public holiday, the first open day after one, or ordinary.

    Parameters
    ----------
    open_weekdays : weekdays on which contacts come, shape (7,), Monday first
    """
    classes = np.full(len(days), ORDINARY, dtype=np.int8)
    for k, day in enumerate(days.tolist()):
        if day in holidays:
            classes[k] = HOLIDAY
            continue
        for back in range(1, AFTER_DAYS + 1):
            if day - back in holidays:
                classes[k] = AFTER
                break
            if open_weekdays[(day - back + 3) % 7]:
                break
    return classes


def effects(history: QueueHistory) -> dict[int, float]:
    """Ratio of each class of days to ordinary ones: geometric mean over past days, shrunk towards 1."""
    totals = np.nansum(history.offered, axis=1)
    ratios: dict[int, float] = {ORDINARY: 1.0}
    for code in CLASSES.values():
        seen = [
            np.log(totals[row] / base)
            for row in np.flatnonzero((history.special == code) & (totals > 0))
            if (base := _ordinary_total(history, totals, int(row))) > 0
        ]
        ratios[code] = float(np.exp(np.sum(seen) / (len(seen) + SHRINKAGE_DAYS)))
    return ratios


def _ordinary_total(history: QueueHistory, totals: Floats, row: int) -> float:
    """Mean of the same ordinary weekdays around a day, over the slots known of that day; 0 without any."""
    near = (np.abs(np.arange(len(totals)) - row) <= BASELINE_DAYS) & history.usable
    near &= weekdays_of(history.days) == weekdays_of(history.days)[row]
    known = ~np.isnan(history.offered[row])
    return float(np.nansum(history.offered[near][:, known], axis=1).mean()) if near.any() else 0.0
