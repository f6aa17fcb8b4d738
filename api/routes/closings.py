"""Closed days put in force: what a job of closing rolled forward becomes part of the centre."""

from fastapi import APIRouter, Response

from api.asking import ROOT, Asked, Door, Expected, does
from api.routes.files import change_files
from api.routes.jobs import seen_job
from api.schemas.centres import ChangedCentre
from api.schemas.common import IdInPath, NoteAsked
from api.store import centres, jobs
from api.store.errors import Conflict
from scenarios.close import ROLLED

router = APIRouter(prefix=f"{ROOT}/jobs", tags=["jobs"], route_class=Door)


@router.post("/{job_id}/apply", response_model=ChangedCentre, **does("ledger.change"))
def apply_closing(asking: Asked, job_id: IdInPath, expected: Expected, note: NoteAsked = "") -> Response:
    """Make the ledger and the rota before that closing days came to part of the centre, whose ETag If-Match names.

    Refused where either has changed since the job read them, as it has once the job is applied: close the days again.
    """
    found = seen_job(asking, job_id)
    if found.state != "done" or found.kind != "close":
        raise Conflict("only closed days that are done can be put in force")
    with asking.read() as transaction:
        then, now = (
            centres.digests(transaction, found.centre_id, revision)
            for revision in (found.centre_revision, None)
        )
        if any(then.get(name) != now.get(name) for name in ROLLED):
            raise Conflict(f"{' or '.join(ROLLED)} has changed since the days were closed: close them again")
        rolled: dict[str, bytes | None] = {name: jobs.file(transaction, job_id, name) for name in ROLLED}
    return change_files(asking, found.centre_id, expected, rolled, note)
