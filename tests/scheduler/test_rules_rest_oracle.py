"""Rules on rest against plain loops over random rotas: the same people, figures and limits.

Sixty people over the night on which clocks change, some with two shifts a day, half of the days before the
horizon; nothing here is shared with the rules but their limits.
"""

from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from centre.instants import day_number, day_start, local_instant, week_of
from scheduler.rules.daily_span import DailySpan
from scheduler.rules.days_off_in_period import DaysOffInPeriod
from scheduler.rules.facts import Facts
from scheduler.rules.reduced_rest import ReducedRest
from scheduler.rules.rest_in_each_day import RestInEachDay
from scheduler.rules.split_shifts import SplitShifts

BERLIN = ZoneInfo("Europe/Berlin")
FIRST, BACK, DAYS, PEOPLE = day_number(date(2024, 3, 25)), 10, 14, 60
FAR = 10**9


@pytest.fixture(name="lives", scope="module")
def lives_fixture(shift_class):
    """Every person's shifts, sorted, those before the horizon too."""
    rng = np.random.default_rng(7)
    lives = {}
    for number in range(PEOPLE):
        name, busy = f"p{number:03d}", rng.uniform(0.3, 1)
        shifts = []
        for day in range(FIRST - BACK, FIRST + DAYS):
            at = int(rng.integers(0, 24)) * 60
            while rng.random() < busy and at < 1440:
                start = local_instant(BERLIN, day, at)
                length = int(rng.integers(2, 13)) * 60
                if start is not None:
                    shifts.append(shift_class(name, day, start, start + length))
                at += length + int(rng.choice([30, 60, 120, 300, 420]))
        lives[name] = shifts
    return lives


@pytest.fixture(name="material", scope="module")
def material_fixture(lives, rota_of):
    """The rota of the horizon and the facts with what went before."""
    every = [s for shifts in lives.values() for s in shifts]
    before = rota_of([s for s in every if s.day < FIRST])
    return rota_of([s for s in every if s.day >= FIRST]), Facts(BERLIN, FIRST, DAYS, before=before)


def duties(shifts):
    """(day, start, end) of shifts, those of a day less than five hours apart as one."""
    found = []
    for s in sorted(shifts, key=lambda s: (s.start, s.end)):
        if found and found[-1][0] == s.day and s.start - max(d[2] for d in found) < 300:
            found[-1] = (s.day, found[-1][1], max(found[-1][2], s.end))
        else:
            found.append((s.day, s.start, s.end))
    return found


def gaps(work):
    """Times without work, open at both ends."""
    found, until = [], -FAR
    for _, start, end in work:
        if start > until:
            found.append((until, start))
        until = max(until, end)
    return [*found, (until, FAR)]


def longest(work, start, end):
    return max((min(b, end) - max(a, start) for a, b in gaps(work)), default=0)


MIDNIGHTS = [day_start(BERLIN, day) for day in range(FIRST - 30, FIRST + 50)]


def count_off(work, rule, start, end):
    """Days off inside a window by the words of the rule."""
    total = 0
    for a, b in gaps(work):
        a, b = max(a, start), min(b, end)
        whole = sum(a <= x and y <= b for x, y in pairwise(MIDNIGHTS)) if rule.whole_days else 0
        days = whole if rule.whole_days else max(0, b - a) // rule.unbroken_minutes
        total += days if days >= rule.together else 0
    return total


def windows(rule):
    if rule.rolling:
        firsts = range(FIRST - rule.period_days + 1, FIRST + DAYS)
    else:
        origin = week_of(0, 0) + rule.offset_days
        firsts = range(FIRST - (FIRST - origin) % rule.period_days, FIRST + DAYS, rule.period_days)
    return [(day_start(BERLIN, d), day_start(BERLIN, d + rule.period_days)) for d in firsts]


