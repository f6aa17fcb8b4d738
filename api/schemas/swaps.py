"""Swaps of shifts: what is asked, how it stands, what it would break."""

from typing import Annotated, Literal, Self

from pydantic import Field

from api.schemas.common import AgentId, Day, Id, Instant, Note, Strict, Version
from api.schemas.rotas import Finding
from api.store import swaps
from scenarios.swaps import Service

State = Literal["asked", "accepted", "declined", "approved", "refused", "withdrawn", "expired"]


class SwapAsked(Strict):
    """Shifts of a day that somebody of a published rota gives to somebody else."""

    rota_id: Id
    agent_id: AgentId
    day: Day
    with_agent_id: Annotated[AgentId, Field(examples=["A002"], description="who takes them")]
    back_day: Annotated[
        Day | None,
        Field(examples=["2026-03-04"], description="whose shifts that person gives in return; null: a gift"),
    ] = None
    note: Note = ""


class SwapShift(Strict):
    """A shift as it was when the swap was asked."""

    start: Instant
    end: Instant
    shift: Annotated[str, Field(examples=["day"])]


class Swap(Strict):
    """A swap; ``version`` is its ETag. ``rota_version`` is the version that agents see since it was approved."""

    id: Id
    centre_id: Id
    rota_id: Id
    version: Version
    state: State
    agent_id: AgentId
    day: Day
    gives: list[SwapShift]
    with_agent_id: Annotated[AgentId, Field(examples=["A002"])]
    back_day: Annotated[Day | None, Field(examples=["2026-03-04"])]
    back: list[SwapShift]
    expires_at: Instant
    rota_version: Annotated[int | None, Field(examples=[None])]
    asked_by: Annotated[str, Field(examples=["0190f0c4-8a5b-7c3d-9e2f-1a2b3c4d5e6f"])]
    asked_at: Instant
    answered_by: Annotated[str | None, Field(examples=[None])]
    answered_at: Annotated[Instant | None, Field(examples=[None])]
    decided_by: Annotated[
        str | None, Field(examples=[None], description="who approved, refused or withdrew it")
    ]
    decided_at: Annotated[Instant | None, Field(examples=[None])]
    note: Note

    @classmethod
    def of(cls, found: swaps.Swap) -> Self:
        """Of the store's."""
        told = vars(found) | {
            name: [
                SwapShift.model_validate({"start": start, "end": end, "shift": shift})
                for start, end, shift in getattr(found, name)
            ]
            for name in ("gives", "back")
        }
        return cls(**told)


class SwapService(Strict):
    """Service of the days that a swap touches; `in_time` is null where nobody contacts."""

    short_hours: Annotated[float, Field(examples=[1.5], description="agent-hours short")]
    in_time: Annotated[float | None, Field(examples=[0.81], description="share of contacts in time")]

    @classmethod
    def of(cls, told: Service | None) -> "SwapService | None":
        """Of what was reckoned."""
        if told is None:
            return None
        known = told.in_time == told.in_time
        return cls(short_hours=round(told.short_hours, 4), in_time=told.in_time if known else None)


class Taker(Strict):
    """Somebody who could take the shifts without breaking a rule."""

    agent_id: AgentId
    gives_back: Annotated[bool, Field(examples=[False], description="giving their own shifts of that day")]


class SwapCheck(Strict):
    """Whether a swap may be: rules that it would newly break, by whom.

    Of people who do not exist for you it is told that a rule binds them, never which.
    """

    allowed: Annotated[bool, Field(examples=[True])]
    breaches: list[Finding]
    others: Annotated[list[Taker], Field(description="of those who exist for you, where it may not be")]
    before: Annotated[
        SwapService | None,
        Field(description="for those who plan everybody, where it is known what is needed"),
    ]
    after: SwapService | None


class CheckedSwap(Strict):
    """A swap after a step, and what it would break; ``kept`` is false, and there is no swap, where it was only tried."""

    kept: bool
    swap: Swap | None
    check: SwapCheck
