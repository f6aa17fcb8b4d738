"""The audit log: who did what to what, and whether the log is whole."""

from itertools import islice

from fastapi import APIRouter

from api.access.errors import Forbidden
from api.asking import ROOT, Asked, Asking, Door, does
from api.schemas.common import AfterNumber, Limit, Page, page
from api.schemas.people import LogLine, LogVerdict
from api.store import audit_log

router = APIRouter(prefix=f"{ROOT}/audit-log", tags=["audit log"], route_class=Door)


@router.get("", response_model=Page[LogLine], **does("audit_log.read"))
def list_log(asking: Asked, limit: Limit = 100, after: AfterNumber = 0) -> Page[LogLine]:
    """Lines in order; for administrators of all centres, since the log is one."""
    _of_all(asking)
    with asking.read() as transaction:
        found = list(islice(audit_log.lines(transaction.connection, after), limit + 1))
    return page(found, limit, LogLine.of, lambda each: each.seq)


@router.get("/verification", response_model=LogVerdict, **does("audit_log.read"))
def verify_log(asking: Asked) -> LogVerdict:
    """Recount the chain of hashes from the first line to the last."""
    _of_all(asking)
    with asking.read() as transaction:
        return LogVerdict(**vars(audit_log.verify(transaction.connection)))


def _of_all(asking: Asking) -> None:
    if asking.member.centre_id is not None:
        raise Forbidden("the audit log tells of all centres: only administrators of all read it")
