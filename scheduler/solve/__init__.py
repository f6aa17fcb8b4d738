"""The only rooms that import OR-Tools: from a `RotaProblem` to a rota with a proven bound."""

from scheduler.solve.engine import solve

__all__ = ["solve"]
