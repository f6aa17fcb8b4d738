"""Lists of people over HTTP: looked at, kept by those who may, names apart from what others read."""

import json
from typing import Any

from api.access.scope import Role
from tests.api.http.service import Api

LIST = "工号,姓名,班组,级别,技能,合同\nA1,,South,高级,热线,full-time\nN9,孙悟空,North,初级,热线,full-time\n"
CHOSEN = {"queues": {"热线": "calls"}}


def send(api: Api, centre: str, path: str = "", who: str = "hr", content: str = LIST, **mapping: Any) -> Any:
    """Send a list."""
    told = json.dumps(CHOSEN | mapping)
    address = f"centres/{centre}/people-imports{path}"
    return api.send("POST", address, content.encode(), who=who, params={"mapping": told, "name": "名单.csv"})


def with_members(api: Api) -> str:
    """A centre with somebody of HR and a planner."""
    centre = api.new_centre()
    api.keys["hr"] = api.key(Role.HR, centre_id=centre)
    api.keys["planner"] = api.key(Role.PLANNER, centre_id=centre)
    return centre


def test_a_list_is_looked_at_and_kept(api: Api) -> None:
    centre = with_members(api)
    looked = send(api, centre, "/preview").json()
    assert [(each["agent_id"], each["new"]) for each in looked["preview"]] == [("A1", False), ("N9", True)]
    assert (looked["people"], looked["faults"]) == (2, [])
    assert len(api.get(f"centres/{centre}/people", "hr").json()["items"]) == 3
    kept = send(api, centre)
    assert kept.status_code == 200, kept.text
    people = {each["agent_id"]: each for each in api.get(f"centres/{centre}/people", "hr").json()["items"]}
    assert (people["A1"]["team"], people["A1"]["name"]) == ("South", "王小明")
    assert (people["N9"]["name"], len(people)) == ("孙悟空", 4)
    assert send(api, centre, "/preview").json()["people"] == 0


def test_with_any_fault_nothing_is_kept(api: Api) -> None:
    centre = with_members(api)
    wrong = send(api, centre, content=LIST.replace("初级", "九段"))
    assert wrong.status_code == 422
    assert [(each["row"], each["column"]) for each in wrong.json()["faults"]] == [(3, "级别")]
    assert len(api.get(f"centres/{centre}/people", "hr").json()["items"]) == 3
    assert send(api, centre, queues={"热线": "fax"}).status_code == 422
    assert send(api, centre, roles={"99": "name"}).status_code == 422
    assert (
        api.send(
            "POST", f"centres/{centre}/people-imports", LIST, who="hr", params={"mapping": "["}
        ).status_code
        == 422
    )
    assert send(api, centre, content="\0\1").status_code == 422


def test_others_do_not_bring_people(api: Api) -> None:
    centre, other = with_members(api), api.new_centre()
    assert send(api, centre, who="planner").status_code == 403
    assert send(api, other).status_code == 404
