"""What people ask for, swaps and leave: asked by them, answered at once by rules, quotas and balances, decided by who may."""

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response

from api.asking import Asking
from api.judging import centre_of
from api.page.edits import findings_told, known, names_of
from api.page.forms import read
from api.page.screen import Screen, Visit, Visited, see
from api.page.shifts import own
from api.routes import leave_requests as leave
from api.routes import swaps
from api.routes.judged import everything
from api.schemas.leave_requests import LeaveAsked, State
from api.schemas.rotas import Finding
from api.schemas.swaps import CheckedSwap, Swap, SwapAsked, SwapCheck
from api.store import centres, people, rotas
from api.store.errors import Conflict
from centre.errors import BadInput, Fault
from scheduler.rules.rule import Violation

router = APIRouter(route_class=Screen, include_in_schema=False)
MOST, MOST_ROTAS = 100, 6
SWAP_STEPS: dict[str, Callable[..., Response]] = {
    "accept": swaps.accept_swap, "decline": swaps.decline_swap, "withdraw": swaps.withdraw_swap,
    "approve": swaps.approve_swap, "refuse": swaps.refuse_swap,
}  # fmt: skip
LEAVE_STEPS: dict[str, tuple[str, Callable[..., Response]]] = {
    "withdraw": ("leave.ask", leave.withdraw_leave_request),
    "refuse": ("leave.change", leave.refuse_leave_request),
    "grant": ("leave.change", leave.grant_leave_request),
}


@router.get("/centres/{centre_id}/requests")
def show_requests(visit: Visited, centre_id: str) -> Response:
    """What people of the centre have asked for and nobody has decided."""
    asking = visit.asking("leave.read")
    with asking.read() as transaction:
        centre = centres.get(transaction, centre_id)
    names = names_of(asking, centre_id)
    return visit.show("requests.html.jinja", centre=centre, names=names, own=None, **_open(visit, centre_id))


@router.get("/me/requests")
def show_own(visit: Visited) -> Response:
    """My swaps and leave, and how to ask for either."""
    asking, centre_id, agent_id = own(visit, "leave.read")
    with asking.read() as transaction:
        centre = centres.get(transaction, centre_id)
    names = names_of(asking, centre_id)
    return visit.show(
        "requests.html.jinja", centre=centre, names=names, own=agent_id,
        shifts=list(_shifts(visit, centre_id, agent_id)), **_open(visit, centre_id, agent_id),
    )  # fmt: skip


@router.post("/me/swaps")
def ask_swap(visit: Visited) -> Response:
    """Ask to give a shift or to exchange it; what it would break is told instead of kept."""
    asking, centre_id, agent_id = own(visit, "swap.ask")
    rota_id, _, day = visit.form.fields.get("shift", "").partition("/")
    told = {name: visit.form.fields.get(name, "") for name in ("with_agent_id", "back_day", "note")}
    wanted = read(SwapAsked, told | {"rota_id": rota_id, "day": day, "agent_id": agent_id})
    tried = CheckedSwap.model_validate_json(bytes(swaps.ask_swap(asking, centre_id, wanted, keep=False).body))
    if not tried.check.allowed:
        return _swap(visit, asking, centre_id, None, wanted, tried.check)
    made = CheckedSwap.model_validate_json(bytes(swaps.ask_swap(asking, centre_id, wanted).body))
    assert made.swap is not None
    return see(f"/swaps/{made.swap.id}")


@router.get("/swaps/{swap_id}")
def show_swap(visit: Visited, swap_id: str) -> Response:
    """A swap, what it would do to the rota as it is now, and what may be said to it."""
    asking = visit.asking("swap.ask")
    found = swaps.get_swap(asking, swap_id, Response())
    check = None
    if found.state in ("asked", "accepted"):
        try:
            check = swaps.check_swap(asking, swap_id)
        except Conflict as error:
            return _swap(visit, asking, found.centre_id, found, found, None, str(error))
    return _swap(visit, asking, found.centre_id, found, found, check)


@router.post("/swaps/{swap_id}/{step}")
def step_swap(visit: Visited, swap_id: str, step: str) -> Response:
    """Say yes or no to a swap."""
    if step not in SWAP_STEPS:
        raise BadInput([Fault("step", f"one of {', '.join(SWAP_STEPS)}", step[:20])])
    asking = visit.asking("swap.decide" if step in ("approve", "refuse") else "swap.ask")
    SWAP_STEPS[step](asking, swap_id, _version(visit))
    return see(f"/swaps/{swap_id}")


@router.post("/me/leave")
def ask_leave(visit: Visited) -> Response:
    """Ask for leave, whole days."""
    asking, centre_id, agent_id = own(visit, "leave.ask")
    told = {name: visit.form.fields.get(name, "") for name in ("kind", "note")}
    first, last = (_day(visit, name) for name in ("first", "last"))
    span = {"start": str(first), "end": str(last + timedelta(days=1))}
    wanted = read(LeaveAsked, told | span | {"agent_id": agent_id})
    made = json.loads(bytes(leave.ask_leave(asking, centre_id, wanted).body))
    return see(f"/leave-requests/{made['id']}")


