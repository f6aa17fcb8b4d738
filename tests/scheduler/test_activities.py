"""Time off the queue: owed, placed where service loses least, inside shifts, above minimum cover, or told with its reason."""

from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from centre.activities import Activity
from centre.instants import Grid, day_number, day_of, day_start, to_timestamps
from centre.people import Agent
from scheduler.activities.demand import asks_of
from scheduler.activities.desk import Cover, Desk
from scheduler.activities.moving import moved, sessions_in
from scheduler.activities.placing import place
from scheduler.activities.sessions import Session, given_up, with_sessions
from scheduler.quotas import DONE, OWED
from scheduler.rota import COLUMNS, Rota
from scheduler.rules.facts import Facts, Person
from scheduler.terms import CoverPrices, DutyRow

ZONE, MONDAY = ZoneInfo("Europe/Berlin"), day_number(date(2026, 3, 2))
HOUR = 60


def person(name, team="A", level="junior", role="", skills=(("calls", 1.0),)):
    return Agent(name, "", team, level, skills, "full-time", role=role)


def shift(who, day, start, *rows, name="day"):
    """Rows of a shift from an hour of the day on: (hours, activity), a meal unpaid."""
    at = day_start(ZONE, day) + int(start * HOUR)
    for hours, activity in rows:
        until = at + int(hours * HOUR)
        yield who, day_of(day), at, until, activity, name, activity != "meal"
        at = until


def rota_of(*shifts):
    table = pd.DataFrame([row for each in shifts for row in each], columns=list(COLUMNS)).astype(
        {"paid": bool}
    )
    for name in ("start", "end"):
        table[name] = to_timestamps(table[name].to_numpy(dtype="int64"))
    return Rota.from_frame(table)


def usual_day(who, day=MONDAY, start=8.0):
    return shift(
        who, day, start, (2, "work:*"), (0.25, "break"), (1.75, "work:*"), (0.5, "meal"), (4, "work:*")
    )


def placed(
    rota, agents, *activities, required=0.0, minimum=0.0, ledger=None, days=1, duty=(), leave=None, rest=0
):
    """What is placed in a rota of one queue; ``required`` by interval of the horizon."""
    grid, queues = Grid(ZONE, MONDAY, days, 30), ("calls",)
    shape = 1, len(grid.starts)
    needed = np.broadcast_to(np.asarray(required, dtype=float), shape).copy()
    prices = CoverPrices(np.stack([needed, needed / 2]), np.full((2, *shape), 60.0), np.zeros(shape))
    people = {a.agent_id: Person(a.agent_id, leave=(leave or {}).get(a.agent_id, ())) for a in agents}
    facts = Facts(ZONE, MONDAY, days, people=people, ledger=ledger or {})
    asks = asks_of(activities, agents, facts, range(MONDAY, MONDAY + days), MONDAY, MONDAY + days - 1)
    names = tuple(agent.agent_id for agent in agents)
    cover = Cover(queues, prices, needed, np.full(shape, float(minimum)), duty, names, tuple(agents))
    desk = Desk(rota, grid, cover, [15, *(a.part_minutes or a.minutes for a in activities)])
    found = place(desk, asks, activities, agents, rest)
    return found, with_sessions(rota, found.sessions)


def clock(minutes):
    return f"{to_timestamps(np.array([minutes])).tz_convert(ZONE)[0]:%H:%M}"


def times(found):
    return [(clock(s.start), clock(s.end), s.attendees) for s in found.sessions]


def reasons(found):
    return {(q.who, q.activity): q.reason for q in found.quotas if q.short_minutes}


WEEKLY = {
    "period": "week",
    "days": (0,),
}  # all of it is due on the Monday that is planned: the horizon is the week's only day worked


def week_of_work(*names):
    """A whole week, so that quotas of the week are due."""
    return rota_of(*(usual_day(name, MONDAY + k) for name in names for k in range(5)))


STAND_UP = Activity(
    "stand-up",
    "meeting",
    15,
    period="day",
    at=510,
    most_size=500,
    one_team=True,
    carries_over=False,
    priority=9,
)


