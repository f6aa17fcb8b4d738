"""The ledger of a centre folder beside a count of all rotas that were closed."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

import pandas as pd

from centre.errors import Faults
from centre.folder import Centre, read_rota
from centre.instants import Grid, day_of
from centre.people_files import ledger_frame
from scenarios.close import ROTA, Close
from scenarios.demand import holidays_of
from scheduler.fairness import ACCOUNTS
from scheduler.ledger import AWAY, ENTRY, Ledger
from scheduler.quotas import DONE, TEAM, owing
from scheduler.recount_ledger import recounted_minutes, recounted_shifts
from scheduler.rules.facts import day_classes

COLUMNS = ("who", "account", "period", "ledger", "recount")
TOLERANCE = 1e-6


def differences(centre: Centre, made: list[Close]) -> pd.DataFrame:
    """Where the ledger is not what the closed rotas and the ledger before the first of them come to; no rows where it is.

    Compared are shifts of fairness by month, and minutes done of each activity over all periods.
    """
    if not made:
        return pd.DataFrame(columns=list(COLUMNS))
    zone = centre.settings.centre.timezone
    rotas = [read_rota(close.folder / ROTA, zone) for close in made if (close.folder / ROTA).stat().st_size]
    at_first = _ledger_before(made[0])
    now = Ledger.from_frame(centre.ledger)
    rows = [*_shifts(centre, made, rotas, at_first, now), *_minutes(centre, rotas, at_first, now)]
    wrong = [row for row in rows if abs(row[3] - row[4]) > TOLERANCE]
    return pd.DataFrame(wrong, columns=list(COLUMNS))


def _ledger_before(first: Close) -> Ledger:
    path, faults = first.folder / "before" / "ledger.csv", Faults()
    if not path.exists():
        return Ledger()
    table = ledger_frame(path, None, faults)
    faults.raise_if_any()
    return Ledger.from_frame(table)


def _shifts(
    centre: Centre, made: list[Close], rotas: Iterable[pd.DataFrame], before: Ledger, now: Ledger
) -> Iterable[tuple[str, str, str, float, float]]:
    info = centre.settings.centre
    clocks = {a.agent_id: ZoneInfo(a.timezone) if a.timezone else info.timezone for a in centre.agents}
    first, days = made[0].first_day, made[-1].last_day + 1 - made[0].first_day
    holidays = holidays_of(centre, Grid(info.timezone, first, days, info.interval_minutes))
    classes = day_classes(info.country, first, days, centre.calendar) or {}
    makeup = [day_of(day) for day, kind in classes.items() if kind == "makeup"]
    counted = recounted_shifts(rotas, centre.settings.objective, clocks, map(day_of, holidays), makeup)
    keys = {key for key in now.entries if key[1] in ACCOUNTS.values() and key[2] not in (ENTRY, AWAY)}
    for key in sorted(keys | counted.keys()):
        yield *key, now.amount(*key), before.amount(*key) + counted.get(key, 0.0)


def _minutes(
    centre: Centre, rotas: Iterable[pd.DataFrame], before: Ledger, now: Ledger
) -> Iterable[tuple[str, str, str, float, float]]:
    whom = {
        (agent.agent_id, activity.name): who
        for activity in centre.settings.activity
        for who, members in owing(activity, centre.agents).items()
        for agent in members
        if who.startswith(TEAM)
    }
    counted: dict[tuple[str, str], float] = {}
    for (agent, name), minutes in recounted_minutes(rotas).items():
        key = whom.get((agent, name), agent), name
        counted[key] = counted.get(key, 0.0) + minutes
    told = {(key[0], key[1].removeprefix(DONE)) for key in now.entries if key[1].startswith(DONE)}
    for who, name in sorted(told | counted.keys()):
        totals = (sum(e.minutes(*k) for k in e.entries if k[:2] == (who, DONE + name)) for e in (now, before))
        yield who, DONE + name, "", next(totals), next(totals) + counted.get((who, name), 0.0)
