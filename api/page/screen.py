"""A screen on its way: whose session, whether the form is ours, and what to show where something goes wrong."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit

from fastapi import Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool

from api.access import sessions
from api.access.errors import Forbidden, NotKnown
from api.access.keys import is_loopback
from api.asking import Asking, Service
from api.errors import KINDS, kind_of, of_unexpected
from api.page.forms import Form, form_of
from api.page.locales import FILTERS
from api.page.words import LANGUAGES, preferred, speaker
from api.store.members import Member
from centre.errors import BadInput

COOKIE, LANGUAGE, THEME = "paiban_session", "paiban_language", "paiban_theme"
THEMES = ("auto", "light", "dark")
MOST_FAULTS = 50
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
    "img-src 'self' data:; form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "referrer-policy": "same-origin",  # with no-referrer a browser would not say that a form is ours
}
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip


def rule_title(name: str) -> str:
    """A rule's name as people read it.

    Examples
    --------
    >>> rule_title("daily-hours:minors"), rule_title("每日工时")
    ('Daily hours: minors', '每日工时')
    """
    return name[:1].upper() + name[1:].replace("-", " ").replace(":", ": ")


TEMPLATES.filters |= {"rule": rule_title} | FILTERS


@dataclass(frozen=True)
class Visit:
    """One request of a screen; ``member`` is None, and ``token`` empty, for whoever has not signed in."""

    request: Request
    service: Service
    member: Member | None
    token: str
    form: Form

    def asking(self, action: str) -> Asking:
        """The visit as a request of the API's, once its member may do it; raises `Forbidden`."""
        assert self.member is not None
        asking = Asking(self.service, self.member, action)
        asking.need(action)
        return asking

    @property
    def language(self) -> str:
        """The language chosen, else the browser's."""
        told = self.request.cookies.get(LANGUAGE, "")
        return told if told in LANGUAGES else preferred(self.request.headers.get("accept-language", ""))

    def say(self, key: str) -> str:
        """A text of the page in the visitor's language."""
        return speaker(self.language)(key)

    def show(self, template: str, status: int = 200, **told: Any) -> Response:
        """A page."""
        theme = self.request.cookies.get(THEME, "auto")
        here = self.request.url.path + (f"?{self.request.url.query}" if self.request.url.query else "")
        html = TEMPLATES.get_template(template).render(
            w=speaker(self.language), language=self.language, languages=LANGUAGES, themes=THEMES,
            theme=theme if theme in THEMES else "auto", member=self.member, here=here,
            csrf=sessions.csrf_token(self.token) if self.token else "", **told,
        )  # fmt: skip
        return HTMLResponse(html, status, HEADERS)

    def keep(self, answer: Response, name: str, value: str, seconds: int | None = None) -> Response:
        """Set a cookie that no script and no other site can use."""
        secure = not is_loopback(self.service.settings.host)
        answer.set_cookie(name, value, seconds, httponly=True, samesite="strict", secure=secure)
        return answer


class Screen(APIRoute):
    """A route of the page. Without a session it leads to the sign-in, unless it is `OPEN`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route as it is called."""
        handle = super().get_route_handler()

        async def shown(request: Request) -> Response:
            visit = Visit(request, request.app.state.service, None, "", Form({}, {}))
            try:
                visit = await _visit(request)
                if visit.member is None and self.path not in OPEN:
                    return _unknown(request)
                request.state.visit = visit
                return await handle(request)
            except Exception as error:
                return told(visit, error)

        return shown


OPEN = ("/sign-in", "/look")
"""Screens for those who have not signed in."""


def _visit_of(request: Request) -> Visit:
    visit: Visit = request.state.visit
    return visit


Visited = Annotated[Visit, Depends(_visit_of)]


def see(address: str) -> Response:
    """Go to another screen."""
    return RedirectResponse(address, 303)


def own_address(address: str) -> str:
    """An address of this site, as it is; of any other, the first screen.

    Examples
    --------
    >>> [own_address(each) for each in ("/rotas/1?day=2", "//example.org", "https://example.org/", "")]
    ['/rotas/1?day=2', '/', '/', '/']
    """
    ours = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if ours else "/"


def told(visit: Visit, error: Exception) -> Response:
    """The page that says what happened, and the way on; what is no fault of the visitor's goes to the log."""
    kind = "not-found" if isinstance(error, RequestValidationError) else kind_of(error)
    if kind is None:
        of_unexpected(visit.request, error)
        kind = "internal"
    faults = tuple(error.faults[:MOST_FAULTS]) if isinstance(error, BadInput) else ()
    if _by_script(visit.request):
        said = [str(each) for each in faults] or [str(error)] * (kind in ("conflict", "too-large"))
        return JSONResponse({"kind": kind, "words": said}, KINDS[kind].status)
    known = f"error.{kind}" in KNOWN
    return visit.show(
        "problem.html.jinja", KINDS[kind].status, kind=kind if known else "internal", faults=faults,
        more=len(error.faults) - len(faults) if isinstance(error, BadInput) else 0,
        detail=str(error) if kind in ("conflict", "too-large") else "",
        request_id=visit.request.scope.get("request_id", ""),
    )  # fmt: skip


KNOWN = {
    f"error.{kind}"
    for kind in (
        "bad-input", "conflict", "forbidden", "internal", "not-found", "stale", "too-large", "too-many", "unavailable",
    )
}  # fmt: skip


async def _visit(request: Request) -> Visit:
    service: Service = request.app.state.service
    token = request.cookies.get(COOKIE, "")
    member = await run_in_threadpool(_holder, service, token) if token else None
    if member is not None:
        request.state.member_id = member.id
        service.rate.take(member.id)
    else:
        token = ""
    form = Form({}, {})
    if request.method == "POST":
        form = form_of(request.headers.get("content-type", ""), await request.body())
        if member is not None:
            sessions.check_csrf(token, form.fields.get("csrf") or request.headers.get("x-csrf-token"))
        else:
            service.rate.take(f"address {request.client.host if request.client else ''}")
            _check_origin(request)
    return Visit(request, service, member, token, form)


def _holder(service: Service, token: str) -> Member | None:
    try:
        return sessions.holder(service.store, token)
    except NotKnown:
        return None


def _check_origin(request: Request) -> None:
    """Without a session there is no token of the page: then the browser must say that the form is ours."""
    if urlsplit(request.headers.get("origin", "")).netloc != request.headers.get("host"):
        raise Forbidden("a form of another site")


def _by_script(request: Request) -> bool:
    """Whether it is a script of the page that asks, which tells answers in its own words, and not somebody who looks at the answer."""
    return request.headers.get("accept", "").startswith("application/json")


def _unknown(request: Request) -> Response:
    return JSONResponse({"kind": "not-known"}, 401) if _by_script(request) else _to_sign_in(request)


def _to_sign_in(request: Request) -> Response:
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    told = {"next": back} if request.method == "GET" and back != "/" else {}
    if request.cookies.get(COOKIE):
        told["ended"] = "1"
    return see("/sign-in" + (f"?{urlencode(told)}" if told else ""))
