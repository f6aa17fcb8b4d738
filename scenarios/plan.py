"""The chain on one page: history -> forecast -> requirement -> rota problem -> rota -> violations, coverage,
cost.

`plan` runs all of it, `rota_plan` from a requirement on. A what-if is an edit of the inputs followed by the
same chain.
"""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import date

import pandas as pd

from centre.folder import Centre
from centre.instants import Grid
from centre.pattern_checks import longer_than
from forecasts import ForecastReport
from scenarios.activities import Activities, placed_activities
from scenarios.asked import asked_of
from scenarios.backup_rounds import ROUND_SHARE, judged_by_triggers, shared_limits
from scenarios.demand import holidays_of, horizon, requirement_of, unplanned_queues
from scenarios.forecasting import FORECAST_COLUMNS, forecast_of, held_back_wape, path_table
from scenarios.leave_quotas import OverQuota
from scenarios.levers import Levers, priced_levers
from scenarios.onboarding import (
    Onboarded,
    after_solve,
    as_planned,
    by_phases,
    finished,
    with_stages,
)
from scenarios.peak_settings import SettingsInForce, check_over_days, settings_in_force
from scenarios.requirement_table import intervals_without_row
from scenarios.rounds import Round
from scenarios.service_target import solve_to_target
from scenarios.service_told import ServiceTarget, target_sentences
from scenarios.standby import Standby, standby
from scheduler.audit import audit
from scheduler.backup import as_call_outs, of_employees
from scheduler.coverage import coverage
from scheduler.frozen import beside_others, with_others_kept
from scheduler.onboarding_apart import kept_beside
from scheduler.pay.laws import law_in_force
from scheduler.pay.lines import Pay, pay_lines
from scheduler.problem import RotaProblem
from scheduler.rota import Rota
from scheduler.rules.facts import Facts
from scheduler.rules.presets import rules_in_force
from scheduler.rules.rule import Rule, Violation
from scheduler.solution import Limits, RulePrice, Solution
from scheduler.solve import solve
from scheduler.terms import CoverPrices

Progress = Callable[[str], None]
STAMPS = "datetime64[s, UTC]"
STANDBY_PATHS = 30
"""Ways that demand may go by which standing by is planned."""


@dataclass(frozen=True, eq=False)
class Plan:
    """A finished plan: every table of the chain, what is proven, and how it came about.

    Parameters
    ----------
    forecast : columns of ``forecast.csv``; no rows where the plan began with a requirement, as
        ``forecast_report`` is then None
    held_back_wape : error of the forecast on history inside the horizon, which it did not see, by queue
    seconds : how long each step took, by name
    inputs : SHA-256 of every file that was read, by name
    pay : the rota's paid time by the pay law in force; None where the centre names none
    problem : what was asked of the solver
    rule_prices : what rules cost, where that was asked for
    service : how a target over days or weeks was met; None where every interval has its own
    backup_rounds : how planning and the triggers of backup took turns
    standby : who stands by; None where no pool pays for that
    in_force : the settings of each interval, where peaks change them
    leave_quotas : days on which more are on leave than may be
    levers : what each lever is worth; None where the centre has no peaks or no forecast is known
    activities : time off the queue in the rota; None where the centre asks for none
    onboarding : what new starters do and what of it is assumed
    """

    centre: Centre
    grid: Grid
    limits: Limits
    rules: tuple[Rule, ...]
    facts: Facts
    requirement: pd.DataFrame
    solution: Solution
    violations: tuple[Violation, ...]
    coverage: pd.DataFrame
    forecast: pd.DataFrame
    forecast_report: ForecastReport | None
    held_back_wape: dict[str, float]
    seconds: dict[str, float]
    inputs: dict[str, str]
    warnings: tuple[str, ...]
    pay: Pay | None = None
    problem: RotaProblem | None = None
    rule_prices: tuple[RulePrice, ...] = ()
    service: ServiceTarget | None = None
    backup_rounds: tuple[Round, ...] = ()
    standby: Standby | None = None
    in_force: SettingsInForce | None = None
    leave_quotas: tuple[OverQuota, ...] = ()
    levers: Levers | None = None
    activities: Activities | None = None
    onboarding: Onboarded = field(default_factory=Onboarded)

    @property
    def rota(self) -> Rota:
        """The rota."""
        return self.solution.rota

    @property
    def breaches(self) -> list[Violation]:
        """The rules that the rota breaks."""
        return [violation for violation in self.violations if violation.verdict == "breach"]

    @property
    def has_findings(self) -> bool:
        """Whether a rule is broken, or rules, contracts and minimum cover clash."""
        return self.solution.status == "clash" or bool(self.breaches)


