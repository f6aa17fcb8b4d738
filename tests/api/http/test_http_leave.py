"""Leave: asked by people, answered at once, decided by HR; why is for few."""

import io
import json
import zipfile
from typing import Any

from api.access.scope import Role
from tests.api.http.service import LEAVE, TOML, Api
from tests.api.http.test_http_swaps import ROWS, SWAP, Desk

QUOTA = '\n[[leave_quota]]\nname = "one a day"\nat_most = 1\n'
DAY = {"agent_id": "A1", "start": "2031-03-03", "end": "2031-03-04", "kind": "annual"}
ASKED = {"decision": "granted", "place": None, "reason": "", "balances": [], "planned_days": ["2031-03-03"]}


class Leaves(Desk):
    """The desk with HR and a quota."""

    def __init__(self, api: Api) -> None:
        super().__init__(api, ROWS, **{"centre.toml": TOML + QUOTA})
        api.keys["hr"] = api.key(Role.HR, centre_id=self.centre)
        self.address = f"centres/{self.centre}/leave-requests"

    def ask_leave(self, who: str = "A1", **more: str) -> Any:
        """Ask."""
        return self.api.ask("POST", self.address, who, json=DAY | more)

    def decide(self, request: str, step: str, version: int = 1, who: str = "hr", **query: Any) -> Any:
        """Decide."""
        return self.api.ask("POST", f"leave-requests/{request}/{step}", who, version=version, params=query)

    def leave(self) -> list[str]:
        """The centre's leave."""
        return self.api.get(f"centres/{self.centre}/files/leave.csv", "hr").text.splitlines()[1:]


def test_leave_is_asked_answered_at_once_and_granted_as_a_new_revision(api: Api) -> None:
    desk = Leaves(api)
    made = desk.ask_leave()
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    assert (made.json()["outlook"], made.json()["kind"]) == (ASKED, "annual")
    request = made.json()["id"]
    before = api.get(f"centres/{desk.centre}").json()["revision"]
    granted = desk.decide(request, "grant")
    assert (granted.status_code, granted.json()["state"], granted.headers["etag"]) == (200, "granted", '"2"')
    assert api.get(f"centres/{desk.centre}").json()["revision"] == before + 1
    assert desk.leave() == [*LEAVE.splitlines()[1:], "A1,2031-03-03T00:00,2031-03-04T00:00,annual"]
    assert desk.decide(request, "grant").status_code == 412
    assert desk.decide(request, "refuse", 2).status_code == 409
    assert len(desk.leave()) == 3


def test_where_a_quota_is_full_one_waits_and_hr_may_grant_it_all_the_same(api: Api) -> None:
    desk = Leaves(api)
    first = desk.ask_leave().json()["id"]
    second = desk.ask_leave("A2", agent_id="A2", start="2031-03-03T09:00", end="2031-03-03T12:00").json()
    assert (second["outlook"]["decision"], second["outlook"]["place"]) == ("waiting", 1)
    assert "A1" not in second["outlook"]["reason"]
    assert "one a day" in second["outlook"]["reason"]
    refused = desk.decide(second["id"], "grant")
    assert (refused.status_code, "waiting" in refused.json()["detail"]) == (409, True)
    assert desk.decide(first, "withdraw", who="A1").json()["state"] == "withdrawn"
    assert api.get(f"leave-requests/{second['id']}", "A2").json()["outlook"]["decision"] == "granted"
    assert desk.decide(second["id"], "grant").status_code == 200
    third = desk.ask_leave().json()["id"]
    assert desk.decide(third, "grant").status_code == 409
    assert desk.decide(third, "grant", despite="true").status_code == 200
    assert len(desk.leave()) == 4


def test_why_somebody_wants_leave_is_for_them_and_for_hr_and_reading_it_is_logged(api: Api) -> None:
    desk = Leaves(api)
    request = desk.ask_leave(kind="sick").json()["id"]
    kinds = {
        who: api.get(desk.address, who).json()["items"][0]["kind"] for who in ("A1", "hr", "north", "planner")
    }
    assert kinds == {"A1": "sick", "hr": "sick", "north": "", "planner": ""}
    assert "sick" not in api.get(f"leave-requests/{request}", "planner").text
    assert "sick" in api.get(f"leave-requests/{request}", "hr").text
    lines = api.get("audit-log?limit=1000").json()["items"]
    assert sum(each["action"] == "leave.reasons.read" for each in lines) == 3
    assert "sick" not in str(lines)
    of_lead = desk.ask_leave("north", agent_id="A2", start="2031-04-01", end="2031-04-02", kind="sick").json()
    assert of_lead["kind"] == ""


