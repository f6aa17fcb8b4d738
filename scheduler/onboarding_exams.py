"""Exams of starters in a rota: at the end of a training day, or where the queue loses least."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from centre.instants import Minutes, day_of
from centre.onboarding import Onboarding
from scheduler.onboarding_lines import Line
from scheduler.problem import Floats
from scheduler.rota import Flags, Rota
from scheduler.rules.shared.starters import SERVES, is_training_day
from scheduler.rules.shared.worked import Rows
from scheduler.stages import EXAM, INDUCTION, Exam


@dataclass(frozen=True, eq=False)
class Spare:
    """Agents at work beyond those to be rostered: interval starts in UTC minutes and ``net``, shape (intervals,), negative where short."""

    starts: Minutes
    net: Floats
    interval_minutes: int

    def least(self, start: int, end: int) -> float:
        """The least in a stretch; where nothing is asked for, more than anywhere."""
        touched = self.net[(self.starts < end) & (self.starts + self.interval_minutes > start)]
        return float(touched.min()) if len(touched) else float("inf")

    def taken(self, start: int, end: int) -> "Spare":
        """With one agent less in a stretch."""
        touched = (self.starts < end) & (self.starts + self.interval_minutes > start)
        return replace(self, net=self.net - touched)


def with_exams(
    rota: Rota, lines: tuple[Line, ...], onboarding: Onboarding, spare: Spare, end_day: int
) -> tuple[Rota, tuple[str, ...]]:
    """The rota with every exam of the horizon, and sentences about those for which there is no place."""
    told = list[str]()
    for line in lines:
        for exam in line.starter.exams:
            if exam.day >= end_day:
                continue
            place = _place(rota, line, exam, onboarding.exam_minutes, spare)
            if place is None:
                told.append(
                    f"onboarding: {line.starter.agent_id} has no {onboarding.exam_minutes} min at work in a row for the {exam.name}"
                    f" from {day_of(exam.day)} to {day_of(end_day - 1)}; the stage goes on"
                )
                continue
            row, start = place
            if exam.stage != INDUCTION:
                spare = spare.taken(start, start + onboarding.exam_minutes)
            rota = _put(rota, row, start, start + onboarding.exam_minutes, EXAM + exam.name)
    return rota, tuple(told)


def _place(rota: Rota, line: Line, exam: Exam, minutes: int, spare: Spare) -> tuple[int, int] | None:
    """The row that an exam lies in and its start: on the first day that has room, where most are to spare; induction: at its end."""
    if line.starter.agent_id not in rota.agent_ids:
        return None
    mine = rota.agent == rota.agent_ids.index(line.starter.agent_id)
    training = np.array([is_training_day(name) for name in rota.shift_names], dtype=bool)[rota.shift]
    for day in (day for day in sorted(line.days) if day >= exam.day):
        here: Flags = mine & (rota.day == day) & (rota.end - rota.start >= minutes)
        if exam.stage == INDUCTION:
            rows = np.flatnonzero(here & training & rota.is_kind("training"))
            if len(rows):
                return int(rows[-1]), int(rota.end[rows[-1]]) - minutes
            continue
        starts = list(_starts(rota, np.flatnonzero(here & rota.is_kind(*SERVES)), minutes, spare))
        if starts:
            return min(starts, key=lambda each: (-spare.least(each[1], each[1] + minutes), each[1]))
    return None


def _starts(rota: Rota, rows: Rows, minutes: int, spare: Spare) -> Iterator[tuple[int, int]]:
    """Row and start of every place for an exam, on the steps of the intervals or at the beginning of a stretch."""
    step = spare.interval_minutes
    for row in rows.tolist():
        begin, last = int(rota.start[row]), int(rota.end[row]) - minutes
        yield from (
            (row, start)
            for start in {begin, *range(-(-begin // step) * step, last + 1, step)}
            if start <= last
        )


def _put(rota: Rota, row: int, start: int, end: int, activity: str) -> Rota:
    """The rota with an activity in a stretch of a row, the row's own before and after it."""
    book = rota.activities if activity in rota.activities else (*rota.activities, activity)
    parts = [(int(rota.start[row]), start, int(rota.activity[row])), (start, end, book.index(activity))]
    parts = [
        part for part in (*parts, (end, int(rota.end[row]), int(rota.activity[row]))) if part[1] > part[0]
    ]
    where = np.concatenate([np.arange(row), np.full(len(parts), row), np.arange(row + 1, len(rota))])
    columns = {name: getattr(rota, name)[where] for name in ("agent", "day", "shift", "paid")}
    times = {name: getattr(rota, name)[where].copy() for name in ("start", "end")}
    activities = rota.activity[where].copy()
    for k, (begin, until, code) in enumerate(parts):
        times["start"][row + k], times["end"][row + k], activities[row + k] = begin, until, code
    return replace(rota, activities=book, activity=activities, **columns, **times)
