"""Webhooks and how far notices to them are."""

from typing import Annotated, Literal, Self

from pydantic import Field

from api.schemas.common import Id, Instant, Strict
from api.schemas.people import Label
from api.store import notices, webhooks

Format = Literal["generic", "wecom", "dingtalk", "email"]
Event = Literal[
    "rota.published", "rota.changed", "swap.asked", "swap.agreed", "swap.decided", "leave.asked", "leave.decided",
    "call_out", "breach", "job.failed",
]  # fmt: skip
Events = Annotated[list[Event], Field(min_length=1, max_length=20, examples=[["rota.published"]])]
Names = Annotated[
    bool, Field(description="tell people's names beside their ids, where the member may see them")
]


class Webhook(Strict):
    """A receiver of notices; its address and secret are never shown again."""

    id: Id
    member_id: Id
    centre_id: Id
    label: Label
    format: Format
    lang: Literal["en", "zh"]
    names: Names
    events: Events
    created_at: Instant
    disabled_at: Annotated[Instant | None, Field(examples=[None])]

    @classmethod
    def of(cls, found: webhooks.Webhook) -> Self:
        """Of the store's."""
        return cls(**vars(found) | {"events": list(found.events)})


class NewWebhook(Strict):
    """A webhook to be: what it is told is bounded by what ``member_id`` may see."""

    member_id: Id
    format: Format = "generic"
    url: Annotated[
        str,
        Field(
            min_length=1,
            max_length=2000,
            examples=["https://chat.example.com/hook"],
            description="https:// or, for e-mail, mailto:",
        ),
    ]
    secret: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=200,
            examples=[None],
            description="of a DingTalk bot that takes signed messages alone",
        ),
    ] = None
    events: Events
    label: Label = ""
    lang: Literal["en", "zh"] = "en"
    names: Names = False


class ShownWebhook(Webhook):
    """A new webhook with the secret that its messages are signed with, shown this once; null for bots and e-mail."""

    secret: Annotated[str | None, Field(examples=["whsec_(44 characters)"])]


class Delivery(Strict):
    """How far a notice is: to be tried at ``next_at``, delivered, or given up."""

    id: Annotated[Id, Field(description="the webhook-id, or the Message-ID, of every attempt")]
    kind: Event
    attempts: Annotated[int, Field(ge=0, examples=[1])]
    next_at: Annotated[Instant | None, Field(examples=[None])]
    last_status: Annotated[str, Field(examples=["200"])]
    delivered_at: Annotated[Instant | None, Field(examples=["2026-03-02T08:00:00.000Z"])]
    given_up_at: Annotated[Instant | None, Field(examples=[None])]

    @classmethod
    def of(cls, found: tuple[notices.Delivery, str]) -> Self:
        """Of the store's."""
        told = {name: value for name, value in vars(found[0]).items() if name in cls.model_fields}
        return cls.model_validate(told | {"kind": found[1]})
