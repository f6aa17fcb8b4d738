"""The settings of a centre as plain data: what ``centre.toml`` may say, with the units in the names.

These dataclasses are the one place where a setting, its default and its limits are told; `centre.toml_file` reads them with
pydantic, everything else only uses them. A clock time is minutes after local midnight, a weekday is 0 for Monday.
"""

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from annotated_types import Ge, Gt, Le, Lt, MinLen

from centre.activities import Activity as Activity
from centre.hours import ALWAYS
from centre.hours import Opening as Opening
from centre.objective import Objective as Objective
from centre.objective import Share as Share
from centre.onboarding import Onboarding as Onboarding
from centre.online import Online as Online
from centre.patterns import Pattern as Pattern
from centre.peaks import Backup as Backup
from centre.peaks import LeaveQuota as LeaveQuota
from centre.peaks import Peak as Peak
from centre.peaks import Trigger as Trigger

Loss = Annotated[float, Ge(0), Lt(1)]
Channel = Literal["voice", "chat", "email", "case"]
Definition = Literal["virtual", "offered", "answered", "exit", "exclshort"]
OfferedDefinition = Literal["all", "without_short_abandons", "without_transfers", "without_both"]
Level = Literal["junior", "intermediate", "senior", "supervisor", "manager"]
LEVELS: tuple[Level, ...] = ("junior", "intermediate", "senior", "supervisor", "manager")
ASSUMED_CONCURRENCY_SLOWDOWN = 0.25
"""What a queue's ``concurrency_slowdown`` is taken to be where it is not told."""


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue: what arrives, how it is handled, what was promised, when it is open.

    Work that may wait (``target_hours`` or ``due_by_day_end``) is deferred: e-mail, cases, follow-ups, call-backs, outbound blocks;
    everything else is immediate. Some settings in words:

    ``complaints`` : takes complaints, for which presets have targets of their own
    ``concurrency_slowdown`` : with j chats at a time each takes 1 + slowdown x (j - 1) times as long as alone
    ``pool`` : queues with the same pool are served by one team, higher ``priority`` first
    ``containment_aht_factor`` : how much longer contacts are that a bot leaves over
    ``transfer_share`` : of those answered, handed on to ``transfer_to``
    ``redial_share`` : of those who abandon, call again soon
    ``first_contact_resolution``, ``repeat_share`` : of contacts not resolved, ``repeat_share`` come again;
    ``history_first_contact_resolution`` is what the history was counted under (None: the same, so nothing is added; 1: the history
    holds no repeats)
    ``callback_share`` : of those who would have to wait, take a call-back, which is work for ``callback_to``
    ``fills_idle_of`` : immediate queues whose agents do this deferred work while idle, up to this queue's ``max_occupancy``
    ``overflow_to`` : after ``overflow_seconds`` of waiting, agents of that queue may answer too (simulation)
    ``wrap_up_seconds`` : the part of ``aht_seconds`` after the customer has gone (simulation)
    ``group``, ``site`` : what the queue's forecast is added up under, each free text, empty: only under the whole centre
    ``like`` : a queue whose shape of week and day is borrowed while this one's own history is missing or short
    ``makeup_hours`` : on a make-up workday (调休), the hours of a working day, or those of its own weekday
    """

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
    complaints: bool = False
    due_by_day_end: bool = False
    concurrency: Annotated[int, Ge(1)] = 1
    concurrency_slowdown: Share | None = None
    pool: str = ""
    priority: int = 0
    containment_share: Loss = 0.0
    containment_aht_factor: Annotated[float, Ge(1)] = 1.0
    transfer_share: Share = 0.0
    transfer_to: str = ""
    redial_share: Loss = 0.0
    first_contact_resolution: Share | None = None
    history_first_contact_resolution: Share | None = None
    repeat_share: Share = 1.0
    callback_share: Loss = 0.0
    callback_to: str = ""
    fills_idle_of: tuple[str, ...] = ()
    overflow_to: str = ""
    overflow_seconds: Annotated[float, Ge(0)] = 0.0
    wrap_up_seconds: Annotated[float, Ge(0)] = 0.0
    group: str = ""
    site: str = ""
    like: str = ""
    max_occupancy: Annotated[float, Gt(0), Le(1)] | None = None
    max_asa_seconds: Annotated[float, Gt(0)] | None = None
    max_abandonment: Annotated[float, Gt(0), Le(1)] | None = None
    minimum_agents: Annotated[int, Ge(0)] = 0
    opening: tuple[Opening, ...] = ALWAYS
    closed_holidays: Literal["all", "none"] | tuple[str, ...] = "none"
    makeup_hours: Literal["workday", "weekday"] = "workday"

    @property
    def deferred(self) -> bool:
        """Whether its work may wait: due within hours or by the end of the day."""
        return self.target_hours is not None or self.due_by_day_end


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Work that each answered contact of ``queue`` brings about in the queue ``to``: ``share`` contacts, ``after_minutes`` later."""

    queue: Annotated[str, MinLen(1)]
    to: Annotated[str, MinLen(1)]
    share: Annotated[float, Ge(0)]
    after_minutes: Annotated[int, Ge(0)] = 0


@dataclass(frozen=True, slots=True)
class Routing:
    """Who answers whom: among waiting customers of like priority the longest waiting goes first; among free agents ``agent``."""

    agent: Literal["longest_idle", "least_occupied"] = "longest_idle"


