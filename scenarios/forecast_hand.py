"""What finance and the planner made of a forecast, step by step: each total and override that touched an interval or a
day, with the contacts before and after it.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.folder import Centre
from centre.instants import Minutes, day_of, from_timestamps
from forecasts.overrides import apply_overrides
from scenarios.forecasting import groups_of

Facts = dict[str, Any]
BEFORE_TOTAL, BEFORE_OVERRIDE = "offered_before_day_total", "offered_before_override"


def hand(table: pd.DataFrame, queue: str, day: int, starts: Minutes, centre: Centre | None) -> list[Facts]:
    """The steps from the forecast to the table's number, in the order in which they were taken.

    Parameters
    ----------
    table : columns of ``forecast.csv``, with those of before the planner's hand
    starts : UTC minutes of the intervals told of, all of them of local day ``day``
    centre : whose totals and overrides they are; None: there are none
    """
    if centre is None:
        return []
    own = table[table["queue"] == queue].reset_index(drop=True)
    here = pd.Series(from_timestamps(own["interval_start"])).isin(starts.tolist()).to_numpy()
    return [*_finance(own[here], queue, day, centre), *_overrides(own, here, queue, centre)]


def _finance(rows: pd.DataFrame, queue: str, day: int, centre: Centre) -> list[Facts]:
    """The day's totals that the queue has a part in, as one step."""
    totals = centre.day_totals
    if BEFORE_TOTAL not in rows or not len(totals):
        return []
    names = {queue, "centre:all"}
    for group, queues in groups_of(centre).items():
        names |= {group, f"group:{group}", f"site:{group}"} if queue in queues else set()
    mine = totals[(totals["date"] == day_of(day)) & totals["queue"].isin(names)]
    if not len(mine):
        return []
    told = [{"of": str(row["queue"]), "total": float(row["offered"])} for row in mine.to_dict("records")]
    after = rows[BEFORE_OVERRIDE if BEFORE_OVERRIDE in rows else "offered"].sum()
    return [{"kind": "day_total", "totals": told} | _step(rows[BEFORE_TOTAL].sum(), after)]


def _overrides(own: pd.DataFrame, here: NDArray[np.bool_], queue: str, centre: Centre) -> list[Facts]:
    """One step for each override of contacts that changed the intervals."""
    given = centre.overrides
    if BEFORE_OVERRIDE not in own or not len(given):
        return []
    mine = given[(given["queue"] == queue) & (given["measure"] == "offered")]
    plain = own.drop(columns=[BEFORE_OVERRIDE]).assign(offered=own[BEFORE_OVERRIDE])
    before, found = float(plain["offered"].to_numpy()[here].sum()), []
    for k in range(len(mine)):
        changed = apply_overrides(plain, mine.iloc[: k + 1], centre.settings.centre.timezone)[0]
        after = float(changed["offered"].to_numpy()[here].sum())
        row = mine.iloc[k]
        if after != before:
            told = {name: str(row[name]) for name in ("reason", "author")}
            found.append(
                {"kind": str(row["kind"]), "value": float(row["value"])} | told | _step(before, after)
            )
        before = after
    return found


def _step(before: float, after: float) -> Facts:
    """Contacts before and after, and the factor between them where there is one."""
    factor = float(after) / float(before) if before > 0 else None
    return {"before": float(before), "after": float(after), "factor": factor}
