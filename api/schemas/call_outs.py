"""People of backup pools who are called."""

from typing import Annotated, Self

from pydantic import Field

from api.schemas.common import PLAIN, AgentId, Day, Id, Instant, Strict
from api.store import call_outs

Pool = Annotated[str, Field(min_length=1, max_length=200, pattern=PLAIN, examples=["backup"])]


class CallOutMade(Strict):
    """Whom of a backup pool to call for a day."""

    pool: Pool
    day: Day
    agent_ids: Annotated[list[AgentId], Field(min_length=1, max_length=1000, examples=[["B01"]])]
    now: Annotated[
        bool,
        Field(
            examples=[False],
            description="they are to come at once: refused is also who is there, rests, has no hours left, or would break a rule",
        ),
    ] = False
    accept_breaches: Annotated[
        bool, Field(examples=[False], description="with now: although rules would be broken")
    ] = False


class CallOut(Strict):
    """Somebody of a pool was called."""

    id: Id
    centre_id: Id
    agent_id: AgentId
    pool: Pool
    day: Day
    called_by: Annotated[str, Field(examples=["0190f0c4-8a5b-7c3d-9e2f-1a2b3c4d5e6f"])]
    called_at: Instant
    released_by: Annotated[str | None, Field(examples=[None])] = None
    released_at: Annotated[Instant | None, Field(examples=[None])] = None

    @classmethod
    def of(cls, found: call_outs.CallOut) -> Self:
        """Of the store's."""
        return cls(**vars(found))


class CallOuts(Strict):
    """The calls that were made."""

    items: list[CallOut]
