"""Today over HTTP: customers online are told, triggers looked at, people called at once and released, rest judged before the call."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api.access.scope import Role, machine
from api.store import call_outs
from tests.api.http.service import AGENTS, HISTORY, TOML, Api

ZONE = ZoneInfo("Asia/Shanghai")
POOL = """
[[backup]]
name = "desk"
queues = ["calls"]
threshold = 50
release_threshold = 40
lead_minutes = 0
minimum_minutes = 60
batch = 1
calls_a_month = 2
rest_minutes = 660
hourly_cost = 60.0
"""
MEMBERS = "pool,agent_id\ndesk,A1\ndesk,B1\ndesk,X1\n"
HEADER = "agent_id,day,start,end,activity,shift,paid\n"


def noon() -> datetime:
    """Yesterday at noon by the centre's clock: an instant that is over, in the last 24 hours or a little more."""
    return datetime.now(ZONE).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)


def z(at: datetime) -> str:
    """An instant as files have it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def with_desk(api: Api, **more: str) -> str:
    """A centre with a pool, and members who may and may not call."""
    centre = api.new_centre(
        **{"centre.toml": TOML + POOL, "agents.csv": AGENTS, "backup.csv": MEMBERS} | more
    )
    api.keys["planner"] = api.key(Role.PLANNER, centre_id=centre)
    api.keys["north"] = api.key(Role.TEAM_LEAD, centre_id=centre, teams=["North"])
    api.keys["hr"] = api.key(Role.HR, centre_id=centre)
    return centre


def tell(api: Api, centre: str, online: float, who: str = "planner", **more: Any) -> Any:
    """Tell how many customers are online."""
    told = {"items": [{"queue": "calls", "customers_online": online}]} | more
    return api.ask("POST", f"centres/{centre}/online", who, json=told)


def board(api: Api, centre: str, who: str = "planner", **params: str) -> Any:
    """The board."""
    found = api.get(f"centres/{centre}/peaks", who, params=params)
    assert found.status_code == 200, found.text
    return found.json()


def call_now(api: Api, centre: str, *agents: str, who: str = "planner", **more: Any) -> Any:
    """Call people who are to come at once."""
    day = datetime.now(ZONE).date().isoformat()
    told = {"pool": "desk", "day": day, "agent_ids": list(agents), "now": True, "accept_breaches": True}
    return api.ask("POST", f"centres/{centre}/call-outs", who, json=told | more)


def test_at_the_trigger_the_board_says_call_and_once_released_nobody_is_called_twice(api: Api) -> None:
    centre = with_desk(api)
    [pool] = board(api, centre)["pools"]
    assert (pool["decision"], pool["triggers"][0]["found"]) == ("wait", None)
    assert tell(api, centre, 49).status_code == 201
    assert board(api, centre)["pools"][0]["decision"] == "wait"
    tell(api, centre, 50)
    told = board(api, centre)
    [pool] = told["pools"]
    assert (pool["decision"], pool["agent_ids"]) == ("call", ["A1"]), pool["reason"]
    assert told["online"][-1]["items"][0]["customers_online"] == 50
    assert {each["agent_id"]: each["refused"] for each in pool["people"]} == {"A1": "", "B1": "", "X1": ""}
    made = call_now(api, centre, "A1")
    assert made.status_code == 201, made.text
    people = {each["agent_id"]: each for each in board(api, centre)["pools"][0]["people"]}
    assert (people["A1"]["where"], people["A1"]["refused"]) == ("here", "called already")
    again = call_now(api, centre, "A1")
    assert (again.status_code, again.json()["detail"]) == (409, "A1: called already")
    address = f"centres/{centre}/call-outs/{made.json()['items'][0]['id']}/release"
    gone = api.ask("POST", address, "planner")
    assert (gone.status_code, gone.json()["released_at"] is None) == (200, False)
    assert api.ask("POST", address, "planner").status_code == 409
    people = {each["agent_id"]: each for each in board(api, centre)["pools"][0]["people"]}
    assert (people["A1"]["where"], people["A1"]["refused"]) == ("off", "resting after a call-out")
    assert board(api, centre)["pools"][0]["decision"] == "wait"  # its cool-down
    kept = api.get(f"centres/{centre}/call-outs", "planner").json()["items"][0]
    assert kept["released_by"] == api.get("me", "planner").json()["id"]


def test_two_who_call_the_same_person_at_once_call_them_once(api: Api) -> None:
    centre, day = with_desk(api), datetime.now(ZONE).date()
    looked = datetime.now(UTC)
    with api.store.write(machine("tests")) as transaction:
        call_outs.create(transaction, centre, "desk", day, ["A1"], unless_since=looked)
    with (
        pytest.raises(call_outs.Conflict, match="A1 is called already"),
        api.store.write(machine("tests")) as transaction,
    ):
        call_outs.create(transaction, centre, "desk", day, ["A1", "B1"], unless_since=looked)


def test_who_was_called_in_advance_may_still_be_called_now(api: Api) -> None:
    centre, day = with_desk(api), datetime.now(ZONE).date()
    with api.store.write(machine("tests")) as transaction:
        transaction.now -= timedelta(days=1)
        call_outs.create(transaction, centre, "desk", day, ["A1"])
    people = {each["agent_id"]: each for each in board(api, centre)["pools"][0]["people"]}
    assert (people["A1"]["where"], people["A1"]["refused"]) == ("off", "")
    assert call_now(api, centre, "A1").status_code == 201


def test_a_call_made_ahead_or_by_a_pool_that_is_gone_breaks_no_rest(api: Api) -> None:
    toml = (TOML + POOL).replace("cn-labour", "eu-wtd").replace("rest_minutes = 660", "rest_minutes = 0")
    centre, now = with_desk(api, **{"centre.toml": toml}), datetime.now(ZONE)
    with api.store.write(machine("tests")) as transaction:
        transaction.now = now - timedelta(days=1)
        call_outs.create(transaction, centre, "desk", now.date(), ["A1"])
        transaction.now = now - timedelta(minutes=1)
        [gone] = call_outs.create(transaction, centre, "gone", now.date(), ["B1"])
        call_outs.release(transaction, centre, gone.id)
    people = {each["agent_id"]: each for each in board(api, centre)["pools"][0]["people"]}
    assert [people[each]["breaks"] for each in ("A1", "B1")] == [[], []]


def test_the_day_is_told_against_what_it_was_planned_for_as_it_stood_then(api: Api) -> None:
    at = noon()
    starts = [at - timedelta(hours=1), at - timedelta(minutes=30), at]
    centre = with_desk(
        api, **{"history.csv": HISTORY + f"{z(starts[0])},calls,30,240\n{z(starts[1])},calls,44,240\n"}
    )
    day = at.date().isoformat()
    shift = f"{z(at - timedelta(hours=3))},{z(at + timedelta(hours=4))}"
    rows = f"{HEADER}B1,{day},{shift},work:calls,day,true\n"
    rota = api.send("POST", f"centres/{centre}/rotas?start={day}&days=1", rows).json()["rota"]["id"]
    assert board(api, centre, at=z(at))["rota_known"] is False
    assert api.ask("POST", f"rotas/{rota}/publish?accept_breaches=true", version=1).status_code == 200
    told = board(api, centre, at=z(at))
    found = {datetime.fromisoformat(each["interval_start"]): each["offered"] for each in told["intervals"]}
    assert found == {starts[0]: 30, starts[1]: 44}
    assert (told["rota_known"], told["day"], told["planned_by"]) == (True, day, "")
    people = {each["agent_id"]: each for each in told["pools"][0]["people"]}
    assert "near a shift of their own" in people["B1"]["refused"]
    early = board(api, centre, at=z(at - timedelta(minutes=40)))
    assert [(each["offered"], each["passed_minutes"]) for each in early["intervals"]] == [(30, 20)]


def test_rules_that_a_call_would_break_are_told_and_hold_it_up(api: Api) -> None:
    toml = (TOML + POOL).replace("cn-labour", "eu-wtd").replace("rest_minutes = 660", "rest_minutes = 0")
    start = datetime.now(ZONE).replace(second=0, microsecond=0) - timedelta(hours=9)
    row = f"B1,{start.date()},{z(start)},{z(start + timedelta(hours=8))},work:calls,day,true\n"
    centre = with_desk(api, **{"centre.toml": toml})
    rota = api.send("POST", f"centres/{centre}/rotas?start={start.date()}&days=2", HEADER + row)
    assert rota.status_code == 201, rota.text
    published = api.ask("POST", f"rotas/{rota.json()['rota']['id']}/publish?accept_breaches=true", version=1)
    assert published.status_code == 200, published.text
    people = {each["agent_id"]: each for each in board(api, centre)["pools"][0]["people"]}
    assert (people["B1"]["refused"], people["A1"]["breaks"]) == ("", [])
    assert people["B1"]["breaks"] != []
    held = call_now(api, centre, "B1", accept_breaches=False)
    assert (held.status_code, "would be broken" in held.json()["detail"]) == (409, True)
    assert call_now(api, centre, "A1", accept_breaches=False).status_code == 201
    assert call_now(api, centre, "B1").status_code == 201


def test_leads_see_and_call_their_people_and_others_nothing(api: Api) -> None:
    chat = '[[queue]]\nname = "chat"\nchannel = "chat"\ntarget_share = 0.8\ntarget_seconds = 30\naht_seconds = 300\n'
    agents = AGENTS.replace("South,junior,calls", "South,junior,chat")
    centre = with_desk(
        api, **{"centre.toml": TOML.replace("[[shift]]", chat + "[[shift]]") + POOL, "agents.csv": agents}
    )
    other = api.new_centre()
    both = [{"queue": each, "customers_online": 60} for each in ("calls", "chat")]
    assert api.ask("POST", f"centres/{centre}/online", "north", json={"items": both}).status_code == 201
    seen = {
        who: [each["queue"] for each in board(api, centre, who)["online"][0]["items"]]
        for who in ("planner", "north")
    }
    assert seen == {"planner": ["calls", "chat"], "north": ["calls"]}
    [pool] = board(api, centre, "north")["pools"]
    assert ([each["agent_id"] for each in pool["people"]], pool["others"]) == (["A1"], 2)
    assert call_now(api, centre, "B1", who="north").status_code == 404
    made = call_now(api, centre, "B1").json()["items"][0]["id"]
    assert api.ask("POST", f"centres/{centre}/call-outs/{made}/release", "north").status_code == 404
    assert board(api, centre, "north")["call_outs"] == []
    assert api.get(f"centres/{centre}/peaks", "hr").status_code == 403
    assert tell(api, centre, 60, "hr").status_code == 403
    for address in (f"centres/{other}/peaks", f"centres/{other}/call-outs/{made}/release"):
        method = "GET" if address.endswith("peaks") else "POST"
        assert api.ask(method, address, "planner").status_code == 404


def test_what_is_told_wrongly_is_told_back_at_once_and_nothing_kept(api: Api) -> None:
    centre = with_desk(api)
    items = [
        {"queue": "chat", "customers_online": 3},
        {"queue": "calls", "customers_online": 3, "waiting": 4},
        {"queue": "calls", "customers_online": 3},
    ]
    old = z(datetime.now(UTC) - timedelta(days=2))
    wrong = api.ask("POST", f"centres/{centre}/online", "planner", json={"items": items, "at": old})
    assert wrong.status_code == 422
    assert [(each["row"], each["column"]) for each in wrong.json()["faults"]] == [
        (1, "queue"), (2, "waiting"), (None, "queue"), (None, "at"),
    ]  # fmt: skip
    assert tell(api, centre, -1).status_code == 422
    assert board(api, centre)["online"] == []
    yesterday = (datetime.now(ZONE).date() - timedelta(days=1)).isoformat()
    late = call_now(api, centre, "A1", day=yesterday)
    assert (late.status_code, late.json()["faults"][0]["column"]) == (422, "day")


def test_a_pool_without_a_board_of_its_own_is_an_empty_day(api: Api) -> None:
    centre = api.new_centre()
    told = board(api, centre, "admin")
    assert (told["pools"], told["intervals"], told["online"], told["call_outs"]) == ([], [], [], [])
