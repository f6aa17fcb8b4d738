"""Histories of other tools: how a file would be read, and its rows added to a centre's history."""

import tempfile
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import ValidationError

from api.asking import ROOT, Answer, Asked, Asking, Door, Raw, does
from api.documentation import body_of
from api.downloads import SPREADSHEET
from api.imports import Import, read_import, told, with_history
from api.routes.centres import ContentType, changed
from api.schemas.centres import ChangedCentre
from api.schemas.common import PLAIN, IdInPath, NoteAsked
from api.schemas.imports import ImportPreview, MappingAsked
from api.store import centres
from api.store.centre_files import SETTINGS, prepare
from api.store.engine import Transaction
from api.store.errors import Stale
from api.uploads import CSV, Limits, checked
from centre.errors import BadInput, Fault

router = APIRouter(prefix=f"{ROOT}/centres/{{centre_id}}/imports", tags=["histories"], route_class=Door)
TRIES = 5
MappingSent = Annotated[
    str,
    Query(
        max_length=20_000,
        description="what is to be read otherwise than proposed, as JSON",
        examples=['{"queues": {}}'],
    ),
]
Name = Annotated[
    str, Query(max_length=200, pattern=PLAIN, description="the file's name, by which some formats are known")
]


@router.post("/preview", response_model=ImportPreview, **does("history.change", **body_of(CSV, SPREADSHEET)))
def preview_import(
    asking: Asked,
    centre_id: IdInPath,
    body: Raw,
    content_type: ContentType = "",
    name: Name = "",
    mapping: MappingSent = "",
) -> ImportPreview:
    """How a file would be read: its columns and what they are taken for, queues, first rows, and every fault; nothing is kept."""
    return ImportPreview.model_validate(
        told(read_sent(asking, centre_id, file_name(name, content_type), body, mapping_of(mapping)))
    )


@router.post("", response_model=ChangedCentre, **does("history.change", **body_of(CSV, SPREADSHEET)))
def apply_import(
    asking: Asked, centre_id: IdInPath, body: Raw, content_type: ContentType = "", name: Name = "", mapping: MappingSent = "",
    note: NoteAsked = "",
) -> Response:  # fmt: skip
    """Add a file's rows, or correct those of the same interval and queue. With any fault nothing is kept; again changes nothing."""
    read = read_sent(asking, centre_id, file_name(name, content_type), body, mapping_of(mapping))
    return keep_import(asking, centre_id, read, note)


def read_sent(asking: Asking, centre_id: str, name: str, body: bytes, mapping: MappingAsked | None) -> Import:
    """A file that somebody sent, read by the centre's settings."""
    with asking.read() as transaction:
        files = centres.with_changes(transaction, centre_id, {})
    content = checked(name, body, Limits.of(asking.service.settings)) if name.endswith(".xlsx") else body
    with tempfile.TemporaryDirectory(prefix="paiban-") as place:
        path = Path(place) / name
        path.write_bytes(content)
        wanted: dict[str, Any] = (
            {} if mapping is None else mapping.model_dump(exclude_none=True, exclude={"format"})
        )
        return read_import(path, files[SETTINGS], wanted, None if mapping is None else mapping.format)


def keep_import(asking: Asking, centre_id: str, read: Import, note: str = "") -> Response:
    """Put what was read into the centre's history; what others changed meanwhile stays."""
    for last in [False] * (TRIES - 1) + [True]:
        try:
            return _kept(asking, centre_id, read, note)
        except Stale:
            if last:
                raise
    raise AssertionError


def mapping_of(text: str) -> MappingAsked | None:
    """What somebody changed, as it is sent; raises `BadInput`."""
    if not text:
        return None
    try:
        return MappingAsked.model_validate_json(text)
    except ValidationError as error:
        raise BadInput(
            [Fault("mapping", each["msg"], column=".".join(map(str, each["loc"]))) for each in error.errors()]
        ) from None


def file_name(name: str, content_type: str) -> str:
    """The name under which a file is read: its own without a folder, else one by its kind."""
    own = Path(name.replace("\\", "/")).name.strip(". ")
    if own:
        return own[-120:]
    return "import.xlsx" if content_type.startswith(SPREADSHEET) else "import.csv"


def _kept(asking: Asking, centre_id: str, read: Import, note: str) -> Response:
    with asking.read() as transaction:
        expected = centres.get(transaction, centre_id).revision
        files = centres.with_changes(transaction, centre_id, {})
        now = transaction.now
    prepared = prepare(with_history(files, read, now))

    def make(to: Transaction) -> Answer:
        return changed(centres.change(to, centre_id, expected, prepared, note), prepared)

    return asking.change(make)
