"""Jobs through the API: accepted durably, watched as events, cancelled; what they made."""

import json
from datetime import timedelta

from api.access.scope import Role, machine
from api.store import jobs
from tests.api.http.service import Api
from tests.api.http.test_http_rotas import ROTA

PLAN = {"start": "2026-03-02", "days": 7, "effort": 1}
WORKER = machine("worker")


def ended(api: Api, job_id: str, files: dict[str, bytes]) -> None:
    """Do what a worker does."""
    with api.store.write(WORKER) as transaction:
        taken = jobs.claim(transaction, job_id, "w", timedelta(seconds=60))
        assert taken is not None
        jobs.report(transaction, job_id, taken.attempt, {"step": "solve", "gap": 0.1})
        jobs.finish(transaction, job_id, taken.attempt, result={"status": "done"}, files=files)


def test_a_job_is_durable_before_202_and_accepted_once(api: Api) -> None:
    centre = api.new_centre()
    headers = {"Idempotency-Key": "p1"}
    one, two = (
        api.ask("POST", f"centres/{centre}/plans", json=PLAN, headers=dict(headers)) for _ in range(2)
    )
    assert (one.status_code, one.headers["location"]) == (202, two.headers["location"])
    found = api.get(one.headers["location"]).json()
    assert (found["state"], found["centre_revision"]) == ("queued", 1)
    assert found["args"]["options"] == {"start": "2026-03-02", "days": 7, "effort": 1}
    assert [each["id"] for each in api.get(f"centres/{centre}/plans").json()["items"]] == [found["id"]]
    assert [each["id"] for each in api.get("jobs?state=queued&kind=plan").json()["items"]] == [found["id"]]
    assert api.ask("POST", f"jobs/{found['id']}/cancel").json()["state"] == "cancelled"
    again = api.ask("POST", f"jobs/{found['id']}/rerun")
    assert (again.status_code, again.json()["args"]["rerun_of"]) == (202, found["id"])


def test_what_a_kind_does_not_take_is_refused(sqlite_api: Api) -> None:
    centre = sqlite_api.new_centre()
    for wrong in ({"days": 7}, PLAN | {"colour": "red"}, PLAN | {"days": "7"}, PLAN | {"seed": -1}):
        assert sqlite_api.ask("POST", f"centres/{centre}/plans", json=wrong).status_code == 422
    both = {"forecast": {"content": "x", "job_id": "0190f0c4-8a5b-7c3d-9e2f-1a2b3c4d5e6f"}}
    assert sqlite_api.ask("POST", f"centres/{centre}/requirements", json=both).status_code == 422
    assert sqlite_api.get("jobs").json()["items"] == []


def test_events_are_streamed_and_go_on_behind_the_last(api: Api) -> None:
    centre = api.new_centre()
    job = api.ask("POST", f"centres/{centre}/plans", json=PLAN).json()["id"]
    ended(api, job, {"rota.csv": ROTA.encode()})
    text = api.get(f"jobs/{job}/events").text
    assert [line for line in text.splitlines() if line.startswith("event:")] == [
        "event: queued", "event: started", "event: progress", "event: done",
    ]  # fmt: skip
    later = api.get(f"jobs/{job}/events", headers={"Last-Event-ID": "3"}).text
    assert [line for line in later.splitlines() if line.startswith("id:")] == ["id: 4"]
    assert api.get("jobs/0190f0c4-8a5b-7c3d-9e2f-1a2b3c4d5e6f/events").status_code == 404
    assert api.get(f"jobs/{job}/events", headers={"Last-Event-ID": "x"}).status_code == 422


