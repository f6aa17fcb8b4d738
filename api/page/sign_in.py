"""Signing in by key, signing out, and how the page looks."""

from datetime import timedelta

from fastapi import APIRouter, Response

from api.access import keys, sessions
from api.access.errors import NotKnown
from api.page.screen import COOKIE, LANGUAGE, THEME, THEMES, Screen, Visited, own_address, see
from api.page.words import LANGUAGES

router = APIRouter(route_class=Screen, include_in_schema=False)
A_YEAR = 365 * 24 * 3600


@router.get("/sign-in")
def show_sign_in(visit: Visited, next: str = "/", ended: str = "") -> Response:
    """The form."""
    return visit.show("sign_in.html.jinja", next=own_address(next), ended=bool(ended), wrong=False)


@router.post("/sign-in")
def sign_in(visit: Visited) -> Response:
    """Open a session for whoever has the key."""
    store, settings, fields = visit.service.store, visit.service.settings, visit.form.fields
    next_ = own_address(fields.get("next", "/"))
    try:
        member = keys.holder(store, fields.get("key", "").strip())
    except NotKnown:
        return visit.show("sign_in.html.jinja", 401, next=next_, ended=False, wrong=True)
    lasts = timedelta(hours=settings.session_hours)
    token = sessions.open_session(store, member, lasts)
    return visit.keep(see(next_), COOKIE, token, round(lasts.total_seconds()))


@router.post("/sign-out")
def sign_out(visit: Visited) -> Response:
    """End the session."""
    sessions.close(visit.service.store, visit.token)
    answer = see("/sign-in")
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


@router.post("/look")
def look(visit: Visited) -> Response:
    """Another language or theme."""
    fields, answer = visit.form.fields, see(own_address(visit.form.fields.get("next", "/")))
    if fields.get("language") in LANGUAGES:
        visit.keep(answer, LANGUAGE, fields["language"], A_YEAR)
    if fields.get("theme") in THEMES:
        visit.keep(answer, THEME, fields["theme"], A_YEAR)
    return answer
