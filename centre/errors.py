"""The errors of the whole product: one small tree.

PaibanError
├── BadInput        what the user gave is wrong: every fault, with file, row, column, value, expected
└── Stopped         a limit or a signal ended the work without a usable result
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")


class PaibanError(Exception):
    """Root of every error that Paiban raises on purpose."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with what the user gave.

    Parameters
    ----------
    file : name of the file as the user knows it, or the option's name
    expected : what would have been right, in words
    found : the value as it stands in the file; empty when there is none
    row : line number as an editor or spreadsheet shows it (the header is row 1); None where it does not apply
    column : column name or dotted path of a setting
    """

    file: str
    expected: str
    found: str = ""
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        place = [self.file]
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column:
            place.append(self.column)
        found = f"found {self.found!r}, " if self.found else ""
        return f"{', '.join(place)}: {found}expected {self.expected}"


class BadInput(PaibanError):
    """What the user gave is wrong; carries every fault found, not the first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class Stopped(PaibanError):
    """A limit or a signal ended the work before there was a usable result."""


@dataclass
class Faults:
    """Collects faults and warnings while input is read, so that all are told at once.

    Examples
    --------
    >>> faults = Faults()
    >>> faults.add("agents.csv", "a contract of centre.toml", found="5x9", row=7, column="contract")
    >>> str(list(faults)[0])
    "agents.csv, row 7, contract: found '5x9', expected a contract of centre.toml"
    """

    found: list[Fault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def add(
        self, file: str, expected: str, *, found: object = "", row: int | None = None, column: str = ""
    ) -> None:
        """Note one fault; a long value found is cut at 60 characters."""
        text = str(found)
        self.found.append(Fault(file, expected, text if len(text) <= 60 else text[:57] + "...", row, column))

    def warn(self, sentence: str) -> None:
        """Note something that the user should know and that stops nothing."""
        self.warnings.append(sentence)

    def tried(self, reading: Callable[[], T]) -> T | None:
        """What is read, or None with its faults noted: so those of several files are told at once."""
        try:
            return reading()
        except BadInput as error:
            self.found.extend(error.faults)
            return None

    def __iter__(self) -> Iterator[Fault]:
        return iter(self.found)

    def __bool__(self) -> bool:
        return bool(self.found)

    def raise_if_any(self) -> None:
        """Raise BadInput with all that was found, if anything was."""
        if self.found:
            raise BadInput(self.found)
