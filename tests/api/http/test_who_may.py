"""Who may do what: every route, every role, in their own centre and team and in others'. A route that is not listed fails."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.access.scope import Role, machine
from api.commands.serve import document
from api.documentation import OPEN, operations
from api.store import call_outs, swaps
from tests.api.http.service import FILES, ZIP, Api, zipped
from tests.api.http.test_http_rotas import ROTA, new_rota

ROLES = ("lead", "planner", "hr", "agent", "admin")
# In their own centre, for what is of their own team or their own: y may, n may not (403), h it does not exist for them (404).
# "admin" is the administrator of one centre. In another centre, whatever is y is h.
SOLVED = (
    "forecasts",
    "requirements",
    "robust-rotas",
    "capacity-plans",
    "backtests",
    "rehearsals",
    "plans",
    "solves",
    "scenarios",
    "sweeps",
    "simulations",
    "replans",
    "bids",
)
OF_SCENARIOS = (
    "robust-rotas",
    "capacity-plans",
    "rehearsals",
    "scenarios",
    "sweeps",
    "simulations",
    "bids",
)
CENTRE, ROTA_, JOB = "/api/v1/centres/{centre_id}", "/api/v1/rotas/{rota_id}", "/api/v1/jobs/{job_id}"
SWAP, LEAVE_REQUEST = "/api/v1/swaps/{swap_id}", "/api/v1/leave-requests/{request_id}"
TABLE = {
    "GET /api/v1/centres": "y y y y y",
    "POST /api/v1/centres": "n n n n n",
    f"GET {CENTRE}": "y y y y y",
    f"PUT {CENTRE}": "n n n n y",
    f"GET {CENTRE}/export": "n y y n y",
    f"POST {CENTRE}/archive": "n n n n y",
    f"GET {CENTRE}/revisions": "n y y n y",
    f"POST {CENTRE}/undo": "n y n n y",
    f"GET {CENTRE}/files": "y y y y y",
    f"GET {CENTRE}/files/{{name}}": "y y y y y",
    f"PUT {CENTRE}/files/{{name}}": "y y n y y",
    f"DELETE {CENTRE}/files/{{name}}": "h y n h y",
    f"GET {CENTRE}/history": "n y n n y",
    f"POST {CENTRE}/history": "n y n n y",
    f"POST {CENTRE}/rotas": "y y n n y",
    f"GET {CENTRE}/rotas": "y y y y y",
    f"GET {ROTA_}": "y y y y y",
    f"PATCH {ROTA_}": "y y n n y",
    f"GET {ROTA_}/rows": "y y y y y",
    f"PUT {ROTA_}/rows": "y y n n y",
    f"GET {ROTA_}/days": "y y y y y",
    f"POST {ROTA_}/publish": "y y n n y",
    f"POST {ROTA_}/undo": "y y n n y",
    f"GET {ROTA_}/versions": "y y y y y",
    f"GET {ROTA_}/comparison": "y y y y y",
    f"GET {ROTA_}/violations": "y y y n y",
    f"POST {CENTRE}/swaps": "y y n y y",
    f"GET {CENTRE}/swaps": "y y n y y",
    f"GET {SWAP}": "y y n y y",
    f"GET {SWAP}/check": "y y n y y",
    **{f"POST {SWAP}/{step}": "y y n y y" for step in ("accept", "decline", "withdraw")},
    **{f"POST {SWAP}/{step}": "y y n n y" for step in ("approve", "refuse")},
    f"POST {CENTRE}/call-outs": "y y n n y",
    f"GET {CENTRE}/call-outs": "y y y y y",
    f"POST {CENTRE}/call-outs/{{call_out_id}}/release": "y y n n y",
    f"POST {CENTRE}/online": "y y n n y",
    f"GET {CENTRE}/peaks": "y y n n y",
    f"POST {CENTRE}/audits": "y y y n y",
    "POST /api/v1/audits": "y y y n y",
    **{f"POST {CENTRE}/{noun}": "n y n n y" for noun in SOLVED},
    **{f"POST {CENTRE}/{noun}": "y y n n y" for noun in ("plans", "solves", "replans")},
    f"POST {CENTRE}/large-audits": "n y y n y",
    f"POST {CENTRE}/closings": "n n y n y",
    **{f"GET {CENTRE}/{noun}": "y y n n y" for noun in ("forecasts", "requirements", "backtests")},
    **{f"GET {CENTRE}/{noun}": "n y n n y" for noun in OF_SCENARIOS},
    **{f"GET {CENTRE}/{noun}": "y y y y y" for noun in ("large-audits", "closings", "plans", "solves", "replans")},
    "GET /api/v1/jobs": "y y y y y",
    f"GET {JOB}": "h y h h y",
    f"POST {JOB}/cancel": "h y h n y",
    f"POST {JOB}/rerun": "h y h n y",
    f"GET {JOB}/files": "h y h h y",
    f"GET {JOB}/files/{{name}}": "h h h h h",  # this job has no file of that name
    f"POST {JOB}/rota": "h y n n y",
    f"POST {JOB}/apply": "n n h n y",
    f"GET {JOB}/events": "h y h h y",
    f"POST {CENTRE}/imports/preview": "n y n n y",
    f"POST {CENTRE}/imports": "n y n n y",
    f"POST {CENTRE}/people-imports/preview": "n n y n y",
    f"POST {CENTRE}/people-imports": "n n y n y",
    f"GET {CENTRE}/requests": "y y y y y",
    f"POST {CENTRE}/requests": "y y n y y",
    f"POST {CENTRE}/requests/withdrawal": "y y n y y",
    f"GET {CENTRE}/leave": "y y y y y",
    f"POST {CENTRE}/leave": "n n y n y",
    f"POST {CENTRE}/leave/withdrawal": "n n y n y",
    f"GET {CENTRE}/leave-requests": "y y y y y",
    f"POST {CENTRE}/leave-requests": "y n y y y",
    f"GET {LEAVE_REQUEST}": "y y y y y",
    f"POST {LEAVE_REQUEST}/withdraw": "y n y y y",
    **{f"POST {LEAVE_REQUEST}/{step}": "n n y n y" for step in ("grant", "refuse")},
    f"GET {CENTRE}/ledger": "y y y y y",
    f"GET {CENTRE}/people": "y y y y y",
    f"GET {CENTRE}/people/{{agent_id}}": "y y y y y",
    f"GET {CENTRE}/people/{{agent_id}}/export": "n n y y y",
    f"POST {CENTRE}/people/{{agent_id}}/restriction": "n n y n y",
    f"DELETE {CENTRE}/people/{{agent_id}}": "n n y n y",
    "GET /api/v1/me": "y y y y y",
    "GET /api/v1/members": "y y y y y",
    "POST /api/v1/members": "n n n n y",
    "GET /api/v1/members/{member_id}": "h h h h y",  # somebody else's, of the same centre
    "DELETE /api/v1/members/{member_id}": "n n n n y",
    "GET /api/v1/members/{member_id}/keys": "h h h h y",
    "POST /api/v1/members/{member_id}/keys": "n n n n y",
    "DELETE /api/v1/keys/{key_id}": "h h h h y",
    f"GET {CENTRE}/webhooks": "n n n n y",
    f"POST {CENTRE}/webhooks": "n n n n y",
    "GET /api/v1/webhooks/{webhook_id}": "n n n n y",
    "DELETE /api/v1/webhooks/{webhook_id}": "n n n n y",
    "GET /api/v1/webhooks/{webhook_id}/deliveries": "n n n n y",
    f"GET {CENTRE}/payroll": "n n y n y",
    "GET /api/v1/audit-log": "n n n n n",  # of all centres, and so for administrators of all
    "GET /api/v1/audit-log/verification": "n n n n n",
}  # fmt: skip
OF_PEOPLE = f"{CENTRE}/people/{{agent_id}}", f"{CENTRE}/people/{{agent_id}}/export"
QUERY = {"/api/v1/audits": {"presets": "eu-wtd"}, f"{ROTA_}/comparison": {"one": "1", "other": "1"}}
QUERY[f"{CENTRE}/payroll"] = {"start": "2026-03-02", "end": "2026-03-04"}
PUBLISHED = {f"{ROTA_}/comparison": {"one": "2", "other": "2"}}
ASKED = {
    "plans": {"start": "2026-03-02", "days": 7},
    "closings": {"rota": {"content": ROTA}},
    "large-audits": {"rota": {"content": ROTA}},
    "solves": {"start": "2026-03-02", "days": 7, "requirement": {"content": "x"}},
    "requirements": {"forecast": {"content": "x"}},
    "bids": {"rota": {"content": ROTA}, "bids": {"content": "agent_id,line,rank\nA1,B1,1\n"}, "order": "seniority"},
    "call-outs": {"pool": "none", "day": "2026-03-02", "agent_ids": ["A1"]},
    "online": {"items": [{"queue": "calls", "customers_online": 3}]},
    "simulations": {"rota": {"content": ROTA}, "forecast": {"content": "x"}},
    "requests": {"agent_id": "A1", "date": "2026-04-01", "kind": "off"},
    "requests/withdrawal": {"agent_id": "A1", "date": "2026-03-03", "kind": "off"},
    "leave": {"agent_id": "A1", "start": "2026-05-01", "end": "2026-05-02", "kind": "annual"},
    "leave/withdrawal": {"agent_id": "A1", "start": "2026-03-05", "end": "2026-03-06", "kind": "sick"},
    "leave-requests": {"agent_id": "A1", "start": "2026-07-01", "end": "2026-07-02"},
    "members": {"role": "hr"},
    "people/{agent_id}/restriction": {"until": "2100-01-01T00:00:00Z"},
}  # fmt: skip
SENT = {"/api/v1/centres": (zipped(FILES), ZIP), CENTRE: (zipped(FILES), ZIP)}
WEBHOOK = {"url": "https://example.com/hook", "events": ["rota.published"]}
NO_VERSION = "999"
TOLD = json.loads(document())


def world(api: Api) -> dict[str, str]:
    """One centre with all that routes name; ids by the name of the part of an address."""
    centre = api.new_centre()
    rota = new_rota(api, centre)["rota"]["id"]
    assert api.ask("POST", f"rotas/{rota}/publish", version=1).status_code == 200
    job = api.ask("POST", f"centres/{centre}/plans", json={"start": "2026-03-02", "days": 7}).json()["id"]
    assert api.ask("POST", f"jobs/{job}/cancel").status_code == 200
    member = api.ask("POST", "members", json={"role": "hr", "centre_id": centre}).json()["id"]
    key = api.ask("POST", f"members/{member}/keys", json={}).json()["id"]
    hook = api.ask("POST", f"centres/{centre}/webhooks", json=WEBHOOK | {"member_id": member}).json()["id"]
    for agent_id in ("A1", "B1"):  # so that nobody is erased while others still ask
        api.ask(
            "POST", f"centres/{centre}/people/{agent_id}/restriction", json={"until": "2100-01-01T00:00:00Z"}
        )
    leave = api.ask("POST", f"centres/{centre}/leave-requests", json=ASKED["leave"]).json()["id"]
    return {
        "centre_id": centre, "rota_id": rota, "request_id": leave, "job_id": job, "member_id": member, "key_id": key, "webhook_id": hook,
        "agent_id": "A1", "name": "requests.csv", "swap_id": new_swap(api, centre, rota),
        "call_out_id": new_call_out(api, centre),
    }  # fmt: skip


def new_swap(api: Api, centre: str, rota: str) -> str:
    """A gift of A1's shift to A2, as it was asked before the shift began."""
    at = datetime(2026, 3, 2, tzinfo=UTC)
    with api.store.write(machine("tests")) as transaction:
        transaction.now = at - timedelta(days=3)
        given = "A1", at.date(), (("2026-03-02T00:00:00Z", "2026-03-02T08:00:00Z", "day"),)
        return swaps.create(transaction, centre, rota, given, ("A2", None, ()), at).id


