"""A team lead makes next week's rota for their people: planned beside everybody else's rows, told of their own alone, published."""

import json
from typing import Any

import pytest

from api.access.scope import Role
from api.store import blobs
from tests.api.http.service import Api
from tests.api.http.test_http_jobs import WORKER, ended
from tests.api.http.test_http_rotas import HEADER, ROTA, day_of, new_rota

PLAN = {"start": "2026-03-02", "days": 7, "effort": 1}
PLANNED = HEADER + day_of("A1", 4) + day_of("A2", 5) + day_of("B1", 2)
OTHERS = ("B1", "Bruno")


@pytest.fixture
def centre(sqlite_api: Api) -> str:
    made = sqlite_api.new_centre()
    for name, teams in (("lead", ["North"]), ("both", ["North", "South"])):
        sqlite_api.keys[name] = sqlite_api.key(Role.TEAM_LEAD, centre_id=made, teams=teams)
    return made


def asked(api: Api, centre: str, who: str = "lead", noun: str = "plans", **more: Any) -> Any:
    wanted = (PLAN if noun == "plans" else {}) | more
    return api.ask("POST", f"centres/{centre}/{noun}", json=wanted, who=who)


def done(api: Api, job: str) -> None:
    plan = json.dumps({"start": "2026-03-02", "days": 7, "warnings": ["B1 is short"]})
    coverage = "interval_start,queue,net_staffing\n2026-03-02T00:00:00Z,calls,1\n2026-03-02T00:00:00Z,vip,2\n"
    found = "rule,source,agent_id,explanation\nrest,law,A1,short\nrest,law,B1,short\ncover,centre,,few\n"
    files = {
        "rota.csv": PLANNED,
        "plan.json": plan,
        "coverage.csv": coverage,
        "violations.csv": found,
        "report.html": "B1",
    }
    ended(api, job, {name: text.encode() for name, text in files.items()})  # fmt: skip


def kept(api: Api, job: dict[str, Any]) -> str:
    with api.store.read(WORKER) as transaction:
        return blobs.get(transaction, job["args"]["files"]["keep"]).decode()


def test_a_lead_plans_beside_others_adjusts_and_publishes(sqlite_api: Api, centre: str) -> None:
    rota = new_rota(sqlite_api, centre)["rota"]["id"]
    assert sqlite_api.ask("POST", f"rotas/{rota}/publish", version=1).status_code == 200
    job = asked(sqlite_api, centre).json()
    assert job["args"]["options"]["team"] == ["North"]
    assert kept(sqlite_api, job) == ROTA  # everybody's rows, of the newest rota of these days
    done(sqlite_api, job["id"])
    made = sqlite_api.ask("POST", f"jobs/{job['id']}/rota?rota_id={rota}", "lead", version=2)
    assert (made.status_code, made.json()["version"], made.headers["etag"]) == (201, 3, '"3"')
    rows = sqlite_api.get(f"rotas/{rota}/rows").text
    assert rows == HEADER + day_of("A1", 4) + day_of("A2", 5) + day_of("B1", 2)
    published = sqlite_api.ask("POST", f"rotas/{rota}/publish", "lead", version=3)
    assert published.json()["rota"]["published_version"] == 4


def test_a_lead_is_told_of_their_own_people_and_queues(sqlite_api: Api, centre: str) -> None:
    new_rota(sqlite_api, centre)
    job = asked(sqlite_api, centre).json()["id"]
    done(sqlite_api, job)
    names = [each["name"] for each in sqlite_api.get(f"jobs/{job}/files", "lead").json()["items"]]
    assert names == ["coverage.csv", "rota.csv", "violations.csv"]
    texts = {name: sqlite_api.get(f"jobs/{job}/files/{name}", "lead").text for name in names}
    texts["job"] = sqlite_api.get(f"jobs/{job}", "lead").text
    texts["jobs"] = sqlite_api.get("jobs", "lead").text
    assert not [name for name, text in texts.items() if any(word in text for word in OTHERS)]
    assert "vip" not in texts["coverage.csv"]
    assert "cover" in texts["violations.csv"]
    for name in ("plan.json", "report.html"):
        assert sqlite_api.get(f"jobs/{job}/files/{name}", "lead").status_code == 403
        assert sqlite_api.get(f"jobs/{job}/files/{name}").status_code == 200


def test_a_plan_that_went_out_from_other_rows_is_refused(sqlite_api: Api, centre: str) -> None:
    rota = new_rota(sqlite_api, centre)["rota"]["id"]
    job = asked(sqlite_api, centre, keep={"rota_id": rota}).json()["id"]
    done(sqlite_api, job)
    address = f"jobs/{job}/rota?rota_id={rota}"
    assert sqlite_api.ask("POST", address, "lead").status_code == 428
    off = {"days": [{"agent_id": "B1", "day": "2026-03-02", "stretches": []}]}
    assert sqlite_api.ask("PATCH", f"rotas/{rota}", json=off, version=1).status_code == 200
    assert sqlite_api.ask("POST", address, "lead", version=1).status_code == 412
    assert sqlite_api.ask("POST", address, "lead", version=2).status_code == 409


def test_where_there_is_no_rota_everybody_is_planned_and_the_lead_keeps_their_own(
    sqlite_api: Api, centre: str
) -> None:
    job = asked(sqlite_api, centre).json()
    assert "team" not in job["args"]["options"]
    done(sqlite_api, job["id"])
    rota = sqlite_api.ask("POST", f"jobs/{job['id']}/rota", "lead").json()["id"]
    assert "B1" not in sqlite_api.get(f"rotas/{rota}/rows").text
    assert sqlite_api.ask("POST", f"rotas/{rota}/publish", "lead", version=1).status_code == 200


def test_a_lead_of_every_team_is_told_all(sqlite_api: Api, centre: str) -> None:
    new_rota(sqlite_api, centre)
    job = asked(sqlite_api, centre, "both").json()
    assert (job["args"]["options"], job["args"]["files"]) == (PLAN, {})
    done(sqlite_api, job["id"])
    assert sqlite_api.get(f"jobs/{job['id']}/files/report.html", "both").status_code == 200


def test_what_is_not_of_their_teams_is_refused(sqlite_api: Api, centre: str) -> None:
    rota = new_rota(sqlite_api, centre)["rota"]["id"]
    assert asked(sqlite_api, centre, team=["South"]).status_code == 403
    assert asked(sqlite_api, centre, keep={"content": ROTA}).status_code == 403
    today = {"rota": {"rota_id": rota}, "now": "2026-03-02T09:00"}
    assert (
        asked(sqlite_api, centre, noun="replans", **today, absent=["B1:2026-03-02T12:00"]).status_code == 404
    )
    other = sqlite_api.new_centre()
    assert asked(sqlite_api, other).status_code == 404
    theirs = new_rota(sqlite_api, other)["rota"]["id"]
    assert asked(sqlite_api, centre, keep={"rota_id": theirs}).status_code == 404
    mended = asked(sqlite_api, centre, noun="replans", **today, absent=["A1"]).json()
    assert mended["args"]["options"]["team"] == ["North"]
    refused = asked(sqlite_api, centre, noun="sweeps", sweep={"content": "x"})
    assert refused.status_code == 403
