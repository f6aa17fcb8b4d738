"""What a rota asks of its people, in figures: overtime, rest beyond the minimum, and how evenly unsocial shifts are shared."""

import numpy as np

from scenarios.plan import Plan
from scheduler.close import counted_shifts, fair_shares
from scheduler.fairness import ACCOUNTS
from scheduler.pay.lines import ADDED_PAY
from scheduler.problem import PlannedPerson, RotaProblem
from scheduler.rota import Rota
from scheduler.rules.primitives import MinimumRest
from scheduler.rules.shared.worked import known_work

OVERTIME_CLASSES = ("overtime", "double_time")
"""What the names of pay classes of overtime hold."""
Figures = dict[str, float]


def people_of_rota(made: Plan) -> Figures:
    """`overtime`, `rest_margins` and `spreads` of a plan."""
    return {"overtime_hours": overtime_hours(made)} | rest_margins(made) | spreads(made)


def overtime_hours(made: Plan) -> float:
    """Hours that the pay law in force counts as overtime; without one, those beyond what a contract has in a week."""
    if made.pay is not None:
        lines = made.pay.lines
        over = (
            lines["pay_class"].map(lambda name: any(mark in name for mark in OVERTIME_CLASSES)).astype(bool)
        )
        return float(lines["minutes"][over & (lines["kind"] != ADDED_PAY)].sum()) / 60
    return 0.0 if made.problem is None else _beyond_contracts(made.problem, made.rota) / 60


def _beyond_contracts(problem: RotaProblem, rota: Rota) -> float:
    """Minutes beyond the thresholds of everybody's weeks."""
    duties, code = rota.duties, {name: k for k, name in enumerate(rota.agent_ids)}
    found = 0
    for person in problem.people:
        mine = duties.agent == code.get(person.agent_id, -1)
        for week in person.overtime:
            inside = mine & (duties.day >= week.first_day) & (duties.day <= week.last_day)
            found += max(0, int(duties.paid[inside].sum()) - week.threshold)
    return found


def rest_margins(made: Plan) -> Figures:
    """Hours by which everybody's shortest rest between two shifts is above their minimum: the least of all, and the mean over people.

    Whose rules ask for no rest between shifts, or who has no two shifts, is left out; not known where that leaves nobody.
    """
    minimum = {
        person.agent_id: _minimum_rest(person) for person in (made.problem.people if made.problem else ())
    }
    work = known_work(made.rota, made.facts)
    follows = work.judged & ~work.heads
    asked = np.array([minimum.get(name, 0) for name in work.agent_ids], dtype=np.int64)
    agent = work.agent[follows]
    margin = (work.start - work.until)[follows] - asked[agent]
    least = np.full(len(asked), np.iinfo(np.int64).max)
    np.minimum.at(least, agent, margin)
    hours = least[(asked > 0) & (least < np.iinfo(np.int64).max)] / 60
    nan = float("nan")
    return {
        "least_rest_margin_hours": float(hours.min()) if len(hours) else nan,
        "mean_rest_margin_hours": float(hours.mean()) if len(hours) else nan,
    }


def _minimum_rest(person: PlannedPerson) -> int:
    """Minutes of rest that the strictest rule of somebody asks for between two shifts; 0 for none."""
    return max((each.minutes for each in person.primitives if isinstance(each, MinimumRest)), default=0)


def spreads(made: Plan) -> Figures:
    """Of each account of fairness, shifts per full time of who has most less those of who has least, in this horizon.

    Full time is the longest contract among those who share with one another; of several groups the widest spread counts. Who has no
    such shifts by contract or is away for all of the horizon is left out.
    """
    facts, settings, agents = made.facts, made.centre.settings, made.centre.agents
    had: dict[tuple[str, str], int] = {}
    for (who, account, _), number in counted_shifts(made.rota, facts, settings, agents).items():
        had[who, account] = had.get((who, account), 0) + number
    found = dict.fromkeys(ACCOUNTS.values(), 0.0)
    for account, shares in fair_shares(facts, settings, agents):
        there = {
            w: share
            for w, share in shares.items()
            if not facts.is_away(w, facts.first_day, facts.end_day - 1)
        }
        most = max(there.values(), default=0.0)
        per_share = [had.get((who, account), 0) * most / share for who, share in there.items()]
        if per_share:
            found[account] = max(found[account], max(per_share) - min(per_share))
    return {f"spread_{account}": width for account, width in found.items()}
