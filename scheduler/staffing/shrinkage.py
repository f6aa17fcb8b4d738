"""Shrinkage: how many agents to put on the rota so that enough are at their desks.

Only unplanned causes (sickness, lateness) are a factor here; what the rota itself places (leave, breaks,
meetings) is never also one.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from scheduler.staffing.checks import LOSS, NOT_NEGATIVE, checked

EXACT = 1e-9  # a quotient this near to a whole number is that number: 9 / (1 - 0.1) is 10


def compound(causes: Mapping[str, float]) -> float:
    """Share of time lost to several independent causes: ``1 - Π(1 - s)``.

    Parameters
    ----------
    causes : name -> share of at least 0 and below 1

    Raises
    ------
    BadInput
        naming every cause whose share is not one.

    Examples
    --------
    >>> round(compound({"sickness": 0.04, "lateness": 0.01}), 6)
    0.0496
    """
    shares = checked("shrinkage", {name: (share, LOSS) for name, share in causes.items()})
    return float(1.0 - np.prod([1.0 - share for share in shares]))


def agents_to_roster(agents_required: ArrayLike, unplanned: ArrayLike) -> NDArray[np.int64]:
    """Agents to put on the rota: ``n / (1 - s)``, rounded up once; an exact quotient stays as it is.

    Parameters
    ----------
    agents_required : agents needed at their desks, whole or fractional
    unplanned : share of time lost without plan, see `compound`

    Examples
    --------
    >>> agents_to_roster([9, 10, 0], 0.1).tolist()
    [10, 12, 0]
    """
    required, lost = checked(
        "agents_to_roster",
        {"agents_required": (agents_required, NOT_NEGATIVE), "unplanned": (unplanned, LOSS)},
    )
    quotient = required / (1.0 - lost)
    nearest = np.round(quotient)
    exact = np.abs(quotient - nearest) <= EXACT * np.maximum(quotient, 1.0)
    return np.where(exact, nearest, np.ceil(quotient)).astype(np.int64)
