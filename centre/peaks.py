"""Peaks as settings: backup teams with their triggers, days that are planned otherwise, how many may be on leave.

Sections ``[[backup]]``, ``[[peak]]`` and ``[[leave_quota]]`` of ``centre.toml``; what each does, in words and with examples, is in
``docs/peaks.md``. A clock time is minutes after local midnight, a weekday is 0 for Monday.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le, Lt, MinLen

from centre.hours import ALWAYS, Opening

TriggerKind = Literal[
    "customers_online", "online_per_agent", "waiting", "wait_seconds", "agents_short", "service_level"
]
RELEASE_SHARE = 0.8
"""How far, of its threshold, a trigger must have fallen before backup may go, where nothing else is told."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """What calls backup: a measure at or above ``threshold``; it is over below ``release_threshold`` (None: 80 % of it).

    ``customers_online`` : customers waiting or in service in the pool's queues
    ``online_per_agent`` : the same per agent at work for them, backup apart
    ``waiting`` : customers waiting
    ``wait_seconds`` : how long the longest waiting one has waited
    ``agents_short`` : agents to roster less those at work, backup counted once it is there
    ``service_level`` : share in time of the contacts of the last half hour, at or **below** the threshold; over above the release
        (None: a fifth of the way from the threshold to 1)
    """

    when: TriggerKind = "customers_online"
    threshold: Annotated[float, Gt(0)] = 50.0
    release_threshold: Annotated[float, Ge(0)] | None = None

    @property
    def release(self) -> float:
        """Where the trigger is over."""
        if self.release_threshold is not None:
            return self.release_threshold
        if self.when == "service_level":
            return 1.0 - RELEASE_SHARE * (1.0 - self.threshold)
        return RELEASE_SHARE * self.threshold


@dataclass(frozen=True, slots=True)
class Backup:
    """A pool of people who come to help ``queues``: called by the plan, or by a trigger on the day.

    Who they are is told by ``backup.csv``; without it they are ``agents`` people named after the pool, at ``speed`` on its queues.

    ``kind`` : where they come from. ``support`` are people of other teams who are at work anyway and may serve these queues too while
    the trigger holds (mutual support); all others come from outside the rota, or in their own time
    ``trigger``, ``threshold``, ``release_threshold`` : see `Trigger`; each of ``also`` calls too
    ``lead_minutes`` : from the call until they are at work
    ``minimum_minutes``, ``maximum_minutes`` : the shortest and longest call-out
    ``batch`` : how many are called at a time, the next only when those are there and a trigger still holds; 0: all at once
    ``check_minutes`` : how often somebody looks (the decision step)
    ``sustained_minutes`` : how long a trigger must hold before the call
    ``hold_minutes`` : how long all triggers must be over before people go
    ``cool_down_minutes`` : after going, nobody of the pool is called for so long
    ``calls_a_day``, ``calls_a_month`` : for each person (None: no limit); what they have had this month is account ``call_outs`` of
    ``ledger.csv``
    ``rest_minutes`` : without work between a call-out and whatever else the person works
    ``hours`` : when they may be at work
    ``hourly_cost``, ``call_out_cost`` : of a person at work, and of each time a person is called; ``standby_hourly_cost`` : of a person
    who stands by; ``statutory_day_multiplier`` : times the hourly cost on a public holiday of the class ``statutory``
    ``presets`` : rules that bind them besides those of the centre
    ``planned`` : whether a plan may call them in advance
    """

    name: Annotated[str, MinLen(1)]
    queues: Annotated[tuple[str, ...], MinLen(1)]
    agents: Annotated[int, Ge(0)] = 0
    kind: Literal["department", "second_line", "agency", "site", "support"] = "department"
    trigger: TriggerKind = "customers_online"
    threshold: Annotated[float, Gt(0)] = 50.0
    release_threshold: Annotated[float, Ge(0)] | None = None
    also: tuple[Trigger, ...] = ()
    lead_minutes: Annotated[float, Ge(0)] = 15.0
    minimum_minutes: Annotated[float, Ge(0)] = 60.0
    maximum_minutes: Annotated[float, Gt(0)] = 480.0
    batch: Annotated[int, Ge(0)] = 0
    check_minutes: Annotated[float, Gt(0)] = 1.0
    sustained_minutes: Annotated[float, Ge(0)] = 0.0
    hold_minutes: Annotated[float, Ge(0)] = 5.0
    cool_down_minutes: Annotated[float, Ge(0)] = 15.0
    calls_a_day: Annotated[int, Gt(0)] | None = None
    calls_a_month: Annotated[int, Gt(0)] | None = None
    rest_minutes: Annotated[int, Ge(0)] = 660
    hours: tuple[Opening, ...] = ALWAYS
    speed: Annotated[float, Gt(0), Le(3)] = 1.0
    hourly_cost: Annotated[float, Ge(0)] = 0.0
    call_out_cost: Annotated[float, Ge(0)] = 0.0
    standby_hourly_cost: Annotated[float, Ge(0)] = 0.0
    statutory_day_multiplier: Annotated[float, Ge(1)] = 1.0
    presets: tuple[str, ...] = ()
    planned: bool = True

    @property
    def triggers(self) -> tuple[Trigger, ...]:
        """All of its triggers; any one calls, all must be over before people go."""
        return (Trigger(self.trigger, self.threshold, self.release_threshold), *self.also)


@dataclass(frozen=True, slots=True)
class Peak:
    """Days, or hours of days, on which queues are planned otherwise; a lever where it has a price.

    It holds on ``dates``, while one of ``events`` (names of ``events.csv``) is on, on ``holidays``, on so many days before each
    festival (``days_before_holiday``), on ``makeup_workdays``; of such days from ``opens`` to ``closes`` on the local clock.
    What is told of ``queues`` (empty: all) holds then in place of the queue's own setting; None: as always.

    ``cost_per_contact`` : price of each contact that a higher ``containment_share`` keeps from agents
    ``cost_per_day`` : price of each local day on which it holds
    ``enabled`` : whether the plan uses it
    """

    name: Annotated[str, MinLen(1)]
    dates: tuple[date, ...] = ()
    events: tuple[str, ...] = ()
    holidays: Literal["all", "none"] | tuple[str, ...] = "none"
    days_before_holiday: Annotated[int, Ge(0), Le(30)] = 0
    makeup_workdays: bool = False
    opens: int = 0
    closes: int = 1440
    queues: tuple[str, ...] = ()
    target_share: Annotated[float, Gt(0), Le(1)] | None = None
    target_seconds: Annotated[float, Ge(0)] | None = None
    minimum_agents: Annotated[int, Ge(0)] | None = None
    max_occupancy: Annotated[float, Gt(0), Le(1)] | None = None
    priority: int | None = None
    containment_share: Annotated[float, Ge(0), Lt(1)] | None = None
    containment_aht_factor: Annotated[float, Ge(1)] | None = None
    callback_share: Annotated[float, Ge(0), Lt(1)] | None = None
    callback_to: str | None = None
    cost_per_contact: Annotated[float, Ge(0)] = 0.0
    cost_per_day: Annotated[float, Ge(0)] = 0.0
    enabled: bool = True


PEAK_SETTINGS = (
    "target_share", "target_seconds", "minimum_agents", "max_occupancy", "priority", "containment_share",
    "containment_aht_factor", "callback_share", "callback_to",
)  # fmt: skip
"""Settings of a queue that a peak may change."""


@dataclass(frozen=True, slots=True)
class LeaveQuota:
    """How many may be on leave on a day: ``at_most`` people, or a ``share`` of those employed, of ``teams`` (empty: of all together).

    It holds on ``dates`` or while one of ``peaks`` does; on every day where neither is told.
    """

    name: Annotated[str, MinLen(1)]
    teams: tuple[str, ...] = ()
    at_most: Annotated[int, Ge(0)] | None = None
    share: Annotated[float, Ge(0), Le(1)] | None = None
    dates: tuple[date, ...] = ()
    peaks: tuple[str, ...] = ()
