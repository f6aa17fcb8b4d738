"""The settings of a centre as plain data: what ``centre.toml`` may say, with the units in the names.

These dataclasses are the one place where a setting, its default and its limits are told; `centre.toml_file` reads them with
pydantic, everything else only uses them. A clock time is minutes after local midnight, a weekday is 0 for Monday.
"""

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from annotated_types import Ge, Gt, Le, Lt, MinLen

Share = Annotated[float, Ge(0), Le(1)]
Channel = Literal["voice", "chat", "email", "case"]
Definition = Literal["virtual", "offered", "answered", "exit", "exclshort"]
Level = Literal["junior", "intermediate", "senior", "supervisor", "manager"]
LEVELS: tuple[Level, ...] = ("junior", "intermediate", "senior", "supervisor", "manager")


@dataclass(frozen=True, slots=True)
class Opening:
    """Hours that hold on some weekdays; ``closes`` of 1440 is midnight, beyond it the next day."""

    days: tuple[int, ...]
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue: what arrives, how it is handled, what was promised, when it is open."""

    name: Annotated[str, MinLen(1)]
    channel: Channel = "voice"
    target_share: Annotated[float, Gt(0), Le(1)] = 0.8
    target_seconds: Annotated[float, Ge(0)] | None = None
    target_hours: Annotated[float, Gt(0)] | None = None
    service_level_definition: Definition = "offered"
    patience_seconds: Annotated[float, Gt(0)] | None = None
    aht_seconds: Annotated[float, Gt(0)] | None = None
    resolution_hours: Annotated[float, Gt(0)] | None = None
    client: str = ""
    concurrency: Annotated[int, Ge(1)] = 1
    priority: int = 0
    containment_share: Share = 0.0
    transfer_share: Share = 0.0
    max_occupancy: Annotated[float, Gt(0), Le(1)] | None = None
    max_asa_seconds: Annotated[float, Gt(0)] | None = None
    max_abandonment: Annotated[float, Gt(0), Le(1)] | None = None
    minimum_agents: Annotated[int, Ge(0)] = 0
    opening: tuple[Opening, ...] = (Opening(days=(0, 1, 2, 3, 4, 5, 6), opens=0, closes=1440),)
    closed_holidays: Literal["all", "none"] | tuple[str, ...] = "none"


@dataclass(frozen=True, slots=True)
class Shrinkage:
    """Paid time away from the queue, by cause.

    ``planned`` is what the rota itself places (leave, breaks, meetings) and is never also a factor; ``unplanned`` (sickness,
    lateness) is. Each is name -> share; causes compound as 1 - product(1 - share).
    """

    planned: dict[str, Annotated[float, Ge(0), Lt(1)]] = field(default_factory=dict)
    unplanned: dict[str, Annotated[float, Ge(0), Lt(1)]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Break:
    """A break inside a shift: its window is told in minutes after the shift's start."""

    minutes: Annotated[int, Gt(0)]
    earliest_minutes: Annotated[int, Ge(0)]
    latest_minutes: Annotated[int, Ge(0)]
    paid: bool = True
    kind: Literal["break", "meal"] = "break"
    step_minutes: Annotated[int, Gt(0)] = 15


@dataclass(frozen=True, slots=True)
class ShiftTemplate:
    """A kind of shift: where it may start, how long it is from start to end (unpaid meal included), its breaks."""

    name: Annotated[str, MinLen(1)]
    earliest_start: int
    latest_start: int
    duration_minutes: Annotated[int, Gt(0)]
    start_step_minutes: Annotated[int, Gt(0)] = 30
    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    breaks: tuple[Break, ...] = ()

    @property
    def paid_minutes(self) -> int:
        """Minutes that are paid: the duration less unpaid breaks."""
        return self.duration_minutes - sum(b.minutes for b in self.breaks if not b.paid)


@dataclass(frozen=True, slots=True)
class Overtime:
    """Paid minutes beyond the weekly maximum that the contract allows, and what they cost."""

    weekly_minutes: Annotated[int, Ge(0)] = 0
    multiplier: Annotated[float, Ge(1)] = 1.5


@dataclass(frozen=True, slots=True)
class Contract:
    """What an employment contract asks of a week, in paid minutes and days."""

    name: Annotated[str, MinLen(1)]
    weekly_minutes_min: Annotated[int, Ge(0)]
    weekly_minutes_max: Annotated[int, Gt(0)]
    days_min: Annotated[int, Ge(0), Le(7)]
    days_max: Annotated[int, Ge(1), Le(7)]
    shifts: Annotated[tuple[str, ...], MinLen(1)]
    hourly_cost: Annotated[float, Ge(0)] = 0.0
    overtime: Overtime = Overtime()


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """Which presets are in force and what the centre sets differently: rule name -> limit name -> value."""

    presets: tuple[str, ...] = ("customer-service",)
    overrides: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Objective:
    """Prices that the rota is weighed with, in the centre's currency.

    A missing agent costs ``shortage_per_agent_hour``; where more than ``deep_shortage_share`` of an interval's requirement is missing,
    the part beyond costs ``deep_shortage_factor`` times as much, so that shortage is spread rather than heaped. One below the queue's
    minimum costs ``below_minimum_factor`` times as much: no rota goes there unless it must.
    """

    shortage_per_agent_hour: Annotated[float, Gt(0)] = 60.0
    deep_shortage_share: Annotated[float, Ge(0), Le(1)] = 0.1
    deep_shortage_factor: Annotated[float, Ge(1)] = 3.0
    below_minimum_factor: Annotated[float, Ge(1)] = 1000.0
    surplus_per_agent_hour: Annotated[float, Ge(0)] = 6.0
    refused_request: Annotated[float, Ge(0)] = 20.0


@dataclass(frozen=True, slots=True)
class CentreInfo:
    """Name, place and clock of the centre."""

    name: Annotated[str, MinLen(1)]
    timezone: ZoneInfo
    country: str | None = None
    interval_minutes: Literal[5, 10, 15, 20, 30, 60] = 30
    week_start: int = 0
    currency: str = "USD"
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """All of ``centre.toml``."""

    centre: CentreInfo
    queue: Annotated[tuple[Queue, ...], MinLen(1)]
    shift: tuple[ShiftTemplate, ...] = ()
    contract: tuple[Contract, ...] = ()
    shrinkage: Shrinkage = Shrinkage()
    rules: RuleSettings = RuleSettings()
    objective: Objective = Objective()
    backup: tuple[dict[str, Any], ...] = ()
    activity: tuple[dict[str, Any], ...] = ()
    mix: tuple[dict[str, Any], ...] = ()
