"""Webhooks: who is told of what happens, and what arrived."""

from fastapi import APIRouter, Response

from api.asking import ROOT, Answer, Asked, Door, answer, does
from api.notices.targets import checked
from api.schemas.common import AfterId, BeforeId, IdInPath, Limit, Page, page
from api.schemas.webhooks import Delivery, NewWebhook, ShownWebhook, Webhook
from api.store import notices, webhooks
from api.store.engine import Transaction

router = APIRouter(tags=["webhooks"], route_class=Door)
OF_CENTRE, ONE = f"{ROOT}/centres/{{centre_id}}/webhooks", f"{ROOT}/webhooks/{{webhook_id}}"


@router.get(OF_CENTRE, response_model=Page[Webhook], **does("webhook.read"))
def list_webhooks(
    asking: Asked, centre_id: IdInPath, limit: Limit = 100, after: AfterId = ""
) -> Page[Webhook]:
    """The webhooks of a centre, oldest first; their addresses are not told."""
    with asking.read() as transaction:
        found = webhooks.find(transaction, centre_id, after=after, limit=limit + 1)
    return page(found, limit, Webhook.of, lambda each: each.id)


@router.post(OF_CENTRE, response_model=ShownWebhook, status_code=201, **does("webhook.change"))
def add_webhook(asking: Asked, centre_id: IdInPath, wanted: NewWebhook) -> Response:
    """Have a chat group, a program or somebody told what happens. The secret is shown in this answer alone."""
    events = tuple(wanted.events)
    secret = checked(asking.service.settings, wanted.format, wanted.url, events, wanted.secret)

    def make(transaction: Transaction) -> Answer:
        made = webhooks.create(
            transaction, wanted.member_id, centre_id, wanted.format, wanted.url, events,
            secret=secret, label=wanted.label, lang=wanted.lang, names=wanted.names,
        )  # fmt: skip
        told = secret if wanted.format == "generic" else None
        shown = ShownWebhook(**dict(Webhook.of(made)), secret=told)
        return answer(shown, 201, Location=f"{ROOT}/webhooks/{made.id}")

    return asking.change(make)


@router.get(ONE, response_model=Webhook, **does("webhook.read"))
def get_webhook(asking: Asked, webhook_id: IdInPath) -> Webhook:
    """A webhook."""
    with asking.read() as transaction:
        return Webhook.of(webhooks.get(transaction, webhook_id))


@router.delete(ONE, status_code=204, **does("webhook.change"))
def disable_webhook(asking: Asked, webhook_id: IdInPath) -> Response:
    """End a webhook for good: what was still to be told to it is given up."""

    def make(transaction: Transaction) -> Answer:
        webhooks.disable(transaction, webhook_id)
        return answer(None, 204)

    return asking.change(make)


@router.get(f"{ONE}/deliveries", response_model=Page[Delivery], **does("webhook.read"))
def list_deliveries(
    asking: Asked, webhook_id: IdInPath, limit: Limit = 100, after: BeforeId = ""
) -> Page[Delivery]:
    """What was told to a webhook, newest first, and what became of it."""
    with asking.read() as transaction:
        found = notices.find(transaction, webhook_id, before=after or None, limit=limit + 1)
    return page(found, limit, Delivery.of, lambda each: each[0].id)
