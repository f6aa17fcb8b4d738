"""What `[[activity]]` and the people of the centre must agree on."""

from centre.activities import Activity
from centre.activity_checks import check_activity_people
from centre.errors import Faults
from centre.people import Agent

AGENTS = [Agent(f"a{k}", "", "AB"[k % 2], "junior", (), "full-time") for k in range(4)]


def told(*activities):
    faults = Faults()
    check_activity_people(activities, AGENTS, "agents.csv", faults)
    return [(fault.column, fault.expected, fault.found) for fault in faults.found], faults.warnings


def test_p9_a_group_larger_than_all_who_are_meant_is_a_fault():
    assert told(Activity("x", least_size=4, most_size=9)) == ([], [])
    (found,), _ = told(Activity("x", least_size=5, most_size=9))
    assert found[0] == "activity.x.least_size"
    assert found[1].startswith("4 or less")
    (team,), _ = told(Activity("x", least_size=3, most_size=9, one_team=True))
    assert team[1].startswith("2 or less")


def test_p14_two_fixed_at_one_time_for_the_same_people_are_a_fault():
    first = Activity("stand-up", "meeting", 15, period="day", at=510)
    (found,), _ = told(first, Activity("briefing", "meeting", 30, period="day", at=520))
    assert found[0] == "activity.briefing.at"
    assert "stand-up, from 08:30" in found[1]
    assert found[2] == "08:40"
    assert told(first, Activity("briefing", "meeting", 30, period="day", at=525)) == ([], [])
    assert told(first, Activity("briefing", "meeting", 30, period="day", at=520, days=()))[0] == []


def test_p9_a_leader_role_that_nobody_has_is_told():
    faults, warnings = told(Activity("recorded-call-checks", leader_roles=("quality",), per="team"))
    assert not faults
    assert warnings == ["centre.toml: [[activity]] recorded-call-checks: nobody in agents.csv may lead it"]
    faults, _ = told(Activity("x", leader_roles=("quality",)))
    assert faults[0][0] == "activity.x.leader_roles"


def test_nobody_meant_is_told():
    assert told(Activity("x", levels=("manager",)))[1] == [
        "centre.toml: [[activity]] x: nobody in agents.csv is meant"
    ]
