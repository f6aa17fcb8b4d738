"""A linear programme over lines of work: cover by the lines that pricing finds, then rounded by diving."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from scheduler.nrp.instance import OFF, Ints
from scheduler.problem import Floats
from scheduler.solve.nrp_pricing import Priced, Pricer
from scheduler.solve.nrp_saddle import equilibrium
from scheduler.solve.nrp_simplex import Simplex
from scheduler.solve.nrp_span import Span

Clock = Callable[[], float]
"""Seconds that are left; negative when time is up."""
STEPS, SMOOTHING, CLEAR = 200, 0.5, 0.75
SMALL = 10_000
"""People x days x shifts up to which the simplex method is quicker than rounds of a first-order method."""
LOSS = 3e-4
"""Share of the cost that fixing may add before lines are priced again."""
NEAR, USED = 2.0, 1e-3
"""Reduced cost up to which a column takes part in a dive, and share from which it does."""


@dataclass(frozen=True, eq=False)
class Part:
    """Some people on some days, everything else kept.

    Parameters
    ----------
    people : numbers of the people
    first, last : days from ``first`` to before ``last`` may change
    spans : of each of them
    wishes : what each shift adds to the penalty, (people, days, shifts)
    wanted : people wanted of them, (days, shifts)
    under, over : price of each missing and beyond, (days, shifts)
    """

    people: list[int]
    first: int
    last: int
    spans: list[Span]
    wishes: Floats
    wanted: Ints
    under: Ints
    over: Ints

    def cost(self, number: int, line: Ints) -> int:
        """What a line of the person costs by itself."""
        worked = np.flatnonzero(line != OFF)
        return int(self.wishes[number, worked, line[worked]].sum())


@dataclass(eq=False)
class Column:
    """A line of a person, what it costs by itself, and the share of the person that works it."""

    line: Ints
    cost: int
    share: float = 0.0


@dataclass
class Master:
    """Lines of the people of a part and their shares."""

    part: Part
    pricer: Pricer
    left: Clock
    columns: list[dict[bytes, Column]] = field(init=False)
    fixed: dict[int, Column] = field(default_factory=dict)
    bound: float = -np.inf

    def __post_init__(self) -> None:
        part = self.part
        self.columns = [{} for _ in part.people]
        self._wanted = part.wanted.ravel().astype(np.float64)
        self._under, self._over = (weight.ravel().astype(np.float64) for weight in (part.under, part.over))
        self.prices = 0.1 * self._under
        self._center = self.prices
        self._pace = np.array([1e-2, 5.0])
        self._simplex = self._new_simplex() if part.wanted.size * len(part.people) <= SMALL else None

    def _new_simplex(self) -> Simplex:
        part = self.part
        return Simplex(part.wanted, part.under, part.over, len(part.people))

    def add(self, number: int, line: Ints) -> bool:
        """Take a line in; whether it is a new one."""
        key, own = line.tobytes(), self.columns[number]
        if key in own:
            return False
        own[key] = Column(line, self.part.cost(number, line), 0.0 if own else 1.0)
        if self._simplex:
            self._simplex.add(number, own[key])
        return True

    def solve(self, tolerance: float, steps: int) -> float:
        """Better shares and prices of the lines there are; what they cost."""
        if self._simplex:
            cost, self.prices = self._simplex.solve()
            return cost
        flat = [column for own in self.columns for column in own.values()]
        shares = np.array([column.share for column in flat])
        cost, _ = equilibrium(
            shares, self.prices, np.cumsum([0, *map(len, self.columns)]), np.array([column.line for column in flat]),
            np.array([float(column.cost) for column in flat]), self._wanted, self._under, self._over, steps,
            tolerance, self._pace,
        )  # fmt: skip
        for column, share in zip(flat, shares.tolist(), strict=True):
            column.share = share
        return cost

    def generate(self, rounds: int, tolerance: float, smoothing: float = SMOOTHING) -> float:
        """Add lines round by round until cost and proven bound are within ``tolerance``; the cost."""
        best, steps, weight, cost = -np.inf, STEPS, smoothing, np.inf
        for _ in range(rounds):
            cost = self.solve(min(1e-4, tolerance / 4), steps)
            at = weight * self._center + (1 - weight) * self.prices
            bound, fresh = self._price(at)
            if bound > best:
                best, self._center = bound, at
            if not self.fixed:
                self.bound = max(self.bound, best)
            near = cost - best < tolerance * max(1.0, abs(cost))
            if near or np.ceil(best - 1e-6) >= cost - 1e-6 or self.left() < 0:
                break
            if fresh:
                weight = smoothing
            elif weight:
                weight = 0.0
            elif self._simplex:
                break
            else:
                steps = min(8 * STEPS, steps * 2)
        return cost

    def _price(self, prices: Floats) -> tuple[float, int]:
        """The cheapest line of everybody at these prices taken in; the bound that they prove, and how many are new."""
        table = prices.reshape(self.part.wanted.shape)
        people = [number for number in range(len(self.part.people)) if number not in self.fixed]
        bound, fresh = float(prices @ self._wanted), 0
        for column in self.fixed.values():
            worked = np.flatnonzero(column.line != OFF)
            bound += column.cost - float(table[worked, column.line[worked]].sum())
        for number, priced in self._priced(people, table):
            bound += priced.bound
            if priced.line is not None:
                fresh += self.add(number, priced.line[: self.part.last - self.part.first])
        return bound, fresh

    def _priced(self, people: list[int], table: Floats) -> Iterator[tuple[int, Priced]]:
        for number in people:
            if self.left() < 0:
                yield number, Priced(-np.inf, np.inf, None)
                continue
            span = self.part.spans[number]
            cost = np.zeros((len(span.must), table.shape[1]))
            cost[: len(table)] = self.part.wishes[number] - table
            yield number, self.pricer.cheapest(self.part.people[number], cost, span)

    def dive(self, rng: np.random.Generator, noise: float, rounds: int = 3) -> list[Ints]:
        """One line for each person: fix the clearest, price again, until everyone has one."""
        before, prices = self._simplex, self.prices
        if self._simplex is None:
            self._simplex = self._new_simplex()
            for number, own in enumerate(self._near(NEAR)):
                for column in own:
                    self._simplex.add(number, column)
        self._simplex.solve()
        cost, batch = self.generate(rounds, 1e-3, 0.0), 1
        while len(self.fixed) < len(self.columns):
            bold, fresh = batch > 1 and self.left() > 0, self._fix_clearest(batch, rng, noise)
            now, _ = self._simplex.solve()
            if now <= cost + LOSS * max(1.0, abs(cost)):
                batch = min(2 * batch, 1 + len(self.columns) // 8)
            elif bold:  # too many at once
                self._free(fresh)
                batch = 1
                continue
            elif len(self.fixed) < len(self.columns) and self.left() > 0:
                many = max(rounds, 60 // (len(self.columns) - len(self.fixed)))
                now, batch = self.generate(many, 1e-3, 0.0), 1
            cost = now
        found = [self.fixed[number].line for number in range(len(self.columns))]
        for number in range(len(self.columns)):
            self._simplex.free(number)
        self._simplex, self.fixed, self.prices = before, {}, prices
        return found

    def _fix_clearest(self, batch: int, rng: np.random.Generator, noise: float) -> list[int]:
        """Fix the clearest people, at least as many as told; all of them where time is up. Who was fixed."""
        assert self._simplex
        free = [number for number in range(len(self.columns)) if number not in self.fixed]
        clearest = sorted((self._clearest(number, rng, noise) for number in free), key=lambda one: -one[0])
        fresh = []
        for rank, (value, number, column) in enumerate(clearest):
            if rank >= batch and value <= CLEAR and self.left() > 0:
                break
            self.fixed[number] = column
            self._simplex.fix(number, column)
            fresh.append(number)
        return fresh

    def _free(self, people: list[int]) -> None:
        """Take back that people were fixed."""
        assert self._simplex
        for number in people:
            del self.fixed[number]
            self._simplex.free(number)
        self._simplex.solve()

    def _clearest(self, number: int, rng: np.random.Generator, noise: float) -> tuple[float, int, Column]:
        """The column of a person with the largest share."""
        assert self._simplex
        own = self._simplex.columns(number)
        values = np.array([column.share for column in own]) + noise * rng.random(len(own))
        return float(values.max()), number, own[int(values.argmax())]

    def _near(self, most: float) -> list[list[Column]]:
        """Everybody's columns that cost at most so much more than the person's best at the prices of the bound."""
        table = self._center.reshape(self.part.wanted.shape)
        found = []
        for own in self.columns:
            columns = list(own.values())
            worked = [np.flatnonzero(column.line != OFF) for column in columns]
            worth = np.array(
                [
                    column.cost - table[days, column.line[days]].sum()
                    for column, days in zip(columns, worked, strict=True)
                ]
            )
            good = (worth <= worth.min() + most).tolist()
            found.append(
                [column for column, near in zip(columns, good, strict=True) if near or column.share > USED]
            )
        return found

    def promising(self, cost: float, own: list[Ints]) -> list[list[Ints]]:
        """Lines that could be part of something cheaper than ``cost``, and those of ``own``."""
        found = []
        for columns, line in zip(self._near(cost - self.bound + 1e-6), own, strict=True):
            lines = [column.line for column in columns]
            found.append(lines if any((one == line).all() for one in lines) else [*lines, line])
        return found
