"""Leave: asked by people themselves, answered at once by quotas and balance, decided by HR."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api import leave_asking
from api.access.scope import machine
from api.asking import ROOT, Answer, Asked, Asking, Door, Expected, answer, does, etag
from api.judging import Files
from api.routes.judged import everything
from api.routes.rows import TRIES
from api.schemas.common import PLAIN, AfterId, IdInPath, Limit, Page, page
from api.schemas.leave_requests import LeaveAsked, LeaveBalance, LeaveOutlook, LeaveRequest, State
from api.store import centres, leave_requests, people
from api.store.centre_files import LEAVE_FILE, prepare
from api.store.engine import Transaction
from api.store.errors import Conflict, Stale
from api.store.ids import new_id
from centre.instants import day_of

router = APIRouter(tags=["leave"], route_class=Door)
OF_CENTRE, ONE = f"{ROOT}/centres/{{centre_id}}/leave-requests", f"{ROOT}/leave-requests/{{request_id}}"
EVERY = 1_000_000


@router.post(OF_CENTRE, response_model=LeaveRequest, status_code=201, **does("leave.ask"))
def ask_leave(asking: Asked, centre_id: IdInPath, wanted: LeaveAsked) -> Response:
    """Ask for leave: agents their own, team leads and HR for their people. What would become of it now is in the answer."""
    with asking.read() as transaction:
        centres.get(transaction, centre_id)
        people.get(transaction, centre_id, wanted.agent_id)
    _, files = everything(asking, centre_id)
    new = _new(asking, centre_id, files, wanted)
    leave_asking.check_own(files, _waiting(asking, centre_id), new)
    told = _outlook(asking, files, new)

    def make(transaction: Transaction) -> Answer:
        made = leave_requests.create(transaction, new)
        shown = LeaveRequest.of(made, asking.may("leave.reasons"), told)
        return answer(shown, 201, Location=f"{ROOT}/leave-requests/{made.id}", ETag=etag(1))

    return asking.change(make)


@router.get(OF_CENTRE, response_model=Page[LeaveRequest], **does("leave.read"))
def list_leave_requests(
    asking: Asked, centre_id: IdInPath, limit: Limit = 100, after: AfterId = "",
    state: Annotated[State | None, Query(examples=["asked"])] = None,
    agent_id: Annotated[str | None, Query(max_length=200, pattern=PLAIN)] = None,
) -> Page[LeaveRequest]:  # fmt: skip
    """Leave that people who exist for you have asked for, as it was asked; for those who may know it, why (which is logged)."""
    kinds = asking.may("leave.reasons")
    with asking.write() if kinds else asking.read() as transaction:
        found = leave_requests.find(
            transaction, centre_id, state=state, agent_id=agent_id, after=after, limit=limit + 1
        )
        if kinds:
            centres.log_reasons(transaction, centre_id, "leave_requests")
    return page(found, limit, lambda each: LeaveRequest.of(each, kinds), lambda each: each.id)


@router.get(ONE, response_model=LeaveRequest, **does("leave.read"))
def get_leave_request(asking: Asked, request_id: IdInPath, response: Response) -> LeaveRequest:
    """A request, and what would become of it now; its ETag is what a decision names as If-Match."""
    kinds = asking.may("leave.reasons")
    with asking.write() if kinds else asking.read() as transaction:
        found = leave_requests.get(transaction, request_id)
        if kinds:
            centres.log_reasons(transaction, found.centre_id, f"leave_request/{request_id}")
    response.headers["etag"] = etag(found.version)
    if found.state != "asked":
        return LeaveRequest.of(found, kinds)
    return LeaveRequest.of(found, kinds, _outlook(asking, everything(asking, found.centre_id)[1], found))


@router.post(f"{ONE}/withdraw", response_model=LeaveRequest, **does("leave.ask"))
def withdraw_leave_request(asking: Asked, request_id: IdInPath, expected: Expected) -> Response:
    """Take a request back that is not decided; leave that was granted is given back to HR."""
    return asking.change(lambda to: _decided(asking, to, request_id, expected, "withdrawn"))


@router.post(f"{ONE}/refuse", response_model=LeaveRequest, **does("leave.change"))
def refuse_leave_request(asking: Asked, request_id: IdInPath, expected: Expected) -> Response:
    """Refuse a request."""
    return asking.change(lambda to: _decided(asking, to, request_id, expected, "refused"))


@router.post(f"{ONE}/grant", response_model=LeaveRequest, **does("leave.change"))
def grant_leave_request(
    asking: Asked, request_id: IdInPath, expected: Expected,
    despite: Annotated[bool, Query(description="grant it although a quota is full or the balance is not enough")] = False,
) -> Response:  # fmt: skip
    """Grant a request: a new revision of the centre has it as a row of `leave.csv`, whatever others changed meanwhile."""
    for k in range(TRIES):
        with asking.read() as transaction:
            found = leave_requests.get_at(transaction, request_id, expected)
        try:
            return _granted(asking, found, despite)
        except Stale as error:
            if error.what != "centre" or k == TRIES - 1:
                raise
    raise AssertionError


def _granted(asking: Asking, found: leave_requests.LeaveRequest, despite: bool) -> Response:
    revision, files = everything(asking, found.centre_id)
    told = _outlook(asking, files, found)
    if told.decision != "granted" and not despite and found.state == "asked":
        raise Conflict(f"{told.decision}: {told.reason}; grant it with despite=true, or let it wait")
    prepared = prepare(files | {LEAVE_FILE: leave_asking.with_leave(files, found)})

    def make(to: Transaction) -> Answer:
        told = _decided(asking, to, found.id, found.version, "granted")
        centres.change(to, found.centre_id, revision, prepared, f"leave request {found.id}")
        return told

    return asking.change(make)


def _decided(asking: Asking, to: Transaction, request_id: str, expected: int, state: str) -> Answer:
    made = leave_requests.decide(to, request_id, expected, state)
    kinds = asking.may("leave.reasons")
    return answer(LeaveRequest.of(made, kinds), ETag=etag(made.version))


def _new(asking: Asking, centre_id: str, files: Files, wanted: LeaveAsked) -> leave_requests.LeaveRequest:
    span = leave_asking.span_of(files, wanted.start, wanted.end)
    return leave_requests.LeaveRequest(
        new_id(), centre_id, 1, "asked", wanted.agent_id, wanted.start, wanted.end, wanted.kind,
        leave_asking.ends_at(span), asking.member.id, datetime.now(UTC), None, None, wanted.note,
    )  # fmt: skip


def _outlook(asking: Asking, files: Files, wanted: leave_requests.LeaveRequest) -> LeaveOutlook:
    """What would become of a request, after all that were asked before it."""
    with asking.service.store.read(machine("leave")) as transaction:
        planned = leave_asking.planned_days(transaction, files, wanted)
    ahead = [each for each in _waiting(asking, wanted.centre_id) if each.id < wanted.id]
    decision = leave_asking.outlook(files, ahead, wanted)
    return LeaveOutlook(
        decision=decision.outcome, place=decision.place or None, reason=decision.reason, planned_days=planned,
        balances=[
            LeaveBalance(year=each.year, asked=each.asked, left=each.left, as_of=day_of(each.since))
            for each in decision.balances
        ],
    )  # fmt: skip


def _waiting(asking: Asking, centre_id: str) -> list[leave_requests.LeaveRequest]:
    """Everybody's requests that are not decided: for reckoning alone, none is handed out."""
    with asking.service.store.read(machine("leave")) as transaction:
        return leave_requests.find(transaction, centre_id, state="asked", limit=EVERY)
