"""A rota as the board tells it: what an audit finds, how it is staffed, what service and cost to expect; the latest are kept."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from api.any_rota import AnyRota
from api.judging import Files, Judged, centre_of, judge
from api.stretches import days_of, rota_of
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
    contacts : expected contacts, and those of them that are served too late, by queue; likewise
    short_hours : agent-hours that are missing, by queue
    paid : by person, paid hours and what they cost at the contracts' rates and overtime's, in the centre's currency
    """

    judged: Judged
    zone: ZoneInfo
    currency: str
    staffing: Mapping[str, list[tuple[int, float, float]]]
    contacts: Mapping[str, tuple[float, float]]
    short_hours: Mapping[str, float]
    paid: Mapping[str, tuple[float, float]]


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
    paid, info = _paid(centre, judged.rota), centre.settings.centre
    if cover is None:
        return Told(judged, info.timezone, info.currency, {}, {}, {}, paid)
    missing = (
        (-cover["net_staffing"]).clip(lower=0.0).groupby(cover["queue"]).sum() * info.interval_minutes / 60
    )
    short = {str(queue): float(hours) for queue, hours in missing.items()}
    return Told(judged, info.timezone, info.currency, _staffing(cover), _contacts(cover), short, paid)


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


def _contacts(cover: pd.DataFrame) -> dict[str, tuple[float, float]]:
    sums = cover.groupby("queue")[["expected_contacts", "expected_late"]].sum()
    return {str(queue): (float(row.iloc[0]), float(row.iloc[1])) for queue, row in sums.iterrows()}


def _paid(centre: Centre, rota: Rota) -> dict[str, tuple[float, float]]:
    """Paid hours of each person and their cost: the contract's rate, overtime beyond a week's maximum at its multiplier."""
    contracts = {each.name: each for each in centre.settings.contract}
    of = {agent.agent_id: contracts[agent.contract] for agent in centre.agents if agent.contract in contracts}
    duties, week_start = rota.duties, centre.settings.centre.week_start
    weeks: dict[tuple[str, int], int] = {}
    for agent, day, paid in zip(
        duties.agent.tolist(), duties.day.tolist(), duties.paid.tolist(), strict=True
    ):
        key = rota.agent_ids[agent], week_of(day, week_start)
        weeks[key] = weeks.get(key, 0) + paid
    told: dict[str, tuple[float, float]] = {}
    for (agent_id, _), minutes in weeks.items():
        hours, cost = told.get(agent_id, (0.0, 0.0))
        if (contract := of.get(agent_id)) is not None:
            over = max(0, minutes - contract.weekly_minutes_max) * (contract.overtime.multiplier - 1)
            cost += (minutes + over) / 60 * contract.hourly_cost
        told[agent_id] = hours + minutes / 60, cost
    return told
