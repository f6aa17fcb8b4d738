"""E-mail through a real server: with STARTTLS and login, and when it refuses."""

import ssl
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from api.settings import ServiceSettings, read_settings
from centre.errors import BadInput
from tests.api.store.conftest import NAMES


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite alone: what is tested here is the same over PostgreSQL."""
    return sqlite_url


class Inbox:
    """Keeps what comes in, and refuses as long as it is told to."""

    def __init__(self) -> None:
        self.mails: list[tuple[Any, Any]] = []
        self.refusals: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refusals:
            return self.refusals.pop(0)
        self.mails.append((envelope, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"


class Server(Controller):
    """A server that takes mail over TLS from whoever has logged in."""

    def factory(self) -> SMTP:
        def login(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
            good = (data.login, data.password) == (b"paiban", b"pass word")
            return AuthResult(success=good, handled=False)

        return SMTP(
            self.handler, tls_context=self.tls, require_starttls=True, authenticator=login, auth_required=True,
            enable_SMTPUTF8=True,
        )  # fmt: skip

    def _trigger_server(self) -> None:
        """The port is known from here on; 0, any that is free, was asked for."""
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

    tls: ssl.SSLContext


@pytest.fixture
def inbox(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Inbox, ServiceSettings]]:
    """A mail server of this test alone, that this machine trusts, and the settings by which to reach it."""
    handler = Inbox()
    server = Server(handler, hostname="127.0.0.1", port=0)
    server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.tls.load_cert_chain(*certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    server.start()
    told = {"smtp_user": "paiban", "smtp_password": "pass word", "smtp_from": "paiban@example.com"}
    yield handler, ServiceSettings(smtp_host="127.0.0.1", smtp_port=server.port, **told)
    server.stop()


def test_a_notice_arrives_by_mail_in_chinese(desk, inbox):
    box, desk.settings = inbox
    hook = desk.hook("mailto:lead@example.com", "email", lang="zh", names=True)
    desk.tell(people={"A001": 5})
    desk.send()
    (delivery,) = desk.deliveries(hook)
    assert delivery.last_status == "smtp 250"
    ((envelope, mail),) = box.mails
    assert (envelope.mail_from, envelope.rcpt_tos) == ("paiban@example.com", ["lead@example.com"])
    assert mail["Subject"] == "Paiban 排班: 排班已发布：2026-03-02 起 7 天"
    assert mail["Message-ID"] == f"<{delivery.id}@example.com>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert f"A001 {NAMES['A001']}：5" in mail.get_content()


@pytest.mark.parametrize(
    ("reply", "status"), [("451 later", "smtp 451"), ("554 no", "smtp 554")], ids=["later", "never"]
)
def test_what_the_server_refuses_is_tried_again_under_the_same_id(desk, inbox, reply, status):
    box, desk.settings = inbox
    box.refusals = [reply]
    hook = desk.hook("mailto:lead@example.com", "email")
    desk.tell()
    desk.send()
    assert desk.deliveries(hook)[0].last_status == status
    desk.later(minutes=1)
    desk.send()
    assert [mail["Message-ID"] for _, mail in box.mails] == [f"<{desk.deliveries(hook)[0].id}@example.com>"]


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"smtp_password": "wrong"}, "smtp 535"),
        ({"smtp_host": ""}, "no mail server is set: smtp_host"),
        ({"smtp_port": 9}, "no connection to the mail server"),
        ({"smtp_security": "none"}, "smtp 530"),
    ],
)
def test_settings_that_do_not_fit(desk, inbox, changed, status):
    box, settings = inbox
    desk.settings = settings.model_copy(update=changed)
    if changed == {"smtp_security": "none"}:
        desk.settings = desk.settings.model_copy(update={"smtp_user": ""})
    hook = desk.hook("mailto:lead@example.com", "email")
    desk.tell()
    desk.send()
    assert box.mails == []
    assert desk.deliveries(hook)[0].last_status == status


def test_a_certificate_that_is_not_trusted_is_refused(desk, inbox, monkeypatch):
    box, desk.settings = inbox
    monkeypatch.delenv("SSL_CERT_FILE")
    hook = desk.hook("mailto:lead@example.com", "email")
    desk.tell()
    desk.send()
    assert box.mails == []
    assert desk.deliveries(hook)[0].last_status == "no TLS connection to the mail server"


def test_settings_of_the_mail_server_are_checked_together_and_the_password_is_hidden(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    wrong = {"PAIBAN_SMTP_HOST": "mail", "PAIBAN_SMTP_USER": "u", "PAIBAN_SMTP_SECURITY": "none"}
    with pytest.raises(BadInput) as told:
        read_settings(wrong)
    assert sorted(fault.column for fault in told.value.faults) == [
        "smtp_from",
        "smtp_password",
        "smtp_security",
    ]
    good = {"PAIBAN_SMTP_HOST": "mail", "PAIBAN_SMTP_FROM": "a@example.com", "PAIBAN_SMTP_PASSWORD": "geheim"}
    assert "geheim" not in " ".join(each.value for each in read_settings(good)[1])
