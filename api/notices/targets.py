"""What the address and the secret of a webhook must be."""

import base64
import re
import secrets
from urllib.parse import urlsplit

from api.notices.formats import SECRET
from api.settings import ServiceSettings
from api.store.notices import KINDS
from api.store.webhooks import FORMATS
from centre.errors import Faults

MOST_CHARACTERS = 2000
_MAIL = re.compile(r"mailto:[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
_VISIBLE = re.compile(r"[!-~]+")


def checked(
    settings: ServiceSettings, format: str, url: str, events: tuple[str, ...], secret: str | None = None
) -> str | None:
    """The secret that a webhook is to be kept with: a new one for the generic format, DingTalk's own.

    Raises
    ------
    BadInput
        with everything that is wrong; what an address or a secret is, is not repeated.
    """
    faults = Faults()
    if format not in FORMATS:
        faults.add("webhook", f"one of {', '.join(FORMATS)}", found=format, column="format")
    for each in (each for each in events if each not in KINDS):
        faults.add("webhook", f"one of {', '.join(KINDS)}", found=each, column="events")
    if not events:
        faults.add("webhook", "at least one kind of notice", column="events")
    _check_mail(settings, url, faults) if format == "email" else _check_url(settings, url, faults)
    if secret is not None and not (format == "dingtalk" and _VISIBLE.fullmatch(secret)):
        faults.add(
            "webhook", "none, except the one that DingTalk shows for signatures (SEC...)", column="secret"
        )
    faults.raise_if_any()
    if format != "generic":
        return secret
    return SECRET + base64.b64encode(secrets.token_bytes(32)).decode()


def _check_mail(settings: ServiceSettings, url: str, faults: Faults) -> None:
    if not _MAIL.fullmatch(url):
        faults.add("webhook", "mailto: and one address, in ASCII", column="url")
    if not settings.smtp_host:
        faults.add("webhook", "another format: no mail server is set (smtp_host)", column="format")


def _check_url(settings: ServiceSettings, url: str, faults: Faults) -> None:
    schemes = ("https", "http") if settings.allow_private_webhooks else ("https",)
    expected = f"an address of at most {MOST_CHARACTERS:,} characters, {' or '.join(schemes)}, without user, password and fragment"
    try:
        parts = urlsplit(url)
        good = bool(parts.scheme in schemes and parts.hostname and (parts.port is None or parts.port > 0))
    except ValueError:
        good = False
    if (
        not good
        or len(url) > MOST_CHARACTERS
        or not _VISIBLE.fullmatch(url)
        or parts.fragment
        or "@" in parts.netloc
    ):
        faults.add("webhook", expected, column="url")
