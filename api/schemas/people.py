"""People, members, keys and the audit log."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field

from api.schemas.common import PLAIN, AgentId, Id, Instant, Strict
from api.store import audit_log, keys, members, people

Label = Annotated[str, Field(max_length=200, pattern=PLAIN, examples=["payroll export"])]
Role = Literal["team_lead", "planner", "hr", "agent", "admin"]


class Person(Strict):
    """Somebody of a centre; ``name`` is empty where none is known, it is restricted, or you may not see it."""

    agent_id: AgentId
    team: Annotated[str, Field(examples=["North"])]
    name: Annotated[str, Field(examples=["林艳"])]
    restricted_until: Annotated[Instant | None, Field(examples=[None])]

    @classmethod
    def of(cls, found: people.Person) -> Self:
        """Of the store's."""
        return cls(**vars(found))


class Restriction(Strict):
    """Until when records of somebody must be kept by law, their name hidden."""

    until: Instant


class Member(Strict):
    """Somebody, or a program, that may use the service."""

    id: Id
    kind: Literal["person", "service"]
    subject: Annotated[str | None, Field(examples=[None], description="who the OIDC provider says it is")]
    label: Label
    role: Role
    centre_id: Annotated[str | None, Field(examples=[None], description="null: every centre")]
    teams: Annotated[list[str], Field(examples=[["North"]])]
    agent_id: Annotated[str | None, Field(examples=[None])]
    created_at: Instant
    disabled_at: Annotated[Instant | None, Field(examples=[None])]

    @classmethod
    def of(cls, found: members.Member) -> Self:
        """Of the store's."""
        return cls(**vars(found) | {"role": found.role.value, "teams": list(found.teams)})


class NewMember(Strict):
    """A member to be."""

    role: Role
    kind: Literal["person", "service"] = "person"
    subject: Annotated[
        str | None, Field(min_length=1, max_length=500, pattern=PLAIN, examples=["user-17"])
    ] = None
    label: Label = ""
    centre_id: Id | None = None
    teams: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=200, pattern=PLAIN)]],
        Field(max_length=100, examples=[["North"]], default_factory=list),
    ]
    agent_id: AgentId | None = None


class Key(Strict):
    """What is known of a key; ``prefix`` is the part of it by which people tell it from others."""

    id: Id
    member_id: Id
    prefix: Annotated[str, Field(examples=["3d4c9d3bfe26"])]
    created_at: Instant
    expires_at: Annotated[Instant | None, Field(examples=[None])]
    revoked_at: Annotated[Instant | None, Field(examples=[None])]
    last_used_at: Annotated[Instant | None, Field(examples=[None])]

    @classmethod
    def of(cls, found: keys.ApiKey) -> Self:
        """Of the store's."""
        return cls(**vars(found))


class NewKey(Strict):
    """For how many days a key is to hold; null: until it is revoked."""

    days: Annotated[int | None, Field(ge=1, le=3650, examples=[90])] = 90


class ShownKey(Key):
    """A new key, shown this once."""

    key: Annotated[str, Field(examples=["paiban_3d4c9d3bfe26_(43 characters)"])]


class Keys(Strict):
    """The keys of a member."""

    items: list[Key]


class LogLine(Strict):
    """A line of the audit log."""

    seq: Annotated[int, Field(examples=[12])]
    at: Instant
    member_id: Annotated[str, Field(examples=["paiban:first-run"])]
    action: Annotated[str, Field(examples=["rota.publish"])]
    object: Annotated[str, Field(examples=["rota/0190f0c4-8a5b-7c3d-9e2f-1a2b3c4d5e6f"])]
    detail: Annotated[dict[str, Any], Field(examples=[{"version": 4}])]
    previous: Annotated[str, Field(examples=["0" * 64])]
    hash: Annotated[str, Field(examples=["f" * 64])]

    @classmethod
    def of(cls, found: audit_log.Line) -> Self:
        """Of the store's."""
        return cls(**vars(found))


class LogVerdict(Strict):
    """Whether the chain of the audit log is whole, else where it first breaks."""

    lines: Annotated[int, Field(examples=[120])]
    broken_at: Annotated[int | None, Field(examples=[None])]
    reason: Annotated[str, Field(examples=[""])]
