"""``[[rules.scoped]]``: rules and presets for some people or some time, and everything wrong with such tables."""

from datetime import date, datetime

import pytest

from centre.errors import BadInput
from centre.instants import day_number
from centre.model import RuleSettings
from scheduler.rules.presets import PRESETS, rules_in_force


def scoped(*tables, presets=(), **overrides):
    return rules_in_force(RuleSettings(presets, overrides, tables), with_centre=False)


def test_a_rule_for_a_site_from_a_day_on():
    table = {"label": "berlin", "rule": "rest-between-shifts", "minimum_minutes": 600, "sites": ["Berlin"]}
    (rule,) = scoped(table | {"from": date(2026, 7, 1), "until": date(2026, 7, 31), "under_age": 30})
    assert (rule.name, rule.rule.minimum_minutes) == ("rest-between-shifts:berlin", 600)
    assert (rule.scope.sites, rule.scope.under_age) == ({"Berlin"}, 30)
    assert (rule.scope.first_day, rule.scope.last_day) == (
        day_number(date(2026, 7, 1)),
        day_number(date(2026, 7, 31)),
    )
    assert rule.source == "company rule, centre.toml"


def test_a_preset_for_a_country_beside_that_of_the_centre():
    rules = scoped({"label": "de", "preset": "de-arbzg", "countries": ["DE"]}, presets=("eu-wtd",))
    german = [rule for rule in rules if rule.name.endswith(":de")]
    assert [rule.source for rule in german] == [rule.source for rule in PRESETS["de-arbzg"]()]
    assert len(rules) == len(german) + len(PRESETS["eu-wtd"]())


def test_an_override_leaves_rules_of_a_scope_as_they_are():
    table = {"label": "b", "rule": "weekly-hours", "minutes": 2400, "teams": ["b"]}
    rules = scoped(table, presets=("cn-labour",), **{"weekly-hours": {"minutes": 2000}})
    assert {rule.name: getattr(rule, "minutes", None) for rule in rules}["weekly-hours"] == 2000
    assert rules[-1].rule.minutes == 2400


@pytest.mark.parametrize(
    ("changes", "column", "expected"),
    [
        ({"label": ""}, "label", "a short name"),
        ({"label": "a:b"}, "label", "without a colon"),
        ({"rule": "rest"}, "rule", "rest-between-shifts"),
        ({"preset": "eu-wtd"}, "", "either a preset or a rule"),
        ({"rule": None, "minimum_minutes": None, "preset": "eu"}, "preset", "eu-wtd"),
        ({"rule": None, "preset": "eu-wtd"}, "minimum_minutes", "no limit"),
        ({"minimum_minutes": "11h"}, "minimum_minutes", "a whole number"),
        ({"minutes": 7}, "", "a limit of this rule"),
        ({"sites": "Berlin"}, "sites", "a list of names"),
        ({"sites": []}, "sites", "a list of names"),
        ({"under_age": "18"}, "under_age", "an age"),
        ({"from": datetime(2026, 7, 1)}, "from", "a date"),
        ({"until": "2026-07-01"}, "until", "a date"),
        ({"sites": None}, "", "for whom or when"),
    ],
)
def test_what_is_wrong_with_a_table_is_told_by_key(changes, column, expected):
    table = {
        "label": "x",
        "rule": "rest-between-shifts",
        "minimum_minutes": 600,
        "sites": ["Berlin"],
    } | changes
    with pytest.raises(BadInput) as caught:
        scoped({key: value for key, value in table.items() if value is not None})
    (fault,) = caught.value.faults
    assert fault.column == ".".join(filter(None, ["rules.scoped 1", column]))
    assert expected in fault.expected


def test_a_label_is_used_once_and_all_faults_are_told():
    table = {"label": "x", "rule": "weekly-hours", "minutes": 2400, "teams": ["b"]}
    with pytest.raises(BadInput) as caught:
        scoped(table, table, {"label": "y"})
    assert [fault.column for fault in caught.value.faults] == [
        "rules.scoped 2.label", "rules.scoped 3", "rules.scoped 3",
    ]  # fmt: skip
