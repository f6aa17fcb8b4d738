"""How many agents of which skill mix: the cheapest numbers a skill group with which every queue keeps its limits.

No formula tells how queues fare that share some of their agents, so vectors of agents are judged by simulation of a steady interval
(`scheduler.staffing.mix_judge`), each limit with its interval of confidence, all vectors on the same contacts. What no routing can do
without bounds the search from below (`scheduler.staffing.mix_bounds`): above all, a flexible agent's time is used once. Separate
teams, one a queue, bound it from above. In between agents are added where they help most for their cost, then taken away and swapped
(`scheduler.staffing.mix_search`).

**Source:** Atlason, Epelman and Henderson, Call center staffing with simulation and cutting plane methods (2004), and Cezik and
L'Ecuyer, Staffing multiskill call centers via linear programming and simulation (2008), for staffing by simulated service with
common random numbers and what one more agent adds; Wallace and Whitt, A staffing algorithm for call centers with skill-based
routing (2005), for a search that adds where service lacks and then takes away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from centre.errors import BadInput, Fault, Faults
from centre.model import Queue, Routing
from scheduler.staffing.checks import NOT_NEGATIVE, POSITIVE, Floats, checked
from scheduler.staffing.mix_bounds import Bounds, bounds_of
from scheduler.staffing.mix_judge import Judge, Verdict
from scheduler.staffing.mix_search import Choice, improved, repaired
from scheduler.staffing.teams import MEASURES, Team

Ints = NDArray[np.int64]
NO_LIMIT = 10**9
CONTACTS, HANDLE_TIMES = (
    400_000,
    10_000,
)  # simulated for one vector of agents with effort 1, whichever is longer


@dataclass(frozen=True, slots=True)
class SkillGroup:
    """Agents with the same skills: queue name -> speed (1 usual, 0.5 half as fast), what one costs, how many there may be."""

    name: str
    skills: Mapping[str, float]
    cost: float = 1.0
    at_least: int = 0
    at_most: int | None = None


@dataclass(frozen=True, eq=False, slots=True)
class MixResult:
    """Agents of each group and how queues fare with them.

    Parameters
    ----------
    agents : by group
    cost : of all of them together
    met : whether every limit is kept with 95 % confidence; where not, ``reason`` says why there is no better answer
    dedicated : each agent is to serve one queue only, as in ``separate``, since sharing would ask for more
    service : a row a queue: ``queue, erlangs``, each of ``service_level, asa_seconds, abandonment, occupancy`` with its 95 % interval
        (``_low``, ``_high``), and ``misses``, the limits not kept with confidence
    neighbours : a row for each group that could have one agent fewer: ``group, agents, misses``, what would not hold then
    separate : queue -> (group, agents) of one team for each queue, by formula; ``separate_cost`` is inf where limits forbid it
    judged : how many vectors were simulated
    """

    agents: dict[str, int]
    cost: float
    met: bool
    dedicated: bool
    service: pd.DataFrame
    neighbours: pd.DataFrame
    separate: dict[str, tuple[str, int]] = field(default_factory=dict)
    separate_cost: float = np.inf
    judged: int = 0
    reason: str = ""


def required_mix(
    queues: Sequence[Queue],
    calls_per_hour: ArrayLike,
    aht_seconds: ArrayLike,
    groups: Sequence[SkillGroup],
    routing: Routing | None = None,
    specialists_first: bool = False,
    effort: float = 1.0,
    seed: int = 1,
) -> MixResult:
    """The cheapest numbers of agents of each skill group with which every queue keeps its limits.

    Parameters
    ----------
    queues : immediate queues with their targets, patience, priority, concurrency
    calls_per_hour, aht_seconds : contacts that reach agents and their handle time at usual speed, shape (queues,)
    groups : who there may be. With equal costs, of two mixes that cost the same the one with fewer skills is chosen
    routing : who among free agents goes first; among waiting contacts priority, then the longest waiting
    specialists_first : whether a contact goes to free agents with few skills before those with many
    effort : how long a vector of agents is simulated, at most: 1 is 400,000 contacts and at least 10,000 handle times. A limit is
        kept where its whole 95 % interval is on the good side: less effort, wider intervals, now and then an agent more
    seed : the same seed gives the same answer

    Raises
    ------
    BadInput
        naming everything that is wrong with what was given, limits out of reach among it.

    Examples
    --------
    >>> calls, chats = Queue("calls", target_seconds=20, patience_seconds=120), Queue("orders", target_seconds=20, patience_seconds=120)
    >>> groups = [SkillGroup("calls", {"calls": 1}), SkillGroup("both", {"calls": 1, "orders": 1}, cost=1.1)]
    >>> found = required_mix([calls, chats], [120, 60], [180, 180], groups, effort=0.2)
    >>> found.met, sum(found.agents.values()), found.separate
    (True, 12, {'calls': ('calls', 8), 'orders': ('both', 5)})
    """
    rates, aht = _checked(queues, calls_per_hour, aht_seconds, groups, effort)
    speeds = np.array(
        [[group.skills.get(queue.name, 0.0) for queue in queues] for group in groups], dtype=float
    )
    choice = Choice(
        np.array([group.cost for group in groups], dtype=float),
        (speeds > 0).sum(axis=1),
        np.array([group.at_least for group in groups], dtype=np.int64),
        np.array([NO_LIMIT if group.at_most is None else group.at_most for group in groups], dtype=np.int64),
    )
    contacts = effort * max(CONTACTS, HANDLE_TIMES * float(rates @ aht) / 3600.0)
    judge = Judge(queues, rates, aht, speeds, routing or Routing(), contacts, seed, specialists_first)
    return _Mix(queues, groups, choice, bounds_of(queues, rates, aht, speeds), judge).result()


@dataclass(frozen=True, eq=False, slots=True)
class _Mix:
    """One question while it is being answered."""

    queues: Sequence[Queue]
    groups: Sequence[SkillGroup]
    choice: Choice
    bounds: Bounds
    judge: Judge

    def result(self) -> MixResult:
        """The answer: the search's, or separate teams where they are cheaper."""
        if not self.judge.rates.any():
            return self._told(self.choice.least, None, {}, np.inf)
        agents = self._searched()
        separate, apart = self._separate()
        verdict = self.judge.verdict(agents)
        price = float(apart @ self.choice.cost) if separate else np.inf
        if separate and (not verdict.met or price < self.choice.price(agents)[0]):
            places = [(self._place(group), q, count) for q, (group, count) in enumerate(separate.values())]
            group = np.concatenate([np.full(count, g) for g, _, count in places])
            only = np.concatenate([np.full(count, q) for _, q, count in places])
            return self._told(apart, self.judge.simulated(group, only), separate, price, dedicated=True)
        return self._told(agents, verdict, separate, price)

    def _searched(self) -> Ints:
        """From an estimate by bounds to what simulation asks for."""
        first = repaired(self.choice, self.choice.least, self.bounds.missing_to_begin)
        if self.bounds.missing_to_begin(first) == 0:
            first = improved(self.choice, first, self.bounds.missing_to_begin)
        while True:
            agents = repaired(self.choice, first, self._missing)
            if self._missing(agents) > 0:
                return agents
            first = improved(self.choice, agents, self._missing)
            if self.judge.confirmed(first).met:
                return first

    def _missing(self, agents: Ints) -> float:
        """What a vector lacks: by the bounds, and only if they hold by simulation."""
        lacking = self.bounds.missing(agents)
        return 1e3 + lacking if lacking > 0 else self.judge.verdict(agents).missing

    def _separate(self) -> tuple[dict[str, tuple[str, int]], Ints]:
        """The cheapest team for each queue alone, by formula; nothing where limits of groups forbid these teams."""
        teams, total = {}, np.zeros(len(self.groups), dtype=np.int64)
        for q, queue in enumerate(self.queues):
            rate, options = np.array([[self.judge.rates[q]]]), []
            for g in np.flatnonzero(self.bounds.speeds[:, q]).tolist():
                handle = np.array([[self.judge.aht_seconds[q] / self.bounds.speeds[g, q]]])
                count = int(Team((queue,)).required(rate, handle)[0])
                options.append((count * self.choice.cost[g], self.choice.skills[g], g, count))
            if options:
                _, _, g, count = min(options)
                teams[queue.name], total[g] = (self.groups[g].name, count), total[g] + count
        total = np.maximum(total, self.choice.least)
        return (teams, total) if self.choice.allows(total) else ({}, total)

    def _place(self, name: str) -> int:
        return [group.name for group in self.groups].index(name)

    def _told(
        self,
        agents: Ints,
        verdict: Verdict | None,
        separate: dict[str, tuple[str, int]],
        price: float,
        dedicated: bool = False,
    ) -> MixResult:
        """The answer in words and tables."""
        met = verdict is None or verdict.met or dedicated
        return MixResult(
            agents={group.name: int(count) for group, count in zip(self.groups, agents, strict=True)},
            cost=float(agents @ self.choice.cost),
            met=met,
            dedicated=dedicated,
            service=self._service(verdict, dedicated),
            neighbours=pd.DataFrame(
                [] if dedicated or verdict is None else self._neighbours(agents),
                columns=["group", "agents", "misses"],
            ),
            separate=separate,
            separate_cost=price,
            judged=len(self.judge.verdicts),
            reason=self._reason(agents, met, dedicated),
        )

    def _service(self, verdict: Verdict | None, dedicated: bool) -> pd.DataFrame:
        load = self.judge.rates * self.judge.aht_seconds / 3600.0
        table = pd.DataFrame({"queue": [queue.name for queue in self.queues], "erlangs": load})
        if verdict is not None:
            for name, estimate in zip(MEASURES, verdict.found, strict=True):
                table[name], table[f"{name}_low"], table[f"{name}_high"] = (
                    estimate.mean,
                    estimate.low,
                    estimate.high,
                )
            missed = verdict.broken if dedicated else ~verdict.kept  # a formula leaves nothing uncertain
            table["misses"] = [", ".join(np.array(MEASURES)[each]) for each in missed.T]
        return table

    def _neighbours(self, agents: Ints) -> list[dict[str, object]]:
        """What would not hold with one agent fewer in each group."""
        rows = []
        for g, unit in enumerate(np.eye(len(agents), dtype=np.int64)):
            fewer = agents - unit
            if self.choice.allows(fewer):
                rows.append(
                    {"group": self.groups[g].name, "agents": int(fewer[g]), "misses": self._misses(fewer)}
                )
        return rows

    def _misses(self, agents: Ints) -> str:
        """Limits that a vector does not keep, in words."""
        if self.bounds.missing(agents) > 0:
            return self.bounds.words(agents, self.queues)
        verdict = self.judge.verdict(agents)
        return ", ".join(
            f"{self.queues[q].name} {MEASURES[m]}" + ("" if verdict.broken[m, q] else " (not certain)")
            for m, q in np.argwhere(~verdict.kept)
        )

    def _reason(self, agents: Ints, met: bool, dedicated: bool) -> str:
        """What there is to say about an answer."""
        if dedicated:
            return "one team for each queue keeps every limit by formula; agents shared between queues would cost more"
        return "" if met else "groups may not have more agents (at_most): " + self._misses(agents)


