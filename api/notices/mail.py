"""Notices by e-mail, through the server that the settings name."""

import smtplib
import ssl
from datetime import datetime
from email.header import Header
from email.message import Message
from email.mime.text import MIMEText
from email.utils import format_datetime
from typing import Any

from api.notices.errors import NotSent
from api.notices.formats import KEYWORD
from api.notices.messages import lines, title
from api.notices.told import Told
from api.settings import ServiceSettings

SECONDS = 15.0


def mail_of(told: Told, lang: str, url: str, sender: str, now: datetime) -> "Message[Any, Any]":
    """A notice as a message to a ``mailto:`` address; its Message-ID is the same in every attempt."""
    text = "\n".join([title(told, lang), "", *lines(told, lang)]) + "\n"
    mail: Message[Any, Any] = MIMEText(text, "plain", "utf-8")
    mail["From"], mail["To"] = sender, url.removeprefix("mailto:")
    subject = Header(f"{KEYWORD}: {title(told, lang)}", "utf-8")
    mail["Subject"] = subject  # encoded as a whole, since words one by one would lose spaces
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{told.id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answers by machines
    return mail


def send(settings: ServiceSettings, mail: "Message[Any, Any]") -> str:
    """Hand a message to the mail server; what it answered.

    Raises
    ------
    NotSent
        where the server is not to be reached, has no TLS though it should, or refuses.
    """
    if not settings.smtp_host:
        raise NotSent("no mail server is set: smtp_host")
    try:
        with _connected(settings) as server:
            server.send_message(mail)
    except smtplib.SMTPResponseException as error:
        raise NotSent(f"smtp {error.smtp_code}") from None
    except smtplib.SMTPRecipientsRefused as error:
        codes = sorted({code for code, _ in error.recipients.values()})
        raise NotSent(f"smtp {', '.join(map(str, codes))}: the address is refused") from None
    except smtplib.SMTPNotSupportedError:
        raise NotSent("the mail server lacks STARTTLS, login or UTF-8 addresses") from None
    except ssl.SSLError:
        raise NotSent("no TLS connection to the mail server") from None
    except (smtplib.SMTPException, OSError):
        raise NotSent("no connection to the mail server") from None
    return "smtp 250"


def _connected(settings: ServiceSettings) -> smtplib.SMTP:
    where, tls = (settings.smtp_host, settings.smtp_port), ssl.create_default_context()
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=SECONDS, context=tls)
    else:
        server = smtplib.SMTP(*where, timeout=SECONDS)
    try:
        if settings.smtp_security == "starttls":
            server.starttls(context=tls)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
    except BaseException:
        server.close()
        raise
    return server
