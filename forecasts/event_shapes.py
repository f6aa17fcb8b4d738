"""How an event's contacts lie over the hours of its days, beside how they usually lie."""

from collections.abc import Iterable

import numpy as np

from forecasts.event_seen import HOURS, Seen
from forecasts.event_windows import Key
from forecasts.grid import Floats

SHAPE_SD = 0.1  # by how much hours are believed to vary, as a share, before anything is seen
PRIOR_WEIGHT = 6.0  # hours' worth of that belief


def hourly_shapes(seen: Iterable[Seen]) -> dict[Key, Floats]:
    """Factor of each hour of an event's days against their mean, shape (24,), pooled over queues and shrunk to
    1; from days on which no other event was on.

    Each queue counts by what its contacts tell: their number over their dispersion.
    """
    came: dict[Key, Floats] = {}
    usual: dict[Key, Floats] = {}
    for each in seen:
        for terms, hours, expected in zip(each.terms, each.came, each.expected, strict=True):
            if len(terms) == 1 and hours.sum() > 0 and each.dispersion > 0:
                key = terms[0].key
                as_many = expected * hours.sum() / expected.sum()
                came[key] = came.get(key, np.zeros(HOURS)) + hours / each.dispersion
                usual[key] = usual.get(key, np.zeros(HOURS)) + as_many / each.dispersion
    return {key: _shrunk(came[key], usual[key]) for key in came}


def _shrunk(came: Floats, usual: Floats) -> Floats:
    """Ratio of contacts to usual ones by hour, shrunk to 1 the more, the less hours vary beyond chance.

    **Source:** gamma prior of a Poisson rate, its variance by moments (empirical Bayes).
    """
    hours = int((usual > 0).sum())
    excess = (((came - usual) ** 2).sum() - usual.sum()) / (usual**2).sum()
    variance = (PRIOR_WEIGHT * SHAPE_SD**2 + hours * max(float(excess), 0.0)) / (PRIOR_WEIGHT + hours)
    return np.asarray((came + 1 / variance) / (usual + 1 / variance))


def spread(shape: Floats, weekday: Floats, share: Floats) -> Floats:
    """An event's shape over the slots of one day, such that the day's contacts under the event stay the same.

    Parameters
    ----------
    shape : factors by hour, shape (24,)
    weekday : contacts expected by hour, shape (24,)
    share : of each slot that the event covers, shape (slots,)
    """
    hours = np.arange(len(share)) * HOURS // len(share)
    slots_an_hour = len(share) / HOURS
    weight = weekday[hours] / slots_an_hour * share
    if not weight.sum():
        weight = share
    factors = shape[hours]
    return np.asarray(factors * weight.sum() / (factors * weight).sum())
