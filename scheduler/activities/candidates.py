"""Where a session may lie and what it costs there: windows, people free, minimum cover, leaders and rooms, the price of cover."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from centre.activities import Activity
from centre.instants import weekday_of
from scheduler.activities.desk import Desk, Flags
from scheduler.activities.prices import Floats, Ints

Reason = Literal[
    "", "later", "on_leave", "no_hours", "no_window", "rest_after_training", "minimum_cover", "away_share", "group_too_small",
    "no_leader", "no_room",
]  # fmt: skip
"""Why something is not placed; ``later``: a later horizon has time for it."""
RASTER_MINUTES = 15
"""Sessions start on such minutes of the clock, or where a stretch of work begins or leaves just the session."""
SHORT_PIECE = 0.25
"""A piece of work left over that is shorter than an interval weighs as so much of the session's usual price."""


@dataclass(frozen=True, eq=False)
class Meant:
    """A session to be placed.

    Parameters
    ----------
    people : who may be in it, places in the desk, rising
    allowed : slots that it may take, shape (slots,); ``starts`` : where it may begin, None: anywhere on the raster
    least, most : people in it
    meant_at_work : how many of those meant are at work, of whom ``most_away_share`` may be in it, shape (slots,)
    leaders : who may lead it; None: nobody is needed
    together : what a session of its own weighs, in people; 0 for somebody alone
    rank : of people, the lower first, shape (people,); None: all alike
    also : a slot where it may begin besides, where it was; -1: none
    rested : slots after which people who had training rest enough, shape (people of the desk, slots); None: no such rule
    """

    activity: Activity
    length: int
    people: Ints
    allowed: Flags
    least: int = 1
    most: int = 1
    meant_at_work: Ints | None = None
    leaders: Ints | None = None
    together: float = 0.0
    rank: Ints | None = None
    also: int = -1
    rested: Flags | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The best place of a session: first slot, people, leader (-1: none), room, price of cover and of pieces left over."""

    begin: int
    people: tuple[int, ...]
    leader: int
    room: str
    price: float


class Rooms:
    """Which room is taken when."""

    def __init__(self, activities: Sequence[Activity], slots: int) -> None:
        names = sorted({room for activity in activities for room in activity.rooms})
        self._taken = {name: np.zeros(slots, dtype=bool) for name in names}

    def free(self, names: Sequence[str], at: Ints, length: int) -> Flags:
        """Whether each room is free for ``length`` slots, shape (rooms, candidates)."""
        return np.array([~_any_within(self._taken[name], at, length) for name in names])

    def take(self, name: str, begin: int, end: int, taken: bool = True) -> None:
        """Take a room, or give it back."""
        if name:
            self._taken[name][begin:end] = taken


def window(desk: Desk, activity: Activity, first_day: int, last_day: int) -> Flags:
    """Slots that sessions of an activity may take, shape (slots,): its days and hours by the centre's clock, between two days."""
    weekday = np.array(
        [weekday_of(day) for day in range(desk.grid.first_day, desk.grid.first_day + desk.grid.days)]
    )
    on = np.isin(weekday[desk.day - desk.grid.first_day], activity.days)
    on &= (desk.day >= first_day) & (desk.day <= last_day)
    if activity.at is not None:
        return on & (desk.minute >= activity.at) & (desk.minute < activity.at + activity.minutes)
    return on & (desk.minute >= activity.earliest) & (desk.minute + desk.slot <= activity.latest)


def best(desk: Desk, meant: Meant, rooms: Rooms, led: Ints, whole: bool = False) -> Found | Reason:
    """The cheapest place, per person in it; or what stood in the way.

    Parameters
    ----------
    led : slots that each person leads already, shape (people of the desk,)
    whole : everybody of ``meant.people`` must be in it
    """
    at = _starts(desk, meant)
    free = desk.ahead[np.ix_(meant.people, at)] >= meant.length
    if not free.any():
        there = desk.group[meant.people][:, meant.allowed] >= 0
        return "no_window" if there.any() else "no_hours"
    if meant.rested is not None:
        free &= meant.rested[np.ix_(meant.people, at)]
        if not free.any():
            return "rest_after_training"
    many, reason = _sizes(desk, meant, at, free)
    least = len(meant.people) if whole else meant.least
    if not (many >= least).any():
        return reason
    lead = None
    if meant.leaders is not None:
        lead = desk.ahead[np.ix_(meant.leaders, at)] >= meant.length
        spare = desk.spare(np.append(meant.people, meant.leaders), meant.length)[at]
        others = (lead & ~np.isin(meant.leaders, meant.people)[:, None]).any(axis=0)
        most = np.minimum(
            spare - 1, free.sum(axis=0) - ~others
        )  # one of the people has to lead where nobody else can
        many = np.where(lead.any(axis=0), np.minimum(many, np.maximum(most, 0)), 0).astype(np.int64)
        if not (many >= least).any():
            return "no_leader"
    room_free = rooms.free(meant.activity.rooms, at, meant.length) if meant.activity.rooms else None
    if room_free is not None:
        many = np.where(room_free.any(axis=0), many, 0)
        if not (many >= least).any():
            return "no_room"
    price = _prices(desk, meant, at, free, many)
    price = np.where(many >= least, price, np.inf)
    c = int(np.argmin(price))
    leader = -1 if lead is None else _leader(meant, lead[:, c], free[:, c], int(many[c]), led)
    people = _people(desk, meant, free, c, int(at[c]), int(many[c]), leader)
    room = "" if room_free is None else meant.activity.rooms[int(np.argmax(room_free[:, c]))]
    return Found(int(at[c]), people, leader, room, float(price[c]) * len(people))


