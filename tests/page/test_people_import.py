"""A list of people of another tool goes through the wizard, in both languages; others do not bring people."""

import pytest
from playwright.sync_api import expect

from api.access.scope import Role, machine
from api.store import people
from tests.page.looked_at import serious, too_wide
from tests.page.small import new_centre

LIST = "工号,姓名,班组,级别,技能组,合同类型\nA001,林艳,电话一组,主管,电话,全职\nN900,孙悟空,电话一组,初级,电话,全职\n"
WORDS = {"en": ("Import people", "Keep these"), "zh": ("导入人员", "保存这")}


@pytest.fixture
def centre(site):
    return new_centre(site)


def upload(page, content=LIST):
    page.locator("#file").set_input_files(
        {"name": "名单.csv", "mimeType": "text/csv", "buffer": content.encode("gb18030")}
    )
    page.locator("form[enctype] button.main").click()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_list_goes_through_the_wizard(visitor, site, centre, language):
    link, keep = WORDS[language]
    page = visitor.page
    visitor.sign_in(site.key(Role.HR))
    if language == "zh":
        page.get_by_role("button", name="简体中文").click()
    visitor.go(f"/centres/{centre}")
    page.get_by_role("link", name=link).click()
    upload(page, LIST.replace("N900,孙悟空,电话一组,初级", "N900,孙悟空,电话一组,九段"))
    expect(page.get_by_role("alert")).to_contain_text(
        {"en": "one of full-time", "zh": "以下之一：full-time"}[language]
    )
    page.get_by_role("link", name={"en": "Choose another file", "zh": "选择其他文件"}[language]).click()
    upload(page)
    page.locator("label", has_text="电话").locator("select").select_option("calls")
    page.locator("label", has_text="全职").locator("select").select_option("full-time")
    page.locator('button[value="look"]').click()
    expect(page.get_by_role("alert")).to_have_count(0)
    if language == "zh":
        expect(page.locator("main")).to_contain_text("新增 1 人")
    assert (serious(page), too_wide(page)) == ([], [])
    page.get_by_role("button", name=keep).click()
    expect(page.get_by_role("status")).to_be_visible()
    with site.store.read(machine("tests")) as transaction:
        kept = {each.agent_id: each for each in people.find(transaction, centre)}
    assert (kept["N900"].team, kept["N900"].name, len(kept)) == ("电话一组", "孙悟空", 26)


def test_others_do_not(visitor, site, centre):
    visitor.sign_in(site.key(Role.PLANNER))
    visitor.go(f"/centres/{centre}/import/people")
    expect(visitor.page.locator("#file")).to_have_count(0)
    visitor.faults.clear()
