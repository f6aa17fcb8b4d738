"""A unit of effort in tests: a twentieth of ours, which searches for a second, since their problems are small."""

from scheduler.solve import run

OPERATIONS_PER_UNIT = 3.5e6


def search_little() -> None:
    """For this process from now on; other processes must be told too, or their rotas are others."""
    run.OPERATIONS_PER_UNIT = OPERATIONS_PER_UNIT
