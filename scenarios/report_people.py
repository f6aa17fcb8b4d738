"""The report's section on people: what became of their requests, and how long they are on the queue."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from centre.instants import day_number
from scenarios.audit_page_rules import RULES
from scenarios.report_data import ReportData
from scenarios.report_words import Format

View = dict[str, Any]
MOST_REFUSED = 200
"""Refused requests shown, at most; ``requests_result.csv`` has them all."""


def views(data: ReportData, form: Format, w: dict[str, str]) -> View:
    """What the template shows of this module; None where nothing was asked for and nobody is on a queue."""
    asked, online = data.requests, data.online
    if asked.empty and (online.empty or not online["queue_days"].any()):
        return {"people": None}
    refused = asked[asked["result"] == "refused"] if len(asked) else asked
    return {
        "people": {
            "asked": len(asked),
            "granted": len(asked) - len(refused),
            "refused": list(_refused(refused.head(MOST_REFUSED), data, form, w)),
            "left_out": max(len(refused) - MOST_REFUSED, 0),
            "online": list(_online(online, form)),
        }
    }


def _refused(refused: pd.DataFrame, data: ReportData, form: Format, w: dict[str, str]) -> Iterator[list[str]]:
    names = {agent.agent_id: agent.name for agent in data.agents}
    for row in refused.to_dict("records"):
        wish = w[f"people_{row['kind']}"] + (f" {row['shift']}" if row["shift"] else "")
        rules = "、" if data.language == "zh" else ", "
        rules = rules.join(_rule(name, data.language) for name in str(row["rules"]).split(";") if name)
        day = day_number(pd.Timestamp(row["date"]).date())
        yield [
            f"{row['agent_id']} {names.get(row['agent_id'], '')}".strip(),
            form.day(day),
            wish,
            w[f"people_cause_{row['cause']}"].format(rules=rules),
        ]


def _rule(name: str, language: str) -> str:
    return RULES[name][0] if language == "zh" and name in RULES else name


def _online(online: pd.DataFrame, form: Format) -> Iterator[list[str]]:
    """Of each team people with queue work, means of what they have and of what is asked, and how many have less."""
    there = online[online["queue_days"] > 0] if len(online) else online
    for team, rows in there.groupby("team", sort=True) if len(there) else ():
        less = ~(rows["meets_hours"] & rows["meets_contacts"])
        means = [
            rows[name].mean()
            for name in (
                "online_hours_per_day",
                "asked_hours_per_day",
                "contacts_per_day",
                "asked_contacts_per_day",
            )
        ]
        yield [
            str(team) or "–",
            form.number(len(rows)),
            *(_known(mean, form) for mean in means),
            form.number(int(less.sum())),
        ]


def _known(value: float, form: Format) -> str:
    return "–" if pd.isna(value) else form.number(value, 1)
