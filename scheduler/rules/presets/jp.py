"""Preset ``jp``: Labour Standards Act (労働基準法, Japan), eight hours a day without averaging schemes.

Overtime counts as agreed (art. 36) where the contract agrees overtime; the Act then knows no limit of its own
for a single day. A rest of 11 hours between shifts is a duty of effort in another act: put it in force as a
company rule.
"""

from scheduler.rules.breaks_in_shift import BreaksInShift
from scheduler.rules.daily_hours import DailyHours
from scheduler.rules.monthly_overtime import MonthlyOvertime
from scheduler.rules.no_night_work import NoNightWork
from scheduler.rules.overtime_in_period import OvertimeInPeriod
from scheduler.rules.presets.about import Articles
from scheduler.rules.presets.whom import MINORS, only
from scheduler.rules.rule import Rule
from scheduler.rules.scoped import Scope
from scheduler.rules.weekly_day_off import WeeklyDayOff
from scheduler.rules.weekly_hours import WeeklyHours

NAME = "jp"
TITLE = "労働基準法 (Labour Standards Act)"
JURISDICTION = "Japan"
READ_ON = "2026-11-22"
ACT = "Labour Standards Act"
ARTICLES: Articles = {
    ACT: {
        "art. 32": "read", "art. 34": "read", "art. 35": "read", "art. 36(4)": "read", "art. 36(5)": "second-hand",
        "art. 36(6)": "second-hand", "art. 37": "read", "art. 60": "read", "art. 61": "read", "art. 66": "read",
    },
}  # fmt: skip
BASIS: tuple[str, ...] = (
    "Art. 32, 34, 35, 36(1) to (4), 37, 60, 61(1) and 66 were read in Japanese, as private collections give them.",
    "Art. 36(5) and (6) (720 hours a year; under 100 a month, 80 on average, rest-day work counted) rest on summaries.",
    "A year of overtime is read from April on; the agreement may name another start (overtime-in-period).",
    "That a day off runs from 0:00 to 24:00 is recalled from the ministry's circulars: 24 hours are asked.",
)
NOT_IN_HERE: tuple[str, ...] = (
    "Averaging over a month, a year or a week (art. 32-2 to 32-5), flexitime and discretionary work.",
    "Four days off in four weeks instead of one a week (art. 35(2)): set weekly-day-off.enabled = false and "
    "days-off-in-period to 4 days in 28.",
    "The special clause of art. 36(5): the usual 45 and 360 hours bind; where an agreement has one, name jp-special.",
    "The rest between shifts of the act on improving working hours, a duty of effort without a figure.",
    "Whether art. 66 was asked for: a protected period is one for which it was, from pregnancy to a year after birth.",
    "Protected people: no work on the weekly day off (art. 66(2)). Minors: men from 16 years on, "
    "who may work nights in alternating shifts (art. 61(1)).",
    "Businesses with fewer than ten people, which may have 44 hours a week (art. 40).",
)
MOTHERS = Scope("protected", protections=frozenset({"pregnancy", "after_birth"}))
WHOLE_DAY = 1440  # no daily limit on agreed overtime: a shift of at most 24 hours


def rules() -> tuple[Rule, ...]:
    """The rules of this preset."""
    return (
        *without_overtime(NAME),
        MonthlyOvertime(2700, f"{ACT} art. 36(4): overtime at most 45 hours a month", preset=NAME),
        OvertimeInPeriod(
            21600, f"{ACT} art. 36(4): overtime at most 360 hours a year", 12, first_month=4, preset=NAME
        ),
    )


def without_overtime(preset: str) -> tuple[Rule, ...]:
    """What binds whatever an agreement on overtime says."""
    return (
        DailyHours(
            480, f"{ACT} art. 32(2): 8 hours a day, more only under an agreement of art. 36", WHOLE_DAY - 480,
            "worked_minutes", preset,
        ),
        WeeklyHours(
            2400, f"{ACT} art. 32(1): 40 hours a week, overtime as the contract agrees", "worked_minutes", preset=preset
        ),
        WeeklyDayOff(f"{ACT} art. 35(1): at least one day off a week", preset=preset),
        BreaksInShift(f"{ACT} art. 34(1): 45 minutes over 6 hours", 360, 45, 1, preset),
        BreaksInShift(f"{ACT} art. 34(1): 60 minutes over 8 hours", 480, 60, 1, preset),
        *only(
            MINORS,
            DailyHours(480, f"{ACT} art. 60(1) with art. 32: 8 hours a day", measure="worked_minutes", preset=preset),
            WeeklyHours(2400, f"{ACT} art. 60(1) with art. 32: 40 hours a week", "worked_minutes", False, preset),
            NoNightWork(f"{ACT} art. 61(1): no work from 22:00 to 5:00", 0, 1320, 300, preset),
        ),
        *only(
            MOTHERS,
            DailyHours(480, f"{ACT} art. 66(2) with art. 32: no overtime on 8 hours a day", measure="worked_minutes", preset=preset),
            WeeklyHours(2400, f"{ACT} art. 66(2) with art. 32: no overtime on 40 hours a week", "worked_minutes", False, preset),
            NoNightWork(f"{ACT} art. 66(3) with art. 37: no work from 22:00 to 5:00", 0, 1320, 300, preset),
        ),
    )  # fmt: skip