def test_p14_the_stand_up_is_at_half_past_eight_for_all_who_work():
    agents = [person(f"a{k}") for k in range(3)] + [person("off")]
    found, rota = placed(rota_of(*(usual_day(f"a{k}") for k in range(3))), agents, STAND_UP)
    assert times(found) == [("08:30", "08:45", ("a0", "a1", "a2"))]
    assert {q.who for q in found.quotas} == {"a0", "a1", "a2"}
    rows = rota.to_frame()
    assert (rows["activity"] == "meeting:stand-up").sum() == 3
    assert rows.loc[rows["activity"] == "meeting:stand-up", "paid"].all()


def test_p14_teams_have_their_own():
    agents = [person("a"), person("b", team="B")]
    found, _ = placed(rota_of(usual_day("a"), usual_day("b")), agents, STAND_UP)
    assert times(found) == [("08:30", "08:45", ("a",)), ("08:30", "08:45", ("b",))]


@pytest.mark.parametrize(("setting", "told"), [("own_start", [("08:30", "08:45", ("a",)), ("10:00", "10:15", ("b",))]),
                                               ("excused", [("08:30", "08:45", ("a",))])])  # fmt: skip
def test_p14_who_starts_later_has_it_at_the_start_or_is_excused(setting, told):
    rota = rota_of(usual_day("a"), usual_day("b", start=10))
    late = Activity("stand-up", "meeting", 15, period="day", at=510, most_size=9, late_start=setting)
    found, _ = placed(rota, [person("a"), person("b")], late)
    assert times(found) == told
    assert not reasons(found)


def test_p14_minimum_cover_holds_at_half_past_eight_so_there_are_several_sittings():
    agents = [person(f"a{k}") for k in range(3)]
    found, _rota = placed(rota_of(*(usual_day(f"a{k}") for k in range(3))), agents, STAND_UP, minimum=2)
    assert [(start, len(who)) for start, _, who in times(found)] == [("08:30", 1), ("08:45", 1), ("09:00", 1)]
    assert sorted(who for _, _, (who,) in times(found)) == ["a0", "a1", "a2"]


def test_p14_at_most_the_share_asked_for_is_away_at_a_time():
    agents = [person(f"a{k}") for k in range(4)]
    half = Activity("stand-up", "meeting", 15, period="day", at=510, most_size=9, most_away_share=0.5)
    found, _ = placed(rota_of(*(usual_day(f"a{k}") for k in range(4))), agents, half)
    assert [(start, len(who)) for start, _, who in times(found)] == [("08:30", 2), ("08:45", 2)]


def test_p14_a_stand_up_that_minimum_cover_forbids_is_told():
    found, rota = placed(rota_of(usual_day("a")), [person("a")], STAND_UP, minimum=1)
    assert not found.sessions
    assert reasons(found) == {("a", "stand-up"): "minimum_cover"}
    assert rota.to_frame().equals(rota_of(usual_day("a")).to_frame())


def test_p9_training_is_taken_in_parts_where_service_can_spare_people():
    required = np.full(7 * 48, 2.0)
    quiet = [k * 48 + 2 * h for k in range(5) for h in (14, 15)]  # 14:00 to 16:00
    required[[q + i for q in quiet for i in (0, 1)]] = 0.0
    training = Activity("training", "training", 240, part_minutes=60, period="week")
    found, _ = placed(week_of_work("a", "b"), [person("a"), person("b")], training, required=required, days=7)
    assert len(found.sessions) == 8
    assert found.price == 0.0
    assert {clock(s.start) for s in found.sessions} <= {
        f"{h}:{m}" for h in (14, 15) for m in ("00", "15", "30", "45")
    }
    assert {clock(s.end) for s in found.sessions} <= {"15:00", "15:15", "15:30", "15:45", "16:00"}


def test_sessions_spread_where_each_more_away_costs_more():
    agents = [person(f"a{k}") for k in range(4)]
    lone = Activity("lone", "admin", 60, period="week")
    found, _ = placed(week_of_work("a0", "a1", "a2", "a3"), agents, lone, required=5.0, days=7)
    away = Counter(m for s in found.sessions for m in range(s.start, s.end))
    assert len(found.sessions) == 4
    assert max(away.values()) == 1


