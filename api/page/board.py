"""The rota board: people by time, and above it how many are at work against how many are needed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response

from api.asking import Asking
from api.judging import centre_of
from api.page.edits import Known, answer, known, rows_of
from api.page.screen import Screen, Visit, Visited, see
from api.page.words import WORDS
from api.routes.judged import everything
from api.store import people
from api.stretches import Days, Stretch
from centre.folder import Centre
from centre.instants import day_number, day_of, day_start
from centre.people import Agent
from scheduler.rota import activity_kind

router = APIRouter(route_class=Screen, include_in_schema=False)
ROWS, STEP, A_DAY = 100, 15, 1440
VIEWS = {"day": 1, "week": 7, "weeks": 28}
KINDS = ("work", "break", "meal", "split", "leave")


@dataclass(frozen=True)
class Bar:
    """A stretch as it is drawn: minutes from the left edge, and what it says."""

    x: int
    width: int
    kind: str
    words: str


@dataclass(frozen=True)
class Row:
    """A person of the board."""

    agent_id: str
    name: str
    team: str
    hours: float
    bars: list[Bar]
    spoken: str


@dataclass(frozen=True)
class Window:
    """The instants that the board shows, UTC minutes, and the clock it shows them by."""

    start: int
    end: int
    zone: ZoneInfo

    @property
    def minutes(self) -> int:
        """How long it is; not always whole days of 24 hours."""
        return self.end - self.start


@router.get("/rotas/{rota_id}")
def show_board(
    visit: Visited,
    rota_id: str,
    view: str = "day",
    day: str = "",
    team: str = "",
    skill: str = "",
    level: str = "",
    page: int = 1,
) -> Response:
    """A day, a week or four of a rota, 100 people a page."""
    asking = visit.asking("rota.read")
    if asking.only_own("rota.read"):
        return see("/me")
    now = known(asking, rota_id)
    found = now.rota
    with asking.read() as transaction:
        everybody = people.find(transaction, found.centre_id)
    centre = centre_of(everything(asking, found.centre_id)[1])
    of = {each.agent_id: each for each in centre.agents}
    first = chosen_day(day, found.start, found.days)
    window = window_of(now.told.zone, first, found.start + timedelta(found.days), view)
    wanted = [each for each in everybody if _is_wanted(of.get(each.agent_id), each.team, team, skill, level)]
    last = max(1, -(-len(wanted) // ROWS))
    at = min(max(page, 1), last)
    shown = wanted[ROWS * (at - 1) : ROWS * at]
    by_person = _by_person(now.days)
    agents = [of[each.agent_id] for each in everybody if each.agent_id in of]
    return visit.show(
        "board.html.jinja", rota=found, zone=window.zone.key, window=window, ticks=ticks(window),
        rows=[row(each, by_person.get(each.agent_id, []), window) for each in shown],
        view=view if view in VIEWS else "day", views=[name for name in VIEWS if name == "day" or found.days > 1],
        first=first, days=[found.start + timedelta(k) for k in range(found.days)],
        team=team, teams=sorted({each.team for each in everybody}), skill=skill, page=at, last=last, total=len(wanted),
        skills=sorted({name for each in agents for name, _ in each.skills}), level=level,
        levels=sorted({each.level for each in agents}), kinds=("work", "break", "meal", "other", "leave"),
        working=step_path(counted((by_person.get(each.agent_id, []) for each in wanted), window), window),
        queues=list(now.staffing), changes=asking.may("rota.change"), publishes=asking.may("rota.publish"),
        told=visit.request.query_params.get("published") == "1",
        data=_data(visit, asking, now, window, {each.agent_id for each in shown}, centre),
    )  # fmt: skip


def _is_wanted(agent: Agent | None, in_team: str, team: str, skill: str, level: str) -> bool:
    """Whether somebody fits the filters; an empty one fits everybody."""
    skills = () if agent is None else [name for name, _ in agent.skills]
    of_level = not level or (agent is not None and agent.level == level)
    return (not team or in_team == team) and (not skill or skill in skills) and of_level


def _data(
    visit: Visit, asking: Asking, now: Known, window: Window, shown: set[str], centre: Centre
) -> dict[str, Any]:
    """What the board's script goes out from."""
    days = {key: stretches for key, stretches in now.days.items() if key[0] in shown}
    first = day_number(now.rota.start)
    skills = {
        each.agent_id: [name for name, _ in each.skills] for each in centre.agents if each.agent_id in shown
    }
    return {
        "id": now.rota.id, "zone": window.zone.key, "language": "zh-CN" if visit.language == "zh" else "en-GB",
        "currency": now.told.currency, "window": [window.start, window.end],
        "starts": {
            day_of(first + k).isoformat(): day_start(window.zone, first + k) for k in range(now.rota.days)
        },
        "templates": [
            {
                "name": each.name, "duration": each.duration_minutes, "earliest": each.earliest_start, "latest": each.latest_start,
                "breaks": [
                    [rest.earliest_minutes, rest.latest_minutes, rest.minutes, rest.kind, rest.paid] for rest in each.breaks
                ],
            }
            for each in centre.settings.shift
        ],
        "activities": [*(f"work:{queue.name}" for queue in centre.settings.queue), "work:*", "break", "meal", "meeting", "training"],
        "skills": skills, "changes": asking.may("rota.change"),
        "words": {name[3:]: visit.say(name) for name in WORDS if name.startswith("js.")},
        "now": answer(visit, asking, None, now) | {"days": rows_of(days)},
    }  # fmt: skip


