"""The page in a browser: in and out, centres, the rota board, both languages."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from api.access.scope import Role, machine
from api.page.words import LANGUAGES, WORDS
from api.store.tables import blob

ROTA = """agent_id,day,start,end,activity,shift,paid
A001,2026-03-02,2026-03-02T01:00:00Z,2026-03-02T04:00:00Z,work:calls,早班,true
A001,2026-03-02,2026-03-02T04:00:00Z,2026-03-02T05:00:00Z,meal,早班,false
A001,2026-03-02,2026-03-02T05:00:00Z,2026-03-02T09:00:00Z,work:calls,早班,true
A002,2026-03-02,2026-03-02T06:00:00Z,2026-03-02T14:00:00Z,work:calls,晚班,true
A002,2026-03-03,2026-03-03T00:00:00Z,2026-03-03T04:00:00Z,work:calls,早班,true
"""
REQUIREMENT = """interval_start,queue,offered,aht_seconds,agents_required,agents_to_roster
2026-03-02T01:00:00Z,calls,10,240,2.6,3
2026-03-02T01:00:00Z,chat,5,240,1,2
2026-03-02T01:30:00Z,calls,10,240,2,2
"""
PRODUCTS = {f"import.format.{name}" for name in ("amazon-connect", "calabrio", "genesys", "nice")}
"""Texts that are names of products, the same in any language."""


def with_rota(visitor, site) -> None:
    """Sign in as administrator, make the example centre and bring the rota: the board is open."""
    visitor.sign_in(site.key(Role.ADMIN))
    visitor.page.locator('form[action="/centres/example"] button').click()
    visitor.page.locator("#rota").set_input_files(
        {"name": "week.csv", "mimeType": "text/csv", "buffer": ROTA.encode()}
    )
    visitor.page.locator('form[action$="/rotas"] button').click()
    expect(visitor.page.locator("table.board")).to_be_visible()


class TestSession:
    def test_without_a_session_every_screen_leads_to_the_sign_in_and_back(self, visitor, site):
        visitor.go("/centres/none?x=1")
        assert "/sign-in?next=%2Fcentres%2Fnone%3Fx%3D1" in visitor.page.url

    def test_in_and_out(self, visitor, site):
        visitor.sign_in(site.key(Role.PLANNER))
        expect(visitor.page.locator("h1")).to_have_text("No centre yet")
        assert visitor.page.locator('form[action="/centres/example"]').count() == 0
        (cookie,) = [each for each in visitor.page.context.cookies() if each["name"] == "paiban_session"]
        assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
        visitor.page.get_by_role("button", name="Sign out").click()
        visitor.go("/")
        expect(visitor.page.locator("h1")).to_have_text("Sign in")

    def test_a_wrong_key_says_so(self, visitor):
        visitor.sign_in("paiban_wrong")
        expect(visitor.page.get_by_role("alert")).to_contain_text("not valid")
        visitor.faults.clear()  # the browser tells the status 401 in its console

    def test_a_form_without_the_sessions_token_changes_nothing(self, visitor, site):
        visitor.sign_in(site.key(Role.ADMIN))
        answer = visitor.page.request.post(f"{site.address}/centres/example", form={"csrf": "guessed"})
        assert answer.status == 403
        visitor.go("/")
        expect(visitor.page.locator("h1")).to_have_text("No centre yet")

    def test_a_sign_in_from_another_site_is_refused(self, visitor, site):
        key = site.key(Role.ADMIN)
        answer = visitor.page.request.post(
            f"{site.address}/sign-in", form={"key": key}, headers={"Origin": "http://example.org"}
        )
        assert answer.status == 403

    def test_every_page_runs_our_scripts_alone(self, visitor, site):
        told = visitor.page.request.get(f"{site.address}/sign-in").headers["content-security-policy"]
        assert "default-src 'none'" in told
        assert "unsafe" not in told
        assert "script-src 'self'" in told


class TestLook:
    def test_language_and_theme_stay(self, visitor, site):
        visitor.sign_in(site.key(Role.ADMIN))
        visitor.page.get_by_role("button", name="简体中文").click()
        expect(visitor.page.locator("h1")).to_have_text("还没有中心")
        visitor.page.get_by_role("button", name="深色").click()
        expect(visitor.page.locator("html")).to_have_attribute("data-theme", "dark")
        expect(visitor.page.locator("html")).to_have_attribute("lang", "zh-CN")

    @pytest.mark.parametrize("key", WORDS)
    def test_every_text_is_there_in_both_languages(self, key):
        english, chinese = WORDS[key]
        assert len(LANGUAGES) == 2
        assert english
        assert key in PRODUCTS or re.search("[\u4e00-\u9fff]", chinese)


class TestBoard:
    def test_shifts_stand_at_the_centres_time(self, visitor, site):
        with_rota(visitor, site)
        expect(visitor.page.locator("main")).to_contain_text("Asia/Shanghai")
        shift = visitor.page.locator("tr[data-agent=A001] .shift")
        expect(shift).to_have_attribute(
            "aria-label", re.compile("09:00–12:00 work:calls, 12:00–13:00 meal, 13:00–17:00")
        )
        bars = shift.locator("rect:not(.edge)")
        assert [bars.nth(k).get_attribute("x") for k in range(3)] == ["540", "720", "780"]

    def test_a_week_and_a_filter(self, visitor, site):
        with_rota(visitor, site)
        expect(visitor.page.locator(".shift").first).to_be_visible()  # the script runs
        visitor.page.get_by_label("View").select_option("week")
        expect(visitor.page.locator("table.board.week .shift").first).to_be_visible()
        visitor.page.get_by_label("Skill").select_option("chat")
        expect(visitor.page.locator("tr[data-agent=A004]")).to_be_visible()
        expect(visitor.page.locator("tr[data-agent=A002]")).to_have_count(0)

    def test_a_rota_of_another_kind_of_file_is_refused_with_reasons(self, visitor, site):
        with_rota(visitor, site)
        visitor.page.locator(".eyebrow a").click()
        visitor.page.locator("#rota").set_input_files(
            {"name": "rota.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}
        )
        visitor.page.locator('form[action$="/rotas"] button').click()
        expect(visitor.page.locator("main")).to_contain_text(".csv or .xlsx")
        visitor.faults.clear()  # the browser tells the status in its console

    def test_a_rota_that_is_not_there_is_told(self, visitor, site):
        visitor.sign_in(site.key(Role.ADMIN))
        visitor.go("/rotas/none")
        expect(visitor.page.locator("h1")).to_have_text("There is no such page, or not for you")
        visitor.faults.clear()  # the browser tells the status 404 in its console

    def test_what_was_not_written_by_us_is_told_here_and_in_the_log(self, visitor, site, caplog):
        with_rota(visitor, site)
        with site.store.write(machine("tests")) as transaction:
            transaction.connection.execute(update(blob).values(content=b"other"))
        visitor.go(visitor.page.url.removeprefix(visitor.address))
        expect(visitor.page.locator("h1")).to_have_text("Something went wrong on our side")
        assert "an error of Paiban's own" in caplog.messages
        visitor.faults.clear()
