"""Sessions off the queue placed in a finished rota where service loses least: the urgent and the hard first, then moved while that gains.

A greedy choice by priority, due day and difficulty, then rounds in which every session is taken out and put back where it costs least;
prices are convex in the people away, so sessions spread. The same rota and asks give the same sessions.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from centre.activities import Activity
from centre.activity_checks import is_meant, leads
from centre.people import Agent
from scheduler.activities.candidates import Found, Meant, Reason, Rooms, after_training, best, window
from scheduler.activities.daily import Sitting, sittings
from scheduler.activities.demand import Ask, team_of
from scheduler.activities.desk import Desk, Flags
from scheduler.activities.placed import Placing, Quota
from scheduler.activities.prices import Ints, Taken
from scheduler.activities.sessions import Session

ROUNDS = 4
"""Most rounds in which sessions are moved."""
GAIN = 1e-3
"""A round that gains less of the price than this is the last one."""
FREE = 0.02
"""What may wait is done early where it costs no more than this part of what it usually costs."""


@dataclass(slots=True, eq=False)
class _Placed:
    meant: Meant
    found: Found
    taken: Taken
    price: float
    fixed: bool = False


def place(
    desk: Desk,
    asks: Sequence[Ask],
    activities: Sequence[Activity],
    agents: Sequence[Agent],
    rest_after_training: int = 0,
) -> Placing:
    """Place what is asked, and what each day worked asks.

    Parameters
    ----------
    rest_after_training : minutes between a shift with training and the next one
    """
    made = _Making(desk, activities, agents, rest_after_training)
    quotas = [*made.daily(), *made.owed(asks)]
    return Placing(tuple(sorted(made.sessions(), key=_by_start)), tuple(quotas), made.moves, made.price)


class _Making:
    """Sessions in the making."""

    def __init__(
        self, desk: Desk, activities: Sequence[Activity], agents: Sequence[Agent], rest: int
    ) -> None:
        self.desk, self.activities, self.agents = desk, activities, agents
        self.teams = {agent.agent_id: agent.team for agent in agents}
        self.rooms = Rooms(activities, desk.count)
        self.led = np.zeros(len(desk.place), dtype=np.int64)
        self.rested = after_training(desk, rest) if rest else None
        self.placed, self.moves = list[_Placed](), 0
        self._windows: dict[tuple[str, int, int], Flags] = {}
        self._at_work: dict[tuple[str, str], Ints] = {}
        self.leaders = {
            a.name: self._places(agent.agent_id for agent in agents if leads(a, agent)) for a in activities
        }

    @property
    def price(self) -> float:
        """What the sessions cost service, one after the other."""
        return sum(each.price for each in self.placed)

    def sessions(self) -> Iterator[Session]:
        """The sessions as they stand."""
        names, at = self.desk.rota.agent_ids, self.desk.instant
        for each in self.placed:
            found, meant = each.found, each.meant
            yield Session(
                meant.activity, at(found.begin), at(found.begin + meant.length), tuple(names[p] for p in found.people),
                names[found.leader] if found.leader >= 0 else "", found.room,
            )  # fmt: skip

    def daily(self) -> Iterator[Quota]:
        """Place what every day worked asks at its own time."""
        for activity in sorted(self.activities, key=lambda a: (-a.priority, a.name)):
            if activity.period == "day":
                yield from self._day_by_day(activity)

    def owed(self, asks: Sequence[Ask]) -> Iterator[Quota]:
        """Place what is owed: what must be, then better places, then what may be early and costs nothing."""
        placed, why = Counter[int](), dict[int, Reason]()
        groups = defaultdict[tuple[object, ...], list[int]](list)
        for k, ask in enumerate(asks):
            if ask.away:
                why[k] = "on_leave"
            elif ask.must:
                groups[self._key(ask)].append(k)
        for key in sorted(groups):
            self._group([asks[k] for k in groups[key]], groups[key], placed, why)
        self._improve()
        for k, ask in enumerate(asks):
            if ask.early and placed[k] == ask.must and ask.activity.least_size == 1:
                placed[k] += self._early(ask)
        for k, ask in enumerate(asks):
            owed, part = ask.owed, ask.part_minutes
            short = max(ask.must - placed[k], 0) * part
            left = owed.owed_minutes - placed[k] * part
            reason: Reason = why.get(k, "no_window") if short else "later" if left > 0 else ""
            yield Quota(
                owed.who, owed.activity.name, owed.period, owed.due_day, owed.quota_minutes, owed.done_minutes,
                placed[k] * part, short, reason,
            )  # fmt: skip

    def _key(self, ask: Ask) -> tuple[object, ...]:
        """Asks that share sessions, in the order in which they are placed."""
        a = ask.activity
        shared = a.most_size > 1
        return (
            -a.priority, not ask.owed.overdue, ask.last_day, not (a.leader_levels or a.leader_roles), not shared, -ask.part_minutes,
            a.name, ask.first_day, team_of(ask, self.teams), "" if shared else ask.owed.who,
        )  # fmt: skip

    def _group(
        self, asks: Sequence[Ask], numbers: Sequence[int], placed: Counter[int], why: dict[int, Reason]
    ) -> None:
        """Place asks that may share sessions, the largest session that costs little first."""
        left = {number: ask.must for number, ask in zip(numbers, asks, strict=True)}
        by_team, had = len(asks) == 1 and asks[0].activity.per == "team", Counter[int]()
        while True:
            owing = {
                p: number
                for number, ask in zip(numbers, asks, strict=True)
                if left[number] > 0
                for p in self._places(ask.people)
            }
            if not owing:
                return
            meant = self._meant(asks[0], sorted(owing), len(asks) if len(asks) > 1 else 0)
            if by_team:
                meant = replace(meant, rank=np.array([had[int(p)] for p in meant.people]))
            found = best(self.desk, self._no_rest(meant, len(owing)), self.rooms, self.led)
            if isinstance(found, str):
                for number in set(owing.values()):
                    why[number] = found
                return
            self._take(meant, found)
            had.update(found.people)
            for number in {owing[p] for p in found.people}:
                left[number] -= 1
                placed[number] += 1

    def _no_rest(self, meant: Meant, owing: int) -> Meant:
        """Sessions of such a size that those who are left are enough for one."""
        after = owing - meant.most
        if 0 < after < meant.least and owing - meant.least >= meant.least:
            return replace(meant, most=owing - meant.least)
        return meant

    def _meant(self, ask: Ask, people: Sequence[int], pending: int) -> Meant:
        a, desk = ask.activity, self.desk
        key = (a.name, ask.first_day, ask.last_day)
        if key not in self._windows:
            self._windows[key] = window(desk, a, ask.first_day, ask.last_day)
        leaders = self.leaders[a.name] if a.leader_levels or a.leader_roles else None
        training = self.rested if a.kind == "training" else None
        weight = 0.0 if a.most_size == 1 else float(max(1, pending if a.one_team else 1))
        return Meant(
            a, desk.slots_of(ask.part_minutes), np.array(people, dtype=np.int64), self._windows[key],
            a.least_size, a.most_size, self._meant_at_work(a, team_of(ask, self.teams)), leaders, together=weight, rested=training,
        )  # fmt: skip

    def _meant_at_work(self, activity: Activity, team: str) -> Ints | None:
        """How many of those meant, of one team or of all, are at work in each slot."""
        if activity.most_away_share >= 1:
            return None
        key = activity.name, team
        if key not in self._at_work:
            people = self._places(
                agent.agent_id
                for agent in self.agents
                if is_meant(activity, agent) and team in ("", f"team:{agent.team}")
            )
            self._at_work[key] = (self.desk.group[people] >= 0).sum(axis=0)
        return self._at_work[key]

    def _places(self, names: Iterable[str]) -> Ints:
        place = self.desk.place
        return np.array([place[name] for name in names if name in place], dtype=np.int64)

    def _take(self, meant: Meant, found: Found, fixed: bool = False) -> None:
        desk, end = self.desk, found.begin + meant.length
        people = [*found.people, *([found.leader] if found.leader >= 0 else [])]
        groups = desk.group[people, found.begin].tolist()
        taken = desk.prices.take(groups, *desk.shares(found.begin, end))
        desk.take(people, found.begin, end)
        self.rooms.take(found.room, found.begin, end)
        if found.leader >= 0:
            self.led[found.leader] += meant.length
        self.placed.append(_Placed(meant, found, taken, found.price, fixed))

    def _give_back(self, each: _Placed) -> None:
        found, end = each.found, each.found.begin + each.meant.length
        people = [*found.people, *([found.leader] if found.leader >= 0 else [])]
        self.desk.give_back(people, found.begin, end)
        self.desk.prices.give_back(each.taken)
        self.rooms.take(found.room, found.begin, end, taken=False)
        if found.leader >= 0:
            self.led[found.leader] -= each.meant.length

    def _improve(self) -> None:
        """Take each session out and put it back where it costs least, the dearest first, while a round gains."""
        for _ in range(ROUNDS):
            before = after = 0.0
            movable = sorted((each for each in self.placed if not each.fixed), key=lambda each: -each.price)
            for each in movable:
                self.placed.remove(each)
                self._give_back(each)
                people = np.array(each.found.people, dtype=np.int64)
                meant = replace(each.meant, people=people, most=len(people), rank=None, also=each.found.begin)
                found = best(self.desk, meant, self.rooms, self.led, whole=True)
                if isinstance(found, str):
                    found = (
                        each.found
                    )  # people of unlike weight, counted as the heaviest: they cannot come back elsewhere
                self.moves += found.begin != each.found.begin
                self._take(each.meant, found)
                before, after = before + each.price, after + found.price
            if before - after <= GAIN * max(before, 1e-9):
                return

    def _early(self, ask: Ask) -> int:
        """Parts of what may wait that cost next to nothing now."""
        people, count = self._places(ask.people), 0
        limit = FREE * self.desk.usual * self.desk.slots_of(ask.part_minutes) / self.desk.per_interval
        while count < ask.early and len(people) == 1:
            meant = replace(self._meant(ask, people.tolist(), 0), together=0.0)
            found = best(self.desk, meant, self.rooms, self.led)
            if isinstance(found, str) or found.price > limit:
                break
            self._take(meant, found)
            count += 1
        return count

    def _day_by_day(self, activity: Activity) -> Iterator[Quota]:
        """Sittings of one activity on every day, and what came of it by person."""
        owed, held = Counter[str](), Counter[str]()
        why: dict[str, Counter[Reason]] = defaultdict(Counter)
        for each in sittings(self.desk, activity, self.agents):
            self._sit(activity, each, owed, held, why)
        last = self.desk.grid.first_day + self.desk.grid.days - 1
        for who in sorted(owed):
            quota, placed = owed[who] * activity.minutes, held[who] * activity.minutes
            reason: Reason = why[who].most_common(1)[0][0] if placed < quota else ""
            yield Quota(who, activity.name, "day", last, quota, 0.0, placed, quota - placed, reason)

    def _sit(
        self, activity: Activity, sitting: Sitting, owed: Counter[str], held: Counter[str],
        why: dict[str, Counter[Reason]],
    ) -> None:  # fmt: skip
        """One day of one team: sitting after sitting until everybody had theirs, or nobody more can."""
        desk, names = self.desk, self.desk.rota.agent_ids
        waiting = dict(sitting.waiting)
        owed.update(names[p] for p in waiting)
        length = desk.slots_of(activity.minutes)
        leaders = self.leaders[activity.name] if activity.leader_levels or activity.leader_roles else None
        at_work = self._meant_at_work(activity, sitting.team)
        reasons: dict[int, Reason] = dict.fromkeys(waiting, "no_window")
        for begin in sitting.times:
            ready = sorted(p for p, (first, last) in waiting.items() if first <= begin <= last)
            if not ready or begin + length > desk.count:
                continue
            allowed = np.zeros(desk.count, dtype=bool)
            allowed[begin : begin + length] = True
            meant = Meant(
                replace(activity, at=int(desk.minute[begin])), length, np.array(ready, dtype=np.int64), allowed,
                activity.least_size, activity.most_size, at_work, leaders,
                rested=self.rested if activity.kind == "training" else None,
            )  # fmt: skip
            found = best(desk, meant, self.rooms, self.led)
            if isinstance(found, str):
                reasons |= dict.fromkeys(ready, found)
                continue
            self._take(replace(meant, activity=activity), found, fixed=True)
            for p in found.people:
                del waiting[p]
            held.update(names[p] for p in found.people)
            reasons |= {p: "minimum_cover" for p in ready if p in waiting}
        for p in waiting:
            why[names[p]][reasons[p]] += 1


def _by_start(session: Session) -> tuple[int, str, tuple[str, ...]]:
    return session.start, session.activity.name, session.attendees
