"""In a thousand clean random rotas one breach of each kind is planted: all are found, with rule and minutes.

Each rule is asked about the rotas as they are (it finds nothing) and about those with its breach planted (it finds
one in each, of the right person, with the figures worked out when it was planted, and nothing else).
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pytest

from centre.instants import day_number, day_of
from centre.model import Backup, Opening, Pattern, RuleSettings
from scheduler.audit import audit
from scheduler.rota import Rota
from scheduler.rules.availability import Availability
from scheduler.rules.average_weekly_hours import AverageWeeklyHours
from scheduler.rules.backup_call_outs import BackupCallOuts
from scheduler.rules.breaks_in_shift import BreaksInShift
from scheduler.rules.call_out_rest import CallOutRest
from scheduler.rules.contract_days import ContractDays
from scheduler.rules.contract_minutes import ContractMinutes
from scheduler.rules.contract_shifts import ContractShifts
from scheduler.rules.daily_hours import DailyHours
from scheduler.rules.daily_span import DailySpan
from scheduler.rules.days_in_a_row import DaysInARow
from scheduler.rules.days_off_in_period import DaysOffInPeriod
from scheduler.rules.employment import Employment
from scheduler.rules.facts import Facts, Person
from scheduler.rules.induction_no_cover import InductionNoCover
from scheduler.rules.known_people import KnownPeople
from scheduler.rules.leave import Leave
from scheduler.rules.meal_timing import MealTiming
from scheduler.rules.mentor_beside import MentorBeside
from scheduler.rules.mentor_load import MentorLoad
from scheduler.rules.minimum_age import MinimumAge
from scheduler.rules.monthly_overtime import MonthlyOvertime
from scheduler.rules.night_average import NightAverage
from scheduler.rules.night_count import NightCount
from scheduler.rules.night_work import NightWork
from scheduler.rules.nights_in_a_row import NightsInARow
from scheduler.rules.no_night_work import NoNightWork
from scheduler.rules.notice_of_change import NoticeOfChange
from scheduler.rules.on_call_days import OnCallDays
from scheduler.rules.on_call_hours import OnCallHours
from scheduler.rules.one_shift_a_day import OneShiftADay
from scheduler.rules.overlap import Overlap
from scheduler.rules.overrides import COMPANY_RULES
from scheduler.rules.overtime_in_period import OvertimeInPeriod
from scheduler.rules.period_hours import PeriodHours
from scheduler.rules.presets import PRESETS, centre, rules_in_force
from scheduler.rules.reduced_rest import ReducedRest
from scheduler.rules.rest_after_nights import RestAfterNightShifts
from scheduler.rules.rest_after_training import RestAfterTraining
from scheduler.rules.rest_between_shifts import RestBetweenShifts
from scheduler.rules.rest_in_any_window import RestInAnyWindow
from scheduler.rules.rest_in_each_day import RestInEachDay
from scheduler.rules.rotation_pattern import RotationPattern
from scheduler.rules.rule import Rule
from scheduler.rules.shift_template import ShiftTemplateRule
from scheduler.rules.skills import Skills
from scheduler.rules.special_day_ban import SpecialDayBan
from scheduler.rules.special_day_quota import SpecialDayQuota
from scheduler.rules.split_shifts import SplitShifts
from scheduler.rules.substitute_day import SubstituteDay
from scheduler.rules.unbroken_work import UnbrokenWork
from scheduler.rules.weekly_day_off import WeeklyDayOff
from scheduler.rules.weekly_hours import WeeklyHours
from scheduler.rules.weekly_rest import WeeklyRest
from tests.scheduler.mutations import ACTIVITIES, NAMES, SETTINGS, WEEKDAYS, WEEKS, Book, clean, clean_rota


@dataclass
class Draw:
    """What is drawn for the wronged person of every rota: week, weekday and a number of minutes from 1 to 60."""

    who: np.ndarray
    week: np.ndarray
    day: np.ndarray
    minutes: np.ndarray

    @property
    def at(self):
        return self.who, self.week, self.day


Planted = tuple[object, object]
"""Found and limit, figures or arrays over the wronged people."""
PLANTS: dict[str, tuple[Rule, Callable[[Book, Draw], Planted]]] = {}


def plant(rule: Rule):
    def keep(function):
        PLANTS[function.__name__.replace("_", " ")] = (rule, function)
        return function

    return keep


@plant(RestBetweenShifts(660, "s"))
def a_short_rest(book, draw):
    draw.day[:] = np.maximum(draw.day, 1)
    rest = book.start[draw.at] - book.end[draw.who, draw.week, draw.day - 1]
    book.move(draw.at, 660 - draw.minutes - rest)
    return 660 - draw.minutes, 660


@plant(DailyHours(480, "s"))
def a_long_day(book, draw):
    book.end[draw.at] = book.start[draw.at] + 540 + draw.minutes
    return 480 + draw.minutes, 480


@plant(WeeklyHours(2400, "s"))
def a_long_week(book, draw):
    book.end[draw.who, draw.week] += 60
    book.end[draw.at] += draw.minutes
    return 2400 + draw.minutes, 2400


@plant(AverageWeeklyHours(2100, WEEKS, "s"))
def a_long_average(book, draw):
    draw.week[:] = WEEKS - 1
    book.end[draw.at] += draw.minutes
    return 2100 * WEEKS + draw.minutes, 2100 * WEEKS


@plant(MonthlyOvertime(300, "s"))
def a_month_of_overtime(book, draw):
    draw.week[:] %= 2
    book.end[draw.who, 0] += 90  # 510 paid minutes a day, 2,550 in the week
    book.end[draw.who, 1] += 90
    book.end[draw.at] += draw.minutes
    return 300 + draw.minutes, 300


@plant(DaysInARow(6, "s"))
def a_long_run(book, draw):
    for day in (5, 6):
        start = book.clock(draw.week, day, 600)
        book.work(draw.who, draw.week, day, start, start + 240)
    after = np.minimum(draw.week + 1, WEEKS - 1)
    book.gone[draw.who, after, draw.day] |= draw.week < WEEKS - 1
    return 7 + np.where(draw.week < WEEKS - 1, draw.day, 0), 6


@plant(WeeklyDayOff("s"))
def a_week_without_a_day_off(book, draw):
    edges = [book.midnight(draw.week, 0)]
    for day in range(WEEKDAYS):
        edges += [book.start[draw.who, draw.week, day], book.end[draw.who, draw.week, day]]
    for day in (5, 6):
        start = book.clock(draw.week, day, 540) + draw.minutes
        book.work(draw.who, draw.week, day, start, start + 300)
        edges += [start, start + 300]
    edges.append(book.midnight(draw.week, 7))
    gaps = [edges[k + 1] - edges[k] for k in range(0, len(edges), 2)]
    return np.max(gaps, axis=0), 1440


@plant(WeeklyRest(2100, "s"))
def a_short_weekend(book, draw):
    end = book.midnight(draw.week, 7) - 2100 + draw.minutes
    book.work(draw.who, draw.week, 5, book.clock(draw.week, 5, 480), end)
    return 2100 - draw.minutes, 2100


@plant(BreaksInShift("s", 360, 60, 15))
def a_short_break(book, draw):
    book.meal_minutes[draw.at] = 60 - draw.minutes
    return np.where(60 - draw.minutes >= 15, 60 - draw.minutes, 0), 60


@plant(UnbrokenWork(360, "s"))
def a_late_pause(book, draw):
    draw.minutes[:] = np.minimum(draw.minutes, 50)
    book.meal[draw.at] = book.start[draw.at] + 360 + draw.minutes
    return 360 + draw.minutes, 360


@plant(MealTiming("s"))
def a_late_meal(book, draw):
    book.meal[draw.at] = book.start[draw.at] + 300 + draw.minutes
    return 300 + draw.minutes, 300


@plant(DailySpan(720, "s"))
def a_long_span(book, draw):
    end = book.start[draw.at] + 720 + draw.minutes
    book.work(draw.who, draw.week, draw.day, end - 60, end)
    return 720 + draw.minutes, 720


@plant(SplitShifts("s"))
def a_split_shift(book, draw):
    start = book.end[draw.at] + 60 + draw.minutes
    book.work(draw.who, draw.week, draw.day, start, start + 60)
    return 2, 1


@plant(NightWork(480, "s"))
def a_long_night(book, draw):
    start = book.clock(draw.week, draw.day, 1200)
    book.move(draw.at, start - book.start[draw.at])
    book.end[draw.at] = start + 540 + draw.minutes
    return 480 + draw.minutes, 480


@plant(NoNightWork("s"))
def an_evening_that_ends_late(book, draw):
    book.move(draw.at, book.clock(draw.week, draw.day, 1320) + draw.minutes - book.end[draw.at])
    return draw.minutes, 0


def nights(book, draw, *days):
    for day in days:
        at = draw.who, draw.week, np.full_like(draw.day, day)
        book.move(at, book.clock(draw.week, day, 1320) - book.start[at])


@plant(NightCount(2, "s"))
def a_night_too_many(book, draw):
    nights(book, draw, 0, 2, 4)
    return 3, 2


@plant(RestAfterNightShifts(2760, "s"))
def a_short_rest_after_nights(book, draw):
    nights(book, draw, 0, 1)
    book.gone[draw.who, draw.week, 2:4] = True
    at = draw.who, draw.week, np.full_like(draw.day, 4)
    book.move(at, book.end[draw.who, draw.week, 1] + 2760 - draw.minutes - book.start[at])
    return 2760 - draw.minutes, 2760


@plant(NightsInARow(2, "s"))
def a_row_of_nights(book, draw):
    nights(book, draw, 0, 1, 2)
    return 3, 2


@plant(NightAverage("s", WEEKS, minutes=350))
def a_night_workers_average(book, draw):
    draw.week[:] = WEEKS - 1
    nights(book, draw, 3)
    book.end[draw.at] += draw.minutes
    return 2100 * WEEKS + draw.minutes, 2100 * WEEKS


@plant(SpecialDayBan("s", counts="clock"))
def a_shift_into_sunday(book, draw):
    sunday = book.midnight(draw.week, 6)
    book.work(draw.who, draw.week, 5, sunday - 240, sunday + draw.minutes)
    return draw.minutes, 0


@plant(SpecialDayBan("s", days="holidays"))
def a_shift_on_a_holiday(book, draw):
    book.told["special_days"] = {book.first_day + 7: "statutory", book.first_day + 8: "rest"}
    book.gone[:, 1, 0] = True
    book.gone[draw.who, 1, 0] = False
    return 1, 0


@plant(SpecialDayQuota("s", least_free=0, most_worked=1, period="weeks", weeks=WEEKS))
def a_sunday_too_many(book, draw):
    for week in (0, WEEKS - 1):
        start = book.clock(np.full_like(draw.week, week), 6, 600)
        book.work(draw.who, week, 6, start, start + draw.minutes)
    return 2, 1


@plant(ReducedRest(660, 540, "s", times=1))
def a_second_short_rest(book, draw):
    for day in (1, 3):
        at = draw.who, draw.week, np.full_like(draw.day, day)
        rest = book.start[at] - book.end[draw.who, draw.week, day - 1]
        book.move(at, 660 - draw.minutes - rest)
    return 660 - draw.minutes, 660


@plant(RestInEachDay(660, "s"))
def a_long_friday(book, draw):
    draw.day[:] = WEEKDAYS - 1
    book.end[draw.at] = book.start[draw.at] + 780 + draw.minutes
    return 660 - draw.minutes, 660


@plant(RestInAnyWindow("s"))
def a_week_with_hardly_a_rest(book, draw):
    draw.week[:] %= WEEKS - 1
    for day in range(8):
        start, end = (
            book.clock(draw.week, day, minute) for minute in (10 + draw.minutes, 1430 if day < 7 else 1320)
        )
        if day in (5, 6):
            book.work(draw.who, draw.week, day, start, end)
        else:
            at = draw.who, draw.week + day // 7, np.full_like(draw.day, day % 7)
            book.start[at], book.end[at], book.meal_minutes[at] = start, end, 0
    return 20 + draw.minutes, 480


@plant(Overlap("s"))
def two_things_at_once(book, draw):
    start = book.end[draw.at] - draw.minutes
    book.work(draw.who, draw.week, draw.day, start, start + 120)
    return draw.minutes, 0


@plant(OneShiftADay("s"))
def a_second_shift(book, draw):
    start = book.end[draw.at] + 300
    book.work(draw.who, draw.week, draw.day, start, start + draw.minutes)
    return 2, 1


@plant(ContractMinutes("s"))
def more_than_the_contract(book, draw):
    book.end[draw.at] += draw.minutes
    return 2100 + draw.minutes, 2100


@plant(ContractDays("s"))
def less_days_than_the_contract(book, draw):
    book.gone[draw.at] = True
    return 4, 5


@plant(ContractShifts("s"))
def a_shift_outside_the_contract(book, draw):
    book.shift[draw.at] = NAMES.index("night")
    return None, None


@plant(ShiftTemplateRule("s"))
def a_start_outside_the_template(book, draw):
    start = book.clock(draw.week, draw.day, 600) + draw.minutes
    book.move(draw.at, start - book.start[draw.at])
    return 600 + draw.minutes, 600


@plant(Skills("s"))
def work_without_the_skill(book, draw):
    book.activity[draw.at], book.meal_minutes[draw.at] = ACTIVITIES.index("work:phone"), 0
    return 480, 0


@plant(Leave("s"))
def work_into_leave(book, draw):
    for k, minutes in enumerate(draw.minutes):
        end = int(book.end[draw.who[k], draw.week[k], draw.day[k]])
        book.told_of[book.names[draw.who[k]]] = {"leave": ((end - int(minutes), end + 300),)}
    return draw.minutes, 0


@plant(Availability("s"))
def work_after_the_hours_in_which_they_can(book, draw):
    closes = book.clock(draw.week, draw.day, 1080)
    book.end[draw.at] = closes + draw.minutes
    for who in draw.who:
        book.told_of[book.names[who]] = {"available": (Opening((0, 1, 2, 3, 4), 450, 1080),)}
    return draw.minutes, 0


@plant(RotationPattern("s"))
def work_on_a_day_off_of_the_pattern(book, draw):
    days = np.array(["early"] * 5 + ["off"] * 2)
    for who, day in zip(draw.who.tolist(), draw.day.tolist(), strict=True):
        own = days.copy()
        own[day] = "off"
        book.told_of[book.names[who]] = {"pattern": Pattern("p", tuple(own.tolist()))}
        others = np.ones(book.gone.shape[1], dtype=bool)
        others[draw.week[draw.who == who]] = False
        book.gone[who, others, day] = True
    return None, None


@plant(Employment("s"))
def work_before_the_first_day(book, draw):
    for who in draw.who:
        book.told_of[book.names[who]] = {"starts_on": book.first_day + 1}
    return 480, 0


@plant(KnownPeople("s"))
def somebody_not_on_the_list(book, draw):
    book.told["people"] = {
        name: p for name, p in book.people().items() if name not in set(np.array(book.names)[draw.who])
    }
    return 3 * WEEKS * WEEKDAYS, 0


@plant(DaysOffInPeriod(2, "s", period_days=7))
def one_day_off_and_almost_two(book, draw):
    start = book.end[draw.who, draw.week, WEEKDAYS - 1] + 2880 - draw.minutes
    book.work(draw.who, draw.week, 6, start, start + 60)
    return 1, 2


@plant(MinimumAge(16, "s"))
def a_child_at_work(book, draw):
    for who in draw.who:
        first = day_of(book.first_day + 3)
        book.told_of[book.names[who]] = {"born_on": day_number(first.replace(year=first.year - 16))}
    return 15, 16


@plant(NoticeOfChange(14, "s"))
def a_shift_changed_too_late(book, draw):
    days = draw.minutes % 14
    told = book.clock(draw.week, draw.day - days, 300)
    book.told["notices"] = {
        (book.names[who], book.first_day + 7 * int(week) + int(day)): int(at)
        for who, week, day, at in zip(*draw.at, told, strict=True)
    }
    return days, 14


@plant(RestAfterTraining(960, "s"))
def a_short_rest_after_training(book, draw):
    draw.day[:] = np.maximum(draw.day, 1)
    before = draw.who, draw.week, draw.day - 1
    book.activity[before] = ACTIVITIES.index("training:new")
    book.move(draw.at, book.end[before] + 960 - draw.minutes - book.start[draw.at])
    return 960 - draw.minutes, 960


@plant(OnCallDays(1, "s"))
def a_second_day_of_standing_by(book, draw):
    for day in (1, 5):
        start = book.clock(draw.week, day, 1200)
        book.work(draw.who, draw.week, day, start, start + draw.minutes, ACTIVITIES.index("on_call"))
    return 2, 1


@plant(OnCallHours(600, "s"))
def standing_by_too_long(book, draw):
    start = book.clock(draw.week, 5, 540)
    book.work(draw.who, draw.week, 5, start, start + 600 + draw.minutes, ACTIVITIES.index("on_call"))
    return 600 + draw.minutes, 600


@plant(CallOutRest(660, "s"))
def a_short_rest_after_a_call_out(book, draw):
    draw.day[:] = np.maximum(draw.day, 1)
    end = book.start[draw.at] - 660 + draw.minutes
    book.work(draw.who, draw.week, draw.day - 1, end - 30, end, ACTIVITIES.index("call_out"))
    return 660 - draw.minutes, 660


@plant(InductionNoCover("s"))
def a_day_of_induction_at_the_queue(book, draw):
    for who, day in zip(draw.who, days_of(book, draw), strict=True):
        book.told_of[book.names[who]] = {"stages": (("induction", day, day),)}
    return 420, 0


@plant(MentorBeside("s"))
def an_hour_without_the_mentor(book, draw):
    beside = draw.who + 1, draw.week, draw.day
    for values in (book.start, book.end, book.meal):
        values[beside] = values[draw.at]
    book.end[beside] -= draw.minutes
    for who, day in zip(draw.who, days_of(book, draw), strict=True):
        book.told_of[book.names[who]] = {"stages": (("mentored", day, day),), "mentor": book.names[who + 1]}
    return draw.minutes, 0


@plant(MentorLoad("s"))
def one_starter_too_many(book, draw):
    book.told["mentor_load"] = 0
    for who, day in zip(draw.who, days_of(book, draw), strict=True):
        book.told_of[book.names[who + 1]] = {"stages": (("mentored", day, day),), "mentor": book.names[who]}
    return 1, 0


def days_of(book, draw):
    """The day number of each wronged person's day."""
    return (book.first_day + 7 * draw.week + draw.day).tolist()


