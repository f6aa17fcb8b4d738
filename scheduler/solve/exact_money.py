"""The objective of the exact model: prices in floats, kept aside until all are known, then turned into whole numbers of a small unit.

CP-SAT counts in whole numbers. The unit of money is the largest power of ten, 1 or less, in which every price is whole (a cent, say); where
there is none within what the solver can count, prices are rounded to the smallest unit that it can, and `Money.error` says by how much
the cost of any rota may be wrong for it. The bound that is told takes that away, so that it holds all the same.
"""

from dataclasses import dataclass, field

from ortools.sat.python import cp_model

MOST_DIGITS = 9
LARGEST_TOTAL = 10**15
"""Sum of all prices in units, each times the most of its variable: far from where CP-SAT's arithmetic ends, 2^62."""
EXACT_ENOUGH = 1e-9


@dataclass(frozen=True)
class Charged:
    """A price for each unit of a variable that is never further than ``most`` from 0."""

    variable: cp_model.IntVar
    price: float
    most: int


@dataclass
class Money:
    """What a model's variables cost; ``constant`` is charged whatever they are.

    ``unit`` and ``error``, in the currency of the prices, and ``offset``, in units, are known after `minimise`.
    """

    constant: float = 0.0
    charged: list[Charged] = field(default_factory=list)
    unit: float = 1.0
    error: float = 0.0
    offset: int = 0

    def charge(self, variable: cp_model.IntVar, price: float, most: int = 1) -> None:
        """Let each unit of a variable cost ``price``."""
        if price and most:
            self.charged.append(Charged(variable, price, most))

    def minimise(self, model: cp_model.CpModel, fixed: float = 0.0) -> None:
        """Choose the unit and give the model its objective: the cost less what is ``fixed``, so that its gap is over the rest."""
        for digits in range(MOST_DIGITS + 1):
            total = sum(abs(c.price) * c.most for c in self.charged) * 10**digits
            if digits and total > LARGEST_TOTAL:
                break
            self.unit = 10.0**-digits
            self.error = sum(abs(c.price - self._whole(c) * self.unit) * c.most for c in self.charged)
            if self.error <= EXACT_ENOUGH:
                break
        self.offset = round((self.constant - fixed) / self.unit)
        variables = [c.variable for c in self.charged]
        total = cp_model.LinearExpr.weighted_sum(variables, [self._whole(c) for c in self.charged])
        model.minimize(total + self.offset)

    def _whole(self, charged: Charged) -> int:
        """A price in units."""
        return round(charged.price / self.unit)

    def cost(self, objective: float) -> float:
        """What a value of the model's objective means in the currency."""
        return (objective - self.offset) * self.unit + self.constant

    def bound(self, objective: float) -> float:
        """What a bound on the model's objective proves about the cost, rounding of prices taken away; -inf proves little."""
        least = self.constant - sum(max(0.0, -c.price) * c.most for c in self.charged)
        return max(least, self.cost(objective) - self.error)
