"""A rota as the board tells it: what an audit finds, how it is staffed, what service and cost to expect; the latest are kept."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from api.any_rota import AnyRota
from api.judging import Files, Judged, centre_of, judge
from api.page.stretches import days_of, rota_of
from centre.folder import Centre, read_requirement
from centre.instants import day_number, from_timestamps, week_of
from scheduler.coverage import coverage
from scheduler.rota import Rota

REMEMBERED = 8


@dataclass(frozen=True, eq=False)
class Told:
    """What is told of a rota.

    Parameters
    ----------
    staffing : by queue, one (start in UTC minutes, agents to roster, agents rostered) an interval; empty where no requirement is known
    service : expected share of contacts served in time by queue, and of all under ``""``; likewise
    cost : wages at the contracts' rates and overtime's, in the centre's currency
    """

    judged: Judged
    zone: ZoneInfo
    currency: str
    staffing: Mapping[str, list[tuple[int, float, float]]]
    service: Mapping[str, float]
    short_hours: float
    cost: float
    paid_hours: float


def tell(files: Files, rows: bytes, requirement: bytes | None, first: date, days: int) -> Told:
    """Judge and count a whole rota; ``rows`` is ``rota.csv``."""
    return _tell(tuple(files.items()), rows, requirement, day_number(first), days)


@lru_cache(maxsize=REMEMBERED)
def _tell(
    files: tuple[tuple[str, bytes], ...], rows: bytes, requirement: bytes | None, first: int, days: int
) -> Told:
    known = dict(files)
    centre = centre_of(known)
    judged = judge(known, AnyRota(rota_of(days_of(rows))), first, days)
    cover = None if requirement is None else _cover(centre, judged.rota, requirement)
    hours, cost = _paid(centre, judged.rota)
    info = centre.settings.centre
    if cover is None:
        return Told(judged, info.timezone, info.currency, {}, {}, 0.0, cost, hours)
    short = np.maximum(0.0, -cover["net_staffing"]).sum() * info.interval_minutes / 60
    return Told(
        judged, info.timezone, info.currency, _staffing(cover), _service(cover), float(short), cost, hours
    )


def _cover(centre: Centre, rota: Rota, requirement: bytes) -> pd.DataFrame:
    with tempfile.TemporaryDirectory(prefix="paiban-") as place:
        path = Path(place) / "requirement.csv"
        path.write_bytes(requirement)
        needed = read_requirement(path, centre.settings.centre.timezone)
    return coverage(rota, needed, centre.settings, centre.agents)


def _staffing(cover: pd.DataFrame) -> dict[str, list[tuple[int, float, float]]]:
    starts = from_timestamps(cover["interval_start"])
    needed = cover["agents_rostered"] - cover["net_staffing"]
    told: dict[str, list[tuple[int, float, float]]] = {}
    for queue, start, need, here in zip(
        cover["queue"], starts, needed, cover["agents_rostered"], strict=True
    ):
        told.setdefault(str(queue), []).append((int(start), round(float(need), 2), round(float(here), 2)))
    return told


def _service(cover: pd.DataFrame) -> dict[str, float]:
    sums = cover.groupby("queue")[["expected_contacts", "expected_late"]].sum()
    sums.loc[""] = sums.sum()
    return {
        str(queue): round(1 - float(row["expected_late"]) / float(row["expected_contacts"]), 4)
        for queue, row in sums.iterrows()
        if row["expected_contacts"] > 0
    }


def _paid(centre: Centre, rota: Rota) -> tuple[float, float]:
    """Paid hours and their cost: contract's rate, overtime beyond a week's maximum at its multiplier."""
    contracts = {each.name: each for each in centre.settings.contract}
    of = {agent.agent_id: contracts[agent.contract] for agent in centre.agents if agent.contract in contracts}
    duties, week_start = rota.duties, centre.settings.centre.week_start
    weeks: dict[tuple[str, int], int] = {}
    for agent, day, paid in zip(
        duties.agent.tolist(), duties.day.tolist(), duties.paid.tolist(), strict=True
    ):
        key = rota.agent_ids[agent], week_of(day, week_start)
        weeks[key] = weeks.get(key, 0) + paid
    cost = 0.0
    for (agent_id, _), minutes in weeks.items():
        if (contract := of.get(agent_id)) is not None:
            over = max(0, minutes - contract.weekly_minutes_max) * (contract.overtime.multiplier - 1)
            cost += (minutes + over) / 60 * contract.hourly_cost
    return sum(weeks.values()) / 60, cost
