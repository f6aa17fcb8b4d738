"""Files of a centre: read and replaced one by one, by those who may see or change what is in them."""

import tomllib
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Response

from api.asking import ROOT, Answer, Asked, Asking, Door, Expected, Known, Raw, does, etag, unless_known
from api.documentation import body_of, file_answer
from api.downloads import SPREADSHEET, safe_csv, workbook
from api.routes.centres import ContentType, attachment, changed
from api.schemas.centres import CentreFile, CentreFiles, ChangedCentre
from api.schemas.common import IdInPath, NoteAsked
from api.store import centres
from api.store.centre_files import NAMED, SETTINGS, prepare
from api.store.engine import Transaction
from api.store.errors import NotFound, Stale
from api.uploads import CSV, TOML, Limits, checked, need, table_name

router = APIRouter(prefix=f"{ROOT}/centres/{{centre_id}}", tags=["files"], route_class=Door)
ACTIONS = {
    "centre": ("centre.read", "centre.change"),
    "history": ("history.read", "history.change"),
    "agents": ("people.read", "people.change"),
    "backup": ("people.read", "people.change"),
    "passes": ("people.read", "people.change"),
    "leave": ("leave.read", "leave.change"),
    "protections": ("leave.reasons", "leave.change"),
    "exceptions": ("rules.read", "rules.change"),
    "requests": ("request.read", "request.change"),
    "ledger": ("ledger.read", "ledger.change"),
    "rota_before": ("rota.read", "rota.change"),
    "rota_earlier": ("rota.read", "rota.change"),
}
"""Who may read and change a file, by its stem; all others are demand."""
DEMAND = ("demand.read", "demand.change")
NAME = r"^(centre\.toml|[a-z_]{1,40}\.csv|calendar[A-Za-z0-9_-]{0,40}\.json)$"
Name = Annotated[str, Path(pattern=NAME, examples=["leave.csv"])]


@router.get("/files", response_model=CentreFiles, **does("centre.list"))
def list_files(
    asking: Asked, centre_id: IdInPath, response: Response, known: Known = None,
    revision: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> CentreFiles:  # fmt: skip
    """The files of a centre that you may read."""
    with asking.read() as transaction:
        found = centres.get(transaction, centre_id)
        told = centres.digests(transaction, centre_id, revision)
    response.headers["etag"] = etag(found.revision) if revision else unless_known(known, etag(found.revision))
    items = [
        CentreFile(name=name, digest=digest) for name, digest in told.items() if asking.may(_actions(name)[0])
    ]
    return CentreFiles(revision=revision or found.revision, items=items)


@router.get("/files/{name}", **does("centre.list"), **file_answer(CSV, SPREADSHEET, TOML, "application/json"))
def get_file(
    asking: Asked,
    centre_id: IdInPath,
    name: Name,
    form: Annotated[Literal["csv", "xlsx", "as-it-is"], Query(alias="format")] = "as-it-is",
    revision: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="none: the newest")] = None,
    known: Known = None,
) -> Response:
    """A file with the people who exist for you; with names, and with reasons of leave, for those who may see them."""
    asking.need(_actions(name)[0])
    content, at = _read(asking, centre_id, name, revision)
    if form == "xlsx" and name.endswith(".csv"):
        told = attachment(workbook({name: content}), SPREADSHEET, name.removesuffix("csv") + "xlsx")
    else:
        told = attachment(safe_csv(content) if name.endswith(".csv") else content, _media(name), name)
    told.headers["etag"] = (
        etag(at) if name in NAMED else unless_known(known, etag(at))
    )  # names change without a revision
    return told


