"""``[[pattern]]``, and the hours of the week that people can work or prefer: what they say, and every way of saying it wrong."""

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centre.availability import hours_of_week, times_outside
from centre.errors import BadInput
from centre.folder import read_centre
from centre.hours import Opening
from centre.instants import day_number, day_start, from_minutes
from centre.pattern_checks import longer_than
from centre.patterns import Pattern
from centre.people import Agent

Edit = Callable[[Path, str, str], None]
AGENTS = "agent_id,name,team,level,skills,contract,pattern,available,prefers\n"
SECOND = "A002,Emily Carter,one,junior,calls,full,,,"
WEEK = '["day", "day", "day", "day", "day", "off", "off"]'


def centre_with(folder: Path, pattern: str, *rows: str) -> Path:
    with (folder / "centre.toml").open("a", encoding="utf-8") as stream:
        stream.write(f'\n[[pattern]]\nname = "轮班"\n{pattern}\n')
    people = rows or ("A001,王芳,one,senior,calls,full,,,", SECOND)
    (folder / "agents.csv").write_text(AGENTS + "\n".join(people) + "\n", encoding="utf-8")
    return folder


def faults_of(folder: Path, pattern: str, *rows: str) -> list[tuple[str, str, str]]:
    with pytest.raises(BadInput) as caught:
        read_centre(centre_with(folder, pattern, *rows))
    return [(fault.column, fault.found, fault.expected) for fault in caught.value.faults]


def test_a_pattern_is_worked_by_teams_and_by_people_who_name_it(folder: Path) -> None:
    rows = (
        "A001,王芳,one,senior,calls,full,,,",
        "A002,Emily Carter,two,junior,calls,full,轮班:3,mon-fri 07:00-18:30,mon 22:00-06:00",
    )
    centre = read_centre(centre_with(folder, f'days = {WEEK}\nteams = ["one"]', *rows))
    assert centre.settings.pattern == (Pattern("轮班", ("day",) * 5 + ("off",) * 2, None, ("one",)),)
    assert centre.agents[1].pattern == "轮班:3"
    assert centre.agents[1].available == (Opening((0, 1, 2, 3, 4), 420, 1110),)
    assert centre.agents[1].prefers == (Opening((0,), 1320, 1800),)


@pytest.mark.parametrize(
    ("pattern", "column", "found", "expected"),
    [
        ('days = ["day", "dya"]\nstarts_on = 2024-03-04', "days.2", "dya", "(did you mean 'day'?)"),
        ('days = ["day", "off", "any"]', "starts_on", "none", "a date on which its cycle of 3 days begins"),
        ('days = ["day@07:00", "off"]\nstarts_on = 2024-03-04', "days.1", "day@07:00", "08:00 to 11:30"),
        ('days = ["day@8"]\nstarts_on = 2024-03-04', "days.1", "day@8", "a clock time such as 07:30"),
        ("days = []", "days", "()", "at least one"),
        (f'days = {WEEK}\nteams = ["three"]', "teams", "three", "one that somebody in agents.csv has"),
    ],
)
def test_a_pattern_that_cannot_be_worked_is_told(
    folder: Path, pattern: str, column: str, found: str, expected: str
) -> None:
    told = {where: (what, words) for where, what, words in faults_of(folder, pattern)}
    assert list(told) == [f"pattern.轮班.{column}"]
    ((what, words),) = told.values()
    assert expected in words
    assert what in (found, "[]")


@pytest.mark.parametrize("cell", ["轮班:7", "轮班:x", "轮板", ":2"])
def test_a_place_that_is_not_in_a_pattern_is_told(folder: Path, cell: str) -> None:
    ((column, found, expected),) = faults_of(
        folder, f"days = {WEEK}", f"A001,王芳,one,senior,calls,full,{cell},,", SECOND
    )
    assert (column, found) == ("pattern", cell)
    assert "agent A001" in expected


@pytest.mark.parametrize(
    "cell", ["mo 08:00-18:00", "mon 8-18", "mon", "mon-xyz 08:00-18:00", "mon 25:00-26:00"]
)
def test_hours_of_the_week_that_cannot_be_read_are_told(folder: Path, cell: str) -> None:
    ((column, _, expected),) = faults_of(
        folder, f"days = {WEEK}", f'A001,王芳,one,senior,calls,full,,"{cell}",', SECOND
    )
    assert column == "available"
    assert "mon-fri 08:00-18:00" in expected


