"""A centre's history of contacts: read, appended to, corrected; sending the same again changes nothing."""

from datetime import datetime
from typing import Annotated

import pandas as pd
from fastapi import APIRouter, Query, Response

from api.asking import ROOT, Answer, Asked, Asking, Door, Raw, does
from api.documentation import body_of
from api.downloads import SPREADSHEET
from api.routes.centres import ContentType, changed
from api.schemas.centres import ChangedCentre
from api.schemas.common import IdInPath, InstantAsked, Limit, NoteAsked, Page
from api.schemas.histories import HistoryRow
from api.store import centres
from api.store.centre_files import prepare
from api.store.centre_history import FILE, merged, table
from api.store.engine import Transaction
from api.store.errors import Stale
from api.uploads import CSV, Limits, checked, table_name

router = APIRouter(prefix=f"{ROOT}/centres/{{centre_id}}", tags=["histories"], route_class=Door)
TRIES = 5
AFTER = r"^[^\x00-\x1f\x7f]*$"


@router.get("/history", response_model=Page[HistoryRow], **does("history.read"))
def list_history(
    asking: Asked, centre_id: IdInPath, limit: Limit = 1000,
    after: Annotated[str, Query(max_length=300, pattern=AFTER, examples=["2026-02-01T00:00:00Z/calls"])] = "",
    queue: Annotated[str | None, Query(max_length=200)] = None,
    start: Annotated[InstantAsked | None, Query(description="from this instant on")] = None,
    end: Annotated[InstantAsked | None, Query(description="before this instant")] = None,
) -> Page[HistoryRow]:  # fmt: skip
    """The rows of a history by interval and queue; the whole file is `files/history.csv`."""
    with asking.read() as transaction:
        files = centres.export(transaction, centre_id, names=False, reasons=False)
    rows = _wanted(table(files), queue, start, end, after)
    items = [HistoryRow.of(row) for row in rows.head(limit).to_dict("records")]
    last = f"{items[-1].interval_start:%Y-%m-%dT%H:%M:%SZ}/{items[-1].queue}" if items else ""
    return Page(items=items, next=last if len(rows) > limit else None)


@router.post("/history", response_model=ChangedCentre, **does("history.change", **body_of(CSV, SPREADSHEET)))
def append_history(
    asking: Asked, centre_id: IdInPath, body: Raw, content_type: ContentType = "", note: NoteAsked = ""
) -> Response:
    """Add rows, or correct those of the same interval and queue. Needs no If-Match: what others changed meanwhile stays."""
    name = table_name("history", content_type)
    content = checked(name, body, Limits.of(asking.service.settings))
    for last in [False] * (TRIES - 1) + [True]:
        try:
            return _append(asking, centre_id, name, content, note)
        except Stale:
            if last:
                raise
    raise AssertionError


def _append(asking: Asking, centre_id: str, name: str, content: bytes, note: str) -> Response:
    with asking.read() as transaction:
        expected = centres.get(transaction, centre_id).revision
        files = centres.with_changes(transaction, centre_id, {})
        now = transaction.now
    prepared = prepare(files | {FILE: merged(files, content, now, name)})

    def make(to: Transaction) -> Answer:
        return changed(centres.change(to, centre_id, expected, prepared, note), prepared)

    return asking.change(make)


def _wanted(
    rows: pd.DataFrame, queue: str | None, start: datetime | None, end: datetime | None, after: str
) -> pd.DataFrame:
    keys = rows["interval_start"].dt.strftime("%Y-%m-%dT%H:%M:%SZ") + "/" + rows["queue"].astype(str)
    wanted = keys > after
    if queue is not None:
        wanted &= rows["queue"] == queue
    if start is not None:
        wanted &= rows["interval_start"] >= pd.Timestamp(start)
    if end is not None:
        wanted &= rows["interval_start"] < pd.Timestamp(end)
    found: pd.DataFrame = rows[wanted]
    return found
