"""The figures of every law, as its articles have them, and which of several presets is the strictest."""

import pytest

from centre.model import RuleSettings
from scheduler.rules.overrides import limits_of
from scheduler.rules.presets import PRESETS, rules_in_force
from scheduler.rules.scoped import Scoped

H = 60  # minutes
PAID, WORKED = "paid_minutes", "worked_minutes"
TEN_PM, SIX_AM = 22 * H, 6 * H

# (rule, article that its source names, what the article says; limits left out are the rule's own defaults)
LAWS = {
    "customer-service": [("weekly-day-off", "P12", {"days": 1, "unbroken_minutes": 24 * H})],
    "cn-labour": [
        ("daily-hours", "art. 3: 8", {"minutes": 8 * H, "overtime_minutes": 1 * H, "measure": PAID}),
        ("weekly-hours", "art. 3: 40", {"minutes": 40 * H, "agreed_overtime": True, "measure": PAID}),
        ("monthly-overtime", "art. 41", {"minutes": 36 * H, "weekly_minutes": 40 * H, "daily_minutes": 8 * H}),
        ("weekly-day-off", "art. 38", {"days": 1, "unbroken_minutes": 24 * H}),
        ("minimum-age", "art. 15", {"years": 16}),
        ("daily-hours:protected", "art. 61, art. 63", {"minutes": 8 * H, "overtime_minutes": 0, "measure": PAID}),
        ("weekly-hours:protected", "art. 61, art. 63", {"minutes": 40 * H, "agreed_overtime": False, "measure": PAID}),
        ("no-night-work:protected", "art. 61, art. 63", {"minutes": 0, "night_from": TEN_PM, "night_to": SIX_AM}),
    ],
    "cn-comprehensive": [
        ("period-hours", "503号 art. 5", {
            "period": "month", "daily_minutes": 8 * H, "working_weekdays": 5, "workdays": "calendar", "minutes": 0,
            "measure": PAID,
        }),
        ("minimum-age", "art. 15", {"years": 16}),
        ("daily-hours:protected", "art. 61, art. 63", {"minutes": 8 * H, "overtime_minutes": 0, "measure": PAID}),
        ("weekly-hours:protected", "art. 61, art. 63", {"minutes": 40 * H, "agreed_overtime": False, "measure": PAID}),
        ("no-night-work:protected", "art. 61, art. 63", {"minutes": 0, "night_from": TEN_PM, "night_to": SIX_AM}),
    ],
    "eu-wtd": [
        ("rest-between-shifts", "art. 3", {"minimum_minutes": 11 * H, "consent": False}),
        ("breaks-in-shift", "art. 4", {"after_minutes": 6 * H, "minutes": 15}),
        ("weekly-rest", "art. 5", {"minimum_minutes": (24 + 11) * H}),
        ("average-weekly-hours", "art. 6(b), art. 16(b)", {"minutes": 48 * H, "weeks": 17, "opt_out": False}),
        ("daily-hours:minors", "94/33/EC art. 8", {"minutes": 8 * H, "overtime_minutes": 0, "measure": WORKED}),
        ("weekly-hours:minors", "94/33/EC art. 8", {"minutes": 40 * H, "agreed_overtime": False, "measure": WORKED}),
        ("no-night-work:minors", "art. 9", {"minutes": 0, "night_from": TEN_PM, "night_to": SIX_AM}),
        ("rest-between-shifts:minors", "art. 10(1)", {"minimum_minutes": 12 * H}),
        ("weekly-day-off:minors", "art. 10(2)", {"days": 2, "unbroken_minutes": 36 * H}),
        ("breaks-in-shift:minors", "art. 12", {"after_minutes": 4 * H + 30, "minutes": 30, "part_minutes": 15}),
    ],
    "uk-wtr": [
        ("average-weekly-hours", "reg. 4 with reg. 5", {
            "minutes": 48 * H, "weeks": 17, "measure": WORKED, "opt_out": True,
        }),
        ("rest-between-shifts", "reg. 10", {"minimum_minutes": 11 * H}),
        ("weekly-rest", "reg. 11", {"minimum_minutes": 24 * H}),
        ("breaks-in-shift", "reg. 12", {"after_minutes": 6 * H, "minutes": 20, "part_minutes": 20}),
        ("night-average", "reg. 6", {
            "minutes": 8 * H, "weeks": 17, "days_a_week": 6, "counts_minutes": 3 * H, "night_from": 23 * H,
            "night_to": SIX_AM,
        }),
        ("daily-hours:minors", "reg. 5A", {"minutes": 8 * H, "overtime_minutes": 0, "measure": WORKED}),
        ("weekly-hours:minors", "reg. 5A", {"minutes": 40 * H, "agreed_overtime": False, "measure": WORKED}),
        ("no-night-work:minors", "reg. 6A", {"minutes": 0, "night_from": TEN_PM, "night_to": SIX_AM}),
        ("rest-between-shifts:minors", "reg. 10(2)", {"minimum_minutes": 12 * H}),
        ("weekly-rest:minors", "reg. 11(3)", {"minimum_minutes": 48 * H}),
        ("breaks-in-shift:minors", "reg. 12(4)", {"after_minutes": 4 * H + 30, "minutes": 30, "part_minutes": 30}),
    ],
    "de-arbzg": [
        ("daily-hours", "§ 3", {"minutes": 10 * H, "overtime_minutes": 0, "measure": WORKED}),
        ("average-weekly-hours", "§ 3", {"minutes": 6 * 8 * H, "weeks": 24, "measure": WORKED}),
        ("breaks-in-shift", "§ 4", {"after_minutes": 6 * H, "minutes": 30, "part_minutes": 15}),
        ("breaks-in-shift", "§ 4", {"after_minutes": 9 * H, "minutes": 45, "part_minutes": 15}),
        ("unbroken-work", "§ 4", {"minutes": 6 * H, "part_minutes": 15}),
        ("rest-between-shifts", "§ 5(1)", {"minimum_minutes": 11 * H}),
        ("night-average", "§ 6(2)", {
            "minutes": 8 * H, "weeks": 4, "days_a_week": 6, "counts_minutes": 2 * H + 1, "night_from": 23 * H,
            "night_to": SIX_AM,
        }),
        ("special-day-ban", "§ 9(1)", {"days": "sundays-and-holidays", "counts": "clock", "moved_minutes": 0}),
        ("special-day-quota", "§ 11(1)", {"least_free": 15, "days": "sundays", "period": "year"}),
        ("substitute-day", "§ 11(3)", {"days": "sundays", "window_days": 14}),
        ("substitute-day", "§ 11(3)", {"days": "holidays", "window_days": 8 * 7}),
        ("daily-hours:minors", "Jugendarbeitsschutzgesetz § 8(1)", {"minutes": 8 * H, "overtime_minutes": 0, "measure": WORKED}),
        ("weekly-hours:minors", "Jugendarbeitsschutzgesetz § 8(1)", {"minutes": 40 * H, "agreed_overtime": False, "measure": WORKED}),
        ("breaks-in-shift:minors", "§ 11(1)", {"after_minutes": 4 * H + 30, "minutes": 30, "part_minutes": 15}),
        ("breaks-in-shift:minors", "§ 11(1)", {"after_minutes": 6 * H, "minutes": 60, "part_minutes": 15}),
        ("unbroken-work:minors", "§ 11(2)", {"minutes": 4 * H + 30, "part_minutes": 15}),
        ("daily-span:minors", "§ 12", {"minutes": 10 * H}),
        ("rest-between-shifts:minors", "§ 13", {"minimum_minutes": 12 * H}),
        ("no-night-work:minors", "§ 14(1)", {"minutes": 0, "night_from": 20 * H, "night_to": SIX_AM}),
        ("weekly-day-off:minors", "§ 15", {"days": 2, "unbroken_minutes": 0}),
        ("special-day-ban:minors", "§ 17(1)", {"days": "sundays", "counts": "clock"}),
        ("special-day-ban:minors", "§ 18(1)", {"days": "holidays", "counts": "clock"}),
        ("daily-hours:protected", "Mutterschutzgesetz § 4(1)", {"minutes": 8 * H + 30, "overtime_minutes": 0, "measure": WORKED}),
        ("no-night-work:protected", "§ 5(1)", {"minutes": 0, "night_from": 20 * H, "night_to": SIX_AM}),
        ("special-day-ban:protected", "§ 6(1)", {"days": "sundays-and-holidays", "counts": "clock"}),
    ],
    "fr": [
        ("daily-hours", "L3121-18", {"minutes": 10 * H, "overtime_minutes": 0, "measure": WORKED}),
        ("weekly-hours", "L3121-20", {"minutes": 48 * H, "agreed_overtime": False, "measure": WORKED}),
        ("average-weekly-hours", "L3121-22", {"minutes": 44 * H, "weeks": 12, "measure": WORKED}),
        ("breaks-in-shift", "L3121-16", {"after_minutes": 6 * H - 1, "minutes": 20, "part_minutes": 20}),
        ("rest-between-shifts", "L3131-1", {"minimum_minutes": 11 * H}),
        ("weekly-rest", "L3132-2", {"minimum_minutes": (24 + 11) * H}),
        ("weekly-day-off", "L3132-1", {"days": 1, "unbroken_minutes": 0}),
        ("night-work", "L3122-6", {
            "minutes": 8 * H, "counts_minutes": 3 * H, "night_from": 21 * H, "night_to": SIX_AM,
        }),
        ("night-average", "L3122-7", {
            "minutes": 40 * H // 6, "days_a_week": 6, "weeks": 12, "nights": 2 * 12, "counts_minutes": 3 * H,
            "night_from": 21 * H, "night_to": SIX_AM,
        }),
        ("daily-hours:minors", "L3162-1", {"minutes": 8 * H, "overtime_minutes": 0, "measure": WORKED}),
        ("weekly-hours:minors", "L3162-1", {"minutes": 35 * H, "agreed_overtime": False, "measure": WORKED}),
        ("breaks-in-shift:minors", "L3162-3", {"after_minutes": 4 * H + 30, "minutes": 30, "part_minutes": 30}),
        ("unbroken-work:minors", "L3162-3", {"minutes": 4 * H + 30, "part_minutes": 30}),
        ("no-night-work:minors", "L3163-1", {"minutes": 0, "night_from": TEN_PM, "night_to": SIX_AM}),
        ("rest-between-shifts:minors", "L3164-1", {"minimum_minutes": 12 * H}),
        ("weekly-day-off:minors", "L3164-2", {"days": 2, "unbroken_minutes": 48 * H}),
    ],
    "jp": [
        ("daily-hours", "art. 32(2)", {"minutes": 8 * H, "overtime_minutes": 16 * H, "measure": WORKED}),
        ("weekly-hours", "art. 32(1)", {"minutes": 40 * H, "agreed_overtime": True, "measure": WORKED}),
        ("weekly-day-off", "art. 35(1)", {"days": 1, "unbroken_minutes": 24 * H}),
        ("breaks-in-shift", "art. 34(1)", {"after_minutes": 6 * H, "minutes": 45, "part_minutes": 1}),
        ("breaks-in-shift", "art. 34(1)", {"after_minutes": 8 * H, "minutes": 60, "part_minutes": 1}),
        ("daily-hours:minors", "art. 60(1)", {"minutes": 8 * H, "overtime_minutes": 0, "measure": WORKED}),
        ("weekly-hours:minors", "art. 60(1)", {"minutes": 40 * H, "agreed_overtime": False, "measure": WORKED}),
        ("no-night-work:minors", "art. 61(1)", {"minutes": 0, "night_from": TEN_PM, "night_to": 5 * H}),
        ("daily-hours:protected", "art. 66(2)", {"minutes": 8 * H, "overtime_minutes": 0, "measure": WORKED}),
        ("weekly-hours:protected", "art. 66(2)", {"minutes": 40 * H, "agreed_overtime": False, "measure": WORKED}),
        ("no-night-work:protected", "art. 66(3)", {"minutes": 0, "night_from": TEN_PM, "night_to": 5 * H}),
        ("monthly-overtime", "art. 36(4)", {"minutes": 45 * H, "weekly_minutes": 40 * H, "daily_minutes": 8 * H}),
        ("overtime-in-period", "art. 36(4)", {
            "minutes": 360 * H, "months": 12, "first_month": 4, "rolling": False, "weekly_minutes": 40 * H, "daily_minutes": 8 * H,
        }),
    ],
    "in": [
        ("daily-hours", "s. 25(1)(a)", {"minutes": 8 * H, "overtime_minutes": 16 * H, "measure": WORKED}),
        ("weekly-hours", "hours of work", {"minutes": 48 * H, "agreed_overtime": True, "measure": WORKED}),
        ("unbroken-work", "interval", {"minutes": 5 * H, "part_minutes": 30}),
        ("daily-span", "spread-over", {"minutes": 12 * H}),
        ("overtime-in-period", "overtime", {
            "minutes": 125 * H, "months": 3, "rolling": False, "weekly_minutes": 48 * H, "daily_minutes": 8 * H,
        }),
        ("weekly-day-off", "s. 26", {"days": 1, "unbroken_minutes": 0}),
    ],
    "ph": [
        ("daily-hours", "art. 83", {"minutes": 8 * H, "overtime_minutes": 16 * H, "measure": WORKED}),
        ("breaks-in-shift", "art. 85", {"after_minutes": 5 * H, "minutes": 60, "part_minutes": 60}),
        ("days-in-a-row", "art. 91(a)", {"days": 6}),
        ("days-off-in-period", "art. 91(a)", {
            "days": 1, "period_days": 7, "rolling": True, "unbroken_minutes": 24 * H, "whole_days": False,
        }),
        ("daily-hours:minors", "9231 s. 3", {"minutes": 8 * H, "overtime_minutes": 0, "measure": WORKED}),
        ("weekly-hours:minors", "9231 s. 3", {"minutes": 40 * H, "agreed_overtime": False, "measure": WORKED}),
        ("no-night-work:minors", "9231 s. 3", {"minutes": 0, "night_from": TEN_PM, "night_to": SIX_AM}),
    ],
    "us-ca": [
        ("meal-timing", "s. 512(a)", {
            "over_minutes": 5 * H, "by_minutes": 5 * H, "minutes": 30, "nth": 1, "waiver_minutes": 6 * H,
        }),
        ("meal-timing", "s. 512(a)", {
            "over_minutes": 10 * H, "by_minutes": 10 * H, "minutes": 30, "nth": 2, "waiver_minutes": 12 * H,
        }),
        ("breaks-in-shift", "Order 4 s. 12", {"after_minutes": 3 * H + 30 - 1, "minutes": 10, "part_minutes": 10}),
        ("breaks-in-shift", "Order 4 s. 12", {"after_minutes": 6 * H, "minutes": 30 + 20, "part_minutes": 10}),
        ("breaks-in-shift", "Order 4 s. 12", {"after_minutes": 10 * H, "minutes": 30 + 30, "part_minutes": 10}),
        ("weekly-day-off", "s. 551, s. 552", {"days": 1, "unbroken_minutes": 0}),
    ],
    "us-chicago": [
        ("notice-of-change", "6-110-040", {"days": 14, "counting": "calendar-days"}),
        ("rest-between-shifts", "6-110-070", {"minimum_minutes": 10 * H, "consent": True}),
    ],
}  # fmt: skip
LAWS["jp-special"] = [
    *(row for row in LAWS["jp"] if "overtime" not in row[0]),
    (
        "monthly-overtime",
        "art. 36(6)",
        {"minutes": 100 * H - 1, "weekly_minutes": 40 * H, "daily_minutes": 8 * H},
    ),
    *(
        ("overtime-in-period", "art. 36(6)", {"minutes": months * 80 * H, "months": months, "rolling": True})
        for months in (2, 3, 4, 5, 6)
    ),
    (
        "overtime-in-period",
        "art. 36(5)",
        {"minutes": 720 * H, "months": 12, "first_month": 4, "rolling": False},
    ),
]


