"""Two versions of a rota beside one another: whose days differ, how, and by how many paid hours."""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response

from api.judging import centre_of
from api.page.edits import names_of
from api.page.screen import Screen, Visit, Visited, see
from api.routes.judged import everything
from api.store import rotas
from api.stretches import Days, Stretch, days_of
from centre.errors import BadInput, Fault
from centre.instants import from_minutes
from scheduler.rota import activity_kind

router = APIRouter(route_class=Screen, include_in_schema=False)
MOST_VERSIONS = 200


@dataclass(frozen=True)
class Side:
    """Somebody's day in one of the versions: from when to when, and what in detail; both empty where they are off."""

    span: str
    parts: str


@dataclass(frozen=True)
class Difference:
    """A day of somebody that differs, and how many paid hours it has more."""

    agent_id: str
    day: str
    before: Side
    after: Side
    hours: float


@router.get("/rotas/{rota_id}/versions")
def show_versions(visit: Visited, rota_id: str, one: str = "", other: str = "") -> Response:
    """What changed from a version to another: unless told, from the published one, or the one before, to the newest."""
    asking = visit.asking("rota.read")
    if asking.only_own("rota.read"):
        return see("/me")
    with asking.read() as transaction:
        found = rotas.get(transaction, rota_id)
        kept = rotas.versions(transaction, rota_id, limit=MOST_VERSIONS)
        since = _number("one", one, _since(found))
        until = _number("other", other, found.version)
        before, after = (days_of(rotas.content(transaction, rota_id, number)) for number in (since, until))
    zone = centre_of(everything(asking, found.centre_id)[1]).settings.centre.timezone
    differences = list(compared(before, after, zone))
    return visit.show(
        "versions.html.jinja", rota=found, versions=[(each.version, _named(visit, found, each, zone)) for each in kept],
        one=since, other=until, differences=differences, names=names_of(asking, found.centre_id), zone=zone.key,
        people={each.agent_id for each in differences}, hours=sum(each.hours for each in differences),
    )  # fmt: skip


def compared(before: Days, after: Days, zone: ZoneInfo) -> Iterable[Difference]:
    """The days that differ, by person and day.

    Examples
    --------
    >>> days = {("a1", "1970-01-01"): [Stretch(60, 120, "work:calls", "early", True)]}
    >>> [told] = compared({}, days, ZoneInfo("UTC"))
    >>> told.before.span, told.after.span, told.hours
    ('', '01:00–02:00 early', 1.0)
    >>> list(compared(days, days, ZoneInfo("UTC")))
    []
    """
    for agent_id, day in sorted({*before, *after}):
        was, now = (days.get((agent_id, day), []) for days in (before, after))
        if was != now:
            yield Difference(agent_id, day, _side(was, zone), _side(now, zone), _paid(now) - _paid(was))


def _side(told: list[Stretch], zone: ZoneInfo) -> Side:
    if not told:
        return Side("", "")
    shifts = dict.fromkeys(each.shift for each in told if each.shift)
    span = _span(min(each.start for each in told), max(each.end for each in told), zone)
    parts = (f"{_span(each.start, each.end, zone)} {each.activity}" for each in told)
    return Side(" ".join([span, *shifts]), ", ".join(parts))


def _span(start: int, end: int, zone: ZoneInfo) -> str:
    return f"{from_minutes(start, zone):%H:%M}–{from_minutes(end, zone):%H:%M}"


def _paid(told: list[Stretch]) -> float:
    """Paid hours as the board counts them: leave is not among them."""
    minutes = (
        each.end - each.start for each in told if each.paid and activity_kind(each.activity) != "leave"
    )
    return sum(minutes) / 60


def _since(found: rotas.Rota) -> int:
    """The published version, where there is a newer one, else the one before."""
    public = found.published_version
    return public if public is not None and public < found.version else max(1, found.version - 1)


def _number(name: str, text: str, otherwise: int) -> int:
    if not text:
        return otherwise
    if not (text.isascii() and text.isdigit() and 1 <= int(text) < 2**31):
        raise BadInput([Fault(name, "a version's number", text[:20])])
    return int(text)


def _named(visit: Visit, found: rotas.Rota, each: rotas.Version, zone: ZoneInfo) -> str:
    """A version as people tell it from others: its number, when it was made and how."""
    public = f" · {visit.say('published')}" if each.version == found.published_version else ""
    return f"{each.version} · {each.at.astimezone(zone):%m-%d %H:%M} · {visit.say(f'version.{each.what}')}{public}"
