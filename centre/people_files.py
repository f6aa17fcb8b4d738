"""Reading what is told of people: agents, leave, requests, ledger. Faults name people by ``agent_id`` and
repeat nothing else of them.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre import cells
from centre.availability import hours_of_week
from centre.cells import suggestion
from centre.errors import Faults
from centre.instants import day_number, to_timestamps
from centre.model import LEVELS, Contract, Opening, Queue, ShiftTemplate
from centre.onboarding_checks import check_starters
from centre.people import Agent
from centre.tables import Table, read_table, read_table_or_empty

AGENTS = ("agent_id", "name", "team", "level", "skills", "contract")
AGENTS_OPTIONAL = (
    *("role", "site", "timezone", "starts_on", "leaves_on"),
    *("stage", "mentor", "born_on", "available", "opt_outs", "country", "pattern", "prefers"),
)
LEAVE = ("agent_id", "start", "end", "kind")
REQUESTS = ("agent_id", "date", "kind", "shift", "weight")
LEDGER = ("agent_id", "account", "period", "amount", "unit", "as_of")
SHIFT_ACCOUNTS = ("nights", "weekends", "holidays", "lates")
"""Accounts of the ledger that count shifts, for fairness."""
SHIFT_UNITS = ("shifts", "days")
MOST_SPEED = 3.0


@dataclass(frozen=True)
class Known:
    """What of ``centre.toml`` the people are checked against; None where it could not be read."""

    queues: Mapping[str, Queue | None] | None = None
    shifts: Mapping[str, ShiftTemplate | None] | None = None
    contracts: Mapping[str, Contract | None] | None = None


def agents_of(path: Path, known: Known, faults: Faults) -> tuple[tuple[Agent, ...], set[str] | None]:
    """The people in an agents file in its order, wrong rows left out, and every ``agent_id`` in it, those of
    wrong rows too.

    Where there is no table, nobody and None.
    """
    table = read_table(path, AGENTS, AGENTS_OPTIONAL, faults)
    if table is None:
        return (), None
    if not len(table) and not any(fault.file == table.file for fault in faults):
        faults.add(table.file, "at least one agent below the header", found="none")
    columns = _agent_columns(table, known)
    _check_unique(table, columns["agent_id"])
    _check_mentors(table, columns["agent_id"], columns["mentor"])
    check_starters(table, columns)
    _check_dates(table, columns["starts_on"], columns["leaves_on"])
    _check_shifts(table, columns["skills"], columns["contract"], known)
    agents = tuple(
        Agent(**{name: values[k] for name, values in columns.items()}) for k in np.flatnonzero(~table.bad)
    )
    idle = [agent.agent_id for agent in agents if not agent.skills]
    if idle:
        few = ", ".join(idle[:5]) + (", ..." if len(idle) > 5 else "")
        faults.warn(f"{table.file}: {len(idle)} without skills, who cover no queue: {few}")
    return agents, {str(agent_id) for agent_id in columns["agent_id"]}


def _agent_columns(table: Table, known: Known) -> dict[str, NDArray[Any]]:
    columns: dict[str, NDArray[Any]] = {
        "agent_id": table.texts("agent_id"),
        "name": table.texts("name", optional=True),
        "team": table.texts("team", optional=True),
        "level": table.values("level", cells.choice(*LEVELS), shown=cells.unless_a_name),
        "skills": table.values("skills", skills_reader(known.queues), blank=(), shown=cells.unless_a_name),
        "contract": table.values(
            "contract", _name_reader("contract", known.contracts), shown=cells.unless_a_name
        ),
    }
    for name in ("role", "site", "stage", "mentor", "country", "pattern"):
        columns[name] = table.texts(name, optional=True)
    for name in ("starts_on", "leaves_on", "born_on"):
        columns[name] = table.values(
            name, lambda cell: day_number(cells.day(cell)), blank=None, shown=cells.hidden
        )
    for name in ("available", "prefers"):
        columns[name] = table.values(name, hours_of_week, blank=())
    columns["timezone"] = table.values("timezone", cells.zone_name, blank="", shown=cells.unless_a_name)
    columns["opt_outs"] = table.values("opt_outs", cells.words, blank=())
    return columns


def leave_frame(
    path: Path | None, zone: ZoneInfo, agents: Collection[str] | None, faults: Faults
) -> pd.DataFrame:
    """Leave with aware UTC ``start`` and ``end`` and the ``row`` of the file; a date alone is its first
    instant.
    """
    table = read_table_or_empty(path, LEAVE, (), faults)
    ids, kinds = _ids(table, agents), table.texts("kind", optional=True)
    start, end = table.instants("start", zone), table.instants("end", zone)
    words = "an end after the start; leave for one whole day ends on the next day"
    table.blame(np.flatnonzero(~table.bad & (end <= start)), "end", words)
    columns = {"agent_id": ids, "start": to_timestamps(start), "end": to_timestamps(end), "kind": kinds}
    return pd.DataFrame(columns | {"row": table.rows})


def requests_frame(
    path: Path | None, known: Known, agents: Collection[str] | None, faults: Faults
) -> pd.DataFrame:
    """Requests with ``date`` as dates, ``weight`` 1 where blank, and the ``row`` of the file."""
    table = read_table_or_empty(path, REQUESTS, (), faults)
    columns = {
        "agent_id": _ids(table, agents),
        "date": table.values("date", cells.day),
        "kind": table.values("kind", cells.choice("off", "on"), shown=cells.unless_a_name),
        "shift": table.values(
            "shift", _name_reader("shift", known.shifts), blank="", shown=cells.unless_a_name
        ),
        "weight": table.values("weight", cells.number(0), float, 1.0),
    }
    return pd.DataFrame(columns | {"row": table.rows})


def ledger_frame(path: Path | None, agents: Collection[str] | None, faults: Faults) -> pd.DataFrame:
    """The ledger that carries over, with ``as_of`` as dates and the ``row`` of the file."""
    table = read_table_or_empty(path, LEDGER, (), faults)
    columns = {
        "agent_id": _ids(table, agents),
        "account": table.texts("account"),
        "period": table.texts("period", optional=True),
        "amount": table.values("amount", cells.number(), float, shown=cells.hidden),
        "unit": table.texts("unit", optional=True),
        "as_of": table.values("as_of", cells.day),
    }
    counts = np.isin(columns["account"], SHIFT_ACCOUNTS)
    words = f"{' or '.join(SHIFT_UNITS)}, in which the account is kept"
    wrong = np.flatnonzero(~table.bad & counts & ~np.isin(columns["unit"], ("", *SHIFT_UNITS)))
    table.blame(wrong, "unit", words, lambda k: table.cell("unit", k))
    wrong = np.flatnonzero(~table.bad & counts & (columns["amount"] < 0))
    table.blame(wrong, "amount", "a number of shifts, 0 or more", lambda k: table.cell("amount", k))
    return pd.DataFrame(columns | {"row": table.rows})


def _ids(table: Table, agents: Collection[str] | None) -> NDArray[np.object_]:
    return table.values("agent_id", cells.agent_id(agents), shown=cells.unless_a_name)


def skills_reader(
    queues: Mapping[str, Queue | None] | None,
) -> Callable[[str], tuple[tuple[str, float], ...]]:
    """Reader of skills, ``queue:speed`` separated by semicolons."""
    speed_of = cells.number(0, MOST_SPEED)

    def read_one(part: str) -> tuple[str, float]:
        queue, colon, speed = (piece.strip() for piece in part.partition(":"))
        if queues is not None and queue not in queues:
            raise ValueError(
                "queues of centre.toml, separated by semicolons" + suggestion(queue, queues.keys())
            )
        try:
            value = speed_of(speed) if colon else 1.0
        except ValueError:
            value = 0.0
        if value <= 0:
            raise ValueError(
                f"a speed above 0 and up to {MOST_SPEED:g} after the colon: 1.0 is usual, 0.5 half"
            )
        return queue, value

    def read(cell: str) -> tuple[tuple[str, float], ...]:
        skills = tuple(read_one(part) for part in cells.words(cell))
        if len({queue for queue, _ in skills}) < len(skills):
            raise ValueError("each queue once")
        return skills

    return read


def _name_reader(kind: str, known: Mapping[str, object] | None) -> cells.Reader:
    def read(cell: str) -> str:
        if known is not None and cells.text(cell) not in known:
            raise ValueError(f"a {kind} of centre.toml" + suggestion(cell, known.keys()))
        return cells.text(cell)

    return read


def _check_unique(table: Table, ids: NDArray[np.object_]) -> None:
    first: dict[str, int] = {}
    repeated = [k for k in np.flatnonzero(~table.bad).tolist() if first.setdefault(ids[k], k) != k]
    words = "an agent_id of its own; row {} has the same"
    table.blame(repeated, "agent_id", lambda k: words.format(table.rows[first[ids[k]]]), lambda k: ids[k])


def _check_mentors(table: Table, ids: NDArray[np.object_], mentors: NDArray[np.object_]) -> None:
    known = {"", *ids.tolist()}
    wrong = [k for k, mentor in enumerate(mentors) if mentor not in known]
    table.blame(
        wrong, "mentor", "the agent_id of someone in this file", lambda k: cells.unless_a_name(mentors[k])
    )


def _check_dates(table: Table, starts: NDArray[np.object_], leaves: NDArray[np.object_]) -> None:
    pairs = enumerate(zip(starts, leaves, strict=True))
    wrong = [k for k, (start, leave) in pairs if start is not None and leave is not None and leave < start]
    table.blame(wrong, "leaves_on", "a day on or after starts_on")


def _check_shifts(
    table: Table, skills: NDArray[np.object_], contracts: NDArray[np.object_], known: Known
) -> None:
    """Fault people whom no shift of their contract ever puts at work while a queue of theirs is open."""
    verdicts: dict[tuple[object, object], bool] = {}
    wrong = []
    for k in np.flatnonzero(~table.bad).tolist():
        key = (contracts[k], tuple(queue for queue, _ in skills[k]))
        if key not in verdicts:
            verdicts[key] = _has_possible_shift(key[0], key[1], known)
        if not verdicts[key]:
            wrong.append(k)
    words = "a contract with some shift that falls in the opening hours of the agent's queues"
    table.blame(wrong, "contract", words, lambda k: contracts[k])


def _has_possible_shift(contract_name: str, queue_names: tuple[str, ...], known: Known) -> bool:
    """Whether some shift may meet open hours; what could not be read, or has no queue, is given the benefit
    of the doubt.
    """
    contract = (known.contracts or {}).get(contract_name)
    shifts = [(known.shifts or {}).get(name) for name in contract.shifts] if contract else [None]
    queues = [(known.queues or {}).get(name) for name in queue_names] or [None]
    sure = [(shift, queue) for shift in shifts for queue in queues if shift is not None and queue is not None]
    if len(sure) < len(shifts) * len(queues):
        return True
    return any(_meets(shift, hours) for shift, queue in sure for hours in queue.opening)


def _meets(shift: ShiftTemplate, hours: Opening) -> bool:
    """Whether the template's window meets these hours on some weekday, its own or one beside it."""
    opens = {day * 1440 + hours.opens + week for day in hours.days for week in (-10080, 0, 10080)}
    length = hours.closes - hours.opens
    windows = [(day * 1440 + shift.earliest_start, day * 1440 + shift.latest_start) for day in shift.days]
    return any(
        start < first + length and first < last + shift.duration_minutes
        for start, last in windows
        for first in opens
    )
