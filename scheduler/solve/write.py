"""From the arrays of a solve to the rota that people read."""

import pandas as pd

from centre.instants import day_of, to_timestamps
from scheduler.problem import RotaProblem
from scheduler.rota import COLUMNS, Rota
from scheduler.solve.roster import Roster

Row = tuple[str, int, int, int, str, str, bool]


def rota_of(problem: RotaProblem, roster: Roster) -> Rota:
    """The rota with one row a stretch; who has one skill works that queue, who has more any of theirs."""
    rows: list[Row] = []
    for number, person in enumerate(problem.people):
        queues = [problem.queues[queue] for queue, _ in person.skills]
        activity = f"work:{queues[0]}" if len(queues) == 1 else "work:*"
        for day, index in enumerate(roster.line[number]):
            if index >= 0:
                starts = [int(at) + problem.grid.start for at in roster.pauses[number, day]]
                rows += _stretches(problem, int(index), person.agent_id, activity, starts)
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame["day"] = [day_of(day) for day in frame["day"]]
    for name in ("start", "end"):
        frame[name] = to_timestamps(frame[name].to_numpy(dtype="int64"))
    return Rota.from_frame(frame)


def _stretches(
    problem: RotaProblem, index: int, agent_id: str, activity: str, starts: list[int]
) -> list[Row]:
    """One shift as work, break, work, ..."""
    shift, name = problem.shifts[index], problem.shifts[index].template.name
    rows: list[Row] = []
    at = shift.start
    for start, pause in sorted(zip(starts, shift.template.breaks, strict=False), key=lambda item: item[0]):
        if start > at:
            rows.append((agent_id, shift.day, at, start, activity, name, True))
        rows.append((agent_id, shift.day, start, start + pause.minutes, pause.kind, name, pause.paid))
        at = start + pause.minutes
    if at < shift.end:
        rows.append((agent_id, shift.day, at, shift.end, activity, name, True))
    return rows
