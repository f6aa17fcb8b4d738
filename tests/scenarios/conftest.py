"""The example `small` with its first six people, and a solver that takes no time."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

import scenarios
import scenarios.plan
from centre.folder import Centre, read_centre
from centre.instants import Grid, day_number, day_of, format_instant, to_timestamps, weekday_of
from scenarios.demand import holidays_of, horizon
from scenarios.forecasting import Demand, forecast_of
from scenarios.plan import Plan, plan
from scheduler.problem import RotaProblem
from scheduler.rota import COLUMNS, Rota
from scheduler.rules.primitives import ForbiddenDay, ForbiddenTime
from scheduler.shifts import CandidateShift
from scheduler.solution import Limits, Solution
from tests.effort import search_little

SMALL = Path(scenarios.__file__).parent / "examples" / "small"
AUTUMN = date(2025, 9, 22)
AUTUMN_FILES = {
    "events.csv": """name,phase,start,end,queues,kind,uplift
sale,peak,2025-06-18,2025-06-20,,campaign,
sale,peak,2025-10-16,2025-10-17,,campaign,
billing,,2025-10-14T10:00,2025-10-14T12:00,calls,billing,0.5
offer,,2025-10-16T18:00,2025-10-16T20:00,,campaign,0.3
""",
    "overrides.csv": """start,end,queue,kind,value,reason,author
2025-10-15T10:00,2025-10-15T12:00,calls,multiply,1.2,newsletter,王芳
2025-10-15T11:00,2025-10-15T11:30,calls,add,5,second newsletter,李雷
""",
    "day_totals.csv": """date,queue,offered,source
2025-10-15,calls,900,budget
""",
}  # invented
START = date(2026, 2, 23)


class Autumn(NamedTuple):
    """A centre and its forecast, which hypothesis need not print."""

    centre: Centre
    demand: Demand

    def __repr__(self) -> str:
        return "autumn"


class EarliestShifts:
    """Everybody works the first shift of the first days that leave and contract allow; ``asked`` keeps the problem."""

    def __init__(self, days: int = 5) -> None:
        self.days = days
        self.asked: list[tuple[RotaProblem, Limits]] = []

    def __call__(
        self, problem: RotaProblem, limits: Limits, progress: Callable[[str], None], start: Rota | None = None
    ) -> Solution:
        self.asked.append((problem, limits))
        rows = [
            row
            for k in range(len(problem.people))
            for shift in self._line(problem, k)
            for row in _rows(problem, k, shift)
        ]
        table = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"paid": bool})
        for name in ("start", "end"):
            table[name] = to_timestamps(table[name].to_numpy(dtype="int64"))
        cost = {
            "pay": 900.0,
            "overtime": 0.0,
            "shortage": 80.0,
            "surplus": 20.0,
            "requests": 0.0,
            "below_minimum": 0.0,
        }
        return Solution("feasible", Rota.from_frame(table), cost, 1000.0, 950.0, 800.0, 0.25, True, 0.1)

    def _line(self, problem: RotaProblem, person: int) -> Iterator[CandidateShift]:
        primitives = problem.people[person].primitives
        away = [(p.start, p.end) for p in primitives if isinstance(p, ForbiddenTime)]
        closed = {p.day for p in primitives if isinstance(p, ForbiddenDay)}
        taken: set[int] = set()
        for shift in problem.shifts:
            free = all(shift.end <= start or shift.start >= end for start, end in away)
            if free and shift.day not in taken | closed and len(taken) < self.days:
                taken.add(shift.day)
                yield shift


def _rows(problem: RotaProblem, person: int, shift: CandidateShift) -> Iterator[tuple[object, ...]]:
    agent_id, at = problem.people[person].agent_id, shift.start

    def row(start: int, end: int, activity: str, paid: bool) -> tuple[object, ...]:
        return agent_id, day_of(shift.day), start, end, activity, shift.template.name, paid

    for rest in shift.template.breaks:
        start = shift.start + rest.earliest_minutes
        yield row(at, start, "work:*", True)
        yield row(start, start + rest.minutes, rest.kind, rest.paid)
        at = start + rest.minutes
    yield row(at, shift.end, "work:*", True)


@pytest.fixture(scope="session", autouse=True)
def little_search() -> None:
    """See `tests.effort`."""
    search_little()


@pytest.fixture(scope="session")
def centre() -> Centre:
    whole = read_centre(SMALL)
    return replace(whole, agents=tuple(agent for agent in whole.agents if agent.agent_id <= "A006"))


@pytest.fixture
def solver(monkeypatch: pytest.MonkeyPatch) -> EarliestShifts:
    """The solver that takes no time, in place of ours."""
    fake = EarliestShifts()
    monkeypatch.setattr(scenarios.plan, "solve", fake)
    return fake


@pytest.fixture
def quick(centre: Centre, solver: EarliestShifts) -> Plan:
    """A week planned by that solver."""
    return plan(centre, START, 7, Limits(effort=1))


@pytest.fixture(scope="session")
def solved(centre: Centre) -> Plan:
    """A week planned by our own solver."""
    return plan(centre, START, 7, Limits(effort=1, workers=1))


@pytest.fixture(scope="session")
def autumn(tmp_path_factory: pytest.TempPathFactory) -> Autumn:
    """Four weeks over China's National Day of a centre with events, a day's total and overrides, after a year."""
    folder = tmp_path_factory.mktemp("autumn")
    for name in ("centre.toml", "agents.csv"):
        shutil.copyfile(SMALL / name, folder / name)
    for name, text in AUTUMN_FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    grid = Grid(ZoneInfo("Asia/Shanghai"), day_number(AUTUMN) - 364, 364, 30)
    hour = grid.local_minutes() / 60
    hump = np.where((hour >= 8) & (hour < 22), 0.2 + np.sin(np.pi * (hour - 8) / 14), 0.0)
    factor = np.array([(1.3, 1.1, 1.0, 0.9, 0.9, 0.5, 0.4)[weekday_of(day)] for day in grid.local_days()])
    random = np.random.default_rng(7)
    lines = ["interval_start,queue,offered,aht_seconds"]
    for queue, peak in (("calls", 30.0), ("chat", 6.0)):
        came = random.poisson(peak * hump * factor)
        rows = zip(grid.starts[hump > 0], came[hump > 0], strict=True)
        lines += [f"{format_instant(at)},{queue},{n},{200 if n else ''}" for at, n in rows]
    (folder / "history.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    centre = read_centre(folder)
    asked = horizon(centre.settings, AUTUMN, 28)
    return Autumn(centre, forecast_of(centre, asked, holidays_of(centre, asked)))