def test_a_pattern_with_too_few_days_for_a_contract_warns(folder: Path) -> None:
    centre = read_centre(
        centre_with(folder, 'days = ["day", "off"]\nstarts_on = 2024-03-04\nteams = ["one"]')
    )
    assert any(
        "1680 paid minutes a week on average, contract full asks for 2400" in w for w in centre.warnings
    )


def test_a_shift_that_the_contract_does_not_have_is_told(folder: Path, edit: Edit) -> None:
    late = '[[shift]]\nname = "late"\nearliest_start = "12:00"\nlatest_start = "12:00"\nduration_minutes = 480\n\n[[contract]]'
    edit(folder / "centre.toml", "[[contract]]", late)
    told = faults_of(folder, f'days = {WEEK.replace("day", "late", 1)}\nteams = ["one"]')
    assert told == [
        ("pattern.轮班.days", "late", "shifts of contract full, whose people work this pattern: day")
    ]


@pytest.mark.parametrize(
    ("day", "ahead", "entry"),
    [("2026-03-02", 0, "a"), ("2026-03-04", 0, "off"), ("2026-03-05", 0, "a"), ("2026-03-01", 0, "off"),
     ("2026-03-02", 2, "off"), ("2028-02-29", 1, "b")],
)  # fmt: skip
def test_a_cycle_goes_round_for_ever_in_both_directions(day: str, ahead: int, entry: str) -> None:
    pattern = Pattern("p", ("a", "b", "off"), date(2026, 3, 2))
    assert pattern.on(day_number(date.fromisoformat(day)), ahead, 0) == entry


@given(
    st.lists(
        st.builds(
            Opening,
            st.lists(st.integers(0, 6), min_size=1, unique=True).map(tuple),
            st.integers(0, 1439),
            st.integers(1, 600),
        ).map(lambda o: Opening(o.days, o.opens, o.opens + o.closes)),
        max_size=3,
    ),
    st.sampled_from([date(2026, 3, 27), date(2026, 10, 23), date(2028, 2, 28)]),
)
def test_every_minute_is_inside_the_hours_or_told_as_outside(hours: list[Opening], first: date) -> None:
    zone, day = ZoneInfo("Europe/Berlin"), day_number(first)
    outside = list(times_outside(hours, zone, day, day + 3))
    assert all(a < b for a, b in outside)
    assert all(before[1] < after[0] for before, after in pairwise(outside))
    for minute in range(day_start(zone, day), day_start(zone, day + 4), 47):
        local = from_minutes(minute, zone)
        clock, weekday = local.hour * 60 + local.minute, local.weekday()
        inside = any(
            (weekday in h.days and h.opens <= clock < h.closes)
            or ((weekday - 1) % 7 in h.days and h.opens <= clock + 1440 < h.closes)
            for h in hours
        )
        near_clock_change = local.date() in (date(2026, 3, 29), date(2026, 10, 25)) and clock < 240
        if not near_clock_change:
            assert inside == (not any(a <= minute < b for a, b in outside))


def test_hours_that_the_clocks_leave_out_part_nothing() -> None:
    day = day_number(date(2026, 3, 29))
    zone = ZoneInfo("Europe/Berlin")
    told = list(times_outside([Opening((6,), 120, 121)], zone, day, day))
    assert told == [(day_start(zone, day), day_start(zone, day + 1))]


def test_hours_of_one_cell() -> None:
    assert hours_of_week("sat-mon 09:00-12:00") == (Opening((0, 5, 6), 540, 720),)
    assert hours_of_week("") == ()
    assert Agent("a", "", "", "junior", (), "full").available == ()


def test_a_pattern_longer_than_the_days_planned_is_told_with_what_to_change() -> None:
    pattern = Pattern("四周", ("a",) * 28, date(2026, 3, 2))
    first = day_number(date(2026, 3, 16))
    (told,) = longer_than([pattern, Pattern("周", ("a",) * 7)], first, 7, 0)
    assert told.startswith(
        "[[pattern]] 四周 has 28 days, more than the 7 planned: they begin with day 15 of it"
    )
    assert told.endswith("plan 28 days, or a multiple, to see all of it")
    assert list(longer_than([pattern], first, 28, 0)) == []
