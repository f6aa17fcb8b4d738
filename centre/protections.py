"""Reading ``protections.csv``: periods in which a law protects a person. Faults repeat nothing of the kind,
which may tell of someone's health.
"""

from collections.abc import Collection
from pathlib import Path

import numpy as np
import pandas as pd

from centre import cells
from centre.errors import Faults
from centre.tables import read_table

PROTECTIONS = ("agent_id", "kind", "start", "end")
KINDS = ("pregnancy", "after_birth", "nursing", "young_child", "night_unfit", "disability")


def protections_frame(
    path: Path | None, agents: Collection[str] | None, faults: Faults
) -> pd.DataFrame | None:
    """Protected periods: ``agent_id``, ``kind`` (one of `KINDS`), ``start`` and ``end`` as dates, both days
    counted, ``end`` None where it is open, and the ``row`` of the file; None where there is no file.

    ``agents`` are the people told of elsewhere; None: not checked.
    """
    if path is None or (table := read_table(path, PROTECTIONS, (), faults)) is None:
        return None

    columns = {
        "agent_id": table.values("agent_id", cells.agent_id(agents), shown=cells.unless_a_name),
        "kind": table.values("kind", cells.choice(*KINDS), shown=cells.hidden),
        "start": table.values("start", cells.day, shown=cells.hidden),
        "end": table.values("end", cells.day, blank=None, shown=cells.hidden),
    }
    good = np.flatnonzero(~table.bad).tolist()
    early = [k for k in good if columns["end"][k] is not None and columns["end"][k] < columns["start"][k]]
    table.blame(early, "end", "a day on or after the start, or blank where the end is open")
    kept = np.flatnonzero(~table.bad)
    return pd.DataFrame({name: values[kept] for name, values in columns.items()} | {"row": table.rows[kept]})