def test_people_with_several_skills_are_missed_where_it_costs_least():
    from scheduler.activities.prices import Prices

    prices = CoverPrices(np.full((1, 2, 1), 3.0), np.array([[[60.0], [10.0]]]), np.zeros((2, 1)))
    found = Prices(prices, np.array([[1.0, 1.0]]), np.array([[3.0], [1.0]]), 0.5)
    assert found.of(0, np.array([0]), np.array([1.0])).tolist() == [5.0]
    taken = found.take([0, 0], np.array([0]), np.array([1.0]))
    assert found.effective.tolist() == [[3.0], [-1.0]]
    found.give_back(taken)
    assert found.effective.tolist() == [[3.0], [1.0]]


def test_groups_keep_their_size_leader_and_room_to_themselves():
    agents = [person(f"a{k}") for k in range(5)] + [person("boss", level="senior")]
    group = Activity("group", "training", 60, period="week", levels=("junior",), least_size=2, most_size=3, leader_levels=("senior",),
                     rooms=("blue",))  # fmt: skip
    found, rota = placed(week_of_work(*(a.agent_id for a in agents)), agents, group, days=7)
    assert sorted(len(s.attendees) for s in found.sessions) == [2, 3]
    assert {(s.leader, s.room) for s in found.sessions} == {("boss", "blue")}
    first, second = found.sessions
    assert first.end <= second.start
    rows = rota.to_frame()
    led = rows[rows["activity"] == "lead:group"]
    assert set(led["agent_id"]) == {"boss"}
    assert len(led) == 2
    assert led["paid"].all()


def test_p9_calls_are_checked_for_a_team_by_a_reviewer_in_turn():
    agents = [person("a"), person("b"), person("q", role="quality")]
    checks = Activity(
        "checks",
        "checks",
        20,
        times=4,
        period="week",
        per="team",
        levels=("junior",),
        leader_roles=("quality",),
    )
    found, _ = placed(week_of_work("a", "b", "q"), agents, checks, days=7)
    assert len(found.sessions) == 4
    assert {s.leader for s in found.sessions} == {"q"}
    assert Counter(who for s in found.sessions for who in s.attendees) == {"a": 2, "b": 2}


@pytest.mark.parametrize(
    ("activity", "more", "reason"),
    [
        (Activity("x", minutes=300, period="week"), {}, "no_window"),
        (Activity("x", minutes=60, period="week", days=(6,)), {}, "no_hours"),
        (Activity("x", minutes=60, period="week", least_size=2, most_size=4), {}, "group_too_small"),
        (Activity("x", minutes=60, period="week", leader_levels=("manager",)), {}, "no_leader"),
        (Activity("x", minutes=60, period="week"), {"minimum": 1}, "minimum_cover"),
    ],
)  # fmt: skip
def test_what_finds_no_place_says_what_stood_in_the_way(activity, more, reason):
    found, rota = placed(week_of_work("a"), [person("a")], activity, days=7, **more)
    assert reasons(found) == {("a", "x"): reason}
    assert not found.sessions
    assert rota.to_frame().equals(week_of_work("a").to_frame())


def test_a_room_is_not_shared_at_the_same_time():
    agents = [person("a"), person("b")]
    here = Activity("x", minutes=240, period="week", days=(0,), rooms=("blue",), earliest=720, latest=990)
    found, _ = placed(week_of_work("a", "b"), agents, here, days=7)
    assert len(found.sessions) == 1
    assert list(reasons(found).values()) == ["no_room"]


def test_a_mix_holds_while_people_are_away():
    agents = [person("boss", level="supervisor"), person("b")]
    duty = (DutyRow("supervisor", np.array([1.0, 0.0]), np.full(7 * 48, 1.0), 100.0),)
    lone = Activity("lone", "admin", 60, period="week")
    found, _ = placed(week_of_work("boss", "b"), agents, lone, days=7, duty=duty)
    assert [s.attendees for s in found.sessions] == [("b",)]
    assert reasons(found) == {("boss", "lone"): "minimum_cover"}


