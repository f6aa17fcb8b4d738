"""Sessions off the queue when the day turns bad: moved to later or given up where that brings back more, near ones left alone."""

from dataclasses import replace
from datetime import date

import pytest

from centre.activities import Activity
from centre.instants import day_number, day_start
from scenarios.happened import Happened
from scenarios.plan import rota_plan
from scenarios.replan import replan
from scenarios.replan_told import changes_frame, replan_json, told_lines
from scenarios.rota_at_hand import rota_at_hand
from scheduler.activities.sessions import Session, given_up, with_sessions
from scheduler.solution import Limits

START = date(2026, 2, 23)
MONDAY = day_number(START)
LONE = Activity("lone", "training", 60, period="week")
LED = Activity(
    "led", "coaching", 60, period="week", leader_levels=("senior", "intermediate", "junior", "supervisor")
)


@pytest.fixture
def made(centre, quick, solver):
    asked = replace(centre, settings=replace(centre.settings, activity=(LONE, LED)))
    return rota_plan(asked, quick.requirement, START, 7, Limits(effort=1))


def at(hour):
    return day_start(made_zone(), MONDAY) + int(60 * hour)


def made_zone():
    from zoneinfo import ZoneInfo

    return ZoneInfo("Asia/Shanghai")


def day_with(made, *sessions):
    """The rota of the plan with these sessions in place of its own."""
    bare = given_up(made.rota, made.activities.placing.sessions)
    return rota_at_hand(made.centre, with_sessions(bare, sessions).to_frame(), (MONDAY, 7))


def lone(rota, hour, people=1, activity=LONE, leader=""):
    """A session on Monday of the first people who are at work throughout."""
    start, free = at(hour), []
    for k in rota.is_kind("work").nonzero()[0]:
        if rota.start[k] <= start and rota.end[k] >= start + 60:
            free.append(rota.agent_ids[rota.agent[k]])
    return Session(activity, start, start + 60, tuple(free[:people]), leader and free[people])


def needed(made, busy):
    """So many agents for calls where ``busy`` says so by hour of Monday, none elsewhere."""
    table = made.requirement.copy()
    local = table["interval_start"].dt.tz_convert(made_zone())
    hours = local.dt.hour + local.dt.minute / 60
    want = [float(busy(h)) if q == "calls" else 0.0 for h, q in zip(hours, table["queue"], strict=True)]
    return table.assign(agents_required=want, agents_to_roster=want)


def repaired(made, session, busy, **happened):
    hand = day_with(made, session)
    return replan(hand, Happened("2026-02-23T07:00+08:00", **happened), needed(made, busy), most=0)


def bare(made):
    return given_up(made.rota, made.activities.placing.sessions)


def test_p18_a_session_is_moved_to_later_where_the_morning_turns_bad(made):
    session = lone(bare(made), 8)
    told = repaired(made, session, lambda hour: 9 if hour < 12 else 0)
    (change,) = told.sessions
    assert change.to is not None
    assert change.to.start >= at(12)
    assert told.best.way.rota.duties.paid.tolist() == made.rota.duties.paid.tolist()
    (row,) = changes_frame(told).to_dict("records")
    assert row["kind"] == "session_moved"
    assert row["agent_id"] == session.attendees[0]
    assert "moved" in row["why"]
    assert replan_json(told)["sessions"][0]["moved_to"] is not None
    assert any("1 moved to later, 0 given up" in line for line in told_lines(told, "day"))


def test_p18_a_session_is_given_up_where_all_day_is_bad(made):
    session = lone(bare(made), 8)
    told = repaired(made, session, lambda hour: 30)
    assert [change.to for change in told.sessions] == [None]
    rota = told.best.way.rota
    assert not rota.is_kind("training").any()
    assert changes_frame(told)["kind"].tolist() == ["session_given_up"]


def test_p18_a_session_stays_on_a_day_that_can_spare_it_and_close_ones_always(made):
    session = lone(bare(made), 8)
    assert not repaired(made, session, lambda hour: 0).sessions
    hand = day_with(made, session)
    told = replan(hand, Happened("2026-02-23T07:30+08:00"), needed(made, lambda hour: 30), most=0)
    assert not told.sessions


def test_p18_a_session_without_its_leader_is_given_up(made):
    session = lone(bare(made), 8, activity=LED, leader="yes")
    told = repaired(made, session, lambda hour: 0, absent=(session.leader,))
    (change,) = told.sessions
    assert change.to is None
    assert change.session.attendees == session.attendees
