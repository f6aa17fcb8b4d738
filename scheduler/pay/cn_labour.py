"""Pay by the Labour Law of the PRC, art. 44: overtime 150 %, rest days 200 %, statutory holidays 300 %."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from annotated_types import Gt

from centre.instants import Minutes, weekday_of
from centre.model import Contract
from scheduler.pay.law import Asked, Rated, Rates, WeeklyStep
from scheduler.pay.paid_time import PaidTime
from scheduler.pay.rest_days import days_agreed, nth_day_of_week, on_days_of, swapped
from scheduler.pay.words import NO_CALENDAR, day_words, over, people_words, unknown_week, week_words
from scheduler.rota import Flags
from scheduler.rules.facts import Facts
from scheduler.rules.shared.findings import date_of
from scheduler.rules.shared.worked import weeks_of

LAW = "Labour Law of the PRC"
REST_WORDS = "a rest day worked, no substitute rest given"


@dataclass(frozen=True)
class ChinaPay:
    """Standard hours: 150 % beyond 8 h a day or 40 h a week, 200 % on a rest day, 300 % on a statutory holiday.

    The statutory holiday is the calendar day itself, so a night shift is split at midnight, local time; days
    bridged, moved or made up are none. Overtime and rest days go by the day of the shift. Hours on a statutory
    holiday or a rest day paid as such do not count towards the 40. A rest day that was given on another day
    (``substituted``) is a working day, whose hours count by the day alone.

    ``rest_days`` says which days are rest days: ``rotating`` (default) those that a person works beyond the days
    a week of their contract, in order; ``calendar`` Saturdays, Sundays and the days off joined to holidays,
    make-up workdays not among them: those were given in exchange for a weekday off, so that their hours count by the
    day alone.

    **Source:** Labour Law art. 44; Interim Provisions on Payment of Wages (1994) art. 13; both read as quoted by
    collections and commentaries. 8 and 40 hours: regulations of 1995 art. 3, recalled.
    """

    daily_minutes: Annotated[int, Gt(0)] = 480
    weekly_minutes: Annotated[int, Gt(0)] = 2400
    overtime: float = 1.5
    rest_day: float = 2.0
    statutory: float = 3.0
    rest_days: Literal["rotating", "calendar"] = "rotating"
    name: ClassVar[str] = "cn-labour"
    title: ClassVar[str] = "Labour Law of the PRC (中华人民共和国劳动法), art. 44"
    words: ClassVar[str] = (
        "150 % beyond 8 hours a day or 40 a week, 200 % on a rest day without substitute, 300 % on a statutory holiday."
    )
    counts: ClassVar[str] = (
        "Statutory holidays by the calendar day of the minute; the rest by the day of the shift."
    )
    sources: ClassVar[Mapping[str, str]] = {
        "overtime": f"{LAW} art. 44(1)",
        "rest_day": f"{LAW} art. 44(2)",
        "public_holiday": f"{LAW} art. 44(3)",
    }
    holidays_apart: ClassVar[bool] = True
    weeks_by_minute: ClassVar[bool] = False

    def weekly(self, contract: Contract | None) -> tuple[WeeklyStep, ...]:
        """Overtime beyond 40 hours."""
        return (WeeklyStep(self.weekly_minutes, self.overtime - 1),)

    def rated(self, time: PaidTime, asked: Asked) -> Rated:
        """Holidays first, then rest days, then what lies beyond the day's and the week's hours."""
        facts = asked.facts
        told: list[str] = []
        time = on_holidays(time, asked, told)
        rest = time.work & ~time["holiday"] & self._rest_days(time, asked, told)
        given = swapped(time, asked.substituted or frozenset())
        time = time.marked(rest=rest & ~given, given=(rest & given) | self._exchanged(time, facts))
        usual = time.work & ~time["holiday"] & ~time["rest"]
        time = time.beyond("over_day", time.day, usual, self.daily_minutes)
        weeks = weeks_of(time.day, facts.week_start)
        usual = time.work & ~time["holiday"] & ~time["rest"] & ~time["given"] & ~time["over_day"]
        straight = time.beyond("over_week", weeks, usual, self.weekly_minutes)
        told += unknown_week(straight, facts, "overtime and rest days")
        rates = Rates(straight)
        rates.put("overtime", straight["over_day"] | straight["over_week"], self.overtime)
        rates.put("rest_day", straight["rest"], self.rest_day)
        rates.put("public_holiday", straight["holiday"], self.statutory)
        self._explain(rates, weeks_of(straight.day, facts.week_start))
        return rates.rated(told=tuple(told))

    def _rest_days(self, time: PaidTime, asked: Asked, told: list[str]) -> Flags:
        """Whether each stretch is of a shift on a rest day."""
        facts = asked.facts
        if self.rest_days == "calendar":
            days = np.unique(time.day).tolist()
            found = on_days_of(time.day, self.off_and_made_up(facts, days) - facts.makeup_days)
        else:
            agreed, unknown = days_agreed(time, facts)
            found = nth_day_of_week(time, time.day, facts.week_start) > agreed
            if unknown:
                told.append(
                    f"Not checked for {people_words(unknown)}: their contract is not known; only a seventh day "
                    "worked in a week is paid as a rest day."
                )
        count = len(
            np.unique(
                (time.agent.astype(np.int64) << 24)[found & time.judged] + time.day[found & time.judged]
            )
        )
        if count and asked.substituted is None:
            told.append(
                f"Not checked for {count} rest day(s) worked: whether rest was given on another day is not known; "
                f"paid at {self.rest_day:.0%}, as if it was not."
            )
        return found

    def _exchanged(self, time: PaidTime, facts: Facts) -> Flags:
        """Whether each stretch is of a shift on a make-up workday, where the calendar says which days are rest days."""
        if self.rest_days != "calendar":
            return np.zeros(len(time), dtype=bool)
        return time.work & ~time["holiday"] & on_days_of(time.day, facts.makeup_days)

    def off_and_made_up(self, facts: Facts, days: Iterable[int]) -> set[int]:
        """Those of some days whose hours the calendar keeps out of the 40 of a week; none where each person's own week says."""
        if self.rest_days != "calendar":
            return set()
        special = facts.special_days or {}
        classes = {day: special.get(day, "rest" if weekday_of(day) > 4 else "") for day in days}
        return {day for day, kind in classes.items() if kind in ("rest", "bridged", "makeup")}

    def _explain(self, rates: Rates, weeks: Minutes) -> None:
        time, sources = rates.time, self.sources
        for k in np.flatnonzero(rates.code > 2):
            if time["holiday"][k]:
                words = f"{sources['public_holiday']}: {date_of(int(time['local_day'][k]))} is a statutory holiday"
            elif time["rest"][k]:
                words = f"{sources['rest_day']}: {date_of(int(time.day[k]))}, {REST_WORDS}"
            elif time["over_day"][k]:
                words = f"{sources['overtime']}: " + over(
                    int(time["over_day_total"][k]), self.daily_minutes, day_words(time.day[k])
                )
            else:
                words = f"{sources['overtime']}: " + over(
                    int(time["over_week_total"][k]), self.weekly_minutes, week_words(weeks[k])
                )
            rates.sources[k] = words


def on_holidays(time: PaidTime, asked: Asked, told: list[str]) -> PaidTime:
    """Cut at local midnights; mark ``holiday`` tells what lies on a statutory holiday, ``local_day`` the day."""
    special = asked.facts.special_days
    if special is None:
        told.append(NO_CALENDAR)
    time = time.on_local_days("local_day")
    statutory = {day for day, kind in (special or {}).items() if kind == "statutory"}
    return time.marked(holiday=time.work & on_days_of(time["local_day"], statutory))
