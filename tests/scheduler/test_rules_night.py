"""Night work by hand: at the limit and a minute past it, nights of 23 and 25 hours, edges; and by enumeration."""

from dataclasses import replace
from datetime import date
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from centre.instants import day_number
from centre.model import Break, ShiftTemplate
from scheduler.rules.facts import Facts, Person
from scheduler.rules.night_work import NightWork
from scheduler.rules.primitives import AllowedShifts, ShiftLength

BERLIN = ZoneInfo("Europe/Berlin")
EIGHT_HOURS = NightWork(480, "art. 8")
MEAL = (30, False, "meal")


def horizon(start, days=7, **more):
    return Facts(BERLIN, day_number(date.fromisoformat(start)), days, **more)


@pytest.fixture(name="judged")
def judged_fixture(local_shift, rota_of, breaches):
    """The breaches of one shift of a given start, elapsed minutes and breaks."""

    def judged(rule, start, minutes, *breaks):
        rota = rota_of([local_shift(BERLIN, "a", start, minutes, breaks)])
        return breaches(rule, rota, horizon(start[:10], 1))

    return judged


@pytest.mark.parametrize(("minutes", "expected"), [(480, []), (481, [("a", 481, 480)])])
def test_eight_hours_of_a_night_are_enough_and_a_minute_more_is_not(judged, minutes, expected):
    assert judged(EIGHT_HOURS, "2024-05-06T22:00", minutes) == expected


@pytest.mark.parametrize(
    ("start", "minutes", "expected"),
    [
        ("2024-05-06T16:00", 600, [("a", 600, 480)]),  # to 02:00: three hours of the night
        ("2024-05-06T15:59", 600, []),  # to 01:59
        ("2024-05-06T03:00", 600, [("a", 600, 480)]),  # the night that began the day before
        ("2024-05-06T03:01", 600, []),
        ("2024-05-06T06:00", 1020, []),  # from the end of one night to the start of the next
        ("2024-05-06T04:30", 1200, [("a", 1200, 480)]),  # an hour and a half of each of two nights
    ],
)
def test_three_hours_inside_the_night_make_a_night_shift(judged, start, minutes, expected):
    assert judged(EIGHT_HOURS, start, minutes) == expected


def test_breaks_are_no_work_in_the_night_nor_in_the_shift(judged):
    assert judged(EIGHT_HOURS, "2024-05-06T22:00", 510, (240, *MEAL)) == []
    assert judged(EIGHT_HOURS, "2024-05-06T22:00", 511, (240, *MEAL)) == [("a", 481, 480)]
    assert judged(EIGHT_HOURS, "2024-05-06T16:00", 600, (500, *MEAL)) == []  # 00:20: 150 min in the night
    assert judged(EIGHT_HOURS, "2024-05-06T16:00", 600, (200, *MEAL)) == [("a", 570, 480)]


@pytest.mark.parametrize(
    ("start", "counts", "breaks_it"),
    [
        ("2024-05-05T02:00", 240, True),
        ("2024-05-05T02:01", 240, False),
        ("2024-03-31T01:00", 240, True),  # 02:00 to 03:00 is skipped
        ("2024-03-31T01:01", 240, False),
        ("2024-10-27T02:00", 300, True),  # 02:00 to 03:00 comes twice
        ("2024-10-27T02:01", 300, False),
    ],
)
def test_the_night_is_elapsed_time_when_clocks_change(judged, start, counts, breaks_it):
    found = judged(replace(EIGHT_HOURS, counts_minutes=counts), start, 600)
    assert found == ([("a", 600, 480)] if breaks_it else [])


@pytest.mark.parametrize(
    ("night", "minutes", "expected"),
    [("2024-03-30", 420, []), ("2024-10-26", 540, [("a", 540, 480)])],
)
def test_ten_to_six_by_the_clock_is_seven_hours_in_spring_and_nine_in_autumn(
    judged, night, minutes, expected
):
    assert judged(EIGHT_HOURS, f"{night}T22:00", minutes) == expected


def test_other_nights_can_be_set(judged):
    bakery = NightWork(480, "s", 121, 1320, 300)  # 22:00 to 05:00, more than two hours
    assert judged(bakery, "2024-05-06T02:59", 600) == [("a", 600, 480)]
    assert judged(bakery, "2024-05-06T03:00", 600) == []
    within_a_day = NightWork(480, "s", 180, 0, 300)
    assert judged(within_a_day, "2024-05-06T17:00", 600) == [("a", 600, 480)]
    assert judged(within_a_day, "2024-05-06T16:59", 600) == []
    skipped_end = NightWork(480, "s", 60, 0, 150)  # to 02:30, which is 03:00 on that night
    assert judged(skipped_end, "2024-03-31T01:00", 600) == [("a", 600, 480)]
    assert judged(skipped_end, "2024-03-31T01:01", 600) == []


@pytest.mark.parametrize("night", ["2024-02-28", "2024-02-29", "2024-12-31"])
def test_leap_day_and_turn_of_the_year(judged, night):
    assert judged(EIGHT_HOURS, f"{night}T20:00", 480) == []
    assert judged(EIGHT_HOURS, f"{night}T20:00", 481) == [("a", 481, 480)]


