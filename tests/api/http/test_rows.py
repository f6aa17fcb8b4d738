"""Requests and leave row by row: agents their own, team leads their people's, reasons for few."""

from api.access.scope import Role
from tests.api.http.service import Api

WISH = {"agent_id": "A1", "date": "2026-03-10", "kind": "off"}


def test_agents_ask_for_themselves_alone(api: Api) -> None:
    centre = api.new_centre()
    api.keys["a1"] = api.key(Role.AGENT, centre_id=centre, agent_id="A1")
    address = f"centres/{centre}/requests"
    assert api.ask("POST", address, "a1", json=WISH).status_code == 201
    assert api.ask("POST", address, "a1", json=WISH).status_code == 409
    assert api.ask("POST", address, "a1", json=WISH | {"agent_id": "B1"}).status_code == 404
    assert {each["agent_id"] for each in api.get(address, "a1").json()["items"]} == {"A1"}
    assert len(api.get(address).json()["items"]) == 3
    assert api.ask("POST", f"{address}/withdrawal", "a1", json=WISH).status_code == 200
    assert api.ask("POST", f"{address}/withdrawal", "a1", json=WISH).status_code == 404
    assert api.ask("POST", address, "a1", json=WISH | {"kind": "maybe"}).status_code == 422


def test_reasons_of_leave_are_for_few_and_reading_them_is_logged(api: Api) -> None:
    centre = api.new_centre()
    for name, role, of in (
        ("hr", Role.HR, {}),
        ("planner", Role.PLANNER, {}),
        ("lead", Role.TEAM_LEAD, {"teams": ["North"]}),
    ):
        api.keys[name] = api.key(role, centre_id=centre, **of)
    address = f"centres/{centre}/leave"
    kinds = {
        who: [each["kind"] for each in api.get(address, who).json()["items"]]
        for who in ("hr", "planner", "lead")
    }
    assert kinds == {"hr": ["sick", "annual"], "planner": ["", ""], "lead": [""]}
    assert "sick" not in api.get(f"centres/{centre}/files/leave.csv", "planner").text
    assert "sick" in api.get(f"centres/{centre}/files/leave.csv", "hr").text
    actions = [each["action"] for each in api.get("audit-log?limit=1000").json()["items"]]
    assert actions.count("leave.reasons.read") == 2
    leave = {"agent_id": "A2", "start": "2026-03-09", "end": "2026-03-10", "kind": "annual"}
    assert api.ask("POST", address, "planner", json=leave).status_code == 403
    assert api.ask("POST", address, "hr", json=leave).status_code == 201
    assert api.ask("POST", address, "hr", json=leave | {"end": "2026-03-01"}).status_code == 422
    far = leave | {"start": "0001-01-01", "end": "9999-12-31"}
    assert api.ask("POST", address, "hr", json=far).status_code == 422


def test_rows_come_in_pages(sqlite_api: Api) -> None:
    address = f"centres/{sqlite_api.new_centre()}/requests"
    one = sqlite_api.get(f"{address}?limit=1").json()
    two = sqlite_api.get(address, params={"limit": 1, "after": one["next"]}).json()
    assert [each["agent_id"] for each in one["items"] + two["items"]] == ["A1", "B1"]
    assert two["next"] is None
