"""A planner's week in a browser: a history imported, a forecast asked for and read, an event put in by hand, a what-if compared."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from api.access.scope import Role, machine
from api.store import centres
from tests.centre.test_foreign_history import DATA, FILES
from tests.page.looked_at import serious, too_wide
from tests.page.small import files_of_small, new_centre
from tests.page.test_first_run import worker  # noqa: F401

WORDS = {
    "en": {
        "import": "Import history",
        "demand": "Demand",
        "scenarios": "What if",
        "done": "112 intervals",
        "made": "Comparison",
    },
    "zh": {
        "import": "导入历史",
        "demand": "需求",
        "scenarios": "情景模拟",
        "done": "112 个时段",
        "made": "对比",
    },
}


@pytest.fixture
def centre(site) -> str:
    return new_centre(site)


def upload(visitor, centre, name):
    visitor.go(f"/centres/{centre}/import")
    visitor.page.locator("#file").set_input_files(DATA / FILES[name])
    visitor.page.locator("form[enctype] button.main").click()


def choose_queues(page):
    for theirs, ours in (("电话客服", "calls"), ("在线客服", "chat")):
        page.locator("label", has_text=theirs).locator("select").select_option(ours)


def history_of(site, centre):
    with site.store.read(machine("tests")) as transaction:
        return centres.with_changes(transaction, centre, {})["history.csv"].decode()


class TestImport:
    @pytest.mark.parametrize("name", FILES)
    def test_a_file_of_each_format_goes_through_the_wizard(self, visitor, site, centre, name):
        visitor.sign_in(site.key(Role.PLANNER))
        upload(visitor, centre, name)
        if name == "free":
            expect(visitor.page.get_by_role("alert")).to_contain_text("2 things to mend")
            choose_queues(visitor.page)
            visitor.page.get_by_role("button", name="Check again").click()
        expect(visitor.page.get_by_role("alert")).to_have_count(0)
        visitor.page.get_by_role("button", name="Add 112 intervals").click()
        expect(visitor.page.get_by_role("status")).to_contain_text("112 intervals are in the history")
        expected = (DATA / "expected.csv").read_text().splitlines()[1].split(",")
        row = next(
            line for line in history_of(site, centre).splitlines() if line.startswith(",".join(expected[:2]))
        )
        assert [float(each) for each in row.split(",")[2:4]] == [float(each) for each in expected[2:4]]

    def test_a_column_taken_for_another_is_a_fault_and_what_was_chosen_stays(self, visitor, site, centre):
        visitor.sign_in(site.key(Role.PLANNER))
        upload(visitor, centre, "amazon-connect")
        before = history_of(site, centre)
        visitor.page.get_by_label("Is taken for: ContactsHandled").select_option("queue")
        visitor.page.get_by_role("button", name="Check again").click()
        expect(visitor.page.get_by_role("alert")).to_contain_text("QueueName, ContactsHandled")
        expect(visitor.page.get_by_label("Is taken for: ContactsHandled")).to_have_value("queue")
        expect(visitor.page.get_by_role("button", name="Add")).to_have_count(0)
        assert history_of(site, centre) == before

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04x", b"\0\1\2"])
    def test_what_is_no_table_is_told(self, visitor, site, centre, content):
        visitor.sign_in(site.key(Role.PLANNER))
        visitor.go(f"/centres/{centre}/import")
        visitor.page.locator("#file").set_input_files(
            {"name": "x.csv", "mimeType": "text/csv", "buffer": content}
        )
        visitor.page.locator("form[enctype] button.main").click()
        expect(visitor.page.locator("main")).to_contain_text("expected")
        visitor.faults.clear()  # the browser notes the status of the answer

    @pytest.mark.parametrize("role", [Role.HR, Role.TEAM_LEAD])
    def test_others_do_not_import(self, visitor, site, centre, role):
        more = {"centre_id": centre, "teams": ["早班"]} if role is Role.TEAM_LEAD else {}
        visitor.sign_in(site.key(role, **more))
        visitor.go(f"/centres/{centre}")
        expect(visitor.page.get_by_role("link", name="Import history")).to_have_count(0)
        visitor.go(f"/centres/{centre}/import")
        expect(visitor.page.locator("#file")).to_have_count(0)
        visitor.faults.clear()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_week(visitor, site, centre, worker, language):  # noqa: F811
    words, page = WORDS[language], visitor.page
    visitor.sign_in(site.key(Role.PLANNER))
    if language == "zh":
        page.get_by_role("button", name="简体中文").click()
    visitor.go(f"/centres/{centre}")
    page.get_by_role("link", name=words["import"]).click()
    upload(visitor, centre, "free")
    choose_queues(page)
    page.locator('button[value="look"]').click()
    page.locator('button[value="apply"]').click()
    expect(page.get_by_role("status")).to_contain_text(words["done"])
    page.get_by_role("status").get_by_role("link", name=words["demand"]).click()
    page.locator("details summary").first.click()
    for name, value in {
        "name": "campaign",
        "start": "2026-03-03",
        "end": "2026-03-04",
        "kind": "campaign",
        "uplift": "0.25",
    }.items():
        page.locator(f'input[name="{name}:0"]').fill(value)
    page.locator('form[action$="/events"] button').click()
    expect(page.locator('input[name="uplift:0"]')).to_have_value("0.25")
    page.locator('form[action$="/forecasts"] input[name="days"]').fill("7")
    page.locator("#forecast").click()
    frame = page.frame_locator("iframe.result")
    expect(frame.locator("svg").first).to_be_visible(timeout=60_000)
    expect(frame.locator("body")).to_contain_text("campaign")
    visitor.go(f"/centres/{centre}/requirement?day=2026-03-03")
    page.get_by_role("link", name="10:00").click()
    expect(page.locator("#why")).to_contain_text("Erlang")
    expect(page.locator("tr[aria-current]")).to_contain_text("10:00")
    visitor.go(f"/centres/{centre}/scenarios")
    page.locator("#volume").focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#volume-value")).to_have_text("+10 %")
    page.locator("#compare").click()
    expect(page.locator("iframe.result")).to_be_visible(timeout=60_000)
    expect(page.locator("main code").first).to_have_text("volume=+10%")
    expect(page.frame_locator("iframe.result").locator("body")).to_contain_text(re.compile(r"\+10 ?%"))
    visitor.go(f"/centres/{centre}/scenarios")
    expect(page.locator(".cards")).to_contain_text("volume=+10%")


def test_more_events_than_a_dozen_are_kept_from_one_form(visitor, site):
    days = [f"2026-02-{k:02}" for k in range(1, 23)]
    rows = [f"e{k},,{day},{end},calls,campaign,\n" for k, (day, end) in enumerate(pairwise(days))]
    text = "name,phase,start,end,queues,kind,uplift\n" + "".join(rows)
    centre = new_centre(site, files_of_small() | {"events.csv": text.encode()})
    visitor.sign_in(site.key(Role.PLANNER))
    visitor.go(f"/centres/{centre}/demand")
    visitor.page.locator('input[name="uplift:20"]').fill("0.1")
    visitor.page.locator('form[action$="/events"] button').click()
    expect(visitor.page.locator('input[name="uplift:20"]')).to_have_value("0.1")
    expect(visitor.page.get_by_role("status")).to_be_visible()


def test_a_comparison_of_nothing_and_a_wrong_change_are_told(visitor, site, centre, worker):  # noqa: F811
    visitor.sign_in(site.key(Role.PLANNER))
    visitor.go(f"/centres/{centre}/scenarios")
    visitor.page.locator("#compare").click()
    expect(visitor.page.locator("main")).to_contain_text("at least one lever moved")
    visitor.faults.clear()  # the browser notes the status of the answer
    visitor.go(f"/centres/{centre}/scenarios")
    visitor.page.locator("#more").fill("volum=+10%")
    visitor.page.locator("#compare").click()
    expect(visitor.page.locator("#job-state")).to_have_text("Failed", timeout=60_000)
    expect(visitor.page.locator(".notice.bad")).to_contain_text("volum")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_screens_as_axe_judges_them(visitor, site, centre, language, theme):
    page = visitor.page
    visitor.sign_in(site.key(Role.PLANNER))
    if language == "zh":
        page.get_by_role("button", name="简体中文").click()
    page.locator(f'button[value="{theme}"]').click()
    for screen in ("demand", "requirement", "scenarios", "import", "free"):
        if screen == "free":
            upload(visitor, centre, screen)
        else:
            visitor.go(f"/centres/{centre}/{screen}")
        assert (screen, serious(page), too_wide(page)) == (screen, [], [])
