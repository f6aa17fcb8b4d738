"""Reading ``notices.csv``: when a person was told of a day's shift as it stands, where it was changed."""

from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from centre import cells
from centre.errors import Faults
from centre.instants import day_number
from centre.tables import read_table_or_empty

NOTICES = ("agent_id", "day", "told_at")


def notices_of(path: Path | None, zone: ZoneInfo, faults: Faults) -> dict[tuple[str, int], int]:
    """(agent_id, day number) -> UTC minutes at which that day's shift was told; the last one where there are
    several.
    """
    table = read_table_or_empty(path, NOTICES, (), faults)
    agent_id = table.texts("agent_id")
    day = table.values("day", lambda cell: day_number(cells.day(cell)))
    told_at = table.instants("told_at", zone)
    notices: dict[tuple[str, int], int] = {}
    for k in np.flatnonzero(~table.bad):
        key = str(agent_id[k]), int(day[k])
        notices[key] = max(int(told_at[k]), notices.get(key, int(told_at[k])))
    return notices
