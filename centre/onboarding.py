"""How new starters come to work on their own: the section ``[onboarding]`` of ``centre.toml``, with the units in the names."""

from dataclasses import dataclass
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le, MinLen

Speed = Annotated[float, Gt(0), Le(1)]
Stage = Literal["induction", "mentored", "independent"]
STAGES: tuple[Stage, ...] = ("induction", "mentored", "independent")


@dataclass(frozen=True, slots=True)
class Onboarding:
    """Stages of a new starter: induction (off the queue), mentored (beside a mentor), independent. Defaults: policy P10.

    A stage is left by a recorded pass (``passes.csv``) of ``induction_exam`` or ``practical_exam``, not by a date; where none is
    recorded yet, plans assume one on the first day that the stage's length allows, and say so.

    ``induction_days`` : days worked in induction
    ``induction_starts``, ``induction_minutes`` : the day of somebody in induction, clock time in minutes after midnight and length,
    ``induction_meal_minutes`` of it unpaid
    ``mentored_days`` : days of the calendar beside a mentor ("a month")
    ``exam_minutes`` : length of each exam
    ``mentor_load`` : starters whom one mentor has at a time, at most
    ``mentored_share`` : share of their time at work that somebody mentored serves queues; the rest they watch and learn
    ``ramp`` : speed at the queue by week of the mentored stage, the last holds on
    ``mentor_speed`` : speed of a mentor beside a starter, as a share of their own
    """

    induction_days: Annotated[int, Ge(0)] = 3
    induction_starts: int = 9 * 60
    induction_minutes: Annotated[int, Gt(0), Le(1440)] = 540
    induction_meal_minutes: Annotated[int, Ge(0)] = 60
    induction_exam: Annotated[str, MinLen(1)] = "induction exam"
    mentored_days: Annotated[int, Ge(0)] = 30
    practical_exam: Annotated[str, MinLen(1)] = "practical exam"
    exam_minutes: Annotated[int, Gt(0)] = 60
    mentor_load: Annotated[int, Ge(1)] = 1
    mentored_share: Annotated[float, Ge(0), Le(1)] = 1.0
    ramp: Annotated[tuple[Speed, ...], MinLen(1)] = (0.4, 0.5, 0.6, 0.7)
    mentor_speed: Speed = 0.9
