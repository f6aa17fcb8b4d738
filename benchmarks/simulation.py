"""Simulated contacts per second on one core, ours beside Ciw and SimPy, and how often our intervals of confidence are right.

    python benchmarks/simulation.py                    # about five minutes
    python benchmarks/simulation.py --seconds 60       # a longer look at the peers

The same three floors for all, in this process: 50 and 500 agents with one queue (M/M/n+M), and three queues for two groups of 25,
one answering the first two, the other the last two; contacts of a minute, patience two minutes, 98 % of the agents' time asked for.
A rate is contacts that came in per second of this process's time, best of three runs (ours, after the first call) or of the one run
(peers); abandonment stands beside it to show that all simulate the same. See README.md for the environment.
"""

import argparse
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from scheduler.staffing import performance
from scheduler.staffing.simulation import Floor, Stretches, simulate

try:
    import ciw
    import simpy
except ImportError:
    ciw = simpy = None

AHT, PATIENCE, HOUR = 60.0, 120.0, 3600.0
MEASURES = (
    "p_wait", "sl_virtual", "sl_offered", "sl_answered", "sl_exit", "sl_exclshort", "asa_served_s", "wait_all_s", "p_abandon",
    "occupancy", "mean_queue",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A floor: how many agents answer which queues, and contacts a second of each queue."""

    name: str
    groups: tuple[tuple[int, tuple[int, ...]], ...]
    rates: tuple[float, ...]
    target_seconds: float = 20.0

    @property
    def agents(self) -> list[tuple[int, ...]]:
        """What each agent answers."""
        return [skills for size, skills in self.groups for _ in range(size)]

    def floor(self, seconds: float, interval_seconds: float) -> Floor:
        """The floor for ours, everyone there throughout."""
        speed = [[q in skills for q in range(len(self.rates))] for skills in self.agents]
        arrivals = np.repeat(
            np.array(self.rates)[:, None] * interval_seconds, round(seconds / interval_seconds), axis=1
        )
        work = Stretches.throughout(len(speed), seconds)
        return Floor(
            interval_seconds, arrivals, AHT, np.array(speed, dtype=float), work,
            patience_seconds=PATIENCE, target_seconds=self.target_seconds,
        )  # fmt: skip


def one_queue(agents: int, target_seconds: float) -> Case:
    """M/M/n+M with 98 % load; a threshold that some wait longer than."""
    return Case(f"{agents} agents", ((agents, (0,)),), (0.98 * agents / AHT,), target_seconds)


CASES = (
    one_queue(50, 20.0),
    one_queue(500, 2.0),
    Case("3x2 skills", ((25, (0, 1)), (25, (1, 2))), (0.98 * 50 / AHT / 3,) * 3),
)


# ---- contacts per second ----


def ours(case: Case, seconds: float) -> tuple[float, float, float]:
    """Contacts, seconds of this process, share abandoned; ``seconds`` is the time on the floor."""
    floor = case.floor(seconds, seconds)
    start = time.process_time()
    found = simulate(floor, replications=4, workers=1)
    taken = time.process_time() - start
    return found.count("offered").sum(), taken, float(found.total().p_abandon.mean)


def with_simpy(case: Case, seconds: float) -> tuple[float, float, float]:
    """As SimPy's documentation does it: a resource, or a store of agents asked for by skill, and a timeout for patience."""
    rng, env = random.Random(1), simpy.Environment()
    counted = [0, 0]

    def customer(agents: Any, queue: int) -> Iterator[Any]:
        counted[0] += 1
        want = agents.get(lambda skills: queue in skills) if len(case.groups) > 1 else agents.request()
        got = yield want | env.timeout(rng.expovariate(1 / PATIENCE))
        if want not in got:
            counted[1] += 1
            want.cancel()
            return
        yield env.timeout(rng.expovariate(1 / AHT))
        yield agents.put(want.value) if len(case.groups) > 1 else agents.release(want)

    def source(agents: Any, queue: int) -> Iterator[Any]:
        while True:
            yield env.timeout(rng.expovariate(case.rates[queue]))
            env.process(customer(agents, queue))

    if len(case.groups) > 1:
        agents: Any = simpy.FilterStore(env)
        agents.items.extend(case.agents)
    else:
        agents = simpy.Resource(env, len(case.agents))
    for queue in range(len(case.rates)):
        env.process(source(agents, queue))
    start = time.process_time()
    env.run(seconds)
    return counted[0], time.process_time() - start, counted[1] / counted[0]


def with_ciw(case: Case, seconds: float) -> tuple[float, float, float]:
    """Ciw with reneging; for skills a node that lets a free server and a waiting customer meet only if they fit."""
    names = [f"queue {q}" for q in range(len(case.rates))]
    skills = [[names[q] for q in of] for of in case.agents]

    class Skilled(ciw.Node):
        """Servers are numbered from 1 and know some classes of customers."""

        freed: Any = None

        def find_free_server(self, ind: Any) -> Any:
            fit = (s for s in self.servers if not s.busy and ind.customer_class in skills[s.id_number - 1])
            return next(fit, None)

        def choose_next_customer(self) -> Any:
            free = [self.freed] if self.freed else [s for s in self.servers if not s.busy]
            known = {name for s in free for name in skills[s.id_number - 1]}
            return next((i for i in self.all_individuals if not i.server and i.customer_class in known), None)

        def begin_service_if_possible_release(self, next_individual: Any, newly_free_server: Any) -> None:
            self.freed = newly_free_server
            super().begin_service_if_possible_release(next_individual, newly_free_server)
            self.freed = None

    network = ciw.create_network(
        arrival_distributions={
            name: [ciw.dists.Exponential(rate)] for name, rate in zip(names, case.rates, strict=True)
        },
        service_distributions={name: [ciw.dists.Exponential(1 / AHT)] for name in names},
        reneging_time_distributions={name: [ciw.dists.Exponential(1 / PATIENCE)] for name in names},
        number_of_servers=[len(case.agents)],
    )
    ciw.seed(1)
    simulation = ciw.Simulation(network, node_class=Skilled if len(case.groups) > 1 else None)
    start = time.process_time()
    simulation.simulate_until_max_time(seconds)
    taken = time.process_time() - start
    records = simulation.get_all_records()
    gone = sum(record.record_type == "renege" for record in records)
    return simulation.nodes[0].number_of_individuals, taken, gone / len(records)


def rate_of(
    run: Callable[[Case, float], tuple[float, float, float]], case: Case, wanted: float
) -> tuple[float, float]:
    """Contacts a second and abandonment of a run that takes about so many seconds, found by trying shorter ones."""
    floor_seconds = 300.0
    while True:
        contacts, taken, gone = run(case, floor_seconds)
        if taken > 0.6 * wanted:
            return contacts / taken, gone
        floor_seconds *= max(2.0, min(8.0, 0.9 * wanted / max(taken, 1e-3)))


def compare(seconds: float) -> None:
    """The table of contacts a second."""
    print("| Floor | ours, contacts/s | gave up | Ciw | gave up | ours/Ciw | SimPy | gave up | ours/SimPy |")
    print("|---|---|---|---|---|---|---|---|---|")
    for case in CASES:
        ours(case, 600.0)
        rate, gone = max(rate_of(ours, case, min(seconds, 3.0)) for _ in range(3))
        row = [case.name, f"{rate / 1e6:.2f} M", f"{gone:.2%}"]
        for peer in (with_ciw, with_simpy) if ciw is not None else ():
            peer_rate, peer_gone = rate_of(peer, case, seconds)
            row += [f"{peer_rate:,.0f}", f"{peer_gone:.2%}", f"{rate / peer_rate:.0f}"]
        print("| " + " | ".join(row) + " |", flush=True)


# ---- intervals of confidence ----


def small_skills() -> tuple[Case, dict[str, float]]:
    """A 3x2 floor small enough for its Markov chain: two agents for queues 0 and 1, two for 1 and 2, longest waiting first.

    All contacts are alike but for their queue, so that a state needs only who of the two groups is busy and the queues of those
    waiting in their order: when all are busy, any order; else only those whom the free group cannot answer. The longest idle of both
    groups' free agents gets a contact of queue 1; this is the one order that the chain must know: idle agents by group.
    """
    case = Case("3x2 skills", ((2, (0, 1)), (2, (1, 2))), (0.7 / AHT, 0.8 / AHT, 0.5 / AHT))
    answers, most = ((0, 1), (1, 2)), 7
    steps: list[tuple[Any, Any, float]] = []
    start = ((0, 0, 1, 1), ())
    todo, seen = [start], {start: 0}

    def go(state: Any, after: Any, rate: float) -> None:
        if after not in seen:
            seen[after] = len(seen)
            todo.append(after)
        steps.append((state, after, rate))

    while todo:
        state = todo.pop()
        idle, line = (
            state  # groups of the idle agents, longest idle first; queues of those waiting, longest waiting first
        )
        for q, rate in enumerate(case.rates):
            at = next((i for i, g in enumerate(idle) if q in answers[g]), None)
            if at is not None:
                go(state, (idle[:at] + idle[at + 1 :], line), rate)
            elif len(line) < most:
                go(state, (idle, (*line, q)), rate)
        for g in (0, 1):
            busy = 2 - idle.count(g)
            at = next((i for i, q in enumerate(line) if q in answers[g]), None)
            if busy:
                go(
                    state,
                    ((*idle, g), line) if at is None else (idle, line[:at] + line[at + 1 :]),
                    busy / AHT,
                )
        for i in range(len(line)):
            go(state, (idle, line[:i] + line[i + 1 :]), 1 / PATIENCE)
    matrix = np.zeros((len(seen), len(seen)))
    for here, there, rate in steps:
        matrix[seen[there], seen[here]] += rate
        matrix[seen[here], seen[here]] -= rate
    matrix[0] = 1.0
    p = dict(zip(seen, np.linalg.solve(matrix, np.eye(len(seen))[0]), strict=True))
    waiting = [sum(v * line.count(q) for (_, line), v in p.items()) for q in range(3)]
    busy = [sum(v * (2 - idle.count(g)) for (idle, _), v in p.items()) for g in (0, 1)]
    exact = {f"p_abandon {q}": waiting[q] / PATIENCE / case.rates[q] for q in range(3)}
    exact |= {f"wait_all_s {q}": waiting[q] / case.rates[q] for q in range(3)}
    exact |= {"occupancy 0": busy[0] / 2, "occupancy 2": busy[1] / 2, "occupancy 1": sum(busy) / 4}
    return case, exact


def cover(seeds: int) -> None:
    """The table of how many seeds' intervals hold the exact answer."""
    print(f"\n| Floor | measure | exact | held by the 95 % interval, of {seeds} seeds |\n|---|---|---|---|")
    for case in CASES[:2]:
        agents = len(case.agents)
        exact = performance(case.rates[0] * HOUR, AHT, agents, case.target_seconds, PATIENCE)
        hold = dict.fromkeys(MEASURES, 0)
        for found in runs(case, seeds, hours=6):
            total = found.total()
            for name in MEASURES:
                hold[name] += holds(getattr(total, name), float(getattr(exact, name)))
        for name in MEASURES:
            print(f"| {case.name} | {name} | {float(getattr(exact, name)):.6g} | {hold[name] / seeds:.1%} |")
    case, answers = small_skills()
    hold = dict.fromkeys(answers, 0)
    for found in runs(case, seeds, hours=60):
        by_queue = found.by_queue()
        for name, value in answers.items():
            measure, queue = name.split()
            hold[name] += holds(getattr(by_queue, measure), value, int(queue))
    for name, value in answers.items():
        print(f"| {case.name}, 2 + 2 agents | {name} | {value:.6g} | {hold[name] / seeds:.1%} |")


def runs(case: Case, seeds: int, hours: int) -> Iterator[Any]:
    """A simulation a seed: 20 replications of so many hours after the first, which is not counted."""
    floor = case.floor((hours + 1) * HOUR, HOUR)
    for seed in range(seeds):
        yield simulate(floor, 20, seed=seed, warm_up_seconds=HOUR)


def holds(found: Any, exact: float, at: Any = ()) -> bool:
    """Whether the interval holds the exact answer."""
    return bool(found.low[at] <= exact <= found.high[at])


def main() -> None:
    """Both tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--seconds", type=float, default=20.0, help="of processor time for each peer and floor"
    )
    parser.add_argument(
        "--seeds", type=int, default=200, help="simulations for the intervals of confidence, 0 for none"
    )
    options = parser.parse_args()
    if ciw is None:
        print("Ciw and SimPy are not installed here: ours alone\n")
    compare(options.seconds)
    if options.seeds:
        cover(options.seeds)


if __name__ == "__main__":
    main()
