"""Cells: what each reader takes, what it refuses and in which words."""

from contextlib import suppress
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centre import cells

BERLIN = ZoneInfo("Europe/Berlin")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_finite_number_survives_its_text(value: float) -> None:
    assert cells.number()(repr(value)) == value


@given(st.text())
def test_a_number_is_within_its_limits_or_refused_with_a_value_error(text: str) -> None:
    with suppress(ValueError):
        assert 0 <= cells.number(0, 10)(text) <= 10


@pytest.mark.parametrize("text", ["", "ten", "nan", "inf", "1_000", "1,000", "-0.001", "10.001", "5 %"])
def test_number_refuses(text: str) -> None:
    with pytest.raises(ValueError, match="a number from 0 to 10"):
        cells.number(0, 10)(text)


def test_number_counts_its_limits_in() -> None:
    assert [cells.number(0, 10)(text) for text in ("0", "10", "1e1", "-0")] == [0, 10, 10, 0]


@pytest.mark.parametrize("text", ["80", "80%", "1.01", "-0.1", "most"])
def test_a_percentage_is_no_share(text: str) -> None:
    with pytest.raises(ValueError, match="a share between 0 and 1"):
        cells.share(text)


def test_whole_numbers_as_spreadsheets_write_them() -> None:
    assert cells.integer(0)("3.0") == 3
    with pytest.raises(ValueError, match="a whole number, 0 or more"):
        cells.integer(0)("3.5")


@given(st.dates())
def test_every_date_survives_its_text(day: date) -> None:
    assert cells.day(day.isoformat()) == day
    assert cells.day(f"{day.isoformat()}T00:00:00") == day


@pytest.mark.parametrize(
    "text", ["06.10.2003", "2003-13-01", "2003-02-29", "2003-10-06T07:30", "", "2003-10-06T00:00Z"]
)
def test_day_refuses(text: str) -> None:
    with pytest.raises(ValueError, match="a date such as 2003-10-06"):
        cells.day(text)


def test_leap_day_is_a_date() -> None:
    assert cells.day("2024/02/29") == date(2024, 2, 29)


@given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)))
def test_every_whole_minute_with_z_survives_its_text(moment: datetime) -> None:
    moment = moment.replace(second=0, microsecond=0)
    assert (
        cells.instant(BERLIN)(f"{moment.isoformat()}Z")
        == (moment - datetime(1970, 1, 1)).total_seconds() / 60
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2024-03-31T02:30", "clocks skipped"),
        ("2024-10-27T02:30", "exists twice"),
        ("2024-03-31 7 o'clock", "an instant such as"),
        ("2024-03-31T07:30:20Z", "on a whole minute"),
    ],
)
def test_instant_refuses(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        cells.instant(BERLIN)(text)


def test_naive_and_zoned_instants_meet() -> None:
    read = cells.instant(BERLIN)
    assert read("2024-07-01T09:00") == read("2024-07-01T07:00Z") == read("2024-07-01 03:00:00-04:00")


def test_choice_suggests_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"one of off, on.*did you mean 'off'"):
        cells.choice("off", "on")("offf")


@pytest.mark.parametrize("text", ["王芳", "王小芳", "Emily Carter", "Emily", "Müller, Jan", "mary smith"])
def test_what_may_be_a_name_is_seen(text: str) -> None:
    assert cells.looks_like_name(text)


@pytest.mark.parametrize("text", ["5x8", "senoir", "calls;chat:0.5", "A001", "full_time", "part-time"])
def test_codes_are_no_names(text: str) -> None:
    assert not cells.looks_like_name(text)


def test_flags_as_spreadsheets_spell_them() -> None:
    assert [cells.flag(text) for text in ("TRUE", "False", "1", "no")] == [True, False, True, False]
    with pytest.raises(ValueError, match="true or false"):
        cells.flag("maybe")


def test_zone_names() -> None:
    assert cells.zone_name("Asia/Shanghai") == "Asia/Shanghai"
    for wrong in ("", "Asia/Shanghaii", "../etc/passwd", "Asia"):
        with pytest.raises(ValueError, match="a time zone of the tz database"):
            cells.zone_name(wrong)
