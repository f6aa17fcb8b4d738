"""The simulator against small Markov chains solved exactly: skills, priorities, chats, transfers, redials, backup.

Each chain is written down anew as "from this state, at this rate, to that state", and solved with linear algebra; the
simulated figures must lie within their intervals of confidence.
"""

from collections.abc import Callable, Hashable, Iterator
from typing import Any

import numpy as np
import pytest

from scheduler.staffing.confidence import Estimate
from scheduler.staffing.simulation import BackupPool, Floor, Stretches, simulate
from scheduler.staffing.simulation_results import Measures

State = Any
Move = tuple[float, Hashable]
HOUR = 3600.0


class Chain:
    """The stationary probabilities of the states that can be reached from ``start``."""

    def __init__(self, start: State, moves: Callable[[State], Iterator[Move]]) -> None:
        self.states, todo = {start: 0}, [start]
        steps = []
        while todo:
            state = todo.pop()
            for rate, after in moves(state):
                if after not in self.states:
                    self.states[after] = len(self.states)
                    todo.append(after)
                steps.append((self.states[state], self.states[after], rate))
        matrix = np.zeros((len(self.states),) * 2)
        for here, there, rate in steps:
            matrix[there, here] += rate
            matrix[here, here] -= rate
        matrix[0] = 1.0
        self.p = np.linalg.solve(matrix, np.eye(len(self.states))[0])
        assert self.p.min() > -1e-12

    def mean(self, value: Callable[[State], float]) -> float:
        return float(sum(p * value(state) for state, p in zip(self.states, self.p, strict=True)))


def steady(hours: int = 401, replications: int = 16, **settings: Any) -> Measures:
    """A floor in its steady state: rates a second, everyone always there, the first of ``hours`` hours not counted."""
    rates = np.array(settings.pop("rates"))[:, None]
    speed = np.array(settings.pop("speed"), dtype=float)
    backup = settings.get("backup", ())
    at_work = [a for a in range(len(speed)) if not any(a in pool.agents for pool in backup)]
    seconds = hours * HOUR
    work = Stretches(at_work, np.zeros(len(at_work)), np.full(len(at_work), seconds))
    for name in ("aht_seconds", "patience_seconds"):
        settings[name] = np.reshape(settings[name], (-1, 1)) if np.ndim(settings[name]) else settings[name]
    floor = Floor(HOUR, np.repeat(rates * HOUR, hours, axis=1), speed=speed, work=work, **settings)
    return simulate(floor, replications, seed=7, warm_up_seconds=HOUR).by_queue()


def agree(found: Estimate, exact: list[float], share: float = 0.03) -> None:
    """Every exact value lies within 3.3 standard errors, which are small enough to tell a wrong answer."""
    assert (found.half_width <= share * np.abs(exact) + 1e-4).all(), (found.half_width, exact)
    assert (np.abs(found.mean - exact) <= 1.7 * found.half_width).all(), (found.mean, found.half_width, exact)


def test_one_queue_is_a_birth_and_death_chain() -> None:
    rate, n, most = 3 / 60, 3, 60

    def moves(at: int) -> Iterator[Move]:
        if at < most:
            yield rate, at + 1
        if at:
            yield min(at, n) / 60 + max(at - n, 0) / 90, at - 1

    chain = Chain(0, moves)
    found = steady(rates=[rate], speed=np.ones((n, 1)), aht_seconds=60, patience_seconds=90)
    agree(found.p_abandon, [chain.mean(lambda at: max(at - n, 0) / 90) / rate])
    agree(found.occupancy, [chain.mean(lambda at: min(at, n) / n)])
    agree(found.p_wait, [chain.mean(lambda at: at >= n)])
    agree(found.mean_queue, [chain.mean(lambda at: max(at - n, 0))])


