"""Centres: imported, listed, replaced, exported, archived, undone."""

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query, Response

from api.asking import (
    ROOT,
    Answer,
    Asked,
    Asking,
    Door,
    Expected,
    Known,
    Raw,
    answer,
    does,
    etag,
    unless_known,
)
from api.documentation import body_of, file_answer
from api.downloads import SPREADSHEET, workbook, zipped
from api.schemas.centres import Centre, ChangedCentre, Revision
from api.schemas.common import AfterId, AfterNumber, IdInPath, Limit, NoteAsked, Page, page
from api.store import centres
from api.store.centre_files import Prepared, prepare
from api.store.engine import Transaction
from api.uploads import ZIP, Limits, need, unzipped

router = APIRouter(prefix=f"{ROOT}/centres", tags=["centres"], route_class=Door)
ContentType = Annotated[str, Header(include_in_schema=False)]
ZIPPED = body_of(ZIP)


@router.post("", response_model=ChangedCentre, status_code=201, **does("centre.create", **ZIPPED))
def import_centre(asking: Asked, body: Raw, content_type: ContentType = "", note: NoteAsked = "") -> Response:
    """Make a centre of a centre folder in a zip. Every fault of every file is told, and then nothing is kept."""
    asking.need_all_centres()
    prepared = _prepared(asking, body, content_type)

    def make(transaction: Transaction) -> Answer:
        made = centres.create(transaction, prepared, note)
        told = ChangedCentre.after(made, prepared.warnings)
        return answer(told, 201, Location=f"{ROOT}/centres/{made.id}", ETag=etag(1))

    return asking.change(make)


@router.get("", response_model=Page[Centre], **does("centre.list"))
def list_centres(
    asking: Asked, limit: Limit = 100, after: AfterId = "", archived: Annotated[bool, Query()] = False
) -> Page[Centre]:
    """The centres that exist for you, oldest first."""
    with asking.read() as transaction:
        found = centres.find(transaction, after=after, limit=limit + 1, archived=archived)
    return page(found, limit, Centre.of, lambda each: each.id)


@router.get("/{centre_id}", response_model=Centre, **does("centre.list"))
def get_centre(asking: Asked, centre_id: IdInPath, response: Response, known: Known = None) -> Centre:
    """A centre; its ETag is what a change of it, or of its parts, names as If-Match."""
    with asking.read() as transaction:
        found = centres.get(transaction, centre_id)
    response.headers["etag"] = unless_known(known, etag(found.revision))
    return Centre.of(found)


@router.put("/{centre_id}", response_model=ChangedCentre, **does("centre.create", **ZIPPED))
def replace_centre(
    asking: Asked, centre_id: IdInPath, expected: Expected, body: Raw, content_type: ContentType = "", note: NoteAsked = ""
) -> Response:  # fmt: skip
    """Replace all files of a centre by those of a zip, as a new revision; where nothing differs, the revision stays."""
    with asking.read() as transaction:
        centres.get(transaction, centre_id)
    prepared = _prepared(asking, body, content_type)
    return asking.change(
        lambda to: changed(centres.change(to, centre_id, expected, prepared, note), prepared)
    )


@router.get("/{centre_id}/export", **does("centre.read"), **file_answer(ZIP, SPREADSHEET))
def export_centre(
    asking: Asked,
    centre_id: IdInPath,
    form: Annotated[Literal["zip", "xlsx"], Query(alias="format")] = "zip",
    revision: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="none: the newest")] = None,
) -> Response:
    """A centre folder as a zip, or its tables as a workbook; with names, and with reasons of leave, for those who may see them."""
    names, reasons = asking.may("people.names"), asking.may("leave.reasons")
    with asking.write() if reasons else asking.read() as transaction:
        files = centres.export(transaction, centre_id, revision, names=names, reasons=reasons)
        if reasons:
            centres.log_reasons(transaction, centre_id, "export")
    content, media = (zipped(files), ZIP) if form == "zip" else (workbook(files), SPREADSHEET)
    return attachment(content, media, f"centre.{form}")


@router.post("/{centre_id}/archive", status_code=204, **does("centre.archive"))
def archive_centre(asking: Asked, centre_id: IdInPath, expected: Expected) -> Response:
    """Take a centre out of the lists; everything of it stays."""

    def make(transaction: Transaction) -> Answer:
        centres.archive(transaction, centre_id, expected)
        return answer(None, 204)

    return asking.change(make)


@router.get("/{centre_id}/revisions", response_model=Page[Revision], **does("centre.read"))
def list_revisions(
    asking: Asked, centre_id: IdInPath, limit: Limit = 100, after: AfterNumber = 0
) -> Page[Revision]:
    """The revisions of a centre, newest first."""
    with asking.read() as transaction:
        found = centres.revisions(transaction, centre_id, before=after or None, limit=limit + 1)
    return page(found, limit, Revision.of, lambda each: each.revision)


def changed(found: centres.Centre, prepared: Prepared | None = None, status: int = 200) -> Answer:
    """The answer that tells a changed centre."""
    told = ChangedCentre.after(found, prepared.warnings if prepared else ())
    return answer(told, status, ETag=etag(found.revision))


def attachment(content: bytes, media_type: str, name: str) -> Response:
    """A file to keep."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)


def _prepared(asking: Asking, body: bytes, content_type: str) -> Prepared:
    need(content_type, ZIP)
    return prepare(unzipped(body, Limits.of(asking.service.settings)))
