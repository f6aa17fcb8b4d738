"""What the exact model decided, as plain data: shifts, breaks, whom each serves; and the cover and the rota that this makes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from ortools.sat.python import cp_model

from centre.instants import day_of, to_timestamps
from scheduler.problem import Floats, RotaProblem
from scheduler.rota import COLUMNS, PAUSES, Rota, activity_kind
from scheduler.solve.exact_line import Bool, Line

Worked = tuple[int, tuple[int, ...]]
"""A shift by number, and when each of its breaks starts, in UTC minutes."""


@dataclass(frozen=True)
class Plan:
    """Who works what, person by person, and the queue that a person with a choice serves, by (person, interval)."""

    worked: tuple[tuple[Worked, ...], ...]
    serves: Mapping[tuple[int, int], int]


def worked_of(line: Line, solver: cp_model.CpSolver) -> tuple[Worked, ...]:
    """A person's shifts in a solution, by day."""
    pauses: dict[int, list[tuple[int, int]]] = {}
    for (number, index, at), variable in line.starts.items():
        if solver.boolean_value(variable):
            pauses.setdefault(number, []).append((index, at))
    chosen = [k for k, works in line.works.items() if solver.boolean_value(works)]
    chosen.sort(key=lambda k: line.shifts[k].start)
    return tuple((k, tuple(at for _, at in sorted(pauses.get(k, [])))) for k in chosen)


def served_of(
    serves: Mapping[tuple[int, int], Mapping[int, Bool]], solver: cp_model.CpSolver
) -> dict[tuple[int, int], int]:
    """The queue served in a solution by those who have a choice."""
    return {
        cell: next(queue for queue, chosen in queues.items() if solver.boolean_value(chosen))
        for cell, queues in serves.items()
    }


def cover_of(problem: RotaProblem, plan: Plan) -> Floats:
    """Minutes of effective work, shape (queues, intervals)."""
    starts, length = problem.grid.starts, problem.grid.interval_minutes
    cover = np.zeros((len(problem.queues), len(starts)))
    for number, (person, worked) in enumerate(zip(problem.people, plan.worked, strict=True)):
        speeds = {queue: speed for queue, speed in person.skills if speed > 0}
        minutes = np.zeros(len(starts))
        for begin, end, sign in _signed(problem, worked):
            inside = np.minimum(end, starts + length) - np.maximum(begin, starts)
            minutes += sign * np.maximum(0, inside)
        for t in np.flatnonzero(minutes).tolist() if speeds else ():
            queue = plan.serves.get((number, t), next(iter(speeds)))
            cover[queue, t] += speeds[queue] * minutes[t]
    return cover


def _signed(problem: RotaProblem, worked: Iterable[Worked]) -> Iterable[tuple[int, int, int]]:
    """Stretches of time with 1 for a shift and -1 for a break in it."""
    for k, pauses in worked:
        shift = problem.shifts[k]
        yield shift.start, shift.end, 1
        for at, rest in zip(pauses, shift.template.breaks, strict=True):
            yield at, at + rest.minutes, -1


def rota_of(problem: RotaProblem, plan: Plan) -> Rota:
    """The rota with one row a stretch; who has one skill works that queue, who has more any of theirs."""
    rows: list[tuple[object, ...]] = []
    for person, worked in zip(problem.people, plan.worked, strict=True):
        queues = [problem.queues[queue] for queue, _ in person.skills]
        activity = f"work:{queues[0]}" if len(queues) == 1 else "work:*"
        for k, pauses in worked:
            shift, at = problem.shifts[k], problem.shifts[k].start
            mine = person.agent_id, shift.day
            name = shift.template.name
            for start, rest in sorted(
                zip(pauses, shift.template.breaks, strict=True), key=lambda pair: pair[0]
            ):
                if start > at:
                    rows.append((*mine, at, start, activity, name, True))
                at = start + rest.minutes
                rows.append((*mine, start, at, rest.kind, name, rest.paid))
            if at < shift.end:
                rows.append((*mine, at, shift.end, activity, name, True))
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame["day"] = [day_of(day) for day in frame["day"]]
    for name in ("start", "end"):
        frame[name] = to_timestamps(frame[name].to_numpy(dtype="int64"))
    return Rota.from_frame(frame)


def hint(model: cp_model.CpModel, problem: RotaProblem, lines: Sequence[Line], rota: Rota) -> None:
    """Begin the search at a rota: at those of its shifts and breaks that the model knows."""
    duties = rota.duties
    known = {
        (rota.agent_ids[a], day, start, rota.shift_names[s])
        for a, day, start, s in zip(
            duties.agent.tolist(),
            duties.day.tolist(),
            duties.start.tolist(),
            duties.shift.tolist(),
            strict=True,
        )
    }
    paused = {
        (rota.agent_ids[rota.agent[row]], int(rota.day[row]), int(rota.start[row]))
        for row in range(len(rota))
        if activity_kind(rota.activities[rota.activity[row]]) in PAUSES
    }
    for person, line in zip(problem.people, lines, strict=True):
        there = {
            k for k in line.works
            if (person.agent_id, line.shifts[k].day, line.shifts[k].start, line.shifts[k].template.name) in known
        }  # fmt: skip
        for k, works in line.works.items():
            model.add_hint(works, k in there)
        for (k, _, at), variable in line.starts.items():
            model.add_hint(variable, k in there and (person.agent_id, line.shifts[k].day, at) in paused)
