"""What a plan says of new starters: sentences on what is assumed and what was changed, and the table of their days."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from centre.instants import Grid, day_of
from centre.onboarding import Onboarding
from scheduler.onboarding_lines import Line
from scheduler.rota import Rota
from scheduler.rules.shared.starters import SERVES
from scheduler.stages import EXAM, INDEPENDENT, INDUCTION, MENTORED, OPEN_END, Starter

COLUMNS = (
    *("agent_id", "day", "stage", "assumed", "mentor", "doing", "shift", "speed"),
    *("queue_minutes", "effective_minutes", "exam"),
)
DOING = {"off": "off", "training": "training", "beside": "beside the mentor"}
ON_THEIR_OWN = "the mentor's shift, on their own"


def sentences(lines: Sequence[Line], starters: Sequence[Starter], rota: Rota, grid: Grid) -> Iterator[str]:
    """What is assumed of each starter, what is overdue, and days that were changed for a rule."""
    end = grid.first_day + grid.days
    for starter in starters:
        for exam in starter.exams:
            if exam.overdue:
                yield (
                    f"onboarding: the {exam.name} of {starter.agent_id} is overdue: the stage {exam.stage} has had its length and"
                    " passes.csv has no result"
                )
            if exam.day < end:
                again = ", taken again after a failure" if exam.again else ""
                yield (
                    f"onboarding: {starter.agent_id} is assumed to pass the {exam.name} on {day_of(exam.day)}{again}, so"
                    f" {_after(starter, exam.stage)} from {day_of(exam.day + 1)}; passes.csv has no pass yet"
                )
    for line in lines:
        alike = groupby(line.changed, key=lambda each: each[1:])
        for (before, after, rules), days in alike:
            told = ", ".join(str(day_of(each[0])) for each in days)
            yield f"onboarding: {line.starter.agent_id}: {told} {_changed(before, after)} ({rules})"
        if line.left:
            yield (
                f"onboarding: no line of {line.starter.agent_id} was found that keeps all rules; broken are still"
                f" {', '.join(line.left)}"
            )


def _after(starter: Starter, stage: str) -> str:
    if stage == INDUCTION and any(span[0] == MENTORED for span in starter.stages):
        return f"beside {starter.mentor}"
    return INDEPENDENT


def _changed(before: str, after: str) -> str:
    words = {
        ("beside", "off"): "off, though the mentor works",
        ("beside", "training"): "a training day in place of the mentor's shift",
        ("training", "off"): "off in place of a training day",
        ("off", "training"): "a training day, the mentor does not work",
    }
    return words.get((before, after), f"{DOING[after]} in place of {DOING[before]}")


def table_of(
    rota: Rota, lines: Sequence[Line], starters: Sequence[Starter], by: Onboarding, grid: Grid
) -> pd.DataFrame:
    """The rows of ``onboarding.csv``: every starter and day employed."""
    by_id, rows = {starter.agent_id: starter for starter in starters}, list[dict[str, Any]]()
    for line in lines:
        starter = by_id[line.starter.agent_id]
        for day in range(grid.first_day, grid.first_day + grid.days):
            stage = starter.stage_on(day)
            if stage is not None:
                rows.append(_row(rota, starter, day, stage, line.days.get(day, "off"), by))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.sort_values(["agent_id", "day"], kind="stable", ignore_index=True)


def _row(rota: Rota, starter: Starter, day: int, stage: str, kind: str, by: Onboarding) -> dict[str, Any]:
    here = np.zeros(len(rota), dtype=bool)
    if starter.agent_id in rota.agent_ids:
        here = (rota.agent == rota.agent_ids.index(starter.agent_id)) & (rota.day == day)
    queue = here & rota.is_kind(*SERVES)
    minutes, speed = int((rota.end - rota.start)[queue].sum()), starter.speed_on(day, by)
    names = sorted({rota.shift_names[code] for code in rota.shift[here]})
    exams = sorted(
        {rota.activities[k].removeprefix(EXAM) for k in rota.activity[here & rota.is_kind("exam")]}
    )
    on_own = kind == "beside" and stage == INDEPENDENT
    return {
        "agent_id": starter.agent_id,
        "day": day_of(day),
        "stage": stage,
        "assumed": starter.is_assumed(day),
        "mentor": starter.mentor if stage == MENTORED else "",
        "doing": ON_THEIR_OWN if on_own else DOING[kind],
        "shift": ", ".join(names),
        "speed": speed,
        "queue_minutes": minutes,
        "effective_minutes": round(minutes * speed, 2),
        "exam": ", ".join(exams),
    }


def stages_json(starters: Sequence[Starter]) -> list[dict[str, Any]]:
    """What ``plan.json`` says of starters: stages with their dates, whether those rest upon assumed passes, exams to come."""
    return [
        {
            "agent_id": starter.agent_id,
            "mentor": starter.mentor,
            "stages": [
                {
                    "stage": stage,
                    "first_day": day_of(first).isoformat(),
                    "last_day": None if last >= OPEN_END else day_of(last).isoformat(),
                    "begins_assumed": starter.is_assumed(first),
                    "ends_assumed": last < OPEN_END and starter.is_assumed(last + 1),
                }
                for stage, first, last in starter.stages
            ],
            "exams": [
                {
                    "exam": exam.name,
                    "assumed_pass": day_of(exam.day).isoformat(),
                    "overdue": exam.overdue,
                    "again": exam.again,
                }
                for exam in starter.exams
            ],
        }
        for starter in starters
    ]
