"""What is asked of a solver besides the problem, and what it answers: plain data, so that nobody needs the solver to read it."""

from dataclasses import dataclass
from typing import Literal

from scheduler.rota import Rota

Status = Literal["optimal", "feasible", "stopped", "clash"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much work a solve may do.

    Parameters
    ----------
    effort : work units; one is about a second of one core of 2026, and the same effort gives the same answer on any machine
    seconds : a clock that cuts the work short, or None; a run that it cut says so and is not reproducible
    seed : start of every random choice
    workers : threads
    gap : stop once this gap is proven
    """

    effort: int = 60
    seconds: float | None = None
    seed: int = 1
    workers: int = 2
    gap: float = 0.005


@dataclass(frozen=True, slots=True)
class Demanded:
    """One member of a clash: what a rule, a fact about people or minimum cover asks, of whom and when.

    Of minimum cover, ``queue`` and ``interval_starts`` (UTC minutes) say where: each interval clashes with the other members.
    """

    rule: str
    says: str
    agents: tuple[str, ...] = ()
    queue: str = ""
    interval_starts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class WayOut:
    """A change after which the clash is gone, tried; ``price`` is what it costs a horizon in the centre's currency, None if not known.

    ``agents`` are the people for whom ``rules`` are loosened.
    """

    sentence: str
    agents: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    price: float | None = None


@dataclass(frozen=True, slots=True)
class Clash:
    """Rules, contracts and minimum cover that cannot all hold.

    ``agents`` and ``interval_starts`` (UTC minutes) say for whom and when; ``rules`` are names of the primitives' rules, all needed for the
    clash; ``way_out`` is the cheapest relaxation found, in words. ``members`` clash together, and where ``minimal`` holds it is shown
    that no more than all of them do: without any one, for any one person, there is a rota. ``ways_out`` are the least changes first.
    """

    sentence: str
    agents: tuple[str, ...] = ()
    interval_starts: tuple[int, ...] = ()
    rules: tuple[str, ...] = ()
    way_out: str = ""
    members: tuple[Demanded, ...] = ()
    ways_out: tuple[WayOut, ...] = ()
    minimal: bool = False


@dataclass(frozen=True, slots=True)
class RulePrice:
    """What a rule costs, by bounds: no rota costs less than ``bound_with`` it, none less than ``bound_without`` it.

    ``saved`` is their difference, what the proven least would fall by, and no promise of a rota; ``agents`` are those for whom the rule
    alone forbids some line of shifts.
    """

    rule: str
    bound_with: float
    bound_without: float
    saved: float
    agents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Solution:
    """A rota with what is proven about it.

    Parameters
    ----------
    status : ``optimal`` when no rota is better, ``feasible`` with the gap that is told, ``stopped`` when the clock cut the
        work, ``clash`` when rules and minimum cover contradict (the rota then breaks as little as it must)
    cost : price by term: ``pay``, ``overtime``, ``shortage``, ``surplus``, ``requests``, ``below_minimum``; they sum to ``objective``;
        where a pay law is in force, those of `scheduler.cost.PAY_TERMS` too
    bound : no rota can cost less (same terms)
    fixed_cost : the part of pay that contracts fix whatever the rota is
    gap : (objective - bound) / (objective - fixed_cost), 0 where nothing is controllable
    reproducible : False when a clock stopped the run
    """

    status: Status
    rota: Rota
    cost: dict[str, float]
    objective: float
    bound: float
    fixed_cost: float
    gap: float
    reproducible: bool
    seconds: float
    clashes: tuple[Clash, ...] = ()
