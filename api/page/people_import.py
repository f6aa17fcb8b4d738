"""The import wizard for people: columns of a list are looked at and changed, its faults told, its rows kept."""

from typing import Any

from fastapi import APIRouter, Response

from api.judging import centre_of
from api.page.imports import file_of_form, held_of, told_in
from api.page.screen import Screen, Visit, Visited, see
from api.people_import import told
from api.routes.imports import file_name
from api.routes.people_imports import keep_people, people_sent
from api.store import centres
from centre.foreign.people_words import ROLES
from scheduler.backup import own_contracts

router = APIRouter(route_class=Screen, include_in_schema=False)
MOST_FAULTS = 100


@router.get("/centres/{centre_id}/import/people")
def show_people_import(visit: Visited, centre_id: str, done: str = "") -> Response:
    """Which file."""
    asking = visit.asking("people.change")
    with asking.read() as transaction:
        centre = centres.get(transaction, centre_id)
    return visit.show("import_people.html.jinja", centre=centre, read=None, done=done)


@router.post("/centres/{centre_id}/import/people")
def read_people_file(visit: Visited, centre_id: str) -> Response:
    """How the list would be read; or, where that is what was asked and nothing is wrong, its rows kept."""
    asking = visit.asking("people.change")
    name, content = file_of_form(visit)
    read, revision, files = people_sent(asking, centre_id, file_name(name, ""), content, _mapping(visit))
    applying = visit.form.fields.get("step") == "apply"
    if applying and not read.faults:
        keep_people(asking, centre_id, read, revision, files)
        return see(f"/centres/{centre_id}/import/people?done={len(read.result.rows)}")
    with asking.read() as transaction:
        centre = centres.get(transaction, centre_id)
    settings = centre_of(files).settings
    return visit.show(
        "import_people.html.jinja", 422 if applying else 200, centre=centre, read=told(read), held=held_of(content), done="", roles=ROLES,
        queues=[each.name for each in settings.queue], most=MOST_FAULTS, notes=[*map(told_in(visit), read.result.told)],
        expects=told_in(visit),
        contracts=own_contracts(settings),
    )  # fmt: skip


def _mapping(visit: Visit) -> dict[str, Any]:
    """What the form says of columns, queues and contracts."""
    chosen: dict[str, dict[str, str]] = {"roles": {}, "queues": {}, "contracts": {}}
    for key, value in visit.form.fields.items():
        kind, _, place = key.partition(":")
        if kind == "role":
            chosen["roles"][place] = value
        elif kind in ("queue", "contract") and value != "?":
            chosen[f"{kind}s"][visit.form.fields.get(f"{kind}-theirs:{place}", "")] = value
    return chosen
