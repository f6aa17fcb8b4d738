"""Special days: China against the State Council's notices day by day, festivals on the same offsets every year,
other countries' holidays and substitutes, the centre's own rows.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from centre.calendar import CalendarRow, public_holidays
from centre.calendar_days import SpecialDay, festival_anchors, special_days
from centre.instants import day_number, day_of, weekday_of

FACTS = Path(__file__).parents[1] / "data" / "china_days_off.csv"
FIRST, LAST = date(2010, 1, 1), date(2026, 12, 31)
LUNAR_NEW_YEAR = {
    2010: "02-14", 2011: "02-03", 2012: "01-23", 2013: "02-10", 2014: "01-31", 2015: "02-19", 2016: "02-08",
    2017: "01-28", 2018: "02-16", 2019: "02-05", 2020: "01-25", 2021: "02-12", 2022: "02-01", 2023: "01-22",
    2024: "02-10", 2025: "01-29", 2026: "02-17",
}  # fmt: skip
MID_AUTUMN_IN_NATIONAL_DAY = {2012: "09-30", 2017: "10-04", 2020: "10-01", 2023: "09-29", 2025: "10-06"}


def between(country: str | None, first: date, last: date, *rows: CalendarRow) -> dict[date, SpecialDay]:
    found = special_days(country, day_number(first), day_number(last), rows)
    return {day_of(day): special for day, special in found.items()}


def in_year(country: str, year: int) -> dict[date, SpecialDay]:
    return between(country, date(year, 1, 1), date(year, 12, 31))


def told(days: dict[date, SpecialDay]) -> dict[str, tuple[str, str, int]]:
    return {f"{day:%m-%d}": (it.day_class, it.festival, it.offset) for day, it in days.items()}


def row(day: date, name: str, day_class: str = "statutory", **more: object) -> CalendarRow:
    return CalendarRow(day_number(day), name, day_class, **more)  # type: ignore[arg-type]


def notices() -> list[dict[str, str]]:
    with FACTS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def span(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=k) for k in range((last - first).days + 1))


@pytest.fixture(scope="module")
def china() -> dict[date, SpecialDay]:
    return between("CN", FIRST, LAST)


def test_every_day_in_china_is_free_or_worked_as_the_notices_say(china: dict[date, SpecialDay]) -> None:
    off, worked = set[date](), set[date]()
    for notice in notices():
        off |= set(span(date.fromisoformat(notice["first"]), date.fromisoformat(notice["last"])))
        worked |= {date.fromisoformat(day) for day in notice["makeup"].split()}
    expected = {day: day in off or (day.weekday() > 4 and day not in worked) for day in span(FIRST, LAST)}
    free = {
        day: china[day].day_class != "makeup" if day in china else day.weekday() > 4
        for day in span(FIRST, LAST)
    }
    assert len(free) == 6209
    assert [day for day in expected if expected[day] != free[day]] == []
    assert {day for day, special in china.items() if special.day_class == "makeup"} == worked - {
        day for day in worked if day < FIRST
    }


def test_only_days_of_the_regulation_are_statutory(china: dict[date, SpecialDay]) -> None:
    expected = {date.fromisoformat(day) for notice in notices() for day in notice["statutory"].split()}
    assert {day for day, special in china.items() if special.day_class == "statutory"} == expected
    counts = Counter(day.year for day in expected)
    assert counts[2014] == 11
    assert counts[2015] == 12  # Victory Day
    assert counts[2020] == 10  # Mid-Autumn on National Day
    assert counts[2025] == counts[2026] == 13


def test_bridged_days_are_ordinary_weekdays_and_as_many_as_make_up_days(
    china: dict[date, SpecialDay],
) -> None:
    classes = defaultdict(set)
    for day, special in china.items():
        classes[special.day_class].add(day)
    assert set(classes) == {"statutory", "rest", "bridged", "makeup"}  # half days make no day off
    assert all(day.weekday() < 5 for day in classes["bridged"])
    assert all(day.weekday() > 4 for day in classes["makeup"])
    # 31 December 2011 was worked for 3 January 2012 and lies in the span too
    assert len(classes["bridged"]) == len(classes["makeup"])


def test_a_block_and_its_make_up_days() -> None:
    assert told(between("CN", date(2023, 1, 20), date(2023, 1, 30))) == {
        "01-21": ("rest", "Spring Festival", -1),
        "01-22": ("statutory", "Spring Festival", 0),
        "01-23": ("statutory", "Spring Festival", 1),
        "01-24": ("statutory", "Spring Festival", 2),
        "01-25": ("rest", "Spring Festival", 3),
        "01-26": ("bridged", "Spring Festival", 4),
        "01-27": ("bridged", "Spring Festival", 5),
        "01-28": ("makeup", "Spring Festival", 6),
        "01-29": ("makeup", "Spring Festival", 7),
    }


def test_days_added_to_spring_festival_2020_are_rest_without_exchange() -> None:
    found = told(between("CN", date(2020, 1, 30), date(2020, 2, 3)))
    assert set(found) == {"01-30", "01-31", "02-01", "02-02"}
    assert {day_class for day_class, _, _ in found.values()} == {"rest"}


@pytest.mark.parametrize("year", range(2010, 2027))
def test_spring_festival_and_national_day_begin_at_offset_0(year: int) -> None:
    first, last = day_number(date(year, 1, 1)), day_number(date(year, 12, 31))
    anchors = {name: f"{day_of(day):%m-%d}" for day, name in festival_anchors("CN", first, last).items()}
    assert anchors["Spring Festival"] == LUNAR_NEW_YEAR[year]
    assert anchors["National Day"] == "10-01"
    for day, special in special_days("CN", first, last).items():
        start = {"Spring Festival": LUNAR_NEW_YEAR[year], "National Day": "10-01"}.get(special.festival)
        if start:
            assert day - special.offset == day_number(date.fromisoformat(f"{year}-{start}"))


@pytest.mark.parametrize(
    ("year", "day_class"),
    [(2013, "statutory"), (2014, None), (2020, "bridged"), (2023, "rest"), (2024, None), (2025, "statutory")],
)
def test_the_eve_of_spring_festival_over_the_revisions(year: int, day_class: str | None) -> None:
    eve = date.fromisoformat(f"{year}-{LUNAR_NEW_YEAR[year]}") - timedelta(days=1)
    found = between("CN", eve, eve)
    assert [it.day_class for it in found.values()] == ([day_class] if day_class else [])


@pytest.mark.parametrize("year", sorted(MID_AUTUMN_IN_NATIONAL_DAY))
def test_mid_autumn_inside_the_national_day_week_keeps_its_own_day_only(year: int) -> None:
    found = told(between("CN", date(year, 9, 29), date(year, 10, 8)))
    own = {day: it for day, it in found.items() if it[1] != "National Day" and it[0] != "makeup"}
    moon = MID_AUTUMN_IN_NATIONAL_DAY[year]
    assert own == ({} if year == 2020 else {moon: ("statutory", "Mid-Autumn Festival", 0)})
    assert found["10-01"] == ("statutory", "National Day", 0)
    assert [found[f"10-0{k}"][2] for k in (2, 3)] == [1, 2]
    assert found["10-05"][1:] == ("National Day", 4)


def test_a_make_up_day_belongs_to_the_holiday_it_is_worked_for() -> None:
    found = in_year("CN", 2026)
    assert found[date(2026, 9, 20)].festival == "National Day"  # five days before Mid-Autumn
    assert told(between("CN", date(2010, 9, 19), date(2010, 9, 26))) == {
        "09-19": ("makeup", "Mid-Autumn Festival", -3),
        "09-22": ("statutory", "Mid-Autumn Festival", 0),
        "09-23": ("bridged", "Mid-Autumn Festival", 1),
        "09-24": ("bridged", "Mid-Autumn Festival", 2),
        "09-25": ("makeup", "Mid-Autumn Festival", 3),
        "09-26": ("makeup", "National Day", -5),
    }


def test_new_year_across_the_turn_of_the_year() -> None:
    assert told(between("CN", date(2018, 12, 29), date(2018, 12, 31))) == {
        "12-29": ("makeup", "New Year's Day", -3),
        "12-30": ("rest", "New Year's Day", -2),
        "12-31": ("bridged", "New Year's Day", -1),
    }
    assert told(between("CN", date(2011, 12, 31), date(2011, 12, 31))) == {
        "12-31": ("makeup", "New Year's Day", -1)
    }


@settings(max_examples=25)
@given(
    country=st.sampled_from(["CN", "US", "IL", "HU", "IN"]),
    first=st.dates(date(2011, 12, 1), date(2027, 3, 1)),
    length=st.sampled_from([0, 1, 8, 31, 400]),
)
@example("CN", date(2024, 2, 20), 12)  # over a leap day
def test_any_part_of_the_calendar_is_a_part_of_the_whole(country: str, first: date, length: int) -> None:
    low, high = day_number(first), day_number(first) + length
    span_of_all = day_number(FIRST), day_number(date(2028, 12, 31))
    for part in (special_days, festival_anchors):
        whole = {day: it for day, it in part(country, *span_of_all).items() if low <= day <= high}
        assert part(country, low, high) == whole


def test_the_machines_language_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from centre.calendar import country_calendar

    day = day_number(date(2023, 10, 1))
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    country_calendar.cache_clear()
    assert public_holidays("CN", day, day) == {day: "National Day"}
    country_calendar.cache_clear()


@pytest.mark.parametrize(
    ("country", "day", "expected"),
    [
        ("US", date(2021, 7, 4), ("statutory", "Independence Day", 0)),
        ("US", date(2021, 7, 5), ("rest", "Independence Day", 1)),
        ("US", date(2021, 12, 31), ("rest", "New Year's Day", -1)),
        ("US", date(2021, 12, 24), ("rest", "Christmas Day", -1)),
        ("US-CA", date(2024, 11, 29), ("statutory", "Day After Thanksgiving", 0)),
        ("US-CA", date(2024, 4, 1), ("rest", "Cesar Chavez Day", 1)),
        ("DE", date(2025, 10, 3), ("statutory", "German Unity Day", 0)),
        ("DE", date(2025, 4, 19), ("rest", "Good Friday", 1)),  # a weekend between two holidays
        ("GB", date(2022, 12, 27), ("rest", "Christmas Day", 2)),
        ("FR", date(2024, 7, 14), ("statutory", "National Day", 0)),
        ("JP", date(2019, 5, 6), ("rest", "Children's Day", 1)),
        ("IN", date(2024, 10, 31), ("statutory", "Diwali", 0)),
        ("PH", date(2024, 8, 26), ("statutory", "National Heroes Day", 0)),
        ("IL", date(2024, 4, 29), ("statutory", "Pesach", 6)),
        ("IL", date(2025, 9, 24), ("statutory", "Rosh Hashanah", 1)),
        ("IL", date(2025, 5, 1), ("statutory", "Independence Day", 0)),  # moved, not observed beside
        ("TW", date(2024, 2, 9), ("statutory", "Chinese New Year", -1)),
        ("HU", date(2024, 8, 19), ("bridged", "State Foundation Day", -1)),
        ("HU", date(2024, 8, 3), ("makeup", "State Foundation Day", -17)),
    ],
)
def test_other_countries(country: str, day: date, expected: tuple[str, str, int]) -> None:
    found = between(country, day, day)[day]
    assert (found.day_class, found.festival, found.offset) == expected


@pytest.mark.parametrize("country", ["US", "US-CA", "DE", "GB", "FR", "JP", "IN", "PH", "IL"])
def test_every_public_holiday_is_special_and_no_festival_is_called_observed(country: str) -> None:
    first, last = day_number(date(2015, 1, 1)), day_number(date(2026, 12, 31))
    found = special_days(country, first, last)
    for day, name in public_holidays(country, first, last).items():
        expected = "rest" if name.endswith("(observed)") or name == "Substitute Holiday" else "statutory"
        moved = found[day].offset == 0 and found[day].day_class == "statutory"
        assert found[day].day_class == expected or moved
    extra = set(found) - set(public_holidays(country, first, last))
    assert all(found[day].day_class in ("rest", "half_day") for day in extra)
    assert not any("(observed" in it.festival or "estimated" in it.festival for it in found.values())
    anchors = festival_anchors(country, first, last)
    assert all(
        day - it.offset in anchors for day, it in found.items() if first + 40 < day < last - 40 and it.offset
    )


def test_an_ordinary_weekend_beside_a_holiday_is_only_in_china_part_of_it() -> None:
    monday = date(2024, 5, 27)  # Memorial Day
    assert list(between("US", monday - timedelta(days=3), monday)) == [monday]
    assert len(between("CN", date(2024, 6, 8), date(2024, 6, 10))) == 3


def test_no_country_and_no_days() -> None:
    assert between(None, FIRST, LAST) == {}
    assert between("CN", LAST, FIRST) == {}
    assert festival_anchors("CN", 1, 0) == {}
    with pytest.raises(ValueError, match="a country code such as CN"):
        between("XX", FIRST, LAST)


SUNDAY, MONDAY = date(2027, 9, 26), date(2027, 10, 4)


def test_rows_of_the_centre_override_the_country() -> None:
    rows = (
        row(date(2027, 10, 8), "调休", "bridged", festival="National Day"),
        row(SUNDAY, "上班", "makeup", festival="National Day"),
        row(MONDAY, "an ordinary day", "workday"),
        row(date(2027, 10, 1), "国庆节"),
    )
    assert not public_holidays("CN", day_number(SUNDAY), day_number(SUNDAY))
    found = told(between("CN", SUNDAY, date(2027, 10, 8), *rows))
    assert found["09-26"] == ("makeup", "National Day", -5)
    assert found["10-01"] == ("statutory", "National Day", 0)  # its festival by the country
    assert found["10-08"] == ("bridged", "National Day", 7)
    assert "10-04" not in found
    names = public_holidays("CN", day_number(SUNDAY), day_number(date(2027, 10, 8)), rows)
    assert names[day_number(date(2027, 10, 1))] == "国庆节"
    assert names[day_number(date(2027, 10, 8))] == "调休"
    assert day_number(MONDAY) not in names
    assert day_number(SUNDAY) not in names


def test_a_festival_of_the_centres_own_has_an_anchor() -> None:
    first, last = day_number(date(2024, 6, 1)), day_number(date(2024, 6, 30))
    rows = (
        row(date(2024, 6, 12), "Founders' Day", festival="Founders' Day"),
        row(date(2024, 6, 13), "after the party", festival="Founders' Day"),
        row(date(2024, 6, 14), "shut", "closed", festival="Founders' Day"),
    )
    assert festival_anchors(None, first, last, rows) == {day_number(date(2024, 6, 12)): "Founders' Day"}
    found = told(between(None, date(2024, 6, 1), date(2024, 6, 30), *rows))
    assert found == {
        "06-12": ("statutory", "Founders' Day", 0),
        "06-13": ("statutory", "Founders' Day", 1),
        "06-14": ("closed", "Founders' Day", 2),
    }


def test_a_row_around_a_holiday_belongs_to_it_without_saying_so() -> None:
    rows = (
        row(date(2027, 9, 26), "调休", "makeup"),
        row(date(2027, 10, 8), "调休", "bridged"),
        row(date(2027, 8, 7), "加班", "makeup"),  # far from any
        row(date(2027, 10, 9), "stocktaking", "closed"),
    )
    found = told(between("CN", date(2027, 8, 1), date(2027, 10, 15), *rows))
    assert found["09-26"] == ("makeup", "National Day", -5)  # Mid-Autumn is 11 days before
    assert found["10-08"] == ("bridged", "National Day", 7)
    assert found["08-07"] == ("makeup", "加班", 0)
    assert found["10-09"] == ("closed", "stocktaking", 0)


def test_two_days_of_one_name_are_one_festival_and_a_year_later_it_is_another() -> None:
    days = [date(2024, 6, 13), date(2024, 6, 12), date(2025, 6, 12)]  # in any order
    rows = [row(day, "公司年会", queues=("calls",)) for day in days]
    first, last = day_number(date(2024, 1, 1)), day_number(date(2025, 12, 31))
    found = special_days(None, first, last, rows, "calls")
    assert [it.offset for it in found.values()] == [0, 1, 0]
    anchors = festival_anchors(None, first, last, rows, "calls")
    assert anchors == {day_number(day): "公司年会" for day in days[1:]}
    assert festival_anchors(None, first, last, rows) == {}


def test_rows_of_one_queue_are_not_the_others() -> None:
    day = date(2024, 6, 12)
    rows = [row(day, "stocktaking", "closed", queues=("calls",)), row(day, "half", "half_day")]
    number = day_number(day)
    assert special_days(None, number, number, rows)[number].day_class == "half_day"
    assert special_days(None, number, number, rows, "chat")[number].day_class == "half_day"
    assert special_days(None, number, number, rows, "calls")[number].day_class == "closed"


def test_a_weekend_at_rest_is_no_public_holiday_but_a_weekday_is() -> None:
    rows = [row(date(2027, 10, 2), "rest", "rest"), row(date(2027, 10, 5), "rest", "rest")]
    assert [weekday_of(each.day) for each in rows] == [5, 1]
    assert list(public_holidays(None, rows[0].day, rows[1].day, rows)) == [rows[1].day]
