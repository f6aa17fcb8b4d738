"""People: known by name to those who may, exported to themselves, restricted, erased."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.asking import ROOT, Answer, Asked, Asking, Door, answer, does
from api.documentation import file_answer
from api.downloads import zipped
from api.routes.centres import attachment
from api.schemas.common import PLAIN, AgentInPath, IdInPath, Limit, Page, page
from api.schemas.people import Person, Restriction
from api.store import centres, people
from api.store.engine import Transaction
from api.store.person_export import export_person
from api.uploads import ZIP

router = APIRouter(prefix=f"{ROOT}/centres/{{centre_id}}/people", tags=["people"], route_class=Door)
AfterAgent = Annotated[
    str, Query(max_length=200, pattern=PLAIN, examples=["A001"], description="`next` of the page before")
]


@router.get("", response_model=Page[Person], **does("people.read"))
def list_people(
    asking: Asked, centre_id: IdInPath, limit: Limit = 100, after: AfterAgent = ""
) -> Page[Person]:
    """The people who exist for you, by `agent_id`."""
    with asking.read() as transaction:
        centres.get(transaction, centre_id)
        found = people.find(transaction, centre_id, after=after, limit=limit + 1)
    return page(found, limit, lambda each: _told(asking, each), lambda each: each.agent_id)


@router.get("/{agent_id}", response_model=Person, **does("people.read"))
def get_person(asking: Asked, centre_id: IdInPath, agent_id: AgentInPath) -> Person:
    """One person."""
    with asking.read() as transaction:
        return _told(asking, people.get(transaction, centre_id, agent_id))


@router.get("/{agent_id}/export", **does("people.export"), **file_answer(ZIP))
def export_one(asking: Asked, centre_id: IdInPath, agent_id: AgentInPath) -> Response:
    """All that is kept about somebody, as files in a zip; that it was exported is logged."""
    with asking.write() as transaction:
        files = export_person(transaction, centre_id, agent_id)
    return attachment(zipped(files), ZIP, "person.zip")


@router.post("/{agent_id}/restriction", response_model=Person, **does("people.erase"))
def restrict_person(
    asking: Asked, centre_id: IdInPath, agent_id: AgentInPath, wanted: Restriction
) -> Response:
    """Hide somebody's name from everybody until a duty to keep records ends."""

    def make(transaction: Transaction) -> Answer:
        people.restrict(transaction, centre_id, agent_id, wanted.until)
        return answer(_told(asking, people.get(transaction, centre_id, agent_id)))

    return asking.change(make)


@router.delete("/{agent_id}", status_code=204, **does("people.erase"))
def erase_person(asking: Asked, centre_id: IdInPath, agent_id: AgentInPath) -> Response:
    """Erase somebody's name and the key it was sealed with, for good; what they worked stays under `agent_id`."""

    def make(transaction: Transaction) -> Answer:
        people.erase(transaction, centre_id, agent_id)
        return answer(None, 204)

    return asking.change(make)


def _told(asking: Asking, found: people.Person) -> Person:
    told = Person.of(found)
    return told if asking.may("people.names") else told.model_copy(update={"name": ""})
