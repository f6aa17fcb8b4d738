"""Agreement by enumeration: on every line of tiny instances, primitives accept what the verdict passes.

Each line is one person of one rota, so that all lines of an instance are judged at once.
"""

from dataclasses import replace
from datetime import date
from functools import cache
from itertools import cycle, product
from zoneinfo import ZoneInfo

import pytest

from centre.instants import Grid, day_number, day_of, day_start, local_instant
from centre.model import Break, Contract, Opening, Overtime, Pattern, ShiftTemplate
from scheduler.problem import PlannedPerson
from scheduler.rules.availability import Availability
from scheduler.rules.average_weekly_hours import AverageWeeklyHours
from scheduler.rules.breaks_in_shift import BreaksInShift
from scheduler.rules.contract_days import ContractDays
from scheduler.rules.contract_minutes import ContractMinutes
from scheduler.rules.contract_shifts import ContractShifts
from scheduler.rules.daily_hours import DailyHours
from scheduler.rules.daily_span import DailySpan
from scheduler.rules.days_in_a_row import DaysInARow
from scheduler.rules.days_off_in_period import DaysOffInPeriod
from scheduler.rules.employment import Employment
from scheduler.rules.facts import Facts, Person
from scheduler.rules.leave import Leave
from scheduler.rules.meal_timing import MealTiming
from scheduler.rules.monthly_overtime import MonthlyOvertime
from scheduler.rules.night_average import NightAverage
from scheduler.rules.night_count import NightCount
from scheduler.rules.night_work import NightWork
from scheduler.rules.nights_in_a_row import NightsInARow
from scheduler.rules.no_night_work import NoNightWork
from scheduler.rules.overlap import Overlap
from scheduler.rules.overtime_in_period import OvertimeInPeriod
from scheduler.rules.period_hours import PeriodHours
from scheduler.rules.reduced_rest import ReducedRest
from scheduler.rules.rest_after_nights import RestAfterNightShifts
from scheduler.rules.rest_between_shifts import RestBetweenShifts
from scheduler.rules.rest_in_any_window import RestInAnyWindow
from scheduler.rules.rest_in_each_day import RestInEachDay
from scheduler.rules.rotation_pattern import RotationPattern
from scheduler.rules.special_day_ban import SpecialDayBan
from scheduler.rules.special_day_quota import SpecialDayQuota
from scheduler.rules.substitute_day import SubstituteDay
from scheduler.rules.tightest import tightest
from scheduler.rules.unbroken_work import UnbrokenWork
from scheduler.rules.weekly_day_off import WeeklyDayOff
from scheduler.rules.weekly_hours import WeeklyHours
from scheduler.rules.weekly_rest import WeeklyRest
from scheduler.shifts import candidate_shifts
from scheduler.solve.lines import LineBook

