"""What counts as a contact offered: everything, or less those who gave up at once, or less those transferred in.

Telephone systems differ: some count a caller who hangs up within seconds, and some count a transferred call
twice, once in each queue. A centre chooses one definition and keeps to it.
"""

from typing import get_args

import numpy as np
import pandas as pd

from centre.errors import Faults
from centre.model import OfferedDefinition
from forecasts.grid import Floats

DEFINITIONS: tuple[OfferedDefinition, ...] = get_args(OfferedDefinition)
TAKEN_OFF: dict[str, tuple[str, ...]] = {
    "all": (),
    "without_short_abandons": ("abandoned_short",),
    "without_transfers": ("transferred_in",),
    "without_both": ("abandoned_short", "transferred_in"),
}


def offered_by(definition: str, table: pd.DataFrame, faults: Faults, *, file: str = "history") -> Floats:
    """Contacts offered of each row by a definition, shape (rows,).

    Parameters
    ----------
    definition : one of `DEFINITIONS`
    table : columns ``offered``, ``row`` and those that the definition takes off, as numbers
    faults : told where a column is missing, has no number, or takes off more than was offered

    Examples
    --------
    >>> table = pd.DataFrame({"offered": [10.0], "transferred_in": [3.0], "row": [2]})
    >>> offered_by("without_transfers", table, Faults()).tolist()
    [7.0]
    """
    offered = table["offered"].to_numpy(dtype=np.float64).copy()
    if definition not in TAKEN_OFF:
        faults.add("offered_definition", f"one of {', '.join(DEFINITIONS)}", found=definition)
        return offered
    for name in TAKEN_OFF[definition]:
        if name not in table:
            words = f"a column {name}, which offered_definition {definition!r} takes off"
            faults.add(file, words, row=1, column=name)
            return offered
        _fault_first(
            np.isnan(table[name].to_numpy()) & ~np.isnan(offered),
            table,
            name,
            "a number in every row",
            faults,
            file,
        )
        offered -= np.nan_to_num(table[name].to_numpy(dtype=np.float64))
    words = f"no more than offered ({' and '.join(TAKEN_OFF[definition])})"
    _fault_first(offered < 0, table, "offered", words, faults, file)
    return np.asarray(np.maximum(offered, 0), dtype=np.float64)


def _fault_first(
    wrong: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
    table: pd.DataFrame,
    name: str,
    expected: str,
    faults: Faults,
    file: str,
) -> None:
    """One fault for all rows that are wrong, with the first of them."""
    if wrong.any():
        row = int(table["row"].iloc[int(np.argmax(wrong))])
        faults.add(file, expected, found=f"{wrong.sum():,} rows otherwise", row=row, column=name)
