"""Reading a centre folder: settings, people, history and the rest, checked against one another, with every
fault told at once.
"""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from centre import cells
from centre.activity_checks import check_activity_people
from centre.backup_file import BackupMember, backup_members, named_members
from centre.calendar import CalendarRow, is_holiday_named, public_holidays
from centre.calendar_days import makeup_rows
from centre.calendar_file import calendar_rows
from centre.draft import Draft
from centre.errors import Faults
from centre.exception_file import exceptions_frame
from centre.instants import MINUTES_A_DAY, day_number, from_timestamps
from centre.interval_files import (
    DEFERRED,
    available_frame,
    deferred_frame,
    forecast_frame,
    history_frame,
    requirement_frame,
    rota_frame,
)
from centre.mix_checks import check_people
from centre.model import Settings
from centre.onboarding_checks import check_passes
from centre.passes import passes_frame
from centre.pattern_checks import check_pattern_people
from centre.peak_checks import check_quota_teams
from centre.peak_days import check_peak_names
from centre.people import Agent
from centre.people_files import Known, agents_of, leave_frame, ledger_frame, requests_frame
from centre.planner_files import day_totals_frame, events_frame, overrides_frame, planned_names
from centre.protections import protections_frame
from centre.toml_file import read_draft

TABLES = (
    "history", "agents", "leave", "requests", "events", "overrides", "day_totals", "rota_before", "backlog", "ledger",
    "calendar", "protections", "exceptions", "rota_earlier", "backup", "passes",
)  # fmt: skip
NEEDED = ("history", "agents")
SUFFIXES = (".csv", ".xlsx")


@dataclass(frozen=True, eq=False)
class Centre:
    """All of a centre folder, read and checked.

    Parameters
    ----------
    history : ``interval_start`` (aware UTC), ``queue``, ``offered``, ``aht_seconds`` (NaN where empty), those
        of ``handled``, ``abandoned``, ``within_target`` that the file has, ``row``
    leave : ``agent_id``, ``start``, ``end`` (aware UTC), ``kind``, ``row``
    requests : ``agent_id``, ``date``, ``kind`` (off, on), ``shift`` (may be empty), ``weight``, ``row``
    events : see `centre.planner_files.events_frame`
    overrides, day_totals : what the planner and finance say of coming days, see `centre.planner_files`
    rota_before : what was worked before the horizon in the columns of ``rota.csv``; None where the folder has
        none
    backlog : work that may wait and is left from before the horizon, in the columns of ``deferred.csv``
    ledger : ``agent_id``, ``account``, ``period``, ``amount``, ``unit``, ``as_of``, ``row``
    checksums : SHA-256 by the name of every file read
    warnings : sentences that the user should see
    calendar : the country's make-up workdays from the first day of history on, then the centre's own days, see
        `centre.calendar_file`
    protections : see `centre.protections.protections_frame`; None where the folder has no such file
    exceptions : breaches that somebody answers for, see `centre.exception_file.exceptions_frame`
    rota_earlier : an earlier rota of the same days, from which changes are counted; None where the folder has none
    backup : everybody of every backup pool, pool by pool in the order of ``centre.toml``
    passes : exams that were passed, see `centre.passes`
    raw : ``centre.toml`` as TOML tells it, from which what-ifs go out (`centre.edits`)
    """

    settings: Settings
    agents: tuple[Agent, ...]
    history: pd.DataFrame
    leave: pd.DataFrame
    requests: pd.DataFrame
    events: pd.DataFrame
    rota_before: pd.DataFrame | None
    backlog: pd.DataFrame
    ledger: pd.DataFrame
    checksums: dict[str, str]
    warnings: tuple[str, ...]
    overrides: pd.DataFrame = field(default_factory=pd.DataFrame)
    day_totals: pd.DataFrame = field(default_factory=pd.DataFrame)
    calendar: tuple[CalendarRow, ...] = ()
    protections: pd.DataFrame | None = None
    exceptions: pd.DataFrame = field(default_factory=pd.DataFrame)
    rota_earlier: pd.DataFrame | None = None
    backup: tuple[BackupMember, ...] = ()
    passes: pd.DataFrame = field(default_factory=pd.DataFrame)
    raw: dict[str, Any] = field(default_factory=dict)


