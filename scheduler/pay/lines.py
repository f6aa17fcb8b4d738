"""Paid time of a rota line by line: every paid minute in exactly one pay class, with its rate and its article."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from centre.instants import Minutes, day_of, to_timestamps
from scheduler.pay.law import Asked, Days, PayLaw, Rated
from scheduler.pay.paid_time import paid_time
from scheduler.pay.words import people_words
from scheduler.rota import Rota
from scheduler.rules.facts import Facts

LINE_COLUMNS = (
    "agent_id", "day", "start", "end", "pay_class", "premium", "kind", "minutes", "class_multiplier", "multiplier",
    "source",
)  # fmt: skip
PAID_TIME, ADDED_PAY = "paid_time", "added_pay"
GROUPS = ("pay_class", "premium", "kind", "multiplier")
Period = Literal["month", "day"]


@dataclass(frozen=True, eq=False)
class Pay:
    """What is paid, and what could not be checked.

    Parameters
    ----------
    lines : columns `LINE_COLUMNS`, sorted by person and start. ``day`` is the date that the shift belongs to, ``start``
        and ``end`` are aware UTC timestamps. ``kind`` is ``paid_time``, or ``added_pay`` where the minutes were not
        worked (an hour's pay for a missed break). ``multiplier`` is the whole rate over the usual one,
        ``class_multiplier`` the same without the ``premium``
    told : sentences
    """

    lines: pd.DataFrame
    told: tuple[str, ...]


def pay_lines(rota: Rota, facts: Facts, law: PayLaw, substituted: Days | None = None) -> Pay:
    """The paid time of the horizon of ``facts`` by a pay law.

    Parameters
    ----------
    substituted : (agent_id, day number) of rest days that were worked and given on another day; None: not known

    Notes
    -----
    The minutes of all lines of kind ``paid_time`` add up to the paid minutes of the rota in the horizon, a minute that
    a person has twice counted once. Lengths are elapsed time, so that a night on which clocks change counts what
    it lasts.
    """
    rated = law.rated(paid_time(rota, facts), Asked(rota, facts, substituted))
    return Pay(_table(rated), (*rated.told, *_on_call(rated)))


def pay_summary(
    lines: pd.DataFrame, hourly_cost: Mapping[str, float] | None = None, by: Period = "month"
) -> pd.DataFrame:
    """Hours by person, day of the shift or its month, and pay class; with ``hourly_cost`` also what they cost.

    Returns
    -------
    Columns ``agent_id``, ``month`` or ``day``, those of `GROUPS`, ``minutes``, ``hours`` and, where costs are given,
    ``cost``: hours x multiplier x hourly cost, NaN for people whose cost is not known.
    """
    which, days = pd.factorize(lines["day"])  # few dates, many rows
    told = [f"{day:%Y-%m}" if by == "month" else day for day in days]
    period = np.array(told, dtype=object)[which]
    groups = ["agent_id", by, *GROUPS]
    table = lines.assign(**{by: period}).groupby(groups, as_index=False, sort=True)[["minutes"]].sum()
    table["hours"] = table["minutes"] / 60
    if hourly_cost is not None:
        known = table["agent_id"].map(hourly_cost).astype(float)
        table["cost"] = table["hours"] * table["multiplier"] * known
    return table


def hourly_costs(facts: Facts) -> dict[str, float]:
    """Hourly cost by person, where a contract tells one."""
    people = (facts.people or {}).values()
    told = (
        (person.agent_id, person.contract.hourly_cost) for person in people if person.contract is not None
    )
    return {agent_id: cost for agent_id, cost in told if cost > 0}


def without_cost(summary: pd.DataFrame) -> tuple[str, ...]:
    """That the cost of some people in a `pay_summary` is not known."""
    missing = summary.loc[summary["cost"].isna(), "agent_id"].nunique() if "cost" in summary else 0
    words = (
        f"Not checked: the hourly cost of {people_words(missing)} is not known; what they cost is left blank."
    )
    return (words,) if missing else ()


def class_totals(summary: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of `pay_summary` added up by class, premium and rate: hours and, where it has it, cost (None: not known)."""
    values = [name for name in ("hours", "cost") if name in summary]
    table = summary.groupby(list(GROUPS), as_index=False)[values].sum(min_count=1)
    rows = table.round({"hours": 4, "cost": 2}).to_dict("records")
    return [{str(name): None if value != value else value for name, value in row.items()} for row in rows]


def _table(rated: Rated) -> pd.DataFrame:
    """The lines of the horizon; neighbours that are paid alike are one."""
    time, rows = rated.time, np.flatnonzero(rated.time.judged)
    keys = (
        time.agent[rows], time.day[rows], rated.pay_class[rows], rated.multiplier[rows], rated.premium[rows],
        rated.sources[rows],
    )  # fmt: skip
    new = np.ones(len(rows), dtype=bool)
    new[1:] = time.start[rows][1:] != time.end[rows][:-1]
    for key in keys:
        new[1:] |= key[1:] != key[:-1]
    heads = np.flatnonzero(new)
    tails = np.append(heads[1:], len(rows))[: len(heads)] - 1
    first = rows[heads]
    start, end = time.start[first], time.end[rows[tails]]
    table = pd.DataFrame(
        {
            "agent_id": np.array(time.agent_ids, dtype=object)[time.agent[first]],
            "day": _dates(time.day[first]),
            "start": to_timestamps(start),
            "end": to_timestamps(end),
            "pay_class": np.array(rated.classes, dtype=object)[rated.pay_class[first]],
            "premium": rated.premium[first],
            "kind": PAID_TIME,
            "minutes": end - start,
            "class_multiplier": np.round(rated.class_multiplier[first], 6),
            "multiplier": np.round(rated.multiplier[first], 6),
            "source": rated.sources[first],
        },
        columns=list(LINE_COLUMNS),
    )
    return _with_added(table, rated)


def _with_added(table: pd.DataFrame, rated: Rated) -> pd.DataFrame:
    if not rated.added:
        return table
    more = pd.DataFrame(
        {
            "agent_id": [added.agent_id for added in rated.added],
            "day": [day_of(added.day) for added in rated.added],
            "start": to_timestamps(np.array([added.start for added in rated.added])),
            "end": to_timestamps(np.array([added.end for added in rated.added])),
            "pay_class": [added.pay_class for added in rated.added],
            "premium": "",
            "kind": ADDED_PAY,
            "minutes": [added.minutes for added in rated.added],
            "class_multiplier": 1.0,
            "multiplier": 1.0,
            "source": [added.source for added in rated.added],
        },
        columns=list(LINE_COLUMNS),
    )
    both = pd.concat([table, more], ignore_index=True)
    return both.sort_values(
        ["agent_id", "day", "kind", "start"],
        kind="stable",
        ascending=[True, True, False, True],
        ignore_index=True,
    )


def _dates(days: Minutes) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    told, which = np.unique(days, return_inverse=True)
    return np.array([day_of(day) for day in told], dtype=object)[which]


def _on_call(rated: Rated) -> tuple[str, ...]:
    """That the rate of standing by is not the law's to say."""
    time = rated.time
    if not bool((time["on_call"] & time.judged).any()):
        return ()
    return (
        "Standing by at home is paid at the usual rate here: what it is paid at is for the contract to say.",
    )