@router.get("/leave-requests/{request_id}")
def show_leave(visit: Visited, request_id: str) -> Response:
    """A request for leave, and what would become of it now."""
    asking = visit.asking("leave.read")
    found = leave.get_leave_request(asking, request_id, Response())
    names = names_of(asking, found.centre_id)
    steps = [step for step, (action, _) in LEAVE_STEPS.items() if asking.may(action)] if found.outlook else []
    return visit.show(
        "leave.html.jinja", found=found, name=names.get(found.agent_id, ""), steps=steps,
        inbox=_inbox(asking, found.centre_id),
    )  # fmt: skip


@router.post("/leave-requests/{request_id}/{step}")
def step_leave(visit: Visited, request_id: str, step: str) -> Response:
    """Grant, refuse or withdraw leave that was asked for."""
    if step not in LEAVE_STEPS:
        raise BadInput([Fault("step", f"one of {', '.join(LEAVE_STEPS)}", step[:20])])
    action, take = LEAVE_STEPS[step]
    despite = {"despite": visit.form.fields.get("despite") == "yes"} if step == "grant" else {}
    take(visit.asking(action), request_id, _version(visit), **despite)
    return see(f"/leave-requests/{request_id}")


def _open(visit: Visit, centre_id: str, agent_id: str | None = None) -> dict[str, Any]:
    """Swaps that exist for the visitor, open ones first, and leave that is not decided; of ``agent_id`` all leave."""
    state: State | None = None if agent_id else "asked"
    leaves = leave.list_leave_requests(visit.asking("leave.read"), centre_id, MOST, "", state, agent_id).items
    assert visit.member is not None
    asking = Asking(visit.service, visit.member, "swap.ask")
    if not asking.may("swap.ask"):
        return {"leaves": leaves, "swaps": None}
    found = swaps.list_swaps(asking, centre_id, MOST, "", None, None, None).items
    return {
        "leaves": leaves,
        "swaps": sorted(found, key=lambda each: each.state not in ("asked", "accepted")),
    }


def _shifts(visit: Visit, centre_id: str, agent_id: str) -> Iterator[tuple[str, date]]:
    """Somebody's days with a shift in published rotas that are not over, newest rota first, as rota and day."""
    asking = visit.asking("rota.read")
    with asking.read() as transaction:
        found = rotas.find(transaction, centre_id, limit=500)[-MOST_ROTAS:][::-1]
    for rota in found:
        now = known(asking, rota.id)
        today = datetime.now(now.told.zone).date().isoformat()
        for who, day in sorted(now.days):
            if who == agent_id and day >= today:
                yield rota.id, date.fromisoformat(day)


def _swap(
    visit: Visit, asking: Asking, centre_id: str, found: Swap | None, wanted: Swap | SwapAsked,
    check: SwapCheck | None, trouble: str = "",
) -> Response:  # fmt: skip
    zone = centre_of(everything(asking, centre_id)[1]).settings.centre.timezone
    names = names_of(asking, centre_id)
    hidden = [] if check is None else [each.agent_id for each in check.breaches if not each.rule]
    broken = [] if check is None else [_violation(each) for each in check.breaches if each.rule]
    return visit.show(
        "swap.html.jinja", status=200 if found or check is None else 409, found=found, wanted=wanted, names=names,
        check=check, hidden=hidden, trouble=trouble, zone=zone, times=_times(found, zone),
        breaches=findings_told(visit, names, broken, zone),
        steps=[] if found is None else list(_steps(asking, found)), inbox=_inbox(asking, centre_id),
    )  # fmt: skip


def _steps(asking: Asking, found: Swap) -> Iterator[str]:
    """What the visitor may say to a swap."""
    with asking.read() as transaction:
        agents = people.visible(transaction, found.centre_id)
    gives, takes = (agents is None or who in agents for who in (found.agent_id, found.with_agent_id))
    decides = gives and takes and asking.may("swap.decide")
    if found.state == "accepted" and decides:
        yield "approve"
    if found.state == "asked" and takes:
        yield "accept"
    if found.state in ("asked", "accepted"):
        yield from (
            step
            for step, may in (("refuse", decides), ("decline", takes and not decides), ("withdraw", gives and not decides))
            if may
        )  # fmt: skip


def _times(found: Swap | None, zone: ZoneInfo) -> dict[str, list[str]]:
    """The shifts of both as they were when it was asked, by the centre's clock."""
    told: dict[str, list[str]] = {"gives": [], "back": []}
    for side, shifts in () if found is None else (("gives", found.gives), ("back", found.back)):
        for each in shifts:
            start, end = each.start.astimezone(zone), each.end.astimezone(zone)
            told[side].append(f"{start:%H:%M}–{end:%H:%M} {each.shift}".strip())
    return told


def _violation(found: Finding) -> Violation:
    start, end = (
        None if at is None else int(datetime.fromisoformat(at).timestamp()) // 60
        for at in (found.start, found.end)
    )
    return Violation(
        found.rule, found.source, found.agent_id, start, end, found.found, found.limit, found.unit, found.verdict, found.explanation
    )  # fmt: skip


def _inbox(asking: Asking, centre_id: str) -> str:
    return "/me/requests" if asking.only_own("leave.read") else f"/centres/{centre_id}/requests"


def _day(visit: Visit, name: str) -> date:
    text = visit.form.fields.get(name, "")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput([Fault(name, "a day such as 2026-03-02", text[:20])]) from None


def _version(visit: Visit) -> int:
    number = visit.form.fields.get("version", "")
    if not number.isdecimal():
        raise BadInput([Fault("version", "the version that was looked at", number[:20])])
    return int(number)
