"""The rules of the day and the rules that the simulation plays are the same: call by call, person by person."""

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from centre.model import Backup
from scheduler.live import Measure, Person, PoolState, decide, moved
from scheduler.staffing.floor import BackupPool, Floor, Stretches, Windows
from scheduler.staffing.simulation import simulate

MINUTES = 240
PEOPLE = 5
DAY = 100  # minutes: two days begin on this floor


def simulated(pool, needed, before, windows):
    """Call-outs as (minute called, person, minute arrived, minute left), NaN where later than the floor's end."""
    code, start, end = (
        np.array([(k, *span) for k, spans in enumerate(windows) for span in spans]).reshape(-1, 3).T
    )
    floor = Floor(
        60,
        np.zeros((1, MINUTES)),
        60,
        np.ones((PEOPLE + 1, 1)),
        Stretches(np.array([PEOPLE]), np.array([0.0]), np.array([60.0 * MINUTES]), np.array([-1])),
        agents_required=np.array([needed], dtype=float),
        day_starts_s=np.array([0.0, 60.0 * DAY, 120.0 * DAY]),
        backup=[
            BackupPool(
                agents=list(range(PEOPLE)),
                queues=[0],
                threshold=pool.threshold,
                trigger="agents_short",
                release=pool.triggers[0].release,
                lead_seconds=60 * pool.lead_minutes,
                minimum_seconds=60 * pool.minimum_minutes,
                maximum_seconds=60 * pool.maximum_minutes,
                batch=pool.batch,
                check_seconds=60 * pool.check_minutes,
                sustained_seconds=60 * pool.sustained_minutes,
                hold_seconds=60 * pool.hold_minutes,
                cool_down_seconds=60 * pool.cool_down_minutes,
                calls_a_day=pool.calls_a_day,
                calls_at_most=pool.calls_a_month,
                calls_before=before,
                rest_seconds=60 * pool.rest_minutes,
                windows=Windows(code.astype(int), 60.0 * start, 60.0 * end),
            )
        ],
    )
    log = simulate(floor, replications=1, workers=1).call_outs_of(0)
    rows = [log[name] / 60 for name in ("called_s", "arrived_s", "left_s")]
    return sorted(
        zip(rows[0].tolist(), log["agent"].tolist(), rows[1].tolist(), rows[2].tolist(), strict=True)
    )


def replayed(pool, needed, before, windows):
    """The same by the decisions of the day."""
    people = [
        Person(str(k), tuple(spans), had) for k, (spans, had) in enumerate(zip(windows, before, strict=True))
    ]
    state, log, minute = PoolState({}), {}, pool.check_minutes
    while minute < MINUTES:
        state = moved(pool, state, minute)
        short = needed[int(minute)] - 1 - len(state.who("here"))
        day_start = minute // DAY * DAY
        after = decide(pool, state, {"agents_short": Measure(short)}, minute, people, day_start).state
        for name, helper in (*state.helpers.items(), *after.helpers.items()):
            note(log, name, helper)
        state = after
        minute += pool.check_minutes
    for name, helper in moved(pool, state, MINUTES - 0.5).helpers.items():  # whole minutes
        note(log, name, helper)
        if helper.where == "here":
            log[helper.calls[-1], int(name)][1] = MINUTES
    return sorted((called, who, *told) for (called, who), told in log.items())


def note(log, name, helper):
    """Arrival and leaving of somebody's last call-out."""
    if not helper.calls:
        return
    told = log.setdefault((helper.calls[-1], int(name)), [np.nan, np.nan])
    if helper.arrived >= helper.calls[-1]:
        told[0] = helper.arrived
        if helper.where == "off":
            told[1] = helper.left


def same(one, other):
    assert len(one) == len(other)
    for mine, theirs in zip(one, other, strict=True):
        assert mine == pytest.approx(theirs, nan_ok=True)


@st.composite
def pools(draw):
    shortest = draw(st.integers(0, 40))
    threshold = draw(st.integers(1, 4))
    check = draw(st.sampled_from([1, 2, 5]))
    return Backup(
        "pool",
        ("chat",),
        trigger="agents_short",
        threshold=threshold,
        release_threshold=draw(st.integers(-2, threshold)),
        lead_minutes=draw(st.integers(0, 20)),
        minimum_minutes=shortest,
        maximum_minutes=draw(st.integers(max(shortest, 1), 90)),
        batch=draw(st.integers(0, 3)),
        check_minutes=check,
        sustained_minutes=draw(st.integers(0, 8)),
        hold_minutes=draw(st.integers(0, 8)),
        cool_down_minutes=draw(st.integers(0, 20)),
        calls_a_day=draw(st.none() | st.integers(1, 2)),
        calls_a_month=draw(st.none() | st.integers(1, 3)),
        rest_minutes=draw(st.integers(0, 30)),
    )


@st.composite
def days(draw):
    """Agents needed by the minute, in stretches of some minutes each."""
    parts = draw(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 40)), min_size=4, max_size=20))
    path = np.repeat([level for level, _ in parts], [length for _, length in parts])
    return np.resize(path, MINUTES)


@settings(max_examples=40, phases=set(Phase) - {Phase.shrink})
@given(
    pool=pools(),
    needed=days(),
    before=st.lists(st.integers(0, 2), min_size=PEOPLE, max_size=PEOPLE),
    ends=st.lists(st.integers(60, 400), min_size=PEOPLE, max_size=PEOPLE),
)
def test_p3_the_day_decides_as_the_simulation_does(pool, needed, before, ends):
    windows = [[(0.0, float(end)), (float(end + 30), 1000.0)] for end in ends]
    same(replayed(pool, needed, before, windows), simulated(pool, needed, before, windows))


def test_a_day_worked_through_by_hand():
    pool = Backup(
        "pool", ("chat",), trigger="agents_short", threshold=3, release_threshold=1, lead_minutes=10,
        minimum_minutes=30, batch=2, sustained_minutes=2, hold_minutes=5, cool_down_minutes=0, rest_minutes=0,
    )  # fmt: skip
    needed = np.full(MINUTES, 1)
    needed[20:60] = 6  # five short: two come at 32, then three short: two more called after two minutes
    none = [0] * PEOPLE
    windows = [[(-1e6, 1e6)]] * PEOPLE
    found = replayed(pool, needed, none, windows)
    same(found, simulated(pool, needed, none, windows))
    # over from 60 and for five minutes at 65, when the minimum of the first two is over; that of the others ends at 74
    assert found == [(22, 0, 32, 65), (22, 1, 32, 65), (34, 2, 44, 74), (34, 3, 44, 74)]
