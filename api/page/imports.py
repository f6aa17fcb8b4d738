"""The import wizard: a file of another tool is uploaded, its columns are looked at and changed, its faults told, its rows added."""

import base64
import binascii
import tomllib
import zlib
from collections.abc import Callable
from typing import Any

import pandas as pd
from fastapi import APIRouter, Response

from api.imports import UNSURE, told
from api.page.screen import Screen, Visit, Visited, see
from api.routes.imports import file_name, keep_import, read_sent
from api.schemas.imports import MappingAsked
from api.store import centres
from api.store.centre_files import Files
from api.store.centre_history import table
from api.uploads import Limits
from centre.errors import BadInput, Fault, Faults
from centre.foreign.notes import in_chinese
from centre.foreign.words import DURATIONS, FORMAT_NAMES, HISTORY_ROLES, ORDERS, UNITS
from centre.toml_file import draft_of

router = APIRouter(route_class=Screen, include_in_schema=False)
MOST_FAULTS = 100


@router.get("/centres/{centre_id}/import")
def show_import(visit: Visited, centre_id: str, done: str = "") -> Response:
    """Which file, and how far the history goes."""
    asking = visit.asking("history.change")
    with asking.read() as transaction:
        centre = centres.get(transaction, centre_id)
        files = centres.with_changes(transaction, centre_id, {})
    history = table(files) if files.get("history.csv") else None
    span = None if history is None or history.empty else _span(history["interval_start"])
    return visit.show(
        "import.html.jinja",
        centre=centre,
        read=None,
        span=span,
        done=done,
        formats=FORMAT_NAMES,
        people=asking.may("people.change", centre_id=centre_id),
    )


@router.post("/centres/{centre_id}/import")
def read_file(visit: Visited, centre_id: str) -> Response:
    """How the file would be read; or, where that is what was asked and nothing is wrong, its rows kept."""
    asking = visit.asking("history.change")
    name, content = file_of_form(visit)
    read = read_sent(asking, centre_id, file_name(name, ""), content, _mapping(visit))
    if visit.form.fields.get("step") == "apply" and not read.faults:
        keep_import(asking, centre_id, read)
        return see(f"/centres/{centre_id}/import?done={len(read.result.frame)}")
    with asking.read() as transaction:
        centre = centres.get(transaction, centre_id)
        ours = _queues(centres.with_changes(transaction, centre_id, {}))
    return visit.show(
        "import.html.jinja", 422 if visit.form.fields.get("step") == "apply" else 200, centre=centre, read=told(read),
        held=held_of(content), span=None, done="", ours=ours, roles=HISTORY_ROLES, units=tuple(UNITS), durations=DURATIONS,
        orders=ORDERS, unsure=UNSURE, notes=[*map(told_in(visit), read.result.told)],
        expects=told_in(visit), formats=FORMAT_NAMES, most=MOST_FAULTS,
    )  # fmt: skip


def told_in(visit: Visit) -> Callable[[str], str]:
    """What an import tells and expects, in the visitor's language."""
    return in_chinese if visit.language == "zh" else str


def _span(starts: "pd.Series[pd.Timestamp]") -> tuple[str, str]:
    return f"{starts.min():%Y-%m-%d}", f"{starts.max():%Y-%m-%d}"


def file_of_form(visit: Visit) -> tuple[str, bytes]:
    """The file that was uploaded, or that the form has held since."""
    name, content = visit.form.files.get("file", ("", b""))
    if content:
        return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"), content
    held = visit.form.fields.get("held", "")
    if not held:
        raise BadInput([Fault("file", "a file that is not empty", name[:60])])
    limit = Limits.of(visit.service.settings).unpacked
    try:
        content = zlib.decompressobj().decompress(base64.b64decode(held, validate=True), limit)
    except (binascii.Error, zlib.error):
        raise BadInput([Fault("file", "the file as it was uploaded; please choose it again")]) from None
    return visit.form.fields.get("name", ""), content


def held_of(content: bytes) -> str:
    """A file as a form holds it."""
    return base64.b64encode(zlib.compress(content)).decode()


def _mapping(visit: Visit) -> MappingAsked | None:
    """What the form says of columns and queues; None for a file that has just come."""
    fields = visit.form.fields
    if "held" not in fields:
        named = {"format": fields.get("format", "")}
        return MappingAsked.model_validate(named) if named["format"] in FORMAT_NAMES else None
    told: dict[str, Any] = {"roles": {}, "units": {}, "queues": {}}
    for key, value in fields.items():
        kind, _, place = key.partition(":")
        if kind == "role":
            told["roles"][place] = value
        elif kind == "unit" and fields.get(f"role:{place}") in DURATIONS:
            told["units"][place] = value
        elif kind == "queue" and value != "?":
            told["queues"][fields.get(f"theirs:{place}", "")] = value
    order, zone, format_ = (fields.get(name) or None for name in ("date_order", "timezone", "format"))
    return MappingAsked.model_validate(told | {"date_order": order, "timezone": zone, "format": format_})


def _queues(files: Files) -> list[str]:
    return list(
        draft_of(tomllib.loads(files["centre.toml"].decode("utf-8-sig")), "centre.toml", Faults()).queues
        or ()
    )
