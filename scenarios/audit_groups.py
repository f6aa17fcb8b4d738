"""Findings of an audit summed by rule, person, team and week.

Minutes of rest missing are counted once where several rules ask for rest in the same window: a night with an
hour too little is an hour, however many laws it breaks.
"""

from collections.abc import Sequence

import pandas as pd

from centre.instants import day_of
from scheduler.rules.rule import Violation

NOT_REST = ("contract",)
"""Rules whose minutes, where too few, are hours of work and not of rest, by the beginning of their names."""
Rows = Sequence[tuple[Violation, str, int | None]]
"""Findings with the person's team and the day number on which their week begins."""


def missing_rest(found: Violation) -> float:
    """Minutes of rest that a breach leaves missing; 0 for what is no minimum of rest in minutes.

    Examples
    --------
    >>> short = Violation("rest-between-shifts", "", "a1", 0, 659, 659.0, 660.0, "minutes", "breach", "")
    >>> long = Violation("daily-hours", "", "a1", 0, 659, 661.0, 660.0, "minutes", "breach", "")
    >>> missing_rest(short), missing_rest(long)
    (1.0, 0.0)
    """
    if found.verdict != "breach" or found.unit != "minutes" or found.rule.startswith(NOT_REST):
        return 0.0
    if found.found is None or found.limit is None:
        return 0.0
    return max(0.0, found.limit - found.found)


def frame_of(rows: Rows) -> pd.DataFrame:
    """One row a finding: who, which rule and week, verdict, and the rest missing that it alone accounts for."""
    table = pd.DataFrame(
        [
            (v.rule, v.source, v.agent_id, team, "" if week is None else day_of(week).isoformat(),
             v.verdict, v.start, v.end, missing_rest(v))
            for v, team, week in rows
        ],
        columns=["rule", "source", "agent_id", "team", "week", "verdict", "start", "end", "rest"],
    )  # fmt: skip
    table = table.astype({"start": "Int64", "end": "Int64"})
    ranked = table.sort_values("rest", ascending=False, kind="stable")
    again = ranked.duplicated(["agent_id", "start", "end"])
    table["counted"] = table["rest"].where(~again.reindex(table.index), 0.0)
    return table


def summed(frame: pd.DataFrame, by: list[str], rest: str = "counted") -> pd.DataFrame:
    """Breaches, people with breaches, minutes of rest missing, near misses and excepted ones by group."""
    is_breach = frame["verdict"] == "breach"
    told = frame.assign(
        breaches=is_breach.astype(int), near=(frame["verdict"] == "near").astype(int),
        excepted=(frame["verdict"] == "excepted").astype(int), person=frame["agent_id"].where(is_breach),
        not_checked=(frame["verdict"] == "not_checked").astype(int),
    )  # fmt: skip
    groups = told.groupby(by, sort=True, dropna=False)
    table = groups.agg(
        breaches=("breaches", "sum"), people=("person", "nunique"), rest_minutes_missing=(rest, "sum"),
        near=("near", "sum"), excepted=("excepted", "sum"), not_checked=("not_checked", "sum"),
    )  # fmt: skip
    return table.reset_index().astype({"rest_minutes_missing": int})


def tables(rows: Rows, rules: Sequence[tuple[str, str]]) -> dict[str, pd.DataFrame]:
    """Tables ``by_rule``, ``by_person``, ``by_team`` and ``by_week``.

    Parameters
    ----------
    rules : (name, source) of every rule in force, which have a row each, also without findings
    """
    frame = frame_of(rows)
    own = frame[frame["agent_id"] != ""]
    by_rule = summed(frame, ["rule", "source"], "rest").set_index(["rule", "source"])
    every = pd.MultiIndex.from_tuples(list(dict.fromkeys([*rules, *by_rule.index])), names=["rule", "source"])
    return {
        "by_rule": by_rule.reindex(every, fill_value=0).reset_index(),
        "by_person": summed(own, ["agent_id", "team"]).drop(columns=["people", "not_checked"]),
        "by_team": summed(own, ["team"]).drop(columns="not_checked"),
        "by_week": summed(own[own["week"] != ""], ["week"]).drop(columns="not_checked"),
    }