def plan(
    centre: Centre,
    start: date,
    days: int,
    limits: Limits,
    progress: Progress = lambda _: None,
    *,
    warm: Rota | None = None,
    only: Collection[str] | None = None,
) -> Plan:
    """Plan a centre's ``days`` local days from ``start``, from its history to an audited rota.

    Parameters
    ----------
    warm : a rota that the search starts from
    only : who is planned; everybody else works as the centre's earlier rota says. None: everybody

    Raises
    ------
    BadInput
        with every fault of settings and history that stands in the way.
    Stopped
        where limits ended the work before there was a rota.
    """
    grid = horizon(centre.settings, start, days)
    rules_in_force(centre.settings.rules, with_centre=True)  # its faults before any work is done
    law_in_force(centre.settings.rules)
    in_force = settings_in_force(centre, grid)
    check_over_days(in_force)
    holidays, clock = holidays_of(centre, grid), _Clock(progress)
    clock.next("forecast", "forecast from the history")
    demand = forecast_of(centre, grid, holidays)
    forecast, report = demand.table, demand.report
    clock.next("requirement", "agents required per interval")
    needed = requirement_of(
        forecast, centre.settings, holidays, centre.backlog, calendar=centre.calendar, in_force=in_force
    )
    levers = None
    if centre.settings.peak:
        clock.next("levers", "what the levers are worth")
        levers = priced_levers(centre, grid, forecast, holidays)
    seconds = clock.stop()  # the steps from here on are timed by rota_plan
    made = rota_plan(centre, needed, start, days, limits, progress, forecast, warm=warm, only=only)
    made = replace(made, forecast=forecast)
    if any(pool.standby_hourly_cost for pool in centre.settings.backup):
        clock.next("standby", "who stands by")
        ways = path_table(demand, STANDBY_PATHS, limits.seed)
        made = replace(made, standby=standby(made, ways, shared_limits(limits, ROUND_SHARE)))
        seconds |= clock.stop()
    return replace(
        made,
        forecast_report=report,
        held_back_wape=held_back_wape(centre, forecast, grid, report.history.interval_minutes),
        seconds=seconds | made.seconds,
        warnings=(*report.warnings, *made.warnings),
        levers=levers,
    )


