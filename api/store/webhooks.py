"""Webhooks: where notices go, as whom and of what; addresses and secrets sealed, since whoever has them could write in our name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, insert, select, true, update

from api.store import members
from api.store.centres import get as get_centre
from api.store.engine import Transaction
from api.store.errors import Conflict, NotFound
from api.store.ids import new_id
from api.store.tables import delivery, webhook
from api.store.vault import Vault

FORMATS = ("generic", "wecom", "dingtalk", "email")
LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Webhook:
    """A receiver of notices of a centre.

    Parameters
    ----------
    member_id : whose rights bound what it is told
    label : words to know it by, such as "team chat"; no name of a person
    format : one of `FORMATS`
    names : tell people's names beside their ids, where the member may see them
    events : kinds of notice that it is told
    """

    id: str
    member_id: str
    centre_id: str
    label: str
    format: str
    lang: str
    names: bool
    events: tuple[str, ...]
    created_at: datetime
    disabled_at: datetime | None


def create(
    transaction: Transaction,
    member_id: str,
    centre_id: str,
    format: str,
    url: str,
    events: Iterable[str],
    *,
    secret: str | None = None,
    label: str = "",
    lang: str = "en",
    names: bool = False,
) -> Webhook:
    """Keep a new webhook; see `api.notices.targets.checked` for what its address must be.

    Raises
    ------
    NotFound
        where the centre or the member does not exist for whoever asks.
    Conflict
        where the member is one of another centre, or none any more.
    """
    get_centre(transaction, centre_id)
    owner = members.get(transaction, member_id)
    if owner.disabled_at is not None or owner.centre_id not in (None, centre_id):
        raise Conflict("the member has no rights in this centre")
    id_, told = new_id(), tuple(sorted(set(events)))
    made = Webhook(id_, member_id, centre_id, label, format, lang, names, told, transaction.now, None)
    sealed = {"url_sealed": transaction.vault.seal_bytes(url.encode(), _place("url", id_))}
    if secret is not None:
        sealed["secret_sealed"] = transaction.vault.seal_bytes(secret.encode(), _place("secret", id_))
    transaction.connection.execute(insert(webhook).values(vars(made) | {"events": list(told)} | sealed))
    detail = {"member": member_id, "format": format, "events": list(told), "names": names}
    transaction.log("webhook.create", f"webhook/{id_}", centre=centre_id, **detail)
    return made


def disable(transaction: Transaction, webhook_id: str) -> None:
    """End a webhook: whatever was still to be told to it is given up."""
    if get(transaction, webhook_id).disabled_at is not None:
        return
    ended = {"given_up_at": transaction.now, "next_at": None, "last_status": "the webhook was disabled"}
    open_ = and_(delivery.c.webhook_id == webhook_id, delivery.c.next_at.is_not(None))
    transaction.connection.execute(
        update(webhook).where(webhook.c.id == webhook_id).values(disabled_at=transaction.now)
    )
    transaction.connection.execute(update(delivery).where(open_).values(ended))
    transaction.log("webhook.disable", f"webhook/{webhook_id}")


def get(transaction: Transaction, webhook_id: str) -> Webhook:
    """One webhook; raises `NotFound`, also where it does not exist for whoever asks."""
    wanted = select(webhook).where(webhook.c.id == webhook_id, _seen(transaction))
    row = transaction.connection.execute(wanted).one_or_none()
    if row is None:
        raise NotFound("webhook")
    return of_row(row._asdict())


def find(transaction: Transaction, centre_id: str, *, after: str = "", limit: int = 100) -> list[Webhook]:
    """The webhooks of a centre, oldest first, from the one after ``after`` on."""
    get_centre(transaction, centre_id)
    here = and_(webhook.c.centre_id == centre_id, webhook.c.id > after, _seen(transaction))
    rows = transaction.connection.execute(select(webhook).where(here).order_by(webhook.c.id).limit(limit))
    return [of_row(row._asdict()) for row in rows]


def of_row(row: dict[str, Any]) -> Webhook:
    """A webhook of the columns of its row."""
    told = {name: row[name] for name in Webhook.__annotations__}
    return Webhook(**told | {"events": tuple(told["events"])})


def opened(vault: Vault, row: dict[str, Any]) -> tuple[str, str | None]:
    """Address and secret of a row."""
    url = vault.open_bytes(row["url_sealed"], _place("url", row["id"])).decode()
    sealed = row["secret_sealed"]
    return url, None if sealed is None else vault.open_bytes(sealed, _place("secret", row["id"])).decode()


def _place(what: str, webhook_id: str) -> str:
    return f"webhook/{webhook_id}/{what}"


def _seen(transaction: Transaction) -> ColumnElement[bool]:
    """Whoever has one centre knows that centre's; whoever has teams or is an agent, those that tell them what they may know."""
    scope = transaction.scope
    if scope.teams is not None or scope.agent_id is not None:
        return webhook.c.member_id == scope.member_id
    return true() if scope.centre_id is None else webhook.c.centre_id == scope.centre_id