def test_priorities_with_equal_rates() -> None:
    rates, n, most = (1.4 / 60, 1.2 / 60), 2, 14

    def moves(state: State) -> Iterator[Move]:
        busy, high, low = state
        for which, rate in enumerate(rates):
            if busy < n:
                yield rate, (busy + 1, high, low)
            elif (high, low)[which] < most:
                yield rate, (busy, high + (which == 0), low + (which == 1))
        if busy:
            done = (busy, high - 1, low) if high else (busy, high, low - 1) if low else (busy - 1, 0, 0)
            yield busy / 60, done
        if high:
            yield high / 45, (busy, high - 1, low)
        if low:
            yield low / 45, (busy, high, low - 1)

    chain = Chain((0, 0, 0), moves)
    found = steady(rates=rates, speed=np.ones((n, 2)), aht_seconds=60, patience_seconds=45, priority=[1, 0])
    agree(found.p_abandon, [chain.mean(lambda s, i=i: s[1 + i] / 45) / rates[i] for i in (0, 1)])
    agree(found.mean_queue, [chain.mean(lambda s, i=i: s[1 + i]) for i in (0, 1)])
    agree(found.p_wait, [chain.mean(lambda s: s[0] == n)] * 2)


def test_priorities_with_unequal_work_and_patience() -> None:
    rates, work, patience, n, most = (1 / 60, 0.7 / 60), (40, 120), (80, 30), 2, 12

    def moves(state: State) -> Iterator[Move]:
        busy, line = state[:2], state[2:]
        for i in (0, 1):
            more = tuple(x + (j == i) for j, x in enumerate(busy))
            if sum(busy) < n:
                yield rates[i], (*more, *line)
            elif line[i] < most:
                yield rates[i], (*busy, *(x + (j == i) for j, x in enumerate(line)))
            if busy[i]:
                first = 0 if line[0] else 1
                taken = first if sum(line) else None
                yield (
                    busy[i] / work[i],
                    (
                        *(x - (j == i) + (j == taken) for j, x in enumerate(busy)),
                        *(x - (j == taken) for j, x in enumerate(line)),
                    ),
                )
            if line[i]:
                yield line[i] / patience[i], (*busy, *(x - (j == i) for j, x in enumerate(line)))

    chain = Chain((0, 0, 0, 0), moves)
    found = steady(
        rates=rates, speed=np.ones((n, 2)), aht_seconds=work, patience_seconds=patience, priority=[3, 1]
    )
    agree(found.p_abandon, [chain.mean(lambda s, i=i: s[2 + i] / patience[i]) / rates[i] for i in (0, 1)])
    agree(found.occupancy, [chain.mean(lambda s: (s[0] + s[1]) / n)] * 2)


def without(line: tuple[int, ...], at: int) -> tuple[int, ...]:
    return line[:at] + line[at + 1 :]


def test_n_model_longest_waiting_first() -> None:
    """One agent for queue 0 only, asked first, and one for both, who takes the longest waiting."""
    rates, work, patience, most = (0.9 / 60, 0.6 / 60), (60, 90), (25, 25), 7

    def moves(state: State) -> Iterator[Move]:
        single, double, line = state
        for q in (0, 1):
            if q == 0 and not single:
                yield rates[q], (True, double, line)
            elif double is None:
                yield rates[q], (single, q, line)
            elif len(line) < most:
                yield rates[q], (single, double, (*line, q))
        if single:
            yield (
                1 / work[0],
                (True, double, without(line, line.index(0))) if 0 in line else (False, double, line),
            )
        if double is not None:
            yield 1 / work[double], (single, line[0], line[1:]) if line else (single, None, line)
        for at, q in enumerate(line):
            yield 1 / patience[q], (single, double, without(line, at))

    chain = Chain((False, None, ()), moves)
    found = steady(
        rates=rates, speed=[[1, 0], [1, 1]], aht_seconds=work, patience_seconds=patience,
        preference=[[0, 0], [1, 0]], preference_decides="agent",
    )  # fmt: skip
    lost = [chain.mean(lambda s, q=q: s[2].count(q) / patience[q]) / rates[q] for q in (0, 1)]
    agree(found.p_abandon, lost)
    both, flexible = (
        chain.mean(lambda s: (s[0] + (s[1] is not None)) / 2),
        chain.mean(lambda s: s[1] is not None),
    )
    agree(found.occupancy, [both, flexible])