@plant(BackupCallOuts("s"))
def a_short_call_out(book, draw):
    for who in draw.who:
        book.told_of[book.names[who]] = {"backup": Backup("pool", ("chat",), minimum_minutes=120)}
    start = book.clock(draw.week, 5, 720)
    book.work(draw.who, draw.week, 5, start, start + 120 - draw.minutes, ACTIVITIES.index("backup"))
    return 120 - draw.minutes, 120


@plant(PeriodHours("s", period="weeks", weeks=WEEKS, daily_minutes=420, workdays="plain"))
def four_long_weeks(book, draw):
    draw.week[:] = WEEKS - 1
    book.end[draw.at] += draw.minutes
    return 2100 * WEEKS + draw.minutes, 2100 * WEEKS


@plant(OvertimeInPeriod(300, "s"))
def a_year_of_overtime(book, draw):
    return a_month_of_overtime(book, draw)


@plant(SubstituteDay("s", window_days=3))
def a_sunday_without_a_free_day_for_it(book, draw):
    draw.week[:] %= WEEKS - 1
    for day in (5, 6):
        start = book.clock(draw.week, day, 600)
        book.work(draw.who, draw.week, day, start, start + draw.minutes)
    return 0, 1


def drawn(book: Book, seed: int) -> Draw:
    rng, count = np.random.default_rng(seed), len(book.wronged)
    return Draw(
        book.wronged,
        rng.integers(0, WEEKS, count),
        rng.integers(0, WEEKDAYS, count),
        rng.integers(1, 61, count),
    )


