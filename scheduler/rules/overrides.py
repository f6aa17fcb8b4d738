"""What a centre sets differently: other limits, rules out of force, company rules of its own."""

from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, fields
from typing import Any, get_args, get_type_hints

from annotated_types import Ge, Gt, Le

from centre.errors import Faults
from scheduler.rules.average_weekly_hours import AverageWeeklyHours
from scheduler.rules.breaks_in_shift import BreaksInShift
from scheduler.rules.call_out_rest import CallOutRest
from scheduler.rules.daily_hours import DailyHours
from scheduler.rules.daily_span import DailySpan
from scheduler.rules.days_in_a_row import DaysInARow
from scheduler.rules.days_off_in_period import DaysOffInPeriod
from scheduler.rules.meal_timing import MealTiming
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
from scheduler.rules.overtime_in_period import OvertimeInPeriod
from scheduler.rules.period_hours import PeriodHours
from scheduler.rules.reduced_rest import ReducedRest
from scheduler.rules.rest_after_nights import RestAfterNightShifts
from scheduler.rules.rest_after_training import RestAfterTraining
from scheduler.rules.rest_between_shifts import RestBetweenShifts
from scheduler.rules.rest_in_any_window import RestInAnyWindow
from scheduler.rules.rest_in_each_day import RestInEachDay
from scheduler.rules.rule import Rule
from scheduler.rules.scoped import with_limits
from scheduler.rules.special_day_ban import SpecialDayBan
from scheduler.rules.special_day_quota import SpecialDayQuota
from scheduler.rules.split_shifts import SplitShifts
from scheduler.rules.substitute_day import SubstituteDay
from scheduler.rules.unbroken_work import UnbrokenWork
from scheduler.rules.weekly_day_off import WeeklyDayOff
from scheduler.rules.weekly_hours import WeeklyHours
from scheduler.rules.weekly_rest import WeeklyRest

KINDS = (
    AverageWeeklyHours, BreaksInShift, CallOutRest, DailyHours, DailySpan, DaysInARow, DaysOffInPeriod,
    MealTiming, MinimumAge, MonthlyOvertime, NightAverage, NightCount, NightWork, NightsInARow,
    NoNightWork, NoticeOfChange, OnCallDays, OnCallHours, OvertimeInPeriod, PeriodHours, ReducedRest,
    RestAfterNightShifts, RestAfterTraining, RestBetweenShifts, RestInAnyWindow, RestInEachDay,
    SpecialDayBan, SpecialDayQuota, SplitShifts, SubstituteDay, UnbrokenWork, WeeklyDayOff, WeeklyHours,
    WeeklyRest,
)  # fmt: skip
COMPANY_RULES: dict[str, Callable[..., Rule]] = {kind.name: kind for kind in KINDS}
COMPANY_SOURCE = "company rule, centre.toml"
SETTINGS_FILE = "centre.toml"
NOT_LIMITS = ("source", "preset")


def overridden(
    rules: list[Rule], name: str, limits: dict[str, Any], faults: Faults, column: str = ""
) -> list[Rule]:
    """``rules`` with one override applied; what is wrong with it is collected in ``faults``.

    A preset's rule for some people (`scheduler.rules.scoped`) goes by its name with the label behind a colon.
    """
    present = any(rule.name == name for rule in rules)
    wrong = list(_faults(name, limits, present, column or f"rules.overrides.{name}"))
    for column, found, expected in wrong:
        faults.add(SETTINGS_FILE, expected, found=found, column=column)
    if wrong:
        return rules
    changed = {limit: value for limit, value in limits.items() if limit != "enabled"}
    if not limits.get("enabled", True):
        return [rule for rule in rules if rule.name != name]
    if not present:
        return [*rules, COMPANY_RULES[name](source=COMPANY_SOURCE, **changed)]
    return [_changed(rule, changed) if rule.name == name else rule for rule in rules]


def limits_of(kind: Callable[..., Rule]) -> dict[str, Field[Any]]:
    """The limits of a kind of rule by name: its fields without source and preset."""
    own = fields(kind)  # type: ignore[arg-type]
    return {field.name: field for field in own if field.name not in NOT_LIMITS}


def _changed(rule: Rule, limits: dict[str, Any]) -> Rule:
    if not limits:
        return rule
    return with_limits(rule, source=f"{rule.source} (limit set in centre.toml)", **limits)


def _faults(
    name: str, limits: dict[str, Any], present: bool, column: str
) -> Iterator[tuple[str, object, str]]:
    """(column, found, expected) of everything that is wrong with one override."""
    name, colon, _ = name.partition(":")
    if name not in COMPANY_RULES or (colon and not present):
        yield column, name + colon, f"a rule: {', '.join(sorted(COMPANY_RULES))}"
        return
    if not isinstance(limits, dict):
        yield column, limits, "a table of limits"
        return
    known = limits_of(COMPANY_RULES[name])
    for limit, value in limits.items():
        if limit == "enabled":
            if not isinstance(value, bool):
                yield f"{column}.{limit}", value, "true or false"
        elif limit not in known:
            yield column, limit, f"a limit of this rule: {', '.join([*known, 'enabled'])}"
        elif expected := _expected(COMPANY_RULES[name], limit, value):
            yield f"{column}.{limit}", value, expected
    missing = [limit for limit, field in known.items() if field.default is MISSING and limit not in limits]
    if missing and not present and limits.get("enabled", True):
        yield column, "", f"a value for {', '.join(missing)}"


def _expected(kind: Callable[..., Rule], limit: str, value: object) -> str:
    """What a limit's value should have been; empty where it is right."""
    hint = get_type_hints(kind, include_extras=True)[limit]
    if hint is bool:
        return "" if isinstance(value, bool) else "true or false"
    bounds: tuple[Any, ...] = getattr(hint, "__metadata__", ())
    if not bounds:
        return "" if value in get_args(hint) else f"one of {', '.join(get_args(hint))}"
    least, most = _range(bounds)
    if type(value) is int and value >= least and (most is None or value <= most):
        return ""
    return f"a whole number from {least}" + ("" if most is None else f" to {most}")


def _range(bounds: tuple[Any, ...]) -> tuple[int, int | None]:
    """Least and greatest whole number that annotated bounds allow."""
    least, most = 0, None
    for bound in bounds:
        match bound:
            case Ge(ge):
                least = max(least, int(str(ge)))
            case Gt(gt):
                least = max(least, int(str(gt)) + 1)
            case Le(le):
                most = int(str(le))
    return least, most
