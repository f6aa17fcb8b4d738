"""Backup pools: a lead or planner confirms whom they call; webhooks are told."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.access.scope import machine
from api.asking import ROOT, Answer, Asked, Asking, Door, answer, does
from api.judging import centre_of
from api.peaks import board, breaches_of_calls
from api.routes.judged import everything
from api.schemas.call_outs import CallOut, CallOutMade, CallOuts
from api.schemas.common import BeforeId, DayAsked, IdInPath, Limit, Page, page
from api.store import call_outs, centres, people
from api.store.engine import Transaction
from api.store.errors import Conflict
from centre.errors import BadInput, Fault, Faults
from centre.folder import Centre
from centre.instants import day_number, day_start, from_timestamps
from centre.model import Backup
from scheduler.rules.backup_call_outs import ACCOUNT

router = APIRouter(prefix=f"{ROOT}/centres/{{centre_id}}/call-outs", tags=["call-outs"], route_class=Door)
EVERY = 1_000_000
A_MINUTE = timedelta(minutes=1)


@router.post("", response_model=CallOuts, status_code=201, **does("call_out.make"))
def make_call_outs(asking: Asked, centre_id: IdInPath, wanted: CallOutMade) -> Response:
    """Note that people of a backup pool are called for a day, all of them or none; team leads call people of their teams.

    Refused is who is away that day, or has had as many calls that day or month as the pool promises: the ledger's, and those made since;
    with `now` also who cannot come at once.
    """
    with asking.read() as transaction:
        centres.get(transaction, centre_id)
        for each in wanted.agent_ids:
            people.get(transaction, centre_id, each)
    since = datetime.now(UTC) - A_MINUTE
    centre = centre_of(everything(asking, centre_id)[1])
    pool = _pool(centre, wanted)
    reasons = list(_against(centre, pool, wanted, _made(asking, centre_id, wanted.day)))
    if wanted.now and not reasons:
        reasons = list(_against_now(asking, centre_id, wanted))
    if reasons:
        raise Conflict("; ".join(reasons))

    def make(transaction: Transaction) -> Answer:
        made = call_outs.create(
            transaction,
            centre_id,
            wanted.pool,
            wanted.day,
            wanted.agent_ids,
            unless_since=since if wanted.now else None,
        )
        return answer(CallOuts(items=[CallOut.of(each) for each in made]), 201)

    return asking.change(make)


@router.post("/{call_out_id}/release", response_model=CallOut, **does("call_out.make"))
def release_call_out(asking: Asked, centre_id: IdInPath, call_out_id: IdInPath) -> Response:
    """Note that somebody who was called may go."""
    return asking.change(
        lambda transaction: answer(CallOut.of(call_outs.release(transaction, centre_id, call_out_id)))
    )


@router.get("", response_model=Page[CallOut], **does("rota.read"))
def list_call_outs(
    asking: Asked, centre_id: IdInPath, limit: Limit = 100, after: BeforeId = "",
    start: Annotated[DayAsked | None, Query(examples=["2026-03-02"])] = None,
    end: Annotated[DayAsked | None, Query(description="the first day that is not told any more")] = None,
) -> Page[CallOut]:  # fmt: skip
    """Who was called for which day, of people who exist for you, newest first."""
    with asking.read() as transaction:
        found = call_outs.find(
            transaction, centre_id, since=start, until=end, before=after or None, limit=limit + 1
        )
    return page(found, limit, CallOut.of, lambda each: each.id)


def _pool(centre: Centre, wanted: CallOutMade) -> Backup:
    """The pool; raises `BadInput` with everybody who is not of it."""
    faults, pools = Faults(), {pool.name: pool for pool in centre.settings.backup}
    if wanted.pool not in pools:
        faults.add("call-outs", "a [[backup]] of centre.toml", found=wanted.pool, column="pool")
    members = {each.agent_id for each in centre.backup if each.pool == wanted.pool}
    for each in wanted.agent_ids if not faults else ():
        if each not in members:
            faults.add("call-outs", "somebody of the pool", found=each, column="agent_ids")
    if len({*wanted.agent_ids}) < len(wanted.agent_ids):
        faults.add("call-outs", "everybody once", column="agent_ids")
    faults.raise_if_any()
    return pools[wanted.pool]


def _made(asking: Asking, centre_id: str, day: date) -> list[call_outs.CallOut]:
    """The calls of everybody in the month of a day."""
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    with asking.service.store.read(machine("calls")) as transaction:
        return call_outs.find(transaction, centre_id, since=first, until=following, limit=EVERY)


def _against(
    centre: Centre, pool: Backup, wanted: CallOutMade, made: list[call_outs.CallOut]
) -> Iterator[str]:
    """Why people cannot be called."""
    period, zone = f"{wanted.day:%Y-%m}", centre.settings.centre.timezone
    start, end = (day_start(zone, day_number(wanted.day) + k) for k in (0, 1))
    leave = centre.leave
    here = (from_timestamps(leave["start"]) < end) & (from_timestamps(leave["end"]) > start)
    away = {*leave["agent_id"].astype(str)[here]}
    today = Counter(each.agent_id for each in made if each.day == wanted.day)
    ledger = centre.ledger[(centre.ledger["account"] == ACCOUNT) & (centre.ledger["period"] == period)]
    told = {str(row["agent_id"]): (float(row["amount"]), row["as_of"]) for row in ledger.to_dict("records")}
    for who in wanted.agent_ids:
        amount, as_of = told.get(who, (0.0, date.min))
        had = amount + sum(each.agent_id == who and each.day > as_of for each in made)
        if who in away:
            yield f"{who} is away on {wanted.day}"
        elif pool.calls_a_day is not None and today[who] >= pool.calls_a_day:
            yield f"{who} is called on {wanted.day} already, the pool allows {pool.calls_a_day} a day"
        elif pool.calls_a_month is not None and had >= pool.calls_a_month:
            yield f"{who} has had {had:g} calls in {period}, the pool allows {pool.calls_a_month} a month"


def _against_now(asking: Asking, centre_id: str, wanted: CallOutMade) -> Iterator[str]:
    """Why people cannot come at once: the rules of the pool, then those of rest and hours."""
    found = board(asking, centre_id)
    if wanted.day != found.day:
        raise BadInput(
            [Fault("call-outs", "today, where they are to come now", f"{wanted.day}", column="day")]
        )
    pool = next(each for each in found.pools if each.pool.name == wanted.pool)
    standing = {each.agent_id: each for each in pool.people}
    refused = {name: standing[name].refused for name in wanted.agent_ids if standing[name].refused}
    yield from (f"{name}: {why}" for name, why in refused.items())
    if not refused and not wanted.accept_breaches:
        for name, broken in breaches_of_calls(found, pool, wanted.agent_ids).items():
            yield f"{name}: {'; '.join(dict.fromkeys(each.rule for each in broken))} would be broken"
