"""Pay by the Labor Code of the Philippines, art. 86 to 94: night, overtime, rest days, special days, holidays."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from annotated_types import Gt

from centre.calendar import is_holiday_named
from centre.model import Contract
from scheduler.pay.law import Asked, Rated, Rates, WeeklyStep
from scheduler.pay.paid_time import PaidTime
from scheduler.pay.rest_days import days_agreed, nth_day_of_week, on_days_of
from scheduler.pay.words import NO_CALENDAR, day_words, over, people_words, unknown_week
from scheduler.rules.shared.findings import date_of

CODE = "Labor Code of the Philippines"
NIGHT_FROM, NIGHT_TO = 1320, 360
REGULAR = (
    "New Year's Day", "Maundy Thursday", "Good Friday", "Day of Valor", "Araw ng Kagitingan", "Labor Day",
    "Independence Day", "National Heroes Day", "Bonifacio Day", "Christmas Day", "Rizal Day", "Eid al-Fitr",
    "Eid al-Adha",
)  # fmt: skip
SPECIAL = (
    "Chinese New Year", "Black Saturday", "Ninoy Aquino Day", "All Saints' Day", "All Souls' Day",
    "Immaculate Conception", "Christmas Eve", "New Year's Eve",
)  # fmt: skip


@dataclass(frozen=True)
class PhilippinesPay:
    """Night +10 %, overtime beyond 8 h a day +25 %, or +30 % of the day's own rate; rest and special days 130 %.

    A special day on a rest day is 150 %, a regular holiday 200 %, on a rest day 260 %. Premiums compound: overtime
    on the day's rate, the night's tenth on what is then due. Holidays go by the calendar day of the minute; rest days
    and the eight hours by the day of the shift. Rest days are the days that a person works in a week beyond those
    of their contract, in order.

    Regular holidays and special days are told apart by the name that the calendar gives; a public holiday of another
    name is paid as a regular holiday, and that is told.

    **Source:** art. 87 read, art. 86 read in part, in collections of the code; art. 93 and 94 and how rates compound
    (150 %, 260 %, overtime 130 % of the day's rate, night on top): second-hand, in commentaries.
    """

    daily_minutes: Annotated[int, Gt(0)] = 480
    overtime: float = 1.25
    overtime_on_special: float = 1.3
    night: float = 0.1
    rest_day: float = 1.3
    special_day: float = 1.3
    special_rest_day: float = 1.5
    regular_holiday: float = 2.0
    regular_rest_day: float = 2.6
    name: ClassVar[str] = "ph"
    title: ClassVar[str] = "Labor Code of the Philippines, art. 86 to 94"
    words: ClassVar[str] = (
        "+10 % from 22:00 to 06:00, +25 % overtime (+30 % on rest days and holidays), rest and special days 130 %, "
        "regular holidays 200 %, compounded."
    )
    counts: ClassVar[str] = (
        "Holidays and night by the calendar day of the minute; rest days and overtime by the shift's day."
    )
    sources: ClassVar[Mapping[str, str]] = {
        "overtime": f"{CODE} art. 87",
        "rest_day": f"{CODE} art. 93(a)",
        "special_day": f"{CODE} art. 93(c)",
        "special_rest_day": f"{CODE} art. 93(c)",
        "regular_holiday": f"{CODE} art. 94",
        "regular_holiday_rest_day": f"{CODE} art. 94 with art. 93",
        "night": f"{CODE} art. 86",
    }
    holidays_apart: ClassVar[bool] = False
    weeks_by_minute: ClassVar[bool] = False

    def weekly(self, contract: Contract | None) -> tuple[WeeklyStep, ...]:
        """Nothing: overtime goes by the day."""
        return ()

    def rated(self, time: PaidTime, asked: Asked) -> Rated:
        """The day's rate first, then overtime on it, then the night's tenth."""
        facts = asked.facts
        told: list[str] = []
        time = time.on_local_days("local_day").in_nights("night", NIGHT_FROM, NIGHT_TO)
        regular, special = self._holidays(asked, told)
        agreed, unknown = days_agreed(time, facts)
        rest = nth_day_of_week(time, time.day, facts.week_start) > agreed
        if unknown:
            told.append(
                f"Not checked for {people_words(unknown)}: their contract is not known; only a seventh day worked in "
                "a week is paid as a rest day."
            )
        told += unknown_week(time, facts, "rest days")
        time = time.marked(
            rest=rest, regular=on_days_of(time["local_day"], regular),
            special=on_days_of(time["local_day"], special),
        ).beyond("over_day", time.day, time.work, self.daily_minutes)  # fmt: skip
        rates = Rates(time)
        for name, rows, rate in self._days(time):
            rates.put(name, rows, rate)
            factor = self.overtime if name == "ordinary" else self.overtime_on_special
            late = "overtime" if name == "ordinary" else f"{name}_overtime"
            rates.put(late, rows & time["over_day"], rate * factor)
        rates.add("night", time["night"], self.night, compounds=True)
        self._explain(rates)
        return rates.rated(told=tuple(told))

    def _days(
        self, time: PaidTime
    ) -> "tuple[tuple[str, np.ndarray[tuple[int], np.dtype[np.bool_]], float], ...]":
        rest, regular, special = time["rest"], time["regular"], time["special"]
        return (
            ("ordinary", ~rest & ~regular & ~special, 1.0),
            ("rest_day", rest & ~regular & ~special, self.rest_day),
            ("special_day", special & ~rest, self.special_day),
            ("special_rest_day", special & rest, self.special_rest_day),
            ("regular_holiday", regular & ~rest, self.regular_holiday),
            ("regular_holiday_rest_day", regular & rest, self.regular_rest_day),
        )

    def _holidays(self, asked: Asked, told: list[str]) -> tuple[set[int], set[int]]:
        """Day numbers of regular holidays and of special days."""
        facts = asked.facts
        if facts.special_days is None:
            told.append(NO_CALENDAR)
        regular, special, unclear = set(), set(), []
        for day in (d for d, kind in (facts.special_days or {}).items() if kind == "statutory"):
            name = facts.holidays.get(day, "")
            if any(is_holiday_named(name, one) for one in REGULAR):
                regular.add(day)
            elif any(is_holiday_named(name, one) for one in SPECIAL):
                special.add(day)
            else:
                regular.add(day)
                unclear += [day] if facts.first_day <= day <= facts.end_day else []
        told += [
            f"Not checked: whether {date_of(day)} ({facts.holidays.get(day) or 'no name'}) is a regular holiday or a "
            "special day is not known; paid as a regular holiday."
            for day in sorted(unclear)
        ]
        return regular, special

    def _explain(self, rates: Rates) -> None:
        time = rates.time
        for k in np.flatnonzero(rates.total > 1):
            words, name = [], rates.names[rates.code[k]]
            kind = name.removesuffix("_overtime")
            if kind in self.sources and kind != "overtime":
                day = time.day[k] if kind == "rest_day" else time["local_day"][k]
                words.append(f"{self.sources[kind]}: {date_of(int(day))} is a {kind.replace('_', ' ')}")
            if time["over_day"][k]:
                told = over(int(time["over_day_total"][k]), self.daily_minutes, day_words(time.day[k]))
                words.append(f"{self.sources['overtime']}: {told}")
            if time["night"][k]:
                words.append(f"{self.sources['night']}: between 22:00 and 06:00")
            rates.sources[k] = "; ".join(words)
