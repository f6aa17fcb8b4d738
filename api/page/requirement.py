"""The requirement of the newest forecast by queue and day; an interval that is clicked is explained: inputs, formula, alternatives."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from fastapi import APIRouter, Response

from api import staffing
from api.command_line import parsed
from api.explain import explained
from api.page.screen import Screen, Visited
from api.page.watched import latest
from api.routes.jobs import file_of
from api.routes.judged import everything
from api.store import centres
from scenarios.demand import requirement_of
from scenarios.peak_settings import settings_of_table
from scenarios.why import Working

router = APIRouter(route_class=Screen, include_in_schema=False)
WIDTH, HEIGHT = 960, 120
SPAN = 2


@dataclass(frozen=True, eq=False)
class Needed:
    """A requirement in the centre's time, and what an interval of it rests on."""

    table: pd.DataFrame
    zone: str
    lines: list[str]


@router.get("/centres/{centre_id}/requirement")
def show_requirement(
    visit: Visited, centre_id: str, queue: str = "", day: str = "", at: str = ""
) -> Response:
    """Agents needed through a day of a queue; ``at`` is the interval to explain."""
    asking = visit.asking("demand.change")
    done, _ = latest(asking, centre_id, "forecast")
    with asking.read() as transaction:
        centre = centres.get(transaction, centre_id)
    if done is None:
        return visit.show("requirement.html.jinja", centre=centre, needed=None)
    _, files = everything(asking, centre_id)
    needed = _needed(dict(files), file_of(asking, done.id, "forecast.csv"), queue, at)
    queues, days = list(dict.fromkeys(needed.table["queue"])), sorted(set(needed.table["day"]))
    queue, day = (
        queue if queue in queues else queues[0],
        day if day in days else (at[:10] if at[:10] in days else days[0]),
    )
    rows = needed.table[(needed.table["queue"] == queue) & (needed.table["day"] == day)].to_dict("records")
    return visit.show(
        "requirement.html.jinja", centre=centre, needed=needed, queues=queues, days=days, queue=queue, day=day, at=at, rows=rows,
        bars=_bars(rows), width=WIDTH, height=HEIGHT, stale=done.centre_revision != centre.revision, done=done,
    )  # fmt: skip


def _needed(files: dict[str, bytes], forecast: bytes, queue: str, at: str) -> Needed:
    """Read as `paiban staff` reads; raises `BadInput` with every fault."""
    with _folder(files, forecast) as folder:
        words = [str(folder), f"--forecast={folder / 'forecast.csv'}", f"--out={folder / 'requirement.csv'}"]
        asked = staffing.read(
            parsed("api.commands.staff", [*words, *([f"--explain={at}", f"--queue={queue}"] if at else [])])
        )
    in_force = settings_of_table(asked.centre, asked.forecast)
    inputs = asked.forecast, asked.centre.settings, asked.holidays, asked.centre.backlog
    table = requirement_of(*inputs, calendar=asked.centre.calendar, in_force=in_force)
    lines: list[str] = []
    if asked.at is not None:
        settings = in_force.at_instant(asked.at)
        working = Working.of(
            asked.forecast, settings, asked.holidays, asked.centre.backlog, asked.centre.calendar
        )
        lines, _ = explained(table, working, asked.at, asked.queue, SPAN)
    zone = asked.centre.settings.centre.timezone
    local = table["interval_start"].dt.tz_convert(zone)
    shown = table.assign(
        day=local.dt.strftime("%Y-%m-%d"),
        time=local.dt.strftime("%H:%M"),
        at=[each.isoformat() for each in local],
    )
    return Needed(shown, zone.key, lines)


@contextmanager
def _folder(files: dict[str, bytes], forecast: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="paiban-") as place:
        for name, content in {**files, "forecast.csv": forecast}.items():
            (Path(place) / name).write_bytes(content)
        yield Path(place)


def _bars(rows: list[Any]) -> list[dict[str, Any]]:
    """A bar for each interval: place and height in the picture, and what it links to."""
    most = max((row["agents_to_roster"] for row in rows), default=0) or 1
    step = WIDTH / max(len(rows), 1)
    return [
        {
            "x": round(k * step, 2), "width": round(step - 1, 2), "height": round(HEIGHT * row["agents_to_roster"] / most, 2),
            "own": round(HEIGHT * row["agents_required"] / most, 2), "row": row,
        }
        for k, row in enumerate(rows)
    ]  # fmt: skip
