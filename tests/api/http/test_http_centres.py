"""Centres through the API: imported, read, replaced, undone; what is wrong with them told as a problem."""

import io
import zipfile

import pytest

from tests.api.http.service import AGENTS, CSV, FILES, HISTORY, ZIP, Api, zipped


def test_a_centre_is_imported_read_and_exported(api: Api) -> None:
    made = api.send("POST", "centres?note=first", zipped(FILES), ZIP)
    assert (made.status_code, made.headers["etag"], made.json()["name"]) == (201, '"1"', "Desk")
    address = made.headers["location"]
    assert api.get(address).json()["revision"] == 1
    assert [each["id"] for each in api.get("centres").json()["items"]] == [made.json()["id"]]
    archive = zipfile.ZipFile(io.BytesIO(api.get(f"{address}/export").content))
    assert archive.read("history.csv").decode() == HISTORY
    assert "A1,王小明,North" in archive.read("agents.csv").decode()
    assert """A2,"'=HYPERLINK(""x"")",North""" in archive.read("agents.csv").decode()
    again = api.send("PUT", address, api.get(f"{address}/export").content, ZIP, version=1)
    assert again.json()["revision"] == 1  # what was handed out is what came in, apostrophe and all


def test_a_folder_around_the_files_is_taken_off(sqlite_api: Api) -> None:
    around = {f"desk/{name}": content for name, content in FILES.items()}
    assert sqlite_api.send("POST", "centres", zipped(around), ZIP).status_code == 201


@pytest.mark.parametrize("name", ["../agents.csv", "/etc/x", "a/../../b", "a\\b", "a/b/c.csv", ".hidden"])
def test_names_that_are_paths_are_refused(sqlite_api: Api, name: str) -> None:
    answer = sqlite_api.send("POST", "centres", zipped({**FILES, name: "x"}), ZIP)
    assert answer.status_code == 422
    assert answer.json()["type"] == "/api/v1/problems/bad-input"
    assert sqlite_api.get("centres").json()["items"] == []


def test_every_fault_of_every_file_is_told(api: Api) -> None:
    bad = FILES | {
        "history.csv": HISTORY.replace(",10,", ",-4,"),
        "agents.csv": AGENTS.replace("full-time", "5x9"),
    }
    answer = api.send("POST", "centres", zipped(bad), ZIP)
    faults = answer.json()["faults"]
    assert answer.headers["content-type"] == "application/problem+json"
    assert {fault["file"] for fault in faults} == {"history.csv", "agents.csv"}
    assert faults[0].keys() == {"file", "row", "column", "found", "expected"}


def test_zip_bombs_and_what_is_no_zip(sqlite_api: Api) -> None:
    bomb = zipped({**FILES, "events.csv": b"0" * (40 << 20)})
    assert len(bomb) < 1 << 17
    assert sqlite_api.send("POST", "centres", bomb, ZIP).status_code == 413
    assert sqlite_api.send("POST", "centres", b"PK\x03\x04 no", ZIP).status_code == 422
    assert sqlite_api.send("POST", "centres", b"{}", "application/json").status_code == 415


def test_many_rows_are_refused_before_they_are_read(sqlite_api: Api) -> None:
    rows = HISTORY + "2026-02-01T00:00:00Z,calls,1,240\n" * 100_000
    answer = sqlite_api.send("POST", "centres", zipped({**FILES, "history.csv": rows}), ZIP)
    assert (answer.status_code, answer.json()["type"]) == (413, "/api/v1/problems/too-large")


def test_versions_are_asked_for_and_stale_ones_refused(api: Api) -> None:
    centre = api.new_centre()
    address = f"centres/{centre}/files/requests.csv"
    rows = FILES["requests.csv"].replace("03-03", "03-05")
    assert api.send("PUT", address, rows).status_code == 428
    changed = api.send("PUT", address, rows, version=1)
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    stale = api.send("PUT", address, rows, version=1)
    assert (stale.status_code, stale.json()["type"]) == (412, "/api/v1/problems/stale")
    assert api.get(address).text == rows
    undone = api.ask("POST", f"centres/{centre}/undo", version=2)
    assert undone.json()["revision"] == 3
    assert api.get(address).text == FILES["requests.csv"]
    assert [each["shows"] for each in api.get(f"centres/{centre}/revisions").json()["items"]] == [1, 2, 1]
    assert api.get(f"{address}?revision=2").text == rows


def test_the_same_request_sent_again_is_done_once(api: Api) -> None:
    headers = {"Idempotency-Key": "import-1"}
    sent = zipped(FILES)
    one, two = (api.send("POST", "centres", sent, ZIP, headers=headers) for _ in range(2))
    assert one.json() == two.json()
    assert one.headers["location"] == two.headers["location"]
    assert len(api.get("centres").json()["items"]) == 1
    other = api.send("POST", "centres?note=x", sent, ZIP, headers=headers)
    assert (other.status_code, other.json()["type"]) == (422, "/api/v1/problems/idempotency-key-reused")
    centre = one.json()["id"]
    change = {"version": 1, "headers": {"Idempotency-Key": "c"}}
    rows = FILES["requests.csv"].replace("03-03", "03-05")
    answers = [
        api.send(
            "PUT",
            f"centres/{centre}/files/requests.csv",
            rows,
            CSV,
            **{**change, "headers": dict(change["headers"])},
        )  # type: ignore[arg-type]
        for _ in range(2)
    ]
    assert [each.json()["revision"] for each in answers] == [2, 2]


def test_spreadsheets_go_in_and_out(sqlite_api: Api) -> None:
    centre = sqlite_api.new_centre()
    address = f"centres/{centre}/files/agents.csv"
    sheet = sqlite_api.get(f"{address}?format=xlsx")
    assert sheet.content.startswith(b"PK")
    put = sqlite_api.send("PUT", address, sheet.content, sheet.headers["content-type"], version=1)
    assert put.json()["revision"] == 1
    book = sqlite_api.get(f"centres/{centre}/export?format=xlsx").content
    assert "<f>" not in zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml").decode()


def test_pages_follow_one_another(sqlite_api: Api) -> None:
    made = [sqlite_api.new_centre() for _ in range(3)]
    one = sqlite_api.get("centres?limit=2").json()
    two = sqlite_api.get(f"centres?limit=2&after={one['next']}").json()
    assert [each["id"] for each in one["items"] + two["items"]] == made
    assert two["next"] is None
    assert sqlite_api.ask("POST", f"centres/{made[0]}/archive", version=1).status_code == 204
    assert len(sqlite_api.get("centres").json()["items"]) == 2
    assert len(sqlite_api.get("centres?archived=true").json()["items"]) == 3