def of(rule):
    """The rule inside its scope."""
    return rule.rule if isinstance(rule, Scoped) else rule


def test_every_preset_is_in_the_table():
    assert LAWS.keys() == PRESETS.keys()


@pytest.mark.parametrize("preset", LAWS)
def test_the_figures_of_every_law(preset):
    rules = PRESETS[preset]()
    assert [rule.name for rule in rules] == [name for name, _, _ in LAWS[preset]]
    for rule, (name, article, limits) in zip(rules, LAWS[preset], strict=True):
        assert article in rule.source, name
        assert {limit: getattr(of(rule), limit) for limit in limits} == limits, name


@pytest.mark.parametrize("preset", LAWS)
def test_every_limit_without_a_default_is_in_the_table(preset):
    for rule, (name, _, limits) in zip(PRESETS[preset](), LAWS[preset], strict=True):
        tightening = set(of(rule).tighter) & set(limits_of(type(of(rule))))
        assert not tightening or tightening & set(limits), name


@pytest.mark.parametrize(
    ("name", "presets", "preset", "limit"),
    [
        ("daily-hours", ("de-arbzg", "cn-labour", "fr"), "cn-labour", 8 * H),
        ("weekly-hours", ("in", "fr", "jp"), "jp", 40 * H),
        ("average-weekly-hours", ("eu-wtd", "fr", "uk-wtr"), "fr", 44 * H),
        ("monthly-overtime", ("jp", "cn-labour"), "cn-labour", 36 * H),
        ("rest-between-shifts", ("us-chicago", "eu-wtd"), "eu-wtd", 11 * H),
        ("weekly-rest", ("uk-wtr", "eu-wtd"), "eu-wtd", 35 * H),
        ("daily-hours:protected", ("de-arbzg", "cn-labour"), "cn-labour", 8 * H),
        ("weekly-hours:minors", ("eu-wtd", "fr"), "fr", 35 * H),
        ("unbroken-work", ("de-arbzg", "in"), "in", 5 * H),
    ],
)
def test_which_is_the_strictest_where_presets_share_a_rule(name, presets, preset, limit):
    for order in (presets, presets[::-1]):
        rules = rules_in_force(RuleSettings(order), with_centre=False)
        first = [of(rule) for rule in rules if rule.name == name]
        field, direction = next(iter(first[0].tighter.items()))
        best = max(first, key=lambda rule: direction * getattr(rule, field))
        assert (best.preset, getattr(best, field)) == (preset, limit)
