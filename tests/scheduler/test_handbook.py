"""docs/rules.md: every rule has words, example, law and meaning, and the page is what the rules say today."""

import dataclasses
import re
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import pytest

from scheduler.rules import handbook
from scheduler.rules.handbook import all_kinds, gaps, meaning_of, page, primitives_of, source_of
from scheduler.rules.overrides import COMPANY_RULES, limits_of
from scheduler.rules.presets import PRESETS, centre
from scheduler.rules.primitives import Primitive
from scheduler.rules.weekly_rest import WeeklyRest

ROOT = Path(__file__).resolve().parents[2]


def sections() -> dict[str, str]:
    parts = re.split(r"^## (.+)$", page(), flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_no_rule_lacks_what_the_page_needs():
    assert gaps() == []


def test_the_page_in_docs_is_what_the_rules_say_today():
    told = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert told == page(), "run: python -m scheduler.rules.handbook > docs/rules.md"


def test_every_rule_in_force_anywhere_has_a_section():
    named = {rule.name.partition(":")[0] for build in (*PRESETS.values(), centre.rules) for rule in build()}
    assert named | set(COMPANY_RULES) <= set(sections()) == set(all_kinds())


def test_a_section_holds_every_limit_and_every_use():
    told = sections()
    for name, kind in COMPANY_RULES.items():
        for limit in limits_of(kind):
            assert f"| `{limit}` |" in told[name], (name, limit)
    for preset, build in PRESETS.items():
        for rule in build():
            assert f"| {preset} |" in told[rule.name.partition(":")[0]]
            assert rule.source.replace("|", "\\|") in told[rule.name.partition(":")[0]]


@pytest.mark.parametrize(("lack", "change"), [
    ("words", {"words": ""}), ("example", {"example": " "}), ("source", {"__doc__": "A rule.\n\nWithout law."}),
    ("meaning", {"__doc__": "**Source:** the law."}),
])  # fmt: skip
def test_a_rule_that_lacks_something_is_named(monkeypatch, lack, change):
    other = dataclasses.dataclass(frozen=True)(
        type("Other", (WeeklyRest,), {"__doc__": WeeklyRest.__doc__, **change, "name": "other"})
    )
    monkeypatch.setattr(handbook, "COMPANY_RULES", {"other": other})
    assert gaps() == [f"other lacks {lack}"]


def test_primitives_are_followed_through_what_lines_call():
    made = {name: primitives_of(kind) for name, kind in all_kinds().items()}
    assert made["weekly-rest"] == ("GapInWindow",)  # in scheduler.rules.shared.gaps
    assert made["rest-between-shifts"] == ("ForbiddenTime", "MinimumRest")
    assert made["contract-minutes"] == ("BoundedSum",)  # of a part that it is made of
    assert made["skills"] == ()
    known = {each.__name__ for each in Primitive.__args__}
    assert {name for names in made.values() for name in names} <= known


def test_the_law_ends_where_another_section_begins():
    class Ruled(WeeklyRest):
        """What it means.

        In two paragraphs.

        **Source:** Act art. 1,
        read.

        Notes
        -----
        none
        """

        name: ClassVar[str] = "ruled"

    assert meaning_of(Ruled) == "What it means.\n\nIn two paragraphs."
    assert source_of(Ruled) == "Act art. 1, read."


def test_the_command_writes_the_page():
    words = [sys.executable, "-m", "scheduler.rules.handbook"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, encoding="utf-8", cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == page()
