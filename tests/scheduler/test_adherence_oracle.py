"""Adherence beside a count minute by minute that shares no code with it, and what must hold of any two rotas."""

from collections import Counter
from itertools import groupby, pairwise

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.adherence import compare
from scheduler.adherence_figures import figures
from scheduler.rota import COLUMNS, Rota

DAY = 1440
PARTS = ("kept", "other", "late", "left_early", "away", "absent", "unknown")
EXTRA = ("early_start", "overrun", "unplanned")


@st.composite
def shift(draw):
    """Start and minutes of a shift within its day, with a break and a gap inside as (offset, minutes)."""
    start, length = draw(st.integers(300, 600)), draw(st.integers(2, 200))
    inside = [(draw(st.integers(0, length - 1)), draw(st.integers(0, 40))) for _ in range(2)]
    return start, length, *inside


LINES = st.dictionaries(st.tuples(st.sampled_from(["a1", "a2"]), st.integers(0, 2)), shift(), max_size=5)


def minutes_of(lines):
    """(person, minute) -> (day of the shift, whether it is a break), minutes of a gap left out."""
    found = {}
    for (agent, day), (start, length, pause, gap) in lines.items():
        for k in range(length):
            if gap[0] <= k < gap[0] + gap[1]:
                continue
            found[agent, day * DAY + start + k] = (day, pause[0] <= k < pause[0] + pause[1])
    return found


def rota_of(minutes):
    """The rota that has these minutes, a row for each run of one kind."""
    keys = sorted(minutes)
    runs = groupby(enumerate(keys), lambda one: (one[1][0], one[1][1] - one[0], minutes[one[1]]))
    rows = []
    for (agent, _, (day, is_break)), run in runs:
        at = [minute for _, (_, minute) in run]
        ends = (pd.Timestamp(60 * m, unit="s", tz="UTC") for m in (at[0], at[-1] + 1))
        date = (pd.Timestamp(0) + pd.Timedelta(days=day)).date()
        rows.append((agent, date, *ends, "break" if is_break else "work:*", "d", True))
    return Rota.from_frame(pd.DataFrame(rows, columns=list(COLUMNS)).astype({"paid": bool}))


def shifts_of(minutes):
    """(person, day) -> its minutes in order; gaps stay under 300 minutes, so a day has one shift."""
    found = {}
    for (agent, minute), (day, _) in sorted(minutes.items()):
        found.setdefault((agent, day), []).append(minute)
    return found


def counted(plan, work, tolerance, by_breaks):
    """The minutes of every part by the definitions alone."""
    plan_shifts, work_shifts = shifts_of(plan), shifts_of(work)
    stands_for = {}
    for (agent, day), mine in work_shifts.items():
        shared = Counter(plan[agent, m][0] for m in mine if (agent, m) in plan)
        best = max(shared.items(), key=lambda one: (one[1], -one[0]), default=(None, 0))
        stands_for[agent, day] = best[0]
    labels = {}
    for agent, day in plan_shifts:
        mine = plan_shifts[agent, day]
        there = [m for m in mine if (agent, m) in work]
        for m in mine:
            due = plan[agent, m][1]
            if (agent, m) in work:
                same = not by_breaks or due == work[agent, m][1]
                label = "kept" if same else "other"
            elif not there:
                label = "absent"
            elif m < there[0]:
                label = "late"
            elif m > there[-1]:
                label = "left_early"
            else:
                label = "kept" if due else "away"
            labels[agent, m] = label, day
    for (agent, day), mine in work_shifts.items():
        own = stands_for[agent, day]
        for m in mine:
            if (agent, m) in plan or work[agent, m][1]:
                continue
            if own is None:
                labels[agent, m] = "unplanned", day
            else:
                early = m < plan_shifts[agent, own][0]
                labels[agent, m] = "early_start" if early else "overrun", own
    total = Counter()
    keys = sorted(labels)
    for (_, _, (label, _)), run in groupby(
        enumerate(keys), lambda e: (e[1][0], e[1][1] - e[0], labels[e[1]])
    ):
        length = len(list(run))
        if length <= tolerance and label in ("late", "left_early", "away", "other"):
            label = "kept"
        elif length <= tolerance and label in ("early_start", "overrun"):
            continue
        total[label] += length
    return total


