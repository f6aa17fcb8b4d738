"""What was wrong with rows of a file of records: a note each, so many of a kind and then a count."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from centre.tables import Table
from centre.wide.notes import Note

MOST_NOTES = 200
"""Notes told one by one for a kind of fault; the rest is told as a count."""


@dataclass(frozen=True)
class Recorded:
    """A file of records: the table of ``rota.csv``, what was left out or assumed, and the people's own clocks.

    ``unclear`` holds (``agent_id``, day number) of which a record had to be left out: what was worked on it is
    not known.
    """

    frame: pd.DataFrame
    notes: list[Note]
    zones: dict[str, ZoneInfo] = field(default_factory=dict)
    unclear: frozenset[tuple[str, int]] = frozenset()


@dataclass
class NoteBook:
    """The notes of one file; ``agents`` are the people of its rows, shape (rows,)."""

    table: Table
    agents: NDArray[np.object_]
    notes: list[Note] = field(default_factory=list)
    unclear: set[tuple[str, int]] = field(default_factory=set)
    _counts: Counter[str] = field(default_factory=Counter)

    def row(self, kind: str, position: int, words: str, day: int | None = None) -> None:
        """A note of one row; ``position`` is its place in the table, ``kind`` what it is counted under."""
        self._counts[kind] += 1
        if self._counts[kind] <= MOST_NOTES:
            place = f"{self.table.file}, row {self.table.rows[position]}"
            agent_id = str(self.agents[position])
            self.notes.append(Note(f"{place}: {agent_id or 'nobody'}: {words}", agent_id, day))

    def lost(self, kind: str, position: int, words: str, days: Sequence[int] = ()) -> None:
        """A note of a record left out; ``days`` are those of which it told, the first that of the note."""
        self.row(kind, position, words, days[0] if days else None)
        self.unclear.update((str(self.agents[position]), day) for day in days)

    def file(self, words: str) -> None:
        """A note of the file as a whole."""
        self.notes.append(Note(f"{self.table.file}: {words}"))

    def all(self) -> list[Note]:
        """Every note, the counts of what was not told one by one last."""
        more = [
            Note(f"{self.table.file}: {count - MOST_NOTES:,} more rows: {kind}.")
            for kind, count in self._counts.items()
            if count > MOST_NOTES
        ]
        return [*self.notes, *more]
