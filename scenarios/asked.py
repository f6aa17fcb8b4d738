"""From a requirement to what is asked of the solver: people, shifts and rules as one problem, with all that the plan needs besides."""

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from centre.folder import Centre
from centre.instants import Grid
from scenarios.demand import holidays_of, horizon
from scenarios.leave_quotas import OverQuota, over_quota
from scenarios.onboarding import Onboarded, before_solve, with_stages
from scenarios.peak_settings import SettingsInForce, check_over_days, settings_in_force
from scenarios.requirement_table import checked_requirement
from scheduler.backup import with_backup
from scheduler.pay.law import PayLaw
from scheduler.pay.laws import law_in_force
from scheduler.problem import RotaProblem, rota_problem
from scheduler.rota import Rota
from scheduler.rules.exceptions import RecordedException, exceptions_of
from scheduler.rules.facts import Facts, day_classes, facts_of
from scheduler.rules.presets import rules_in_force
from scheduler.rules.rule import Rule


@dataclass(frozen=True, eq=False)
class Asked:
    """What is asked of the solver.

    Parameters
    ----------
    centre : with those of its backup pools who come from outside as people of its own
    needed : the requirement, checked
    problem : without new starters, who get their mentor's line; ``everybody`` has them
    earlier : an earlier rota of the same days; None where there is none
    beyond : days on which more are on leave than may be
    """

    centre: Centre
    grid: Grid
    needed: pd.DataFrame
    in_force: SettingsInForce
    rules: tuple[Rule, ...]
    exceptions: tuple[RecordedException, ...]
    law: PayLaw | None
    facts: Facts
    problem: RotaProblem
    everybody: RotaProblem
    onboarding: Onboarded
    earlier: Rota | None
    beyond: tuple[OverQuota, ...]


def asked_of(centre: Centre, requirement: pd.DataFrame, start: date, days: int) -> Asked:
    """What a requirement (columns of ``requirement.csv``) of ``days`` days from ``start`` asks; raises `BadInput`."""
    centre = with_backup(centre)
    settings, grid = centre.settings, horizon(centre.settings, start, days)
    needed, in_force = checked_requirement(requirement, settings, grid), settings_in_force(centre, grid)
    check_over_days(in_force)
    rules = rules_in_force(settings.rules, with_centre=True)
    exceptions = exceptions_of(centre.exceptions, {rule.name for rule in rules})
    law = law_in_force(settings.rules)
    facts = facts_of(
        settings,
        centre.agents,
        centre.leave,
        centre.rota_before,
        grid.first_day,
        grid.days,
        holidays_of(centre, grid),
        special_days=day_classes(settings.centre.country, grid.first_day, grid.days, centre.calendar),
        protections=centre.protections,
        ledger=centre.ledger,
        backup=centre.backup,
    )
    facts = replace(facts, peak_days=in_force.peak_days)
    beyond = over_quota(centre, grid, in_force.peak_days)
    earlier = None if centre.rota_earlier is None else Rota.from_frame(centre.rota_earlier)
    everybody = rota_problem(
        settings, centre.agents, needed, centre.requests, rules, facts, grid, law, earlier=earlier,
        calendar=centre.calendar,
    )  # fmt: skip
    everybody = replace(everybody, minimum=in_force.minimum(needed))
    problem, onboarding = before_solve(centre, everybody)
    facts = with_stages(facts, onboarding.starters, settings)
    return Asked(
        centre, grid, needed, in_force, tuple(rules), exceptions, law, facts, problem, everybody, onboarding, earlier, beyond
    )  # fmt: skip
