"""Days closed through the API: what the job rolled forward becomes part of the centre once, and payroll hours are not everybody's."""

from api.access.scope import Role
from tests.api.http.service import FILES, Api
from tests.api.http.test_http_jobs import ended
from tests.api.http.test_http_rotas import ROTA, new_rota

LEDGER = "agent_id,account,period,amount,unit,as_of\nA1,overtime,2026,60,minutes,2026-03-08\n"
HOURS = "agent_id,pay_class,hours\nA1,ordinary,16\n"
MADE = {"ledger.csv": LEDGER.encode(), "rota_before.csv": ROTA.encode(), "hours.csv": HOURS.encode()}


def closed(api: Api, centre: str, who: str = "admin") -> str:
    """A job of closing that is done."""
    rota = new_rota(api, centre)["rota"]["id"]
    job = api.ask("POST", f"centres/{centre}/closings", who, json={"rota": {"rota_id": rota}})
    assert job.status_code == 202, job.text
    ended(api, job.json()["id"], MADE)
    return str(job.json()["id"])


def test_closed_days_become_part_of_the_centre_once_and_can_be_undone(api: Api) -> None:
    centre = api.new_centre()
    job, other = closed(api, centre), closed(api, centre)
    assert "ledger.csv" not in {each["name"] for each in api.get(f"centres/{centre}/files").json()["items"]}
    assert api.ask("POST", f"jobs/{job}/apply").status_code == 428
    assert api.ask("POST", f"jobs/{job}/apply", version=7).status_code == 412
    headers = {"Idempotency-Key": "close"}
    first, again = (api.ask("POST", f"jobs/{job}/apply", version=1, headers=dict(headers)) for _ in range(2))
    assert (first.status_code, first.headers["etag"], again.content) == (200, '"2"', first.content)
    assert api.get(f"centres/{centre}/files/ledger.csv").text == LEDGER
    assert api.get(f"centres/{centre}/files/rota_before.csv").text.splitlines()[0].startswith("agent_id,")
    for each in (job, other):  # the same days would count twice
        refused = api.ask("POST", f"jobs/{each}/apply", version=2)
        assert (refused.status_code, "close them again" in refused.text) == (409, True)
    assert api.ask("POST", f"centres/{centre}/undo", version=2).status_code == 200
    assert api.get(f"centres/{centre}/files/ledger.csv").status_code == 404
    assert api.ask("POST", f"jobs/{job}/apply", version=3).status_code == 200


def test_a_change_of_something_else_meanwhile_is_kept(sqlite_api: Api) -> None:
    centre = sqlite_api.new_centre()
    job, leave = closed(sqlite_api, centre), FILES["leave.csv"].replace("2026-03-07", "2026-03-08")
    assert sqlite_api.send("PUT", f"centres/{centre}/files/leave.csv", leave, version=1).status_code == 200
    assert sqlite_api.ask("POST", f"jobs/{job}/apply", version=2).status_code == 200
    assert sqlite_api.get(f"centres/{centre}/files/leave.csv").text == leave


def test_only_closed_days_that_are_done_are_put_in_force(sqlite_api: Api) -> None:
    centre = sqlite_api.new_centre()
    plan = sqlite_api.ask("POST", f"centres/{centre}/plans", json={"start": "2026-03-02", "days": 7})
    ended(sqlite_api, plan.json()["id"], MADE)
    waits = sqlite_api.ask("POST", f"centres/{centre}/closings", json={"rota": {"content": ROTA}})
    for job in (plan, waits):
        answer = sqlite_api.ask("POST", f"jobs/{job.json()['id']}/apply", version=1)
        assert (answer.status_code, answer.json()["type"]) == (409, "/api/v1/problems/conflict")


def test_hours_by_pay_class_are_for_those_who_may_export_payroll(sqlite_api: Api) -> None:
    centre = sqlite_api.new_centre()
    for name, role in (("planner", Role.PLANNER), ("hr", Role.HR)):
        sqlite_api.keys[name] = sqlite_api.key(role, centre_id=centre)
    of_hr = sqlite_api.ask("POST", f"centres/{centre}/closings", "hr", json={"rota": {"content": ROTA}})
    ended(sqlite_api, of_hr.json()["id"], MADE)
    file = f"jobs/{of_hr.json()['id']}/files/hours.csv"
    assert sqlite_api.get(file, who="hr").text == HOURS
    assert sqlite_api.get(file, who="planner").status_code == 403
    asked = {"forecast": {"job_id": of_hr.json()["id"], "name": "hours.csv"}}
    assert sqlite_api.ask("POST", f"centres/{centre}/requirements", "planner", json=asked).status_code == 403
    assert sqlite_api.ask("POST", f"jobs/{of_hr.json()['id']}/apply", "planner", version=1).status_code == 403
