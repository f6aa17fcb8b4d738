"""A request on its way in: who asks, whether they may, whether it was answered before; and its one transaction on the way out."""

import hashlib
import re
import time
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager
from dataclasses import dataclass
from threading import Lock
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from api.access import keys
from api.access.bearer import Provider
from api.access.errors import Forbidden, NotKnown
from api.access.roles import PERMISSIONS, Reach, may
from api.errors import Problem, Unchanged
from api.jobs.client import Jobs
from api.settings import ServiceSettings
from api.store import idempotency
from api.store.engine import Store, Transaction
from api.store.errors import Conflict, NotFound
from api.store.idempotency import Answer as Answer
from api.store.members import Member

ROOT = "/api/v1"
KEY = re.compile(r"[\x21-\x7e]{1,255}")
ETAG = re.compile(r'"(\d{1,9})"')
CHANGES = ("POST", "PUT", "PATCH", "DELETE")
MEMORY_OF_ADDRESSES = 10_000


class Rate:
    """How many requests each member may still make: tokens that fill up again, in this process's memory."""

    def __init__(self, a_minute: int) -> None:
        self.most, self.lock = a_minute, Lock()
        self.left: dict[str, tuple[float, float]] = {}

    def take(self, who: str, now: float | None = None) -> None:
        """Take one token; raises `Problem` 429 with the seconds to wait where there is none."""
        now = time.monotonic() if now is None else now
        with self.lock:
            tokens, at = self.left.pop(who, (float(self.most), now))
            tokens = min(self.most, tokens + (now - at) * self.most / 60)
            self.left[who] = (max(0.0, tokens - 1) if tokens >= 1 else tokens, now)
            if len(self.left) > MEMORY_OF_ADDRESSES:
                self.left.pop(next(iter(self.left)))
        if tokens < 1:
            raise Problem("too-many", headers={"Retry-After": str(int((1 - tokens) * 60 / self.most) + 1)})


@dataclass(frozen=True)
class Service:
    """What every request works with."""

    store: Store
    settings: ServiceSettings
    provider: Provider | None
    jobs: Jobs
    rate: Rate


@dataclass(frozen=True)
class Asking:
    """One request of a member who may make it."""

    service: Service
    member: Member
    action: str
    key: str = ""
    digest: str = ""

    def read(self) -> AbstractContextManager[Transaction]:
        """A transaction in which exists what exists for whoever asks."""
        return self.service.store.read(self.member.scope)

    def write(self) -> AbstractContextManager[Transaction]:
        """As `read`, for what is answered with a file and yet leaves a line in the audit log."""
        return self.service.store.write(self.member.scope)

    def may(self, action: str, **of: Any) -> bool:
        """Whether whoever asks may also do something else."""
        return may(self.member, action, **of)

    def only_own(self, action: str) -> bool:
        """Whether an action goes no further than what is the member's own."""
        return PERMISSIONS[self.member.role, action] is Reach.OWN

    def own_or_hidden(self, what: str, member_id: str) -> None:
        """Raise `NotFound` for what is another member's, where this request's action goes no further than one's own."""
        if self.only_own(self.action) and member_id != self.member.id:
            raise NotFound(what)

    def need(self, action: str, **of: Any) -> None:
        """Raise `Forbidden` where whoever asks may not do something that the request also does."""
        if not may(self.member, action, **of):
            raise Forbidden(f"your role may not do this here: {action}")

    def need_all_centres(self) -> None:
        """Raise `Forbidden` where whoever asks is a member of one centre alone."""
        if self.member.centre_id is not None:
            raise Forbidden("you are a member of one centre: only members of all make others")

    def change(self, make: Callable[[Transaction], Answer]) -> Response:
        """Do something and answer, both in one transaction; where the same request was answered before, nothing but answer so again."""
        with self.service.store.write(self.member.scope) as transaction:
            answered = self._begin(transaction)
            if answered is None:
                answered = make(transaction)
                if self.key:
                    headers = answered.headers
                    idempotency.finish(transaction, self.key, answered.status, headers, answered.body)
        return respond(answered)

    def _begin(self, transaction: Transaction) -> Answer | None:
        if not self.key:
            return None
        try:
            return idempotency.begin(transaction, self.key, self.digest)
        except Conflict:
            raise Problem("idempotency-key-reused") from None

    def answered(self) -> Response | None:
        """The answer given to the same request before, if there is one: whatever the request says of versions is as it was then."""
        try:
            with self.service.store.read(self.member.scope) as transaction:
                before = idempotency.given(transaction, self.key, self.digest)
        except Conflict:
            raise Problem("idempotency-key-reused") from None
        return None if before is None else respond(before)


