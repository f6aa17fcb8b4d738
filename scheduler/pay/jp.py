"""Pay by the Labour Standards Act of Japan, art. 37: overtime, the weekly day off, night."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Gt

from centre.model import Contract
from scheduler.pay.day_and_week import beyond_either, figures, over_day_or_week
from scheduler.pay.law import Asked, Rated, Rates, WeeklyStep
from scheduler.pay.paid_time import PaidTime
from scheduler.pay.rest_days import nth_day_of_week, swapped
from scheduler.pay.words import month_of, month_start, month_words, over, unknown_before, unknown_week
from scheduler.rules.shared.findings import date_of

ACT = "Labour Standards Act"
NIGHT_FROM, NIGHT_TO = 1320, 300


@dataclass(frozen=True)
class JapanPay:
    """+25 % beyond 8 h a day or 40 h a week, +50 % of that beyond 60 h a month, +35 % on the weekly day off, night +25 %.

    The weekly day off that the law asks for (art. 35) is missing where a person works on all seven calendar days of
    a week; then the last of them is the day off that was worked. Four days off in four weeks are not read. The day
    off and the night go by the calendar day of the minute, overtime by the day of the shift, also over midnight.
    Hours on the day off are no overtime and do not count towards the 60. The night premium is added to the others.

    **Source:** art. 37(1) and (4) read in collections; 35 % (decree) and that premiums add up: read at the ministry's
    page and in a guide; art. 32, 35 and the day off of a full week: recalled.
    """

    daily_minutes: Annotated[int, Gt(0)] = 480
    weekly_minutes: Annotated[int, Gt(0)] = 2400
    monthly_minutes: Annotated[int, Gt(0)] = 3600
    overtime: float = 0.25
    long_overtime: float = 0.5
    day_off: float = 0.35
    night: float = 0.25
    name: ClassVar[str] = "jp"
    title: ClassVar[str] = "Labour Standards Act (労働基準法) of Japan, art. 37"
    words: ClassVar[str] = (
        "+25 % overtime, +50 % beyond 60 hours of it a month, +35 % on the weekly day off, +25 % from 22:00 to 05:00, added up."
    )
    counts: ClassVar[str] = (
        "Day off and night by the calendar day of the minute; overtime by the day of the shift."
    )
    sources: ClassVar[Mapping[str, str]] = {
        "overtime": f"{ACT} art. 37(1)",
        "overtime_over_60h": f"{ACT} art. 37(1) proviso",
        "rest_day": f"{ACT} art. 37(1) with art. 35",
        "night": f"{ACT} art. 37(4)",
    }
    holidays_apart: ClassVar[bool] = False
    weeks_by_minute: ClassVar[bool] = False

    def weekly(self, contract: Contract | None) -> tuple[WeeklyStep, ...]:
        """Overtime beyond 40 hours."""
        return (WeeklyStep(self.weekly_minutes, self.overtime),)

    def rated(self, time: PaidTime, asked: Asked) -> Rated:
        """Days off first, then overtime by day and week, then the month's."""
        facts = asked.facts
        time = time.on_local_days("local_day").in_nights("night", NIGHT_FROM, NIGHT_TO)
        off = nth_day_of_week(time, time["local_day"], facts.week_start) == 7
        off &= ~swapped(time, asked.substituted or frozenset())
        time = time.marked(off=off, counted=time.work & ~off, shift_day=time.day)
        time = over_day_or_week(
            time, "shift_day", facts.week_start, "counted", self.daily_minutes, self.weekly_minutes
        )
        time = time.marked(month=month_of(time.day)).beyond(
            "long", month_of(time.day), beyond_either(time), self.monthly_minutes
        )
        told = [*unknown_week(time, facts, "overtime and rest days")]
        since = month_start(int(month_of(np.array([facts.first_day]))[0]))
        this_month = (
            beyond_either(time) & (time["month"] == time["month"].min()) if len(time) else beyond_either(time)
        )
        told += unknown_before(time, facts, since, "overtime of that month", this_month)
        rates = Rates(time)
        rates.put("overtime", beyond_either(time), 1 + self.overtime)
        rates.put("overtime_over_60h", time["long"], 1 + self.long_overtime)
        rates.put("rest_day", time["off"], 1 + self.day_off)
        rates.add("night", time["night"], self.night)
        self._explain(rates)
        return rates.rated(told=tuple(told))

    def _explain(self, rates: Rates) -> None:
        time = rates.time
        for k in np.flatnonzero(rates.total > 1):
            words = []
            if time["off"][k]:
                day = date_of(int(time["local_day"][k]))
                words.append(f"{self.sources['rest_day']}: {day} is the seventh day worked in its week")
            elif time["long"][k]:
                month = month_words(int(time["month"][k]))
                told = over(int(time["long_total"][k]), self.monthly_minutes, f"{month} as overtime")
                words.append(f"{self.sources['overtime_over_60h']}: {told}")
            elif rates.code[k]:
                told = figures(time, int(k), int(time.day[k]), self.daily_minutes, self.weekly_minutes)
                words.append(f"{self.sources['overtime']}: {told}")
            if time["night"][k]:
                words.append(f"{self.sources['night']}: between 22:00 and 05:00")
            rates.sources[k] = "; ".join(words)
