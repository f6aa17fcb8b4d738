"""What a wide sheet leaves out, contradicts or leaves open, cell by cell, in the order in which it stands."""

from collections import Counter
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
    """Collects notes with the place that they are sorted by: table, part of it, row and column.

    Notes of one kind beyond `MOST_NOTES` are counted; ``kind`` are the words for what is counted.
    """

    found: list[tuple[tuple[int, ...], Note]] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)

    def add(
        self,
        place: tuple[int, ...],
        sentence: str,
        agent_id: str = "",
        day: int | None = None,
        kind: str = "",
    ) -> None:
        """Note one thing; notes of one place stay in the order in which they came."""
        self.counted[kind] += bool(kind)
        if self.counted[kind] <= MOST_NOTES:
            self.found.append((place, Note(sentence, agent_id, day)))

    def more(self, kind: str, number: int) -> None:
        """Count further notes of a kind of which `MOST_NOTES` were added."""
        self.counted[kind] += number

    def sorted(self) -> list[Note]:
        """All notes by place, then how many more there are of a kind."""
        told = [note for _, note in sorted(self.found, key=lambda one: one[0])]
        over = ((kind, number - MOST_NOTES) for kind, number in self.counted.items() if number > MOST_NOTES)
        return told + [Note(f"... and {number:,} more like these: {kind}.") for kind, number in over]


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