def test_x_model_where_second_skills_are_slow() -> None:
    """Two agents, each quick with one queue, which it takes first and is asked for first."""
    rates, work, most = (0.7 / 60, 0.8 / 60), (60, 45), 10
    pace = [[1, 0.5], [0.4, 1]]

    def moves(state: State) -> Iterator[Move]:
        agents, line = state[:2], state[2:]
        for q in (0, 1):
            asked = next((a for a in (q, 1 - q) if agents[a] is None), None)
            if asked is not None:
                yield rates[q], (*(q if a == asked else x for a, x in enumerate(agents)), *line)
            elif line[q] < most:
                yield rates[q], (*agents, *(x + (i == q) for i, x in enumerate(line)))
            if line[q]:
                yield line[q] / 60, (*agents, *(x - (i == q) for i, x in enumerate(line)))
        for a in (0, 1):
            if agents[a] is not None:
                taken = next((q for q in (a, 1 - a) if line[q]), None)
                after = (*(taken if b == a else x for b, x in enumerate(agents)),)
                yield (
                    pace[a][agents[a]] / work[agents[a]],
                    (*after, *(x - (i == taken) for i, x in enumerate(line))),
                )

    chain = Chain((None, None, 0, 0), moves)
    found = steady(
        rates=rates, speed=pace, aht_seconds=work, patience_seconds=60, preference=[[0, 1], [1, 0]]
    )
    agree(found.p_abandon, [chain.mean(lambda s, q=q: s[2 + q] / 60) / rates[q] for q in (0, 1)])
    agree(found.occupancy, [chain.mean(lambda s: ((s[0] is not None) + (s[1] is not None)) / 2)] * 2)


def test_w_model_with_priorities() -> None:
    """Agent 0 answers queues 0 and 1, agent 1 queues 1 and 2; queue 1 goes first; whoever is asked first for it is preferred."""
    rates, patience, most = (0.5 / 60, 0.4 / 60, 0.6 / 60), (40, 60, 50), 6
    answers = ((1, 0), (1, 2))

    def moves(state: State) -> Iterator[Move]:
        agents, line = state[:2], state[2:]
        for q in range(3):
            asked = next((a for a in (0, 1) if q in answers[a] and agents[a] is None), None)
            if asked is not None:
                yield rates[q], (*(q if a == asked else x for a, x in enumerate(agents)), *line)
            elif line[q] < most:
                yield rates[q], (*agents, *(x + (i == q) for i, x in enumerate(line)))
            if line[q]:
                yield line[q] / patience[q], (*agents, *(x - (i == q) for i, x in enumerate(line)))
        for a in (0, 1):
            if agents[a] is not None:
                taken = next((q for q in answers[a] if line[q]), None)
                after = (*(taken if b == a else x for b, x in enumerate(agents)),)
                yield 1 / 60, (*after, *(x - (i == taken) for i, x in enumerate(line)))

    chain = Chain((None, None, 0, 0, 0), moves)
    found = steady(
        rates=rates, speed=[[1, 1, 0], [0, 1, 1]], aht_seconds=60, patience_seconds=patience, priority=[0, 1, 0],
        preference=[[0, 0, 0], [0, 1, 0]], preference_decides="agent",
    )  # fmt: skip
    agree(found.p_abandon, [chain.mean(lambda s, q=q: s[2 + q] / patience[q]) / rates[q] for q in range(3)])


