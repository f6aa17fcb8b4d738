"""Preset ``cn-comprehensive``: comprehensive working hours (综合计算工时工作制), in place of ``cn-labour``.

Only with the labour authority's approval (Labour Law art. 39). The approval names the period: a month here, which
is the strictest; set ``period-hours.period = "quarter"`` or ``"year"``. Inside the period a day may be longer than 8
hours and a week than 40, as round-the-clock rotas need; what goes beyond the period's hours is overtime. Do not
name it beside ``cn-labour``, whose daily and weekly limits would still bind; where only some people work so, put
each preset in force for its own contracts (``[[rules.scoped]]``).
"""

from scheduler.rules.minimum_age import MinimumAge
from scheduler.rules.period_hours import PeriodHours
from scheduler.rules.presets.about import Articles
from scheduler.rules.presets.cn_labour import FEMALE, LAW, of_the_protected
from scheduler.rules.presets.whom import PROTECTED, only
from scheduler.rules.rule import Rule

NAME = "cn-comprehensive"
TITLE = (
    "综合计算工时工作制 (comprehensive working hours, 劳部发〔1994〕503号) under the Labour Law of the PRC"
)
JURISDICTION = "China (mainland), for those whose comprehensive working hours the labour authority approved"
READ_ON = "2026-11-22"
MEASURES = "劳部发〔1994〕503号"
NOTICE = "人社部发〔2025〕2号"
ARTICLES: Articles = {
    MEASURES: {"art. 5": "read"},
    NOTICE: {"s. 1": "read"},
    LAW: {"art. 15": "read", "art. 39": "read", "art. 61": "read", "art. 63": "read"},
    FEMALE: {"art. 6": "read", "art. 9": "read"},
}
BASIS: tuple[str, ...] = (
    "Art. 5 of the measures of 1994 (week, month, quarter or year; on average about the standard hours) and the notice "
    "of 2025 (248 working days a year, 62 a quarter, 20.67 a month, each of 8 hours) were read in Chinese.",
    "The hours of a period are read as its own working days by the calendar, 8 hours each, not as the notice's averages.",
    "That a single day or week may then go over 8 or 40 hours was read in the ministry's reply of 1997 (271号).",
    "The night of art. 61 and 63 has no hours in the law: 22:00 to 6:00 rest on a summary of the ministry's explanation.",
)
NOT_IN_HERE: tuple[str, ...] = (
    "The approval itself, its trades, posts and dates.",
    "Overtime beyond the period's hours, at most 36 hours a month on average and paid 150 %: the period is judged "
    "without it; where it is agreed, set period-hours.minutes to what the period may have in all.",
    "The weekly day off, which art. 39 lets other arrangements replace; for heavy physical work the reply of 1997 asks "
    "for one, and for no more than 11 hours a day: put them in force as company rules.",
    "The week as a period, which is the standard of cn-labour.",
)


def rules() -> tuple[Rule, ...]:
    """The rules of this preset."""
    return (
        PeriodHours(
            f"{MEASURES} art. 5 with {NOTICE} s. 1 and {LAW} art. 39: the working days of the period, 8 hours each",
            "month", measure="paid_minutes", preset=NAME,
        ),
        MinimumAge(16, f"{LAW} art. 15: nobody under 16 is employed", NAME),
        *only(PROTECTED, *of_the_protected(NAME)),
    )  # fmt: skip
