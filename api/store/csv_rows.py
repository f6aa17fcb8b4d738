"""CSV files as header and rows: columns left out or put in, rows of some people kept."""

import csv
import io
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class CsvRows:
    """A CSV file in memory; every row as long as ``header``."""

    header: list[str]
    rows: list[list[str]]

    @classmethod
    def of(cls, content: bytes) -> "CsvRows":
        """Of a file that has been checked before; short rows are filled up."""
        read = [row for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) if any(row)]
        header = [name.strip() for name in read[0]] if read else []
        return cls(
            header, [[cell.strip() for cell in (row + [""] * len(header))[: len(header)]] for row in read[1:]]
        )

    def column(self, name: str) -> list[str]:
        """The cells of a column; empty texts where there is none of this name."""
        if name not in self.header:
            return [""] * len(self.rows)
        place = self.header.index(name)
        return [row[place] for row in self.rows]

    def only(self, names: Collection[str]) -> "CsvRows":
        """The columns of these names."""
        kept = [place for place, name in enumerate(self.header) if name in names]
        if len(kept) == len(self.header):
            return self
        return CsvRows([self.header[k] for k in kept], [[row[k] for k in kept] for row in self.rows])

    def where(self, column: str, wanted: Callable[[str], bool]) -> "CsvRows":
        """The rows whose cell of a column is wanted."""
        cells = self.column(column)
        return CsvRows(self.header, [row for row, cell in zip(self.rows, cells, strict=True) if wanted(cell)])

    def put(self, name: str, cells: Sequence[str], after: str) -> "CsvRows":
        """One more column behind the column ``after``."""
        k = self.header.index(after) + 1
        rows = [[*row[:k], cell, *row[k:]] for row, cell in zip(self.rows, cells, strict=True)]
        return CsvRows([*self.header[:k], name, *self.header[k:]], rows)

    def blanked(self, name: str) -> "CsvRows":
        """A column without what it says."""
        if name not in self.header:
            return self
        k = self.header.index(name)
        return CsvRows(self.header, [[*row[:k], "", *row[k + 1 :]] for row in self.rows])

    def bytes(self) -> bytes:
        """As our files are written: UTF-8, ``\\n``."""
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([self.header, *self.rows])
        return out.getvalue().encode()


def beside_others(kept: bytes | None, told: bytes, agents: Collection[str]) -> bytes | None:
    """A file in which the rows of some people are those told and everybody else's stay; None where those told are of others."""
    new = CsvRows.of(told)
    old = CsvRows(new.header, []) if kept is None else CsvRows.of(kept)
    if not {*new.column("agent_id")} <= {*agents}:
        return None
    mine = list(zip(*(new.column(name) for name in old.header), strict=True))
    others = old.where("agent_id", lambda agent_id: agent_id not in agents)
    by = [old.header.index(name) for name in ("agent_id", "start", "date") if name in old.header]
    return CsvRows(
        old.header, sorted([*others.rows, *map(list, mine)], key=lambda row: [row[k] for k in by])
    ).bytes()


def changed_days(before: bytes, after: bytes) -> set[tuple[str, str]]:
    """Whose day differs between two files of a rota's rows, by ``agent_id`` and ``day``.

    Examples
    --------
    >>> kept = b"agent_id,day,start\\nA001,2026-03-02,540\\nA002,2026-03-02,540\\n"
    >>> changed_days(kept, kept.replace(b"A002,2026-03-02,540", b"A002,2026-03-02,600"))
    {('A002', '2026-03-02')}
    """
    one, other = _by_day(before), _by_day(after)
    return {key for key in {*one, *other} if one.get(key) != other.get(key)}


def _by_day(rows: bytes) -> dict[tuple[str, str], set[tuple[str, ...]]]:
    table = CsvRows.of(rows)
    days: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for agent_id, day, row in zip(table.column("agent_id"), table.column("day"), table.rows, strict=True):
        days.setdefault((agent_id, day), set()).add(tuple(row))
    return days
