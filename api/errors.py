"""Every error of the API as a problem (RFC 9457): what kinds there are, and the one place that makes them of exceptions."""

import logging
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.access.errors import Forbidden, NotKnown
from api.jobs.client import TooManyJobs
from api.store.errors import Conflict, NotFound, SchemaError, Stale, StoreUnavailable
from centre.errors import BadInput, PaibanError

PROBLEM = "application/problem+json"
PLACE = "/api/v1/problems"
MOST_FAULTS = 1000
RETRY_SECONDS = 2
log = logging.getLogger("paiban.api")


@dataclass(frozen=True)
class Kind:
    """A kind of problem; its ``type`` is the address at which the API explains it."""

    status: int
    title: str
    meaning: str


KINDS = {
    "bad-request": Kind(
        400, "The request is not HTTP as it should be", "A header or the form of the request cannot be read."
    ),
    "not-known": Kind(
        401,
        "Nobody is known by this",
        "Send `Authorization: Bearer KEY` with a key or token that holds; why this one does not is not said.",
    ),
    "forbidden": Kind(403, "Your role may not do this", "What each role may do is told in docs/access.md."),
    "not-found": Kind(
        404, "There is no such thing", "It is not there, or it does not exist for whoever asks."
    ),
    "method-not-allowed": Kind(
        405, "Not with this method", "The header Allow tells the methods that this address knows."
    ),
    "too-slow": Kind(
        408, "The request came too slowly", "The body did not arrive in the time that the settings allow."
    ),
    "conflict": Kind(
        409,
        "What is there does not allow it",
        "Such as undoing where there is nothing to undo; `detail` says what.",
    ),
    "breaches": Kind(
        409,
        "Rules are broken",
        "The rota breaks rules; `GET .../violations` tells which. Mend it, or accept them.",
    ),
    "swap-breaches": Kind(
        409,
        "The swap would break rules",
        "`detail` tells which, and of people who do not exist for you that there are some. Trying it with `keep=false` tells the figures.",
    ),
    "stale": Kind(
        412,
        "It has been changed since",
        "If-Match does not name the version that is there: read again, then decide again.",
    ),
    "too-large": Kind(
        413,
        "Too large",
        "The body, what is packed in it, or its number of rows is beyond the limits that `paiban doctor` tells.",
    ),
    "media-type": Kind(415, "Not in this form", "The Content-Type is none that this address reads."),
    "bad-input": Kind(
        422,
        "The data have faults",
        "`faults` lists every one: file, row, column, what was found and what was expected. Nothing was stored.",
    ),
    "invalid-request": Kind(
        422,
        "The request has faults",
        "`faults` lists every one: the place in the request and what was expected there. Unknown fields are faults.",
    ),
    "idempotency-key-reused": Kind(
        422,
        "This Idempotency-Key was used for another request",
        "A key stands for one request: send the same request again, or another key.",
    ),
    "version-missing": Kind(
        428, "Say which version you change", "Send the ETag of what you read as If-Match."
    ),
    "too-many": Kind(429, "Too many requests", "Wait as many seconds as Retry-After says."),
    "internal": Kind(
        500, "An error of Paiban's own", "The log tells where, under this `request_id`; nothing was stored."
    ),
    "unavailable": Kind(
        503,
        "Not now",
        "The database is locked, full or out of reach; everything was undone. Try again after Retry-After seconds.",
    ),
}
"""Every kind by its name."""
OF_STATUS = {
    400: "bad-request",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "media-type",
}
OF_ERROR: dict[type[PaibanError], str] = {
    NotKnown: "not-known", Forbidden: "forbidden", NotFound: "not-found", Conflict: "conflict", Stale: "stale",
    TooManyJobs: "too-many", StoreUnavailable: "unavailable", SchemaError: "unavailable", BadInput: "bad-input",
}  # fmt: skip


class Problem(PaibanError):
    """A problem of the API's own; ``kind`` is one of `KINDS`."""

    def __init__(self, kind: str, detail: str = "", headers: dict[str, str] | None = None) -> None:
        self.kind, self.headers = kind, headers or {}
        super().__init__(detail or KINDS[kind].meaning)


class Unchanged(Exception):
    """What is asked for is as whoever asks knows it already (HTTP 304); ``tag`` is its ETag."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        super().__init__(tag)


def add_handlers(app: FastAPI) -> None:
    """Make every exception that leaves a route a problem; what nobody expected is left to `api.guard`."""
    handlers: dict[Any, Callable[[Request, Any], Response]] = {
        PaibanError: of_paiban,
        Unchanged: _of_unchanged,
        HTTPException: _of_http,
        RequestValidationError: _of_validation,
    }
    for error, handler in handlers.items():
        app.add_exception_handler(error, handler)


def problem(
    request: Request, kind: str, detail: str, headers: dict[str, str] | None = None, **more: Any
) -> JSONResponse:
    """The answer that tells a problem."""
    told = KINDS[kind]
    body = {"type": f"{PLACE}/{kind}", "title": told.title, "status": told.status, "detail": detail}
    body |= {"request_id": request.scope.get("request_id", "")} | more
    return JSONResponse(body, told.status, headers=headers, media_type=PROBLEM)


def kind_of(error: Exception) -> str | None:
    """The kind of problem that an error is; None for an error of ours."""
    if isinstance(error, Problem):
        return error.kind
    return next((OF_ERROR[each] for each in type(error).__mro__ if each in OF_ERROR), None)


def of_paiban(request: Request, error: PaibanError) -> JSONResponse:
    """A problem of what was raised on purpose."""
    if isinstance(error, Problem):
        return problem(request, error.kind, str(error), error.headers)
    kind = kind_of(error)
    if kind is None:
        return of_unexpected(request, error)
    if isinstance(error, BadInput):
        faults = [asdict(fault) for fault in error.faults[:MOST_FAULTS]]
        return problem(request, kind, f"{len(error.faults)} faults in the data", faults=faults)
    return problem(request, kind, str(error), _headers(kind))


def of_unexpected(request: Request, error: Exception) -> JSONResponse:
    """A problem of an error of ours: its place goes to the log, what it says goes nowhere, for it may hold people's data."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in last]
    told = {"error": type(error).__name__, "where": where, "request_id": request.scope.get("request_id", "")}
    log.error("an error of Paiban's own", extra={"told": told})
    return problem(request, "internal", KINDS["internal"].meaning)


def _of_unchanged(request: Request, same: Unchanged) -> Response:
    return Response(status_code=304, headers={"ETag": same.tag})


def _headers(kind: str) -> dict[str, str]:
    if kind == "not-known":
        return {"WWW-Authenticate": 'Bearer realm="paiban"'}
    return {"Retry-After": str(RETRY_SECONDS)} if kind in ("unavailable", "too-many") else {}


def _of_http(request: Request, error: HTTPException) -> JSONResponse:
    kind = OF_STATUS.get(error.status_code, "bad-request")
    headers = dict(error.headers or {})
    if kind == "method-not-allowed":
        address = getattr(request.scope.get("route"), "path_format", "")
        known = [method for method, at in request.app.state.query_names if at == address]
        headers["Allow"] = ", ".join(sorted(known)) or headers.get("Allow", "")
    return problem(request, kind, KINDS[kind].meaning, headers)


def _of_validation(request: Request, error: RequestValidationError) -> JSONResponse:
    """Places and what was expected there; never the values, which may be people's."""
    faults = [
        {"place": ".".join(map(str, each["loc"])), "expected": str(each["msg"])} for each in error.errors()
    ]
    return problem(
        request, "invalid-request", f"{len(faults)} faults in the request", faults=faults[:MOST_FAULTS]
    )