def test_after_training_the_rest_that_the_rule_asks_for_is_left():
    rota = rota_of(
        usual_day("a", start=12), usual_day("a", MONDAY + 1, start=6), usual_day("a", MONDAY + 2, start=8)
    )
    training = Activity("training", minutes=60, period="week")
    found, _ = placed(rota, [person("a")], training, days=7, rest=12 * HOUR)
    (session,) = found.sessions
    assert (session.start - day_start(ZONE, MONDAY)) // 1440 in (
        1,
        2,
    )  # 20:30 to 06:00 are too few hours after Monday


def test_the_same_activity_needs_no_training_rest_of_a_meeting():
    rota = rota_of(usual_day("a", start=12), usual_day("a", MONDAY + 1, start=6))
    found, _ = placed(
        rota, [person("a")], Activity("m", "meeting", 60, period="week", days=(0,)), days=7, rest=12 * HOUR
    )
    assert len(found.sessions) == 1


def test_overdue_is_placed_first_and_a_period_that_goes_on_at_its_pace():
    ledger = {
        ("a", OWED + "t", "2026-02"): (60.0, MONDAY - 1),
        ("a", DONE + "t", "2026-02"): (60.0, MONDAY - 1),
    }
    training = Activity("t", minutes=120, part_minutes=30, period="month")
    found, _ = placed(week_of_work("a"), [person("a")], training, days=7, ledger=ledger)
    told = {
        q.period: (q.quota_minutes, q.done_minutes, q.placed_minutes, q.left_minutes) for q in found.quotas
    }
    assert told["2026-02"] == (120.0, 60.0, 60.0, 0.0)
    assert told["2026-03"][0] == 120.0
    assert told["2026-03"][2] >= 30.0


def test_paces_of_many_are_rounded_together():
    agents = [person(f"a{k:02d}") for k in range(30)]
    facts = Facts(ZONE, MONDAY, 7, people={a.agent_id: Person(a.agent_id) for a in agents})
    exam = Activity("exam", "exam", minutes=60, period="quarter")
    asks = asks_of([exam], agents, facts, range(MONDAY, MONDAY + 7), MONDAY, MONDAY + 6)
    assert sum(ask.must for ask in asks) == round(30 * 7 / 30)  # 30 days of the quarter are left
    assert {ask.must for ask in asks} == {0, 1}


def test_on_leave_for_the_whole_period_owes_nothing_and_for_the_rest_of_it_is_told():
    week = Activity("x", minutes=60, period="week")
    agents = [person("a"), person("b")]
    leave = {"a": ((day_start(ZONE, MONDAY), day_start(ZONE, MONDAY + 7)),)}
    found, _ = placed(week_of_work("b"), agents, week, days=7, leave=leave)
    assert {q.who for q in found.quotas} == {"b"}


def test_on_leave_for_all_days_that_are_left_is_told():
    ledger = {("a", OWED + "x", "2026-02-23"): (60.0, MONDAY - 1)}
    leave = {"a": ((day_start(ZONE, MONDAY), day_start(ZONE, MONDAY + 7)),)}
    found, _ = placed(
        week_of_work("b"),
        [person("a")],
        Activity("x", minutes=60, period="week"),
        days=7,
        leave=leave,
        ledger=ledger,
    )
    assert reasons(found) == {("a", "x"): "on_leave"}


def test_two_in_one_place_and_work_that_is_none_are_refused():
    rota = rota_of(usual_day("a"))
    at = day_start(ZONE, MONDAY) + 8 * HOUR
    lone = Activity("x")
    with pytest.raises(ValueError, match="not at work"):
        with_sessions(rota, [Session(lone, at + 105, at + 125, ("a",))])
    with pytest.raises(ValueError, match="two sessions"):
        with_sessions(rota, [Session(lone, at, at + 60, ("a",)), Session(lone, at + 30, at + 90, ("a",))])


