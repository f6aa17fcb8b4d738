"""Year files of holiday-cn: the same classes as the package's for years that it knows, faults where they are
not of the form.
"""

import csv
import json
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from centre.calendar import CalendarRow, public_holidays
from centre.calendar_days import special_days
from centre.calendar_notices import holiday_cn_rows
from centre.errors import Faults
from centre.instants import day_number, day_of

FACTS = Path(__file__).parents[1] / "data" / "china_days_off.csv"
CHINESE = {
    "New Year's Day": "元旦", "Spring Festival": "春节", "Tomb-Sweeping Day": "清明节", "Labor Day": "劳动节",
    "Dragon Boat Festival": "端午节", "Mid-Autumn Festival": "中秋节", "National Day": "国庆节", "Victory Day": "胜利日",
}  # fmt: skip


def item(name: str, day: date, is_off: bool) -> dict[str, Any]:
    return {"name": name, "date": day.isoformat(), "isOffDay": is_off}


def year_file(year: int) -> dict[str, Any]:
    """A year of the notices in holiday-cn's form."""
    days = []
    with FACTS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if not row["last"].startswith(str(year)):
                continue
            name = "、".join(CHINESE[part] for part in row["festival"].split("; "))
            first, last = date.fromisoformat(row["first"]), date.fromisoformat(row["last"])
            days += [item(name, first + timedelta(days=k), True) for k in range((last - first).days + 1)]
            days += [item(name, date.fromisoformat(day), False) for day in row["makeup"].split()]
    return {"$schema": "...", "year": year, "papers": [], "days": days}


def read(path: Path, told: object) -> tuple[list[CalendarRow], list[tuple[str, str]]]:
    path.write_text(told if isinstance(told, str) else json.dumps(told), encoding="utf-8")
    faults = Faults()
    return holiday_cn_rows(path, faults), [(fault.column, fault.expected) for fault in faults]


@pytest.mark.parametrize("year", range(2010, 2027))
def test_a_year_that_the_package_knows_comes_out_the_same(tmp_path: Path, year: int) -> None:
    rows, faults = read(tmp_path / f"{year}.json", year_file(year))
    assert faults == []
    first, last = day_number(date(year, 1, 1)), day_number(date(year, 12, 24))
    known = special_days("CN", first, last)
    found = special_days("CN", first, last, rows)
    assert {day: (it.day_class, it.festival, it.offset) for day, it in found.items()} == {
        day: (it.day_class, it.festival, it.offset) for day, it in known.items()
    }
    assert set(public_holidays("CN", first, last, rows)) == set(public_holidays("CN", first, last))


def notice_2027() -> dict[str, Any]:
    """A made-up notice: National Day 1-8 October, Sunday 26 September and Saturday 9 October worked."""
    off = [item("国庆节", date(2027, 10, day), True) for day in range(1, 9)]
    worked = [item("国庆节", date(2027, 9, 26), False), item("国庆节", date(2027, 10, 9), False)]
    return {"year": 2027, "days": [*off, *worked]}


def test_a_year_that_is_not_published_yet(tmp_path: Path) -> None:
    rows, faults = read(tmp_path / "calendar.json", notice_2027())
    assert faults == []
    found = special_days("CN", day_number(date(2027, 9, 24)), day_number(date(2027, 10, 11)), rows)
    classes = defaultdict(list)
    for day, it in found.items():
        assert (it.festival, it.offset) == ("National Day", day - day_number(date(2027, 10, 1)))
        classes[it.day_class].append(f"{day_of(day):%m-%d}")
    assert classes == {
        "makeup": ["09-26", "10-09"],
        "statutory": ["10-01", "10-02", "10-03"],
        "rest": ["10-04", "10-05", "10-06"],
        "bridged": ["10-07", "10-08"],
    }


def test_what_was_supposed_of_the_year_is_withdrawn(tmp_path: Path) -> None:
    """The package supposes 10 February 2027 off, as a substitute for Sunday 7 February."""
    day = day_number(date(2027, 2, 10))
    assert special_days("CN", day, day)[day].day_class == "rest"
    rows, _ = read(tmp_path / "calendar.json", notice_2027())
    assert special_days("CN", day, day, rows) == {}
    assert public_holidays("CN", day, day, rows) == {}
    statutory = day_number(date(2027, 2, 6))
    assert special_days("CN", statutory, statutory, rows)[statutory].day_class == "statutory"


def test_a_weekday_that_is_said_to_be_worked_is_an_ordinary_one(tmp_path: Path) -> None:
    """holiday-cn has Monday 3 February 2020 so: the first day after the holidays were extended."""
    rows, _ = read(
        tmp_path / "calendar.json", {"year": 2020, "days": [item("春节", date(2020, 2, 3), False)]}
    )
    assert [row.day_class for row in rows if row.day == day_number(date(2020, 2, 3))] == ["workday"]


@pytest.mark.parametrize(
    "told",
    [
        "[" * 100_000,
        "\x00",
        '{"year": 1e30, "days": []}',
        '{"year": 9999, "days": [1]}',
        "",
        "[]",
        "{",
        '{"year": 2027}',
        '{"year": "x", "days": []}',
        '{"year": 0, "days": []}',
        "1",
    ],
)
def test_what_is_not_of_the_form(tmp_path: Path, told: str) -> None:
    rows, faults = read(tmp_path / "calendar.json", told)
    assert rows == []
    assert len(faults) == 1
    assert "a year file of holiday-cn" in faults[0][1]


def test_a_year_without_days_is_not_published(tmp_path: Path) -> None:
    rows, faults = read(tmp_path / "2027.json", {"year": 2027, "papers": [], "days": []})
    assert (rows, faults) == ([], [("days", "the days of a year that is published")])


def test_every_wrong_day_is_told(tmp_path: Path) -> None:
    good = item("元旦", date(2027, 1, 1), True)
    days = [good, good | {"date": "2027-02-30"}, good | {"isOffDay": 1}, {"name": "x"}, "2027-01-02"]
    rows, faults = read(tmp_path / "calendar.json", {"year": 2027, "days": days})
    assert rows == []
    assert [column for column, _ in faults] == ["days, 2.", "days, 3.", "days, 4.", "days, 5."]
    assert read(tmp_path / "calendar.json", {"year": 2027, "days": [good, good]})[1] == [
        ("days", "each date once")
    ]
    assert read(tmp_path / "calendar.json", {"year": 2029, "days": [good]})[1] == [
        ("days, 1.", "a day of 2029 or beside it")
    ]
    faults_of_none = Faults()
    assert holiday_cn_rows(tmp_path / "none.json", faults_of_none) == []
    assert len(list(faults_of_none)) == 1