def _starts(desk: Desk, meant: Meant) -> Ints:
    """Slots where the session may begin."""
    ok = meant.allowed.copy()
    for k in range(1, meant.length):
        ok[: desk.count - k] &= meant.allowed[k:]
    ok[max(desk.count - meant.length + 1, 0) :] = False
    ok[1:] &= ~meant.allowed[:-1] if meant.activity.at is not None else True
    on = desk.minute % max(RASTER_MINUTES, desk.slot) == 0
    if meant.activity.at is not None:
        on = np.ones(desk.count, dtype=bool)
    elif len(meant.people) == 1:
        p = int(meant.people[0])
        on |= (desk.ahead[p] > 0) & ((desk.back[p] == 0) | (desk.ahead[p] == meant.length))
    if meant.also >= 0:
        on[meant.also] = True
    return np.flatnonzero(ok & on)


def _sizes(desk: Desk, meant: Meant, at: Ints, free: Flags) -> tuple[Ints, Reason]:
    """People who can be in a session at each start, and what stands in the way where they are too few."""
    many = np.minimum(free.sum(axis=0), meant.most)
    if (many < meant.least).all():
        return many, "group_too_small"
    share = meant.activity.most_away_share
    if share < 1 and meant.meant_at_work is not None:
        many = np.minimum(many, np.maximum(1, np.floor(share * meant.meant_at_work[at]).astype(np.int64)))
        if (many < meant.least).all():
            return many, "away_share"
    spare = desk.spare(meant.people, meant.length)[at]
    many = np.where(spare < many, np.minimum(spare, len(meant.people)), many).astype(np.int64)
    return many, "minimum_cover"


def _prices(desk: Desk, meant: Meant, at: Ints, free: Flags, many: Ints) -> Floats:
    """Price per person of a session at each start."""
    there, cost = np.maximum(many, 1), np.zeros(len(at))
    groups = desk.group[np.ix_(meant.people, at)]
    with_leader = many + (meant.leaders is not None)
    total = np.maximum(free.sum(axis=0), 1)
    for g in range(len(desk.speeds)):
        of = (free & (groups == g)).sum(axis=0)
        if of.any():
            cost += of / total * _lost(desk, g, at, meant.length, with_leader)
    weight = desk.usual * meant.length / desk.per_interval
    if len(meant.people) == 1:
        p = int(meant.people[0])
        left = desk.ahead[p, at] - meant.length
        pieces = _short(desk, desk.back[p, at]) + _short(desk, left)
        cost = cost + SHORT_PIECE * weight * pieces
    return np.asarray((cost + weight * meant.together) / there)


def _short(desk: Desk, slots: Ints) -> Ints:
    """Whether pieces of work are shorter than an interval, 1 or 0."""
    return ((slots > 0) & (slots < desk.per_interval)).astype(np.int64)


def _lost(desk: Desk, group: int, at: Ints, length: int, agents: Ints) -> Floats:
    """Price of so many agents of a group away from each start on."""
    cost, last = np.zeros(len(at)), len(desk.grid.starts) - 1
    first = at // desk.per_interval
    for k in range((length - 1) // desk.per_interval + 2):
        interval = first + k
        begin = np.maximum(at, interval * desk.per_interval)
        share = (
            np.maximum(np.minimum(at + length, (interval + 1) * desk.per_interval) - begin, 0)
            / desk.per_interval
        )
        cost += np.where(share > 0, desk.prices.of(group, np.minimum(interval, last), agents * share), 0.0)
    return cost


def _leader(meant: Meant, lead: Flags, free: Flags, many: int, led: Ints) -> int:
    """Who leads: one who is not needed in it, of them who leads least."""
    assert meant.leaders is not None
    needed = {int(p) for p in meant.people[free]} if int(free.sum()) <= many else set[int]()
    able = [int(p) for p in meant.leaders[lead]]
    return min(able, key=lambda p: (p in needed, int(led[p]), p))


def _people(
    desk: Desk, meant: Meant, free: Flags, c: int, begin: int, many: int, leader: int
) -> tuple[int, ...]:
    """Who is in it: those who should first, of them who have fewest other starts and whose work is left in fewest pieces."""
    able = np.flatnonzero(free[:, c] & (meant.people != leader))
    if len(able) > many:
        people = meant.people[able]
        pieces = _short(desk, desk.back[people, begin]) + _short(
            desk, desk.ahead[people, begin] - meant.length
        )
        others = free[able].sum(axis=1)
        rank = np.zeros(len(able)) if meant.rank is None else meant.rank[able]
        able = able[np.lexsort((able, pieces, others, rank))[:many]]
    return tuple(sorted(int(p) for p in meant.people[able]))


def _any_within(taken: Flags, at: Ints, length: int) -> Flags:
    """Whether any of ``length`` slots from each start on is marked."""
    before = np.concatenate([[0], np.cumsum(taken)])
    ends = np.minimum(at + length, len(taken))
    return np.asarray(before[ends] > before[at])


def after_training(desk: Desk, minutes: int) -> Flags:
    """Slots of shifts from whose end to the next shift at least ``minutes`` lie, shape (people, slots)."""
    duties, rested = desk.rota.duties, np.ones(len(desk.rota.duties), dtype=bool)
    for k, after in pairwise(range(len(duties))):
        if duties.agent[k] == duties.agent[after]:
            rested[k] = duties.start[after] - duties.end[k] >= minutes
    shift = np.where(desk.row >= 0, desk.rota.duty[desk.row], -1)
    return np.where(shift >= 0, np.append(rested, True)[shift], True).astype(bool)