def breaches_of(rule: Rule, rota: Rota, facts: Facts) -> dict[str, tuple[float, float]]:
    found = [v for v in rule.violations(rota, facts) if v.verdict == "breach"]
    assert all(v.rule == rule.name for v in found)
    by_agent = {v.agent_id: (v.found, v.limit) for v in found}
    assert len(by_agent) == len(found)
    return by_agent


def test_every_kind_of_rule_has_a_breach_that_can_be_planted():
    every = {*COMPANY_RULES, *(rule.name for rule in centre.rules())}
    assert {rule.name for rule, _ in PLANTS.values()} == every


@pytest.mark.parametrize("setting", SETTINGS)
def test_no_law_finds_anything_in_clean_rotas(setting):
    """All presets at once, with nothing withheld but what clean rotas of four weeks cannot tell."""
    book = clean(setting)
    rules = rules_in_force(RuleSettings(tuple(PRESETS)), with_centre=True)
    found = audit(clean_rota(setting), rules, book.facts())
    assert [v for v in found if v.verdict != "not_checked" or v.rule not in AHEAD] == []
    assert len(rules) > 60


AHEAD = {"substitute-day", "days-off-in-period"}
"""Rules whose periods reach beyond the horizon: what they cannot know yet they say."""


@pytest.mark.parametrize("setting", SETTINGS)
def test_clean_rotas_have_no_finding(setting):
    book = clean(setting)
    for rule, _ in PLANTS.values():
        assert list(rule.violations(clean_rota(setting), book.facts())) == []


