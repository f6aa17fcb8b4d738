"""What the schemas share."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Path, Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer

T = TypeVar("T")
R = TypeVar("R")
UUID = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
FIRST_YEAR, LAST_YEAR = 1970, 2200
PLAIN = r"^[^\x00-\x1f\x7f]*$"
AN_ID = "0190f0c4-8a5b-7c3d-9e2f-1a2b3c4d5e6f"


class Strict(BaseModel):
    """A part of a request or answer."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _of_our_times(at: T) -> T:
    """Years in which calendars, zones and databases can count."""
    year = getattr(at, "year", 0)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"a year from {FIRST_YEAR} to {LAST_YEAR} is expected")
    return at


Id = Annotated[str, Field(pattern=UUID, examples=[AN_ID])]
Instant = Annotated[
    AwareDatetime,
    AfterValidator(_of_our_times),
    Field(strict=False, examples=["2026-03-02T08:00:00.000Z"]),
    PlainSerializer(_utc, str),
]
Day = Annotated[date, AfterValidator(_of_our_times), Field(strict=False, examples=["2026-03-02"])]
InstantAsked = Annotated[AwareDatetime, AfterValidator(_of_our_times)]
DayAsked = Annotated[date, AfterValidator(_of_our_times)]
Version = Annotated[int, Field(ge=1, examples=[3])]
Note = Annotated[str, Field(max_length=2000, pattern=PLAIN, examples=["after the call with the client"])]
AgentId = Annotated[str, Field(min_length=1, max_length=200, pattern=PLAIN, examples=["A001"])]
Digest = Annotated[
    str,
    Field(
        pattern="^[0-9a-f]{64}$",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    ),
]

IdInPath = Annotated[str, Path(pattern=UUID, examples=[AN_ID])]
AgentInPath = Annotated[str, Path(min_length=1, max_length=200, pattern=PLAIN, examples=["A001"])]
NoteAsked = Annotated[
    str,
    Query(
        max_length=2000,
        pattern=PLAIN,
        examples=["as agreed"],
        description="why, for whoever reads the versions",
    ),
]
Limit = Annotated[int, Query(ge=1, le=1000, description="the most items of this page")]
AfterId = Annotated[
    str,
    Query(
        pattern=f"{UUID}|^$",
        examples=[AN_ID],
        description="`next` of the page before; empty: from the first on",
    ),
]
BeforeId = Annotated[
    str,
    Query(
        pattern=f"{UUID}|^$",
        examples=[AN_ID],
        description="`next` of the page before; empty: the newest first",
    ),
]
AfterNumber = Annotated[
    int,
    Query(ge=0, le=2**31 - 1, examples=[12], description="`next` of the page before; 0: from the first on"),
]


class Page(Strict, Generic[T]):
    """Some items of a list; ``next`` is what the next page comes ``after``, null on the last."""

    items: list[T]
    next: Annotated[str | int | None, Field(examples=[None])]


def page(
    found: Sequence[Any], limit: int, of: Callable[[Any], T], after: Callable[[Any], str | int]
) -> Page[T]:
    """A page of what was found, for which one more than ``limit`` was asked."""
    shown = found[:limit]
    return Page(items=[of(each) for each in shown], next=after(shown[-1]) if len(found) > limit else None)


class FaultTold(Strict):
    """One thing that is wrong: in data with file, row and column, in a request with its place."""

    place: Annotated[str, Field(examples=["body.start"])] = ""
    file: Annotated[str, Field(examples=["history.csv"])] = ""
    row: Annotated[int | None, Field(examples=[7])] = None
    column: Annotated[str, Field(examples=["offered"])] = ""
    found: Annotated[str, Field(examples=["-4"])] = ""
    expected: Annotated[str, Field(examples=["a number, 0 or more"])]


class ProblemTold(BaseModel):
    """A problem (RFC 9457); ``type`` is the address at which the API explains it."""

    type: Annotated[str, Field(examples=["/api/v1/problems/bad-input"])]
    title: Annotated[str, Field(examples=["The data have faults"])]
    status: Annotated[int, Field(ge=400, le=599, examples=[422])]
    detail: Annotated[str, Field(examples=["1 faults in the data"])]
    request_id: Annotated[str, Field(examples=[AN_ID])]
    faults: list[FaultTold] | None = None
