"""What a rota is weighed with: the section ``[objective]`` of ``centre.toml``, with the units in the names.

Every price is in the centre's currency, a clock time is minutes after local midnight, a weekday is 0 for Monday. What each
does, in words and with an example, is in ``docs/objective.md``.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le

Share = Annotated[float, Ge(0), Le(1)]
Price = Annotated[float, Ge(0)]
SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class Objective:
    """Prices that the rota is weighed with, in the centre's currency.

    A missing agent costs ``shortage_per_agent_hour``; where more than ``deep_shortage_share`` of an interval's requirement is missing,
    the part beyond costs ``deep_shortage_factor`` times as much, so that shortage is spread rather than heaped. One below the queue's
    minimum costs ``below_minimum_factor`` times as much: no rota goes there unless it must. Where a mix (``[[mix]]``) names no price
    of its own, one missing to its minimum costs ``mix_minimum_factor`` times as much, one to its share ``mix_share_factor`` times.

    ``service`` says over what a queue's ``target_share`` is to hold: in every interval, or over each day or week as a whole, at
    least cost. Then no interval is meant to fall below ``interval_floor_share`` of the queue's ``target_share``, and its other
    limits (occupancy, wait, abandonment) hold in every interval still.

    Wishes: refusing a request of weight 1 costs ``refused_request``; each hour of a shift outside the hours of the week that somebody
    prefers (column ``prefers`` of the agents file) costs ``outside_preferred_per_hour``. Requests of who was refused more often than the
    others, by the ledger, weigh more: twice as much from ``wish_span_refusals`` refusals beyond the average on, half as much from half as
    many below it on; 0: all weigh the same.

    Stability: ``start_change`` and ``backward_rotation`` are for each two shifts in a row of which the second starts more than
    ``start_change_tolerance_minutes`` earlier or later, or earlier, in the day; ``single_day_off`` for each day off between two
    days worked. ``change`` is for each day of a person that differs from an earlier rota.

    Fairness: a night, weekend, holiday or late shift costs its price for somebody who has worked their fair share of them, nothing
    for who is ``fairness_span_shifts`` (of holidays, which are few, ``fairness_span_holidays``) or more below it, twice as much for who is
    as many above; one shift of a half-timer is two. Fair is what the ledger tells, shared out in proportion to contract minutes among all,
    or those of one team, level or role (``fairness_among``).
    A night shift has ``night_minutes`` or more between ``night_from`` and ``night_to``; a late shift is no night shift and ends after
    ``late_after``; a weekend or holiday shift starts on such a day.
    """

    service: Literal["interval", "day", "week"] = "interval"
    interval_floor_share: Share = 0.5
    shortage_per_agent_hour: Annotated[float, Gt(0)] = 60.0
    deep_shortage_share: Share = 0.1
    deep_shortage_factor: Annotated[float, Ge(1)] = 3.0
    below_minimum_factor: Annotated[float, Ge(1)] = 1000.0
    surplus_per_agent_hour: Price = 6.0
    refused_request: Price = 20.0
    outside_preferred_per_hour: Price = 4.0
    wish_span_refusals: Price = 4.0
    start_change: Price = 0.0
    start_change_tolerance_minutes: Annotated[int, Ge(0), Le(720)] = 60
    backward_rotation: Price = 0.0
    single_day_off: Price = 0.0
    change: Price = 60.0
    unfair_night: Price = 20.0
    unfair_weekend: Price = 20.0
    unfair_holiday: Price = 40.0
    unfair_late: Price = 0.0
    fairness_among: Literal["all", "team", "level", "role"] = "all"
    fairness_span_shifts: Annotated[float, Gt(0)] = 4.0
    fairness_span_holidays: Annotated[float, Gt(0)] = 2.0
    night_from: int = 23 * 60
    night_to: int = 6 * 60
    night_minutes: Annotated[int, Gt(0)] = 120
    late_after: int = 21 * 60
    weekend_days: tuple[int, ...] = (SATURDAY, SUNDAY)
    mix_minimum_factor: Price = 100.0
    mix_share_factor: Price = 3.0