BERLIN = ZoneInfo("Europe/Berlin")
MEAL = ((240, 30, False, "meal"),)
CHOICES = {  # name: start, elapsed minutes, breaks
    "day": ("07:00", 510, MEAL),
    "late": ("14:00", 480, ((200, 15, True, "break"),)),
    "night": ("22:00", 600, MEAL),
}
PART_TIME = Contract("part", 900, 1500, 2, 3, ("day", "night"), overtime=Overtime(weekly_minutes=60))
# What was worked before each horizon: (days back, choice); None: not known.
INSTANCES = {
    "spring, from the week's start": ("2024-03-25", 7, None, ("day", "night")),
    "spring night, week start on its Sunday": ("2024-03-29", 5, [], ("day", "late", "night")),
    "autumn, middle of the week, before known": (
        "2024-10-24",
        5,
        [(1, "night"), (2, "late"), (3, "day"), (4, "day"), (6, "night")],
        ("day", "late", "night"),
    ),
    "autumn, a full week behind": (
        "2024-10-26",
        5,
        [(k, "night") for k in range(1, 6)],
        ("day", "late", "night"),
    ),
    "over the turn of the year": (
        "2024-12-29",
        7,
        [(1, "day"), (2, "night"), (4, "day"), (8, "day")],
        ("day", "night"),
    ),
}
RULES = {
    "rest": RestBetweenShifts(660, "s"),
    "rest, a minute more than a night to a night leaves": RestBetweenShifts(841, "s"),
    "weekly rest": WeeklyRest(2100, "s"),
    "weekly rest of two days": WeeklyRest(3300, "s"),
    "day off": WeeklyDayOff("s"),
    "two days off, 40 hours": WeeklyDayOff("s", days=2, unbroken_minutes=2400),
    "three days off, however broken": WeeklyDayOff("s", days=3, unbroken_minutes=0),
    "run of two": DaysInARow(2, "s"),
    "run of five": DaysInARow(5, "s"),
    "12 h in any 60 h": RestInAnyWindow("s", 720, 3600),
    "20 h in any 4 days": RestInAnyWindow("s", 1200, 5760),
    "daily hours": DailyHours(480, "s"),
    "daily hours, overtime": DailyHours(480, "s", 60),
    "weekly hours paid": WeeklyHours(1440, "s"),
    "weekly hours worked": WeeklyHours(1400, "s", "worked_minutes"),
    "average of two weeks": AverageWeeklyHours(1200, 2, "s"),
    "average of one week": AverageWeeklyHours(1500, 1, "s"),
    "breaks": BreaksInShift("s", 360, 30, 30),
    "overlap": Overlap("s"),
    "contract minutes": ContractMinutes("s"),
    "contract days": ContractDays("s"),
    "contract shifts": ContractShifts("s"),
    "employment": Employment("s"),
    "leave": Leave("s"),
    "availability": Availability("s"),
    "rotation pattern": RotationPattern("s"),
    "shortened rest": ReducedRest(900, 600, "s", 1),
    "shortened rest, made good": ReducedRest(900, 600, "s", 2, compensate_days=2),
    "rest in each day": RestInEachDay(840, "s"),
    "two days off in any five": DaysOffInPeriod(2, "s", 5, rolling=True),
    "three days off in seven": DaysOffInPeriod(3, "s", 7, offset_days=2),
    "two whole days off in six": DaysOffInPeriod(2, "s", 6, whole_days=True),
    "two days off together in any seven": DaysOffInPeriod(2, "s", 7, rolling=True, together=2),
    "a month's working days": PeriodHours("s", "month", daily_minutes=60),
    "any two weeks' hours": PeriodHours("s", "weeks", 2, daily_minutes=200, workdays="plain"),
    "overtime of any two months": OvertimeInPeriod(400, "s", 2, rolling=True, weekly_minutes=1000),
    "daily span": DailySpan(510, "s"),
    "unbroken work": UnbrokenWork(300, "s"),
    "meal in time": MealTiming("s"),
    "night work": NightWork(480, "s"),
    "no night work": NoNightWork("s"),
    "three hours in a night, no more": NoNightWork("s", 180, 1140, 300),
    "three nights in two weeks": NightCount(3, "s", weeks=2),
    "three nights a month": NightCount(3, "s", "month"),
    "one night in a row": NightsInARow(1, "s"),
    "two nights in a row": NightsInARow(2, "s"),
    "a day after any night": RestAfterNightShifts(1441, "s", 1),
    "46 hours after two nights": RestAfterNightShifts(2760, "s"),
    "night workers' average of two weeks": NightAverage("s", 2, 150, 3),
    "no sundays and holidays": SpecialDayBan("s"),
    "no work on a holiday by the clock": SpecialDayBan("s", "holidays-and-rest", "clock"),
    "one special day a week": SpecialDayQuota("s", 0, 1, "sundays-and-holidays", "weeks"),
    "two of a year's holidays free": SpecialDayQuota("s", 2, days="holidays-and-rest"),
    "a free workday near a Sunday": SubstituteDay("s", "sundays", 4),
    "a free workday near a holiday": SubstituteDay("s", "holidays", 3),
    "overtime of a month": MonthlyOvertime(300, "s", weekly_minutes=1000, daily_minutes=480),
}


@cache
def lines_of(name, local_shift, rota_of):
    """All lines of work of an instance, the rota in which each is one person, and their work before."""
    start, days, back, choices = INSTANCES[name]
    first = day_number(date.fromisoformat(start))

    @cache
    def anyones(day, choice):
        clock, minutes, breaks = CHOICES[choice]
        return local_shift(BERLIN, "anyone", f"{day_of(day)}T{clock}", minutes, breaks, choice)

    def shift(agent, day, choice):
        return replace(anyones(day, choice), agent=agent)

    lines = [
        [shift(f"p{number:05d}", first + k, choice) for k, choice in enumerate(line) if choice]
        for number, line in enumerate(product((None, *choices), repeat=days))
    ]
    ids = tuple(f"p{number:05d}" for number in range(len(lines)))
    before = None if back is None else rota_of([shift(i, first - k, c) for i in ids for k, c in back])
    return lines, rota_of([s for line in lines for s in line]), ids, before


@cache
def everyone(person, ids):
    return {i: replace(person, agent_id=i) for i in ids}


def facts_for(rule, name, ids, before):
    """The horizon, and everyone the same person but for the id."""
    start, days, _, _ = INSTANCES[name]
    first = day_number(date.fromisoformat(start))
    noon = local_instant(BERLIN, first + 2, 720)
    person = Person(
        ids[0],
        PART_TIME,
        starts_on=first + 1 if isinstance(rule, Employment) else first - 9,
        leaves_on=first + days - 2 if isinstance(rule, Employment | ContractDays) else None,
        available=(Opening((0, 1, 2, 3, 6), 420, 1350),) if isinstance(rule, Availability) else (),
        pattern=Pattern("p", ("day@07:00", "any", "late", "off", "night@21:45"), day_of(first - 1)),
        pattern_ahead=1,
        leave=((noon, noon + 600), (day_start(BERLIN, first + 4), day_start(BERLIN, first + 5))),
    )
    people = everyone(person, ids)
    special = dict(zip(range(first - 1, first + days, 2), cycle(["statutory", "rest"])))
    return person, Facts(BERLIN, first, days, people=people, before=before, special_days=special)