@given(LINES, LINES, st.sampled_from([0, 5]), st.booleans())
@settings(max_examples=60)
def test_every_part_equals_the_count_minute_by_minute(plan, work, tolerance, by_breaks):
    plan, work = minutes_of(plan), minutes_of(work)
    detail = "breaks" if by_breaks else "presence"
    found = figures(compare(rota_of(plan), rota_of(work), tolerance=tolerance, detail=detail), "all")
    assert len(found) == (1 if plan or work else 0)
    expected = counted(plan, work, tolerance, by_breaks)
    for part in (*PARTS, *EXTRA) if len(found) else ():
        assert found.iloc[0][f"{part}_minutes"] == expected[part], part


@given(LINES, st.integers(0, 10))
@settings(max_examples=15)
def test_worked_as_planned_adheres_wholly(lines, tolerance):
    rota = rota_of(minutes_of(lines))
    table = figures(compare(rota, rota, tolerance=tolerance), "person")
    assert (table[["adherence", "conformance"]].fillna(1) == 1).all(axis=None)
    nothing = [
        "absent_shifts",
        "unplanned_shifts",
        "missed_breaks",
        "break_minutes_lost",
        "rest_lost_minutes",
    ]
    assert (table[nothing] == 0).all(axis=None)


@given(LINES, LINES, st.integers(0, 10))
@settings(max_examples=25)
def test_parts_add_up_and_no_grouping_loses_a_minute(plan, work, tolerance):
    plan, work = rota_of(minutes_of(plan)), rota_of(minutes_of(work))
    found = compare(plan, work, tolerance=tolerance)
    tables = {by: figures(found, by) for by in ("all", "person", "day", "team", "week")}
    for table in tables.values():
        assert (table[[f"{part}_minutes" for part in PARTS]].sum(axis=1) == table["planned_minutes"]).all()
        assert table["adherence"].dropna().between(0, 1).all()
    sums = [table.filter(regex="_minutes|shifts|breaks").sum() for table in tables.values()]
    assert all(one.equals(sums[0]) for one in sums)
    assert sums[0].get("planned_minutes", 0) == int((plan.end - plan.start).sum())


@given(LINES, LINES, st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_the_order_of_rows_does_not_matter(plan, work, random):
    frames = [rota_of(minutes_of(lines)).to_frame() for lines in (plan, work)]
    once = figures(compare(*(Rota.from_frame(frame) for frame in frames)), "day")
    mixed = [frame.iloc[random.sample(range(len(frame)), len(frame))] for frame in frames]
    again = figures(compare(*(Rota.from_frame(frame) for frame in mixed)), "day")
    pd.testing.assert_frame_equal(once, again)


@given(LINES, LINES)
@settings(max_examples=25)
def test_rest_lost_equals_the_count_minute_by_minute(plan, work):
    plan, work = minutes_of(plan), minutes_of(work)
    rests = compare(rota_of(plan), rota_of(work)).rests
    expected = []
    work_spans = {key: (mine[0], mine[-1]) for key, mine in shifts_of(work).items()}
    for agent in ("a1", "a2"):
        shifts = [mine for (who, _), mine in sorted(shifts_of(plan).items()) if who == agent]
        for before, after in pairwise(shifts):
            busy = {m for (who, _), (a, b) in work_spans.items() if who == agent for m in range(a, b + 1)}
            free = [m not in busy for m in range(before[-1] + 1, after[0])]
            had = max((len(list(run)) for is_free, run in groupby(free) if is_free), default=0)
            expected.append((len(free), had))
    assert list(zip((rests.end - rests.start).tolist(), rests.had.tolist(), strict=True)) == expected
    assert (rests.lost >= 0).all()
    assert np.all(rests.had >= 0)
