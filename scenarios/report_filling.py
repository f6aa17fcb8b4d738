"""A finished plan as the data of its report."""

from math import isfinite

import pandas as pd

from centre.instants import from_timestamps
from centre.versions import latest_rows
from forecasts.models import baselines
from scenarios.cost_told import cost_told
from scenarios.figures import known
from scenarios.online import online_of
from scenarios.plan import Plan
from scenarios.report_data import (
    ForecastFacts,
    InputFile,
    Language,
    ReportData,
    RuleFact,
    SolverFacts,
)
from scenarios.rule_limits import limits_of
from scenarios.service_told import BOUND_IN_WORDS
from scenarios.shortfalls import shortfalls
from scenarios.versions import version_of
from scenarios.wishes import requests_result
from scheduler.backup import by_pool
from scheduler.files import violations_frame
from scheduler.rules.rule import Rule

HISTORY_DAYS = 63


def report_data(plan: Plan, language: Language) -> ReportData:
    """Everything that the report of a plan shows."""
    settings = plan.centre.settings
    return ReportData(
        centre=settings.centre.name, timezone=plan.grid.zone, first_day=plan.grid.first_day,
        days=plan.grid.days, interval_minutes=plan.grid.interval_minutes, queues=settings.queue,
        agents=plan.centre.agents, history=_recent(plan), forecast=plan.forecast,
        requirement=plan.requirement, coverage=plan.coverage, rota=by_pool(plan.rota),
        violations=typed_violations(violations_frame(plan.violations)),
        rules=tuple(_rule_fact(rule) for rule in plan.rules), cost=cost_told(plan),
        solver=_solver_facts(plan), forecast_facts=_forecast_facts(plan),
        shortfalls=tuple(shortfalls(plan, language)), shrinkage=settings.shrinkage,
        assumptions=_assumptions(plan), warnings=plan.warnings,
        inputs=tuple(InputFile(name, checksum) for name, checksum in plan.inputs.items()),
        levers=pd.DataFrame() if plan.levers is None else plan.levers.table,
        lever_facts=() if plan.levers is None else plan.levers.levers, backup_rounds=plan.backup_rounds,
        standby=pd.DataFrame() if plan.standby is None else plan.standby.windows,
        onboarding=plan.onboarding.table, onboarding_ramp=plan.onboarding.ramp,
        activities=pd.DataFrame() if plan.activities is None else plan.activities.sessions_table,
        activity_quota=pd.DataFrame() if plan.activities is None else plan.activities.quota_table,
        requests=requests_result(plan), online=online_of(plan), rule_prices=plan.rule_prices,
        currency=settings.centre.currency, week_start=settings.centre.week_start, language=language,
        version=version_of("paiban"),
    )  # fmt: skip


def typed_violations(table: pd.DataFrame) -> pd.DataFrame:
    """The table of ``violations.csv`` with instants (NaT where there is none) and numbers in place of
    text.
    """
    typed = {name: pd.to_datetime(table[name].replace("", None), utc=True) for name in ("from", "to")}
    return table.assign(
        **typed, **{name: pd.to_numeric(table[name].replace("", None)) for name in ("found", "limit")}
    )


def _recent(plan: Plan) -> pd.DataFrame:
    """The last weeks of history before the horizon."""
    history = latest_rows(plan.centre.history)
    instants = from_timestamps(history["interval_start"])
    keep = (instants < plan.grid.start) & (instants >= plan.grid.start - HISTORY_DAYS * 1440)
    return history.loc[keep, ["interval_start", "queue", "offered"]].reset_index(drop=True)


def _rule_fact(rule: Rule) -> RuleFact:
    limits = [f"{name.replace('_', ' ')} {value}" for name, value in limits_of(rule)]
    return RuleFact(rule.name, rule.words, ", ".join(limits), rule.source)


def _solver_facts(plan: Plan) -> SolverFacts:
    solution, limits = plan.solution, plan.limits
    limit = (
        f"{limits.seconds:g} s, effort {limits.effort}"
        if limits.seconds is not None
        else f"effort {limits.effort}"
    )
    return SolverFacts(
        solution.status, solution.objective, solution.bound, solution.gap,
        solution.objective - solution.fixed_cost, solution.seconds, solution.reproducible, limits.seed,
        limits.workers, limit, f"({BOUND_IN_WORDS})" if plan.service else "",
    )  # fmt: skip


def _forecast_facts(plan: Plan) -> tuple[ForecastFacts, ...]:
    report = plan.forecast_report
    if report is None:
        return ()
    yardsticks = tuple(model.name for model in baselines())
    return tuple(
        ForecastFacts(
            queue, model, {name: wape for name, wape in report.wape[queue].items() if isfinite(wape)},
            yardsticks, known(plan.held_back_wape.get(queue)), report.trials[queue],
        )
        for queue, model in report.model.items()
    )  # fmt: skip


def _assumptions(plan: Plan) -> tuple[str, ...]:
    """What the plan takes for granted."""
    notes = plan.centre.settings.centre.notes
    assumed = plan.forecast_report.aht_assumed if plan.forecast_report else []
    return (
        *([notes] if notes else []),
        *(f"queue {name}: its handle time is assumed" for name in assumed),
    )
