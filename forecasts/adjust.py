"""Changing contacts in a forecast table by hand: the bands move along, everything else stays as it is."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasts.grid import Floats

BAND = re.compile(r"offered_p\d+")
Rows = NDArray[np.int64]
"""Positions of rows in a table."""


@dataclass(frozen=True, slots=True)
class Adjustable:
    """The numbers of a forecast that may be changed: ``offered``, its bands, ``aht_seconds``; by column name."""

    table: pd.DataFrame
    columns: dict[str, Floats]

    @classmethod
    def of(cls, table: pd.DataFrame) -> "Adjustable":
        """Copies of a table's numbers; the table itself is left alone."""
        names = [name for name in table.columns if name in ("offered", "aht_seconds") or BAND.fullmatch(name)]
        return cls(table, {name: table[name].to_numpy(dtype=np.float64, copy=True) for name in names})

    @property
    def offered(self) -> Floats:
        """Contacts as they stand, shape (rows,)."""
        return self.columns["offered"]

    def change(self, rows: Rows, offered: Floats, *, shift: bool = False) -> None:
        """Set the contacts of some rows. Bands keep their width beside them, or with ``shift`` (and where there
        was nothing) their distance from them, never below 0.
        """
        before = self.offered[rows]
        moved = (before <= 0) | shift
        ratio = np.divide(offered, before, out=np.ones_like(offered), where=~moved)
        for name, values in self.columns.items():
            if BAND.fullmatch(name):
                beside = np.clip(values[rows] + offered - before, 0, None)
                values[rows] = np.where(moved, beside, values[rows] * ratio)
        self.offered[rows] = offered

    def spread(self, rows: Rows, total: float, weights: Floats | None = None, *, shift: bool = False) -> bool:
        """Make the contacts of some rows add up to ``total``, in their own proportions; evenly where there are
        none, and then the answer is False.

        Parameters
        ----------
        weights : share of each row that counts, shape (rows,); the rest of the row stays; default 1
        """
        counted = np.ones(len(rows)) if weights is None else weights
        before = self.offered[rows]
        there = float((before * counted).sum())
        even = counted * total / counted.sum()
        inside = before * counted * (total / there) if there > 0 else even
        self.change(rows, before * (1 - counted) + inside, shift=shift)
        return there > 0

    def result(self, **before: str) -> pd.DataFrame:
        """The table with its new numbers; each of ``before`` is a column added that holds an old one, unless
        there is one of the name.
        """
        table = self.table.copy()
        for name, old in before.items():
            if name not in table:
                table[name] = self.table[old]
        for name, values in self.columns.items():
            kind = self.table[name].to_numpy().dtype
            table[name] = values.astype(kind) if kind.kind == "f" else values
        return table
