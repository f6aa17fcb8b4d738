"""The simulator against another one, written anew for clarity alone: every contact and agent is looked at at every instant.

Contacts come as a trace, so that both have the same; all that is counted must be equal, agent by agent and interval by interval.
"""

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from centre.peaks import Trigger
from scheduler.staffing.floor import ELSEWHERE, TRIGGERS, WITH_BACKUP_SKILLS
from scheduler.staffing.simulation import (
    BackupPool,
    Floor,
    SimulationResult,
    Stretches,
    Trace,
    Windows,
    simulate,
)

INTERVAL = 600.0


Duty = tuple[frozenset[int], frozenset[int]] | None
"""The queues that somebody at work serves, and those of them that it serves by the rota."""


@dataclass
class Customer:
    queue: int
    entered: float
    work: float
    deadline: float
    talk: float = 0.0
    wrap: float = 0.0
    gone: bool = False
    fared: str = ""


@dataclass
class Agent:
    number: int
    duty: Duty = None
    wanted: Duty = None
    rota: frozenset[int] | None = None
    called: "Pool | None" = None
    held: list[Customer] = field(default_factory=list)
    since: float = 0.0
    order: int = 0
    came: float = 0.0
    busy: float = 0.0
    staffed: float = 0.0
    contacts: int = 0


@dataclass
class Helper:
    agent: int
    windows: list[tuple[float, float]]
    had: float
    state: str = "off"
    at: float = math.inf
    until: float = math.inf
    arrived: float = 0.0
    left: float = -math.inf
    calls: list[float] = field(default_factory=list)
    batch: int = 0
    row: list[Any] = field(default_factory=list)


@dataclass
class Pool:
    made: BackupPool
    helpers: list[Helper]
    held: float = math.inf
    over: float = math.inf
    arrived: float = -math.inf
    gone: float = -math.inf
    calls: int = 0
    look: int = 1

    def those(self, state: str) -> list[Helper]:
        return [each for each in self.helpers if each.state == state]


