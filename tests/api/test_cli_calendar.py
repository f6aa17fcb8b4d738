"""`paiban calendar`: feeds of a week on disk, brought up to date, and bad input by name."""

from icalendar import Calendar

from tests.api.test_cli_replan import DAY, HEAD, shift


def week(tmp_path, *rows):
    (tmp_path / "rota.csv").write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    return tmp_path / "rota.csv"


def bytes_of(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.*")}


def test_feeds_are_written_and_brought_up_to_date(folder, tmp_path, run):
    out = tmp_path / "feeds"
    words = (
        "calendar",
        folder,
        "--rota",
        week(tmp_path, *shift("A001", "08:00"), *shift("A002", "08:00")),
        "--out",
        out,
    )
    code, told = run(*words)
    assert (code, told["feeds"]["agents"], told["events"]["new"]) == (0, 6, 4)
    first = bytes_of(out)
    assert run(*words)[1]["events"]["unchanged"] == 4
    assert bytes_of(out) == first
    week(tmp_path, *shift("A001", "09:00"))
    code, told = run(*words, "--now", f"{DAY}T10:00")
    assert told["events"] == {"new": 0, "changed": 2, "unchanged": 0, "cancelled": 2}
    (event,) = Calendar.from_ical((out / "agents/A001.ics").read_bytes()).walk("VEVENT")
    assert (event["SEQUENCE"], f"{event['DTSTAMP'].dt:%H:%M}") == (1, "02:00")


def test_feeds_before_may_lie_elsewhere_and_stay(folder, tmp_path, run):
    rota = week(tmp_path, *shift("A001", "08:00"))
    run("calendar", folder, "--rota", rota, "--out", tmp_path / "old")
    old = bytes_of(tmp_path / "old")
    week(tmp_path, *shift("A001", "09:00"))
    words = ("calendar", folder, "--rota", rota, "--out", tmp_path / "new", "--previous", tmp_path / "old")
    assert run(*words, "--names", "--lang", "zh")[1]["events"]["changed"] == 2
    assert bytes_of(tmp_path / "old") == old
    text = next((tmp_path / "new" / "teams").glob("*.ics")).read_text(encoding="utf-8")
    assert "SUMMARY:林艳: 早晚班" in text


def test_a_folder_that_is_not_ours_is_left_alone(folder, tmp_path, run):
    rota, mine = week(tmp_path, *shift("A001", "08:00")), tmp_path / "mine"
    mine.mkdir()
    (mine / "notes.txt").write_text("keep", encoding="utf-8")
    code, told = run("calendar", folder, "--rota", rota, "--out", mine)
    assert (code, told["faults"][0]["file"]) == (2, "--out")
    assert bytes_of(mine) == {(mine / "notes.txt").relative_to(mine): b"keep"}
    for option, value in (("--previous", mine), ("--now", "noon"), ("--agent", "A099")):
        code, told = run("calendar", folder, "--rota", rota, "--out", tmp_path / "out", option, value)
        assert (code, told["faults"][0]["file"]) == (2, option)
        assert not (tmp_path / "out").exists()
