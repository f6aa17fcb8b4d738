"""What came of time off the queue in a horizon: the sessions, and each quota with what is placed of it and why not all."""

from dataclasses import dataclass

from scheduler.activities.candidates import Reason
from scheduler.activities.sessions import Session


@dataclass(frozen=True, slots=True)
class Quota:
    """What became of what somebody owes, minutes. ``short_minutes`` is what should have been placed in the horizon and was not."""

    who: str
    activity: str
    period: str
    due_day: int
    quota_minutes: float
    done_minutes: float
    placed_minutes: float
    short_minutes: float
    reason: Reason

    @property
    def left_minutes(self) -> float:
        """What is still owed after the horizon."""
        return max(self.quota_minutes - self.done_minutes - self.placed_minutes, 0.0)


@dataclass(frozen=True, slots=True)
class Placing:
    """Sessions by start, and what became of each quota; ``moved`` sessions found a better place, ``price`` is that of cover lost."""

    sessions: tuple[Session, ...]
    quotas: tuple[Quota, ...]
    moved: int
    price: float
