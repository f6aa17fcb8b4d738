"""Checks of what callers give: arrays broadcast together, every bad value named at once with its index."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from centre.errors import BadInput, Fault

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
NAMED_AT_MOST = 100


@dataclass(frozen=True, slots=True)
class Expected:
    """What an argument may be: in words, and as a test of every value."""

    words: str
    holds: Callable[[Floats], Flags]


NOT_NEGATIVE = Expected("a number of at least 0", lambda x: np.isfinite(x) & (x >= 0))
POSITIVE = Expected("a number above 0", lambda x: np.isfinite(x) & (x > 0))
PATIENCE = Expected("seconds above 0, or None where nobody abandons", lambda x: x > 0)
SHARE = Expected("a share from 0 to 1, such as 0.8 for 80 %", lambda x: (x >= 0) & (x <= 1))
LOSS = Expected("a share of at least 0 and below 1, such as 0.1 for 10 %", lambda x: (x >= 0) & (x < 1))


def checked(function: str, given: Mapping[str, tuple[ArrayLike, Expected]], *others: Fault) -> list[Floats]:
    """Every argument as floats, broadcast to one shape, as arrays of their own; see `viewed`."""
    views = viewed(function, given, *others)
    return [np.array(view, order="C") for view in views]  # copies: compiled code knows one kind of array


def viewed(function: str, given: Mapping[str, tuple[ArrayLike, Expected]], *others: Fault) -> list[Floats]:
    """Every argument as floats, broadcast to one shape, as views that must not be written to.

    Parameters
    ----------
    function : name of the function whose caller is told
    given : argument name -> (value, what it may be)
    others : faults found elsewhere, told together with these

    Raises
    ------
    BadInput
        with a fault for every bad value, at most 100 an argument with a count of the others.
    """
    faults = list(others)
    arrays: dict[str, Floats] = {}
    for name, (value, expected) in given.items():
        try:
            arrays[name] = np.asarray(value, dtype=np.float64)
        except (TypeError, ValueError):
            faults.append(Fault(function, expected.words, str(value)[:60], column=name))
        else:
            faults.extend(faults_in(function, name, arrays[name], expected))
    try:
        shape = np.broadcast_shapes(*(array.shape for array in arrays.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items() if array.ndim)
        faults.append(Fault(function, "arrays of shapes that broadcast", shapes))
    if faults:
        raise BadInput(faults)
    return [np.broadcast_to(array, shape) for array in arrays.values()]


def faults_in(function: str, name: str, array: Floats, expected: Expected) -> list[Fault]:
    """A fault for every value of ``array`` that is not as expected, with its index."""
    fits = expected.holds(array)
    if fits.all():
        return []
    bad = np.argwhere(~fits)
    faults = [
        Fault(function, expected.words, f"{array[tuple(at)]:g}{place_of(at)}", column=name)
        for at in bad[:NAMED_AT_MOST]
    ]
    if len(bad) > NAMED_AT_MOST:
        faults.append(
            Fault(function, expected.words, f"{len(bad) - NAMED_AT_MOST} more such values", column=name)
        )
    return faults


def place_of(index: NDArray[np.intp]) -> str:
    """Where in the array: nothing for a single number, ``at index 3``, ``at index 3, 0``."""
    return f" at index {', '.join(map(str, index))}" if len(index) else ""
