"""Files of other tools: how they are read, what of it somebody changed, and what would come of it."""

from typing import Annotated, Any, Literal

from pydantic import Field

from api.schemas.common import PLAIN, Strict

Word = Annotated[str, Field(max_length=200, pattern=PLAIN)]
Format = Literal["genesys", "amazon-connect", "nice", "calabrio", "free"]


class MappingAsked(Strict):
    """What is to be read otherwise than proposed."""

    format: Format | None = None
    roles: dict[Word, Word] = Field(
        {}, max_length=1000, description="role by heading, or number of a column from 1; empty leaves it out"
    )
    units: dict[Word, Word] = Field(
        {}, max_length=1000, description="unit of a handle time by heading or number"
    )
    queues: dict[Word, Word] = Field(
        {}, max_length=1000, description="the centre's queue by the file's; empty leaves it out"
    )
    date_order: Literal["ymd", "dmy", "mdy"] | None = None
    timezone: Annotated[str | None, Field(max_length=60, pattern=PLAIN)] = None


class ColumnRead(Strict):
    """A column and what it is taken for; below a confidence of 0.8 somebody should look."""

    place: int
    heading: str
    role: str
    confidence: float
    unit: str
    examples: list[str]


class FaultTold(Strict):
    """One thing that is wrong."""

    file: str
    expected: str
    found: str
    row: int | None
    column: str


class ImportPreview(Strict):
    """How a file would be read."""

    file: Annotated[str, Field(examples=["export.csv"])]
    format: Annotated[str, Field(examples=["genesys"])]
    encoding: Annotated[str, Field(examples=["utf-8"])]
    separator: Annotated[str, Field(examples=["comma"])]
    header_row: Annotated[int, Field(examples=[1])]
    date_order: Annotated[str | None, Field(examples=["ymd"])]
    timezone: Annotated[str, Field(examples=["UTC"])]
    columns: Annotated[
        list[ColumnRead],
        Field(
            examples=[
                [
                    {
                        "place": 0,
                        "heading": "Queue",
                        "role": "queue",
                        "confidence": 0.95,
                        "unit": "",
                        "examples": ["calls"],
                    }
                ]
            ]
        ),
    ]
    queues: Annotated[dict[str, str | None], Field(examples=[{"Service line": "calls"}])]
    rows: Annotated[int, Field(examples=[112])]
    intervals: Annotated[int, Field(examples=[112])]
    interval_minutes: Annotated[int, Field(examples=[30])]
    first: Annotated[str | None, Field(examples=["2026-02-14T00:00:00Z"])]
    last: Annotated[str | None, Field(examples=["2026-02-15T13:30:00Z"])]
    told: Annotated[list[str], Field(examples=[["1 row of totals left out: 116"]])]
    faults: Annotated[list[FaultTold], Field(examples=[[]])]
    preview: Annotated[
        list[dict[str, Any]],
        Field(
            examples=[
                [
                    {
                        "interval_start": "2026-02-14T00:00:00Z",
                        "queue": "calls",
                        "offered": 17.0,
                        "aht_seconds": 215.0,
                    }
                ]
            ]
        ),
    ]


class PeopleMappingAsked(Strict):
    """What of a list of people is to be read otherwise than proposed."""

    roles: dict[Word, Word] = Field(
        {}, max_length=1000, description="role by number of a column from 1; empty leaves it out"
    )
    queues: dict[Word, Word] = Field(
        {}, max_length=1000, description="the centre's queue by the file's; empty leaves it out"
    )
    contracts: dict[Word, Word] = Field(
        {}, max_length=1000, description="the centre's contract by the file's"
    )


class PeoplePreview(Strict):
    """How a list of people would be read; `people`: how many are new or changed."""

    file: Annotated[str, Field(examples=["people.xlsx"])]
    columns: list[ColumnRead]
    queues: Annotated[dict[str, str | None], Field(examples=[{"热线": "calls"}])]
    contracts: Annotated[dict[str, str | None], Field(examples=[{"全职": "full-time"}])]
    rows: Annotated[int, Field(examples=[25])]
    people: Annotated[int, Field(examples=[3])]
    told: Annotated[list[str], Field(examples=[["3 people are new, 0 are changed, 22 stay as they are"]])]
    faults: Annotated[list[FaultTold], Field(examples=[[]])]
    preview: Annotated[
        list[dict[str, Any]], Field(examples=[[{"agent_id": "A001", "team": "North", "new": True}]])
    ]
