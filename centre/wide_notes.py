"""What a wide sheet leaves out, contradicts or leaves open, cell by cell, in the order in which it stands."""

from dataclasses import dataclass, field

from centre.instants import day_of

MOST_NOTES = 1000
"""Notes of one kind told one by one; the rest is told as a count."""
COLUMNS, ROWS, EMPTY, DAYS, WHOLE = range(5)
"""Where a note stands among those of its table, and among those of all tables."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something about the file that was left out or assumed; person and day number where it is about one."""

    sentence: str
    agent_id: str = ""
    day: int | None = None


@dataclass
class Notes:
    """Collects notes with the place that they are sorted by: table, part of it, row and column."""

    found: list[tuple[tuple[int, ...], Note]] = field(default_factory=list)

    def add(self, place: tuple[int, ...], sentence: str, agent_id: str = "", day: int | None = None) -> None:
        """Note one thing; notes of one place stay in the order in which they came."""
        self.found.append((place, Note(sentence, agent_id, day)))

    def sorted(self) -> list[Note]:
        """All notes by place."""
        return [note for _, note in sorted(self.found, key=lambda one: one[0])]


def cell_place(sheet: str, row: int, column: int, day: int) -> str:
    """How a cell is named in a note.

    Examples
    --------
    >>> cell_place("s.csv", 3, 1, 20514)
    's.csv, row 3, column B (2026-03-02)'
    """
    return f"{sheet}, row {row}, column {column_name(column)} ({day_of(day)})"


def column_name(place: int) -> str:
    """The letters that a spreadsheet shows over a column.

    Examples
    --------
    >>> column_name(0), column_name(27)
    ('A', 'AB')
    """
    letters = ""
    while place >= 0:
        place, letter = divmod(place, 26)
        letters, place = chr(65 + letter) + letters, place - 1
    return letters