def test_no_work_no_sessions():
    found, rota = placed(rota_of(usual_day("a", MONDAY + 9)), [person("a")], STAND_UP, days=1)
    assert not found.sessions
    assert len(rota) == 5


ACTIVITIES = st.lists(
    st.builds(
        lambda minutes, parts, period, size, least, team, share, leader, room, at, kind: {
            "minutes": minutes * parts, "part_minutes": minutes if parts > 1 else None, "period": period,
            "most_size": max(size, least), "least_size": least, "one_team": team, "most_away_share": share, "kind": kind,
            "leader_levels": ("senior",) if leader else (), "rooms": ("blue",) if room else (),
            "at": at if period == "day" else None,
        },
        st.sampled_from([15, 20, 30, 60, 90]), st.sampled_from([1, 1, 2]), st.sampled_from(["day", "week", "month"]),
        st.integers(1, 5), st.integers(1, 2), st.booleans(), st.sampled_from([0.5, 1.0]), st.booleans(), st.booleans(),
        st.sampled_from([None, 510, 600]), st.sampled_from(["meeting", "training", "admin"]),
    ),
    min_size=1, max_size=4,
)  # fmt: skip


@limits(max_examples=40)
@given(
    settings=ACTIVITIES, starts=st.lists(st.sampled_from([6.0, 8.0, 8.25, 9.5, 14.0]), min_size=1, max_size=6),
    minimum=st.integers(0, 2), required=st.lists(st.integers(0, 5), min_size=48, max_size=48),
)  # fmt: skip
def test_minutes_are_conserved_and_nobody_is_in_two_places(settings, starts, minimum, required):
    activities = [Activity(f"x{k}", **each) for k, each in enumerate(settings)]
    agents = [
        person(f"a{k}", team="AB"[k % 2], level="senior" if k % 3 == 0 else "junior")
        for k in range(len(starts))
    ]
    rota = rota_of(*(usual_day(f"a{k}", MONDAY + day, at) for day in range(3) for k, at in enumerate(starts)))
    need = np.tile(np.array(required, dtype=float), 7)
    found, after = placed(rota, agents, *activities, required=need, minimum=minimum, days=7)
    assert after.duties.paid.tolist() == rota.duties.paid.tolist()
    assert after.duties.worked.tolist() == rota.duties.worked.tolist()
    assert (after.start[1:] >= after.end[:-1])[after.agent[1:] == after.agent[:-1]].all()
    before, then = rota.to_frame(), after.to_frame()
    pauses = [
        rows[rows["activity"].isin(["break", "meal"])].reset_index(drop=True) for rows in (before, then)
    ]
    assert pauses[0].equals(pauses[1])
    busy = set()
    for session in found.sessions:
        activity = session.activity
        assert activity.least_size <= len(session.attendees) <= activity.most_size or activity.per == "team"
        assert session.leader not in session.attendees
        assert bool(session.leader) == bool(activity.leader_levels)
        for who in (*session.attendees, *[w for w in (session.leader, session.room) if w]):
            minutes = {(who, m) for m in range(session.start, session.end)}
            assert not minutes & busy
            busy |= minutes
    assert_cover_kept(rota, after, minimum)
    owed = sum(q.placed_minutes for q in found.quotas)
    assert owed == sum((s.end - s.start) * len(s.attendees) for s in found.sessions)


def assert_cover_kept(before, after, minimum):
    """In no minute fewer are at work than the minimum, save where already fewer were."""
    counts = [
        Counter(m for k in np.flatnonzero(r.is_kind("work")) for m in range(r.start[k], r.end[k], 5))
        for r in (before, after)
    ]
    assert all(counts[1][m] >= min(minimum, was) for m, was in counts[0].items())


def test_sessions_given_up_leave_the_rota_as_it_was():
    agents = [person("a"), person("b", level="senior")]
    lone = Activity("lone", "admin", 60, times=3, period="week")
    led = Activity("led", "coaching", 30, period="week", levels=("junior",), leader_levels=("senior",))
    rota = week_of_work("a", "b")
    found, after = placed(rota, agents, lone, led, days=7)
    assert len(found.sessions) == 7
    assert given_up(after, found.sessions).to_frame().equals(rota.to_frame())
    again = list(sessions_in(after, [lone, led], 0, 1 << 40))
    assert [(s.start, s.attendees, s.leader) for s in again if s.leader] == [
        (s.start, s.attendees, s.leader) for s in found.sessions if s.leader
    ]