def new_call_out(api: Api, centre: str) -> str:
    """A call of A1."""
    with api.store.write(machine("tests")) as transaction:
        return call_outs.create(transaction, centre, "none", datetime(2026, 3, 2, tzinfo=UTC).date(), ["A1"])[
            0
        ].id


@pytest.fixture
def two(sqlite_api: Api) -> tuple[Api, dict[str, str], dict[str, str]]:
    """Two centres, and a member of each role in the first."""
    mine, others = world(sqlite_api), world(sqlite_api)
    of: dict[str, tuple[Role, dict[str, Any]]] = {
        "lead": (Role.TEAM_LEAD, {"teams": ["North"]}), "planner": (Role.PLANNER, {}), "hr": (Role.HR, {}),
        "agent": (Role.AGENT, {"agent_id": "A1"}), "admin": (Role.ADMIN, {}),
    }  # fmt: skip
    for name, (role, more) in of.items():
        sqlite_api.keys[name] = sqlite_api.key(role, centre_id=mine["centre_id"], **more)
    return sqlite_api, mine, others


def test_every_route_is_listed() -> None:
    listed = {f"{method.upper()} {address}" for address, method, _ in operations(TOLD) if address not in OPEN}
    assert listed == {*TABLE}


def test_every_route_for_every_role_in_their_own_centre(
    two: tuple[Api, dict[str, str], dict[str, str]],
) -> None:
    api, mine, _ = two
    wrong = []
    for route, row in TABLE.items():
        for who, expected in zip(ROLES, row.split(), strict=True):
            found = _verdict(api, route, who, mine)
            if found[0] != expected:
                wrong.append((route, who, expected, found))
    assert not wrong, "\n".join(map(str, wrong))


