"""Writes ``anonbank``: three kinds of call from the real records, people invented."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import people

from centre.writing import write_csv

ZONE = ZoneInfo("Asia/Jerusalem")
QUEUES = {"PS": "regular", "NW": "prospects", "NE": "stocks"}
TEAMS = ("Carmel", "Galil", "北京路组")
SKILLS = (
    ["regular;prospects"] * 8
    + ["regular;stocks"] * 6
    + ["regular;prospects;stocks"] * 5
    + ["regular"] * 3
    + ["regular:0.8"] * 2
)
CONTRACTS = ["full-time"] * 18 + ["six-day"] * 6
SHIFTS = {"full-time": "day", "six-day": "short"}
WEEKS = (date(1999, 2, 14), date(1999, 2, 21))


def history(series: Path) -> pd.DataFrame:
    """January and February by half hour, with the zeros that the source leaves out."""
    calls = pd.read_csv(series / "anonbank_1999_30min_by_type_jan_feb_oct.csv", parse_dates=["timestamp"])
    calls = calls[(calls["timestamp"] < "1999-03-01") & calls["queue"].isin(list(QUEUES))]
    days = calls["timestamp"].dt.normalize().unique()
    slots = [day + pd.Timedelta(minutes=30 * k) for day in days for k in range(48)]
    every = pd.MultiIndex.from_product([slots, list(QUEUES)], names=["timestamp", "queue"])
    full = calls.set_index(["timestamp", "queue"]).reindex(every).reset_index()
    counts = full[["answered", "abandoned", "answered_within_20s"]].fillna(0).astype(int)
    local = pd.DatetimeIndex(full["timestamp"])
    table = pd.DataFrame(
        {
            "interval_start": local.tz_localize(ZONE).tz_convert("UTC"),
            "queue": full["queue"].map(QUEUES),
            "offered": counts["answered"] + counts["abandoned"],
            "aht_seconds": full["aht"].round(1),
            "handled": counts["answered"],
            "abandoned": counts["abandoned"],
            "within_target": counts["answered_within_20s"],
        }
    )
    return table[(local.hour >= 6) | (table["offered"] > 0).to_numpy()]


def write(examples: Path, series: Path | None) -> None:
    """Write the folder; without ``series`` the history is left as it is."""
    rng = np.random.default_rng(19990221)
    folder = examples / "anonbank"
    skills, contracts = rng.permutation(SKILLS), rng.permutation(CONTRACTS)
    hired = (date(1990, 1, 1), date(1998, 12, 31))
    everyone = people.agents(list(contracts), list(skills), TEAMS, hired, rng, chinese_share=0.4)
    if series:
        write_csv(folder / "history.csv", history(series))
    write_csv(folder / "agents.csv", everyone)
    write_csv(folder / "leave.csv", people.leave(everyone["agent_id"].tolist(), WEEKS, 0.02, rng))
    write_csv(folder / "requests.csv", people.requests(everyone, WEEKS, 7, SHIFTS, 0.12, rng))
