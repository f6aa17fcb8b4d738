"""The rota board in a browser: what is done to a shift, what the page answers, and what it says where that cannot be."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from api.access.scope import Role, machine
from api.store import centres, rotas
from api.store.centre_files import prepare
from tests.page.small import files_of_small

DAY = "2026-03-03"
ROTA = f"""agent_id,day,start,end,activity,shift,paid
A001,2026-03-02,2026-03-02T06:00:00Z,2026-03-02T10:00:00Z,work:calls,晚班,true
A001,2026-03-02,2026-03-02T10:00:00Z,2026-03-02T10:30:00Z,meal,晚班,false
A001,2026-03-02,2026-03-02T10:30:00Z,2026-03-02T14:00:00Z,work:calls,晚班,true
A001,{DAY},{DAY}T03:00:00Z,{DAY}T05:00:00Z,work:calls,早班,true
A002,{DAY},{DAY}T05:00:00Z,{DAY}T09:00:00Z,work:calls,早班,true
"""
NEED = """interval_start,queue,offered,aht_seconds,agents_required,agents_to_roster
2026-03-03T05:00:00Z,calls,10,180,2,2
2026-03-03T05:30:00Z,calls,10,180,2,2
"""


@pytest.fixture
def rota_id(site) -> str:
    files = files_of_small()
    files["centre.toml"] = files["centre.toml"].replace(b'"cn-labour"', b'"eu-wtd"')
    with site.store.write(machine("tests")) as transaction:
        centre = centres.create(transaction, prepare(files))
        made = rotas.create(
            transaction,
            centre.id,
            date(2026, 3, 2),
            2,
            ROTA.encode(),
            centre_revision=1,
            requirement=NEED.encode(),
        )
        return made.id


@pytest.fixture
def board(visitor, site, rota_id):
    visitor.sign_in(site.key(Role.PLANNER))
    visitor.go(f"/rotas/{rota_id}?day={DAY}")
    expect(visitor.page.locator(".shift")).to_have_count(2)
    return visitor.page


def shift(page, agent="A001"):
    return page.locator(f"tr[data-agent={agent}] .shift")


def rows(site, rota_id) -> list[str]:
    with site.store.read(machine("tests")) as transaction:
        newest = rotas.versions(transaction, rota_id, limit=1)[0].version
        return rotas.content(transaction, rota_id, newest).decode().splitlines()


def drag(page, what, by_minutes: int, at: float = 0.5) -> None:
    """Pull a shift at a place of its width so many minutes to the right."""
    box = what.bounding_box()
    line = page.locator("tr[data-agent] svg.line").first.bounding_box()
    x, y = box["x"] + box["width"] * at, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by_minutes * line["width"] / 1440, y, steps=5)
    page.mouse.up()


class TestEdits:
    def test_a_drag_moves_a_shift_by_full_quarters_and_tells_the_rest_it_breaks(self, board, site, rota_id):
        drag(board, shift(board), -245)
        expect(board.locator("#verdict")).to_contain_text("This change breaks rules")
        told = board.locator("#verdict li").filter(has_text="Rest between shifts").first
        expect(told).to_contain_text(re.compile(r"A001|林艳"))
        expect(told).to_contain_text("off by")
        expect(board.locator("#state")).to_contain_text("Version 2")
        assert f"A001,{DAY},2026-03-02T23:00:00Z,{DAY}T01:00:00Z,work:calls,早班,true" in rows(site, rota_id)

    def test_an_end_is_stretched_and_the_figures_answer(self, board, site, rota_id):
        drag(board, shift(board), 60, at=0.99)
        expect(board.locator("#figures")).to_contain_text("+1.00 h")
        expect(board.locator("#figures")).to_contain_text("−1.0 h")  # an hour less is short
        assert f"A001,{DAY},{DAY}T03:00:00Z,{DAY}T06:00:00Z,work:calls,早班,true" in rows(site, rota_id)

    def test_undo_and_redo(self, board, site, rota_id):
        before = rows(site, rota_id)
        drag(board, shift(board), 30)
        expect(board.locator("#state")).to_contain_text("Version 2")
        after = rows(site, rota_id)
        board.keyboard.press("Control+z")
        expect(board.locator("#state")).to_contain_text("Version 3")
        assert rows(site, rota_id) == before
        expect(board.locator("#undo")).to_be_disabled()
        board.locator("#redo").click()
        expect(board.locator("#state")).to_contain_text("Version 4")
        assert rows(site, rota_id) == after

    def test_the_keyboard_does_what_the_mouse_does(self, board, site, rota_id):
        shift(board).focus()
        board.keyboard.press("ArrowRight")
        expect(board.locator("#state")).to_contain_text("Version 2")
        assert f"A001,{DAY},{DAY}T03:15:00Z,{DAY}T05:15:00Z,work:calls,早班,true" in rows(site, rota_id)
        expect(shift(board)).to_be_focused()
        board.keyboard.press("Shift+ArrowLeft")
        expect(board.locator("#state")).to_contain_text("Version 3")
        assert f"A001,{DAY},{DAY}T03:15:00Z,{DAY}T05:00:00Z,work:calls,早班,true" in rows(site, rota_id)
        board.keyboard.press("Delete")
        expect(shift(board)).to_have_count(0)

    def test_dropped_on_somebody_else_two_shifts_are_swapped(self, board, site, rota_id):
        box, other = shift(board).bounding_box(), shift(board, "A002").bounding_box()
        board.mouse.move(box["x"] + box["width"] / 2, box["y"] + 5)
        board.mouse.down()
        board.mouse.move(box["x"] + box["width"] / 2, other["y"] + 5, steps=5)
        board.mouse.up()
        expect(board.locator("#state")).to_contain_text("Version 2")
        assert f"A002,{DAY},{DAY}T03:00:00Z,{DAY}T05:00:00Z,work:calls,早班,true" in rows(site, rota_id)
        assert f"A001,{DAY},{DAY}T05:00:00Z,{DAY}T09:00:00Z,work:calls,早班,true" in rows(site, rota_id)

    def test_a_shift_is_added_by_its_template(self, board, site, rota_id):
        board.locator("tr[data-agent=A003] .add").click()
        board.locator("#editor").get_by_label("Shift", exact=True).select_option("短班")
        board.locator("#editor").get_by_label("Starts").fill("10:00")
        board.locator("#editor button.main").click()
        expect(shift(board, "A003")).to_have_attribute(
            "aria-label", re.compile("10:00–12:30 .*12:30–12:45 break, 12:45–15:00")
        )

    def test_somebody_is_absent(self, board, site, rota_id):
        shift(board).click()
        board.get_by_role("button", name="Mark absent").click()
        expect(board.locator("#state")).to_contain_text("Version 2")
        expect(board.locator("tr[data-agent=A001] .k-leave")).to_have_count(1)
        assert f"A001,{DAY},{DAY}T03:00:00Z,{DAY}T05:00:00Z,leave,早班,false" in rows(site, rota_id)


class TestTrouble:
    def test_of_two_tabs_the_later_one_may_put_its_change_on_top(self, board, site, rota_id):
        other = board.context.new_page()
        other.goto(board.url)
        drag(other, shift(other, "A002"), 60)
        expect(other.locator("#state")).to_contain_text("Version 2")
        board.bring_to_front()
        drag(board, shift(board), 30)
        expect(board.locator("#trouble")).to_contain_text("Somebody else has changed this rota")
        board.get_by_role("button", name="Put my change").click()
        expect(board.locator("#state")).to_contain_text("Version 3")
        assert f"A001,{DAY},{DAY}T03:30:00Z,{DAY}T05:30:00Z,work:calls,早班,true" in rows(site, rota_id)
        assert f"A002,{DAY},{DAY}T06:00:00Z,{DAY}T10:00:00Z,work:calls,早班,true" in rows(site, rota_id)

    def test_offline_the_change_is_kept_and_sent_once_the_network_is_back(self, board, site, rota_id):
        board.context.set_offline(True)
        drag(board, shift(board), 30)
        expect(board.locator("#trouble")).to_contain_text("No connection")
        assert not any(f"{DAY}T03:30" in row for row in rows(site, rota_id))
        board.context.set_offline(False)
        expect(board.locator("#state")).to_contain_text("Version 2")
        assert f"A001,{DAY},{DAY}T03:30:00Z,{DAY}T05:30:00Z,work:calls,早班,true" in rows(site, rota_id)

    def test_after_a_session_has_ended_the_change_is_made_once_signed_in_again(self, board, site, rota_id):
        board.context.clear_cookies()
        drag(board, shift(board), 30)
        expect(board.locator("#trouble")).to_contain_text("Your session has ended")
        other = board.context.new_page()
        other.goto(f"{site.address}/sign-in")
        other.locator("#key").fill(site.key(Role.PLANNER))
        other.locator("button.main").click()
        expect(other.locator("h1")).to_have_text("Centres")
        board.bring_to_front()
        board.get_by_role("button", name="Try again").click()
        expect(board.locator("#state")).to_contain_text("Version 2")

    @pytest.fixture(autouse=True)
    def _statuses_are_told_by_the_browser(self, visitor):
        yield
        visitor.faults[:] = [
            each for each in visitor.faults if not each.startswith("Failed to load resource")
        ]


class TestPublish:
    def test_it_tells_who_is_affected_and_asks_where_rules_are_broken(self, board, site, rota_id):
        drag(board, shift(board), -240)
        expect(board.locator("#verdict")).to_contain_text("Rest between shifts")
        board.locator("#publish").click()
        expect(board.locator("main")).to_contain_text("Rest between shifts")
        expect(board.locator("tbody tr")).to_have_count(2)
        board.get_by_label("Publish although").check()
        board.get_by_role("button", name="Publish").click()
        expect(board.get_by_role("status").first).to_contain_text("Published")

    def test_hr_reads_and_changes_nothing(self, visitor, site, rota_id):
        visitor.sign_in(site.key(Role.HR))
        visitor.go(f"/rotas/{rota_id}?day={DAY}")
        expect(visitor.page.locator(".shift")).to_have_count(2)
        assert visitor.page.locator("#undo, #publish, .add").count() == 0

    def test_a_team_lead_sees_and_edits_their_team_alone(self, visitor, site, rota_id):
        with site.store.read(machine("tests")) as transaction:
            centre_id = rotas.get(transaction, rota_id).centre_id
        visitor.sign_in(site.key(Role.TEAM_LEAD, centre_id=centre_id, teams=("电话一组",)))
        visitor.go(f"/rotas/{rota_id}?day={DAY}")
        expect(visitor.page.locator("tr[data-agent=A001]")).to_be_visible()
        expect(visitor.page.locator("tr[data-agent=A025]")).to_have_count(0)
        drag(visitor.page, shift(visitor.page), 30)
        expect(visitor.page.locator("#state")).to_contain_text("Version 2")
        assert f"A001,{DAY},{DAY}T03:30:00Z,{DAY}T05:30:00Z,work:calls,早班,true" in rows(site, rota_id)

    def test_a_team_lead_is_told_hours_and_wages_of_their_people_and_staffing_of_their_queues(
        self, visitor, site, rota_id
    ):
        told = {}
        with site.store.write(machine("tests")) as transaction:
            centre_id = rotas.get(transaction, rota_id).centre_id
            files = centres.export(transaction, centre_id, names=True, reasons=True)
            agents = re.sub(
                "A025,([^,]*),在线组,([^,]*),[^,]*", r"A025,\1,夜班组,\2,chat", files["agents.csv"].decode()
            )
            centres.change(transaction, centre_id, 1, prepare(files | {"agents.csv": agents.encode()}))
            made = rotas.create(
                transaction, centre_id, date(2026, 3, 3), 1, f"{TWO_ROWS}{NIGHT}".encode(), centre_revision=2,
                requirement=f"{NEED}{NEED_OF_CHAT}".encode(),
            )  # fmt: skip
        for name, scope in {"lead": (Role.TEAM_LEAD, ("夜班组",)), "planner": (Role.PLANNER, ())}.items():
            visitor.sign_in(site.key(scope[0], centre_id=centre_id, teams=scope[1]))
            told[name] = visitor.page.request.get(f"{site.address}/rotas/{made.id}/state").json()
        assert told["planner"]["figures"]["paid_hours"] == 9.0
        assert told["planner"]["staffing"].keys() == {"calls", "chat"}
        assert told["lead"]["figures"]["paid_hours"] == 3.0
        assert told["lead"]["figures"]["cost"] == 3 * 38
        assert told["planner"]["figures"]["cost"] == 3 * 38 + 6 * 42
        assert told["lead"]["figures"]["short_hours"] == 2.0 < told["planner"]["figures"]["short_hours"]
        assert told["lead"]["staffing"].keys() == {"chat"}
        assert {key.partition("/")[0] for key in told["lead"]["days"]} == {"A025"}


TWO_ROWS = "".join(ROTA.splitlines(keepends=True)[:1] + ROTA.splitlines(keepends=True)[-2:])
NIGHT = f"A025,{DAY},{DAY}T05:00:00Z,{DAY}T08:00:00Z,work:chat,早班,true\n"
NEED_OF_CHAT = f"{DAY}T05:00:00Z,chat,10,180,3,3\n{DAY}T05:30:00Z,chat,10,180,3,3\n"
