"""docs/objective.md names every setting of `[objective]` and `[[mix]]` with its default."""

import re
import tomllib
from dataclasses import MISSING, Field, fields
from pathlib import Path

import pytest

from centre.model import Mix, Objective

PAGE = (Path(__file__).parents[2] / "docs" / "objective.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| `")
]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOCKS = ("night_from", "night_to", "late_after")


def shown(name: str, value: object) -> str:
    """A default as the page writes it."""
    if name in CLOCKS and isinstance(value, int):
        return f"{value // 60:02d}:{value % 60:02d}"
    if isinstance(value, tuple):
        return ", ".join(WEEKDAYS[day] for day in value)
    return f"`{value}`" if isinstance(value, str) else f"{value:g}"


@pytest.mark.parametrize("field", fields(Objective), ids=lambda field: field.name)
def test_every_price_has_its_row_and_default(field: Field[object]) -> None:
    if field.name in ("service", "interval_floor_share"):
        assert f"`{field.name}`" in PAGE
        return
    (row,) = [row for row in ROWS if f"`{field.name}`" in row[0] and len(row) == 5]
    names, defaults = re.findall(r"`(\w+)`", row[0]), row[2].split(", ")
    if field.name == "weekend_days":
        defaults = [row[2]]
    told = defaults[0] if len(defaults) == 1 else defaults[names.index(field.name)]
    assert told == shown(field.name, field.default)
    assert all(row[k] for k in (1, 3))


@pytest.mark.parametrize("field", fields(Mix), ids=lambda field: field.name)
def test_every_setting_of_a_mix_has_its_row(field: Field[object]) -> None:
    assert [row for row in ROWS if f"`{field.name}`" in row[0] and len(row) == 3]
    assert field.name == "name" or field.default is not MISSING


def test_the_example_is_what_the_reader_takes() -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    known = {field.name for field in fields(Mix)}
    assert all(mix.keys() <= known for mix in tomllib.loads(text)["mix"])
