"""The simulator against another one, written anew for clarity alone: every contact and agent is looked at at every instant.

Contacts come as a trace, so that both have the same; all that is counted must be equal, agent by agent and interval by interval.
"""

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scheduler.staffing.simulation import BackupPool, Floor, SimulationResult, Stretches, Trace, simulate

INTERVAL = 600.0


@dataclass
class Customer:
    queue: int
    entered: float
    work: float
    deadline: float
    talk: float = 0.0
    wrap: float = 0.0
    gone: bool = False


@dataclass
class Agent:
    number: int
    serves: set[int] | None = None
    wanted: set[int] | None = None
    held: list[Customer] = field(default_factory=list)
    since: float = 0.0
    came: float = 0.0
    busy: float = 0.0
    staffed: float = 0.0
    contacts: int = 0


@dataclass
class Pool:
    at: float = math.inf
    state: str = "resting"


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
        self.pools = [Pool() for _ in floor.backup]
        self.calls = 0

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
                min((pool.at for pool in self.pools), default=math.inf),
            ]
            at = min(times)
            if at >= self.end:
                self.pass_time(self.end)
                return self
            first = min((a for a in self.agents if a.held), key=self.done_at, default=None)
            self.pass_time(at)
            if at == times[1]:
                _, kind, a, q = turns.pop(0)
                skills = set(np.flatnonzero(self.speed[a]))
                self.turn(self.agents[a], None if kind == "off" else skills if q < 0 else {q})
            elif at == times[2]:
                self.finish(first)
            elif at == times[3]:
                self.give_up(min(self.waiting, key=lambda c: c.deadline))
            elif at == times[0]:
                _, q, work_s, patience = come.pop(0)
                self.enter(int(q), work_s, patience)
            for pool, made in zip(self.pools, self.floor.backup, strict=True):
                if pool.at == at:
                    self.move(pool, made)
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
            agent.staffed += (to - self.t) * (agent.serves is not None)
        self.t = to

    def cell(self, customer: Customer) -> np.ndarray:
        return self.counts[customer.queue, int(customer.entered // INTERVAL)]

    # ---- events ----

    def enter(self, q: int, work: float, patience: float) -> None:
        customer = Customer(q, self.t, work, self.t + patience)
        self.cell(customer)[0] += 1
        self.waiting.append(customer)

    def give_up(self, customer: Customer) -> None:
        self.waiting.remove(customer)
        wait = self.t - customer.entered
        self.cell(customer)[4:9] += 1, wait <= self.setting["target_seconds"][customer.queue], 0, wait, 0

    def turn(self, agent: Agent, serves: set[int] | None) -> None:
        agent.wanted, agent.since = serves, self.t
        if not agent.held:
            agent.serves = serves

    def finish(self, agent: Agent) -> None:
        left = [c for c in agent.held if not c.talk and not c.gone]
        for customer in left:
            customer.gone = True
        for customer in [c for c in agent.held if not c.talk and not c.wrap]:
            agent.held.remove(customer)
            agent.since = self.t
            if not agent.held:
                agent.serves = agent.wanted
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
        if agent.serves is None or agent.serves != agent.wanted:
            return False
        held = [self.setting["concurrency"][c.queue] for c in agent.held]
        if len(held) >= min([*held, self.setting["concurrency"][customer.queue]]):
            return False
        over = (
            self.t >= self.overflows_at(customer)
            and self.setting["overflow_to"][customer.queue] in agent.serves
        )
        return customer.queue in agent.serves or over

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

            first, *others = sorted(pairs, key=key)
            assume(all(clear(key(first), key(other)) for other in others))
            agent, place = first
            customer = self.waiting.pop(place)
            q, wait = customer.queue, self.t - customer.entered
            aht = self.setting["aht_seconds"][q]
            customer.wrap = customer.work * self.setting["wrap_up_seconds"][q] / aht
            customer.talk = customer.work - customer.wrap
            agent.held.append(customer)
            agent.since = self.t
            agent.contacts += 1
            within = wait <= self.setting["target_seconds"][q]
            self.cell(customer)[[1, 2, 3, 6]] += 1, wait == 0, within, wait

    # ---- backup ----

    def fires(self, made: BackupPool) -> bool:
        waits = [self.t - c.entered for c in self.waiting if c.queue in made.queues]
        talking = sum(c.queue in made.queues and not c.gone for a in self.agents for c in a.held)
        pools = {a for pool in self.floor.backup for a in pool.agents}
        duty = sum(
            bool(a.serves and a.serves & set(made.queues)) for a in self.agents if a.number not in pools
        )
        level = {
            "customers_online": len(waits) + talking,
            "online_per_agent": (len(waits) + talking) / duty
            if duty
            else math.inf * (len(waits) + talking > 0),
            "waiting": len(waits),
        }
        return level[made.trigger] >= made.threshold

    def move(self, pool: Pool, made: BackupPool) -> None:
        if pool.state == "called":
            for a in made.agents:
                self.turn(self.agents[a], set(np.flatnonzero(self.speed[a])) & set(made.queues))
                self.settle()
            pool.state, pool.at = "present", self.t + made.minimum_seconds
        elif pool.state == "present":
            pool.at, pool.state = math.inf, "free to go"

    def watch(self) -> None:
        for pool, made in zip(self.pools, self.floor.backup, strict=True):
            if pool.state == "resting" and self.fires(made):
                pool.state, pool.at = "called", self.t + made.lead_seconds
                self.calls += 1
            elif pool.state == "free to go" and not self.fires(made):
                pool.state = "resting"
                for a in made.agents:
                    self.turn(self.agents[a], None)


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
