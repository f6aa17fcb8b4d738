"""Today: customers online are told, and the board is read: contacts against the forecast, triggers, who may be called."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import pandas as pd
from fastapi import APIRouter, Query, Response

from api.asking import ROOT, Answer, Asked, Asking, Door, answer, does
from api.judging import centre_of
from api.peaks import Board, board, breaches_of_calls
from api.routes.judged import everything, own_findings
from api.schemas.call_outs import CallOut
from api.schemas.common import IdInPath, InstantAsked
from api.schemas.peaks import (
    BrokenRule,
    OnlineKept,
    OnlineNow,
    OnlineTold,
    PeakInterval,
    PeaksNow,
    PersonNow,
    PoolNow,
    TriggerNow,
)
from api.store import floor
from api.store.engine import Transaction
from centre.errors import Faults
from centre.instants import from_minutes
from scenarios.backup_now import PoolNow as Found
from scenarios.figures import known

router = APIRouter(prefix=f"{ROOT}/centres/{{centre_id}}", tags=["peaks"], route_class=Door)
A_MINUTE, A_DAY = timedelta(minutes=1), timedelta(days=1)


@router.post("/online", response_model=OnlineKept, status_code=201, **does("floor.tell"))
def tell_online(asking: Asked, centre_id: IdInPath, wanted: OnlineNow) -> Response:
    """Tell how many customers are online by queue: what triggers of backup pools look at."""
    centre = centre_of(everything(asking, centre_id)[1])
    queues, faults = [each.name for each in centre.settings.queue], Faults()
    for k, each in enumerate(wanted.items, 1):
        if each.queue not in queues:
            faults.add("online", "a queue of the centre", found=each.queue, row=k, column="queue")
        if each.waiting is not None and each.waiting > each.customers_online:
            words = "no more than customers_online: they are waiting or in service"
            faults.add("online", words, found=f"{each.waiting:g}", row=k, column="waiting")
    if len({each.queue for each in wanted.items}) < len(wanted.items):
        faults.add("online", "every queue once", column="queue")
    now = datetime.now(UTC)
    if wanted.at is not None and not now - A_DAY <= wanted.at <= now + A_MINUTE:
        faults.add("online", "an instant of the last 24 hours", found=wanted.at.isoformat(), column="at")
    faults.raise_if_any()

    def make(transaction: Transaction) -> Answer:
        at = transaction.now if wanted.at is None else wanted.at
        told = [
            floor.FloorState(each.queue, at, each.customers_online, each.waiting, each.longest_wait_seconds)
            for each in wanted.items
        ]
        floor.tell(transaction, centre_id, told)
        return answer(OnlineKept(at=at, items=wanted.items), 201)

    return asking.change(make)


@router.get("/peaks", response_model=PeaksNow, **does("floor.read"))
def read_peaks(
    asking: Asked, centre_id: IdInPath,
    at: Annotated[InstantAsked | None, Query(description="as it stood then; none: now")] = None,
) -> PeaksNow:  # fmt: skip
    """Today so far: contacts against the forecast, customers online, what to do with each backup pool and whom it may call."""
    found = board(asking, centre_id, at)
    return PeaksNow(
        now=from_minutes(found.now), timezone=found.centre.settings.centre.timezone.key, day=found.day,
        planned_by=found.of, rota_known=found.rota is not None, online=_online(found), intervals=intervals(found),
        pools=[_pool(asking, centre_id, found, each) for each in found.pools],
        call_outs=[CallOut.of(each) for each in found.calls],
    )  # fmt: skip


def intervals(found: Board) -> list[PeakInterval]:
    """The intervals of the day, by queue in the centre's order, of those that whoever asks may know."""
    counts = found.today.counts.reindex(columns=["interval_start", "queue", "offered", "passed_minutes"])
    both = found.planned.rename(columns={"offered": "forecast"}).merge(
        counts, on=["interval_start", "queue"], how="outer"
    )
    order = {name: k for k, name in enumerate(found.queues)}
    both = both[both["queue"].isin(list(order))]
    both = both.assign(place=both["queue"].map(order)).sort_values(["place", "interval_start"])
    return [PeakInterval(**_cells(row)) for row in both.to_dict("records")]


def _cells(row: dict[Any, Any]) -> dict[str, Any]:
    numbers = {name: _number(row[name]) for name in ("offered", "forecast", "agents_to_roster")}
    passed = _number(row["passed_minutes"]) or 0.0
    return numbers | {
        "queue": row["queue"], "interval_start": row["interval_start"].to_pydatetime(), "passed_minutes": passed,
    }  # fmt: skip


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _online(found: Board) -> list[OnlineKept]:
    """What was told of the day, by instant."""
    states = found.today.states[found.today.states["queue"].isin(list(found.queues))]
    told = []
    for at, rows in states.groupby("at", sort=True):
        items = [
            OnlineTold.model_validate(
                {name: row[name] for name in states.columns[1:] if not pd.isna(row[name])}
            )
            for row in rows.to_dict("records")
        ]
        told.append(OnlineKept(at=from_minutes(int(str(at))), items=items))
    return told


def may_be_called(found: Board, pool: Found) -> list[str]:
    """Those of a pool who exist for whoever asks and may be called now."""
    return [each.agent_id for each in pool.people if not each.refused and each.agent_id in found.names]


def _pool(asking: Asking, centre_id: str, found: Board, pool: Found) -> PoolNow:
    broken = breaches_of_calls(found, pool, may_be_called(found, pool))
    people = [
        PersonNow(
            agent_id=each.agent_id, where=each.helper.where, refused=each.refused, calls_this_month=each.calls,
            most_minutes=each.most_minutes, least_cost=round(each.least_cost, 2),
            breaks=[
                BrokenRule(rule=one.rule, source=one.source, explanation=one.explanation)
                for one in own_findings(asking, centre_id, broken.get(each.agent_id, []))
            ],
        )
        for each in pool.people
        if each.agent_id in found.names
    ]  # fmt: skip
    return PoolNow(
        pool=pool.pool.name, decision=pool.decision.action, reason=pool.reason,
        agent_ids=[each for each in pool.decision.people if each in found.names], triggers=triggers(pool), people=people,
        others=len(pool.people) - len(people),
    )  # fmt: skip


def triggers(pool: Found) -> list[TriggerNow]:
    """What the triggers of a pool look at."""
    return [
        TriggerNow(
            when=each.when, found=known(pool.measures[each.when].value), whole=pool.measures[each.when].whole,
            threshold=each.threshold, release_threshold=each.release,
        )
        for each in pool.pool.triggers
    ]  # fmt: skip
