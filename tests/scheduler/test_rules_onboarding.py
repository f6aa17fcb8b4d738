"""Rules on new starters, worked by hand (policy P10): exactly at the limit, a minute over, other shifts, two starters, what is unknown."""

from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from centre.instants import day_of, local_instant, to_timestamps
from centre.onboarding import Onboarding
from centre.people import Agent
from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.induction_no_cover import InductionNoCover
from scheduler.rules.mentor_beside import MentorBeside
from scheduler.rules.mentor_load import MentorLoad
from scheduler.rules.primitives import ForbiddenDay
from scheduler.stages import OPEN_END, starter_of

BERLIN = ZoneInfo("Europe/Berlin")
SUNDAY = 20541  # 29 March 2026: clocks go forward at 02:00
BESIDE, LOAD, NO_COVER = MentorBeside("s"), MentorLoad("s"), InductionNoCover("s")


def rota(*rows):
    """Rows (agent, day, from, to, activity, shift), minutes of the local day."""
    table = pd.DataFrame(rows, columns=["agent_id", "day", "start", "end", "activity", "shift"])
    for name in ("start", "end"):
        instants = [
            local_instant(BERLIN, int(d), int(m)) for d, m in zip(table["day"], table[name], strict=True)
        ]
        table[name] = to_timestamps(pd.Series(instants).to_numpy(dtype="int64"))
    return Rota.from_frame(table.assign(paid=True, day=[day_of(int(day)) for day in table["day"]]))


def facts(*people, load=1, first=SUNDAY, days=1):
    return Facts(BERLIN, first, days, people={p.agent_id: p for p in people}, mentor_load=load)


def mentored(name="S", mentor="M"):
    return Person(name, stages=(("mentored", SUNDAY - 5, SUNDAY + 5),), mentor=mentor)


MENTOR = Person("M")


def at(who, start, end, activity="work:*", shift="d", day=SUNDAY):
    return who, day, start, end, activity, shift


def found(rule, given_rota, known):
    return [(v.agent_id, v.found, v.limit, v.verdict) for v in rule.violations(given_rota, known)]


@pytest.mark.parametrize(
    ("mentors", "alone"),
    [
        ([at("M", 540, 720)], 0),
        ([at("M", 540, 719)], 1),
        ([at("M", 541, 720)], 1),
        ([at("M", 540, 630), at("M", 630, 720)], 0),
        ([at("M", 540, 660), at("M", 600, 720)], 0),  # told twice
        ([at("M", 540, 600), at("M", 600, 615, "break"), at("M", 615, 720)], 15),
        ([at("M", 540, 720, shift="e")], 180),
        ([at("M", 540, 720, "meeting:team")], 180),
        ([at("M", 540, 720, day=SUNDAY - 1)], 180),
        ([], 180),
    ],
)
def test_p10_minutes_without_the_mentor(mentors, alone):
    given_rota = rota(at("S", 540, 720), *mentors)
    expected = [("S", alone, 0, "breach")] if alone else []
    assert found(BESIDE, given_rota, facts(mentored(), MENTOR)) == expected


def test_over_the_clock_change_time_is_elapsed():
    night = rota(at("S", 60, 240), at("M", 60, 230))  # 01:00 to 04:00 is two hours
    assert found(BESIDE, night, facts(mentored(), MENTOR)) == [("S", 10, 0, "breach")]
    assert found(BESIDE, rota(at("S", 60, 240)), facts(mentored(), MENTOR)) == [("S", 120, 0, "breach")]


def test_other_stages_and_days_outside_the_horizon_are_not_judged():
    alone = rota(at("S", 540, 720))
    assert found(BESIDE, alone, facts(mentored(), MENTOR, first=SUNDAY + 1)) == []
    independent = Person("S", stages=(("independent", 0, OPEN_END),), mentor="M")
    assert found(BESIDE, alone, facts(independent, MENTOR)) == []


def test_an_unknown_mentor_is_not_checked():
    for rule in (BESIDE, LOAD):
        ((_, _, _, verdict),) = found(rule, rota(at("S", 540, 720)), facts(mentored()))
        assert verdict == "not_checked"


@pytest.mark.parametrize(
    ("second", "load", "most"),
    [((540, 720), 1, 2), ((540, 720), 2, 0), ((719, 800), 1, 2), ((720, 800), 1, 0)],
)
def test_p10_starters_beside_one_mentor_at_a_time(second, load, most):
    given_rota = rota(at("S", 540, 720), at("T", *second), at("M", 540, 800))
    expected = [("M", most, load, "breach")] if most else []
    assert found(LOAD, given_rota, facts(mentored(), mentored("T"), MENTOR, load=load)) == expected


def test_without_the_agreed_load_it_is_not_checked():
    ((_, _, _, verdict),) = found(LOAD, rota(at("S", 540, 720)), facts(mentored(), MENTOR, load=None))
    assert verdict == "not_checked"


def test_p10_induction_and_training_days_have_no_queue():
    learning = Person("S", stages=(("induction", SUNDAY - 1, SUNDAY), ("mentored", SUNDAY + 1, OPEN_END)))
    day = rota(at("S", 540, 600), at("S", 600, 700, "training:induction"), at("S", 700, 730, "backup:pool"))
    assert found(NO_COVER, day, facts(learning)) == [("S", 90, 0, "breach")]
    hidden = rota(
        at("M", 540, 560, shift="training day"), at("M", 560, 800, "training:x", shift="training day")
    )
    assert found(NO_COVER, hidden, facts(MENTOR)) == [("M", 20, 0, "breach")]


def test_for_planning_induction_forbids_exactly_its_days():
    learning = Person("S", stages=(("induction", SUNDAY - 1, SUNDAY), ("mentored", SUNDAY + 1, OPEN_END)))
    lines = list(NO_COVER.lines(learning, facts(learning, first=SUNDAY - 3, days=9)))
    assert lines == [ForbiddenDay(SUNDAY - 1), ForbiddenDay(SUNDAY)]


RESULT = st.tuples(st.integers(-20, 60), st.sampled_from(["induction exam", "practical exam"]), st.booleans())


@given(
    results=st.lists(RESULT, max_size=6), stage=st.sampled_from(["induction", "mentored"]), first=st.integers(-10, 60),
    days=st.tuples(st.integers(0, 5), st.integers(0, 30)),
)  # fmt: skip
def test_p10_stages_follow_on_one_another_and_are_left_by_passes_alone(results, stage, first, days):
    agent = Agent("s", "", "", "junior", (), "full", starts_on=4, stage=stage, mentor="m")
    onboarding = Onboarding(induction_days=days[0], mentored_days=days[1])
    found_starter = starter_of(agent, results, onboarding, range(-30, 200), first)
    for (_, _, last), (_, begins, _) in zip(found_starter.stages, found_starter.stages[1:], strict=False):
        assert begins == last + 1
    assert found_starter.stages[-1][0] == "independent"
    assert found_starter.stages[-1][2] == OPEN_END
    assert all(begins <= last for _, begins, last in found_starter.stages)
    passed = {name for _, name, ok in results if ok}
    assert not {exam.name for exam in found_starter.exams} & passed
    assert all(exam.day >= first for exam in found_starter.exams)
