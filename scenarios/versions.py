"""Versions of what a result was made with."""

import platform
from importlib.metadata import PackageNotFoundError, version

NAMED = ("paiban", "numpy", "pandas", "numba", "ortools", "holidays", "tzdata")


def versions() -> dict[str, str]:
    """Version by name, Python's first; packages that are not installed say so. Nothing is imported to find
    out.
    """
    return {"python": platform.python_version()} | {name: version_of(name) for name in NAMED}


def version_of(name: str) -> str:
    """Version of an installed distribution."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
