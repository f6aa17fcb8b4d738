"""A capacity plan as tables: each week by scenario, by group, by queue, and the hires; money, hours and people to two decimals."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from scenarios.capacity_plan import Planned, expected
from scheduler.capacity import hire_curves

DECIMALS = 2


def week_table(planned: Planned) -> pd.DataFrame:
    """``capacity.csv``: every week in every scenario, the whole centre."""
    problem, plan, counted = planned.problem, planned.best.plan, planned.best.counted
    by_week = {
        "headcount_start": counted.people.headcount.sum(axis=1),
        "hires": plan.hires.sum(axis=0),
        "leavers": counted.people.leavers.sum(axis=1),
        "productive_hours": counted.people.productive.sum(axis=1),
    }
    by_scenario = {
        "contacts": planned.capacity.contacts.sum(axis=2),
        "required_hours": problem.hours.sum(axis=2),
        "overtime_hours": plan.overtime.sum(axis=2),
        "backup_hours": plan.backup.sum(axis=(2, 3)),
        "short_hours": plan.short.sum(axis=2),
        "beyond_allowed_hours": counted.breach.sum(axis=2),
        "cost": counted.money,
        "shortage_cost": counted.shortage,
        "short_hours_without_hires": planned.nobody.plan.short.sum(axis=2),
        "cost_without_hires": planned.nobody.counted.money,
    }
    parts = [
        _weeks(planned) | {"scenario": name} | by_week | {key: values[s] for key, values in by_scenario.items()}
        for s, name in enumerate(problem.scenarios)
    ]  # fmt: skip
    order = ["week_start", "scenario", "contacts", "required_hours", *by_week, *list(by_scenario)[2:]]
    return pd.concat([pd.DataFrame(part) for part in parts], ignore_index=True)[order].round(DECIMALS)


def staff_table(planned: Planned) -> pd.DataFrame:
    """``staff.csv``: every week of every group; overtime is the expected one."""
    problem, plan, people = planned.problem, planned.best.plan, planned.best.counted.people
    overtime = expected(problem, plan.overtime)
    parts = []
    for g, group in enumerate(problem.groups):
        mine = [c for c, kind in enumerate(problem.classes) if kind.group == g]
        parts.append(
            _weeks(planned) | {
                "group": group.name, "contract": group.contract, "headcount_start": people.headcount[:, g],
                "hires": plan.hires[mine].sum(axis=0), "leavers": people.leavers[:, g],
                "productive_hours": people.productive[:, g], "overtime_hours": overtime[:, g],
                "wages": people.headcount[:, g] * group.weekly_hours * group.hourly_cost,
            }
        )  # fmt: skip
    return pd.concat([pd.DataFrame(part) for part in parts], ignore_index=True).round(DECIMALS)


def queue_table(planned: Planned) -> pd.DataFrame:
    """``queues.csv``: every week of every queue in every scenario; own hours are at the speed of who works them."""
    problem, plan = planned.problem, planned.best.plan
    parts = []
    for s, name in enumerate(problem.scenarios):
        for q, queue in enumerate(problem.queues):
            speeds = np.array([dict(group.skills).get(q, 0.0) for group in problem.groups])
            parts.append(
                _weeks(planned) | {
                    "scenario": name, "queue": queue, "contacts": planned.capacity.contacts[s, :, q],
                    "required_hours": problem.hours[s, :, q], "own_hours": plan.served[s, :, :, q] @ speeds,
                    "backup_hours": plan.backup[s, :, :, q].sum(axis=1), "short_hours": plan.short[s, :, q],
                }
            )  # fmt: skip
    return pd.concat([pd.DataFrame(part) for part in parts], ignore_index=True).round(DECIMALS)


HIRE_COLUMNS = (
    "decide_on", "starts_on", "trained_on", "class", "contract", "skills", "people", "classes", "hiring_cost", "wages",
    "saves", "overtime_hours_saved", "backup_hours_saved", "short_hours_saved", "beyond_allowed_hours_saved",
)  # fmt: skip


def hire_table(planned: Planned) -> pd.DataFrame:
    """``hires.csv``: who is hired when, in the order in which it has to be decided."""
    rows = sorted(_hires(planned), key=lambda row: (row["decide_on"], row["starts_on"], row["class"]))
    return pd.DataFrame(rows, columns=list(HIRE_COLUMNS)).round(DECIMALS)


def _hires(planned: Planned) -> Iterator[dict[str, Any]]:
    problem, starts, plan = planned.problem, planned.capacity.starts, planned.best.plan
    for worth in planned.worths:
        kind = problem.classes[worth.class_number]
        group, start = problem.groups[kind.group], starts[worth.week]
        paid, _ = hire_curves(problem, kind, worth.week)
        yield {
            "decide_on": start - timedelta(weeks=kind.lead_weeks), "starts_on": start,
            "trained_on": start + timedelta(weeks=kind.training_weeks), "class": kind.name, "contract": group.contract,
            "skills": ";".join(problem.queues[q] if v == 1 else f"{problem.queues[q]}:{v:g}" for q, v in group.skills),
            "people": worth.people, "classes": int(plan.class_count[worth.class_number, worth.week]),
            "hiring_cost": worth.people * kind.cost_per_hire,
            "wages": worth.people * float(paid.sum()) * group.weekly_hours * group.hourly_cost, "saves": worth.saves,
            "overtime_hours_saved": worth.overtime, "backup_hours_saved": worth.backup,
            "short_hours_saved": worth.short, "beyond_allowed_hours_saved": worth.beyond,
        }  # fmt: skip


def _weeks(planned: Planned) -> dict[str, Any]:
    return {"week_start": list(planned.capacity.starts)}
