"""Rows of the files that people and planners change one by one."""

from typing import Annotated, Literal

from pydantic import Field

from api.schemas.common import PLAIN, AgentId, Day, Strict

Cell = Annotated[str, Field(max_length=200, pattern=PLAIN)]


class Request(Strict):
    """A wish of somebody for a day off, or on."""

    agent_id: AgentId
    date: Day
    kind: Literal["off", "on"]
    shift: Annotated[Cell, Field(examples=[""], description="for `on`: the shift wished for")] = ""
    weight: Annotated[float, Field(gt=0, le=1000, examples=[1.0])] = 1.0


class Leave(Strict):
    """Leave of somebody; `kind` is told to those who may know it, empty to others."""

    agent_id: AgentId
    start: Annotated[Cell, Field(min_length=1, examples=["2026-03-05"], description="day or instant")]
    end: Annotated[Cell, Field(min_length=1, examples=["2026-03-06"])]
    kind: Annotated[Cell, Field(examples=["annual"])] = ""


class Carried(Strict):
    """What carries over of somebody: hours, nights, weekends, quotas."""

    agent_id: AgentId
    account: Annotated[Cell, Field(examples=["nights"])]
    period: Annotated[Cell, Field(examples=["2026-02"])]
    amount: Annotated[float, Field(examples=[3.0])]
    unit: Annotated[Cell, Field(examples=["shifts"])]
    as_of: Annotated[Cell, Field(examples=["2026-03-01"])]
