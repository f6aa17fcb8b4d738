"""The day under way in a browser: customers online are typed in, the board says call, a lead calls and releases; both languages."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from api.access.scope import Role, machine
from api.page.words import speaker
from api.store import centres, floor, rotas
from api.store.centre_files import prepare
from api.store.publishing import publish
from scheduler.live import REFUSALS
from tests.page.looked_at import serious, too_wide
from tests.page.small import files_of_small, new_centre

POOL = """
[[backup]]
name = "机动组"
queues = ["calls"]
threshold = 50
release_threshold = 40
lead_minutes = 0
minimum_minutes = 60
batch = 2
calls_a_month = 4
hourly_cost = 60.0
"""
MEMBERS = "pool,agent_id,name\n机动组,X1,周备\n机动组,X2,Ada\n机动组,X3,Grace\n"
WORDS = {
    "en": {
        "today": "Today",
        "call": "Call",
        "release": "Release",
        "wait": "Wait",
        "gone": "resting after a call-out",
    },
    "zh": {
        "today": "今日看板",
        "call": "立即呼叫",
        "release": "释放",
        "wait": "暂不呼叫",
        "gone": "呼叫后休息中",
    },
}


def files(history_of_today=""):
    read = files_of_small()
    return read | {
        "centre.toml": read["centre.toml"] + POOL.encode(), "backup.csv": MEMBERS.encode(),
        "history.csv": read["history.csv"] + history_of_today.encode(),
    }  # fmt: skip


@pytest.fixture
def centre(site):
    return new_centre(site, files())


def in_language(visitor, language):
    if language == "zh":
        visitor.page.get_by_role("button", name="简体中文").click()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_peak_is_met(visitor, site, centre, language):
    words, page = WORDS[language], visitor.page
    visitor.sign_in(site.key(Role.PLANNER))
    in_language(visitor, language)
    visitor.go(f"/centres/{centre}")
    page.get_by_role("link", name=words["today"]).click()
    expect(page.locator(".pool .action")).to_have_text(words["wait"])
    page.locator('input[name="customers_online:1"]').fill("55")
    page.locator("#tell").click()
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.locator(".pool .action")).to_have_text(words["call"])
    expect(page.locator(".callable tr.next")).to_have_count(2)
    page.locator('.pool > form button[name="agents"]').click()
    expect(page.locator(".there")).to_have_count(2)
    expect(page.locator(".callable tbody tr")).to_have_count(1)
    page.locator(".there button").first.click()
    expect(page.locator(".there")).to_have_count(1)
    expect(page.locator(".callable")).to_contain_text(words["gone"])
    page.locator("#call-X3").click()
    expect(page.locator(".there")).to_have_count(2)
    visitor.go(f"/centres/{centre}/peaks")
    expect(page.locator("#now section").last.locator("tbody tr")).to_have_count(3)


def test_the_board_looks_again_by_itself_and_says_when_it_cannot(visitor, site, centre, monkeypatch):
    monkeypatch.setattr("api.page.peaks.SECONDS", 0.2)
    page = visitor.page
    visitor.sign_in(site.key(Role.PLANNER))
    visitor.go(f"/centres/{centre}/peaks")
    page.locator('input[name="waiting:1"]').fill("7")
    with site.store.write(machine("tests")) as transaction:
        floor.tell(transaction, centre, [floor.FloorState("calls", transaction.now, 60.0)])
    expect(page.locator(".pool .action")).to_have_text("Call")
    expect(page.locator('input[name="waiting:1"]')).to_have_value("7")
    page.context.set_offline(True)
    expect(page.locator("#offline")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()
    page.context.clear_cookies()
    expect(page.locator("#signed-out")).to_be_visible()
    visitor.faults.clear()  # the browser notes the network that was gone


def test_somebody_called_meanwhile_is_not_called_twice(visitor, site, centre):
    page, other = visitor.page, visitor.page.context.new_page()
    visitor.sign_in(site.key(Role.PLANNER))
    for each in (page, other):
        each.goto(f"{site.address}/centres/{centre}/peaks")
    other.locator("#call-X1").click()
    expect(other.locator(".there")).to_have_count(1)
    page.locator("#call-X1").click()
    expect(page.get_by_role("status")).to_contain_text("Nobody was called")
    expect(page.locator(".there")).to_have_count(1)


def test_what_is_typed_wrongly_is_told_and_an_empty_day_says_so(visitor, site, centre):
    page = visitor.page
    visitor.sign_in(site.key(Role.PLANNER))
    visitor.go(f"/centres/{centre}/peaks")
    expect(page.locator("#now")).to_contain_text("No contact of today is in the history yet")
    expect(page.locator("#now")).to_contain_text("No published rota is of today")
    page.locator("#tell").click()
    expect(page.locator("main")).to_contain_text("customers online of one queue at least")
    visitor.go(f"/centres/{centre}/peaks")
    page.locator('input[name="customers_online:1"]').fill("3")
    page.locator('input[name="waiting:1"]').fill("4")
    page.locator("#tell").click()
    expect(page.locator("main")).to_contain_text("no more than customers_online")
    visitor.go(f"/centres/{centre}/peaks?at=yesterday")
    expect(page.locator("main")).to_contain_text("yesterday")
    visitor.faults.clear()


@pytest.mark.parametrize("role", [Role.HR, Role.AGENT])
def test_others_have_no_board(visitor, site, centre, role):
    visitor.sign_in(site.key(role, centre_id=centre, **({"agent_id": "A001"} if role is Role.AGENT else {})))
    visitor.go(f"/centres/{centre}/peaks")
    expect(visitor.page.locator("#now")).to_have_count(0)
    visitor.faults.clear()


def test_every_reason_is_told_in_both_languages():
    assert [speaker("zh")(f"peaks.no.{each}") == each for each in REFUSALS] == [False] * len(REFUSALS)


def busy_centre(site):
    """A centre in mid-morning of a day that is planned, with contacts and customers told."""
    zone = ZoneInfo("Asia/Shanghai")
    now = datetime.now(zone)
    opens = now.replace(hour=0, minute=0, second=0, microsecond=0)
    starts = [opens + timedelta(minutes=30 * k) for k in range(48)]
    rows = [
        f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ},calls,{30 + k},240\n"
        for k, at in enumerate(starts)
        if at < now
    ]
    header = "interval_start,queue,offered,aht_seconds,agents_required,agents_to_roster\n"
    needed = "".join(
        f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ},calls,{28 + k},240,5,6\n" for k, at in enumerate(starts)
    )
    empty = b"agent_id,day,start,end,activity,shift,paid\n"
    with site.store.write(machine("tests")) as transaction:
        centre = centres.create(transaction, prepare(files("".join(rows)))).id
        made = rotas.create(
            transaction,
            centre,
            opens.date(),
            1,
            empty,
            centre_revision=1,
            requirement=(header + needed).encode(),
        )
        publish(transaction, made.id, made.version)
        for k in range(20):
            at = transaction.now - timedelta(minutes=60 - 3 * k)
            floor.tell(transaction, centre, [floor.FloorState("calls", at, 25.0 + 2 * k)])
    return centre


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_board_as_axe_judges_it(visitor, site, language, theme):
    page, centre = visitor.page, busy_centre(site)
    visitor.sign_in(site.key(Role.PLANNER))
    in_language(visitor, language)
    page.locator(f'button[value="{theme}"]').click()
    visitor.go(f"/centres/{centre}/peaks")
    expect(page.locator("#now")).to_contain_text(
        {"en": "what the published rota was made for", "zh": "已发布排班所依据的预测"}[language]
    )
    page.locator("#call-X2").click()
    assert (serious(page), too_wide(page)) == ([], [])