@pytest.mark.parametrize(
    "rule",
    [
        DaysOffInPeriod(3, "s", 7),
        DaysOffInPeriod(2, "s", 7, whole_days=True, offset_days=3),
        DaysOffInPeriod(4, "s", 14, unbroken_minutes=1200),
        DaysOffInPeriod(2, "s", 9, together=2),
        DaysOffInPeriod(2, "s", 6, rolling=True),
        DaysOffInPeriod(2, "s", 8, rolling=True, whole_days=True, together=2),
    ],
)
def test_days_off_are_those_that_plain_loops_count(rule, lives, material, breaches):
    expected = []
    for name, shifts in lives.items():
        work, past = duties(shifts), duties([s for s in shifts if s.day < FIRST])
        row = []
        for window in windows(rule):
            found = count_off(work, rule, *window)
            broken = found < rule.days <= count_off(past, rule, *window)
            if broken:
                row.append(found)
            if row and (not broken or not rule.rolling):
                expected.append((name, min(row), rule.days))
                row = []
        expected += [(name, min(row), rule.days)] if row else []
    assert sorted(breaches(rule, *material)) == sorted(expected)
    assert PEOPLE / 20 < len({name for name, *_ in expected}) < PEOPLE


@pytest.mark.parametrize("minimum", [480, 660])
def test_rest_in_each_day_is_what_plain_loops_find(minimum, lives, material, breaches):
    expected = []
    for name, shifts in lives.items():
        work, past = duties(shifts), duties([s for s in shifts if s.day < FIRST])
        for day in {s.day for s in shifts}:
            start = min(s.start for s in shifts if s.day == day)
            if start + 1440 <= day_start(BERLIN, FIRST):
                continue
            found = longest(work, start, start + 1440)
            if found < minimum and (day >= FIRST or longest(past, start, start + 1440) >= minimum):
                expected.append((name, max(0, found), minimum))
    assert sorted(breaches(RestInEachDay(minimum, "s"), *material)) == sorted(expected)
    assert len(expected) > PEOPLE / 20


@pytest.mark.parametrize("days", [0, 4])
def test_shortened_rests_are_those_that_plain_loops_find(days, lives, material, breaches):
    rule, expected = ReducedRest(660, 480, "s", 1, "week", days), []
    edge = day_start(BERLIN, FIRST)
    for name, shifts in lives.items():
        work, past = duties(shifts), duties([s for s in shifts if s.day < FIRST])
        count, until = dict[int, int](), -FAR
        for day, start, end in work:
            rest = start - until
            if rest < 660:
                count[week_of(day, 0)] = count.get(week_of(day, 0), 0) + 1
                if day >= FIRST and (rest < 480 or count[week_of(day, 0)] > 1):
                    expected.append((name, max(0, rest), 480 if rest < 480 else 660))
                last, required = start + days * 1440, 1320 - rest
                if days and rest >= 480 and (day >= FIRST or last > edge):
                    best = longest(work, start, last)
                    if best < required and (day >= FIRST or longest(past, start, last) >= required):
                        expected.append((name, max(0, best), required))
            until = max(until, end)
    assert sorted(breaches(rule, *material)) == sorted(expected)
    assert len(expected) > PEOPLE / 20


def test_spans_and_parts_are_those_that_plain_loops_find(lives, material, breaches):
    spans, parts = [], []
    for name, shifts in lives.items():
        for day in {s.day for s in shifts if s.day >= FIRST}:
            own = sorted((s for s in shifts if s.day == day), key=lambda s: s.start)
            span = max(s.end for s in own) - own[0].start
            spans += [(name, span, 700)] if span > 700 else []
            ended = [max(s.end for s in shifts if s.start < part.start) for part in own[1:]]
            apart = [part.start - end for part, end in zip(own[1:], ended, strict=True)]
            number = 1 + sum(gap >= 60 for gap in apart)
            parts += [(name, number, 2)] if number > 2 else []
            parts += [(name, gap, 120) for gap in apart if 60 <= gap < 120]
            parts += [(name, gap, 400) for gap in apart if gap > 400]
    assert sorted(breaches(DailySpan(700, "s"), *material)) == sorted(spans)
    assert sorted(breaches(SplitShifts("s", 2, 120, 400), *material)) == sorted(parts)
    assert min(len(spans), len(parts)) > PEOPLE / 20