def read_centre(folder: Path, *, agents: Path | None = None) -> Centre:
    """Read a centre folder; ``agents`` is another agents file to take in place of the folder's.

    What the folder tells of people who are not in that other file is left out with a warning; of people who
    are not in its own, it is a fault.

    Raises
    ------
    BadInput
        with every fault of every file.
    """
    faults = Faults()
    files = _find_files(folder, agents, faults)
    draft = read_draft(files["centre"], faults)
    known = Known(draft.queues, draft.shifts, draft.contracts)
    people, ids = agents_of(files["agents"], known, faults) if "agents" in files else ((), None)
    told = None if agents else ids
    history = _history(files.get("history"), draft, faults)
    leave = leave_frame(files.get("leave"), draft.zone, told, faults)
    requests = requests_frame(files.get("requests"), known, told, faults)
    events = events_frame(files.get("events"), draft.zone, faults, draft.queues)
    overrides = overrides_frame(files.get("overrides"), draft.zone, faults, draft.queues)
    day_totals = day_totals_frame(files.get("day_totals"), faults, planned_names(draft.queues))
    before, earlier = (
        rota_frame(files[name], draft.zone, faults) if name in files else None
        for name in ("rota_before", "rota_earlier")
    )
    backlog = (
        deferred_frame(files["backlog"], draft.zone, faults, draft.queues) if "backlog" in files else None
    )
    exceptions = exceptions_frame(files.get("exceptions"), draft.zone, told, faults)
    protections = protections_frame(files.get("protections"), told, faults)
    passes = passes_frame(files.get("passes"), told, faults)
    called = backup_members(files.get("backup"), draft.backups, draft.queues, ids, faults)
    told_right = not any(fault.file == getattr(files.get("backup"), "name", None) for fault in faults)
    if draft.settings is not None and told_right:
        called = named_members(draft.settings.backup, called, ids or (), faults)
    outside = {member.agent_id for member in called}
    teams = {f"team:{agent.team}" for agent in people if agent.team}  # what a team owes together
    ledger = ledger_frame(files.get("ledger"), None if told is None else told | outside | teams, faults)
    notices = sorted(folder.glob("calendar*.json"))
    calendar = calendar_rows(
        [files["calendar"], *notices] if "calendar" in files else notices, draft.queues, faults
    )
    _check_holidays(draft, history, calendar, set(events["name"]), faults)
    if draft.settings is not None and "agents" in files:
        check_people(draft.settings.mix, people, files["agents"].name, faults)
        check_quota_teams(draft.settings.leave_quota, people, files["agents"].name, faults)
        check_pattern_people(draft.settings, people, files["agents"].name, faults)
        check_activity_people(draft.settings.activity, people, files["agents"].name, faults)
        exams = [activity.name for activity in draft.settings.activity if activity.kind == "exam"]
        name = files["passes"].name if "passes" in files else "passes.csv"
        check_passes(passes, people, draft.settings.onboarding, exams, name, faults)
    faults.raise_if_any()
    assert draft.settings is not None
    assert history is not None
    calendar = (*makeup_rows(draft.settings.centre.country, _span(history)[0] - 1), *calendar)
    if agents:
        leave, requests = (_of_people(frame, ids, faults) for frame in (leave, requests))
        passes = _of_people(passes, ids, faults, "passes")
        ledger = _of_people(ledger, {*(ids or ()), *outside, *teams}, faults)
        protections = None if protections is None else _of_people(protections, ids, faults, "protections")
    sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (*files.values(), *notices)}
    return Centre(
        draft.settings, people, history, leave, requests, events, before,
        pd.DataFrame(columns=list(DEFERRED)) if backlog is None else backlog,
        ledger, sums, tuple(faults.warnings), overrides, day_totals, calendar,
        protections, exceptions, earlier, called, passes, draft.raw,
    )  # fmt: skip


def read_history(path: Path, zone: ZoneInfo) -> pd.DataFrame:
    """A history file on its own, in the columns of `Centre.history`; raises `BadInput` with every fault."""
    return _alone(path, zone, history_frame)


def read_forecast(path: Path, zone: ZoneInfo) -> pd.DataFrame:
    """A forecast file: ``interval_start`` (aware UTC), ``queue``, ``offered``, ``aht_seconds`` and quantiles;
    raises `BadInput`.
    """
    return _alone(path, zone, forecast_frame)


def read_requirement(path: Path, zone: ZoneInfo) -> pd.DataFrame:
    """A requirement file with ``edited`` as booleans, false where it is not said; raises `BadInput` with
    every fault.
    """
    return _alone(path, zone, requirement_frame)


