"""What presets say of themselves: title, place, date read, basis, what is left out; and their sources."""

from datetime import date

import pytest

from centre.model import RuleSettings
from scheduler.rules.presets import ABOUT, DISCLAIMER, PRESETS
from scheduler.rules.presets.about import READINGS

NAMES = sorted(PRESETS)


def test_every_preset_is_told_about():
    assert ABOUT.keys() == PRESETS.keys()


@pytest.mark.parametrize("name", NAMES)
def test_all_metadata(name):
    about = ABOUT[name]
    assert about.name == name
    assert about.title
    assert about.jurisdiction
    assert date.fromisoformat(about.read_on) <= date(2026, 11, 22)
    assert about.basis
    assert about.not_in_here
    assert all(words[-1] == "." for words in (*about.basis, *about.not_in_here))


@pytest.mark.parametrize("name", NAMES)
def test_every_source_names_an_article_whose_reading_is_told(name):
    for rule in PRESETS[name]():
        readings = ABOUT[name].readings(rule.source)
        assert readings, rule.source
        assert set(readings.values()) <= set(READINGS)


@pytest.mark.parametrize("name", NAMES)
def test_what_was_not_read_is_said_in_words(name):
    about = ABOUT[name]
    readings = {reading for rule in PRESETS[name]() for reading in about.readings(rule.source).values()}
    words = " ".join(about.basis)
    assert ("recalled" in readings) <= ("recalled" in words)
    if "second-hand" in readings:
        assert any(word in words for word in ("summaries", "quote", "reports", "page", "explanation"))


def test_an_article_is_not_taken_for_another_with_a_longer_number():
    readings = ABOUT["cn-labour"].readings
    assert readings("Labour Law of the PRC art. 410") == {}
    assert readings("Labour Law of the PRC art. 41: 36 hours") == {"Labour Law of the PRC art. 41": "read"}
    assert readings("art. 41") == {}


def test_of_a_paragraph_only_the_paragraph_is_told():
    readings = ABOUT["uk-wtr"].readings(
        "Working Time Regulations 1998 reg. 11(3): 48 hours, reg. 10: 11 hours"
    )
    assert readings == {
        "Working Time Regulations 1998 reg. 10": "read", "Working Time Regulations 1998 reg. 11(3)": "second-hand",
    }  # fmt: skip


def test_chicago_is_never_a_default_and_says_for_whom_it_is():
    assert "us-chicago" not in RuleSettings().presets
    about = ABOUT["us-chicago"]
    for industry in (
        "building services",
        "healthcare",
        "hotels",
        "manufacturing",
        "restaurants",
        "retail",
        "warehouse",
    ):
        assert industry in about.jurisdiction
    assert "off by default" in about.jurisdiction


def test_the_disclaimer_is_short_and_plain():
    assert DISCLAIMER.startswith("This is no legal advice.")
    assert len(DISCLAIMER) < 500
