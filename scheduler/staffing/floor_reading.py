"""Values of a floor read as arrays of full shape, everything wrong with them noted with its index."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from centre.errors import Faults
from scheduler.staffing.checks import NAMED_AT_MOST, Expected, Flags, Floats, faults_in

NUMBER = Expected("a number", np.isfinite)


def whole(low: float, high: float, words: str) -> Expected:
    """A whole number from ``low`` to below ``high``."""
    return Expected(words, lambda x: (x >= low) & (x < high) & (x == np.floor(x)))


class Reading:
    """Collects the faults of one floor; what cannot be read is read as ones, so that the rest is looked at, too."""

    def __init__(self) -> None:
        self.faults = Faults()

    def need(self, holds: object, column: str, expected: str, found: object = "") -> None:
        """Note a fault unless something holds."""
        if not holds:
            self.faults.add("floor", expected, found=found, column=column)

    def need_each(self, bad: Flags, column: str, expected: str, values: Floats) -> None:
        """Note a fault for each bad place of an array of one dimension."""
        for i in np.flatnonzero(bad)[:NAMED_AT_MOST]:
            self.need(False, column, expected, f"{values[i]:g} at index {i}")

    def numbers(self, name: str, value: ArrayLike, expected: Expected) -> Floats | None:
        """The value as floats of whatever shape; None where it is no array of numbers."""
        try:
            found = np.asarray(value, dtype=np.float64)
        except (TypeError, ValueError):
            self.need(False, name, expected.words, str(value)[:60])
            return None
        self.faults.found.extend(faults_in("floor", name, found, expected))
        return found

    def matrix(self, name: str, value: ArrayLike, expected: Expected) -> Floats:
        """An array of two dimensions."""
        found = self.numbers(name, value, expected)
        if found is not None and found.ndim != 2:
            self.need(False, name, "an array of two dimensions", f"shape {found.shape}")
        return np.ones((1, 1)) if found is None or found.ndim != 2 else np.ascontiguousarray(found)

    def array(self, name: str, value: ArrayLike, expected: Expected, shape: tuple[int, ...]) -> Floats:
        """An array that broadcasts to a shape."""
        found = self.numbers(name, value, expected)
        if found is None:
            return np.ones(shape)
        try:
            return np.array(np.broadcast_to(found, shape), order="C")
        except ValueError:
            self.need(False, name, f"shape {shape}", f"shape {found.shape}")
            return np.ones(shape)

    def by_queue_and_interval(
        self, name: str, value: ArrayLike, expected: Expected, shape: tuple[int, int]
    ) -> Floats:
        """An array of shape (queues, intervals); one dimension is one value a queue."""
        found = self.numbers(name, value, expected)
        if found is None:
            return np.ones(shape)
        if found.ndim == 1:
            found = found[:, None]
        if found.ndim in (0, 2) and all(
            have in (1, want) for have, want in zip(found.shape, shape, strict=False)
        ):
            return np.array(np.broadcast_to(found, shape), order="C")
        self.need(
            False,
            name,
            f"a number, or shape {shape[:1]}, {(shape[0], 1)} or {shape}",
            f"shape {np.shape(value)}",
        )
        return np.ones(shape)

    def codes(self, name: str, given: Sequence[int], below: int, what: str) -> list[int]:
        """The codes that exist among those given."""
        self.need(len(given) > 0, name, f"at least one, each the code of {what} below {below}")
        good = [int(code) for code in given if 0 <= code < below and code == int(code)]
        for code in given:
            self.need(code in good, name, f"the code of {what} below {below}", code)
        return good
