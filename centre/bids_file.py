"""Reading ``bids.csv`` and the scores of people: who wants whose line of work, and who did how well."""

from collections.abc import Collection, Mapping
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from centre import cells
from centre.errors import BadInput, Faults
from centre.tables import Table, read_table

BIDS = ("agent_id", "line", "rank")
SCORES = ("agent_id", "score")


def read_bids(path: Path, people: Collection[str], lines: Mapping[str, str]) -> pd.DataFrame:
    """Bids as ``agent_id``, ``line`` as it is written, ``rank`` (1 is wanted most), ``row``, by person and rank.

    Parameters
    ----------
    people : who may bid
    lines : names of lines

    Raises
    ------
    BadInput
        with every fault: people or lines that are not known, a line or rank that somebody has twice.
    """
    faults = Faults()
    table = read_table(path, BIDS, (), faults)
    faults.raise_if_any()
    assert table is not None

    def line(cell: str) -> str:
        if cells.text(cell) not in lines:
            raise ValueError("a line of the rota: the agent_id whose it is, or its number such as L001")
        return cells.text(cell)

    def rank(cell: str) -> int:
        if not (cell.isascii() and cell.isdigit() and 1 <= int(cell) < 10**6):
            raise ValueError("a whole number of at least 1: 1 for the line wanted most")
        return int(cell)

    frame = pd.DataFrame(
        {
            "agent_id": _people(table, people),
            "line": table.values("line", line, shown=cells.unless_a_name),
            "rank": table.values("rank", rank, np.int64),
            "row": table.rows,
        }
    )
    of_lines = frame.assign(line=[lines.get(str(name), "") for name in frame["line"]])
    good = of_lines[~table.bad]
    for column, words in (
        ("rank", "each rank of a person once"),
        ("line", "each line once in a person's bids"),
    ):
        repeated = good.index[good.duplicated(["agent_id", column])].tolist()
        table.blame(repeated, column, words, partial(table.cell, column))
    faults.raise_if_any()
    return frame.sort_values(["agent_id", "rank"], kind="stable").reset_index(drop=True)


def read_scores(path: Path, people: Collection[str]) -> dict[str, float]:
    """Scores by agent_id; raises `BadInput` with every fault, which repeat no score."""
    faults = Faults()
    table = read_table(path, SCORES, (), faults)
    if table is None:
        raise BadInput(list(faults))
    ids, scores = _people(table, people), table.values("score", cells.number(), float, shown=cells.hidden)
    repeated = np.flatnonzero(~table.bad & pd.Series(ids).duplicated().to_numpy()).tolist()
    table.blame(repeated, "agent_id", "each person once", lambda k: ids[k])
    faults.raise_if_any()
    return dict(zip(ids.tolist(), scores.tolist(), strict=True))


def _people(table: Table, people: Collection[str]) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    return table.values("agent_id", cells.agent_id(people), shown=cells.unless_a_name)
