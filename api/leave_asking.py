"""Leave that somebody asks for: what `paiban leave` would tell of it now, and the centre's leave with it."""

import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from api.judging import Files, centre_of
from api.store import rotas
from api.store.centre_files import LEAVE_FILE
from api.store.csv_rows import CsvRows
from api.store.engine import Transaction
from api.store.errors import Conflict
from api.store.leave_requests import LeaveRequest
from centre import cells
from centre.errors import Faults
from centre.folder import Centre
from centre.instants import day_number, day_of, from_minutes, to_timestamps
from centre.leave_requests_file import FILE, REQUESTS, move_granted
from scenarios.leave_requests import Decision, decide_leave

Span = tuple[int, int]
MOST_DAYS = 400


def span_of(files: Files, start: str, end: str) -> Span:
    """First and last instant of leave, UTC minutes; raises `BadInput` with what is wrong with them."""
    faults, read = Faults(), cells.instant(centre_of(files).settings.centre.timezone)
    found: list[int] = []
    for name, text in (("start", start), ("end", end)):
        try:
            found.append(int(str(read(text))))
        except ValueError as error:
            faults.add("leave request", str(error), found=text, column=name)
    if len(found) == 2 and not 0 < found[1] - found[0] <= MOST_DAYS * 1440:
        words = f"an end after the start, by at most {MOST_DAYS} days; leave for one whole day ends on the next day"
        faults.add("leave request", words, column="end")
    faults.raise_if_any()
    return found[0], found[1]


def ends_at(span: Span) -> datetime:
    """The instant at which leave ends."""
    return datetime.fromtimestamp(span[1] * 60, UTC)


def check_own(files: Files, waiting: Sequence[LeaveRequest], wanted: LeaveRequest) -> None:
    """Raise `Conflict` where somebody asks for days that a request of theirs, which waits, asks for already."""
    start, end = span_of(files, wanted.start, wanted.end)
    for each in waiting:
        first, last = span_of(files, each.start, each.end)
        if each.agent_id == wanted.agent_id and first < end and start < last:
            raise Conflict(f"it overlaps the request {each.id} of this person, which is not decided yet")


def outlook(files: Files, ahead: Sequence[LeaveRequest], wanted: LeaveRequest) -> Decision:
    """What would become of a request now, where those ahead of it were asked before."""
    centre = centre_of(files)
    known = {agent.agent_id for agent in centre.agents}
    told = [each for each in ahead if each.agent_id in known]
    return decide_leave(centre, _frame(centre, files, [*told, wanted]))[-1]


def planned_days(transaction: Transaction, files: Files, wanted: LeaveRequest) -> list[date]:
    """The days of leave on which a published rota has a shift of that person."""
    span, zone = span_of(files, wanted.start, wanted.end), centre_of(files).settings.centre.timezone
    first, last = (from_minutes(at, zone).date() for at in (span[0], span[1] - 1))
    end = day_of(day_number(last) + 1)
    found: set[date] = set()
    for each in rotas.published(transaction, wanted.centre_id, first, end):
        table = CsvRows.of(rotas.content(transaction, each.id, each.published_version or 0))
        own = table.where("agent_id", wanted.agent_id.__eq__)
        found |= {
            date.fromisoformat(day)
            for day, shift in zip(own.column("day"), own.column("shift"), strict=True)
            if shift
        }
    return sorted(day for day in found if first <= day <= last)


def with_leave(files: Files, granted: LeaveRequest) -> bytes:
    """The centre's ``leave.csv`` with a request granted, its times in the form that the file has."""
    centre = centre_of(files)
    with tempfile.TemporaryDirectory(prefix="paiban-") as place:
        folder = Path(place)
        if LEAVE_FILE in files:
            (folder / LEAVE_FILE).write_bytes(files[LEAVE_FILE])
        (folder / FILE).write_bytes(CsvRows([*REQUESTS], []).bytes())
        move_granted(folder, centre.settings.centre.timezone, _frame(centre, files, [granted]), ())
        return (folder / LEAVE_FILE).read_bytes()


def _frame(centre: Centre, files: Files, requests: Sequence[LeaveRequest]) -> pd.DataFrame:
    """Requests as `scenarios.leave_requests.decide_leave` takes them."""
    spans = [span_of(files, each.start, each.end) for each in requests]
    starts, ends = (to_timestamps(np.array(part, dtype=np.int64)) for part in zip(*spans, strict=True))
    return pd.DataFrame(
        {
            "agent_id": [each.agent_id for each in requests],
            "start": starts,
            "end": ends,
            "kind": [each.kind for each in requests],
            "row": range(1, len(requests) + 1),
        }
    )
