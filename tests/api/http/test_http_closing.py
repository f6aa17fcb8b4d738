"""Kinds of job beside plans: what each takes, and days closed by a job and then kept in the centre."""

from datetime import timedelta
from typing import Any

import pytest

from api.access.scope import Role, machine
from api.jobs.kinds import KINDS, kind_of
from api.routes.work import NOUNS
from api.store import jobs
from tests.api.http.service import Api
from tests.api.http.test_http_rotas import HEADER, ROTA, day_of

LEDGER = "agent_id,account,period,amount,unit,as_of\nA1,nights,2026-03,2,shifts,2026-03-03\n"
HOURS = "agent_id,month,pay_class,hours\nA1,2026-03,regular,14\n"
LIMITS = {"effort": 1, "seed": 1, "workers": 1}
WEEK = {"start": "2026-03-02", "days": 7}
ASKED: dict[str, dict[str, Any]] = {
    "closings": {"rota": {"content": ROTA}, "worked": {"content": ROTA}, **WEEK},
    "robust-rotas": {**WEEK, **LIMITS, "ways": 4, "measure": "p90", "change": ["volume=+10%"]},
    "capacity-plans": {
        "plan": {"content": "x"}, "start": "2026-03-02", "weeks": 52, "effort": 1, "seconds": 5, "seed": 1, "lang": "zh",
    },
    "backtests": {"origins": 2, "days": 7, "by": "horizon_day"},
    "rehearsals": {**WEEK, **LIMITS, "replications": 3, "peak_day": "2026-03-03"},
}  # fmt: skip


def test_every_kind_of_job_can_be_asked_for() -> None:
    assert {kind for _, kind, *_ in NOUNS} == {*KINDS} - {"nap"}


def test_all_that_the_new_kinds_take_is_taken_by_their_commands(sqlite_api: Api) -> None:
    centre = sqlite_api.new_centre()
    for noun, wanted in ASKED.items():
        answer = sqlite_api.ask("POST", f"centres/{centre}/{noun}", json=wanted)
        assert answer.status_code == 202, (noun, answer.text)
        args = answer.json()["args"]
        told = {*args["options"], *args["files"]}
        assert told == {name.replace("_", "-") for name in wanted}
        more = sqlite_api.ask("POST", f"centres/{centre}/{noun}", json=wanted | {"colour": 1})
        assert more.status_code == 422
        found = kind_of(answer.json()["kind"])
        assert told <= {*found.options, *found.files}


@pytest.fixture
def closed(sqlite_api: Api) -> tuple[Api, str, str]:
    """A centre and a closing of two days that is done."""
    centre = sqlite_api.new_centre()
    for name, role in (("hr", Role.HR), ("planner", Role.PLANNER)):
        sqlite_api.keys[name] = sqlite_api.key(role, centre_id=centre)
    return sqlite_api, centre, closing(sqlite_api, centre)


def closing(api: Api, centre: str) -> str:
    job = api.ask("POST", f"centres/{centre}/closings", "hr", json={"rota": {"content": ROTA}}).json()["id"]
    files = {"hours.csv": HOURS.encode(), "ledger.csv": LEDGER.encode(), "rota_before.csv": ROTA.encode()}
    with api.store.write(machine("worker")) as transaction:
        taken = jobs.claim(transaction, job, "w", timedelta(seconds=60))
        assert taken is not None
        result = {"first_day": "2026-03-02", "last_day": "2026-03-03"}
        jobs.finish(transaction, job, taken.attempt, result=result, files=files)
    return job


def test_a_closing_is_kept_only_when_that_is_asked_and_once(closed: tuple[Api, str, str]) -> None:
    api, centre, job = closed
    assert "ledger.csv" not in api.get(f"centres/{centre}/files").text
    address = f"jobs/{job}/apply"
    assert api.ask("POST", address, "hr").status_code == 428
    kept = api.ask("POST", address, "hr", version=1, headers={"Idempotency-Key": "k"})
    assert kept.status_code == 200, kept.text
    assert (kept.status_code, kept.headers["etag"]) == (200, '"2"')
    assert api.get(f"centres/{centre}/files/ledger.csv").text == LEDGER
    assert api.get(f"centres/{centre}/files/rota_before.csv").text == ROTA
    again = api.ask("POST", address, "hr", version=1, headers={"Idempotency-Key": "k"})
    assert (again.status_code, again.headers["etag"]) == (200, '"2"')
    assert api.ask("POST", address, "hr", version=2).status_code == 409
    second = closing(api, centre)  # of the same days, from the revision that has them
    assert "closed already" in api.ask("POST", f"jobs/{second}/apply", "hr", version=2).json()["detail"]
    assert api.ask("POST", f"centres/{centre}/undo", version=2).status_code == 200
    assert "ledger.csv" not in api.get(f"centres/{centre}/files").text


def test_a_closing_from_an_older_ledger_is_refused(closed: tuple[Api, str, str]) -> None:
    api, centre, job = closed
    changed = HEADER + day_of("A1", 1)
    assert api.send("PUT", f"centres/{centre}/files/rota_before.csv", changed, version=1).status_code == 200
    refused = api.ask("POST", f"jobs/{job}/apply", "hr", version=2)
    assert (refused.status_code, "since the job" in refused.json()["detail"]) == (409, True)
    plan = api.ask("POST", f"centres/{centre}/plans", json={**WEEK, "effort": 1}).json()["id"]
    assert api.ask("POST", f"jobs/{plan}/apply", version=2).status_code == 409


def test_hours_by_pay_class_are_for_those_who_may_export_payroll(closed: tuple[Api, str, str]) -> None:
    api, _, job = closed
    assert api.get(f"jobs/{job}/files/hours.csv", "hr").text == HOURS
    assert api.get(f"jobs/{job}/files/hours.csv", "planner").status_code == 403
    assert api.get(f"jobs/{job}/files/ledger.csv", "planner").status_code == 200