@pytest.mark.parametrize("name", PLANTS)
def test_every_planted_breach_is_found_with_its_minutes_and_nothing_else(name):
    rule, plant_in = PLANTS[name]
    for seed, setting in enumerate(SETTINGS):
        book = clean(setting)
        draw = drawn(book, seed)
        found, limit = (np.broadcast_to(figure, draw.who.shape) for figure in plant_in(book, draw))
        expected = {
            book.names[who]: (f, g)
            for who, f, g in zip(draw.who, found.tolist(), limit.tolist(), strict=True)
        }
        assert breaches_of(rule, book.rota(), book.facts()) == expected


BEFORE, PEOPLE, CALENDAR, PUBLISHED, BORN = "before", "people", "special_days", "published_at", "born_on"
NEEDS = {
    "average-weekly-hours": (BEFORE,), "call-out-rest": (BEFORE,), "days-off-in-period": (BEFORE,),
    "minimum-age": (BORN, PEOPLE), "notice-of-change": (PUBLISHED,), "on-call-days": (BEFORE,), "on-call-hours": (BEFORE,),
    "rest-after-training": (BEFORE,), "overtime-in-period": (BEFORE,), "period-hours": (BEFORE,),
    "substitute-day": (CALENDAR,), "contract-days": (PEOPLE,), "contract-minutes": (PEOPLE,),
    "contract-shifts": (PEOPLE,), "days-in-a-row": (BEFORE,), "employment": (PEOPLE,), "known-people": (PEOPLE,),
    "leave": (PEOPLE,), "induction-no-cover": (PEOPLE,), "mentor-beside": (PEOPLE,), "mentor-load": (PEOPLE,),
    "availability": (PEOPLE,), "rotation-pattern": (PEOPLE,), "monthly-overtime": (BEFORE,), "night-average": (BEFORE,),
    "night-count": (BEFORE,), "nights-in-a-row": (BEFORE,), "reduced-rest": (BEFORE,), "rest-after-nights": (BEFORE,),
    "rest-between-shifts": (BEFORE,), "rest-in-any-window": (BEFORE,), "rest-in-each-day": (BEFORE,),
    "shift-template": ("templates",), "skills": (PEOPLE,), "special-day-ban": (CALENDAR,), "special-day-quota": (BEFORE,),
    "weekly-day-off": (BEFORE,), "weekly-hours": (BEFORE,), "weekly-rest": (BEFORE,),
}  # fmt: skip
"""The facts that each rule needs besides the rota; rules that are not named need none."""
WITHHELD = sorted({(name, fact) for name, facts in NEEDS.items() for fact in facts})