def test_a_plan_that_is_done_becomes_a_draft(api: Api) -> None:
    centre = api.new_centre()
    job = api.ask("POST", f"centres/{centre}/plans", json=PLAN).json()["id"]
    assert api.ask("POST", f"jobs/{job}/rota").status_code == 409
    ended(
        api,
        job,
        {"rota.csv": ROTA.encode(), "plan.json": json.dumps({"start": "2026-03-02", "days": 7}).encode()},
    )
    assert {each["name"] for each in api.get(f"jobs/{job}/files").json()["items"]} == {
        "rota.csv",
        "plan.json",
    }
    assert api.get(f"jobs/{job}/files/rota.csv").text == ROTA
    made = api.ask("POST", f"jobs/{job}/rota").json()
    assert api.get(f"rotas/{made['id']}/rows").text == ROTA
    assert api.ask("POST", f"jobs/{job}/cancel").status_code == 409
    of_rota = {
        "rota": {"rota_id": made["id"]},
        "forecast": {"content": "interval_start,queue,offered,aht_seconds\n"},
    }
    assert api.ask("POST", f"centres/{centre}/simulations", json=of_rota).status_code == 202


def test_a_bidding_that_is_done_becomes_a_draft(sqlite_api: Api) -> None:
    centre = sqlite_api.new_centre()
    asked = {
        "rota": {"content": ROTA},
        "bids": {"content": "agent_id,line,rank\nA1,B1,1\n"},
        "order": "seniority",
    }
    assert sqlite_api.ask("POST", f"centres/{centre}/bids", json=asked | {"order": "luck"}).status_code == 422
    job = sqlite_api.ask("POST", f"centres/{centre}/bids", json=asked).json()["id"]
    horizon = json.dumps({"start": "2026-03-02", "days": 2}).encode()
    ended(sqlite_api, job, {"rota.csv": ROTA.encode(), "bids.json": horizon})
    made = sqlite_api.ask("POST", f"jobs/{job}/rota").json()
    assert (made["start"], made["days"]) == ("2026-03-02", 2)


def test_others_jobs_are_not_found(sqlite_api: Api) -> None:
    centre, other = sqlite_api.new_centre(), sqlite_api.new_centre()
    job = sqlite_api.ask("POST", f"centres/{centre}/plans", json=PLAN).json()["id"]
    sqlite_api.keys["hr"] = sqlite_api.key(Role.HR, centre_id=centre)
    sqlite_api.keys["planner"] = sqlite_api.key(Role.PLANNER, centre_id=other)
    sqlite_api.keys["lead"] = sqlite_api.key(Role.TEAM_LEAD, centre_id=centre, teams=["North"])
    for who in ("hr", "planner", "lead"):
        assert sqlite_api.get(f"jobs/{job}", who=who).status_code == 404
        assert sqlite_api.get("jobs", who=who).json()["items"] == []
    replan = {"rota": {"content": ROTA}, "now": "2026-03-02T10:00"}
    assert sqlite_api.ask("POST", f"centres/{centre}/replans", "lead", json=replan).status_code == 403


def test_a_member_has_only_so_many_jobs_waiting(sqlite_api: Api) -> None:
    centre = sqlite_api.new_centre()
    answers = [sqlite_api.ask("POST", f"centres/{centre}/plans", json=PLAN) for _ in range(7)]
    assert [each.status_code for each in answers] == [202] * 6 + [429]
    assert answers[-1].headers["retry-after"]