def test_a_shift_belongs_to_the_horizon_by_its_day(local_shift, rota_of, breaches):
    rota = rota_of([local_shift(BERLIN, "a", f"2024-05-{d:02d}T22:00", 500 + d) for d in (5, 7, 8)])
    assert breaches(EIGHT_HOURS, rota, horizon("2024-05-06", 2)) == [("a", 507, 480)]


def test_split_shifts_doubled_rows_and_other_people(local_shift, rota_of, breaches):
    early, late = ("2024-05-06T14:00", 240), ("2024-05-06T22:00", 300)
    parts = [local_shift(BERLIN, "a", *early), local_shift(BERLIN, "a", *late)]  # four hours apart: one shift
    doubled = [local_shift(BERLIN, "b", *late), local_shift(BERLIN, "b", *late)]
    others = [local_shift(BERLIN, "c", *early), local_shift(BERLIN, "d", *late)]
    rota = rota_of(parts + doubled + others)
    assert breaches(EIGHT_HOURS, rota, horizon("2024-05-06")) == [("a", 540, 480)]


def test_leave_is_no_work(local_shift, rota_of, breaches):
    shift = local_shift(BERLIN, "a", "2024-05-06T22:00", 480)
    away = local_shift(BERLIN, "a", "2024-05-06T18:00", 240)
    rows = [(*row[:4], "leave:annual", *row[5:]) for row in away.rows()]
    assert breaches(EIGHT_HOURS, rota_of([shift], rows), horizon("2024-05-06")) == []
    assert breaches(EIGHT_HOURS, rota_of([shift, away]), horizon("2024-05-06")) == [("a", 720, 480)]
    assert list(EIGHT_HOURS.violations(rota_of([]), horizon("2024-05-06"))) == []


def test_the_sentence_tells_shift_night_and_limit(local_shift, rota_of):
    rota = rota_of([local_shift(BERLIN, "员工7", "2024-05-06T20:00", 540)])
    (finding,) = EIGHT_HOURS.violations(rota, horizon("2024-05-06"))
    assert finding.explanation == (
        "员工7 works 540 min in the shift from 2024-05-06 20:00, 360 min of it in the night from 23:00 to 06:00; "
        "at most 480 min are allowed from 180 min in the night."
    )
    assert (finding.end - finding.start, finding.unit, finding.source) == (540, "minutes", "art. 8")


CHOICES = {  # start, elapsed minutes, breaks
    "long day": ("06:00", 630, ((240, *MEAL),)),
    "long early": ("03:30", 600, ((240, *MEAL),)),
    "short night": ("22:00", 510, ((240, *MEAL),)),
    "long night": ("20:00", 600, ((240, *MEAL),)),
    "long to two": ("16:00", 600, ((500, *MEAL),)),
}


def templates():
    def minute(clock):
        return int(clock[:2]) * 60 + int(clock[3:])

    return {
        name: ShiftTemplate(
            name, minute(clock), minute(clock), length,
            breaks=tuple(Break(m, at, at, paid, kind) for at, m, paid, kind in breaks),
        )
        for name, (clock, length, breaks) in CHOICES.items()
    }  # fmt: skip


@pytest.mark.parametrize("start", ["2024-03-29", "2024-10-25", "2024-05-06"])
@pytest.mark.parametrize("known", [True, False])
def test_its_primitives_accept_only_what_its_verdict_passes(start, known, honours, local_shift, rota_of):
    first, days = date.fromisoformat(start), 3
    facts = horizon(start, days, templates=templates() if known else None)
    lines = [
        [
            local_shift(
                BERLIN, f"p{number:03d}", f"{date.fromordinal(first.toordinal() + k)}T{CHOICES[choice][0]}",
                *CHOICES[choice][1:], choice,
            )
            for k, choice in enumerate(line)
            if choice
        ]
        for number, line in enumerate(product((None, *CHOICES), repeat=days))
    ]  # fmt: skip
    rota = rota_of([shift for line in lines for shift in line])
    broken = {v.agent_id for v in EIGHT_HOURS.violations(rota, facts)}
    primitives = list(EIGHT_HOURS.lines(Person("p"), facts))
    seen = set()
    for number, line in enumerate(lines):
        accepted, passed = all(honours(p, line) for p in primitives), f"p{number:03d}" not in broken
        assert passed or not accepted, line
        seen.add((accepted, passed))
    assert seen == {(True, True), (False, False), (False, True)}  # conservative: breaks may lie elsewhere


def test_what_a_solver_is_told():
    lawful = AllowedShifts(frozenset({"long day", "long early", "short night"}))
    assert list(EIGHT_HOURS.lines(Person("p"), horizon("2024-05-06", templates=templates()))) == [lawful]
    short = {name: t for name, t in templates().items() if name in lawful.names}
    assert list(EIGHT_HOURS.lines(Person("p"), horizon("2024-05-06", templates=short))) == []
    unknown = list(EIGHT_HOURS.lines(Person("p"), horizon("2024-05-06")))
    assert unknown == [ShiftLength("worked_minutes", 480)]


def test_every_start_and_weekday_of_a_template_counts():
    flexible = {"flexible": ShiftTemplate("flexible", 900, 960, 600, days=(0, 1))}
    monday, wednesday = (
        horizon("2024-05-06", templates=flexible),
        horizon("2024-05-08", 5, templates=flexible),
    )
    assert list(EIGHT_HOURS.lines(Person("p"), monday)) == [AllowedShifts(frozenset())]
    assert list(EIGHT_HOURS.lines(Person("p"), wednesday)) == []
