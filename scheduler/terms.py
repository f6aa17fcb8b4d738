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
    """A shift whose clock time of start differs from that of the shift before it by more than ``tolerance_minutes`` costs ``price``.

    Of each day worked the first shift counts, and it is compared with that of the last day worked before it in the horizon,
    however many days off lie between; what was worked before the horizon is not looked at, so the first day worked costs
    nothing. Clock times are those of ``zone``, and a difference goes the short way round: from 23:30 to 00:30 are 60 minutes.
    Exactly ``tolerance_minutes`` is no change. A day belongs to its shift's start; leave is a day off.
    """

    tolerance_minutes: int
    price: float
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class ForwardRotation:
    """A shift that starts more than ``tolerance_minutes`` earlier in the day than the shift before it costs ``price``.

    Which shifts are compared, by which clock and which way round is as in `SameStart`: from 14:00 to 06:00 goes 8 h back,
    from 22:00 to 06:00 goes 8 h forward (early, late, night, early is forward rotation). Exactly 12 h count as back.
    """

    tolerance_minutes: int
    price: float
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class DaysOffTogether:
    """A day of the horizon without a shift, while the day before it and the day after it both have one, costs ``price``.

    Days outside the horizon count as off, so its first and last day never cost anything; a day of leave is a day off.
    """

    price: float


Preference = SameStart | ForwardRotation | DaysOffTogether


@dataclass(frozen=True, slots=True)
class Charge:
    """What a term of the objective other than pay and wishes asks for single shifts of one person.

    It costs ``constant``, whatever the line is, and ``by_shift`` of every shift worked: prices of the candidate shifts by
    their number, negative where one is welcome. The constant is such that no line costs less than nothing. ``term`` is the
    name in the cost; charges of one name are added up.
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

    In each interval (needed - sum over people of weight x minutes at work in it / its length), where above 0, is missing and
    costs ``price_per_hour`` times the interval's hours. At work are the minutes of a shift less its breaks and meals, whatever
    queue they serve and at whatever speed.

    Parameters
    ----------
    weights : what each person adds while at work, shape (people,): 1 for those meant, less than 0 for those they must outweigh
    needed : the least sum of weights, shape (intervals,); so far below 0 where nothing is asked that nothing can be missing
    price_per_hour : price of one missing for an hour
    """

    name: str
    weights: Floats
    needed: Floats
    price_per_hour: float
