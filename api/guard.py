"""What surrounds every request: its id, limits of size and time, headers of the answer, a line of the log, figures, and the last net."""

import asyncio
import logging
import re
import time
from collections.abc import Callable
from typing import Any

from fastapi import Request
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import KINDS, Problem, of_unexpected, problem
from api.store.ids import new_id

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
log = logging.getLogger("paiban.access")


class Figures:
    """Counts and times of requests, by method and route (never by address, which names things)."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        names = ("method", "route", "status")
        self.requests = Counter("paiban_requests", "Requests answered", names, registry=self.registry)
        self.seconds = Histogram(
            "paiban_request_seconds", "Seconds until an answer ended", names[:2], registry=self.registry
        )

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request."""
        self.requests.labels(method, route, status).inc()
        self.seconds.labels(method, route).observe(seconds)


class Guard:
    """ASGI middleware around the whole app."""

    def __init__(self, app: ASGIApp, figures: Figures, most_bytes: int, body_seconds: float) -> None:
        self.app, self.figures = app, figures
        self.most_bytes, self.body_seconds = most_bytes, body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request from the first byte to the last."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope).get("x-request-id", "")
        scope["request_id"] = asked if REQUEST_ID.fullmatch(asked) else new_id()
        answered = _Answered(send, scope["request_id"])
        began = time.monotonic()
        try:
            await self._answer(scope, self._limited(receive), answered)
        finally:
            self._note(scope, answered.status, time.monotonic() - began)

    async def _answer(self, scope: Scope, receive: Receive, send: "_Answered") -> None:
        request = Request(scope)
        length = request.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self.most_bytes:
            kind = "too-large" if length.isdecimal() else "bad-request"
            headers = {"Connection": "close"}
            await problem(request, kind, KINDS[kind].meaning, headers)(scope, receive, send)
            return
        try:
            await self.app(scope, receive, send)
        except Exception as error:
            if not send.status:
                await of_unexpected(request, error)(scope, receive, send)
            else:
                of_unexpected(request, error)
                raise ConnectionAbortedError from None

    def _limited(self, receive: Receive) -> Receive:
        """The body must come in time and within its size; once it is there, waiting for the end of the connection has no limit."""
        deadline = time.monotonic() + self.body_seconds
        reading, size = True, 0

        async def within() -> Message:
            nonlocal reading, size
            try:
                async with asyncio.timeout(max(0.0, deadline - time.monotonic()) if reading else None):
                    message = await receive()
            except TimeoutError:
                raise Problem("too-slow", headers={"Connection": "close"}) from None
            reading = reading and bool(message.get("more_body"))
            size += len(message.get("body", b""))
            if size > self.most_bytes:
                raise Problem("too-large", headers={"Connection": "close"})
            return message

        return within

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "none")
        method = scope["method"] if scope["method"] in METHODS else "other"
        self.figures.note(method, route, status, seconds)
        told: dict[str, Any] = {"request_id": scope["request_id"], "method": method, "route": route}
        told |= {"status": status, "milliseconds": round(seconds * 1000, 1)}
        told["member"] = scope.get("state", {}).get("member_id", "")
        log.info("answered", extra={"told": told})


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class _Answered:
    """Sends an answer with the headers that every answer has, and knows its status (0: none yet)."""

    def __init__(self, send: Send, request_id: str) -> None:
        self.send: Callable[[Message], Any] = send
        self.request_id, self.status = request_id, 0

    async def __call__(self, message: Message) -> None:
        """Send one part."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["x-request-id"] = self.request_id
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await self.send(message)
