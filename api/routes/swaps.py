"""Swaps of shifts: asked by who gives, accepted by who takes, approved by who leads both; the audit is asked before each step."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api import swapping
from api.access.errors import Forbidden
from api.access.scope import machine
from api.asking import ROOT, Answer, Asked, Asking, Door, Expected, answer, does, etag
from api.errors import Problem
from api.routes.judged import everything, own_findings
from api.schemas.common import PLAIN, UUID, BeforeId, IdInPath, Limit, Page, page
from api.schemas.rotas import Finding
from api.schemas.swaps import CheckedSwap, State, Swap, SwapAsked, SwapCheck, SwapService, Taker
from api.store import centres, people, publishing, rotas, swaps
from api.store.engine import Transaction
from api.store.errors import Conflict, NotFound
from centre.errors import BadInput
from scheduler.rules.rule import Violation

router = APIRouter(tags=["swaps"], route_class=Door)
OF_CENTRE, ONE = f"{ROOT}/centres/{{centre_id}}/swaps", f"{ROOT}/swaps/{{swap_id}}"
UNTOLD = "A rule that binds this person would be broken; they and whoever plans them can know which."
Kept = Annotated[bool, Query(description="false: only try it and tell what the audit finds")]


@router.post(OF_CENTRE, response_model=CheckedSwap, status_code=201, **does("swap.ask"))
def ask_swap(asking: Asked, centre_id: IdInPath, wanted: SwapAsked, keep: Kept = True) -> Response:
    """Ask to give shifts of a published rota to somebody, or to exchange them. What would break a rule is not kept.

    Agents give their own, team leads those of their people. Who would take them may try it too (`keep=false`).
    """
    with asking.read() as transaction:
        centres.get(transaction, centre_id)
        if rotas.get(transaction, wanted.rota_id).centre_id != centre_id:
            raise NotFound("rota")
        agents = people.visible(transaction, centre_id)
    mine = {wanted.agent_id} if keep else {wanted.agent_id, wanted.with_agent_id}
    if agents is not None and not mine & agents:
        raise NotFound("person")
    asked = swapping.Asked(wanted.agent_id, wanted.day, wanted.with_agent_id, wanted.back_day)
    found, _, _ = _checked(asking, centre_id, wanted.rota_id, asked)
    told = _told(asking, centre_id, found)
    if not keep:
        tried = CheckedSwap(kept=False, swap=None, check=told)
        return Response(tried.model_dump_json(by_alias=True), media_type="application/json")
    _need_allowed(told)

    def make(transaction: Transaction) -> Answer:
        made = swaps.create(
            transaction, centre_id, wanted.rota_id, (wanted.agent_id, wanted.day, found.gives),
            (wanted.with_agent_id, wanted.back_day, found.back), found.begins, wanted.note,
        )  # fmt: skip
        kept = CheckedSwap(kept=True, swap=Swap.of(made), check=told)
        return answer(kept, 201, Location=f"{ROOT}/swaps/{made.id}", ETag=etag(1))

    return asking.change(make)


@router.get(OF_CENTRE, response_model=Page[Swap], **does("swap.ask"))
def list_swaps(
    asking: Asked, centre_id: IdInPath, limit: Limit = 100, after: BeforeId = "",
    state: Annotated[State | None, Query(examples=["accepted"])] = None,
    agent_id: Annotated[str | None, Query(max_length=200, pattern=PLAIN, description="who gives or takes")] = None,
    rota_id: Annotated[str | None, Query(pattern=UUID)] = None,
) -> Page[Swap]:  # fmt: skip
    """Swaps of people who exist for you, newest first."""
    with asking.read() as transaction:
        found = swaps.find(
            transaction, centre_id, state=state, agent_id=agent_id, rota_id=rota_id, before=after or None,
            limit=limit + 1,
        )  # fmt: skip
    return page(found, limit, Swap.of, lambda each: each.id)


@router.get(ONE, response_model=Swap, **does("swap.ask"))
def get_swap(asking: Asked, swap_id: IdInPath, response: Response) -> Swap:
    """A swap; its ETag is what a step of it names as If-Match."""
    with asking.read() as transaction:
        found = swaps.get(transaction, swap_id)
    response.headers["etag"] = etag(found.version)
    return Swap.of(found)


@router.get(f"{ONE}/check", response_model=SwapCheck, **does("swap.ask"))
def check_swap(asking: Asked, swap_id: IdInPath) -> SwapCheck:
    """What the swap would break in the rota as it is now; 409 where the rota has changed so that it no longer fits."""
    with asking.read() as transaction:
        found = swaps.get(transaction, swap_id)
    return _told(asking, found.centre_id, _fitting(asking, found)[0])


@router.post(f"{ONE}/accept", response_model=CheckedSwap, **does("swap.ask"))
def accept_swap(asking: Asked, swap_id: IdInPath, expected: Expected) -> Response:
    """Say yes for who takes the shifts: they themselves, or who leads them. Then it is to be approved."""
    found = _own(asking, swap_id, expected, takes=True)
    checked, _, _ = _fitting(asking, found)
    told = _told(asking, found.centre_id, checked)
    _need_allowed(told)
    return asking.change(lambda to: _stepped(swaps.move(to, swap_id, expected, "accepted"), told))


@router.post(f"{ONE}/decline", response_model=Swap, **does("swap.ask"))
def decline_swap(asking: Asked, swap_id: IdInPath, expected: Expected) -> Response:
    """Say no for who would take the shifts, also after a yes, until it is approved."""
    _own(asking, swap_id, expected, takes=True)
    return asking.change(lambda to: _moved(to, swap_id, expected, "declined"))


@router.post(f"{ONE}/withdraw", response_model=Swap, **does("swap.ask"))
def withdraw_swap(asking: Asked, swap_id: IdInPath, expected: Expected) -> Response:
    """Take a swap back for who gives the shifts, until it is approved."""
    _own(asking, swap_id, expected, takes=False)
    return asking.change(lambda to: _moved(to, swap_id, expected, "withdrawn"))


@router.post(f"{ONE}/approve", response_model=CheckedSwap, **does("swap.decide"))
def approve_swap(asking: Asked, swap_id: IdInPath, expected: Expected) -> Response:
    """Approve a swap that both want: the published rota has the exchange as one new version, which agents see at once.

    A team lead approves where both are of their teams.
    """
    found = _decided(asking, swap_id, expected)
    if found.state != "accepted":
        raise Conflict(f"the swap is {found.state}: approved is what has been accepted")
    checked, revision, at = _fitting(asking, found)
    told = _told(asking, found.centre_id, checked)
    _need_allowed(told)

    def make(transaction: Transaction) -> Answer:
        rota = publishing.publish_rows(
            transaction, found.rota_id, at, checked.rows, centre_revision=revision, note=f"swap {swap_id}"
        )
        moved = swaps.move(transaction, swap_id, expected, "approved", rota_version=rota.version)
        return _stepped(moved, told)

    return asking.change(make)


@router.post(f"{ONE}/refuse", response_model=Swap, **does("swap.decide"))
def refuse_swap(asking: Asked, swap_id: IdInPath, expected: Expected) -> Response:
    """Refuse a swap; the rota stays as it is."""
    _decided(asking, swap_id, expected)
    return asking.change(lambda to: _moved(to, swap_id, expected, "refused"))


def _checked(
    asking: Asking, centre_id: str, rota_id: str, asked: swapping.Asked
) -> tuple[swapping.Checked, int, int]:
    """What becomes of a swap, and the revision of the centre and the version of the rota that say so."""
    revision, files = everything(asking, centre_id)
    with asking.service.store.read(machine("audit")) as transaction:
        told = swapping.published(transaction, rota_id)
    return swapping.checked(files, told, asked), revision, told.rota.version


def _fitting(asking: Asking, found: swaps.Swap) -> tuple[swapping.Checked, int, int]:
    """As `_checked`, for a swap that was asked before; raises `Conflict` where its shifts are not those of the rota any more."""
    asked = swapping.Asked(found.agent_id, found.day, found.with_agent_id, found.back_day)
    words = "the rota or its people have changed since: the shifts of this swap are no longer as they were when it was asked"
    try:
        told = _checked(asking, found.centre_id, found.rota_id, asked)
    except BadInput:
        raise Conflict(words) from None
    if (told[0].gives, told[0].back) != (found.gives, found.back):
        raise Conflict(words)
    return told


def _told(asking: Asking, centre_id: str, found: swapping.Checked) -> SwapCheck:
    """What whoever asks may know of it."""
    with asking.read() as transaction:
        agents = people.visible(transaction, centre_id)
    own, everything_theirs = own_findings(asking, centre_id, found.breaches), agents is None
    hidden = {each.agent_id for each in found.breaches if agents is not None and each.agent_id not in agents}
    return SwapCheck(
        allowed=not found.breaches,
        breaches=[Finding.of(each) for each in [*own, *map(_untold, sorted(hidden))]],
        others=[
            Taker(agent_id=who, gives_back=back)
            for who, back in found.others
            if not asking.only_own("swap.ask") and (agents is None or who in agents)
        ],
        before=SwapService.of(found.before) if everything_theirs else None,
        after=SwapService.of(found.after) if everything_theirs else None,
    )


def _untold(agent_id: str) -> Violation:
    return Violation("", "", agent_id, None, None, None, None, "", "breach", UNTOLD)


def _need_allowed(told: SwapCheck) -> None:
    if not told.allowed:
        broken = [f"{each.agent_id}: {each.rule or 'a rule that binds them'}" for each in told.breaches]
        raise Problem("swap-breaches", f"the swap would break rules: {'; '.join(dict.fromkeys(broken))}")


def _own(asking: Asking, swap_id: str, expected: int, *, takes: bool) -> swaps.Swap:
    """A swap of which one of the two may be spoken for by whoever asks."""
    with asking.read() as transaction:
        found = swaps.get_at(transaction, swap_id, expected)
        agents = people.visible(transaction, found.centre_id)
    if agents is not None and found.people[takes] not in agents:
        raise Forbidden("this is for the other of the two to say, or for who leads them")
    return found


def _decided(asking: Asking, swap_id: str, expected: int) -> swaps.Swap:
    with asking.read() as transaction:
        found = swaps.get_at(transaction, swap_id, expected)
        agents = people.visible(transaction, found.centre_id)
    if agents is not None and not {*found.people} <= agents:
        raise Forbidden("both people must be of your teams: a planner decides this swap")
    return found


def _moved(transaction: Transaction, swap_id: str, expected: int, state: str) -> Answer:
    moved = swaps.move(transaction, swap_id, expected, state)
    return answer(Swap.of(moved), ETag=etag(moved.version))


def _stepped(moved: swaps.Swap, told: SwapCheck) -> Answer:
    return answer(CheckedSwap(kept=True, swap=Swap.of(moved), check=told), ETag=etag(moved.version))