def read_available(path: Path, zone: ZoneInfo) -> pd.DataFrame:
    """Who is there by interval and queue: ``interval_start``, ``queue``, ``agents_effective`` of a ``coverage.csv``; raises `BadInput`."""
    return _alone(path, zone, available_frame)


def read_rota(path: Path, zone: ZoneInfo) -> pd.DataFrame:
    """A rota file, as `scheduler.rota.Rota.from_frame` takes it; rows may overlap. Raises `BadInput` with
    every fault.
    """
    return _alone(path, zone, rota_frame)


def _alone(
    path: Path, zone: ZoneInfo, read: Callable[[Path, ZoneInfo, Faults], pd.DataFrame | None]
) -> pd.DataFrame:
    faults = Faults()
    frame = read(path, zone, faults)
    faults.raise_if_any()
    assert frame is not None
    return frame


def _find_files(folder: Path, agents: Path | None, faults: Faults) -> dict[str, Path]:
    """The files of the folder by their stem; a missing one that is needed, or two of one stem, is a fault."""
    if not folder.is_dir():
        words = "a centre folder with centre.toml, history.csv and agents.csv"
        faults.add(str(folder), words, found="" if folder.exists() else "nothing there")
        faults.raise_if_any()
    files = {"centre": folder / "centre.toml"}
    for stem in TABLES:
        there = [folder / (stem + suffix) for suffix in SUFFIXES if (folder / (stem + suffix)).is_file()]
        if len(there) > 1:
            faults.add(there[0].name, "one file of this name, .csv or .xlsx", found="both")
        elif there:
            files[stem] = there[0]
        elif stem in NEEDED and not (stem == "agents" and agents):
            faults.add(
                f"{stem}.csv", f"this file, or {stem}.xlsx, in the centre folder", found="no such file"
            )
    return files | ({"agents": agents} if agents else {})


def _history(path: Path | None, draft: Draft, faults: Faults) -> pd.DataFrame | None:
    interval_minutes = draft.info.interval_minutes if draft.info else None
    return history_frame(path, draft.zone, faults, draft.queues, interval_minutes) if path else None


def _check_holidays(
    draft: Draft,
    history: pd.DataFrame | None,
    calendar: tuple[CalendarRow, ...],
    events: set[str],
    faults: Faults,
) -> None:
    """Fault a country that is not known, holidays that are named and neither the country's in or near the
    history's years nor the centre's own, and peaks of no known day.
    """
    info = draft.info
    if info is None:
        return
    first, last = _span(history)
    try:
        names = set(public_holidays(info.country, first - 366, last + 731).values())
    except ValueError as error:
        faults.add("centre.toml", str(error), found=info.country, column="centre.country")
        return
    own = {row.name for row in calendar if row.day_class in ("statutory", "rest", "bridged")}
    names |= own
    for queue in filter(None, (draft.queues or {}).values()):
        path = f"queue.{queue.name}.closed_holidays"
        if queue.closed_holidays != "none" and info.country is None and not own:
            faults.add(
                "centre.toml",
                "none, unless the centre's country or a calendar.csv is told",
                found=queue.closed_holidays,
                column=path,
            )
        elif not isinstance(queue.closed_holidays, str):
            for wanted in queue.closed_holidays:
                if not any(is_holiday_named(name, wanted) for name in names):
                    words = f"a public holiday of {info.country or 'calendar.csv'}{cells.suggestion(wanted, names)}"
                    faults.add("centre.toml", words, found=wanted, column=path)
    peaks = draft.settings.peak if draft.settings else ()
    check_peak_names(peaks, events, info.country, calendar, first, last, faults)


def _span(history: pd.DataFrame | None) -> tuple[int, int]:
    """First and last day of a history, in UTC; a day of 2024 where there is none."""
    if history is None or not len(history):
        return (day_number(date(2024, 1, 1)),) * 2
    days = from_timestamps(history["interval_start"]) // MINUTES_A_DAY
    return int(days.min()), int(days.max())


def _of_people(
    frame: pd.DataFrame, ids: Collection[str] | None, faults: Faults, what: str = ""
) -> pd.DataFrame:
    """The rows that tell of these people; how many were left out becomes a warning."""
    kept = frame[frame["agent_id"].isin(list(ids or ()))].reset_index(drop=True)
    if len(kept) < len(frame):
        what = what or ("ledger" if "account" in frame else "requests" if "date" in frame else "leave")
        faults.warn(
            f"{what}: {len(frame) - len(kept)} rows of people who are not in the agents file were left out"
        )
    return kept