def test_three_queues_two_groups() -> None:
    """Two agents for queues 0 and 1, one for 1 and 2; queue 1 goes to the pair first, who take it before their own."""
    rates, most = (0.9 / 60, 0.7 / 60, 0.5 / 60), 5
    work, sizes, answers = (60, 50, 70), (2, 1), ((1, 0), (2, 1))

    def moves(state: State) -> Iterator[Move]:
        busy, line = state[:2], state[2]
        for q in range(3):
            group = next((g for g in (0, 1) if q in answers[g] and sum(busy[g]) < sizes[g]), None)
            if group is not None:
                yield rates[q], (*(changed(x, q, 1) if g == group else x for g, x in enumerate(busy)), line)
            elif line[q] < most:
                yield rates[q], (*busy, changed(line, q, 1))
            if line[q]:
                yield line[q] / 45, (*busy, changed(line, q, -1))
        for g in (0, 1):
            taken = next((q for q in answers[g] if line[q]), None)
            for q in answers[g]:
                if busy[g][q]:
                    after = changed(busy[g], q, -1)
                    after = after if taken is None else changed(after, taken, 1)
                    rest = line if taken is None else changed(line, taken, -1)
                    yield busy[g][q] / work[q], (*(after if h == g else x for h, x in enumerate(busy)), rest)

    chain = Chain(((0, 0, 0), (0, 0, 0), (0, 0, 0)), moves)
    found = steady(
        rates=rates, speed=[[1, 1, 0], [1, 1, 0], [0, 1, 1]], aht_seconds=work, patience_seconds=45,
        preference=[[1, 0, 0], [1, 0, 0], [0, 1, 0]],
    )  # fmt: skip
    agree(found.p_abandon, [chain.mean(lambda s, q=q: s[2][q] / 45) / rates[q] for q in range(3)])
    first, second = chain.mean(lambda s: sum(s[0]) / 2), chain.mean(lambda s: sum(s[1]))
    agree(found.occupancy, [first, (2 * first + second) / 3, second])


def changed(counts: tuple[int, ...], at: int, by: int) -> tuple[int, ...]:
    return (*counts[:at], counts[at] + by, *counts[at + 1 :])


def test_chats_held_together() -> None:
    """Two agents of three chats each; the one with fewer gets the next; all at hand go on more slowly."""
    rate, slowdown, most = 2.6 / 60, 0.3, 20

    def moves(state: State) -> Iterator[Move]:
        loads, line = state
        if loads[0] < 3:
            yield rate, (tuple(sorted(changed(loads, 0, 1))), line)
        elif line < most:
            yield rate, (loads, line + 1)
        for a, load in enumerate(loads):
            if load:
                after = (loads, line - 1) if line else (tuple(sorted(changed(loads, a, -1))), 0)
                yield load / (60 * (1 + slowdown * (load - 1))), after
        if line:
            yield line / 40, (loads, line - 1)

    chain = Chain(((0, 0), 0), moves)
    found = steady(
        rates=[rate],
        speed=np.ones((2, 1)),
        aht_seconds=60,
        patience_seconds=40,
        concurrency=3,
        slowdown=slowdown,
    )
    agree(found.p_abandon, [chain.mean(lambda s: s[1] / 40) / rate])
    agree(found.p_wait, [chain.mean(lambda s: s[0] == (3, 3))])
    agree(found.occupancy, [chain.mean(lambda s: ((s[0][0] > 0) + (s[0][1] > 0)) / 2)])


