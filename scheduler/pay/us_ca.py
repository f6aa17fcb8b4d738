"""Pay by the California Labor Code: daily, weekly and seventh-day overtime (s. 510), missed breaks (s. 226.7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Ge, Gt, Le

from centre.model import Contract
from scheduler.pay.day_and_week import beyond_either, figures, over_day_or_week
from scheduler.pay.law import Asked, Rated, Rates, WeeklyStep
from scheduler.pay.missed_breaks import missed_breaks
from scheduler.pay.paid_time import PaidTime
from scheduler.pay.rest_days import nth_day_of_week
from scheduler.pay.words import day_words, over, unknown_week
from scheduler.rules.shared.findings import date_of

CODE = "California Labor Code"


@dataclass(frozen=True)
class CaliforniaPay:
    """x1.5 beyond 8 h a day, 40 h a week and on the seventh day of a week; x2 beyond 12 h, and 8 h of the seventh day.

    The workday begins at one time each day, ``workday_from`` minutes after local midnight, and a shift over it is
    split there; the workweek begins on the centre's first day of the week. An hour that is overtime by the day is not
    counted again by the week (no pyramiding). The seventh day is that of a workweek on all of whose days was worked.

    A missed meal (30 minutes begun within the fifth hour, a second within the tenth) is an hour's pay a day, and so
    is a missed rest (10 minutes per four hours or major part). Meals are told by meals, unpaid breaks and gaps of 30
    minutes; rests by paid breaks of 10. Where a rota shows no paid break at all, rests are not checked. Both are judged
    by shift. ``meal_from_minutes = 360`` reads the waiver of shifts up to six hours.

    **Source:** s. 500 and 510 read in collections; s. 226.7 read in its version of 2011; s. 512 and Wage Order 4 s. 12
    read; the table of rests as quotations of Brinker (2012) give it.
    """

    daily_minutes: Annotated[int, Gt(0)] = 480
    double_minutes: Annotated[int, Gt(0)] = 720
    weekly_minutes: Annotated[int, Gt(0)] = 2400
    overtime: float = 1.5
    double: float = 2.0
    workday_from: Annotated[int, Ge(0), Le(1439)] = 0
    meal_from_minutes: Annotated[int, Gt(0)] = 300
    name: ClassVar[str] = "us-ca"
    title: ClassVar[str] = "California Labor Code, s. 510 and 226.7"
    words: ClassVar[str] = (
        "x1.5 beyond 8 hours a day, 40 a week and on the seventh day, x2 beyond 12 hours; an hour's pay for a missed break."
    )
    counts: ClassVar[str] = (
        "Hours by the workday of the minute (from midnight unless set); breaks by the day of the shift."
    )
    sources: ClassVar[Mapping[str, str]] = {
        "overtime": f"{CODE} s. 510(a)",
        "double_time": f"{CODE} s. 510(a)",
        "missed_meal": f"{CODE} s. 226.7 with s. 512(a)",
        "missed_rest": f"{CODE} s. 226.7 with IWC Wage Order 4 s. 12",
    }
    holidays_apart: ClassVar[bool] = False
    weeks_by_minute: ClassVar[bool] = True

    def weekly(self, contract: Contract | None) -> tuple[WeeklyStep, ...]:
        """Overtime beyond 40 hours."""
        return (WeeklyStep(self.weekly_minutes, self.overtime - 1),)

    def rated(self, time: PaidTime, asked: Asked) -> Rated:
        """Day, week and seventh day, then breaks."""
        facts = asked.facts
        time = time.on_local_days("workday", self.workday_from)
        seventh = nth_day_of_week(time, time["workday"], facts.week_start) == 7
        time = time.marked(seventh=seventh, counted=time.work)
        time = time.beyond("double", time["workday"], time.work, self.double_minutes)
        time = time.beyond("late", time["workday"], time.work & time["seventh"], self.daily_minutes)
        time = over_day_or_week(
            time, "workday", facts.week_start, "counted", self.daily_minutes, self.weekly_minutes
        )
        rates = Rates(time)
        rates.put("overtime", beyond_either(time) | time["seventh"], self.overtime)
        rates.put("double_time", time["double"] | time["late"], self.double)
        self._explain(rates)
        added, told = missed_breaks(asked, self.sources, self.meal_from_minutes)
        return rates.rated(added, (*unknown_week(time, facts, "overtime and rest days"), *told))

    def _explain(self, rates: Rates) -> None:
        time = rates.time
        for k in np.flatnonzero(rates.total > 1):
            day = int(time["workday"][k])
            seventh = f"{date_of(day)} is the seventh day worked in its week"
            if time["double"][k]:
                told = over(int(time["double_total"][k]), self.double_minutes, day_words(day))
            elif time["late"][k]:
                told = f"{seventh}; {over(int(time['late_total'][k]), self.daily_minutes, day_words(day))}"
            elif time["seventh"][k]:
                told = seventh
            else:
                told = figures(time, int(k), day, self.daily_minutes, self.weekly_minutes)
            rates.sources[k] = f"{self.sources[rates.names[rates.code[k]]]}: {told}"