def test_nothing_of_another_centre_or_team_exists(two: tuple[Api, dict[str, str], dict[str, str]]) -> None:
    api, mine, others = two
    wrong = []
    for route, row in TABLE.items():
        for who, own in zip(ROLES, row.split(), strict=True):
            if "{" in route:
                expected = "n" if own == "n" else "h"
                found = _verdict(api, route, who, others)
                wrong += [(route, who, expected, found)] if found[0] != expected else []
            if route.partition(" ")[2] in OF_PEOPLE and own != "n":
                expected = "h" if who in ("lead", "agent") else "y"
                found = _verdict(api, route, who, mine | {"agent_id": "B1"})
                wrong += [(route, who, expected, found)] if found[0] != expected else []
    assert not wrong, "\n".join(map(str, wrong))


def test_who_may_read_and_change_which_file(two: tuple[Api, dict[str, str], dict[str, str]]) -> None:
    api, mine, _ = two
    table = {  # read, then change
        "centre.toml": ("n y y n y", "n y n n y"), "history.csv": ("n y n n y", "n y n n y"),
        "agents.csv": ("y y y y y", "n n y n y"), "leave.csv": ("y y y y y", "n n y n y"),
        "protections.csv": ("n n h h h", "n n y n y"), "events.csv": ("h h n n h", "n y n n y"),
        "ledger.csv": ("h h h h h", "n n y n y"), "exceptions.csv": ("h h h h h", "n n y n y"),
    }  # fmt: skip
    wrong = []
    for name, rows in table.items():
        for method, row in zip(("GET", "PUT"), rows, strict=True):
            for who, expected in zip(ROLES, row.split(), strict=True):
                found = _verdict(api, f"{method} {CENTRE}/files/{{name}}", who, mine | {"name": name})
                wrong += [(name, method, who, expected, found)] if found[0] != expected else []
    assert not wrong, "\n".join(map(str, wrong))