def test_calls_beside_chats() -> None:
    """Two agents for calls, alone and first, and for chats, two at a time; ``c`` is an agent in a call."""
    rates, slowdown, most = (0.6 / 60, 1.2 / 60), 0.4, 8
    order = {"0": 0, "1": 1, "2": 2, "c": 3}

    def taking(agent: str, calls: int, chats: int) -> tuple[str, int, int]:
        if agent == "0" and calls:
            return "c", calls - 1, chats
        while agent in "01" and chats:
            agent, chats = str(int(agent) + 1), chats - 1
        return agent, calls, chats

    def moves(state: State) -> Iterator[Move]:
        agents, calls, chats = state
        fewest = agents[0]  # sorted: those with fewest contacts who may take one first
        replaced = lambda a, new: tuple(sorted((*agents[:a], new, *agents[a + 1 :]), key=order.get))  # noqa: E731
        if fewest == "0":
            yield rates[0], (replaced(0, "c"), calls, chats)
        elif calls < most:
            yield rates[0], (agents, calls + 1, chats)
        if fewest in "01":
            yield rates[1], (replaced(0, str(int(fewest) + 1)), calls, chats)
        elif chats < most:
            yield rates[1], (agents, calls, chats + 1)
        for a, agent in enumerate(agents):
            if agent != "0":
                left = "0" if agent == "c" else str(int(agent) - 1)
                speed = 1 / 60 if agent == "c" else int(agent) / 50 / (1 + slowdown * (int(agent) - 1))
                after, fewer_calls, fewer_chats = taking(left, calls, chats)
                yield speed, (replaced(a, after), fewer_calls, fewer_chats)
        if calls:
            yield calls / 40, (agents, calls - 1, chats)
        if chats:
            yield chats / 60, (agents, calls, chats - 1)

    chain = Chain((("0", "0"), 0, 0), moves)
    found = steady(
        rates=rates, speed=np.ones((2, 2)), aht_seconds=[60, 50], patience_seconds=[40, 60], priority=[1, 0],
        concurrency=[1, 2], slowdown=[0, slowdown],
    )  # fmt: skip
    lost = [chain.mean(lambda s, i=i: s[1 + i] / (40, 60)[i]) / rates[i] for i in (0, 1)]
    agree(found.p_abandon, lost)
    agree(found.occupancy, [chain.mean(lambda s: sum(agent != "0" for agent in s[0]) / 2)] * 2)


def test_transfers_to_a_second_line() -> None:
    rate, share, n, most = 1.8 / 60, 0.4, (2, 1), (15, 15)

    def moves(state: State) -> Iterator[Move]:
        front, back = state  # customers in service and waiting
        if front < n[0] + most[0]:
            yield rate, (front + 1, back)
        if front:
            speed = min(front, n[0]) / 60
            yield speed * (1 - share), (front - 1, back)
            yield speed * share, (front - 1, min(back + 1, n[1] + most[1]))
        if back:
            yield min(back, n[1]) / 80, (front, back - 1)
        if front > n[0]:
            yield (front - n[0]) / 50, (front - 1, back)
        if back > n[1]:
            yield (back - n[1]) / 70, (front, back - 1)

    chain = Chain((0, 0), moves)
    found = steady(
        rates=[rate, 0], speed=[[1, 0], [1, 0], [0, 1]], aht_seconds=[60, 80], patience_seconds=[50, 70],
        transfer_share=[share, 0], transfer_to=[1, -1],
    )  # fmt: skip
    lost = chain.mean(lambda s: max(s[0] - 2, 0) / 50)
    flow = chain.mean(lambda s: min(s[0], 2) / 60) * share
    agree(found.p_abandon, [lost / rate, chain.mean(lambda s: max(s[1] - 1, 0) / 70) / flow])
    agree(found.offered, [rate * 400 * HOUR, flow * 400 * HOUR])


