"""Webhooks made, told of what the API does, ended; hours exported for payroll."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from api.access.scope import Role, machine
from api.notices import posting
from api.notices.formats import Answer
from api.notices.sender import Sender
from api.settings import ServiceSettings
from api.store import audit_log, jobs, notices
from tests.api.http.service import Api
from tests.api.http.test_http_rotas import HEADER, ROTA, new_rota
from tests.api.http.test_who_may import WEBHOOK

EVENTS = ["rota.published", "rota.changed", "breach", "job.failed"]


def hook(api: Api, centre: str, **more: Any) -> dict[str, Any]:
    """A new webhook of a new planner."""
    member = api.ask("POST", "members", json={"role": "planner", "centre_id": centre}).json()["id"]
    answer = api.ask("POST", f"centres/{centre}/webhooks", json=WEBHOOK | {"member_id": member} | more)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_a_webhook_is_made_told_of_what_happens_and_ended(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    centre, sent = api.new_centre(), []
    made = hook(api, centre, events=EVENTS)
    assert made["secret"].startswith("whsec_")
    monkeypatch.setattr(posting, "post", lambda each, **more: sent.append(each) or Answer(200, b""))
    rota = f"rotas/{new_rota(api, centre)['rota']['id']}"
    assert api.ask("POST", f"{rota}/publish", version=1).status_code == 200
    long = ROTA.replace("2026-03-02T08:00:00Z", "2026-03-02T16:00:00Z")
    assert api.send("PUT", f"{rota}/rows", long, version=2).status_code == 200
    assert api.ask("POST", f"{rota}/publish?accept_breaches=true", version=3).status_code == 200
    assert api.ask("POST", f"{rota}/publish", version=4).status_code == 409
    while Sender(api.store, ServiceSettings()).send_due():
        pass
    told = [each.content.decode() for each in sent]
    assert [each.split('"')[3] for each in told] == ["rota.published", "rota.changed", "breach"]
    assert '"people":[{"agent_id":"A1","count":2},{"agent_id":"B1","count":1}]' in told[0]
    assert '"people":[{"agent_id":"A1","count":1},{"agent_id":"B1","count":1}]' in told[1]
    deliveries = api.get(f"webhooks/{made['id']}/deliveries").json()["items"]
    assert [(each["kind"], each["last_status"]) for each in deliveries] == [
        ("breach", "200"), ("rota.changed", "200"), ("rota.published", "200"),
    ]  # fmt: skip
    page = api.get(f"webhooks/{made['id']}/deliveries?limit=2").json()
    assert api.get(f"webhooks/{made['id']}/deliveries?after={page['next']}").json()["items"] == deliveries[2:]
    assert api.ask("DELETE", f"webhooks/{made['id']}").status_code == 204
    assert api.get(f"webhooks/{made['id']}").json()["disabled_at"]


def test_a_job_that_fails_is_told(api: Api) -> None:
    centre = api.new_centre()
    made = hook(api, centre, events=EVENTS)
    with api.store.write(machine("test")) as transaction:
        job = jobs.create(transaction, "plan", centre, 1, {})
        taken = jobs.claim(transaction, job.id, "worker", timedelta(seconds=9))
        assert taken is not None
        problem = {"code": 3, "detail": "agents.csv, row 7: 王小明", "faults": []}
        jobs.finish(transaction, job.id, taken.attempt, problem=problem)
    with api.store.read(machine("test")) as transaction:
        (found,) = notices.find(transaction, made["id"])
        assert found[1] == "job.failed"
        (waits,) = notices.due(transaction)
    with api.store.write(machine("test")) as transaction:
        it = notices.take(transaction, waits, timedelta(seconds=9))
    assert it is not None
    assert (it.notice.object, it.notice.detail) == (f"job/{job.id}", {"work": "plan", "code": 3})


def test_address_and_secret_are_shown_to_nobody_again(api: Api) -> None:
    centre = api.new_centre()
    url = "https://oapi.dingtalk.com/robot/send?access_token=token"
    made = hook(api, centre, format="dingtalk", url=url, secret="SECret")
    assert made["secret"] is None
    shown = "".join(
        api.get(address).text
        for address in (f"webhooks/{made['id']}", f"centres/{centre}/webhooks", "audit-log")
    )
    assert "token" not in shown
    assert "SECret" not in shown
    assert "dingtalk.com" not in shown


def test_what_is_wrong_with_a_webhook_is_told(api: Api) -> None:
    centre = api.new_centre()
    member = api.ask("POST", "members", json={"role": "planner", "centre_id": centre}).json()["id"]
    other = api.ask("POST", "members", json={"role": "planner", "centre_id": api.new_centre()}).json()["id"]
    address, good = f"centres/{centre}/webhooks", WEBHOOK | {"member_id": member}
    for wrong, status in (
        ({"url": "http://example.com"}, 422), ({"events": []}, 422), ({"events": ["lunch"]}, 422), ({"format": "fax"}, 422),
        ({"secret": "x"}, 422), ({"format": "email", "url": "mailto:a@example.com"}, 422), ({"member_id": other}, 409),
        ({"member_id": centre}, 404), ({"lang": "de"}, 422), ({"free_at": None}, 422),
    ):  # fmt: skip
        assert api.ask("POST", address, json=good | wrong).status_code == status, wrong
    assert api.get(address).json()["items"] == []


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def year_before(rows: str) -> str:
    """The same shifts in a week that is long over: from Monday 2025-03-03 on."""
    return rows.replace("2026-03-02", "2025-03-03").replace("2026-03-03", "2025-03-04")


def published(api: Api, centre: str, rows: str = ROTA) -> str:
    """A published rota of the week from 2025-03-03."""
    answer = api.send("POST", f"centres/{centre}/rotas?start=2025-03-03&days=7", year_before(rows))
    assert answer.status_code == 201, answer.text
    address = f"rotas/{answer.json()['rota']['id']}"
    assert api.ask("POST", f"{address}/publish?accept_breaches=true", version=1).status_code == 200
    return address.removeprefix("rotas/")


def test_hours_of_published_days_by_pay_class(api: Api) -> None:
    centre = api.new_centre()
    published(api, centre)
    address = f"centres/{centre}/payroll?start=2025-03-03&end=2025-03-10"
    answer = api.get(address)
    assert answer.status_code == 200, answer.text
    rows = rows_of(answer.text)
    assert [(each["agent_id"], each["month"], each["pay_class"], float(each["hours"])) for each in rows] == [
        ("A1", "2025-03", "ordinary", 14.0), ("B1", "2025-03", "ordinary", 7.0),
    ]  # fmt: skip
    assert "agent_name" not in rows[0]
    assert "王小明" not in answer.text
    named = rows_of(api.get(f"{address}&names=true").text)
    assert [each["agent_name"] for each in named] == ["王小明", "Bruno Beispiel"]
    half = rows_of(api.get(f"centres/{centre}/payroll?start=2025-03-04&end=2025-03-05").text)
    assert [(each["agent_id"], float(each["hours"])) for each in half] == [("A1", 7.0)]
    with api.store.read(machine("test")) as transaction:
        lines = [each for each in audit_log.lines(transaction.connection) if each.action == "payroll.export"]
    assert [each.detail["names"] for each in lines] == [False, True, False]


def test_overtime_counts_the_days_before_the_span(api: Api) -> None:
    centre = api.new_centre()
    long = "".join(
        f"A1,2025-03-{day:02},2025-03-{day:02}T00:00:00Z,2025-03-{day:02}T08:00:00Z,work:calls,day,true\n"
        for day in range(3, 9)
    )
    published(api, centre, HEADER + long)
    whole = rows_of(api.get(f"centres/{centre}/payroll?start=2025-03-03&end=2025-03-10").text)
    last = rows_of(api.get(f"centres/{centre}/payroll?start=2025-03-08&end=2025-03-10").text)
    by_class = {each["pay_class"]: float(each["hours"]) for each in whole}
    assert sum(by_class.values()) == 48.0
    assert set(by_class) != {"ordinary"}
    assert [each["pay_class"] for each in last] == [each for each in by_class if each != "ordinary"]


def test_the_workbook_also_tells_by_which_law(api: Api) -> None:
    centre = api.new_centre()
    published(api, centre)
    answer = api.get(f"centres/{centre}/payroll?start=2025-03-03&end=2025-03-10&format=xlsx&names=true")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert book.sheet_names == ["hours", "law"]
    rows = book.get_sheet_by_name("hours").to_python()
    assert rows[0][:2] == ["agent_id", "agent_name"]
    assert rows[1][:2] == ["A1", "王小明"]
    told = [row[0] for row in book.get_sheet_by_name("law").to_python()]
    assert "What was published counts as worked, as it was planned." in told


def test_days_that_cannot_be_paid_are_told_one_by_one(api: Api) -> None:
    centre = api.new_centre()
    one = published(api, centre)
    start = f"centres/{centre}/payroll?start=2025-03-03&end="
    for end in ("2025-03-03", "2027-01-01", "2199-01-01"):
        assert api.get(start + end).status_code == 422
    told = api.get(f"{start}2025-03-12").json()["faults"]
    assert [each["found"] for each in told] == ["2025-03-10", "2025-03-11"]
    other = published(api, centre, HEADER + ROTA.splitlines(keepends=True)[1])
    told = api.get(f"{start}2025-03-10").json()["faults"]
    assert len(told) == 1
    assert "A1, 2025-03-03" in told[0]["expected"]
    assert told[0]["found"].startswith(f"{one}, {other[:8]}")


def test_who_has_no_rights_in_payroll_is_refused(api: Api) -> None:
    centre = api.new_centre()
    published(api, centre)
    for role, status in ((Role.PLANNER, 403), (Role.HR, 200)):
        api.keys["them"] = api.key(role, centre_id=centre)
        address = f"centres/{centre}/payroll?start=2025-03-03&end=2025-03-10&names=true"
        assert api.get(address, "them").status_code == status
