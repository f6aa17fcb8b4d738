"""Preset ``in``: OSH Code 2020 (India) and the draft central rules of 2020; state law goes before.

Call centres stand under the shops and establishments act of their state, which may differ: check it first. The
code came into force on 21 November 2025; its rules on intervals and spread-over were still drafts in what was
read, and a new draft of December 2025 leaves both to a notification.
"""

from scheduler.rules.daily_hours import DailyHours
from scheduler.rules.daily_span import DailySpan
from scheduler.rules.overtime_in_period import OvertimeInPeriod
from scheduler.rules.presets.about import Articles
from scheduler.rules.rule import Rule
from scheduler.rules.unbroken_work import UnbrokenWork
from scheduler.rules.weekly_day_off import WeeklyDayOff
from scheduler.rules.weekly_hours import WeeklyHours

NAME = "in"
TITLE = "Occupational Safety, Health and Working Conditions Code 2020 and draft central rules of 2020"
JURISDICTION = "India: the centre's rules; the shops and establishments act of the state goes before"
READ_ON = "2026-11-22"
CODE = "OSH Code 2020"
DRAFT = "draft OSH central rules 2020"
ARTICLES: Articles = {
    CODE: {"s. 25": "read", "s. 26": "second-hand", "s. 27": "second-hand"},
    DRAFT: {
        "hours of work": "second-hand",
        "spread-over": "second-hand",
        "interval": "second-hand",
        "overtime": "second-hand",
    },
}
BASIS: tuple[str, ...] = (
    "Section 25(1) was read in a collection of the code; sections 26 (six days a week) and 27 (double pay, "
    "consent) in summaries.",
    "48 hours a week, half an hour after five hours a spread-over of 12 hours and 125 "
    "hours of overtime a quarter are figures of the draft rules of "
    "November 2020, quoted by news reports; the Factories Act s. 56 had 10.5 hours (recalled), "
    "drafts of some states have 144 hours a quarter.",
)
NOT_IN_HERE: tuple[str, ...] = (
    "State shops and establishments acts and state rules, which govern most call centres.",
    "Women's consent and transport between 19:00 and 6:00, substitute days off, young people.",
)
WHOLE_DAY = 1440  # no daily limit on agreed overtime of its own


def rules() -> tuple[Rule, ...]:
    """The rules of this preset."""
    return (
        DailyHours(
            480, f"{CODE} s. 25(1)(a): 8 hours a day; s. 27: overtime only as agreed", WHOLE_DAY - 480,
            "worked_minutes", NAME,
        ),
        WeeklyHours(
            2880, f"{DRAFT}, hours of work: 48 hours a week, overtime as the contract agrees", "worked_minutes", preset=NAME
        ),
        UnbrokenWork(300, f"{DRAFT}, interval: half an hour at the latest after 5 hours", 30, preset=NAME),
        DailySpan(720, f"{DRAFT}, spread-over: 12 hours, intervals included", NAME),
        OvertimeInPeriod(
            7500, f"{DRAFT}, overtime: at most 125 hours a quarter", 3, weekly_minutes=2880, preset=NAME
        ),
        WeeklyDayOff(f"{CODE} s. 26: no more than six days a week", unbroken_minutes=0, preset=NAME),
    )  # fmt: skip
