"""A receiver that answers as it is told, and a store with webhooks to it."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
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


@contextmanager
def listening(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver at a port of its own, on loopback."""
    it = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            it.take(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    it.url = f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}"
    yield it
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """An HTTP server of this test alone."""
    with listening() as it:
        yield it


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1 and hook.example.com that it signed itself, and its key."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")]),
    )
    now, names = (
        datetime.now(UTC),
        [x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName("hook.example.com")],
    )
    signed = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    place = tmp_path_factory.mktemp("tls")
    (place / "cert.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (place / "key.pem").write_bytes(private)
    return place / "cert.pem", place / "key.pem"


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
