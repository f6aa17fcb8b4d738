"""docs/laws.md says what the presets say."""

from pathlib import Path

import pytest

from scheduler.rules.presets import ABOUT, PRESETS
from scheduler.rules.presets.about import DISCLAIMER, DISCLAIMER_ZH
from scheduler.rules.presets.laws_page import page

LAWS_MD = Path(__file__).parents[2] / "docs" / "laws.md"


def test_the_page_and_the_presets_agree():
    assert LAWS_MD.read_text(encoding="utf-8") == page(), (
        "python -m scheduler.rules.presets.laws_page > docs/laws.md"
    )


@pytest.mark.parametrize("name", PRESETS)
def test_every_rule_basis_and_omission_is_on_the_page(name):
    section = page().partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    for rule in PRESETS[name]():
        assert f"| `{rule.name}` | {rule.source} |" in section
    for words in (*ABOUT[name].basis, *ABOUT[name].not_in_here):
        assert f"- {words}\n" in section
    assert section.count("\n| `") == len(PRESETS[name]())


def test_both_disclaimers_are_on_the_page():
    assert DISCLAIMER in page()
    assert DISCLAIMER_ZH in page()


def test_limits_are_told_in_hours_and_times_of_day_and_for_whom():
    assert "minimum_minutes 660 (11 h)" in page()
    assert "consent true" in page()
    assert "night_from 1320 (22:00); night_to 360 (06:00)" in page()
    assert "only under 18 years; minutes 480 (8 h)" in page()
    assert "only in a protected period; minutes 510 (8 h 30 min)" in page()


def test_a_rule_with_articles_read_differently_tells_each():
    average = next(line for line in page().splitlines() if "art. 6(b), art. 16(b)" in line)
    assert average.endswith("| art. 6 read, art. 16 recalled |")
    row = next(line for line in page().splitlines() if "C L3163" in line or "L3163-1, L3163-2" in line)
    assert row.endswith("| L3163-1 read, L3163-2 second-hand |")
