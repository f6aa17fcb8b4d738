"""`paiban swap`: yes or no with reasons, who else could, what becomes of service, and faults by name."""

import pandas as pd
import pytest

from api.cli import main
from tests.api.test_cli_replan import DAY, HEAD, requirement, shift

NEXT = "2026-02-25"


@pytest.fixture
def week(folder, tmp_path):
    """A rota of two days: three people early on the first, one late; the late one early on the next."""
    place = tmp_path / "week"
    place.mkdir()
    rows = [
        *shift("A001", "08:00"),
        *shift("A002", "08:00"),
        *shift("A005", "13:30"),
        *shift("A004", "08:00"),
    ]
    rows += [row.replace(DAY, NEXT) for row in (*shift("A001", "08:00"), *shift("A003", "13:30"))]
    (place / "rota.csv").write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    (place / "requirement.csv").write_text(requirement(3), encoding="utf-8")
    return folder, place


def test_a_swap_that_breaks_a_rest_is_refused_with_who_else_could(week, run):
    folder, place = week
    code, told = run("swap", folder, "--rota", place, "--give", f"A005:{DAY}", "--with", "A001")
    assert (code, told["allowed"]) == (1, False)
    rests = [breach for breach in told["breaches"] if breach["rule"] == "rest-between-shifts"]
    assert {(b["agent_id"], b["found"], b["limit"]) for b in rests} >= {("A001", 600.0, 660.0)}
    assert {breach["agent_id"] for breach in told["breaches"]} == {"A001"}
    others = {other["agent_id"]: other["gives"] for other in told["others"]}
    assert others == {"A003": None, "A006": None, "A002": DAY, "A004": DAY}


def test_a_swap_that_may_be(week, run):
    folder, place = week
    code, told = run("swap", folder, "--rota", place, "--give", f"A005:{DAY}", "--with", "A002")
    assert (code, told["allowed"], told["breaches"], told["others"]) == (0, True, [], [])
    assert told["service_before"] == told["service_after"]


def test_shifts_of_two_days(week, run):
    folder, place = week
    words = ("swap", folder, "--rota", place, "--give", f"A002:{DAY}", "--with")
    assert run(*words, f"A003:{NEXT}")[1]["allowed"]
    code, told = run(*words, f"A004:{NEXT}")
    assert (code, told["faults"][0]["file"]) == (2, "--with")


def test_an_offer_tells_who_could_take_it(week, run):
    folder, place = week
    code, told = run("swap", folder, "--rota", place, "--give", f"A002:{DAY}")
    assert (code, told["with"], told["allowed"]) == (0, None, True)
    assert told["others"][0]["agent_id"] == "A003"
    assert told["others"][0]["gives"] is None


def test_skills_are_kept_and_service_says_what_a_swap_costs(week, run):
    """A004 answers calls slower: in A002's place, somebody who is off, the service of the day falls."""
    folder, place = week
    text = (place / "rota.csv").read_text(encoding="utf-8")
    (place / "rota.csv").write_text(text.replace("A004", "A006"), encoding="utf-8")
    told = run("swap", folder, "--rota", place, "--give", f"A002:{DAY}", "--with", "A004")[1]
    assert told["allowed"]
    assert told["service_after"]["in_time"] < told["service_before"]["in_time"]
    named = (place / "rota.csv").read_text(encoding="utf-8").replace("work:*", "work:chat")
    (place / "rota.csv").write_text(named, encoding="utf-8")
    code, told = run("swap", folder, "--rota", place, "--give", f"A006:{DAY}", "--with", "A003")
    assert (code, {breach["rule"] for breach in told["breaches"]}) == (1, {"skills"})


def test_people_read_it(week, capsys):
    folder, place = week
    assert main(["swap", str(folder), "--rota", str(place), "--give", f"A005:{DAY}", "--with", "A001"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("No: A001 takes A005's 早晚班 13:30-22:00")
    assert any("rest-between-shifts" in line for line in lines)
    assert "Who could take it:" in lines


@pytest.mark.parametrize(
    ("words", "option", "expected"),
    [
        (("--give", f"A009:{DAY}"), "--give", "an agent_id of the rota"),
        (("--give", "A001"), "--give", "an agent_id of the rota"),
        (("--give", "A001:monday"), "--give", "AGENT:DATE"),
        (("--give", "A001:2027-01-01"), "--give", "a day of the rota"),
        (("--give", f"A003:{DAY}"), "--give", "a day on which A003 has a shift"),
        (("--give", f"A001:{DAY}", "--with", "A001"), "--with", "somebody else than A001"),
        (("--give", f"A001:{DAY}", "--with", "A09"), "--with", "an agent_id of the rota"),
    ],
)
def test_what_was_asked_is_faulted_by_name(week, run, words, option, expected):
    folder, place = week
    code, told = run("swap", folder, "--rota", place, *words)
    assert code == 2
    assert [fault["file"] for fault in told["faults"]] == [option]
    assert expected in told["faults"][0]["expected"]


def test_without_a_requirement_no_service_is_told(week, run):
    folder, place = week
    (place / "requirement.csv").unlink()
    told = run("swap", folder, "--rota", place, "--give", f"A002:{DAY}")[1]
    assert told["service_before"] is None
    assert pd.read_csv(place / "rota.csv")["agent_id"].nunique() == 5
