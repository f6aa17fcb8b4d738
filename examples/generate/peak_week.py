"""Writes ``peak-week``: a campaign day at three times the usual volume in National Day week, a make-up workday at its end; all invented."""

from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import people
import volumes
from numpy.typing import NDArray

from centre.calendar_days import special_days
from centre.instants import day_number, weekday_of
from centre.writing import write_csv

ZONE = ZoneInfo("Asia/Shanghai")
FIRST, LAST, WEEK = date(2024, 9, 2), date(2025, 10, 5), date(2025, 10, 6)
WEEKDAY_FACTORS = (1.12, 1.05, 1.0, 1.0, 1.02, 0.92, 0.84)
MONDAY, FRIDAY = 0, 4
CAMPAIGNS = {date(2024, 11, 11): 1.6, date(2025, 6, 18): 1.2}
"""Past campaign days and their uplift, which events.csv leaves to be learned."""
TEAMS = {
    "热线组": [("热线;VIP", "全职", 29), ("热线;VIP", "兼职", 6)],
    "在线组": [("在线客服", "全职", 22), ("在线客服", "兼职", 5)],
}
"""Team -> its people: skills, contract, how many."""
BACKUP = {"技术支持部": ("热线:0.9;VIP:0.9", 18), "门店": ("在线客服:0.85", 12)}
"""Where the backup pool's people come from, what they can do, how many."""


def history(rng: np.random.Generator) -> pd.DataFrame:
    """Thirteen months of half hours: holidays quieter, make-up workdays as Fridays, two campaign days."""
    first, last = day_number(FIRST), day_number(LAST)
    special = special_days("CN", first, last)
    away = {day: it.name for day, it in special.items() if it.day_class != "makeup"}
    worked = {day for day, it in special.items() if it.day_class == "makeup"}
    when, parts = np.arange(480, 1320, 30), []
    for day in range(first, last + 1):
        today = FIRST + timedelta(days=day - first)
        factors = tuple(WEEKDAY_FACTORS[FRIDAY if day in worked else k] for k in range(7))
        usual = volumes.level_of(day, factors, away, 0.75, rng)
        level = usual * (1 + CAMPAIGNS.get(today, 0.0))
        midnight = pd.Timestamp(today, tz=ZONE)
        parts += [
            volumes.intervals("热线", midnight, when, level * 1150 * _shape(when, 0.7), 235.0, rng),
            volumes.intervals("VIP", midnight, when, level * 110 * _shape(when, 0.6), 230.0, rng),
            volumes.intervals("在线客服", midnight, when, level * 1450 * _shape(when, 1.1), 300.0, rng),
        ]
    table = pd.concat(parts).sort_values(["interval_start", "queue"])
    return table.assign(interval_start=table["interval_start"].dt.tz_convert("UTC"))


def _shape(minutes: NDArray[np.int64], evening: float) -> NDArray[np.float64]:
    shape = 0.6 + volumes.peak(minutes, 630, 110) + evening * volumes.peak(minutes, 1140, 130)
    return shape / shape.sum()


def agents(rng: np.random.Generator) -> pd.DataFrame:
    """The teams' people, the first three of each team its supervisors."""
    places = [
        (team, skills, contract)
        for team, groups in TEAMS.items()
        for skills, contract, count in groups
        for _ in range(count)
    ]
    teams, skills, contracts = (list(column) for column in zip(*places, strict=True))
    hired = (date(2018, 1, 1), date(2025, 6, 30))
    everyone = people.agents(contracts, skills, list(TEAMS), hired, rng, chinese_share=0.95).assign(
        team=teams
    )
    return everyone.assign(
        level=everyone["level"].mask(everyone.groupby("team").cumcount() < 3, "supervisor")
    )


def backup(rng: np.random.Generator) -> pd.DataFrame:
    """The thirty people of the pool."""
    count = sum(many for _, many in BACKUP.values())
    return pd.DataFrame(
        {
            "pool": "后备组",
            "agent_id": [f"B{k:02d}" for k in range(1, count + 1)],
            "skills": [skills for skills, many in BACKUP.values() for _ in range(many)],
            "name": people.names(count, rng, 1.0),
        }
    )


def events() -> pd.DataFrame:
    """Past campaigns, whose effect is learned, and the coming one, whose effect is told."""
    past = [("大促", day, day + timedelta(days=1), "", "campaign", "") for day in CAMPAIGNS]
    coming = ("国庆返场", WEEK + timedelta(days=2), WEEK + timedelta(days=3), "", "campaign", "2.0")
    return pd.DataFrame([*past, coming], columns=["name", "start", "end", "queues", "kind", "uplift"])


def write(folder: Path) -> None:
    """Write the folder's tables."""
    rng = np.random.default_rng(20251008)
    assert weekday_of(day_number(WEEK)) == MONDAY
    write_csv(folder / "history.csv", history(rng))
    everyone = agents(rng)
    write_csv(folder / "agents.csv", everyone)
    write_csv(folder / "backup.csv", backup(rng))
    write_csv(folder / "events.csv", events())
    write_csv(folder / "leave.csv", people.leave(everyone["agent_id"].tolist(), [WEEK], 0.02, rng))
    write_csv(
        folder / "requests.csv",
        people.requests(everyone, [WEEK], 7, {"全职": "全日班", "兼职": "短班"}, 0.1, rng),
    )
