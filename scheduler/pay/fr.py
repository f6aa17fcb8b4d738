"""Pay by the Code du travail (France): hours beyond 35 a week, and 1 May."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Gt

from centre.instants import day_of
from centre.model import Contract
from scheduler.pay.law import Asked, Rated, Rates, WeeklyStep
from scheduler.pay.paid_time import PaidTime
from scheduler.pay.rest_days import on_days_of
from scheduler.pay.words import over, unknown_week, week_words
from scheduler.rules.shared.worked import weeks_of

CODE = "Code du travail"


@dataclass(frozen=True)
class FrancePay:
    """+25 % for the first eight hours beyond 35 a week, +50 % after that; 1 May at twice what is then due.

    What holds without a collective agreement, which may set other rates from 10 % on. The week is that of the
    calendar, from Monday 0:00 unless the centre's ``week_start`` says otherwise, so that a shift over its end is
    split there; 1 May is the calendar day. Night work is made up for by rest and agreements, not by a rate of the law.

    **Source:** L3121-27, L3121-35, L3121-36 and L3133-6 read in collections (the last in the wording of 2008).
    """

    weekly_minutes: Annotated[int, Gt(0)] = 2100
    second_step_minutes: Annotated[int, Gt(0)] = 2580
    first_step: float = 0.25
    second_step: float = 0.5
    may_day: float = 1.0
    name: ClassVar[str] = "fr"
    title: ClassVar[str] = "Code du travail (France), L3121-36 and L3133-6"
    words: ClassVar[str] = (
        "+25 % from the 36th to the 43rd hour of a week, +50 % from the 44th on, 1 May double."
    )
    counts: ClassVar[str] = "All by the calendar day of the minute."
    sources: ClassVar[Mapping[str, str]] = {
        "overtime": f"{CODE} L3121-36",
        "overtime_second_step": f"{CODE} L3121-36",
        "may_day": f"{CODE} L3133-6",
    }
    daily_minutes: ClassVar[int | None] = None
    holidays_apart: ClassVar[bool] = False
    weeks_by_minute: ClassVar[bool] = True

    def weekly(self, contract: Contract | None) -> tuple[WeeklyStep, ...]:
        """Both steps, each on top of the one before."""
        return (
            WeeklyStep(self.weekly_minutes, self.first_step),
            WeeklyStep(self.second_step_minutes, self.second_step - self.first_step),
        )

    def rated(self, time: PaidTime, asked: Asked) -> Rated:
        """Both steps of the week, then 1 May on top."""
        facts = asked.facts
        time = time.on_local_days("local_day")
        time = time.marked(week=weeks_of(time["local_day"], facts.week_start))
        time = time.beyond("first", time["week"], time.work, self.weekly_minutes)
        time = time.beyond("second", time["week"], time.work, self.second_step_minutes)
        rates = Rates(time)
        rates.put("overtime", time["first"], 1 + self.first_step)
        rates.put("overtime_second_step", time["second"], 1 + self.second_step)
        days = set(np.unique(time["local_day"]).tolist())
        may = on_days_of(time["local_day"], {d for d in days if (day_of(d).month, day_of(d).day) == (5, 1)})
        rates.add("may_day", may, self.may_day, compounds=True)
        for k in np.flatnonzero(rates.total > 1):
            words = []
            if rates.code[k]:
                limit = self.second_step_minutes if time["second"][k] else self.weekly_minutes
                told = over(int(time["first_total"][k]), limit, week_words(int(time["week"][k])))
                words.append(f"{self.sources[rates.names[rates.code[k]]]}: {told}")
            if rates.premium[k]:
                words.append(f"{self.sources['may_day']}: 1 May")
            rates.sources[k] = "; ".join(words)
        return rates.rated(told=tuple(unknown_week(time, facts)))