@cache
def from_wednesday() -> Rota:
    """A night from Wednesday, the first day, and an hour in each evening to Sunday: what came before may matter."""
    book = clean(next(iter(SETTINGS)))
    who, start = book.wronged, book.clock(np.zeros_like(book.wronged), 2, 1320)
    book.gone[:] = True
    book.work(who, 0, 2, start, start + 480)
    for day in range(3, 7):
        start = book.clock(np.zeros_like(who), day, 1200)
        book.work(who, 0, day, start, start + 60)
    book.work(who, 0, 6, start + 120, start + 180, ACTIVITIES.index("on_call"))
    return book.rota()


@pytest.mark.parametrize(("name", "fact"), WITHHELD)
def test_with_a_fact_withheld_the_rules_that_need_it_say_so(name, fact):
    """What is known besides is the same, and with the fact nothing is left unchecked."""
    known, rota = known_from_wednesday(), from_wednesday()
    withheld = replace(known, **{fact: None}) if fact != BORN else replace(known, people=of_unknown_age())
    for rule in [rule for rule, _ in PLANTS.values() if rule.name == name]:
        told = [v for v in rule.violations(rota, withheld) if v.verdict == "not_checked"]
        assert told, fact
        assert all(v.explanation.startswith("Not checked") for v in told)
        assert not [v for v in rule.violations(rota, known) if v.verdict == "not_checked"]


@cache
def known_from_wednesday() -> Facts:
    """All that there is to know of a horizon from a Wednesday, of people who have been there for half a year."""
    book = clean(next(iter(SETTINGS)))
    people = {who: replace(person, starts_on=None) for who, person in book.people().items()}
    first = book.first_day + 2
    return replace(book.facts(), first_day=first, days=12, people=people, before=clean_before(book))


def of_unknown_age() -> dict[str, Person]:
    people = known_from_wednesday().people
    return {who: replace(person, born_on=None) for who, person in people.items()}


def clean_before(book: Book) -> Rota:
    """Half a year of work before the horizon: one short shift a week."""
    who = np.arange(len(book.start))
    shifts = []
    for week in range(1, 27):
        start = np.full_like(who, (book.first_day - 7 * week) * 1440 + 540)
        shifts.append((who, start // 1440, start, start + 240, 0 * who))
    early = deepcopy(book)
    early.gone[:] = True
    early.extra = shifts
    return early.rota()
