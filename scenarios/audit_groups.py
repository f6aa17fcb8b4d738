"""Tables of an audit with the rest that is missing: by rule, person, team and week.

Minutes of rest missing are counted once where several rules ask for rest in the same window: a night with an
hour too little is an hour, however many laws it breaks. By rule each counts in full.
"""

from collections.abc import Sequence

import pandas as pd

from centre.instants import day_of, week_of
from scheduler.audit_tables import audit_tables
from scheduler.evidence import Evidence
from scheduler.rota import Rota
from scheduler.rules.facts import Facts
from scheduler.rules.rule import Violation

RESTS = ("rest", "break", "day-off")
"""What stands in the names of rules whose minutes, where too few, are rest."""
KEPT = ("people", "teams", "rules", "trend")


def missing_rest(found: Violation) -> float:
    """Minutes of rest that a breach leaves missing; 0 for what is no minimum of rest in minutes.

    Examples
    --------
    >>> short = Violation("rest-between-shifts", "", "a1", 0, 659, 659.0, 660.0, "minutes", "breach", "")
    >>> long = Violation("daily-hours", "", "a1", 0, 659, 661.0, 660.0, "minutes", "breach", "")
    >>> missing_rest(short), missing_rest(long)
    (1.0, 0.0)
    """
    if found.verdict != "breach" or found.unit != "minutes" or not any(part in found.rule for part in RESTS):
        return 0.0
    if found.found is None or found.limit is None:
        return 0.0
    return max(0.0, found.limit - found.found)


def tables_of(
    told: Sequence[Evidence], rota: Rota, facts: Facts, rules: Sequence[tuple[str, str]]
) -> dict[str, pd.DataFrame]:
    """The tables ``people, teams, rules, trend`` of `scheduler.audit_tables` with ``rest_minutes_missing``.

    Parameters
    ----------
    rules : (name, source) of every rule in force, which have a row each, also without findings
    """
    tables = {
        name: table for name, table in audit_tables(told, facts, rota.agent_ids).items() if name in KEPT
    }
    frame = _rest(told, facts)
    for name, key in (("people", "agent_id"), ("teams", "team"), ("trend", "week_from")):
        tables[name] = _with_rest(tables[name], frame.groupby(key)["once"].sum(), [key])
    keys = ["rule", "source"]
    by_rule = tables["rules"].set_index(keys)
    every = pd.MultiIndex.from_tuples(list(dict.fromkeys([*by_rule.index, *rules])), names=keys)
    by_rule = by_rule.reindex(every, fill_value=0).reset_index()
    tables["rules"] = _with_rest(by_rule, frame.groupby(keys)["rest"].sum(), keys)
    return tables


def _rest(told: Sequence[Evidence], facts: Facts) -> pd.DataFrame:
    """One row a breach with rest missing; ``once`` is 0 where an equal or longer one of the same window counts."""
    rows = [
        (
            e.violation.agent_id, e.team, e.violation.rule, e.violation.source, e.violation.start,
            e.violation.end, "" if e.day is None else day_of(week_of(e.day, facts.week_start)).isoformat(), rest,
        )
        for e in told
        if (rest := missing_rest(e.violation))
    ]  # fmt: skip
    names = ["agent_id", "team", "rule", "source", "start", "end", "week_from", "rest"]
    frame = pd.DataFrame(rows, columns=names).sort_values("rest", ascending=False, kind="stable")
    again = frame.duplicated(["agent_id", "start", "end"])
    return frame.assign(rest=frame["rest"].astype(float), once=frame["rest"].astype(float).where(~again, 0.0))


def _with_rest(table: pd.DataFrame, rest: "pd.Series[float]", keys: list[str]) -> pd.DataFrame:
    joined = table.merge(rest.rename("rest_minutes_missing"), how="left", left_on=keys, right_index=True)
    return joined.assign(
        rest_minutes_missing=joined["rest_minutes_missing"].fillna(0).round().astype("int64")
    )
