"""Rotas: uploaded, edited with the rules checked at once, published, compared, undone; audits of any rota."""

import pytest

from tests.api.http.service import AGENTS, Api

HEADER = "agent_id,day,start,end,activity,shift,paid\n"


def day_of(agent: str, day: int, hours: tuple[int, ...] = (0, 4, 5, 8)) -> str:
    """A shift of the little centre: work, a meal, work; hours in UTC."""
    at = [f"2026-03-{day:02}T{hour:02}:00:00Z" for hour in hours]
    local = f"2026-03-{day:02}"
    kinds = (("work:calls", "true"), ("meal", "false"), ("work:calls", "true"))
    return "".join(
        f"{agent},{local},{start},{end},{kind},day,{paid}\n"
        for start, end, (kind, paid) in zip(at, at[1:], kinds, strict=False)
    )


ROTA = HEADER + day_of("A1", 2) + day_of("A1", 3) + day_of("B1", 2)


def new_rota(api: Api, centre: str, rows: str = ROTA, who: str = "admin") -> dict:  # type: ignore[type-arg]
    """A draft of one week."""
    answer = api.send("POST", f"centres/{centre}/rotas?start=2026-03-02&days=7", rows, who=who)
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


def test_a_draft_is_edited_with_the_rules_at_once_and_published(api: Api) -> None:
    centre = api.new_centre()
    made = new_rota(api, centre)
    address = f"rotas/{made['rota']['id']}"
    assert made["audit"]["counts"]["breach"] == 0
    late = {
        "start": "2026-03-02T00:00:00Z",
        "end": "2026-03-02T16:00:00Z",
        "activity": "work:calls",
        "paid": True,
    }
    edit = {"days": [{"agent_id": "A1", "day": "2026-03-02", "stretches": [late]}], "note": "long"}
    tried = api.ask("PATCH", f"{address}?keep=false", json=edit, version=1).json()
    assert (tried["kept"], tried["rota"]["version"]) == (False, 1)
    assert tried["audit"]["counts"]["breach"] > 0
    kept = api.ask("PATCH", address, json=edit, version=1)
    assert (kept.json()["kept"], kept.headers["etag"]) == (True, '"2"')
    assert kept.json()["audit"]["violations"][0].keys() >= {"rule", "from", "to", "found", "limit"}
    refused = api.ask("POST", f"{address}/publish", version=2)
    assert (refused.status_code, refused.json()["type"]) == (409, "/api/v1/problems/breaches")
    days = api.get(f"{address}/comparison?one=1&other=2").json()["days"]
    assert [(each["agent_id"], each["day"]) for each in days] == [("A1", "2026-03-02")]
    assert [len(days[0]["before"]), len(days[0]["after"])] == [3, 1]
    assert api.ask("POST", f"{address}/undo", version=2).json()["version"] == 3
    assert api.get(f"{address}/rows").text == ROTA
    published = api.ask("POST", f"{address}/publish", version=3).json()
    assert published["rota"]["published_version"] == 4
    assert [each["what"] for each in api.get(f"{address}/versions").json()["items"]] == [
        "publish", "undo", "edit", "draft",
    ]  # fmt: skip


def test_of_two_who_edit_one_is_stale(api: Api) -> None:
    address = f"rotas/{new_rota(api, api.new_centre())['rota']['id']}"
    rows = HEADER + day_of("A1", 4)
    answers = [api.send("PUT", f"{address}/rows", rows, version=1).status_code for _ in range(2)]
    assert answers == [200, 412]
    assert api.send("PUT", f"{address}/rows", rows).status_code == 428


def test_days_come_in_pages(sqlite_api: Api) -> None:
    address = f"rotas/{new_rota(sqlite_api, sqlite_api.new_centre())['rota']['id']}/days"
    one = sqlite_api.get(f"{address}?limit=2").json()
    two = sqlite_api.get(f"{address}?limit=2&after={one['next']}").json()
    told = [(each["agent_id"], each["day"]) for each in one["items"] + two["items"]]
    assert told == [("A1", "2026-03-02"), ("A1", "2026-03-03"), ("B1", "2026-03-02")]
    assert len(sqlite_api.get(f"{address}?agent_id=B1&day=2026-03-02").json()["items"]) == 1


