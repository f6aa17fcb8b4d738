"""Rotas, their versions and rows, and what an audit finds in them."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field

from api.schemas.common import AgentId, Day, Digest, Id, Instant, Note, Strict, Version
from api.store import rotas
from centre.instants import format_instant
from scheduler.rules.rule import Violation

Text = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
MOST_DAYS_CHANGED = 5_000


class Rota(Strict):
    """A rota; ``version`` is its ETag, ``published_version`` the one that agents see."""

    id: Id
    centre_id: Id
    start: Day
    days: Annotated[int, Field(examples=[7])]
    version: Version
    published_version: Annotated[int | None, Field(examples=[None])]
    created_at: Instant
    archived_at: Annotated[Instant | None, Field(examples=[None])]

    @classmethod
    def of(cls, found: rotas.Rota) -> Self:
        """Of the store's."""
        return cls(**vars(found))


class RotaVersion(Strict):
    """A version of a rota; ``shows`` is an earlier one after an undo."""

    version: Version
    shows: Version
    digest: Digest
    centre_revision: Version
    requirement_digest: Annotated[str | None, Field(examples=[None])]
    author_id: Annotated[str, Field(examples=["paiban:worker"])]
    at: Instant
    note: Note
    what: Literal["draft", "edit", "publish", "undo"]

    @classmethod
    def of(cls, found: rotas.Version) -> Self:
        """Of the store's."""
        return cls(**vars(found))


class Finding(Strict):
    """What an audit found, under the names of ``violations.csv``."""

    model_config = ConfigDict(populate_by_name=True)

    rule: Annotated[str, Field(examples=["rest-between-shifts"])]
    source: Annotated[str, Field(examples=["Directive 2003/88/EC art. 3"])]
    agent_id: Annotated[str, Field(examples=["A001"], description="empty: the whole rota")]
    start: Annotated[str | None, Field(alias="from", examples=["2026-03-02T21:00:00Z"])]
    end: Annotated[str | None, Field(alias="to", examples=["2026-03-03T07:00:00Z"])]
    found: Annotated[float | None, Field(examples=[600.0])]
    limit: Annotated[float | None, Field(examples=[660.0])]
    unit: Annotated[str, Field(examples=["minutes"])]
    verdict: Literal["breach", "near", "not_checked", "excepted"]
    explanation: Annotated[str, Field(examples=["A001 rests 10 h between two shifts, 11 h are asked."])]

    @classmethod
    def of(cls, found: Violation) -> Self:
        """Of the audit's."""
        told: dict[str, Any] = {name: getattr(found, name) for name in cls.model_fields}
        for name in ("start", "end"):
            told[name] = None if told[name] is None else format_instant(told[name])
        return cls(**told)


class Audited(Strict):
    """What an audit found; breaches first. ``counts`` are of all, ``violations`` at most as many as were asked for."""

    counts: Annotated[
        dict[str, int], Field(examples=[{"breach": 1, "near": 0, "not_checked": 2, "excepted": 0}])
    ]
    violations: list[Finding]

    @classmethod
    def of(cls, findings: Iterable[Violation], most: int) -> "Audited":
        """Of the audit's findings."""
        order = ("breach", "near", "not_checked", "excepted")
        told = sorted(findings, key=lambda each: order.index(each.verdict))
        counts = {verdict: sum(each.verdict == verdict for each in told) for verdict in order}
        return cls(counts=counts, violations=[Finding.of(each) for each in told[:most]])


class JudgedRota(Strict):
    """A rota after a change, and what the audit finds in it now; ``kept`` is false where it was only tried."""

    rota: Rota
    kept: bool
    audit: Audited


class AuditedRota(Audited):
    """What an audit found in a rota that was uploaded, and the days that it was judged for."""

    start: Day
    days: Annotated[int, Field(examples=[7])]
    rows: Annotated[int, Field(examples=[210])]


class Stretch(Strict):
    """A stretch of somebody's day: work, break, meal, meeting, leave."""

    start: Instant
    end: Instant
    activity: Annotated[Text, Field(min_length=1, examples=["work:calls"])]
    shift: Annotated[Text, Field(examples=["day"])] = ""
    paid: bool


class PersonDay(Strict):
    """Somebody's whole local day; no stretches: free."""

    agent_id: AgentId
    day: Day
    stretches: Annotated[list[Stretch], Field(max_length=100)]


class RotaEdit(Strict):
    """Days that take the place of what people had on them; all others stay."""

    days: Annotated[list[PersonDay], Field(min_length=1, max_length=MOST_DAYS_CHANGED)]
    note: Note = ""


class ChangedDay(Strict):
    """A day of somebody that differs between two versions."""

    agent_id: AgentId
    day: Day
    before: list[Stretch]
    after: list[Stretch]


class Comparison(Strict):
    """The days that differ between two versions."""

    one: Version
    other: Version
    days: list[ChangedDay]
