"""The results folder of a plan: its tables, ``plan.json`` and the report, written whole or not at all."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from centre.instants import day_of
from centre.writing import RESULT_MARK, result_folder, write_csv, write_text
from scenarios import figures
from scenarios.agreed import agreed, by_client
from scenarios.cost_told import mixes_told
from scenarios.onboarding_told import stages_json
from scenarios.online import online_of
from scenarios.peak_settings import curves_in_force, settings_of_table
from scenarios.plan import Plan
from scenarios.report import render_report
from scenarios.report_data import Language
from scenarios.report_filling import report_data
from scenarios.report_folder import write_report_source
from scenarios.service_told import target_json
from scenarios.text import json_text
from scenarios.versions import versions
from scenarios.wishes import requests_result
from scheduler.files import violations_frame
from scheduler.staffing.backlog import deferred_work
from scheduler.staffing.requirement import work_left

FORMAT = 1
DECIMALS = 6


def write_plan(plan: Plan, out: Path, language: Language = "en") -> None:
    """Write all results of a plan to the folder ``out``; raises `BadInput` where that is no place for
    them.
    """
    with result_folder(out) as folder:
        fill_folder(plan, folder, language)


def fill_folder(plan: Plan, folder: Path, language: Language = "en") -> None:
    """Write all results of a plan into a folder that is there."""
    if plan.forecast_report is not None:
        write_csv(folder / "forecast.csv", plan.forecast)
    write_csv(folder / "requirement.csv", plan.requirement)
    settings, backlog = plan.centre.settings, plan.centre.backlog
    in_force = plan.in_force or settings_of_table(plan.centre, plan.requirement)
    write_csv(folder / "curves.csv", _rounded(curves_in_force(plan.requirement, in_force)))
    if any(queue.deferred for queue in settings.queue):
        write_csv(folder / "deferred.csv", _rounded(deferred_work(plan.requirement, settings, backlog)))
        agents = plan.coverage["agents_effective"]
        write_csv(folder / "backlog.csv", _rounded(work_left(plan.requirement, agents, settings, backlog)))
    write_csv(folder / "agreed.csv", agreed(plan))
    if plan.levers is not None:
        write_csv(folder / "levers.csv", plan.levers.table)
    if plan.activities is not None:
        write_csv(folder / "activities.csv", plan.activities.sessions_table)
        write_csv(folder / "activity_quota.csv", plan.activities.quota_table)
    if plan.standby is not None:
        write_csv(folder / "standby.csv", plan.standby.windows)
        write_csv(folder / "standby_intervals.csv", plan.standby.intervals)
    if plan.onboarding.planned:
        write_csv(folder / "onboarding.csv", plan.onboarding.table)
        write_csv(folder / "onboarding_ramp.csv", plan.onboarding.ramp)
    write_csv(folder / "rota.csv", plan.rota.to_frame())
    write_csv(folder / "coverage.csv", plan.coverage)
    write_csv(folder / "online.csv", online_of(plan))
    if len(plan.centre.requests) and plan.problem is not None:
        write_csv(folder / "requests_result.csv", requests_result(plan))
    write_csv(folder / "violations.csv", violations_frame(plan.violations))
    data = report_data(plan, language)
    write_report_source(data, folder)
    write_text(folder / "report.html", render_report(data))
    write_text(folder / RESULT_MARK, json_text(plan_json(plan)))


def _rounded(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its numbers as they are written."""
    return table.round(dict.fromkeys(table.select_dtypes("number").columns, DECIMALS))


def plan_json(plan: Plan) -> dict[str, Any]:
    """What ``plan.json`` holds. Of people it names nothing but agent_ids."""
    solution, limits = plan.solution, plan.limits
    return {
        "format": FORMAT,
        "centre": plan.centre.settings.centre.name,
        "timezone": plan.grid.zone.key,
        "start": day_of(plan.grid.first_day).isoformat(),
        "days": plan.grid.days,
        "interval_minutes": plan.grid.interval_minutes,
        "inputs": plan.inputs,
        "settings": {
            "presets": list(plan.centre.settings.rules.presets),
            "overrides": plan.centre.settings.rules.overrides,
            "pay": plan.centre.settings.rules.pay,
            "pay_figures": plan.centre.settings.rules.pay_figures,
            "objective": asdict(plan.centre.settings.objective),
            "mix": [asdict(mix) for mix in plan.centre.settings.mix],
            "effort": limits.effort,
            "seconds": limits.seconds,
            "gap_asked": limits.gap,
        },
        "seed": limits.seed,
        "workers": limits.workers,
        "versions": versions(),
        "times": {"written_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", "seconds": plan.seconds},
        "status": solution.status,
        "reproducible": solution.reproducible,
        "cost": {name: round(amount, 4) for name, amount in solution.cost.items()},
        "mixes": [asdict(mix) for mix in mixes_told(plan)],
        "currency": plan.centre.settings.centre.currency,
        "pay_by_class": figures.pay_by_class(plan),
        "objective": figures.known(solution.objective),
        "bound": figures.known(solution.bound),
        "fixed_cost": figures.known(solution.fixed_cost),
        "controllable_cost": figures.known(solution.objective - solution.fixed_cost),
        "gap": figures.known(solution.gap),
        "gap_definition": figures.GAP_IN_WORDS,
        "forecast": figures.forecast_errors(plan),
        "held_back_wape": {name: figures.known(value) for name, value in plan.held_back_wape.items()},
        "service": figures.total_service(plan) | {"by_day": figures.daily_service(plan)},
        "service_target": None if plan.service is None else target_json(plan.service),
        "agreed": by_client(plan),
        "standby": None
        if plan.standby is None
        else {
            "people_and_windows": len(plan.standby.windows),
            "paths": plan.standby.paths,
            "expected_cost": figures.known(plan.standby.cost),
            "expected_shortage_saved": figures.known(plan.standby.saved),
        },
        "backup_rounds": [asdict(each) | {"cost": each.cost} for each in plan.backup_rounds],
        "levers": [] if plan.levers is None else [asdict(lever) for lever in plan.levers.levers],
        "onboarding": stages_json(plan.onboarding.planned),
        "activities": None if plan.activities is None else plan.activities.told,
        "leave_quotas": [asdict(each) | {"day": each.day.isoformat()} for each in plan.leave_quotas],
        "violations": figures.verdicts(plan),
        "clashes": [asdict(clash) for clash in solution.clashes],
        "rule_prices": [asdict(price) for price in plan.rule_prices],
        "warnings": list(plan.warnings),
    }
