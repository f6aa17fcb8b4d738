"""Requests for leave decided: granted, waiting or refused, one after another in the order in which they were asked.

Leave in ``leave.csv`` comes first. A request is granted where, on every day that it touches, the strictest leave quota of its person's
team and of all people together (`scenarios.leave_quotas`) has room, and the balance of days has enough. One that a full quota stands
in the way of waits: as soon as somebody ahead withdraws, it is granted when decided again. What nobody's withdrawal could change is
refused. A kind of leave is in no sentence.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress
from typing import Literal

import numpy as np
import pandas as pd

from centre.folder import Centre
from centre.instants import (
    Grid,
    day_number,
    day_of,
    day_start,
    from_minutes,
    from_timestamps,
    to_timestamps,
    week_of,
)
from centre.people import Agent
from scenarios.leave_quotas import OverQuota, over_quota
from scenarios.peak_settings import settings_in_force

LEAVE_DAYS = "leave_days"
"""The ledger's account of days of leave that somebody may still take; ``leave_days:KIND`` is that of one kind alone."""
Outcome = Literal["granted", "waiting", "refused"]
COLUMNS = ("row", "agent_id", "start", "end", "asked_at", "decision", "place", "reason")


@dataclass(frozen=True, slots=True)
class Request:
    """A row of ``leave_requests.csv``; UTC minutes, half-open."""

    row: int
    agent_id: str
    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Balance:
    """Days of leave of a year: what a request takes, and what is left before it by the ledger as of day ``since``."""

    year: int
    asked: float
    left: float
    since: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a request.

    Parameters
    ----------
    place : place in the waiting list, the last one of all days and quotas that stand in the way; 0 where it does not wait
    reason : why it was not granted, in words
    balances : of each year that it touches and the ledger knows
    """

    request: Request
    outcome: Outcome
    place: int = 0
    reason: str = ""
    balances: tuple[Balance, ...] = ()


def decide_leave(centre: Centre, requests: pd.DataFrame) -> tuple[Decision, ...]:
    """Decide requests in the order of their rows.

    Parameters
    ----------
    requests : see `centre.leave_requests_file.leave_requests_frame`
    """
    told = [
        Request(*row)
        for row in zip(
            requests["row"].tolist(),
            requests["agent_id"].astype(str),
            *_minutes(requests),
            requests["kind"],
            strict=True,
        )
    ]
    desk = _Desk(centre, told)
    return tuple(desk.decided(request) for request in told)


def decisions_table(requests: pd.DataFrame, decisions: tuple[Decision, ...]) -> pd.DataFrame:
    """A row a request, in the order in which they were decided; without the kind of leave."""
    told = requests.drop(columns=["kind", "priority"]).reset_index(drop=True)
    told["decision"] = [decision.outcome for decision in decisions]
    told["place"] = [str(decision.place or "") for decision in decisions]
    told["reason"] = [decision.reason for decision in decisions]
    return told[list(COLUMNS)]


@dataclass(eq=False)
class _Desk:
    """Decides requests; knows what was decided before."""

    centre: Centre
    requests: list[Request]
    granted: list[Request] = field(default_factory=list)
    waiting: list[Request] = field(default_factory=list)
    queues: Counter[tuple[int, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        info = self.centre.settings.centre
        self.zone = info.timezone
        self.people = {agent.agent_id: agent for agent in self.centre.agents}
        self.own: defaultdict[str, list[Request]] = defaultdict(list)
        leave = self.centre.leave
        for agent_id, start, end, kind in zip(
            leave["agent_id"].astype(str), *_minutes(leave), leave["kind"], strict=True
        ):
            self.own[agent_id].append(Request(0, agent_id, start, end, kind))
        self.peak_days: Mapping[str, frozenset[int]] = {}
        if self.requests and self.centre.settings.leave_quota:
            days = [day for request in self.requests for day in self._days(request)]
            self.peak_days = settings_in_force(self.centre, self._grid(min(days), max(days))).peak_days

    def decided(self, request: Request) -> Decision:
        """Decide the next request."""
        balances = tuple(self._balances(self.people[request.agent_id], request))
        return replace(self._decided(request, balances), balances=balances)

    def _decided(self, request: Request, balances: Sequence[Balance]) -> Decision:
        reason = next(self._refusals(request, balances), None)
        if reason is not None:
            return Decision(request, "refused", 0, reason)
        full = self._full(request)
        closed = [over for over in full if not over.allowed]
        if closed:
            return Decision(request, "refused", 0, "; ".join(_told(over) for over in closed))
        if not full:
            self.granted.append(request)
            self.own[request.agent_id].append(request)
            return Decision(request, "granted")
        self.waiting.append(request)
        for over in full:
            self.queues[day_number(over.day), over.team] += 1
        place = max(self.queues[day_number(over.day), over.team] for over in full)
        return Decision(request, "waiting", place, "; ".join(_told(over) for over in full))

    def _refusals(self, request: Request, balances: Sequence[Balance]) -> Iterator[str]:
        """What nobody else's withdrawal could change."""
        agent = self.people[request.agent_id]
        days = self._days(request)
        if agent.starts_on is not None and days[0] < agent.starts_on:
            yield f"begins before the first day of employment, {day_of(agent.starts_on)}"
        if agent.leaves_on is not None and days[-1] > agent.leaves_on:
            yield f"ends after the last day of employment, {day_of(agent.leaves_on)}"
        if any(_overlap(request, other) for other in self.own[request.agent_id]):
            yield "overlaps leave that this person has already"
        ahead = [
            other for other in self.waiting if other.agent_id == request.agent_id and _overlap(request, other)
        ]
        if ahead:
            yield f"overlaps row {ahead[0].row}, this person's own request, which waits"
        for each in balances:
            if each.asked > each.left + 1e-9:
                since = day_of(each.since)
                yield f"takes {each.asked:g} days of {each.year}, {each.left:g} are left by the ledger as of {since}"

    def _balances(self, agent: Agent, request: Request) -> Iterator[Balance]:
        """What the request takes and what its person has left, by the ledger and what was granted since."""
        accounts = {f"{LEAVE_DAYS}:{request.kind}" if request.kind else LEAVE_DAYS, LEAVE_DAYS}
        ledger = self.centre.ledger
        mine = ledger[(ledger["agent_id"].astype(str) == agent.agent_id) & ledger["account"].isin(accounts)]
        account = max(mine["account"], default="")  # the one of the kind, where there is one
        own_kind = account != LEAVE_DAYS
        rows = mine[mine["account"] == account]
        taken = [
            leave
            for leave in self.own[agent.agent_id]
            if (leave.kind == request.kind if own_kind else not self._has_account(agent, leave.kind))
        ]
        for year in sorted({day_of(day).year for day in self._days(request)}):
            told = rows[rows["period"].isin(("", str(year)))]
            if not len(told):
                continue
            since = max(day_number(day) for day in told["as_of"])
            years = {year} if (told["period"] != "").all() else None
            before = self._days_taken(agent, taken, since, years)
            asked = self._days_taken(agent, [*taken, request], since, years) - before
            left = max(float(told["amount"].sum()) - before, 0.0)
            yield Balance(year, asked, left, since)

    def _has_account(self, agent: Agent, kind: str) -> bool:
        """Whether the ledger keeps an account of one kind of leave alone for somebody."""
        ledger = self.centre.ledger
        mine = ledger["agent_id"].astype(str) == agent.agent_id
        return bool(kind and (mine & (ledger["account"] == f"{LEAVE_DAYS}:{kind}")).any())

    def _days_taken(self, agent: Agent, leave: list[Request], since: int, years: set[int] | None) -> float:
        """Days that leave takes from day ``since`` on, of some years or all: in halves, of a week no more than the contract's days."""
        contract = next(c for c in self.centre.settings.contract if c.name == agent.contract)
        day_minutes = contract.weekly_minutes_max / contract.days_max
        weeks: defaultdict[int, float] = defaultdict(float)
        for request in leave:
            for day in self._days(request):
                if day < since or (years is not None and day_of(day).year not in years):
                    continue
                edges = day_start(self.zone, day), day_start(self.zone, day + 1)
                minutes = min(request.end, edges[1]) - max(request.start, edges[0])
                week = week_of(day, self.centre.settings.centre.week_start)
                weeks[week] += 0.5 * min(2, math.ceil(2 * minutes / day_minutes))
        return sum(min(days, contract.days_max) for days in weeks.values())

    def _full(self, request: Request) -> list[OverQuota]:
        """Days and teams whose quota has no room for one more."""
        if not self.centre.settings.leave_quota:
            return []
        leave, (starts, ends) = self.centre.leave, _minutes(self.centre.leave)
        days = self._days(request)
        grid = self._grid(days[0], days[-1])
        near = [start < grid.end and end > grid.start for start, end in zip(starts, ends, strict=True)]
        added = [
            *(other for other in self.granted if other.start < grid.end and other.end > grid.start),
            request,
        ]
        columns = {
            "agent_id": [*leave["agent_id"][near].astype(str), *(other.agent_id for other in added)],
            "start": to_timestamps(np.array([*compress(starts, near), *(other.start for other in added)])),
            "end": to_timestamps(np.array([*compress(ends, near), *(other.end for other in added)])),
        }
        asked = pd.DataFrame(columns)
        told = over_quota(replace(self.centre, leave=asked), grid, self.peak_days)
        return [over for over in told if request.agent_id in over.came_last]

    def _grid(self, first: int, last: int) -> Grid:
        return Grid(self.zone, first, last + 1 - first, self.centre.settings.centre.interval_minutes)

    def _days(self, request: Request) -> range:
        """The local days that a request touches."""
        first, last = (
            day_number(from_minutes(at, self.zone).date()) for at in (request.start, request.end - 1)
        )
        return range(first, last + 1)


def _told(over: OverQuota) -> str:
    """A quota that stands in the way, without people."""
    who = f"team {over.team}" if over.team else "all together"
    if not over.allowed:
        return f"{over.day}: leave quota {over.quota} of {who} allows nobody away"
    return f"{over.day}: {over.away - 1} of {over.allowed} whom leave quota {over.quota} of {who} allows are away"


def _overlap(one: Request, other: Request) -> bool:
    return one.start < other.end and other.start < one.end


def _minutes(table: pd.DataFrame) -> tuple[list[int], list[int]]:
    """UTC minutes of ``start`` and ``end``."""
    start, end = (from_timestamps(table[name]).tolist() for name in ("start", "end"))
    return start, end
