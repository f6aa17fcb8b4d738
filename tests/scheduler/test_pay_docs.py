"""docs/pay.md tells of every pay law what the law tells of itself."""

from pathlib import Path

import pytest

from scheduler.pay.laws import LAWS

PAGE = (Path(__file__).parents[2] / "docs" / "pay.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
def test_the_page_has_each_law_in_its_own_words(law):
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{law.name}` |")]
    cells = [cell.strip() for cell in row.split("|")[2:-1]]
    assert cells[:3] == [law.title, law.words, law.counts]
    assert set(cells[3].split("; ")) == set(law.sources.values())
    assert cells[4]
