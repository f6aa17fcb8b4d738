"""AHT by time of day: weighed by contacts, shrunk to the queue's mean since an interval's is mostly noise."""

import numpy as np

from forecasts.grid import Floats, QueueHistory

HALF_LIFE_DAYS = 56.0
SHRINKAGE_CONTACTS = 400.0  # a slot's own mean counts half when it rests on so many contacts


def handle_times(history: QueueHistory, stated_seconds: float | None = None) -> tuple[Floats, bool] | None:
    """AHT of each slot of a day in seconds, shape (slots,), and whether it is assumed.

    Parameters
    ----------
    stated_seconds : the queue's stated AHT, used where history has none

    Returns
    -------
    None where neither history nor the queue's settings know any.
    """
    age = history.end_day - history.days
    weight = history.handled * 0.5 ** (age / HALF_LIFE_DAYS)[:, None] * ~np.isnan(history.aht_seconds)
    contacts = weight.sum(axis=0)
    if not contacts.any():
        return (np.full(history.slots, stated_seconds), True) if stated_seconds else None
    seconds = (weight * np.nan_to_num(history.aht_seconds)).sum(axis=0)
    mean = seconds.sum() / contacts.sum()
    return (seconds + SHRINKAGE_CONTACTS * mean) / (contacts + SHRINKAGE_CONTACTS), False
