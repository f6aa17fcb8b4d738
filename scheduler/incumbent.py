"""What a search tells of the best rota that it has so far."""

from collections.abc import Callable

from scheduler.rota import Rota


class Incumbent(str):
    """Words of progress that also hold their figures and, for whoever wants it, the rota.

    Parameters
    ----------
    cost, bound : of the objective
    gap : share of the controllable cost that is not proven to be needed
    rota : makes the rota, which takes a while

    Examples
    --------
    >>> print(Incumbent.of(1200.0, 1000.0, 0.25, lambda: None))
    cost 1,200, bound 1,000, gap 25.0%
    """

    cost: float
    bound: float
    gap: float
    rota: Callable[[], Rota]

    @classmethod
    def of(cls, cost: float, bound: float, gap: float, rota: Callable[[], Rota]) -> "Incumbent":
        """The words for these figures."""
        told = cls(f"cost {cost:,.0f}, bound {bound:,.0f}, gap {gap:.1%}")
        told.cost, told.bound, told.gap, told.rota = cost, bound, gap, rota
        return told