def test_nobody_learns_from_a_job_why_a_law_protects_somebody(sqlite_api: Api) -> None:
    """What a worker makes of an audit names the law; HR reads it, a planner learns that one protects, and no more."""
    centre = sqlite_api.new_centre()
    for name, role in (("planner", Role.PLANNER), ("hr", Role.HR)):
        sqlite_api.keys[name] = sqlite_api.key(role, centre_id=centre)
    audit = {"rota": {"content": ROTA}}
    job = sqlite_api.ask("POST", f"centres/{centre}/large-audits", json=audit, who="planner").json()["id"]
    law = "Labour Law of the PRC art. 61"
    finding = {"rule": "no-night-work:protected", "source": law, "agent_id": "A1", "explanation": f"by {law}"}
    other = {"rule": "rest-between-shifts", "source": "art. 4", "agent_id": "A1", "explanation": "short"}
    rows = "".join(",".join(each.values()) + "\n" for each in (finding, other))
    table = f"{','.join(finding)}\n{rows}"
    files = {"violations.csv": table.encode(), "report.html": f"<p>{law}".encode()}
    with sqlite_api.store.write(WORKER) as transaction:
        taken = jobs.claim(transaction, job, "w", timedelta(seconds=60))
        assert taken is not None
        jobs.finish(transaction, job, taken.attempt, result={"violations": [finding, other]}, files=files)

    def read(who: str) -> list[str]:
        listed = [f"jobs?centre_id={centre}", f"centres/{centre}/large-audits", f"jobs/{job}"]
        return [sqlite_api.get(path, who=who).text for path in (*listed, f"jobs/{job}/files/violations.csv")]

    assert not any(law in text for text in read("planner"))
    assert all("no-night-work:protected" in text and "art. 4" in text for text in read("planner"))
    assert sqlite_api.get(f"jobs/{job}/files/report.html", who="planner").status_code == 403
    assert sqlite_api.get(f"jobs/{job}/files/violations.csv").text.count(law) == 2
    assert sqlite_api.get(f"jobs/{job}/files/report.html").status_code == 200


def test_a_page_of_a_job_without_such_a_finding_is_read_by_planners(sqlite_api: Api) -> None:
    centre = sqlite_api.new_centre()
    sqlite_api.keys["planner"] = sqlite_api.key(Role.PLANNER, centre_id=centre)
    job = sqlite_api.ask("POST", f"centres/{centre}/plans", json=PLAN, who="planner").json()["id"]
    table = (
        b'rule,source,agent_id,explanation\nrest,"a, b",A1,"short "\n'  # not as our own writer would write it
    )
    ended(sqlite_api, job, {"violations.csv": table, "report.html": b"<p>fine"})
    assert sqlite_api.get(f"jobs/{job}/files/report.html", who="planner").content == b"<p>fine"
    assert sqlite_api.get(f"jobs/{job}/files/violations.csv", who="planner").content == table


def test_cancelling_and_running_again_are_done_once(sqlite_api: Api) -> None:
    centre = sqlite_api.new_centre()
    job = sqlite_api.ask("POST", f"centres/{centre}/plans", json=PLAN).json()["id"]
    first, second = (
        sqlite_api.ask("POST", f"jobs/{job}/cancel", headers={"Idempotency-Key": "c"}) for _ in range(2)
    )
    assert (first.status_code, first.json()["state"], second.content) == (200, "cancelled", first.content)
    again = [
        sqlite_api.ask("POST", f"jobs/{job}/rerun", headers={"Idempotency-Key": "r"}).json()["id"]
        for _ in range(2)
    ]
    assert again[0] == again[1]
    assert {each["id"] for each in sqlite_api.get("jobs").json()["items"]} == {job, again[0]}
    other = sqlite_api.ask("POST", f"jobs/{again[0]}/cancel", headers={"Idempotency-Key": "c"})
    assert other.json()["type"].endswith("/idempotency-key-reused")


def test_what_is_known_already_is_not_sent_again(sqlite_api: Api) -> None:
    centre = sqlite_api.new_centre()
    job = sqlite_api.ask("POST", f"centres/{centre}/plans", json=PLAN).json()["id"]
    ended(sqlite_api, job, {"rota.csv": ROTA.encode()})
    rota = sqlite_api.send("POST", f"centres/{centre}/rotas", ROTA).json()["rota"]["id"]
    for path in (
        f"centres/{centre}",
        f"centres/{centre}/files",
        f"centres/{centre}/files/requests.csv",
        f"rotas/{rota}",
        f"jobs/{job}/files/rota.csv",
    ):
        tag = sqlite_api.get(path).headers["etag"]
        same = sqlite_api.get(path, headers={"If-None-Match": f'"other", W/{tag}'})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag), path
        assert sqlite_api.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    names = f"centres/{centre}/files/agents.csv"  # people are erased without a new revision
    tag = sqlite_api.get(names).headers["etag"]
    assert sqlite_api.get(names, headers={"If-None-Match": tag}).status_code == 200
