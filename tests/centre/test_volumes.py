"""Numbers with thousands separators: read where clear, refused where not."""

import pytest

from centre.volumes import Style, is_separated, reader, style_of

COUNTS = Style(commas_group=True, dots_doubtful=False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234", 1234.0), ("12.5", 12.5), ("1e3", 1000.0), ("1,234", 1234.0), ("1,234,567.5", 1234567.5),
        ("1 234", 1234.0), ("1\u00a0234", 1234.0), ("1\u202f234.5", 1234.5), ("1'234", 1234.0),
        ("1\u2019234", 1234.0), ("１２３４", 1234.0), ("１，２３４", 1234.0), ("0", 0.0),
    ],
)  # fmt: skip
def test_what_can_mean_one_thing_is_read(text: str, value: float) -> None:
    assert reader(COUNTS, needed=True)(text) == value


@pytest.mark.parametrize("text", ["1,23", "1,2345", "12,34,567", "1.234.567", "1 23", "1_234", "-1,234"])
def test_marks_that_group_no_thousands_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a number, 0 or more"):
        reader(COUNTS, needed=True)(text)


@pytest.mark.parametrize("text", ["-5", "inf", "三", "viele"])
def test_what_is_no_volume_is_refused_in_the_usual_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"^a number, 0 or more$"):
        reader(COUNTS, needed=True)(text)


@pytest.mark.parametrize("text", ["", "-", "N/A", "nan", "NULL", "无", "—"])
def test_marks_of_nothing_known_say_what_to_do(text: str) -> None:
    with pytest.raises(ValueError, match="leave the row out"):
        reader(COUNTS, needed=True)(text)
    with pytest.raises(ValueError, match="leave the cell empty"):
        reader(COUNTS, needed=False)(text)


def test_a_decimal_comma_anywhere_makes_commas_doubtful() -> None:
    style = style_of(["1,234", "17,5"], counts=True)
    assert not style.commas_group
    with pytest.raises(ValueError, match="without thousands separators"):
        reader(style, needed=True)("1,234")


def test_seconds_with_commas_are_refused() -> None:
    style = style_of(["245,123"], counts=False)
    with pytest.raises(ValueError, match="without thousands separators"):
        reader(style, needed=False)("245,123")


@pytest.mark.parametrize(
    ("texts", "doubtful"),
    [
        (["1.234", "980", "17"], True),  # every dot may group thousands, and no whole number reaches one
        (["1.234", "1200", "17"], False),  # 1200 is written without
        (["1.234", "17.5"], False),
        (["0.234", "17"], False),
        (["17", "980"], False),
    ],
)
def test_points_are_doubtful_only_where_every_one_may_group(texts: list[str], doubtful: bool) -> None:
    style = style_of(texts, counts=True)
    assert style.dots_doubtful == doubtful
    if doubtful:
        with pytest.raises(ValueError, match="this may be 1234 or a fraction"):
            reader(style, needed=True)("1.234")
    else:
        assert reader(style, needed=True)("1.234") == 1.234


def test_a_fraction_of_a_second_is_never_doubtful() -> None:
    assert reader(style_of(["245.123"], counts=False), needed=False)("245.123") == 245.123


def test_which_texts_a_warning_shows() -> None:
    assert [is_separated(text) for text in ("1,234", "1 234", "１２", "12", "1.5")] == [True] * 3 + [
        False
    ] * 2
