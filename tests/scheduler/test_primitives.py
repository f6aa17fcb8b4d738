"""Each primitive at its word against the solver's graph: the same lines of work, on every line of a week."""

from functools import cache
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from centre.instants import Grid, local_instant
from centre.model import Break, ShiftTemplate
from scheduler.problem import PlannedPerson
from scheduler.rules.primitives import (
    BoundedDays,
    BoundedNightRun,
    BoundedNights,
    BoundedShortRests,
    FreeDayInExchange,
    Nights,
    RestAfterNights,
    UnbrokenWork,
)
from scheduler.rules.tightest import tightest
from scheduler.shifts import candidate_shifts
from scheduler.solve.lines import LineBook, longest_stretch

BERLIN = ZoneInfo("Europe/Berlin")
FIRST, DAYS = 19810, 6  # Thursday 2024-03-28; clocks go forward on the Sunday
EARLY = ShiftTemplate("early", 360, 360, 480)
LATE = ShiftTemplate("late", 840, 840, 540, breaks=(Break(30, 120, 300),))
NIGHT = ShiftTemplate("night", 1320, 1320, 480)
SHIFTS = tuple(candidate_shifts((EARLY, LATE, NIGHT), Grid(BERLIN, FIRST, DAYS, 60)))
WINDOWS = tuple(
    (local_instant(BERLIN, day, 1380), local_instant(BERLIN, day + 1, 360))
    for day in range(FIRST - 1, FIRST + DAYS)
)
NIGHTS = Nights(WINDOWS, 180)
PRIMITIVES = {
    "short rests": BoundedShortRests(660, 540, 1),
    "no short rest": BoundedShortRests(660, 0, 0),
    "two short rests, none under seven hours": BoundedShortRests(660, 420, 2),
    "two of three days": BoundedDays((FIRST, FIRST + 3, FIRST + 5), 2),
    "none of two days": BoundedDays((FIRST + 1, FIRST + 2), 0),
    "free day afterwards": FreeDayInExchange(FIRST + 1, (FIRST + 2, FIRST + 3)),
    "free day before": FreeDayInExchange(FIRST + 4, (FIRST, FIRST + 3)),
    "free day around": FreeDayInExchange(FIRST + 2, (FIRST + 1, FIRST + 3)),
    "two nights": BoundedNights(NIGHTS, FIRST, FIRST + 4, 2),
    "no night": BoundedNights(NIGHTS, FIRST + 1, FIRST + 5, 0),
    "two nights in a row": BoundedNightRun(NIGHTS, 2),
    "three nights in a row, two worked": BoundedNightRun(NIGHTS, 3, 2),
    "a day after a night": RestAfterNights(NIGHTS, 1, 1440),
    "46 hours after two nights": RestAfterNights(NIGHTS, 2, 46 * 60),
    "46 hours after three nights, two worked": RestAfterNights(NIGHTS, 3, 46 * 60, 2, WINDOWS[0][1]),
    "46 hours after two nights, two worked": RestAfterNights(NIGHTS, 2, 46 * 60, 2, WINDOWS[0][1]),
}  # fmt: skip


@cache
def line_of(choices, shift_class):
    return tuple(
        shift_class("p", s.day, s.start, s.end, (), s.template.name) for s in map(SHIFTS.__getitem__, choices)
    )


@pytest.mark.parametrize("name", PRIMITIVES)
def test_the_solvers_graph_holds_the_lines_that_honour_a_primitive(name, honours, shift_class, first_day_of):
    primitive = PRIMITIVES[name]
    first_day_of[NIGHTS] = FIRST
    person = PlannedPerson("p", ((0, 1.0),), (primitive,))
    book = LineBook(SHIFTS, FIRST, DAYS)
    found = book.lines(person)
    by_day = [[-1, *(k for k, s in enumerate(SHIFTS) if s.day == FIRST + day)] for day in range(DAYS)]
    expected = {
        line
        for line in product(*by_day)
        if honours(primitive, line_of(tuple(k for k in line if k >= 0), shift_class))
    }
    assert set(found) == expected
    assert 0 < len(expected) < 4**DAYS


@pytest.mark.parametrize(
    ("template", "part", "longest"),
    [
        (EARLY, 15, 480),
        (LATE, 30, 390),  # the pause ends at 150 at the earliest
        (LATE, 31, 540),
        (ShiftTemplate("two", 480, 480, 600, breaks=(Break(15, 120, 200), Break(30, 300, 400))), 15, 270),
        (ShiftTemplate("end", 480, 480, 500, breaks=(Break(30, 420, 460),)), 15, 460),
    ],
)
def test_the_longest_work_in_a_row_wherever_breaks_may_lie(template, part, longest):
    (shift, *_) = candidate_shifts((template,), Grid(BERLIN, FIRST, 1, 60))
    assert longest_stretch(shift, part) == longest
    person = PlannedPerson("p", ((0, 1.0),), (UnbrokenWork(longest, part),))
    assert LineBook((shift,), FIRST, 1).mask(person).tolist() == [True]
    person = PlannedPerson("p", ((0, 1.0),), (UnbrokenWork(longest - 1, part),))
    assert LineBook((shift,), FIRST, 1).mask(person).tolist() == [False]


PAIRS = {
    "short rests": (BoundedShortRests(660, 420, 1), BoundedShortRests(660, 540, 3)),
    "days": (BoundedDays((FIRST, FIRST + 3, FIRST + 5), 2), BoundedDays((FIRST, FIRST + 3, FIRST + 5), 1)),
    "nights": (BoundedNights(NIGHTS, FIRST, FIRST + 4, 2), BoundedNights(NIGHTS, FIRST, FIRST + 4, 3)),
    "nights in a row": (BoundedNightRun(NIGHTS, 3, 2), BoundedNightRun(NIGHTS, 2, 2)),
    "rest after nights": (RestAfterNights(NIGHTS, 2, 1440), RestAfterNights(NIGHTS, 2, 2760)),
}


@pytest.mark.parametrize("name", PAIRS)
def test_of_two_that_differ_in_a_limit_one_stays_and_says_what_both_say(
    name, honours, shift_class, first_day_of
):
    first_day_of[NIGHTS] = FIRST
    pair = PAIRS[name]
    (one,) = tightest((*pair, *pair))
    by_day = [[-1, *(k for k, s in enumerate(SHIFTS) if s.day == FIRST + day)] for day in range(DAYS)]
    lines = [line_of(tuple(k for k in line if k >= 0), shift_class) for line in product(*by_day)]
    both = [all(honours(p, line) for p in pair) for line in lines]
    assert both == [honours(one, line) for line in lines]
    assert any(both)
    assert not all(both)


def test_what_differs_in_more_than_a_limit_stays_apart():
    apart = (
        UnbrokenWork(360, 15), UnbrokenWork(300, 30), BoundedShortRests(660, 540, 1), BoundedShortRests(600, 540, 1),
        BoundedDays((FIRST,), 0), BoundedDays((FIRST + 1,), 0), BoundedNights(NIGHTS, FIRST, FIRST + 4, 2),
        BoundedNights(NIGHTS, FIRST, FIRST + 5, 2), RestAfterNights(NIGHTS, 2, 1440), RestAfterNights(NIGHTS, 3, 1440),
    )  # fmt: skip
    assert set(tightest(apart)) == set(apart)
    assert tightest((UnbrokenWork(360, 15), UnbrokenWork(300, 15))) == (UnbrokenWork(300, 15),)
