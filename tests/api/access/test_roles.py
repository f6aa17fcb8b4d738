"""The table of `docs/access.md`, which people read, against the one that the service obeys: each role, each action."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.access.roles import ACTIONS, PERMISSIONS, Reach, may
from api.access.scope import Role
from api.store.members import Member

NOW = datetime(2026, 3, 2, tzinfo=UTC)
DOC = (Path(__file__).parents[3] / "docs" / "access.md").read_text(encoding="utf-8")


def told():
    """Role and action, and how far it goes, as the page says it."""
    lines = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in DOC.splitlines()
        if line.startswith("|")
    ]
    roles = [Role(name) for name in lines[0][1:]]
    return {
        (role, line[0].strip("`")): Reach(cell.replace("–", "-"))
        for line in lines[2:]
        for role, cell in zip(roles, line[1:], strict=True)
    }


TOLD = told()
PAIRS = sorted(TOLD)


def member(role, **changed):
    told = Member("m1", "person", None, "", role, "c1", ("blue",), "A001", NOW, None)
    return replace(told, **changed)


def test_every_role_and_action_is_told_and_no_other():
    assert {role for role, _ in TOLD} == set(Role)
    assert set(PERMISSIONS) == {(role, action) for role in Role for action in ACTIONS} == set(TOLD)


@pytest.mark.parametrize(("role", "action"), PAIRS)
def test_each_role_may_do_what_the_page_says_for_whom_it_says(role, action):
    reach, who = TOLD[role, action], member(role)
    assert may(who, action, "c1") == (reach is not Reach.NONE)
    assert may(who, action, "c1", "blue") == (reach is not Reach.NONE)
    assert may(who, action, "c1", "red") == (reach in (Reach.CENTRE, Reach.OWN))
    others = {"team": "red", "agent_id": "A002", "owner_id": "m2"}
    assert may(who, action, "c1", **others) == (reach is Reach.CENTRE)
    assert may(who, action, "c1", agent_id="A001", owner_id="m1") == (reach is not Reach.NONE)
    assert not may(who, action, "c2")
    assert may(replace(who, centre_id=None), action, "c2") == (reach is not Reach.NONE)
    assert not may(replace(who, disabled_at=NOW), action, "c1")


@pytest.mark.parametrize("role", Role)
def test_an_action_that_is_not_listed_is_an_error_of_ours(role):
    with pytest.raises(KeyError):
        may(member(role), "rota.burn", "c1")


def test_what_the_issue_says_of_each_role():
    planner, hr, lead, agent = (member(role) for role in (Role.PLANNER, Role.HR, Role.TEAM_LEAD, Role.AGENT))
    assert may(planner, "scenario.run", "c1")
    assert not may(planner, "leave.reasons", "c1")
    assert may(hr, "leave.reasons", "c1")
    assert not may(hr, "rota.publish", "c1")
    assert may(lead, "request.change", "c1", "blue")
    assert not may(lead, "request.change", "c1", "red")
    assert may(agent, "rota.read", "c1", agent_id="A001")
    assert not may(agent, "rota.read", "c1", agent_id="A002")
    assert all(PERMISSIONS[Role.ADMIN, action] is Reach.CENTRE for action in ACTIONS)
