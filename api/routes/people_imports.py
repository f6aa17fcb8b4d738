"""Lists of people of other tools: how one would be read, and its rows put into a centre's people."""

from typing import Any

from fastapi import APIRouter, Response

from api.asking import ROOT, Asked, Asking, Door, Raw, does
from api.documentation import body_of
from api.downloads import SPREADSHEET
from api.people_import import FILE, PeopleImport, read_people, told, with_people
from api.routes.centres import ContentType
from api.routes.files import change_files
from api.routes.imports import MappingSent, Name, file_name
from api.schemas.centres import ChangedCentre
from api.schemas.common import IdInPath, NoteAsked
from api.schemas.imports import PeopleMappingAsked, PeoplePreview
from api.store import centres
from api.uploads import CSV, Limits, checked
from centre.errors import BadInput, Fault

router = APIRouter(prefix=f"{ROOT}/centres/{{centre_id}}/people-imports", tags=["people"], route_class=Door)


@router.post("/preview", response_model=PeoplePreview, **does("people.change", **body_of(CSV, SPREADSHEET)))
def preview_people(
    asking: Asked, centre_id: IdInPath, body: Raw, content_type: ContentType = "", name: Name = "", mapping: MappingSent = ""
) -> PeoplePreview:  # fmt: skip
    """How a list of people would be read: its columns, who is new or changed, and every fault; nothing is kept."""
    read = people_sent(asking, centre_id, file_name(name, content_type), body, people_mapping(mapping))[0]
    return PeoplePreview.model_validate(told(read))


@router.post("", response_model=ChangedCentre, **does("people.change", **body_of(CSV, SPREADSHEET)))
def apply_people(
    asking: Asked, centre_id: IdInPath, body: Raw, content_type: ContentType = "", name: Name = "", mapping: MappingSent = "",
    note: NoteAsked = "",
) -> Response:  # fmt: skip
    """Add people, or change those of the same `agent_id`; what the file does not tell stays. With any fault nothing is kept."""
    read, revision, files = people_sent(
        asking, centre_id, file_name(name, content_type), body, people_mapping(mapping)
    )
    return keep_people(asking, centre_id, read, revision, files, note)


def people_sent(
    asking: Asking, centre_id: str, name: str, body: bytes, change: dict[str, Any]
) -> tuple[PeopleImport, int, dict[str, bytes]]:
    """A list that somebody sent, with the revision and files of the centre that it was read by."""
    content = checked(name, body, Limits.of(asking.service.settings)) if name.endswith(".xlsx") else body
    with asking.read() as transaction:
        revision = centres.get(transaction, centre_id).revision
        files = centres.export(transaction, centre_id, revision, names=True, reasons=False)
    return read_people(name, content, files, change), revision, files


def keep_people(
    asking: Asking, centre_id: str, read: PeopleImport, revision: int, files: dict[str, bytes], note: str = ""
) -> Response:
    """Put what was read into the centre's people, where nobody has changed the centre meanwhile."""
    return change_files(asking, centre_id, revision, {FILE: with_people(files, read)}, note)


def people_mapping(text: str) -> dict[str, Any]:
    """What somebody changed, as it is sent; raises `BadInput`."""
    try:
        return PeopleMappingAsked.model_validate_json(text or "{}").model_dump()
    except ValueError:
        raise BadInput([Fault("mapping", "JSON with roles, queues, contracts", text[:40])]) from None
