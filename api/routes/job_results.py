"""What a job made is kept: a rota as a draft, closed days as a revision of the centre."""

import json
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response

from api.asking import ROOT, Answer, Asked, Door, Expected, answer, does, etag, expected_version
from api.jobs.kinds import ROLLED
from api.routes.files import change_files
from api.routes.jobs import ONE, seen_job
from api.schemas.centres import ChangedCentre
from api.schemas.common import IdInPath, NoteAsked
from api.schemas.rotas import Rota
from api.store import centres, jobs, people, rotas
from api.store.csv_rows import CsvRows
from api.store.engine import Transaction
from api.store.errors import Conflict

router = APIRouter(prefix=f"{ROOT}/jobs", tags=["jobs"], route_class=Door)
REPLAN = "replan.json"
MARKS = ("plan.json", "bids.json", "robust.json", REPLAN)
OF_ROTA = ("rota.csv", "requirement.csv", *MARKS)


@router.post(ONE + "/rota", response_model=Rota, status_code=201, **does("rota.publish"))
def draft_of_job(
    asking: Asked,
    job_id: IdInPath,
    note: NoteAsked = "",
    rota_id: Annotated[str | None, Query(max_length=36, description="a rota of these days: its next version")] = None,
    if_match: Annotated[str | None, Header(max_length=100, description="with rota_id: that rota's ETag")] = None,
) -> Response:  # fmt: skip
    """Keep the rota that a job made as a draft, with the requirement that it was made for; or, with `rota_id`, as a version of that rota.

    That version names the rota's ETag as If-Match. Team leads keep the rows of their people; everybody else's stay as they are.
    """
    found = seen_job(asking, job_id)
    with asking.read() as transaction:
        told = {
            name: jobs.file(transaction, job_id, name)
            for name in jobs.files(transaction, job_id)
            if name in OF_ROTA
        }
        agents = people.visible(transaction, found.centre_id)
    of = next((name for name in MARKS if name in told), "")
    if found.state != "done" or not of or "rota.csv" not in told or (of == REPLAN and rota_id is None):
        raise Conflict(
            "only a plan, rota or bidding that is done has a rota; a repaired one is a version of the rota that it repairs"
        )
    planned: dict[str, Any] = json.loads(told[of])
    start, days = date.fromisoformat(planned["start"]), int(planned["days"])
    rows = told["rota.csv"]
    if agents is not None:
        rows = CsvRows.of(rows).where("agent_id", agents.__contains__).bytes()
    expected = None if rota_id is None else expected_version(if_match)

    def make(transaction: Transaction) -> Answer:
        if rota_id is None or expected is None:
            made = rotas.create(
                transaction, found.centre_id, start, days, rows,
                centre_revision=found.centre_revision, requirement=told.get("requirement.csv"), note=note,
            )  # fmt: skip
            return answer(Rota.of(made), 201, Location=f"{ROOT}/rotas/{made.id}", ETag=etag(1))
        _check_base(rotas.get_at(transaction, rota_id, expected), transaction, found, start, days)
        made = rotas.edit(
            transaction, rota_id, expected, rows, centre_revision=found.centre_revision, note=note
        )
        return answer(Rota.of(made), 201, Location=f"{ROOT}/rotas/{made.id}", ETag=etag(made.version))

    return asking.change(make)


def _check_base(rota: rotas.Rota, transaction: Transaction, found: jobs.Job, start: date, days: int) -> None:
    """Raise `Conflict` where a job's rota is none of these days, or went out from rows that have been changed since."""
    if (rota.centre_id, rota.start, rota.days) != (found.centre_id, start, days) and found.kind != "replan":
        raise Conflict("the job's rota is of other days")
    files, options = found.args.get("files", {}), found.args.get("options", {})
    base = (
        files.get("rota")
        if found.kind in ("replan", "bid")
        else files.get("keep")
        if options.get("team")
        else None
    )
    if base is not None and base != rotas.version(transaction, rota.id, rota.version).digest:
        raise Conflict("the job went out from other rows than this rota has now: run it again")


@router.post(ONE + "/apply", response_model=ChangedCentre, **does("ledger.change"))
def apply_closing(asking: Asked, job_id: IdInPath, expected: Expected, note: NoteAsked = "") -> Response:
    """Keep what closing days came to, ledger and rota before, as a new revision of the centre; If-Match names the centre's ETag."""
    found = seen_job(asking, job_id)
    if found.state != "done" or found.kind != "close":
        raise Conflict("only a closing that is done is applied")
    with asking.read() as transaction:
        made: dict[str, bytes | None] = {name: jobs.file(transaction, job_id, name) for name in ROLLED}
        then = centres.digests(transaction, found.centre_id, found.centre_revision)
        now = centres.digests(transaction, found.centre_id)
        before = centres.export(transaction, found.centre_id, names=False, reasons=False)
    if any(then.get(name) != now.get(name) for name in ROLLED):
        raise Conflict(
            "the ledger or the rota before was changed since the job read them: close the days again"
        )
    if (
        max(CsvRows.of(before.get("rota_before.csv", b"")).column("day"), default="")
        >= (found.result or {})["first_day"]
    ):
        raise Conflict("days from the first one on are in rota_before.csv: they were closed already")
    return change_files(asking, found.centre_id, expected, made, note)
