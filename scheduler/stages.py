"""Stages of new starters by day: induction, beside a mentor, independent. A stage is left by a recorded pass, or by one that is assumed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from centre.instants import week_of
from centre.onboarding import Onboarding, Stage
from centre.people import Agent
from scheduler.rota import Rota

OPEN_END = 1 << 30
"""After every day number."""
INDUCTION: Stage = "induction"
MENTORED: Stage = "mentored"
INDEPENDENT: Stage = "independent"
EXAM, TRAINING = "exam:", "training:"
Span = tuple[Stage, int, int]
"""A stage with its first and last day, both counted."""
Result = tuple[int, str, bool]
"""An exam taken: day, name, whether it was passed."""


@dataclass(frozen=True, slots=True)
class Exam:
    """An exam to come, by which somebody is assumed to leave a stage.

    Parameters
    ----------
    day : the first day that the stage's length allows, or on which it can be taken again
    overdue : the stage's length was over before the horizon and no pass is recorded
    again : it was taken and failed before
    """

    stage: Stage
    name: str
    day: int
    overdue: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True)
class Starter:
    """A new starter with their stages in order, the last without an end, and the exams that are to come.

    ``trained`` are the days of induction that its length takes.
    """

    agent_id: str
    mentor: str
    stages: tuple[Span, ...]
    exams: tuple[Exam, ...] = ()
    trained: tuple[int, ...] = ()

    def stage_on(self, day: int) -> Stage | None:
        """The stage on a day; None before the first."""
        return next((stage for stage, first, last in self.stages if first <= day <= last), None)

    def first_day_of(self, stage: Stage) -> int | None:
        """The first day of a stage; None where they skip it."""
        return next((first for name, first, _ in self.stages if name == stage), None)

    def is_assumed(self, day: int) -> bool:
        """Whether the stage on a day rests upon a pass that is not recorded."""
        return any(exam.day < day for exam in self.exams)

    def speed_on(self, day: int, onboarding: Onboarding) -> float:
        """Share of their speed at the queue that they serve with on a day at work, the share of the time that they watch left out."""
        stage, since = self.stage_on(day), self.first_day_of(MENTORED)
        if stage != MENTORED or since is None:
            return 0.0 if stage == INDUCTION else 1.0
        week = min((day - since) // 7, len(onboarding.ramp) - 1)
        return onboarding.ramp[week] * onboarding.mentored_share


def starter_of(
    agent: Agent,
    results: Sequence[Result],
    onboarding: Onboarding,
    open_days: Sequence[int],
    first_day: int,
    days_a_week: int = 5,
    week_start: int = 0,
) -> Starter:
    """Somebody whose ``stage`` is told, day by day.

    Parameters
    ----------
    results : the exams that they took
    open_days : days on which they can be at work, in order, past the end of the horizon
    first_day : of the horizon; an exam to come lies on it or later
    days_a_week : most days of induction in a calendar week

    Examples
    --------
    >>> somebody = Agent("a1", "", "", "junior", (), "full", starts_on=4, stage="induction", mentor="a2")  # 5 January 1970, a Monday
    >>> starter_of(somebody, [], Onboarding(mentored_days=14), range(100), 4).stages
    (('induction', 4, 6), ('mentored', 7, 20), ('independent', 21, 1073741824))
    >>> starter_of(somebody, [(7, "induction exam", False)], Onboarding(), range(100), 4).exams[0]
    Exam(stage='induction', name='induction exam', day=8, overdue=False, again=True)
    """
    since = first_day if agent.starts_on is None else agent.starts_on
    spans: list[Span] = []
    exams: list[Exam] = []
    days = list(_days_worked(open_days, since, onboarding.induction_days, days_a_week, week_start))
    last = days[-1] if days else since - 1
    passed = _passed(results, onboarding.induction_exam)
    if agent.stage == INDUCTION and passed is None and onboarding.induction_days:
        exam = _to_come(INDUCTION, onboarding.induction_exam, last, results, open_days, first_day)
        exams.append(exam)
        last = exam.day
    elif passed is not None:
        last = passed
    if last >= since:
        spans.append((INDUCTION, since, last))
    since, passed = last + 1, _passed(results, onboarding.practical_exam)
    last = since + onboarding.mentored_days - 1
    if passed is None and onboarding.mentored_days:
        exam = _to_come(MENTORED, onboarding.practical_exam, last, results, open_days, first_day)
        exams.append(exam)
        last = exam.day
    elif passed is not None:
        last = passed
    if last >= since:
        spans.append((MENTORED, since, last))
    spans.append((INDEPENDENT, max(last + 1, since), OPEN_END))
    return Starter(agent.agent_id, agent.mentor, tuple(spans), tuple(exams), tuple(days))


def with_exams_of(starter: Starter, rota: Rota) -> Starter:
    """The starter whose assumed passes lie on the days on which a rota has their exams.

    A practical exam that was put off makes the time beside the mentor longer.
    """
    if starter.agent_id not in rota.agent_ids or not starter.exams:
        return starter
    mine = rota.agent == rota.agent_ids.index(starter.agent_id)
    spans, exams = list(starter.stages), list(starter.exams)
    for k, exam in enumerate(exams):
        named = [code for code, activity in enumerate(rota.activities) if activity == EXAM + exam.name]
        days = rota.day[mine & np.isin(rota.activity, named)]
        place = next((p for p, span in enumerate(spans) if span[0] == exam.stage), None)
        if not len(days) or place is None or place + 1 >= len(spans):
            continue
        day = max(int(days.max()), spans[place][1])
        shift = day - spans[place][2]
        exams[k] = replace(exam, day=day)
        spans[place] = (exam.stage, spans[place][1], day)
        following = spans[place + 1]
        end = following[2]
        if exam.stage == INDUCTION and k + 1 < len(exams):
            end += shift
            exams[k + 1] = replace(exams[k + 1], day=exams[k + 1].day + shift)
            spans[place + 2 :] = [(INDEPENDENT, end + 1, OPEN_END)]
        spans[place + 1] = (following[0], day + 1, max(end, day + 1))
    return replace(starter, stages=tuple(spans), exams=tuple(exams))


def _days_worked(
    open_days: Sequence[int], since: int, count: int, days_a_week: int, week_start: int
) -> Iterator[int]:
    """The first ``count`` open days from ``since`` on, of each calendar week no more than ``days_a_week``."""
    taken: dict[int, int] = {}
    for day in open_days:
        week = week_of(day, week_start)
        if day >= since and sum(taken.values()) < count and taken.get(week, 0) < days_a_week:
            taken[week] = taken.get(week, 0) + 1
            yield day


def _passed(results: Sequence[Result], exam: str) -> int | None:
    """The day on which an exam was passed; None where it was not."""
    return min((day for day, name, passed in results if passed and name == exam), default=None)


def _to_come(
    stage: Stage, name: str, last: int, results: Sequence[Result], open_days: Sequence[int], first_day: int
) -> Exam:
    """The exam that ends a stage, ``last`` the last day that its length takes."""
    failed = max((day for day, exam, passed in results if exam == name and not passed), default=None)
    earliest = last if failed is None else max(last, failed + 1)
    overdue = earliest < first_day and failed is None
    earliest = max(earliest, first_day)
    day = next((day for day in open_days if day >= earliest), earliest)
    return Exam(stage, name, day, overdue, failed is not None)
