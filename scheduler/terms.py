"""What a rota is weighed by, as plain data: wishes, overtime, preferences, charges, the prices of cover and of duty."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Wish:
    """A request of ``requests.csv``; refusing it costs ``price``."""

    day: int
    kind: str
    shift: str
    price: float


@dataclass(frozen=True, slots=True)
class OvertimePay:
    """Paid minutes beyond ``threshold`` on days ``first_day..last_day`` cost ``extra_per_minute`` more.

    Of one shift at most ``day_minutes`` count (None: all), of shifts on the days ``left_out`` none.
    """

    first_day: int
    last_day: int
    threshold: int
    extra_per_minute: float
    day_minutes: int | None = None
    left_out: tuple[int, ...] = ()

    def counted(self, day: int, paid_minutes: int) -> int:
        """Minutes that a shift of ``day`` adds to the sum."""
        if not self.first_day <= day <= self.last_day or day in self.left_out:
            return 0
        return paid_minutes if self.day_minutes is None else min(paid_minutes, self.day_minutes)


@dataclass(frozen=True, slots=True)
class SameStart:
    """Two shifts with none between them whose clock times of start differ by more than ``tolerance_minutes`` cost ``price``.

    Clock times are those of ``zone``.
    """

    tolerance_minutes: int
    price: float
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class ForwardRotation:
    """A shift that starts more than ``tolerance_minutes`` earlier in the day than the one before it costs ``price``; as `SameStart`."""

    tolerance_minutes: int
    price: float
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class DaysOffTogether:
    """A day off between two days worked costs ``price``; days outside the horizon count as off."""

    price: float


Preference = SameStart | ForwardRotation | DaysOffTogether


@dataclass(frozen=True, slots=True)
class Charge:
    """What a term of the objective other than pay and wishes asks for single shifts of one person.

    ``term`` is its name in the cost; ``by_shift`` the price of every candidate shift (negative where it is
    welcome), by number; ``constant`` what is charged whatever the line is, so that the term is never negative.
    """

    term: str
    by_shift: tuple[float, ...]
    constant: float = 0.0


@dataclass(frozen=True, eq=False)
class CoverPrices:
    """What service costs, interval by interval: convex and piecewise linear in the agents there.

    Parameters
    ----------
    levels : agents, shape (pieces, queues, intervals), no piece above the one before it
    rates : price of an agent-hour missing to the level, of the same shape; the pieces' prices add up
    surplus : price of an agent-hour above the first level, shape (queues, intervals)
    """

    levels: Floats
    rates: Floats
    surplus: Floats


@dataclass(frozen=True, eq=False)
class DutyRow:
    """Who must be on duty beside the agents that a queue needs: one of a level in every interval, a share of seniors.

    Parameters
    ----------
    weights : what each person adds while at work, shape (people,): 1 for those meant, less than 0 for those they must outweigh
    needed : the least sum of weights, shape (intervals,)
    price_per_hour : price of one missing for an hour
    """

    name: str
    weights: Floats
    needed: Floats
    price_per_hour: float
