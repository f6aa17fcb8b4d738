"""Settings changed by their path, and amounts: what a what-if says of centre.toml is read and checked as the file is."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centre.amounts import amount_of
from centre.edits import edited
from centre.errors import BadInput
from centre.folder import Centre, read_centre

Edit = Callable[[Path, str, str], None]


@pytest.fixture(name="centre")
def centre_fixture(folder: Path) -> Centre:
    return read_centre(folder)


def settings_after(centre: Centre, *edits: tuple[str, str]):
    return edited(centre.raw, centre.settings, edits)[1]


def test_settings_of_every_sort_are_changed(centre: Centre) -> None:
    now = settings_after(
        centre, ("queue.calls.target_share", "90%"), ("queue.客服.aht_seconds", "+10%"), ("objective.unfair_night", "x2"),
        ("shift.day.latest_start", "11:00"), ("contract.full.overtime.weekly_minutes", "120"), ("centre.notes", "问：如果"),
        ("shrinkage.unplanned.sickness", "0.05"), ("rules.overrides.rest-between-shifts.minimum_minutes", "720"),
    )  # fmt: skip
    assert (now.queue[0].target_share, now.queue[1].aht_seconds, now.objective.unfair_night) == (
        0.9,
        330.0,
        40.0,
    )
    assert (now.shift[0].latest_start, now.contract[0].overtime.weekly_minutes) == (660, 120)
    assert now.centre.notes == "问：如果"
    assert now.shrinkage.unplanned == {"sickness": 0.05}
    assert now.rules.overrides["rest-between-shifts"] == {"minimum_minutes": 720}


def test_what_it_was_stays_as_it_was(centre: Centre) -> None:
    before = centre.settings
    raw, now = edited(centre.raw, centre.settings, [("queue.calls.target_share", "90%")])
    assert centre.settings is before
    assert "target_share" not in centre.raw["queue"][0]
    assert raw["queue"][0]["target_share"] == 0.9
    assert edited(centre.raw, centre.settings, [])[1] == before
    assert now != before


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("queue.cals.target_share", "0.9", "did you mean 'calls'"),
        ("quue.calls.target_share", "0.9", "did you mean 'queue'"),
        ("queue.calls.target_shar", "0.9", "did you mean 'target_share'"),
        ("queue.calls.target_share", "1.5", "a share between 0 and 1"),
        ("queue.calls.max_asa_seconds", "+10%", "a number to change"),
        ("queue", "3", "section.setting"),
        ("shift.day.latest_start", "07:00", "08:00 (earliest_start) or later"),
        ("contract.full.shifts", '["night"]', "names of [[shift]] sections"),
    ],
)
def test_a_setting_that_cannot_be_so_is_told(centre: Centre, path: str, value: str, words: str) -> None:
    with pytest.raises(BadInput) as caught:
        settings_after(centre, (path, value))
    assert words in str(caught.value)


def test_all_faults_are_told_at_once(centre: Centre) -> None:
    with pytest.raises(BadInput) as caught:
        settings_after(centre, ("queue.cals.x", "1"), ("shft.day.x", "1"))
    assert len(caught.value.faults) == 2


@pytest.mark.parametrize("text", ["", "+", "ten", "+x2", "x2%", "1e3", "--3", "5%%"])
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match="an amount such as"):
        amount_of(text)


@given(st.floats(-50, 50).map(lambda p: round(p, 2)), st.floats(0.1, 1e4))
def test_shares_multiply_and_differences_add(percent: float, value: float) -> None:
    assert amount_of(f"{percent:+.2f}%").of(value) == pytest.approx(value * (1 + percent / 100))
    assert amount_of(f"{percent:+.2f}").of(value) == pytest.approx(value + percent)
    assert amount_of(f"{abs(percent):.2f}").of(value) == abs(percent)