def chosen_day(text: str, start: date, days: int) -> date:
    """The day asked for, where the rota has it, else its first.

    Examples
    --------
    >>> [str(chosen_day(text, date(2026, 3, 2), 7)) for text in ("2026-03-08", "2026-03-09", "soon")]
    ['2026-03-08', '2026-03-02', '2026-03-02']
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return start
    return day if start <= day < start + timedelta(days) else start


def window_of(zone: ZoneInfo, first: date, end: date, view: str) -> Window:
    """Local days by the centre's clock: 23 or 25 hours where clocks change."""
    last = min(end, first + timedelta(VIEWS.get(view, 1)))
    return Window(day_start(zone, day_number(first)), day_start(zone, day_number(last)), zone)


def ticks(window: Window) -> list[tuple[int, str]]:
    """Where the axis says a time or, over several days, a date.

    Examples
    --------
    The second of these days has 23 hours:

    >>> ticks(window_of(ZoneInfo("Europe/Paris"), date(2026, 3, 28), date(2026, 3, 31), "week"))
    [(0, '03-28'), (1440, '03-29'), (2820, '03-30')]
    """
    if window.minutes <= 2 * A_DAY:
        at = range(window.start, window.end, 120)
        return [(each - window.start, f"{_local(each, window.zone):%H:%M}") for each in at]
    first, last = (_local(each, window.zone).date() for each in (window.start, window.end - 1))
    days = range(day_number(first), day_number(last) + 1)
    return [(day_start(window.zone, day) - window.start, f"{day_of(day):%m-%d}") for day in days]


def row(person: people.Person, stretches: list[Stretch], window: Window) -> Row:
    """A person with what of their stretches lies in the window."""
    bars, minutes, spoken = [], 0, []
    for each in stretches:
        start, end = max(each.start, window.start), min(each.end, window.end)
        if end <= start:
            continue
        kind = _kind(each.activity)
        said = f"{_local(start, window.zone):%H:%M}–{_local(end, window.zone):%H:%M} {each.activity}"
        bars.append(
            Bar(start - window.start, end - start, kind, f"{said} · {each.shift}" if each.shift else said)
        )
        spoken.append(said)
        minutes += (end - start) if each.paid and kind != "leave" else 0
    return Row(person.agent_id, person.name, person.team, round(minutes / 60, 2), bars, ", ".join(spoken))


def counted(everybody: Iterable[list[Stretch]], window: Window) -> list[int]:
    """How many are at work in each quarter of an hour of the window; shape (quarters,)."""
    at: Counter[int] = Counter()
    for stretches in everybody:
        here = {
            quarter
            for each in stretches
            if _kind(each.activity) == "work"
            for quarter in range(
                max(0, (each.start - window.start) // STEP),
                min(window.minutes, each.end - window.start) // STEP,
            )
        }
        at.update(here)
    return [at[quarter] for quarter in range(window.minutes // STEP)]


def step_path(values: list[int], window: Window) -> str:
    """A step line through values of equal stretches of the window, as the path of an SVG whose y counts downwards from 0."""
    if not values:
        return ""
    width = window.minutes // len(values)
    return "M0," + "".join(
        f"{-value}H{(k + 1) * width}" + ("V" if k + 1 < len(values) else "") for k, value in enumerate(values)
    )


def _by_person(days: Days) -> dict[str, list[Stretch]]:
    people_: dict[str, list[Stretch]] = {}
    for (agent_id, _), stretches in days.items():
        people_.setdefault(agent_id, []).extend(stretches)
    return people_


def _kind(activity: str) -> str:
    kind = activity_kind(activity)
    return kind if kind in KINDS else "other"


def _local(minutes: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(minutes * 60, zone)
