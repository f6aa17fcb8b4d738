"""Shrinkage: how many agents to put on the rota so that enough are at their desks, how many people to employ.

Only unplanned causes (sickness, lateness) are a factor of the rota; what the rota itself places (leave, breaks,
meetings) is never also one, and counts where people are hired: see `headcount`. Causes may differ by weekday
and time; together they compound as 1 - Π(1 - share).
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from centre.errors import Fault
from centre.instants import MINUTES_A_DAY, Grid, existing_instant, weekday_of
from centre.model import LossWhen, Shrinkage
from scheduler.staffing.checks import LOSS, NOT_NEGATIVE, Expected, Floats, checked

Ints = NDArray[np.int64]
Causes = Mapping[str, float | tuple[LossWhen, ...]]
EXACT = 1e-9  # a quotient this near to a whole number is that number: 9 / (1 - 0.1) is 10


def compound(causes: Causes) -> float:
    """Share of time lost to several independent causes: ``1 - Π(1 - s)``.

    Parameters
    ----------
    causes : name -> share of at least 0 and below 1, the same at all times

    Raises
    ------
    BadInput
        naming every cause whose share is not one, or is told by weekday and time (see `unplanned_loss`).

    Examples
    --------
    >>> round(compound({"sickness": 0.04, "lateness": 0.01}), 6)
    0.0496
    """
    words = "one share for all times: what is told by weekday and time is a share of every interval (unplanned_loss)"
    faults = [
        Fault("shrinkage", words, column=name) for name, loss in causes.items() if isinstance(loss, tuple)
    ]
    plain = {name: (loss, LOSS) for name, loss in causes.items() if not isinstance(loss, tuple)}
    shares = checked("shrinkage", plain, *faults)
    return float(1.0 - np.prod([1.0 - share for share in shares]))


def unplanned_loss(shrinkage: Shrinkage, grid: Grid) -> Floats:
    """Share of each interval that is lost without plan, shape (intervals,): the ``unplanned`` of `agents_to_roster`.

    Causes compound minute by minute; an interval partly inside a window of a cause has the mean of its minutes.
    A window holds from the instant at which the local clock shows its beginning to the one of its end, one past
    midnight for the weekday on which it begins; where clocks change it is an hour longer or shorter. Of several
    windows of one cause the last that fits holds.

    Raises
    ------
    BadInput
        naming every share that is not one by its cause and place in the list.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> night = Shrinkage(unplanned={"病假": (LossWhen(0.05), LossWhen(0.1, opens=1320, closes=1800))})
    >>> unplanned_loss(night, Grid(ZoneInfo("Asia/Shanghai"), 0, 1, 240)).round(6).tolist()
    [0.1, 0.075, 0.05, 0.05, 0.05, 0.075]
    """
    return _loss("unplanned", shrinkage.unplanned, grid)


def planned_loss(shrinkage: Shrinkage, grid: Grid) -> Floats:
    """Share of each interval that the rota itself takes away, as `unplanned_loss`; only ever for `headcount`."""
    return _loss("planned", shrinkage.planned, grid)


def _loss(part: str, causes: Causes, grid: Grid) -> Floats:
    _check(part, causes)
    kept = np.ones(len(grid.starts) * grid.interval_minutes)
    for loss in causes.values():
        kept *= 1.0 - (_by_minute(loss, grid, len(kept)) if isinstance(loss, tuple) else loss)
    return np.asarray(1.0 - kept.reshape(-1, grid.interval_minutes).mean(axis=1))


def _check(part: str, causes: Causes) -> None:
    given: dict[str, tuple[ArrayLike, Expected]] = {}
    for cause, loss in causes.items():
        path = f"{part}.{cause}"
        if isinstance(loss, tuple):
            given |= {f"{path}.{place}": (one.share, LOSS) for place, one in enumerate(loss, start=1)}
        else:
            given[path] = (loss, LOSS)
    checked("shrinkage", given)


def _by_minute(windows: tuple[LossWhen, ...], grid: Grid, minutes: int) -> Floats:
    """The share that holds in every minute of the grid, shape (minutes,); 0 where no window fits."""
    lost, start = np.zeros(minutes), grid.start
    for window in windows:
        for day in range(grid.first_day - window.closes // MINUTES_A_DAY, grid.first_day + grid.days):
            if weekday_of(day) in window.days:
                first, last = (
                    existing_instant(grid.zone, day, at) - start for at in (window.opens, window.closes)
                )
                lost[max(first, 0) : max(last, 0)] = window.share
    return lost


def agents_to_roster(agents_required: ArrayLike, unplanned: ArrayLike) -> Ints:
    """Agents to put on the rota: ``n / (1 - s)``, rounded up once; an exact quotient stays as it is.

    Parameters
    ----------
    agents_required : agents needed at their desks, whole or fractional
    unplanned : share of time lost without plan, see `unplanned_loss`; never what the rota itself places

    Examples
    --------
    >>> agents_to_roster([9, 10, 0], 0.1).tolist()
    [10, 12, 0]
    """
    required, lost = checked(
        "agents_to_roster",
        {"agents_required": (agents_required, NOT_NEGATIVE), "unplanned": (unplanned, LOSS)},
    )
    return _rounded_up(required / (1.0 - lost))


def headcount(agents_required: ArrayLike, planned: ArrayLike, unplanned: ArrayLike) -> Ints:
    """People on the books for so many at their desks: ``n / ((1 - planned)(1 - unplanned))``, rounded up once.

    For hiring and capacity only: a rota places leave, breaks and meetings itself and needs `agents_to_roster`.

    Parameters
    ----------
    agents_required : agents needed at their desks, whole or fractional
    planned, unplanned : shares of paid time, see `planned_loss` and `unplanned_loss`

    Examples
    --------
    >>> headcount(63, planned=0.3, unplanned=0.1).tolist()
    100
    """
    required, leave, sick = checked(
        "headcount",
        {
            "agents_required": (agents_required, NOT_NEGATIVE),
            "planned": (planned, LOSS),
            "unplanned": (unplanned, LOSS),
        },
    )
    return _rounded_up(required / ((1.0 - leave) * (1.0 - sick)))


def _rounded_up(quotient: Floats) -> Ints:
    nearest = np.round(quotient)
    exact = np.abs(quotient - nearest) <= EXACT * np.maximum(quotient, 1.0)
    return np.where(exact, nearest, np.ceil(quotient)).astype(np.int64)
