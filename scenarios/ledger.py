"""The ledger as people read it: what each owes and has done off the queue, overdue first, and their shares beside those of the others."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from centre.folder import Centre
from centre.instants import Grid, day_of
from scenarios.demand import holidays_of
from scheduler.fairness import (
    ACCOUNTS,
    WISHES_ASKED,
    WISHES_GRANTED,
    Kinds,
    balances,
    counts_in_ledger,
)
from scheduler.quotas import Owed, owed_of
from scheduler.rules.backup_call_outs import ACCOUNT as CALL_OUTS
from scheduler.rules.facts import Facts, day_classes, facts_of
from scheduler.shifts import candidate_shifts

OWED_COLUMNS = (
    "who",
    "team",
    "activity",
    "period",
    "due",
    "quota_hours",
    "done_hours",
    "owed_hours",
    "overdue",
)
SHARE_COLUMNS = ("agent_id", "team", "account", "had", "fair", "balance", "least", "median", "most")
COUNTED = (CALL_OUTS, WISHES_ASKED, WISHES_GRANTED)
"""Accounts without a fair share by contract: what each has had is told beside what the others have."""
WEEK_DAYS = 7


@dataclass(frozen=True, eq=False)
class LedgerTold:
    """What a ledger says on a day.

    Parameters
    ----------
    owed : `OWED_COLUMNS`, overdue first, then by due day
    shares : `SHARE_COLUMNS`, one row for each person and account; ``fair`` and ``balance`` are missing where nobody has a share by
        contract; ``least``, ``median``, ``most`` are of the people of the person's own team, as balance, or as amounts where there is none
    """

    owed: pd.DataFrame
    shares: pd.DataFrame


def ledger_told(centre: Centre, as_of: int) -> LedgerTold:
    """What everybody owes on a day, of the periods that it lies in and of earlier ones, and has had."""
    info = centre.settings.centre
    grid = Grid(info.timezone, as_of, WEEK_DAYS, info.interval_minutes)
    facts = facts_of(
        centre.settings, centre.agents, centre.leave, None, as_of, WEEK_DAYS, holidays_of(centre, grid),
        special_days=day_classes(info.country, as_of, WEEK_DAYS, centre.calendar), ledger=centre.ledger,
    )  # fmt: skip
    activities, week_start = centre.settings.activity, info.week_start
    owed = owed_of(activities, centre.agents, facts.ledger, as_of, as_of, week_start)
    return LedgerTold(_owed(owed, centre), _shares(centre, facts, grid))


def _owed(owed: Sequence[Owed], centre: Centre) -> pd.DataFrame:
    teams = {agent.agent_id: agent.team for agent in centre.agents}
    rows = [
        (
            each.who, teams.get(each.who, each.who.partition(":")[2]), each.activity.name, each.period, day_of(each.due_day).isoformat(),
            each.quota_minutes / 60, each.done_minutes / 60, each.owed_minutes / 60, each.overdue,
        )
        for each in owed
        if each.owed_minutes or not each.overdue
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(OWED_COLUMNS)).round(4)


def _shares(centre: Centre, facts: Facts, grid: Grid) -> pd.DataFrame:
    """Every account of fairness of everybody, then those that are counted alone."""
    settings, nan = centre.settings, float("nan")
    shifts = list(candidate_shifts(settings.shift, grid, facts.makeup_days))
    kinds = Kinds(settings.objective, centre.agents, facts, shifts)
    teams = {agent.agent_id: agent.team for agent in centre.agents}
    rows = list[tuple[str, str, str, float, float, float]]()
    for term, account in ACCOUNTS.items():
        had = counts_in_ledger(facts, account)
        for shares in kinds.shares(term):
            for who, balance in balances(had, shares).items() if had else ():
                own = had.get(who, nan)
                rows.append((who, teams[who], account, own, own - balance, balance))
    for account in COUNTED:
        had = counts_in_ledger(facts, account)
        rows += [(who, teams[who], account, n, nan, nan) for who, n in had.items() if who in teams]
    table = pd.DataFrame(rows, columns=list(SHARE_COLUMNS[:6]))
    measure = table["balance"].where(table["balance"].notna(), table["had"])
    groups = measure.groupby([table["team"], table["account"]])
    table["least"], table["median"], table["most"] = (groups.transform(of) for of in ("min", "median", "max"))
    return table.sort_values(["agent_id", "account"], ignore_index=True).round(4)
