"""Preset ``de-arbzg``: Arbeitszeitgesetz (Germany), with the acts on young workers and on mothers.

Without collective agreements and permits. Work on Sundays and public holidays is a breach of § 9 unless § 10 or an
order of the state allows it, as several do for taking calls: then set ``special-day-ban.enabled = false``; the 15
free Sundays and the substitute days of § 11 stay. The night is 23:00 to 06:00, not that of bakeries. Of the averages of § 3 that over 24
weeks is judged: six working days of 8 hours, so 48 hours a week; of those of § 6(2) that over four weeks.
"""

from scheduler.rules.average_weekly_hours import AverageWeeklyHours
from scheduler.rules.breaks_in_shift import BreaksInShift
from scheduler.rules.daily_hours import DailyHours
from scheduler.rules.daily_span import DailySpan
from scheduler.rules.night_average import NightAverage
from scheduler.rules.no_night_work import NoNightWork
from scheduler.rules.presets.about import Articles
from scheduler.rules.presets.whom import MINORS, PROTECTED, only
from scheduler.rules.rest_between_shifts import RestBetweenShifts
from scheduler.rules.rule import Rule
from scheduler.rules.special_day_ban import SpecialDayBan
from scheduler.rules.special_day_quota import SpecialDayQuota
from scheduler.rules.substitute_day import SubstituteDay
from scheduler.rules.unbroken_work import UnbrokenWork
from scheduler.rules.weekly_day_off import WeeklyDayOff
from scheduler.rules.weekly_hours import WeeklyHours

NAME = "de-arbzg"
TITLE = "Arbeitszeitgesetz (Working Time Act), Jugendarbeitsschutzgesetz and Mutterschutzgesetz"
JURISDICTION = "Germany"
READ_ON = "2026-11-22"
LAW = "Arbeitszeitgesetz"
YOUTH = "Jugendarbeitsschutzgesetz"
MOTHERS = "Mutterschutzgesetz"
ARTICLES: Articles = {
    LAW: {"§ 2": "read", "§ 3": "read", "§ 4": "read", "§ 5": "read", "§ 6": "read", "§ 9": "read", "§ 11": "read"},
    YOUTH: {
        "§ 8": "read", "§ 11": "read", "§ 12": "read", "§ 13": "read", "§ 14": "read", "§ 15": "read", "§ 16": "read",
        "§ 17": "read", "§ 18": "second-hand",
    },
    MOTHERS: {"§ 4": "read", "§ 5": "read", "§ 6": "read"},
}  # fmt: skip
BASIS: tuple[str, ...] = (
    "Arbeitszeitgesetz §§ 2 to 18, Jugendarbeitsschutzgesetz §§ 1 to 17 and Mutterschutzgesetz §§ 3 to 7 were read in "
    "German, in a public mirror of the federal statutes as it stood between 2013 and 2018.",
    "Jugendarbeitsschutzgesetz § 18 was read in summaries. Later amendments were not looked for.",
)
NOT_IN_HERE: tuple[str, ...] = (
    "The average of § 3 over six calendar months, and of § 6(2) over one, which an employer may choose instead.",
    "Night workers are those with a night shift in the four weeks; who is one by how often (§ 2(5)) is not asked.",
    "That the substitute day is joined to 11 hours of rest (§ 11(4)).",
    "The shorter rests of § 5(2) and (3), collective agreements and emergencies (§§ 7, 12, 14), permits (§ 15).",
    "Young workers: vocational school (§ 9), later evenings from 16 years on in works with "
    "several shifts (§ 14(2)), Saturdays and Sundays in the trades of § 16(2) and § 17(2), 24 and 31 December from 14:00 on (§ 18(1)).",
    "Mothers: 90 hours in two weeks and the contract's hours on average (§ 4(1)), the weeks before and after a birth "
    "(§ 3), work to 22:00 with a permit (§ 5), Sundays of her own will (§ 6), time to nurse (§ 7).",
)


def rules() -> tuple[Rule, ...]:
    """The rules of this preset."""
    return (
        DailyHours(600, f"{LAW} § 3: 10 hours a day at most", measure="worked_minutes", preset=NAME),
        AverageWeeklyHours(
            2880, 24, f"{LAW} § 3: 8 hours a working day on average over 24 weeks, six working days a week",
            "worked_minutes", preset=NAME,
        ),
        BreaksInShift(f"{LAW} § 4: 30 minutes over 6 hours, in parts of 15", 360, 30, 15, NAME),
        BreaksInShift(f"{LAW} § 4: 45 minutes over 9 hours, in parts of 15", 540, 45, 15, NAME),
        UnbrokenWork(360, f"{LAW} § 4: no more than 6 hours in a row without a break", preset=NAME),
        RestBetweenShifts(660, f"{LAW} § 5(1): 11 hours after the end of a day's work", NAME),
        NightAverage(
            f"{LAW} § 6(2) with § 2(4): 8 hours a working day on average over four weeks with night work", 4,
            counts_minutes=121, preset=NAME,
        ),
        SpecialDayBan(f"{LAW} § 9(1): no work on Sundays and public holidays", counts="clock", preset=NAME),
        SpecialDayQuota(f"{LAW} § 11(1): 15 Sundays a year free of work", preset=NAME),
        SubstituteDay(f"{LAW} § 11(3): a workday free within two weeks of work on a Sunday", preset=NAME),
        SubstituteDay(
            f"{LAW} § 11(3): a workday free within eight weeks of work on a public holiday", "holidays", 56, NAME
        ),
        *only(MINORS, *_of_minors()),
        *only(PROTECTED, *_of_mothers()),
    )  # fmt: skip


def _of_minors() -> tuple[Rule, ...]:
    return (
        DailyHours(480, f"{YOUTH} § 8(1): 8 hours a day", measure="worked_minutes", preset=NAME),
        WeeklyHours(2400, f"{YOUTH} § 8(1): 40 hours a week", "worked_minutes", False, NAME),
        BreaksInShift(f"{YOUTH} § 11(1): 30 minutes over 4.5 hours, in parts of 15", 270, 30, 15, NAME),
        BreaksInShift(f"{YOUTH} § 11(1): 60 minutes over 6 hours, in parts of 15", 360, 60, 15, NAME),
        UnbrokenWork(270, f"{YOUTH} § 11(2): no more than 4.5 hours in a row without a break", preset=NAME),
        DailySpan(600, f"{YOUTH} § 12: a shift of 10 hours, breaks included", NAME),
        RestBetweenShifts(720, f"{YOUTH} § 13: 12 hours after the end of a day's work", NAME),
        NoNightWork(f"{YOUTH} § 14(1): work from 6:00 to 20:00 only", 0, 1200, 360, NAME),
        WeeklyDayOff(f"{YOUTH} § 15, § 16: five days a week", 2, 0, NAME),
        SpecialDayBan(f"{YOUTH} § 17(1): no work on Sundays", "sundays", "clock", preset=NAME),
        SpecialDayBan(f"{YOUTH} § 18(1): no work on public holidays", "holidays", "clock", preset=NAME),
    )


def _of_mothers() -> tuple[Rule, ...]:
    return (
        DailyHours(510, f"{MOTHERS} § 4(1): 8.5 hours a day", measure="worked_minutes", preset=NAME),
        NoNightWork(f"{MOTHERS} § 5(1): no work from 20:00 to 6:00", 0, 1200, 360, NAME),
        SpecialDayBan(
            f"{MOTHERS} § 6(1): no work on Sundays and public holidays", counts="clock", preset=NAME
        ),
    )
