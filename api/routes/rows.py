"""Requests, leave and the ledger row by row, with the people who exist for whoever asks."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.asking import ROOT, Asked, Asking, Door, does
from api.routes.files import change_files
from api.schemas.centres import ChangedCentre
from api.schemas.common import PLAIN, IdInPath, Limit, Page
from api.schemas.rows import Carried, Leave, Request
from api.store import centres
from api.store.csv_rows import CsvRows
from api.store.errors import Conflict, NotFound, Stale

router = APIRouter(prefix=f"{ROOT}/centres/{{centre_id}}", tags=["people's rows"], route_class=Door)
TRIES = 5
Row = Request | Leave | Carried
After = Annotated[
    str,
    Query(
        max_length=1000,
        pattern=PLAIN,
        examples=["A001/2026-03-03/off//1"],
        description="`next` of the page before",
    ),
]
OfAgent = Annotated[str | None, Query(max_length=200, pattern=PLAIN)]


@router.get("/requests", response_model=Page[Request], **does("request.read"))
def list_requests(
    asking: Asked, centre_id: IdInPath, limit: Limit = 100, after: After = "", agent_id: OfAgent = None
) -> Page[Request]:
    """Wishes for days off and on."""
    return _page(asking, centre_id, Request, limit, after, agent_id)


@router.post("/requests", response_model=ChangedCentre, status_code=201, **does("request.change"))
def add_request(asking: Asked, centre_id: IdInPath, wanted: Request) -> Response:
    """Add a wish; agents their own, team leads those of their people. Needs no If-Match."""
    return _changed(asking, centre_id, wanted, add=True)


@router.post("/requests/withdrawal", response_model=ChangedCentre, **does("request.change"))
def withdraw_request(asking: Asked, centre_id: IdInPath, wanted: Request) -> Response:
    """Take a wish back."""
    return _changed(asking, centre_id, wanted, add=False)


@router.get("/leave", response_model=Page[Leave], **does("leave.read"))
def list_leave(
    asking: Asked, centre_id: IdInPath, limit: Limit = 100, after: After = "", agent_id: OfAgent = None
) -> Page[Leave]:
    """Who is away, and for those who may know it, why; that somebody read the reasons is logged."""
    return _page(asking, centre_id, Leave, limit, after, agent_id)


@router.post("/leave", response_model=ChangedCentre, status_code=201, **does("leave.change"))
def add_leave(asking: Asked, centre_id: IdInPath, wanted: Leave) -> Response:
    """Add leave of somebody. Needs no If-Match."""
    return _changed(asking, centre_id, wanted, add=True)


@router.post("/leave/withdrawal", response_model=ChangedCentre, **does("leave.change"))
def withdraw_leave(asking: Asked, centre_id: IdInPath, wanted: Leave) -> Response:
    """Take leave back."""
    return _changed(asking, centre_id, wanted, add=False)


@router.get("/ledger", response_model=Page[Carried], **does("ledger.read"))
def list_ledger(
    asking: Asked, centre_id: IdInPath, limit: Limit = 100, after: After = "", agent_id: OfAgent = None
) -> Page[Carried]:
    """What carries over from rota to rota; it is changed by `paiban close`, or as the file `ledger.csv`."""
    return _page(asking, centre_id, Carried, limit, after, agent_id)


FILES: dict[type[Row], str] = {Request: "requests.csv", Leave: "leave.csv", Carried: "ledger.csv"}


def _page(
    asking: Asking, centre_id: str, model: type[Any], limit: int, after: str, agent_id: str | None
) -> Page[Any]:
    table, _ = _table(asking, centre_id, model)
    lines = sorted(
        ("/".join(cells), cells) for cells in zip(*map(table.column, model.model_fields), strict=True)
    )
    found = [(key, cells) for key, cells in lines if key > after and agent_id in (None, cells[0])][
        : limit + 1
    ]
    items = [_read(model, cells) for _, cells in found[:limit]]
    return Page(items=items, next=found[limit - 1][0] if len(found) > limit else None)


def _table(asking: Asking, centre_id: str, model: type[Row]) -> tuple[CsvRows, int]:
    """The rows of people who exist for whoever asks, and the revision that they are of."""
    logs = model is Leave and asking.may("leave.reasons")
    with asking.write() if logs else asking.read() as transaction:
        found = centres.get(transaction, centre_id)
        files = centres.export(transaction, centre_id, names=False, reasons=asking.may("leave.reasons"))
        if logs:
            centres.log_reasons(transaction, centre_id, FILES[model])
    table = CsvRows.of(files.get(FILES[model], b""))
    return (table if table.header else CsvRows(list(model.model_fields), [])), found.revision


def _changed(asking: Asking, centre_id: str, row: Row, *, add: bool) -> Response:
    """Add or take away a row; where the centre moved meanwhile, once more."""
    for k in range(TRIES):
        table, revision = _table(asking, centre_id, type(row))
        rows = _with(table, row) if add else _without(table, row)
        content = CsvRows(table.header, rows).bytes()
        try:
            return change_files(
                asking, centre_id, revision, {FILES[type(row)]: content}, "", 201 if add else 200
            )
        except Stale:
            if k == TRIES - 1:
                raise
    raise AssertionError


def _with(table: CsvRows, row: Row) -> list[list[str]]:
    told = _cells(row)
    if any(_same(table, cells, row) for cells in table.rows):
        raise Conflict("this row is there already")
    return [*table.rows, [told.get(name, "") for name in table.header]]


def _without(table: CsvRows, row: Row) -> list[list[str]]:
    kept = [cells for cells in table.rows if not _same(table, cells, row)]
    if len(kept) == len(table.rows):
        raise NotFound("row")
    return kept


def _same(table: CsvRows, cells: list[str], row: Row) -> bool:
    told = dict(zip(table.header, cells, strict=True))
    kept: Row = _read(type(row), [told.get(name, "") for name in type(row).model_fields])
    return kept == row


def _cells(row: Row) -> dict[str, str]:
    told = row.model_dump(mode="json")
    return {name: f"{value:g}" if isinstance(value, float) else str(value) for name, value in told.items()}


def _read(model: type[Any], cells: Any) -> Any:
    """A row of a file that was checked when it was kept."""
    told = dict(zip(model.model_fields, cells, strict=True))
    read: dict[str, Any] = {name: value for name, value in told.items() if value}
    for name in ("weight", "amount"):
        if name in read:
            read[name] = float(read[name])
    if model is Request:
        read["date"] = date.fromisoformat(read["date"])
    return model.model_construct(**{**{name: "" for name in told if name not in ("weight",)}, **read})
