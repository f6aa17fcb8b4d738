"""Versions of a rota compared in a browser: what changed, for whom, and what a team lead is told of it."""

import pytest
from playwright.sync_api import expect

from api.access.scope import Role, machine
from api.store import publishing, rotas
from tests.page.test_board import DAY, ROTA, rota_id  # noqa: F401

LATER = ROTA.replace(f"A001,{DAY},{DAY}T03:00:00Z,{DAY}T05:00", f"A001,{DAY},{DAY}T03:00:00Z,{DAY}T06:00")
ONE_LESS = LATER.replace(f"A002,{DAY},{DAY}T05:00:00Z,{DAY}T09:00:00Z,work:calls,早班,true\n", "")


@pytest.fixture
def edited(site, rota_id) -> str:  # noqa: F811
    """A published rota that was edited twice since: an hour more for A001, then A002 is off."""
    with site.store.write(machine("tests")) as transaction:
        publishing.publish(transaction, rota_id, 1)
        for rows in (LATER, ONE_LESS):
            newest = rotas.get(transaction, rota_id).version
            rotas.edit(transaction, rota_id, newest, rows.encode(), centre_revision=1)
        return rota_id


def test_what_changed_since_it_was_published_is_told_for_each_person(visitor, site, edited):
    visitor.sign_in(site.key(Role.PLANNER))
    visitor.go(f"/rotas/{edited}")
    visitor.page.get_by_role("link", name="What changed").click()
    expect(visitor.page.get_by_role("status")).to_contain_text(
        "2 people affected · 2 days changed · -3.00 paid"
    )
    longer, off = (visitor.page.locator("tbody tr", has_text=name) for name in ("A001", "A002"))
    expect(longer.locator("td").nth(1)).to_contain_text("11:00–13:00 早班")
    expect(longer.locator("td").nth(2)).to_contain_text("11:00–14:00 早班")
    expect(longer.locator("td").nth(3)).to_have_text("+1.00")
    expect(off.locator("td").nth(2)).to_have_text("off")
    expect(off.locator("td").nth(3)).to_have_text("-4.00")


def test_any_two_versions_are_compared(visitor, site, edited):
    visitor.sign_in(site.key(Role.HR))
    visitor.go(f"/rotas/{edited}/versions")
    with site.store.read(machine("tests")) as transaction:
        newest = rotas.get(transaction, edited).version
    visitor.page.get_by_label("From version").select_option(str(newest - 1))
    visitor.page.get_by_role("button", name="Compare").click()
    expect(visitor.page.locator("tbody tr")).to_have_count(1)
    expect(visitor.page.locator("tbody tr")).to_contain_text("A002")
    visitor.page.get_by_label("From version").select_option(str(newest))
    visitor.page.get_by_role("button", name="Compare").click()
    expect(visitor.page.locator("main")).to_contain_text("the same for everybody")


def test_a_team_lead_is_told_of_their_people_alone(visitor, site, edited):
    with site.store.read(machine("tests")) as transaction:
        centre_id = rotas.get(transaction, edited).centre_id
    for team, rows in (("电话一组", True), ("夜班组", False)):
        visitor.sign_in(site.key(Role.TEAM_LEAD, centre_id=centre_id, teams=(team,)))
        visitor.go(f"/rotas/{edited}/versions")
        expect(visitor.page.locator("h1")).to_contain_text("What changed")
        assert ("A001" in visitor.page.content()) == rows


@pytest.mark.parametrize(("asked", "status"), [("one=x", 422), ("one=0", 422), ("one=99", 404)])
def test_a_version_that_cannot_be_is_told(visitor, site, edited, asked, status):
    visitor.sign_in(site.key(Role.PLANNER))
    assert visitor.page.request.get(f"{site.address}/rotas/{edited}/versions?{asked}").status == status


def test_agents_are_not_shown_drafts(visitor, site, edited):
    with site.store.read(machine("tests")) as transaction:
        centre_id = rotas.get(transaction, edited).centre_id
    visitor.sign_in(site.key(Role.AGENT, centre_id=centre_id, agent_id="A002"))
    visitor.go(f"/rotas/{edited}/versions")
    expect(visitor.page.locator("h1")).to_have_text("My shifts")
