"""Reading ``passes.csv``: exams that people have taken, by which they leave a stage of onboarding. Faults name people by ``agent_id``."""

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from centre import cells
from centre.errors import Faults
from centre.tables import read_table_or_empty

PASSES = ("agent_id", "exam", "date", "result")
RESULTS = ("pass", "fail")


def passes_frame(path: Path | None, agents: Collection[str] | None, faults: Faults) -> pd.DataFrame:
    """Exams taken: ``agent_id``, ``exam``, ``date`` as dates, ``result`` (pass, fail) and the ``row`` of the file.

    ``agents`` are the people told of elsewhere; None: not checked.
    """
    table = read_table_or_empty(path, PASSES, (), faults)

    columns = {
        "agent_id": table.values("agent_id", cells.agent_id(agents), shown=cells.unless_a_name),
        "exam": table.texts("exam"),
        "date": table.values("date", cells.day),
        "result": table.values("result", cells.choice(*RESULTS), shown=cells.hidden),
    }
    return pd.DataFrame(columns | {"row": table.rows})