class Door(APIRoute):
    """A route that knows its action: who asks and whether they may is settled before the body is read."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route as it is called; one without an action of `api.access.roles` cannot be made."""
        handle = super().get_route_handler()
        action = (self.openapi_extra or {})["x-action"]
        assert action in {known for _, known in PERMISSIONS}, action

        async def guarded(request: Request) -> Response:
            asking = await run_in_threadpool(_admitted, request, action)
            _check_query(request)
            asking = await _with_key(request, asking)
            request.state.asking = asking
            if asking.key and (before := await run_in_threadpool(asking.answered)):
                return before
            return await handle(request)

        return guarded


def does(action: str, **extra: Any) -> dict[str, Any]:
    """What a route's decorator takes beside path and answer: the action of `api.access.roles` that it is."""
    return {"openapi_extra": {"x-action": action, **extra}}


def answer(body: BaseModel | None, status: int = 200, **headers: str) -> Answer:
    """An answer in JSON; underscores in names of headers stand for hyphens."""
    content = b"" if body is None else body.model_dump_json(by_alias=True).encode()
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, content)


def respond(told: Answer) -> Response:
    """An answer as it is sent."""
    media = "application/json" if told.body else None
    return Response(told.body, told.status, told.headers, media_type=media)


def etag(version: int) -> str:
    """The ETag of a version."""
    return f'"{version}"'


def _asking(request: Request) -> Asking:
    asking: Asking = request.state.asking
    return asking


def _expected(if_match: Annotated[str | None, Header(examples=['"3"'])] = None) -> int:
    return expected_version(if_match)


def expected_version(if_match: str | None) -> int:
    """The version that an If-Match names; raises `Problem` where it names none."""
    if if_match is None:
        raise Problem("version-missing")
    told = ETAG.fullmatch(if_match.strip())
    if told is None:
        raise Problem("stale", "If-Match is no ETag that this address ever gave")
    return int(told[1])


def unless_known(known: str | None, tag: str) -> str:
    """An ETag, where it is none of those that If-None-Match names; raises `Unchanged` where it is."""
    names = [each.strip().removeprefix("W/") for each in (known or "").split(",")]
    if tag in names or names == ["*"]:
        raise Unchanged(tag)
    return tag


async def _raw(request: Request) -> bytes:
    return await request.body()


Asked = Annotated[Asking, Depends(_asking)]
Expected = Annotated[int, Depends(_expected)]
Raw = Annotated[bytes, Depends(_raw)]
Known = Annotated[
    str | None,
    Header(
        alias="If-None-Match",
        max_length=1000,
        examples=['"0"'],
        description="an ETag you have: 304 where it still holds",
    ),
]


def _admitted(request: Request, action: str) -> Asking:
    service: Service = request.app.state.service
    try:
        member = holder(service, request.headers.get("authorization", ""))
    except NotKnown:
        service.rate.take(f"address {request.client.host if request.client else ''}")
        raise
    request.state.member_id = member.id
    service.rate.take(member.id)
    if PERMISSIONS[member.role, action] is Reach.NONE:
        raise Forbidden("your role may not do this")
    return Asking(service, member, action)


def holder(service: Service, authorization: str) -> Member:
    """Whose key or token an Authorization header holds; raises `NotKnown`."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise NotKnown
    token = token.strip()
    if token.startswith("paiban_") or service.provider is None:
        return keys.holder(service.store, token)
    return service.provider.holder(service.store, token)


def _check_query(request: Request) -> None:
    known = request.app.state.query_names[request.method, request.scope["route"].path_format]
    unknown = sorted({*request.query_params} - known)
    if unknown:
        told = f"parameters that are known: {', '.join(sorted(known)) or 'none'}"
        raise Problem("invalid-request", f"{len(unknown)} unknown parameters of the query; {told}")


async def _with_key(request: Request, asking: Asking) -> Asking:
    """The body is read here, so that one that is too large or too slow is told as what it is, not as one that cannot be parsed."""
    if request.method not in CHANGES:
        return asking
    body, key = await request.body(), request.headers.get("idempotency-key", "")
    if not key:
        return asking
    if not KEY.fullmatch(key):
        raise Problem("bad-request", "Idempotency-Key is 1 to 255 visible ASCII characters")
    parts = (request.method, str(request.url.path), request.url.query, request.headers.get("if-match", ""))
    digest = hashlib.sha256("\n".join(parts).encode() + b"\n" + body)
    return Asking(asking.service, asking.member, asking.action, key, digest.hexdigest())
