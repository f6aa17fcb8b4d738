"""Findings counted by person, team, rule and week, worst first, and their trend from week to week.

In every table ``breaches`` counts findings with that verdict, ``minutes_short`` sums what breaches told in minutes
are short or over, ``excepted`` and ``near`` count the other verdicts. What could not be checked belongs to no
person or week: only `by_rule` counts it.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from centre.instants import day_of, week_of
from scheduler.evidence import Evidence, iso_week
from scheduler.rules.facts import Facts

FIGURES = ["breaches", "minutes_short", "excepted", "near"]
WORST_FIRST = ["breaches", "minutes_short", "near"]


def audit_tables(
    told: Sequence[Evidence], facts: Facts, agent_ids: Iterable[str] = ()
) -> dict[str, pd.DataFrame]:
    """All tables by name: ``people, teams, rules, iso_weeks, weeks, trend``.

    Parameters
    ----------
    told : all findings of an audit (`scheduler.evidence.evidence`)
    facts : what was judged by: the people, the horizon, the weekday on which weeks begin
    agent_ids : people who were judged, such as ``rota.agent_ids``, beside those of ``facts.people``

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> tables = audit_tables([], Facts(ZoneInfo("UTC"), 12331, 7), ["a1", "a2"])
    >>> tables["people"].to_dict("list")["breaches"], tables["trend"].to_dict("list")["share_of_people"]
    ([0, 0], [0.0])
    """
    frame = _frame(told, facts)
    people = _people(frame, facts, agent_ids)
    return {
        "people": by_person(frame, people),
        "teams": by_team(frame, people),
        "rules": by_rule(frame),
        "iso_weeks": _by_week(frame, "iso_week"),
        "weeks": _by_week(frame, "week_from"),
        "trend": trend(frame, people, facts),
    }


def by_person(frame: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """A row for everybody who was judged: ``agent_id, team``, the figures, ``rules_broken, weeks_with_breach``."""
    counted = _counted(frame, "agent_id").join(
        _spread(frame, "agent_id", rule="rules_broken", week_from="weeks_with_breach")
    )
    table = people.merge(counted, left_on="agent_id", right_index=True, how="left")
    return _worst_first(table, "agent_id")


def by_team(frame: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """A row for each team: ``team, people``, the figures, ``people_with_breach, share_of_people``."""
    table = people.groupby("team", as_index=False).agg(people=("agent_id", "size"))
    counted = _counted(frame, "team").join(_spread(frame, "team", agent_id="people_with_breach"))
    table = _worst_first(table.merge(counted, left_on="team", right_index=True, how="left"), "team")
    table["share_of_people"] = table["people_with_breach"] / table["people"].clip(lower=1)
    return table


def by_rule(frame: pd.DataFrame) -> pd.DataFrame:
    """A row for each rule and source with a finding: the figures, ``not_checked``, ``people_with_breach``."""
    keys = ["rule", "source"]
    counted = _counted(frame, keys).join(_spread(frame, keys, agent_id="people_with_breach"))
    counted["not_checked"] = frame[frame["verdict"] == "not_checked"].groupby(keys).size()
    return _worst_first(counted.reset_index(), *keys)


def trend(frame: pd.DataFrame, people: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    """A row for each calendar week of the horizon in order: the figures, ``people_with_breach, share_of_people``.

    ``week_from`` is the date on which the week begins, by the centre's weekday. Shares are of all people judged.
    """
    weeks = [day_of(week).isoformat() for week in facts.weeks()] if facts.days else []
    counted = _counted(frame, "week_from").join(_spread(frame, "week_from", agent_id="people_with_breach"))
    table = _whole(counted.reindex(weeks)).rename_axis("week_from").reset_index()
    table["share_of_people"] = table["people_with_breach"] / max(1, len(people))
    return table


def _by_week(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """A row for each week with a finding."""
    counted = _counted(frame, column).join(_spread(frame, column, agent_id="people_with_breach"))
    return _worst_first(counted.drop(index="", errors="ignore").reset_index(), column)


def _frame(told: Sequence[Evidence], facts: Facts) -> pd.DataFrame:
    """One row a finding."""
    starts = {e.day: day_of(week_of(e.day, facts.week_start)).isoformat() for e in told if e.day is not None}
    return pd.DataFrame(
        {
            "agent_id": pd.Series([e.violation.agent_id for e in told], dtype=object),
            "team": pd.Series([e.team for e in told], dtype=object),
            "rule": pd.Series([e.violation.rule for e in told], dtype=object),
            "source": pd.Series([e.violation.source for e in told], dtype=object),
            "verdict": pd.Series([e.violation.verdict for e in told], dtype=object),
            "iso_week": pd.Series(["" if e.day is None else iso_week(e.day) for e in told], dtype=object),
            "week_from": pd.Series(["" if e.day is None else starts[e.day] for e in told], dtype=object),
            "minutes": np.array(
                [(e.short or 0) if e.violation.unit == "minutes" else 0 for e in told], dtype=np.float64
            ),
        }
    )


def _people(frame: pd.DataFrame, facts: Facts, agent_ids: Iterable[str]) -> pd.DataFrame:
    """Everybody who was judged and their team, sorted by id."""
    known = facts.people or {}
    names = sorted({*known, *agent_ids, *frame["agent_id"]} - {""})
    teams = [known[name].team if name in known else "" for name in names]
    return pd.DataFrame({"agent_id": pd.Series(names, dtype=object), "team": pd.Series(teams, dtype=object)})


def _counted(frame: pd.DataFrame, keys: str | list[str]) -> pd.DataFrame:
    """The figures by group."""
    flags = {name: frame["verdict"] == name for name in ("breach", "excepted", "near")}
    marked = frame.assign(
        breaches=flags["breach"].astype(np.int64),
        minutes_short=frame["minutes"].where(flags["breach"], 0),
        excepted=flags["excepted"].astype(np.int64),
        near=flags["near"].astype(np.int64),
    )
    return marked.groupby(keys)[FIGURES].sum()


def _spread(frame: pd.DataFrame, keys: str | list[str], **columns: str) -> pd.DataFrame:
    """How many different values of some columns the breaches of each group have."""
    breaches = frame[frame["verdict"] == "breach"].groupby(keys)
    return breaches[list(columns)].nunique().rename(columns=columns)


def _whole(table: pd.DataFrame) -> pd.DataFrame:
    """Counts as whole numbers, 0 where a group has none."""
    numbers = table.select_dtypes("number").columns
    return table.assign(**{name: table[name].fillna(0).round().astype(np.int64) for name in numbers})


def _worst_first(table: pd.DataFrame, *names: str) -> pd.DataFrame:
    """Most breaches first, then most minutes, then most near misses, then by name."""
    ways = [False] * len(WORST_FIRST) + [True] * len(names)
    return _whole(table).sort_values([*WORST_FIRST, *names], ascending=ways, ignore_index=True)