def rota_plan(
    centre: Centre,
    requirement: pd.DataFrame,
    start: date,
    days: int,
    limits: Limits,
    progress: Progress = lambda _: None,
    forecast: pd.DataFrame | None = None,
    *,
    prices: CoverPrices | None = None,
    warm: Rota | None = None,
    only: Collection[str] | None = None,
) -> Plan:
    """The chain from a requirement on (columns of ``requirement.csv``); raises as `plan`.

    Parameters
    ----------
    forecast : what the requirement was made from, where it is known: a target over days is judged by simulation then, where skills pool
    prices : what cover is worth in place of what the requirement asks, where every interval has its own target
    warm : a rota that the search starts from, in place of the centre's earlier one
    only : as of `plan`
    """
    clock = _Clock(progress)
    clock.next("problem", "people, shifts and rules as one problem")
    asked = asked_of(centre, requirement, start, days)
    centre, settings, grid = asked.centre, asked.centre.settings, asked.grid
    needed, in_force, rules, facts, law = asked.needed, asked.in_force, asked.rules, asked.facts, asked.law
    problem, onboarding, earlier = replace(asked.problem, prices=prices), asked.onboarding, asked.earlier
    first = earlier if warm is None else warm
    others = earlier if only is not None else None
    if only is not None and others is not None:
        problem = with_others_kept(problem, others, only)
    in_pairs = as_planned(centre, problem, onboarding)
    clock.next("solve", f"rota of {len(problem.people)} people and {len(problem.shifts)} possible shifts")
    service, rounds = None, tuple[Round, ...]()
    if settings.objective.service == "interval":
        known, left = first, limits
        if forecast is not None and settings.backup:
            problem, known, left, rounds = judged_by_triggers(
                in_pairs, problem, forecast, needed, limits, first, progress
            )
        solution = solve(problem, left, progress, start=known)
    else:
        solution, service = solve_to_target(
            in_pairs, problem, needed, forecast, limits, _RoundAfterRound(progress, first), progress
        )
    solution = replace(solution, rota=as_call_outs(solution.rota))
    solution, onboarding = after_solve(
        onboarding, solution, centre, asked.everybody, facts, rules, needed, in_force
    )
    facts = with_stages(facts, onboarding.starters, settings)
    taken = None
    if settings.activity:
        clock.next("activities", "time off the queue")
        taken = placed_activities(centre, problem, needed, solution.rota, facts, rules)
        solution = replace(solution, rota=kept_beside(taken.rota, onboarding.planned))
    if only is not None and others is not None:
        whole = beside_others(solution.rota, others, only, grid.first_day, grid.days)
        solution = replace(solution, rota=whole)
    clock.next("audit", f"audit by {len(rules)} rules")
    violations = tuple(audit(solution.rota, rules, facts, exceptions=asked.exceptions))
    clock.next("coverage", "service to expect")
    pay = None if law is None else pay_lines(of_employees(solution.rota, facts), facts, law)
    given = service_given(centre, solution.rota, onboarding, needed, in_force)
    onboarding = finished(onboarding, centre, solution.rota, needed, in_force)
    return Plan(
        centre, grid, limits, rules, facts, needed, solution, violations, given,
        forecast=pd.DataFrame(columns=list(FORECAST_COLUMNS)).astype({"interval_start": STAMPS}),
        forecast_report=None, held_back_wape={}, seconds=clock.stop(), inputs=centre.checksums,
        warnings=(
            *centre.warnings, *_left_out(centre, needed, grid), *_without_row(centre, needed, grid),
            *(f"pay: {sentence}" for sentence in (pay.told if pay else ())),
            *(target_sentences(service) if service else ()), *(each.sentence for each in asked.beyond),
            *(taken.warnings if taken else ()),
            *onboarding.warnings,
        ),
        pay=pay, problem=problem, service=service, backup_rounds=rounds, in_force=in_force, leave_quotas=asked.beyond,
        activities=taken,
        onboarding=onboarding,
    )  # fmt: skip


def service_given(
    centre: Centre, rota: Rota, onboarding: Onboarded, needed: pd.DataFrame, in_force: SettingsInForce
) -> pd.DataFrame:
    """Columns of ``coverage.csv``: what a rota gives against a requirement, starters at their speed of the day."""
    phased, people = by_phases(centre, rota, onboarding.starters)
    return in_force.rows(lambda by: coverage(phased, needed, by, people, centre.backlog)).sort_index()


def _left_out(centre: Centre, requirement: pd.DataFrame, grid: Grid) -> list[str]:
    """What the centre tells and this plan does not use."""
    idle = unplanned_queues(centre.settings, requirement["queue"])
    info = centre.settings.centre
    return [
        *(f"queue {name}: no demand is known, so nobody is planned for it" for name in idle),
        *longer_than(centre.settings.pattern, grid.first_day, grid.days, info.week_start),
    ]


def _without_row(centre: Centre, requirement: pd.DataFrame, grid: Grid) -> list[str]:
    """Open intervals that the requirement does not mention."""
    missing = intervals_without_row(
        requirement, centre.settings, grid, holidays_of(centre, grid), centre.calendar
    )
    return [
        f"queue {name}: the requirement has no row for {count} open intervals; planned as without demand"
        for name, count in missing.items()
    ]


@dataclass
class _RoundAfterRound:
    """Solves one problem after the other, each from the rota of the one before."""

    progress: Progress
    latest: Rota | None

    def __call__(self, problem: RotaProblem, limits: Limits) -> Solution:
        solution = solve(problem, limits, self.progress, start=self.latest)
        self.latest = solution.rota
        return solution


class _Clock:
    """Tells each step and keeps how long it took."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._seconds, self._name, self._since = progress, dict[str, float](), "", 0.0

    def next(self, name: str, words: str) -> None:
        self.stop()
        self._name = name
        self._progress(words)

    def stop(self) -> dict[str, float]:
        now = time.perf_counter()
        if self._name:
            self._seconds[self._name] = round(now - self._since, 3)
        self._name, self._since = "", now
        return self._seconds