def test_redials_come_from_an_orbit() -> None:
    rate, share, n = 2.2 / 60, 0.6, 2

    def moves(state: State) -> Iterator[Move]:
        at, orbit = state
        if at < 18:
            yield rate, (at + 1, orbit)
            if orbit:
                yield orbit / 120, (at + 1, orbit - 1)
        if at:
            yield min(at, n) / 60, (at - 1, orbit)
        if at > n:
            yield (at - n) / 40 * (1 - share), (at - 1, orbit)
            yield (at - n) / 40 * share, (at - 1, min(orbit + 1, 30))

    chain = Chain((0, 0), moves)
    found = steady(
        rates=[rate],
        speed=np.ones((n, 1)),
        aht_seconds=60,
        patience_seconds=40,
        redial_share=share,
        redial_seconds=120,
    )
    offered = rate + chain.mean(lambda s: s[1] / 120)
    agree(found.offered, [offered * 400 * HOUR])
    agree(found.p_abandon, [chain.mean(lambda s: max(s[0] - n, 0) / 40) / offered])
    agree(found.p_wait, [chain.mean(lambda s: (s[0] >= n) * (rate + s[1] / 120)) / offered])


def test_the_agent_idle_longest_is_asked_although_slow() -> None:
    rate, pace = 0.9 / 60, (1.0, 0.4)

    def moves(state: State) -> Iterator[Move]:
        idle, line = state  # agents longest idle first
        if idle:
            yield rate, (idle[1:], 0)
        elif line < 30:
            yield rate, (idle, line + 1)
        for a in {0, 1} - set(idle):
            yield pace[a] / 60, (idle, line - 1) if line else ((*idle, a), 0)
        if line:
            yield line / 60, (idle, line - 1)

    chain = Chain(((0, 1), 0), moves)
    found = steady(rates=[rate], speed=[[1.0], [0.4]], aht_seconds=60, patience_seconds=60)
    agree(found.p_abandon, [chain.mean(lambda s: s[1] / 60) / rate])
    agree(found.p_wait, [chain.mean(lambda s: not s[0])])
    agree(found.occupancy, [chain.mean(lambda s: 1 - len(s[0]) / 2)])


def test_backup_comes_while_two_or_more_wait() -> None:
    """One agent, and one who is called at once where two wait and sent away, after the contact at hand, where fewer do."""
    rate, most = 1.3 / 60, 25

    def settled(busy: bool, backup: str, line: int) -> State:
        if line >= 2 and backup == "off":
            backup, line = "stays", line - 1
        if backup != "off":
            backup = "stays" if line >= 2 else "leaves"
        return busy, backup, line

    def moves(state: State) -> Iterator[Move]:
        busy, backup, line = state
        if not busy:
            yield rate, (True, backup, 0)
        elif line < most:
            yield rate, settled(busy, backup, line + 1)
        if busy:
            yield 1 / 60, settled(True, backup, line - 1) if line else (False, backup, 0)
        if backup == "stays":
            yield 1 / 60, settled(busy, backup, line - 1)
        if backup == "leaves":
            yield 1 / 60, (busy, "off", line)
        if line:
            yield line / 50, settled(busy, backup, line - 1)

    chain = Chain((False, "off", 0), moves)
    pool = BackupPool([1], [0], threshold=2, trigger="waiting", lead_seconds=0, minimum_seconds=0)
    found = steady(rates=[rate], speed=[[1], [1]], aht_seconds=60, patience_seconds=50, backup=[pool])
    agree(found.p_abandon, [chain.mean(lambda s: s[2] / 50) / rate])
    agree(found.p_wait, [chain.mean(lambda s: s[0])])
    here = chain.mean(lambda s: s[1] != "off")
    agree(found.occupancy, [(chain.mean(lambda s: s[0]) + here) / (1 + here)])


@pytest.mark.parametrize("seed", [3, 4])
def test_a_chain_with_another_rate_is_told_apart(seed: int) -> None:
    """The comparison can fail: five per cent more arrivals lie far outside."""
    found = steady(rates=[3.15 / 60], speed=np.ones((3, 1)), aht_seconds=60, patience_seconds=90)
    exact = steady(rates=[3 / 60], speed=np.ones((3, 1)), aht_seconds=60, patience_seconds=90)
    with pytest.raises(AssertionError):
        agree(found.p_abandon, exact.p_abandon.mean.tolist())
