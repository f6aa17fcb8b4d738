"""Pay by the OSH Code 2020 (India), s. 27: overtime at twice the rate of wages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Gt

from centre.model import Contract
from scheduler.pay.day_and_week import beyond_either, figures, over_day_or_week
from scheduler.pay.law import Asked, Rated, Rates, WeeklyStep
from scheduler.pay.paid_time import PaidTime
from scheduler.pay.words import unknown_week


@dataclass(frozen=True)
class IndiaPay:
    """Twice the rate beyond 8 h a day or 48 h a week, by the day of the shift.

    Call centres stand under the shops and establishments act of their state, which may start later (nine hours in
    Karnataka) or pay otherwise: set the minutes.

    **Source:** OSH Code 2020 s. 27, second-hand (news of the bill, summaries); s. 25: 8 hours, read by the preset
    ``in``; 48 hours: draft central rules of 2020, second-hand.
    """

    daily_minutes: Annotated[int, Gt(0)] = 480
    weekly_minutes: Annotated[int, Gt(0)] = 2880
    overtime: float = 2.0
    name: ClassVar[str] = "in"
    title: ClassVar[str] = "Occupational Safety, Health and Working Conditions Code 2020 (India), s. 27"
    words: ClassVar[str] = "Twice the rate beyond 8 hours a day or 48 a week."
    counts: ClassVar[str] = "All by the day of the shift."
    sources: ClassVar[Mapping[str, str]] = {"overtime": "OSH Code 2020 s. 27"}
    holidays_apart: ClassVar[bool] = False
    weeks_by_minute: ClassVar[bool] = False

    def weekly(self, contract: Contract | None) -> tuple[WeeklyStep, ...]:
        """Overtime beyond 48 hours."""
        return (WeeklyStep(self.weekly_minutes, self.overtime - 1),)

    def rated(self, time: PaidTime, asked: Asked) -> Rated:
        """Overtime by day and week."""
        facts = asked.facts
        time = over_day_or_week(
            time.marked(shift_day=time.day, counted=time.work), "shift_day", facts.week_start, "counted",
            self.daily_minutes, self.weekly_minutes,
        )  # fmt: skip
        rates = Rates(time)
        rates.put("overtime", beyond_either(time), self.overtime)
        for k in np.flatnonzero(rates.total > 1):
            told = figures(time, int(k), int(time.day[k]), self.daily_minutes, self.weekly_minutes)
            rates.sources[k] = f"{self.sources['overtime']}: {told}"
        return rates.rated(told=tuple(unknown_week(time, facts)))
