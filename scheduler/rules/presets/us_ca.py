"""Preset ``us-ca``: California Labor Code and Wage Order 4, non-exempt adults.

California prices long hours rather than forbidding them: hours over 8 a day, 12 a day, 40 a week and on the
seventh day are matters of pay (s. 510) and no breach. Rest periods of 10 minutes must be authorised and
permitted; they are judged as planned, so a rota that does not show them breaches here.
"""

from scheduler.rules.breaks_in_shift import BreaksInShift
from scheduler.rules.meal_timing import MealTiming
from scheduler.rules.presets.about import Articles
from scheduler.rules.rule import Rule
from scheduler.rules.weekly_day_off import WeeklyDayOff

NAME = "us-ca"
TITLE = "California Labor Code, s. 500 to 558, and IWC Wage Order 4-2001"
JURISDICTION = "California, United States"
READ_ON = "2026-11-22"
CODE = "California Labor Code"
ORDER = "IWC Wage Order 4"
ARTICLES: Articles = {
    CODE: {
        "s. 226.7": "recalled", "s. 500": "read", "s. 510": "read", "s. 512": "read", "s. 551": "read",
        "s. 552": "read", "s. 554": "second-hand", "s. 556": "read",
    },
    ORDER: {"s. 11": "second-hand", "s. 12": "read"},
}  # fmt: skip
BASIS: tuple[str, ...] = (
    "S. 500, 510, 512, 551, 552 and 556 and the rest periods of the wage orders were read as collections and court "
    "opinions give them.",
    "That a meal begins before the end of the fifth or tenth hour is Brinker v. Superior Court (2012), read in summaries.",
    "That the day of rest is counted by the workweek and not by any seven days is read in summaries of Mendoza v. "
    "Nordstrom (2017); the table of rest periods (from 3.5, over 6, over 10 hours) in quotations of Brinker (2012).",
)
NOT_IN_HERE: tuple[str, ...] = (
    "That 30 minutes of rest over 10 hours come beside the second meal too: it may be waived, so only one is counted.",
    "A meal longer than 30 minutes stands for rest periods here; by the order it does not.",
    "A waiver of the second meal where the first was not taken; on-duty meals by agreement.",
    "Rest days saved up within a calendar month (s. 554) and weeks of at most 30 hours (s. 556).",
    "Pay: overtime, the seventh day, an hour's pay for a missed break (s. 226.7), the split-shift premium.",
    "Alternative workweeks (s. 511), exempt staff, minors.",
)


def rules() -> tuple[Rule, ...]:
    """The rules of this preset."""
    return (
        MealTiming(
            f"{CODE} s. 512(a) with Brinker: over 5 hours, a meal of 30 minutes before the end of the fifth", 300, 300,
            30, 1, 360, NAME,
        ),
        MealTiming(
            f"{CODE} s. 512(a) with Brinker: over 10 hours, a second meal before the end of the tenth", 600, 600, 30, 2,
            720, NAME,
        ),
        BreaksInShift(f"{ORDER} s. 12: 10 minutes of rest from 3.5 hours on", 209, 10, 10, NAME),
        BreaksInShift(f"{ORDER} s. 12 with s. 11: 20 minutes of rest over 6 hours, beside the meal", 360, 50, 10, NAME),
        BreaksInShift(f"{ORDER} s. 12 with s. 11: 30 minutes of rest over 10 hours, beside a meal", 600, 60, 10, NAME),
        WeeklyDayOff(f"{CODE} s. 551, s. 552: one day's rest in seven, by workweek", unbroken_minutes=0, preset=NAME),
    )  # fmt: skip