def test_any_rota_is_audited_without_being_kept(sqlite_api: Api) -> None:
    centre = sqlite_api.new_centre()
    rows = HEADER + day_of("A1", 2, (0, 4, 5, 15)) + day_of("Z9", 2)
    told = sqlite_api.send("POST", f"centres/{centre}/audits", rows).json()
    assert {each["rule"] for each in told["violations"]} >= {"known-people"}
    told = sqlite_api.send("POST", "audits?presets=eu-wtd&timezone=Asia/Shanghai", rows).json()
    assert (told["start"], told["days"], told["rows"]) == ("2026-03-02", 1, 6)
    assert sqlite_api.send("POST", "audits?presets=mars", rows).status_code == 422
    assert sqlite_api.send("POST", "audits?presets=eu-wtd&timezone=../x", rows).status_code == 422
    assert sqlite_api.get(f"centres/{centre}/rotas").json()["items"] == []


@pytest.mark.parametrize("day", ["2026-03-02", "2026-13-02", "02.03.2026"])
def test_an_edit_with_faults_changes_nothing(sqlite_api: Api, day: str) -> None:
    address = f"rotas/{new_rota(sqlite_api, sqlite_api.new_centre())['rota']['id']}"
    backwards = {
        "start": "2026-03-02T09:00:00Z",
        "end": "2026-03-02T08:00:00Z",
        "activity": "work:calls",
        "paid": True,
    }
    edit = {"days": [{"agent_id": "A1", "day": day, "stretches": [backwards]}]}
    assert sqlite_api.ask("PATCH", address, json=edit, version=1).status_code == 422
    assert sqlite_api.get(address).json()["version"] == 1


def test_nobody_learns_why_a_law_protects_somebody(sqlite_api: Api) -> None:
    from api.access.scope import Role

    born = AGENTS.replace("contract\n", "contract\n")
    centre = sqlite_api.new_centre(
        **{
            "agents.csv": born,
            "protections.csv": "agent_id,kind,start,end\nA1,pregnancy,2026-01-01,2026-12-31\n",
        }
    )
    sqlite_api.keys["planner"] = sqlite_api.key(Role.PLANNER, centre_id=centre)
    sqlite_api.keys["hr"] = sqlite_api.key(Role.HR, centre_id=centre)
    rows = HEADER + day_of("A1", 2, (10, 14, 15, 20))
    told = {
        who: sqlite_api.send("POST", f"centres/{centre}/audits", rows, who=who).json()["violations"]
        for who in ("planner", "hr")
    }
    assert any(each["rule"].endswith(":protected") and each["verdict"] == "breach" for each in told["hr"])
    assert "pregnan" not in str(told["planner"])
    assert len(told["planner"]) == len(told["hr"])


def test_a_team_lead_changes_their_own_people_only(api: Api) -> None:
    from api.access.scope import Role

    centre = api.new_centre()
    api.keys["lead"] = api.key(Role.TEAM_LEAD, centre_id=centre, teams=["South"])
    address = f"rotas/{new_rota(api, centre)['rota']['id']}"
    assert {each["agent_id"] for each in api.get(f"{address}/days", who="lead").json()["items"]} == {"B1"}
    mine = HEADER + day_of("B1", 5)
    changed = api.send("PUT", f"{address}/rows", mine, version=1, who="lead")
    assert changed.status_code == 200, changed.text
    days = [(each["agent_id"], each["day"]) for each in api.get(f"{address}/days").json()["items"]]
    assert days == [("A1", "2026-03-02"), ("A1", "2026-03-03"), ("B1", "2026-03-05")]
    theirs = HEADER + day_of("A1", 5)
    assert api.send("PUT", f"{address}/rows", theirs, version=2, who="lead").status_code == 404
    refused = api.ask("POST", f"{address}/publish", version=2, who="lead")
    assert (refused.status_code, "outside your teams" in refused.json()["detail"]) == (409, True)
    assert api.ask("POST", f"{address}/publish", version=2).status_code == 200
    again = HEADER + day_of("B1", 4)
    assert api.send("PUT", f"{address}/rows", again, version=3, who="lead").status_code == 200
    published = api.ask("POST", f"{address}/publish", version=4, who="lead")
    assert published.status_code == 200, published.text
    assert published.json()["rota"]["published_version"] == 5
