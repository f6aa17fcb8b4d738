"""Pay under comprehensive working hours (PRC, by approval): 150 % beyond the period's total, 300 % on statutory holidays."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Ge

from centre.instants import Minutes, day_of
from centre.model import Contract
from scheduler.pay.cn_labour import LAW, on_holidays
from scheduler.pay.law import Asked, Rated, Rates, WeeklyStep
from scheduler.pay.paid_time import PaidTime
from scheduler.pay.words import month_of, month_start, over, unknown_before
from scheduler.rules.shared.findings import date_of
from scheduler.rules.shared.worked import weeks_of

PROVISIONS = "Interim Provisions on Payment of Wages (1994)"
MONTHS = {"month": 1, "quarter": 3, "year": 12}
WORKDAYS_A_YEAR, WORKDAYS_A_YEAR_UNTIL_2024, SINCE = 248, 250, 2025
WORKDAY_MINUTES, WEEK_MINUTES = 480, 2400


@dataclass(frozen=True)
class ChinaComprehensivePay:
    """Hours beyond the statutory total of the ``period`` at 150 %, statutory holidays at 300 %, no 200 %.

    Work on a weekly rest day is normal work. Hours on statutory holidays (the calendar day, local time) do not count
    towards the period's total, which leaves those days out too. ``period_minutes`` of 0 (default) is the statutory
    average: 248 working days of 8 h a year from 2025 on (250 before), a twelfth or a quarter of that; 40 h a week.
    For whoever joined or left within the period the total is not lowered.

    **Source:** Interim Provisions on Payment of Wages (1994) art. 13, Labour Law art. 39, 44, and that rest days are
    normal work: read as quoted by collections. 250 working days, and 248 from 2025 on by the notice of that year: read.
    """

    period: Literal["week", "month", "quarter", "year"] = "quarter"
    period_minutes: Annotated[int, Ge(0)] = 0
    overtime: float = 1.5
    statutory: float = 3.0
    name: ClassVar[str] = "cn-comprehensive"
    title: ClassVar[str] = (
        "Comprehensive working hours (综合计算工时工作制), Labour Law of the PRC art. 39 and 44"
    )
    words: ClassVar[str] = (
        "150 % beyond the total hours of the period, 300 % on a statutory holiday, nothing for weekly rest days."
    )
    counts: ClassVar[str] = (
        "Statutory holidays by the calendar day of the minute; the period by the day of the shift."
    )
    sources: ClassVar[Mapping[str, str]] = {
        "overtime": f"{PROVISIONS} art. 13 with {LAW} art. 44(1)",
        "public_holiday": f"{LAW} art. 44(3)",
    }
    daily_minutes: ClassVar[int | None] = None
    holidays_apart: ClassVar[bool] = True
    weeks_by_minute: ClassVar[bool] = False

    def weekly(self, contract: Contract | None) -> tuple[WeeklyStep, ...]:
        """Nothing: the period is mostly longer than what is planned."""
        return ()

    def rated(self, time: PaidTime, asked: Asked) -> Rated:
        """Holidays first, then what lies beyond the period's total."""
        facts = asked.facts
        told: list[str] = []
        time = on_holidays(time, asked, told)
        key, limit = self._periods(time, facts.week_start)
        time = time.marked(period=key, limit=limit).beyond("over", key, time.work & ~time["holiday"], limit)
        for begin in np.unique(key)[:1]:
            told += unknown_before(
                time, facts, int(begin), f"overtime of that {self.period}", time["period"] == begin
            )
        rates = Rates(time)
        rates.put("overtime", time["over"], self.overtime)
        rates.put("public_holiday", time["holiday"], self.statutory)
        for k in np.flatnonzero(rates.code > 2):
            if time["holiday"][k]:
                day = date_of(int(time["local_day"][k]))
                rates.sources[k] = f"{self.sources['public_holiday']}: {day} is a statutory holiday"
            else:
                what = f"the {self.period} from {date_of(int(time['period'][k]))}"
                figures = over(int(time["over_total"][k]), int(time["limit"][k]), what)
                rates.sources[k] = f"{self.sources['overtime']}: {figures}"
        return rates.rated(told=tuple(told))

    def _periods(self, time: PaidTime, week_start: int) -> tuple[Minutes, Minutes]:
        """First day and total minutes of the period of each stretch."""
        if self.period == "week":
            key = weeks_of(time.day, week_start)
            return key, np.full(len(time), self.period_minutes or WEEK_MINUTES, dtype=np.int64)
        length = MONTHS[self.period]
        months = month_of(time.day) // length * length
        told, which = np.unique(months, return_inverse=True)
        first = np.array([month_start(month) for month in told], dtype=np.int64)[which]
        totals = [self.period_minutes or _statutory_total(month_start(month), length) for month in told]
        return first, np.array(totals, dtype=np.int64)[which]


def _statutory_total(day: int, months: int) -> int:
    """Minutes of so many months of the year that ``day`` is in, by the statutory average."""
    workdays = WORKDAYS_A_YEAR if day_of(day).year >= SINCE else WORKDAYS_A_YEAR_UNTIL_2024
    return workdays * WORKDAY_MINUTES * months // 12
