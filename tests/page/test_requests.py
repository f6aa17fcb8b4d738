"""Swaps and leave in a browser: asked by agents, answered at once, decided by who may."""

from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import expect

from api.access.scope import Role, machine
from api.page.locales import day_told
from api.store import centres, publishing, rotas
from api.store.centre_files import prepare
from tests.page.small import files_of_small

FIRST, THIRD, FIFTH = "2031-03-03", "2031-03-05", "2031-03-07"
PARTS = {"work:calls": (0, 135, 270, 405), "break": (120, 390), "meal": (240,)}


def shift(agent: str, day: str, start: str) -> str:
    """A shift of the example's pattern, from a time of that day in UTC on."""
    begins = datetime.fromisoformat(f"{day}T{start}+00:00")
    marks = sorted((at, kind) for kind, starts in PARTS.items() for at in starts)
    ends = [at for at, _ in marks[1:]] + [510]
    rows = [
        (begins + timedelta(minutes=at), begins + timedelta(minutes=end), kind)
        for (at, kind), end in zip(marks, ends, strict=True)
    ]
    return "".join(
        f"{agent},{day},{a:%Y-%m-%dT%H:%M:%SZ},{b:%Y-%m-%dT%H:%M:%SZ},{kind},早晚班,{str(kind != 'meal').lower()}\n"
        for a, b, kind in rows
    )


ROTA = "agent_id,day,start,end,activity,shift,paid\n" + "".join(
    [
        shift("A001", FIRST, "00:00"), shift("A001", "2031-03-04", "00:00"), shift("A001", FIFTH, "00:00"),
        shift("A002", FIRST, "05:30"), shift("A002", THIRD, "01:00"),
    ]
)  # fmt: skip


@pytest.fixture
def kept(site) -> tuple[str, str]:
    """A centre with a published rota of days to come: their ids."""
    files = files_of_small()
    files["centre.toml"] = files["centre.toml"].replace(b'"cn-labour"', b'"eu-wtd"')
    with site.store.write(machine("tests")) as transaction:
        centre = centres.create(transaction, prepare(files))
        made = rotas.create(transaction, centre.id, date(2031, 3, 3), 7, ROTA.encode(), centre_revision=1)
        publishing.publish(transaction, made.id, 1)
        return centre.id, made.id


@pytest.fixture
def people(visitor, site, kept):
    """Sign in as somebody of the centre."""
    keys = {
        name: site.key(Role.AGENT, centre_id=kept[0], agent_id=name) for name in ("A001", "A002")
    } | {
        "lead": site.key(Role.TEAM_LEAD, centre_id=kept[0], teams=("电话一组",)),
        "hr": site.key(Role.HR, centre_id=kept[0]),
    }  # fmt: skip

    def become(name: str, path: str) -> None:
        visitor.page.context.clear_cookies()
        visitor.sign_in(keys[name])
        visitor.go(path)

    return become


def ask_swap(page, with_agent: str, day: str = FIRST, back: str = "") -> None:
    page.get_by_label("My shift on").select_option(label=day_told(day, "en"))
    page.get_by_label("Number of the other").fill(with_agent)
    if back:
        page.get_by_label("Their day in return").fill(back)
    page.get_by_role("button", name="Ask").first.click()


def test_a_swap_goes_from_one_to_the_other_to_the_lead_and_into_the_rota(visitor, site, kept, people):
    page = visitor.page
    people("A001", "/me/requests")
    ask_swap(page, "A002", FIFTH, THIRD)
    expect(page.locator("h1")).to_contain_text("Waits for the other's answer")
    expect(page.locator("main")).to_contain_text("08:00–16:30 早晚班")
    people("A002", "/me/requests")
    page.get_by_role("link", name=day_told(FIFTH, "en")).click()
    page.get_by_role("button", name="Accept").click()
    expect(page.locator("h1")).to_contain_text("waits for approval")
    people("lead", f"/centres/{kept[0]}/requests")
    page.get_by_role("link", name=day_told(FIFTH, "en")).click()
    expect(page.locator("main")).to_contain_text("No rule is broken")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("h1")).to_contain_text("Approved")
    with site.store.read(machine("tests")) as transaction:
        rows = rotas.content(transaction, kept[1], 3).decode()
    assert f"A002,{FIFTH},{FIFTH}T00:00:00Z" in rows
    assert f"A001,{THIRD},{THIRD}T01:00:00Z" in rows


def test_a_swap_that_breaks_a_rule_is_told_and_not_kept(visitor, kept, people):
    people("A001", "/me/requests")
    ask_swap(visitor.page, "A002", "2031-03-04")
    expect(visitor.page.locator("main")).to_contain_text("It would break rules")
    expect(visitor.page.locator("main")).to_contain_text("A002: a rule that binds this person")
    visitor.go("/me/requests")
    expect(visitor.page.locator("main")).to_contain_text("No swaps.")
    visitor.faults.clear()  # the browser tells the status 409 in its console


def test_two_who_look_at_a_swap_do_not_undo_what_the_other_said(visitor, kept, people):
    page = visitor.page
    people("A001", "/me/requests")
    ask_swap(page, "A002", FIFTH, THIRD)
    other = page.context.new_page()
    other.goto(page.url)
    page.get_by_role("button", name="Withdraw").click()
    expect(page.locator("h1")).to_contain_text("Withdrawn")
    other.get_by_role("button", name="Withdraw").click()
    expect(other.locator("h1")).to_have_text("Somebody else has changed this meanwhile")
    visitor.faults.clear()  # the browser tells the status 412 in its console


def test_leave_is_asked_answered_at_once_and_granted_by_hr(visitor, site, kept, people):
    page = visitor.page
    people("A001", "/me/requests")
    page.get_by_label("First day").fill(FIRST)
    page.get_by_label("Last day").fill(FIRST)
    page.get_by_label("Kind").fill("annual")
    page.get_by_role("button", name="Ask").last.click()
    expect(page.locator("main")).to_contain_text("It can be granted.")
    expect(page.locator("main")).to_contain_text("Shifts are planned on: Mon, 3 Mar 2031")
    people("lead", f"/centres/{kept[0]}/requests")
    page.get_by_role("link", name=day_told(FIRST, "en")).click()
    expect(page.locator("main")).not_to_contain_text("annual")
    assert page.get_by_role("button", name="Grant").count() == 0
    people("hr", f"/centres/{kept[0]}/requests")
    page.get_by_role("link", name=day_told(FIRST, "en")).click()
    expect(page.locator("main")).to_contain_text("annual")
    page.get_by_role("button", name="Grant").click()
    expect(page.locator("h1")).to_contain_text("Granted")
    with site.store.read(machine("tests")) as transaction:
        files = centres.export(transaction, kept[0], names=False, reasons=True)
    assert f"A001,{FIRST}" in files["leave.csv"].decode()
