"""Leave that people ask for, and what becomes of it."""

from typing import Annotated, Literal, Self

from pydantic import Field

from api.schemas.common import AgentId, Day, Id, Instant, Note, Strict, Version
from api.schemas.rows import Cell
from api.store import leave_requests

State = Literal["asked", "granted", "refused", "withdrawn"]
Start = Annotated[Cell, Field(min_length=1, examples=["2026-03-05"], description="day or instant")]
End = Annotated[
    Cell, Field(min_length=1, examples=["2026-03-06"], description="a whole day ends on the next day")
]
Kind = Annotated[Cell, Field(examples=["annual"])]


class LeaveAsked(Strict):
    """Leave that somebody wants."""

    agent_id: AgentId
    start: Start
    end: End
    kind: Kind = ""
    note: Note = ""


class LeaveBalance(Strict):
    """Days of leave of a year by the ledger, less what was granted since."""

    year: Annotated[int, Field(examples=[2026])]
    asked: Annotated[float, Field(examples=[1.0], description="what the request takes")]
    left: Annotated[float, Field(examples=[12.5], description="before it")]
    as_of: Day


class LeaveOutlook(Strict):
    """What would become of a request now, by quotas and balance, after those that were asked before it."""

    decision: Literal["granted", "waiting", "refused"]
    place: Annotated[int | None, Field(examples=[None], description="in the waiting list")]
    reason: Annotated[
        str, Field(examples=[""], description="days, quotas and balances in the way; no people")
    ]
    balances: Annotated[list[LeaveBalance], Field(description="of years that the ledger knows")]
    planned_days: Annotated[list[Day], Field(description="with a shift in a published rota")]


class LeaveRequest(Strict):
    """A request; ``version`` is its ETag. `kind` is told to those who may know it, empty to others; the outlook while it is asked."""

    id: Id
    centre_id: Id
    version: Version
    state: State
    agent_id: AgentId
    start: Start
    end: End
    kind: Kind
    asked_by: Annotated[str, Field(examples=["0190f0c4-8a5b-7c3d-9e2f-1a2b3c4d5e6f"])]
    asked_at: Instant
    decided_by: Annotated[str | None, Field(examples=[None])]
    decided_at: Annotated[Instant | None, Field(examples=[None])]
    note: Note
    outlook: LeaveOutlook | None = None

    @classmethod
    def of(cls, found: leave_requests.LeaveRequest, kinds: bool, outlook: LeaveOutlook | None = None) -> Self:
        """Of the store's, with or without why."""
        told = {name: value for name, value in vars(found).items() if name in cls.model_fields}
        return cls(**told | {"kind": found.kind if kinds else "", "outlook": outlook})