def test_a_planner_changes_settings_but_not_the_rules_of_work(
    two: tuple[Api, dict[str, str], dict[str, str]],
) -> None:
    api, mine, _ = two
    address, toml = f"centres/{mine['centre_id']}/files/centre.toml", FILES["centre.toml"]
    answers = [
        api.send("PUT", address, text, "application/toml", version=1, who="planner").status_code
        for text in (
            toml.replace('"cn-labour"', '"eu-wtd"'),
            toml.replace("hourly_cost = 30", "hourly_cost = 31"),
        )
    ]
    assert answers == [403, 200]


def _verdict(api: Api, route: str, who: str, ids: dict[str, str]) -> tuple[str, int, str]:
    """How a route answers: y, n or h, with status and text. Changes name a version that is not there, so that nothing changes."""
    method, _, address = route.partition(" ")
    query = PUBLISHED.get(address) if who == "agent" else QUERY.get(address)
    more: dict[str, Any] = {"params": query or {}}
    if method in ("POST", "PUT", "PATCH"):
        more |= _body(address, ids)
    headers = more.pop("headers", {}) | {"If-Match": f'"{NO_VERSION}"'}
    answer = api.ask(method, address.format(**ids), who, headers=headers, **more)
    assert answer.status_code < 500, (route, who, answer.text)
    if "there is no such row" in answer.text:  # somebody before took it back
        return "y", 404, ""
    letter = {403: "n", 404: "h"}.get(answer.status_code, "y")
    return letter, answer.status_code, answer.text[-200:] if letter != "y" else ""


def _body(address: str, ids: dict[str, str]) -> dict[str, Any]:
    noun = address.partition("{centre_id}/")[2] or address.removeprefix("/api/v1/")
    if noun == "webhooks":
        return {"json": WEBHOOK | {"member_id": ids["member_id"]}}
    if noun == "swaps":
        return {
            "json": {"rota_id": ids["rota_id"], "agent_id": "A1", "day": "2026-03-02", "with_agent_id": "A2"}
        }
    if noun == "replans":
        return {"json": {"rota": {"rota_id": ids["rota_id"]}, "now": "2026-03-02T10:00"}}
    if noun in ASKED:
        return {"json": ASKED[noun] | ({"centre_id": ids["centre_id"]} if noun == "members" else {})}
    if address in SENT:
        content, media = SENT[address]
        return {"content": content, "headers": {"Content-Type": media}}
    if address.endswith(("/rotas", "/rows", "/audits")):
        return {
            "content": ROTA.splitlines()[0] + "\n" + ROTA.splitlines()[1] + "\n",
            "headers": {"Content-Type": "text/csv"},
        }
    if address.endswith(
        ("/history", "/imports", "/imports/preview", "/people-imports", "/people-imports/preview")
    ):
        return {"content": FILES["history.csv"], "headers": {"Content-Type": "text/csv"}}
    if address.endswith("/files/{name}"):
        media = "application/toml" if ids["name"].endswith("toml") else "text/csv"
        content = "".join(
            FILES.get(ids["name"], "x").splitlines(keepends=True)[: 2 if media == "text/csv" else None]
        )  # of tables: the header, and A1
        return {"content": content, "headers": {"Content-Type": media}}
    examples = TOLD["paths"].get(address, {})
    told = next((each["requestBody"]["content"] for each in examples.values() if "requestBody" in each), {})
    return {"json": told["application/json"]["example"]} if "application/json" in told else {}
