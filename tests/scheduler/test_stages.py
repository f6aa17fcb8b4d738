"""Stages of starters by day: left by a recorded pass, else by one that is assumed on the first day that the length allows."""

import pandas as pd
import pytest

from centre.onboarding import Onboarding
from centre.people import Agent
from scheduler.phases import phased, speeds_by_day
from scheduler.rota import Rota
from scheduler.stages import OPEN_END, Starter, starter_of, with_exams_of

MONDAY = 4  # 5 January 1970
WEEKDAYS = [day for day in range(-60, 300) if (day + 3) % 7 < 5]
P10 = Onboarding()


def starter(stage="induction", results=(), first_day=MONDAY, starts_on=MONDAY, onboarding=P10, **more):
    agent = Agent(
        "s", "", "", "junior", (("calls", 1.0),), "full", starts_on=starts_on, stage=stage, mentor="m"
    )
    return starter_of(agent, results, onboarding, WEEKDAYS, first_day, **more)


def test_p10_three_days_of_induction_then_thirty_beside_a_mentor_then_independent():
    found = starter()
    # Monday to Wednesday 4..6, then 7..36; day 36 is a Friday, on which the exam can lie
    assert found.stages == (("induction", 4, 6), ("mentored", 7, 36), ("independent", 37, OPEN_END))
    assert [(exam.name, exam.day, exam.overdue) for exam in found.exams] == [
        ("induction exam", 6, False), ("practical exam", 36, False),
    ]  # fmt: skip
    assert [found.is_assumed(day) for day in (6, 7, 36, 37)] == [False, True, True, True]


def test_p10_a_recorded_pass_takes_effect_on_the_day_after_and_is_no_assumption():
    found = starter(results=[(8, "induction exam", True)])
    assert found.stages[:2] == (("induction", 4, 8), ("mentored", 9, 38 + 1))  # 38 is a Sunday: Monday 39
    assert [exam.name for exam in found.exams] == ["practical exam"]
    assert not found.is_assumed(20)


def test_p10_without_a_pass_no_date_ends_a_stage_that_is_overdue():
    found = starter(first_day=MONDAY + 21)
    (induction, _) = found.exams
    assert (induction.day, induction.overdue) == (MONDAY + 21, True)
    assert found.stage_on(MONDAY + 21) == "induction"
    assert found.stage_on(MONDAY + 22) == "mentored"


def test_p10_a_failed_exam_is_planned_again_and_the_stage_goes_on():
    found = starter("mentored", [(6, "induction exam", True), (36, "practical exam", False)], first_day=32)
    (exam,) = found.exams
    assert (exam.day, exam.again, exam.overdue) == (39, True, False)  # failed on Friday 36: Monday 39
    assert (found.stage_on(37), found.stage_on(40)) == ("mentored", "independent")


def test_p10_a_pass_counts_even_after_a_failure():
    results = [(6, "induction exam", True), (36, "practical exam", False), (37, "practical exam", True)]
    found = starter("mentored", results, first_day=32)
    assert found.exams == ()
    assert (found.stage_on(37), found.stage_on(38)) == ("mentored", "independent")


def test_p10_days_of_induction_are_open_days_and_no_more_a_week_than_the_contract_has():
    onboarding = Onboarding(induction_days=6)
    assert starter(onboarding=onboarding, starts_on=MONDAY + 4).stages[0] == ("induction", 8, 15)
    assert starter(onboarding=onboarding, days_a_week=2).stages[0] == ("induction", 4, 19)


@pytest.mark.parametrize(
    ("day", "speed"), [(6, 0.0), (7, 0.4), (13, 0.4), (14, 0.5), (28, 0.7), (36, 0.7), (37, 1.0)]
)
def test_p10_the_ramp_goes_by_weeks_of_the_mentored_stage_and_its_last_holds_on(day, speed):
    assert starter().speed_on(day, P10) == speed


def test_p10_who_watches_half_of_the_time_serves_with_half_of_the_ramp():
    assert starter().speed_on(7, Onboarding(mentored_share=0.5)) == 0.2


def test_stages_of_no_length_are_skipped():
    found = starter(onboarding=Onboarding(induction_days=0, mentored_days=0))
    assert (found.stages, found.exams) == ((("independent", 4, OPEN_END),), ())


def rota(*rows):
    """Rows (agent, day, activity) from 09:00 to 17:00."""
    table = pd.DataFrame(rows, columns=["agent_id", "day", "activity"])
    day = pd.to_datetime(table["day"], unit="D", utc=True)
    table = table.assign(
        start=day + pd.Timedelta(hours=9),
        end=day + pd.Timedelta(hours=17),
        shift="day",
        paid=True,
        day=day.dt.date,
    )
    return Rota.from_frame(table)


def test_an_exam_put_off_in_a_rota_makes_the_stage_longer():
    moved = with_exams_of(starter(), rota(("s", 39, "exam:practical exam")))
    assert moved.stages == (("induction", 4, 6), ("mentored", 7, 39), ("independent", 40, OPEN_END))
    both = with_exams_of(starter(), rota(("s", 7, "exam:induction exam")))
    assert both.stages == (("induction", 4, 7), ("mentored", 8, 37), ("independent", 38, OPEN_END))
    assert with_exams_of(starter(), rota(("m", 39, "work:*"))) == starter()


def test_starter_and_mentor_have_a_speed_of_their_own_on_the_days_that_they_share():
    days = rota(
        ("s", 7, "work:*"), ("m", 7, "work:*"), ("m", 8, "work:*"), ("s", 37, "work:*"), ("m", 37, "work:*")
    )
    assert speeds_by_day(days, [starter()], P10) == {("s", 7): 0.4, ("m", 7): 0.9}
    people = [Agent(name, "", "", "junior", (("calls", 1.0),), "full") for name in "sm"]
    by_day, found = phased(days, people, speeds_by_day(days, [starter()], P10))
    assert dict(zip((a.agent_id for a in found), (a.skills[0][1] for a in found), strict=True)) == {
        "s": 1.0, "m": 1.0, "s at 0.4": 0.4, "m at 0.9": 0.9,
    }  # fmt: skip
    worked = {(by_day.agent_ids[a], d) for a, d in zip(by_day.agent, by_day.day.tolist(), strict=True)}
    assert worked == {("s at 0.4", 7), ("m at 0.9", 7), ("m", 8), ("s", 37), ("m", 37)}


def test_without_starters_nothing_is_changed():
    days = rota(("m", 7, "work:*"))
    assert phased(days, (), speeds_by_day(days, [], P10)) == (days, ())
    assert Starter("s", "m", ()).stage_on(7) is None
