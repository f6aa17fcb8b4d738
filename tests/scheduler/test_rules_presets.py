"""Which rules are in force: presets, overrides, company rules, and everything that can be wrong with them."""

from typing import get_args, get_type_hints

import pytest

from centre.errors import BadInput
from centre.model import RuleSettings
from scheduler.rules.overrides import COMPANY_RULES, limits_of
from scheduler.rules.presets import PRESETS, rules_in_force
from scheduler.rules.presets import centre as centre_preset


def in_force(*presets, with_centre=False, **overrides):
    return rules_in_force(RuleSettings(presets, overrides), with_centre)


def names(rules):
    return [rule.name for rule in rules]


@pytest.mark.parametrize(("preset", "word"), [("uk-wtr", " reg. "), ("de-arbzg", " § ")])
def test_every_limit_of_a_law_names_its_article(preset, word):
    assert all(word in rule.source for rule in in_force(preset))


def test_every_rule_says_what_it_is_and_where_it_comes_from():
    for preset, build in {**PRESETS, "centre": centre_preset.rules}.items():
        for rule in build():
            assert rule.preset == preset
            assert rule.source
            assert rule.words.endswith(".")
            assert "**Source:**" in type(rule).__doc__


def test_rules_of_the_centre_come_only_with_one():
    own = names(in_force("customer-service", with_centre=True))
    assert own == ["weekly-day-off", *names(centre_preset.rules())]
    assert {"shift-template", "overlap", "contract-minutes", "leave", "skills"} <= set(own)


def test_presets_side_by_side_keep_their_rules():
    rules = in_force("cn-labour", "customer-service", "cn-labour")
    assert names(rules).count("weekly-day-off") == 2
    assert {rule.source for rule in rules if rule.name == "weekly-day-off"} == {
        "Labour Law of the PRC art. 38: at least one day off a week",
        "Company policy P12, reading (a): a day off each calendar week",
    }


def test_an_override_sets_the_limit_of_all_instances_and_says_so():
    rules = in_force("cn-labour", "customer-service", **{"weekly-day-off": {"days": 2}})
    assert [(rule.days, "centre.toml" in rule.source) for rule in rules if rule.name == "weekly-day-off"] == [
        (2, True), (2, True),
    ]  # fmt: skip


def test_a_rule_that_no_preset_has_becomes_a_company_rule():
    (_, rest) = in_force("customer-service", **{"rest-between-shifts": {"minimum_minutes": 600}})
    assert (rest.name, rest.minimum_minutes, rest.source) == (
        "rest-between-shifts",
        600,
        "company rule, centre.toml",
    )


def test_the_other_reading_of_p12():
    rules = in_force("customer-service", **{"rest-in-any-window": {}, "weekly-day-off": {"enabled": False}})
    (rule,) = rules
    assert (rule.name, rule.minimum_minutes, rule.window_minutes) == ("rest-in-any-window", 480, 7 * 1440)


@pytest.mark.parametrize(
    ("presets", "overrides", "found", "expected"),
    [
        (("de",), {}, "de", ", ".join(sorted(PRESETS))),
        ((), {"rest": {"minimum_minutes": 1}}, "rest", "rest-between-shifts"),
        ((), {"rest-between-shifts": {"minimum_minutes": 660, "minutes": 660}}, "minutes", "minimum_minutes"),
        ((), {"rest-between-shifts": {}}, "", "a value for minimum_minutes"),
        ((), {"rest-between-shifts": {"minimum_minutes": "11h"}}, "11h", "a whole number from 1"),
        ((), {"rest-between-shifts": {"minimum_minutes": True}}, "True", "a whole number from 1"),
        ((), {"rest-between-shifts": {"minimum_minutes": 0}}, "0", "a whole number from 1"),
        ((), {"rest-between-shifts": 660}, "660", "a table of limits"),
        ((), {"weekly-day-off": {"days": 8}}, "8", "a whole number from 1 to 7"),
        ((), {"weekly-day-off": {"enabled": "no"}}, "no", "true or false"),
        ((), {"daily-hours": {"minutes": 480, "measure": "h"}}, "h", "one of paid_minutes, worked_minutes"),
        (("eu-wtd",), {"shift-template": {"enabled": False}}, "shift-template", "a rule: "),
    ],
)  # fmt: skip
def test_bad_settings_are_told_with_what_is_known(presets, overrides, found, expected):
    with pytest.raises(BadInput) as caught:
        rules_in_force(RuleSettings(presets, overrides), with_centre=False)
    (fault,) = caught.value.faults
    assert (fault.file, fault.found) == ("centre.toml", found)
    assert expected in fault.expected


def test_all_faults_are_told_at_once():
    overrides = {"rest": {}, "weekly-rest": {"minimum_minutes": -1, "hours": 35}}
    with pytest.raises(BadInput) as caught:
        rules_in_force(RuleSettings(("xx", "yy"), overrides), with_centre=True)
    assert len(caught.value.faults) == 5


@pytest.mark.parametrize("name", COMPANY_RULES)
def test_every_limit_of_every_rule_can_be_set(name):
    kind = COMPANY_RULES[name]
    hints = get_type_hints(kind)
    limits = {
        limit: True if hints[limit] is bool else (7, *get_args(hints[limit]))[-1] for limit in limits_of(kind)
    }
    (rule,) = in_force(**{name: limits})
    assert all(getattr(rule, limit) == value for limit, value in limits.items())
