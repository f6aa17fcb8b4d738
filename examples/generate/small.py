"""Writes ``small``, the example that is installed with Paiban: everything in it is invented."""

from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import people
import volumes

from centre.calendar import public_holidays
from centre.instants import day_number
from centre.writing import write_csv

ZONE = ZoneInfo("Asia/Shanghai")
FIRST, DAYS = date(2025, 12, 22), 70
TEAMS = ("电话一组", "电话二组", "在线组")
CONTRACTS = ["full-time"] * 19 + ["part-time"] * 6
SHIFTS = {"full-time": "早晚班", "part-time": "短班"}
SKILLS = ["calls"] * 12 + ["calls;chat"] * 9 + ["chat;calls:0.8"] * 4
WEEKS = (date(2026, 3, 2), date(2026, 3, 9))
WEEKDAY_FACTORS = (1.16, 1.06, 1.0, 1.0, 1.04, 0.92, 0.82)
QUEUES = {"calls": (460, 225.0, 0.3), "chat": (64, 300.0, 0.45)}
"""Queue -> contacts on a usual day, mean handle time in seconds, weight of the evening peak."""


def history(rng: np.random.Generator) -> pd.DataFrame:
    """Ten weeks of half hours: two peaks a day, busy Mondays, quiet holidays, some days busier as a whole."""
    first = day_number(FIRST)
    holidays = public_holidays("CN", first, first + DAYS + 1)
    minutes = np.arange(480, 1320, 30)
    parts = []
    for queue, (daily, aht, evening) in QUEUES.items():
        shape = volumes.peak(minutes, 630, 110) + 0.35
        shape += (0.5 + evening) * volumes.peak(minutes, 1110, 130)
        for day in range(first, first + DAYS):
            level = daily * volumes.level_of(day, WEEKDAY_FACTORS, holidays, 0.5, rng)
            midnight = pd.Timestamp(FIRST + timedelta(days=day - first), tz=ZONE)
            parts.append(volumes.intervals(queue, midnight, minutes, level * shape / shape.sum(), aht, rng))
    table = pd.concat(parts).sort_values(["interval_start", "queue"])
    return table.assign(interval_start=table["interval_start"].dt.tz_convert("UTC"))


def write(folder: Path) -> None:
    """Write the folder's tables."""
    rng = np.random.default_rng(20260302)
    write_csv(folder / "history.csv", history(rng))
    hired = (date(2018, 1, 1), date(2025, 11, 30))
    everyone = people.agents(CONTRACTS, list(rng.permutation(SKILLS)), TEAMS, hired, rng, chinese_share=0.8)
    write_csv(folder / "agents.csv", everyone)
    write_csv(folder / "leave.csv", people.leave(everyone["agent_id"].tolist(), WEEKS, 0.04, rng))
    write_csv(folder / "requests.csv", people.requests(everyone, WEEKS, 7, SHIFTS, 0.12, rng))
