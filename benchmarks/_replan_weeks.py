"""Solved weeks of `_rota_weeks` for the benchmarks of the day: made once, then kept in the temporary folder of the machine."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from _rota_weeks import Shape, Week, week

from centre.folder import read_rota
from centre.instants import to_timestamps
from centre.model import Opening, Overtime, Settings
from centre.writing import write_csv
from scheduler.rota import Rota
from scheduler.rules.presets import rules_in_force
from scheduler.solution import Limits
from scheduler.solve import solve

EFFORT = 6
OVERTIME = Overtime(weekly_minutes=300, multiplier=1.5)


def solved_week(shape: Shape, agents: int, seed: int = 1, overtime: bool = False) -> tuple[Week, Rota]:
    """A week, and a rota of it; with ``overtime`` every contract then agrees to five hours of it, of which the rota has none yet."""
    asked = week(shape, agents, seed=seed)
    path = Path(tempfile.gettempdir()) / f"paiban-replan-{shape}-{agents}-{seed}.csv"
    if not path.exists():
        write_csv(path, solve(asked.problem, Limits(effort=EFFORT, seconds=None, workers=2)).rota.to_frame())
    rota = Rota.from_frame(read_rota(path, asked.settings.centre.timezone))
    return (with_overtime(asked) if overtime else asked), rota


def with_overtime(asked: Week) -> Week:
    """The week with overtime agreed in every contract."""
    contracts = {c.name: replace(c, overtime=OVERTIME) for c in asked.settings.contract}
    settings = replace(asked.settings, contract=tuple(contracts.values()))
    people = {
        name: replace(person, contract=contracts[person.contract_name])
        for name, person in (asked.facts.people or {}).items()
    }
    rules = list(rules_in_force(settings.rules, with_centre=True))
    return asked._replace(settings=settings, facts=replace(asked.facts, people=people), rules=rules)


def command_seconds(week: Week, rota: Rota, now: str, gone: list[str]) -> list[tuple[str, float]]:
    """How long the commands take for a week, start-up and reading included: a repair, an offer, an exchange."""
    with tempfile.TemporaryDirectory() as place:
        centre, plan, out = (Path(place) / name for name in ("centre", "plan", "out"))
        _write(week, rota, centre, plan)
        day = now.partition("T")[0]
        duties = rota.duties
        inside = np.flatnonzero(duties.day == (pd.Timestamp(day) - pd.Timestamp(0)).days)
        one, other = (rota.agent_ids[duties.agent[k]] for k in inside[[0, -1]])
        both = ["swap", centre, "--rota", plan, "--give", f"{one}:{day}"]
        absent = [word for name in gone for word in ("--absent", name)]
        asked = {
            "replan": ["replan", centre, "--rota", plan, "--now", now, *absent, "--out", out],
            "swap, an offer": both,
            "swap, an exchange": [*both, "--with", other],
        }
        return [(name, _seconds(words)) for name, words in asked.items()]


def _seconds(words: list[object]) -> float:
    began = time.perf_counter()
    told = subprocess.run(
        [sys.executable, "-m", "api.cli", *map(str, words)], capture_output=True, text=True, check=False
    )
    if told.returncode > 1:
        raise RuntimeError(told.stderr)
    return time.perf_counter() - began


def _write(week: Week, rota: Rota, centre: Path, plan: Path) -> None:
    """The week as a centre folder, and a results folder of its rota."""
    centre.mkdir()
    plan.mkdir()
    (centre / "centre.toml").write_text("\n".join(_toml(week.settings)), encoding="utf-8")
    write_csv(plan / "rota.csv", rota.to_frame())
    write_csv(plan / "requirement.csv", week.requirement)
    history = week.requirement[["interval_start", "queue", "offered", "aht_seconds"]]
    write_csv(centre / "history.csv", history)
    people = [
        (a.agent_id, "", "", a.level, ";".join(f"{q}:{s:g}" for q, s in a.skills), a.contract)
        for a in week.agents
    ]
    columns = ["agent_id", "name", "team", "level", "skills", "contract"]
    write_csv(centre / "agents.csv", pd.DataFrame(people, columns=columns))
    away = [
        (name, *(to_timestamps(np.array(span))))
        for name, person in (week.facts.people or {}).items()
        for span in person.leave
    ]
    leave = pd.DataFrame(away, columns=["agent_id", "start", "end"])
    write_csv(centre / "leave.csv", leave.assign(kind="leave"))
    if week.facts.before is not None:
        write_csv(centre / "rota_before.csv", week.facts.before.to_frame())


def _toml(settings: Settings) -> Iterator[str]:
    info = settings.centre
    yield f'[centre]\nname = "{info.name}"\ntimezone = "{info.timezone.key}"\ninterval_minutes = {info.interval_minutes}'
    for queue in settings.queue:
        yield (
            f'[[queue]]\nname = "{queue.name}"\naht_seconds = {queue.aht_seconds}\ntarget_seconds = {queue.target_seconds}\n'
            f"patience_seconds = {queue.patience_seconds}\nmax_occupancy = {queue.max_occupancy}\n"
            f"minimum_agents = {queue.minimum_agents}\nopening = [{', '.join(_opening(each) for each in queue.opening)}]"
        )
    for shift in settings.shift:
        breaks = ", ".join(
            f"{{ minutes = {b.minutes}, earliest_minutes = {b.earliest_minutes}, latest_minutes = {b.latest_minutes}, "
            f'paid = {str(b.paid).lower()}, kind = "{b.kind}", step_minutes = {b.step_minutes} }}'
            for b in shift.breaks
        )
        yield (
            f'[[shift]]\nname = "{shift.name}"\nearliest_start = "{_clock(shift.earliest_start)}"\n'
            f'latest_start = "{_clock(shift.latest_start)}"\nstart_step_minutes = {shift.start_step_minutes}\n'
            f"duration_minutes = {shift.duration_minutes}\ndays = [{_days(shift.days)}]\nbreaks = [{breaks}]"
        )
    for c in settings.contract:
        names = ", ".join(f'"{name}"' for name in c.shifts)
        yield (
            f'[[contract]]\nname = "{c.name}"\nweekly_minutes_min = {c.weekly_minutes_min}\n'
            f"weekly_minutes_max = {c.weekly_minutes_max}\ndays_min = {c.days_min}\ndays_max = {c.days_max}\n"
            f"shifts = [{names}]\nhourly_cost = {c.hourly_cost}\n"
            f"overtime = {{ weekly_minutes = {c.overtime.weekly_minutes}, multiplier = {c.overtime.multiplier} }}"
        )
    lost = ", ".join(f"{name} = {share}" for name, share in settings.shrinkage.unplanned.items())
    yield f"[shrinkage]\nunplanned = {{ {lost} }}"
    yield f"[rules]\npresets = [{', '.join(repr(name) for name in settings.rules.presets)}]\n"


def _opening(hours: Opening) -> str:
    return f'{{ days = [{_days(hours.days)}], opens = "{_clock(hours.opens)}", closes = "{_clock(hours.closes)}" }}'


def _days(days: tuple[int, ...]) -> str:
    return ", ".join(f'"{("mon", "tue", "wed", "thu", "fri", "sat", "sun")[day]}"' for day in days)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
