"""`paiban leave`: decisions told and written, what is applied to the folder's files, and bad input by name."""

import pandas as pd
import pytest

from api.cli import main
from centre.folder import read_centre

QUOTA = '\n[[leave_quota]]\nname = "一天一人"\nat_most = 1\n'
HEAD = "agent_id,start,end,kind,asked_at,priority,note\n"
ROWS = (
    "A001,2026-03-04,2026-03-05,病假,2026-02-03T10:00,,third",
    "A002,2026-03-04,2026-03-06,婚假,2026-02-02T10:00,,second",
    "A005,2026-03-05,2026-03-06,事假,2026-02-04T10:00,1,urgent",
    "A006,2026-03-09T13:00,2026-03-09T17:00,事假,2026-02-01T10:00,,first",
)


@pytest.fixture
def asked(folder):
    with (folder / "centre.toml").open("a", encoding="utf-8") as file:
        file.write(QUOTA)
    (folder / "leave_requests.csv").write_text(HEAD + "\n".join(ROWS) + "\n", encoding="utf-8")
    return folder


def test_decisions_in_the_order_of_priority_and_asking(asked, tmp_path, run):
    """A003 is away on 4 March by leave.csv: of the others who ask for that day each waits."""
    before = (asked / "leave.csv").read_bytes(), (asked / "leave_requests.csv").read_bytes()
    code, told = run("leave", asked, "--out", tmp_path / "decisions.csv")
    assert (code, told["counts"]) == (0, {"granted": 2, "waiting": 2, "refused": 0})
    assert [(d["row"], d["decision"], d["place"]) for d in told["decisions"]] == [
        (4, "granted", None), (5, "granted", None), (3, "waiting", 1), (2, "waiting", 2),
    ]  # fmt: skip
    table = pd.read_csv(tmp_path / "decisions.csv")
    assert list(table["row"]) == [4, 5, 3, 2]
    assert table["reason"].str.count("2026-03-0").tolist()[2:] == [2, 1]
    assert before == ((asked / "leave.csv").read_bytes(), (asked / "leave_requests.csv").read_bytes())


def test_applied_what_is_granted_is_leave_and_what_waits_stays(asked, run):
    leave = (asked / "leave.csv").read_text(encoding="utf-8")
    run("leave", asked, "--apply")
    assert (asked / "leave.csv").read_text(encoding="utf-8") == (
        leave + "A005,2026-03-05T00:00,2026-03-06T00:00,事假\nA006,2026-03-09T13:00,2026-03-09T17:00,事假\n"
    )
    assert (asked / "leave_requests.csv").read_text(encoding="utf-8").splitlines()[1:] == [ROWS[0], ROWS[1]]
    assert len(read_centre(asked).leave) == 3
    assert run("leave", asked)[1]["counts"] == {"granted": 0, "waiting": 2, "refused": 0}
    (asked / "leave.csv").write_text("agent_id,start,end,kind\n", encoding="utf-8")  # all withdraw
    assert run("leave", asked, "--apply")[1]["counts"] == {"granted": 1, "waiting": 1, "refused": 0}
    assert list(read_centre(asked).leave["agent_id"]) == ["A002"]


def test_times_of_leave_keep_the_form_of_the_file(asked, run):
    (asked / "leave.csv").write_text(
        "kind,agent_id,start,end\nx,A003,2026-03-04T00:00Z,2026-03-04T12:00Z\n", encoding="utf-8"
    )
    run("leave", asked, "--apply")
    lines = (asked / "leave.csv").read_text(encoding="utf-8").splitlines()
    assert lines[2] == "事假,A005,2026-03-04T16:00:00Z,2026-03-05T16:00:00Z"
    assert len(read_centre(asked).leave) == 3


def test_an_hour_that_clocks_show_twice_is_written_without_doubt(asked, run, edit):
    edit(asked / "centre.toml", "Asia/Shanghai", "Europe/Berlin")
    row = "A001,2026-10-25T00:30Z,2026-10-25T01:30Z,x,2026-02-01T10:00Z,,"
    (asked / "leave_requests.csv").write_text(HEAD + row + "\n", encoding="utf-8")
    run("leave", asked, "--apply")
    leave = read_centre(asked).leave
    assert [f"{leave[name].iloc[-1]:%H:%M}" for name in ("start", "end")] == ["00:30", "01:30"]
    assert leave["agent_id"].tolist() == ["A003", "A001"]
    assert f"{leave['start'].iloc[0]:%m-%d %H:%M}" == "03-03 23:00"


def test_kinds_of_leave_are_told_nowhere(asked, tmp_path, capsys):
    assert main(["leave", str(asked), "--out", str(tmp_path / "decisions.csv"), "--apply"]) == 0
    told = capsys.readouterr()
    text = told.out + told.err + (tmp_path / "decisions.csv").read_text(encoding="utf-8")
    assert not [kind for kind in ("病假", "婚假", "事假") if kind in text]
    assert "row 3, A002: waiting, place 1: 2026-03-04" in told.out


def test_bad_input_is_told_at_once_and_nothing_is_written(asked, run):
    rows = (
        "A099,2026-03-04,2026-03-05,病假,2026-02-03,,",
        "A001,2026-03-05,2026-03-04,,soon,,",
        "A002,2026-03-05,2026-03-06,,,x,",
    )
    (asked / "leave_requests.csv").write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    before = (asked / "leave.csv").read_bytes()
    code, told = run("leave", asked, "--apply")
    assert code == 2
    found = {(fault["row"], fault["column"]) for fault in told["faults"]}
    assert found >= {(2, "agent_id"), (3, "asked_at"), (4, "asked_at"), (4, "priority")}
    assert "病假" not in str(told)
    assert (asked / "leave.csv").read_bytes() == before


def test_the_files_that_are_needed(folder, run):
    code, told = run("leave", folder)
    assert (code, told["faults"][0]["file"]) == (2, "leave_requests.csv")
    (folder / "leave_requests.csv").write_text("agent_id,start,end,kind,asked_at\n", encoding="utf-8")
    assert run("leave", folder, "--apply")[1]["counts"] == {"granted": 0, "waiting": 0, "refused": 0}
    (folder / "leave.csv").unlink()
    (folder / "leave_requests.csv").write_text(HEAD + ROWS[3] + "\n", encoding="utf-8")
    assert run("leave", folder, "--apply")[0] == 0
    assert (folder / "leave.csv").read_text(encoding="utf-8").splitlines()[0] == "agent_id,start,end,kind"
    assert list(read_centre(folder).leave["agent_id"]) == ["A006"]
