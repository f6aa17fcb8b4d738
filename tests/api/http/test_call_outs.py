"""Call-outs: people of a backup pool are called by a lead or planner, as often as the pool promises, and webhooks are told."""

from typing import Any

from api.access.scope import Role
from tests.api.http.service import AGENTS, LEAVE, TOML, Api

POOL = """
[[backup]]
name = "night desk"
queues = ["calls"]
kind = "department"
trigger = "customers_online"
threshold = 50
release_threshold = 40
lead_minutes = 30
minimum_minutes = 120
maximum_minutes = 360
batch = 6
calls_a_day = 1
calls_a_month = 3
rest_minutes = 660
hourly_cost = 63.0
"""
FILES = {
    "centre.toml": TOML + POOL,
    "agents.csv": AGENTS,
    "backup.csv": "pool,agent_id\nnight desk,A1\nnight desk,B1\nnight desk,X1\n",
    "ledger.csv": "agent_id,account,period,amount,unit,as_of\nA1,call_outs,2031-03,1,calls,2031-03-04\n",
    "leave.csv": LEAVE + "B1,2031-03-10,2031-03-11,sick\n",
}


def call(api: Api, centre: str, day: int, *agents: str, who: str = "planner", **more: str) -> Any:
    """Call people."""
    told = {"pool": "night desk", "day": f"2031-03-{day:02}", "agent_ids": list(agents)}
    return api.ask("POST", f"centres/{centre}/call-outs", who, json=told | more)


def with_pool(api: Api) -> str:
    """A centre with a pool, and who may call."""
    centre = api.new_centre(**FILES)
    api.keys["planner"] = api.key(Role.PLANNER, centre_id=centre)
    api.keys["north"] = api.key(Role.TEAM_LEAD, centre_id=centre, teams=["North"])
    api.keys["A1"] = api.key(Role.AGENT, centre_id=centre, agent_id="A1")
    return centre


def test_people_are_called_as_often_as_the_pool_promises(api: Api) -> None:
    centre = with_pool(api)
    made = call(api, centre, 5, "A1", "X1")
    assert (made.status_code, [each["agent_id"] for each in made.json()["items"]]) == (201, ["A1", "X1"])
    twice = call(api, centre, 5, "A1", "B1")
    assert (twice.status_code, "1 a day" in twice.json()["detail"]) == (409, True)
    assert call(api, centre, 3, "A1").status_code == 201  # a day that the ledger's count holds
    assert call(api, centre, 6, "A1").status_code == 201
    full = call(api, centre, 7, "A1")
    assert (full.status_code, "3 calls in 2031-03" in full.json()["detail"]) == (409, True)
    away = call(api, centre, 10, "B1").json()["detail"]
    assert away == "B1 is away on 2031-03-10"
    assert len(api.get(f"centres/{centre}/call-outs").json()["items"]) == 4


def test_leads_call_their_people_and_agents_see_their_calls(api: Api) -> None:
    centre = with_pool(api)
    assert call(api, centre, 5, "A1", who="north").status_code == 201
    assert call(api, centre, 5, "B1", who="north").status_code == 404
    assert call(api, centre, 5, "A1", who="A1").status_code == 403
    assert call(api, centre, 6, "X1").status_code == 201
    address = f"centres/{centre}/call-outs"
    assert [each["agent_id"] for each in api.get(address, "A1").json()["items"]] == ["A1"]
    one = api.get(address, "planner", params={"limit": 1}).json()
    two = api.get(address, "planner", params={"after": one["next"], "end": "2031-03-06"}).json()
    assert [each["agent_id"] for each in one["items"] + two["items"]] == ["X1", "A1"]


def test_what_is_wrong_is_told_at_once_and_nobody_is_called(api: Api) -> None:
    centre = with_pool(api)
    wrong = call(api, centre, 5, "A1", "A2", "A2")
    assert (wrong.status_code, [each["found"] for each in wrong.json()["faults"]]) == (422, ["A2", "A2", ""])
    assert call(api, centre, 5, "A1", pool="day desk").status_code == 422
    assert api.get(f"centres/{centre}/call-outs").json()["items"] == []


def test_webhooks_are_told_of_calls(api: Api) -> None:
    centre = with_pool(api)
    member = api.ask("POST", "members", json={"role": "planner", "centre_id": centre}).json()["id"]
    hook = {"member_id": member, "url": "https://example.com/hook", "events": ["call_out"]}
    hook_id = api.ask("POST", f"centres/{centre}/webhooks", json=hook).json()["id"]
    key = {"Idempotency-Key": "c1"}
    told = {"pool": "night desk", "day": "2031-03-05", "agent_ids": ["A1"]}
    answers = [
        api.ask("POST", f"centres/{centre}/call-outs", "planner", json=told, headers=key).status_code
        for _ in range(2)
    ]
    assert answers == [201, 201]
    assert [each["kind"] for each in api.get(f"webhooks/{hook_id}/deliveries").json()["items"]] == [
        "call_out"
    ]
