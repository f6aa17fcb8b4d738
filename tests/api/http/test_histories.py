"""Histories: appended to and corrected row by row; the same again changes nothing."""

from tests.api.http.service import HISTORY, Api

HEADER = "interval_start,queue,offered,aht_seconds\n"


def test_rows_are_added_corrected_and_told_twice_without_effect(api: Api) -> None:
    address = f"centres/{api.new_centre()}/history"
    rows = HEADER + "2026-02-14T07:00:00Z,calls,99,200\n2026-02-14T07:30:00Z,calls,5,200\n"
    assert [api.send("POST", address, rows).json()["revision"] for _ in range(2)] == [2, 2]
    told = api.get(f"{address}?start=2026-02-14T07:00:00Z").json()["items"]
    assert [row["offered"] for row in told] == [99.0, 5.0]
    assert api.send("POST", address, HISTORY).json()["revision"] == 3  # the correction is taken back


def test_history_comes_in_pages_and_filtered(sqlite_api: Api) -> None:
    address = f"centres/{sqlite_api.new_centre()}/history"
    one = sqlite_api.get(f"{address}?limit=100").json()
    two = sqlite_api.get(f"{address}?limit=100&after={one['next']}").json()
    assert [len(one["items"]), len(two["items"]), two["next"]] == [100, 12, None]
    assert one["items"][-1]["interval_start"] < two["items"][0]["interval_start"]
    assert sqlite_api.get(f"{address}?queue=chat").json()["items"] == []


def test_faults_name_rows_and_nothing_is_stored(sqlite_api: Api) -> None:
    centre = sqlite_api.new_centre()
    answer = sqlite_api.send("POST", f"centres/{centre}/history", HEADER + "2026-02-15T07:00:00Z,fax,-1,x\n")
    assert {fault["column"] for fault in answer.json()["faults"]} >= {"offered", "aht_seconds"}
    assert sqlite_api.get(f"centres/{centre}").json()["revision"] == 1
