"""Writes ``us-bank`` and ``us-bank-15min``: history from the real series, people invented."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import people

from centre.writing import write_csv

ZONE = ZoneInfo("America/New_York")
CONTRACTS = {"full-time-5x8": 180, "four-day-4x10": 60, "part-time-5x6": 45, "part-time-5x4": 35}
SHIFTS = {"full-time-5x8": "5x8", "four-day-4x10": "4x10", "part-time-5x6": "5x6", "part-time-5x4": "5x4"}
TEAMS = (
    "Atlantic", "Beacon", "Charter", "Dogwood", "East Gate", "Foundry", "Granite", "Harbor",
    "晨光组", "朝阳组", "青松组", "海棠组", "明月组", "星河组", "云帆组", "远山组",
)  # fmt: skip
WEEKS = (date(2003, 10, 6), date(2003, 10, 20))


def history(series: Path, interval_minutes: int) -> pd.DataFrame:
    """The real volumes by interval from the file of 5 minutes; the one of 30 minutes holds the same sums."""
    calls = pd.read_csv(series / "us_bank_2003_5min.csv", parse_dates=["timestamp"])
    calls = calls[calls["timestamp"].dt.hour < 21]
    start = calls["timestamp"].dt.floor(f"{interval_minutes}min")
    offered = calls.groupby(start)["volume"].sum()
    return pd.DataFrame(
        {
            "interval_start": pd.DatetimeIndex(offered.index).tz_localize(ZONE).tz_convert("UTC"),
            "queue": "calls",
            "offered": offered.to_numpy(),
            "aht_seconds": "",
        }
    )


def write(examples: Path, series: Path | None) -> None:
    """Write both folders; without ``series`` the histories are left as they are."""
    rng = np.random.default_rng(20031006)
    contracts = rng.permutation([name for name, count in CONTRACTS.items() for _ in range(count)])
    hired = (date(1995, 1, 1), date(2003, 8, 31))
    everyone = people.agents(list(contracts), ["calls"] * len(contracts), TEAMS, hired, rng)
    fewer = everyone.sort_index().drop(rng.choice(len(everyone), 30, replace=False))
    ids = everyone["agent_id"].tolist()
    leave = people.leave(ids, WEEKS, 0.02, rng)
    requests = people.requests(everyone, WEEKS, 5, SHIFTS, 0.06, rng)
    for folder, minutes in ((examples / "us-bank", 30), (examples / "us-bank-15min", 15)):
        if series:
            write_csv(folder / "history.csv", history(series, minutes))
        write_csv(folder / "agents.csv", everyone)
        write_csv(folder / "agents_290.csv", fewer)
        write_csv(folder / "leave.csv", leave)
        write_csv(folder / "requests.csv", requests)
