"""Planned service beside what is agreed with each client: per queue, by interval, by local day and over the whole horizon."""

from typing import Any

import numpy as np
import pandas as pd

from centre.instants import day_of
from centre.model import Settings
from scenarios import figures
from scenarios.peak_settings import settings_of_table
from scenarios.plan import Plan
from scheduler.staffing.flows import flows_from

PERIODS = ("interval", "day", "horizon")
COLUMNS = (
    *("client", "queue", "period", "start", "contacts", "agreed_share", "planned_share", "met"),
    *("agreed_resolution_hours", "planned_resolution_hours", "first_contact_resolution"),
)


def agreed(plan: Plan) -> pd.DataFrame:
    """The table of ``agreed.csv``.

    Returns
    -------
    DataFrame
        ``planned_share`` is the share of contacts within the queue's target, ``met`` whether it reaches the agreed one: that in force,
        or over a time in which peaks change it its mean by contacts.
        ``planned_resolution_hours`` is the mean time from a contact to the end of all that follows from it: its wait, its handling and
        the longest way through its transfers and follow-ups, over contacts whose work is done within the horizon. Figures that
        are not agreed are empty, as are resolution times of single intervals; rows without contacts are left out
    """
    in_force = plan.in_force or settings_of_table(plan.centre, plan.coverage)
    table = plan.coverage.assign(
        interval=plan.coverage["interval_start"].dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
        day=[day_of(day).isoformat() for day in figures.local_days(plan)],
        horizon=day_of(plan.grid.first_day).isoformat(),
        hours=_hours(plan.coverage, plan.requirement["aht_seconds"]),
        agreed=in_force.target_shares(plan.coverage),
    )
    settings = plan.centre.settings
    rows = [row for period in PERIODS for row in _rows(table, period, settings)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def by_client(plan: Plan) -> list[dict[str, Any]]:
    """The rows over the whole horizon, as ``plan.json`` tells them."""
    table = agreed(plan)
    return [
        {
            str(name): None if pd.isna(value) else value
            for name, value in row.items()
            if name not in ("period", "start")
        }
        for row in table[table["period"] == "horizon"].to_dict("records")
    ]


def _hours(coverage: pd.DataFrame, aht_seconds: "pd.Series[float]") -> "pd.Series[float]":
    """Mean hours from a contact's coming to its being handled, NaN where that is not within the horizon."""
    waits = coverage["asa_seconds"].replace(np.inf, np.nan)
    return (waits + aht_seconds.to_numpy()) / 3600.0


def _rows(table: pd.DataFrame, period: str, settings: Settings) -> list[dict[str, Any]]:
    """One row for each queue and each interval, day or horizon."""
    known = table["expected_contacts"].where(table["hours"].notna(), 0.0)
    promised = table["agreed"] * table["expected_contacts"]
    table = table.assign(known=known, spent=table["hours"].fillna(0.0) * known, promised=promised)
    groups = table.groupby([period, "queue"])
    sums = groups[["expected_contacts", "expected_late", "known", "spent", "promised"]].sum()
    sums["lowest"], sums["highest"] = groups["agreed"].min(), groups["agreed"].max()
    own = sums["spent"] / sums["known"].where(sums["known"] > 0)
    queues = {queue.name: queue for queue in settings.queue}
    rows = []
    for row in sums[sums["expected_contacts"] > 0].reset_index().to_dict("records"):
        name, start = str(row["queue"]), str(row[period])
        queue = queues[name]
        share, promise = figures.share_in_time(row["expected_contacts"], row["expected_late"]), row["lowest"]
        if row["highest"] > promise:
            promise = round(row["promised"] / row["expected_contacts"], 6)
        asked = {
            "client": queue.client, "queue": name, "period": period, "start": start,
            "contacts": round(row["expected_contacts"], 2), "agreed_share": promise, "planned_share": share,
            "met": share is not None and share >= promise,
            "agreed_resolution_hours": queue.resolution_hours,
            "planned_resolution_hours": _resolution(name, own.xs(start), settings) if period != "interval" else None,
            "first_contact_resolution": queue.first_contact_resolution,
        }  # fmt: skip
        rows.append(asked)
    return rows


def _resolution(name: str, own_hours: "pd.Series[float]", settings: Settings) -> float | None:
    """Hours until a contact and all that follows from it is done; None where a part of that is not known."""
    hours, longest = float(own_hours.get(name, np.nan)), 0.0
    for flow in flows_from(settings, name):
        rest = _resolution(flow.to, own_hours, settings)
        if rest is None:
            return None
        longest = max(longest, flow.after_minutes / 60.0 + rest)
    return None if np.isnan(hours) else round(hours + longest, 4)
