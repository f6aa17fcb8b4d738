"""Reading ``exceptions.csv``: breaches of rules that somebody answers for, with the reason."""

from collections.abc import Collection
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from centre import cells
from centre.errors import Faults
from centre.instants import day_number, day_start
from centre.tables import read_table_or_empty

EXCEPTIONS = ("rule", "agent_id", "start", "end", "reason")
EXCEPTIONS_OPTIONAL = ("approved_by",)


def exceptions_frame(
    path: Path | None, zone: ZoneInfo, agents: Collection[str] | None, faults: Faults
) -> pd.DataFrame:
    """Recorded exceptions: ``rule``, ``agent_id`` (blank for everybody), ``start`` and ``end`` in UTC minutes,
    ``reason``, ``approved_by`` and the ``row`` of the file.

    The file tells dates, both counted; ``agents`` are the people told of elsewhere, None: not checked.
    """
    table = read_table_or_empty(path, EXCEPTIONS, EXCEPTIONS_OPTIONAL, faults)

    columns = {
        "rule": table.texts("rule"),
        "agent_id": table.values(
            "agent_id",
            cells.agent_id(agents, ", or blank for everybody"),
            blank="",
            shown=cells.unless_a_name,
        ),
        "start": table.values("start", lambda cell: day_number(cells.day(cell))),
        "end": table.values("end", lambda cell: day_number(cells.day(cell))),
        "reason": table.texts("reason"),
        "approved_by": table.texts("approved_by", optional=True),
    }
    good = np.flatnonzero(~table.bad).tolist()
    early = [k for k in good if columns["end"][k] < columns["start"][k]]
    table.blame(early, "end", "a day on or after the start; both days are counted")
    kept = np.flatnonzero(~table.bad)
    frame = pd.DataFrame({name: values[kept] for name, values in columns.items()} | {"row": table.rows[kept]})
    frame["start"] = [day_start(zone, day) for day in frame["start"]]
    frame["end"] = [day_start(zone, day + 1) for day in frame["end"]]
    return frame
