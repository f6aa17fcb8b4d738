"""A planner sweeps levers and plans capacity in a browser, watches both and reads what they made; wrong input is told."""

import tomllib

import pytest
from playwright.sync_api import expect

from api.access.scope import Role
from api.page.sweeps import _axis, _file, _templates
from tests.page.looked_at import serious, too_wide
from tests.page.small import new_centre
from tests.page.test_first_run import worker  # noqa: F401


@pytest.fixture
def centre(site):
    return new_centre(site)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_sweep_is_asked_for_watched_and_read(visitor, site, centre, worker, language):  # noqa: F811
    page = visitor.page
    visitor.sign_in(site.key(Role.PLANNER))
    if language == "zh":
        page.get_by_role("button", name="简体中文").click()
    visitor.go(f"/centres/{centre}")
    page.locator('a[href$="/sweeps"]').click()
    page.locator('input[name="from:1"]').fill("0")
    page.locator('input[name="step:1"]').fill("10")
    page.locator("#sweep").click()
    frame = page.frame_locator("iframe.result")
    expect(frame.locator("svg").first).to_be_visible(timeout=60_000)
    expect(frame.locator("html")).to_have_attribute("lang", {"en": "en", "zh": "zh-Hans"}[language])
    expect(frame.locator("body")).to_contain_text("aht")
    visitor.go(f"/centres/{centre}/sweeps")
    expect(page.locator(".cards li")).to_have_count(1)


def test_hiring_is_planned_and_shown(visitor, site, centre, worker):  # noqa: F811
    page = visitor.page
    visitor.sign_in(site.key(Role.PLANNER))
    visitor.go(f"/centres/{centre}/capacity")
    page.locator('select[name="weeks"]').select_option("13")
    page.locator('input[name="attrition"]').fill("90")
    page.locator("#capacity").click()
    frame = page.frame_locator("iframe.result")
    expect(frame.locator("svg").first).to_be_visible(timeout=60_000)
    visitor.go(f"/centres/{centre}/capacity")
    expect(page.locator(".cards li")).to_have_count(1)


def test_what_does_not_read_is_told_at_once(visitor, site, centre):
    page = visitor.page
    visitor.sign_in(site.key(Role.PLANNER))
    visitor.go(f"/centres/{centre}/sweeps")
    page.locator('input[name="from:0"]').fill("20")
    page.locator('input[name="step:1"]').fill("0")
    page.locator("#sweep").click()
    expect(page.locator("main")).to_contain_text("20 to 10 by 5")
    expect(page.locator("main")).to_contain_text("-10 to 10 by 0")
    visitor.go(f"/centres/{centre}/sweeps")
    page.locator('input[name="step:0"]').fill("1")
    page.locator('input[name="step:1"]').fill("1")
    page.locator("#sweep").click()
    expect(page.locator("main")).to_contain_text("441")
    visitor.go(f"/centres/{centre}/capacity")
    for box in page.locator('input[type="checkbox"]').all():
        box.uncheck()
    page.locator("#capacity").click()
    expect(page.locator("main")).to_contain_text("at least one queue that those who are hired answer")
    visitor.faults.clear()  # the browser notes the status of the answers


@pytest.mark.parametrize("role", [Role.HR, Role.TEAM_LEAD])
def test_others_do_neither(visitor, site, centre, role):
    more = {"centre_id": centre, "teams": ["电话一组"]} if role is Role.TEAM_LEAD else {}
    visitor.sign_in(site.key(role, **more))
    for screen in ("sweeps", "capacity"):
        visitor.go(f"/centres/{centre}/{screen}")
        expect(visitor.page.locator("#sweep, #capacity")).to_have_count(0)
    visitor.faults.clear()


def test_a_form_is_a_sweep_file():
    fields = {"start": "2026-03-02", "days": "7", "level": "bound"}
    axes = {"axis:0": 'hire:full "time"', "from:0": "0", "to:0": "10", "step:0": "5"}
    found = _axis(axes, 0, _templates(['full "time"']), [])
    told = tomllib.loads(_file(fields, [found], 20))
    assert told["axis"] == [
        {"name": 'hire:full "time"', "change": 'hire:full "time"={}', "from": 0, "to": 10, "step": 5}
    ]
    assert (told["centre"], told["level"], told["sample"]["n"]) == ("centre", "bound", 20)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_screens_as_axe_judges_them(visitor, site, centre, language, theme):
    page = visitor.page
    visitor.sign_in(site.key(Role.PLANNER))
    if language == "zh":
        page.get_by_role("button", name="简体中文").click()
    page.locator(f'button[value="{theme}"]').click()
    for screen in ("sweeps", "capacity"):
        visitor.go(f"/centres/{centre}/{screen}")
        assert (screen, serious(page), too_wide(page)) == (screen, [], [])
