"""centre.toml: what it may say, and every way of saying it wrong."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from centre.errors import BadInput, Faults
from centre.model import Opening, Settings
from centre.toml_file import read_draft, read_settings

Edit = Callable[[Path, str, str], None]


def told(path: Path) -> dict[str, tuple[str, str]]:
    """Dotted path -> (found, expected) of every fault."""
    with pytest.raises(BadInput) as caught:
        read_settings(path)
    assert {fault.file for fault in caught.value.faults} == {path.name}
    return {fault.column: (fault.found, fault.expected) for fault in caught.value.faults}


@pytest.fixture
def toml(folder: Path) -> Path:
    return folder / "centre.toml"


def test_what_is_written_is_what_is_read(toml: Path) -> None:
    settings = read_settings(toml)
    assert isinstance(settings, Settings)
    assert settings.centre.timezone == ZoneInfo("Europe/Berlin")
    assert settings.centre.week_start == 0
    assert [queue.name for queue in settings.queue] == ["calls", "客服"]
    assert settings.queue[0].opening == (Opening((0, 1, 2, 3, 4), 480, 1200),)
    assert settings.queue[0].closed_holidays == ("Labor Day",)
    assert settings.queue[1].opening[0].closes == 1440
    assert (settings.shift[0].earliest_start, settings.shift[0].latest_start) == (480, 690)
    assert settings.shift[0].paid_minutes == 480
    assert settings.contract[0].shifts == ("day",)
    assert settings.rules.presets == ("customer-service",)


def test_hours_past_midnight_and_to_midnight(toml: Path, edit: Edit) -> None:
    edit(toml, 'closes = "20:00"', 'closes = "26:30"')
    assert read_settings(toml).queue[0].opening[0].closes == 1590


def test_week_start_and_overrides_are_read(toml: Path, edit: Edit) -> None:
    edit(toml, 'country = "DE"', 'country = "DE"\nweek_start = "sun"')
    with toml.open("a") as stream:
        stream.write('\n[rules]\npresets = ["eu-wtd"]\n[rules.overrides.rest]\nminutes = 600\n')
    settings = read_settings(toml)
    assert settings.centre.week_start == 6
    assert settings.rules.overrides == {"rest": {"minutes": 600}}


@pytest.mark.parametrize(
    ("old", "new", "path", "found", "words"),
    [
        ('"Europe/Berlin"', '"Europe/Berlyn"', "centre.timezone", "Europe/Berlyn", "a time zone"),
        ('"Europe/Berlin"', "1", "centre.timezone", "1", "a time zone"),
        ("interval_minutes = 30", "interval_minutes = 7", "centre.interval_minutes", "7", "one of 5, 10, 15"),
        ('country = "DE"', 'contry = "DE"', "centre.contry", "contry", "did you mean 'country'"),
        ('name = "Test"', 'name = ""', "centre.name", "", "not empty"),
        ("target_seconds = 20", 'target_seconds = "20"', "queue.calls.target_seconds", "20", "a number"),
        ("target_seconds = 20", "target_seconds = -1", "queue.calls.target_seconds", "-1", "0.0 or more"),
        ("target_seconds = 20", "target_seconds = true", "queue.calls.target_seconds", "True", "a number"),
        (
            "target_seconds = 20",
            "target_seconds = nan",
            "queue.calls.target_seconds",
            "nan",
            "a finite number",
        ),
        (
            "target_seconds = 20",
            "",
            "queue.calls.target_seconds",
            "neither",
            "target_seconds for a voice queue",
        ),
        (
            "target_seconds = 20",
            "target_seconds = 20\ntarget_hours = 1",
            "queue.calls.target_hours",
            "both",
            "either",
        ),
        (
            "target_seconds = 20",
            "target_seconds = 20\ntarget_share = 1.2",
            "queue.calls.target_share",
            "1.2",
            "a share",
        ),
        (
            "target_seconds = 20",
            "target_seconds = 20\ntarget_share = 80",
            "queue.calls.target_share",
            "80",
            "such as 0.8",
        ),
        (
            "target_seconds = 20",
            "target_seconds = 20\ntarget_share = '80%'",
            "queue.calls.target_share",
            "80%",
            "a share",
        ),
        (
            "target_seconds = 20",
            "target_seconds = 20\ntarget_share = 0",
            "queue.calls.target_share",
            "0",
            "more than 0",
        ),
        (
            "target_seconds = 20",
            "target_seconds = 20\nmax_occupancy = 88",
            "queue.calls.max_occupancy",
            "88",
            "a share",
        ),
        ('channel = "chat"', 'channel = "fax"', "queue.客服.channel", "fax", "one of 'voice'"),
        ('name = "客服"', 'name = "calls"', "queue.2.name", "calls", "a name that no other queue has"),
        ('name = "客服"', 'name = "a;b"', "queue.a;b.name", "a;b", "without ; and :"),
        (
            'closes = "20:00"',
            'closes = "08:00"',
            "queue.calls.opening.1.closes",
            "08:00",
            "a time after opens",
        ),
        ('closes = "20:00"', 'closes = "8 pm"', "queue.calls.opening.1.closes", "8 pm", "a clock time"),
        ('closes = "20:00"', "closes = 20", "queue.calls.opening.1.closes", "20", "a clock time"),
        ('closes = "20:00"', 'closes = "32:30"', "queue.calls.opening.1.closes", "32:30", "at most 24 hours"),
        ('opens = "08:00"', 'opens = "24:00"', "queue.calls.opening.1.opens", "24:00", '"23:59"'),
        (
            '"fri"], opens',
            '"friday"], opens',
            "queue.calls.opening.1.days",
            "['mon', 'tue', 'wed', 'thu', 'friday']",
            "mon, tue",
        ),
        ('["Labor Day"]', '"some"', "queue.calls.closed_holidays", "some", '"all", "none" or a list'),
        ("= 510", "= 1500", "shift.day.duration_minutes", "1500", "no longer than a day"),
        (
            'latest_start = "11:30"',
            'latest_start = "07:30"',
            "shift.day.latest_start",
            "07:30",
            "08:00 (earliest_start) or later",
        ),
        (
            'latest_start = "11:30"',
            'latest_start = "11:40"',
            "shift.day.start_step_minutes",
            "30",
            "divides the 220 minutes",
        ),
        (
            "latest_minutes = 150",
            "latest_minutes = 80",
            "shift.day.breaks.1.latest_minutes",
            "80",
            "90 (earliest_minutes) or more",
        ),
        (
            "latest_minutes = 150",
            "latest_minutes = 160",
            "shift.day.breaks.1.step_minutes",
            "15",
            "divides the 70 minutes",
        ),
        (
            "latest_minutes = 150",
            "latest_minutes = 210",
            "shift.day.breaks.2.earliest_minutes",
            "210",
            "225 or more",
        ),
        (
            "latest_minutes = 285",
            "latest_minutes = 495",
            "shift.day.breaks.2.latest_minutes",
            "495",
            "within the shift's 510",
        ),
        ("minutes = 30, earliest", "minutes = 0, earliest", "shift.day.breaks.2.minutes", "0", "more than 0"),
        ('shifts = ["day"]', 'shifts = ["dya"]', "contract.full.shifts", "dya", "did you mean 'day'"),
        ('shifts = ["day"]', "shifts = []", "contract.full.shifts", "[]", "at least one"),
        ("days_min = 5", "days_min = 6", "contract.full.days_min", "6", "5 (days_max) or less"),
        ("days_max = 5", "days_max = 8", "contract.full.days_max", "8", "7 or less"),
        (
            "minutes_max = 2400",
            "minutes_max = 2300",
            "contract.full.weekly_minutes_min",
            "2400",
            "2300 (weekly_minutes_max) or less",
        ),
        (
            "minutes_min = 2400",
            "minutes_min = 2400.5",
            "contract.full.weekly_minutes_min",
            "2400.5",
            "a whole number",
        ),
        (
            "days_max = 5\n",
            "days_max = 5\nhourly_cost = inf\n",
            "contract.full.hourly_cost",
            "inf",
            "a finite number",
        ),
        ("days_min = 5\n", "", "contract.full.days_min", "", "this setting, which has no default"),
        ("[[contract]]", "[contract]", "contract", "", "[[contract]], with double brackets"),
        ("[[contract]]", "[[contrakt]]", "contrakt", "contrakt", "did you mean 'contract'"),
        (
            "[[contract]]",
            "[shrinkage]\nunplanned = { sickness = 5 }\n[[contract]]",
            "shrinkage.unplanned.sickness",
            "5",
            "a share",
        ),
    ],
)
def test_one_thing_wrong(
    toml: Path, edit: Edit, old: str, new: str, path: str, found: str, words: str
) -> None:
    edit(toml, old, new)
    faults = told(toml)
    assert list(faults) == [path]
    assert faults[path][0].startswith(found)
    assert words in faults[path][1]


@pytest.mark.parametrize(
    ("low", "high", "possible"), [(2399, 2399, False), (2400, 2401, True), (2401, 2800, False)]
)
def test_weekly_minutes_that_no_five_shifts_give(
    toml: Path, edit: Edit, low: int, high: int, possible: bool
) -> None:
    edit(toml, "weekly_minutes_min = 2400", f"weekly_minutes_min = {low}")
    edit(toml, "weekly_minutes_max = 2400", f"weekly_minutes_max = {high}")
    if possible:
        assert read_settings(toml).contract[0].weekly_minutes_min == low
    else:
        assert "can add up to" in told(toml)["contract.full.weekly_minutes_min"][1]


def test_more_days_than_the_shifts_have(toml: Path, edit: Edit) -> None:
    edit(toml, "days_min = 5\ndays_max = 5", "days_min = 6\ndays_max = 7")
    assert "6 to 7 of its shifts" in told(toml)["contract.full.weekly_minutes_min"][1]


def test_faults_of_every_part_are_told_at_once(toml: Path, edit: Edit) -> None:
    edit(toml, '"Europe/Berlin"', '"Mars"')
    edit(toml, "target_seconds = 20", "target_seconds = 20\ntarget_share = 80\npatience = 3")
    edit(toml, "= 510", "= 1441")
    edit(toml, 'shifts = ["day"]', 'shifts = ["night"]')
    assert set(told(toml)) == {
        "centre.timezone",
        "queue.calls.target_share",
        "queue.calls.patience",
        "shift.day.duration_minutes",
        "contract.full.shifts",
    }


def test_a_contract_of_a_wrong_shift_is_not_blamed_for_it(toml: Path, edit: Edit) -> None:
    edit(toml, "duration_minutes = 510", "duration_minutes = 'long'")
    assert set(told(toml)) == {"shift.day.duration_minutes"}


def test_what_is_right_is_kept_in_the_draft(toml: Path, edit: Edit) -> None:
    edit(toml, "interval_minutes = 30", "interval_minutes = 31")
    edit(toml, 'channel = "chat"', 'channel = "fax"')
    draft = read_draft(toml, Faults())
    assert draft.settings is None
    assert draft.zone == ZoneInfo("Europe/Berlin")
    assert draft.queues is not None
    assert [name for name, queue in draft.queues.items() if queue] == ["calls"]
    assert list(draft.queues) == ["calls", "客服"]


def test_a_syntax_error_has_its_line(toml: Path, edit: Edit) -> None:
    edit(toml, 'country = "DE"', "country = DE")
    with pytest.raises(BadInput) as caught:
        read_settings(toml)
    assert [(f.row, f.expected) for f in caught.value.faults] == [(5, "TOML")]


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"\x00" * 1000, "[centre]\nname = '王'".encode("gbk")]
)
def test_what_is_no_settings_file(toml: Path, content: bytes) -> None:
    toml.write_bytes(content)
    with pytest.raises(BadInput):
        read_settings(toml)


def test_a_byte_order_mark_is_accepted(toml: Path) -> None:
    toml.write_bytes(b"\xef\xbb\xbf" + toml.read_bytes())
    assert read_settings(toml).centre.name == "Test"


def test_without_a_queue_nothing_can_be_planned(toml: Path) -> None:
    toml.write_text('[centre]\nname = "x"\ntimezone = "UTC"\n')
    assert told(toml)["queue"][1] == "at least one [[queue]]"


def test_an_activity_of_the_policies_needs_its_name_alone(toml: Path) -> None:
    with toml.open("a") as stream:
        stream.write('\n[[activity]]\nname = "training"\nminutes = 120\n')
    (training,) = read_settings(toml).activity
    assert (training.kind, training.minutes, training.part_minutes) == (
        "training",
        120,
        60,
    )  # P9, but for the length
    assert training.period == "month"


VALUES = [
    "1",
    "-1",
    "1.5",
    "nan",
    "true",
    '""',
    '"x"',
    "[]",
    "[1]",
    '["mon"]',
    "[[]]",
    "{}",
    "{ a = 1 }",
    "[{}]",
]
VALUES += ["2024-01-01", "1979-05-27T07:32:00Z", "99999999999999999999", '"08:00"', "[{ minutes = 15 }]"]


@effort(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.lists(st.tuples(st.integers(0, 99), st.sampled_from(VALUES)), min_size=1, max_size=3))
def test_any_value_in_any_place_is_settings_or_faults(toml: Path, changes: list[tuple[int, str]]) -> None:
    lines = toml.read_text(encoding="utf-8").splitlines()
    places = [k for k, line in enumerate(lines) if " = " in line and not line.startswith(" ")]
    for place, value in changes:
        k = places[place % len(places)]
        lines[k] = lines[k].partition(" = ")[0] + f" = {value}"
    changed = toml.with_name("changed.toml")
    changed.write_text("\n".join(lines), encoding="utf-8")
    with suppress(BadInput):
        assert isinstance(read_settings(changed), Settings)


@pytest.mark.parametrize(
    ("text", "path", "words"),
    [
        ("centre = 3", "centre", "a section headed [centre]"),
        ("[[mix]]\n[[centre]]\n", "centre", "a section headed [centre]"),
        ("mix = 3", "mix", "sections headed [[mix]]"),
        (
            '[[queue]]\nname = "q"\nopening = []\ntarget_seconds = 1',
            "queue.q.opening",
            "at least one span of hours",
        ),
        ('[[queue]]\nname = "q"\nopening = [3]\ntarget_seconds = 1', "queue.q.opening.1", "a table"),
        (
            '[[shift]]\nname = "s"\nearliest_start = "08:00"\nlatest_start = "08:00"\nduration_minutes = 30\n'
            "breaks = [{ minutes = 30, earliest_minutes = 0, latest_minutes = 0, paid = false }]",
            "shift.s.breaks",
            "some paid time",
        ),
    ],
)
def test_parts_of_another_shape(toml: Path, text: str, path: str, words: str) -> None:
    toml.write_text(text, encoding="utf-8")
    assert words in told(toml)[path][1]
