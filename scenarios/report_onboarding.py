"""The report's section on new starters: stages with what is assumed of them, and the ramp beside what is required."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from centre.instants import day_number
from scenarios.forecast_svg import Chart, ticks_to
from scenarios.report_data import ReportData
from scenarios.report_words import Format

View = dict[str, Any]
HOURS = ("starters", "starters_effective", "speed_lost", "agents_to_roster", "heads_to_roster")


def views(data: ReportData, form: Format, w: dict[str, str]) -> View:
    """What the template shows of this module; None where nobody is new."""
    if data.onboarding.empty:
        return {"onboarding": None}
    by_day = _by_day(data)
    return {
        "onboarding": {
            "stages": list(_stages(data, form, w)),
            "days": [
                [form.day(int(day)), *(form.number(value, 1) for value in row)]
                for day, row in zip(by_day.index, by_day.to_numpy(), strict=True)
            ],
            "chart": _chart(by_day, form, w),
        }
    }


def _stages(data: ReportData, form: Format, w: dict[str, str]) -> Iterator[list[str]]:
    """Every starter and stage in the horizon: from when to when, assumed or not, with whom, at what speed, exams."""
    table = data.onboarding
    names = {agent.agent_id: agent.name for agent in data.agents}
    days = np.array([day_number(pd.Timestamp(day).date()) for day in table["day"]])
    pairs = table[["agent_id", "stage"]].drop_duplicates()
    for agent_id, stage in zip(pairs["agent_id"], pairs["stage"], strict=True):
        place = ((table["agent_id"] == agent_id) & (table["stage"] == stage)).to_numpy()
        rows, span = table[place], days[place]
        exams = [
            f"{exam} {form.day(int(day))}"
            for exam, day in zip(rows["exam"].fillna(""), span, strict=True)
            if exam
        ]
        mentors = sorted(set(rows["mentor"].fillna("")) - {""})
        speeds = form.percent(rows["speed"].min(), 0), form.percent(rows["speed"].max(), 0)
        first, last = form.day(int(span.min())), form.day(int(span.max()))
        yield [
            f"{agent_id} {names.get(agent_id, '')}".strip(), w[f"onb_{stage}"], f"{first} – {last}",
            w["onb_assumed"] if rows["assumed"].any() else w["onb_recorded"], ", ".join(mentors),
            "–".join(dict.fromkeys(speeds)), ", ".join(exams),
        ]  # fmt: skip


def _by_day(data: ReportData) -> pd.DataFrame:
    """Agent-hours of each day of the horizon, all queues: `HOURS`."""
    ramp = data.onboarding_ramp
    local = pd.DatetimeIndex(ramp["interval_start"]).tz_convert(data.timezone).date
    day = np.array([day_number(each) for each in local], dtype=np.int64)
    hours = ramp[list(HOURS)].astype(float) * data.interval_minutes / 60
    return hours.groupby(day).sum()


def _chart(by_day: pd.DataFrame, form: Format, w: dict[str, str]) -> Markup:
    """Starters at the queue by day, as a line, and the agents that they come to, as bars, in agent-hours."""
    top = float(by_day["starters"].max())
    if not top:
        return Markup("")
    ticks = ticks_to(top)
    chart = Chart(float(len(by_day)), ticks[-1])
    chart.axis(ticks, [form.number(value) for value in ticks])
    every = max(1, len(by_day) // 14)
    for k, (day, row) in enumerate(by_day.iterrows()):
        if not k % every:
            chart.below(k + 0.5, form.day(int(str(day))))
        title = w["onb_at"].format(
            day=form.day(int(str(day))),
            heads=form.number(row["starters"], 1),
            agents=form.number(row["starters_effective"], 1),
        )
        chart.box(k + 0.15, k + 0.85, 0.0, float(row["starters_effective"]), "own", title)
    chart.line(by_day["starters"].to_numpy(dtype=float), "needed")
    return chart.svg(w["alt_onb"])
