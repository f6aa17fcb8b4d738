"""The rota board: people by time, and above it how many are at work against how many are needed."""

import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response

from api.asking import Asking
from api.page.screen import Screen, Visited
from api.routes.judged import everything
from api.routes.rota_rows import days_of
from api.schemas.rotas import Stretch
from api.store import blobs, people, rotas
from api.store.csv_rows import CsvRows
from api.store.engine import Transaction
from centre.folder import read_requirement
from centre.instants import day_number, day_start, from_timestamps, to_minutes
from scheduler.rota import activity_kind

router = APIRouter(route_class=Screen, include_in_schema=False)
ROWS, STEP, A_DAY = 100, 15, 1440
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
    page: int = 1,
) -> Response:
    """A day or a week of a rota, 100 people a page."""
    asking = visit.asking("rota.read")
    with asking.read() as transaction:
        found = rotas.get(transaction, rota_id)
        newest = rotas.versions(transaction, rota_id, limit=1)[0]
        content = rotas.content(transaction, rota_id, newest.version)
        known = people.find(transaction, found.centre_id)
        required = _requirement(asking, transaction, newest)
    zone, skills = _zone_and_skills(asking, found.centre_id)
    first = chosen_day(day, found.start, found.days)
    window = window_of(zone, first, found.start + timedelta(found.days), view)
    wanted = [
        each
        for each in known
        if (not team or each.team == team) and (not skill or skill in skills.get(each.agent_id, ()))
    ]
    last = max(1, -(-len(wanted) // ROWS))
    at = min(max(page, 1), last)
    by_person = _by_person(content)
    offered = {name for each in known for name in skills.get(each.agent_id, ())}
    rows = [
        row(each, by_person.get(each.agent_id, []), window) for each in wanted[ROWS * (at - 1) : ROWS * at]
    ]
    working = counted((by_person.get(each.agent_id, []) for each in wanted), window)
    needed = _needed(required, window) if required and not team and not skill else []
    return visit.show(
        "board.html.jinja", rota=found, newest=newest, rows=rows, zone=zone.key, window=window, ticks=ticks(window),
        view="week" if view == "week" else "day", first=first, days=[found.start + timedelta(k) for k in range(found.days)],
        team=team, teams=sorted({each.team for each in known}), skill=skill, page=at, last=last, total=len(wanted),
        skills=sorted(offered), working=step_path(working, window),
        needed=step_path(needed, window), top=max([1, *working, *needed]), kinds=("work", "break", "meal", "other", "leave"),
        peak=max(working, default=0), peak_needed=max(needed, default=0),
    )  # fmt: skip


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
    """A local day, or up to seven, by the centre's clock: 23 or 25 hours where clocks change."""
    last = min(end, first + timedelta(7 if view == "week" else 1))
    return Window(day_start(zone, day_number(first)), day_start(zone, day_number(last)), zone)


def ticks(window: Window) -> list[tuple[int, str]]:
    """Where the axis says a time or, over several days, a date."""
    several = window.minutes > 2 * A_DAY
    step, form = (A_DAY, "%m-%d") if several else (120, "%H:%M")
    return [
        (at - window.start, _local(at, window.zone).strftime(form))
        for at in range(window.start, window.end, step)
    ]


def row(person: people.Person, stretches: list[Stretch], window: Window) -> Row:
    """A person with what of their stretches lies in the window."""
    bars, minutes, spoken = [], 0, []
    for each in stretches:
        start, end = max(to_minutes(each.start), window.start), min(to_minutes(each.end), window.end)
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
                max(0, (to_minutes(each.start) - window.start) // STEP),
                min(window.minutes, to_minutes(each.end) - window.start) // STEP,
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


def _requirement(asking: Asking, transaction: Transaction, version: rotas.Version) -> bytes | None:
    """What the rota was made for, for those who may see demand."""
    if version.requirement_digest is None or not asking.may("demand.read"):
        return None
    return blobs.get(transaction, version.requirement_digest)


def _needed(content: bytes, window: Window) -> list[int]:
    """Agents to roster in each quarter of an hour, all queues together."""
    with tempfile.TemporaryDirectory(prefix="paiban-") as place:
        path = Path(place) / "requirement.csv"
        path.write_bytes(content)
        frame = read_requirement(path, window.zone)
    total = frame.groupby("interval_start")["agents_to_roster"].sum()
    starts = from_timestamps(total.index.to_series())
    length = int(min((starts[1:] - starts[:-1]), default=STEP))
    told = [0.0] * (window.minutes // STEP)
    for start, value in zip(starts.tolist(), total, strict=True):
        for quarter in range((start - window.start) // STEP, (start - window.start + length) // STEP):
            if 0 <= quarter < len(told):
                told[quarter] = float(value)
    return [round(value) for value in told]


def _by_person(content: bytes) -> dict[str, list[Stretch]]:
    people_: dict[str, list[Stretch]] = {}
    for (agent_id, _), stretches in days_of(content).items():
        people_.setdefault(agent_id, []).extend(stretches)
    return people_


def _zone_and_skills(asking: Asking, centre_id: str) -> tuple[ZoneInfo, dict[str, list[str]]]:
    from tomllib import loads

    _, files = everything(asking, centre_id)
    zone = ZoneInfo(loads(files["centre.toml"].decode("utf-8-sig"))["centre"]["timezone"])
    table = CsvRows.of(files.get("agents.csv", b""))
    skills = zip(table.column("agent_id"), table.column("skills"), strict=True)
    return zone, {
        agent_id: [part.partition(":")[0].strip() for part in told.split(";")] for agent_id, told in skills
    }


def _kind(activity: str) -> str:
    kind = activity_kind(activity)
    return kind if kind in KINDS else "other"


def _local(minutes: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(minutes * 60, zone)
