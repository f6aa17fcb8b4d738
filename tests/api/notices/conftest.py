"""A receiver that answers as it is told, and a store with webhooks to it."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from sqlalchemy import text

from api.access.scope import Role, machine
from api.notices.sender import Sender
from api.settings import ServiceSettings
from api.store import members, notices, webhooks
from api.store.centres import Centre
from api.store.engine import Store
from api.store.notices import KINDS, Delivery
from api.store.webhooks import Webhook
from tests.api.store.conftest import (  # noqa: F401
    ADMIN,
    database_url,
    empty_postgres,
    empty_sqlite,
    files,
    made,
    postgres,
    postgres_url,
    sqlite_url,
    store,
)

SECRET = "whsec_c29tZXRoaW5nIHRoYXQgbm9ib2R5IGtub3dz"
PRIVATE = ServiceSettings(allow_private_webhooks=True)
ROTA = {"start": date(2026, 3, 2), "days": 7, "version": 3}
Reply = Callable[[BaseHTTPRequestHandler], None]


def reply(status: int, body: bytes = b"{}", **headers: str) -> Reply:
    """An answer."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@dataclass
class Received:
    """A request as it came in."""

    path: str
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.content)
        return told


@dataclass
class Receiver:
    """Keeps every request, and answers with ``replies`` in turn, then with 200."""

    url: str = ""
    requests: list[Received] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        content = handler.rfile.read(int(handler.headers["Content-Length"]))
        told = {name.lower(): value for name, value in handler.headers.items()}
        self.requests.append(Received(handler.path, told, content))
        (self.replies.pop(0) if self.replies else reply(200))(handler)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """An HTTP server of this test alone."""
    it = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            it.take(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    it.url = f"http://127.0.0.1:{server.server_port}"
    yield it
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Desk:
    """A centre with webhooks."""

    store: Store
    centre: Centre
    settings: ServiceSettings = PRIVATE

    def hook(
        self, url: str, format: str = "generic", role: Role = Role.ADMIN, secret: str | None = None, *,
        events: tuple[str, ...] = KINDS, lang: str = "en", names: bool = False, **of: Any,
    ) -> Webhook:  # fmt: skip
        """A webhook of a new member."""
        if format == "generic":
            secret = SECRET
        with self.store.write(ADMIN) as transaction:
            owner = members.create(transaction, role, centre_id=self.centre.id, **of)
            more = {"secret": secret, "lang": lang, "names": names}
            return webhooks.create(transaction, owner.id, self.centre.id, format, url, events, **more)

    def tell(self, kind: str = "rota.published", people: dict[str, int] | None = None, **more: Any) -> None:
        """Something happens."""
        detail = more or ROTA
        with self.store.write(machine("test")) as transaction:
            notices.tell(
                transaction,
                kind,
                self.centre.id,
                "rota/r1",
                {"A001": 5} if people is None else people,
                **detail,
            )

    def send(self) -> int:
        """Send what is due."""
        return Sender(self.store, self.settings).send_due()

    def deliveries(self, hook: Webhook) -> list[Delivery]:
        with self.store.read(ADMIN) as transaction:
            return [each for each, _ in notices.find(transaction, hook.id)]

    def later(self, **by: float) -> None:
        """Let time pass, as far as deliveries know."""
        with self.store.write(ADMIN) as transaction:
            for table, column in (("delivery", "next_at"), ("webhook", "free_at")):
                past = datetime.now(UTC) - timedelta(seconds=1)
                before = datetime.now(UTC) + timedelta(**by)
                if transaction.connection.dialect.name == "sqlite":
                    past, before = past.replace(tzinfo=None), before.replace(tzinfo=None)  # type: ignore[assignment]
                    values = {"past": str(past), "before": str(before)}
                else:
                    values = {"past": past, "before": before}  # type: ignore[dict-item]
                statement = f"UPDATE {table} SET {column} = :past WHERE {column} <= :before"
                transaction.connection.execute(text(statement), values)


@pytest.fixture
def desk(store: Store, made: Centre) -> Desk:  # noqa: F811
    return Desk(store, made)
