"""The only rooms that import OR-Tools: from a `RotaProblem` to a rota with a proven bound."""

from scheduler.solve.engine import solve
from scheduler.solve.explain_prices import least_cost

__all__ = ["least_cost", "solve"]