class Slow:
    """One run of a floor with a trace and deterministic drawn work."""

    def __init__(self, floor: Floor) -> None:
        self.floor, self.t = floor, 0.0
        self.speed = np.asarray(floor.speed, dtype=float)
        people, self.queues = self.speed.shape
        self.end = INTERVAL * np.shape(floor.arrivals)[1]
        self.setting = {
            name: np.broadcast_to(getattr(floor, name), self.queues)
            for name in (
                "priority", "concurrency", "slowdown", "transfer_share", "transfer_to", "overflow_to", "overflow_seconds",
                "wrap_up_seconds", "aht_seconds", "target_seconds",
            )
        }  # fmt: skip
        self.agents = [Agent(a) for a in range(people)]
        self.waiting: list[Customer] = []
        self.counts = np.zeros((self.queues, np.shape(floor.arrivals)[1], 9))
        self.everyday = self.speed
        self.speed = self.speed.copy()
        for made in floor.backup:
            for a, own in zip(
                made.agents, np.zeros(len(made.agents)) if made.speed is None else made.speed, strict=True
            ):
                self.speed[a] = np.where(self.speed[a] > 0, self.speed[a], own)
        self.pools = [self.pool(made) for made in floor.backup]
        self.came: list[Customer] = []
        self.calls = self.listed = 0
        self.log: list[list[Any]] = []

    def run(self) -> "Slow":
        trace, work = self.floor.trace, self.floor.work
        come = sorted(zip(trace.arrival_s, trace.queue, trace.work_s, trace.patience_s, strict=True))
        turns = [
            (start, "on", a, q) for a, start, q in zip(work.agent, work.start_s, work.queue, strict=True)
        ]
        turns += [(stop, "off", a, -1) for a, stop in zip(work.agent, work.end_s, strict=True)]
        turns.sort()
        while True:
            times = [
                come[0][0] if come else math.inf,
                turns[0][0] if turns else math.inf,
                min((self.done_at(a) for a in self.agents), default=math.inf),
                min((c.deadline for c in self.waiting), default=math.inf),
                min((x for c in self.waiting if (x := self.overflows_at(c)) > self.t), default=math.inf),
                min((x for pool in self.pools for x in self.wakes(pool) if x > self.t), default=math.inf),
            ]
            at = min(times)
            if at >= self.end:
                self.pass_time(self.end)
                for each in (each for pool in self.pools for each in pool.those("here")):
                    each.row[4] = self.end
                return self
            first = min((a for a in self.agents if a.held), key=self.done_at, default=None)
            if (
                at == times[2] and self.pools
            ):  # drawn work of helpers who came together may end together: the order decides
                assume(sum(self.done_at(a) - at < 1e-9 for a in self.agents) == 1)
            self.pass_time(at)
            if at == times[1]:
                _, kind, a, q = turns.pop(0)
                self.agents[a].rota = None if kind == "off" else self.by_rota(a, q)
                self.turn(self.agents[a])
            elif at == times[2]:
                self.finish(first)
            elif at == times[3]:
                self.give_up(min(self.waiting, key=lambda c: c.deadline))
            elif at == times[0]:
                _, q, work_s, patience = come.pop(0)
                self.enter(int(q), work_s, patience)
            self.settle()
            self.watch()

    # ---- time ----

    def rate(self, agent: Agent, customer: Customer) -> float:
        q = customer.queue
        speed = self.speed[agent.number, q] or self.speed[agent.number, self.setting["overflow_to"][q]]
        return speed / (1 + self.setting["slowdown"][q] * (len(agent.held) - 1))

    def done_at(self, agent: Agent) -> float:
        return min(
            (self.t + max(c.talk or c.wrap, 0) / self.rate(agent, c) for c in agent.held), default=math.inf
        )

    def pass_time(self, to: float) -> None:
        for agent in self.agents:
            rates = [self.rate(agent, c) for c in agent.held]
            for customer, rate in zip(agent.held, rates, strict=True):
                name = "talk" if customer.talk else "wrap"
                left = getattr(customer, name) - rate * (to - self.t)
                setattr(customer, name, left if left > 1e-9 else 0.0)
            agent.busy += (to - self.t) * bool(agent.held)
            agent.staffed += (to - self.t) * (agent.duty is not None)
        self.t = to

    def cell(self, customer: Customer) -> np.ndarray:
        return self.counts[customer.queue, int(customer.entered // INTERVAL)]

    # ---- events ----

    def enter(self, q: int, work: float, patience: float) -> None:
        customer = Customer(q, self.t, work, self.t + patience)
        self.cell(customer)[0] += 1
        self.waiting.append(customer)
        self.came.append(customer)

    def give_up(self, customer: Customer) -> None:
        self.waiting.remove(customer)
        customer.fared = "late"
        wait = self.t - customer.entered
        self.cell(customer)[4:9] += 1, wait <= self.setting["target_seconds"][customer.queue], 0, wait, 0

    def by_rota(self, a: int, q: int) -> frozenset[int]:
        skills = self.speed[a] if q == WITH_BACKUP_SKILLS else self.everyday[a]
        return frozenset([q] if q >= 0 else [] if q == ELSEWHERE else np.flatnonzero(skills).tolist())

    def duty_of(self, agent: Agent) -> Duty:
        if agent.called is None:
            return None if agent.rota is None else (agent.rota, agent.rota)
        helps = frozenset(np.flatnonzero(self.speed[agent.number]).tolist()) & set(agent.called.made.queues)
        if not agent.called.made.support:
            return helps, frozenset()
        return None if agent.rota is None else (agent.rota | helps, agent.rota)

    def turn(self, agent: Agent, at_once: bool = False) -> None:
        agent.wanted = self.duty_of(agent)
        self.listed_now(agent)
        if not agent.held or (at_once and agent.wanted and agent.duty):
            agent.duty = agent.wanted

    def finish(self, agent: Agent) -> None:
        left = [c for c in agent.held if not c.talk and not c.gone]
        for customer in left:
            customer.gone = True
        for customer in [c for c in agent.held if not c.talk and not c.wrap]:
            agent.held.remove(customer)
            self.listed_now(agent)
            if not agent.held:
                agent.duty = agent.wanted
            self.settle()
        for q in [c.queue for c in left if self.setting["transfer_share"][c.queue]]:
            to = int(self.setting["transfer_to"][q])
            self.enter(to, float(self.setting["aht_seconds"][to]), math.inf)
            self.counts[to, int(self.t // INTERVAL)][8] += 1
            self.settle()

    # ---- who serves whom ----

    def overflows_at(self, customer: Customer) -> float:
        q = customer.queue
        return (
            customer.entered + self.setting["overflow_seconds"][q]
            if self.setting["overflow_to"][q] >= 0
            else math.inf
        )

    def may(self, agent: Agent, customer: Customer) -> bool:
        if agent.duty is None or agent.duty != agent.wanted:
            return False
        serves = agent.duty[0]
        held = [self.setting["concurrency"][c.queue] for c in agent.held]
        if len(held) >= min([*held, self.setting["concurrency"][customer.queue]]):
            return False
        over = self.t >= self.overflows_at(customer) and self.setting["overflow_to"][customer.queue] in serves
        return customer.queue in serves or over

    def listed_now(self, agent: Agent) -> None:
        """From now on it is free, if it is, after all others who have been since before."""
        self.listed += 1
        agent.since, agent.order = self.t, self.listed

    def occupancy(self, agent: Agent) -> float:
        return agent.busy / agent.staffed if agent.staffed else 0.0

    def settle(self) -> None:
        """An agent who is free takes the best contact; or a contact gets the best of the free agents."""
        floor = self.floor
        liking = np.zeros_like(self.speed) if floor.preference is None else np.asarray(floor.preference)
        while True:
            pairs = [(a, i) for a in self.agents for i, c in enumerate(self.waiting) if self.may(a, c)]
            if not pairs:
                return

            def key(
                pair: tuple[Agent, int], one: bool = len({a.number for a, _ in pairs}) == 1
            ) -> tuple[float, ...]:
                a, c = pair[0], self.waiting[pair[1]]
                like = liking[a.number, c.queue]
                if one:
                    return (
                        -self.setting["priority"][c.queue],
                        like * (floor.preference_decides != "agent"),
                        c.entered,
                    )
                busy = self.occupancy(a) if floor.agent_choice == "least_occupied" else 0.0
                return len(a.held), like * (floor.preference_decides != "contact"), busy, a.since

            first, *others = sorted(pairs, key=lambda pair: (*key(pair), pair[0].order))
            assume(all(clear(key(first), key(other)) for other in others))
            alike = [other for other in others if key(other) == key(first)]
            assume(all(other[0].duty == first[0].duty for other in alike))  # else the order of groups decides
            agent, place = first
            customer = self.waiting.pop(place)
            q, wait = customer.queue, self.t - customer.entered
            aht = self.setting["aht_seconds"][q]
            customer.wrap = customer.work * self.setting["wrap_up_seconds"][q] / aht
            customer.talk = customer.work - customer.wrap
            agent.held.append(customer)
            self.listed_now(agent)
            agent.contacts += 1
            within = wait <= self.setting["target_seconds"][q]
            customer.fared = "within" if within else "late"
            self.cell(customer)[[1, 2, 3, 6]] += 1, wait == 0, within, wait

    # ---- backup ----

    def pool(self, made: BackupPool) -> Pool:
        told = made.windows
        had = np.broadcast_to(made.calls_before, len(made.agents))
        helpers = []
        for a, before in zip(made.agents, had, strict=True):
            own = [(-math.inf, math.inf)]
            if told is not None:
                rows = zip(told.agent, told.from_s, told.to_s, strict=True)
                own = [(x, y) for who, x, y in rows if who == a]
            if made.support:
                own = [
                    (max(x, s), min(y, e)) for x, y in own for s, e in self.shifts(a) if max(x, s) < min(y, e)
                ]
            helpers.append(Helper(a, own, before))
        return Pool(made, helpers)

    def shifts(self, a: int) -> list[tuple[float, float]]:
        """These floors are shorter than the gap that tells shifts apart."""
        work = self.floor.work
        mine = [(s, e) for who, s, e in zip(work.agent, work.start_s, work.end_s, strict=True) if who == a]
        return [(min(s for s, _ in mine), max(e for _, e in mine))]

    def wakes(self, pool: Pool) -> list[float]:
        made = pool.made
        moves = [each.at for each in pool.helpers]
        if made.check_seconds:
            return [*moves, pool.look * made.check_seconds]
        minima = [each.arrived + made.minimum_seconds for each in pool.those("here")]
        started = max(pool.held, pool.arrived) + made.sustained_seconds
        days = [] if self.floor.day_starts_s is None else list(self.floor.day_starts_s)
        lead, off = made.lead_seconds, pool.those("off")
        chances = [x - lead for each in off for x, _ in each.windows]
        chances += [each.left + made.rest_seconds - lead for each in off]
        since = [c.entered for c in self.waiting if c.queue in made.queues]
        waits = [
            x + y
            for g in made.triggers
            if g.when == "wait_seconds"
            for x in since
            for y in (g.threshold, g.release)
        ]
        ends = [pool.gone + made.cool_down_seconds, pool.over + made.hold_seconds]
        return [*moves, *minima, started, *ends, *days, *chances, *waits]

    def watch(self) -> None:
        """Who has to move does; then each pool is looked at, until nobody moves any more at this instant."""
        while True:
            moving = [(pool, each) for pool in self.pools for each in pool.helpers if each.at <= self.t]
            for pool, each in moving:
                self.move(pool, each)
                self.settle()
            for pool in self.pools:
                if pool.made.check_seconds:
                    if pool.look * pool.made.check_seconds <= self.t:
                        pool.look += 1
                        self.look(pool)
                else:
                    self.look(pool)
            if not any(each.at <= self.t for pool in self.pools for each in pool.helpers):
                return

    def move(self, pool: Pool, each: Helper) -> None:
        agent = self.agents[each.agent]
        if each.state == "coming":
            each.state, each.arrived, agent.called = "here", self.t, pool
            each.at = min(self.t + pool.made.maximum_seconds, each.until)
            pool.arrived = each.row[3] = self.t
        else:
            each.state, each.at, each.left, agent.called = "off", math.inf, self.t, None
            pool.gone = each.row[4] = self.t
        self.turn(agent, at_once=pool.made.support)

    def level(self, made: BackupPool, when: str) -> float:
        mine = set(made.queues)
        waits = [self.t - c.entered for c in self.waiting if c.queue in mine]
        online = len(waits) + sum(c.queue in mine and not c.gone for a in self.agents for c in a.held)
        if when == "online_per_agent":
            people = sum(bool(a.duty and a.duty[1] & mine) for a in self.agents)
            return online / people if people else math.inf * online if online else 0.0
        if when == "agents_short":
            required = np.asarray(self.floor.agents_required)[sorted(mine), int(self.t // INTERVAL)].sum()
            return float(required - sum(bool(a.duty and a.duty[0] & mine) for a in self.agents))
        if when == "service_level":
            since = 60 * (self.t // 60 - 30)
            last = [c for c in self.came if c.queue in mine and c.entered >= since]
            late = sum(
                c.fared == "late"
                or (not c.fared and self.t - c.entered > self.setting["target_seconds"][c.queue])
                for c in last
            )
            within = sum(c.fared == "within" for c in last)
            return within / (within + late) if within + late else 1.0
        rounding = 1e-9
        return {
            "waiting": len(waits),
            "wait_seconds": max(waits, default=0.0) + rounding,
            "customers_online": online,
        }[when]

    def look(self, pool: Pool) -> None:
        made, t = pool.made, self.t
        levels = [(trigger, self.level(made, trigger.when)) for trigger in made.triggers]
        low = {"service_level": -1.0}
        signed = [(low.get(g.when, 1.0), g, x) for g, x in levels]
        holding = [(g, x) for sign, g, x in signed if sign * x >= sign * g.threshold]
        over = all(sign * x < sign * g.release for sign, g, x in signed)
        pool.held = min(pool.held, t) if holding else math.inf
        pool.over = min(pool.over, t) if over else math.inf
        if holding and not pool.those("coming"):
            sustained = t >= max(pool.held, pool.arrived) + made.sustained_seconds
            if sustained and t >= pool.gone + made.cool_down_seconds:
                self.call(pool, *holding[0])
        elif over and pool.those("here") and t >= pool.over + made.hold_seconds:
            free = [e for e in pool.those("here") if t >= e.arrived + made.minimum_seconds]
            last = max((each.batch for each in free), default=0)
            for each in free:
                if not made.batch or each.batch == last:
                    each.at = t
            if free and made.batch:
                pool.over = t

    def call(self, pool: Pool, trigger: Any, value: float) -> None:
        made, t, arrival = pool.made, self.t, self.t + pool.made.lead_seconds
        days = [0.0] if self.floor.day_starts_s is None else self.floor.day_starts_s
        today = max(x for x in days if x <= t)
        may = []
        for place, each in enumerate(pool.helpers):
            window = [
                y
                for x, y in each.windows
                if x - made.lead_seconds <= t and arrival < y and arrival + made.minimum_seconds <= y
            ]
            had = each.had + len(each.calls)
            if (
                each.state == "off"
                and window
                and (made.calls_a_day is None or sum(x >= today for x in each.calls) < made.calls_a_day)
                and (made.calls_at_most is None or had < made.calls_at_most)
                and t >= each.left + made.rest_seconds - made.lead_seconds
                and not (made.support and self.agents[each.agent].rota is None)
            ):
                may.append((had, place, window[0]))
        for _, place, until in sorted(may)[: made.batch or None]:
            each = pool.helpers[place]
            each.state, each.at, each.until, each.batch = "coming", arrival, until, pool.calls
            each.calls.append(t)
            each.row = [self.pools.index(pool), each.agent, t, math.nan, math.nan, trigger.when, value]
            self.log.append(each.row)
        if may:
            pool.calls += 1
            self.calls += 1


def clear(best: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Whether the first difference of two keys is more than rounding."""
    return next((y - x > 1e-9 for x, y in zip(best, other, strict=True) if x != y), True)


def same(found: SimulationResult, slow: Slow) -> None:
    names = (
        "offered", "answered", "at_once", "within", "abandoned", "abandoned_within", "answered_wait_s", None, "transferred_in",
    )  # fmt: skip
    for i, name in enumerate(names):
        if name is not None:
            np.testing.assert_allclose(found.count(name)[0], slow.counts[..., i], atol=1e-6, err_msg=name)
    np.testing.assert_array_equal(found.agent_contacts[0], [a.contacts for a in slow.agents])
    np.testing.assert_allclose(found.agent_busy_s[0], [a.busy for a in slow.agents], atol=1e-5)
    np.testing.assert_allclose(found.staffed_s.sum(), sum(a.staffed for a in slow.agents), atol=1e-5)
    np.testing.assert_allclose(found.busy_s.sum(), sum(a.busy for a in slow.agents), atol=1e-5)
    assert found.backup_activations.sum() == slow.calls
    log = found.call_outs_of(0)
    assert [TRIGGERS[each] for each in log["trigger"]] == [row[5] for row in slow.log]
    told = np.array([row[:5] + row[6:] for row in slow.log], dtype=float).reshape(-1, 6)
    for i, name in enumerate(("pool", "agent", "called_s", "arrived_s", "left_s", "value")):
        np.testing.assert_allclose(log[name], told[:, i], atol=1e-5, err_msg=name)


def some_floor(seed: int, **settings: Any) -> Floor:
    """A small busy floor: three queues, agents of all sorts with breaks, some stretches for one queue only."""
    rng = np.random.default_rng(seed)
    queues, people, intervals, contacts = 3, int(rng.integers(1, 6)), 6, 60
    speed = rng.choice([0, 0.5, 1, 1.3], (people, queues))
    speed[np.arange(people), rng.integers(0, queues, people)] = 1
    end = intervals * INTERVAL
    agent, start, stop, only = [], [], [], []
    for a in range(people):
        cuts = np.sort(rng.uniform(1, end + 300, 2 * rng.integers(1, 4)))
        for low, high in cuts.reshape(-1, 2):
            agent.append(a), start.append(low), stop.append(high)
            only.append(int(rng.choice(np.flatnonzero(speed[a]))) if rng.random() < 0.3 else -1)
    patience = np.where(rng.random(contacts) < 0.3, np.inf, rng.exponential(150, contacts))
    trace = Trace(
        rng.integers(0, queues, contacts),
        rng.uniform(0, end, contacts),
        rng.exponential(120, contacts) + 1,
        patience,
    )
    return Floor(
        INTERVAL, np.ones((queues, intervals)), [[70], [80], [90]], speed, Stretches(agent, start, stop, only),
        trace=trace, service="deterministic", target_seconds=30, **settings,
    )  # fmt: skip


def compare(floor: Floor) -> Slow:
    slow = Slow(replace(floor, aht_seconds=[70, 80, 90])).run()
    same(simulate(floor, 1, workers=1), slow)
    return slow


SEEDS = st.integers(0, 10**9)
KINDS: dict[str, dict[str, Any]] = {
    "plain": {},
    "priority": {"priority": [0, 2, 1]},
    "least occupied": {"agent_choice": "least_occupied"},
    "overflow": {"overflow_to": [1, 2, 0], "overflow_seconds": [40, 0.5, 90]},
    "chats": {"concurrency": [1, 3, 2], "slowdown": [0, 0.3, 0.5]},
    "transfers": {"transfer_share": [1, 0, 0], "transfer_to": [2, -1, -1], "wrap_up_seconds": [20, 10, 0]},
    "all": {  # wrap-up keeps two agents from being free since the same instant

        "priority": [1, 0, 0], "overflow_to": [1, -1, 1], "overflow_seconds": [30, 0, 60], "concurrency": [1, 2, 3],
        "slowdown": 0.25, "transfer_share": [0, 1, 0], "transfer_to": [-1, 2, -1], "wrap_up_seconds": [10, 15, 30],
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25)
@given(seed=SEEDS)
def test_both_simulators_agree(kind: str, seed: int) -> None:
    compare(some_floor(seed, **KINDS[kind]))


@pytest.mark.parametrize("decides", ["agent", "contact", "both"])
@settings(max_examples=20)
@given(seed=SEEDS)
def test_both_agree_on_preferences(decides: Any, seed: int) -> None:
    floor = some_floor(seed, preference_decides=decides)
    ranks = np.random.default_rng(seed).integers(0, 3, np.shape(floor.speed))
    compare(replace(floor, preference=ranks))


@pytest.mark.parametrize("trigger", ["customers_online", "online_per_agent", "waiting"])
@settings(max_examples=20)
@given(seed=SEEDS)
def test_both_agree_on_backup(trigger: Any, seed: int) -> None:
    rng = np.random.default_rng(seed)
    floor = some_floor(seed, transfer_share=[0, 1, 0], transfer_to=[-1, 2, -1], wrap_up_seconds=30)
    people = len(np.asarray(floor.speed))
    speed = np.vstack([np.asarray(floor.speed), [[1, 1, 0], [0.7, 1, 1]]])
    pool = BackupPool(
        [people, people + 1], [0, 1], threshold=3.0, trigger=trigger,
        lead_seconds=float(rng.choice([0.0, 100.5])), minimum_seconds=float(rng.choice([0.0, 333.3])),
    )  # fmt: skip
    compare(replace(floor, speed=speed, backup=[pool]))


def some_pool(
    rng: np.random.Generator,
    agents: list[int],
    check: float,
    leads: tuple[float, ...] = (0.0, 100.5, 300.0),
    **settings: Any,
) -> BackupPool:
    """A pool with a bit of everything; thresholds low enough to be crossed often."""
    kinds = ["customers_online", "online_per_agent", "waiting", "wait_seconds"]
    if check:
        kinds += ["agents_short", "service_level"]
    scale = {
        "online_per_agent": 1.2,
        "waiting": 2.0,
        "wait_seconds": 60.0,
        "agents_short": 1.0,
        "service_level": 0.6,
    }

    def trigger() -> Trigger:
        when = str(rng.choice(kinds))
        threshold = scale.get(when, 4.0)
        return Trigger(when, threshold, threshold + 0.2 if when == "service_level" else 0.7 * threshold)  # type: ignore[arg-type]

    first, *also = (trigger() for _ in range(rng.integers(1, 4)))
    return BackupPool(
        agents, [[0, 1], [1], [0, 2]][rng.integers(3)], threshold=first.threshold, trigger=first.when, release=first.release,
        also=also, check_seconds=check, batch=int(rng.integers(0, 3)), lead_seconds=float(rng.choice(leads)),
        minimum_seconds=float(rng.choice([0.0, 333.3])), maximum_seconds=float(rng.choice([400.0, 1000.1, np.inf])),
        sustained_seconds=float(rng.choice([0.0, 77.7])), hold_seconds=float(rng.choice([0.0, 61.3])),
        cool_down_seconds=float(rng.choice([0.0, 150.9])), rest_seconds=float(rng.choice([0.0, 222.2])),
        calls_a_day=[None, 1, 2][rng.integers(3)], calls_at_most=[None, 3][rng.integers(2)],
        calls_before=rng.integers(0, 2, len(agents)), **settings,
    )  # fmt: skip


def windows(rng: np.random.Generator, agents: list[int], end: float) -> Windows:
    """Two windows each, some of which begin before the floor."""
    cuts = np.sort(rng.uniform(-500, end + 500, (len(agents), 4)), axis=1).reshape(-1, 2, 2)
    return Windows(np.repeat(agents, 2), cuts[..., 0].ravel(), cuts[..., 1].ravel())


KINDS_OF_CALLS = {name: KINDS[name] for name in ("plain", "overflow", "chats", "transfers")}


@pytest.mark.parametrize("check", [0.0, 61.7])
@pytest.mark.parametrize("kind", KINDS_OF_CALLS)
@settings(max_examples=25)
@given(seed=SEEDS)
def test_both_agree_on_who_is_called_when(kind: str, check: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    floor = some_floor(seed, **KINDS[kind])
    people, end = len(np.asarray(floor.speed)), 6 * INTERVAL
    speed = np.vstack([np.asarray(floor.speed), np.zeros((4, 3))])
    one, two = list(range(people, people + 3)), [people + 3]
    extra = rng.choice([0, 0.6, 1], (3, 3))
    extra[:, [0, 1]] = 0.8
    backup = [
        some_pool(
            rng, one, check, speed=extra, windows=windows(rng, one, end) if rng.random() < 0.5 else None
        ),
        some_pool(rng, two, check, (31.3, 200.1), speed=[[1, 1, 0.9]]),
    ]
    slow = compare(
        replace(
            floor,
            speed=speed,
            backup=backup,
            agents_required=rng.integers(1, 5, (3, 6)),
            day_starts_s=[0.0, 1700.0],
        )
    )
    event(f"calls {min(len(slow.log), 6)}")


@pytest.mark.parametrize("check", [0.0, 61.7])
@pytest.mark.parametrize("kind", KINDS_OF_CALLS)
@settings(max_examples=25)
@given(seed=SEEDS)
def test_both_agree_on_support_from_people_at_work(kind: str, check: float, seed: int) -> None:
    """Two of the floor's people work on one queue or elsewhere until they are called to help, two others have planned call-outs."""
    rng = np.random.default_rng(seed)
    floor = some_floor(seed, **KINDS[kind])
    was, people, end = floor.work, len(np.asarray(floor.speed)), 6 * INTERVAL
    agents = [people, people + 1]
    speed = np.vstack([np.asarray(floor.speed), [[0, 0, 1], [0, 0, 0], [0, 0, 0]]])
    cuts = np.sort(rng.uniform(1, end, (3, 4)), axis=1).reshape(-1, 2)
    work = Stretches(
        [*was.agent, *np.repeat([*agents, people + 2], 2)],
        [*was.start_s, *cuts[:, 0]],
        [*was.end_s, *cuts[:, 1]],
        [*was.queue, -1, 2, ELSEWHERE, ELSEWHERE, WITH_BACKUP_SKILLS, WITH_BACKUP_SKILLS],
    )
    never = Windows([people + 2], [end + 1], [end + 2])
    backup = [
        some_pool(rng, agents, check, speed=[[1, 0.9, 0.5], [0.8, 1, 1]], support=True),
        some_pool(rng, [people + 2], check, speed=[[1, 1, 1]], windows=never),
    ]
    compare(replace(floor, speed=speed, work=work, backup=backup, agents_required=np.full((3, 6), 2)))