def _checked(
    queues: Sequence[Queue],
    calls_per_hour: ArrayLike,
    aht_seconds: ArrayLike,
    groups: Sequence[SkillGroup],
    effort: float,
) -> tuple[Floats, Floats]:
    """Contacts an hour and handle times, shape (queues,); everything wrong is told."""
    faults = Faults()
    names = [queue.name for queue in queues]
    for what, found in (("queues", names), ("groups", [group.name for group in groups])):
        if not found or len(set(found)) < len(found):
            faults.add("required_mix", "at least one, each name once", found=", ".join(found), column=what)
    for queue in queues:
        _check_queue(queue, faults)
    for group in groups:
        _check_group(group, names, faults)
    served = {name for group in groups for name in group.skills}
    for name in names:
        if name not in served:
            faults.add("required_mix", "a group with this skill", column=f"queue.{name}")
    if not 0 < effort < np.inf:
        faults.add("required_mix", "a number above 0", found=effort, column="effort")
    given = {"calls_per_hour": (calls_per_hour, NOT_NEGATIVE), "aht_seconds": (aht_seconds, POSITIVE)}
    rate, aht, _ = checked("required_mix", given | {"queues": (np.zeros(len(names)), NOT_NEGATIVE)}, *faults)
    if rate.ndim > 1:
        raise BadInput(
            [
                Fault(
                    "required_mix",
                    f"{len(names)} numbers, one a queue",
                    f"shape {rate.shape}",
                    column="calls_per_hour",
                )
            ]
        )
    return rate, aht


def _check_queue(queue: Queue, faults: Faults) -> None:
    where = f"queue.{queue.name}"
    if queue.deferred or queue.target_seconds is None:
        faults.add(
            "required_mix",
            "a queue with target_seconds: work that may wait has no steady interval",
            column=where,
        )
    if queue.callback_share:
        expected = "0: simulation knows no call-backs"
        faults.add("required_mix", expected, found=queue.callback_share, column=f"{where}.callback_share")


def _check_group(group: SkillGroup, names: Sequence[str], faults: Faults) -> None:
    where = f"group.{group.name}"
    for name, speed in group.skills.items():
        if name not in names:
            faults.add("required_mix", "a queue: " + ", ".join(names), found=name, column=f"{where}.skills")
        if not 0 < speed < np.inf:
            faults.add("required_mix", "a speed above 0", found=speed, column=f"{where}.skills.{name}")
    if not 0 < group.cost < np.inf:
        faults.add("required_mix", "a cost above 0", found=group.cost, column=f"{where}.cost")
    most = NO_LIMIT if group.at_most is None else group.at_most
    if not 0 <= group.at_least <= most:
        found = f"{group.at_least} to {group.at_most}"
        faults.add("required_mix", "at_least from 0 up to at_most", found=found, column=where)
