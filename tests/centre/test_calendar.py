"""Holidays: the right days for a country, observed ones too."""

from datetime import date

import pytest

from centre.calendar import is_holiday_named, public_holidays
from centre.instants import day_number


def between(country: str | None, first: date, last: date) -> dict[int, str]:
    return public_holidays(country, day_number(first), day_number(last))


def test_observed_days_count() -> None:
    found = between("US", date(2021, 7, 4), date(2021, 7, 5))
    assert found == {
        day_number(date(2021, 7, 4)): "Independence Day",
        day_number(date(2021, 7, 5)): "Independence Day (observed)",
    }


def test_both_ends_count_and_nothing_beyond() -> None:
    day = date(2003, 7, 4)
    assert len(between("US", day, day)) == 1
    assert between("US", date(2003, 7, 5), date(2003, 7, 31)) == {}
    assert between("US", day, date(2003, 7, 3)) == {}


def test_across_a_year_in_order() -> None:
    found = between("CN", date(2025, 12, 1), date(2026, 1, 31))
    assert day_number(date(2026, 1, 1)) in found
    assert list(found) == sorted(found)


def test_a_part_of_a_country() -> None:
    day = date(2024, 1, 6)
    assert between("DE", day, day) == {}
    assert len(between("DE-BY", day, day)) == 1


def test_no_country_has_no_holidays() -> None:
    assert between(None, date(2003, 1, 1), date(2003, 12, 31)) == {}


@pytest.mark.parametrize("country", ["XX", "China", "", "DE-ZZ"])
def test_a_country_that_is_not_known(country: str) -> None:
    with pytest.raises(ValueError, match="a country code such as CN"):
        between(country, date(2003, 1, 1), date(2003, 12, 31))


@pytest.mark.parametrize(
    ("name", "wanted", "same"),
    [
        ("Labor Day", "Labor Day", True),
        ("Labor Day (observed)", "Labor Day", True),
        ("Chinese New Year (Spring Festival)", "Chinese New Year (Spring Festival)", True),
        ("National Day; Mid-Autumn Festival", "Mid-Autumn Festival", True),
        ("Labor Day", "Labor", False),
        ("Columbus Day", "Labor Day", False),
    ],
)
def test_which_holiday_is_meant(name: str, wanted: str, same: bool) -> None:
    assert is_holiday_named(name, wanted) is same
