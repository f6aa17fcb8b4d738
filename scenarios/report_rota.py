"""The rota as a grid for reading: people by team, a cell a day, each shift a bar on the scale of the day that it starts on."""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from centre.instants import MINUTES_A_DAY, day_start, from_minutes, week_of
from centre.people import Agent
from scenarios.report_data import ReportData
from scenarios.report_words import Format
from scheduler.rota import Rota, activity_kind

HOUR = 60
COLOURS = 8  # shift kinds that look different in page.css


@dataclass(frozen=True, slots=True)
class Part:
    """What lies inside a bar: break, meal, meeting, training, backup or gap; left and width in percent of the bar."""

    kind: str
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A shift; left and width in percent of the cell."""

    left: float
    width: float
    label: str
    title: str
    colour: int
    parts: tuple[Part, ...]


@dataclass(slots=True)
class Cell:
    """One person's day."""

    bars: list[Bar] = field(default_factory=list)
    leave: bool = False


@dataclass(slots=True)
class Row:
    """One person: who, the cells of the days shown, paid minutes in them."""

    agent: Agent
    cells: list[Cell]
    paid: int = 0


@dataclass(frozen=True, slots=True)
class Column:
    """A day's heading: ``ticks`` are (percent, hour of the clock), ``midnight`` the percent at which the next day begins."""

    day: int
    starts_week: bool
    people: int
    ticks: tuple[tuple[float, str], ...]
    midnight: float | None


@dataclass(frozen=True, slots=True)
class Page:
    """At most seven days of the rota, people by team."""

    columns: list[Column]
    teams: list[tuple[str, list[Row]]]


@dataclass(frozen=True, slots=True)
class Scale:
    """The stretch of a day that cells show, in minutes elapsed since the day began; beyond 1440 lies the next day."""

    low: int
    high: int

    def percent(self, minutes: float) -> float:
        """Where a minute of the day lies in its cell."""
        return round(100 * (minutes - self.low) / (self.high - self.low), 2)


def rota_pages(data: ReportData, form: Format) -> list[Page]:
    """The rota of the horizon, seven days a page; people without a shift keep their row."""
    begins = {
        day: day_start(data.timezone, day) for day in range(data.first_day, data.first_day + data.days + 1)
    }
    scale = _scale(data.rota, begins)
    cells, paid = _cells(data, form, begins, scale)
    days = list(begins)[:-1]
    return [_page(data, days[at : at + 7], begins, scale, cells, paid) for at in range(0, len(days), 7)]


def _scale(rota: Rota, begins: dict[int, int]) -> Scale:
    duties = rota.duties
    inside = [i for i in range(len(duties)) if int(duties.day[i]) in begins]
    if not inside:
        return Scale(0, MINUTES_A_DAY)
    origin = np.array([begins[int(duties.day[i])] for i in inside])
    low, high = int((duties.start[inside] - origin).min()), int((duties.end[inside] - origin).max())
    return Scale(low // HOUR * HOUR, -(-high // HOUR) * HOUR)


Cells = dict[tuple[str, int], Cell]
Paid = dict[tuple[str, int], int]


def _cells(data: ReportData, form: Format, begins: dict[int, int], scale: Scale) -> tuple[Cells, Paid]:
    cells: Cells = defaultdict(Cell)
    paid: Paid = defaultdict(int)
    duties = data.rota.duties
    for i in range(len(duties)):
        day = int(duties.day[i])
        if day in begins:
            key = (data.rota.agent_ids[duties.agent[i]], day)
            cells[key].bars.append(_bar(data.rota, i, form, begins[day], scale))
            paid[key] += int(duties.paid[i])
    for row in np.flatnonzero(data.rota.is_kind("leave")):
        start, end = int(data.rota.start[row]), int(data.rota.end[row])
        for day, begin in begins.items():
            if start < begins.get(day + 1, begin) and end > begin:
                cells[data.rota.agent_ids[data.rota.agent[row]], day].leave = True
    return cells, paid


def _bar(rota: Rota, duty: int, form: Format, begin: int, scale: Scale) -> Bar:
    duties = rota.duties
    start, end = int(duties.start[duty]), int(duties.end[duty])
    left, right = scale.percent(start - begin), scale.percent(end - begin)
    parts, lines = [], []
    reached = start
    for row in range(int(duties.first[duty]), int(duties.last[duty])):
        a, b, activity = int(rota.start[row]), int(rota.end[row]), rota.activities[rota.activity[row]]
        if a > reached:
            parts.append(_part("gap", reached, a, start, end))
        if activity_kind(activity) not in ("work", "leave"):
            parts.append(_part(activity_kind(activity), a, b, start, end))
            lines.append(f"{form.activity(activity)} {form.span(a, b)}")
        reached = max(reached, b)
    shift = rota.shift_names[duties.shift[duty]]
    head = f"{form.day(int(duties.day[duty]))} {form.span(start, end)} · {shift} · {form.hours(int(duties.paid[duty]))}"
    return Bar(
        left, round(right - left, 2), form.clock(start), "\n".join([head, *lines]),
        int(duties.shift[duty]) % COLOURS, tuple(parts),
    )  # fmt: skip


def _part(kind: str, start: int, end: int, low: int, high: int) -> Part:
    known = kind if kind in ("break", "meal", "gap", "backup") else "gap" if kind == "split" else "other"
    return Part(
        known, round(100 * (start - low) / (high - low), 1), round(100 * (end - start) / (high - low), 1)
    )


def _page(
    data: ReportData, days: list[int], begins: dict[int, int], scale: Scale, cells: Cells, paid: Paid
) -> Page:
    teams: dict[str, list[Row]] = defaultdict(list)
    for agent in _people(data):
        keys = [(agent.agent_id, day) for day in days]
        teams[agent.team].append(
            Row(agent, [cells.get(k, Cell()) for k in keys], sum(paid.get(k, 0) for k in keys))
        )
    columns = [_column(data, day, begins, scale, cells) for day in days]
    return Page(columns, sorted(teams.items()))


def _people(data: ReportData) -> list[Agent]:
    known = {agent.agent_id for agent in data.agents}
    strangers = [Agent(i, i, "", "junior", (), "") for i in data.rota.agent_ids if i not in known]
    return sorted([*data.agents, *strangers], key=lambda a: (a.team, a.name, a.agent_id))


def _column(data: ReportData, day: int, begins: dict[int, int], scale: Scale, cells: Cells) -> Column:
    length = begins[day + 1] - begins[day]
    every = 3 if scale.high - scale.low <= 12 * HOUR else 4 if scale.high - scale.low <= 18 * HOUR else 6
    first = -(-scale.low // HOUR) * HOUR
    marks = [(m, from_minutes(begins[day] + m, data.timezone)) for m in range(first, scale.high, HOUR)]
    ticks = tuple(
        (scale.percent(m), f"{at:%H}")
        for m, at in marks
        if at.hour % every == 0 and at.minute == 0 and scale.percent(m) <= 90
    )
    people = sum(bool(cell.bars) for (_, at), cell in cells.items() if at == day)
    midnight = scale.percent(length) if scale.low < length < scale.high else None
    return Column(day, week_of(day, data.week_start) == day, people, ticks, midnight)
