"""Rotas with starters once they are worked: swaps that part them, mentors who fall ill, activities that take mentors away (policy P10)."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from centre.activities import Activity
from centre.instants import day_number, day_of
from centre.people import Agent
from scenarios.happened import Happened
from scenarios.plan import rota_plan
from scenarios.replan import replan
from scenarios.rota_at_hand import rota_at_hand
from scenarios.swaps import swap
from scheduler.audit import audit
from scheduler.onboarding_apart import ON_THEIR_OWN, kept_beside
from scheduler.rota import Rota
from scheduler.solution import Limits
from scheduler.stages import OPEN_END, Starter

START = date(2026, 2, 23)
MONDAY = day_number(START)


@pytest.fixture
def paired(centre, quick, solver):
    """A week of six people and somebody in the second week beside A002."""
    new = Agent(
        "S1",
        "",
        "",
        "junior",
        (("calls", 1.0),),
        "full-time",
        starts_on=MONDAY - 10,
        stage="mentored",
        mentor="A002",
    )
    known = pd.DataFrame(
        [("S1", "induction exam", day_of(MONDAY - 8), "pass", 2)],
        columns=["agent_id", "exam", "date", "result", "row"],
    )
    asked = replace(centre, agents=(*centre.agents, new), passes=known)
    return rota_plan(asked, quick.requirement, START, 7, Limits(effort=1))


def at_hand(made):
    return rota_at_hand(made.centre, made.rota.to_frame(), (MONDAY, 7))


def test_p10_a_swap_that_parts_a_starter_from_their_mentor_is_refused(paired):
    table = paired.rota.to_frame()
    free = table[(table["agent_id"] != "A006") | (table["day"] != START)]  # A006 is off on Monday
    told = swap(rota_at_hand(paired.centre, free, (MONDAY, 7)), f"A002:{START}", "A006")
    assert told.answer is not None
    parted = [(who, v) for who, v in told.answer.breaches if v.rule == "mentor-beside"]
    assert [(who, v.found) for who, v in parted] == [("S1", 450.0)]  # a shift of 510 minutes less its breaks


def test_p10_a_swap_of_a_mentor_who_stays_beside_is_allowed(paired):
    """A002 and A006 work the same hours of Monday, so that exchanging them changes nothing."""
    told = swap(at_hand(paired), f"A002:{START}", "A006")
    assert told.answer is not None
    assert told.answer.allowed


def test_p10_a_starter_without_mentor_is_told_when_the_mentor_is_absent(paired):
    now = f"{START}T08:30"
    found = replan(at_hand(paired), Happened(now=now, absent=("A002",)), requirement=paired.requirement)
    told = [v for v in found.of_absence if v.rule == "mentor-beside"]
    assert [v.agent_id for v in told] == ["S1"]
    assert "without A002, their mentor, beside" in told[0].explanation


def test_p10_activities_of_a_mentor_take_the_starter_off_the_queue_too(paired):
    talk = Activity("talk", kind="coaching", minutes=60, period="week", levels=("intermediate",))
    asked = replace(paired.centre, settings=replace(paired.centre.settings, activity=(talk,)))
    made = rota_plan(asked, paired.requirement, START, 7, Limits(effort=1))
    rows = made.rota.to_frame()
    mentors = rows[(rows["agent_id"] == "A002") & (rows["activity"] == "coaching:talk")]
    assert len(mentors) == 1
    own = rows[(rows["agent_id"] == "S1") & (rows["activity"] == ON_THEIR_OWN)]
    assert own["start"].min() >= mentors["start"].min()
    assert own["end"].max() <= mentors["end"].max()
    assert not [
        v
        for v in audit(made.rota, made.rules, made.facts)
        if v.rule == "mentor-beside" and v.verdict == "breach"
    ]


def test_only_the_minutes_without_the_mentor_are_taken():
    starter = Starter("S", "M", (("mentored", 0, 10), ("independent", 11, OPEN_END)))

    def rota(*rows):
        table = pd.DataFrame(rows, columns=["agent_id", "day", "start", "end", "activity"])
        for name in ("start", "end"):
            table[name] = pd.to_datetime(
                "1970-01-0" + (table["day"] + 1).astype(str) + "T" + table[name] + "Z"
            )
        table["day"] = [day_of(int(day)) for day in table["day"]]
        return Rota.from_frame(table.assign(shift="d", paid=True))

    given = rota(
        ("M", 4, "09:00", "10:00", "work:*"),
        ("M", 4, "10:00", "10:30", "meeting:team"),
        ("M", 4, "10:30", "12:00", "work:*"),
        ("S", 4, "09:00", "12:00", "work:*"),
    )
    found = kept_beside(given, [starter]).to_frame()
    own = found[found["agent_id"] == "S"]
    assert [f"{row.start:%H:%M} {row.activity}" for row in own.itertuples()] == [
        "09:00 work:*", "10:00 training:self-study", "10:30 work:*",
    ]  # fmt: skip
    pd.testing.assert_frame_equal(found[found["agent_id"] == "M"], given.to_frame().query("agent_id == 'M'"))
    assert kept_beside(given, [replace(starter, stages=(("independent", 0, OPEN_END),))]) is given
