"""Notices as each kind of receiver takes them, and whether it took them.

**Source:** generic, Standard Webhooks 1.0.0 (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md): headers,
signature, secrets. WeCom, developer.work.weixin.qq.com/document/path/91770: markdown of at most 4,096 bytes of UTF-8, 20 messages a minute,
``errcode`` 0 where it was taken. DingTalk, open.dingtalk.com/document/orgapp/custom-robot-access and, beside it,
customize-robot-security-settings: markdown with a title, ``timestamp`` in milliseconds and ``sign`` in the query, good for an hour, 20
messages a minute.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from api.notices.errors import NotSent
from api.notices.messages import data, lines, plain, title
from api.notices.told import Told

SECRET = "whsec_"
WECOM_BYTES = 4096
KEYWORD = "Paiban 排班"
"""In every message to a bot: DingTalk's bots can be told to take messages with a keyword alone."""
MOST_SECONDS = 24 * 3600.0


@dataclass(frozen=True)
class Post:
    """An HTTP request that is to be sent."""

    url: str
    headers: dict[str, str]
    content: bytes


@dataclass(frozen=True)
class Answer:
    """What was answered to it; ``body`` may be cut off."""

    status: int
    body: bytes
    retry_after: str = ""


def post_of(format: str, told: Told, lang: str, url: str, secret: str | None, now: datetime) -> Post:
    """A notice as the request that a receiver takes."""
    if format == "wecom":
        content = {"content": _fitting(told, lang)}
        return _json(url, {"msgtype": "markdown", "markdown": content})
    if format == "dingtalk":
        text = "\n\n".join(_markdown(told, lang))
        content = {"title": f"{KEYWORD} {title(told, lang)}", "text": text}
        return _json(dingtalk_signed(url, secret, now), {"msgtype": "markdown", "markdown": content})
    sent = _json(url, data(told, lang))
    at = str(int(now.timestamp()))
    signed = {"webhook-signature": signature(secret or "", told.id, at, sent.content)}
    return Post(url, sent.headers | {"webhook-id": told.id, "webhook-timestamp": at} | signed, sent.content)


def check(format: str, answer: Answer) -> str:
    """What to note of a notice that was taken; raises `NotSent` where it was not."""
    if 300 <= answer.status < 400:
        raise NotSent(f"{answer.status}: redirects are not followed")
    if not 200 <= answer.status < 300:
        raise NotSent(str(answer.status), _seconds(answer.retry_after))
    if format in ("wecom", "dingtalk") and (code := _errcode(answer.body)) != 0:
        raise NotSent("an answer without errcode" if code is None else f"errcode {code}")
    return str(answer.status)


def signature(secret: str, id_: str, timestamp: str, content: bytes) -> str:
    """The signature of a message by the Standard Webhooks.

    Examples
    --------
    >>> told = "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}'
    >>> signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", *told)
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    key = base64.b64decode(secret.removeprefix(SECRET))
    signed = f"{id_}.{timestamp}.".encode() + content
    return f"v1,{base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}"


def dingtalk_signed(url: str, secret: str | None, now: datetime) -> str:
    """The address of a DingTalk bot with its signature, which holds for an hour; without a secret as it is."""
    if not secret:
        return url
    timestamp = str(int(now.timestamp() * 1000))
    signed = hmac.digest(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256)
    query = urlencode({"timestamp": timestamp, "sign": base64.b64encode(signed).decode()})
    return f"{url}{'&' if '?' in url else '?'}{query}"


def _markdown(told: Told, lang: str, most_people: int = 20) -> Iterable[str]:
    yield f"### {KEYWORD} {plain(title(told, lang))}"
    yield from (plain(line) for line in lines(told, lang, most_people))


def _fitting(told: Told, lang: str) -> str:
    """With as many people as a message of WeCom's has room for."""
    for most in (20, 10, 5, 0):
        text = "\n".join(_markdown(told, lang, most))
        if len(text.encode()) <= WECOM_BYTES:
            return text
    return text.encode()[:WECOM_BYTES].decode(errors="ignore")


def _json(url: str, body: dict[str, Any]) -> Post:
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Paiban"}
    return Post(url, headers, json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode())


def _errcode(body: bytes) -> int | None:
    try:
        code = json.loads(body)["errcode"]
    except (ValueError, KeyError, TypeError):
        return None
    return code if isinstance(code, int) else None


def _seconds(retry_after: str) -> float:
    """What a receiver asked for in seconds; a date, which few send, counts as nothing asked."""
    return min(float(retry_after), MOST_SECONDS) if retry_after.isascii() and retry_after.isdigit() else 0.0
