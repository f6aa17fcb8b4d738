"""Bad input about new starters (policy P10): each fault is named with what to change, all at once."""

from datetime import date
from pathlib import Path

import pytest

from centre.errors import BadInput
from centre.folder import read_centre

HEADER = "agent_id,name,team,level,skills,contract,starts_on,leaves_on,stage,mentor"
MENTOR = "M1,,one,senior,calls,full,2020-01-01,,,"
FRIEND = "M2,,one,senior,客服,full,2020-01-01,2024-03-01,,"
GOOD = "S1,,one,junior,calls,full,2024-03-04,,induction,M1"


def faults_of(folder: Path, *agents: str, passes: str = "") -> list[tuple[str, int | None, str, str]]:
    """(file, row, column, expected) of every fault."""
    for name in ("leave", "requests", "ledger", "rota_before"):
        (folder / f"{name}.csv").unlink()
    (folder / "agents.csv").write_text("\n".join([HEADER, MENTOR, FRIEND, *agents]), encoding="utf-8")
    (folder / "passes.csv").write_text("agent_id,exam,date,result\n" + passes, encoding="utf-8")
    try:
        read_centre(folder)
    except BadInput as error:
        return [(fault.file, fault.row, fault.column, fault.expected) for fault in error.faults]
    return []


def test_a_starter_with_a_mentor_and_passes_is_right(folder: Path) -> None:
    passes = "S1,induction exam,2024-03-06,pass\nS1,practical exam,2024-03-07,fail\nS1,practical exam,2024-04-08,pass\n"
    assert faults_of(folder, GOOD, passes=passes) == []
    (centre,) = [read_centre(folder)]
    assert centre.passes["date"].tolist() == [date(2024, 3, 6), date(2024, 3, 7), date(2024, 4, 8)]


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("S1,,one,junior,calls,full,2024-03-04,,inducton,M1", "stage", "did you mean 'induction'?"),
        (
            "S1,,one,junior,calls,full,,,induction,M1",
            "starts_on",
            "the day on which somebody in induction starts",
        ),
        ("S1,,one,junior,calls,full,2024-03-04,,mentored,", "mentor", "whose stage is mentored"),
        (
            "S1,,one,junior,calls,full,2024-03-04,,mentored,M9",
            "mentor",
            "the agent_id of someone in this file",
        ),
        ("S1,,one,junior,calls,full,2024-03-04,,mentored,S1", "mentor", "does not mentor in turn (S1 -> S1)"),
        ("S1,,one,junior,客服,full,2024-03-04,,mentored,M2", "mentor", "M2 leaves on 2024-03-01"),
        (
            "S1,,one,junior,客服,full,2024-03-04,,mentored,M1",
            "mentor",
            "a mentor of S1 with one of the skills 客服",
        ),
    ],
)
def test_p10_a_starter_who_cannot_be_planned(folder: Path, row: str, column: str, words: str) -> None:
    (fault,) = faults_of(folder, row)
    assert fault[:3] == ("agents.csv", 4, column)
    assert words in fault[3]


def test_p10_circles_and_starters_as_mentors(folder: Path) -> None:
    found = faults_of(
        folder,
        "S1,,one,junior,calls,full,2024-03-04,,induction,S2",
        "S2,,one,junior,calls,full,2024-03-04,,induction,S1",
        "S3,,one,junior,calls,full,2024-03-04,,induction,S1",
    )
    assert [(fault[1], fault[2]) for fault in found] == [(4, "mentor"), (5, "mentor"), (6, "mentor")]
    assert "S1 -> S2 -> S1" in found[0][3]
    assert "S2 -> S1 -> S2" in found[1][3]
    assert "S1 is induction" in found[2][3]


@pytest.mark.parametrize(
    ("passes", "column", "words"),
    [
        ("S1,inducton exam,2024-03-06,pass", "exam", "did you mean 'induction exam'?"),
        ("S1,induction exam,2024-03-01,fail", "date", "a day on or after 2024-03-04"),
        ("S1,induction exam,2024-03-05,pass", "date", "2024-03-06 or later: induction takes 3 days"),
        ("S1,practical exam,2024-03-12,pass", "date", "a pass of the induction exam by S1 before it"),
        (
            "S1,induction exam,2024-03-06,pass\nS1,practical exam,2024-03-06,pass",
            "date",
            "a day after 2024-03-06",
        ),
        (
            "S1,induction exam,2024-03-06,pass\nS1,induction exam,2024-03-06,fail",
            "result",
            "one result of an exam",
        ),
    ],
)
def test_p10_exams_that_cannot_have_been(folder: Path, passes: str, column: str, words: str) -> None:
    (fault,) = faults_of(folder, GOOD, passes=passes)
    assert fault[0] == "passes.csv"
    assert fault[2] == column
    assert words in fault[3]


def test_p10_whose_month_cannot_be_counted(folder: Path) -> None:
    row = "S1,,one,junior,calls,full,,,mentored,M1"
    (fault,) = faults_of(folder, row)
    assert fault[0] == "passes.csv"
    assert "their starts_on in the agents file" in fault[3]


def test_a_pass_tells_when_the_month_began(folder: Path) -> None:
    row = "S1,,one,junior,calls,full,,,mentored,M1"
    assert faults_of(folder, row, passes="S1,induction exam,2024-03-06,pass") == []


def test_rows_that_cannot_be_read_are_told_once(folder: Path) -> None:
    found = faults_of(folder, GOOD, passes="S1,induction exam,soon,pass\nS9,induction exam,2024-03-06,pass")
    assert sorted(fault[:3] for fault in found) == [("passes.csv", 2, "date"), ("passes.csv", 3, "agent_id")]


@pytest.mark.parametrize(
    ("lines", "column"),
    [
        ("induction_meal_minutes = 540", "induction_meal_minutes"),
        ("exam_minutes = 300", "exam_minutes"),
        ('practical_exam = "induction exam"', "practical_exam"),
        ("ramp = []", "ramp"),
        ("mentor_load = 0", "mentor_load"),
        ("mentored_share = 1.5", "mentored_share"),
    ],
)
def test_settings_that_cannot_work(folder: Path, lines: str, column: str) -> None:
    toml = folder / "centre.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + f"\n[onboarding]\n{lines}\n", encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        read_centre(folder)
    assert [fault.column.split("[")[0] for fault in caught.value.faults] == [f"onboarding.{column}"]
