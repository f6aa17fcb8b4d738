"""New starters in a plan (policy P10): in induction off the queue, then with their mentor alone, at the speed of their week."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from centre.errors import BadInput
from centre.folder import read_centre
from centre.instants import day_number, from_timestamps
from centre.people import Agent
from scenarios.onboarding import by_phases, starters_of
from scenarios.plan import plan, rota_plan
from scenarios.results import write_plan
from scenarios.simulation import simulated
from scheduler.coverage import coverage
from scheduler.rota import Rota
from scheduler.solution import Limits
from tests.scenarios.conftest import SMALL

START = date(2026, 2, 23)
MONDAY = day_number(START)
SUNDAY_BEFORE = date(2026, 2, 22)
LIMITS = Limits(effort=1, workers=1)
MENTORS = ("A002", "A003", "A005", "A006", "A007", "A009", "A010", "A011", "A012", "A013")
FIRST = ("S01", "S02", "S03", "S04", "S05")


def starter(name, mentor, starts_on=MONDAY, stage="induction", **more):
    skills = more.pop("skills", (("calls", 1.0),))
    return Agent(
        name,
        "",
        "电话一组",
        "junior",
        skills,
        "full-time",
        starts_on=starts_on,
        stage=stage,
        mentor=mentor,
        **more,
    )


@pytest.fixture(scope="module")
def ten():
    """The whole example with ten starters: five on the first Monday, five on the second; eight days beside a mentor."""
    centre = read_centre(SMALL)
    new = [starter(f"S{k + 1:02d}", mentor, MONDAY + 7 * (k >= 5)) for k, mentor in enumerate(MENTORS)]
    onboarding = replace(centre.settings.onboarding, mentored_days=8)
    settings = replace(centre.settings, onboarding=onboarding)
    return replace(centre, settings=settings, agents=(*centre.agents, *new))


@pytest.fixture(scope="module")
def fortnight(ten):
    return plan(ten, START, 14, LIMITS)


def rows_of(made, agent_id):
    table = made.rota.to_frame()
    return table[table["agent_id"] == agent_id]


def test_p10_nobody_covers_in_induction(fortnight):
    for k, name in enumerate(f"S{k:02d}" for k in range(1, 11)):
        first = MONDAY + 7 * (k >= 5)
        rows = rows_of(fortnight, name)
        days = np.array([day_number(day) for day in rows["day"]])
        assert set(rows["activity"][days < first + 3]) <= {
            "training:induction",
            "meal",
            "exam:induction exam",
        }
        assert sorted(set(days[days < first + 3].tolist())) == [first, first + 1, first + 2]
        assert days.min() >= first


def test_p10_the_induction_of_a_day_is_the_same_for_all(fortnight):
    table = fortnight.rota.to_frame()
    training = table[(table["activity"] == "training:induction") & (table["day"] == START)]
    assert training.groupby("agent_id")["start"].min().drop_duplicates().size == 1
    assert str(training["start"].dt.tz_convert("Asia/Shanghai").min())[11:16] == "09:00"


def test_p10_nobody_mentored_works_a_minute_without_the_mentor(fortnight):
    """Minute by minute, with nothing of the rules'."""
    table = fortnight.rota.to_frame()
    work = table[table["activity"].str.startswith("work")]
    at = {
        name: {
            minute: (row.shift, row.day)
            for row in own.itertuples()
            for minute in range(int(row.start.timestamp()) // 60, int(row.end.timestamp()) // 60)
        }
        for name, own in work.groupby("agent_id")
    }
    seen = 0
    for k, mentor in enumerate(MENTORS):
        since = MONDAY + 7 * (k >= 5) + 3
        for minute, told in at.get(f"S{k + 1:02d}", {}).items():
            if since <= day_number(told[1]) < since + 8:
                assert at[mentor][minute] == told
                seen += 1
    assert seen > 10 * 2 * 400


def test_p10_after_the_assumed_pass_the_line_goes_on_at_full_speed(fortnight):
    table = fortnight.onboarding.table.set_index(["agent_id", "day"])
    alone = table[(table["stage"] == "independent") & (table["queue_minutes"] > 0)]
    assert {name for name, _ in alone.index} == set(FIRST)
    assert set(alone["speed"]) == {1.0}
    assert alone["assumed"].all()
    mentored = table[table["stage"] == "mentored"].loc["S01"]
    assert len(mentored) >= 8  # to the first day at work on which the month, here eight days, is over
    assert mentored["speed"].tolist() == [0.4] * 7 + [0.5] * (len(mentored) - 7)


def test_p10_both_exams_are_placed_off_the_queue(fortnight):
    table = fortnight.rota.to_frame()
    exams = table[table["activity"].str.startswith("exam:")]
    by_name = exams.groupby("activity")["agent_id"].apply(set).to_dict()
    assert len(by_name["exam:induction exam"]) == 10
    assert by_name["exam:practical exam"] <= set(FIRST)
    assert len(by_name["exam:practical exam"]) >= 4
    assert set((exams["end"] - exams["start"]).dt.total_seconds()) == {3600.0}
    practical = exams[exams["activity"] == "exam:practical exam"]
    assert min(practical["day"]) == date(2026, 3, 5)  # the eighth day from Thursday 26 February


def test_p10_the_rota_breaks_no_rule_and_says_what_it_assumes(fortnight):
    assert not fortnight.breaches
    assumed = [s for s in fortnight.warnings if "is assumed to pass the induction exam" in s]
    assert len(assumed) == 10
    assert (
        "S01 is assumed to pass the induction exam on 2026-02-25, so beside A002 from 2026-02-26"
        in assumed[0]
    )


def test_p10_starters_are_paid_in_the_cost_told(fortnight):
    paid = fortnight.rota.to_frame().query("paid")
    hours = (paid["end"] - paid["start"]).dt.total_seconds().to_numpy() / 3600
    contract = {agent.agent_id: agent.contract for agent in fortnight.centre.agents}
    rate = np.array([{"full-time": 42.0, "part-time": 38.0}[contract[name]] for name in paid["agent_id"]])
    assert fortnight.solution.cost["pay"] == pytest.approx((hours * rate).sum())
    assert sum(fortnight.solution.cost.values()) == pytest.approx(fortnight.solution.objective)


def test_p10_cover_counts_starters_by_their_ramp_and_mentors_at_their_share(fortnight):
    """Effective agents, recounted from the rota's rows by hand for an interval of the first days beside mentors."""
    table = fortnight.rota.to_frame()
    work = table[table["activity"].str.startswith("work") & (table["day"] == date(2026, 2, 26))]
    ramp = fortnight.onboarding.ramp.groupby("interval_start")[
        ["starters", "starters_effective", "speed_lost"]
    ].sum()
    checked = 0
    for start, told in ramp[ramp["starters"] > 0].iterrows():
        if start.tz_convert("Asia/Shanghai").date() != date(2026, 2, 26):
            continue
        end = start + pd.Timedelta(minutes=30)
        own = work[work["agent_id"].isin(FIRST)]
        inside = (
            (own["end"].clip(upper=end) - own["start"].clip(lower=start)).dt.total_seconds().clip(lower=0)
        )
        assert told["starters"] == pytest.approx(inside.sum() / 1800, abs=1e-3)
        checked += 1
    assert checked > 5
    assert (ramp["starters_effective"] <= ramp["starters"] + 1e-9).all()
    assert ramp["speed_lost"].sum() > 0


def test_p10_the_ramp_is_visible_in_the_requirement(fortnight):
    ramp = fortnight.onboarding.ramp
    heads = ramp["agents_to_roster"] + ramp["speed_lost"]
    assert ramp["heads_to_roster"].to_numpy() == pytest.approx(heads.to_numpy(), abs=2e-4)
    assert ramp["heads_to_roster"].sum() > ramp["agents_to_roster"].sum()
    assert ramp["agents_to_roster"].tolist() == fortnight.requirement["agents_to_roster"].tolist()


def test_p10_the_ramp_is_visible_in_simulation(fortnight, ten):
    """The same rota with starters as fast as everybody serves more."""
    week = fortnight.forecast[from_timestamps(fortnight.forecast["interval_start"]) < (MONDAY + 7) * 1440]
    _, slow = simulated(ten, fortnight.rota, week, replications=20, workers=1)
    fast = replace(ten, agents=tuple(replace(agent, stage="") for agent in ten.agents))
    _, quick = simulated(fast, fortnight.rota, week, replications=20, workers=1)
    assert slow["all"]["asa_seconds"]["mean"] > quick["all"]["asa_seconds"]["mean"]


def test_results_have_the_stages(fortnight, tmp_path):
    write_plan(fortnight, tmp_path / "out")
    days = pd.read_csv(tmp_path / "out" / "onboarding.csv")
    assert set(days["stage"]) == {"induction", "mentored", "independent"}
    assert len(days) == 5 * 14 + 5 * 7
    assert len(pd.read_csv(tmp_path / "out" / "onboarding_ramp.csv")) == len(fortnight.requirement)


def few(centre, *new, **settings):
    """Six people and some starters, planned by the solver that takes no time."""
    onboarding = replace(centre.settings.onboarding, **settings)
    return replace(
        centre, settings=replace(centre.settings, onboarding=onboarding), agents=(*centre.agents, *new)
    )


def passes(*rows):
    return pd.DataFrame(rows, columns=["agent_id", "exam", "date", "result"]).assign(row=2)


def test_p10_who_is_mentored_works_their_mentors_shifts_with_the_same_breaks(centre, solver):
    known = passes(("S1", "induction exam", date(2026, 2, 20), "pass"))
    asked = replace(few(centre, starter("S1", "A002", MONDAY - 10, "mentored")), passes=known)
    made = plan(asked, START, 7, LIMITS)
    own, mentors = (
        rows_of(made, name).drop(columns="agent_id").reset_index(drop=True) for name in ("S1", "A002")
    )
    pd.testing.assert_frame_equal(own, mentors)
    assert "S1" not in {person.agent_id for person in solver.asked[0][0].people}


def test_p10_a_mentor_is_planned_with_the_speed_of_both(centre, solver):
    known = passes(("S1", "induction exam", SUNDAY_BEFORE, "pass"))
    asked = replace(few(centre, starter("S1", "A002", MONDAY - 10, "mentored")), passes=known)
    plan(asked, START, 7, LIMITS)
    mentor = solver.asked[0][0].people[1]
    assert mentor.skills == ((0, pytest.approx(0.9 + 0.4)),)


def test_p10_a_recorded_pass_ends_a_stage_without_an_assumption(centre, solver):
    known = passes(("S1", "induction exam", date(2026, 2, 24), "pass"))
    asked = replace(few(centre, starter("S1", "A002")), passes=known)
    made = plan(asked, START, 7, LIMITS)
    assert not [s for s in made.warnings if "S1 is assumed" in s]
    days = made.onboarding.table
    assert days["stage"].tolist() == ["induction"] * 2 + ["mentored"] * 5
    assert not days["assumed"].any()


@pytest.mark.parametrize("stage", ["", "independent"])
def test_p10_somebody_whose_stage_is_not_told_is_independent(centre, solver, stage):
    plain = replace(starter("S1", ""), stage=stage)
    made = plan(few(centre, plain), START, 7, LIMITS)
    assert made.onboarding.planned == ()
    assert "S1" in {person.agent_id for person in solver.asked[0][0].people}


def test_p10_an_overdue_exam_is_named(centre, solver):
    made = plan(few(centre, starter("S1", "A002", MONDAY - 14)), START, 7, LIMITS)
    assert [s for s in made.warnings if "the induction exam of S1 is overdue" in s]


def test_p10_while_the_mentor_is_on_leave_there_is_no_queue_work_and_another_is_proposed(centre, solver):
    away = pd.DataFrame({"agent_id": ["A002"], "kind": ["annual"], "row": [2]})
    away["start"], away["end"] = pd.to_datetime(["2026-02-25T16:00Z"]), pd.to_datetime(["2026-03-01T16:00Z"])
    made = plan(replace(few(centre, starter("S1", "A002")), leave=away), START, 7, LIMITS)
    assert not rows_of(made, "S1")["activity"].str.startswith("work").any()
    (told,) = [s for s in made.warnings if "mentor of S1, is on leave" in s]
    assert "from 2026-02-26 to 2026-03-01" in told
    assert told.endswith("such as A003")
    assert {"training:without mentor"} < set(rows_of(made, "S1")["activity"])  # five days by contract
    assert not [v for v in made.breaches if v.agent_id == "S1"]


def test_p10_who_starts_and_leaves_in_the_horizon_works_between(centre, solver):
    made = plan(few(centre, starter("S1", "A002", MONDAY + 2, leaves_on=MONDAY + 5)), START, 7, LIMITS)
    days = {day_number(day) for day in rows_of(made, "S1")["day"]}
    assert min(days) == MONDAY + 2
    assert max(days) <= MONDAY + 5


@pytest.mark.parametrize(
    ("new", "change", "words"),
    [
        (("A002", "A002"), {}, "at most 1 starters a mentor at a time"),
        (("A002",), {"leaves_on": MONDAY + 6}, "a mentor of S0 who stays until 2026-03-27"),
        (("A002",), {"contract": "part-time"}, "a mentor of S0 with a shift that both contracts name"),
    ],
)
def test_p10_a_mentor_who_cannot_is_bad_input_with_another_named(centre, solver, new, change, words):
    agents = tuple(replace(a, **change) if a.agent_id == "A002" else a for a in centre.agents)
    asked = few(replace(centre, agents=agents), *(starter(f"S{k}", mentor) for k, mentor in enumerate(new)))
    with pytest.raises(BadInput) as caught:
        plan(asked, START, 7, LIMITS)
    (fault,) = caught.value.faults
    assert words in fault.expected
    assert "such as A005" in fault.expected
    assert (fault.file, fault.column) == ("agents.csv", "mentor")


def test_p10_whose_induction_ends_in_the_horizon_needs_a_mentor(centre, solver):
    with pytest.raises(BadInput) as caught:
        plan(few(centre, starter("S1", "")), START, 7, LIMITS)
    (fault,) = caught.value.faults
    assert fault.expected == "a mentor of S1 from 2026-02-26 on, such as A002"
    made = plan(few(centre, starter("S1", "")), START, 3, LIMITS)  # three days: induction alone
    assert set(made.onboarding.table["doing"]) == {"training"}


def test_an_earlier_rota_with_starters_is_kept_to(centre):
    first = plan(few(centre, starter("S1", "A002")), START, 4, LIMITS)
    objective = replace(first.centre.settings.objective, change=500.0)
    settings = replace(first.centre.settings, objective=objective)
    again = replace(first.centre, rota_earlier=first.rota.to_frame(), settings=settings)
    second = plan(again, START, 4, LIMITS)
    shifts = [rows_of(made, "S1").groupby("day")["start"].min().to_dict() for made in (first, second)]
    assert shifts[0] == shifts[1]
    assert not second.breaches


def test_a_larger_mentor_load_is_an_answer(centre, solver):
    new = [starter(name, "A002") for name in ("S1", "S2")]
    made = plan(few(centre, *new, mentor_load=2), START, 7, LIMITS)
    assert not [v for v in made.violations if v.rule == "mentor-load"]
    days = made.onboarding.table
    assert set(days[days["doing"] == "beside the mentor"]["agent_id"]) == {"S1", "S2"}


def test_cover_of_a_written_rota_is_that_of_the_plan(centre, solver):
    made = plan(few(centre, starter("S1", "A002")), START, 7, LIMITS)
    again = Rota.from_frame(made.rota.to_frame())
    rota, people = by_phases(made.centre, again)
    found = coverage(rota, made.requirement, made.centre.settings, people)
    assert found["agents_effective"].tolist() == made.coverage["agents_effective"].tolist()
    full = coverage(again, made.requirement, made.centre.settings, made.centre.agents)
    assert full["agents_effective"].sum() > found["agents_effective"].sum()


def test_without_starters_nothing_is_said(quick, solver):
    assert quick.onboarding.planned == ()
    assert starters_of(quick.centre, MONDAY, 7) == ()
    assert not [s for s in quick.warnings if s.startswith("onboarding")]
    again = rota_plan(quick.centre, quick.requirement, START, 7, LIMITS)
    assert again.onboarding.table.empty
