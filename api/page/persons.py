"""One person of a rota: their shifts and the rest between them, day by day, hours against the contract, and what they break."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response

from api.asking import Asking
from api.judging import centre_of
from api.page.edits import Known, findings_told, known
from api.page.screen import Screen, Visited
from api.routes.judged import everything
from api.store import people
from api.store.errors import NotFound
from centre.folder import Centre
from centre.instants import day_number, day_of, day_start, from_minutes, week_of
from scheduler.rota import Rota, activity_kind

router = APIRouter(route_class=Screen, include_in_schema=False)
KINDS = ("work", "break", "meal", "split", "leave")


@dataclass(frozen=True)
class Piece:
    """A stretch of one local day as it is drawn: minutes from midnight."""

    x: int
    width: int
    kind: str
    words: str


@dataclass(frozen=True)
class Gap:
    """The rest between two shifts; ``short`` where a rule about rest is broken in it."""

    start: int
    end: int
    short: bool

    @property
    def minutes(self) -> int:
        """How long it is, elapsed."""
        return self.end - self.start


@dataclass(frozen=True)
class Week:
    """Paid hours of a week against the contract; ``over`` are those beyond its maximum."""

    first: str
    hours: float
    least: float
    most: float
    over: float


@router.get("/rotas/{rota_id}/people/{agent_id}")
def show_person(visit: Visited, rota_id: str, agent_id: str) -> Response:
    """Somebody's page."""
    asking = visit.asking("rota.read")
    now = known(asking, rota_id)
    with asking.read() as transaction:
        person = people.get(transaction, now.rota.centre_id, agent_id)
    rota, zone = now.told.judged.rota, now.told.zone
    breaches = [each for each in now.findings if each.agent_id == agent_id and each.verdict == "breach"]
    gaps = list(rests(rota, agent_id, [(each.start, each.end) for each in breaches if "rest" in each.rule]))
    return visit.show(
        "person.html.jinja", rota=now.rota, person=person, zone=zone.key, gaps=gaps, clock=lambda at: _said(at, zone),
        days=list(drawn(now, agent_id, gaps)), weeks=_weeks(asking, now, agent_id),
        breaches=findings_told(visit, {agent_id: person.name}, breaches, now.told.zone),
    )  # fmt: skip


def rests(rota: Rota, agent_id: str, broken: Iterable[tuple[int | None, int | None]] = ()) -> Iterator[Gap]:
    """The rest between each two shifts that follow one another."""
    if agent_id not in rota.agent_ids:
        return
    mine = rota.duties.agent == rota.agent_ids.index(agent_id)
    starts, ends = rota.duties.start[mine].tolist(), rota.duties.end[mine].tolist()
    windows = list(broken)
    for end, start in zip(ends[:-1], starts[1:], strict=True):
        short = any(
            one is not None and other is not None and one <= end and start <= other for one, other in windows
        )
        yield Gap(end, start, short)


def drawn(now: Known, agent_id: str, gaps: Iterable[Gap]) -> Iterator[tuple[str, int, list[Piece]]]:
    """Each local day of the rota: its date, its length in minutes, and what is drawn on it."""
    zone, first = now.told.zone, day_number(now.rota.start)
    stretches = [each for (who, _), told in now.days.items() if who == agent_id for each in told]
    spans = [
        (each.start, each.end, "short" if each.short else "rest", _length(each.minutes)) for each in gaps
    ]
    spans += [
        (
            each.start,
            each.end,
            _kind(each.activity),
            each.activity,
        )
        for each in stretches
    ]
    for day in range(first, first + now.rota.days):
        start, end = day_start(zone, day), day_start(zone, day + 1)
        pieces = [
            Piece(max(one, start) - start, min(other, end) - max(one, start), kind, f"{_said(one, zone)} – {_said(other, zone)} · {words}")
            for one, other, kind, words in spans
            if one < end and other > start
        ]  # fmt: skip
        yield day_of(day).isoformat(), end - start, pieces


def _weeks(asking: Asking, now: Known, agent_id: str) -> list[Week]:
    centre = centre_of(everything(asking, now.rota.centre_id)[1])
    least, most = _contract(centre, agent_id)
    rota, start = now.told.judged.rota, centre.settings.centre.week_start
    if agent_id not in rota.agent_ids:
        return []
    mine = rota.duties.agent == rota.agent_ids.index(agent_id)
    hours: dict[int, float] = {}
    for day, paid in zip(rota.duties.day[mine].tolist(), rota.duties.paid[mine].tolist(), strict=True):
        hours[week_of(day, start)] = hours.get(week_of(day, start), 0.0) + paid / 60
    return [
        Week(day_of(week).isoformat(), told, least, most, max(0.0, told - most))
        for week, told in sorted(hours.items())
    ]


def _contract(centre: Centre, agent_id: str) -> tuple[float, float]:
    agent = next((each for each in centre.agents if each.agent_id == agent_id), None)
    if agent is None:
        raise NotFound("person")
    contract = next(each for each in centre.settings.contract if each.name == agent.contract)
    return contract.weekly_minutes_min / 60, contract.weekly_minutes_max / 60


def _kind(activity: str) -> str:
    kind = activity_kind(activity)
    return kind if kind in KINDS else "other"


def _said(at: int, zone: ZoneInfo) -> str:
    return f"{from_minutes(at, zone):%m-%d %H:%M}"


def _length(minutes: int) -> str:
    """Minutes as hours and minutes.

    Examples
    --------
    >>> _length(675)
    '11:15 h'
    """
    told = timedelta(minutes=minutes)
    return f"{int(told.total_seconds()) // 3600}:{minutes % 60:02d} h"
