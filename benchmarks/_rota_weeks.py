"""Contact-centre weeks of any size for the rota benchmarks: two shapes of demand, invented people, three queues that share them.

``bank``: 14 hours on five days, the average week of ``examples/us-bank-15min``. ``round-the-clock``: seven days of 24 hours, the average
week of the Denver series (``data``). Volumes are scaled to the team: agents to roster add up to `LOAD` of the hours that the team can work
after leave, breaks and what slower people give, so that some intervals fall short and some have too many, as in real weeks. Agents
required are Erlang A's in every quarter hour; unplanned shrinkage comes on top.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.instants import Grid, day_number, day_of, day_start, from_minutes, to_timestamps, weekday_of
from centre.model import (
    Break,
    CentreInfo,
    Contract,
    Opening,
    Queue,
    RuleSettings,
    Settings,
    ShiftTemplate,
    Shrinkage,
)
from centre.people import Agent
from scheduler.problem import RotaProblem, rota_problem
from scheduler.rules.facts import Facts, facts_of
from scheduler.rules.presets import rules_in_force
from scheduler.rules.rule import Rule
from scheduler.staffing.shrinkage import agents_to_roster
from scheduler.staffing.targets import required_agents

Shape = Literal["bank", "round-the-clock"]
Floats = NDArray[np.float64]
HERE = Path(__file__).parent
GRID_MINUTES = 15
QUEUES = ("service", "sales", "claims")
AHT_SECONDS = (240.0, 300.0, 360.0)
PATIENCE_SECONDS, UNPLANNED = 180.0, 0.06
LOAD = {"bank": 0.97, "round-the-clock": 1.05}
"""Of the hours that contracts mean. So a good rota leaves 1-2 % of agent-hours short: of the bank's nearly all on Mondays, which have most
calls while everybody with five days works every day, with some too many from Wednesday on; round the clock (where people with a day's leave
make up for it, and the last night reaches beyond the week) a little everywhere.
"""
ZONES = {"bank": ZoneInfo("America/New_York"), "round-the-clock": ZoneInfo("America/Denver")}
MONDAYS = {"bank": date(2003, 10, 6), "round-the-clock": date(2018, 9, 10)}
SKILL_SHARES = (0.5, 0.35, 0.15)
"""People with one, two and three skills."""


class Week(NamedTuple):
    """A week, or weeks, to be planned and what judges the rota."""

    problem: RotaProblem
    rules: list[Rule]
    facts: Facts
    settings: Settings
    agents: list[Agent]
    requirement: pd.DataFrame


def week(
    shape: Shape, agents: int, days: int = 7, seed: int = 1, start_step_minutes: int = GRID_MINUTES
) -> Week:
    """A week of this shape for so many people; the same arguments give the same week.

    Parameters
    ----------
    days : a multiple of 7; the first is a Monday
    seed : of the people, their leave and requests and of the demand's noise
    start_step_minutes : how far apart shifts start; 15 gives 96 starts a day round the clock
    """
    rng = np.random.default_rng([seed, agents, list(ZONES).index(shape)])
    settings = _settings(shape, agents, start_step_minutes)
    grid = Grid(ZONES[shape], day_number(MONDAYS[shape]), days, GRID_MINUTES)
    people = _people(settings, agents, rng)
    leave = _leave(people, grid, rng)
    before = _worked_before(people, settings, grid, rng) if shape == "round-the-clock" else None
    facts = facts_of(settings, people, leave, before, grid.first_day, days)
    hours = _hours(settings, people, leave, days)
    weather = np.random.default_rng([seed, list(ZONES).index(shape)])  # of days, alike for every size of team
    day_noise = np.exp(weather.normal(0.0, 0.04, days))
    needed = _requirement(shape, grid, LOAD[shape] * hours, settings, day_noise, rng)
    rules = list(rules_in_force(settings.rules, with_centre=True))
    requests = _requests(people, settings, grid, rng)
    problem = rota_problem(settings, people, needed, requests, rules, facts, grid)
    return Week(problem, rules, facts, settings, people, needed)


def _settings(shape: Shape, agents: int, step: int) -> Settings:
    """The centre: shifts and contracts by shape, rules by presets, minimum agents by the team's size."""
    least = max(1, agents // 100)
    always = Opening((0, 1, 2, 3, 4, 5, 6), 0, 1440)
    opening = Opening((0, 1, 2, 3, 4), 7 * 60, 21 * 60) if shape == "bank" else always
    queues = tuple(
        Queue(name, aht_seconds=aht, target_seconds=20.0, patience_seconds=PATIENCE_SECONDS,
              max_occupancy=0.88, minimum_agents=min(4, least), opening=(opening,))
        for name, aht in zip(QUEUES, AHT_SECONDS, strict=True)
    )  # fmt: skip
    shifts, contracts = _bank(step) if shape == "bank" else _round_the_clock(step)
    return Settings(
        CentreInfo(shape, ZONES[shape], interval_minutes=GRID_MINUTES),
        queues, shifts, contracts,
        shrinkage=Shrinkage(unplanned={"sickness": UNPLANNED}),
        rules=RuleSettings(("eu-wtd", "customer-service")),
    )  # fmt: skip


EIGHT = (Break(15, 90, 150), Break(30, 210, 285, paid=False, kind="meal"), Break(15, 345, 435))
TEN = (Break(15, 90, 165), Break(30, 240, 330, paid=False, kind="meal"), Break(15, 420, 540))
SIX, FOUR = (Break(15, 120, 225),), (Break(15, 90, 135),)


def _bank(step: int) -> tuple[tuple[ShiftTemplate, ...], tuple[Contract, ...]]:
    """Those of ``examples/us-bank``."""
    weekdays, opens, closes = (0, 1, 2, 3, 4), 7 * 60, 21 * 60
    lengths = {"5x8": (510, EIGHT), "4x10": (630, TEN), "5x6": (360, SIX), "5x4": (240, FOUR)}
    shifts = tuple(
        ShiftTemplate(name, opens, closes - minutes, minutes, step, weekdays, breaks)
        for name, (minutes, breaks) in lengths.items()
    )
    contracts = (
        Contract("full-time-5x8", 2400, 2400, 5, 5, ("5x8",), 21.0),
        Contract("four-day-4x10", 2400, 2400, 4, 4, ("4x10",), 21.5),
        Contract("part-time-5x6", 1800, 1800, 5, 5, ("5x6",), 20.0),
        Contract("part-time-5x4", 1200, 1200, 5, 5, ("5x4",), 19.5),
    )
    return shifts, contracts


BANDS = {"early": (0, 11 * 60), "late": (11 * 60, 19 * 60), "night": (19 * 60, 24 * 60)}


def _round_the_clock(step: int) -> tuple[tuple[ShiftTemplate, ...], tuple[Contract, ...]]:
    """Shifts of 8, 10 and 6 hours that start at any time of the day, named by the part of the day."""
    lengths = {"8": (510, EIGHT), "10": (630, TEN), "6": (360, SIX)}
    shifts = tuple(
        ShiftTemplate(f"{band}-{hours}", first, last - step, minutes, step, breaks=breaks)
        for hours, (minutes, breaks) in lengths.items()
        for band, (first, last) in BANDS.items()
    )
    eight, ten, six = (tuple(f"{band}-{hours}" for band in BANDS) for hours in lengths)
    contracts = (
        Contract("full-time-5x8", 2400, 2400, 5, 5, eight, 21.0),
        Contract("four-day-4x10", 2400, 2400, 4, 4, ten, 21.5),
        Contract("part-time-6", 1440, 1800, 4, 5, six, 20.0),
        Contract("part-time-3x8", 1440, 1440, 3, 3, eight, 20.0),
    )
    return shifts, contracts


def _people(settings: Settings, count: int, rng: np.random.Generator) -> list[Agent]:
    """People with one, two or three skills, some slower in those that are not their first."""
    contracts = rng.choice([c.name for c in settings.contract], size=count, p=[0.55, 0.2, 0.15, 0.1])
    work = _shares(np.array([12.0]))[:, 0] * np.array(AHT_SECONDS)
    first = rng.choice(3, size=count, p=work / work.sum())
    skills = rng.choice([1, 2, 3], size=count, p=SKILL_SHARES)
    slower = rng.random(count) < 0.3
    people = []
    for k in range(count):
        others = [int(q) for q in rng.permutation(3) if q != first[k]][: skills[k] - 1]
        own = [(QUEUES[first[k]], 1.0), *((QUEUES[q], 0.8 if slower[k] else 1.0) for q in sorted(others))]
        people.append(Agent(f"a{k:05d}", "", "", "intermediate", tuple(own), str(contracts[k])))
    return people


def _leave(people: list[Agent], grid: Grid, rng: np.random.Generator) -> pd.DataFrame:
    """In each week 2 % of people are away all week and 10 % on one weekday: about 4 % of days."""
    rows = []
    for first in range(grid.first_day, grid.first_day + grid.days, 7):
        for person, drawn, day in zip(
            people, rng.random(len(people)), rng.integers(0, 5, len(people)), strict=True
        ):
            if drawn < 0.12:
                away = (first, first + 7) if drawn < 0.02 else (first + int(day), first + int(day) + 1)
                rows.append((person.agent_id, *(from_minutes(day_start(grid.zone, edge)) for edge in away)))
    return pd.DataFrame(rows, columns=["agent_id", "start", "end"])


def _requests(people: list[Agent], settings: Settings, grid: Grid, rng: np.random.Generator) -> pd.DataFrame:
    """A quarter of people ask for something each week: seven in ten for a day off, the others for a shift."""
    contracts = {contract.name: contract for contract in settings.contract}
    open_days = settings.queue[0].opening[0].days
    rows = []
    for first in range(grid.first_day, grid.first_day + grid.days, 7):
        for person in people:
            if rng.random() < 0.25:
                day, kind = (
                    day_of(first + int(rng.choice(open_days))),
                    "off" if rng.random() < 0.7 else "on",
                )
                shift = "" if kind == "off" else str(rng.choice(contracts[person.contract].shifts))
                rows.append((person.agent_id, day, kind, shift, 1.0))
    return pd.DataFrame(rows, columns=["agent_id", "date", "kind", "shift", "weight"])


def _worked_before(
    people: list[Agent], settings: Settings, grid: Grid, rng: np.random.Generator
) -> pd.DataFrame:
    """A third of people worked on the Sunday before, from some time between 10:00 and 22:00 on, so that Monday is not free for them."""
    shifts = {shift.name: shift for shift in settings.shift}
    contracts = {contract.name: contract for contract in settings.contract}
    rows = []
    for person in people:
        if rng.random() < 1 / 3:
            step = settings.shift[0].start_step_minutes
            minute = 15 * int(rng.integers(40, 89)) // step * step
            names = contracts[person.contract].shifts
            name = next(n for n in names if shifts[n].earliest_start <= minute <= shifts[n].latest_start)
            start = day_start(grid.zone, grid.first_day - 1) + minute
            rows += _stretches(person.agent_id, day_of(grid.first_day - 1), start, shifts[name])
    return pd.DataFrame(rows, columns=["agent_id", "day", "start", "end", "activity", "shift", "paid"])


def _stretches(agent_id: str, day: date, start: int, shift: ShiftTemplate) -> Iterator[tuple[object, ...]]:
    """Rows of ``rota.csv`` for one shift with every break as early as it may be."""
    at = start
    for pause in shift.breaks:
        begin = start + pause.earliest_minutes
        for edges, activity, paid in (
            ((at, begin), "work:*", True),
            ((begin, begin + pause.minutes), pause.kind, pause.paid),
        ):
            yield agent_id, day, from_minutes(edges[0]), from_minutes(edges[1]), activity, shift.name, paid
        at = begin + pause.minutes
    yield (
        agent_id,
        day,
        from_minutes(at),
        from_minutes(start + shift.duration_minutes),
        "work:*",
        shift.name,
        True,
    )


def _hours(settings: Settings, people: list[Agent], leave: pd.DataFrame, days: int) -> float:
    """Agent-hours of effective work that the team has in ``days`` days: contracts less leave and paid breaks."""
    shifts = {shift.name: shift for shift in settings.shift}
    at_work = {
        c.name: (c.weekly_minutes_min + c.weekly_minutes_max) / 2
        * (1 - sum(b.minutes for b in shifts[c.shifts[0]].breaks if b.paid) / shifts[c.shifts[0]].paid_minutes)
        for c in settings.contract
    }  # fmt: skip
    part = {c.name: (c.days_min + c.days_max) / 2 for c in settings.contract}
    contract = {person.agent_id: person.contract for person in people}
    total = sum(at_work[person.contract] for person in people) * days / 7
    for agent_id, start, end in leave.itertuples(index=False):
        name, away = contract[agent_id], (end - start).days
        total -= at_work[name] * (1.0 if away > 1 else 1 / part[name])
    return total / 60


def _requirement(
    shape: Shape, grid: Grid, hours: float, settings: Settings, day_noise: Floats, rng: np.random.Generator
) -> pd.DataFrame:
    """Agents to roster in every open interval, their volumes scaled until they add up to ``hours`` agent-hours."""
    minute, weekday = grid.local_minutes(), np.array([weekday_of(day) for day in grid.local_days()])
    base = _profile(shape)[weekday, minute // GRID_MINUTES]
    noisy_days = day_noise[grid.local_days() - grid.first_day]
    calls = base * noisy_days * _shares(minute / 60) * np.exp(rng.normal(0.0, 0.03, (3, len(base))))
    floor = settings.queue[0].minimum_agents

    def needed(scale: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        fewest = required_agents(
            calls * scale * 60 / GRID_MINUTES, np.array(AHT_SECONDS)[:, None], 0.8, 20.0, PATIENCE_SECONDS,
            max_occupancy=0.88,
        )  # fmt: skip
        fewest = np.where(base > 0, np.maximum(fewest, floor), 0)
        return fewest, np.asarray(agents_to_roster(fewest, UNPLANNED))

    low, high = 0.0, 20.0 * hours / max(base.sum(), 1e-9)
    for _ in range(30):
        scale = (low + high) / 2
        low, high = (scale, high) if needed(scale)[1].sum() * GRID_MINUTES / 60 < hours else (low, scale)
    fewest, roster = needed(low)
    at = np.flatnonzero(base > 0)
    parts = [
        pd.DataFrame({
            "interval_start": to_timestamps(grid.starts[at]), "queue": name, "offered": calls[q, at] * low,
            "aht_seconds": AHT_SECONDS[q], "agents_required": fewest[q, at], "agents_to_roster": roster[q, at],
        })
        for q, name in enumerate(QUEUES)
    ]  # fmt: skip
    return pd.concat(parts).sort_values(["interval_start", "queue"], ignore_index=True)


def _shares(hour: Floats) -> Floats:
    """Each queue's share of contacts by hour of the day, shape (queues, intervals): sales swell late, claims early."""
    sales = 1.0 + 0.45 * np.sin((hour - 14) / 24 * 2 * np.pi)
    claims = 1.0 + 0.35 * np.sin((hour - 5) / 24 * 2 * np.pi)
    weights = np.stack([np.full_like(hour, 0.55), 0.28 * sales, 0.17 * claims])
    return np.asarray(weights / weights.sum(axis=0))


@cache
def _profile(shape: Shape) -> Floats:
    """Contacts of an average week by weekday and quarter hour, shape (7, 96)."""
    if shape == "bank":
        table = pd.read_csv(
            HERE.parent / "examples" / "us-bank-15min" / "history.csv", parse_dates=["interval_start"]
        )
        return _average_week(table["interval_start"], table["offered"], shape)
    table = pd.read_csv(HERE / "data" / "denver_911_ems_hourly_2011_2019.csv.gz")
    start = pd.to_datetime(table["interval_start"], utc=True)
    kept = (start >= "2016-01-01").to_numpy()
    hourly = _average_week(start[kept], table["offered"][kept], shape)[:, ::4].reshape(-1)
    middle = np.arange(-1, 169) + 0.5  # of hours; the week closes on itself
    around = np.concatenate([hourly[-1:], hourly, hourly[:1]])
    return np.interp((np.arange(672) + 0.5) / 4, middle, around).reshape(7, 96) / 4


def _average_week(start: "pd.Series[pd.Timestamp]", offered: "pd.Series[float]", shape: Shape) -> Floats:
    """Mean by weekday and quarter hour on the local clock, 0 where there is none."""
    local = start.dt.tz_convert(ZONES[shape])
    slot = local.dt.day_of_week * 96 + (local.dt.hour * 60 + local.dt.minute) // 15
    mean = offered.astype(float).groupby(slot.to_numpy()).mean()
    return mean.reindex(range(672)).fillna(0.0).to_numpy().reshape(7, 96)
