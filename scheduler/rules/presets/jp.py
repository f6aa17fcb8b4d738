"""Preset ``jp``: Labour Standards Act (労働基準法, Japan), eight hours a day without averaging schemes.

Overtime counts as agreed (art. 36) where the contract agrees overtime; the Act then knows no limit of its own
for a single day. A rest of 11 hours between shifts is a duty of effort in another act: put it in force as a
company rule.
"""

from scheduler.rules.breaks_in_shift import BreaksInShift
from scheduler.rules.daily_hours import DailyHours
from scheduler.rules.monthly_overtime import MonthlyOvertime
from scheduler.rules.presets.about import Articles
from scheduler.rules.rule import Rule
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
    "That a day off runs from 0:00 to 24:00 is recalled from the ministry's circulars: 24 hours are asked.",
)
NOT_IN_HERE: tuple[str, ...] = (
    "averaging over a month, a year or a week (art. 32-2 to 32-5), flexitime and discretionary work;",
    "four days off in four weeks instead of one a week (art. 35(2));",
    "the special clause of art. 36(5) and (6): the usual 45 hours a month bind;",
    "the rest between shifts of the act on improving working hours, a duty of effort without a figure;",
    "businesses with fewer than ten people, which may have 44 hours a week (art. 40).",
)
WHOLE_DAY = 1440  # no daily limit on agreed overtime: a shift of at most 24 hours


def rules() -> tuple[Rule, ...]:
    """The rules of this preset."""
    return (
        DailyHours(
            480, f"{ACT} art. 32(2): 8 hours a day, more only under an agreement of art. 36", WHOLE_DAY - 480,
            "worked_minutes", NAME,
        ),
        WeeklyHours(
            2400, f"{ACT} art. 32(1): 40 hours a week, overtime as the contract agrees", "worked_minutes", NAME
        ),
        MonthlyOvertime(2700, f"{ACT} art. 36(4): overtime at most 45 hours a month", preset=NAME),
        WeeklyDayOff(f"{ACT} art. 35(1): at least one day off a week", preset=NAME),
        BreaksInShift(f"{ACT} art. 34(1): 45 minutes over 6 hours", 360, 45, 1, NAME),
        BreaksInShift(f"{ACT} art. 34(1): 60 minutes over 8 hours", 480, 60, 1, NAME),
    )  # fmt: skip
