"""HR and agents in a browser; every screen in both languages and themes as axe judges it."""

import hashlib
import re
from datetime import date

import pytest
from playwright.sync_api import expect

from api.access.scope import Role, machine
from api.store import centres, publishing, rotas
from api.store.centre_files import prepare
from tests.page.looked_at import VENDOR, serious
from tests.page.small import files_of_small
from tests.page.test_board import DAY, NEED, ROTA

SUMS = {
    "axe.min.js": "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c",  # axe-core 4.14.1, MPL-2.0, npm
    "axe-core.LICENSE": "af175b9d96ee93c21a036152e1b905b0b95304d4ae8c2c921c7609100ba8df7e",
}


@pytest.fixture
def kept(site) -> tuple[str, str]:
    """A centre with a published rota in which A001 has too little rest: their ids."""
    files = files_of_small()
    files["centre.toml"] = files["centre.toml"].replace(b'"cn-labour"', b'"eu-wtd"')
    rows = ROTA.replace(f"{DAY}T03:00:00Z,{DAY}T05:00", "2026-03-02T23:00:00Z,2026-03-03T05:00").encode()
    with site.store.write(machine("tests")) as transaction:
        centre = centres.create(transaction, prepare(files))
        made = rotas.create(
            transaction, centre.id, date(2026, 3, 2), 2, rows, centre_revision=1, requirement=NEED.encode()
        )
        publishing.publish(transaction, made.id, 1)
        return centre.id, made.id


@pytest.mark.parametrize("name", SUMS)
def test_what_others_wrote_is_as_they_wrote_it(name):
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == SUMS[name]
    assert {path.name for path in VENDOR.iterdir()} == {*SUMS}


class TestHr:
    def test_the_dashboard_tells_the_breach_by_rule_team_and_person(self, visitor, site, kept):
        visitor.sign_in(site.key(Role.HR))
        visitor.page.locator(".cards a").first.click()
        visitor.page.get_by_role("link", name="Rest and hours").click()
        row = visitor.page.locator("tr", has_text="Rest between shifts").first
        expect(row).to_contain_text("9 h")
        expect(row).to_contain_text("11 h")
        visitor.page.get_by_role("link", name="林艳").first.click()
        expect(visitor.page.locator("tr.bad", has_text="Rest too short")).to_contain_text("9:00")
        expect(visitor.page.locator("rect.k-short").first).to_be_visible()

    def test_any_file_is_audited_and_not_kept(self, visitor, site, kept):
        centre_id, rota_id = kept
        visitor.sign_in(site.key(Role.HR))
        visitor.go(f"/centres/{centre_id}/rest")
        visitor.page.locator("#file").set_input_files(
            {"name": "other.csv", "mimeType": "text/csv", "buffer": ROTA.encode()}
        )
        visitor.page.get_by_role("button", name="Upload").click()
        expect(visitor.page.locator("h1")).to_contain_text("other.csv")
        with site.store.read(machine("tests")) as transaction:
            assert [each.id for each in rotas.find(transaction, centre_id)] == [rota_id]


class TestAgent:
    def test_their_shifts_and_nobody_elses(self, visitor, site, kept):
        centre_id, rota_id = kept
        visitor.sign_in(site.key(Role.AGENT, centre_id=centre_id, agent_id="A002"))
        expect(visitor.page.locator("h1")).to_have_text("My shifts")
        expect(visitor.page.locator("main")).to_contain_text("13:00–17:00")
        assert "A001" not in visitor.page.content()
        visitor.go(f"/rotas/{rota_id}")
        expect(visitor.page.locator("h1")).to_have_text("My shifts")
        for path in (
            f"/rotas/{rota_id}/people/A001",
            f"/rotas/{rota_id}/state",
            f"/centres/{centre_id}/rest",
        ):
            assert visitor.page.request.get(site.address + path).status in (403, 404)

    def test_their_shifts_for_a_calendar(self, visitor, site, kept):
        visitor.sign_in(site.key(Role.AGENT, centre_id=kept[0], agent_id="A002"))
        with visitor.page.expect_download() as told:
            visitor.page.get_by_role("link", name="For my calendar").click()
        calendar = told.value.path().read_text()
        assert "DTSTART:20260303T050000Z" in calendar
        assert "A001" not in calendar

    def test_a_wish_is_sent_and_taken_back(self, visitor, site, kept):
        visitor.sign_in(site.key(Role.AGENT, centre_id=kept[0], agent_id="A002"))
        visitor.page.locator("input[type=date]").fill("2026-03-20")
        visitor.page.get_by_role("button", name="Send the wish").click()
        row = visitor.page.locator("tr", has_text="Fri, 20 Mar 2026")
        expect(row).to_contain_text("A day off")
        row.get_by_role("button").click()
        expect(visitor.page.locator("tr", has_text="Fri, 20 Mar 2026")).to_have_count(0)


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("zh", "dark")])
def test_axe_finds_nothing_serious(visitor, site, kept, language, theme):
    centre_id, rota_id = kept
    screens = {
        Role.PLANNER: [
            "/", f"/centres/{centre_id}", f"/rotas/{rota_id}?day={DAY}", f"/rotas/{rota_id}/publish", f"/rotas/{rota_id}/versions",
            f"/centres/{centre_id}/rest", f"/rotas/{rota_id}/people/A001", "/rotas/none",
        ],
        Role.AGENT: ["/me", "/me/requests"],
        Role.HR: [f"/centres/{centre_id}/requests"],
    }  # fmt: skip
    found = []
    for role, paths in screens.items():
        visitor.page.context.clear_cookies()
        visitor.sign_in(
            site.key(role, **({"centre_id": centre_id, "agent_id": "A001"} if role is Role.AGENT else {}))
        )
        looks = {"paiban_language": language, "paiban_theme": theme}
        cookies = [{"name": name, "value": value, "url": site.address} for name, value in looks.items()]
        visitor.page.context.add_cookies(cookies)
        for path in ["/sign-in", *paths]:
            visitor.go(path)
            visitor.page.wait_for_load_state("networkidle")
            found += [(path, *each) for each in serious(visitor.page)]
            width = visitor.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert width <= 0, path
    assert found == []
    visitor.faults[:] = [
        each for each in visitor.faults if not re.match("Failed to load resource.*404", each)
    ]
