"""Reading a planner's TOML file beside a centre (a sweep, a capacity plan): values tested one by one, every fault told with its place."""

import math
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeGuard, TypeVar

from centre.cells import suggestion
from centre.errors import Faults

Row = dict[str, Any]
T = TypeVar("T")


def read_toml(path: Path, what: str, faults: Faults) -> Row:
    """A TOML file as it stands; empty with a fault noted where it cannot be read. ``what`` names its kind."""
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        faults.add(path.name, f"{what} that can be read", found=error.strerror or "")
    except ValueError as error:
        faults.add(path.name, "TOML in UTF-8", found=error)
    return {}


def is_text(value: object) -> TypeGuard[str]:
    """Text, empty or not."""
    return isinstance(value, str)


def is_day(value: object) -> TypeGuard[date]:
    """A local date without a time."""
    return isinstance(value, date) and not isinstance(value, datetime)


def is_flag(value: object) -> TypeGuard[bool]:
    """True or false."""
    return isinstance(value, bool)


def is_number(value: object) -> TypeGuard[int | float]:
    """A finite number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def is_texts(value: object) -> TypeGuard[list[str]]:
    """A list of texts, maybe of none."""
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def whole(least: int, most: int) -> Callable[[object], TypeGuard[int]]:
    """Test for a whole number within bounds."""

    def test(value: object) -> TypeGuard[int]:
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most

    return test


def between(low: float, high: float) -> Callable[[object], TypeGuard[float]]:
    """Test for a number within bounds, both included."""

    def test(value: object) -> TypeGuard[float]:
        return is_number(value) and low <= value <= high

    return test


class TomlReading:
    """One file being read: its name, and its faults."""

    def __init__(self, file: str, faults: Faults) -> None:
        self.file, self.faults = file, faults

    def add(self, column: str, expected: str, found: object = None) -> None:
        """Note a fault at a dotted path."""
        self.faults.add(self.file, expected, found="" if found is None else found, column=column)

    def need(
        self, row: Row, key: str, is_right: "Callable[[object], TypeGuard[T]]", expected: str, instead: T,
        where: str = "",
    ) -> T:  # fmt: skip
        """What stands under a key; ``instead`` where that is not right, which is told."""
        value = row.get(key)
        if is_right(value):
            return value
        self.add(where + key, expected, value)
        return instead

    def default(
        self, row: Row, key: str, is_right: "Callable[[object], TypeGuard[T]]", expected: str, usual: T,
        where: str = "",
    ) -> T:  # fmt: skip
        """What stands under a key, ``usual`` where nothing does or what is not right, which is told."""
        return self.need(row, key, is_right, expected, usual, where) if key in row else usual

    def maybe(
        self, row: Row, key: str, is_right: "Callable[[object], TypeGuard[T]]", expected: str, where: str = "",
    ) -> T | None:  # fmt: skip
        """What stands under a key, None where nothing does or what is not right, which is told."""
        value = row.get(key)
        if value is None or is_right(value):
            return value
        self.add(where + key, expected, value)
        return None

    def known(self, row: Mapping[str, Any], keys: tuple[str, ...], where: str) -> None:
        """Note keys that are none of those known."""
        for key in row:
            if key not in keys:
                self.add(f"{where}{key}", f"one of {', '.join(keys)}{suggestion(key, keys)}", key)

    def tables(self, raw: Row, name: str) -> list[Row]:
        """The tables ``[[name]]``."""
        rows = raw.get(name, [])
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            return rows
        self.add(name, f"tables [[{name}]]", rows)
        return []

    def table(self, raw: Row, name: str, keys: tuple[str, ...]) -> Row:
        """The table ``[name]`` with its keys checked; empty where there is none."""
        table = raw.get(name, {})
        if not isinstance(table, dict):
            self.add(name, f"a table [{name}]", table)
            return {}
        self.known(table, keys, f"{name}.")
        return table

    def twice(self, names: Iterable[str], what: str, ours: str = "") -> None:
        """Note names that stand there more than once; ``ours`` is one among them that Paiban uses itself."""
        names = list(names)
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.add(what, "each name once" + (f", {ours} is ours" if name == ours else ""), name)