@pytest.mark.parametrize(
    ("hours", "works"),
    [
        ([(8, 9), (9, 10)], ["work:calls", "work:chat"]),  # the stretch begins with them
        ([(9, 10), (11, 12)], ["work:calls", "work:chat"]),
        (
            [(13, 15), (15, 17)],
            ["work:calls", "work:calls"],
        ),  # nothing is left of the stretch: as beyond the pause
        ([(8, 12), (13, 17)], ["work:*", "work:*"]),
    ],
)
def test_given_up_sessions_leave_the_work_that_is_nearest(hours, works):
    rota = rota_of(shift("a", MONDAY, 8, (4, "work:calls"), (1, "meal"), (4, "work:chat")))
    midnight = day_start(ZONE, MONDAY)
    sessions = [
        Session(Activity("lone", "admin", 60), midnight + HOUR * first, midnight + HOUR * last, ("a",))
        for first, last in hours
    ]
    back = given_up(with_sessions(rota, sessions), sessions).to_frame()
    assert back["activity"].tolist() == [works[0], "meal", works[1]]
    assert back[["start", "end", "paid"]].equals(rota.to_frame()[["start", "end", "paid"]])


def desk_with(rota, required, activities, agents):
    grid, shape = Grid(ZONE, MONDAY, 1, 30), (1, 48)
    needed = np.asarray(required, dtype=float)[None]
    prices = CoverPrices(np.stack([needed, needed / 2]), np.full((2, *shape), 60.0), np.zeros(shape))
    cover = Cover(
        ("calls",), prices, needed, np.zeros(shape), (), tuple(a.agent_id for a in agents), tuple(agents)
    )
    return Desk(rota, grid, cover, [a.minutes for a in activities])


def session_at(activity, hour, *who):
    at = day_start(ZONE, MONDAY) + int(hour * HOUR)
    return Session(activity, at, at + activity.minutes, who)


def test_p9_a_session_moves_to_later_where_the_day_turns_bad():
    agents, lone = [person("a")], Activity("lone", "admin", 60)
    required = [4.0] * 24 + [0.0] * 24  # quiet from noon on
    rota = rota_of(usual_day("a"))
    (change,) = moved(desk_with(rota, required, [lone], agents), [session_at(lone, 8.5, "a")], 1.0, 1000.0)
    assert change.to is not None
    assert clock(change.to.start) >= "12:30"
    assert change.saves == pytest.approx(120.0 - 1.0)


def test_p9_a_session_is_given_up_where_the_shortage_is_worse_than_its_worth():
    agents, lone = [person("a")], Activity("lone", "admin", 60)
    desk = desk_with(rota_of(usual_day("a")), [4.0] * 48, [lone], agents)
    (change,) = moved(desk, [session_at(lone, 9, "a")], 1.0, 60.0)
    assert change.to is None
    assert change.saves == pytest.approx(120.0 - 60.0 - 1.0)


def test_p9_a_session_stays_where_nothing_is_gained():
    agents, lone = [person("a")], Activity("lone", "admin", 60)
    quiet = desk_with(rota_of(usual_day("a")), [0.0] * 48, [lone], agents)
    assert not moved(quiet, [session_at(lone, 9, "a")], 1.0, 60.0)
    even = desk_with(rota_of(usual_day("a")), [1.0] * 48, [lone], agents)
    assert not moved(even, [session_at(lone, 9, "a")], 20.0, 90.0)


def test_p14_a_stand_up_is_not_moved():
    agents = [person("a")]
    desk = desk_with(rota_of(usual_day("a")), [4.0] * 20 + [0.0] * 28, [STAND_UP], agents)
    assert not moved(desk, [session_at(STAND_UP, 8.5, "a")], 1.0, 1000.0)
