"""Writes ``customer-service``, the installed example that carries the company's policies: everything is invented."""

from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import people
import volumes
from numpy.typing import NDArray

from centre.calendar import public_holidays
from centre.instants import day_number, weekday_of
from centre.writing import write_csv

ZONE = ZoneInfo("Asia/Shanghai")
FIRST, DAYS = date(2026, 3, 16), 56
WEEKS = (date(2026, 5, 11), date(2026, 5, 18))
WEEKDAY_FACTORS = (1.14, 1.05, 1.0, 1.0, 1.03, 0.88, 0.78)
SHIFTS = {"全职": "全日班", "兼职": "短班"}
LINE = "热线;VIP"
TEAMS = {
    "热线一组": [(LINE, "全职", 12), (f"{LINE};邮件", "全职", 4), (LINE, "兼职", 7)],
    "热线二组": [(LINE, "全职", 11), (f"{LINE};在线客服:0.8", "全职", 4), (LINE, "兼职", 7)],
    "VIP组": [("VIP;热线", "全职", 8)],
    "在线一组": [("在线客服", "全职", 6), ("在线客服", "兼职", 3)],
    "在线二组": [("在线客服", "全职", 4), ("在线客服;热线:0.8;VIP:0.8", "全职", 3), ("在线客服", "兼职", 3)],
    "专家组": [("专家组", "全职", 10), ("专家组", "兼职", 4), (f"专家组;{LINE}", "全职", 5)],
    "投诉组": [("投诉;投诉反馈;投诉归档;回访", "全职", 15), ("投诉;投诉反馈;投诉归档;回访", "兼职", 3)],
    "后台组": [("邮件;投诉反馈;投诉归档;回访", "全职", 4), ("邮件;投诉反馈;投诉归档;回访", "兼职", 3)],
}
"""Team -> its people: skills, contract, how many."""


def history(rng: np.random.Generator) -> pd.DataFrame:
    """Eight weeks of half hours with Tomb-Sweeping Day and Labor Day; chats are those before the bot takes its share."""
    first = day_number(FIRST)
    holidays = public_holidays("CN", first, first + DAYS + 1)
    parts = []
    for day in range(first, first + DAYS):
        midnight = pd.Timestamp(FIRST + timedelta(days=day - first), tz=ZONE)
        weekend, level = weekday_of(day) > 4, volumes.level_of(day, WEEKDAY_FACTORS, holidays, 0.7, rng)
        phone, chat = np.arange(480, 1320, 30), np.arange(540 if weekend else 480, 1320, 30)
        days = [
            ("热线", phone, 1950 * _two_peaks(phone, 0.8), 240.0),
            ("VIP", phone, 195 * _two_peaks(phone, 0.6), 235.0),
            ("在线客服", chat, 1350 * _two_peaks(chat, 1.0), 320.0),
            (
                "投诉",
                (late := np.arange(510, 1200, 30)),
                70 * _share(0.5 + volumes.peak(late, 660, 120)),
                540.0,
            ),
        ]
        if weekday_of(day) != 6 and "Labor Day" not in holidays.get(day, ""):
            read = np.arange(540, 1080, 30)
            days.append(("邮件", read, 230 * _share(1.0 + 5.0 * (read == 540)), 360.0))
        parts += [
            volumes.intervals(queue, midnight, when, level * many, aht, rng)
            for queue, when, many, aht in days
        ]
    table = pd.concat(parts).sort_values(["interval_start", "queue"])
    return table.assign(interval_start=table["interval_start"].dt.tz_convert("UTC"))


def _two_peaks(minutes: NDArray[np.int64], evening: float) -> NDArray[np.float64]:
    return _share(0.6 + volumes.peak(minutes, 630, 110) + evening * volumes.peak(minutes, 1110, 130))


def _share(shape: NDArray[np.float64]) -> NDArray[np.float64]:
    return shape / shape.sum()


def agents(rng: np.random.Generator) -> pd.DataFrame:
    """The teams' people, the first of each team its supervisor."""
    places = [
        (team, skills, contract)
        for team, groups in TEAMS.items()
        for skills, contract, count in groups
        for _ in range(count)
    ]
    teams, skills, contracts = (list(column) for column in zip(*places, strict=True))
    hired = (date(2017, 1, 1), date(2026, 1, 31))
    everyone = people.agents(contracts, skills, list(TEAMS), hired, rng, chinese_share=0.9).assign(team=teams)
    return everyone.assign(level=everyone["level"].mask(~everyone["team"].duplicated(), "supervisor"))


def write(folder: Path) -> None:
    """Write the folder's tables."""
    rng = np.random.default_rng(20260511)
    write_csv(folder / "history.csv", history(rng))
    everyone = agents(rng)
    write_csv(folder / "agents.csv", everyone)
    write_csv(folder / "leave.csv", people.leave(everyone["agent_id"].tolist(), WEEKS, 0.03, rng))
    write_csv(folder / "requests.csv", people.requests(everyone, WEEKS, 7, SHIFTS, 0.1, rng))