@cache
def broken_by(rule_name, name, local_shift, rota_of):
    """Ids of the lines of an instance that a rule's verdict finds in breach."""
    _, rota, ids, before = lines_of(name, local_shift, rota_of)
    _, facts = facts_for(RULES[rule_name], name, ids, before)
    return {v.agent_id for v in RULES[rule_name].violations(rota, facts) if v.verdict == "breach"}


def told(name, line, primitives):
    return f"{name}: {[(day_of(s.day).isoformat(), s.name) for s in line]} {primitives}"


@pytest.mark.parametrize("rule_name", RULES)
def test_a_rules_primitives_accept_what_its_verdict_passes(
    rule_name, honours, local_shift, rota_of, first_day_of
):
    rule, verdicts = RULES[rule_name], set()
    for name in INSTANCES:
        lines, _, ids, before = lines_of(name, local_shift, rota_of)
        person, facts = facts_for(rule, name, ids[:1], before)
        broken = broken_by(rule_name, name, local_shift, rota_of)
        primitives = list(rule.lines(person, facts))
        first_day_of |= {p.nights: facts.first_day for p in primitives if hasattr(p, "nights")}
        for agent_id, line in zip(ids, lines, strict=True):
            accepted, passed = all(honours(p, line) for p in primitives), agent_id not in broken
            assert passed or not accepted, told(name, line, primitives)
            assert accepted or not passed or not rule.exact, told(name, line, primitives)
            verdicts.add((accepted, passed))
    assert {(True, True), (False, False)} <= verdicts


def test_the_tightest_primitives_accept_what_all_of_them_accept(honours, local_shift, rota_of):
    name = "autumn, middle of the week, before known"
    lines, _, ids, before = lines_of(name, local_shift, rota_of)
    rules = [rule for rule in RULES.values() if not isinstance(rule, Employment)]
    alike = [WeeklyRest(2000, "s"), WeeklyHours(2000, "s"), DaysInARow(4, "s"), DailyHours(500, "s")]
    person, facts = facts_for(rules[0], name, ids, before)
    for chosen in (rules[:3] + alike, rules[3:9] + alike, [ContractMinutes("s"), WeeklyHours(2000, "s")]):
        every = [primitive for rule in chosen for primitive in rule.lines(person, facts)]
        fewer = tightest(every)
        assert len(fewer) < len(every)
        accepted = [all(honours(p, line) for p in every) for line in lines]
        assert accepted == [all(honours(p, line) for p in fewer) for line in lines]
        assert any(accepted)


def candidate_lines(name, primitives):
    """Every line that the solver's graph of one person holds, as tuples of choices."""
    start, days, _, choices = INSTANCES[name]
    first = day_number(date.fromisoformat(start))
    templates = [template(choice) for choice in choices]
    shifts = tuple(candidate_shifts(templates, Grid(BERLIN, first, days, 60)))
    person = PlannedPerson("p", ((0, 1.0),), tuple(primitives))
    book = LineBook(shifts, first, days)
    kept = book.lines(person)
    assert bool(kept) == book.has_line(person)
    assert len(kept) == len(set(kept))
    return {tuple(shifts[k].template.name if k >= 0 else None for k in line) for line in kept}


def template(choice):
    clock, minutes, breaks = CHOICES[choice]
    start = int(clock[:2]) * 60 + int(clock[3:])
    pauses = tuple(Break(length, at, at, paid, kind) for at, length, paid, kind in breaks)
    return ShiftTemplate(choice, start, start, minutes, breaks=pauses)


@pytest.mark.parametrize("rule_name", RULES)
def test_the_solvers_lines_are_those_that_the_verdict_passes(rule_name, local_shift, rota_of):
    rule = RULES[rule_name]
    for name, (start, days, _, choices) in INSTANCES.items():
        _, _, ids, before = lines_of(name, local_shift, rota_of)
        person, facts = facts_for(rule, name, ids[:1], before)
        broken = broken_by(rule_name, name, local_shift, rota_of)
        every = dict(zip(ids, product((None, *choices), repeat=days), strict=True))
        passed = {line for agent_id, line in every.items() if agent_id not in broken}
        accepted = candidate_lines(name, rule.lines(person, facts))
        assert accepted <= passed, f"{name} from {start}"
        assert accepted == passed or not rule.exact, f"{name} from {start}"


def test_the_solvers_lines_honour_all_rules_at_once(local_shift, rota_of):
    rules = [
        RULES[n]
        for n in ("rest", "weekly rest", "day off", "run of five", "daily hours", "contract days", "leave")
    ]
    for name, (_, days, _, choices) in INSTANCES.items():
        _, rota, ids, before = lines_of(name, local_shift, rota_of)
        person, facts = facts_for(rules[-2], name, ids, before)
        broken = {v.agent_id for r in rules for v in r.violations(rota, facts) if v.verdict == "breach"}
        every = dict(zip(ids, product((None, *choices), repeat=days), strict=True))
        passed = {line for agent_id, line in every.items() if agent_id not in broken}
        assert candidate_lines(name, tightest(p for r in rules for p in r.lines(person, facts))) == passed
