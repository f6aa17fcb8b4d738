"""The day under way: customers online as they are told, and the board that comes of it."""

from typing import Annotated, Literal

from pydantic import Field

from api.schemas.call_outs import CallOut, Pool
from api.schemas.common import PLAIN, AgentId, Day, Instant, Strict

Count = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False, examples=[42.0])]
AQueue = Annotated[str, Field(min_length=1, max_length=200, pattern=PLAIN, examples=["chat"])]


class OnlineTold(Strict):
    """How many customers of a queue are waiting or in service, how many of them wait, and how long the first has."""

    queue: AQueue
    customers_online: Count
    waiting: Count | None = None
    longest_wait_seconds: Count | None = None


class OnlineNow(Strict):
    """Customers online by queue, at one instant: now, or one before it."""

    at: Annotated[Instant | None, Field(description="none: now")] = None
    items: Annotated[list[OnlineTold], Field(min_length=1, max_length=1000)]


class OnlineKept(Strict):
    """What was kept."""

    at: Instant
    items: list[OnlineTold]


class PeakInterval(Strict):
    """An interval of today: contacts as they came and as they were forecast; none: not known."""

    queue: AQueue
    interval_start: Instant
    offered: Count | None
    passed_minutes: Annotated[
        float, Field(examples=[30.0], description="how much of the interval `offered` counts")
    ]
    forecast: Count | None
    agents_to_roster: Count | None


class TriggerNow(Strict):
    """What a trigger looks at, and when it calls and releases; `whole`: known of all queues of the pool, else at least so much."""

    when: Annotated[str, Field(examples=["customers_online"])]
    found: Annotated[float | None, Field(examples=[55.0])]
    whole: bool
    threshold: Annotated[float, Field(examples=[50.0])]
    release_threshold: Annotated[float, Field(examples=[40.0])]


class BrokenRule(Strict):
    """A rule that a call-out made now would break."""

    rule: Annotated[str, Field(examples=["daily-rest"])]
    source: str
    explanation: str


class PersonNow(Strict):
    """Somebody of a pool: whether they may be called now or why not, and what rules it would break."""

    agent_id: AgentId
    where: Literal["off", "coming", "here"]
    refused: Annotated[str, Field(examples=[""], description="empty: may be called")]
    calls_this_month: Annotated[float, Field(examples=[1.0])]
    most_minutes: Annotated[float, Field(examples=[360.0], description="how long they could stay")]
    least_cost: Annotated[float, Field(examples=[126.0])]
    breaks: list[BrokenRule]


class PoolNow(Strict):
    """A pool: what to do, why, and its people who exist for you in the order in which they would be called."""

    pool: Pool
    decision: Literal["call", "keep", "release", "wait"]
    reason: str
    agent_ids: Annotated[list[AgentId], Field(description="whom to call or release")]
    triggers: list[TriggerNow]
    people: list[PersonNow]
    others: Annotated[int, Field(examples=[0], description="how many of the pool do not exist for you")]


class PeaksNow(Strict):
    """Today at an instant."""

    now: Instant
    timezone: Annotated[str, Field(examples=["Asia/Shanghai"])]
    day: Day
    planned_by: Annotated[Literal["rota", "forecast", ""], Field(description="where the forecast is from")]
    rota_known: Annotated[
        bool, Field(description="a published rota is of today; else rest beside own shifts is not checked")
    ]
    online: list[OnlineKept]
    intervals: list[PeakInterval]
    pools: list[PoolNow]
    call_outs: list[CallOut]