def test_webhooks_are_told_that_leave_is_asked_and_decided_and_never_why(sqlite_api: Api) -> None:
    desk = Leaves(sqlite_api)
    member = sqlite_api.ask("POST", "members", json={"role": "hr", "centre_id": desk.centre}).json()["id"]
    events = ["leave.asked", "leave.decided"]
    hook = {"member_id": member, "url": "https://example.com/hook", "events": events}
    hook_id = sqlite_api.ask("POST", f"centres/{desk.centre}/webhooks", json=hook).json()["id"]
    request = desk.ask_leave(start="2031/03/03", end="2031/03/09").json()["id"]
    assert desk.decide(request, "grant").status_code == 200
    told = [each["kind"] for each in sqlite_api.get(f"webhooks/{hook_id}/deliveries").json()["items"]]
    assert told == ["leave.decided", "leave.asked"]


def test_the_balance_is_told_with_the_answer(sqlite_api: Api) -> None:
    desk = Leaves(sqlite_api)
    ledger = "agent_id,account,period,amount,unit,as_of\nA1,leave_days,2031,2,days,2031-01-01\n"
    address = f"centres/{desk.centre}/files/ledger.csv"
    assert sqlite_api.send("PUT", address, ledger, who="hr", version=1).status_code == 200
    first = desk.ask_leave().json()
    assert first["outlook"]["balances"] == [{"year": 2031, "asked": 1.0, "left": 2.0, "as_of": "2031-01-01"}]
    assert desk.decide(first["id"], "grant").status_code == 200
    two = desk.ask_leave(start="2031-03-10", end="2031-03-12").json()["outlook"]
    assert (two["decision"], two["balances"][0]["asked"], two["balances"][0]["left"]) == ("refused", 2.0, 1.0)


def test_who_may_ask_see_and_decide(api: Api) -> None:
    desk = Leaves(api)
    request = desk.ask_leave().json()["id"]
    assert desk.ask_leave("A2").status_code == 404
    assert desk.ask_leave("south").status_code == 404
    assert desk.ask_leave("planner").status_code == 403
    assert api.get(f"leave-requests/{request}", "B1").status_code == 404
    assert api.get(desk.address, "south").json()["items"] == []
    assert desk.decide(request, "grant", who="north").status_code == 403
    assert desk.decide(request, "withdraw", who="A2").status_code == 404
    assert desk.decide(request, "refuse").json()["state"] == "refused"
    assert desk.decide(request, "withdraw", 2, "A1").status_code == 409


def test_what_is_asked_wrongly_is_told_at_once_and_nothing_is_kept(api: Api) -> None:
    desk = Leaves(api)
    wrong = desk.ask_leave(start="tomorrow", end="2031-13-01")
    assert [each["column"] for each in wrong.json()["faults"]] == ["start", "end"]
    for start, end in (
        ("2031-03-03", "2031-03-03"), ("2031-03-03", "2033-03-03"), ("0001-01-01", "0001-01-02"),
        ("9999-12-31", "9999-12-31T23:59-08:00"), (" 2031-03-03", "2031-03-04T00:00:01"),
    ):  # fmt: skip
        assert desk.ask_leave(start=start, end=end).status_code == 422, (start, end)
    assert desk.ask_leave().status_code == 201
    assert desk.ask_leave(start="2031-03-01").status_code == 409
    assert len(api.get(desk.address).json()["items"]) == 1
    taken = desk.ask_leave("B1", agent_id="B1", start="2026-03-06", end="2026-03-07").json()["outlook"]
    assert (taken["decision"], "overlaps leave" in taken["reason"]) == ("refused", True)


def test_requests_come_in_pages_and_a_change_of_the_centre_meanwhile_is_no_matter(sqlite_api: Api) -> None:
    desk = Leaves(sqlite_api)
    ids = [
        desk.ask_leave(start=f"2031-05-0{day}", end=f"2031-05-0{day + 1}").json()["id"] for day in (1, 2, 3)
    ]
    one = sqlite_api.get(f"{desk.address}?limit=2").json()
    two = sqlite_api.get(desk.address, params={"after": one["next"]}).json()
    assert [each["id"] for each in one["items"] + two["items"]] == ids
    wish = {"agent_id": "A1", "date": "2026-03-10", "kind": "off"}
    assert sqlite_api.ask("POST", f"centres/{desk.centre}/requests", "A1", json=wish).status_code == 201
    key = {"Idempotency-Key": "g1"}
    answers = [
        sqlite_api.ask("POST", f"leave-requests/{ids[0]}/grant", "hr", version=1, headers=key)
        for _ in range(2)
    ]
    assert [each.status_code for each in answers] == [200, 200]
    assert len(sqlite_api.get(f"centres/{desk.centre}/requests").json()["items"]) == 3
    assert sqlite_api.get(desk.address, params={"state": "granted"}).json()["items"][0]["id"] == ids[0]


def test_what_somebody_asked_for_is_in_the_export_about_them(sqlite_api: Api) -> None:
    desk = Leaves(sqlite_api)
    desk.ask_leave()
    desk.asked(SWAP)
    content = sqlite_api.get(f"centres/{desk.centre}/people/A1/export", "A1").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        told = {name: json.loads(archive.read(name)) for name in ("swaps.json", "leave_requests.json")}
    assert [len(rows) for rows in told.values()] == [1, 1]
    assert told["leave_requests.json"][0]["kind"] == "annual"
