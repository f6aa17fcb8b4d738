"""The requests of a plan as ``requests_result.csv``: granted or refused, and for every refusal its reason in words."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from centre.instants import day_of, format_instant, from_minutes, from_timestamps
from scenarios.plan import Plan
from scheduler.rules.rule import Violation
from scheduler.wishes import WishTold, wishes_told

COLUMNS = ("agent_id", "date", "kind", "shift", "weight", "result", "cause", "rules", "from", "to", "reason")


def requests_result(plan: Plan) -> pd.DataFrame:
    """One row for each request of a day of the horizon, in the order of ``requests.csv``.

    Returns
    -------
    DataFrame
        ``result`` is granted or refused, ``cause`` of a refusal rule, cover or not_offered, ``rules`` those that stand in the way,
        ``from`` and ``to`` the shift that is worked against the request, or that it would bring. No rows where the plan has no problem.
    """
    if plan.problem is None:
        return pd.DataFrame(columns=list(COLUMNS))
    told = wishes_told(plan.centre.requests, plan.rota, plan.facts, plan.rules, plan.problem.shifts)
    words = {rule.name: rule.words for rule in plan.rules}
    skills = {agent.agent_id: {queue for queue, _ in agent.skills} for agent in plan.centre.agents}
    net = _Net(plan)
    rows = [
        (
            wish.agent_id, day_of(wish.day).isoformat(), wish.kind, wish.shift, wish.weight,
            "granted" if wish.cause == "granted" else "refused", "" if wish.cause == "granted" else wish.cause,
            ";".join(v.rule for v in wish.broken), *(format_instant(at) if at else "" for at in (wish.start, wish.end)),
            _reason(wish, words, net, skills.get(wish.agent_id, set()), plan),
        )
        for wish in told
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _reason(wish: WishTold, words: Mapping[str, str], net: "_Net", queues: set[str], plan: Plan) -> str:
    """Why a request was refused; empty where it was granted."""
    match wish.cause:
        case "granted":
            return ""
        case "not_offered":
            return f"No shift {wish.shift or 'of the contract'} is offered on {day_of(wish.day)}."
        case "rule":
            broken = "; ".join(_broken(violation, words) for violation in wish.broken)
            return f"No way of granting it keeps every rule. The least harmful breaks {broken}."
    price = wish.weight * plan.centre.settings.objective.refused_request
    allowed = f"The rules would allow it{f' with {wish.instead}' if wish.instead else ''}"
    low, high, where = net.between(wish.start, wish.end, queues)
    if where == "":
        return f"{allowed}; the search found no better rota with it."
    span = f"net staffing from {_clock(wish.start, plan)} to {_clock(wish.end, plan)} is {low:+.1f} to {high:+.1f} agents"
    what = (
        "without this person it would be up to 1 lower" if wish.kind == "off" else "this person adds up to 1"
    )
    return f"{allowed}, but {span} ({where}); {what}, and the request weighs {price:.0f}."


def _broken(violation: Violation, words: Mapping[str, str]) -> str:
    """A rule that a request would break, with the figures of the breach where it has some."""
    figures = ""
    if violation.found is not None and violation.limit is not None:
        figures = f" ({violation.found:g} against {violation.limit:g} {violation.unit})"
    return f"{violation.rule}{figures}: {words.get(violation.rule, '').rstrip('.')}"


def _clock(instant: int, plan: Plan) -> str:
    return f"{from_minutes(instant, plan.grid.zone):%H:%M}"


class _Net:
    """Net staffing of a plan's queues by time."""

    def __init__(self, plan: Plan) -> None:
        table = plan.coverage
        self._start = from_timestamps(table["interval_start"])
        self._queue, self._net = (
            table["queue"].to_numpy(dtype=object),
            table["net_staffing"].to_numpy(dtype=float),
        )

    def between(self, start: int, end: int, queues: set[str]) -> tuple[float, float, str]:
        """Least and most net staffing of these queues in a span, and the queue of the least; no queue where none is open."""
        inside = np.flatnonzero(
            (self._start >= start) & (self._start < end) & np.isin(self._queue, sorted(queues))
        )
        if not len(inside):
            return 0.0, 0.0, ""
        least = inside[np.argmin(self._net[inside])]
        return float(self._net[least]), float(self._net[inside].max()), str(self._queue[least])
