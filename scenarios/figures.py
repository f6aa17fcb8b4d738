"""The figures of a plan that ``plan.json``, the command line and the report tell: service by day, shortage,
forecast error.
"""

import math
from collections import Counter
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

import pandas as pd

from centre.instants import day_of, from_timestamps
from scheduler.pay.laws import law_in_force
from scheduler.pay.lines import class_totals, hourly_costs, pay_summary, without_cost

if TYPE_CHECKING:
    from scenarios.plan import Plan  # brings the solver, which a forecast's figures do not need

NOTICEABLE = 0.05  # agents; less than this is rounding, not a shortage
GAP_IN_WORDS = (
    "(objective - bound) / controllable cost, where controllable cost is the objective less pay that "
    "contracts fix whatever the rota is"
)


def daily_service(plan: "Plan") -> list[dict[str, Any]]:
    """Contacts, those late and the share served in time, by local day and queue; ``queue`` is empty for all
    together.

    ``agent_hours_short`` counts what is missing to the agents to roster, people weighed by their speed.
    """
    table = plan.coverage.assign(day=local_days(plan), short=shortage(plan) * plan.grid.interval_minutes / 60)
    measures = ["expected_contacts", "expected_late", "short"]
    by_queue = table.groupby(["day", "queue"], as_index=False)[measures].sum()
    by_day = by_queue.groupby("day", as_index=False)[measures].sum().assign(queue="")
    rows = pd.concat([by_day, by_queue]).sort_values(["day", "queue"])
    return [_service_row(row) for row in rows.to_dict("records")]


def total_service(plan: "Plan") -> dict[str, Any]:
    """The sums of `daily_service` over the whole horizon."""
    days = [row for row in daily_service(plan) if not row["queue"]]
    sums = {
        name: sum(row[name] for row in days)
        for name in ("expected_contacts", "expected_late", "agent_hours_short")
    }
    return {name: round(value, 2) for name, value in sums.items()} | {
        "service_level": share_in_time(sums["expected_contacts"], sums["expected_late"])
    }


def shortage(plan: "Plan") -> "pd.Series[float]":
    """Agents missing in every row of the coverage, people weighed by their speed."""
    to_roster = plan.coverage["agents_rostered"] - plan.coverage["net_staffing"]
    return (to_roster - plan.coverage["agents_effective"]).clip(lower=0.0)


def share_in_time(contacts: float, late: float) -> float | None:
    """Share of contacts served within their target; None where none is expected."""
    return round(1.0 - late / contacts, 4) if contacts > 0 else None


def verdicts(plan: "Plan") -> dict[str, int]:
    """How many findings of the audit there are of each verdict."""
    count = Counter(violation.verdict for violation in plan.violations)
    return {verdict: count[verdict] for verdict in ("breach", "near", "not_checked")}


def pay_by_class(plan: "Plan") -> dict[str, Any] | None:
    """Hours and cost of the rota by pay class, and what could not be checked; None where no pay law is in force."""
    law = law_in_force(plan.centre.settings.rules)
    if plan.pay is None or law is None:
        return None
    sums = pay_summary(plan.pay.lines, hourly_costs(plan.facts))
    return {
        "law": law.name,
        "title": law.title,
        "classes": class_totals(sums),
        "not_checked": [*plan.pay.told, *without_cost(sums)],
    }


def forecast_errors(plan: "Plan") -> dict[str, dict[str, Any]]:
    """Per queue: the model chosen, what each model's error was at earlier origins, and the error on what was
    held back.
    """
    report = plan.forecast_report
    if report is None:
        return {}
    return {
        name: {
            "model": model,
            "origins_tried": report.trials[name],
            "backtest_wape": {each: known(value) for each, value in report.wape[name].items()},
            "held_back_wape": known(plan.held_back_wape.get(name)),
            "rows_used": report.history.rows_used.get(name, 0),
            "rows_ignored": report.history.rows_ignored.get(name, 0),
        }
        for name, model in report.model.items()
    }


def known(value: float | None, digits: int = 6) -> float | None:
    """A number that JSON can hold; None for what is not known or not finite."""
    return None if value is None or not math.isfinite(value) else round(float(value), digits)


def local_days(plan: "Plan") -> list[int]:
    """Local day number of every row of the coverage."""
    instants = from_timestamps(plan.coverage["interval_start"])
    place = (instants - plan.grid.start) // plan.grid.interval_minutes
    days: list[int] = plan.grid.local_days()[place].tolist()
    return days


def _service_row(sums: dict[Hashable, Any]) -> dict[str, Any]:
    contacts, late = float(sums["expected_contacts"]), float(sums["expected_late"])
    return {
        "day": day_of(sums["day"]).isoformat(),
        "queue": str(sums["queue"]),
        "expected_contacts": round(contacts, 2),
        "expected_late": round(late, 2),
        "service_level": share_in_time(contacts, late),
        "agent_hours_short": round(float(sums["short"]), 2),
    }
