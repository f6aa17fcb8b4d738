"""Cover in the exact model: who serves which queue in each interval, what that leaves short or too many, and who is on duty.

Minutes of effective work are whole numbers of a unit: the minutes on which shifts and breaks may begin and end have a common
divisor, speeds a common denominator. Between two neighbouring values that cover can take, its price is drawn as a straight line:
the price is then right at every value there is, wherever levels lie, and the rows have whole numbers only.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property, partial
from math import ceil, floor, gcd, lcm

import numpy as np
from ortools.sat.python import cp_model

from scheduler.problem import RotaProblem
from scheduler.shifts import break_starts
from scheduler.solve.exact_line import Bool, Line, Sum, total
from scheduler.solve.exact_money import Money

FINEST = 1000
"""Largest common denominator of speeds; beyond it they are rounded to thousandths."""
Term = tuple[cp_model.IntVar, int]
Weighed = tuple[float, int, list[Term]]
"""The weight of a person, their most steps at work, and the terms that make them up."""


class Cover:
    """Who is at work and whom they serve.

    ``serves`` tells for each (person, interval) with a choice the boolean of each queue.
    """

    def __init__(
        self, model: cp_model.CpModel, problem: RotaProblem, lines: Sequence[Line], money: Money
    ) -> None:
        self.model, self.problem, self.lines, self.money = model, problem, lines, money
        self.serves: dict[tuple[int, int], dict[int, Bool]] = {}
        self.length = problem.grid.interval_minutes
        self.intervals = len(problem.grid.starts)
        self.prices = problem.cover_prices()
        self.at_work = [self._at_work(line) for line in lines]
        self.most = [self._most(line) for line in lines]
        shares = self._shares()
        for queue in range(len(problem.queues)):
            for t in range(self.intervals):
                self._price_cover(queue, t, shares.get((queue, t), []))
        for row in range(len(problem.duty)):
            self._price_duty(row)

    @cached_property
    def step(self) -> int:
        """Minutes of which everything on the way from shifts to minutes inside intervals is a multiple."""
        origin, marks = self.problem.grid.start, [self.length]
        for shift in self.problem.shifts:
            marks += [shift.start - origin, shift.end - shift.start]
            for index, rest in enumerate(shift.template.breaks):
                marks += [rest.minutes, *(at - shift.start for at in break_starts(shift, index))]
        return gcd(*marks)

    def _at_work(self, line: Line) -> list[list[Term]]:
        """Minutes at work by interval, in steps, as terms of the line's booleans."""
        terms: list[list[Term]] = [[] for _ in range(self.intervals)]
        for number, works in line.works.items():
            shift = line.shifts[number]
            for t, steps in self._inside(shift.start, shift.end):
                terms[t].append((works, steps))
        for (number, index, at), pauses in line.starts.items():
            for t, steps in self._inside(at, at + line.shifts[number].template.breaks[index].minutes):
                terms[t].append((pauses, -steps))
        return terms

    def _most(self, line: Line) -> list[int]:
        """The most steps at work by interval: more than its length only where rules let shifts of two days overlap."""
        most = [0] * self.intervals
        for numbers in line.by_day.values():
            of_day: dict[int, int] = {}
            for k in numbers:
                for t, steps in self._inside(line.shifts[k].start, line.shifts[k].end):
                    of_day[t] = max(of_day.get(t, 0), steps)
            for t, steps in of_day.items():
                most[t] += steps
        return most

    def _inside(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Intervals that ``[start, end)`` touches, with the steps of it in each; outside the grid there are none."""
        start, end = start - self.problem.grid.start, end - self.problem.grid.start
        for t in range(max(0, start // self.length), min(self.intervals, -(-end // self.length))):
            inside = min(end, (t + 1) * self.length) - max(start, t * self.length)
            yield t, inside // self.step

    def _shares(self) -> dict[tuple[int, int], list[tuple[int, list[Term]]]]:
        """Who may serve each (queue, interval), with the terms of the steps that they do."""
        shares: dict[tuple[int, int], list[tuple[int, list[Term]]]] = {}
        for number, person in enumerate(self.problem.people):
            queues = [queue for queue, speed in person.skills if speed > 0]
            for t, terms in enumerate(self.at_work[number]):
                if not terms or not queues:
                    continue
                parts = [terms] if len(queues) == 1 else self._split(number, t, queues)
                for queue, part in zip(queues, parts, strict=True):
                    shares.setdefault((queue, t), []).append((number, part))
        return shares

    def _split(self, number: int, t: int, queues: Sequence[int]) -> list[list[Term]]:
        """The steps of a person with several skills in an interval: all for the one queue that they serve."""
        most, terms = self.most[number][t], self.at_work[number][t]
        choice = {queue: self.model.new_bool_var("") for queue in queues}
        self.model.add_exactly_one(choice.values())
        self.serves[number, t] = choice
        parts = {queue: self.model.new_int_var(0, most, "") for queue in queues}
        for queue, part in parts.items():
            self.model.add(part <= most * choice[queue])
        self.model.add(total(parts.values()) == _sum(terms))
        return [[(part, 1)] for part in parts.values()]

    def _price_cover(self, queue: int, t: int, shares: list[tuple[int, list[Term]]]) -> None:
        """Price of one interval of one queue."""
        problem, prices = self.problem, self.prices
        rate = problem.objective.shortage_per_agent_hour * problem.objective.below_minimum_factor
        levels = [*prices.levels[:, queue, t].tolist(), float(problem.minimum[queue, t])]
        rates = [*prices.rates[:, queue, t].tolist(), rate]
        surplus = float(prices.surplus[queue, t])

        speeds = {n: dict(problem.people[n].skills)[queue] for n, _ in shares}
        weighed = [(speeds[n], self.most[n][t], terms) for n, terms in shares]
        self._priced(weighed, partial(_service_price, levels, rates, surplus), levels)

    def _price_duty(self, row: int) -> None:
        """Price of what is missing to a row of duty, interval by interval."""
        duty = self.problem.duty[row]
        for t in range(self.intervals):
            needed = float(duty.needed[t])
            weighed = [
                (float(weight), self.most[number][t], self.at_work[number][t])
                for number, weight in enumerate(duty.weights)
                if weight and self.at_work[number][t]
            ]
            self._priced(weighed, partial(_service_price, [needed], [duty.price_per_hour], 0.0), [needed])

    def _priced(self, weighed: list[Weighed], price: Callable[[float], float], kinks: list[float]) -> None:
        """Charge a convex price per hour of the people there, each by their weight; ``kinks`` are where its slope changes."""
        exact = as_fractions([weight for weight, _, _ in weighed])
        parts = lcm(*(fraction.denominator for fraction in exact))
        whole = [int(fraction * parts) for fraction in exact]
        terms = [(v, steps * w) for w, (_, _, mine) in zip(whole, weighed, strict=True) for v, steps in mine]
        low = sum(min(0, w * most) for w, (_, most, _) in zip(whole, weighed, strict=True))
        high = sum(max(0, w * most) for w, (_, most, _) in zip(whole, weighed, strict=True))
        each, hours = self.length // self.step * parts, self.length / 60
        edges = {floor(kink * each) for kink in kinks} | {ceil(kink * each) for kink in kinks}
        at = [low, *sorted(edge for edge in edges if low < edge < high), high]
        values = [price(x / each) * hours for x in at]
        self.money.constant += values[-1]
        if low < high:
            there = self.model.new_int_var(low, high, "")
            self.model.add(there == _sum(terms))
            self._slopes(there, at, values)

    def _slopes(self, there: cp_model.IntVar, at: list[int], values: list[float]) -> None:
        """Charge the straight lines between neighbouring points: the last one's slope all along, and each bend to its left."""
        slopes = np.diff(values) / np.diff(at)
        high = at[-1]
        self.money.constant -= slopes[-1] * high
        self.money.charge(there, float(slopes[-1]), max(abs(at[0]), abs(high)))
        for bend, left, right in zip(at[1:-1], slopes[:-1], slopes[1:], strict=True):
            if right - left > 1e-12:
                short = self.model.new_int_var(0, bend - at[0], "")
                self.model.add(short >= bend - there)
                self.money.charge(short, float(right - left), bend - at[0])


def _service_price(levels: list[float], rates: list[float], surplus: float, agents: float) -> float:
    """Price per hour: of each agent missing to each level, and of each above the first."""
    short = sum(rate * max(0.0, level - agents) for level, rate in zip(levels, rates, strict=True))
    return float(short + surplus * max(0.0, agents - levels[0]))


def _sum(terms: Sequence[Term]) -> Sum:
    """A weighted sum of variables."""
    return cp_model.LinearExpr.weighted_sum([v for v, _ in terms], [steps for _, steps in terms])


def as_fractions(weights: Sequence[float]) -> list[Fraction]:
    """Weights as fractions with a common denominator of at most `FINEST`, rounded to thousandths where they have none.

    Examples
    --------
    >>> as_fractions([1.0, 0.85, 0.5])
    [Fraction(1, 1), Fraction(17, 20), Fraction(1, 2)]
    """
    fractions = [Fraction(weight).limit_denominator(FINEST) for weight in weights]
    if lcm(*(fraction.denominator for fraction in fractions)) <= FINEST:
        return fractions
    return [Fraction(round(weight * FINEST), FINEST) for weight in weights]
