"""Files of other tools over HTTP: previewed, changed, applied; the same again changes nothing, and faults keep everything out."""

import json

import pytest

from tests.api.http.service import Api
from tests.centre.test_foreign_history import DATA, FILES

QUEUES = {"电话客服": "calls", "在线客服": "", "chat": ""}
"""Of the files; the little centre has ``calls`` alone."""


def ask(api: Api, centre: str, step: str, name: str, **mapping):
    sent = {"name": FILES[name]} | ({"mapping": json.dumps(mapping)} if mapping else {})
    return api.send("POST", f"centres/{centre}/imports{step}", (DATA / FILES[name]).read_bytes(), params=sent)


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_each_format_is_previewed_and_applied_once(sqlite_api: Api, name) -> None:
    centre = sqlite_api.new_centre()
    preview = ask(sqlite_api, centre, "/preview", name, queues=QUEUES).json()
    assert (preview["format"], preview["intervals"], preview["faults"]) == (name, 56, [])
    assert sqlite_api.get(f"centres/{centre}").json()["revision"] == 1
    assert [ask(sqlite_api, centre, "", name, queues=QUEUES).json()["revision"] for _ in range(2)] == [2, 2]
    rows = sqlite_api.get(f"centres/{centre}/history?start=2026-02-14T00:00:00Z&limit=2").json()["items"]
    assert [(row["queue"], row["offered"], row["aht_seconds"]) for row in rows] == [
        ("calls", 17, 215),
        ("calls", 19, 192),
    ]


def test_faults_are_told_in_a_preview_and_refused_when_applied(sqlite_api: Api) -> None:
    centre = sqlite_api.new_centre()
    preview = ask(sqlite_api, centre, "/preview", "free").json()
    assert {(fault["row"], fault["column"]) for fault in preview["faults"]} == {(4, "技能组"), (5, "技能组")}
    assert ask(sqlite_api, centre, "", "free").json()["faults"] == preview["faults"]
    assert sqlite_api.get(f"centres/{centre}").json()["revision"] == 1


@pytest.mark.parametrize("mapping", ["{", '{"colour": 1}', '{"date_order": "ydm"}'])
def test_a_mapping_that_does_not_read_is_a_fault(sqlite_api: Api, mapping) -> None:
    centre = sqlite_api.new_centre()
    answer = sqlite_api.send(
        "POST", f"centres/{centre}/imports/preview", "time,queue\n", params={"mapping": mapping}
    )
    assert answer.status_code == 422
    assert {fault["file"] for fault in answer.json()["faults"]} == {"mapping"}


@pytest.mark.parametrize("name", ["../../etc/passwd", "..", "C:\\a\\b.csv"])
def test_a_name_is_no_path(sqlite_api: Api, name) -> None:
    centre = sqlite_api.new_centre()
    told = sqlite_api.send(
        "POST",
        f"centres/{centre}/imports/preview",
        "timestamp,queue,offered\n2026-02-14 08:00,calls,1\n",
        params={"name": name},
    ).json()
    assert told["file"] in ("passwd", "import.csv", "b.csv")