@dataclass(frozen=True, slots=True)
class LossWhen:
    """A share of time lost on some weekdays and between two local clock times (minutes after midnight)."""

    share: Loss
    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    opens: int = 0
    closes: int = 1440


Losses = Annotated[tuple[LossWhen, ...], MinLen(1)]


@dataclass(frozen=True, slots=True)
class Shrinkage:
    """Paid time away from the queue, by cause.

    ``planned`` is what the rota itself places (leave, breaks, meetings) and is never also a factor; ``unplanned`` (sickness,
    lateness) is. Each is name -> share, or name -> list of shares by weekday and time, of which the last that fits holds (0 where
    none does); causes compound as 1 - product(1 - share).
    """

    planned: dict[str, Loss | Losses] = field(default_factory=dict)
    unplanned: dict[str, Loss | Losses] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Break:
    """A break inside a shift: its window is told in minutes after the shift's start.

    A ``split`` parts a shift in two, hours of a person's own time between the parts; it is never paid.
    """

    minutes: Annotated[int, Gt(0)]
    earliest_minutes: Annotated[int, Ge(0)]
    latest_minutes: Annotated[int, Ge(0)]
    paid: bool = True
    kind: Literal["break", "meal", "split"] = "break"
    step_minutes: Annotated[int, Gt(0)] = 15


@dataclass(frozen=True, slots=True)
class ShiftTemplate:
    """A kind of shift: where it may start, how long it is from start to end (unpaid meal included), its breaks.

    With ``peaks`` it is offered only on days on which one of these (``[[peak]]``) holds. ``days`` are weekdays; a make-up workday (调休)
    counts as the Friday before it.
    """

    name: Annotated[str, MinLen(1)]
    earliest_start: int
    latest_start: int
    duration_minutes: Annotated[int, Gt(0)]
    start_step_minutes: Annotated[int, Gt(0)] = 30
    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    breaks: tuple[Break, ...] = ()
    peaks: tuple[str, ...] = ()

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
    """Which presets are in force and what the centre sets differently: rule name -> limit name -> value.

    Each table of ``scoped`` puts a rule or a whole preset in force for some people or some time
    (`scheduler.rules.scoped_settings`). ``pay`` names the pay law that cost is counted by: empty, the contract's
    overtime alone; ``presets``, that of the presets in force; else a law of `scheduler.pay.laws`, whose own figures
    ``pay_figures`` may change.
    """

    presets: tuple[str, ...] = ("customer-service",)
    overrides: dict[str, dict[str, Any]] = field(default_factory=dict)
    scoped: tuple[dict[str, Any], ...] = ()
    pay: str = ""
    pay_figures: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mix:
    """Who must be on duty in every interval beside the agents that queues need: so many of some kind, or a share of such.

    Those who count are people of one of ``levels``, one of ``roles``, one of ``teams`` and with one of ``skills`` (queues); an
    empty list asks nothing. ``of`` narrows whom the mix is about at all: ``all``, ``queue:NAME`` (who has the skill),
    ``team:NAME`` or ``site:NAME``. It asks for ``minimum`` people at work, or that those who count are at least ``share`` of those
    of ``of`` at work (nobody at work breaks no share). It holds while any of ``queues`` is open (empty: the queue of ``of``, else
    all of the centre's), or in ``hours``. One missing for an hour costs ``price_per_hour``; None: a multiple of a missing
    agent's (`Objective.mix_minimum_factor`, ``mix_share_factor``).
    """

    name: Annotated[str, MinLen(1)]
    levels: tuple[Level, ...] = ()
    roles: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    of: str = "all"
    minimum: Annotated[int, Gt(0)] | None = None
    share: Annotated[float, Gt(0), Le(1)] | None = None
    queues: tuple[str, ...] = ()
    hours: tuple[Opening, ...] = ()
    price_per_hour: Annotated[float, Ge(0)] | None = None


@dataclass(frozen=True, slots=True)
class CentreInfo:
    """Name, place and clock of the centre; what its history counts as offered (see ``docs/history.md``)."""

    name: Annotated[str, MinLen(1)]
    timezone: ZoneInfo
    country: str | None = None
    interval_minutes: Literal[5, 10, 15, 20, 30, 60] = 30
    week_start: int = 0
    currency: str = "USD"
    notes: str = ""
    offered_definition: OfferedDefinition = "all"


@dataclass(frozen=True, slots=True)
class Settings:
    """All of ``centre.toml``."""

    centre: CentreInfo
    queue: Annotated[tuple[Queue, ...], MinLen(1)]
    shift: tuple[ShiftTemplate, ...] = ()
    contract: tuple[Contract, ...] = ()
    shrinkage: Shrinkage = Shrinkage()
    rules: RuleSettings = RuleSettings()
    objective: Objective = field(default_factory=Objective)
    routing: Routing = Routing()
    follow_up: tuple[FollowUp, ...] = ()
    backup: tuple[Backup, ...] = ()
    peak: tuple[Peak, ...] = ()
    leave_quota: tuple[LeaveQuota, ...] = ()
    activity: tuple[Activity, ...] = ()
    onboarding: Onboarding = field(default_factory=Onboarding)
    online: Online = field(default_factory=Online)
    pattern: tuple[Pattern, ...] = ()
    mix: tuple[Mix, ...] = ()
