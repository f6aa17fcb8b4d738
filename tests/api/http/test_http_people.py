"""People, members, keys and the audit log."""

import io
import zipfile

import pytest

from api.access.scope import Role
from api.asking import Rate
from api.errors import Problem
from tests.api.http.service import Api


def test_people_are_exported_restricted_and_erased(api: Api) -> None:
    centre = api.new_centre()
    address = f"centres/{centre}/people"
    assert api.get(address).json()["items"][0]["name"] == "王小明"
    archive = zipfile.ZipFile(io.BytesIO(api.get(f"{address}/A1/export").content))
    assert "王小明" in archive.read("person.json").decode()
    held = api.ask("POST", f"{address}/A1/restriction", json={"until": "2100-01-01T00:00:00Z"})
    assert held.json()["name"] == ""
    for until in ("0001-01-01T00:00:00+04:00", "9999-12-31T23:59:59-10:00", "2100-01-01T00:00:00", "soon"):
        assert api.ask("POST", f"{address}/A1/restriction", json={"until": until}).status_code == 422
    assert api.ask("DELETE", f"{address}/A1").status_code == 409
    assert api.ask("DELETE", f"{address}/B1").status_code == 204
    assert api.get(f"{address}/B1").status_code == 404
    assert "Bruno" not in api.get(f"centres/{centre}/files/agents.csv").text
    assert api.get("audit-log/verification").json()["broken_at"] is None


def test_a_key_is_shown_once_and_ends(api: Api) -> None:
    centre = api.new_centre()
    wanted = {"role": "planner", "kind": "service", "label": "feed", "centre_id": centre}
    made = api.ask("POST", "members", json=wanted).json()
    shown = api.ask("POST", f"members/{made['id']}/keys", json={"days": 1}).json()
    api.keys["feed"] = shown["key"]
    assert api.get("me", "feed").json() == made
    assert "key" not in api.get(f"members/{made['id']}/keys", "feed").json()["items"][0]
    assert [each["id"] for each in api.get("members", "feed").json()["items"]] == [made["id"]]
    assert api.ask("DELETE", f"keys/{shown['id']}", "feed").status_code == 204
    assert api.get("me", "feed").status_code == 401


def test_members_of_one_see_nothing_of_another(sqlite_api: Api) -> None:
    centre = sqlite_api.new_centre()
    sqlite_api.keys["local"] = sqlite_api.key(Role.ADMIN, centre_id=centre)
    other = sqlite_api.ask("POST", "members", json={"role": "admin"}).json()["id"]
    assert sqlite_api.get(f"members/{other}", "local").status_code == 404
    assert sqlite_api.ask("POST", "members", "local", json={"role": "admin"}).status_code == 404
    assert sqlite_api.get("audit-log", "local").status_code == 403
    assert (
        sqlite_api.ask(
            "POST", "members", json={"role": "agent", "centre_id": centre, "agent_id": "Z"}
        ).status_code
        == 409
    )


def test_too_many_requests_are_told_to_wait() -> None:
    rate = Rate(60)
    for _ in range(60):
        rate.take("m", 0.0)
    with pytest.raises(Problem) as told:
        rate.take("m", 0.0)
    assert (told.value.kind, told.value.headers["Retry-After"]) == ("too-many", "2")
    rate.take("other", 0.0)
    rate.take("m", 1.5)