@router.put(
    "/files/{name}", response_model=ChangedCentre, **does("centre.list", **body_of(CSV, SPREADSHEET, TOML, "application/json"))
)  # fmt: skip
def put_file(
    asking: Asked, centre_id: IdInPath, name: Name, expected: Expected, body: Raw,
    content_type: ContentType = "", note: NoteAsked = "",
) -> Response:  # fmt: skip
    """Replace a file as a new revision. The whole centre is read and checked with it.

    Team leads and agents send the rows of their own people; those of others stay as they are.
    """
    asking.need(_actions(name)[1])
    sent = _sent(name, content_type)
    content = checked(sent, body, Limits.of(asking.service.settings))
    if name == SETTINGS and not asking.may("rules.change"):
        _same_rules(asking, centre_id, content)
    return change_files(asking, centre_id, expected, {sent: content}, note)


@router.delete("/files/{name}", response_model=ChangedCentre, **does("centre.list"))
def delete_file(
    asking: Asked, centre_id: IdInPath, name: Name, expected: Expected, note: NoteAsked = ""
) -> Response:
    """Leave a file out of the next revision."""
    asking.need(_actions(name)[1])
    with asking.read() as transaction:
        if name not in centres.digests(transaction, centre_id):
            raise NotFound("file of the centre")
    return change_files(asking, centre_id, expected, {name: None}, note)


@router.post("/undo", response_model=ChangedCentre, **does("centre.change"))
def undo_change(asking: Asked, centre_id: IdInPath, expected: Expected, note: NoteAsked = "") -> Response:
    """A new revision with the files as they were before the last change that has not been undone; names stay as they are.

    You need to be one who may change each of the files that it puts back.
    """

    def make(transaction: Transaction) -> Answer:
        for name in centres.undone_files(transaction, centre_id):
            asking.need(_actions(name)[1])
        return changed(centres.undo(transaction, centre_id, expected, note))

    return asking.change(make)


def change_files(
    asking: Asking,
    centre_id: str,
    expected: int,
    changes: dict[str, bytes | None],
    note: str,
    status: int = 200,
) -> Response:
    """Read the centre as it would be, outside of the transaction that then keeps it."""
    with asking.read() as transaction:
        found = centres.get(transaction, centre_id)
        files = centres.with_changes(transaction, centre_id, changes)
        if found.revision != expected:
            raise Stale("centre", expected, found.revision)
    prepared = prepare(files)

    def make(to: Transaction) -> Answer:
        return changed(centres.change(to, centre_id, expected, prepared, note), prepared, status)

    return asking.change(make)


def _read(asking: Asking, centre_id: str, name: str, revision: int | None) -> tuple[bytes, int]:
    names, reasons = asking.may("people.names"), asking.may("leave.reasons")
    logs = reasons and name in ("leave.csv", "protections.csv")
    with asking.write() if logs else asking.read() as transaction:
        at = revision or centres.get(transaction, centre_id).revision
        files = centres.export(transaction, centre_id, revision, names=names, reasons=reasons)
        if name not in files:
            raise NotFound("file of the centre")
        if logs:
            centres.log_reasons(transaction, centre_id, name)
    return files[name], at


def _actions(name: str) -> tuple[str, str]:
    return ACTIONS.get(name.rpartition(".")[0], DEMAND)


def _media(name: str) -> str:
    return {"csv": f"{CSV}; charset=utf-8", "toml": TOML}.get(name.rpartition(".")[2], "application/json")


def _sent(name: str, content_type: str) -> str:
    stem, _, suffix = name.rpartition(".")
    if suffix == "csv":
        return table_name(stem, content_type)
    need(content_type, TOML if suffix == "toml" else "application/json")
    return name


def _same_rules(asking: Asking, centre_id: str, content: bytes) -> None:
    """Raise `Forbidden` where settings would change the rules of work, which are HR's; what is no TOML is told where it is read."""
    with asking.read() as transaction:
        now = centres.export(transaction, centre_id, names=False, reasons=False)[SETTINGS]
    try:
        told: dict[str, Any] = tomllib.loads(content.decode())
    except ValueError:
        return
    if told.get("rules") != tomllib.loads(now.decode("utf-8-sig")).get("rules"):
        asking.need("rules.change")
